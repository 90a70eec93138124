#include "text/literal_scan.hpp"

#include "text/common_phrases.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <set>
#include <unordered_set>
#include <utility>

namespace mulligan::text
{

namespace
{

constexpr std::size_t kLoaded = 8;   ///< bytes read at a place
constexpr std::size_t kAtOnce = 512; ///< places
constexpr std::size_t kMostAtOnce = kAtOnce + kLoaded;
constexpr std::size_t kLongGram = 6;
constexpr std::size_t kShortGram = 4;
constexpr std::size_t kShortest = 3;
constexpr std::size_t kLongText = kLongGram + 1;
constexpr unsigned kLongHashBits = 64;
constexpr unsigned kShortHashBits = 32;
constexpr unsigned kLongFilterBits = 19;  ///< 64 KiB
constexpr unsigned kShortFilterBits = 17; ///< 16 KiB
constexpr unsigned kWordBits = 32;

/// Letters of both cases have this bit after folding; other bytes that differ in nothing else are told apart later.
template <typename Word> constexpr Word kFold = static_cast<Word>(0x2020202020202020U);

template <typename Word> Word foldedWord(const char *bytes)
{
    Word word = 0;
    std::memcpy(&word, bytes, sizeof(Word));
    if constexpr (std::endian::native == std::endian::big) {
        std::array<unsigned char, sizeof(Word)> turned;
        std::memcpy(turned.data(), bytes, sizeof(Word));
        std::reverse(turned.begin(), turned.end());
        std::memcpy(&word, turned.data(), sizeof(Word));
    }
    return word | kFold<Word>;
}

/// Of the first six bytes; the upper bits depend on all of them. Reads eight.
std::uint64_t longHash(const char *bytes)
{
    return (foldedWord<std::uint64_t>(bytes) << (8U * (kLoaded - kLongGram))) * 0x9e3779b97f4a7c15U;
}

/// Of four bytes.
std::uint32_t shortHash(const char *bytes)
{
    return foldedWord<std::uint32_t>(bytes) * 0x9e3779b1U;
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

/// Hashes of the grams that stand in the phrases that logs are full of.
Hashes commonGrams(std::size_t gram, std::uint64_t (*hashOf)(const char *))
{
    Hashes hashes;
    for (const std::string_view phrase : commonPhrases()) {
        const std::string padded = std::string(phrase) + std::string(kLoaded, '\0');
        for (std::size_t at = 0; at + gram <= phrase.size(); ++at)
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

bool isSet(const std::vector<std::uint32_t> &bits, std::size_t bit)
{
    return ((bits[bit / kWordBits] >> (bit % kWordBits)) & 1U) != 0;
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
    m_long = tableOf(std::move(longs), kLongHashBits, kLongFilterBits);
    m_short = tableOf(std::move(shorts), kShortHashBits, kShortFilterBits);
}

LiteralScan::Table LiteralScan::tableOf(std::vector<Found> found, unsigned hashBits, unsigned filterBits)
{
    Table table;
    table.filter.assign((std::size_t(1) << filterBits) / kWordBits, 0);
    table.slots.resize(std::bit_ceil(2 * found.size() + 2)); // at most half full, so that each search ends
    table.shift = hashBits - static_cast<unsigned>(std::countr_zero(table.slots.size()));
    std::stable_sort(found.begin(), found.end(), [](const Found &a, const Found &b) { return a.hash < b.hash; });
    for (std::size_t i = 0; i < found.size(); ++i) {
        const std::uint64_t hash = found[i].hash;
        table.places.push_back(found[i].place);
        table.places.back().last = i + 1 == found.size() || found[i + 1].hash != hash;
        if (i > 0 && found[i - 1].hash == hash)
            continue;
        const std::size_t bit = hash >> (hashBits - filterBits);
        table.filter[bit / kWordBits] |= 1U << (bit % kWordBits);
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
    for (; at + kMostAtOnce <= text.size(); at += kAtOnce)
        scanPart(scan, at, text.data() + at, kAtOnce);
    std::array<char, kMostAtOnce + kLoaded + 1> rest; // with zeros behind the text's end
    const std::size_t left = text.size() - at;
    text.copy(rest.data(), left, at);
    std::memset(rest.data() + left, 0, rest.size() - left);
    scanPart(scan, at, rest.data(), left);
}

/// Looks at so many places from `at`; `bytes`: what stands there and, to be read only, behind. First the places are
/// gathered, without a branch that depends on the bytes, and then looked at.
void LiteralScan::scanPart(const Scan &scan, std::size_t at, const char *bytes, std::size_t size) const
{
    std::array<std::uint16_t, kMostAtOnce / 2 + 1> longs;
    std::array<std::uint16_t, kMostAtOnce + 2> shorts;
    std::size_t longCount = 0;
    std::size_t shortCount = 0;
    const auto takeShort = [&](std::size_t i) {
        shorts[shortCount] = static_cast<std::uint16_t>(i);
        shortCount += isSet(m_short.filter, shortHash(bytes + i) >> (kShortHashBits - kShortFilterBits));
    };
    for (std::size_t i = 0; i < size; i += 2) {
        longs[longCount] = static_cast<std::uint16_t>(i);
        longCount += isSet(m_long.filter, longHash(bytes + i) >> (kLongHashBits - kLongFilterBits));
        takeShort(i);
        takeShort(i + 1);
    }
    for (std::size_t i = 0; i < longCount; ++i) {
        const std::uint64_t hash = longHash(bytes + longs[i]);
        compare(m_long, hash >> m_long.shift, markOf(hash), scan, at + longs[i]);
    }
    for (std::size_t i = 0; i < shortCount; ++i) {
        const std::uint32_t hash = shortHash(bytes + shorts[i]);
        compare(m_short, hash >> m_short.shift, hash, scan, at + shorts[i]);
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
            if (at >= place->offset && begin + place->size <= scan.text.size()
                && stands(*place, scan.text.data() + begin))
                scan.onEnd(place->id, begin + place->size, scan.context);
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
