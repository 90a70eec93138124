#include "ingest/container_logs.hpp"

#include "ingest/find_sources.hpp"
#include "ingest/recognise.hpp"
#include "text_log_reading.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

// Every log below is synthetic, in the words of Hadoop's own classes.

namespace
{

const std::string kIds = "1448006111297_0138";
const std::string kJobImpl = "org.apache.hadoop.mapreduce.v2.app.job.impl.JobImpl: job_" + kIds + "Job ";

std::string nameOf(int number, int attempt = 1)
{
    char id[80];
    std::snprintf(id, sizeof id, "container_%s_%02d_%06d", kIds.c_str(), attempt, number);
    return id;
}

std::string record(const std::string &clock, const std::string &rest, const std::string &level = "INFO")
{
    return "2026-01-02 " + clock + ",120 " + level + " [main] " + rest + "\n";
}

std::string masterHead(int attempt = 1)
{
    return record("10:00:00",
                  "org.apache.hadoop.mapreduce.v2.app.MRAppMaster: Created MRAppMaster for application appattempt_"
                      + kIds + "_00000" + std::to_string(attempt))
           + record("10:00:01", "org.apache.hadoop.yarn.client.RMProxy: Connecting to ResourceManager at rm1:8030")
           + record("10:00:01", "org.apache.hadoop.mapreduce.v2.app.rm.RMContainerAllocator: queue: nightly")
           + record("10:00:02",
                    "org.apache.hadoop.mapreduce.jobhistory.JobHistoryEventHandler: Event Writer setup for JobId: job_"
                        + kIds + ", File: hdfs://nn1:8020/tmp/hadoop-yarn/staging/ada/.staging/job_" + kIds + "/job_"
                        + kIds + "_1.jhist")
           + record("10:00:03", kJobImpl + "Transitioned from SETUP to RUNNING");
}

/// How a job ended: its last states and the name of the file that keeps its history.
std::string masterEnd(const std::string &state)
{
    return record("10:09:00", kJobImpl + "Transitioned from FAIL_ABORT to " + state)
           + record("10:09:01",
                    "org.apache.hadoop.mapreduce.jobhistory.JobHistoryEventHandler: Moved tmp to done: "
                    "hdfs://nn1:8020/history/done_intermediate/ada/job_"
                        + kIds + "-1767348000000-ada-daily%2Dorders+count-1767348540000-3-0-" + state
                        + "-nightly-1767348003000.jhist_tmp to hdfs://nn1:8020/history/done_intermediate/ada/x.jhist");
}

std::string failedTask()
{
    return record("10:05:00", "org.apache.hadoop.mapreduce.v2.app.job.impl.TaskAttemptImpl: attempt_" + kIds
                                  + "_m_000001_0 TaskAttempt Transitioned from FAIL_TASK_CLEANUP to FAILED")
           + record("10:08:59",
                    "org.apache.hadoop.mapreduce.v2.app.rm.RMCommunicator: Setting job diagnostics to Task failed task_"
                        + kIds + "_m_000001")
           + "Job failed as tasks failed. failedMaps:1 failedReduces:0\n\n";
}

std::string taskLog(bool failed)
{
    return record("10:01:00", "org.apache.hadoop.mapred.YarnChild: Executing with tokens:")
           + record("10:01:01", "org.apache.hadoop.mapred.MapTask: Processing split: hdfs://nn1:8020/in/part-0:0+64")
           + (failed
                  ? record("10:04:00",
                           "org.apache.hadoop.mapred.YarnChild: Exception running child : "
                           "org.apache.hadoop.fs.FSError: java.io.IOException: No space left on device",
                           "WARN")
                        + "\tat org.apache.hadoop.mapred.MapTask.run(MapTask.java:341)\n"
                          "Caused by: java.io.IOException: No space left on device\n"
                          "\tat java.io.FileOutputStream.writeBytes(Native Method)\n"
                  : record("10:04:00", "org.apache.hadoop.mapred.Task: Task 'attempt_" + kIds + "_m_000000_0' done."));
}

struct ReadUnits {
    Discovery found;
    CollectingSink sink;
    std::vector<SourceReport> reports;
};

ReadUnits readAll(const Folder &folder)
{
    ReadUnits read;
    auto found = findSources(folder.path(""));
    if (!found)
        qFatal("%s", found.error().text().c_str());
    read.found = std::move(*found);
    base::Progress progress;
    for (const SourceUnit &unit : read.found.units) {
        auto report = readSource(unit, {}, read.sink, {}, progress);
        if (!report)
            qFatal("%s", report.error().text().c_str());
        read.reports.push_back(std::move(*report));
    }
    return read;
}

} // namespace

