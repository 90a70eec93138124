#include "text/exception_name.hpp"

#include <QtTest>

#include <string>

using namespace mulligan::text;

class TestExceptionName : public QObject
{
    Q_OBJECT

private slots:
    void exceptionIn_line_isItsFirstName_data()
    {
        QTest::addColumn<QString>("name");
        const auto row = [](const char *line, const char *name) { QTest::newRow(line) << QString(name); };
        row("Caused by: java.io.IOException: x", "java.io.IOException");
        row("KeyError: 'x'", "KeyError");
        row("org.apache.druid.java.util.common.UOE: x", "org.apache.druid.java.util.common.UOE");
        row("io.druid.java.util.common.IAE: x", "io.druid.java.util.common.IAE");
        row("com.shop.RE: x", "");
        row("ISE: x", "");
        row("at a.B.c(IOException.java:1)", "");
        row("/logs/java.io.IOException", "");
        row("it ended in an Error.", "");
        row("it ended in a ShelfError.", "ShelfError");
    }
    void exceptionIn_line_isItsFirstName()
    {
        QFETCH(QString, name);
        const std::string line = QTest::currentDataTag();
        const auto found = exceptionIn(line, 0);
        QCOMPARE(found ? QString::fromStdString(std::string(found->name)) : QString(), name);
    }

    void innermostException_line_isTheDeepestOfTheChain_data()
    {
        QTest::addColumn<QString>("name");
        const auto row = [](const char *line, const char *name) { QTest::newRow(line) << QString(name); };
        row("a.OuterException: b.MiddleException: c.InnerException: x", "c.InnerException");
        row("a.OuterException: b.InnerException", "b.InnerException");
        row("a.OuterException: InnerError(code=1)", "a.OuterException");
        row("a.OuterException: x of c.InnerException: y", "a.OuterException");
        row("a.OuterException: Failed 1 action: c.InnerException: x: 1 time", "c.InnerException");
        row("a.OuterException: {'stoppedReason': 'InnerError: x'}", "InnerError");
        row("a.OuterException: java.lang.ClassNotFoundException: b.InnerException", "java.lang.ClassNotFoundException");
        row("java.lang.NoClassDefFoundError: b.InnerException", "java.lang.NoClassDefFoundError");
        row("a.OuterException:", "a.OuterException");
    }
    void innermostException_line_isTheDeepestOfTheChain()
    {
        QFETCH(QString, name);
        const std::string line = QTest::currentDataTag();
        const auto first = exceptionIn(line, 0);
        QVERIFY(first.has_value());
        QCOMPARE(QString::fromStdString(std::string(innermostException(line, *first).name)), name);
    }

    void beginsWithException_line_data()
    {
        QTest::addColumn<bool>("begins");
        const auto row = [](const char *line, bool begins) { QTest::newRow(line) << begins; };
        row("java.io.IOException: WARNING: x", true);
        row("Caused by: java.io.IOException: x", true);
        row("Exception in thread \"main\" java.io.IOException: x", true);
        row("Exception in thread \"main", false);
        row("Caused by: ", false);
        row("java.io.IOException is logged", false);
        row("ERROR java.io.IOException: x", false);
        row("", false);
    }
    void beginsWithException_line()
    {
        QFETCH(bool, begins);
        QCOMPARE(beginsWithException(QTest::currentDataTag()), begins);
    }
};

QTEST_APPLESS_MAIN(TestExceptionName)
#include "tst_exception_name.moc"
