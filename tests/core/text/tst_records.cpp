#include "base/result.hpp" // before the others: moc cannot read <concepts> as the first standard header
#include "text/records.hpp"
#include "text/root_cause.hpp"

#include <QtTest>

#include <string>

using namespace mulligan::text;

using mulligan::model::Evidence;
using Found = std::optional<Evidence>;

Q_DECLARE_METATYPE(std::optional<mulligan::model::Evidence>)

/// Which lines of a log tell of something beside the failure, and which logs end well. All texts are synthetic.
class TestRecords : public QObject
{
    Q_OBJECT

private slots:
    void evidenceAt_line_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("at");
        QTest::addColumn<Found>("evidence");
        const auto row = [](const char *name, const char *text, const char *at, Found evidence) {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(at) << evidence;
        };
        row("information", "24/05/01 10:00:00 INFO A: disk is full\n", "disk", Evidence::Information);
        row("an error", "24/05/01 10:00:00 ERROR A: disk is full\n", "disk", Evidence::Failure);
        row("a warning", "24/05/01 10:00:00 WARN A: disk is full\n", "disk", Evidence::Failure);
        row("a line without a level", "disk is full\n", "disk", Evidence::Failure);
        row("a plain line below information", "24/05/01 10:00:00 INFO A: begun\ndisk is full\n", "disk",
            Evidence::Failure);
        row("a trace that another program may have printed",
            "24/05/01 10:00:00 INFO A: begun\nTraceback (most recent call last):\n  File \"a.py\", line 1\n"
            "ValueError: disk\n",
            "disk", Evidence::Failure);
        row("an indented line below information", "24/05/01 10:00:00 INFO Client: \n\t diagnostics: disk is full\n",
            "disk", Evidence::Failure);
        row("a client that tries again",
            "24/05/01 10:00:00 WARN NetworkClient: [Consumer a] Connection to node 1 (h/1.2.3.4:9092) lost\n",
            "Connection", Evidence::Beside);
        row("its trace",
            "24/05/01 10:00:00 WARN DFSClient: Failed to connect\njava.net.ConnectException: refused\n\tat a.B.c(D)\n"
            "Caused by: java.io.IOException: disk\n\tat a.B.c(D)\n",
            "disk", Evidence::Beside);
        const char *done = "24/05/01 10:00:00 WARN [fetcher#2] Fetcher: Failed to connect to dn3\n"
                           "java.net.SocketTimeoutException: disk\n\tat a.B.c(B.java:1)\n"
                           "24/05/01 10:00:08 INFO [main] Task: Task 'attempt_17_01_r_000000_0' done.\n";
        row("what a task got over", done, "disk", std::nullopt);
        const std::string ofRun = "24/05/01 09:59:00 INFO MRAppMaster: x\n" + std::string(done);
        row("a task that is done in a run of several", ofRun.c_str(), "disk", Evidence::Failure);
        const char *ignored = "24/05/01 10:00:00 INFO A: begun\nException ignored in: <function Pool.__del__>\n"
                              "Traceback (most recent call last):\n  File \"a.py\", line 1\nPoolError: disk\n"
                              "Traceback (most recent call last):\n  File \"a.py\", line 2\nKeyError: heap\n";
        row("an exception that Python ignored", ignored, "disk", Evidence::Beside);
        row("the traceback behind it", ignored, "heap", Evidence::Failure);
        const char *retry = "Retrying (Retry(total=4)) after connection broken by 'disk'\n"
                            "Traceback (most recent call last):\n  File \"a.py\", line 2\nKeyError: heap\n";
        row("a request that is made again", retry, "disk", Evidence::Beside);
        row("a traceback behind that", retry, "heap", Evidence::Failure);
        const std::string logged = "24/05/01 10:00:00 WARN urllib3: " + std::string(retry);
        row("a request that is made again, with a level", logged.c_str(), "disk", Evidence::Beside);
        row("a traceback behind that, with a level", logged.c_str(), "heap", Evidence::Failure);
        row("an error's trace",
            "24/05/01 10:00:00 ERROR A: failed\njava.net.ConnectException: refused\n\tat a.B.c(D)\n"
            "Caused by: java.io.IOException: disk\n",
            "disk", Evidence::Failure);
        row("a plain line between",
            "24/05/01 10:00:00 WARN DFSClient: Failed to connect\nso it went\njava.io.IOException: disk\n", "disk",
            Evidence::Failure);
        row("a lost task", "24/05/01 10:00:00 WARN TaskSetManager: Lost task 1.0 in stage 2.0: disk\n", "disk",
            Evidence::Failure);
        const char *recovered = "24/05/01 10:00:00 WARN TaskSetManager: Lost task 1.0 in stage 2.0: disk\n"
                                "24/05/01 10:00:01 ERROR TaskSchedulerImpl: Lost executor 3 on n1: killed\n"
                                "24/05/01 10:00:02 ERROR Writer: quota\n"
                                "24/05/01 10:00:09 INFO DAGScheduler: Job 7 finished: save at A.scala:1, took 1 s\n"
                                "24/05/01 10:00:10 WARN TaskSetManager: Lost task 2.0 in stage 4.0: heap\n";
        row("a lost task before a job's end", recovered, "disk", std::nullopt);
        row("a lost executor before a job's end", recovered, "killed", std::nullopt);
        const char *again = "24/05/01 10:00:00 WARN TaskSetManager: Lost task 7.0 in stage 9.0: disk\n"
                            "24/05/01 10:00:00 WARN TaskSetManager: Lost task 8.0 in stage 9.0: heap\n"
                            "24/05/01 10:00:01 INFO TaskSetManager: Finished task 7.1 in stage 9.0 (TID 9) in 98 ms\n"
                            "24/05/01 10:00:01 INFO TaskSetManager: Finished task 8.1 in stage 19.0 (TID 9) in 98 ms\n"
                            "24/05/01 10:00:01 INFO TaskSetManager: Finished task 18.1 in stage 9.0 (TID 9) in 98 ms\n";
        row("a lost task that was done again", again, "disk", std::nullopt);
        row("a lost task that was not", again, "heap", Evidence::Failure);
        const char *outlived =
            "24/05/01 10:00:00 WARN TaskSetManager: Lost task 7.0 in stage 9.0 (TID 1) (w1 executor 2): a.B: disk\n"
            "\tat a.B.c(frame)\nCaused by: a.CauseException: quota\nException in thread \"main\" "
            "org.apache.spark.SparkException: Job aborted due to stage failure: Task 1 in stage 11.0 failed 4 times, "
            "most recent failure: Lost task 1.3 in stage 11.0 (TID 5) (w1 executor 2): a.OddException: heap\n"
            "24/05/01 10:00:00 WARN TaskSetManager: Lost task 7.0 in stage 12.0 (TID 6) (w1 executor 2): a.B: late\n";
        row("a lost task before a job was aborted for another", outlived, "disk", std::nullopt);
        row("a frame of its trace", outlived, "frame", std::nullopt);
        row("the cause in its trace", outlived, "quota", std::nullopt);
        row("what the job was aborted for, right behind it", outlived, "heap", Evidence::Failure);
        row("a lost task after that", outlived, "late", Evidence::Failure);
        const char *python =
            "24/05/01 10:00:00 WARN TaskSetManager: Lost task 7.0 in stage 9.0 (TID 1) (w1 executor 2): a.PyException: "
            "Traceback (most recent call last):\n  File \"a.py\", line 2\nKeyError: disk\nException in thread "
            "\"main\" a.SparkException: Job aborted due to stage failure: Task 1 in stage 11.0 failed 4 times, most "
            "recent failure: Lost task 1.3 in stage 11.0 (TID 5) (w1 executor 2): a.OddException: heap\n";
        row("Python's exception before a job was aborted for another task", python, "disk", std::nullopt);
        row("what the job was aborted for, right behind that", python, "heap", Evidence::Failure);
        row("information before a job's end", recovered, "Job", Evidence::Information);
        row("its trace before a batch's end",
            "24/05/01 10:00:00 INFO A: latency\njava.io.IOException: disk\n\tat a.B.c(D)\n"
            "24/05/01 10:00:09 INFO MicroBatchExecution: Committed offsets for batch 4\n",
            "disk", std::nullopt);
        row("another error before a job's end", recovered, "quota", Evidence::Failure);
        row("what follows a lost executor before a job's end",
            "24/05/01 10:00:01 ERROR TaskSchedulerImpl: Lost executor 3 on n1:\nThe container was killed: disk\n"
            "24/05/01 10:00:09 INFO DAGScheduler: Job 7 finished: save at A.scala:1, took 1 s\n",
            "disk", std::nullopt);
        row("a lost task behind it", recovered, "heap", Evidence::Failure);
        const char *log4j = "log4j:ERROR setFile(null,true) call failed.\n"
                            "java.io.FileNotFoundException: /x.log (disk)\n\tat a.B.c(heap)\n"
                            "java.io.IOException: quota\n";
        row("a logger without its file", log4j, "setFile", std::nullopt);
        row("its trace", log4j, "disk", std::nullopt);
        row("a frame of it", log4j, "heap", std::nullopt);
        row("another trace behind it", log4j, "quota", Evidence::Failure);
        row("an exception behind a logger's warning", "log4j:WARN No appenders\njava.io.IOException: disk\n", "disk",
            Evidence::Failure);
        const char *attempts = "24/05/01 10:00:00 INFO mapreduce.Job: Task Id : attempt_7_1_m_3_0, Status : FAILED\n"
                               "AttemptID:attempt_7_1_m_3_0 Timed out: disk\nIt was killed.\n\n"
                               "24/05/01 10:00:00 INFO mapreduce.Job: Task Id : attempt_7_1_m_4_0, Status : FAILED\n"
                               "Error: java.io.IOException: heap\n\tat a.B.c(B.java:1)\n\nquota\n"
                               "24/05/01 10:00:09 INFO mapreduce.Job: Job job_7_1 failed with state FAILED due to: "
                               "Task failed task_7_1_m_4\n";
        row("an attempt of a task that the job did not fail by", attempts, "disk", std::nullopt);
        row("its further lines", attempts, "killed", std::nullopt);
        row("an attempt of the task that it failed by", attempts, "heap", Evidence::Failure);
        row("a line of its own behind an attempt", attempts, "quota", Evidence::Failure);
        row("an attempt before MapReduce's job ends well",
            "24/05/01 10:00:00 INFO mapreduce.Job: Task Id : attempt_7_1_m_3_0, Status : FAILED\n"
            "Error: java.io.IOException: disk\n\n"
            "24/05/01 10:00:09 INFO mapreduce.Job: Job job_7_1 completed successfully\n",
            "disk", std::nullopt);
        row("what a task runner passes on",
            "[2024-05-01, 03:20:10 UTC] {spark_submit.py:490} INFO - 24/05/01 10:00:00 ERROR A: disk\n", "disk",
            Evidence::Failure);
        row("a plain line that it passes on", "[2024-05-01, 03:20:10 UTC] {subprocess.py:93} INFO - disk is full\n",
            "disk", Evidence::Failure);
        row("a task runner's own word", "[2024-05-01, 03:20:10 UTC] {taskinstance.py:93} INFO - disk is full\n", "disk",
            Evidence::Information);
    }
    void evidenceAt_line()
    {
        QFETCH(QString, text);
        QFETCH(QString, at);
        QFETCH(Found, evidence);
        const std::string bytes = text.toStdString();
        const std::size_t place = bytes.find(at.toStdString());
        QVERIFY(place != std::string::npos);
        QVERIFY(Records(bytes).evidenceAt(place) == evidence);
    }

    void evidenceAt_anyPlaceOfAnyText_isAnswered()
    {
        for (const std::string_view text : {std::string_view("\n\n"), std::string_view("\r\n\r"), std::string_view(" "),
                                            std::string_view("\tat a\n\tat b"), std::string_view("Caused by: ")})
            for (std::size_t place = 0; place <= text.size() + 1; ++place)
                QVERIFY(Records(text).evidenceAt(place) == Evidence::Failure);
        QVERIFY(Records("").evidenceAt(0) == Evidence::Failure);
        QVERIFY(!Records("").endWell());
        QVERIFY(!Records("INFO ShutdownHookManager: x\n").endWell());
    }

    /// Whoever scans a text for the signs and finds none spares it the search; each kind of success holds one.
    void signsOfSuccess_textsThatTellOfSuccess_holdOne()
    {
        const auto signs = Records::signsOfSuccess();
        for (const std::string_view text :
             {"x\nFinal app status: SUCCEEDED, exitCode: 0\n", "x\nfinal status: SUCCEEDED\n",
              "x\nMarking task as SUCCESS. dag_id=a\n", "x\nTask exited with return code 0\n", "x\nphase: Succeeded\n",
              "x\nfinal_state=SUCCESS\n", "x\nfinal_state=success\n",
              "x\n10:00:09.100 | INFO    | Flow run 'a' - Finished in state Completed()\n"}) {
            QVERIFY2(successAtEnd(text).has_value(), text.data());
            QVERIFY(Records::holdsSignOfSuccess(text));
            QVERIFY(std::any_of(signs.begin(), signs.end(),
                                [&](std::string_view sign) { return text.find(sign) != std::string_view::npos; }));
        }
        const std::string_view lost = "WARN TaskSetManager: Lost task 1.0 in stage 2.0\n"
                                      "INFO DAGScheduler: Job 0 finished: collect at A.scala:1, took 2 s\n";
        QVERIFY(!Records(lost).evidenceAt(0).has_value());
        Records told(lost.substr(0, lost.find('\n') + 1));
        told.holdsNoSignOfSuccess();
        QVERIFY(told.evidenceAt(0).has_value());
        QVERIFY(!Records::holdsSignOfSuccess(lost.substr(0, lost.find('\n') + 1)));
        QVERIFY(!told.endWell());
    }

    void successAtEnd_text_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("well");
        const auto row = [](const char *name, const QString &text, bool well) { QTest::newRow(name) << text << well; };
        const QString airflow = "[2024-05-01, 03:20:10 UTC] {taskinstance.py:1} ";
        const QString good = airflow + "INFO - Marking task as SUCCESS. dag_id=a, task_id=b\n";
        row("Airflow", "ValueError: x\n" + good + airflow + "INFO - Task exited with return code 0\n", true);
        row("Airflow, tried again", good + airflow + "INFO - Marking task as FAILED. dag_id=a\n", false);
        const QString lost = "24/05/01 10:00:00 FATAL [IPC Server handler 1] TaskAttemptListenerImpl: Task: "
                             "attempt_17_01_m_000001_0 - exited : java.io.IOException: disk\n"
                             "24/05/01 10:00:00 ERROR [RMCommunicator] RMContainerAllocator: ERROR IN CONTACTING RM. \n"
                             "java.net.NoRouteToHostException: No Route to Host\n";
        const QString done = "24/05/01 10:00:08 INFO JobImpl: job_17_01Job Transitioned from COMMITTING to SUCCEEDED\n";
        const QString farewell = "24/05/01 10:00:09 WARN [LeaseRenewer] LeaseRenewer: Failed to renew lease for [x]\n"
                                 "24/05/01 10:00:09 INFO [IPC Server Responder] Server: Stopping IPC\n";
        row("the master of a MapReduce job", lost + done + farewell, true);
        row("behind it the logs of its tasks",
            lost + done + farewell
                + "24/05/01 10:00:03 WARN YarnChild: Exception running child attempt_17_01_m_000001_0: x\n",
            true);
        row("behind it those of another job's",
            lost + done + "24/05/01 11:00:03 ERROR Task: attempt_17_02_m_000001_0 x\n", false);
        const QString acme = "24/05/01 10:00:10 ERROR [main] com.acme.Publish: failed\n";
        row("an error of its client behind it", lost + done + acme + "java.lang.OutOfMemoryError: Java heap space\n",
            false);
        row("a command behind it", lost + done + "mv: cannot move: No space left on device\n", false);
        row("Airflow behind it", airflow + "INFO - " + done + airflow + "ERROR - Task failed with exception\nX: y\n",
            false);
        row("Oozie's launcher", lost + done + "Failing Oozie Launcher, Main class [A], exit code [1]\n", false);
        row("another job behind it, which failed",
            lost + done + "24/05/01 10:00:08 INFO JobImpl: job_17_02Job Transitioned from RUNNING to FAIL_ABORT\n",
            false);
        row("its words within others",
            "assertion: expected 'job_17_01Job Transitioned from COMMITTING to SUCCEEDED'\n" + lost, false);
        row("a master whose commit failed",
            lost + "24/05/01 10:00:08 INFO JobImpl: job_17_01Job Transitioned from COMMITTING to FAIL_ABORT\n", false);
        row("a failure behind it", good + "Traceback (most recent call last):\nValueError: x\n", false);
        row("an error behind it", good + "24/05/01 10:00:00 ERROR A: disk\n", false);
        row("harmless lines behind it",
            good
                + "24/05/01 10:00:00 INFO A: errors: 0, failed: 0\n"
                  "24/05/01 10:00:00 ERROR ShutdownHookManager: Exception while deleting x\n",
            true);
        const QString told = airflow + "ERROR - Received SIGTERM. Terminating subprocesses.\n";
        const QString code = airflow + "INFO - Task exited with return code 0\n";
        row("Airflow, told to end", told + code, false);
        row("Airflow, its heart stopped", airflow + "ERROR - Heartbeat time limit exceeded!\n" + code, false);
        row("Airflow, told to end once it had succeeded", told + good + code, true);
        row("a flow of Prefect's", "10:00:09.100 | INFO    | Flow run 'a' - Finished in state Completed()\n", true);
        row("a task of Prefect's", "10:00:09.100 | INFO    | Task run 'a' - Finished in state Completed()\n", false);
        row("a flow of Prefect's whose process failed",
            "10:00:09.100 | INFO    | Flow run 'a' - Finished in state Completed()\n"
            "10:00:09.200 | ERROR   | prefect.worker - Process for flow run 'b' exited with status code: -9\n",
            false);
        row("YARN", "24/05/01 10:00:00 INFO ApplicationMaster: Final app status: SUCCEEDED, exitCode: 0\n", true);
        row("the driver is elsewhere",
            "24/05/01 10:00:00 INFO ApplicationMaster: Driver terminated or disconnected! Shutting down.\n"
            "24/05/01 10:00:00 INFO ApplicationMaster: Final app status: SUCCEEDED, exitCode: 0\n",
            false);
        row("the state was set from outside",
            airflow + "WARNING - State of this instance has been externally set to failed.\n" + airflow
                + "INFO - Task exited with return code 0\n",
            false);
        row("YARN's client", "INFO Client: Application report\n\t final status: SUCCEEDED\n\t user: a\n", true);
        row("Kubernetes", "24/05/01 10:00:00 INFO A: Application status for spark-1 (phase: Succeeded)\n", true);
        row("long before the end", good + QString("x\n").repeated(5000), false);
        row("a program's own word",
            "2024-05-01 10:00:00 INFO [main] Load - token expired, renewed\n2024-05-01 10:00:09 INFO [main] Load - job "
            "finished.\n",
            true);
        row("its own word behind an error",
            "2024-05-01 10:00:00 ERROR Load - disk\n2024-05-01 10:00:09 INFO Load - done\n", false);
        row("its own word behind a plain failure", "cannot write\nall done\n", false);
        row("its own word behind a missing file", "ls: x: No such file or directory\ncleanup done\n", false);
        row("its own word behind a crash", "Segmentation fault (core dumped)\ncopying done\n", false);
        row("its own word behind what no one may understand", "ファイルがありません\nall done\n", false);
        row("its own word behind an error beside the work",
            "2024-05-01 10:00:00 ERROR DFSClient: disk\n2024-05-01 10:00:09 INFO Load - done\n", true);
        row("Spark's own word behind a channel that was reset",
            "24/05/01 10:00:00 WARN TransportChannelHandler: Exception in connection from /1.2.3.4:5\n"
            "java.io.IOException: Connection reset by peer\n"
            "24/05/01 10:00:09 INFO SparkContext: Successfully stopped SparkContext (Uptime: 6042 ms)\n"
            "24/05/01 10:00:09 INFO ShutdownHookManager: Deleting directory /tmp/a\n",
            true);
        row("Spark's own word behind an exception",
            "24/05/01 10:00:00 WARN TaskSetManager: Lost task 1.0 in stage 2.0\njava.lang.OutOfMemoryError: heap\n"
            "24/05/01 10:00:09 INFO SparkContext: Successfully stopped SparkContext\n",
            false);
        row("its own word of a failure", "2024-05-01 10:00:09 INFO Load - failed job finished\n", false);
        row("a word of what is yet to come",
            "Backup and file operations must be serialized. Reissue the statement after the current one is "
            "completed.\n",
            false);
        row("a word of what has come", "The nightly load has been completed.\n", true);
        row("nothing of it", "24/05/01 10:00:00 INFO A: going on\n", false);
        row("nothing", "", false);
    }
    void successAtEnd_text()
    {
        QFETCH(QString, text);
        QFETCH(bool, well);
        const std::string bytes = text.toStdString();
        const auto end = successAtEnd(bytes);
        QCOMPARE(Records(bytes).endWell(), well);
        QVERIFY(well || !end);
        if (end) {
            QCOMPARE(QString::fromStdString(findRootCause(bytes).text),
                     QString::fromStdString(bytes.substr(end->begin, end->end - end->begin)));
            QCOMPARE(findRootCause(bytes).exceptionClass, std::string());
        }
    }
};

QTEST_APPLESS_MAIN(TestRecords)
#include "tst_records.moc"
