#pragma once

#include "ingest/airflow_rows.hpp"

#include <functional>
#include <string>
#include <vector>

namespace mulligan::ingest::airflow
{

/// A try as the database holds it.
struct HeldTry {
    Row row;
    Try read;
};

/// All that a database tells of one task of one run: rows of task_instance, task_instance_history and task_fail.
///
/// The column try_number holds the number of the try while it runs and after it has ended, in every version: before
/// 2.10 it is raised when the try starts (check_and_change_state_before_execution in taskinstance.py) and lowered again
/// only for tries that are deferred or rescheduled; that `TaskInstance.try_number` gave one more for tries that do not
/// run was a property of the Python class, not of the column. Since 2.10 it is raised when the try is scheduled, so
/// that the row of a task that waits for its next try counts further than the last that ran; such rows are no attempts.
struct RunTries {
    std::vector<HeldTry> held;
    std::vector<HeldTry> fails; ///< of task_fail: without a number
    int newest = 0;             ///< number of the newest try that has ended or runs; 0: no task_instance row
    bool newestIsHeld = false;  ///< it is among `held`

    void clear();
};

/// What came of one run's rows.
struct SettledTry {
    model::Attempt attempt;
    std::uint64_t line = 0;
    bool newest = false; ///< what the database keeps of a task's newest try only belongs to this one
};
struct SettledRun {
    std::vector<SettledTry> tries; ///< by number
    std::vector<std::pair<Row, std::string>> rejects;
    int unnamed = 0; ///< tries before the newest of which the database keeps nothing
};

/// Numbers the failures of task_fail, takes double rows for one, and finds what started each try.
[[nodiscard]] SettledRun settle(RunTries tries, const Retries &retries);

} // namespace mulligan::ingest::airflow
