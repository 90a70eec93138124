#include "ingest/field_chooser.hpp"

#include "ingest/column_profile.hpp"
#include "ingest/mapping_units.hpp"

#include <algorithm>
#include <cmath>

namespace mulligan::ingest
{

namespace
{

constexpr double kByName = 0.95;
constexpr double kPerRank = 0.012;
constexpr double kByLastPart = 0.8; ///< "job.name" for "name"

bool isTimeField(Field field)
{
    return field == Field::StartedAt || field == Field::EndedAt;
}

bool isNumberField(Field field)
{
    switch (field) {
    case Field::Attempt:
    case Field::ExitCode:
    case Field::VcoreSeconds:
    case Field::MemoryGbSeconds:
    case Field::CostUsd:
    case Field::ManualMinutes:
    case Field::Metrics: return true;
    default: return false;
    }
}

bool endsWith(const std::string &text, std::initializer_list<std::string_view> ends)
{
    return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) { return text.ends_with(end); });
}

} // namespace

FieldChooser::FieldChooser(Proposal &proposal, const ColumnValues &values)
    : m_out(proposal), m_values(values), m_used(proposal.columns.size(), false)
{
    for (const auto &column : m_out.columns)
        m_plain.push_back(plainName(column.name));
    for (const auto &system : knownSystems()) {
        const bool all = std::all_of(system.signature.begin(), system.signature.end(),
                                     [&](std::string_view name) { return columnCalled(name).has_value(); });
        if (all && m_system == nullptr)
            m_system = &system;
    }
    if (m_system != nullptr) {
        // What belongs to one field of a known system is no candidate for the others.
        for (const auto &rule : m_system->rules) {
            if (const auto column = columnCalled(rule.column))
                m_used[*column] = true;
        }
        m_out.notes.push_back("the columns are those of " + std::string(m_system->name));
        if (!m_system->note.empty())
            m_out.notes.emplace_back(m_system->note);
    }
}

std::optional<std::size_t> FieldChooser::columnCalled(std::string_view plain) const
{
    const auto found = std::find(m_plain.begin(), m_plain.end(), plain);
    return found == m_plain.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - m_plain.begin()));
}

double FieldChooser::nameScore(Field field, std::size_t column) const
{
    const auto rankOf = [&](std::string_view plain) {
        const auto names = synonymsOf(field);
        const auto found = std::find(names.begin(), names.end(), plain);
        return found == names.end() ? 0.0 : kByName - kPerRank * static_cast<double>(found - names.begin());
    };
    const double whole = rankOf(m_plain[column]);
    if (whole > 0.0)
        return whole;
    const std::string &name = m_out.columns[column].name;
    const std::size_t dot = name.rfind('.');
    return dot == name.npos ? 0.0 : kByLastPart * rankOf(plainName(std::string_view(name).substr(dot + 1)));
}

double FieldChooser::valueScore(Field field, const ColumnProfile &column) const
{
    const bool number = column.type == ColumnType::Number;
    const bool empty = column.type == ColumnType::Empty;
    switch (field) {
    case Field::StartedAt:
    case Field::EndedAt: return column.type == ColumnType::Time ? 1.0 : 0.0;
    case Field::Outcome: return empty || column.type == ColumnType::Time ? 0.0 : 0.4 + 0.6 * outcomeShare(column);
    case Field::Attempt: return number && column.whole && column.least >= 0 && column.most <= 1000 ? 1.0 : 0.0;
    case Field::ExitCode: return number && column.whole ? 1.0 : empty ? 0.5 : 0.0;
    case Field::VcoreSeconds:
    case Field::MemoryGbSeconds:
    case Field::ManualMinutes: return number ? 1.0 : empty ? 0.5 : 0.0;
    case Field::CostUsd: {
        MappedField cost;
        cost.field = Field::CostUsd;
        const bool amounts = mostFit(
            column, [&](const std::string &text) { return readAmount(text, cost, m_out.mapping.numbers).has_value(); });
        return amounts && !empty ? 1.0 : 0.0;
    }
    case Field::ErrorText: return number || column.type == ColumnType::Time ? 0.0 : empty ? 0.6 : 1.0;
    case Field::Job: return empty || column.type == ColumnType::Time ? 0.0 : 1.0;
    case Field::Run: return empty || column.type == ColumnType::Time ? 0.0 : 1.0;
    default: return empty ? 0.5 : column.type == ColumnType::Time ? 0.0 : 1.0;
    }
}

