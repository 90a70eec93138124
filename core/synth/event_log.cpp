#include "synth/event_log.hpp"

#include "formats/json.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

namespace mulligan::synth
{

namespace
{

using formats::Json;
namespace metric = model::metric;

Json event(const char *name)
{
    return Json().set("Event", name);
}

/// What a task says of an error that the driver's message wraps.
std::string innermost(const std::string &core)
{
    const std::size_t wrapped = core.find("most recent failure: ");
    const std::size_t begin = wrapped == std::string::npos ? wrapped : core.find("): ", wrapped);
    if (begin == std::string::npos)
        return core;
    const std::string inner = core.substr(begin + 3);
    return inner.substr(0, inner.find("\n\nDriver stacktrace"));
}

/// "java.io.IOException" of "… java.io.IOException: No space left"; the first that is one.
std::string exceptionClass(const std::string &text)
{
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = begin;
        while (end < text.size()
               && (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '.' || text[end] == '$'
                   || text[end] == '_'))
            ++end;
        std::string word = text.substr(begin, end - begin);
        if (word.ends_with("Error") || word.ends_with("Exception"))
            return word;
        begin = end + 1;
    }
    return "java.lang.RuntimeException";
}

bool killed(const Logged &logged)
{
    return logged.attempt.outcome == model::Outcome::Killed;
}

/// Writes the events of one application in order.
class Application
{
public:
    explicit Application(const Logged &logged)
        : m_logged(logged), m_attempt(logged.attempt), m_start(logged.attempt.startedAt.ms),
          m_length(logged.attempt.endedAt.ms - logged.attempt.startedAt.ms),
          m_tasks(static_cast<std::int64_t>(metricOf(metric::kTasks) - metricOf(metric::kFailedTasks)))
    {
    }

    std::vector<std::string> write()
    {
        begin();
        if (m_tasks > 0)
            runJob();
        end();
        return std::move(m_lines);
    }

private:
    [[nodiscard]] double metricOf(std::string_view name) const
    {
        const auto it = m_attempt.metrics.find(std::string(name));
        return it == m_attempt.metrics.end() ? 0.0 : it->second;
    }
    [[nodiscard]] bool failedAt(Place place) const { return m_logged.kind != nullptr && m_logged.kind->place == place; }
    [[nodiscard]] bool cutOff() const { return m_attempt.outcome == model::Outcome::Unknown; }
    /// Moment at this share of the application's time.
    [[nodiscard]] std::int64_t at(double share) const
    {
        return m_start + static_cast<std::int64_t>(static_cast<double>(m_length) * share);
    }
    void add(const Json &json) { m_lines.push_back(formats::writeJson(json) + "\n"); }
    [[nodiscard]] std::string host(std::int64_t executor) const { return "node-" + std::to_string(11 + executor); }

    void begin()
    {
        add(event("SparkListenerLogStart").set("Spark Version", "3.5.1"));
        addProfile();
        Json properties = Json::object();
        for (const auto &[key, value] : m_attempt.config)
            properties.set(key, value);
        properties.set("spark.app.name", m_attempt.job).set("spark.app.id", m_attempt.applicationId);
        properties.set("spark.master", m_attempt.cluster == "meadow" ? "k8s://https://meadow.internal" : "yarn");
        add(event("SparkListenerEnvironmentUpdate")
                .set("JVM Information", Json().set("Java Version", "17.0.9").set("Scala Version", "version 2.12.18"))
                .set("Spark Properties", properties)
                .set("System Properties", Json().set("user.timezone", "UTC"))
                .set("Classpath Entries", Json::object()));
        add(event("SparkListenerApplicationStart")
                .set("App Name", m_attempt.job)
                .set("App ID", m_attempt.applicationId)
                .set("Timestamp", m_start)
                .set("User", m_attempt.owner));
        for (std::int64_t i = 1; i <= m_logged.resources.instances; ++i)
            addExecutor(i, m_start);
        addQuery(0, at(0.02));
    }

    void addQuery(int id, std::int64_t when)
    {
        add(Json()
                .set("Event", "org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart")
                .set("executionId", id)
                .set("description", "save at " + m_attempt.workflow)
                .set("details", "")
                .set("physicalPlanDescription", "== Physical Plan ==\nAdaptiveSparkPlan isFinalPlan=false")
                .set("time", when)
                .set("modifiedConfigs", Json::object()));
    }

