#include "ingest/airflow_rows.hpp"

#include "formats/line_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace mulligan::ingest::airflow
{

namespace
{

constexpr std::array<std::string_view, kColumnCount> kColumns{"dag_id",    "task_id",    "run_id",    "execution_date",
                                                              "map_index", "try_number", "state",     "start_date",
                                                              "end_date",  "duration",   "max_tries", "queue"};

template <typename Number> std::optional<Number> numberFrom(std::string_view text)
{
    Number value{};
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::string complaint(Column column, std::string_view why)
{
    return std::string(name(column)) + ": " + std::string(why);
}

std::string quoted(std::string_view text)
{
    return "'" + formats::repairedUtf8(text.substr(0, 60)) + "'";
}

/// Reads fields one after another and keeps the first thing that is wrong.
class Fields
{
public:
    explicit Fields(const Row &row) : m_row(row) {}

    std::string text(Column column)
    {
        const auto &field = m_row[column];
        if (!field || field->empty())
            fail(column, "is missing");
        else if (!formats::isValidUtf8(*field))
            fail(column, "is not valid UTF-8");
        return field.value_or(std::string());
    }
    std::optional<int> integer(Column column)
    {
        const auto &field = m_row[column];
        if (!field || field->empty())
            return std::nullopt;
        const auto value = numberFrom<int>(*field);
        if (!value)
            fail(column, "must be a whole number, found " + quoted(*field));
        return value;
    }
    std::optional<base::Instant> time(Column column)
    {
        const auto &field = m_row[column];
        if (!field || field->empty())
            return std::nullopt;
        const auto value = parseTime(*field);
        if (!value) {
            fail(column, value.error().message);
            return std::nullopt;
        }
        return *value;
    }
    void fail(Column column, std::string_view why)
    {
        if (problem.empty())
            problem = complaint(column, why);
    }

    std::string problem;

private:
    const Row &m_row;
};

/// Ends the try: at end_date, else after its duration; nothing when the row tells neither.
std::optional<base::Instant> endOf(const Row &row, base::Instant start, Fields &fields)
{
    const auto end = fields.time(Column::EndDate);
    if (end && *end < start)
        fields.fail(Column::EndDate, "lies before start_date");
    const auto &duration = row[Column::Duration];
    if (end || !duration || duration->empty())
        return end;
    constexpr double kLongest = 100.0 * 365 * 86'400;
    const auto seconds = numberFrom<double>(*duration);
    if (!seconds || !std::isfinite(*seconds) || *seconds < 0.0 || *seconds > kLongest) {
        fields.fail(Column::Duration, "must be a number of seconds, found " + quoted(*duration));
        return std::nullopt;
    }
    return start.plusSeconds(*seconds);
}

std::string runOf(const Row &row, Fields &fields)
{
    const bool named = row[Column::RunId] && !row[Column::RunId]->empty();
    const std::string run =
        named ? fields.text(Column::RunId)
              : (row[Column::ExecutionDate] ? executionDate(fields.text(Column::ExecutionDate)) : std::string());
    if (run.empty())
        fields.fail(Column::RunId, "is missing");
    return airflow::runOf(run, fields.integer(Column::MapIndex).value_or(-1));
}

} // namespace

std::string_view name(Column column)
{
    return kColumns[static_cast<std::size_t>(column)];
}

std::optional<Column> columnFromName(std::string_view text)
{
    const auto *const found = std::find(kColumns.begin(), kColumns.end(), text);
    return found == kColumns.end() ? std::nullopt : std::optional(static_cast<Column>(found - kColumns.begin()));
}

std::string_view name(Table table)
{
    static constexpr std::array<std::string_view, 3> kNames{"task_instance", "task_instance_history", "task_fail"};
    return kNames[static_cast<std::size_t>(table)];
}

std::string Row::place() const
{
    const auto &run = (*this)[Column::RunId] ? (*this)[Column::RunId] : (*this)[Column::ExecutionDate];
    std::string out(name(table));
    out += ", dag " + quoted((*this)[Column::DagId].value_or("")) + ", task "
           + quoted((*this)[Column::TaskId].value_or("")) + ", run " + quoted(run.value_or(""));
    return out;
}

std::string Row::text() const
{
    std::string out;
    for (std::size_t i = 0; i < kColumnCount; ++i) {
        if (!fields[i])
            continue;
        out += (out.empty() ? "" : ", ") + std::string(kColumns[i]) + "=" + fields[i]->substr(0, 500);
    }
    return out;
}

std::optional<model::Outcome> outcomeOf(std::string_view state, bool ended)
{
    if (state == "success")
        return model::Outcome::Succeeded;
    if (state == "failed" || state == "up_for_retry")
        return model::Outcome::Failed;
    if (state == "restarting" || state == "shutdown")
        return ended ? model::Outcome::Killed : model::Outcome::Unknown;
    if (state == "running")
        return model::Outcome::Unknown;
    return std::nullopt;
}

std::variant<Try, NeverRan, std::string> readTry(const Row &row)
{
    static constexpr std::string_view kNotRun[] = {"",
                                                   "none",
                                                   "scheduled",
                                                   "queued",
                                                   "skipped",
                                                   "removed",
                                                   "deferred",
                                                   "up_for_reschedule",
                                                   "upstream_failed",
                                                   "sensing",
                                                   "awaiting_input"};
    Fields fields(row);
    Try out;
    out.dag = fields.text(Column::DagId);
    out.task = fields.text(Column::TaskId);
    out.run = runOf(row, fields);
    out.state = row.table == Table::TaskFail ? "failed" : row[Column::State].value_or("");
    const auto attempt = fields.integer(Column::TryNumber);
    out.maxTries = fields.integer(Column::MaxTries);
    const auto start = fields.time(Column::StartDate);
    if (std::find(std::begin(kNotRun), std::end(kNotRun), out.state) != std::end(kNotRun))
        return NeverRan{"in state '" + (out.state.empty() ? "none" : out.state) + "'"};
    if (!outcomeOf(out.state, true))
        fields.fail(Column::State, quoted(out.state) + " is no state of a task");
    if (row.table != Table::TaskFail && !attempt)
        fields.fail(Column::TryNumber, "is missing");
    if (attempt.value_or(0) < 0)
        fields.fail(Column::TryNumber, "must not be negative, found " + std::to_string(*attempt));
    if (!fields.problem.empty())
        return fields.problem;
    if (!start)
        return NeverRan{"in state '" + out.state + "' without start_date"};
    if (row.table != Table::TaskFail && *attempt == 0)
        return NeverRan{"in state '" + out.state + "' with try_number 0"};
    out.attempt = attempt.value_or(0);
    out.start = *start;
    out.end = endOf(row, out.start, fields);
    out.queue = formats::repairedUtf8(row[Column::Queue].value_or(""));
    if (!fields.problem.empty())
        return fields.problem;
    return out;
}

model::Attempt attemptOf(const Try &from, model::Trigger trigger)
{
    model::Attempt out;
    out.job = from.dag + "." + from.task;
    out.run = from.run;
    out.attempt = from.attempt;
    out.workflow = from.dag;
    out.outcome = outcomeOf(from.state, from.end.has_value()).value_or(model::Outcome::Unknown);
    out.startedAt = from.start;
    // What still runs has no end yet, whatever an earlier pass of the same try left in end_date.
    out.endedAt = out.outcome == model::Outcome::Unknown ? from.start : from.end.value_or(from.start);
    out.queue = from.queue;
    out.trigger = trigger;
    return out;
}

std::string executionDate(std::string_view text)
{
    const auto moment = parseTime(text);
    if (!moment)
        return std::string(text);
    std::string out = base::formatInstant({moment->ms - moment->ms % 1000});
    out.pop_back();
    const std::size_t dot = text.find('.');
    if (dot != std::string_view::npos) {
        const std::size_t end = std::min(text.find_first_not_of("0123456789", dot + 1), text.size());
        const std::string_view fraction = text.substr(dot, end - dot);
        if (fraction.find_first_not_of(".0") != std::string_view::npos)
            out += fraction;
    }
    return out + "+00:00";
}

base::Result<base::Instant> parseTime(std::string_view text)
{
    std::string whole(text.substr(0, 80));
    constexpr std::size_t kSeconds = 19;
    // "2024-05-01, 10:00:00 UTC", as the web page shows log lines, and the comma of Python's own log times.
    if (whole.size() > 11 && whole[10] == ',')
        whole.erase(10, 1);
    if (whole.ends_with(" UTC"))
        whole.replace(whole.size() - 4, 4, "Z");
    if (whole.size() > kSeconds && whole[kSeconds] == ',')
        whole[kSeconds] = '.';
    const std::size_t zone = whole.size() > kSeconds ? whole.find_first_of("Zz+-", kSeconds) : std::string::npos;
    if (whole.size() >= kSeconds && zone == std::string::npos)
        whole += 'Z';
    else if (zone != std::string::npos && whole.size() == zone + 3) // PostgreSQL: "+00"
        whole += ":00";
    // A whole number would pass for epoch milliseconds, which Airflow writes nowhere.
    if (whole.size() < kSeconds)
        return base::makeError(base::ErrorCode::Parse, quoted(text) + " is not a time");
    return base::parseInstant(whole);
}

std::string runOf(std::string_view runId, std::int64_t mapIndex)
{
    return std::string(runId) + (mapIndex >= 0 ? "[" + std::to_string(mapIndex) + "]" : "");
}

void Retries::note(const Try &first)
{
    if (first.attempt != 1 || !first.maxTries || *first.maxTries < 0)
        return;
    const std::string key = first.dag + '\n' + first.task;
    const auto known = m_byTask.find(key);
    if (known == m_byTask.end()) {
        if (m_byTask.size() < kMostTasks)
            m_byTask.emplace(key, first.maxTries);
    } else if (known->second != first.maxTries) {
        known->second.reset();
    }
}

std::optional<int> Retries::of(const Try &any) const
{
    const auto known = m_byTask.find(any.dag + '\n' + any.task);
    return known == m_byTask.end() ? std::nullopt : known->second;
}

model::Trigger triggerOf(const Try &one, const Retries &retries)
{
    if (one.attempt == 1)
        return model::Trigger::Scheduled;
    const auto declared = retries.of(one);
    if (!declared || !one.maxTries)
        return model::Trigger::Unset;
    return *one.maxTries - *declared == one.attempt - 1 ? model::Trigger::Manual : model::Trigger::AutoRetry;
}

model::Trigger triggerAfter(const Try &earlier, const Try &later)
{
    const bool cleared = earlier.maxTries && later.maxTries && *earlier.maxTries != *later.maxTries;
    const bool exhausted = earlier.maxTries && *earlier.maxTries >= 0 && earlier.attempt > *earlier.maxTries;
    return cleared || exhausted || earlier.state == "success" || earlier.state == "restarting"
               ? model::Trigger::Manual
               : model::Trigger::AutoRetry;
}

} // namespace mulligan::ingest::airflow
