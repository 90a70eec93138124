#pragma once

#include "ingest/spark_failures.hpp"
#include "ingest/spark_log_parts.hpp"
#include "ingest/spark_resources.hpp"
#include "model/attempt.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mulligan::ingest::spark
{

/// What became of the events of one application attempt.
struct BuiltAttempt {
    model::Attempt attempt;
    bool ended = false;             ///< there was an end event
    bool named = false;             ///< there was a start event
    bool unsure = false;            ///< nothing in an incomplete log shows a success: outcome unknown
    bool backwards = false;         ///< it says that it ended before it started: its last event counts
    std::uint64_t overcomeJobs = 0; ///< failed jobs of an attempt that succeeded
};

/// Gathers the events of one application attempt. Bounded memory.
class AttemptBuilder
{
public:
    void add(const LogStart &event);
    void add(const ApplicationStart &event);
    void add(const ApplicationEnd &event);
    void add(const EnvironmentUpdate &event);
    void add(const ResourceProfile &event);
    void add(const ExecutorAdded &event);
    void add(const ExecutorRemoved &event);
    void add(const ExecutorMetrics &event);
    void add(JobStart event);
    void add(const JobEnd &event);
    void add(const StageCompleted &event);
    void add(const TaskEnd &event);
    void add(const SqlExecutionStart &event);
    void add(const SqlExecutionEnd &event);
    void add(const StreamingQueryTerminated &event);
    void add(const ConnectOperationFailed &event);

    [[nodiscard]] bool started() const { return m_started; }
    [[nodiscard]] bool ended() const { return m_ended; }
    /// Whether there is enough for an attempt: a start event, or work with a time.
    [[nodiscard]] bool usable() const { return m_lastMs > 0; }
    /// The attempt; `name` is what its file is called, and names it where the log has no id. Of an `incomplete` log
    /// (compacted, or with a part missing) all sums and peaks would be too low: they are left out and
    /// metric::kHistoryIncomplete says so. That it ended is no proof of success then; a good job or SQL execution is.
    [[nodiscard]] BuiltAttempt build(const LogName &name, bool incomplete) const;

private:
    void seen(TimeMs time);
    void addMetrics(const TaskMetrics &metrics);
    [[nodiscard]] model::Metrics metrics() const;
    void putCounts(model::Metrics &out) const;
    void nameAttempt(model::Attempt &attempt, const LogName &name) const;

    bool m_started = false;
    bool m_ended = false;
    std::string m_name, m_id, m_user, m_version;
    int m_number = 1;
    TimeMs m_startMs = 0;
    TimeMs m_endMs = 0;
    TimeMs m_firstMs = 0;
    TimeMs m_lastMs = 0;
    std::optional<std::int64_t> m_exitCode;
    model::Config m_config;
    ExecutorLedger m_executors;
    FailureLog m_failures;
    MemoryPeaks m_executorPeaks;
    MemoryPeaks m_driverPeaks;
    TaskMetrics m_sums; ///< of all tasks
    std::uint64_t m_tasks = 0;
    std::uint64_t m_failedTasks = 0;
    std::uint64_t m_lostExecutors = 0;
};

} // namespace mulligan::ingest::spark
