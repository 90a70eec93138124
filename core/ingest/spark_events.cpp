#include "ingest/spark_events.hpp"

#include <algorithm>

namespace mulligan::ingest::spark
{

using formats::JsonCursor;
using Key = std::string_view;

namespace
{

constexpr std::size_t kMostStagesOfAJob = 10'000;

std::string_view textOf(JsonCursor &value)
{
    return value.string().value_or(std::string_view());
}

std::int64_t integerOf(JsonCursor &value, std::int64_t fallback = 0)
{
    return value.integer().value_or(fallback);
}

/// A quantity: finite and never negative, whatever the log says.
double amountOf(JsonCursor &value)
{
    const double number = value.number().value_or(0.0);
    return number > 0.0 && number < 1e18 ? number : 0.0;
}

/// Epoch milliseconds up to the end of the year 9999; 0 for anything else.
TimeMs timeOf(JsonCursor &value)
{
    constexpr TimeMs kLatest = 253'402'300'799'999;
    const std::int64_t time = value.integer().value_or(0);
    return time > 0 && time <= kLatest ? time : 0;
}

/// An id that some Spark versions write as a number and others as text.
std::optional<std::int64_t> idFromText(std::string_view text)
{
    if (text.empty() || text.size() > 18
        || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    return std::stoll(std::string(text));
}

MemoryPeaks peaksOf(JsonCursor &metrics)
{
    MemoryPeaks peaks;
    metrics.members([&](Key key, JsonCursor &value) {
        if (key == "JVMHeapMemory")
            peaks.heap = amountOf(value);
        else if (key == "JVMOffHeapMemory" || key == "OffHeapUnifiedMemory" || key == "DirectPoolMemory")
            peaks.offHeap += amountOf(value);
        else if (key == "ProcessTreeJVMRSSMemory" || key == "ProcessTreePythonRSSMemory"
                 || key == "ProcessTreeOtherRSSMemory")
            peaks.rss += amountOf(value);
    });
    return peaks;
}

struct Frame {
    std::string_view declaringClass, method, file;
    std::int64_t line = -1;
};

Frame frameOf(JsonCursor &item)
{
    Frame frame;
    item.members([&](Key key, JsonCursor &value) {
        if (key == "Declaring Class")
            frame.declaringClass = textOf(value);
        else if (key == "Method Name")
            frame.method = textOf(value);
        else if (key == "File Name")
            frame.file = textOf(value);
        else if (key == "Line Number")
            frame.line = integerOf(value, -1);
    });
    return frame;
}

/// The frames as a JVM prints them.
std::string framesOf(JsonCursor &stackTrace)
{
    std::string text;
    stackTrace.items([&](JsonCursor &item) {
        const Frame frame = frameOf(item);
        text.append("\n\tat ").append(frame.declaringClass).append(".").append(frame.method).append("(");
        text.append(frame.file.empty() ? "Unknown Source" : frame.file);
        if (!frame.file.empty() && frame.line >= 0)
            text.append(":").append(std::to_string(frame.line));
        text.append(")");
    });
    return text;
}

std::string addressOf(JsonCursor &value)
{
    std::string_view executor, host;
    std::int64_t port = -1;
    const bool given = value.members([&](Key key, JsonCursor &member) {
        if (key == "Executor ID")
            executor = textOf(member);
        else if (key == "Host")
            host = textOf(member);
        else if (key == "Port")
            port = integerOf(member, -1);
    });
    if (!given)
        return "null";
    std::string text("BlockManagerId(");
    text.append(executor).append(", ").append(host).append(", ").append(std::to_string(port)).append(")");
    return text;
}

TaskEndReason reasonFromName(std::string_view text)
{
    if (text == "Success")
        return TaskEndReason::Success;
    if (text == "ExceptionFailure")
        return TaskEndReason::ExceptionFailure;
    if (text == "FetchFailed")
        return TaskEndReason::FetchFailed;
    if (text == "ExecutorLostFailure")
        return TaskEndReason::ExecutorLostFailure;
    return TaskEndReason::Other;
}

void readFetch(Key key, JsonCursor &value, TaskFailure &failure)
{
    if (key == "Block Manager Address")
        failure.address = addressOf(value);
    else if (key == "Shuffle ID")
        failure.shuffle = integerOf(value, -1);
    else if (key == "Map ID")
        failure.mapId = integerOf(value, -1);
    else if (key == "Map Index")
        failure.mapIndex = integerOf(value, -1);
    else if (key == "Reduce ID")
        failure.reduceId = integerOf(value, -1);
    else if (key == "Message")
        failure.message = textOf(value);
}

TaskFailure failureOf(JsonCursor &reason)
{
    TaskFailure failure;
    failure.reason = TaskEndReason::Other;
    std::string frames;
    reason.members([&](Key key, JsonCursor &value) {
        if (key == "Reason")
            failure.reason = reasonFromName(textOf(value));
        else if (key == "Class Name")
            failure.className = textOf(value);
        else if (key == "Description")
            failure.description = textOf(value);
        else if (key == "Stack Trace")
            frames = framesOf(value);
        else if (key == "Full Stack Trace")
            failure.fullTrace = textOf(value);
        else if (key == "Executor ID")
            failure.executor = textOf(value);
        else if (key == "Loss Reason")
            failure.lossReason = textOf(value);
        else if (key == "Exit Caused By App")
            failure.causedByApp = value.boolean().value_or(true);
        else
            readFetch(key, value, failure);
    });
    if (failure.reason == TaskEndReason::ExceptionFailure && failure.fullTrace.empty()) {
        failure.fullTrace = failure.className;
        if (!failure.description.empty())
            failure.fullTrace.append(failure.fullTrace.empty() ? "" : ": ").append(failure.description);
        failure.fullTrace += frames;
    }
    return failure;
}

void readTaskInfo(JsonCursor &info, TaskEnd &task)
{
    info.members([&](Key key, JsonCursor &value) {
        if (key == "Index")
            task.index = integerOf(value, -1);
        else if (key == "Attempt")
            task.attempt = integerOf(value);
        else if (key == "Executor ID")
            task.executor = textOf(value);
        else if (key == "Host")
            task.host = textOf(value);
        else if (key == "Finish Time")
            task.time = timeOf(value);
    });
}

/// Sum of the members named.
double sumOf(JsonCursor &object, Key first, Key second = {})
{
    double sum = 0.0;
    object.members([&](Key key, JsonCursor &value) {
        if (key == first || (!second.empty() && key == second))
            sum += amountOf(value);
    });
    return sum;
}

void readTaskMetrics(JsonCursor &object, TaskMetrics &metrics)
{
    metrics.present = object.members([&](Key key, JsonCursor &value) {
        if (key == "Executor Run Time")
            metrics.runMs = amountOf(value);
        else if (key == "Executor CPU Time") {
            metrics.cpuNs = amountOf(value);
            metrics.cpuPresent = true;
        } else if (key == "Peak Execution Memory")
            metrics.peakExecution = amountOf(value);
        else if (key == "Result Size")
            metrics.resultBytes = amountOf(value);
        else if (key == "JVM GC Time")
            metrics.gcMs = amountOf(value);
        else if (key == "Memory Bytes Spilled")
            metrics.memorySpilled = amountOf(value);
        else if (key == "Disk Bytes Spilled")
            metrics.diskSpilled = amountOf(value);
        else if (key == "Shuffle Read Metrics")
            metrics.shuffleRead = sumOf(value, "Remote Bytes Read", "Local Bytes Read");
        else if (key == "Shuffle Write Metrics")
            metrics.shuffleWrite = sumOf(value, "Shuffle Bytes Written");
        else if (key == "Input Metrics")
            metrics.input = sumOf(value, "Bytes Read");
        else if (key == "Output Metrics")
            metrics.output = sumOf(value, "Bytes Written");
    });
}

void readRequest(Key name, JsonCursor &request, ResourceProfile &profile)
{
    const double amount = sumOf(request, "Amount");
    if (name == "memory")
        profile.memoryMib = amount;
    else if (name == "memoryOverhead")
        profile.overheadMib = amount;
    else if (name == "offHeap")
        profile.offHeapMib = amount;
    else if (name == "pyspark.memory")
        profile.pysparkMib = amount;
}

} // namespace

void MemoryPeaks::raise(const MemoryPeaks &other)
{
    heap = std::max(heap, other.heap);
    offHeap = std::max(offHeap, other.offHeap);
    rss = std::max(rss, other.rss);
}

base::Result<std::string_view> EventParser::eventName(std::string_view line)
{
    std::string_view name;
    MULLIGAN_CHECK(m_reader.readPadded(line, [&](Key key, JsonCursor &value) {
        if (key == "Event")
            name = textOf(value);
    }));
    return name;
}

base::Result<void> EventParser::parse(std::string_view line, LogStart &event)
{
    return m_reader.readPadded(line, [&](Key key, JsonCursor &value) {
        if (key == "Spark Version")
            event.version = textOf(value);
    });
}

base::Result<void> EventParser::parse(std::string_view line, ApplicationStart &event)
{
    return m_reader.readPadded(line, [&](Key key, JsonCursor &value) {
        if (key == "App Name")
            event.name = textOf(value);
        else if (key == "App ID")
            event.id = textOf(value);
        else if (key == "App Attempt ID")
            event.attempt = textOf(value);
        else if (key == "User")
            event.user = textOf(value);
        else if (key == "Timestamp")
            event.time = timeOf(value);
    });
}

base::Result<void> EventParser::parse(std::string_view line, ApplicationEnd &event)
{
    return m_reader.readPadded(line, [&](Key key, JsonCursor &value) {
        if (key == "Timestamp")
            event.time = timeOf(value);
        else if (key == "ExitCode" || key == "Exit Code")
            event.exitCode = value.integer();
    });
}

base::Result<void> EventParser::parse(std::string_view line, EnvironmentUpdate &event)
{
    return m_reader.readPadded(line, [&](Key key, JsonCursor &value) {
        if (key != "Spark Properties")
            return;
        value.members([&](Key name, JsonCursor &property) {
            const auto text = property.string();
            if (text && name.starts_with("spark."))
                event.properties.emplace_back(name, *text);
        });
    });
}

base::Result<void> EventParser::parse(std::string_view line, ResourceProfile &event)
{
    return m_reader.readPadded(line, [&](Key key, JsonCursor &value) {
        if (key == "Resource Profile Id")
            event.id = integerOf(value);
        else if (key == "Executor Resource Requests")
            value.members([&](Key name, JsonCursor &request) { readRequest(name, request, event); });
    });
}

base::Result<void> EventParser::parse(std::string_view line, ExecutorAdded &event)
{
    return m_reader.readPadded(line, [&](Key key, JsonCursor &value) {
        if (key == "Executor ID")
            event.id = textOf(value);
        else if (key == "Timestamp")
            event.time = timeOf(value);
        else if (key == "Executor Info")
            value.members([&](Key name, JsonCursor &member) {
                if (name == "Total Cores")
                    event.cores = amountOf(member);
                else if (name == "Resource Profile Id")
                    event.profile = integerOf(member);
            });
    });
}

base::Result<void> EventParser::parse(std::string_view line, ExecutorRemoved &event)
{
    return m_reader.readPadded(line, [&](Key key, JsonCursor &value) {
        if (key == "Executor ID")
            event.id = textOf(value);
        else if (key == "Timestamp")
            event.time = timeOf(value);
        else if (key == "Removed Reason")
            event.reason = textOf(value);
    });
}

base::Result<void> EventParser::parse(std::string_view line, ExecutorMetrics &event)
{
    return m_reader.readPadded(line, [&](Key key, JsonCursor &value) {
        if (key == "Executor ID")
            event.id = textOf(value);
        else if (key == "Executor Metrics")
            event.peaks.raise(peaksOf(value));
        else if (key == "Executor Metrics Updated")
            value.items([&](JsonCursor &update) {
                update.members([&](Key name, JsonCursor &member) {
                    if (name == "Executor Metrics")
                        event.peaks.raise(peaksOf(member));
                });
            });
    });
}

base::Result<void> EventParser::parse(std::string_view line, JobStart &event)
{
    return m_reader.readPadded(line, [&](Key key, JsonCursor &value) {
        if (key == "Job ID")
            event.id = integerOf(value, -1);
        else if (key == "Submission Time")
            event.time = timeOf(value);
        else if (key == "Stage IDs")
            value.items([&](JsonCursor &item) {
                if (const auto stage = item.integer(); stage && event.stages.size() < kMostStagesOfAJob)
                    event.stages.push_back(static_cast<std::int32_t>(*stage));
            });
        else if (key == "Properties")
            value.members([&](Key name, JsonCursor &property) {
                if (name == "spark.sql.execution.id")
                    event.sqlExecution = idFromText(textOf(property));
            });
    });
}

base::Result<void> EventParser::parse(std::string_view line, JobEnd &event)
{
    return m_reader.readPadded(line, [&](Key key, JsonCursor &value) {
        if (key == "Job ID")
            event.id = integerOf(value, -1);
        else if (key == "Completion Time")
            event.time = timeOf(value);
        else if (key == "Job Result")
            value.members([&](Key name, JsonCursor &member) {
                if (name == "Result")
                    event.failed = textOf(member) == "JobFailed";
                else if (name == "Exception")
                    member.members([&](Key part, JsonCursor &text) {
                        if (part == "Message")
                            event.message = textOf(text);
                    });
            });
    });
}

base::Result<void> EventParser::parse(std::string_view line, StageCompleted &event)
{
    return m_reader.readPadded(line, [&](Key key, JsonCursor &value) {
        if (key != "Stage Info")
            return;
        value.members([&](Key name, JsonCursor &member) {
            if (name == "Stage ID")
                event.id = integerOf(member, -1);
            else if (name == "Stage Attempt ID")
                event.attempt = integerOf(member);
            else if (name == "Stage Name")
                event.name = textOf(member);
            else if (name == "Completion Time")
                event.time = timeOf(member);
            else if (name == "Failure Reason")
                event.failure = textOf(member);
        });
    });
}

base::Result<void> EventParser::parse(std::string_view line, TaskEnd &event)
{
    return m_reader.readPadded(line, [&](Key key, JsonCursor &value) {
        if (key == "Stage ID")
            event.stage = integerOf(value, -1);
        else if (key == "Stage Attempt ID")
            event.stageAttempt = integerOf(value);
        else if (key == "Task End Reason")
            event.failure = failureOf(value);
        else if (key == "Task Info")
            readTaskInfo(value, event);
        else if (key == "Task Executor Metrics")
            event.peaks = peaksOf(value);
        else if (key == "Task Metrics")
            readTaskMetrics(value, event.metrics);
    });
}

base::Result<void> EventParser::parse(std::string_view line, SqlExecutionStart &event)
{
    return m_reader.readPadded(line, [&](Key key, JsonCursor &value) {
        if (key == "executionId")
            event.id = integerOf(value, -1);
        else if (key == "time")
            event.time = timeOf(value);
        else if (key == "description")
            event.description = textOf(value);
    });
}

base::Result<void> EventParser::parse(std::string_view line, SqlExecutionEnd &event)
{
    return m_reader.readPadded(line, [&](Key key, JsonCursor &value) {
        if (key == "executionId")
            event.id = integerOf(value, -1);
        else if (key == "time")
            event.time = timeOf(value);
        else if (key == "errorMessage")
            event.error = value.string();
    });
}

base::Result<void> EventParser::parse(std::string_view line, StreamingQueryTerminated &event)
{
    return m_reader.readPadded(line, [&](Key key, JsonCursor &value) {
        if (key == "id")
            event.id = textOf(value);
        else if (key == "runId")
            event.runId = textOf(value);
        else if (key == "exception")
            event.exception = textOf(value);
    });
}

base::Result<void> EventParser::parse(std::string_view line, ConnectOperationFailed &event)
{
    return m_reader.readPadded(line, [&](Key key, JsonCursor &value) {
        if (key == "operationId")
            event.id = textOf(value);
        else if (key == "errorMessage")
            event.error = textOf(value);
        else if (key == "eventTime")
            event.time = timeOf(value);
    });
}

} // namespace mulligan::ingest::spark
