#include "text/aborted_tasks.hpp"

#include <QtTest>

#include <chrono>
#include <string>

using namespace mulligan::text;

namespace
{

const std::string kLost = "24/02/06 18:12:33 WARN TaskSetManager: Lost task 3.0 in stage 412.1 (TID 91) (10.42.7.18 "
                          "executor 12): org.shop.ShelfException: no shelf";

}

class TestAbortedTasks : public QObject
{
    Q_OBJECT

private slots:
    void areLostIn_lossOfATask_byWhatTheLogSaysOfIt_data()
    {
        QTest::addColumn<QString>("log");
        QTest::addColumn<bool>("lost");
        const auto row = [](const char *name, const QString &log, bool lost) { QTest::newRow(name) << log << lost; };
        const QString repeated = "INFO TaskSetManager: Lost task 7.1 in stage 412.1 (TID 99) on 10.42.7.18, executor "
                                 "12: org.shop.ShelfException (no shelf) [duplicate 1]\n";
        const QString other = "ERROR TaskSetManager: Task 7 in stage 412.1 failed 4 times; aborting job\n";
        row("its task set was aborted", "ERROR TaskSetManager: Task 3 in stage 412.1 failed 4 times; aborting job",
            true);
        row("the job was aborted for it",
            "Job aborted due to stage failure: Task 3 in stage 412.1 failed 4 times, most recent failure: x", true);
        row("the job was aborted for it at the end of the text",
            "Job aborted due to stage failure: Task 3 in stage 412.1 failed ", true);
        row("nothing was aborted", "Task 3 in stage 412.1 failed 4 times", false);
        row("it was aborted for another task", other, false);
        row("it was aborted for another task, which it was told for", repeated + other, true);
        row("it was told for another task, and nothing was aborted", repeated, false);
        row("another failure was told for another task", QString(repeated).replace("Shelf", "Fridge") + other, false);
        row("a task of that number in another stage", "Task 3 in stage 41.1 failed 4 times; aborting job", false);
        row("another attempt of the stage", "Task 3 in stage 412.0 failed 4 times; aborting job", false);
        row("a task whose number begins so", "Task 30 in stage 412.1 failed 4 times; aborting job", false);
        row("a text that is cut off", "Task 3 in stage 412.1 failed 4 times; abort", false);
        row("a text that begins with it", "aborting job\naborted due to stage failure: Task ", false);
        row("an empty text", "", false);
    }
    void areLostIn_lossOfATask_byWhatTheLogSaysOfIt()
    {
        QFETCH(QString, log);
        QFETCH(bool, lost);
        const std::string text = log.toStdString();
        QCOMPARE(AbortedTasks(text).areLostIn(kLost), lost);
    }

    void areLostIn_otherLine_isNone_data()
    {
        QTest::addColumn<bool>("lost");
        const auto row = [](const char *line, bool lost) { QTest::newRow(line) << lost; };
        row("WARN TaskSetManager: Lost task 3.2 in stage 412.1 (TID 91, host, executor 12): FetchFailed(null)", true);
        row("INFO TaskSetManager: Lost task 3.1 in stage 412.1 (TID 91) on host, executor 1: x.Y (z) [duplicate 1]",
            false);
        row("INFO TaskSetManager: Starting task 3.1 in stage 412.1 (TID 91) (host, executor 1)", false);
        row("Lost task 3.1 in stage 412.1", false);
        row("Lost task 3", false);
        row("Lost task ", false);
        row("", false);
    }
    void areLostIn_otherLine_isNone()
    {
        QFETCH(bool, lost);
        QCOMPARE(AbortedTasks("Task 3 in stage 412.1 failed 4 times; aborting job").areLostIn(QTest::currentDataTag()),
                 lost);
    }

