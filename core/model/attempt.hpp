#pragma once

#include "base/instant.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace mulligan::model
{

enum class Outcome { Succeeded, Failed, Killed, Unknown };
/// What started an attempt. `Unset`: the data do not say (see `history.hpp` for how it is then inferred).
enum class Trigger { Unset, Scheduled, AutoRetry, Manual };
/// Where an attempt's cost in dollars came from, best first.
enum class CostSource {
    None,                ///< nothing to go by
    Logged,              ///< `cost_usd` in the data
    ResourceSeconds,     ///< vcore and memory seconds times the price book
    DurationTimesRequest ///< duration times requested resources times the price book
};

/// Spark properties and the like, by name.
using Config = std::map<std::string, std::string>;
/// Measured quantities by name (see `metric` below); an absent key means "not collected".
using Metrics = std::map<std::string, double>;

/// Names of the metrics every reader uses. Bytes, seconds or counts as the name says; totals over the attempt unless
/// the name says peak.
namespace metric
{
inline constexpr std::string_view kPeakHeapBytes = "peak_heap_bytes";        ///< largest executor JVM heap
inline constexpr std::string_view kPeakOffHeapBytes = "peak_off_heap_bytes"; ///< largest executor off-heap + direct
inline constexpr std::string_view kPeakRssBytes = "peak_rss_bytes";          ///< largest executor process tree
inline constexpr std::string_view kPeakDriverHeapBytes = "peak_driver_heap_bytes";
inline constexpr std::string_view kPeakExecutionBytes = "peak_execution_bytes"; ///< largest task execution memory
inline constexpr std::string_view kInputBytes = "input_bytes";
inline constexpr std::string_view kOutputBytes = "output_bytes";
inline constexpr std::string_view kShuffleReadBytes = "shuffle_read_bytes";
inline constexpr std::string_view kShuffleWriteBytes = "shuffle_write_bytes";
inline constexpr std::string_view kMemorySpilledBytes = "memory_spilled_bytes";
inline constexpr std::string_view kDiskSpilledBytes = "disk_spilled_bytes";
inline constexpr std::string_view kGcSeconds = "gc_seconds";
inline constexpr std::string_view kCpuSeconds = "cpu_seconds";
inline constexpr std::string_view kRunSeconds = "run_seconds"; ///< sum over tasks
inline constexpr std::string_view kTasks = "tasks";
inline constexpr std::string_view kFailedTasks = "failed_tasks";
inline constexpr std::string_view kJobs = "jobs"; ///< Spark jobs begun, not jobs in the sense of this program
inline constexpr std::string_view kFailedJobs = "failed_jobs";
inline constexpr std::string_view kSqlExecutions = "sql_executions"; ///< nested ones are part of their root
inline constexpr std::string_view kFailedSql = "failed_sql";         ///< absent where the log does not say
inline constexpr std::string_view kLostExecutors = "lost_executors";
inline constexpr std::string_view kExecutors = "executors";
inline constexpr std::string_view kResultBytes = "result_bytes";
/// 1 where part of the attempt's record is known to be missing (compacted, or a part was lost): its episode is kept out
/// of rates by default, and what would be too low is left out.
inline constexpr std::string_view kHistoryIncomplete = "history_incomplete";
} // namespace metric

/// One physical try of a run: the record every reader makes (design.md, section 4).
struct Attempt {
    std::string job;
    std::string run;
    int attempt = 1; ///< 1-based
    Outcome outcome = Outcome::Unknown;
    base::Instant startedAt;
    base::Instant endedAt; ///< not before startedAt

    std::string workflow;
    std::string owner;
    std::string team;
    std::string cluster;
    std::string queue;
    std::string applicationId;
    Trigger trigger = Trigger::Unset;
    std::optional<int> exitCode;
    std::string errorText; ///< whole text of the failure, redacted, UTF-8
    std::string rootCause; ///< deepest cause found by the reader, else empty (text/root_cause.hpp finds it then)
    Config config;
    Metrics metrics;
    std::optional<double> vcoreSeconds;    ///< ≥ 0
    std::optional<double> memoryGbSeconds; ///< GiB-seconds, ≥ 0
    std::optional<double> costUsd;         ///< ≥ 0
    CostSource costSource = CostSource::None;
    std::optional<double> manualMinutes;     ///< ≥ 0
    std::string action;                      ///< what the policy in force chose after this attempt, as logged
    std::optional<double> actionProbability; ///< in (0, 1]
    std::string policyVersion;

    bool operator==(const Attempt &) const = default;
};

[[nodiscard]] std::string_view name(Outcome outcome);
[[nodiscard]] std::string_view name(Trigger trigger); ///< empty for Unset
[[nodiscard]] std::string_view name(CostSource source);
[[nodiscard]] std::optional<Outcome> outcomeFromName(std::string_view text);
[[nodiscard]] std::optional<Trigger> triggerFromName(std::string_view text);
[[nodiscard]] std::optional<CostSource> costSourceFromName(std::string_view text);

} // namespace mulligan::model
