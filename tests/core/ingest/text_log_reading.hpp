#pragma once

#include "collecting_sink.hpp"

#include "ingest/spark_log.hpp"
#include "ingest/yarn_log.hpp"

#include <QtGlobal>

#include <string>
#include <string_view>

namespace ingest_test
{

/// What came of reading one text.
struct ReadLog {
    CollectingSink sink;
    mulligan::base::Result<mulligan::ingest::SourceReport> report = mulligan::ingest::SourceReport();

    /// Its one attempt.
    [[nodiscard]] const mulligan::model::Attempt &only() const
    {
        if (!report)
            qFatal("%s", report.error().text().c_str());
        if (sink.attempts.size() != 1)
            qFatal("expected one attempt, not %d", static_cast<int>(sink.attempts.size()));
        return sink.attempts.front();
    }
};

/// Reads `text` from a file called `name`.
inline ReadLog readLog(std::string_view text, mulligan::ingest::Format format = mulligan::ingest::Format::SparkLog,
                       const std::string &name = "nightly.log", const mulligan::ingest::ReadOptions &options = {})
{
    Folder folder;
    ReadLog read;
    read.report = readFile(folder.write(name, text), format, read.sink, options);
    return read;
}

inline ReadLog readYarn(std::string_view text)
{
    return readLog(text, mulligan::ingest::Format::YarnLog);
}

/// A driver's log up to its first job, in Spark's own layout; what comes next is at 10:00:05 or later.
inline std::string driverHead()
{
    return "26/01/02 10:00:00 INFO SparkContext: Running Spark version 3.5.1\n"
           "26/01/02 10:00:00 INFO SparkContext: Submitted application: nightly_orders\n"
           "26/01/02 10:00:00 INFO SecurityManager: Changing view acls to: ada\n"
           "26/01/02 10:00:02 INFO StandaloneSchedulerBackend: Connected to Spark cluster with app ID "
           "app-20260102100001-0007\n"
           "26/01/02 10:00:04 INFO SparkContext: Starting job: count at Orders.scala:12\n"
           "26/01/02 10:00:04 INFO DAGScheduler: Got job 0 (count at Orders.scala:12) with 4 output partitions\n";
}

inline std::string driverStop()
{
    return "26/01/02 10:09:00 INFO SparkContext: SparkContext is stopping with exitCode 0 from stop at "
           "Orders.scala:20.\n"
           "26/01/02 10:09:01 INFO SparkContext: Successfully stopped SparkContext\n";
}

} // namespace ingest_test