class TestContainerLogs : public QObject
{
    Q_OBJECT

private slots:
    void readSource_theLogsOfAMapReduceRun_areOneAttempt_data()
    {
        QTest::addColumn<QString>("layout"); // %1: the container
        QTest::newRow("a file each") << "application_1448006111297_0138/%1.log";
        QTest::newRow("a folder each") << "application_1448006111297_0138/%1/syslog";
    }
    void readSource_theLogsOfAMapReduceRun_areOneAttempt()
    {
        QFETCH(const QString, layout);
        const auto pathOf = [&](int number) {
            return layout.arg(QString::fromStdString(nameOf(number))).toStdString();
        };
        Folder folder;
        folder.write(pathOf(3), taskLog(false));
        folder.write(pathOf(2), taskLog(true));
        folder.write(pathOf(1), masterHead() + failedTask() + masterEnd("FAILED"));
        const ReadUnits read = readAll(folder);
        QCOMPARE(read.found.units.size(), std::size_t(1));
        QVERIFY2(read.found.units[0].path.ends_with("container_1448006111297_0138_01_*"),
                 read.found.units[0].path.c_str());
        QCOMPARE(read.sink.attempts.size(), std::size_t(1));
        const model::Attempt &attempt = read.sink.attempts[0];
        QCOMPARE(attempt.job, std::string("daily-orders count"));
        QCOMPARE(attempt.run, "application_" + kIds);
        QCOMPARE(attempt.applicationId, "application_" + kIds);
        QCOMPARE(attempt.attempt, 1);
        QCOMPARE(attempt.owner, std::string("ada"));
        QCOMPARE(attempt.queue, std::string("nightly"));
        QCOMPARE(attempt.outcome, model::Outcome::Failed);
        QCOMPARE(base::formatInstant(attempt.startedAt), std::string("2026-01-02T10:00:00.120Z"));
        QCOMPARE(base::formatInstant(attempt.endedAt), std::string("2026-01-02T10:09:01.120Z"));
        QVERIFY2(attempt.rootCause.starts_with("java.io.IOException: No space left on device"),
                 attempt.rootCause.c_str());
        QCOMPARE(attempt.metrics.at("failed_tasks"), 1.0);
        QVERIFY(attempt.errorText.find("Container " + nameOf(2) + ":") != std::string::npos);
        QVERIFY(attempt.errorText.find(nameOf(3)) == std::string::npos);
        QCOMPARE(read.reports[0].bytes, taskLog(false).size() + taskLog(true).size()
                                            + (masterHead() + failedTask() + masterEnd("FAILED")).size());
    }

    void readSource_aMastersLastState_isTheOutcome_data()
    {
        QTest::addColumn<QString>("state");
        QTest::addColumn<int>("outcome");
        QTest::newRow("succeeded") << "SUCCEEDED" << int(model::Outcome::Succeeded);
        QTest::newRow("failed") << "FAILED" << int(model::Outcome::Failed);
        QTest::newRow("killed") << "KILLED" << int(model::Outcome::Killed);
        QTest::newRow("error") << "ERROR" << int(model::Outcome::Failed);
        QTest::newRow("to be run again") << "REBOOT" << int(model::Outcome::Failed);
        QTest::newRow("committing, and no more") << "COMMITTING" << int(model::Outcome::Unknown);
    }
    void readSource_aMastersLastState_isTheOutcome()
    {
        QFETCH(const QString, state);
        QFETCH(const int, outcome);
        Folder folder;
        folder.write(nameOf(1) + ".log",
                     masterHead() + record("10:09:00", kJobImpl + "Transitioned from X to " + state.toStdString()));
        const ReadUnits read = readAll(folder);
        QCOMPARE(read.sink.attempts.size(), std::size_t(1));
        QCOMPARE(int(read.sink.attempts[0].outcome), outcome);
        QCOMPARE(read.sink.attempts[0].job, std::string("mapreduce"));
        QCOMPARE(read.sink.attempts[0].owner, std::string("ada"));
        QCOMPARE(read.reports[0].truncated, outcome == int(model::Outcome::Unknown));
    }

    void readSource_aMasterThatWasToldToEnd_wasKilled()
    {
        Folder folder;
        folder.write("syslog",
                     masterHead()
                         + record("10:03:00", "org.apache.hadoop.mapreduce.v2.app.MRAppMaster: MRAppMaster received a "
                                              "signal. Signaling RMCommunicator and JobHistoryEventHandler."));
        const ReadUnits read = readAll(folder);
        QCOMPARE(int(read.sink.attempts.at(0).outcome), int(model::Outcome::Killed));
        QCOMPARE(read.sink.attempts[0].run, "application_" + kIds);
    }

    void readSource_twoAttemptsOfAnApplication_stayApart()
    {
        Folder folder;
        folder.write(nameOf(1) + ".log",
                     masterHead() + record("10:02:00", kJobImpl + "Transitioned from RUNNING to REBOOT"));
        folder.write(nameOf(1, 2) + ".log", masterHead(2) + masterEnd("SUCCEEDED"));
        folder.write(nameOf(2, 2) + ".log", taskLog(false));
        const ReadUnits read = readAll(folder);
        QCOMPARE(read.found.units.size(), std::size_t(2));
        QCOMPARE(read.sink.attempts.size(), std::size_t(2));
        QCOMPARE(read.sink.attempts[0].attempt, 1);
        QCOMPARE(int(read.sink.attempts[0].outcome), int(model::Outcome::Failed));
        QCOMPARE(read.sink.attempts[1].attempt, 2);
        QCOMPARE(int(read.sink.attempts[1].outcome), int(model::Outcome::Succeeded));
    }

