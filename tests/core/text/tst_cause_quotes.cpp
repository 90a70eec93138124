#include "text/root_cause.hpp"

#include <QtTest>

using namespace mulligan;
using text::findRootCause;

/// What texts tell of their cause within quotes: each row is written in a system's form.
class TestCauseQuotes : public QObject
{
    Q_OBJECT

private slots:
    void findRootCause_quoted_isDecoded_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("cause");
        QTest::addColumn<QString>("exception");
        const auto row = [](const char *title, const char *text, const char *cause, const char *exception = "") {
            QTest::newRow(title) << QString::fromUtf8(text) << QString::fromUtf8(cause) << QString::fromUtf8(exception);
        };
        const char *const begun = "{\"timestamp\":\"2025-10-01T12:00:00Z\",\"level\":\"info\",\"event\":\"began\"}\n";
        const char *const ended = "{\"timestamp\":\"2025-10-01T12:00:09Z\",\"level\":\"info\",\"event\":\"ended\"}\n";
        const auto airflow = [&](const char *title, const std::string &detail, const char *cause,
                                 const char *exception) {
            const std::string text =
                begun
                + ("{\"timestamp\":\"2025-10-01T12:00:01Z\",\"level\":\"error\",\"event\":\"Task failed "
                   "with exception\",\"logger\":\"task\",\"error_detail\":["
                   + detail + "]}\n")
                + ended;
            row(title, text.c_str(), cause, exception);
        };
        airflow("a task of Airflow 3", "{\"exc_type\":\"ValueError\",\"exc_value\":\"no \\\"caf\\u00e9\\\"\\nat all\"}",
                "ValueError: no \"café\"\nat all", "ValueError");
        airflow("a name that no list knows", "{\"exc_type\":\"UniqueViolation\",\"exc_value\":\"twice\"}",
                "UniqueViolation: twice", "UniqueViolation");
        airflow(
            "the direct cause of an exception",
            "{\"exc_type\":\"LateError\",\"exc_value\":\"5 days\"},{\"exc_type\":\"KeyError\",\"exc_value\":\"'x'\","
            "\"is_cause\":true}",
            "KeyError: 'x'", "KeyError");
        airflow(
            "an exception while another was handled",
            "{\"exc_type\":\"LateError\",\"exc_value\":\"5 days\"},{\"exc_type\":\"KeyError\",\"exc_value\":\"'x'\","
            "\"is_cause\":false}",
            "LateError: 5 days", "LateError");
        airflow(
            "a wrapper while its cause was handled",
            "{\"exc_type\":\"AirflowException\",\"exc_value\":\"Bash command failed. The command returned a non-zero "
            "exit code 1.\"},{\"exc_type\":\"KeyError\",\"exc_value\":\"'x'\"}",
            "KeyError: 'x'", "KeyError");
        airflow("the first of a group",
                "{\"exc_type\":\"ExceptionGroup\",\"exc_value\":\"2 of them\",\"is_group\":true,\"exceptions\":"
                "[[{\"exc_type\":\"LateError\",\"exc_value\":\"5 "
                "days\"}],[{\"exc_type\":\"KeyError\",\"exc_value\":\"1\"}]]}",
                "LateError: 5 days", "LateError");
        airflow("the JVM's trace within an exception",
                "{\"exc_type\":\"Py4JJavaError\",\"exc_value\":\"An error occurred while calling o1.count.\\n: "
                "a.OuterException: x\\n\\tat a.B.c(B.java:1)\\nCaused by: a.ShelfException: no shelf\\n\\tat "
                "a.B.d(B.java:2)\\n\"}",
                "a.ShelfException: no shelf\n\tat a.B.d(B.java:2)", "a.ShelfException");
        airflow("locals are no cause",
                "{\"exc_type\":\"KeyError\",\"exc_value\":\"'x'\",\"frames\":[{\"locals\":{\"error_message\":\"a b\","
                "\"exc_type\":\"c\"}}]}",
                "KeyError: 'x'", "KeyError");

