#include "text_log_reading.hpp"

#include <QtTest>

#include <optional>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

class TestLogKills : public QObject
{
    Q_OBJECT

private slots:
    void readSparkLog_aClientsDiagnostics_nameTheApplication()
    {
        const ReadLog read = readLog(
            "26/01/02 10:00:00 INFO SparkContext: Running Spark version 3.5.1\n26/01/02 10:05:00 INFO Client: \n"
            "\t client token: N/A\n\t diagnostics: Application application_1448006111297_0138 failed 2 times due to AM "
            "Container for appattempt_1448006111297_0138_000002 exited with  exitCode: 1\n\t final status: FAILED\n");
        QCOMPARE(read.only().applicationId, std::string("application_1448006111297_0138"));
        QCOMPARE(read.only().attempt, 1);
        QCOMPARE(read.only().outcome, model::Outcome::Failed);
    }

    void readSparkLog_whatWatchesAPod_namesTheApplication_data()
    {
        QTest::addColumn<QByteArray>("words");
        QTest::addColumn<QString>("job");
        QTest::newRow("Spark 3") << QByteArray(
            "Application nightly etl with application ID spark-"
            "00000000000000000000000000000abc and submission ID s:etl-driver finished")
                                 << "nightly etl";
        QTest::newRow("older") << QByteArray("Application etl with submission ID s:etl-driver finished") << "etl";
        QTest::newRow("no name") << QByteArray("Waiting for application spark-00000000000000000000000000000abc to "
                                               "finish...")
                                 << "submit";
    }
    void readSparkLog_whatWatchesAPod_namesTheApplication()
    {
        QFETCH(const QByteArray, words);
        QFETCH(const QString, job);
        const std::string watcher = "26/01/02 10:00:00 INFO LoggingPodStatusWatcherImpl: ";
        const ReadLog read =
            readLog(watcher + "State changed, new state:\n\t phase: Failed\n" + watcher + words.toStdString() + "\n",
                    Format::SparkLog, "submit.log");
        QCOMPARE(QString::fromStdString(read.only().job), job);
        QCOMPARE(read.only().outcome, model::Outcome::Failed);
    }

