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
        QTest::newRow("carriage returns do not stay") << "Caused by: java.io.IOException: x\r\n\tat a.B.c(B.java:1)\r\n"
                                                      << "java.io.IOException: x\r\n\tat a.B.c(B.java:1)"
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
            QVERIFY(text.find(findRootCause(text).text) != std::string::npos);
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
