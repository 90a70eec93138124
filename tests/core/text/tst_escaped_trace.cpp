#include "text/escaped_trace.hpp"

#include <QtTest>

#include <string>

using namespace mulligan::text;

class TestEscapedTrace : public QObject
{
    Q_OBJECT

private slots:
    void escapedCauseIn_line_isTheDeepestCause_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("cause");
        QTest::addColumn<QString>("name");
        const auto row = [](const char *title, const QByteArray &line, const char *cause, const char *name) {
            QTest::newRow(title) << QString(line) << QString(cause) << QString(name);
        };
        const QByteArray head = "\"Traceback (most recent call last):\\n  File \\\"a.py\\\"\\n    g()\\n";
        row("Python", "{\"level\":\"ERROR\",\"e\":" + head + "Empty: no \\\"shelf\\\"\\nall\",\"n\":\"x\"}",
            "Empty: no \\\"shelf\\\"", "Empty");
        const QByteArray first = head + "KeyError: 1\\n\\n";
        const QByteArray second = "\\n\\n" + head.mid(1) + "LateError: 2\"";
        row("Python, the last of two", first + "During handling of the above exception, another occurred:" + second,
            "LateError: 2", "LateError");
        row("Python, the direct cause", first + "The above exception was the direct cause of the following:" + second,
            "KeyError: 1", "KeyError");
        row("Flyte", head + "\\nMessage:\\n\\n    Empty: x\\n\\nUser error.\"", "Empty: x", "Empty");
        const QByteArray trace = "{\"s\":\"a.OuterException: x\\n\\tat a.B.c(B.java:1)";
        row("the JVM", trace + "\\n\\tat a.B.d(B.java:2)\",\"z\":\"y\"}", "a.OuterException: x", "a.OuterException");
        row("the JVM, the last cause",
            trace + "\\nCaused by: b.MiddleException: y\\n\\tat a.B.c(B)\\nCaused by: c.InnerException: z\"}",
            "c.InnerException: z", "c.InnerException");
        row("fields", "{\"error_detail\":[{\"exc_type\":\"Empty\",\"exc_value\":\"no \\\"shelf\\\"\"}]}",
            "no \\\"shelf\\\"", "Empty");
        row("fields without a message", "{\"exc_type\": \"Empty\", \"exc_value\": \"\"}", "Empty", "Empty");
        row("a trace that breaks off", head, "", "");
        row("a value that breaks off", "{\"exc_value\":", "", "");
        row("an escape at the end", "{\"exc_value\":\"x\\", "x\\", "");
        row("a frame alone", "\\n\\tat a.B.c(B.java:1)", "", "");
        row("no trace", "{\"level\":\"ERROR\",\"message\":\"no shelf\"}", "", "");
        row("nothing", "", "", "");
    }
    void escapedCauseIn_line_isTheDeepestCause()
    {
        QFETCH(QString, line);
        QFETCH(QString, cause);
        QFETCH(QString, name);
        const std::string bytes = line.toStdString();
        const auto found = escapedCauseIn(bytes);
        QCOMPARE(found.has_value(), !cause.isEmpty());
        if (!found)
            return;
        QCOMPARE(QString::fromStdString(bytes.substr(found->span.begin, found->span.end - found->span.begin)), cause);
        QCOMPARE(QString::fromStdString(std::string(found->name)), name);
    }
};

QTEST_APPLESS_MAIN(TestEscapedTrace)
#include "tst_escaped_trace.moc"