std::optional<FieldChooser::Choice> FieldChooser::best(Field field) const
{
    Choice out;
    for (std::size_t i = 0; i < m_out.columns.size(); ++i) {
        const double score = m_used[i] ? 0.0 : nameScore(field, i) * valueScore(field, m_out.columns[i]);
        if (score > out.certainty)
            out = {i, score};
    }
    return out.certainty > 0.0 ? std::optional(out) : std::nullopt;
}

std::optional<MappedField> FieldChooser::bySystem(Field field, const KnownSystem &system) const
{
    const auto rule =
        std::find_if(system.rules.begin(), system.rules.end(), [&](const auto &each) { return each.field == field; });
    if (rule == system.rules.end())
        return std::nullopt;
    MappedField out;
    out.field = field;
    out.unit = rule->unit;
    out.add = rule->add;
    if (!rule->column.starts_with('{')) {
        const auto column = columnCalled(rule->column);
        if (!column)
            return std::nullopt;
        out.columns.push_back(m_out.columns[*column].name);
        return out;
    }
    const auto parts = templateParts(rule->column);
    for (const auto &part : parts.value_or(std::vector<TemplatePart>())) {
        const auto column = part.isColumn ? columnCalled(part.text) : std::nullopt;
        if (part.isColumn && !column)
            return std::nullopt;
        out.text += part.isColumn ? "{" + m_out.columns[*column].name + "}" : part.text;
    }
    return out;
}

void FieldChooser::add(MappedField field, double certainty, std::string why)
{
    // A column whose name holds braces cannot stand in a template, and names may be longer than a profile takes.
    if (problemOf(m_out.mapping, field))
        return;
    for (const auto &column : columnsOf(field)) {
        for (std::size_t i = 0; i < m_out.columns.size(); ++i)
            m_used[i] = m_used[i] || m_out.columns[i].name == column;
    }
    noteOddValues(field);
    m_out.fields.push_back({targetName(field), certainty, std::move(why)});
    m_out.mapping.fields.push_back(std::move(field));
}

void FieldChooser::noteOddValues(const MappedField &field)
{
    if (!isTimeField(field.field) && !isNumberField(field.field))
        return;
    const auto names = columnsOf(field);
    for (const auto &column : m_out.columns) {
        if (column.odd == 0 || std::find(names.begin(), names.end(), column.name) == names.end())
            continue;
        m_out.notes.push_back(std::to_string(column.odd) + " of " + std::to_string(column.filled) + " values of '"
                              + column.name + (column.odd == 1 ? "' is no " : "' are no ")
                              + std::string(name(column.type)) + " as the others are ('" + column.oddOne
                              + "'): such rows are rejected, and can be mended afterwards");
    }
}

void FieldChooser::addTimeFormat(MappedField &field, const ColumnProfile &column)
{
    field.time = column.time;
    if (column.needsZone && m_out.mapping.zone.empty()) {
        m_out.mapping.zone = "UTC";
        m_out.notes.push_back("the times carry no zone, and UTC is assumed: set 'zone' to that of the source's clock");
    }
    if (column.ambiguous)
        m_out.notes.push_back("day and month of '" + column.name + "' could be the other way round: '" + column.time
                              + "' is a guess");
}

void FieldChooser::addAmountUnit(MappedField &field, const ColumnProfile &column) const
{
    const std::string plain = plainName(column.name);
    if (field.field == Field::VcoreSeconds)
        field.unit = endsWith(plain, {"hours"}) ? "vcore-hours" : "";
    if (field.field == Field::MemoryGbSeconds && endsWith(plain, {"gbhours"}))
        field.unit = "GB-hours";
    else if (field.field == Field::MemoryGbSeconds && !endsWith(plain, {"gbseconds"}))
        field.unit = "MB-seconds";
}

void FieldChooser::choose(Field field)
{
    if (m_system != nullptr) {
        if (auto source = bySystem(field, *m_system)) {
            if (isTimeField(field))
                addTimeFormat(*source, m_out.columns[*columnCalled(plainName(source->columns.front()))]);
            return add(std::move(*source), kByName, "as " + std::string(m_system->name) + " has it");
        }
    }
    const auto choice = best(field);
    if (!choice)
        return;
    const ColumnProfile &column = m_out.columns[choice->column];
    MappedField out;
    out.field = field;
    out.columns.push_back(column.name);
    if (isTimeField(field))
        addTimeFormat(out, column);
    if (field == Field::Attempt && column.least < 1.0)
        out.add = 1;
    addAmountUnit(out, column);
    if (field == Field::Trigger && !addTriggerValues(out, column))
        return;
    add(std::move(out), choice->certainty, "by its name");
}

