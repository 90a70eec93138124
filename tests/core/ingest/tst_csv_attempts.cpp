#include "collecting_sink.hpp"

#include "ingest/row_readers.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

namespace
{

constexpr const char *kHeader = "job,run,attempt,outcome,started_at,ended_at,owner\n";

std::string row(const std::string &run, const std::string &owner = "ana")
{
    return "orders," + run + ",1,failed,2026-01-02T03:04:05Z,2026-01-02T03:05:05Z," + owner + "\n";
}

} // namespace

class TestCsvAttempts : public QObject
{
    Q_OBJECT

private slots:
    void readSource_goodRows_areDeliveredInOrder()
    {
        Folder folder;
        CollectingSink sink;
        const auto report =
            readFile(folder.write("rows.csv", kHeader + row("a") + "\n" + row("b", "")), Format::Csv, sink);
        QVERIFY2(report.has_value(), report ? "" : report.error().text().c_str());
        QCOMPARE(sink.attempts.size(), size_t(2));
        QCOMPARE(sink.attempts[0].run, std::string("a"));
        QCOMPARE(sink.attempts[0].owner, std::string("ana"));
        QCOMPARE(sink.attempts[0].outcome, model::Outcome::Failed);
        QVERIFY(sink.attempts[1].owner.empty());
    }

    void readSource_membersOfConfigAndMetrics_comeFromColumnsOrJson()
    {
        Folder folder;
        const std::string text =
            "run\tjob\tattempt\toutcome\tstarted_at\tended_at\tconfig.spark.executor.memory\t"
            "metrics.tasks\tconfig\tcost_usd\texit_code\n"
            "r\tj\t2\tkilled\t1767323045000\t1767323046000\t4g\t12\t\"{\"\"a\"\":\"\"b\"\"}\"\t0.5\t-9\n";
        CollectingSink sink;
        const auto report = readFile(folder.write("rows.tsv", text), Format::Csv, sink);
        QVERIFY2(report.has_value(), report ? "" : report.error().text().c_str());
        QVERIFY2(sink.rejects.empty(), sink.rejects.empty() ? "" : sink.rejects.front().reason.c_str());
        QCOMPARE(sink.attempts.size(), size_t(1));
        const model::Attempt &a = sink.attempts.front();
        const model::Config config{{"a", "b"}, {"spark.executor.memory", "4g"}};
        QVERIFY(a.config == config);
        QCOMPARE(a.metrics.at("tasks"), 12.0);
        QCOMPARE(a.attempt, 2);
        QCOMPARE(a.exitCode.value_or(0), -9);
        QCOMPARE(a.costUsd.value_or(0), 0.5);
        QCOMPARE(qint64(a.startedAt.ms), qint64(1767323045000));
    }

    void readSource_quotedFieldsWithLineEndsAndQuotes_areOneField()
    {
        Folder folder;
        const std::string text = "job,run,attempt,outcome,started_at,ended_at,error_text\r\n"
                                 "j,r1,1,failed,0,1000,\"first line\nsecond, \"\"quoted\"\"\r\nthird\"\r\n"
                                 "j,r2,1,failed,0,bad,x\r\n";
        CollectingSink sink;
        const auto report = readFile(folder.write("rows.csv", text), Format::Csv, sink);
        QVERIFY(report.has_value());
        QCOMPARE(sink.attempts.size(), size_t(1));
        QCOMPARE(sink.attempts.front().errorText, std::string("first line\nsecond, \"quoted\"\r\nthird"));
        // The lines inside the quotes count, so that an editor finds the bad row.
        QCOMPARE(sink.rejects.size(), size_t(1));
        QCOMPARE(sink.rejects.front().line, std::uint64_t(5));
        QCOMPARE(sink.rejects.front().column, std::uint64_t(6));
    }

    void readSource_byteOrderMarkAndSemicolons_areNoProblem()
    {
        Folder folder;
        std::string text = std::string(kHeader) + row("a");
        std::replace(text.begin(), text.end(), ',', ';');
        CollectingSink sink;
        const auto report = readFile(folder.write("rows.csv", "\xEF\xBB\xBF" + text), Format::Csv, sink);
        QVERIFY2(report.has_value(), report ? "" : report.error().text().c_str());
        QCOMPARE(sink.attempts.size(), size_t(1));
    }

