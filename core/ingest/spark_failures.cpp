#include "ingest/spark_failures.hpp"

#include "ingest/spark_sql_error.hpp"

#include <algorithm>

namespace mulligan::ingest::spark
{

namespace
{

constexpr std::size_t kMostEvidence = 64;
constexpr std::size_t kMostStageFailures = 32;
constexpr std::size_t kMostRemovals = 16;
constexpr std::size_t kMostFailing = 32;
constexpr std::size_t kMostOpenJobs = 20'000;
constexpr std::size_t kMostOpenStages = 1'000'000;
constexpr std::size_t kMostOpenExecutions = 20'000;
constexpr std::size_t kMostTraceBytes = 64u << 10;
constexpr std::size_t kMostMessageBytes = 32u << 10;
constexpr std::size_t kMostNameBytes = 200;

bool has(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

std::string_view withoutEnd(std::string_view text)
{
    while (text.ends_with('\n') || text.ends_with('\r') || text.ends_with(' '))
        text.remove_suffix(1);
    return text;
}

std::string number(std::int64_t value)
{
    return std::to_string(value);
}

Failing::Nature natureOf(std::string_view message)
{
    if (has(message, "SparkContext was shut") || has(message, "SparkContext has been shut"))
        return Failing::Nature::ContextStopped;
    const std::string_view front = message.substr(0, 200);
    const bool aboutAJob = front.starts_with("Job ") || has(front, "[SPARK_JOB_CANCELLED]");
    return aboutAJob && has(front, " cancelled") ? Failing::Nature::Cancelled : Failing::Nature::OwnFault;
}

std::string lossText(const TaskFailure &failure)
{
    std::string text =
        "ExecutorLostFailure (executor " + std::string(frontOf(failure.executor, kMostNameBytes)) + " exited ";
    text += failure.causedByApp ? "caused by one of the running tasks)" : "unrelated to the running tasks)";
    if (!failure.lossReason.empty())
        text += " Reason: " + shortened(failure.lossReason, kMostMessageBytes);
    return text;
}

std::string fetchText(const TaskFailure &failure)
{
    std::string text = "FetchFailed(" + (failure.address.empty() ? std::string("null") : failure.address);
    text += ", shuffleId=" + number(failure.shuffle);
    if (failure.mapIndex >= 0)
        text += ", mapIndex=" + number(failure.mapIndex);
    text += ", mapId=" + number(failure.mapId) + ", reduceId=" + number(failure.reduceId);
    return text + ", message=\n" + shortened(withoutEnd(failure.message), kMostMessageBytes) + "\n)";
}

std::string placeOf(const TaskEnd &task)
{
    std::string text = "Task " + number(task.index) + "." + number(task.attempt) + " in stage " + number(task.stage)
                       + "." + number(task.stageAttempt) + " failed on executor "
                       + std::string(frontOf(task.executor, kMostNameBytes));
    if (!task.host.empty())
        text += " (" + std::string(frontOf(task.host, kMostNameBytes)) + ")";
    return text;
}

} // namespace

bool removedOnPurpose(std::string_view reason)
{
    // YARN after a request of the driver; any manager likewise; dynamic allocation by decommissioning; a plain end.
    return has(reason, "explicit termination request") || has(reason, "killed by driver")
           || has(reason, "spark scale down") || has(reason, "exited with code 0");
}

TaskEvidence &FailureLog::evidenceOf(std::int64_t stage, std::int64_t attempt)
{
    const auto key = std::make_pair(stage, attempt);
    if (!m_evidence.contains(key) && m_evidence.size() >= kMostEvidence)
        m_evidence.erase(std::min_element(m_evidence.begin(), m_evidence.end(), [](const auto &a, const auto &b) {
            return a.second.order < b.second.order;
        }));
    TaskEvidence &evidence = m_evidence[key];
    evidence.order = ++m_order;
    return evidence;
}

void FailureLog::taskEnded(const TaskEnd &event)
{
    const TaskFailure &failure = event.failure;
    switch (failure.reason) {
    case TaskEndReason::ExceptionFailure: {
        TaskEvidence &evidence = evidenceOf(event.stage, event.stageAttempt);
        evidence.exceptionClass = frontOf(failure.className, kMostNameBytes);
        evidence.exceptionPlace = placeOf(event);
        evidence.exceptionTrace = shortened(withoutEnd(failure.fullTrace), kMostTraceBytes);
        return;
    }
    case TaskEndReason::FetchFailed: evidenceOf(event.stage, event.stageAttempt).fetch = fetchText(failure); return;
    case TaskEndReason::ExecutorLostFailure:
        // Executors taken away on purpose (dynamic allocation, decommissioning) say nothing about a failure.
        if (!removedOnPurpose(failure.lossReason))
            evidenceOf(event.stage, event.stageAttempt).loss =
                ExecutorLoss{std::string(frontOf(failure.executor, kMostNameBytes)), lossText(failure), event.time,
                             shortened(failure.lossReason, kMostMessageBytes)};
        return;
    case TaskEndReason::Success:
    case TaskEndReason::Other: return;
    }
}

void FailureLog::executorRemoved(const ExecutorRemoved &event)
{
    if (m_removals.size() >= kMostRemovals)
        m_removals.pop_front();
    const std::string id(frontOf(event.id, kMostNameBytes));
    const std::string reason = shortened(event.reason, kMostMessageBytes);
    m_removals.push_back({id, "Executor " + id + " was removed: " + reason, event.time, reason});
}

void FailureLog::stageCompleted(const StageCompleted &event)
{
    if (event.failure.empty()) {
        // What failed in it, or in earlier attempts at it, was overcome by tries within the job.
        m_evidence.erase(m_evidence.lower_bound({event.id, 0}), m_evidence.upper_bound({event.id, event.attempt}));
        std::erase_if(m_stageFailures, [&](const StageFailure &failure) { return failure.stage == event.id; });
        return;
    }
    if (has(event.failure, "SparkContext was shut") || has(event.failure, "Stage cancelled because"))
        return;
    if (m_stageFailures.size() >= kMostStageFailures)
        m_stageFailures.pop_front();
    m_stageFailures.push_back({event.id, event.attempt, ++m_order, std::string(frontOf(event.name, kMostNameBytes)),
                               shortened(withoutEnd(event.failure), kMostMessageBytes)});
}

void FailureLog::jobStarted(JobStart event)
{
    while (!m_openJobs.empty()
           && (m_openJobs.size() >= kMostOpenJobs || m_openStages + event.stages.size() > kMostOpenStages)) {
        m_openStages -= m_openJobs.begin()->second.stages.size();
        m_openJobs.erase(m_openJobs.begin());
    }
    OpenJob &job = m_openJobs[event.id];
    m_openStages += event.stages.size();
    m_openStages -= job.stages.size();
    std::sort(event.stages.begin(), event.stages.end());
    job = {++m_order, std::move(event.stages), event.sqlExecution, event.sqlExecution};
    if (event.sqlExecution) {
        if (const auto found = m_openExecutions.find(*event.sqlExecution); found != m_openExecutions.end())
            job.sqlRoot = found->second.root;
    }
    ++m_counts.jobs;
}

void FailureLog::jobEnded(const JobEnd &event)
{
    ++m_order;
    OpenJob job;
    if (auto node = m_openJobs.extract(event.id)) {
        job = std::move(node.mapped());
        m_openStages -= job.stages.size();
    }
    if (!event.failed) {
        ++m_counts.goodJobs;
        overcome(job.started != 0 ? job.started : m_order, std::nullopt);
        return;
    }
    ++m_counts.failedJobs;
    Failing failing;
    failing.nature = natureOf(event.message);
    failing.what = "Job " + number(event.id);
    failing.message = shortened(withoutEnd(event.message), kMostMessageBytes);
    failing.started = job.started;
    failing.time = event.time;
    failing.stages = std::move(job.stages);
    failing.sqlExecution = job.sqlExecution;
    failing.sqlRoot = job.sqlRoot;
    addFailing(std::move(failing));
}

void FailureLog::sqlStarted(const SqlExecutionStart &event)
{
    if (m_openExecutions.size() >= kMostOpenExecutions)
        m_openExecutions.erase(m_openExecutions.begin());
    const std::int64_t root = event.root.value_or(event.id);
    m_openExecutions[event.id] = {++m_order, root, std::string(frontOf(event.description, kMostNameBytes))};
    m_counts.sqlExecutions += root == event.id ? 1 : 0;
}

void FailureLog::sqlEnded(const SqlExecutionEnd &event)
{
    ++m_order;
    OpenExecution execution;
    execution.root = event.id;
    if (auto node = m_openExecutions.extract(event.id))
        execution = std::move(node.mapped());
    if (!event.error)
        return;
    m_counts.sqlSaysHow = true;
    const bool nested = execution.root != event.id;
    if (event.error->empty()) {
        m_counts.goodSql += nested ? 0 : 1;
        overcome(execution.started != 0 ? execution.started : m_order, event.id);
        return;
    }
    m_counts.failedSql += nested ? 0 : 1;
    // The root repeats what failed in it.
    std::erase_if(m_failing, [&](const Failing &failing) {
        return failing.kind == Failing::Kind::Sql && failing.sqlRoot == event.id;
    });
    Failing failing;
    failing.kind = Failing::Kind::Sql;
    const std::string error = sqlErrorText(*event.error);
    failing.nature = natureOf(error);
    failing.what = "SQL execution " + number(event.id);
    if (!execution.description.empty())
        failing.what += " (" + execution.description + ")";
    failing.message = shortened(error, kMostMessageBytes);
    failing.started = execution.started;
    failing.time = event.time;
    failing.sqlExecution = event.id;
    failing.sqlRoot = execution.root;
    addFailing(std::move(failing));
}

void FailureLog::queryTerminated(const StreamingQueryTerminated &event)
{
    if (event.exception.empty()) {
        // A query that is stopped cancels its own jobs, whose group is the id of its run.
        std::erase_if(m_failing, [&](const Failing &failing) {
            return failing.nature == Failing::Nature::Cancelled && !event.runId.empty()
                   && has(failing.message, event.runId);
        });
        return;
    }
    Failing failing;
    failing.kind = Failing::Kind::Streaming;
    failing.what = "Streaming query " + std::string(frontOf(event.id, kMostNameBytes));
    failing.message = shortened(event.exception, kMostMessageBytes);
    addFailing(std::move(failing));
}

void FailureLog::operationFailed(const ConnectOperationFailed &event)
{
    Failing failing;
    failing.kind = Failing::Kind::Connect;
    failing.what = "Spark Connect operation " + std::string(frontOf(event.id, kMostNameBytes));
    failing.message = shortened(event.error, kMostMessageBytes);
    failing.time = event.time;
    addFailing(std::move(failing));
}

void FailureLog::addFailing(Failing failing)
{
    if (m_failing.size() >= kMostFailing)
        m_failing.pop_front();
    failing.order = ++m_order;
    m_failing.push_back(std::move(failing));
}

void FailureLog::overcome(std::uint64_t order, std::optional<std::int64_t> sqlExecution)
{
    std::erase_if(m_failing, [&](const Failing &failing) {
        return failing.order < order
               || (sqlExecution && (failing.sqlExecution == sqlExecution || failing.sqlRoot == sqlExecution));
    });
    std::erase_if(m_stageFailures, [&](const StageFailure &failure) { return failure.order < order; });
    std::erase_if(m_evidence, [&](const auto &entry) { return entry.second.order < order; });
}

} // namespace mulligan::ingest::spark