    void addExecutor(std::int64_t executor, std::int64_t when)
    {
        add(event("SparkListenerExecutorAdded")
                .set("Timestamp", when)
                .set("Executor ID", std::to_string(executor))
                .set("Executor Info", Json()
                                          .set("Host", host(executor))
                                          .set("Total Cores", m_logged.resources.cores)
                                          .set("Log Urls", Json::object())
                                          .set("Resource Profile Id", 0)));
    }

    void addProfile()
    {
        const auto request = [](const char *name, double amount) {
            return Json()
                .set("Resource Name", name)
                .set("Amount", static_cast<std::int64_t>(amount))
                .set("Discovery Script", "")
                .set("Vendor", "");
        };
        const Resources &r = m_logged.resources;
        add(event("SparkListenerResourceProfileAdded")
                .set("Resource Profile Id", 0)
                .set("Executor Resource Requests",
                     Json()
                         .set("cores", request("cores", r.cores))
                         .set("memory", request("memory", r.executorMemory))
                         .set("memoryOverhead", request("memoryOverhead", r.executorOverhead)))
                .set("Task Resource Requests",
                     Json().set("cpus", Json().set("Resource Name", "cpus").set("Amount", 1.0))));
    }

    [[nodiscard]] static Json stageInfo(int stage, std::int64_t tasks)
    {
        return Json()
            .set("Stage ID", stage)
            .set("Stage Attempt ID", 0)
            .set("Stage Name", stage == 0 ? "scan and exchange" : "aggregate and save")
            .set("Number of Tasks", tasks)
            .set("RDD Info", Json::array())
            .set("Parent IDs", stage == 0 ? Json::array() : Json::array().push(0))
            .set("Details", "")
            .set("Accumulables", Json::array())
            .set("Resource Profile Id", 0);
    }

    void runJob()
    {
        const std::int64_t first = (m_tasks + 1) / 2;
        add(event("SparkListenerJobStart")
                .set("Job ID", 0)
                .set("Submission Time", at(0.03))
                .set("Stage Infos", Json::array().push(stageInfo(0, first)).push(stageInfo(1, m_tasks - first)))
                .set("Stage IDs", Json::array().push(0).push(1))
                .set("Properties", Json().set("spark.sql.execution.id", "0")));
        runStage(0, 0, first, 0.04, 0.46);
        const bool fails = failedAt(Place::Task) || failedAt(Place::Executor);
        if (m_tasks > first || fails)
            runStage(1, first, m_tasks, 0.47, 0.92);
        // A job that was cut off, or whose driver died, never reports its end.
        if (!fails && m_attempt.outcome != model::Outcome::Succeeded)
            return;
        Json result = Json().set("Result", fails ? "JobFailed" : "JobSucceeded");
        if (fails)
            result.set("Exception", Json().set("Message", abortMessage()).set("Stack Trace", Json::array()));
        add(event("SparkListenerJobEnd").set("Job ID", 0).set("Completion Time", at(0.96)).set("Job Result", result));
    }

    void runStage(int stage, std::int64_t begin, std::int64_t end, double from, double to)
    {
        const std::int64_t tasks = std::max<std::int64_t>(end - begin, 1);
        add(event("SparkListenerStageSubmitted")
                .set("Stage Info", stageInfo(stage, tasks).set("Submission Time", at(from)))
                .set("Properties", Json::object()));
        for (std::int64_t task = begin; task < end; ++task)
            addSuccess(stage, task, task - begin, from, to);
        const bool fails = stage == 1 && (failedAt(Place::Task) || failedAt(Place::Executor));
        if (fails)
            for (int attempt = 0; attempt < static_cast<int>(metricOf(metric::kFailedTasks)); ++attempt)
                addFailure(tasks, attempt, to);
        if (stage == 1)
            add(event("SparkListenerStageExecutorMetrics")
                    .set("Executor ID", "driver")
                    .set("Stage ID", stage)
                    .set("Stage Attempt ID", 0)
                    .set("Executor Metrics",
                         Json().set("JVMHeapMemory", whole(metricOf(metric::kPeakDriverHeapBytes)))));
        Json info = stageInfo(stage, tasks).set("Submission Time", at(from)).set("Completion Time", at(to + 0.01));
        if (fails)
            info.set("Failure Reason", abortMessage());
        add(event("SparkListenerStageCompleted").set("Stage Info", info));
    }

    [[nodiscard]] std::string abortMessage() const
    {
        const std::string &core = m_logged.core;
        if (core.find("Job aborted due to stage failure") != std::string::npos)
            return core.substr(core.find("Job aborted"));
        return "Job aborted due to stage failure: Task 0 in stage 1.0 failed 4 times, most recent failure: Lost task "
               "0.3 "
               "in stage 1.0 (TID "
               + std::to_string(m_tasks + 3) + ") (" + host(1) + " executor 1): " + innermost(core);
    }

