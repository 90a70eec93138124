#include "text/log_line.hpp"

#include <QtTest>

using mulligan::text::LineMark;
using mulligan::text::lineMarkOf;

Q_DECLARE_METATYPE(mulligan::text::LineMark)

class TestLogLine : public QObject
{
    Q_OBJECT

private slots:
    void lineMarkOf_line_isTheWorstLevelItStates_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<LineMark>("mark");
        const auto row = [](const char *line, LineMark mark) {
            QTest::newRow(line) << QString::fromUtf8(line) << mark;
        };
        row("24/05/01 10:00:00 INFO DAGScheduler: Job 1 failed", LineMark::Information);
        row("[2024-05-01T10:00:00] {taskinstance.py:1} DEBUG - x", LineMark::Information);
        row("24/05/01 10:00:00 WARN TaskSetManager: Lost task", LineMark::Warning);
        row("WARNING:root:disk", LineMark::Warning);
        row("24/05/01 10:00:00 ERROR Executor: x", LineMark::Error);
        row("[2024] {subprocess.py:93} INFO - 24/05/01 ERROR Executor: x", LineMark::Error);
        row("[2024] {spark_submit.py:490} INFO - Caused by: java.io.IOException: x", LineMark::None);
        row("[2024] {pod_manager.py:410} INFO - [base] 24/05/01 WARN Executor: x", LineMark::Warning);
        row("[2024] {taskinstance.py:1} INFO - Caused by: x", LineMark::Information);
        row("INFO Logging: the level is WARN", LineMark::Warning);
        row("[info] compiling", LineMark::Information);
        row("2024-05-01 10:00:00 [warning  ] disk", LineMark::Warning);
        row("10:00:00 [Error] disk", LineMark::Error);
        row("time=10:00 level=info msg=\"failed\"", LineMark::Information);
        row("time=10:00 lvl=warn msg=failed", LineMark::Warning);
        row("{\"@timestamp\":\"2024\", \"log.level\": \"WARN\", \"message\":\"x\"}", LineMark::Warning);
        row("{\"severity\":\"Info\",\"message\":\"x\"}", LineMark::Information);
        row("{\\\"level\\\":\\\"info\\\"}", LineMark::Information);
        row("warning: unused setting", LineMark::Warning);
        row("Error: disk", LineMark::Error);
        row("the info was lost", LineMark::None);
        row("UserWarning: disk", LineMark::None);
        row("Warning  BackOff  pod/x  Back-off restarting", LineMark::None);
        row("message=\"info\"", LineMark::None);
        row("[information desk] x", LineMark::None);
        row("java.lang.OutOfMemoryError: heap", LineMark::None);
        row("INFO[0012] unable to connect", LineMark::Information);
        row("DEBU[2024-05-01T10:00:00Z] unable to connect", LineMark::Information);
        row("WARN[0003] unable to connect", LineMark::Warning);
        row("ERRO[0003] unable to connect", LineMark::Error);
        row("FATA[0003] unable to connect", LineMark::Error);
        row("INFO[0012 unable to connect", LineMark::None);
        row("rows[0] is not there", LineMark::None);
        row("I0501 10:00:00.000000       1 loader.go:12] unable to connect", LineMark::Information);
        row("W0501 10:00:00.000000       1 loader.go:12] unable to connect", LineMark::Warning);
        row("E0501 10:00:00.000000       1 loader.go:12] unable to connect", LineMark::Error);
        row("F0501 10:00:00.000000       1 loader.go:12] unable to connect", LineMark::Error);
        row("X0501 10:00:00.000000 unable to connect", LineMark::None);
        row("I0501 unable to connect", LineMark::None);
        row("NOTICE:  relation exists, skipping", LineMark::Warning);
        row("2024-05-01T10:00:00Z\tERROR\tload\tx", LineMark::Error);
        row("INFO\t2024-05-01\tload", LineMark::Information);
        row("a.FormatException: validation error: WARNING: Record 1", LineMark::None);
        row("Exception in thread \"main\" a.FormatException: WARNING: x", LineMark::None);
        row("a.format: WARNING: x", LineMark::Warning);
        row("", LineMark::None);
    }
    void lineMarkOf_line_isTheWorstLevelItStates()
    {
        QFETCH(QString, line);
        QFETCH(LineMark, mark);
        QCOMPARE(static_cast<int>(lineMarkOf(line.toStdString())), static_cast<int>(mark));
    }

    void lineMarkOf_levelFarFromTheBegin_isNotTheLoggers()
    {
        const std::string far(130, 'x');
        QCOMPARE(static_cast<int>(lineMarkOf(far + " INFO x")), static_cast<int>(LineMark::None));
        QCOMPARE(static_cast<int>(lineMarkOf(far + " [info] x")), static_cast<int>(LineMark::None));
    }
};

QTEST_APPLESS_MAIN(TestLogLine)
#include "tst_log_line.moc"
