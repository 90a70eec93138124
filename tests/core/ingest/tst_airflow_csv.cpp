#include "airflow_samples.hpp"
#include "ingest/airflow.hpp"
#include "ingest/recognise.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

namespace
{

const std::string kHeader = "task_id,dag_id,run_id,map_index,start_date,end_date,duration,state,try_number,max_tries,"
                            "queue,executor_config\n";

std::string row(const std::string &run, int attempt, int maxTries, const std::string &state, int mapIndex = -1)
{
    return "load,shop," + run + "," + std::to_string(mapIndex) + "," + momentOf(attempt) + "," + momentOf(attempt, "30")
           + ",29.75," + state + "," + std::to_string(attempt) + "," + std::to_string(maxTries)
           + ",default,\\x80057d942e\n";
}

CollectingSink readCsv(const std::string &text, const std::string &name = "task_instance.csv",
                       SourceReport *report = nullptr)
{
    Folder folder;
    CollectingSink sink;
    const auto read = readFile(folder.write(name, text), Format::Airflow, sink);
    if (!read)
        qFatal("%s", read.error().text().c_str());
    if (report != nullptr)
        *report = *read;
    return sink;
}

} // namespace

class TestAirflowCsv : public QObject
{
    Q_OBJECT

private slots:
    void readAirflow_dumps_giveTriesAndTriggersFromMaxTries()
    {
        SourceReport report;
        const auto sink =
            readCsv(kHeader + row("a", 1, 2, "success") + row("b", 2, 2, "failed") + row("c", 2, 3, "success")
                        + row("d", 3, 3, "running") + row("e", 1, 2, "queued") + row("f", 1, 2, "failed", 7),
                    "task_instance.csv", &report);
        QCOMPARE(storyOf(sink, "shop.load", "a"), std::string("1 succeeded scheduled"));
        QCOMPARE(storyOf(sink, "shop.load", "b"), std::string("2 failed auto_retry"));
        QCOMPARE(storyOf(sink, "shop.load", "c"), std::string("2 succeeded manual"));
        QCOMPARE(storyOf(sink, "shop.load", "d"), std::string("3 unknown auto_retry"));
        QCOMPARE(storyOf(sink, "shop.load", "f[7]"), std::string("1 failed scheduled"));
        QCOMPARE(report.warnings,
                 std::vector<std::string>{"rows in state 'queued' never ran and are no attempts (once)"});
        QCOMPARE(sink.attempts.at(0).queue, std::string("default"));
        QVERIFY(sink.rejects.empty());
    }

    void readAirflow_aTaskWithoutAFirstTry_leavesTheTriggerToOthers()
    {
        const auto sink = readCsv(kHeader + row("b", 2, 2, "failed"));
        QCOMPARE(storyOf(sink, "shop.load", "b"), std::string("2 failed "));
    }

    void readAirflow_formsOfOtherDatabases_areReadAlike_data()
    {
        QTest::addColumn<QByteArray>("text");
        const QByteArray header("dag_id,task_id,run_id,try_number,state,start_date,end_date\n");
        QTest::newRow("SQLite") << header + "d,t,r,1,failed,2024-05-01 10:00:00.250000,2024-05-01 10:01:00.000000\n";
        QTest::newRow("PostgreSQL") << header + "d,t,r,1,failed,2024-05-01 10:00:00.25+00,2024-05-01 10:01:00+00\n";
        QTest::newRow("PostgreSQL in Tokyo")
            << header + "d,t,r,1,failed,2024-05-01 19:00:00.25+09,2024-05-01 19:01:00+09\n";
        QTest::newRow("ISO") << header + "d,t,r,1,failed,2024-05-01T10:00:00.25Z,2024-05-01T10:01:00+00:00\n";
        QTest::newRow("tabs and byte order mark")
            << QByteArray("\xEF\xBB\xBF")
                   + QByteArray(header + "d,t,r,1,failed,2024-05-01 10:00:00.25,2024-05-01 10:01:00\n")
                         .replace(',', '\t');
        QTest::newRow("quoted, CRLF")
            << QByteArray(header).replace("\n", "\r\n")
                   + "\"d\",\"t\",\"r\",1,\"failed\",\"2024-05-01 10:00:00.25\",\"2024-05-01 10:01:00\"\r\n";
    }
    void readAirflow_formsOfOtherDatabases_areReadAlike()
    {
        QFETCH(QByteArray, text);
        const auto sink = readCsv(text.toStdString());
        QCOMPARE(storyOf(sink, "d.t", "r"), std::string("1 failed scheduled"));
        QCOMPARE(base::formatInstant(sink.attempts.at(0).startedAt), std::string("2024-05-01T10:00:00.250Z"));
        QCOMPARE(base::formatInstant(sink.attempts.at(0).endedAt), std::string("2024-05-01T10:01:00Z"));
    }

