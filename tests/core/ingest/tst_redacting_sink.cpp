#include "collecting_sink.hpp"

#include "ingest/redacting_sink.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::ingest;
using ingest_test::CollectingSink;
using ingest_test::Folder;
using ingest_test::readFile;

// The secret is synthetic. Whatever way a reader has to say something, it must not come out.
namespace
{
const std::string kSecret = "hunter2x";
}

class TestRedactingSink : public QObject
{
    Q_OBJECT

private slots:
    void read_secretAnywhereInASource_doesNotComeOut_data()
    {
        QTest::addColumn<int>("format");
        QTest::addColumn<QByteArray>("content");
        const auto add = [](const char *name, Format format, const QByteArray &content) {
            QTest::newRow(name) << static_cast<int>(format)
                                << QByteArray(content).replace("%1", QByteArray::fromStdString(kSecret));
        };
        const QByteArray row = R"({"job":"j","run":"r","attempt":1,"outcome":"failed","started_at":1767571200000,)"
                               R"("ended_at":1767571300000)";
        add("an error text", Format::Attempts, row + R"(,"error_text":"password=%1 was refused"})");
        add("a value of the configuration", Format::Attempts, row + R"(,"config":{"spark.ssl.keyPassword":"%1"}})");
        add("a name", Format::Attempts, row + R"(,"team":"x password=%1"})");
        add("an unknown field", Format::Attempts, row + R"(,"password=%1":1})");
        add("a line that is not JSON", Format::Attempts, row + "}\npassword=%1 {\n");
        add("a field of a wrong type", Format::Attempts,
            row
                + R"(,"exit_code":"password=%1"})"
                  "\n"
                + row + "}");
        add("a rejected row at the limit", Format::Attempts,
            row + "}\n{" + QByteArray(4080, 'x') + " password=%1" + QByteArray(9000, 'y') + "\n");
        const QByteArray header = "job,run,attempt,outcome,started_at,ended_at,error_text";
        add("a text in CSV", Format::Csv, header + "\nj,r,1,failed,1767571200000,1767571300000,password=%1\n");
        add("a column's name", Format::Csv, header + ",password=%1\nj,r,1,failed,1767571200000,1767571300000,x,y\n");
        add("a rejected row in CSV", Format::Csv,
            header + "\nj,r,1,failed,1767571200000,1767571300000,x\nj,r,password=%1,failed,1,2,x\n");
        const QByteArray start =
            R"({"Event":"SparkListenerApplicationStart","App Name":"password=%1","App ID":"app-1",)"
            R"("Timestamp":1767571200000,"User":"ana"})"
            "\n";
        add("an application's name", Format::SparkEventLog, start);
        add("an unknown event", Format::SparkEventLog,
            start
                + R"({"Event":"x password=%1"})"
                  "\n");
        add("a line that is no event", Format::SparkEventLog,
            start
                + R"({"password=%1":1})"
                  "\n"
                + start);
    }
    void read_secretAnywhereInASource_doesNotComeOut()
    {
        QFETCH(int, format);
        QFETCH(QByteArray, content);
        Folder folder;
        CollectingSink sink;
        const auto report = readFile(folder.write("source", content.toStdString()), static_cast<Format>(format), sink);
        QVERIFY2(report.has_value(), report ? "" : report.error().text().c_str());
        std::string said;
        for (const model::Attempt &a : sink.attempts) {
            said += a.job + a.run + a.team + a.owner + a.errorText + a.rootCause;
            for (const auto &[key, value] : a.config)
                said += value;
        }
        for (const Reject &reject : sink.rejects) {
            said += reject.reason + reject.text;
            QVERIFY(reject.text.size() <= 4096);
        }
        for (const std::string &warning : report->warnings)
            said += warning;
        QVERIFY2(said.find(kSecret) == std::string::npos, said.substr(0, 4000).c_str());
        QVERIFY(report->redactions > 0);
        std::uint64_t sum = 0;
        for (const auto &[kind, count] : report->redacted)
            sum += count;
        QCOMPARE(sum, report->redactions);
    }

