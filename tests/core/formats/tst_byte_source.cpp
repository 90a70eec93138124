#include "formats/byte_source.hpp"

#include "stream_writers.hpp"

#include "formats/block_codecs.hpp"
#include "formats/compress.hpp"
#include "formats/hash.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::formats;
using namespace stream_test;
using std::string_literals::operator""s;

namespace
{

std::uint32_t crc32(const std::string &bytes)
{
    std::uint32_t crc = ~0u;
    for (const char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int i = 0; i < 8; ++i)
            crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1u)));
    }
    return ~crc;
}

std::string gzip(const std::string &plain)
{
    // Qt writes four bytes of length and zlib's frame; the deflate stream stands between.
    const QByteArray zlib = qCompress(QByteArray::fromStdString(plain));
    return "\x1F\x8B\x08\0\0\0\0\0\0\x03"s + zlib.mid(6, zlib.size() - 10).toStdString()
           + number(crc32(plain), 4, false) + number(static_cast<std::uint32_t>(plain.size()), 4, false);
}

std::string zstd(const std::string &plain)
{
    return zstdCompress(plain).value_or("");
}

/// Content of a source, read in small and odd pieces; the error's text behind "!" when there is one.
std::string readAll(ByteSource &source, std::size_t piece = 7)
{
    std::string out;
    std::vector<char> buffer(piece);
    for (;;) {
        const auto got = source.read(buffer);
        if (!got)
            return out + "!" + std::string(base::codeName(got.error().code)) + ": " + got.error().text();
        if (got.value() == 0)
            return out;
        out.append(buffer.data(), got.value());
    }
}

struct Decoded {
    std::string content;
    bool truncated = false;
};
Decoded decode(const std::string &bytes, std::size_t piece = 7)
{
    auto source = decoded(memorySource(bytes));
    if (!source)
        return {"!" + std::string(base::codeName(source.error().code)) + ": " + source.error().text(), false};
    Decoded out;
    out.content = readAll(*source.value(), piece);
    out.truncated = source.value()->truncated();
    return out;
}

} // namespace

Q_DECLARE_METATYPE(std::string)

class TestByteSource : public QObject
{
    Q_OBJECT

private slots:
    void decoded_soundStream_givesItsContent_data()
    {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<std::string>("content");
        QTest::newRow("plain") << "plain text"s
                               << "plain text"s;
        QTest::newRow("nothing") << ""s
                                 << ""s;
        QTest::newRow("zstd") << zstd("hello") << "hello"s;
        QTest::newRow("several zstd frames") << zstd("hello ") + zstd("") + zstd("world") << "hello world"s;
        QTest::newRow("gzip") << gzip("hello") << "hello"s;
        QTest::newRow("several gzip members") << gzip("hello ") + gzip("world") << "hello world"s;
        QTest::newRow("an LZ4 block that is stored") << lz4Block("hello", "hello", true) + kLz4End << "hello"s;
        QTest::newRow("an LZ4 block that is packed") << lz4Block(kLz4Plain, kLz4Packed, false) + kLz4End << kLz4Plain;
        QTest::newRow("several LZ4 streams")
            << lz4Block("hello ", "hello ", true) + kLz4End + lz4Block(kLz4Plain, kLz4Packed, false) + kLz4End
            << "hello " + kLz4Plain;
        QTest::newRow("LZ4 without its end block") << lz4Block("hello", "hello", true) << "hello"s;
        QTest::newRow("snappy") << kSnappyHeader + snappyBlock(kSnappyPacked) << "abababab"s;
        QTest::newRow("several snappy streams")
            << kSnappyHeader + snappyBlock(kSnappyPacked) + kSnappyHeader + snappyBlock("\x05\x10hello"s)
            << "ababababhello"s;
        QTest::newRow("LZF, stored and packed") << lzfRaw("hello ") + lzfPacked(kLzfPacked, 8) << "hello abababab"s;
    }
    void decoded_soundStream_givesItsContent()
    {
        QFETCH(std::string, bytes);
        QFETCH(std::string, content);
        for (const std::size_t piece : {1, 7, 65536}) {
            const Decoded out = decode(bytes, piece);
            QCOMPARE(QString::fromStdString(out.content), QString::fromStdString(content));
            QVERIFY(!out.truncated);
        }
    }

    void decoded_streamThatBreaksOff_givesTheFrontAndSaysSo_data()
    {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<std::string>("content");
        const std::string two = lz4Block("hello", "hello", true);
        QTest::newRow("zstd in its second frame") << (zstd("hello") + zstd("world").substr(0, 8)) << "hello"s;
        QTest::newRow("LZ4 in a header") << two + two.substr(0, 12) << "hello"s;
        QTest::newRow("LZ4 in a body") << two + two.substr(0, 23) << "hello"s;
        QTest::newRow("snappy in a length") << kSnappyHeader + snappyBlock(kSnappyPacked) + "\0\0"s
                                            << "abababab"s;
        QTest::newRow("snappy in a body")
            << kSnappyHeader + snappyBlock(kSnappyPacked) + snappyBlock(kSnappyPacked).substr(0, 6) << "abababab"s;
        QTest::newRow("LZF in a body") << lzfRaw("hello") + lzfRaw("world").substr(0, 8) << "hello"s;
    }
    void decoded_streamThatBreaksOff_givesTheFrontAndSaysSo()
    {
        QFETCH(std::string, bytes);
        QFETCH(std::string, content);
        const Decoded out = decode(bytes);
        QCOMPARE(QString::fromStdString(out.content), QString::fromStdString(content));
        QVERIFY(out.truncated);
    }