    void readAirflow_nullsAndBinaryFields_areNoProblem()
    {
        const auto sink =
            readCsv("executor_config,dag_id,task_id,run_id,map_index,try_number,max_tries,state,start_date,"
                    "end_date,queue\n\x80\x05}\x94.,d,t,r,\\N,1,NULL,running,2024-05-01 10:00:00,\\N,\n");
        QCOMPARE(storyOf(sink, "d.t", "r"), std::string("1 unknown scheduled"));
        QVERIFY(sink.attempts.at(0).queue.empty());
    }

    void readAirflow_airflow110Dump_namesRunsByDate()
    {
        const auto sink = readCsv("task_id,dag_id,execution_date,start_date,end_date,state,try_number\n"
                                  "t,d,2021-05-01 00:00:00.000000,2021-05-01 10:00:00,2021-05-01 10:01:00,success,1\n");
        QCOMPARE(storyOf(sink, "d.t", "2021-05-01T00:00:00+00:00"), std::string("1 succeeded scheduled"));
    }

    void readAirflow_badRow_isRejectedWithPlaceAndReason_data()
    {
        QTest::addColumn<QByteArray>("row");
        QTest::addColumn<int>("column");
        QTest::addColumn<QString>("reason");
        const QByteArray good = QByteArray::fromStdString(row("r", 2, 2, "failed"));
        QTest::newRow("no dag") << QByteArray(good).replace("shop", "") << 2 << "dag_id: is missing";
        QTest::newRow("no run") << QByteArray(good).replace(",r,", ",,") << 3 << "run_id: is missing";
        QTest::newRow("a try that is a word")
            << QByteArray(good).replace(",2,2,", ",two,2,") << 9 << "try_number: must be a whole number, found 'two'";
        QTest::newRow("a negative try") << QByteArray(good).replace(",2,2,", ",-3,2,") << 9
                                        << "try_number: must not be negative, found -3";
        QTest::newRow("a try too large") << QByteArray(good).replace(",2,2,", ",99999999999,2,") << 9
                                         << "try_number: must be a whole number";
        QTest::newRow("no try") << QByteArray(good).replace(",2,2,", ",,2,") << 9 << "try_number: is missing";
        QTest::newRow("a state that is not there")
            << QByteArray(good).replace("failed", "flying") << 8 << "state: 'flying' is no state of a task";
        QTest::newRow("an end before the start")
            << QByteArray(good).replace("10:02:30", "10:01:30") << 6 << "end_date: lies before start_date";
        QTest::newRow("a date that cannot be") << QByteArray(good).replace("2024-05-01 10:02:00", "2024-13-41 10:02:00")
                                               << 5 << "start_date: '2024-13-41 10:02:00.250000Z' is not a time";
        QTest::newRow("a date that is a number") << QByteArray(good).replace("2024-05-01 10:02:00.250000", "1714557600")
                                                 << 5 << "start_date: '1714557600' is not a time";
        QTest::newRow("a map index that is a word")
            << QByteArray(good).replace(",-1,", ",one,") << 4 << "map_index: must be a whole number";
        QTest::newRow("an endless duration")
            << QByteArray(good).replace("2024-05-01 10:02:30", "").replace("29.75", "1e300") << 7
            << "duration: must be a number of seconds, found '1e300'";
        QTest::newRow("bytes that are not UTF-8") << QByteArray(good).replace("load", "l\xFF"
                                                                                      "d")
                                                  << 1 << "task_id: is not valid UTF-8";
        QTest::newRow("a field too few") << QByteArray("load,shop\n") << 3
                                         << "the row has 2 fields where the header has 12";
    }
    void readAirflow_badRow_isRejectedWithPlaceAndReason()
    {
        QFETCH(QByteArray, row);
        QFETCH(int, column);
        QFETCH(QString, reason);
        const auto sink = readCsv(kHeader + ::row("a", 1, 2, "success") + row.toStdString());
        QCOMPARE(sink.attempts.size(), std::size_t(1));
        QCOMPARE(sink.rejects.size(), std::size_t(1));
        const Reject &reject = sink.rejects.front();
        QVERIFY2(QString::fromStdString(reject.reason).contains(reason), reject.reason.c_str());
        QCOMPARE(int(reject.column), column);
        QCOMPARE(reject.line, std::uint64_t(3));
        QVERIFY(!reject.text.empty());
    }

    void recogniseHead_dumps_areAirflow()
    {
        QCOMPARE(recogniseHead("x.csv", kHeader, true).format.value_or(Format::Auto), Format::Airflow);
        QVERIFY(recogniseHead("x.csv", "job,run,attempt,outcome,started_at,ended_at,dag_id\n", true).format
                == Format::Csv);
        QVERIFY(!looksLikeAirflow("x.csv", "dag_id,task_id,run_id,state,start_date\n"));
    }
};

QTEST_GUILESS_MAIN(TestAirflowCsv)
#include "tst_airflow_csv.moc"
