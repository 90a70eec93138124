#include "formats/csv.hpp"
#include "formats/line_reader.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::formats;

namespace
{

/// Gives its bytes a few at a time, so that every boundary is met.
class Dripping : public ByteSource
{
public:
    Dripping(std::string bytes, std::size_t piece) : m_bytes(std::move(bytes)), m_piece(piece) {}
    base::Result<std::size_t> read(std::span<char> buffer) override
    {
        const std::size_t got = m_bytes.copy(buffer.data(), std::min(m_piece, buffer.size()), m_at);
        m_at += got;
        return got;
    }
    [[nodiscard]] std::uint64_t rawBytes() const override { return m_at; }

private:
    std::string m_bytes;
    std::size_t m_piece;
    std::size_t m_at = 0;
};

QString linesOf(const std::string &bytes, std::size_t piece, std::size_t limit = LineReader::kDefaultLimit)
{
    Dripping source(bytes, piece);
    LineReader reader(source, limit);
    QString out;
    Line line;
    for (;;) {
        const auto more = reader.next(line);
        if (!more || !more.value())
            return out;
        const auto shown = static_cast<int>(std::min<std::size_t>(line.text.size(), 12));
        out += QString::number(line.number) + (line.overLimit ? "[long: " : "[")
               + QString::fromUtf8(line.text.data(), shown) + ']' + (line.complete ? "" : "~") + ' ';
    }
}

QString recordsOf(const std::string &bytes, std::size_t piece, CsvOptions options = {})
{
    Dripping source(bytes, piece);
    CsvReader reader(source, options);
    QString out;
    CsvRecord record;
    for (;;) {
        const auto more = reader.next(record);
        if (!more || !more.value())
            return out;
        out += QString::number(record.line) + ':';
        for (std::size_t i = 0; i < record.count; ++i)
            out += '(' + QString::fromStdString(record.fields[i]) + ')';
        if (!record.problem.empty())
            out += '!' + QString::fromStdString(record.problem);
        out += ' ';
    }
}

} // namespace

