#include "text_log_reading.hpp"

#include "ingest/recognise.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

namespace
{

std::string containerId(int application, int attempt, int number)
{
    char id[80];
    std::snprintf(id, sizeof id, "container_1448006111297_%04d_%02d_%06d", application, attempt, number);
    return id;
}

/// As Hadoop 3 writes it.
std::string section3(const std::string &container, const std::string &type, const std::string &content)
{
    return "Container: " + container + " on node1_45454_1634646632767\nLogAggregationType: AGGREGATED\n"
           + std::string(60, '=') + "\nLogType:" + type
           + "\nLogLastModifiedTime:Tue Oct 19 12:30:32 +0000 2021\nLogLength:" + std::to_string(content.size())
           + "\nLogContents:\n" + content + "\nEnd of LogType:" + type + "\n" + std::string(60, '*') + "\n\n";
}

/// As Hadoop 2 writes it, all of a container below one header.
std::string section2(const std::string &type, const std::string &content, bool ended)
{
    return "LogType: " + type
           + "\nLog Upload Time: Fri May 09 07:36:35 +0900 2025\nLogLength: " + std::to_string(content.size())
           + "\nLog Contents:\n" + content + "\n" + (ended ? "End of LogType:" + type + "\n\n" : "");
}

std::string failedDriver()
{
    return driverHead()
           + "26/01/02 10:05:00 ERROR YarnClusterScheduler: Lost executor 1 on node2: Container killed by YARN for "
             "exceeding "
             "memory limits. 9.5 GB of 9 GB physical memory used.\n"
             "26/01/02 10:05:01 INFO DAGScheduler: Job 0 failed: count at Orders.scala:12, took 3.1 s\n"
             "26/01/02 10:05:02 ERROR ApplicationMaster: User class threw exception: java.lang.IllegalStateException: "
             "no orders\n"
             "java.lang.IllegalStateException: no orders\n\tat A.main(A.scala:1)\n"
             "26/01/02 10:05:03 INFO ApplicationMaster: Final app status: FAILED, exitCode: 15, (reason: User class "
             "threw "
             "exception: java.lang.IllegalStateException: no orders\n\tat A.main(A.scala:1)\n)\n";
}

std::string executorLog(bool failed)
{
    return std::string("26/01/02 10:00:03 INFO YarnCoarseGrainedExecutorBackend: Started daemon\n")
           + (failed ? "26/01/02 10:04:00 ERROR Executor: Exception in task 0.0 in stage 0.0 (TID 1)\n"
                       "java.lang.OutOfMemoryError: Java heap space\n\tat X.y(X.java:1)\n"
                     : "26/01/02 10:04:00 INFO Executor: Finished task 0.0\n")
           + "26/01/02 10:06:00 ERROR YarnCoarseGrainedExecutorBackend: RECEIVED SIGNAL TERM\n";
}

} // namespace

class TestYarnLog : public QObject
{
    Q_OBJECT

private slots:
    void readYarnLog_theContainersOfAnAttempt_areOneAttemptWithTheDriversFailureFirst()
    {
        // Nodes are printed one after another, so the driver need not come first.
        const std::string text =
            section3(containerId(138, 1, 2), "stderr", executorLog(true))
            + section3(containerId(138, 1, 3), "stderr", executorLog(false))
            + section3(containerId(138, 1, 1), "directory.info", "ls -l:\nError: ERROR broken symlinks\n")
            + section3(containerId(138, 1, 1), "launch_container.sh",
                       "#!/bin/bash\nexport SPARK_USER=\"grace\"\nexit 1\n")
            + section3(containerId(138, 1, 1), "prelaunch.err", "cannot remove: No such file\n")
            + section3(containerId(138, 1, 1), "stderr", failedDriver())
            + section3(containerId(138, 1, 1), "stdout", "rows: 3\n");
        QVERIFY(recogniseHead("x.log", text, true).format == Format::YarnLog);
        const ReadLog read = readYarn(text);
        const model::Attempt &attempt = read.only();
        QCOMPARE(attempt.job, std::string("nightly_orders"));
        QCOMPARE(attempt.run, std::string("application_1448006111297_0138"));
        QCOMPARE(attempt.applicationId, attempt.run);
        QCOMPARE(attempt.attempt, 1);
        QCOMPARE(attempt.owner, std::string("grace"));
        QCOMPARE(attempt.outcome, model::Outcome::Failed);
        QCOMPARE(attempt.exitCode, std::optional(15));
        QVERIFY2(attempt.rootCause.starts_with("java.lang.IllegalStateException: no orders"),
                 attempt.rootCause.c_str());
        QCOMPARE(base::formatInstant(attempt.startedAt), std::string("2026-01-02T10:00:00Z"));
        QCOMPARE(base::formatInstant(attempt.endedAt), std::string("2026-01-02T10:05:03Z"));
        const std::size_t driver = attempt.errorText.find("no orders");
        const std::size_t executor = attempt.errorText.find("Container " + containerId(138, 1, 2) + " on node1_45454");
        QVERIFY(driver < executor && executor != std::string::npos);
        QVERIFY(attempt.errorText.find("Java heap space") > executor);
        QVERIFY(attempt.errorText.find(containerId(138, 1, 3)) == std::string::npos);
        QVERIFY(attempt.errorText.find("RECEIVED SIGNAL TERM") == std::string::npos);
        QVERIFY(attempt.errorText.find("broken symlinks") == std::string::npos);
        QVERIFY(attempt.errorText.find("cannot remove") == std::string::npos);
        QCOMPARE(attempt.metrics.at("peak_rss_bytes"), 9.5 * 1024 * 1024 * 1024);
        QCOMPARE(read.report->warnings.size(), std::size_t(1)); // only that the times have no zone
        QVERIFY(!read.report->truncated);
    }

