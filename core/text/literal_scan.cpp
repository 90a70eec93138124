#include "text/literal_scan.hpp"

#include "text/common_phrases.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <set>
#include <unordered_set>
#include <utility>

namespace mulligan::text
{

namespace
{

constexpr std::size_t kLoaded = 8;   ///< bytes read at a place
constexpr std::size_t kAtOnce = 512; ///< places
constexpr std::size_t kGroup = 64;   ///< places whose bits are gathered in a word
/// Bytes that are folded for so many places; sixteen more than those, so that it is done many at a time.
constexpr std::size_t kFolded = kAtOnce + 16;
constexpr std::size_t kLongGram = 6;
constexpr std::size_t kShortGram = 4;
constexpr std::size_t kShortest = 3;
constexpr std::size_t kLongText = kLongGram + 1;
constexpr unsigned kLongHashBits = 64;
constexpr unsigned kShortHashBits = 32;
constexpr unsigned kLongFilterBits = 19;  ///< 64 KiB each
constexpr unsigned kShortFilterBits = 17; ///< 128 KiB
constexpr unsigned kWordBits = 32;
constexpr char kFoldBit = 0x20;

/// Letters of both cases have this bit after folding; other bytes that differ in nothing else are told apart later.
template <typename Word> constexpr Word kFold = static_cast<Word>(0x2020202020202020U);

template <typename Word> Word wordAt(const char *bytes)
{
    Word word = 0;
    std::memcpy(&word, bytes, sizeof(Word));
    if constexpr (std::endian::native == std::endian::big) {
        std::array<unsigned char, sizeof(Word)> turned;
        std::memcpy(turned.data(), bytes, sizeof(Word));
        std::reverse(turned.begin(), turned.end());
        std::memcpy(&word, turned.data(), sizeof(Word));
    }
    return word;
}

/// Of the first six bytes of a folded word; the upper bits depend on all of them.
std::uint64_t longHashOf(std::uint64_t word)
{
    return (word << (8U * (kLoaded - kLongGram))) * 0x9e3779b97f4a7c15U;
}

std::uint32_t shortHashOf(std::uint32_t word)
{
    return word * 0x9e3779b1U;
}

/// Of six bytes; reads eight.
std::uint64_t longHash(const char *bytes)
{
    return longHashOf(wordAt<std::uint64_t>(bytes) | kFold<std::uint64_t>);
}

/// Of four bytes.
std::uint32_t shortHash(const char *bytes)
{
    return shortHashOf(wordAt<std::uint32_t>(bytes) | kFold<std::uint32_t>);
}

std::size_t longBit(std::uint64_t hash)
{
    return hash >> (kLongHashBits - kLongFilterBits);
}

std::size_t longBit2(std::uint64_t hash)
{
    return (hash >> (kLongHashBits - 2 * kLongFilterBits)) & ((std::size_t(1) << kLongFilterBits) - 1);
}

std::size_t shortIndex(std::uint32_t hash)
{
    return hash >> (kShortHashBits - kShortFilterBits);
}

/// Of the last bytes of a text, letters without their case: what has the gram but not these is not the text.
std::uint16_t endingOf(const char *end)
{
    return static_cast<std::uint16_t>(((wordAt<std::uint16_t>(end - sizeof(std::uint16_t)) | kFold<std::uint16_t>)));
}

std::uint32_t markOf(std::uint64_t longHash)
{
    return static_cast<std::uint32_t>(longHash >> 16U);
}

char folded(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

std::string foldedText(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), folded);
    return out;
}

using Hashes = std::unordered_set<std::uint64_t>;

/// Hashes of the grams that stand in the phrases and lines that logs are full of.
Hashes commonGrams(std::size_t gram, std::uint64_t (*hashOf)(const char *))
{
    Hashes hashes;
    for (const auto &texts : {commonPhrases(), commonLines()})
        for (const std::string_view text : texts) {
            const std::string padded = std::string(text) + std::string(kLoaded, '\0');
            for (std::size_t at = 0; at + gram <= text.size(); ++at)
                hashes.insert(hashOf(padded.data() + at));
        }
    return hashes;
}

/// Where in a text the bytes stand that it is found by: those that are the rarest in examples, and in none of the
/// phrases that logs are full of, as far as there are such. `padded`: the text with zeros behind it.
std::size_t rarestPart(std::string_view padded, std::size_t size, bool isLong, const GramCounts *examples)
{
    static const Hashes commonLong = commonGrams(kLongGram, longHash);
    static const Hashes commonShort =
        commonGrams(kShortGram, [](const char *bytes) -> std::uint64_t { return shortHash(bytes); });
    const std::size_t bytes = isLong ? kLongText : kShortGram;
    std::size_t best = 0;
    std::pair<std::size_t, std::size_t> fewest;
    for (std::size_t at = 0; at + bytes <= size; ++at) {
        const char *const part = padded.data() + at;
        const std::size_t everywhere = isLong ? commonLong.count(longHash(part)) + commonLong.count(longHash(part + 1))
                                              : commonShort.count(shortHash(part));
        const std::pair count(everywhere, examples != nullptr ? examples->atMost(padded.substr(at, bytes)) : 0);
        if (at == 0 || count < fewest) {
            best = at;
            fewest = count;
        }
    }
    return best;
}

/// Hashes of three bytes with whatever byte behind them.
std::set<std::uint32_t> hashesOfShortest(std::string_view text)
{
    std::set<std::uint32_t> hashes;
    for (int behind = 0; behind < 256; ++behind) {
        const std::string bytes = std::string(text) + static_cast<char>(behind);
        hashes.insert(shortHash(bytes.data()));
    }
    return hashes;
}

unsigned bitAt(const std::uint32_t *bits, std::size_t bit)
{
    return (bits[bit / kWordBits] >> (bit % kWordBits)) & 1U;
}

void set(std::vector<std::uint32_t> &bits, std::size_t bit)
{
    bits[bit / kWordBits] |= 1U << (bit % kWordBits);
}

/// Calls `see` with the index of every bit that is set of the last so many that were shifted into a word.
template <typename Word, typename See> void forEachSet(Word word, See see)
{
    for (; word != 0; word &= word - 1)
        see(std::numeric_limits<Word>::digits - 1 - static_cast<unsigned>(std::countr_zero(word)));
}

} // namespace

