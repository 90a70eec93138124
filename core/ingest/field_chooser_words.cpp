#include "ingest/field_chooser.hpp"

#include "ingest/column_profile.hpp"

#include <algorithm>

namespace mulligan::ingest
{

namespace
{

constexpr double kSure = 0.95;

} // namespace

bool FieldChooser::addTriggerValues(MappedField &field, const ColumnProfile &column) const
{
    static const std::pair<std::string_view, std::string_view> kWords[] = {
        {"cron", "scheduled"},        {"periodic", "scheduled"},
        {"scheduled", "scheduled"},   {"schedule", "scheduled"},
        {"timer", "scheduled"},       {"continuous", "scheduled"},
        {"filearrival", "scheduled"}, {"table", "scheduled"},
        {"runjobtask", "scheduled"},  {"ondemand", "manual"},
        {"retry", "auto_retry"},      {"autoretry", "auto_retry"},
        {"manual", "manual"},         {"onetime", "manual"},
        {"adhoc", "manual"},          {"user", "manual"}};
    for (const auto &word : column.distinct) {
        const std::string plain = plainName(word);
        const auto known =
            std::find_if(std::begin(kWords), std::end(kWords), [&](const auto &each) { return each.first == plain; });
        if (known == std::end(kWords))
            return false;
        if (word != known->second)
            field.values.emplace_back(word, std::string(known->second));
    }
    return true;
}

void FieldChooser::addOutcomeValues(MappedField &field, const ColumnProfile &column)
{
    std::string strange;
    for (const auto &word : column.distinct) {
        const auto outcome = outcomeOfWord(word);
        if (!outcome)
            strange += (strange.empty() ? "'" : ", '") + word + "'";
        else if (*outcome != word)
            field.values.emplace_back(word, std::string(*outcome));
    }
    // Of a long run there is a row for every hour, and only the last has a result.
    if (m_system != nullptr && m_system->name.starts_with("Databricks") && column.filled < m_out.rows)
        field.values.emplace_back("", std::string(kContinues));
    if (!strange.empty())
        m_out.notes.push_back("what these values of '" + column.name + "' mean is not known: " + strange
                              + "; add them to the value map of 'outcome'");
}

void FieldChooser::chooseOutcome()
{
    MappedField out;
    out.field = Field::Outcome;
    auto choice = best(Field::Outcome);
    std::string why = "by its name and values";
    for (std::size_t i = 0; i < m_out.columns.size(); ++i) {
        const ColumnProfile &column = m_out.columns[i];
        const bool few = column.type == ColumnType::Category && outcomeShare(column) >= 0.8;
        constexpr double kByValues = 0.55;
        if (few && (!choice || choice->certainty < kByValues)) {
            choice = Choice{i, kByValues};
            why = "by its values";
        }
    }
    if (choice && m_system != nullptr && m_system->name.starts_with("Azkaban")
        && m_out.columns[choice->column].type == ColumnType::Number) {
        // Azkaban's database holds its states as numbers.
        out.columns.push_back(m_out.columns[choice->column].name);
        out.values = {{"50", "succeeded"}, {"60", "killed"},     {"70", "failed"}, {"75", "killed"},
                      {"80", "failed"},    {"120", "succeeded"}, {"125", "killed"}};
        out.otherwise = std::string(kSkipRow);
        return add(std::move(out), kSure, "Azkaban's numbers of states");
    }
    if (choice && m_out.columns[choice->column].type != ColumnType::Number) {
        out.columns.push_back(m_out.columns[choice->column].name);
        addOutcomeValues(out, m_out.columns[choice->column]);
        return add(std::move(out), choice->certainty, why);
    }
    if (const auto exit = best(Field::ExitCode)) {
        out.columns.push_back(m_out.columns[exit->column].name);
        out.values = {{"0", "succeeded"}};
        out.otherwise = "failed";
        m_out.fields.push_back({targetName(out), 0.6, "an exit code of 0 is a success"});
        m_out.mapping.fields.push_back(std::move(out)); // not used up: it is the exit code as well
    }
}

} // namespace mulligan::ingest
