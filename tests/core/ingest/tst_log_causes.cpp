#include "text/root_cause.hpp"
#include "text_log_reading.hpp"

#include <QtTest>

#include <algorithm>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

// Every log below is synthetic.

/// The cause of a failed application where its log says it more than once, and failures that no final status tells.
class TestLogCauses : public QObject
{
    Q_OBJECT

private slots:
    void readSparkLog_anErrorRightBeforeTheProcessEnds_isNoSuccess_data()
    {
        QTest::addColumn<QByteArray>("tail");
        QTest::addColumn<QString>("outcome");
        const QByteArray error = "26/01/02 10:04:59 ERROR Main: cannot go on\njava.lang.RuntimeException: bad\n"
                                 "\tat x.Y(Z.java:1)\n";
        const QByteArray hook = "26/01/02 10:05:00 INFO SparkContext: Invoking stop() from shutdown hook\n"
                                "26/01/02 10:05:01 INFO SparkContext: Successfully stopped SparkContext\n"
                                "26/01/02 10:05:01 INFO ShutdownHookManager: Shutdown hook called\n";
        QTest::newRow("right before") << error + hook << "unknown";
        QTest::newRow("Spark tidies up meanwhile")
            << error + "26/01/02 10:04:59 INFO BlockManagerInfo: Removed broadcast_0_piece0 on h:1\n" + hook
            << "unknown";
        QTest::newRow("the program goes on")
            << error + "26/01/02 10:04:59 INFO Main: all written\n" + hook << "succeeded";
        QTest::newRow("a job follows")
            << error + "26/01/02 10:04:59 INFO SparkContext: Starting job: count at Orders.scala:13\n" + hook
            << "succeeded";
        QTest::newRow("long before") << QByteArray(error).replace("10:04:59", "10:01:00") + hook << "succeeded";
        QTest::newRow("an error without a stack")
            << QByteArray(error).left(error.indexOf("java.lang")) + hook << "succeeded";
        QTest::newRow("the program stops its context itself")
            << error + QByteArray::fromStdString(driverStop()) << "succeeded";
        QTest::newRow("a warning") << QByteArray(error).replace("ERROR", "WARN") + hook << "succeeded";
        QTest::newRow("something beside the work")
            << QByteArray(error).replace("Main", "AsyncEventQueue") + hook << "succeeded";
        QTest::newRow("Spark's own") << QByteArray(error).replace("Main", "Utils") + hook << "succeeded";
        QTest::newRow("the pod succeeded")
            << error + hook
                   + "26/01/02 10:05:02 INFO LoggingPodStatusWatcherImpl: State changed, new state: phase: Succeeded\n"
            << "succeeded";
    }
    void readSparkLog_anErrorRightBeforeTheProcessEnds_isNoSuccess()
    {
        QFETCH(const QByteArray, tail);
        QFETCH(const QString, outcome);
        const ReadLog read = readLog(driverHead() + tail.toStdString());
        QCOMPARE(QString::fromUtf8(name(read.only().outcome).data()), outcome);
        QVERIFY(!read.report->truncated);
        const auto &warnings = read.report->warnings;
        const bool said = std::any_of(warnings.begin(), warnings.end(), [](const std::string &warning) {
            return warning.starts_with("the log ends in an error of the program");
        });
        QCOMPARE(said, outcome == "unknown");
    }

    void readSparkLog_theCodeThatKubectlSays_isTheExitCode_data()
    {
        QTest::addColumn<QByteArray>("tail");
        QTest::addColumn<QString>("outcome");
        QTest::addColumn<int>("code");
        const QByteArray stop = QByteArray::fromStdString(driverStop());
        QTest::newRow("behind an orderly stop") << stop + "command terminated with exit code 137\n"
                                                << "failed" << 137;
        QTest::newRow("the shell's word behind an orderly stop") << stop + "Killed\n"
                                                                 << "failed" << 137;
        QTest::newRow("a script's word") << QByteArray(
            "/opt/entry.sh: line 3:    12 Killed                  java -jar a.jar\n")
                                         << "killed" << 137;
        QTest::newRow("such a word, and the log goes on") << "Killed\n" + stop << "succeeded" << 0;
        QTest::newRow("killed") << QByteArray("command terminated with exit code 137\n") << "killed" << 137;
        QTest::newRow("failed") << QByteArray("command terminated with exit code 1\n") << "failed" << 1;
        QTest::newRow("quoted, and the log goes on")
            << "command terminated with exit code 1\n" + stop << "succeeded" << 0;
    }
    void readSparkLog_theCodeThatKubectlSays_isTheExitCode()
    {
        QFETCH(const QByteArray, tail);
        QFETCH(const QString, outcome);
        QFETCH(const int, code);
        const ReadLog read = readLog(driverHead() + tail.toStdString());
        QCOMPARE(QString::fromUtf8(name(read.only().outcome).data()), outcome);
        QCOMPARE(read.only().exitCode, std::optional(code));
    }

