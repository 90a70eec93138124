#include "text/escaped_trace.hpp"

#include <QtTest>

#include <string>

using namespace mulligan::text;

class TestEscapedTrace : public QObject
{
    Q_OBJECT

private slots:
    void escapedTraceIn_line_isTheTrace_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("trace");
        const auto row = [](const char *title, const QByteArray &line, const QByteArray &trace) {
            QTest::newRow(title) << QString(line) << QString(trace);
        };
        const QByteArray python =
            "Traceback (most recent call last):\\n  File \\\"a.py\\\"\\n    g()\\nEmpty: \\\"x\\\"";
        row("Python", "failed with {'e': \"" + python + "\", 'n': \"x\"}", python);
        const QByteArray jvm = "a.OuterException: x\\n\\tat a.B.c(B.java:1)\\nCaused by: b.InnerException: y";
        row("the JVM", "{\"s\":\"" + jvm + "\",\"z\":\"y\"}", jvm);
        row("the JVM behind another exception", "{\"t\":\"c.LateException\",\"s\":\"" + jvm + "\"}", jvm);
        row("Node.js", "{\"s\":\"TypeError: x\\n    at f (/a.js:1:2)\"}", "TypeError: x\\n    at f (/a.js:1:2)");
        row("a trace that breaks off", "\"" + python, python);
        row("an escape at the end", "\"" + python + "\\", python + "\\");
        row("a frame alone", "\\n\\tat a.B.c(B.java:1)", "");
        row("a traceback that is not escaped", "Traceback (most recent call last):", "");
        row("no trace", "{\"level\":\"ERROR\",\"message\":\"no shelf\"}", "");
        row("nothing", "", "");
    }
    void escapedTraceIn_line_isTheTrace()
    {
        QFETCH(QString, line);
        QFETCH(QString, trace);
        const std::string bytes = line.toStdString();
        const auto found = escapedTraceIn(bytes);
        QCOMPARE(found.has_value(), !trace.isEmpty());
        if (found)
            QCOMPARE(QString::fromStdString(bytes.substr(found->begin, found->end - found->begin)), trace);
    }
};

QTEST_APPLESS_MAIN(TestEscapedTrace)
#include "tst_escaped_trace.moc"
