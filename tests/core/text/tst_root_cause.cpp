#include "text/root_cause.hpp"

#include "base/rng.hpp"

#include <QtTest>

#include <chrono>

using namespace mulligan;
using text::findRootCause;

class TestRootCause : public QObject
{
    Q_OBJECT

private slots:
    void findRootCause_text_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("cause");
        QTest::addColumn<QString>("exception");
        QTest::newRow("the last Caused by of a chain")
            << "java.lang.RuntimeException: outer\n\tat a.B.c(B.java:1)\nCaused by: java.io.IOException: middle\n\tat "
               "d.E.f(E.java:2)\n"
               "Caused by: java.net.ConnectException: Connection refused\n\tat g.H.i(H.java:3)\n\t... 9 more\n"
            << "java.net.ConnectException: Connection refused\n\tat g.H.i(H.java:3)\n\t... 9 more"
            << "java.net.ConnectException";
        QTest::newRow("the last trace wins over an earlier chain")
            << "java.lang.RuntimeException: first\nCaused by: java.io.IOException: deep\n\tat a.B.c(B.java:1)\n\n"
               "24/01/02 03:04:05 ERROR Main: java.lang.IllegalStateException: second\n\tat d.E.f(E.java:2)\n"
            << "java.lang.IllegalStateException: second\n\tat d.E.f(E.java:2)"
            << "java.lang.IllegalStateException";
        QTest::newRow("the exception within an aborted stage")
            << "org.apache.spark.SparkException: Job aborted due to stage failure: Task 1 in stage 2.0 failed 4 times, "
               "most recent failure: "
               "Lost task 1.3 in stage 2.0 (TID 9, w-1, executor 3): java.lang.OutOfMemoryError: Java heap space\n\tat "
               "a.B.c(B.java:1)\n\nDriver stacktrace:\n\tat x.Y.z(Y.scala:1)\n"
            << "java.lang.OutOfMemoryError: Java heap space\n\tat a.B.c(B.java:1)"
            << "java.lang.OutOfMemoryError";
        QTest::newRow("the last line of a Python traceback")
            << "Traceback (most recent call last):\n  File \"/opt/job.py\", line 3, in <module>\n    main()\nKeyError: "
               "'amount'\n"
            << "KeyError: 'amount'"
            << "KeyError";
        QTest::newRow("the direct cause of a Python exception")
            << "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nValueError: bad row\n\nThe above "
               "exception was the direct cause of the following exception:\n\n"
               "Traceback (most recent call last):\n  File \"a.py\", line 3, in g\nRuntimeError: load failed\n"
            << "ValueError: bad row"
            << "ValueError";
        QTest::newRow("a Python error that the JVM wraps")
            << "Caused by: org.apache.spark.api.python.PythonException: Traceback (most recent call last):\n  File "
               "\"w.py\", line 8, in main\n    f()\nZeroDivisionError: division by zero\n\n"
               "\tat org.apache.spark.api.python.BasePythonRunner.read(PythonRunner.scala:1)\n"
            << "ZeroDivisionError: division by zero"
            << "ZeroDivisionError";
        QTest::newRow("a JVM error in a call from Python")
            << "py4j.protocol.Py4JJavaError: An error occurred while calling o12.count.\n: java.lang.OutOfMemoryError: "
               "GC overhead limit exceeded\n\tat a.B.c(B.java:1)\n"
            << "java.lang.OutOfMemoryError: GC overhead limit exceeded\n\tat a.B.c(B.java:1)"
            << "java.lang.OutOfMemoryError";
        QTest::newRow("what a shutdown throws is not the cause")
            << "java.io.IOException: No space left on device\n\tat a.B.c(B.java:1)\n24/01/02 03:04:05 ERROR X: "
               "java.lang.InterruptedException\n\tat d.E.f(E.java:1)\n"
            << "java.io.IOException: No space left on device\n\tat a.B.c(B.java:1)"
            << "java.io.IOException";
        QTest::newRow("a warning is only the cause when nothing else is")
            << "24/01/02 03:04:05 WARN T: Lost task 0.0 in stage 1.0 (TID 3, w, executor 1): "
               "java.lang.ArithmeticException: / by zero\n\tat a.B.c(B.java:1)\n24/01/02 03:04:06 INFO S: done\n"
            << "java.lang.ArithmeticException: / by zero\n\tat a.B.c(B.java:1)"
            << "java.lang.ArithmeticException";
        QTest::newRow("YARN's diagnostics without an exception")
            << "24/01/02 03:04:05 INFO Client: Application report\nDiagnostics: Container [pid=1] is running beyond "
               "physical memory limits. Killing container.\nfinal status: FAILED\n"
            << "Diagnostics: Container [pid=1] is running beyond physical memory limits. Killing container.\nfinal "
               "status: FAILED"
            << "";
        QTest::newRow("a killed pod") << "phase: Failed\n  reason: OOMKilled\nlast line\n"
                                      << "  reason: OOMKilled\nlast line"
                                      << "";
        QTest::newRow("the last line when nothing tells") << "one\ntwo\n\n"
                                                          << "two"
                                                          << "";
        QTest::newRow("what a log ends with is passed over for the job's own last words")
            << "26/03/09 01:54:53 INFO MemoryStore: Block broadcast_6 stored as values in memory\n"
               "brine packer: worker 16 left without a receipt\n"
               "26/03/09 01:54:57 WARN HeartbeatReceiver: clock of node-16 is 6 ms ahead\n"
               "26/03/09 01:54:58 INFO ShutdownHookManager: Shutdown hook called\n"
            << "brine packer: worker 16 left without a receipt"
            << "";
        QTest::newRow("what belongs to a harmless line is as harmless")
            << "gone without a word\n26/03/09 01:54:57 INFO Client:\n\t client token: N/A\n\t queue: default\n"
            << "gone without a word"
            << "";
        QTest::newRow("what a JVM prints as it starts is not its last words")
            << "gone without a word\n26/03/09 01:54:57 INFO Client: bye\nPicked up JAVA_TOOL_OPTIONS: -Dx=y\n=====\n"
            << "gone without a word"
            << "";
        QTest::newRow("the last harmless line when there is no other")
            << "26/03/09 01:54:53 INFO MemoryStore: stored\n26/03/09 01:54:58 INFO ShutdownHookManager: Shutdown hook "
               "called\n"
            << "26/03/09 01:54:58 INFO ShutdownHookManager: Shutdown hook called"
            << "";
        const QString airflow = "[2026-01-12, 03:22:11 UTC] {taskinstance.py:1937} ERROR - Task failed with exception\n"
                                "Traceback (most recent call last):\n  File \"hook.py\", line 45, in submit\n"
                                "airflow.exceptions.AirflowException: Cannot execute: spark-submit job.py. Error code "
                                "is: 1.\n[2026-01-12, 03:22:11 UTC] {standard_task_runner.py:104} ERROR - Failed to "
                                "execute job 5 for task load (Cannot execute: spark-submit job.py. Error code is: 1.; "
                                "91)\n";
        QTest::newRow("what an Airflow operator passes on, not that its child ended")
            << "[2026-01-12, 03:20:10 UTC] {spark_submit.py:490} INFO - Exception in thread \"main\" "
               "java.lang.IllegalStateException: no shop\n[2026-01-12, 03:20:10 UTC] {spark_submit.py:490} INFO - \tat "
               "a.B.c(B.java:1)\n"
                   + airflow
            << "java.lang.IllegalStateException: no shop\n[2026-01-12, 03:20:10 UTC] {spark_submit.py:490} INFO - \tat "
               "a.B.c(B.java:1)"
            << "java.lang.IllegalStateException";
        QTest::newRow("an error without a name that an Airflow operator passes on")
            << "[2026-01-12, 03:20:10 UTC] {pod_manager.py:410} INFO - [base] Error: the settings have no shop\n"
                   + airflow
            << "Error: the settings have no shop"
            << "";
        QTest::newRow("that a child ended, where nothing else is said")
            << airflow << "airflow.exceptions.AirflowException: Cannot execute: spark-submit job.py. Error code is: 1."
            << "airflow.exceptions.AirflowException";
        QTest::newRow("what listeners and channels meet while everything shuts down")
            << "26/05/02 11:30:00 ERROR Main: java.lang.IllegalStateException: no shop\n\tat a.B.c(B.java:1)\n"
               "26/05/02 11:31:02 ERROR AsyncEventQueue: Listener Logs threw an exception\n"
               "java.io.IOException: Filesystem closed\n\tat d.E.f(E.java:2)\n"
               "26/05/02 11:31:03 WARN Executor: Issue communicating with driver in heartbeater\n"
               "org.apache.spark.SparkException: Exception thrown in awaitResult: \n"
               "Caused by: java.lang.IllegalArgumentException: already stopped\n"
            << "java.lang.IllegalStateException: no shop\n\tat a.B.c(B.java:1)"
            << "java.lang.IllegalStateException";
        QTest::newRow("what Spark got over is not the cause")
            << "26/05/02 11:05:55 WARN TaskSetManager: Lost task 8.0 in stage 4.0 (TID 8) (n2 executor 2): "
               "FetchFailed\n"
               "java.io.IOException: Failed to connect to n5\nCaused by: java.net.ConnectException: Connection "
               "refused\n"
               "26/05/02 11:09:20 INFO DAGScheduler: Job 1 finished: save at Job.scala:77, took 371.8 s\n"
               "26/05/02 11:09:21 ERROR Main: the shop has no shelf 7\n26/05/02 11:09:22 INFO Main: done\n"
            << "26/05/02 11:09:21 ERROR Main: the shop has no shelf 7"
            << "";
        QTest::newRow("what is logged behind a secondary record counts again")
            << "26/05/02 11:31:02 ERROR AsyncEventQueue: Listener Logs threw an exception\n"
               "java.io.IOException: Filesystem closed\n\tat d.E.f(E.java:2)\n\n"
               "the shop has no shelf\n"
               "java.lang.IllegalStateException: no shop\n"
            << "java.lang.IllegalStateException: no shop"
            << "java.lang.IllegalStateException";
        QTest::newRow("a Python object that cannot be taken down")
            << "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nKeyError: 'shop'\n"
               "Exception ignored in: <function Pool.__del__>\nTraceback (most recent call last):\n"
               "  File \"pool.py\", line 9, in __del__\nResourceError: pool is closed\n"
            << "KeyError: 'shop'"
            << "KeyError";
        QTest::newRow("an error line that tells much beside an exception of a warning")
            << "26/05/02 11:30:00 ERROR Main: /shop/in.csv does not exist\n26/05/02 11:30:09 WARN Pool: "
               "java.lang.IllegalStateException: closed\n"
            << "26/05/02 11:30:00 ERROR Main: /shop/in.csv does not exist"
            << "";
        QTest::newRow("what a command says before it ends with a code")
            << "loading the shop\nthe shop has no shelf 7\nmake: *** [load] Error 1\nCommand exited with return code "
               "1\n"
            << "the shop has no shelf 7"
            << "";
        QTest::newRow("what a command says that Airflow ran")
            << "[2026-05-02, 03:11:01 UTC] {subprocess.py:93} INFO - loading the shop\n"
               "[2026-05-02, 03:11:02 UTC] {subprocess.py:93} INFO - the shop has no shelf 7\n"
               "[2026-05-02, 03:11:03 UTC] {subprocess.py:97} INFO - Command exited with return code 1\n"
               "[2026-05-02, 03:11:09 UTC] {taskinstance.py:1937} ERROR - Task failed with exception\n"
               "Traceback (most recent call last):\n  File \"a.py\", line 1, in execute\n    raise AirflowException(\n"
               "airflow.exceptions.AirflowException: Bash command failed. The command returned a non-zero exit code "
               "1.\n"
               "[2026-05-02, 03:11:09 UTC] {local_task_job.py:212} INFO - Task exited with return code 1\n"
            << "the shop has no shelf 7"
            << "";
        QTest::newRow("a code that says more than that") << "loading the shop\nprocess exited with code 137\n"
                                                         << "process exited with code 137"
                                                         << "";
        QTest::newRow("a panic in Go")
            << "2026/05/02 03:00:11 starting\npanic: open /shop/in.csv: no such file\n\ngoroutine 1 "
               "[running]:\nmain.main()\n\t/src/main.go:44 +0x1d4\nexit status 2\n"
            << "open /shop/in.csv: no such file"
            << "";
        QTest::newRow("a Go program that ends itself") << "2026/05/02 03:00:11 decode: no shop\nexit status 1\n"
                                                       << "2026/05/02 03:00:11 decode: no shop"
                                                       << "";
        QTest::newRow("a panic in Rust") << "thread 'main' panicked at src/main.rs:7:5:\nno shop at 7\nnote: run with "
                                            "`RUST_BACKTRACE=1` environment "
                                            "variable to display a backtrace\n"
                                         << "no shop at 7"
                                         << "";
        QTest::newRow("a panic in an older Rust")
            << "thread 'main' panicked at 'no shop', src/main.rs:7:5\nnote: run with `RUST_BACKTRACE=1`\n"
            << "no shop', src/main.rs:7:5"
            << "";
        QTest::newRow("ends of programs that say nothing")
            << "it began\nthread 'main' panicked at \npanic: \nCaused by:\n    0: \n"
            << "    0:"
            << "";
        QTest::newRow("a numbered chain of causes") << "Error: cannot load the shop\n\nCaused by:\n    0: cannot open "
                                                       "shop.json\n    1: No such file (os error 2)\n"
                                                    << "No such file (os error 2)"
                                                    << "";
        QTest::newRow("an error in Node.js")
            << "/srv/shop.js:3\nError: ENOENT: no such file, open 'shop.json'\n    at Object.open (node:fs:1)\n    at "
               "main (/srv/shop.js:3:5) {\n  errno: -2,\n  path: 'shop.json'\n}\n"
            << "Error: ENOENT: no such file, open 'shop.json'\n    at Object.open (node:fs:1)\n    at main "
               "(/srv/shop.js:3:5) {"
            << "";
        QTest::newRow("an exception in .NET")
            << "Unhandled exception. System.IO.FileNotFoundException: Could not find 'shop.json'.\n   at A.B() in "
               "/srv/shop.cs:line 2\n"
            << "System.IO.FileNotFoundException: Could not find 'shop.json'.\n   at A.B() in /srv/shop.cs:line 2"
            << "System.IO.FileNotFoundException";
        QTest::newRow("the inner exception in .NET")
            << "Unhandled exception. System.AggregateException: One or more errors occurred. (no shop)\n ---> "
               "Shop.NoShopException: no shop\n   at A.B() in /srv/shop.cs:line 2\n   --- End of inner exception stack "
               "trace ---\n   at A.Main()\n"
            << "Shop.NoShopException: no shop\n   at A.B() in /srv/shop.cs:line 2"
            << "Shop.NoShopException";
        QTest::newRow("carriage returns do not stay") << "Caused by: java.io.IOException: x\r\n\tat a.B.c(B.java:1)\r\n"
                                                      << "java.io.IOException: x\r\n\tat a.B.c(B.java:1)"
                                                      << "java.io.IOException";
        QTest::newRow("behind the time that kubectl puts before")
            << "2024-05-01T10:00:00.123456789Z Traceback (most recent call last):\n2024-05-01T10:00:00.123456790Z   "
               "File "
               "\"load.py\", line 3\n2024-05-01T10:00:00.123456791Z shop.errors.LateError: 5 days\n"
               "2024-05-01T10:00:01.000000000Z stopping\n"
            << "shop.errors.LateError: 5 days"
            << "shop.errors.LateError";
        QTest::newRow("behind what CRI puts before")
            << "2024-05-01T10:00:00.1+02:00 stderr F java.io.IOException: x\n2024-05-01T10:00:00.1+02:00 stderr F \tat "
               "a.B.c(B.java:1)\n2024-05-01T10:00:00.1+02:00 stdout F bye\n"
            << "java.io.IOException: x\n2024-05-01T10:00:00.1+02:00 stderr F \tat a.B.c(B.java:1)"
            << "java.io.IOException";
        QTest::newRow("what a runner marks as information")
            << "[2026-05-01 10:00:05] INFO - shop.errors.LateError: 5 days\n[2026-05-01 10:00:06] INFO - Command "
               "exited "
               "with return code 1\n[2026-05-01 10:00:06] ERROR - Task failed with exception\nAirflowException: Bash "
               "command failed. The command returned a non-zero exit code 1.\n"
            << "shop.errors.LateError: 5 days"
            << "shop.errors.LateError";
        QTest::newRow("what a flow's task marks as information")
            << "10:00:05.123 | INFO    | Task run 'load-0' - shop.errors.LateError: 5 days\n10:00:06.123 | INFO    | "
               "Flow "
               "run 'x' - Finished in state Failed\n"
            << "shop.errors.LateError: 5 days"
            << "shop.errors.LateError";
        QTest::newRow("what Livy passes on")
            << "25/02/11 04:02:31 INFO LineBufferedStream: Exception in thread \"main\" shop.LateException: 5 days\n"
               "25/02/11 04:02:31 INFO LineBufferedStream: \tat a.B.c(B.java:1)\n25/02/11 04:02:32 INFO "
               "LineBufferedStream: 25/02/11 04:02:32 INFO SparkContext: Successfully stopped SparkContext\n"
            << "shop.LateException: 5 days\n25/02/11 04:02:31 INFO LineBufferedStream: \tat a.B.c(B.java:1)"
            << "shop.LateException";
        QTest::newRow("what DolphinScheduler passes on")
            << "[INFO] 2025-02-11 04:02:31.725  - [taskAppId=TASK-5-42-110]:[106] -  -> shop.LateException: 5 days\n"
               "[INFO] 2025-02-11 04:02:32.725  - [taskAppId=TASK-5-42-110]:[106] -  -> stopping\n"
            << "shop.LateException: 5 days"
            << "shop.LateException";
        QTest::newRow("a line of information that names an exception")
            << "[2026-05-01 10:00:05] INFO - retrying after TimeoutError: 5 s\n[2026-05-01 10:00:06] ERROR - "
               "java.io.IOException: x\n"
            << "java.io.IOException: x"
            << "java.io.IOException";
        QTest::newRow("nothing at all") << " \n\t\n"
                                        << ""
                                        << "";
    }
    void findRootCause_text()
    {
        QFETCH(QString, text);
        QFETCH(QString, cause);
        QFETCH(QString, exception);
        const text::RootCause found = findRootCause(text.toStdString());
        QCOMPARE(QString::fromStdString(found.text), cause);
        QCOMPARE(QString::fromStdString(found.exceptionClass), exception);
        QCOMPARE(found.templateHash == 0, cause.isEmpty());
    }

    void templateHash_onlyNumbersAndPathsDiffer_isEqual()
    {
        const auto hash = [](const char *text) { return findRootCause(text).templateHash; };
        QCOMPARE(hash("java.io.IOException: /data/1/a of task 12 on 10.0.0.3:80"),
                 hash("java.io.IOException: /data/2/bc of task 7 on 10.1.0.9:81"));
        QVERIFY(hash("java.io.IOException: disk of task 12") != hash("java.io.IOException: network of task 12"));
    }

    void templateHash_knownLine_staysWhatExportedModelsHaveLearned()
    {
        // The number is part of every exported model's features: another way of masking would need another feature.
        QCOMPARE(findRootCause("java.io.IOException: Stream 12 of /data/in.csv is closed").templateHash,
                 std::uint64_t{12578009797067064343ULL});
    }

    void tellsNoFailure_cause_isHarmlessOrNot_data()
    {
        QTest::addColumn<QString>("cause");
        QTest::addColumn<bool>("harmless");
        const auto row = [](const char *name, const char *cause, bool harmless) {
            QTest::newRow(name) << QString::fromUtf8(cause) << harmless;
        };
        row("an INFO line", "26/03/09 01:54:58 INFO ShutdownHookManager: Shutdown hook called", true);
        row("its template", "<time> INFO ShutdownHookManager: Shutdown hook called", true);
        row("a DEBUG line of Python", "DEBUG:root:step 3 done", true);
        row("Airflow's own", "[2026-01-02, 03:04:05 UTC] {taskinstance.py:1} INFO - Marking task", true);
        row("an INFO line that names an exception", "26/03/09 01:54:58 INFO Main: java.io.IOException: x", false);
        row("an INFO line with a word of a failure", "26/03/09 01:54:58 INFO Master: final status: FAILED", false);
        row("a signal", "26/03/09 01:54:58 INFO Driver: Received SIGTERM", false);
        row("a further line with a word of a failure", "26/03/09 01:54:58 INFO Main: result\nno rows, Aborted", false);
        row("a warning", "26/03/09 01:54:58 WARN Main: slow", false);
        row("an error", "26/03/09 01:54:58 ERROR Main: x", false);
        row("a line without a level", "brine packer: worker 16 left without a receipt", false);
        row("a word that looks like a level", "INFORMATION desk is closed", false);
        row("nothing", "", false);
    }
    void tellsNoFailure_cause_isHarmlessOrNot()
    {
        QFETCH(QString, cause);
        QFETCH(bool, harmless);
        QCOMPARE(text::tellsNoFailure(cause.toStdString()), harmless);
    }

    void findRootCause_longCause_isCutAtFourKilobytesBetweenCharacters()
    {
        const std::string text = "Caused by: java.io.IOException: x" + std::string(QString(3000, QChar(0xe9)).toUtf8());
        const std::string cause = findRootCause(text).text;
        QVERIFY(cause.size() <= 4096 && cause.size() > 4090);
        QVERIFY(QString::fromUtf8(cause.data(), static_cast<qsizetype>(cause.size())).toUtf8().toStdString() == cause);
    }

    void findRootCause_randomBytes_givesAPartOfTheText()
    {
        base::Rng rng(3, "root_cause");
        static const std::vector<std::string> pieces = {"Caused by: ",
                                                        "java.lang.Error",
                                                        "\n",
                                                        "\tat ",
                                                        "Traceback (most recent call last):\n",
                                                        "ERROR ",
                                                        "Lost task ",
                                                        "): ",
                                                        "\xff",
                                                        ": ",
                                                        "  File \"",
                                                        "\r"};
        for (int round = 0; round < 20000; ++round) {
            std::string text;
            for (std::uint64_t i = 0, count = rng.below(20); i < count; ++i)
                text += pieces[rng.below(pieces.size())];
            // A message below its exception is put beside it.
            const QString whole = QString::fromLatin1(text).simplified();
            QVERIFY(whole.contains(QString::fromLatin1(findRootCause(text).text).simplified()));
        }
    }

    void findRootCause_tenMegabytes_isLinear()
    {
        std::string text;
        while (text.size() < 10'000'000)
            text += "24/01/02 03:04:05 ERROR X: java.lang.RuntimeException: Lost task Lost task (a.b.c.D\n";
        const auto begun = std::chrono::steady_clock::now();
        QVERIFY(!findRootCause(text).text.empty());
        QVERIFY(std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count() < 5.0);
    }
};

QTEST_APPLESS_MAIN(TestRootCause)
#include "tst_root_cause.moc"