    void readSparkLog_finalStatus_isTheWeakestWitness_data()
    {
        QTest::addColumn<QByteArray>("tail");
        QTest::addColumn<QString>("cause");
        const auto row = [](const char *name, const QByteArray &above, const QByteArray &reason, const char *cause) {
            QTest::newRow(name) << above
                                       + "26/01/02 10:05:01 INFO ApplicationMaster: Final app status: FAILED, "
                                         "exitCode: 15, (reason: "
                                       + reason + "\n26/01/02 10:05:03 INFO ShutdownHookManager: Shutdown hook called\n"
                                << QString(cause);
        };
        const QByteArray thrown = "26/01/02 10:05:01 ERROR ApplicationMaster: User class threw exception: ";
        row("the trace above has a deeper cause",
            thrown
                + "a.b.BadException: bad thing\na.b.BadException: bad thing\n\tat com.acme.X.main(X.java:1)\n"
                  "Caused by: java.net.ConnectException: Connection refused (Connection refused)\n"
                  "\tat java.net.Socket.connect(Socket.java:1)\n",
            "User class threw exception: a.b.BadException: bad thing)",
            "java.net.ConnectException: Connection refused (Connection refused)\n\tat "
            "java.net.Socket.connect(Socket.java:1)");
        row("a later exception does not stand in for the one that is named",
            thrown
                + "a.b.BadException: bad thing\n\tat com.acme.X.main(X.java:1)\nCaused by: a.b.RealException: why\n"
                  "26/01/02 10:05:01 ERROR Utils: c.d.LaterException: closed\n",
            "User class threw exception: a.b.BadException: bad thing)", "a.b.RealException: why");
        row("only the class is named",
            thrown
                + "org.apache.spark.SparkException: Job aborted\nDriver stacktrace:\n"
                  "org.apache.spark.SparkException: Job aborted\n\tat a.B.c(B.java:1)\n"
                  "Caused by: java.lang.OutOfMemoryError: Java heap space\n\tat d.E.f(E.java:1)\n",
            "User class threw exception: org.apache.spark.SparkException)",
            "java.lang.OutOfMemoryError: Java heap space\n\tat d.E.f(E.java:1)");
        row("no trace above", "", "User class threw exception: java.lang.IllegalArgumentException: bad thing)",
            "java.lang.IllegalArgumentException: bad thing");
        row("a message that ends in a bracket", "", "User class threw exception: a.b.CException: refused (again))",
            "a.b.CException: refused (again)");
        const QByteArray aborted =
            "org.apache.spark.SparkException: Job aborted due to stage failure: Lost task 9.3 in stage 1.0 (TID 99, "
            "h, executor 3): ExecutorLostFailure (executor 3 exited caused by one of the running tasks) Reason: "
            "Container killed by YARN for exceeding physical memory limits. 5.5 GB of 5.5 GB physical memory used.";
        row("the executor's kill rather than the wrapper",
            "26/01/02 10:05:01 ERROR YarnClusterScheduler: Lost executor 3 on h: Container killed by YARN for "
            "exceeding physical memory limits. 5.5 GB of 5.5 GB physical memory used.\n"
                + thrown + aborted + "\nDriver stacktrace:\n\tat a.B.c(B.java:1)\n",
            "User class threw exception: " + aborted + "\nDriver stacktrace:)",
            "Lost executor 3 on h: Container killed by YARN for exceeding physical memory limits. 5.5 GB of 5.5 GB "
            "physical memory used.");
        row("the executor's kill that only the status tells", "", "User class threw exception: " + aborted + ")",
            "Container killed by YARN for exceeding physical memory limits. 5.5 GB of 5.5 GB physical memory used.");
    }
    void readSparkLog_finalStatus_isTheWeakestWitness()
    {
        QFETCH(const QByteArray, tail);
        QFETCH(const QString, cause);
        const ReadLog read = readLog(driverHead() + tail.toStdString());
        QCOMPARE(read.only().outcome, model::Outcome::Failed);
        QCOMPARE(read.only().exitCode, std::optional(15));
        const std::string found =
            read.only().rootCause.empty() ? text::findRootCause(read.only().errorText).text : read.only().rootCause;
        QCOMPARE(QString::fromStdString(found), cause);
    }