    void reject_longRow_saysThatItIsCut_data()
    {
        QTest::addColumn<int>("format");
        QTest::addColumn<int>("bytes");
        QTest::addColumn<bool>("cut");
        for (const bool csv : {false, true}) {
            for (const int bytes : {100, 4000, 5000, 9000, 200'000})
                QTest::newRow(qPrintable(QString("%1 bytes of %2").arg(bytes).arg(csv ? "CSV" : "JSON")))
                    << static_cast<int>(csv ? Format::Csv : Format::Attempts) << bytes << (bytes > 4096);
        }
    }
    void reject_longRow_saysThatItIsCut()
    {
        QFETCH(int, format);
        QFETCH(int, bytes);
        QFETCH(bool, cut);
        const bool csv = static_cast<Format>(format) == Format::Csv;
        const std::string long_(static_cast<std::size_t>(bytes), 'x');
        Folder folder;
        CollectingSink sink;
        const auto path =
            folder.write("source", csv ? "job,run,attempt,outcome,started_at,ended_at\nj,r," + long_ + "\n"
                                       : "{\"job\":\"" + long_ + "\"}\n");
        QVERIFY(readFile(path, static_cast<Format>(format), sink).has_value());
        QCOMPARE(sink.rejects.size(), std::size_t(1));
        const Reject &reject = sink.rejects.front();
        QVERIFY(reject.text.size() <= RedactingSink::kMostRejectBytes);
        QCOMPARE(reject.reason.ends_with(RedactingSink::kCutNote), cut);
        QCOMPARE(RedactingSink::isCut(reject.reason, reject.text), cut);
    }

    void read_sourceThatCannotBeRead_errorHoldsNoSecret()
    {
        Folder folder;
        CollectingSink sink;
        const auto report =
            readFile(folder.write("x.csv", "job,job password=" + kSecret + ",job\n1,2,3\n"), Format::Csv, sink);
        QVERIFY(!report.has_value());
        QVERIFY2(report.error().text().find(kSecret) == std::string::npos, report.error().text().c_str());
    }

    void read_withoutRedaction_keepsTheText()
    {
        Folder folder;
        CollectingSink sink;
        ReadOptions options;
        options.redact = false;
        const auto report = readFile(
            folder.write("x.csv", "job,run,attempt,outcome,started_at,ended_at,error_text\nj,r,1,failed,1,2,password="
                                      + kSecret + "\n"),
            Format::Csv, sink, options);
        QVERIFY(report.has_value());
        QCOMPARE(sink.attempts.at(0).errorText, "password=" + kSecret);
        QCOMPARE(report->redactions, std::uint64_t(0));
    }

    void read_withRulesOfTheUser_appliesThemAndCounts()
    {
        RedactionSettings settings{true, false, {}, {{"ticket", "TCK-\\d+", "", "TCK-1", "", 0}}};
        ReadOptions options;
        options.redaction = RedactionRules::make(std::move(settings)).value();
        Folder folder;
        CollectingSink sink;
        const auto report =
            readFile(folder.write("x.csv", "job,run,attempt,outcome,started_at,ended_at,owner,error_text\n"
                                           "j,r,1,failed,1,2,ana@example.org,see TCK-12 of ana@example.org\n"),
                     Format::Csv, sink, options);
        QVERIFY(report.has_value());
        QCOMPARE(sink.attempts.at(0).owner, std::string("[redacted:email]"));
        QCOMPARE(sink.attempts.at(0).errorText, std::string("see [redacted:ticket] of [redacted:email]"));
        QCOMPARE(report->redacted, (RedactionCounts{{"email", 2}, {"ticket", 1}}));
    }
};

QTEST_GUILESS_MAIN(TestRedactingSink)
#include "tst_redacting_sink.moc"
