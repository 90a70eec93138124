#include "ingest/log_speakers.hpp"

#include "ingest/log_line.hpp"

#include <unordered_map>

namespace mulligan::ingest
{

LogSpeaker speakerOf(std::string_view shortName)
{
    using enum LogSpeaker;
    static const std::unordered_map<std::string_view, LogSpeaker> kSpeakers{
        {"SparkContext", Context},
        {"DAGScheduler", Jobs},
        {"TaskSetManager", Tasks},
        {"TaskSchedulerImpl", Tasks},
        {"YarnScheduler", Tasks},
        {"YarnClusterScheduler", Tasks},
        {"StandaloneSchedulerBackend", Cluster},
        {"SparkDeploySchedulerBackend", Cluster},
        {"StandaloneAppClient", Cluster},
        {"YarnAllocator", Cluster},
        {"YarnSchedulerBackend", Cluster},
        {"YarnClientSchedulerBackend", Cluster},
        {"YarnClusterSchedulerBackend", Cluster},
        {"KubernetesClusterSchedulerBackend", Cluster},
        {"ExecutorPodsAllocator", Cluster},
        {"ExecutorPodsLifecycleManager", Cluster},
        {"YarnClientImpl", YarnClient},
        {"Client", YarnClient},
        {"ApplicationMaster", YarnMaster},
        {"ExecutorLauncher", YarnMaster},
        {"CoarseGrainedExecutorBackend", ExecutorBackend},
        {"YarnCoarseGrainedExecutorBackend", ExecutorBackend},
        {"KubernetesExecutorBackend", ExecutorBackend},
        {"LoggingPodStatusWatcherImpl", PodWatcher},
        {"SecurityManager", Security},
        {"ResourceProfile", Profiles},
        {"SparkUncaughtExceptionHandler", Uncaught},
        {"SparkEnv", Known},
        {"SparkConf", Known},
        {"SparkSubmit", Known},
        {"SparkUI", Known},
        {"SparkHadoopUtil", Known},
        {"SparkHadoopMapRedUtil", Known},
        {"BlockManager", Known},
        {"BlockManagerInfo", Known},
        {"BlockManagerMaster", Known},
        {"BlockManagerMasterEndpoint", Known},
        {"MemoryStore", Known},
        {"DiskBlockManager", Known},
        {"MapOutputTrackerMaster", Known},
        {"MapOutputTrackerMasterEndpoint", Known},
        {"MapOutputTrackerWorker", Known},
        {"OutputCommitCoordinator", Known},
        {"ShuffleBlockFetcherIterator", Known},
        {"TorrentBroadcast", Known},
        {"NettyBlockTransferService", Known},
        {"TransportClientFactory", Known},
        {"ResourceProfileManager", Known},
        {"ContextCleaner", Known},
        {"CodeGenerator", Known},
        {"HadoopRDD", Known},
        {"PythonRunner", Known},
        {"FileSourceScanExec", Known},
        {"FileScanRDD", Known},
        {"SparkKubernetesClientFactory", Known},
        {"KubernetesUtils", Known},
        {"DriverLogger", Known},
        {"SparkSQLEngine", Known},
        {"SharedState", Known},
        {"HeartbeatReceiver", Known},
        {"MicroBatchExecution", Known},
    };
    const auto found = kSpeakers.find(shortName);
    return found == kSpeakers.end() ? LogSpeaker::Other : found->second;
}

bool speaksForSpark(std::string_view logger, std::string_view message)
{
    for (const std::string_view root : {"org.apache.spark.", "o.a.s.", "org.apache.hadoop.yarn.client.", "spark.",
                                        "yarn.", "scheduler.cluster.", "org.sparkproject."}) {
        if (logger.starts_with(root))
            return true;
    }
    const std::string_view name = shortLogger(logger);
    if (name == "Client") // a name that others use too
        return message.starts_with("Application report for application_")
               || message.starts_with("Requesting a new application") || message.starts_with("Submitting application ");
    if (name == "BlockManager" || name == "SecurityManager" || name == "HeartbeatReceiver")
        return false;
    return speakerOf(name) != LogSpeaker::Other;
}

} // namespace mulligan::ingest