    [[nodiscard]] static std::int64_t whole(double value) { return static_cast<std::int64_t>(value); }
    /// Part `index` of a total shared among all tasks, to the last byte.
    [[nodiscard]] std::int64_t part(double total, std::int64_t index) const
    {
        const std::int64_t all = whole(total);
        return all / m_tasks + (index < all % m_tasks ? 1 : 0);
    }

    [[nodiscard]] std::int64_t executorOf(std::int64_t index) const { return index % m_logged.resources.instances + 1; }

    [[nodiscard]] Json taskInfo(std::int64_t id, std::int64_t index, int attempt, double from, double to, bool failed,
                                std::int64_t executor) const
    {
        return Json()
            .set("Task ID", id)
            .set("Index", index)
            .set("Attempt", attempt)
            .set("Partition ID", index)
            .set("Launch Time", at(from))
            .set("Executor ID", std::to_string(executor))
            .set("Host", host(executor))
            .set("Locality", "PROCESS_LOCAL")
            .set("Speculative", false)
            .set("Getting Result Time", 0)
            .set("Finish Time", at(to))
            .set("Failed", failed)
            .set("Killed", false)
            .set("Accumulables", Json::array());
    }

    [[nodiscard]] Json executorMetrics() const
    {
        return Json()
            .set("JVMHeapMemory", whole(metricOf(metric::kPeakHeapBytes)))
            .set("JVMOffHeapMemory", 0)
            .set("DirectPoolMemory", whole(metricOf(metric::kPeakOffHeapBytes)))
            .set("ProcessTreeJVMRSSMemory", whole(metricOf(metric::kPeakRssBytes)))
            .set("MinorGCCount", 12)
            .set("TotalGCTime", 0);
    }

    [[nodiscard]] Json taskMetrics(std::int64_t task) const
    {
        const std::int64_t runMs = part(metricOf(metric::kRunSeconds) * 1000, task);
        return Json()
            .set("Executor Deserialize Time", 20)
            .set("Executor Run Time", runMs)
            .set("Executor CPU Time", part(metricOf(metric::kCpuSeconds) * 1e9, task))
            .set("Peak Execution Memory", 0)
            .set("Result Size", 2048)
            .set("JVM GC Time", part(metricOf(metric::kGcSeconds) * 1000, task))
            .set("Memory Bytes Spilled", part(metricOf(metric::kMemorySpilledBytes), task))
            .set("Disk Bytes Spilled", part(metricOf(metric::kDiskSpilledBytes), task))
            .set("Shuffle Read Metrics", Json()
                                             .set("Remote Blocks Fetched", 4)
                                             .set("Local Blocks Fetched", 1)
                                             .set("Fetch Wait Time", 0)
                                             .set("Remote Bytes Read", part(metricOf(metric::kShuffleReadBytes), task))
                                             .set("Local Bytes Read", 0)
                                             .set("Total Records Read", 1000))
            .set("Shuffle Write Metrics",
                 Json()
                     .set("Shuffle Bytes Written", part(metricOf(metric::kShuffleWriteBytes), task))
                     .set("Shuffle Write Time", 1000000)
                     .set("Shuffle Records Written", 1000))
            .set("Input Metrics",
                 Json().set("Bytes Read", part(metricOf(metric::kInputBytes), task)).set("Records Read", 1000))
            .set("Output Metrics",
                 Json().set("Bytes Written", part(metricOf(metric::kOutputBytes), task)).set("Records Written", 500))
            .set("Updated Blocks", Json::array());
    }

    [[nodiscard]] static Json taskEnd(int stage, Json reason, Json info)
    {
        return event("SparkListenerTaskEnd")
            .set("Stage ID", stage)
            .set("Stage Attempt ID", 0)
            .set("Task Type", stage == 0 ? "ShuffleMapTask" : "ResultTask")
            .set("Task End Reason", std::move(reason))
            .set("Task Info", std::move(info));
    }

    void addSuccess(int stage, std::int64_t task, std::int64_t index, double from, double to)
    {
        add(event("SparkListenerTaskStart")
                .set("Stage ID", stage)
                .set("Stage Attempt ID", 0)
                .set("Task Info",
                     taskInfo(task, index, 0, from, from, false, executorOf(index)).set("Finish Time", 0)));
        add(taskEnd(stage, Json().set("Reason", "Success"),
                    taskInfo(task, index, 0, from, to, false, executorOf(index)))
                .set("Task Executor Metrics", executorMetrics())
                .set("Task Metrics", taskMetrics(task)));
    }

