#include "text/task_attempts.hpp"

#include <QtTest>

#include <string>

using namespace mulligan::text;

class TestTaskAttempts : public QObject
{
    Q_OBJECT

private slots:
    void failedTaskOf_line_data()
    {
        QTest::addColumn<QString>("task");
        const auto row = [](const char *line, const char *task) { QTest::newRow(line) << QString(task); };
        row("INFO mapreduce.Job: Task Id : attempt_17_01_m_000003_0, Status : FAILED", "17_01_m_000003");
        row("INFO TaskAttemptImpl: Diagnostics report from attempt_17_01_r_000003_11: Error: x", "17_01_r_000003");
        row("FATAL TaskAttemptListenerImpl: Task: attempt_17_01_m_000003_0 - exited : java.io.IOException: x",
            "17_01_m_000003");
        row("INFO mapreduce.Job: Task Id : attempt_17_01_m_000003_0, Status : KILLED", "");
        row("INFO TaskImpl: Task succeeded with attempt attempt_17_01_m_000003_1", "");
        row("Task Id : attempt_, Status : FAILED", "");
        row("Task Id : attempt_", "");
        row("", "");
    }
    void failedTaskOf_line()
    {
        QFETCH(QString, task);
        const std::string line = QTest::currentDataTag();
        QCOMPARE(QString::fromStdString(std::string(failedTaskOf(line))), task);
    }

    void isMadeUpFor_text_data()
    {
        QTest::addColumn<bool>("made");
        const auto row = [](const char *behind, bool made) { QTest::newRow(behind) << made; };
        row("x\nTask succeeded with attempt attempt_17_01_m_000003_1\n", true);
        row("x\nTask succeeded with attempt attempt_17_01_m_0000031_1\n", false);
        row("Job job_17_01 failed with state FAILED due to: Task failed task_17_01_m_000007\n", true);
        row("Job job_17_01 failed with state FAILED due to: Task failed task_17_01_m_000003\n", false);
        row("Job job_17_02 failed with state FAILED due to: Task failed task_17_02_m_000007\n", false);
        row("Job job_17_01 failed with state FAILED due to: Task failed task_", false);
        row("INFO RMCommunicator: Setting job diagnostics to Task failed task_17_01_m_000007\n", true);
        row("INFO RMCommunicator: Setting job diagnostics to Task failed task_17_01_m_000003\n", false);
        row("", false);
    }
    void isMadeUpFor_text()
    {
        QFETCH(bool, made);
        QCOMPARE(isMadeUpFor("17_01_m_000003", QTest::currentDataTag()), made);
    }
};

QTEST_APPLESS_MAIN(TestTaskAttempts)
#include "tst_task_attempts.moc"
