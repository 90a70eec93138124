#pragma once

#include "ingest/row_outlet.hpp"
#include "model/attempt.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace mulligan::ingest::airflow
{

/// The columns of `task_instance`, `task_instance_history` and `task_fail` that are read. Versions differ in which they
/// have: before 2.2 `execution_date` stands where `run_id` stands later, before 2.3 there is no `map_index`.
enum class Column : std::uint8_t {
    DagId,
    TaskId,
    RunId,
    ExecutionDate,
    MapIndex,
    TryNumber,
    State,
    StartDate,
    EndDate,
    Duration,
    MaxTries,
    Queue,
};
inline constexpr std::size_t kColumnCount = static_cast<std::size_t>(Column::Queue) + 1;
[[nodiscard]] std::string_view name(Column column);
[[nodiscard]] std::optional<Column> columnFromName(std::string_view text);

enum class Table : std::uint8_t { TaskInstance, History, TaskFail };
[[nodiscard]] std::string_view name(Table table);

/// One row as its source holds it. A field is nothing where the source has NULL or no such column.
struct Row {
    Table table = Table::TaskInstance;
    std::uint64_t line = 0; ///< 1-based place in the source
    std::array<std::optional<std::string>, kColumnCount> fields;

    [[nodiscard]] const std::optional<std::string> &operator[](Column column) const
    {
        return fields[static_cast<std::size_t>(column)];
    }
    [[nodiscard]] std::optional<std::string> &operator[](Column column)
    {
        return fields[static_cast<std::size_t>(column)];
    }
    /// "task_instance, dag 'd', task 't', run 'r'", for messages.
    [[nodiscard]] std::string place() const;
    /// "dag_id=d, task_id=t, …", what the row holds.
    [[nodiscard]] std::string text() const;
};

/// One try of a task that ran.
struct Try {
    std::string dag;
    std::string task;
    std::string run; ///< with "[map_index]" for a mapped task
    int attempt = 0; ///< 0: not known yet (task_fail)
    std::optional<int> maxTries;
    std::string state;
    base::Instant start;
    std::optional<base::Instant> end;
    std::string queue;
};

/// A row that stands for no attempt, and why not.
struct NeverRan {
    std::string why;
};

/// Reads a row. Error texts name the column. `upper` states: see `outcomeOf`.
[[nodiscard]] std::variant<Try, NeverRan, std::string> readTry(const Row &row);

/// What a state says of how a try ended; nothing for a state in which nothing has run. A try that was `restarting` when
/// it ended was killed, since a person cleared it while it ran.
[[nodiscard]] std::optional<model::Outcome> outcomeOf(std::string_view state, bool ended);

/// The attempt that a try is.
[[nodiscard]] model::Attempt attemptOf(const Try &from, model::Trigger trigger);

/// "2024-05-01T10:00:00.123456+00:00" as Airflow writes an execution date, from the forms databases keep it in.
[[nodiscard]] std::string executionDate(std::string_view text);
/// A time as Airflow's databases, dumps and logs write it: with a blank or a T, with or without fraction and zone (then
/// UTC, which is how Airflow keeps times). Errors: Parse.
[[nodiscard]] base::Result<base::Instant> parseTime(std::string_view text);
/// The run of an attempt: the run's id with "[map_index]" behind it where that is not negative.
[[nodiscard]] std::string runOf(std::string_view runId, std::int64_t mapIndex);

/// How many retries each task declares, learnt from first tries: clearing a task raises `max_tries` to the number of
/// the try it was cleared after plus the task's retries, and nothing else changes it (clear_task_instances in Airflow's
/// taskinstance.py). So `max_tries` of any try tells after which try a person last cleared the task.
class Retries
{
public:
    void note(const Try &first);
    /// Nothing when the task is not known, or has been seen with several values.
    [[nodiscard]] std::optional<int> of(const Try &any) const;

private:
    static constexpr std::size_t kMostTasks = 200'000; ///< beyond, further tasks go without
    std::unordered_map<std::string, std::optional<int>> m_byTask;
};

/// What started a try, from `max_tries` alone: Scheduled for the first, Manual for the one after the last clearing,
/// AutoRetry for others; Unset where the task's retries are not known.
[[nodiscard]] model::Trigger triggerOf(const Try &one, const Retries &retries);
/// What started `later`, the try after `earlier`: Manual where max_tries changed between them, where the earlier
/// succeeded or had no retry left; else AutoRetry.
[[nodiscard]] model::Trigger triggerAfter(const Try &earlier, const Try &later);

} // namespace mulligan::ingest::airflow
