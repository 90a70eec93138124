#pragma once

#include <string_view>

namespace mulligan::ingest
{

/// Which part of Spark or Hadoop wrote a record, as far as its records tell facts.
enum class LogSpeaker {
    Other,           ///< not one of Spark's, or one with a name that others use too
    Known,           ///< a class of Spark's that tells nothing further
    Context,         ///< SparkContext
    Jobs,            ///< DAGScheduler
    Tasks,           ///< the schedulers of tasks
    Cluster,         ///< the scheduler backends and what watches executors
    YarnClient,      ///< the client that submits to YARN
    YarnMaster,      ///< the application master
    ExecutorBackend, ///< an executor's own process
    PodWatcher,      ///< what follows the driver's pod
    Security,        ///< SecurityManager
    Profiles,        ///< ResourceProfile
    Uncaught,        ///< SparkUncaughtExceptionHandler
};

/// By the class's own name (shortLogger).
[[nodiscard]] LogSpeaker speakerOf(std::string_view shortName);

/// Whether the logger and message can only be Spark's (or its YARN parts'), so that the log is one of Spark's.
[[nodiscard]] bool speaksForSpark(std::string_view logger, std::string_view message);

} // namespace mulligan::ingest
