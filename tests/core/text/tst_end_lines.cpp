#include "text/end_lines.hpp"

#include <QtTest>

using namespace mulligan::text;

class TestEndLines : public QObject
{
    Q_OBJECT

private slots:
    void isStateOnly_line_data()
    {
        QTest::addColumn<bool>("only");
        const auto row = [](const char *line, bool only) { QTest::newRow(line) << only; };
        row("RESULT: FAILURE", true);
        row("Finished: FAILURE", true);
        row("==> job finished with status: failed", true);
        row("final_state = FAILED", true);
        row("[INFO] BUILD FAILURE", true);
        row("Status: Failed.", true);
        row("state=\"error\"", true);
        row("login: FAILED", false); // says what failed
        row("orders.csv: FAILED", false);
        row("FAILED", false);
        row("status: no shelf", false);
        row("prestate: x FAILEDX", false);
        row("", false);
        row("the job that loads the shelves of the shop, all of them and the cellar's too: state FAILED", false);
    }
    void isStateOnly_line()
    {
        QFETCH(bool, only);
        QCOMPARE(isStateOnly(QTest::currentDataTag()), only);
    }

    void endsWithPlainCode_line_data()
    {
        QTest::addColumn<bool>("plain");
        const auto row = [](const char *line, bool plain) { QTest::newRow(line) << plain; };
        row("Command exited with return code 1", true);
        row("Command exiting with ret '1'", true);
        row("Process for flow run 'a' exited with status code: 1", true);
        row("exit: 1", true);
        row("+ exit 1", true);
        row("process exited with code 137", false); // says that it was killed
        row("+ exit 127", false);
        row("no way to exit 1", false);
        row("1", false);
        row("", false);
    }
    void endsWithPlainCode_line()
    {
        QFETCH(bool, plain);
        QCOMPARE(endsWithPlainCode(QTest::currentDataTag()), plain);
    }

    void isWrapper_exception_data()
    {
        QTest::addColumn<bool>("wrapper");
        const auto row = [](const char *exception, bool wrapper) { QTest::newRow(exception) << wrapper; };
        row("org.apache.spark.SparkException: Exception thrown in awaitResult: ", true);
        row("java.util.concurrent.ExecutionException", true);
        row("org.apache.spark.SparkException: Job aborted.", true);
        row("prefect.exceptions.FailedRun: 1/4 states failed.", true);
        row("airflow.exceptions.AirflowException: Batch 7 did not succeed", true);
        row("org.apache.flink.runtime.JobException: Recovery is suppressed by NoRestartBackoffTimeStrategy", true);
        row("org.apache.spark.SparkException: Job aborted due to stage failure: Task 1 failed", false);
        row("java.util.concurrent.ExecutionException: no shelf", false);
        row("", false);
    }
    void isWrapper_exception()
    {
        QFETCH(bool, wrapper);
        QCOMPARE(isWrapper(QTest::currentDataTag()), wrapper);
    }
};

QTEST_APPLESS_MAIN(TestEndLines)
#include "tst_end_lines.moc"
