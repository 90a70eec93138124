#include "formats/csv.hpp"
#include "formats/line_reader.hpp"

#include <QtTest>

#include <random>

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
        out += record.looseQuotes ? "*" : "";
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
        QTest::newRow("line ends of old Macs")
            << QByteArray("a,b\rc,\"d\re\"\r\rf,g") << "1:(a)(b) 2:(c)(d\ne) 5:(f)(g) ";
        QTest::newRow("a carriage return among other line ends")
            << QByteArray("a,b\nc,d\re\n") << "1:(a)(b) 2:(c)(d\re) ";
        QTest::newRow("an open quote")
            << QByteArray("a,\"b\nc\n")
            << "1:(a)(b\nc\n)!A quote opened in line 1 is never closed; the lines to the end of the "
               "file, line 3, are part of this row ";
        QTest::newRow("an open quote in the last line")
            << QByteArray("a,b\nc,\"d\n")
            << "1:(a)(b) 2:(c)(d\n)!A quote opened in line 2 is never closed; the lines to "
               "the end of the file, line 3, are part of this row ";
        QTest::newRow("an open quote before other rows")
            << QByteArray("a,b\nc,\"d\ne,f\ng,h")
            << "1:(a)(b) 2:(c)(d\ne,f\ng,h)!A quote opened in line 2 is never closed 3:(e)(f) 4:(g)(h) ";
        QTest::newRow("an open quote before a quoted field")
            << QByteArray("a,b\nc,\"d\ne,\"f\"\n\"g\",h\n")
            << "1:(a)(b) 2:(c)(d\ne,)!A quote opened in line 2 is never closed 3:(e)(f) 4:(g)(h) ";
        QTest::newRow("an open quote before a row that begins with one")
            << QByteArray("a,b\n\"c\",\"d\n\"e\",\"f\"\n")
            << "1:(a)(b) 2:(c)(d\n)!A quote opened in line 2 is never closed 3:(e)(f) ";
        QTest::newRow("a text whose quotes are not doubled")
            << QByteArray("a,b\nc,\"two\nof \"d\" here\"\ne,f\n") << "1:(a)(b) 2:(c)(two\nof \"d\" here)* 4:(e)(f) ";
        QTest::newRow("quotes that are not doubled")
            << QByteArray("\"say \"yes\" now\",\"a\"b\"\nc,d\n") << "1:(say \"yes\" now)(a\"b)* 2:(c)(d) ";
        QTest::newRow("blanks behind a quote") << QByteArray("\"a\" \t,b\n\"c\" ") << "1:(a \t)(b) 2:(c ) ";
        QTest::newRow("text behind a quote before other quotes")
            << QByteArray("a,b\n\"c\"x,d\n\"e\",f\n")
            << "1:(a)(b) 2:(c\"x,d\n)*!A quote opened in line 2 is never closed 3:(e)(f) ";
        QTest::newRow("a quote within a field is a character") << QByteArray("a\"b,c\n") << "1:(a\"b)(c) ";
    }
    void next_records_areSplitByRfc4180()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, expected);
        for (const std::size_t piece : {1, 2, 1000})
            QCOMPARE(recordsOf(bytes.toStdString(), piece), expected);
    }

    void next_quoteNeverClosed_rowsAfterItAreKept_data()
    {
        QTest::addColumn<QByteArray>("last");
        QTest::newRow("to the end") << QByteArray();
        QTest::newRow("a stray quote far behind") << QByteArray("k,stray\"\n");
    }
    void next_quoteNeverClosed_rowsAfterItAreKept()
    {
        QFETCH(QByteArray, last);
        std::string bytes = "name,text\nfirst,\"open\n";
        constexpr int kRows = 30000;
        for (int i = 0; i < kRows; ++i)
            bytes += "row" + std::to_string(i) + ",text of some length for more than one piece\n";
        Dripping source(bytes + last.toStdString(), 5000);
        CsvReader reader(source);
        CsvRecord record;
        QVERIFY(reader.next(record).value_or(false));
        QVERIFY(reader.next(record).value_or(false));
        QCOMPARE(record.problem, std::string("A quote opened in line 2 is never closed"));
        QCOMPARE(record.raw, std::string("first,\"open"));
        for (int i = 0; i < kRows; ++i) {
            QVERIFY(reader.next(record).value_or(false));
            QCOMPARE(record.fields[0], "row" + std::to_string(i));
            QCOMPARE(record.line, std::uint64_t(i) + 3);
            QVERIFY(record.problem.empty());
        }
    }

    void next_longQuotedField_isWhole()
    {
        std::string text = "Traceback, most recent call last:\n";
        for (int i = 0; i < 60000; ++i)
            text += "  File \"\"job.py\"\", line " + std::to_string(i) + ", in run, again\n";
        Dripping source("name,text\nlong,\"" + text + "\"\nnext,x\n", 5000);
        CsvReader reader(source);
        CsvRecord record;
        QVERIFY(reader.next(record).value_or(false));
        QVERIFY(reader.next(record).value_or(false));
        QVERIFY2(record.problem.empty(), record.problem.c_str());
        QCOMPARE(record.fields[1].size(), text.size() - 2 * 60000);
        QVERIFY(reader.next(record).value_or(false));
        QCOMPARE(record.fields[0], std::string("next"));
    }

    void next_quotedFieldOverTheLimit_isPassedOver()
    {
        std::string text;
        for (int i = 0; i < 100; ++i)
            text += "of,many,commas\n";
        const QString out = recordsOf("a,b\nc,\"" + text + "\"\nd,e\n", 100, {',', 500});
        QVERIFY2(out.endsWith("!The record is longer than 500 bytes 103:(d)(e) "), qPrintable(out.right(100)));
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

    void next_recordsOfAnyText_readBack()
    {
        std::mt19937 random(7);
        const auto upTo = [&](unsigned most) { return static_cast<std::size_t>(random() % (most + 1)); };
        for (int round = 0; round < 200; ++round) {
            std::vector<std::vector<std::string>> records;
            std::string bytes = "a,b,c\n";
            for (std::size_t i = upTo(30) + 1; i > 0; --i) {
                std::vector<std::string> fields(3);
                fields[0] = "x";
                for (std::size_t k = 0; k < 3; ++k) {
                    for (std::size_t n = upTo(12); n > 0; --n)
                        fields[k] += "a,\"\n\r "[upTo(5)];
                    bytes += k > 0 ? "," : "";
                    appendCsvField(bytes, fields[k]);
                }
                bytes += '\n';
                records.push_back(std::move(fields));
            }
            Dripping source(bytes, upTo(40) + 1);
            CsvReader reader(source);
            CsvRecord record;
            QVERIFY(reader.next(record).value_or(false));
            for (const auto &expected : records) {
                QVERIFY(reader.next(record).value_or(false));
                QVERIFY2(record.problem.empty(), record.problem.c_str());
                QCOMPARE(std::vector<std::string>(record.fields.begin(), record.fields.begin() + 3), expected);
            }
            QVERIFY(!reader.next(record).value_or(true));
        }
    }

    void delimiterOf_header_isTheMostFrequent()
    {
        QCOMPARE(delimiterOf("a,b,c"), ',');
        QCOMPARE(delimiterOf("a\tb\tc,d"), '\t');
        QCOMPARE(delimiterOf("a;b;c"), ';');
        QCOMPARE(delimiterOf("a|b|c"), '|');
        QCOMPARE(delimiterOf("a;b|c"), ';');
        QCOMPARE(delimiterOf("alone"), ',');
    }
};

QTEST_GUILESS_MAIN(TestLinesAndCsv)
#include "tst_lines_and_csv.moc"