    void readSparkLog_uncaughtExceptionOfMain_isAFailure_data()
    {
        QTest::addColumn<QByteArray>("tail");
        const QByteArray hook = "26/01/02 10:05:03 INFO ShutdownHookManager: Shutdown hook called\n";
        const QByteArray stack = "java.io.FileNotFoundException: s3a://bucket/x\n\tat a.B.c(B.java:3)\n";
        const QByteArray spoken =
            "26/01/02 10:05:02 ERROR SparkUncaughtExceptionHandler: Uncaught exception in thread ";
        QTest::newRow("named main") << spoken + "main\n" + stack + hook;
        QTest::newRow("as Java prints the thread") << spoken + "Thread[main,5,main]\n" + stack + hook;
        QTest::newRow("the driver's thread") << spoken + "Driver\n" + stack + hook;
        QTest::newRow("laid out as JSON")
            << QByteArray(
                   R"({"ts":"2026-01-02T10:05:02.123Z","level":"ERROR","msg":"Uncaught exception in thread main",)"
                   R"("exception":{"class":"java.io.FileNotFoundException","msg":"s3a://bucket/x","stacktrace":)"
                   R"([{"class":"a.B","method":"c","file":"B.java","line":3}]},)"
                   R"("logger":"SparkUncaughtExceptionHandler"})"
                   "\n")
                   + hook;
    }
    void readSparkLog_uncaughtExceptionOfMain_isAFailure()
    {
        QFETCH(const QByteArray, tail);
        const ReadLog read = readLog(driverHead() + tail.toStdString());
        QCOMPARE(read.only().outcome, model::Outcome::Failed);
        QVERIFY(!read.report->truncated);
        QVERIFY(text::findRootCause(read.only().errorText).text.starts_with("java.io.FileNotFoundException"));
    }

    void readSparkLog_shutdownWithoutAnEnd_saysWhatIsMissing()
    {
        const std::string failed = "26/01/02 10:05:02 ERROR Main: Application failed\njava.io.IOException: x\n";
        const ReadLog read =
            readLog(driverHead() + failed + "26/01/02 10:05:03 INFO ShutdownHookManager: Shutdown hook called\n");
        QCOMPARE(read.only().outcome, model::Outcome::Unknown);
        QVERIFY(!read.report->truncated);
        QVERIFY2(read.report->warnings.at(0).starts_with("the log ends with the shutdown of its process"),
                 read.report->warnings.at(0).c_str());
        const ReadLog cut = readLog(driverHead() + failed);
        QVERIFY(cut.report->truncated);
    }

    void readSparkLog_wrappedByDocker_isTheLogItWraps()
    {
        const auto wrapped = [](const std::string &escaped) {
            return "{\"log\":\"" + escaped + "\",\"stream\":\"stderr\",\"time\":\"2026-01-02T10:05:00.000000001Z\"}\n";
        };
        const std::string text = wrapped("26/01/02 10:00:00 INFO SparkContext: Running Spark version 3.5.1\\n")
                                 + wrapped("26/01/02 10:00:00 INFO SparkContext: Submitted application: nightly\\n")
                                 + wrapped("Exception in thread \\\"main\\\" java.io.") // split at 16 KiB
                                 + wrapped("IOException: broken \\u00e9\\n") + wrapped("\\tat a.B.c(B.java:1)\\r\\n");
        QVERIFY(looksLikeSparkLog(text));
        const ReadLog read = readLog(text);
        QCOMPARE(read.only().job, std::string("nightly"));
        QCOMPARE(read.only().outcome, model::Outcome::Failed);
        QCOMPARE(text::findRootCause(read.only().errorText).text,
                 std::string("java.io.IOException: broken é\n\tat a.B.c(B.java:1)"));
        Folder folder;
        const auto found = findSources(folder.write("x-json.log", text));
        QVERIFY(found.has_value());
        QCOMPARE(found->units.front().format, Format::SparkLog);
    }

    void readSparkLog_uncaughtExceptionOfAnotherThread_saysNothing()
    {
        const ReadLog read = readLog(driverHead()
                                     + "26/01/02 10:05:02 ERROR SparkUncaughtExceptionHandler: Uncaught exception in "
                                       "thread dispatcher-main\njava.io.IOException: x\n");
        QCOMPARE(read.only().outcome, model::Outcome::Unknown);
    }
};

QTEST_GUILESS_MAIN(TestLogCauses)
#include "tst_log_causes.moc"
