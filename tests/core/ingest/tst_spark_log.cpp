#include "text_log_reading.hpp"

#include "ingest/log_warnings.hpp"
#include "ingest/recognise.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

namespace
{

const char *const kMessage = "Running Spark version 3.5.1";

QString word(const model::Attempt &attempt)
{
    return QString::fromUtf8(name(attempt.outcome).data());
}

} // namespace

class TestSparkLog : public QObject
{
    Q_OBJECT

private slots:
    void readSparkLog_everyLayout_givesTimeAndFacts_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("time");
        QTest::newRow("Spark's own") << QByteArray("26/01/02 10:00:00 INFO SparkContext: %") << "2026-01-02T10:00:00Z";
        QTest::newRow("Spark's own with milliseconds and thread")
            << QByteArray("26/01/02 10:00:00.335 main INFO SparkContext: %") << "2026-01-02T10:00:00.335Z";
        QTest::newRow("a thread with blanks")
            << QByteArray("26/01/02 10:00:00.335 Executor task launch worker for task 0.0 "
                          "in stage 1.0 (TID 3) INFO SparkContext: %")
            << "2026-01-02T10:00:00.335Z";
        QTest::newRow("a package before the class")
            << QByteArray("17/06/09 20:10:40 INFO spark.SparkContext: %") << "2017-06-09T20:10:40Z";
        QTest::newRow("ISO date, comma, thread in brackets, dash")
            << QByteArray("2026-01-02 10:00:00,123 INFO [main] org.apache.spark.SparkContext - %")
            << "2026-01-02T10:00:00.123Z";
        QTest::newRow("thread before the level")
            << QByteArray("2026-01-02 10:00:00,123 [main] INFO  org.apache.spark.SparkContext - %")
            << "2026-01-02T10:00:00.123Z";
        QTest::newRow("T and Z") << QByteArray("2026-01-02T10:00:00.123Z INFO SparkContext: %")
                                 << "2026-01-02T10:00:00.123Z";
        QTest::newRow("T and an offset") << QByteArray("2026-01-02T10:00:00.123+09:00 INFO SparkContext: %")
                                         << "2026-01-02T01:00:00.123Z";
        QTest::newRow("offset without a colon")
            << QByteArray("2026-01-02 10:00:00 -0530 INFO SparkContext: %") << "2026-01-02T15:30:00Z";
        QTest::newRow("UTC spelt out") << QByteArray("2026-01-02 10:00:00.5 UTC INFO SparkContext: %")
                                       << "2026-01-02T10:00:00.500Z";
        QTest::newRow("year with slashes")
            << QByteArray("2026/01/02 10:00:00 INFO SparkContext: %") << "2026-01-02T10:00:00Z";
        QTest::newRow("everything in brackets")
            << QByteArray("[2026-01-02 10:00:00,123] [INFO] [main] [x] org.apache.spark.SparkContext: %")
            << "2026-01-02T10:00:00.123Z";
        QTest::newRow("level first") << QByteArray("INFO 2026-01-02 10:00:00,123 [main] o.a.s.SparkContext - %")
                                     << "2026-01-02T10:00:00.123Z";
        QTest::newRow("level first in brackets")
            << QByteArray("[INFO ] 2026-01-02 10:00:00.123 [main] SparkContext - %") << "2026-01-02T10:00:00.123Z";
        QTest::newRow("place behind the class")
            << QByteArray("2026-01-02 10:00:00,123 INFO [main] spark.SparkContext (Logging.scala:logInfo(61)): %")
            << "2026-01-02T10:00:00.123Z";
        QTest::newRow("a pod's log with Spark's own layout")
            << QByteArray("2026-01-02T10:00:00.123456789Z 26/01/02 12:00:00 INFO SparkContext: %")
            << "2026-01-02T10:00:00.123Z";
        QTest::newRow("a pod's log as the runtime writes it")
            << QByteArray("2026-01-02T10:00:00.123456789Z stderr F 26/01/02 12:00:00 INFO SparkContext: %")
            << "2026-01-02T10:00:00.123Z";
        QTest::newRow("a line that the runtime split")
            << QByteArray("2026-01-02T10:00:00.1234567Z stderr P 26/01/02 12:00:00 INFO Spark\n"
                          "2026-01-02T10:00:00.1234567Z stderr F Context: %")
            << "2026-01-02T10:00:00.123Z";
        QTest::newRow("structured logging of Spark 4")
            << QByteArray(R"({"ts":"2026-01-02T10:00:00.123Z","level":"INFO","msg":"%","context":{"a":"b"},)"
                          R"("logger":"org.apache.spark.SparkContext"})")
            << "2026-01-02T10:00:00.123Z";
        QTest::newRow("structured logging in a pod's log") << QByteArray(
            R"(2026-01-02T10:00:00.1Z stdout F {"ts":"2026-01-02T10:00:00.123Z","level":"INFO","msg":"%",)"
            R"("logger":"SparkContext"})") << "2026-01-02T10:00:00.123Z";
        QTest::newRow("log4j2's JSON with milliseconds")
            << QByteArray(R"({"timeMillis":1767348000123,"thread":"main","level":"INFO",)"
                          R"("loggerName":"org.apache.spark.SparkContext","message":"%"})")
            << "2026-01-02T10:00:00.123Z";
        QTest::newRow("log4j2's JSON with an instant")
            << QByteArray(R"({"instant":{"epochSecond":1767348000,"nanoOfSecond":123000000},"level":"INFO",)"
                          R"("loggerName":"org.apache.spark.SparkContext","message":"%"})")
            << "2026-01-02T10:00:00.123Z";
        QTest::newRow("Elastic's layout")
            << QByteArray(R"({"@timestamp":"2026-01-02T10:00:00.123Z","log.level":"INFO",)"
                          R"("message":"%","log.logger":"org.apache.spark.SparkContext"})")
            << "2026-01-02T10:00:00.123Z";
        QTest::newRow("Elastic's layout, nested")
            << QByteArray(R"({"@timestamp":"2026-01-02T10:00:00.123Z","log":{"level":"INFO",)"
                          R"("logger":"org.apache.spark.SparkContext"},"message":"%"})")
            << "2026-01-02T10:00:00.123Z";
    }
    void readSparkLog_everyLayout_givesTimeAndFacts()
    {
        QFETCH(QByteArray, line);
        QFETCH(const QString, time);
        const std::string text = line.replace("%", kMessage).toStdString() + "\n";
        QVERIFY(looksLikeSparkLog(text));
        const ReadLog read = readLog(text);
        QCOMPARE(QString::fromStdString(base::formatInstant(read.only().startedAt)), time);
        QCOMPARE(read.only().config.at("spark.version"), std::string("3.5.1"));
        QCOMPARE(word(read.only()), QString("unknown"));
        QVERIFY(read.report->truncated);
    }

    void readSparkLog_aDriversLog_givesItsIdentity()
    {
        const ReadLog read = readLog(
            driverHead()
            + "26/01/02 10:00:05 INFO ResourceProfile: Default ResourceProfile created, executor resources: "
              "Map(memoryOverhead -> name: memoryOverhead, amount: 384, script: , vendor: , cores -> name: cores, "
              "amount: 2, script: , vendor: , memory -> name: memory, amount: 768, script: , vendor: , offHeap -> "
              "name: offHeap, amount: 512, script: , vendor: ), task resources: Map(cpus -> name: cpus, amount: 1.0)\n"
            + driverStop());
        const model::Attempt &attempt = read.only();
        QCOMPARE(attempt.job, std::string("nightly_orders"));
        QCOMPARE(attempt.run, std::string("app-20260102100001-0007"));
        QCOMPARE(attempt.applicationId, std::string("app-20260102100001-0007"));
        QCOMPARE(attempt.attempt, 1);
        QCOMPARE(attempt.owner, std::string("ada"));
        QCOMPARE(attempt.config, (model::Config{{"spark.executor.cores", "2"},
                                                {"spark.executor.memory", "768m"},
                                                {"spark.executor.memoryOverhead", "384m"},
                                                {"spark.memory.offHeap.enabled", "true"},
                                                {"spark.memory.offHeap.size", "512m"},
                                                {"spark.version", "3.5.1"}}));
        QCOMPARE(word(attempt), QString("succeeded"));
        QCOMPARE(attempt.exitCode, std::optional(0));
        QVERIFY(attempt.errorText.empty());
        QCOMPARE(base::formatInstant(attempt.endedAt), std::string("2026-01-02T10:09:01Z"));
        QCOMPARE(read.report->warnings, std::vector<std::string>{std::string(kTimesWithoutZone) + " (once)"});
        QVERIFY(!read.report->truncated);
        QCOMPARE(read.report->attempts, std::uint64_t(1));
    }

    void readSparkLog_aLogWithoutNameOrApplication_isNamedByItsFile()
    {
        const ReadLog read = readLog("26/01/02 10:00:00 INFO SparkContext: Starting job: x\n", Format::SparkLog,
                                     "folder/billing.driver.log.txt");
        QCOMPARE(read.only().job, std::string("billing"));
        QVERIFY(read.only().run.ends_with("folder/billing.driver.log.txt"));
    }

    void readSparkLog_aLogInYarnsFolders_takesItsApplicationFromThere()
    {
        const ReadLog read =
            readLog("26/01/02 10:00:00 INFO executor.CoarseGrainedExecutorBackend: Registered\n", Format::SparkLog,
                    "application_1448006111297_0138/container_1448006111297_0138_02_000003.log");
        QCOMPARE(read.only().run, std::string("application_1448006111297_0138"));
        QCOMPARE(read.only().attempt, 2);
    }

    void readSparkLog_propertiesInTheText_areItsConfiguration_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("the context prints its configuration")
            << QByteArray("26/01/02 10:00:01 INFO SparkContext: Spark configuration:\nspark.executor.memory=4g\n"
                          "spark.app.name=a=b\n");
        QTest::newRow("spark-submit is verbose")
            << QByteArray("Spark properties used, including those specified through\n --conf and those from the "
                          "properties file x:\n  (spark.executor.memory,4g)\n  (spark.app.name,a=b)\n");
        QTest::newRow("a command before the log")
            << QByteArray("+ exec spark-submit --conf spark.executor.memory=4g --conf 'spark.app.name=a=b' x.py\n");
    }
    void readSparkLog_propertiesInTheText_areItsConfiguration()
    {
        QFETCH(const QByteArray, text);
        const ReadLog read = readLog(text.toStdString() + driverHead());
        QCOMPARE(read.only().config.at("spark.executor.memory"), std::string("4g"));
        QCOMPARE(read.only().config.at("spark.app.name"), std::string("a=b"));
    }

    void readSparkLog_outcome_followsTheEvidence_data()
    {
        QTest::addColumn<QByteArray>("tail");
        QTest::addColumn<QString>("outcome");
        QTest::newRow("an orderly stop") << QByteArray::fromStdString(driverStop()) << "succeeded";
        QTest::newRow("nothing more") << QByteArray() << "unknown";
        QTest::newRow("an exception in main without a header")
            << QByteArray(
                   "Exception in thread \"main\" java.lang.IllegalStateException: no orders\n\tat A.main(A.scala:1)\n")
                   + QByteArray::fromStdString(driverStop())
            << "failed";
        QTest::newRow("a Python traceback behind an orderly stop")
            << QByteArray::fromStdString(driverStop())
                   + "Traceback (most recent call last):\n  File \"x.py\", line 1, in <module>\nKeyError: 'a'\n"
            << "failed";
        QTest::newRow("a traceback that the next job overcame")
            << QByteArray("Traceback (most recent call last):\n  File \"x.py\", line 1, in f\nKeyError: 'a'\n"
                          "26/01/02 10:01:00 INFO SparkContext: Starting job: count at x.py:4\n")
                   + QByteArray::fromStdString(driverStop())
            << "succeeded";
        QTest::newRow("a traceback that Python's logging wrote")
            << QByteArray("ERROR:root:Exception while sending command.\nTraceback (most recent call last):\n"
                          "  File \"x.py\", line 1, in f\nKeyError: 'a'\n")
                   + QByteArray::fromStdString(driverStop())
            << "succeeded";
        QTest::newRow("a job that failed, and a stop")
            << QByteArray("26/01/02 10:01:00 INFO DAGScheduler: Job 0 failed: count at Orders.scala:12, took 3.1 s\n")
                   + QByteArray::fromStdString(driverStop())
            << "failed";
        QTest::newRow("a job that failed and one that did not")
            << QByteArray("26/01/02 10:01:00 INFO DAGScheduler: Job 0 failed: count at Orders.scala:12, took 3.1 s\n"
                          "26/01/02 10:02:00 INFO DAGScheduler: Job 1 finished: count at Orders.scala:13, took 3.1 s\n")
                   + QByteArray::fromStdString(driverStop())
            << "succeeded";
        QTest::newRow("a stop with an exit code") << QByteArray(
            "26/01/02 10:09:00 INFO SparkContext: SparkContext is stopping with exitCode 3 from stop at x.\n"
            "26/01/02 10:09:01 INFO SparkContext: Successfully stopped SparkContext\n")
                                                  << "failed";
        QTest::newRow("told to end") << QByteArray("26/01/02 10:01:00 ERROR ApplicationMaster: RECEIVED SIGNAL TERM\n")
                                            + QByteArray::fromStdString(driverStop())
                                     << "killed";
        QTest::newRow("told to end when it had ended")
            << QByteArray::fromStdString(driverStop())
                   + "26/01/02 10:10:00 ERROR ApplicationMaster: RECEIVED SIGNAL TERM\n"
            << "succeeded";
        QTest::newRow("told to end, and the master says so")
            << QByteArray("26/01/02 10:01:00 ERROR ApplicationMaster: RECEIVED SIGNAL TERM\n"
                          "26/01/02 10:01:00 INFO ApplicationMaster: Final app status: FAILED, exitCode: 16, (reason: "
                          "Shutdown hook called before final status was reported.)\n")
            << "killed";
        QTest::newRow("a time limit") << QByteArray(
            "26/01/02 10:01:00 ERROR scheduler: the time limit of 30 s was exceeded; the run was killed\n")
                                      << "killed";
        QTest::newRow("final status of the master")
            << QByteArray("26/01/02 10:01:00 INFO ApplicationMaster: Final app status: SUCCEEDED, exitCode: 0\n")
            << "succeeded";
        QTest::newRow("final status of the master, failed") << QByteArray(
            "26/01/02 10:01:00 INFO ApplicationMaster: Final app status: FAILED, exitCode: 13, (reason: User "
            "application exited with status 1)\n") << "failed";
        QTest::newRow("success of a master whose driver runs elsewhere")
            << QByteArray("26/01/02 10:01:00 INFO ApplicationMaster: Driver now available: h:1\n"
                          "26/01/02 10:01:00 INFO ApplicationMaster: Final app status: SUCCEEDED, exitCode: 0\n")
            << "unknown";
        QTest::newRow("a client's report of a kill") << QByteArray(
            "26/01/02 10:01:00 INFO Client: Application report for application_1448006111297_0138 (state: "
            "KILLED)\n26/01/02 10:01:00 INFO Client: \n\t client token: N/A\n\t diagnostics: Application "
            "killed by user.\n\t ApplicationMaster host: h\n\t queue: etl\n\t final status: KILLED\n"
            "\t user: grace\n") << "killed";
    }
    void readSparkLog_outcome_followsTheEvidence()
    {
        QFETCH(const QByteArray, tail);
        QFETCH(const QString, outcome);
        const ReadLog read = readLog(driverHead() + tail.toStdString());
        QCOMPARE(word(read.only()), outcome);
        QCOMPARE(read.report->truncated, tail.isEmpty());
        QCOMPARE(read.report->failures, std::uint64_t(outcome == "failed" || outcome == "killed" ? 1 : 0));
    }

    void readSparkLog_anExecutorsLog_neverTellsTheOutcome_data()
    {
        QTest::addColumn<QByteArray>("tail");
        QTest::newRow("told to shut down")
            << QByteArray("26/01/02 10:09:00 INFO CoarseGrainedExecutorBackend: Driver commanded a shutdown\n");
        QTest::newRow("told to end") << QByteArray(
            "26/01/02 10:09:00 ERROR CoarseGrainedExecutorBackend: RECEIVED SIGNAL TERM\n");
        QTest::newRow("out of memory") << QByteArray(
            "26/01/02 10:09:00 ERROR SparkUncaughtExceptionHandler: Uncaught exception in thread "
            "Thread[Executor task launch worker,5,main]\njava.lang.OutOfMemoryError: Java heap space\n"
            "\tat A.b(A.scala:1)\n");
    }
    void readSparkLog_anExecutorsLog_neverTellsTheOutcome()
    {
        QFETCH(const QByteArray, tail);
        const ReadLog read = readLog("26/01/02 10:00:00 INFO CoarseGrainedExecutorBackend: Started daemon\n"
                                     "26/01/02 10:00:00 INFO Executor: Starting executor ID 1 on host h\n"
                                     + tail.toStdString());
        QCOMPARE(word(read.only()), QString("unknown"));
        QVERIFY(!read.report->truncated);
        QVERIFY(!read.only().errorText.empty());
    }

    void readSparkLog_anExceptionInJson_isLaidOutAsTheJvmPrintsIt_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("Spark 4, a stack as text")
            << QByteArray(R"({"ts":"2026-01-02T10:00:00.123Z","level":"ERROR","msg":"Uncaught exception in thread )"
                          R"(Thread[main,5,main]","exception":{"class":"java.lang.IllegalStateException","msg":"bad",)"
                          R"("stacktrace":"java.lang.IllegalStateException: bad\n\tat A.b(A.scala:1)\n)"
                          R"(Caused by: java.io.IOException: disk\n\tat C.d(C.java:2)\n"},)"
                          R"("logger":"org.apache.spark.util.SparkUncaughtExceptionHandler"})");
        QTest::newRow("log4j2, thrown with causes")
            << QByteArray(R"({"timeMillis":1767348000123,"level":"ERROR","loggerName":)"
                          R"("org.apache.spark.util.SparkUncaughtExceptionHandler","message":"Uncaught exception in )"
                          R"(thread Thread[main,5,main]","thrown":{"name":"java.lang.IllegalStateException",)"
                          R"("message":"bad","extendedStackTrace":[{"class":"A","method":"b","file":"A.scala",)"
                          R"("line":1}],"cause":{"name":"java.io.IOException","message":"disk",)"
                          R"("extendedStackTrace":[{"class":"C","method":"d","file":"C.java","line":2}]}}})");
        QTest::newRow("Elastic") << QByteArray(
            "{\"@timestamp\":\"2026-01-02T10:00:00.123Z\",\"log.level\":\"ERROR\",\"log.logger\":"
            "\"org.apache.spark.util.SparkUncaughtExceptionHandler\",\"message\":\"Uncaught exception in thread "
            "Thread[main,5,main]\",\"error.type\":\"java.lang.IllegalStateException\",\"error.message\":\"bad\","
            "\"error.stack_trace\":\"java.lang.IllegalStateException: bad\\n\\tat A.b(A.scala:1)\\nCaused by: "
            "java.io.IOException: disk\\n\\tat C.d(C.java:2)\"}");
    }
    void readSparkLog_anExceptionInJson_isLaidOutAsTheJvmPrintsIt()
    {
        QFETCH(const QByteArray, line);
        const ReadLog read = readLog(line.toStdString() + "\n");
        QCOMPARE(word(read.only()), QString("failed"));
        const std::string &text = read.only().errorText;
        QVERIFY2(
            text.find("\njava.lang.IllegalStateException: bad\n\tat A.b(A.scala:1)\nCaused by: java.io.IOException: "
                      "disk\n\tat C.d(C.java:2)")
                != std::string::npos,
            text.c_str());
        QCOMPARE(text.find("bad"), text.rfind("bad"));
    }

    void readSparkLog_aHugeLog_keepsFailuresAndTail()
    {
        std::string text = driverHead();
        text += "26/01/02 10:00:05 ERROR TaskSetManager: Task 0 in stage 0.0 failed 4 times; aborting job\n";
        for (int i = 0; i < 150'000; ++i)
            text += "26/01/02 10:00:06 INFO MemoryStore: Block broadcast_" + std::to_string(i) + " stored as values\n";
        text += "Exception in thread \"main\" java.lang.IllegalStateException: no orders\n";
        const ReadLog read = readLog(text);
        const std::string &kept = read.only().errorText;
        QVERIFY(kept.size() <= (4u << 20) && kept.size() > (1u << 20));
        QVERIFY(kept.find("failed 4 times; aborting job") < 500);
        QVERIFY(kept.find("bytes of the log left out]\n") != std::string::npos);
        QVERIFY(kept.ends_with("no orders\n"));
    }

    void readSparkLog_secretsInTheText_areRedacted()
    {
        const ReadLog read = readLog(driverHead()
                                     + "26/01/02 10:01:00 ERROR Orders: password=hunter2hunter2\n"
                                       "Exception in thread \"main\" java.lang.RuntimeException: x\n");
        QVERIFY(read.only().errorText.find("hunter2") == std::string::npos);
        QVERIFY(read.report->redactions > 0);
    }

    void recogniseHead_whatIsNoSparkLog_isNotTakenForOne_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("an application's own log")
            << QByteArray("2026-01-02 10:00:00,123 INFO [main] com.example.Orders - started\n").repeated(50);
        QTest::newRow("an application's own log without a class")
            << QByteArray("2026-01-02 10:00:00 INFO started with spark\n").repeated(50);
        QTest::newRow("a README that quotes a log")
            << QByteArray("# Orders\n\nHow to run it: call the script and wait for it.\nIt prints much.\n").repeated(10)
                   + "26/01/02 10:00:00 INFO SparkContext: Running Spark version 3.5.1\n"
                     "26/01/02 10:00:00 INFO SparkContext: Submitted application: x\n"
                   + QByteArray("Then look at the result.\n").repeated(10);
        QTest::newRow("rows of a table") << QByteArray("time,level,message\n2026-01-02 10:00:00,INFO,SparkContext\n");
        QTest::newRow("an Airflow task log")
            << QByteArray("[2026-01-02T10:00:00.123+0000] {spark_submit.py:490} INFO - 26/01/02 10:00:00 INFO "
                          "SparkContext: Running Spark version 3.5.1\n")
                   .repeated(10);
        QTest::newRow("an older Airflow task log")
            << QByteArray("[2026-01-02 10:00:00,123] {spark_submit.py:490} INFO - INFO SparkContext: x\n").repeated(10);
        QTest::newRow("JSON of another program")
            << QByteArray(R"({"ts":"2026-01-02T10:00:00Z","level":"INFO","msg":"x","logger":"com.example.A"})"
                          "\n")
                   .repeated(10);
        QTest::newRow("prose about Spark") << QByteArray("SparkContext: the entry point of Spark.\n").repeated(20);
        QTest::newRow("a name node's log")
            << QByteArray("2026-01-02 10:00:00,123 INFO org.apache.hadoop.hdfs.StateChange: BLOCK* x\n").repeated(20);
    }
    void recogniseHead_whatIsNoSparkLog_isNotTakenForOne()
    {
        QFETCH(const QByteArray, text);
        QVERIFY(!looksLikeSparkLog(text.toStdString()));
        QVERIFY(!looksLikeYarnLog(text.toStdString()));
    }

    void recogniseHead_aLogThatBeginsInsideATrace_isStillOne()
    {
        const std::string text =
            "\tat A.b(A.scala:1)\n\tat C.d(C.java:2)\nCaused by: java.io.IOException: x\n" + driverHead();
        const auto recognised = recogniseHead("x/stderr", text, true);
        QVERIFY(recognised.format == Format::SparkLog);
    }
};

QTEST_GUILESS_MAIN(TestSparkLog)
#include "tst_spark_log.moc"