    void readSparkLog_aKillDiagnosis_settlesOutcomeExitCodeAndCause_data()
    {
        QTest::addColumn<QByteArray>("tail");
        QTest::addColumn<QString>("outcome");
        QTest::addColumn<int>("exitCode");  // -1: none
        QTest::addColumn<QString>("cause"); // begins so
        QTest::addColumn<double>("peakGiB");
        const QByteArray aborted =
            "26/01/02 10:05:00 INFO DAGScheduler: Job 0 failed: count at Orders.scala:12, took 3 s\n"
            "Exception in thread \"main\" org.apache.spark.SparkException: Job aborted due to stage "
            "failure: Task 1 in stage 0.0 failed 4 times, most recent failure: Lost task 1.3 in stage "
            "0.0 (TID 9) (h executor 5): ExecutorLostFailure (executor 5 exited caused by one of the "
            "running tasks)\nDriver stacktrace:\n";
        QTest::newRow("YARN kills an executor for its memory")
            << QByteArray("26/01/02 10:05:00 ERROR YarnScheduler: Lost executor 5 on h: Container killed by YARN for "
                          "exceeding memory limits. 9.5 GB of 9 GB physical memory used. Consider boosting "
                          "spark.yarn.executor.memoryOverhead.\n")
                   + aborted
            << "failed" << -1 << "Lost executor 5 on h: Container killed by YARN for exceeding memory limits. 9.5 GB"
            << 9.5;
        QTest::newRow("an executor ends with 137")
            << QByteArray(
                   "26/01/02 10:05:00 ERROR YarnClusterScheduler: Lost executor 5 on h: Container from a bad node: "
                   "container_1448006111297_0138_01_000002 on host: h. Exit status: 137. Diagnostics: Container "
                   "killed on request. Exit code is 137\n")
                   + aborted
            << "failed" << -1 << "Lost executor 5 on h: Container from a bad node" << 0.0;
        QTest::newRow("Kubernetes kills an executor for its memory")
            << QByteArray(
                   "26/01/02 10:05:00 ERROR TaskSchedulerImpl: Lost executor 5 on 10.0.0.3: \nThe executor with id 5 "
                   "exited with exit code 137(SIGKILL, possible container OOM).\n\nThe API gave the following "
                   "container statuses:\n\n\t container name: spark-kubernetes-executor\n\t container state: "
                   "terminated\n\t exit code: 137\n\t termination reason: OOMKilled\n")
                   + aborted
            << "failed" << -1 << "termination reason: OOMKilled" << 0.0;
        QTest::newRow("an exception of its own is the cause, whatever happened to executors")
            << QByteArray("26/01/02 10:05:00 ERROR YarnScheduler: Lost executor 5 on h: Container killed by YARN for "
                          "exceeding memory limits. 9.5 GB of 9 GB physical memory used.\n"
                          "Exception in thread \"main\" java.lang.IllegalArgumentException: no such column\n")
            << "failed" << -1 << "" << 9.5;
        QTest::newRow("YARN kills the driver's container for physical memory")
            << QByteArray(
                   "26/01/02 10:05:00 INFO Client: Application report for application_1448006111297_0138 (state: "
                   "FAILED)\n26/01/02 10:05:00 INFO Client: \n\t client token: N/A\n\t diagnostics: Application "
                   "application_1448006111297_0138 failed 2 times due to AM Container for "
                   "appattempt_1448006111297_0138_000002 exited with  exitCode: -104\nFailing this attempt."
                   "Diagnostics: Container [pid=1,containerID=container_1448006111297_0138_02_000001] is running "
                   "beyond physical memory limits. Current usage: 1.5 GB of 1 GB physical memory used; 3.0 GB of 2.1 "
                   "GB virtual memory used. Killing container.\n\t ApplicationMaster host: N/A\n\t queue: etl\n"
                   "\t final status: FAILED\n\t user: ada\n")
            << "failed" << -104 << "Failing this attempt.Diagnostics: Container [pid=1" << 0.0;
        QTest::newRow("YARN kills the driver's container for virtual memory")
            << QByteArray("26/01/02 10:05:00 INFO Client: \n\t diagnostics: Container is running beyond virtual memory "
                          "limits. Killing container.\n\t final status: FAILED\n")
            << "failed" << -1 << "Container is running beyond virtual memory limits" << 0.0;
        QTest::newRow("the master's container ends with 143")
            << QByteArray("26/01/02 10:05:00 INFO Client: \n\t diagnostics: Container exited with a non-zero exit code "
                          "143\n\t final status: FAILED\n")
            << "failed" << 143 << "Container exited with a non-zero exit code 143" << 0.0;
        QTest::newRow("the user's class throws") << QByteArray(
            "26/01/02 10:05:00 INFO ApplicationMaster: Final app status: FAILED, exitCode: 15, (reason: User "
            "class threw exception: java.lang.NoSuchMethodError: a.B.c()V\n\tat d.E.f(E.scala:1)\n)\n")
                                                 << "failed" << 15 << "java.lang.NoSuchMethodError: a.B.c()V" << 0.0;
        QTest::newRow("the user's Python ends with a code, and its text tells why") << QByteArray(
            "Traceback (most recent call last):\n  File \"x.py\", line 1, in <module>\nKeyError: 'a'\n"
            "26/01/02 10:05:00 ERROR ApplicationMaster: User application exited with status 1\n"
            "26/01/02 10:05:00 INFO ApplicationMaster: Final app status: FAILED, exitCode: 13, (reason: User "
            "application exited with status 1)\n") << "failed" << 13 << "" << 0.0;
        QTest::newRow("the driver's pod is killed for its memory")
            << QByteArray(
                   "26/01/02 10:05:00 INFO LoggingPodStatusWatcherImpl: State changed, new state: \n\t pod name: x\n"
                   "\t labels: spark-app-selector -> spark-0123456789abcdef0123456789abcdef\n\t phase: Failed\n"
                   "\t container status: \n\t\t container name: spark-kubernetes-driver\n\t\t container state: "
                   "terminated\n\t\t exit code: 137\n\t\t termination reason: OOMKilled\n")
            << "killed" << 137 << "termination reason: OOMKilled" << 0.0;
        QTest::newRow("the driver's pod ends with 1") << QByteArray(
            "26/01/02 10:05:00 INFO LoggingPodStatusWatcherImpl: State changed, new state: \n\t phase: Failed\n"
            "\t\t container state: terminated\n\t\t exit code: 1\n\t\t termination reason: Error\n")
                                                      << "failed" << 1 << "" << 0.0;
        QTest::newRow("the driver's pod ends well")
            << QByteArray("26/01/02 10:05:00 INFO LoggingPodStatusWatcherImpl: State changed, new state: \n\t phase: "
                          "Succeeded\n\t\t container state: terminated\n\t\t exit code: 0\n\t\t termination reason: "
                          "Completed\n")
            << "succeeded" << 0 << "" << 0.0;
        QTest::newRow("kubectl describes the pod behind the log")
            << QByteArray("    Last State:     Terminated\n      Reason:       OOMKilled\n      Exit Code:    137\n")
            << "killed" << 137 << "Reason:       OOMKilled" << 0.0;
        QTest::newRow("the pod is evicted")
            << QByteArray("    State:          Terminated\n      Reason: Evicted\n      Exit Code:    137\n")
            << "killed" << 137 << "Reason: Evicted" << 0.0;
    }
    void readSparkLog_aKillDiagnosis_settlesOutcomeExitCodeAndCause()
    {
        QFETCH(const QByteArray, tail);
        QFETCH(const QString, outcome);
        QFETCH(const int, exitCode);
        QFETCH(const QString, cause);
        QFETCH(const double, peakGiB);
        const ReadLog read = readLog(driverHead() + tail.toStdString());
        const model::Attempt &attempt = read.only();
        QCOMPARE(QString::fromUtf8(name(attempt.outcome).data()), outcome);
        QCOMPARE(attempt.exitCode.value_or(-1), exitCode);
        QVERIFY2(QString::fromStdString(attempt.rootCause).startsWith(cause), attempt.rootCause.c_str());
        QCOMPARE(attempt.rootCause.empty(), cause.isEmpty());
        const auto peak = attempt.metrics.find(std::string(model::metric::kPeakRssBytes));
        QCOMPARE(peak == attempt.metrics.end() ? 0.0 : peak->second, peakGiB * 1024 * 1024 * 1024);
    }