    void addFailure(std::int64_t index, int attempt, double to)
    {
        const std::int64_t id = m_tasks + attempt;
        const bool lost = failedAt(Place::Executor);
        // A lost executor is replaced, and the task's next try runs, and fails, on the new one.
        const std::int64_t executor = lost && attempt > 0 ? m_logged.resources.instances + attempt : executorOf(index);
        const double ended = std::min(to, 0.75 + 0.05 * attempt);
        const Json info = taskInfo(id, index, attempt, 0.70 + 0.05 * attempt, ended, true, executor);
        const std::string inner = innermost(m_logged.core);
        if (lost) {
            const std::size_t reason = inner.find("Reason: ");
            const std::string loss = reason == std::string::npos ? inner : inner.substr(reason + 8);
            const bool byApp = inner.find("unrelated to the running tasks") == std::string::npos;
            add(event("SparkListenerExecutorRemoved")
                    .set("Timestamp", at(ended))
                    .set("Executor ID", std::to_string(executor))
                    .set("Removed Reason", loss));
            addExecutor(m_logged.resources.instances + attempt + 1, at(ended));
            add(taskEnd(1,
                        Json()
                            .set("Reason", "ExecutorLostFailure")
                            .set("Executor ID", std::to_string(executor))
                            .set("Exit Caused By App", byApp)
                            .set("Loss Reason", loss),
                        info));
            return;
        }
        const std::string name = exceptionClass(inner);
        const std::size_t found = inner.find(name + ": ");
        const std::size_t begin = found == std::string::npos ? 0 : found + name.size() + 2;
        add(taskEnd(1,
                    Json()
                        .set("Reason", "ExceptionFailure")
                        .set("Class Name", name)
                        .set("Description", inner.substr(begin, inner.find('\n', begin) - begin))
                        .set("Stack Trace", Json::array())
                        .set("Full Stack Trace", inner)
                        .set("Accumulator Updates", Json::array()),
                    info)
                .set("Task Executor Metrics", executorMetrics()));
    }

    void end()
    {
        if (cutOff())
            return;
        if (killed(m_logged)) {
            // Who kills from outside leaves no word of it: the log breaks off as the next statement begins.
            addQuery(1, m_attempt.endedAt.ms);
            return;
        }
        add(Json()
                .set("Event", "org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionEnd")
                .set("executionId", 0)
                .set("time", at(0.97))
                .set("errorMessage", failedAt(Place::Driver)    ? m_logged.core
                                     : m_logged.kind != nullptr ? abortMessage()
                                                                : std::string()));
        add(event("SparkListenerApplicationEnd")
                .set("Timestamp", m_attempt.endedAt.ms)
                .set("ExitCode", m_logged.kind != nullptr ? 1 : 0));
    }

    const Logged &m_logged;
    const model::Attempt &m_attempt;
    std::int64_t m_start;
    std::int64_t m_length;
    std::int64_t m_tasks;
    std::vector<std::string> m_lines;
};

std::string joined(const std::vector<std::string> &lines, std::size_t begin, std::size_t end)
{
    std::string text;
    for (std::size_t i = begin; i < end; ++i)
        text += lines[i];
    return text;
}

} // namespace

std::vector<std::string> eventLines(const Logged &logged)
{
    return Application(logged).write();
}

base::Result<void> writeEventLog(OutputFolder &folder, const Logged &logged, bool compress)
{
    const std::vector<std::string> lines = eventLines(logged);
    const std::string &id = logged.attempt.applicationId;
    const std::uint64_t form = base::stableHash(id) % 10;
    const bool open = logged.attempt.outcome == model::Outcome::Unknown || killed(logged);
    const bool zstd = compress && form != 9;
    const std::string codec = zstd ? ".zstd" : "";
    if (form >= 3 || lines.size() < 6)
        return folder.writeWhole("event_logs/" + id + codec + (open ? ".inprogress" : ""),
                                 joined(lines, 0, lines.size()), zstd);
    const std::string rolling = "event_logs/eventlog_v2_" + id + "/";
    const std::size_t parts = 2 + form % 2;
    for (std::size_t part = 0; part < parts; ++part)
        MULLIGAN_CHECK(folder.writeWhole(rolling + "events_" + std::to_string(part + 1) + "_" + id + codec,
                                         joined(lines, lines.size() * part / parts, lines.size() * (part + 1) / parts),
                                         zstd));
    return folder.writeWhole(rolling + "appstatus_" + id + (open ? ".inprogress" : ""), "");
}

} // namespace mulligan::synth
