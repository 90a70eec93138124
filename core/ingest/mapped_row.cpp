#include "ingest/mapped_row.hpp"

#include "base/units.hpp"
#include "formats/json.hpp"
#include "formats/line_reader.hpp"
#include "formats/yaml.hpp"
#include "ingest/mapping_units.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace mulligan::ingest
{

namespace
{

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kSpace = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(kSpace);
    return begin == text.npos ? std::string_view() : text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::string lower(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    return out;
}

std::string quoted(std::string_view text)
{
    constexpr std::size_t kShown = 60;
    return "'" + std::string(text.substr(0, kShown)) + (text.size() > kShown ? "…'" : "'");
}

base::Error missingColumn(const std::string &column, const MappedField &field, std::span<const std::string> columns)
{
    std::string hint;
    const std::string near = formats::nearestName(column, {columns.begin(), columns.end()});
    if (!near.empty())
        hint = "Did you mean '" + near + "'? ";
    hint += "The file's columns:";
    constexpr std::size_t kShown = 30;
    for (std::size_t i = 0; i < columns.size() && i < kShown; ++i)
        hint += (i == 0 ? " " : ", ") + columns[i];
    return base::makeError(base::ErrorCode::Parse,
                           "The profile reads " + targetName(field) + " from the column '" + column
                               + "', which the file does not have",
                           hint + (columns.size() > kShown ? ", …" : "."));
}

} // namespace

base::Result<MappedRow> MappedRow::make(std::shared_ptr<const Mapping> mapping)
{
    MULLIGAN_CHECK(checkComplete(*mapping));
    MappedRow row;
    row.m_mapping = std::move(mapping);
    // A duration counts from the start, which is therefore read before it.
    for (const bool durations : {false, true}) {
        for (const auto &field : row.m_mapping->fields) {
            if (field.duration.empty() != durations)
                MULLIGAN_CHECK(row.compile(field));
        }
    }
    return row;
}

base::Result<void> MappedRow::compile(const MappedField &field)
{
    Compiled out;
    out.source = field;
    if (!field.text.empty()) {
        MULLIGAN_TRY(out.parts, templateParts(field.text));
    }
    for (const auto &[from, to] : field.values)
        out.values.emplace(lower(trimmed(from)), to);
    if ((field.field == Field::StartedAt || field.field == Field::EndedAt) && field.duration.empty()) {
        MULLIGAN_TRY(out.time, TimeReader::make(field.time, field.zone.empty() ? m_mapping->zone : field.zone));
    }
    for (const auto &column : ingest::columnsOf(field)) {
        const auto known = std::find(m_needed.begin(), m_needed.end(), column);
        out.cells.push_back(static_cast<std::size_t>(known - m_needed.begin()));
        if (known == m_needed.end())
            m_needed.push_back(column);
    }
    m_fields.push_back(std::move(out));
    return {};
}

base::Result<void> MappedRow::bind(std::span<const std::string> columns)
{
    m_position.clear();
    for (std::size_t i = 0; i < m_needed.size(); ++i) {
        const auto found = std::find(columns.begin(), columns.end(), m_needed[i]);
        if (found == columns.end()) {
            const auto reads = [&](const Compiled &field) {
                return std::find(field.cells.begin(), field.cells.end(), i) != field.cells.end();
            };
            return missingColumn(m_needed[i], std::find_if(m_fields.begin(), m_fields.end(), reads)->source, columns);
        }
        m_position.push_back(static_cast<std::size_t>(found - columns.begin()));
    }
    return {};
}

std::optional<MappedRow::Text> MappedRow::cellOf(std::span<const Cell> cells, std::size_t at) const
{
    const std::size_t position = m_position[at];
    if (position >= cells.size())
        return std::nullopt;
    const std::string_view text = trimmed(cells[position].text);
    const auto &nulls = m_mapping->nulls;
    if (text.empty() || std::find(nulls.begin(), nulls.end(), text) != nulls.end())
        return std::nullopt;
    return Text{text, cells[position].literal};
}

std::optional<MappedRow::Text> MappedRow::textOf(const Compiled &field, std::span<const Cell> cells)
{
    std::optional<Text> out;
    if (field.source.constant) {
        out = Text{*field.source.constant, false};
    } else if (!field.parts.empty()) {
        m_scratch.clear();
        bool any = false;
        std::size_t column = 0;
        for (const auto &part : field.parts) {
            const auto cell = part.isColumn ? cellOf(cells, field.cells[column++]) : Text{part.text, false};
            any = any || (part.isColumn && cell);
            m_scratch += cell ? cell->text : std::string_view();
        }
        if (any || field.cells.empty())
            out = Text{m_scratch, false};
    } else {
        for (std::size_t i = 0; i < field.cells.size() && !out; ++i)
            out = cellOf(cells, field.cells[i]);
    }
    if (field.values.empty() && !(out && field.source.otherwise))
        return out;
    // An empty text in the map says what it means when there is nothing.
    const auto meaning = field.values.find(out ? lower(out->text) : std::string());
    if (meaning != field.values.end())
        return Text{meaning->second, false};
    return out && field.source.otherwise ? Text{*field.source.otherwise, false} : out;
}

MappedRow::Fate MappedRow::fill(std::span<const Cell> cells, AttemptBuilder &builder, std::optional<std::int64_t> begin)
{
    m_beginMs = begin;
    m_problem = nullptr;
    m_remark.clear();
    m_startMs.reset();
    Fate fate = Fate::Attempt;
    for (const Compiled &field : m_fields) {
        const auto text = textOf(field, cells);
        if (!text || (text->text.empty() && field.source.constant))
            continue;
        if (field.source.field == Field::Outcome && text->text == kSkipRow)
            return Fate::Skipped;
        if (field.source.field == Field::Outcome && text->text == kContinues)
            fate = Fate::Slice;
        else if (!formats::isValidUtf8(text->text))
            builder.fail(field.source.field, "not valid UTF-8");
        else
            put(field, *text, builder);
        if (m_problem == nullptr && !builder.problemField().empty())
            m_problem = &field;
    }
    return fate;
}

void MappedRow::put(const Compiled &field, Text text, AttemptBuilder &builder)
{
    switch (field.source.field) {
    case Field::StartedAt:
    case Field::EndedAt: return field.time ? putTime(field, text, builder) : putDuration(field, text, builder);
    case Field::Config:
    case Field::Metrics:
        return field.source.member.empty() ? putMembers(field, text, builder) : putMember(field, text, builder);
    case Field::Attempt:
    case Field::ExitCode:
    case Field::VcoreSeconds:
    case Field::MemoryGbSeconds:
    case Field::CostUsd:
    case Field::ManualMinutes:
    case Field::ActionProbability: return putNumber(field, text, builder);
    case Field::Outcome:
        if (!model::outcomeFromName(text.text))
            return builder.fail(Field::Outcome, quoted(text.text)
                                                    + " is not in the value map, and is none of succeeded, failed, "
                                                      "killed, unknown");
        break;
    default: break;
    }
    builder.set(field.source.field, FieldValue::of(text.text));
}

void MappedRow::putTime(const Compiled &field, Text text, AttemptBuilder &builder)
{
    const auto reading = field.time->read(text.text, text.literal ? NumberStyle() : m_mapping->numbers);
    if (!reading.problem.empty())
        return builder.fail(field.source.field, reading.problem);
    if (!reading.moments)
        return;
    std::int64_t ms = reading.moments->first.ms;
    const bool twice = reading.moments->second.ms != ms;
    // An end that would lie before its start was in the second pass of the hour that comes twice.
    if (twice && field.source.field == Field::EndedAt && m_startMs && ms < *m_startMs)
        ms = reading.moments->second.ms;
    // What a slice took is counted from its own start.
    if (field.source.field == Field::StartedAt) {
        m_startMs = ms;
        ms = m_beginMs.value_or(ms);
    }
    if (twice)
        m_remark = "a time in the hour that comes twice when clocks go back was taken for the first of the two, or for "
                   "the second where an end would lie before its start";
    else if (reading.moments->missing)
        m_remark = "a time in the hour that clocks leave out when they go forward was taken for one hour later";
    builder.set(field.source.field, FieldValue::of(ms));
}

void MappedRow::putDuration(const Compiled &field, Text text, AttemptBuilder &builder)
{
    const auto seconds = readAmount(text.text, field.source, m_mapping->numbers, text.literal);
    constexpr double kLongest = 100.0 * 366 * 86400; // a century: anything above is some other number
    if (!seconds || *seconds < 0.0 || *seconds > kLongest)
        return builder.fail(Field::EndedAt, quoted(text.text) + " is no duration"
                                                + (field.source.unit.empty() ? std::string(" in seconds")
                                                                             : " in " + field.source.unit));
    if (m_startMs)
        builder.set(Field::EndedAt,
                    FieldValue::of(*m_startMs + static_cast<std::int64_t>(std::llround(*seconds * 1000.0))));
}

void MappedRow::putNumber(const Compiled &field, Text text, AttemptBuilder &builder)
{
    const auto amount = readAmount(text.text, field.source, m_mapping->numbers, text.literal);
    if (!amount)
        return builder.fail(field.source.field,
                            quoted(text.text) + " is no number"
                                + (field.source.unit.empty() ? std::string() : " in " + field.source.unit));
    const bool whole = field.source.field == Field::Attempt || field.source.field == Field::ExitCode;
    if (whole && std::trunc(*amount) == *amount && std::abs(*amount) < 9e15)
        return builder.set(field.source.field, FieldValue::of(static_cast<std::int64_t>(*amount) + field.source.add));
    builder.set(field.source.field, FieldValue::of(*amount));
}

void MappedRow::putMember(const Compiled &field, Text text, AttemptBuilder &builder)
{
    const MappedField &source = field.source;
    const bool config = source.field == Field::Config;
    if (config && source.unit.empty())
        return builder.setConfig(source.member, FieldValue::of(text.text));
    const auto amount = readAmount(text.text, source, m_mapping->numbers, text.literal);
    if (config && source.unit == "auto" && amount)
        return builder.setConfig(source.member, FieldValue::of(text.text));
    if (config && source.unit == "auto")
        return builder.fail(source.field,
                            quoted(text.text) + " is no size and no time with its unit, such as 4g or 30s");
    if (!amount)
        return builder.fail(source.field, quoted(text.text) + " is no number"
                                              + (source.unit.empty() ? std::string() : " in " + source.unit));
    if (!config)
        return builder.setMetric(source.member, FieldValue::of(*amount));
    const std::string spark =
        isByteUnit(source.unit) ? base::sparkBytes(*amount) : formats::writeJson(formats::Json(*amount)) + "s";
    builder.setConfig(source.member, FieldValue::of(std::string_view(spark)));
}

void MappedRow::putMembers(const Compiled &field, Text text, AttemptBuilder &builder)
{
    const auto read = m_json.read(text.text, [&](std::string_view key, formats::JsonCursor &item) {
        const auto value = FieldValue::of(item);
        // Settings and figures come nested and with gaps; what is no scalar is left out rather than the whole row.
        const bool metric = field.source.field == Field::Metrics;
        const bool number = value.kind == FieldValue::Kind::Integer || value.kind == FieldValue::Kind::Number;
        if (value.kind != FieldValue::Kind::Composite && (!metric || number))
            builder.setMember(field.source.field, key, value);
    });
    if (!read)
        builder.fail(field.source.field, quoted(text.text) + " must be a JSON object: " + read.error().message);
}

const MappedRow::Compiled *MappedRow::find(Field field) const
{
    const auto found = std::find_if(m_fields.begin(), m_fields.end(),
                                    [&](const Compiled &each) { return each.source.field == field; });
    return found == m_fields.end() ? nullptr : &*found;
}

std::string MappedRow::originOf(std::string_view fieldName) const
{
    const auto field = fieldFromName(fieldName);
    const Compiled *source = m_problem != nullptr ? m_problem : field ? find(*field) : nullptr;
    if (source == nullptr)
        return {};
    const std::string member = source->source.member.empty() ? std::string() : " ('" + source->source.member + "')";
    if (source->source.constant)
        return member + " from the constant " + quoted(*source->source.constant);
    std::string out = source->cells.size() == 1 ? " from column " : " from columns ";
    for (std::size_t i = 0; i < source->cells.size(); ++i)
        out += (i == 0 ? "'" : ", '") + m_needed[source->cells[i]] + "'";
    return source->cells.empty() ? member : member + out;
}

std::uint64_t MappedRow::columnOf(std::string_view fieldName) const
{
    const auto field = fieldFromName(fieldName);
    const Compiled *source = m_problem != nullptr ? m_problem : field ? find(*field) : nullptr;
    return source == nullptr || source->cells.empty() ? 0 : m_position[source->cells.front()] + 1;
}

bool MappedRow::needsNumbers() const
{
    return find(Field::Attempt) == nullptr;
}

bool MappedRow::hasSlices() const
{
    const MappedField &outcome = find(Field::Outcome)->source;
    return outcome.otherwise == kContinues || outcome.constant == kContinues
           || std::any_of(outcome.values.begin(), outcome.values.end(),
                          [](const auto &value) { return value.second == kContinues; });
}

std::optional<MappedRow::Key> MappedRow::keyOf(std::span<const Cell> cells)
{
    const auto outcome = textOf(*find(Field::Outcome), cells);
    if (outcome && outcome->text == kSkipRow)
        return std::nullopt;
    const bool slice = outcome && outcome->text == kContinues;
    std::string run;
    for (const Field field : {Field::Job, Field::Run, Field::Attempt}) {
        const Compiled *source = find(field);
        if (source == nullptr)
            continue; // it is the number that is looked for
        const auto text = textOf(*source, cells);
        if (!text)
            return std::nullopt;
        run.append(text->text).append(1, '\0');
    }
    const Compiled &start = *find(Field::StartedAt);
    const auto text = textOf(start, cells);
    if (!text)
        return std::nullopt;
    const auto reading = start.time->read(text->text, text->literal ? NumberStyle() : m_mapping->numbers);
    if (!reading.moments)
        return std::nullopt;
    return Key{std::hash<std::string>()(run), reading.moments->first.ms, slice};
}

} // namespace mulligan::ingest
