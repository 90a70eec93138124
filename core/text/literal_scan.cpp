#include "text/literal_scan.hpp"

#include "text/common_phrases.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>
#include <numeric>
#include <unordered_set>
#include <utility>

namespace mulligan::text
{

namespace
{

constexpr std::size_t kAtOnce = 32; ///< groups of places
constexpr std::size_t kLongText = kGramBytes[0] + 1;
constexpr std::size_t kMiddleText = kGramBytes[1] + 1;
constexpr std::size_t kRead = 8; ///< bytes at most, of any gram
constexpr unsigned kHashBits = 32;

Gram gramOf(std::size_t textSize)
{
    return textSize >= kLongText ? Gram::Long : textSize >= kMiddleText ? Gram::Middle : Gram::Short;
}

/// Whether a text has a second gram, one byte behind the first.
bool isPaired(Gram gram)
{
    return gram != Gram::Short;
}

/// Tells apart most grams whose hashes have the same upper bits.
std::uint16_t markOf(std::uint32_t hash)
{
    return static_cast<std::uint16_t>(hash);
}

/// Of the last bytes of a text, letters without their case: what has the gram but not these is not the text.
std::uint16_t endingOf(const char *end)
{
    std::uint16_t ending = 0;
    std::memcpy(&ending, end - sizeof(ending), sizeof(ending));
    return ending | 0x2020U;
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

using Hashes = std::unordered_set<std::uint32_t>;

/// Hashes of the grams that stand in the phrases and lines that logs are full of, by size.
std::array<Hashes, kGrams> commonGrams()
{
    std::array<Hashes, kGrams> hashes;
    for (const auto &texts : {commonPhrases(), commonLines()})
        for (const std::string_view text : texts) {
            const std::string padded = std::string(text) + std::string(kRead, '\0');
            for (const Gram gram : {Gram::Long, Gram::Middle, Gram::Short})
                for (std::size_t at = 0; at + kGramBytes[std::size_t(gram)] <= text.size(); ++at)
                    hashes[std::size_t(gram)].insert(gramHash(gram, padded.data() + at));
        }
    return hashes;
}

/// Where in a text the bytes stand that it is found by: those that are the rarest in examples, and in none of the
/// phrases that logs are full of, as far as there are such. `padded`: the text with zeros behind it.
std::size_t rarestPart(std::string_view padded, std::size_t size, Gram gram, const GramCounts *examples)
{
    static const std::array<Hashes, kGrams> common = commonGrams();
    const Hashes &known = common[static_cast<std::size_t>(gram)];
    const std::size_t bytes = kGramBytes[static_cast<std::size_t>(gram)] + (isPaired(gram) ? 1 : 0);
    std::size_t best = 0;
    std::pair<std::size_t, std::size_t> fewest;
    for (std::size_t at = 0; at + bytes <= size; ++at) {
        const char *const part = padded.data() + at;
        const std::size_t everywhere =
            known.count(gramHash(gram, part)) + (isPaired(gram) ? known.count(gramHash(gram, part + 1)) : 0);
        const std::pair count(everywhere, examples != nullptr ? examples->atMost(padded.substr(at, bytes)) : 0);
        if (at == 0 || count < fewest) {
            best = at;
            fewest = count;
        }
    }
    return best;
}

} // namespace

LiteralScan::LiteralScan(const std::vector<SoughtText> &texts, const GramCounts *examples)
{
    std::map<std::pair<std::string_view, bool>, std::vector<std::uint32_t>> distinct; // many patterns require the same
    for (const SoughtText &text : texts)
        distinct[{text.bytes, text.caseless}].push_back(text.id);
    std::array<std::vector<Found>, kGrams> found;
    for (const auto &[text, ids] : distinct) {
        const auto &[bytes, caseless] = text;
        Place place;
        place.begin = static_cast<std::uint32_t>(m_bytes.size());
        place.size = static_cast<std::uint16_t>(bytes.size());
        place.caseless = caseless;
        place.ending = endingOf(bytes.data() + bytes.size());
        place.firstId = static_cast<std::uint32_t>(m_ids.size());
        m_ids.insert(m_ids.end(), ids.begin(), ids.end());
        place.endOfIds = static_cast<std::uint32_t>(m_ids.size());
        m_bytes += caseless ? foldedText(bytes) : std::string(bytes);
        const std::string padded = std::string(bytes) + std::string(kRead, '\0');
        const Gram gram = gramOf(bytes.size());
        const std::size_t first = rarestPart(padded, bytes.size(), gram, examples);
        for (std::size_t offset = first; offset <= first + (isPaired(gram) ? 1 : 0); ++offset) {
            place.offset = static_cast<std::uint16_t>(offset);
            found[static_cast<std::size_t>(gram)].push_back({gramHash(gram, padded.data() + offset), place});
        }
    }
    std::array<std::vector<std::uint32_t>, kGrams> hashes;
    for (std::size_t gram = 0; gram < kGrams; ++gram) {
        for (const Found &one : found[gram])
            hashes[gram].push_back(one.hash);
        m_tables[gram] = tableOf(std::move(found[gram]));
    }
    m_filter = GramFilter(hashes);
}

LiteralScan::Table LiteralScan::tableOf(std::vector<Found> found)
{
    Table table;
    std::stable_sort(found.begin(), found.end(), [](const Found &a, const Found &b) { return a.hash < b.hash; });
    const auto bits = static_cast<unsigned>(std::bit_width(found.size())) + 1; // more buckets than there are grams
    table.shift = kHashBits - bits;
    table.begins.assign((std::size_t(1) << bits) + 1, 0);
    for (const Found &one : found) {
        table.places.push_back(one.place);
        table.places.back().mark = markOf(one.hash);
        ++table.begins[(one.hash >> table.shift) + 1];
    }
    std::partial_sum(table.begins.begin(), table.begins.end(), table.begins.begin());
    return table;
}

void LiteralScan::scan(std::string_view text, EndHandler onEnd, void *context) const
{
    if (empty())
        return;
    constexpr std::size_t kGroup = GramFilter::kGroup;
    constexpr std::size_t kBehind = GramFilter::kBehind;
    const Scan scan{text, onEnd, context};
    std::size_t at = 0;
    for (std::size_t groups = text.size() < kBehind ? 0 : (text.size() - kBehind) / kGroup; groups > 0;) {
        const std::size_t some = std::min(groups, kAtOnce);
        scanPart(scan, at, text.data() + at, some);
        groups -= some;
        at += some * kGroup;
    }
    std::array<char, 2 * kGroup + kBehind> rest{}; // with zeros behind the text's end
    text.copy(rest.data(), text.size() - at, at);
    scanPart(scan, at, rest.data(), (text.size() - at + kGroup - 1) / kGroup);
}

/// Looks at so many groups of places from `at` on; `bytes`: what stands there and some bytes behind.
void LiteralScan::scanPart(const Scan &scan, std::size_t at, const char *bytes, std::size_t groups) const
{
    std::array<std::uint64_t, kAtOnce> bits;
    m_filter.look(bytes, groups, bits.data());
    std::array<Hit, kMostHits> hits;
    std::size_t count = 0;
    for (std::size_t group = 0; group < groups; ++group)
        for (std::uint64_t left = bits[group]; left != 0; left &= left - 1) {
            const auto bit = static_cast<unsigned>(std::countr_zero(left));
            const Gram gram = GramFilter::gramOf(bit);
            const std::size_t place = group * GramFilter::kGroup + GramFilter::placeOf(bit);
            const std::uint32_t hash = gramHash(gram, bytes + place);
            const Table &table = m_tables[static_cast<std::size_t>(gram)];
            __builtin_prefetch(&table.begins[hash >> table.shift]);
            hits[count++] = {at + place, hash, &table};
            if (count == hits.size()) {
                compareAll(hits, scan);
                count = 0;
            }
        }
    compareAll(std::span(hits).first(count), scan);
}

/// The tables lie in no near cache, so what a step reads is asked for of all hits before.
void LiteralScan::compareAll(std::span<const Hit> hits, const Scan &scan) const
{
    for (const Hit &hit : hits)
        __builtin_prefetch(hit.table->places.data() + hit.table->begins[hit.hash >> hit.table->shift]);
    for (const Hit &hit : hits)
        compare(hit, scan);
}

/// Compares the texts whose gram may stand at a place of the scanned text, which may be the one behind its end.
void LiteralScan::compare(const Hit &hit, const Scan &scan) const
{
    const std::uint32_t bucket = hit.hash >> hit.table->shift;
    const std::uint32_t last = hit.table->begins[bucket + 1];
    for (std::uint32_t i = hit.table->begins[bucket]; i < last; ++i) {
        const Place &place = hit.table->places[i];
        const std::size_t begin = hit.at - place.offset;
        const std::size_t end = begin + place.size;
        if (place.mark != markOf(hit.hash) || hit.at < place.offset || end > scan.text.size()
            || endingOf(scan.text.data() + end) != place.ending || !stands(place, scan.text.data() + begin))
            continue;
        for (std::uint32_t id = place.firstId; id < place.endOfIds; ++id)
            scan.onEnd(m_ids[id], end, scan.context);
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
