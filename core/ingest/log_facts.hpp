#pragma once

#include "base/instant.hpp"
#include "ingest/log_ids.hpp"
#include "ingest/log_kills.hpp"
#include "model/attempt.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace mulligan::ingest
{

/// How an authority says that the application ended.
enum class LogEnd { Unsaid, Succeeded, Failed, Killed };

/// What the lines of one process's log tell of its application. Line numbers are 1-based, 0 says never.
struct LogFacts {
    LogApplication application;
    bool certain = false;  ///< the application was named as this log's own
    std::string submitted; ///< id of the application that the log's client submitted
    std::string name;      ///< the application's own
    std::string user;      ///< who runs it
    std::string queue;     ///< of YARN
    model::Config config;

    bool driver = false;    ///< it is a driver's log
    bool executor = false;  ///< it is an executor's
    bool started = false;   ///< a Spark context began
    bool begun = false;     ///< it is known to hold its process's begin
    bool master = false;    ///< it is an application master's, which named its own attempt
    bool mapReduce = false; ///< it is of Hadoop's MapReduce, not of Spark
    bool launcher = false;  ///< it is the application master of a driver that runs elsewhere

    LogEnd end = LogEnd::Unsaid;  ///< YARN's final status
    std::uint64_t endAt = 0;      ///< where it stands
    std::string endReason;        ///< the reason or diagnostics given with it, at most 16 KiB
    LogEnd pod = LogEnd::Unsaid;  ///< phase of the driver's pod
    std::optional<int> exitCode;  ///< of the driver's process
    std::optional<int> stopCode;  ///< the driver's context stopped with it
    std::optional<int> ranWith;   ///< exit code that whoever ran the driver's command says behind the log
    KillSign kill;                ///< of the driver's own process or container
    KillSign executorKill;        ///< weightiest of its executors'
    std::uint64_t uncaughtAt = 0; ///< last exception that reached the top of the driver
    std::uint64_t activityAt = 0; ///< last job that began or ended well
    std::uint64_t jobFailedAt = 0;
    std::uint64_t stoppedAt = 0; ///< the context has stopped
    std::uint64_t signalAt = 0;  ///< the process was told to end by a signal
    bool shutDown = false;       ///< the process's shutdown hook ran
    bool exitAfterError = false; ///< the process ended right behind an error of its program, as System.exit ends it
    std::uint64_t limitAt = 0;   ///< somebody says that a time limit ended it

    std::uint64_t lostExecutors = 0;
    std::uint64_t failedTasks = 0;
    std::uint64_t failedJobs = 0;

    std::uint64_t records = 0;
    std::string mark;                   ///< what the driver says early of itself that no other has: its port, or folder
    std::optional<base::Instant> first; ///< of the first record with a time
    std::optional<base::Instant> last;  ///< of the last one
    bool unzoned = false;               ///< a time had no zone
    bool backwards = false;             ///< the last time is before the first
};

} // namespace mulligan::ingest
