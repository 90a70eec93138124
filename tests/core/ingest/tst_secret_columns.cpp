#include "collecting_sink.hpp"
#include "ingest/mapping.hpp"
#include "ingest/secret_columns.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::ingest;
using ingest_test::CollectingSink;
using ingest_test::Folder;
using ingest_test::readFile;

// Every secret below is synthetic.

namespace
{

const std::vector<std::string> kNames{"job", "API Key", "password", "note"};

QString markedIn(std::string row, const std::vector<std::string> &names, const formats::CsvOptions &dialect = {})
{
    const auto found = SecretColumns(names, dialect).valuesIn(row);
    for (auto span = found.rbegin(); span != found.rend(); ++span)
        row.replace(span->begin, span->end - span->begin, "<" + std::string(span->kind) + ">");
    return QString::fromStdString(row);
}

} // namespace

class TestSecretColumns : public QObject
{
    Q_OBJECT

private slots:
    void valuesIn_row_areThoseUnderNamesOfSecrets_data()
    {
        QTest::addColumn<QString>("row");
        QTest::addColumn<QString>("expected");
        QTest::newRow("plain") << "j,a1b2c3d4e5,geheim,x"
                               << "j,<api_key>,<password>,x";
        QTest::newRow("quoted, with a delimiter inside") << "\"j,1\",a1b2c3d4e5,\"ge,\"\"heim\",x"
                                                         << "\"j,1\",<api_key>,\"<password>\",x";
        QTest::newRow("spaces around") << "j, a1b2c3d4e5 ,geheim ,x"
                                       << "j, <api_key> ,<password> ,x";
        QTest::newRow("placeholders and words") << "j,prod,***,x"
                                                << "j,prod,***,x";
        QTest::newRow("a field too many before it") << "j,k,a1b2c3d4e5,geheim,x"
                                                    << "j,k,<api_key>,geheim,x";
        QTest::newRow("a field too few before it") << "a1b2c3d4e5,geheim7x,x"
                                                   << "<api_key>,<api_key>,x";
        QTest::newRow("quotes that do not close") << "\"j,a1b2c3d4e5,geheim,x"
                                                  << "\"j,<api_key>,<password>,x";
        QTest::newRow("the end of a line") << "j,a1b2c3d4e5,geheim\r\n"
                                           << "j,<api_key>,<password>\r\n";
        QTest::newRow("nothing") << ""
                                 << "";
    }
    void valuesIn_row_areThoseUnderNamesOfSecrets()
    {
        QFETCH(QString, row);
        QFETCH(QString, expected);
        QCOMPARE(markedIn(row.toStdString(), kNames), expected);
    }

    void valuesIn_otherNames_areNone()
    {
        const std::vector<std::string> names{"token_count", "error_signature", "password_file", "key", "sort_key"};
        const QString row = "a1b2c3d4e5,a1b2c3d4e5f6a7b8,a1b2c3d4e5,a1b2c3d4e5,a1b2c3d4e5";
        QCOMPARE(markedIn(row.toStdString(), names), row);
    }

    void valuesIn_otherDialects_followThem()
    {
        formats::CsvOptions dialect;
        dialect.delimiterLead = "|";
        dialect.delimiter = '|';
        dialect.quote = '\'';
        dialect.escape = formats::CsvEscape::Backslash;
        QCOMPARE(markedIn("j||'a1b2||\\'c3d4'||geheim||x", kNames, dialect), QString("j||'<api_key>'||<password>||x"));
    }

    void read_rejectedRowsOfATable_hideWhatTheHeaderCallsSecret()
    {
        Folder folder;
        CollectingSink sink;
        const auto report = readFile(folder.write("x.csv", "job,run,attempt,outcome,started_at,ended_at,api_key,note\n"
                                                           "j,r,1,failed,x,y,CSVs3cretF01,z\n"
                                                           "j,r,2,failed,1,2,CSVs3cretF02,z,surplus\n"),
                                     Format::Csv, sink);
        QVERIFY(report.has_value());
        QCOMPARE(sink.rejects.size(), std::size_t(2));
        QCOMPARE(sink.rejects.at(0).text, std::string("j,r,1,failed,x,y,[redacted:api_key],z"));
        QCOMPARE(sink.rejects.at(1).text, std::string("j,r,2,failed,1,2,[redacted:api_key],z,surplus"));
        QVERIFY(sink.rejects.at(0).secrets.empty());
        QCOMPARE(report->redacted, (RedactionCounts{{"api_key", 2}}));
    }

    void read_rejectedRowsUnderAProfile_hideWhatTheHeaderCallsSecret()
    {
        const auto mapping = parseMapping("version: 1\nformat: csv\ndialect:\n  delimiter: \";\"\nfields:\n"
                                          "  job:\n    column: Job\n  run:\n    column: Run\n"
                                          "  attempt:\n    constant: 1\n  outcome:\n    constant: failed\n"
                                          "  started_at:\n    column: Start\n    time: epoch_s\n"
                                          "  ended_at:\n    column: Start\n    time: epoch_s\n",
                                          "p.yaml");
        QVERIFY2(mapping.has_value(), mapping ? "" : mapping.error().text().c_str());
        Folder folder;
        CollectingSink sink;
        const auto report = readFile(folder.write("x.csv", "Job;Run;Start;DB Password;Kennung\nj;r;never;geheim;x\n"),
                                     Format::Csv, sink, {}, {}, std::make_shared<const Mapping>(*mapping));
        QVERIFY2(report.has_value(), report ? "" : report.error().text().c_str());
        QCOMPARE(sink.rejects.size(), std::size_t(1));
        QCOMPARE(sink.rejects.at(0).text, std::string("j;r;never;[redacted:password];x"));
    }

    void read_rejectedRowsWithoutRedaction_areKeptAsTheyAre()
    {
        Folder folder;
        CollectingSink sink;
        ReadOptions options;
        options.redact = false;
        const auto report = readFile(folder.write("x.csv", "job,run,attempt,outcome,started_at,ended_at,password\n"
                                                           "j,r,1,failed,x,y,geheim\n"),
                                     Format::Csv, sink, options);
        QVERIFY(report.has_value());
        QCOMPARE(sink.rejects.at(0).text, std::string("j,r,1,failed,x,y,geheim"));
    }
};

QTEST_GUILESS_MAIN(TestSecretColumns)
#include "tst_secret_columns.moc"