    void readSparkLog_lostExecutorsAndTasks_areCounted()
    {
        const ReadLog read =
            readLog(driverHead()
                    + "26/01/02 10:05:00 ERROR TaskSchedulerImpl: Lost executor 1 on h: Command exited with code 52\n"
                      "26/01/02 10:05:00 WARN TaskSetManager: Lost task 0.0 in stage 0.0 (TID 0) (h executor 1): x\n"
                      "26/01/02 10:05:00 ERROR TaskSchedulerImpl: Lost executor 2 on h: Command exited with code 52\n"
                    + driverStop());
        QCOMPARE(read.only().metrics, (model::Metrics{{"failed_tasks", 1}, {"lost_executors", 2}}));
    }

    void readSparkLog_aClientsReport_givesQueueAndUser()
    {
        const ReadLog read =
            readLog("26/01/02 10:05:00 INFO Client: Application report for application_1448006111297_0138 "
                    "(state: FINISHED)\n26/01/02 10:05:00 INFO Client: \n\t client token: N/A\n\t diagnostics: "
                    "N/A\n\t ApplicationMaster host: h\n\t queue: root.etl\n\t start time: 1\n\t final "
                    "status: SUCCEEDED\n\t tracking URL: http://x\n\t user: grace\n");
        QCOMPARE(read.only().queue, std::string("root.etl"));
        QCOMPARE(read.only().owner, std::string("grace"));
        QCOMPARE(read.only().applicationId, std::string("application_1448006111297_0138"));
        QCOMPARE(read.only().outcome, model::Outcome::Succeeded);
    }
};

QTEST_GUILESS_MAIN(TestLogKills)
#include "tst_log_kills.moc"
