#include "formats/text_encoding.hpp"

#include <QtTest>

#include <vector>

using namespace mulligan;
using namespace mulligan::formats;

namespace
{

/// Gives one byte at a time, so that every character is cut.
class Dripping : public ByteSource
{
public:
    explicit Dripping(std::string_view bytes) : m_bytes(bytes) {}
    base::Result<std::size_t> read(std::span<char> buffer) override
    {
        if (m_at == m_bytes.size() || buffer.empty())
            return std::size_t{0};
        buffer[0] = m_bytes[m_at++];
        return std::size_t{1};
    }
    [[nodiscard]] std::uint64_t rawBytes() const override { return m_at; }

private:
    std::string_view m_bytes;
    std::size_t m_at = 0;
};

struct Decoded {
    std::string text;
    std::uint64_t bad = 0;
};

Decoded decode(const QByteArray &bytes, const std::string &encoding)
{
    Dripping source({bytes.data(), static_cast<std::size_t>(bytes.size())});
    auto text = decodedText(source, encoding);
    if (!text)
        return {text.error().message, 0};
    Decoded out;
    std::vector<char> buffer(3);
    for (;;) {
        const auto got = (*text)->read(buffer);
        if (!got || got.value() == 0)
            break;
        out.text.append(buffer.data(), got.value());
    }
    out.bad = (*text)->badSequences();
    return out;
}

} // namespace

class TestTextEncoding : public QObject
{
    Q_OBJECT

private slots:
    void decodedText_encodings_giveUtf8_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("encoding");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("bad");
        QTest::newRow("UTF-8") << QByteArray("gr\xC3\xBC\xC3\x9F"
                                             "e")
                               << QByteArray("UTF-8") << QByteArray("grüße") << 0;
        QTest::newRow("a byte order mark is dropped")
            << QByteArray("\xEF\xBB\xBFjob") << QByteArray("utf-8") << QByteArray("job") << 0;
        QTest::newRow("bad UTF-8 is replaced and counted")
            << QByteArray("a\xFFz") << QByteArray("UTF-8") << QByteArray("a\xEF\xBF\xBDz") << 1;
        QTest::newRow("a character that breaks off")
            << QByteArray("a\xC3") << QByteArray("UTF-8") << QByteArray("a\xEF\xBF\xBD") << 1;
        QTest::newRow("UTF-16, little end first, with mark")
            << QByteArray("\xFF\xFEj\0\xF6\0", 6) << QByteArray("UTF-16LE") << QByteArray("jö") << 0;
        QTest::newRow("UTF-16, big end first, without mark")
            << QByteArray("\0j\0\xF6", 4) << QByteArray("UTF-16BE") << QByteArray("jö") << 0;
        QTest::newRow("Latin-1") << QByteArray("caf\xE9") << QByteArray("ISO-8859-1") << QByteArray("café") << 0;
        QTest::newRow("Windows-1252 knows the euro sign")
            << QByteArray("\x80 5") << QByteArray("WINDOWS-1252") << QByteArray("€ 5") << 0;
        QTest::newRow("Shift_JIS") << QByteArray("\x8E\xB8\x94\x73") << QByteArray("SHIFT_JIS") << QByteArray("失敗")
                                   << 0;
        QTest::newRow("EUC-JP") << QByteArray("\xBC\xBA\xC7\xD4") << QByteArray("EUC-JP") << QByteArray("失敗") << 0;
        QTest::newRow("no such encoding")
            << QByteArray("x") << QByteArray("UTF-99") << QByteArray("There is no encoding 'UTF-99'") << 0;
        QTest::newRow("iconv's own switches are no encoding")
            << QByteArray("x") << QByteArray("UTF-8//IGNORE") << QByteArray("There is no encoding 'UTF-8//IGNORE'")
            << 0;
    }
    void decodedText_encodings_giveUtf8()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, encoding);
        QFETCH(QByteArray, text);
        QFETCH(int, bad);
        const auto decoded = decode(bytes, encoding.toStdString());
        QCOMPARE(QByteArray::fromStdString(decoded.text), text);
        QCOMPARE(int(decoded.bad), bad);
    }

    void guessEncoding_heads_findsTheirEncoding_data()
    {
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<QByteArray>("encoding");
        QTest::newRow("ASCII") << QByteArray("job,run") << QByteArray("UTF-8");
        QTest::newRow("UTF-8, cut inside a character") << QByteArray("gr\xC3\xBC\xC3") << QByteArray("UTF-8");
        QTest::newRow("UTF-16 by its mark") << QByteArray("\xFF\xFEj\0", 4) << QByteArray("UTF-16LE");
        QTest::newRow("UTF-32 by its mark") << QByteArray("\xFF\xFE\0\0j\0\0\0", 8) << QByteArray("UTF-32LE");
        QTest::newRow("UTF-32, the other way round") << QByteArray("\0\0\xFE\xFF\0\0\0j", 8) << QByteArray("UTF-32BE");
        QTest::newRow("UTF-16 by its zero bytes") << QByteArray("\0j\0o\0b\0,", 8) << QByteArray("UTF-16BE");
        QTest::newRow("Western European") << QByteArray("Auftrag;gest\xF6rt;Gr\xFC\xDF"
                                                        "e")
                                          << QByteArray("WINDOWS-1252");
        QTest::newRow("Shift_JIS") << QByteArray("\x83\x57\x83\x87\x83\x75\x96\xBC,\x8C\x8B\x89\xCA")
                                   << QByteArray("SHIFT_JIS");
        QTest::newRow("EUC-JP") << QByteArray("\xA5\xB8\xA5\xE7\xA5\xD6\xCC\xBE,\xB7\xEB\xB2\xCC")
                                << QByteArray("EUC-JP");
    }
    void guessEncoding_heads_findsTheirEncoding()
    {
        QFETCH(QByteArray, head);
        QFETCH(QByteArray, encoding);
        const auto guess = guessEncoding({head.data(), static_cast<std::size_t>(head.size())});
        QCOMPARE(QByteArray::fromStdString(guess.encoding), encoding);
    }
};

QTEST_GUILESS_MAIN(TestTextEncoding)
#include "tst_text_encoding.moc"