LiteralScan::LiteralScan(const std::vector<SoughtText> &texts, const GramCounts *examples)
{
    std::vector<Found> longs;
    std::vector<Found> shorts;
    for (const SoughtText &text : texts) {
        Place place;
        place.id = text.id;
        place.begin = static_cast<std::uint32_t>(m_bytes.size());
        place.size = static_cast<std::uint16_t>(text.bytes.size());
        place.caseless = text.caseless;
        place.ending = endingOf(text.bytes.data() + text.bytes.size());
        m_bytes += text.caseless ? foldedText(text.bytes) : text.bytes;
        if (text.bytes.size() < kShortGram) {
            for (const std::uint32_t hash : hashesOfShortest(text.bytes))
                shorts.push_back({hash, place});
            continue;
        }
        const std::string padded = text.bytes + std::string(kLoaded, '\0');
        const bool isLong = text.bytes.size() >= kLongText;
        place.offset = static_cast<std::uint16_t>(rarestPart(padded, text.bytes.size(), isLong, examples));
        if (!isLong) {
            shorts.push_back({shortHash(padded.data() + place.offset), place});
            continue;
        }
        longs.push_back({longHash(padded.data() + place.offset), place});
        ++place.offset;
        longs.push_back({longHash(padded.data() + place.offset), place});
    }
    fillFilters(longs, shorts);
    m_long = tableOf(std::move(longs), kLongHashBits);
    m_short = tableOf(std::move(shorts), kShortHashBits);
}

void LiteralScan::fillFilters(const std::vector<Found> &longs, const std::vector<Found> &shorts)
{
    m_longFilter.assign((std::size_t(1) << kLongFilterBits) / kWordBits, 0);
    m_longFilter2 = m_longFilter;
    m_shortFilter.assign(std::size_t(1) << kShortFilterBits, 0);
    for (const Found &found : longs) {
        set(m_longFilter, longBit(found.hash));
        set(m_longFilter2, longBit2(found.hash));
    }
    for (const Found &found : shorts)
        m_shortFilter[shortIndex(static_cast<std::uint32_t>(found.hash))] = 1;
}

