#include "archive_writer.hpp"
#include "stream_writers.hpp"

#include "formats/byte_source.hpp"

#include <QtTest>

#include <map>

using namespace mulligan;
using namespace mulligan::formats;
using namespace stream_test;
using std::string_literals::operator""s;

Q_DECLARE_METATYPE(std::string)

namespace
{

std::string pack(const std::string &codec, const std::string &bytes)
{
    static const std::map<std::string, int> filters{{"gzip", ARCHIVE_FILTER_GZIP},
                                                    {"zstd", ARCHIVE_FILTER_ZSTD},
                                                    {"xz", ARCHIVE_FILTER_XZ},
                                                    {"bzip2", ARCHIVE_FILTER_BZIP2},
                                                    {"lz4 frame", ARCHIVE_FILTER_LZ4}};
    if (const auto filter = filters.find(codec); filter != filters.end())
        return archive_test::compressed(bytes, filter->second);
    std::string out;
    constexpr std::size_t kBlock = 1u << 14;
    for (std::size_t at = 0; at < bytes.size(); at += kBlock) {
        const std::string block = bytes.substr(at, kBlock);
        // A snappy block of one literal: the size as a varint, the literal's tag with two bytes of length, the bytes.
        const auto size = static_cast<unsigned>(block.size());
        const std::string literal = ""s + static_cast<char>((size & 0x7F) | 0x80)
                                    + static_cast<char>(((size >> 7) & 0x7F) | 0x80) + static_cast<char>(size >> 14)
                                    + '\xF4' + number(size - 1, 2, false) + block;
        out += codec == "lz4" ? lz4Block(block, block, true) : codec == "lzf" ? lzfRaw(block) : snappyBlock(literal);
    }
    return codec == "snappy" ? kSnappyHeader + out : codec == "lz4" ? out + kLz4End : out;
}

std::string packAll(const QStringList &codecs, std::string bytes)
{
    for (const QString &codec : codecs)
        bytes = pack(codec.toStdString(), bytes);
    return bytes;
}

const QStringList kCodecs{"gzip", "zstd", "xz", "bzip2", "lz4 frame", "lz4", "snappy", "lzf"};

struct Read {
    std::string content;
    std::string error;
    bool truncated = false;
};

Read readAll(const std::string &bytes, std::size_t piece = 4096)
{
    Read out;
    auto source = decoded(memorySource(bytes));
    if (!source)
        return {{}, source.error().text(), false};
    std::vector<char> buffer(piece);
    for (;;) {
        const auto got = source.value()->read(buffer);
        if (!got) {
            out.error = got.error().text();
            break;
        }
        if (got.value() == 0)
            break;
        out.content.append(buffer.data(), got.value());
    }
    out.truncated = source.value()->truncated();
    return out;
}

std::string manyLines(int lines)
{
    std::string out;
    for (int i = 0; i < lines; ++i)
        out += "line " + std::to_string(i * 7919LL % 100003) + '\n';
    return out;
}

} // namespace

class TestCodecs : public QObject
{
    Q_OBJECT

private slots:
    void codecOf_packedBytes_isNamed()
    {
        for (const QString &codec : kCodecs)
            QCOMPARE(QString::fromUtf8(name(codecOf(pack(codec.toStdString(), "hello"))).data()), codec);
        QCOMPARE(codecOf("BZhello, a text that begins like bzip2"), Codec::Plain);
    }

    void decoded_codecsInOneAnother_givesTheContent_data()
    {
        QTest::addColumn<QStringList>("codecs");
        for (const QString &inner : kCodecs) {
            QTest::newRow(qPrintable(inner)) << QStringList{inner};
            for (const QString &outer : kCodecs)
                QTest::newRow(qPrintable(inner + " in " + outer)) << QStringList{inner, outer};
        }
        QTest::newRow("four layers") << QStringList{"lzf", "zstd", "gzip", "xz"};
        QTest::newRow("four times the same") << QStringList{"gzip", "gzip", "gzip", "gzip"};
    }
    void decoded_codecsInOneAnother_givesTheContent()
    {
        QFETCH(QStringList, codecs);
        for (const std::string &content : {manyLines(1), manyLines(20000)}) {
            const std::string packed = packAll(codecs, content);
            for (const std::size_t piece : {std::size_t(1), std::size_t(100), std::size_t(1) << 17}) {
                if (piece == 1 && content.size() > 100)
                    continue;
                const Read read = readAll(packed, piece);
                QVERIFY2(read.error.empty(), read.error.c_str());
                QVERIFY(read.content == content);
                QVERIFY(!read.truncated);
            }
        }
    }

    void decoded_fifthLayer_isUnsupported()
    {
        const Read read = readAll(packAll({"gzip", "zstd", "gzip", "zstd", "lzf"}, "hello"));
        QVERIFY2(read.error.find("compressed more than 4 times over (gzip in zstd in gzip in zstd in lzf)")
                     != std::string::npos,
                 read.error.c_str());
        QVERIFY(read.error.find("Decompress it once") != std::string::npos);
    }

    void decoded_framesOneAfterAnother_areOneStream()
    {
        for (const QString &codec : kCodecs) {
            const std::string name = codec.toStdString();
            const Read read = readAll(pack(name, "hello ") + pack(name, "world"));
            QVERIFY2(read.content == "hello world" && read.error.empty() && !read.truncated, name.c_str());
        }
    }

    void decoded_zerosBehindAFrame_areNoData()
    {
        for (const char *codec : {"gzip", "xz", "bzip2"}) {
            const Read read = readAll(pack(codec, "hello ") + std::string(8, '\0') + pack(codec, "world"));
            QVERIFY2(read.content == "hello world" && read.error.empty() && !read.truncated, codec);
        }
    }

