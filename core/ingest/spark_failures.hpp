#pragma once

#include "ingest/spark_events.hpp"
#include "model/attempt.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mulligan::ingest::spark
{

/// What failed how, as its carrier says it.
struct StageFailure {
    std::int64_t stage = -1;
    std::int64_t attempt = 0;
    std::uint64_t order = 0;
    std::string name;
    std::string reason;
};
struct ExecutorLoss {
    std::string executor;
    std::string text; ///< as Spark words it
    TimeMs time = 0;
    std::string reason; ///< the part of `text` that says why; empty: nothing does
};
/// The last failures among the tasks of one stage attempt.
struct TaskEvidence {
    std::uint64_t order = 0;
    std::string exceptionClass;
    std::string exceptionPlace; ///< "Task 3.1 in stage 2.0 failed on executor 4 (host)"
    std::string exceptionTrace;
    std::optional<ExecutorLoss> loss;
    std::string fetch;

    [[nodiscard]] bool empty() const { return exceptionTrace.empty() && !loss && fetch.empty(); }
};
/// A job, SQL execution, streaming query or Connect operation that failed and was not made up for.
struct Failing {
    enum class Kind { Job, Sql, Streaming, Connect };
    enum class Nature {
        OwnFault,      ///< it failed by itself
        Cancelled,     ///< somebody cancelled it
        ContextStopped ///< it ran when the context was stopped
    };
    Kind kind = Kind::Job;
    Nature nature = Nature::OwnFault;
    std::string what; ///< "Job 3", "SQL execution 2 (count at …)"
    std::string message;
    std::uint64_t started = 0; ///< 0: not known
    std::uint64_t order = 0;
    TimeMs time = 0;
    std::vector<std::int32_t> stages;
    std::optional<std::int64_t> sqlExecution;
    std::optional<std::int64_t> sqlRoot; ///< the execution that one is nested in; itself when it is not
};

struct Judgement {
    model::Outcome outcome = model::Outcome::Unknown;
    std::string errorText;
    std::string rootCause;
    std::uint64_t overcomeJobs = 0; ///< jobs that failed before the application succeeded
};

/// Jobs and SQL executions of one application attempt, apart from what the attempt came to.
struct WorkCounts {
    std::uint64_t jobs = 0;
    std::uint64_t failedJobs = 0;
    std::uint64_t goodJobs = 0;
    std::uint64_t sqlExecutions = 0; ///< nested ones are part of their root
    std::uint64_t failedSql = 0;
    std::uint64_t goodSql = 0;
    bool sqlSaysHow = false; ///< some execution's end says whether it failed (Spark 3.4 on)
};

/// Keeps the failures of one application attempt that may still matter, and judges at its end. Bounded: the last few of
/// each carrier, with bounded texts.
class FailureLog
{
public:
    void taskEnded(const TaskEnd &event);
    void executorRemoved(const ExecutorRemoved &event);
    void stageCompleted(const StageCompleted &event);
    void jobStarted(JobStart event);
    void jobEnded(const JobEnd &event);
    void sqlStarted(const SqlExecutionStart &event);
    void sqlEnded(const SqlExecutionEnd &event);
    void queryTerminated(const StreamingQueryTerminated &event);
    void operationFailed(const ConnectOperationFailed &event);

    [[nodiscard]] const WorkCounts &counts() const { return m_counts; }
    /// What the attempt came to, by the rules stated at readSparkEventLog. `ended`: there was an end event.
    /// `last`: the time of the last event.
    [[nodiscard]] Judgement judge(bool ended, std::optional<std::int64_t> exitCode, TimeMs last) const;

private:
    struct OpenJob {
        std::uint64_t started = 0;
        std::vector<std::int32_t> stages;
        std::optional<std::int64_t> sqlExecution;
        std::optional<std::int64_t> sqlRoot;
    };
    struct OpenExecution {
        std::uint64_t started = 0;
        std::int64_t root = -1;
        std::string description;
    };
    /// The carriers that belong to one failure.
    struct Carriers {
        const Failing *main = nullptr;
        const StageFailure *stage = nullptr;
        const TaskEvidence *tasks = nullptr;
        std::vector<const ExecutorLoss *> losses;
        std::optional<std::int64_t> exitCode;
    };
    struct Section {
        std::string text;
        std::string root;
    };

    TaskEvidence &evidenceOf(std::int64_t stage, std::int64_t attempt);
    void addFailing(Failing failing);
    /// Forgets what failed before `order`: a job started since then has succeeded.
    void overcome(std::uint64_t order, std::optional<std::int64_t> sqlExecution);
    [[nodiscard]] bool workFailed(const Failing &failing) const;
    [[nodiscard]] const Failing *mainFailure() const;
    [[nodiscard]] const StageFailure *failedStageOf(const Failing *failing) const;
    [[nodiscard]] const TaskEvidence *evidenceFor(const Failing *failing, const StageFailure *stage) const;
    [[nodiscard]] Carriers carriers(std::optional<std::int64_t> exitCode, TimeMs last) const;
    [[nodiscard]] model::Outcome outcome(bool ended, std::optional<std::int64_t> exitCode) const;
    [[nodiscard]] std::vector<Section> sections(const Carriers &carriers) const;

    std::uint64_t m_order = 0;
    WorkCounts m_counts;
    std::map<std::pair<std::int64_t, std::int64_t>, TaskEvidence> m_evidence; ///< by stage and its attempt
    std::deque<StageFailure> m_stageFailures;
    std::deque<ExecutorLoss> m_removals;
    std::deque<Failing> m_failing;
    std::map<std::int64_t, OpenJob> m_openJobs;
    std::size_t m_openStages = 0;
    std::map<std::int64_t, OpenExecution> m_openExecutions;
};

/// Whether an executor's removal was asked for (idle, decommissioned, at the end) and not a loss.
[[nodiscard]] bool removedOnPurpose(std::string_view reason);
/// The deepest cause in a stack trace or message: its last "Caused by" at the margin, or the last line of a Python
/// traceback, with its first frames; at most 4 KiB.
[[nodiscard]] std::string deepestCause(std::string_view trace);
/// At most `most` bytes from the front, whole characters.
[[nodiscard]] std::string_view frontOf(std::string_view text, std::size_t most);
/// The text, with its middle left out (and said so) when it is longer than `most` bytes.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t most);

} // namespace mulligan::ingest::spark
