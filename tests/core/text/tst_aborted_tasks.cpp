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

    void make_hostileText_isLinear()
    {
        std::string text;
        while (text.size() < 4'000'000)
            text += "Task 3 in stage 412.1 aborting job aborted due to stage failure: Task 3[duplicate ";
        const auto began = std::chrono::steady_clock::now();
        QVERIFY(!AbortedTasks(text).areLostIn(kLost));
        QVERIFY(std::chrono::steady_clock::now() - began < std::chrono::seconds(2));
    }
};

QTEST_APPLESS_MAIN(TestAbortedTasks)
#include "tst_aborted_tasks.moc"