        row("a state of Step Functions",
            "{\"Error\":\"States.TaskFailed\",\"Cause\":\"{\\\"Attempts\\\":[{\\\"Container\\\":{\\\"Reason\\\":"
            "\\\"OutOfMemoryError: Container killed due to memory usage\\\"}}],\\\"StatusReason\\\":\\\"Essential "
            "container in task exited\\\"}\"}",
            "OutOfMemoryError: Container killed due to memory usage", "OutOfMemoryError");
        row("a state over several lines",
            "{\n  \"Error\": \"KeyError\",\n  \"Cause\": \"{\\\"errorMessage\\\":\\\"'x'\\\",\\\"errorType\\\":"
            "\\\"KeyError\\\"}\"\n}\n",
            "KeyError: 'x'", "KeyError");
        row("a document amid a log",
            "24/05/01 10:00:00 INFO Main: asked\n{\n  \"status\": \"FAILED\",\n  \"statusReason\": \"Host EC2 "
            "(instance "
            "i-1) terminated.\"\n}\n24/05/01 10:00:02 INFO Main: bye\n",
            "Host EC2 (instance i-1) terminated.");
        row("a step that says no more than that it ended",
            "{\n  \"FailureDetails\": {\n    \"Message\": \"Exception in thread \\\"main\\\" a.SparkException: "
            "Application "
            "x finished with failed status\"\n  }\n}\n",
            "a.SparkException: Application x finished with failed status", "a.SparkException");
        row("a run of Glue's",
            "{\"JobRunState\":\"FAILED\",\"ErrorMessage\":\"AnalysisException: no column \\u201cx\\u201d\"}",
            "AnalysisException: no column “x”", "AnalysisException");
        row("a run of Databricks'",
            "{\"error\":\"ValueError: no shelf\",\"error_trace\":\"Traceback (most recent call last)\\nFile "
            "<command-1>:3\\n----> 3 raise ValueError()\\n\\nValueError: no shelf\"}",
            "ValueError: no shelf", "ValueError");
        row("a log of dbt's",
            "{\"info\":{\"level\":\"info\",\"msg\":\"Running\"}}\n{\"info\":{\"level\":\"error\",\"msg\":\"\\u001b[31m"
            "Database Error in model x\\u001b[0m\\n  no "
            "shelf\"}}\n{\"info\":{\"level\":\"info\",\"msg\":\"ERROR=1\"}}\n",
            "  no shelf");
        row("an entry of Google's",
            "{\"severity\":\"ERROR\",\"textPayload\":\"Traceback (most recent call last):\\n  File \\\"a.py\\\", line "
            "2\\nZeroDivisionError: division by zero\"}",
            "ZeroDivisionError: division by zero", "ZeroDivisionError");
        row("an entry of Google's without an exception",
            "{\n  \"jsonPayload\": {\n    \"message\": \"the shop has no shelf\"\n  },\n  \"severity\": \"ERROR\"\n}\n",
            "the shop has no shelf");
        row("a line of log4j's",
            "{\"level\":\"ERROR\",\"message\":\"it "
            "failed\",\"thrown\":{\"message\":\"x\",\"name\":\"a.OuterException\","
            "\"extendedStackTrace\":\"a.OuterException: x\\n\\tat a.B.c(B.java:1)\\nCaused by: a.ShelfException: no "
            "shelf\\n\\tat a.B.d(B.java:2)\\n\"}}",
            "a.ShelfException: no shelf\n\tat a.B.d(B.java:2)", "a.ShelfException");
        row("a line in Elastic's fields",
            "{\"log.level\":\"ERROR\",\"message\":\"it "
            "failed\",\"error.type\":\"a.ShelfException\",\"error.message\":\"no "
            "shelf\"}",
            "a.ShelfException: no shelf", "a.ShelfException");
        row("an error that goes before a warning's exception",
            "{\"level\":\"error\",\"msg\":\"cannot load\",\"error\":\"shelf 7 does not exist\"}\n"
            "{\"level\":\"warn\",\"stack_trace\":\"a.LateException: x\\n\\tat a.B.c(B.java:1)\"}\n",
            "shelf 7 does not exist");
        row("a plain message", "{\"log\":\"the shop has no shelf\\n\",\"stream\":\"stderr\"}", "the shop has no shelf");
        row("JSON that is a record's message",
            "[2024-05-01, 10:05:00 UTC] {sfn.py:15} ERROR - {\"Error\":\"States.Timeout\",\"Cause\":\"no shelf in "
            "time\"}\n",
            "States.Timeout: no shelf in time", "States.Timeout");
        row("information is no cause",
            "the shop has no shelf\n{\"level\":\"info\",\"error\":\"none of them\",\"msg\":\"bye\"}\n",
            "the shop has no shelf");
        row("JSON that tells nothing", "{\"exitCode\":137,\"reason\":\"OOMKilled\"}",
            "{\"exitCode\":137,\"reason\":\"OOMKilled\"}");
        row("a trace in quotes within a line",
            "failed with {'e': \"Traceback (most recent call last):\\n  File \\\"a.py\\\"\\nEmpty: \\\"x\\\"\"}\n",
            "Empty: \"x\"", "Empty");
        row("a brace alone", "{\n", "{");
        row("what stands behind a document with heads of Compose's",
            "w-1  | {\nw-1  |   \"error\": \"the last batch was skipped\"\nw-1  | }\n"
            "w-1  | Traceback (most recent call last):\nw-1  |   File \"a.py\", line 2\nw-1  | a.ShelfError: x\n",
            "a.ShelfError: x", "a.ShelfError");
        row("what stands behind a document that ends indented",
            "{\n    \"error\": \"none of the rows was new\"\n  }\nException in thread \"main\" "
            "java.lang.OutOfMemoryError: x\n",
            "java.lang.OutOfMemoryError: x", "java.lang.OutOfMemoryError");
        row("what stands behind a document that breaks off",
            "{\n  \"error\": \"none of the rows was new\",\nTraceback (most recent call last):\n  File \"a.py\", "
            "line 2\nMemoryError\n",
            "MemoryError", "MemoryError");
        row("a document of several levels",
            "[\n{\"level\":\"info\",\"message\":\"begin of the run\"},\n{\"level\":\"error\",\"exc_info\":"
            "\"Traceback (most recent call last):\\nKeyError: 'x'\"}\n]\nError: the step load could not be "
            "finished\n",
            "KeyError: 'x'", "KeyError");
    }
    void findRootCause_quoted_isDecoded()
    {
        QFETCH(QString, text);
        QFETCH(QString, cause);
        QFETCH(QString, exception);
        const text::RootCause found = findRootCause(text.toStdString());
        QCOMPARE(QString::fromStdString(found.text), cause);
        QCOMPARE(QString::fromStdString(found.exceptionClass), exception);
    }

    void findRootCause_quoted_beginsWhereItsValueDoes()
    {
        const std::string text =
            "began\n{\"level\":\"error\",\"event\":\"x\",\"error_detail\":[{\"exc_type\":\"KeyError\","
            "\"exc_value\":\"'x'\"}]}\n";
        QCOMPARE(findRootCause(text).begin, text.find("[{"));
        const std::string document = "{\n\"ErrorMessage\": \"no shelf\"\n}\n";
        QCOMPARE(findRootCause(document).begin, document.find("no shelf"));
        QCOMPARE(findRootCause("began\nKeyError: 'x'\n").begin, std::size_t{6});
    }

    void findRootCause_nestedWithoutEnd_isLinear()
    {
        std::string text;
        while (text.size() < 4'000'000)
            text += "{\n{\"error\":\"{\\\"error\\\":\\\"{\n[\n";
        QVERIFY(!findRootCause(text).text.empty());
    }
};

QTEST_APPLESS_MAIN(TestCauseQuotes)
#include "tst_cause_quotes.moc"
