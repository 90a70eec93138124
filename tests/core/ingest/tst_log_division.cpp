#include "text_log_reading.hpp"

#include "ingest/log_warnings.hpp"

#include <QtTest>

#include <algorithm>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

namespace
{

const std::string kNative = "WARN NativeCodeLoader: Unable to load native-hadoop library for your platform... using "
                            "builtin-java classes where applicable\n";

/// A night's run on a standalone cluster; `day`: "01".
std::string started(const std::string &day, const std::string &time = "02:00")
{
    const std::string at = "24/03/" + day + " " + time;
    return at + ":01 INFO SparkContext: Running Spark version 3.5.1\n" + at
           + ":02 INFO SparkContext: Submitted application: nightly\n" + at
           + ":05 INFO StandaloneSchedulerBackend: Connected to Spark cluster with app ID app-202403" + day
           + "020005-0001\n";
}

std::string failed(const std::string &day)
{
    return started(day) + "24/03/" + day
           + " 02:10:00 ERROR Executor: Exception in task 0.0 in stage 0.0 (TID 0)\n"
             "java.lang.OutOfMemoryError: Java heap space\n"
             "Exception in thread \"main\" org.apache.spark.SparkException: Job aborted due to stage failure\n"
             "\tat org.apache.spark.scheduler.DAGScheduler.abortStage(DAGScheduler.scala:2844)\n"
             "24/03/"
           + day
           + " 02:10:02 INFO SparkContext: Successfully stopped SparkContext\n"
             "24/03/"
           + day + " 02:10:02 INFO ShutdownHookManager: Shutdown hook called\n";
}

std::string succeeded(const std::string &day)
{
    return started(day) + "24/03/" + day + " 02:30:02 INFO SparkContext: Successfully stopped SparkContext\n24/03/"
           + day + " 02:30:02 INFO ShutdownHookManager: Shutdown hook called\n";
}

/// "run outcome first last" of each attempt.
QStringList told(const ReadLog &read)
{
    QStringList out;
    for (const model::Attempt &attempt : read.sink.attempts)
        out << QString::fromStdString(attempt.run + " " + std::string(name(attempt.outcome)) + " "
                                      + base::formatInstant(attempt.startedAt) + " "
                                      + base::formatInstant(attempt.endedAt));
    return out;
}

bool warns(const ReadLog &read, const std::string &part)
{
    return std::any_of(read.report->warnings.begin(), read.report->warnings.end(),
                       [&](const std::string &warning) { return warning.find(part) != std::string::npos; });
}

} // namespace

class TestLogDivision : public QObject
{
    Q_OBJECT

private slots:
    void readSparkLog_oneRunAppendedToAnother_givesTwoAttempts()
    {
        const ReadLog read = readLog(failed("01") + succeeded("02"));
        QCOMPARE(told(read), QStringList({"app-20240301020005-0001 failed 2024-03-01T02:00:01Z 2024-03-01T02:10:02Z",
                                          "app-20240302020005-0001 succeeded 2024-03-02T02:00:01Z "
                                          "2024-03-02T02:30:02Z"}));
        QVERIFY(read.sink.attempts[0].errorText.find("OutOfMemoryError") != std::string::npos);
        QVERIFY(read.sink.attempts[0].errorText.find("24/03/02") == std::string::npos);
        QCOMPARE(read.report->failures, std::uint64_t(1));
        QVERIFY(!read.report->truncated);
    }

    void readSparkLog_manyNights_areAttemptsInTheirOrder()
    {
        std::string text;
        for (int day = 10; day < 30; ++day)
            text += day % 2 == 0 ? failed(std::to_string(day)) : succeeded(std::to_string(day));
        const ReadLog read = readLog(text);
        QCOMPARE(read.sink.attempts.size(), std::size_t(20));
        QCOMPARE(read.report->failures, std::uint64_t(10));
        QCOMPARE(read.report->warnings, std::vector<std::string>{std::string(kTimesWithoutZone) + " (once)"});
        QCOMPARE(read.sink.attempts[19].run, std::string("app-20240329020005-0001"));
    }

