#include "text/json_failure.hpp"

#include <QtTest>

#include <string>

using namespace mulligan::text;

class TestJsonFailure : public QObject
{
    Q_OBJECT

private slots:
    void jsonFailureIn_json_isWhatTellsMost_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("kind");
        const auto row = [](const char *title, const QByteArray &json, const QByteArray &text,
                            JsonFailure::Kind kind = JsonFailure::Kind::Told) {
            QTest::newRow(title) << json << text << static_cast<int>(kind);
        };
        using Kind = JsonFailure::Kind;
        const QByteArray python = "Traceback (most recent call last):\n";
        row("a list of exceptions",
            "{\"event\":\"it failed\",\"error_detail\":[{\"exc_type\":\"Empty\",\"exc_value\":\"no \\\"x\\\"\"}]}",
            python + "Empty: no \"x\"", Kind::Trace);
        row("a trace before a message",
            "{\"msg\":\"it failed\",\"stack_trace\":\"a.B$CException: x\\n\\tat a.B.c(B.java:1)\"}",
            "a.B$CException: x\n\tat a.B.c(B.java:1)", Kind::Trace);
        row("frames alone are no trace",
            "{\"errorMessage\":\"no shelf\",\"stackTrace\":[\"  File \\\"a.py\\\", line 1\\n\"]}", "no shelf");
        row("no trace", "{\"exc_info\":\"NoneType: None\",\"msg\":\"the shop burnt\"}", "the shop burnt",
            Kind::Message);
        row("a type and a message", "{\"errorType\":\"UniqueViolation\",\"errorMessage\":\"twice\"}",
            python + "UniqueViolation: twice", Kind::Trace);
        row("a type before its message", "{\"error\":{\"message\":\"twice\",\"type\":\"x.Late\"}}",
            python + "x.Late: twice", Kind::Trace);
        row("names of one word", "{\"error.type\":\"x.Late\",\"error.message\":\"twice\"}", python + "x.Late: twice",
            Kind::Trace);
        row("log4j",
            "{\"message\":\"it failed\",\"thrown\":{\"name\":\"a.LateException\",\"message\":\"no shelf\","
            "\"cause\":{\"name\":\"a.FullException\",\"message\":\"no room\"}}}",
            python + "a.FullException: no room", Kind::Trace);
        row("a cause without a message",
            "{\"thrown\":{\"name\":\"a.LateException\",\"message\":\"x\",\"cause\":{\"name\":\"a.CError\"}}}",
            python + "a.CError", Kind::Trace);
        row("Step Functions", "{\"Error\":\"Glue.LateException\",\"Cause\":\"twice (Service: AWSGlue)\"}",
            python + "Glue.LateException: twice (Service: AWSGlue)", Kind::Trace);
        row("JSON in JSON",
            "{\"Error\":\"States.TaskFailed\",\"Cause\":\"{\\\"JobRunState\\\":\\\"FAILED\\\",\\\"ErrorMessage\\\":"
            "\\\"no \\\\\\\"shelf\\\\\\\"\\\"}\"}",
            "no \"shelf\"");
        row("Batch",
            "{\"status\":\"FAILED\",\"statusReason\":\"Task failed to start\",\"container\":{\"reason\":\"No such "
            "image x\"}}",
            "No such image x");
        row("a code is no reason",
            "{\"error\":{\"code\":400,\"message\":\"no column x\",\"errors\":[{\"reason\":\"invalidQuery\"}]}}",
            "no column x");
        row("a word is no error", "{\"error\":\"failed\",\"message\":\"the shop burnt\"}", "the shop burnt",
            Kind::Message);
        row("Databricks", "{\"state\":{\"state_message\":\"see the output\"},\"error\":\"no shelf \\u2014 7\"}",
            "no shelf — 7");
        row("dbt", "{\"info\":{\"level\":\"error\",\"msg\":\"Database Error in x\\n  no shelf\"}}",
            "Database Error in x\n  no shelf", Kind::Message);
        row("Google's", "{\"severity\":\"ERROR\",\"jsonPayload\":{\"message\":\"the shop burnt\"}}", "the shop burnt",
            Kind::Message);
        row("Spark's",
            "{\"level\":\"ERROR\",\"msg\":\"it failed\",\"exception\":{\"class\":\"a.Late\",\"msg\":\"no shelf\","
            "\"stacktrace\":[{\"class\":\"a.B\",\"method\":\"c\"}]}}",
            python + "a.Late: no shelf", Kind::Trace);
        row("a notebook's", "{\"status\":\"error\",\"ename\":\"Late\",\"evalue\":\"no shelf\",\"traceback\":[\"x y\"]}",
            python + "Late: no shelf", Kind::Trace);
        row("Trino's",
            "{\"errorName\":\"X_Y\",\"failureInfo\":{\"type\":\"a.Late\",\"message\":\"it failed\",\"cause\":{\"type\":"
            "\"a.Full\",\"message\":\"no shelf\"}}}",
            python + "a.Full: no shelf", Kind::Trace);
        row("Connect's",
            "{\"tasks\":[{\"state\":\"FAILED\",\"trace\":\"a.LateException: x\\n\\tat a.B.c(B.java:1)\\n\"}]}",
            "a.LateException: x\n\tat a.B.c(B.java:1)\n", Kind::Trace);
        row("YARN's", "{\"app\":{\"finalStatus\":\"FAILED\",\"diagnostics\":\"no queue etl\"}}", "no queue etl");
        row("an id of a trace", "{\"trace\":\"projects/shop/traces/0a1b\",\"message\":\"the shop burnt\"}",
            "the shop burnt", Kind::Message);
        row("what a program worked on",
            "{\"request\":{\"error\":\"x y\"},\"frames\":[{\"message\":\"a b\"}],\"msg\":\"the shop burnt\"}",
            "the shop burnt", Kind::Message);
        row("it breaks off", "{\"ErrorMessage\":\"no she", "no she");
        row("numbers and nothing", "{\"error\":17,\"reason\":null,\"message\":\"12 %\"}", "");
        row("nothing", "", "");
    }
    void jsonFailureIn_json_isWhatTellsMost()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, text);
        QFETCH(int, kind);
        const std::string bytes = json.toStdString();
        const auto found = jsonFailureIn(bytes);
        QCOMPARE(found.has_value(), !text.isEmpty());
        if (!found)
            return;
        QCOMPARE(QByteArray::fromStdString(found->text), text);
        QCOMPARE(static_cast<int>(found->kind), kind);
        QVERIFY(found->begin < bytes.size());
    }

    void jsonFailureIn_level_isTheMark_data()
    {
        QTest::addColumn<QByteArray>("field");
        QTest::addColumn<int>("mark");
        const auto row = [](const char *field, LineMark mark) {
            QTest::newRow(field) << QByteArray(field) << int(mark);
        };
        row("\"level\":\"error\"", LineMark::Error);
        row("\"levelname\":\"CRITICAL\"", LineMark::Error);
        row("\"log\":{\"level\":\"Fatal\"}", LineMark::Error);
        row("\"log.level\":\"WARN\"", LineMark::Warning);
        row("\"severity\":\"NOTICE\"", LineMark::Information);
        row("\"level\":50", LineMark::Error);
        row("\"level\":30", LineMark::Information);
        row("\"level\":3", LineMark::Error);
        row("\"level\":4", LineMark::Warning);
        row("\"level\":\"loud\"", LineMark::None);
        row("\"n\":1", LineMark::None);
    }
    void jsonFailureIn_level_isTheMark()
    {
        QFETCH(QByteArray, field);
        QFETCH(int, mark);
        const auto found = jsonFailureIn("{\"message\":\"the shop burnt\"," + field.toStdString() + "}");
        QCOMPARE(static_cast<int>(found.value().mark), mark);
    }

    void jsonFailureIn_severalObjects_markIsThatOfTheirOwn()
    {
        const auto markOf = [](const char *json) { return jsonFailureIn(json).value().mark; };
        QVERIFY(markOf("[{\"level\":\"info\",\"msg\":\"it began\"},{\"level\":\"error\",\"error\":\"no shelf\"}]")
                == LineMark::Error);
        QVERIFY(markOf("{\"data\":{\"level\":\"debug\",\"n\":1},\"error\":\"no shelf\"}") == LineMark::None);
        QVERIFY(markOf("{\"level\":\"warn\",\"thrown\":{\"name\":\"a.Late\",\"message\":\"no shelf\"}}")
                == LineMark::Warning);
    }

    void mayHoldFailure_json_isAFailuresOrNot()
    {
        QVERIFY(mayHoldFailure("{\"level\":\"error\",\"msg\":\"x\"}"));
        QVERIFY(mayHoldFailure("{\"statusReason\":\"x\"}"));
        QVERIFY(mayHoldFailure("{\"level\":50,\"msg\":\"x\"}"));
        QVERIFY(!mayHoldFailure("{\"level\":\"info\",\"msg\":\"the shop opened\"}"));
    }
};

QTEST_APPLESS_MAIN(TestJsonFailure)
#include "tst_json_failure.moc"