class TestLinesAndCsv : public QObject
{
    Q_OBJECT

private slots:
    void next_lines_areSplitWhereverTheBytesAreCut_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("expected");
        QTest::newRow("nothing") << QByteArray() << "";
        QTest::newRow("two lines") << QByteArray("one\ntwo\n") << "1[one] 2[two] ";
        QTest::newRow("a last line without its end") << QByteArray("one\ntwo") << "1[one] 2[two]~ ";
        QTest::newRow("Windows line ends") << QByteArray("one\r\ntwo\r\n") << "1[one] 2[two] ";
        QTest::newRow("a byte order mark") << QByteArray("\xEF\xBB\xBFone\n") << "1[one] ";
        QTest::newRow("nothing but a byte order mark") << QByteArray("\xEF\xBB\xBF") << "";
        QTest::newRow("empty lines") << QByteArray("\n\na\n") << "1[] 2[] 3[a] ";
    }
    void next_lines_areSplitWhereverTheBytesAreCut()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, expected);
        for (const std::size_t piece : {1, 2, 3, 1000})
            QCOMPARE(linesOf(bytes.toStdString(), piece), expected);
    }

    void next_lineOverTheLimit_isHeadOnlyAndReadingGoesOn()
    {
        const std::string bytes = "a\n" + std::string(5000, 'x') + "\nb\n";
        for (const std::size_t piece : {7, 100000})
            QCOMPARE(linesOf(bytes, piece, 300), QStringLiteral("1[a] 2[long: xxxxxxxxxxxx] 3[b] "));
    }

    void next_lineOfTheLimit_isWhole()
    {
        const std::string bytes = std::string(300, 'x') + "\nb\n";
        QCOMPARE(linesOf(bytes, 100000, 300), QStringLiteral("1[xxxxxxxxxxxx] 2[b] "));
    }

    void repairedUtf8_invalidBytes_becomeReplacements_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("valid") << QByteArray("h\xC3\xA9") << QByteArray("h\xC3\xA9");
        QTest::newRow("a stray byte") << QByteArray("a\xFF"
                                                    "b")
                                      << QByteArray("a\xEF\xBF\xBD"
                                                    "b");
        QTest::newRow("cut at the end") << QByteArray("a\xE2\x82") << QByteArray("a\xEF\xBF\xBD\xEF\xBF\xBD");
        QTest::newRow("overlong") << QByteArray("\xC0\xAF") << QByteArray("\xEF\xBF\xBD\xEF\xBF\xBD");
        QTest::newRow("a surrogate") << QByteArray("\xED\xA0\x80")
                                     << QByteArray("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
        QTest::newRow("beyond Unicode") << QByteArray("\xF5\x80\x80\x80")
                                        << QByteArray("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    }
    void repairedUtf8_invalidBytes_becomeReplacements()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, expected);
        const std::string repaired = repairedUtf8(bytes.toStdString());
        QCOMPARE(QByteArray::fromStdString(repaired), expected);
        QVERIFY(isValidUtf8(repaired));
        QCOMPARE(isValidUtf8(bytes.toStdString()), bytes == expected);
    }

    void next_records_areSplitByRfc4180_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("expected");
        QTest::newRow("two records") << QByteArray("a,b\nc,d\n") << "1:(a)(b) 2:(c)(d) ";
        QTest::newRow("empty fields") << QByteArray(",\n,,\n") << "1:()() 2:()()() ";
        QTest::newRow("quotes and commas") << QByteArray("\"a,\"\"b\"\"\",c\n") << "1:(a,\"b\")(c) ";
        QTest::newRow("a line end in quotes") << QByteArray("\"a\nb\",c\nd,e\n") << "1:(a\nb)(c) 3:(d)(e) ";
        QTest::newRow("Windows line ends") << QByteArray("a,b\r\nc,\"d\"\r\n") << "1:(a)(b) 2:(c)(d) ";
        QTest::newRow("empty lines are passed over") << QByteArray("a\n\n\nb\n") << "1:(a) 4:(b) ";
        QTest::newRow("no line end at the end") << QByteArray("a,b") << "1:(a)(b) ";
        QTest::newRow("a byte order mark") << QByteArray("\xEF\xBB\xBF\"a\",b\n") << "1:(a)(b) ";
        QTest::newRow("an open quote") << QByteArray("a,\"b\nc\n")
                                       << "1:(a)(b\nc\n)!A quote is opened and never closed ";
        QTest::newRow("a quote within a field is a character") << QByteArray("a\"b,c\n") << "1:(a\"b)(c) ";
    }
    void next_records_areSplitByRfc4180()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, expected);
        for (const std::size_t piece : {1, 2, 1000})
            QCOMPARE(recordsOf(bytes.toStdString(), piece), expected);
    }

    void next_recordOverTheLimit_isReportedAndReadingGoesOn()
    {
        const QString out = recordsOf("a\n" + std::string(500, 'x') + "\nb\n", 1000, {',', 100});
        QVERIFY2(out.startsWith("1:(a) 2:(x") && out.endsWith("!The record is longer than 100 bytes 3:(b) "),
                 qPrintable(out));
    }

    void appendCsvField_anyText_readsBack()
    {
        for (const std::string &text : {std::string("plain"), std::string("a,b"), std::string("say \"x\""),
                                        std::string("two\nlines"), std::string("")}) {
            std::string line;
            appendCsvField(line, text);
            line += ",end\n";
            Dripping source(line, 3);
            CsvReader reader(source);
            CsvRecord record;
            QVERIFY(reader.next(record).value_or(false));
            QCOMPARE(record.count, size_t(2));
            QCOMPARE(record.fields[0], text);
        }
    }

    void delimiterOf_header_isTheMostFrequent()
    {
        QCOMPARE(delimiterOf("a,b,c"), ',');
        QCOMPARE(delimiterOf("a\tb\tc,d"), '\t');
        QCOMPARE(delimiterOf("a;b;c"), ';');
        QCOMPARE(delimiterOf("alone"), ',');
    }
};

QTEST_GUILESS_MAIN(TestLinesAndCsv)
#include "tst_lines_and_csv.moc"
