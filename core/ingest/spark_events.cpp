#include "ingest/spark_fields.hpp"

#include <algorithm>

namespace mulligan::ingest::spark
{

using formats::JsonCursor;
using Key = std::string_view;

namespace
{

constexpr std::size_t kMostStagesOfAJob = 10'000;

/// An id that some Spark versions write as a number and others as text.
std::optional<std::int64_t> idFromText(std::string_view text)
{
    if (text.empty() || text.size() > 18
        || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    return std::stoll(std::string(text));
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

base::Result<void> EventParser::parse(std::string_view line, SqlExecutionStart &event)
{
    return m_reader.readPadded(line, [&](Key key, JsonCursor &value) {
        if (key == "executionId")
            event.id = integerOf(value, -1);
        else if (key == "rootExecutionId")
            event.root = value.integer();
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
