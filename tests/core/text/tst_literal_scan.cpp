#include "text/literal_scan.hpp"

#include "base/rng.hpp"

#include <QtTest>

#include <algorithm>
#include <map>

using namespace mulligan;
using namespace mulligan::text;

namespace
{

/// Ends by id, each as often as it was reported.
using Ends = std::map<std::uint32_t, std::vector<std::size_t>>;

Ends endsOf(const LiteralScan &scan, std::string_view text)
{
    Ends ends;
    scan.scan(
        text,
        [](std::uint32_t id, std::size_t end, void *context) { (*static_cast<Ends *>(context))[id].push_back(end); },
        &ends);
    for (auto &[id, all] : ends)
        std::sort(all.begin(), all.end());
    return ends;
}

std::string lower(std::string_view text)
{
    std::string out(text);
    for (char &byte : out)
        byte = byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
    return out;
}

/// The same, text by text and byte by byte.
Ends endsOneByOne(const std::vector<SoughtText> &texts, std::string_view text)
{
    Ends ends;
    const std::string folded = lower(text);
    for (const SoughtText &sought : texts) {
        const std::string_view in = sought.caseless ? std::string_view(folded) : text;
        const std::string bytes = sought.caseless ? lower(sought.bytes) : sought.bytes;
        for (std::size_t at = in.find(bytes); at != std::string_view::npos; at = in.find(bytes, at + 1))
            ends[sought.id].push_back(at + bytes.size());
    }
    for (auto &[id, all] : ends)
        std::sort(all.begin(), all.end());
    return ends;
}

std::string randomBytes(base::Rng &rng, std::string_view alphabet, std::size_t size)
{
    std::string bytes;
    while (bytes.size() < size)
        bytes += alphabet[rng.below(alphabet.size())];
    return bytes;
}

class TestLiteralScan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void scan_nothingSought_reportsNothing()
    {
        QVERIFY(LiteralScan().empty());
        QVERIFY(LiteralScan({}, nullptr).empty());
        QVERIFY(endsOf(LiteralScan({}, nullptr), "abc").empty());
    }

    /// Every size that is found by another gram, at every place of a text that is scanned in parts.
    void scan_oneText_isFoundAtEveryPlace()
    {
        for (const std::size_t size : {3U, 4U, 5U, 6U, 7U, 8U, 9U, 20U, 56U}) {
            base::Rng rng(size, "tst_literal_scan");
            const std::string sought = randomBytes(rng, "abcdefgh", size);
            const LiteralScan scan({{sought, false, 7}}, nullptr);
            for (const std::size_t length : {size, size + 1, size + 9, std::size_t(1040)})
                for (std::size_t at = 0; at + size <= length; at += at > 40 && at < 470 ? 41 : 1) {
                    std::string text(length, '.');
                    text.replace(at, size, sought);
                    QCOMPARE(endsOf(scan, text), (Ends{{7, {at + size}}}));
                    text.pop_back();
                    QCOMPARE(endsOf(scan, text).empty(), at + size == length);
                }
        }
    }

    void scan_casesAndBytesThatFoldAlike_areToldApart()
    {
        const std::vector<SoughtText> texts = {{"Deadlock found", false, 0},
                                               {"deadlock FOUND", true, 1},
                                               {"OOM", false, 2},
                                               {"oom", true, 3},
                                               {"[ABC]", false, 4},
                                               {std::string("\0a\0\0b\0\0c", 8), false, 5},
                                               {"\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f", true, 6}};
        const LiteralScan scan(texts, nullptr);
        QCOMPARE(endsOf(scan, "Deadlock found"), (Ends{{0, {14}}, {1, {14}}}));
        QCOMPARE(endsOf(scan, "DEADLOCK found"), (Ends{{1, {14}}}));
        QCOMPARE(endsOf(scan, "deadlock\0found"), (Ends{}));
        QCOMPARE(endsOf(scan, "oOM"), (Ends{{3, {3}}}));
        QCOMPARE(endsOf(scan, "{abc} [ABC] {ABC}"), (Ends{{4, {11}}}));
        QCOMPARE(endsOf(scan, std::string("x\0a\0\0b\0\0c", 9)), (Ends{{5, {9}}}));
        QCOMPARE(endsOf(scan, "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f"), (Ends{{6, {8}}}));
    }

    /// Few different bytes, so that texts overlap, are parts of one another and share their grams.
    void scan_randomTexts_agreesWithALookAtEveryByte()
    {
        base::Rng rng(11, "tst_literal_scan");
        GramCounts examples;
        for (const std::string_view alphabet : {"ab", "aAbB@`", "abc \n\t.:"})
            for (int i = 0; i < 20; ++i)
                examples.add(randomBytes(rng, alphabet, 40));
        std::size_t found = 0;
        for (int round = 0; round < 3000; ++round) {
            const std::string_view alphabet = round % 3 == 0 ? "ab" : round % 3 == 1 ? "aAbB@`" : "abc \n\t.:";
            std::vector<SoughtText> texts;
            for (std::uint32_t id = 0, count = 1 + static_cast<std::uint32_t>(rng.below(12)); id < count; ++id) {
                texts.push_back({randomBytes(rng, alphabet, 3 + rng.below(8)), rng.chance(0.3), id});
            }
            const LiteralScan scan(texts, round % 2 == 0 ? &examples : nullptr);
            const std::string text = randomBytes(rng, alphabet, rng.below(round % 50 == 0 ? 3000 : 60));
            const Ends ends = endsOf(scan, text);
            QCOMPARE(ends, endsOneByOne(texts, text));
            found += ends.size();
        }
        QVERIFY2(found > 2000, qPrintable(QString::number(found)));
    }

    /// So many that the table of bits says little, and texts stand in one another's places.
    void scan_thousandsOfTexts_findsEachInItsPlace()
    {
        base::Rng rng(5, "tst_literal_scan");
        std::vector<SoughtText> texts;
        std::string text;
        for (std::uint32_t id = 0; id < 20'000; ++id) {
            texts.push_back({randomBytes(rng, "abcdefghijklmnopqrstuvwxyz", 9 + rng.below(10)), false, id});
            if (id % 5 == 0)
                text += texts.back().bytes + ' ';
        }
        const Ends ends = endsOf(LiteralScan(texts, nullptr), text);
        for (std::uint32_t id = 0; id < 20'000; ++id)
            QCOMPARE(ends.count(id), id % 5 == 0 ? 1U : 0U);
    }
};

} // namespace

QTEST_GUILESS_MAIN(TestLiteralScan)
#include "tst_literal_scan.moc"