void FieldChooser::chooseEnd()
{
    choose(Field::EndedAt);
    if (m_out.mapping.find(Field::EndedAt) != nullptr)
        return;
    for (const auto name : durationSynonyms()) {
        const auto column = columnCalled(name);
        if (!column || m_used[*column] || m_out.columns[*column].type == ColumnType::Empty)
            continue;
        MappedField out;
        out.field = Field::EndedAt;
        out.duration = m_out.columns[*column].name;
        out.unit = durationUnit(*column);
        return add(std::move(out), 0.8, "the start and how long it took");
    }
    chooseAnyTime(Field::EndedAt);
}

void FieldChooser::chooseAnyTime(Field field)
{
    if (m_out.mapping.find(field) != nullptr)
        return;
    const Field other = field == Field::StartedAt ? Field::EndedAt : Field::StartedAt;
    for (std::size_t i = 0; i < m_out.columns.size(); ++i) {
        const ColumnProfile &column = m_out.columns[i];
        const bool othersName = nameScore(other, i) > 0.0;
        if (m_used[i] || othersName || column.type != ColumnType::Time || column.filled * 2 < m_out.rows)
            continue;
        MappedField out;
        out.field = field;
        out.columns.push_back(column.name);
        addTimeFormat(out, column);
        m_out.notes.push_back("'" + column.name + "' is taken for " + std::string(name(field))
                              + " because it holds times: look at it");
        return add(std::move(out), 0.35, "a column of times");
    }
}

void FieldChooser::chooseRun()
{
    choose(Field::Run);
    const MappedField *job = m_out.mapping.find(Field::Job);
    const MappedField *start = m_out.mapping.find(Field::StartedAt);
    if (m_out.mapping.find(Field::Run) != nullptr || job == nullptr || start == nullptr || start->columns.empty())
        return;
    MappedField out;
    out.field = Field::Run;
    for (const auto &column : columnsOf(*job))
        out.text += "{" + column + "}@";
    out.text += "{" + start->columns.front() + "}";
    m_out.notes.push_back("no column names the run: each row stands for a run of its own, so that no retry is seen as "
                          "one");
    add(std::move(out), 0.3, "job and start, for want of a column");
}

void FieldChooser::chooseMembers()
{
    for (std::size_t i = 0; i < m_out.columns.size(); ++i) {
        const ColumnProfile &column = m_out.columns[i];
        MappedField out;
        const bool named = setTarget(out, column.name) && !out.member.empty();
        const auto synonyms = memberSynonyms();
        const auto known = std::find_if(synonyms.begin(), synonyms.end(),
                                        [&](const MemberSynonym &each) { return each.column == m_plain[i]; });
        if (m_used[i] || column.type == ColumnType::Empty || (!named && known == synonyms.end()))
            continue;
        if (!named) {
            out.field = known->field;
            out.member = known->member;
            out.unit = known->unit;
        }
        if (out.field == Field::Metrics && column.type != ColumnType::Number)
            continue;
        if (m_out.mapping.find(out.field, out.member) != nullptr)
            continue;
        out.columns.push_back(column.name);
        add(std::move(out), 0.8, "by its name");
    }
}

void FieldChooser::chooseAll()
{
    choose(Field::StartedAt);
    chooseAnyTime(Field::StartedAt);
    chooseEnd();
    chooseOutcome();
    choose(Field::Attempt);
    // What a system's own names say of job and run goes before what the tables would make of "id" and "name".
    choose(Field::Job);
    chooseRun();
    for (const Field field : {Field::Workflow, Field::Owner, Field::Team, Field::Cluster, Field::Queue,
                              Field::ApplicationId, Field::Trigger, Field::ExitCode, Field::ErrorText, Field::LogPath,
                              Field::VcoreSeconds, Field::MemoryGbSeconds, Field::CostUsd, Field::ManualMinutes})
        choose(field);
    chooseMembers();
    const auto place = [](const std::string &target) {
        MappedField field;
        return setTarget(field, target) ? static_cast<int>(field.field) : 0;
    };
    std::stable_sort(m_out.fields.begin(), m_out.fields.end(),
                     [&](const auto &a, const auto &b) { return place(a.target) < place(b.target); });
    std::stable_sort(m_out.mapping.fields.begin(), m_out.mapping.fields.end(),
                     [](const auto &a, const auto &b) { return a.field < b.field; });
    if (m_out.mapping.find(Field::Attempt) == nullptr && m_out.open.empty())
        m_out.notes.push_back("no column numbers the attempts: they are numbered by their start within job and run");
}

} // namespace mulligan::ingest