    void readYarnLog_aDriverThatOnlyKnowsAnExitCode_takesTheCauseFromAnExecutor()
    {
        const ReadLog read = readYarn(
            section3(
                containerId(138, 1, 1), "stderr",
                driverHead()
                    + "26/01/02 10:05:03 INFO ApplicationMaster: Final app status: FAILED, exitCode: 13, (reason: User "
                      "application exited with status 1)\n")
            + section3(containerId(138, 1, 2), "stderr", executorLog(true)));
        QVERIFY2(read.only().rootCause.starts_with("java.lang.OutOfMemoryError: Java heap space"),
                 read.only().rootCause.c_str());
        QCOMPARE(read.only().exitCode, std::optional(13));
    }

    void readYarnLog_attemptsAndApplications_areAttemptsOfTheirOwn()
    {
        const std::string good =
            driverHead() + "26/01/02 10:05:03 INFO ApplicationMaster: Final app status: SUCCEEDED, exitCode: 0\n";
        const ReadLog read = readYarn(section3(containerId(138, 1, 1), "stderr", failedDriver())
                                      + section3(containerId(138, 2, 1), "stderr", good)
                                      + section3(containerId(138, 1, 2), "stderr", executorLog(true))
                                      + section3("container_e54_1448006111297_0139_01_000001", "stderr", good));
        QVERIFY(read.report);
        QStringList said;
        for (const model::Attempt &attempt : read.sink.attempts)
            said << QString::fromStdString(attempt.run + " " + std::to_string(attempt.attempt) + " "
                                           + std::string(name(attempt.outcome)));
        QCOMPARE(said,
                 (QStringList{"application_1448006111297_0138 1 failed", "application_1448006111297_0138 2 succeeded",
                              "application_1448006111297_0139 1 succeeded"}));
        QVERIFY(read.sink.attempts[0].errorText.find("Java heap space") != std::string::npos);
        QVERIFY(read.sink.attempts[1].errorText.empty());
    }

    void readYarnLog_theFormOfHadoop2_isRead_data()
    {
        QTest::addColumn<bool>("ended");
        QTest::newRow("with the ends of sections") << true;
        QTest::newRow("without the ends of sections") << false;
    }
    void readYarnLog_theFormOfHadoop2_isRead()
    {
        QFETCH(const bool, ended);
        const std::string text =
            "26/01/03 00:00:00 INFO client.RMProxy: Connecting to ResourceManager at h:1\n\n\nContainer: "
            + containerId(138, 1, 1) + " on node1_45454\n" + std::string(60, '=') + "\n"
            + section2("stderr", failedDriver(), ended) + section2("stdout", "rows: 3\n", ended)
            + "\n\nContainer: " + containerId(138, 1, 2) + " on node2_45454\n" + std::string(60, '=') + "\n"
            + section2("stderr", executorLog(true), ended);
        QVERIFY(recogniseHead("x.log", text, true).format == Format::YarnLog);
        const ReadLog read = readYarn(text);
        QCOMPARE(read.only().outcome, model::Outcome::Failed);
        QCOMPARE(read.only().exitCode, std::optional(15));
        QVERIFY(read.only().errorText.find("rows: 3\n") != std::string::npos);
        QVERIFY(read.only().errorText.find("Java heap space") != std::string::npos);
        QVERIFY2(read.report->warnings.size() == 1, read.report->warnings.back().c_str());
    }

    void readYarnLog_contentThatLooksLikeAHeader_isContent()
    {
        const ReadLog read =
            readYarn(section3(containerId(138, 1, 1), "stderr",
                              failedDriver() + "LogType:of my own\nand so on\nEnd of LogType:nothing\nlast\n"));
        QVERIFY(read.only().errorText.find("LogType:of my own\nand so on\nEnd of LogType:nothing\nlast\n")
                != std::string::npos);
        QCOMPARE(read.report->warnings.size(), std::size_t(1));
    }

    void readYarnLog_emptyLogs_giveNoAttemptAndSayWhy()
    {
        const ReadLog read = readYarn("Container: " + containerId(138, 1, 1)
                                      + " on h_1\nLogType:stderr\nLogLength:0\nLogContents:\nEnd of LogType:stderr\n");
        QVERIFY(read.report);
        QVERIFY(read.sink.attempts.empty());
        QCOMPARE(read.report->warnings, std::vector<std::string>{"the containers' logs are empty (once)"});
    }

    void readYarnLog_executorsAlone_tellNoOutcome()
    {
        const ReadLog read = readYarn(section3(containerId(138, 1, 2), "stderr", executorLog(true)));
        QCOMPARE(read.only().outcome, model::Outcome::Unknown);
        QCOMPARE(read.only().run, std::string("application_1448006111297_0138"));
        QCOMPARE(base::formatInstant(read.only().startedAt), std::string("2026-01-02T10:00:03Z"));
        QCOMPARE(base::formatInstant(read.only().endedAt), std::string("2026-01-02T10:06:00Z"));
        QVERIFY(!read.report->truncated);
    }
};

QTEST_GUILESS_MAIN(TestYarnLog)
#include "tst_yarn_log.moc"