    void decoded_otherDataBehindAFrame_areAnError_data()
    {
        QTest::addColumn<QString>("codec");
        for (const char *codec : {"gzip", "xz", "bzip2", "zstd", "lz4 frame"})
            QTest::newRow(codec) << QString(codec);
    }
    void decoded_otherDataBehindAFrame_areAnError()
    {
        QFETCH(QString, codec);
        const std::string packed = pack(codec.toStdString(), "hello ");
        for (const std::string &behind : {"a plain row\n"s, "B"s, "\x1F\xFD plain bytes"s}) {
            for (const std::size_t piece : {std::size_t(1), std::size_t(4096)}) {
                const Read read = readAll(packed + behind, piece);
                QVERIFY2(read.content == "hello ", read.content.c_str());
                QVERIFY2(read.error.starts_with("Damaged ") || read.truncated, read.error.c_str());
            }
        }
        const Read read = readAll(packed + "a plain row\n");
        const bool framed = codec == "zstd" || codec == "lz4 frame";
        QVERIFY2(framed || read.error.find("follow behind its end") != std::string::npos, read.error.c_str());
    }

    void decoded_cutAnywhere_givesAPrefixAndSaysSo_data() { decoded_codecsInOneAnother_givesTheContent_data(); }
    void decoded_cutAnywhere_givesAPrefixAndSaysSo()
    {
        QFETCH(QStringList, codecs);
        const std::string content = manyLines(40);
        const std::string packed = packAll(codecs, content);
        constexpr std::size_t kLongestMark = 16;
        for (std::size_t size = 0; size < packed.size(); ++size) {
            const Read read = readAll(packed.substr(0, size));
            if (size < kLongestMark)
                continue; // too short to be told from a plain file
            const bool prefix = content.starts_with(read.content);
            // The inside may begin so shortly that it is taken for plain.
            if (!prefix && codecs.size() > 1 && read.content.size() < kLongestMark && read.truncated)
                continue;
            QVERIFY2(prefix, std::to_string(size).c_str());
            // A stream of blocks may end behind any of them.
            const bool blocks = codecs.contains("lz4") || codecs.contains("snappy") || codecs.contains("lzf");
            QVERIFY2(read.content.size() == content.size() || read.truncated || !read.error.empty() || blocks,
                     std::to_string(size).c_str());
        }
    }

    void decoded_longStreamCutInTheMiddle_losesLittle()
    {
        for (const char *codec : {"gzip", "xz", "zstd", "lz4 frame"}) {
            // A frame of LZ4 may come in blocks of 4 MiB.
            const std::string content = manyLines(codec == "lz4 frame"s ? 1'500'000 : 200'000);
            const std::string packed = pack(codec, content);
            const Read read = readAll(packed.substr(0, packed.size() / 2));
            QVERIFY2(read.truncated && read.error.empty(), codec);
            QVERIFY(content.starts_with(read.content));
            QVERIFY2(read.content.size() > content.size() / 8, codec);
        }
    }

    void decoded_anyByteChanged_neverGivesOtherContentSilently_data()
    {
        QTest::addColumn<QString>("codec");
        for (const char *codec : {"gzip", "xz", "bzip2", "lz4 frame", "lz4"})
            QTest::newRow(codec) << QString(codec);
    }
    void decoded_anyByteChanged_neverGivesOtherContentSilently()
    {
        QFETCH(QString, codec);
        const std::string content = manyLines(40);
        const std::string packed = pack(codec.toStdString(), content);
        for (std::size_t at = 0; at < packed.size(); ++at) {
            std::string changed = packed;
            changed[at] = static_cast<char>(changed[at] ^ 0x41);
            if (codecOf(changed) == Codec::Plain)
                continue;
            const Read read = readAll(changed);
            QVERIFY2(read.content == content || read.truncated || !read.error.empty(), std::to_string(at).c_str());
        }
    }

    void decoded_damageBehindContent_isToldAfterIt()
    {
        const std::string content = manyLines(200000);
        for (const char *codec : {"gzip", "xz", "bzip2"}) {
            std::string packed = pack(codec, content);
            packed[packed.size() / 2] = static_cast<char>(packed[packed.size() / 2] ^ 0x55);
            const Read read = readAll(packed);
            QVERIFY2(read.error.starts_with("Damaged " + std::string(codec) + " data"), read.error.c_str());
        }
        // The checksum stands at the very end, so all of the content comes first.
        std::string packed = pack("gzip", content);
        packed[packed.size() - 8] = static_cast<char>(packed[packed.size() - 8] ^ 1);
        const Read read = readAll(packed);
        QVERIFY(read.content == content);
        QVERIFY2(read.error.find("incorrect data check") != std::string::npos, read.error.c_str());
    }

    void decoded_xzThatWantsTooMuchMemory_isRefused()
    {
        // A stream header and a block header whose LZMA2 filter asks for a dictionary of 4 GiB - 1 (property 40).
        const std::string stream = "\xFD\x37\x7A\x58\x5A\x00\x00\x01\x69\x22\xDE\x36"s;
        const std::string block = "\x02\x00\x21\x01\x28\x00\x00\x00"s;
        const Read read = readAll(stream + block + number(crc32(block), 4, false) + std::string(64, '\0'));
        QVERIFY2(read.error.find("more memory") != std::string::npos, read.error.c_str());
    }

private:
    static std::uint32_t crc32(const std::string &bytes)
    {
        std::uint32_t crc = ~0u;
        for (const char c : bytes) {
            crc ^= static_cast<unsigned char>(c);
            for (int i = 0; i < 8; ++i)
                crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1u)));
        }
        return ~crc;
    }
};

QTEST_GUILESS_MAIN(TestCodecs)
#include "tst_codecs.moc"
