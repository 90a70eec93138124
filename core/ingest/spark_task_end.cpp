#include "ingest/spark_fields.hpp"

namespace mulligan::ingest::spark
{

using formats::JsonCursor;
using Key = std::string_view;

namespace
{

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

TaskMetrics taskMetricsOf(JsonCursor &object)
{
    TaskMetrics metrics;
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
    return metrics;
}

/// Spark 1.x logged the metrics of a failed task with its failure: they go to `metrics`.
TaskFailure failureOf(JsonCursor &reason, TaskMetrics &metrics)
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
        else if (key == "Metrics")
            metrics = taskMetricsOf(value);
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
            task.attempt = integerOf(value, 1);
        else if (key == "Executor ID")
            task.executor = textOf(value);
        else if (key == "Host")
            task.host = textOf(value);
        else if (key == "Finish Time")
            task.time = timeOf(value);
    });
}

} // namespace

base::Result<void> EventParser::parse(std::string_view line, TaskEnd &event)
{
    return m_reader.readPadded(line, [&](Key key, JsonCursor &value) {
        if (key == "Stage ID")
            event.stage = integerOf(value, -1);
        else if (key == "Stage Attempt ID")
            event.stageAttempt = integerOf(value);
        else if (key == "Task End Reason")
            event.failure = failureOf(value, event.metrics);
        else if (key == "Task Info")
            readTaskInfo(value, event);
        else if (key == "Task Executor Metrics")
            event.peaks = peaksOf(value);
        else if (key == "Task Metrics") {
            if (const TaskMetrics metrics = taskMetricsOf(value); metrics.present)
                event.metrics = metrics;
        }
    });
}

} // namespace mulligan::ingest::spark