    void readSparkLog_whatPrecedesAContext_belongsToItsRun_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("prelude");
        QTest::newRow("a day after an orderly end")
            << QByteArray::fromStdString(succeeded("01")) << QByteArray::fromStdString("24/03/02 01:59:58 " + kNative);
        QTest::newRow("after a process that was killed without a word")
            << QByteArray::fromStdString(started("01") + "24/03/01 02:30:02 INFO Executor: Running task 0.0\n")
            << QByteArray::fromStdString("24/03/02 01:59:58 " + kNative);
        QTest::newRow("with lines that have no header")
            << QByteArray::fromStdString(started("01") + "24/03/01 02:30:02 INFO Executor: Running task 0.0\n")
            << QByteArray("log4j:WARN No appenders could be found\n24/03/02 01:59:58 WARN Utils: Your hostname, h, "
                          "resolves to a loopback address\n");
        QTest::newRow("by the program itself")
            << QByteArray::fromStdString(started("01") + "24/03/01 02:30:02 INFO Orders: half done\n")
            << QByteArray("24/03/02 01:59:58 INFO Orders: reading settings\n");
    }
    void readSparkLog_whatPrecedesAContext_belongsToItsRun()
    {
        QFETCH(const QByteArray, before);
        QFETCH(const QByteArray, prelude);
        const ReadLog read = readLog((before + prelude).toStdString() + failed("02"));
        QCOMPARE(read.sink.attempts.size(), std::size_t(2));
        QCOMPARE(base::formatInstant(read.sink.attempts[0].endedAt), std::string("2024-03-01T02:30:02Z"));
        QCOMPARE(base::formatInstant(read.sink.attempts[1].startedAt), std::string("2024-03-02T01:59:58Z"));
        QVERIFY(read.sink.attempts[1].errorText.starts_with(prelude.left(20).toStdString()));
    }

    void readSparkLog_theFailureBeforeARetryAtOnce_staysWithTheFirst()
    {
        const QString again = QString::fromStdString(started("02", "02:01")).replace("24/03/02", "24/03/01");
        const ReadLog read = readLog(started("01")
                                     + "Exception in thread \"main\" java.lang.IllegalStateException: no orders\n"
                                       "\tat A.b(A.scala:1)\n24/03/01 02:00:09 "
                                     + kNative + again.toStdString());
        QCOMPARE(read.sink.attempts.size(), std::size_t(2));
        QCOMPARE(read.sink.attempts[0].outcome, model::Outcome::Failed);
        QVERIFY(read.sink.attempts[0].errorText.ends_with("A.scala:1)\n"));
        QCOMPARE(read.sink.attempts[1].outcome, model::Outcome::Unknown);
    }

    void readSparkLog_aRunThatDoesNotSayHowItEnded_isUnknownAndTold()
    {
        const ReadLog read = readLog(started("01") + failed("02"));
        QCOMPARE(read.sink.attempts.size(), std::size_t(2));
        QCOMPARE(read.sink.attempts[0].outcome, model::Outcome::Unknown);
        QVERIFY(warns(read, "another application's log begins before one says"));
        QVERIFY(!read.report->truncated);
    }

    void readSparkLog_submissionsToYarn_areDividedByTheirIds()
    {
        const auto submitted = [](const std::string &day, const std::string &id, const std::string &status) {
            const std::string at = "24/03/" + day + " ";
            return at + "02:00:00 INFO RMProxy: Connecting to ResourceManager at rm/10.0.0.1:8032\n" + at
                   + "02:00:01 INFO Client: Requesting a new application from cluster with 4 NodeManagers\n" + at
                   + "02:00:02 INFO Client: Submitting application application_" + id + " to ResourceManager\n" + at
                   + "02:00:02 INFO YarnClientImpl: Submitted application application_" + id + "\n" + at
                   + "02:20:00 INFO Client: Application report for application_" + id
                   + " (state: FINISHED)\n\t final status: " + status + "\n";
        };
        const ReadLog read = readLog(submitted("01", "1709251200000_0301", "FAILED")
                                     + submitted("02", "1709251200000_0302", "SUCCEEDED"));
        QCOMPARE(told(read),
                 QStringList({"application_1709251200000_0301 failed 2024-03-01T02:00:00Z 2024-03-01T02:20:00Z",
                              "application_1709251200000_0302 succeeded 2024-03-02T02:00:00Z 2024-03-02T02:20:00Z"}));
    }

    void readSparkLog_runsWithoutIds_haveRunsOfTheirOwn()
    {
        const auto local = [](const std::string &day, const std::string &more) {
            return "24/03/" + day + " 02:00:01 INFO SparkContext: Running Spark version 3.5.1\n" + more + "24/03/" + day
                   + " 02:30:02 INFO SparkContext: Successfully stopped SparkContext\n";
        };
        const ReadLog read = readLog(local("01", "") + local("02", "") + local("03", ""));
        QCOMPARE(read.sink.attempts.size(), std::size_t(3));
        QVERIFY(read.sink.attempts[0].run.ends_with("nightly.log 2024-03-01T02:00:01Z"));
        QVERIFY(read.sink.attempts[1].run.ends_with("nightly.log 2024-03-02T02:00:01Z"));
        QVERIFY(read.sink.attempts[2].run.ends_with("nightly.log 2024-03-03T02:00:01Z"));
        // Two of one second would be one otherwise.
        const ReadLog twice = readLog(local("01", "") + local("01", ""));
        QCOMPARE(twice.sink.attempts.size(), std::size_t(2));
        QCOMPARE(twice.sink.attempts[1].run, twice.sink.attempts[0].run + "#2");
    }

    void readSparkLog_aRunWithoutAnId_isTheSameWhereverItsLogLies()
    {
        const auto run = [](const std::string &day, const std::string &port) {
            return "24/03/" + day + " 02:00:01 INFO SparkContext: Running Spark version 3.5.1\n24/03/" + day
                   + " 02:00:01 INFO SparkContext: Submitted application: nightly\n24/03/" + day
                   + " 02:00:02 INFO Utils: Successfully started service 'sparkDriver' on port " + port + ".\n24/03/"
                   + day + " 02:30:02 INFO SparkContext: Successfully stopped SparkContext\n";
        };
        const ReadLog alone = readLog(run("01", "4711"));
        const ReadLog grown = readLog(run("01", "4711") + run("02", "4712"), Format::SparkLog, "elsewhere/older.log");
        const ReadLog sameTime = readLog(run("01", "4713"), Format::SparkLog, "elsewhere/older.log");
        QCOMPARE(grown.sink.attempts.size(), std::size_t(2));
        QCOMPARE(grown.sink.attempts[0].run, alone.only().run);
        QCOMPARE(alone.only().run, std::string("2024-03-01T02:00:01Z port 4711"));
        QCOMPARE(grown.sink.attempts[1].run, std::string("2024-03-02T02:00:01Z port 4712"));
        QVERIFY(sameTime.only().run != alone.only().run);
        // As it was while it was written.
        const std::string whole = run("01", "4711");
        const ReadLog begun = readLog(whole.substr(0, whole.find("24/03/01 02:30")), Format::SparkLog, "snapshot.log");
        QCOMPARE(begun.only().run, alone.only().run);
        const ReadLog folder = readLog(
            "24/03/01 02:00:01 INFO SparkContext: Running Spark version 3.5.1\n"
            "24/03/01 02:00:01 INFO SparkContext: Submitted application: nightly\n"
            "24/03/01 02:00:02 INFO DiskBlockManager: Created local directory at /tmp/blockmgr-70293f72-844a\n");
        QCOMPARE(folder.only().run, std::string("2024-03-01T02:00:01Z blockmgr-70293f72-844a"));
    }

    void readSparkLog_aStartThatFailedBeforeItsContext_isARunOfItsOwn()
    {
        const ReadLog read =
            readLog(succeeded("01") + "24/03/02 02:00:00 " + kNative
                    + "Exception in thread \"main\" java.lang.ClassNotFoundException: com.acme.Main\n");
        QCOMPARE(read.sink.attempts.size(), std::size_t(2));
        QCOMPARE(read.sink.attempts[0].outcome, model::Outcome::Succeeded);
        QCOMPARE(base::formatInstant(read.sink.attempts[0].endedAt), std::string("2024-03-01T02:30:02Z"));
        QCOMPARE(read.sink.attempts[1].outcome, model::Outcome::Failed);
        QVERIFY(read.sink.attempts[1].run.ends_with("nightly.log 2024-03-02T02:00:00Z"));
    }

    void readSparkLog_oneApplication_staysOneAttempt_data()
    {
        QTest::addColumn<QByteArray>("text");
        const std::string at = "24/03/01 02:";
        QTest::newRow("a second context of the same application")
            << QByteArray::fromStdString(started("01")
                                         + "24/03/01 02:05:00 INFO SparkContext: Successfully stopped "
                                           "SparkContext\n"
                                         + started("01", "02:06"));
        QTest::newRow("a second context of one application master")
            << QByteArray::fromStdString(at
                                         + "00:00 INFO ApplicationMaster: ApplicationAttemptId: "
                                           "appattempt_1709251200000_0301_000001\n"
                                         + at + "00:01 INFO SparkContext: Running Spark version 3.5.1\n" + at
                                         + "00:05 INFO SparkContext: Successfully stopped SparkContext\n" + at
                                         + "00:06 INFO SparkContext: Running Spark version 3.5.1\n");
        QTest::newRow("what a wrapper says later on")
            << QByteArray::fromStdString(succeeded("01") + "24/03/01 02:35:00 INFO wrapper: uploaded the log\n");
        QTest::newRow("a file system's command behind it") << QByteArray::fromStdString(
            "24/03/01 02:00:00 " + kNative + succeeded("01") + "24/03/01 02:30:05 " + kNative);
        QTest::newRow("Hadoop's warning behind the context's begin")
            << QByteArray::fromStdString(started("01") + at + "00:06 " + kNative + at
                                         + "30:02 INFO SparkContext: Successfully stopped SparkContext\n");
    }
    void readSparkLog_oneApplication_staysOneAttempt()
    {
        QFETCH(const QByteArray, text);
        QCOMPARE(readLog(text.toStdString()).sink.attempts.size(), std::size_t(1));
    }

    void readSparkLog_lineNumbers_areThoseOfTheFile()
    {
        Folder folder;
        const std::string undated = "10:00:00.123 [main] ERROR org.apache.spark.SparkContext - Error initializing\n";
        const ReadLog read = readLog(undated + undated + "log4j:WARN x\n"
                                     + "10:00:05.123 [main] INFO org.apache.spark.SparkContext - Running Spark version "
                                       "3.5.1\n10:00:06.123 [main] INFO org.apache.spark.SparkContext - Running Spark "
                                       "version 3.5.1\n");
        QCOMPARE(read.sink.rejects.size(), std::size_t(2));
        QCOMPARE(read.sink.rejects[0].line, std::uint64_t(1));
        QCOMPARE(read.sink.rejects[1].line, std::uint64_t(5));
    }
};

QTEST_GUILESS_MAIN(TestLogDivision)
#include "tst_log_division.moc"