    void outlivedLossIn_lossOfAnotherTask_byWhatTheJobWasAbortedFor_data()
    {
        QTest::addColumn<QString>("behind");
        QTest::addColumn<bool>("outlived");
        const auto row = [](const char *name, const QString &behind, bool outlived) {
            QTest::newRow(name) << behind << outlived;
        };
        const QString aborted = "Job aborted due to stage failure: Task 9 in stage 500.0 failed 4 times";
        const QString recent = aborted + ", most recent failure: Lost task 9.3 in stage 500.0 (TID 9) (w executor 1): ";
        const QString lost = "WARN TaskSetManager: Lost task 9.0 in stage 500.0 (TID 9) (w executor 1): ";
        row("another stage's, of which the job tells", recent + "java.lang.NullPointerException\n", true);
        row("likewise of the same exception", recent + "org.shop.ShelfException: no shelf\n", true);
        row("another stage's, of which a lost task tells", lost + "a.Odd: x\n" + aborted, true);
        row("another stage's, of which an executor tells",
            "ERROR Executor: Exception in task 9.0 in stage 500.0 (TID 9)\na.OddException: x\n" + aborted, true);
        row("another task's of the stage, and another exception",
            QString(recent).replace("500", "412") + "java.lang.NullPointerException\n", true);
        row("another task's of the stage, and the same exception",
            QString(recent).replace("500", "412") + "org.shop.ShelfException: no room\n", false);
        row("a task's own", QString(recent).replace("500.0", "412.1").replace("ask 9", "ask 3") + "a.OddException: x\n",
            false);
        row("no reason is told", aborted, false);
        row("the reason is cut off", recent + "java.lang.Nul", false);
        row("an executor was lost", recent + "ExecutorLostFailure (executor 1 exited) Reason: \n", false);
        row("what was told follows from something else", recent + "java.nio.channels.ClosedChannelException\n", false);
        row("one of two is not told", recent + "a.OddException: x\nTask 1 in stage 7.0 failed 4 times; aborting job",
            false);
        row("nothing was aborted", lost + "a.OddException: x\n", false);
        row("the log is cut off", "", false);
    }
    void outlivedLossIn_lossOfAnotherTask_byWhatTheJobWasAbortedFor()
    {
        QFETCH(QString, behind);
        QFETCH(bool, outlived);
        const std::string text = kLost + "\n" + behind.toStdString();
        const AbortedTasks aborted(text);
        QCOMPARE(aborted.outlivedLossIn(kLost, 0), outlived);
        QVERIFY(!aborted.outlivedLossIn(kLost, text.size())); // what came of that is not known
        QVERIFY(!aborted.outlivedLossIn("24/02/06 18:12:33 WARN Main: no shelf", 0));
    }

    void abortsWithoutReason_exception_byItsMessage_data()
    {
        QTest::addColumn<bool>("without");
        const auto row = [](const char *exception, bool without) { QTest::newRow(exception) << without; };
        row("a.SparkException: Job aborted due to stage failure: Task 3 in stage 1.0 failed 4 times", true);
        row("Job aborted due to stage failure: Task 3 in stage 1.0 failed 4 times, most recent fail", true);
        row("Job aborted due to stage failure: Task 3 in stage 1.0 failed 4 times, most recent failure: ", true);
        row("Job aborted due to stage failure: Task 3 in stage 1.0 failed 4 times, most recent failure: Lost task 3.3 "
            "in "
            "stage 1.0 (TID 9) (w executor 1): ",
            true);
        row("Job aborted due to stage failure: Task 3 in stage 1.0 failed 4 times, most recent failure: Lost task 3.3 "
            "in "
            "stage 1.0 (TID 9) (w executor 1): a.B: c",
            false);
        row("Job aborted due to stage failure: Task 3 in stage 1.0 failed 4 times, most recent failure: a.B", false);
        row("Job aborted due to stage failure: Task 3 in stage 1.0 had a not serializable result: a.B", false);
        row("Job aborted due to stage failure: Task not serializable: a.B", false);
        row("a.SparkException: Job aborted.", false);
        row("", false);
    }
    void abortsWithoutReason_exception_byItsMessage()
    {
        QFETCH(bool, without);
        QCOMPARE(abortsWithoutReason(QTest::currentDataTag()), without);
    }

    void make_hostileText_isLinear()
    {
        std::string text;
        while (text.size() < 4'000'000)
            text += "Task 3 in stage 412.1 aborting job aborted due to stage failure: Task 3[duplicate Lost "
                    "task 3.0 in stage 412.1 (TID 1) Exception in task 3.0 in stage 412.1 ";
        const auto began = std::chrono::steady_clock::now();
        QVERIFY(!AbortedTasks(text).areLostIn(kLost));
        QVERIFY(std::chrono::steady_clock::now() - began < std::chrono::seconds(2));
    }
};

QTEST_APPLESS_MAIN(TestAbortedTasks)
#include "tst_aborted_tasks.moc"
