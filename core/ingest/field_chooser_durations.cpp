#include "ingest/field_chooser.hpp"

#include "base/units.hpp"
#include "ingest/column_profile.hpp"
#include "ingest/mapped_time.hpp"
#include "ingest/mapping_units.hpp"

#include <algorithm>
#include <cmath>

namespace mulligan::ingest
{

namespace
{

constexpr double kDay = 86400.0;

bool endsWith(const std::string &text, std::initializer_list<std::string_view> ends)
{
    return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) { return text.ends_with(end); });
}

/// Milliseconds of a column's rows, nothing where there is no such time.
std::vector<std::optional<std::int64_t>> momentsOf(const std::vector<std::string> &values, const ColumnProfile &column,
                                                   const Mapping &mapping)
{
    std::vector<std::optional<std::int64_t>> out(values.size());
    const auto reader = TimeReader::make(column.time, column.needsZone ? mapping.zone : std::string());
    for (std::size_t i = 0; reader && i < values.size(); ++i) {
        if (const auto reading = reader->read(values[i], mapping.numbers); reading.moments)
            out[i] = reading.moments->first.ms;
    }
    return out;
}

/// Whether durations in a unit of so many seconds lie between two times in nine rows of ten, and in three at least.
bool liesBetween(const std::vector<std::optional<double>> &durations,
                 const std::vector<std::optional<std::int64_t>> &starts,
                 const std::vector<std::optional<std::int64_t>> &ends, double factor)
{
    constexpr double kNear = 1.0; // times are often cut to whole seconds
    constexpr double kShare = 0.02;
    constexpr std::size_t kEnough = 3;
    std::size_t seen = 0;
    std::size_t right = 0;
    for (std::size_t i = 0; i < durations.size(); ++i) {
        if (!durations[i] || !starts[i] || !ends[i])
            continue;
        const double between = static_cast<double>(*ends[i] - *starts[i]) / 1000.0;
        ++seen;
        right += std::abs(*durations[i] * factor - between) <= std::max(kNear, kShare * between) ? 1 : 0;
    }
    return seen >= kEnough && right * 10 >= seen * 9;
}

} // namespace

std::string FieldChooser::unitByOtherTimes(std::size_t column)
{
    const MappedField *start = m_out.mapping.find(Field::StartedAt);
    const auto from =
        start == nullptr || start->columns.empty() ? std::nullopt : columnCalled(plainName(start->columns.front()));
    if (!from || m_out.columns[*from].type != ColumnType::Time)
        return {};
    std::vector<std::optional<double>> durations;
    for (const auto &value : m_values[column])
        durations.push_back(readNumber(value, m_out.mapping.numbers));
    const auto starts = momentsOf(m_values[*from], m_out.columns[*from], m_out.mapping);
    static constexpr std::pair<const char *, double> kUnits[] = {
        {"s", 1.0}, {"ms", 1e-3}, {"min", 60.0}, {"us", 1e-6}, {"h", 3600.0}};
    for (std::size_t i = 0; i < m_out.columns.size(); ++i) {
        if (i == *from || m_out.columns[i].type != ColumnType::Time)
            continue;
        const auto ends = momentsOf(m_values[i], m_out.columns[i], m_out.mapping);
        for (const auto &[unit, factor] : kUnits) {
            if (!liesBetween(durations, starts, ends, factor))
                continue;
            m_out.notes.push_back("'" + m_out.columns[column].name + "' counts " + unit + ": so much lies between '"
                                  + m_out.columns[*from].name + "' and '" + m_out.columns[i].name + "'");
            return unit;
        }
    }
    return {};
}

std::string FieldChooser::guessedUnit(const ColumnProfile &column)
{
    constexpr double kLongest = 30.0 * kDay;
    const auto took = [&](double unit) {
        return "runs of " + base::formatSeconds(column.least * unit) + " to " + base::formatSeconds(column.most * unit);
    };
    // Hardly any table is of runs that all took longer than a day.
    if (column.most > kLongest || column.least > kDay || plainName(column.name) == "elapsedtime") {
        m_out.notes.push_back("'" + column.name + "' is taken for milliseconds, by its size, which makes " + took(1e-3)
                              + ": the unit is a guess");
        return "ms";
    }
    m_out.notes.push_back("'" + column.name + "' is taken for seconds, which makes " + took(1.0)
                          + ": the unit is a guess, since neither its name nor its values tell it; set 'unit' to ms, "
                            "min or h where that is wrong");
    return "s";
}

std::string FieldChooser::durationUnit(std::size_t index)
{
    const ColumnProfile &column = m_out.columns[index];
    MappedField duration;
    duration.field = Field::EndedAt;
    duration.duration = column.name;
    const auto reads = [&](const std::string &text) {
        return readAmount(text, duration, m_out.mapping.numbers).has_value();
    };
    for (const char *unit : {"hms", "auto"}) {
        duration.unit = unit;
        if (column.type != ColumnType::Number && mostFit(column, reads))
            return unit;
    }
    const std::string plain = plainName(column.name);
    if (endsWith(plain, {"ms", "millis", "milliseconds"}))
        return "ms";
    if (endsWith(plain, {"min", "mins", "minutes"}))
        return "min";
    if (endsWith(plain, {"hours", "h"}) && plain != "h")
        return "h";
    if (column.type != ColumnType::Number || endsWith(plain, {"sec", "secs", "seconds"}))
        return "s";
    if (const std::string unit = unitByOtherTimes(index); !unit.empty())
        return unit;
    return column.whole ? guessedUnit(column) : "s";
}

} // namespace mulligan::ingest
