#include "ingest/spark_events.hpp"

#include <algorithm>

namespace mulligan::ingest::spark
{

namespace
{

struct Known {
    std::string_view name;
    EventKind kind;
};

// By how often they come, since the search begins at the front.
constexpr std::array kKnown{
    Known{"SparkListenerTaskEnd", EventKind::TaskEnd},
    Known{"SparkListenerTaskStart", EventKind::Skipped},
    Known{"SparkListenerBlockUpdated", EventKind::Skipped},
    Known{"SparkListenerExecutorMetricsUpdate", EventKind::ExecutorMetricsUpdate},
    Known{"SparkListenerStageExecutorMetrics", EventKind::StageExecutorMetrics},
    Known{"SparkListenerStageSubmitted", EventKind::Skipped},
    Known{"SparkListenerStageCompleted", EventKind::StageCompleted},
    Known{"SparkListenerJobStart", EventKind::JobStart},
    Known{"SparkListenerJobEnd", EventKind::JobEnd},
    Known{"SparkListenerSQLExecutionStart", EventKind::SqlExecutionStart},
    Known{"SparkListenerSQLExecutionEnd", EventKind::SqlExecutionEnd},
    Known{"SparkListenerSQLAdaptiveExecutionUpdate", EventKind::Skipped},
    Known{"SparkListenerSQLAdaptiveSQLMetricUpdates", EventKind::Skipped},
    Known{"SparkListenerDriverAccumUpdates", EventKind::Skipped},
    Known{"SparkListenerExecutorAdded", EventKind::ExecutorAdded},
    Known{"SparkListenerExecutorRemoved", EventKind::ExecutorRemoved},
    Known{"SparkListenerLogStart", EventKind::LogStart},
    Known{"SparkListenerApplicationStart", EventKind::ApplicationStart},
    Known{"SparkListenerApplicationEnd", EventKind::ApplicationEnd},
    Known{"SparkListenerEnvironmentUpdate", EventKind::EnvironmentUpdate},
    Known{"SparkListenerResourceProfileAdded", EventKind::ResourceProfileAdded},
    Known{"QueryTerminatedEvent", EventKind::StreamingQueryTerminated},
    Known{"SparkListenerConnectOperationFailed", EventKind::ConnectOperationFailed},
    Known{"SparkListenerBlockManagerAdded", EventKind::Skipped},
    Known{"SparkListenerBlockManagerRemoved", EventKind::Skipped},
    Known{"SparkListenerUnpersistRDD", EventKind::Skipped},
    Known{"SparkListenerTaskGettingResult", EventKind::Skipped},
    Known{"SparkListenerSpeculativeTaskSubmitted", EventKind::Skipped},
    Known{"SparkListenerUnschedulableTaskSetAdded", EventKind::Skipped},
    Known{"SparkListenerUnschedulableTaskSetRemoved", EventKind::Skipped},
    Known{"SparkListenerMiscellaneousProcessAdded", EventKind::Skipped},
    Known{"SparkListenerExecutorBlacklisted", EventKind::Skipped},
    Known{"SparkListenerExecutorBlacklistedForStage", EventKind::Skipped},
    Known{"SparkListenerExecutorUnblacklisted", EventKind::Skipped},
    Known{"SparkListenerNodeBlacklisted", EventKind::Skipped},
    Known{"SparkListenerNodeBlacklistedForStage", EventKind::Skipped},
    Known{"SparkListenerNodeUnblacklisted", EventKind::Skipped},
    Known{"SparkListenerExecutorExcluded", EventKind::Skipped},
    Known{"SparkListenerExecutorExcludedForStage", EventKind::Skipped},
    Known{"SparkListenerExecutorUnexcluded", EventKind::Skipped},
    Known{"SparkListenerNodeExcluded", EventKind::Skipped},
    Known{"SparkListenerNodeExcludedForStage", EventKind::Skipped},
    Known{"SparkListenerNodeUnexcluded", EventKind::Skipped},
    Known{"QueryStartedEvent", EventKind::Skipped},
    Known{"QueryProgressEvent", EventKind::Skipped},
    Known{"QueryIdleEvent", EventKind::Skipped},
};

} // namespace

EventKind eventKind(std::string_view event)
{
    if (event.starts_with("org.apache.spark.sql.catalyst.catalog.")) // tables and databases made, altered, dropped
        return EventKind::Skipped;
    if (const std::size_t last = event.find_last_of(".$"); last != std::string_view::npos)
        event.remove_prefix(last + 1);
    const auto found =
        std::find_if(kKnown.begin(), kKnown.end(), [&](const Known &known) { return known.name == event; });
    if (found != kKnown.end())
        return found->kind;
    // The other events of Spark Connect: sessions and operations that came and went.
    return event.starts_with("SparkListenerConnect") ? EventKind::Skipped : EventKind::Unknown;
}

std::string_view eventAtFront(std::string_view line)
{
    constexpr std::string_view kFront = "{\"Event\":\"";
    if (!line.starts_with(kFront))
        return {};
    line.remove_prefix(kFront.size());
    const std::size_t end = line.find('"');
    if (end == std::string_view::npos || end > 256 || line.substr(0, end).find('\\') != std::string_view::npos)
        return {};
    return line.substr(0, end);
}

} // namespace mulligan::ingest::spark
