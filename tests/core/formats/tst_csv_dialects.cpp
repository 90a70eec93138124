#include "formats/csv.hpp"
#include "formats/json_path.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::formats;

namespace
{

QStringList recordsOf(const QByteArray &text, const CsvOptions &options)
{
    const auto source = memorySource({text.data(), static_cast<std::size_t>(text.size())});
    CsvReader reader(*source, options);
    QStringList out;
    CsvRecord record;
    for (;;) {
        const auto more = reader.next(record);
        if (!more || !more.value())
            return out;
        QStringList fields;
        for (std::size_t i = 0; i < record.count; ++i)
            fields << QString::fromStdString(record.fields[i]);
        out << QString::number(record.line) + ": " + fields.join('|')
                   + (record.problem.empty() ? QString() : " !" + QString::fromStdString(record.problem));
    }
}

} // namespace

class TestCsvDialects : public QObject
{
    Q_OBJECT

private slots:
    void next_dialects_cutFields_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("delimiter");
        QTest::addColumn<char>("quote");
        QTest::addColumn<bool>("backslash");
        QTest::addColumn<QByteArray>("comment");
        QTest::addColumn<int>("skip");
        QTest::addColumn<QStringList>("records");
        const auto row = [](const char *name, const QByteArray &text, const QByteArray &delimiter, char quote,
                            bool backslash, const QByteArray &comment, int skip, const QStringList &records) {
            QTest::newRow(name) << text << delimiter << quote << backslash << comment << skip << records;
        };
        row("pipes", "a|b\n1|2\n", "|", '"', false, "", 0, {"1: a|b", "2: 1|2"});
        row("Hive's control character", QByteArray("a\x01") + "b\n", "\x01", '"', false, "", 0, {"1: a|b"});
        row("a delimiter of two bytes", "a§b§\n§\"x§y\"\n", "§", '"', false, "", 0, {"1: a|b|", "2: |x§y"});
        row("single quotes", "'a,1',b\n", ",", '\'', false, "", 0, {"1: a,1|b"});
        row("no quotes at all", "\"a,b\"\n", ",", '\0', false, "", 0, {"1: \"a|b\""});
        row("backslashes inside quotes", "\"say \\\"no\\\", C:\\new\",x\n", ",", '"', true, "", 0,
            {"1: say \"no\", C:\\new|x"});
        row("backslashes outside of quotes", "a\\,b,line\\nend,\\N\n", ",", '"', true, "", 0, {"1: a,b|line\nend|\\N"});
        row("comments", "# made by x, y\na,b\n#\"open\n1,2\n", ",", '"', false, "#", 0, {"2: a|b", "4: 1|2"});
        row("lines before the header", "Report of\n\"open\na,b\n", ",", '"', false, "", 2, {"3: a|b"});
        row("more lines to skip than there are", "a,b\n", ",", '"', false, "", 9, {});
        row("a comment at the very end", "a,b\n#", ",", '"', false, "#", 0, {"1: a|b"});
    }
    void next_dialects_cutFields()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, delimiter);
        QFETCH(char, quote);
        QFETCH(bool, backslash);
        QFETCH(QByteArray, comment);
        QFETCH(int, skip);
        QFETCH(QStringList, records);
        CsvOptions options;
        options.delimiter = delimiter.back();
        options.delimiterLead = delimiter.left(delimiter.size() - 1).toStdString();
        options.quote = quote;
        options.escape = backslash ? CsvEscape::Backslash : CsvEscape::Doubled;
        options.comment = comment.toStdString();
        options.skipLines = static_cast<std::size_t>(skip);
        QCOMPARE(recordsOf(text, options), records);
    }

    void valueAt_paths_findValues_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("found");
        QTest::newRow("a member") << "a"
                                  << "1";
        QTest::newRow("nested") << "b.c"
                                << "2";
        QTest::newRow("an item of a list") << "d[1].e"
                                           << "4";
        QTest::newRow("a list in a list") << "f[0][1]"
                                          << "6";
        QTest::newRow("a key that holds a dot") << "x.y"
                                                << "7";
        QTest::newRow("a key with a dot on the way") << "b.p.q.r"
                                                     << "8";
        QTest::newRow("not there") << "b.z"
                                   << "";
        QTest::newRow("behind the end of a list") << "d[9].e"
                                                  << "";
        QTest::newRow("brackets without a number") << "d[x]"
                                                   << "";
        QTest::newRow("an open bracket") << "d[1"
                                         << "";
        QTest::newRow("a member of a number") << "a.b"
                                              << "";
    }
    void valueAt_paths_findValues()
    {
        QFETCH(QString, path);
        QFETCH(QString, found);
        const auto json = parseJson(R"({"a":1,"b":{"c":2,"p.q":{"r":8}},"d":[{"e":3},{"e":4}],"f":[[5,6]],"x.y":7})");
        const Json *value = valueAt(*json, path.toStdString());
        QCOMPARE(value == nullptr ? QString() : QString::fromStdString(writeJson(*value)), found);
    }

    void leafPaths_document_namesItsScalars()
    {
        const auto json = parseJson(R"({"a":1,"b":{"c":2},"d":[{"e":3},{"e":4}],"f":[5,6],"g":{}})");
        const std::vector<std::string> expected{"a", "b.c", "d[0].e", "f", "g"};
        QCOMPARE(leafPaths(*json), expected);
    }
};

QTEST_GUILESS_MAIN(TestCsvDialects)
#include "tst_csv_dialects.moc"
