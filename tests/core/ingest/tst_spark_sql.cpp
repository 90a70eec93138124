#include "spark_reading.hpp"

#include "ingest/spark_sql_error.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

namespace
{

SparkLog begun()
{
    SparkLog log;
    log.begin().executor("1", 1);
    return log;
}

const char *const kNoTable = R"({
  "errorClass" : "TABLE_OR_VIEW_NOT_FOUND",
  "messageTemplate" : "The table or view <relationName> cannot be found. Use <hint>.",
  "sqlState" : "42P01",
  "messageParameters" : { "relationName" : "`orders`" },
  "queryContext" : [ { "objectType" : "", "startIndex" : 15 } ]
})";

} // namespace

Q_DECLARE_METATYPE(SparkLog)

class TestSparkSql : public QObject
{
    Q_OBJECT

private slots:
    void sqlErrorText_ofJsonOrText_isWhatAPersonReads_data()
    {
        QTest::addColumn<QString>("message");
        QTest::addColumn<QString>("text");
        QTest::newRow("a template with its parameters")
            << kNoTable
            << "[TABLE_OR_VIEW_NOT_FOUND] The table or view `orders` cannot be found. Use <hint>. SQLSTATE: 42P01";
        QTest::newRow("a class with a second half")
            << R"({"errorClass":"DIVIDE","errorSubClass":"BY_ZERO","messageTemplate":"Division by zero."})"
            << "[DIVIDE.BY_ZERO] Division by zero.";
        QTest::newRow("an exception without a class of its own")
            << R"({"errorClass":"LEGACY","messageParameters":{"message":"Job aborted."}})"
            << "Job aborted.";
        QTest::newRow("the short form without a template")
            << R"({"errorClass":"NO_COLUMN","messageParameters":{"name":"price"}})"
            << "[NO_COLUMN] name=price";
        QTest::newRow("text") << "java.io.IOException: gone\n\tat a.B.c(B.scala:1)"
                              << "java.io.IOException: gone\n\tat a.B.c(B.scala:1)";
        QTest::newRow("text in braces") << "{not JSON}"
                                        << "{not JSON}";
        QTest::newRow("JSON of another form") << R"({"message":"x"})"
                                              << R"({"message":"x"})";
        QTest::newRow("a template that opens a name and does not end it")
            << R"({"errorClass":"A","messageTemplate":"less < more"})"
            << "[A] less < more";
        QTest::newRow("nothing") << ""
                                 << "";
    }
    void sqlErrorText_ofJsonOrText_isWhatAPersonReads()
    {
        QFETCH(const QString, message);
        QFETCH(const QString, text);
        QCOMPARE(QString::fromStdString(spark::sqlErrorText(message.toStdString())), text);
    }

    void sqlError_ofAnExecution_isRootCauseAndText()
    {
        const auto attempt = only(begun().sqlStart(4, 1).sqlEnd(4, 2, kNoTable).end());
        QCOMPARE(attempt.rootCause, std::string("[TABLE_OR_VIEW_NOT_FOUND] The table or view `orders` cannot be "
                                                "found. Use <hint>. SQLSTATE: 42P01"));
        QVERIFY(attempt.errorText.starts_with("SQL execution 4 (insert into orders) failed: [TABLE_OR_VIEW"));
    }

    void counts_ofJobsAndExecutions_standApartFromTheOutcome_data()
    {
        QTest::addColumn<SparkLog>("log");
        QTest::addColumn<QString>("outcome");
        QTest::addColumn<QList<int>>("counts"); // jobs, failed jobs, executions, failed ones (-1: the log does not say)
        QTest::newRow("nothing was run") << begun().end() << "succeeded" << QList<int>{0, 0, 0, -1};
        QTest::newRow("a failed job and a failed execution that were overcome")
            << begun()
                   .sqlStart(0, 1)
                   .jobStart(0, 1, {0}, 0)
                   .jobFailed(0, 2, "trouble")
                   .sqlEnd(0, 3, "trouble")
                   .sqlStart(1, 4)
                   .jobStart(1, 5, {1}, 1)
                   .jobSucceeded(1, 6)
                   .sqlEnd(1, 7, "")
                   .end(9, 0)
            << "succeeded" << QList<int>{2, 1, 2, 1};
        QTest::newRow("a nested execution is part of its root")
            << begun().nestedSqlStart(0, 0, 1).nestedSqlStart(1, 0, 2).sqlEnd(1, 3, "").sqlEnd(0, 4, "").end()
            << "succeeded" << QList<int>{0, 0, 1, 0};
        QTest::newRow("what fails in a nested execution and in its root is one failure")
            << begun()
                   .nestedSqlStart(0, 0, 1)
                   .nestedSqlStart(1, 0, 2)
                   .sqlEnd(1, 3, "no table")
                   .sqlEnd(0, 4, "no table")
                   .end()
            << "failed" << QList<int>{0, 0, 1, 1};
        QTest::newRow("a nested execution that failed in a root that succeeds is overcome")
            << begun()
                   .nestedSqlStart(0, 0, 1)
                   .nestedSqlStart(1, 0, 2)
                   .jobStart(0, 2, {0}, 1)
                   .jobFailed(0, 3, "trouble")
                   .sqlEnd(1, 3, "trouble")
                   .sqlEnd(0, 4, "")
                   .end()
            << "succeeded" << QList<int>{1, 1, 1, 0};
        QTest::newRow("executions of a version that does not say how they ended")
            << begun().sqlStart(0, 1).sqlEnd(0, 2).sqlStart(1, 3).sqlEnd(1, 4).end() << "succeeded"
            << QList<int>{0, 0, 2, -1};
        QTest::newRow("an execution that never ends")
            << begun().sqlStart(0, 1).end() << "succeeded" << QList<int>{0, 0, 1, -1};
    }
    void counts_ofJobsAndExecutions_standApartFromTheOutcome()
    {
        QFETCH(const SparkLog, log);
        QFETCH(const QString, outcome);
        QFETCH(const QList<int>, counts);
        const auto attempt = only(log);
        QCOMPARE(QString::fromStdString(std::string(name(attempt.outcome))), outcome);
        QList<int> seen;
        for (const char *const metric : {"jobs", "failed_jobs", "sql_executions", "failed_sql"}) {
            const auto found = attempt.metrics.find(metric);
            seen << (found == attempt.metrics.end() ? -1 : static_cast<int>(found->second));
        }
        QCOMPARE(seen, counts);
    }

    void errorText_ofNestedExecutions_saysTheFailureOnce()
    {
        const auto attempt = only(begun()
                                      .nestedSqlStart(0, 0, 1)
                                      .nestedSqlStart(1, 0, 2)
                                      .sqlEnd(1, 3, "no table")
                                      .sqlEnd(0, 4, "no table")
                                      .end());
        QCOMPARE(attempt.errorText, std::string("SQL execution 0 (insert into orders) failed: no table"));
    }

    void jobEnd_withAnExceptionThatIsNull_isAFailureAllTheSame()
    {
        const auto attempt = only(begun()
                                      .jobStart(1, 5, {2})
                                      .jobEnd(1, 9, Json::object().set("Result", "JobFailed").set("Exception", Json()))
                                      .end());
        QCOMPARE(std::string(name(attempt.outcome)), std::string("failed"));
        QCOMPARE(attempt.rootCause, std::string("Job 1 failed"));
    }
};

QTEST_GUILESS_MAIN(TestSparkSql)
#include "tst_spark_sql.moc"