    void readSource_whatATaskCallsInformation_isKeptWhereItIsAnException()
    {
        Folder folder;
        folder.write(nameOf(1) + ".log", masterHead() + failedTask() + masterEnd("FAILED"));
        folder.write(
            nameOf(2) + ".log",
            record("10:01:00", "org.apache.hadoop.mapred.YarnChild: Executing with tokens:")
                + record("10:02:00", "org.apache.hadoop.hdfs.DFSClient: Exception in createBlockOutputStream")
                + "java.net.NoRouteToHostException: No route to host\n\tat java.net.Socket.connect(Socket.java:1)\n"
                + record("10:02:01", "org.apache.hadoop.hdfs.DFSClient: Abandoning BP-1:blk_1"));
        const ReadUnits read = readAll(folder);
        const std::string &text = read.sink.attempts.at(0).errorText;
        QVERIFY(text.find("NoRouteToHostException") != std::string::npos);
        QVERIFY(text.find("Abandoning") == std::string::npos);
    }

    void readSource_tasksWithoutTheirMaster_haveNoOutcome()
    {
        Folder folder;
        folder.write(nameOf(2) + ".log", taskLog(true));
        folder.write(nameOf(3) + ".log", taskLog(false));
        const ReadUnits read = readAll(folder);
        QCOMPARE(read.sink.attempts.size(), std::size_t(1));
        QCOMPARE(int(read.sink.attempts[0].outcome), int(model::Outcome::Unknown));
        QCOMPARE(read.sink.attempts[0].applicationId, "application_" + kIds);
        QVERIFY(read.sink.attempts[0].errorText.find("No space left") != std::string::npos);
    }

    void withContainersTogether_whatIsNoContainersLog_staysAsItIs()
    {
        Folder folder;
        const std::string aggregate = "Container: " + nameOf(1) + " on node1_45454\n" + std::string(60, '=')
                                      + "\nLogType:syslog\nLogLength:9\nLogContents:\n" + masterHead()
                                      + "\nEnd of LogType:syslog\n";
        folder.write(nameOf(1) + ".log", aggregate); // of 'yarn logs -containerId', saved under its name
        folder.write(nameOf(2) + ".log", taskLog(false));
        folder.write(nameOf(4) + "/stderr", driverHead() + driverStop());
        const ReadUnits read = readAll(folder);
        QCOMPARE(read.found.units.size(), std::size_t(3));
        for (const SourceUnit &unit : read.found.units)
            QCOMPARE(unit.parts.size(), std::size_t(1));
        QCOMPARE(recogniseHead("x", driverHead() + driverStop(), true).format, std::optional(Format::SparkLog));
    }

    void readSource_aLogThatWasRolled_isReadFromItsOldestPart()
    {
        Folder folder;
        folder.write(nameOf(1) + "/syslog.1", masterHead());
        folder.write(nameOf(1) + "/syslog", masterEnd("FAILED"));
        const ReadUnits read = readAll(folder);
        QCOMPARE(read.sink.attempts.size(), std::size_t(1));
        QCOMPARE(base::formatInstant(read.sink.attempts[0].startedAt), std::string("2026-01-02T10:00:00.120Z"));
        QCOMPARE(base::formatInstant(read.sink.attempts[0].endedAt), std::string("2026-01-02T10:09:01.120Z"));
    }

    void withContainersTogether_namedTwice_isStillOne()
    {
        Folder folder;
        folder.write(nameOf(1) + ".log", masterHead() + masterEnd("FAILED"));
        folder.write(nameOf(2) + ".log", taskLog(true));
        Discovery found = *findSources(folder.path(""));
        const Discovery again = *findSources(folder.path(nameOf(2) + ".log"));
        found.units.push_back(again.units.at(0));
        QCOMPARE(withContainersTogether(std::move(found)).units.size(), std::size_t(1));
    }

    void readSource_aLineThatIsTooLong_isRejectedAndTheRestRead()
    {
        Folder folder;
        folder.write(nameOf(1) + ".log", masterHead() + std::string(70'000, 'x') + "\n" + masterEnd("FAILED"));
        const auto found = findSources(folder.path(""));
        CollectingSink sink;
        base::Progress progress;
        ReadOptions options;
        options.maxLineBytes = 65'536;
        const auto report = readSource(found->units.at(0), options, sink, {}, progress);
        QVERIFY(report.has_value());
        QCOMPARE(sink.attempts.size(), std::size_t(1));
        QCOMPARE(int(sink.attempts[0].outcome), int(model::Outcome::Failed));
        QCOMPARE(sink.rejects.size(), std::size_t(1));
    }
};

QTEST_GUILESS_MAIN(TestContainerLogs)
#include "tst_container_logs.moc"