    void readSource_lineThatNamesTheDelimiter_isObeyed_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("of Excel") << QByteArray("sep=;\r\n");
        QTest::newRow("behind a byte order mark") << QByteArray("\xEF\xBB\xBFsep=;\n");
        QTest::newRow("in upper case") << QByteArray("SEP=;\n");
    }
    void readSource_lineThatNamesTheDelimiter_isObeyed()
    {
        QFETCH(QByteArray, line);
        Folder folder;
        std::string text = std::string(kHeader) + row("a") + "bad;1\n";
        std::replace(text.begin(), text.end(), ',', ';');
        CollectingSink sink;
        const auto report = readFile(folder.write("rows.csv", line.toStdString() + text), Format::Csv, sink);
        QVERIFY2(report.has_value(), report ? "" : report.error().text().c_str());
        QCOMPARE(sink.attempts.size(), size_t(1));
        QCOMPARE(sink.rejects.size(), size_t(1));
        QCOMPARE(sink.rejects.front().line, std::uint64_t(4));
    }

    void readSource_headerInUpperCase_isReadWhereItIsWhole()
    {
        Folder folder;
        std::string header = kHeader;
        std::transform(header.begin(), header.end(), header.begin(),
                       [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        CollectingSink sink;
        const auto report = readFile(folder.write("rows.csv", header + row("a")), Format::Csv, sink);
        QVERIFY2(report.has_value(), report ? "" : report.error().text().c_str());
        QCOMPARE(sink.attempts.size(), size_t(1));
        QVERIFY(report->warnings.empty());
        // Where a name comes twice in two cases, what is written as it should be counts.
        CollectingSink both;
        const auto twice =
            readFile(folder.write("both.csv", "JOB,job,run,attempt,outcome,started_at,ended_at\nx,j,r,1,failed,0,0\n"),
                     Format::Csv, both);
        QVERIFY2(twice.has_value(), twice ? "" : twice.error().text().c_str());
        QCOMPARE(both.attempts.front().job, std::string("j"));
    }

    void readSource_badRow_isRejectedWithPlaceAndReason_data()
    {
        QTest::addColumn<QByteArray>("bad");
        QTest::addColumn<int>("column");
        QTest::addColumn<QString>("reason");
        const QByteArray good = QByteArray::fromStdString(row("x"));
        QTest::newRow("a field too few") << QByteArray("orders,x,1,failed,0\n") << 6
                                         << "the row has 5 fields where the header has 7";
        QTest::newRow("one field") << QByteArray("orders\n") << 2 << "the row has 1 field where the header has 7";
        QTest::newRow("a field too many")
            << QByteArray(good).replace("ana", "ana,b") << 8 << "the row has 8 fields where the header has 7";
        QTest::newRow("an attempt that is no number")
            << QByteArray(good).replace(",1,", ",one,") << 3 << "must be a whole number from 1 on, found 'one'";
        QTest::newRow("attempt 0") << QByteArray(good).replace(",1,", ",0,") << 3 << "must be a whole number from 1 on";
        QTest::newRow("a required field is empty")
            << QByteArray(good).replace(",x,", ",,") << 2 << "field 'run': is missing";
        QTest::newRow("a date without zone") << QByteArray(good).replace("04:05Z", "04:05") << 5 << "no zone";
        QTest::newRow("a negative duration")
            << QByteArray(good).replace("03:05:05", "03:04:04") << 6 << "the duration is negative";
        QTest::newRow("an outcome that is not there")
            << QByteArray(good).replace("failed", "broken") << 4 << "found 'broken'";
        QTest::newRow("invalid UTF-8") << QByteArray(good).replace("ana", "\xE9t\xE9") << 7
                                       << "mulligan map FILE --force";
        QTest::newRow("zero bytes") << QByteArray(good).replace("ana", QByteArray("a\0a", 3)) << 7
                                    << "it holds zero bytes";
    }
    void readSource_badRow_isRejectedWithPlaceAndReason()
    {
        QFETCH(QByteArray, bad);
        QFETCH(int, column);
        QFETCH(QString, reason);
        Folder folder;
        CollectingSink sink;
        const auto report =
            readFile(folder.write("rows.csv", kHeader + row("a") + bad.toStdString() + row("b")), Format::Csv, sink);
        QVERIFY2(report.has_value(), report ? "" : report.error().text().c_str());
        QCOMPARE(sink.attempts.size(), size_t(2));
        QCOMPARE(sink.rejects.size(), size_t(1));
        const Reject &reject = sink.rejects.front();
        QCOMPARE(reject.line, std::uint64_t(3));
        QVERIFY2(QString::fromStdString(reject.reason).contains(reason), reject.reason.c_str());
        QCOMPARE(int(reject.column), column);
        QVERIFY(!reject.text.empty());
    }

    void readSource_openQuote_isRejected()
    {
        Folder folder;
        CollectingSink sink;
        const auto report =
            readFile(folder.write("rows.csv", kHeader + row("a") + "orders,\"b,1,failed,0,0,x\n"), Format::Csv, sink);
        QVERIFY(report.has_value());
        QCOMPARE(sink.attempts.size(), size_t(1));
        QCOMPARE(sink.rejects.size(), size_t(1));
        QVERIFY(sink.rejects.front().reason.find("never closed") != std::string::npos);
    }

    void readSource_badHeader_isAnError_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("message");
        QTest::newRow("empty file") << QByteArray("") << int(base::ErrorCode::Parse) << "The file is empty";
        QTest::newRow("a column is missing") << QByteArray(kHeader).replace("ended_at,", "")
                                             << int(base::ErrorCode::Parse) << "Column 'ended_at' is missing";
        QTest::newRow("a column appears twice") << QByteArray(kHeader).replace("owner", "job")
                                                << int(base::ErrorCode::Parse) << "Column 'job' appears twice";
        QTest::newRow("no header at all")
            << QByteArray::fromStdString(row("a")) << int(base::ErrorCode::Parse) << "Column 'job' is missing";
        QTest::newRow("an open quote") << QByteArray("job,\"run\n") << int(base::ErrorCode::Parse) << "never closed";
        QTest::newRow("a binary file") << QByteArray("\x7F"
                                                     "ELF\0\0",
                                                     6)
                                       << int(base::ErrorCode::Unsupported) << "binary";
    }
    void readSource_badHeader_isAnError()
    {
        QFETCH(QByteArray, content);
        QFETCH(int, code);
        QFETCH(QString, message);
        Folder folder;
        CollectingSink sink;
        const auto report = readFile(folder.write("rows.csv", content.toStdString()), Format::Csv, sink);
        QVERIFY(!report.has_value());
        QCOMPARE(int(report.error().code), code);
        QVERIFY2(QString::fromStdString(report.error().text()).contains(message), report.error().text().c_str());
        QVERIFY(report.error().text().find("rows.csv") != std::string::npos);
    }

    void readSource_configColumnWithBadJson_isRejected()
    {
        Folder folder;
        CollectingSink sink;
        const auto report = readFile(folder.write("rows.csv", "job,run,attempt,outcome,started_at,ended_at,config\n"
                                                              "j,r,1,failed,0,0,not json\n"),
                                     Format::Csv, sink);
        QVERIFY(report.has_value());
        QCOMPARE(sink.rejects.size(), size_t(1));
        QVERIFY(sink.rejects.front().reason.find("field 'config': must be a JSON object") != std::string::npos);
        QCOMPARE(sink.rejects.front().column, std::uint64_t(7));
    }

    void readSource_unknownColumn_isOneWarning()
    {
        Folder folder;
        CollectingSink sink;
        const auto report = readFile(folder.write("rows.csv", "job,run,attempt,outcome,started_at,ended_at,colour\n"
                                                              "j,r,1,failed,0,0,red\nj,s,1,failed,0,0,red\n"),
                                     Format::Csv, sink);
        QVERIFY(report.has_value());
        QCOMPARE(sink.attempts.size(), size_t(2));
        QCOMPARE(report->warnings, std::vector<std::string>{"column 'colour' is not known and was ignored (once)"});
    }

    void readSource_recordOverTheLimit_isRejectedAndReadingGoesOn()
    {
        Folder folder;
        ReadOptions options;
        options.maxLineBytes = 1000;
        CollectingSink sink;
        const auto report = readFile(folder.write("rows.csv", kHeader + row("long", std::string(5000, 'x')) + row("b")),
                                     Format::Csv, sink, options);
        QVERIFY(report.has_value());
        QCOMPARE(sink.attempts.size(), size_t(1));
        QCOMPARE(sink.attempts.front().run, std::string("b"));
        QCOMPARE(sink.rejects.size(), size_t(1));
        QVERIFY(sink.rejects.front().reason.find("longer than 1000 bytes") != std::string::npos);
    }

    void csvHeaderOf_line_countsKnownColumns()
    {
        QCOMPARE(csvHeaderOf("job,run,colour").known, size_t(2));
        QVERIFY(csvHeaderOf("job,run,colour").identifies);
        QVERIFY(!csvHeaderOf("id\tname").identifies);
        QCOMPARE(csvHeaderOf("").known, size_t(0));
    }
};

QTEST_GUILESS_MAIN(TestCsvAttempts)
#include "tst_csv_attempts.moc"