LiteralScan::Table LiteralScan::tableOf(std::vector<Found> found, unsigned hashBits)
{
    Table table;
    table.slots.resize(std::bit_ceil(2 * found.size() + 2)); // at most half full, so that each search ends
    table.shift = hashBits - static_cast<unsigned>(std::countr_zero(table.slots.size()));
    std::stable_sort(found.begin(), found.end(), [](const Found &a, const Found &b) { return a.hash < b.hash; });
    for (std::size_t i = 0; i < found.size(); ++i) {
        const std::uint64_t hash = found[i].hash;
        table.places.push_back(found[i].place);
        table.places.back().last = i + 1 == found.size() || found[i + 1].hash != hash;
        if (i > 0 && found[i - 1].hash == hash)
            continue;
        std::size_t slot = hash >> table.shift;
        while (table.slots[slot].place != kFree)
            slot = (slot + 1) & (table.slots.size() - 1);
        table.slots[slot] = {hashBits == kLongHashBits ? markOf(hash) : static_cast<std::uint32_t>(hash),
                             static_cast<std::uint32_t>(i)};
    }
    return table;
}

void LiteralScan::scan(std::string_view text, EndHandler onEnd, void *context) const
{
    if (empty())
        return;
    const Scan scan{text, onEnd, context};
    std::size_t at = 0;
    for (; at + kFolded <= text.size(); at += kAtOnce)
        scanPart(scan, at, text.data() + at, kAtOnce);
    std::array<char, kFolded + kFolded> rest; // with zeros behind the text's end
    for (; at < text.size(); at += kAtOnce) {
        const std::size_t left = std::min(text.size() - at, kFolded);
        text.copy(rest.data(), left, at);
        std::memset(rest.data() + left, 0, rest.size() - left);
        scanPart(scan, at, rest.data(), std::min(left, kAtOnce));
    }
}

/// Looks at so many places from `at`, and some behind; `bytes`: what stands there and, to be read only, behind, kFolded
/// in all. Bits are looked up without a branch that depends on the bytes, and then looked at.
void LiteralScan::scanPart(const Scan &scan, std::size_t at, const char *bytes, std::size_t size) const
{
    std::array<char, kFolded> folded;
    for (std::size_t i = 0; i < kFolded; ++i)
        folded[i] = static_cast<char>(bytes[i] | kFoldBit);
    const std::uint32_t *const longFilter = m_longFilter.data();
    const std::uint8_t *const shortFilter = m_shortFilter.data();
    for (std::size_t group = 0; group < size; group += kGroup) {
        const char *const from = folded.data() + group;
        std::uint32_t longs = 0;
        for (std::size_t i = 0; i < kGroup; i += 2)
            longs = 2 * longs + bitAt(longFilter, longBit(longHashOf(wordAt<std::uint64_t>(from + i))));
        std::uint64_t shorts = 0;
        for (std::size_t i = 0; i < kGroup; ++i)
            shorts = 2 * shorts + shortFilter[shortIndex(shortHashOf(wordAt<std::uint32_t>(from + i)))];
        forEachSet(longs, [&](std::size_t i) {
            const std::uint64_t hash = longHashOf(wordAt<std::uint64_t>(from + 2 * i));
            if (bitAt(m_longFilter2.data(), longBit2(hash)) != 0)
                compare(m_long, hash >> m_long.shift, markOf(hash), scan, at + group + 2 * i);
        });
        forEachSet(shorts, [&](std::size_t i) {
            const std::uint32_t hash = shortHashOf(wordAt<std::uint32_t>(from + i));
            compare(m_short, hash >> m_short.shift, hash, scan, at + group + i);
        });
    }
}

/// Compares the texts whose gram may stand at a place of the scanned text, which may be the one behind its end.
void LiteralScan::compare(const Table &table, std::size_t slot, std::uint32_t mark, const Scan &scan,
                          std::size_t at) const
{
    for (; table.slots[slot].place != kFree; slot = (slot + 1) & (table.slots.size() - 1)) {
        if (table.slots[slot].mark != mark)
            continue;
        for (const Place *place = &table.places[table.slots[slot].place];; ++place) {
            const std::size_t begin = at - place->offset;
            const std::size_t end = begin + place->size;
            if (at >= place->offset && end <= scan.text.size() && endingOf(scan.text.data() + end) == place->ending
                && stands(*place, scan.text.data() + begin))
                scan.onEnd(place->id, end, scan.context);
            if (place->last)
                break;
        }
    }
}

bool LiteralScan::stands(const Place &place, const char *bytes) const
{
    const char *const sought = m_bytes.data() + place.begin;
    if (!place.caseless)
        return std::memcmp(sought, bytes, place.size) == 0;
    return std::equal(sought, sought + place.size, bytes, [](char a, char b) { return a == folded(b); });
}

} // namespace mulligan::text