    void decoded_gzipThatBreaksOff_isTruncated()
    {
        std::string plain;
        for (int i = 0; i < 50000; ++i)
            plain += std::to_string(i * 7919) + '\n';
        const std::string packed = gzip(plain);
        const Decoded out = decode(packed.substr(0, packed.size() / 2), 4096);
        QVERIFY2(out.truncated,
                 out.content.substr(out.content.size() - std::min<std::size_t>(200, out.content.size())).c_str());
        QVERIFY(plain.starts_with(out.content));
    }

    void decoded_damagedStream_isAnError_data()
    {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<std::string>("error");
        std::string wrongCheck = lz4Block("hello", "hello", true);
        wrongCheck.back() = 'x';
        std::string tooLarge = lz4Block("hello", "hello", true);
        tooLarge[16] = '\x7F';
        std::string badFrame = zstd("hello");
        badFrame[6] = static_cast<char>(badFrame[6] | 0x06);
        QTest::newRow("an LZ4 checksum") << wrongCheck << "!corrupt: Damaged LZ4 data: a block's checksum"s;
        QTest::newRow("an LZ4 block of 2 GB") << tooLarge << "!corrupt: Damaged LZ4 data: a block of impossible size"s;
        QTest::newRow("LZ4 that does not unpack")
            << lz4Block("hello", "\xFF\xFF\xFF\xFF", false) << "!corrupt: Damaged LZ4 data: a block does not unpack"s;
        QTest::newRow("something else behind LZ4")
            << kLz4End + std::string(30, 'x') << "!corrupt: Damaged LZ4 data: no block begins"s;
        QTest::newRow("snappy of a negative length") << kSnappyHeader + "\xFF\xFF\xFF\xF0"s
                                                     << "!corrupt: Damaged snappy data: a block of impossible size"s;
        QTest::newRow("snappy that does not unpack") << kSnappyHeader + snappyBlock("\x08\x09\x02"s)
                                                     << "!corrupt: Damaged snappy data: a block does not unpack"s;
        QTest::newRow("LZF that reaches before its beginning")
            << lzfPacked("\x00"s + "a" + "\x80\x05", 7) << "!corrupt: Damaged LZF data"s;
        QTest::newRow("LZF of another size") << lzfPacked(kLzfPacked, 9) << "!corrupt: Damaged LZF data"s;
        QTest::newRow("a zstd frame") << badFrame << "!corrupt: Damaged zstd data"s;
    }
    void decoded_damagedStream_isAnError()
    {
        QFETCH(std::string, bytes);
        QFETCH(std::string, error);
        const Decoded out = decode(bytes);
        QVERIFY2(out.content.starts_with(error), out.content.c_str());
    }

    void xxHash32_knownTexts_haveTheirValues()
    {
        // Test values of the xxHash specification.
        QCOMPARE(xxHash32("", 0), 0x02CC5D05u);
        QCOMPARE(xxHash32("a", 0), 0x550D7456u);
        QCOMPARE(xxHash32("abc", 0), 0x32D153FFu);
        QCOMPARE(xxHash32("Nobody inspects the spammish repetition", 0), 0xE2293B2Fu);
    }

    void openDecoded_file_hashesItsRawBytesToTheEnd()
    {
        QTemporaryDir folder;
        for (const std::string &bytes : {zstd("hello"), gzip("hello"), gzip("hello") + std::string(9, '\0'), "hello"s,
                                         lz4Block("hello", "hello", true) + kLz4End}) {
            QFile file(folder.filePath("f"));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(bytes.data(), static_cast<qint64>(bytes.size()));
            file.close();
            Sha256 hash;
            auto source = openDecoded(file.fileName().toStdString(), {&hash});
            QVERIFY(source.has_value());
            const std::string content = readAll(*source.value());
            QVERIFY2(content == "hello", content.c_str());
            QCOMPARE(hash.hexDigest(), sha256Hex(bytes));
            QCOMPARE(source.value()->rawBytes(), std::uint64_t(bytes.size()));
        }
    }

    void openRaw_unreadablePath_saysWhy()
    {
        QCOMPARE(openRaw("there/is/nothing").error().code, base::ErrorCode::NotFound);
        QTemporaryDir folder;
        const auto opened = openRaw(folder.path().toStdString());
        QVERIFY(!opened.has_value());
        QVERIFY(opened.error().message.find("Is a directory") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestByteSource)
#include "tst_byte_source.moc"
