#pragma once

#include "base/result.hpp"
#include "formats/json_cursor.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Lines of a Spark event log as values (source: Spark's JsonProtocol). Every field is optional, as Spark's promise of
/// compatibility has it. String views live until the reader's next line.
namespace mulligan::ingest::spark
{

enum class EventKind {
    Unknown, ///< not of Spark as we know it
    Skipped, ///< known, and holds nothing we need
    LogStart,
    ApplicationStart,
    ApplicationEnd,
    EnvironmentUpdate,
    ResourceProfileAdded,
    ExecutorAdded,
    ExecutorRemoved,
    ExecutorMetricsUpdate,
    StageExecutorMetrics,
    JobStart,
    JobEnd,
    StageCompleted,
    TaskEnd,
    SqlExecutionStart,
    SqlExecutionEnd,
    StreamingQueryTerminated,
    ConnectOperationFailed
};

/// Kind by the value of "Event": a short class name, or a full one, of which the last part counts.
[[nodiscard]] EventKind eventKind(std::string_view event);
/// Value of "Event" where the line begins with it, as Spark writes it, without parsing; "" otherwise.
[[nodiscard]] std::string_view eventAtFront(std::string_view line);

/// Value of a time field, epoch milliseconds; 0: absent.
using TimeMs = std::int64_t;

/// Peaks of one executor or the driver. Bytes; 0: not collected.
struct MemoryPeaks {
    double heap = 0.0;
    double offHeap = 0.0; ///< non-heap of the JVM, direct buffers and Spark's off-heap
    double rss = 0.0;     ///< resident memory of the process tree

    /// Keeps the larger of both for each.
    void raise(const MemoryPeaks &other);
};

struct LogStart {
    std::string_view version;
};
struct ApplicationStart {
    std::string_view name, id, attempt, user;
    TimeMs time = 0;
};
struct ApplicationEnd {
    TimeMs time = 0;
    std::optional<std::int64_t> exitCode;
};
struct EnvironmentUpdate {
    std::vector<std::pair<std::string, std::string>> properties; ///< of Spark
};
struct ResourceProfile {
    std::int64_t id = 0;
    double memoryMib = 0.0; ///< heap; 0: not asked for
    std::optional<double> overheadMib;
    double offHeapMib = 0.0;
    double pysparkMib = 0.0;
};
struct ExecutorAdded {
    std::string_view id;
    TimeMs time = 0;
    double cores = 0.0;
    std::int64_t profile = 0;
};
struct ExecutorRemoved {
    std::string_view id, reason;
    TimeMs time = 0;
};
struct ExecutorMetrics {
    std::string_view id;
    MemoryPeaks peaks;
};
struct JobStart {
    std::int64_t id = -1;
    TimeMs time = 0;
    std::vector<std::int32_t> stages;
    std::optional<std::int64_t> sqlExecution;
};
struct JobEnd {
    std::int64_t id = -1;
    TimeMs time = 0;
    bool failed = false;
    std::string_view message; ///< of the exception
};
struct StageCompleted {
    std::int64_t id = -1;
    std::int64_t attempt = 0;
    TimeMs time = 0;
    std::string_view name;
    std::string_view failure; ///< "" when it succeeded
};

enum class TaskEndReason { Success, ExceptionFailure, FetchFailed, ExecutorLostFailure, Other };
struct TaskFailure {
    TaskEndReason reason = TaskEndReason::Success;
    std::string_view className, description; ///< ExceptionFailure
    std::string fullTrace;                   ///< ExceptionFailure: as logged, else put together from its frames
    std::string_view message;                ///< FetchFailed
    std::string address;                     ///< FetchFailed: "BlockManagerId(1, host, 4040)", or "null"
    std::int64_t shuffle = -1, mapId = -1, mapIndex = -1, reduceId = -1; ///< FetchFailed
    std::string_view executor;                                           ///< ExecutorLostFailure: the lost one
    std::string_view lossReason;                                         ///< ExecutorLostFailure
    bool causedByApp = true;                                             ///< ExecutorLostFailure
};
struct TaskMetrics {
    bool present = false;
    bool cpuPresent = false;
    double runMs = 0.0, cpuNs = 0.0, gcMs = 0.0, resultBytes = 0.0;
    double memorySpilled = 0.0, diskSpilled = 0.0, peakExecution = 0.0;
    double shuffleRead = 0.0, shuffleWrite = 0.0, input = 0.0, output = 0.0;
};
struct TaskEnd {
    std::int64_t stage = -1;
    std::int64_t stageAttempt = 0;
    std::int64_t index = -1;
    std::int64_t attempt = 1; ///< where the log does not say, as Spark itself reads it
    TimeMs time = 0;
    std::string_view executor, host;
    TaskFailure failure;
    TaskMetrics metrics;
    MemoryPeaks peaks;
};
struct SqlExecutionStart {
    std::int64_t id = -1;
    std::optional<std::int64_t> root; ///< the execution it is part of, itself when it stands alone (Spark 3.4 on)
    TimeMs time = 0;
    std::string_view description;
};
struct SqlExecutionEnd {
    std::int64_t id = -1;
    TimeMs time = 0;
    std::optional<std::string_view> error; ///< "": it succeeded; nothing: the log does not say
};
struct StreamingQueryTerminated {
    std::string_view id, runId, exception; ///< no exception: it ended well
};
struct ConnectOperationFailed {
    std::string_view id, error;
    TimeMs time = 0;
};

/// Parses lines of the kinds above. `line` must have formats::kJsonPadding readable bytes behind it. Errors: Parse.
class EventParser
{
public:
    /// Value of "Event" wherever it stands in the object, "" without one.
    [[nodiscard]] base::Result<std::string_view> eventName(std::string_view line);
    [[nodiscard]] base::Result<void> parse(std::string_view line, LogStart &event);
    [[nodiscard]] base::Result<void> parse(std::string_view line, ApplicationStart &event);
    [[nodiscard]] base::Result<void> parse(std::string_view line, ApplicationEnd &event);
    [[nodiscard]] base::Result<void> parse(std::string_view line, EnvironmentUpdate &event);
    [[nodiscard]] base::Result<void> parse(std::string_view line, ResourceProfile &event);
    [[nodiscard]] base::Result<void> parse(std::string_view line, ExecutorAdded &event);
    [[nodiscard]] base::Result<void> parse(std::string_view line, ExecutorRemoved &event);
    [[nodiscard]] base::Result<void> parse(std::string_view line, ExecutorMetrics &event);
    [[nodiscard]] base::Result<void> parse(std::string_view line, JobStart &event);
    [[nodiscard]] base::Result<void> parse(std::string_view line, JobEnd &event);
    [[nodiscard]] base::Result<void> parse(std::string_view line, StageCompleted &event);
    [[nodiscard]] base::Result<void> parse(std::string_view line, TaskEnd &event);
    [[nodiscard]] base::Result<void> parse(std::string_view line, SqlExecutionStart &event);
    [[nodiscard]] base::Result<void> parse(std::string_view line, SqlExecutionEnd &event);
    [[nodiscard]] base::Result<void> parse(std::string_view line, StreamingQueryTerminated &event);
    [[nodiscard]] base::Result<void> parse(std::string_view line, ConnectOperationFailed &event);

private:
    formats::JsonReader m_reader;
};

} // namespace mulligan::ingest::spark
