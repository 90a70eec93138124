#include "ingest/spark_attempt.hpp"

#include <algorithm>
#include <charconv>

namespace mulligan::ingest::spark
{

namespace
{

constexpr std::size_t kMostConfigBytes = 16u << 10;
constexpr std::size_t kMostProperties = 5'000;
constexpr std::size_t kMostNameBytes = 1024;

std::string propertyOf(const model::Config &config, const char *key)
{
    const auto found = config.find(key);
    return found == config.end() ? std::string() : found->second;
}

std::string nameFrom(std::string_view text)
{
    return shortened(text, kMostNameBytes);
}

bool isDriver(std::string_view executor)
{
    return executor == "driver" || executor == "<driver>";
}

} // namespace

void AttemptBuilder::seen(TimeMs time)
{
    if (time == 0)
        return;
    m_firstMs = m_firstMs == 0 ? time : std::min(m_firstMs, time);
    m_lastMs = std::max(m_lastMs, time);
}

void AttemptBuilder::add(const LogStart &event)
{
    m_version = frontOf(event.version, 64);
}

void AttemptBuilder::add(const ApplicationStart &event)
{
    seen(event.time);
    m_started = true;
    m_startMs = event.time;
    m_name = nameFrom(event.name);
    m_id = nameFrom(event.id);
    m_user = nameFrom(event.user);
    int number = 0;
    const auto [end, code] = std::from_chars(event.attempt.data(), event.attempt.data() + event.attempt.size(), number);
    if (code == std::errc() && end == event.attempt.data() + event.attempt.size() && number >= 1)
        m_number = number;
}

void AttemptBuilder::add(const ApplicationEnd &event)
{
    seen(event.time);
    m_ended = true;
    m_endMs = event.time;
    m_exitCode = event.exitCode;
}

void AttemptBuilder::add(const EnvironmentUpdate &event)
{
    for (const auto &[name, value] : event.properties) {
        if (m_config.size() < kMostProperties || m_config.contains(name))
            m_config[name] = shortened(value, kMostConfigBytes);
    }
}

void AttemptBuilder::add(const ResourceProfile &event)
{
    m_executors.setProfile(event);
}

void AttemptBuilder::add(const ExecutorAdded &event)
{
    seen(event.time);
    ExecutorAdded added = event;
    added.time = event.time != 0 ? event.time : m_lastMs;
    m_executors.add(added);
}

void AttemptBuilder::add(const ExecutorRemoved &event)
{
    seen(event.time);
    m_executors.remove(event.id, event.time != 0 ? event.time : m_lastMs);
    // Whatever is removed once the application is over was not lost.
    if (m_ended)
        return;
    m_lostExecutors += removedOnPurpose(event.reason) ? 0 : 1;
    m_failures.executorRemoved(event);
}

void AttemptBuilder::add(const ExecutorMetrics &event)
{
    (isDriver(event.id) ? m_driverPeaks : m_executorPeaks).raise(event.peaks);
}

void AttemptBuilder::add(JobStart event)
{
    seen(event.time);
    m_failures.jobStarted(std::move(event));
}

void AttemptBuilder::add(const JobEnd &event)
{
    seen(event.time);
    m_failures.jobEnded(event);
}

void AttemptBuilder::add(const StageCompleted &event)
{
    seen(event.time);
    m_failures.stageCompleted(event);
}

void AttemptBuilder::add(const TaskEnd &event)
{
    seen(event.time);
    ++m_tasks;
    const TaskFailure &failure = event.failure;
    if (failure.reason == TaskEndReason::ExceptionFailure || failure.reason == TaskEndReason::FetchFailed
        || (failure.reason == TaskEndReason::ExecutorLostFailure && failure.causedByApp))
        ++m_failedTasks;
    if (failure.reason != TaskEndReason::Success)
        m_failures.taskEnded(event);
    m_executorPeaks.raise(event.peaks);
    if (isDriver(event.executor))
        m_driverPeaks.raise(event.peaks);
    if (event.metrics.present)
        addMetrics(event.metrics);
}

void AttemptBuilder::addMetrics(const TaskMetrics &metrics)
{
    m_sums.present = true;
    m_sums.cpuPresent = m_sums.cpuPresent || metrics.cpuPresent;
    m_sums.runMs += metrics.runMs;
    m_sums.cpuNs += metrics.cpuNs;
    m_sums.gcMs += metrics.gcMs;
    m_sums.resultBytes += metrics.resultBytes;
    m_sums.memorySpilled += metrics.memorySpilled;
    m_sums.diskSpilled += metrics.diskSpilled;
    m_sums.shuffleRead += metrics.shuffleRead;
    m_sums.shuffleWrite += metrics.shuffleWrite;
    m_sums.input += metrics.input;
    m_sums.output += metrics.output;
    m_sums.peakExecution = std::max(m_sums.peakExecution, metrics.peakExecution);
}

void AttemptBuilder::add(const SqlExecutionStart &event)
{
    seen(event.time);
    m_failures.sqlStarted(event);
}

void AttemptBuilder::add(const SqlExecutionEnd &event)
{
    seen(event.time);
    m_failures.sqlEnded(event);
}

void AttemptBuilder::add(const StreamingQueryTerminated &event)
{
    m_failures.queryTerminated(event);
}

void AttemptBuilder::add(const ConnectOperationFailed &event)
{
    seen(event.time);
    m_failures.operationFailed(event);
}

void AttemptBuilder::putCounts(model::Metrics &out) const
{
    const WorkCounts &work = m_failures.counts();
    const auto put = [&](std::string_view name, std::uint64_t value) {
        out[std::string(name)] = static_cast<double>(value);
    };
    put(model::metric::kTasks, m_tasks);
    put(model::metric::kFailedTasks, m_failedTasks);
    put(model::metric::kJobs, work.jobs);
    put(model::metric::kFailedJobs, work.failedJobs);
    put(model::metric::kSqlExecutions, work.sqlExecutions);
    if (work.sqlSaysHow)
        put(model::metric::kFailedSql, work.failedSql);
    put(model::metric::kLostExecutors, m_lostExecutors);
    if (m_executors.added() > 0)
        put(model::metric::kExecutors, m_executors.added());
}

model::Metrics AttemptBuilder::metrics() const
{
    model::Metrics out;
    const auto put = [&](std::string_view name, double value) { out[std::string(name)] = value; };
    const auto putPeak = [&](std::string_view name, double value) {
        if (value > 0.0)
            put(name, value);
    };
    putPeak(model::metric::kPeakHeapBytes, m_executorPeaks.heap);
    putPeak(model::metric::kPeakOffHeapBytes, m_executorPeaks.offHeap);
    putPeak(model::metric::kPeakRssBytes, m_executorPeaks.rss);
    putPeak(model::metric::kPeakDriverHeapBytes, m_driverPeaks.heap);
    putPeak(model::metric::kPeakExecutionBytes, m_sums.peakExecution);
    putCounts(out);
    if (!m_sums.present)
        return out;
    put(model::metric::kInputBytes, m_sums.input);
    put(model::metric::kOutputBytes, m_sums.output);
    put(model::metric::kShuffleReadBytes, m_sums.shuffleRead);
    put(model::metric::kShuffleWriteBytes, m_sums.shuffleWrite);
    put(model::metric::kMemorySpilledBytes, m_sums.memorySpilled);
    put(model::metric::kDiskSpilledBytes, m_sums.diskSpilled);
    put(model::metric::kResultBytes, m_sums.resultBytes);
    put(model::metric::kGcSeconds, m_sums.gcMs / 1e3);
    put(model::metric::kRunSeconds, m_sums.runMs / 1e3);
    if (m_sums.cpuPresent)
        put(model::metric::kCpuSeconds, m_sums.cpuNs / 1e9);
    return out;
}

void AttemptBuilder::nameAttempt(model::Attempt &attempt, const LogName &name) const
{
    attempt.applicationId = !m_id.empty() ? m_id : propertyOf(m_config, "spark.app.id");
    // Where the part with the start event is missing, the log's name is all that tells.
    if (attempt.applicationId.empty() && name.application)
        attempt.applicationId = name.id;
    attempt.run = !attempt.applicationId.empty() ? attempt.applicationId : name.id;
    attempt.job = !m_name.empty() ? m_name : propertyOf(m_config, "spark.app.name");
    if (attempt.job.empty())
        attempt.job = attempt.run;
    attempt.attempt = m_started ? m_number : name.attempt;
    attempt.owner = m_user;
    attempt.queue = propertyOf(m_config, "spark.yarn.queue");
}

BuiltAttempt AttemptBuilder::build(const LogName &name, bool incomplete) const
{
    BuiltAttempt built;
    built.ended = m_ended;
    built.named = m_started;
    model::Attempt &attempt = built.attempt;
    nameAttempt(attempt, name);
    const TimeMs start = m_startMs > 0 ? m_startMs : m_firstMs;
    // A clock that was set back: what else was logged is nearer to the end than nothing.
    built.backwards = m_endMs > 0 && m_endMs < start;
    const TimeMs end = std::max(start, m_endMs > 0 && !built.backwards ? m_endMs : m_lastMs);
    attempt.startedAt = {start};
    attempt.endedAt = {end};
    Judgement judgement = m_failures.judge(m_ended, m_exitCode, m_lastMs);
    const WorkCounts &work = m_failures.counts();
    built.unsure = incomplete && judgement.outcome == model::Outcome::Succeeded && work.goodJobs + work.goodSql == 0;
    attempt.outcome = built.unsure ? model::Outcome::Unknown : judgement.outcome;
    attempt.errorText = std::move(judgement.errorText);
    attempt.rootCause = std::move(judgement.rootCause);
    built.overcomeJobs = built.unsure ? 0 : judgement.overcomeJobs;
    if (m_exitCode && *m_exitCode >= INT32_MIN && *m_exitCode <= INT32_MAX)
        attempt.exitCode = static_cast<int>(*m_exitCode);
    attempt.config = m_config;
    if (!m_version.empty())
        attempt.config["spark.version"] = m_version;
    if (incomplete) {
        attempt.metrics = {{std::string(model::metric::kHistoryIncomplete), 1.0}};
        return built;
    }
    attempt.metrics = metrics();
    if (const auto use = m_executors.useUntil(start, end, m_config)) {
        attempt.vcoreSeconds = use->vcoreSeconds;
        attempt.memoryGbSeconds = use->memoryGbSeconds;
    }
    return built;
}

} // namespace mulligan::ingest::spark
