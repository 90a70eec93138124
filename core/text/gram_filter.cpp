#include "text/gram_filter.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace mulligan::text
{

namespace
{

constexpr unsigned kHashBits = 32;
constexpr unsigned kBitsOfIndex = 5; ///< within a word
constexpr std::uint32_t kLastOfWord = (1U << kBitsOfIndex) - 1;
constexpr unsigned kFewestBits = 15;
constexpr std::array<unsigned, kGrams> kMostBits = {19, 17, 16}; ///< 64, 16 and 8 KiB
constexpr std::size_t kBitsForEach = 16;                         ///< gram

/// Letters of both cases have this bit after folding; other bytes that differ in nothing else are told apart later.
constexpr std::uint32_t kFold = 0x20202020U;
constexpr std::uint32_t kFirstTwo = 0x0000ffffU;
constexpr std::uint32_t kFirstThree = 0x00ffffffU;
// Odd numbers whose bits are evenly mixed.
constexpr std::uint32_t kFirstFactor = 0x9e3779b1U;
constexpr std::uint32_t kSecondFactor = 0x85ebca6bU;
constexpr std::uint32_t kShortFactor = 0xc2b2ae35U;

/// Four bytes folded, the first one lowest.
std::uint32_t wordAt(const char *bytes)
{
    std::uint32_t word = 0;
    std::memcpy(&word, bytes, sizeof(word));
    if constexpr (std::endian::native == std::endian::big)
        word = __builtin_bswap32(word);
    return word | kFold;
}

/// Two bits of a word, by bits of a hash below those that the word is found by, so that one look asks for both.
std::uint32_t askedBits(std::uint32_t hash, unsigned shift)
{
    constexpr std::uint32_t kUppermost = 1U << kLastOfWord;
    return (kUppermost >> ((hash >> (shift - kBitsOfIndex)) & kLastOfWord))
           | (kUppermost >> ((hash >> (shift - 2 * kBitsOfIndex)) & kLastOfWord));
}

} // namespace

std::uint32_t gramHash(Gram gram, const char *bytes)
{
    switch (gram) {
    case Gram::Long:
        return wordAt(bytes) * kFirstFactor + (wordAt(bytes + sizeof(std::uint32_t)) & kFirstTwo) * kSecondFactor;
    case Gram::Middle: return wordAt(bytes) * kFirstFactor;
    case Gram::Short: break;
    }
    return (wordAt(bytes) & kFirstThree) * kShortFactor;
}

/// Of a group's places that are looked at for one size.
template <Gram kGram, unsigned kFirst, unsigned kLast> std::uint64_t GramFilter::Table::bitsOf(const char *group) const
{
    std::uint64_t found = 0;
    for (unsigned bit = kFirst; bit < kLast; ++bit) {
        const std::uint32_t hash = gramHash(kGram, group + placeOf(bit));
        const std::uint32_t asked = askedBits(hash, shift);
        found |= std::uint64_t((bits[hash >> shift] & asked) == asked) << bit;
    }
    return found;
}

GramFilter::GramFilter(const std::array<std::vector<std::uint32_t>, kGrams> &hashes)
{
    for (std::size_t gram = 0; gram < kGrams; ++gram)
        m_tables[gram] = tableOf(hashes[gram], kMostBits[gram]);
}

GramFilter::Table GramFilter::tableOf(const std::vector<std::uint32_t> &hashes, unsigned mostBits)
{
    const auto wanted = static_cast<unsigned>(std::bit_width(kBitsForEach * hashes.size()));
    const unsigned bits = std::clamp(wanted, kFewestBits, mostBits);
    Table table;
    table.shift = kHashBits - bits + kBitsOfIndex;
    table.bits.assign(std::size_t(1) << (bits - kBitsOfIndex), 0);
    for (const std::uint32_t hash : hashes)
        table.bits[hash >> table.shift] |= askedBits(hash, table.shift);
    return table;
}

bool GramFilter::hasAvx2()
{
#if defined(__x86_64__)
    static const bool has = __builtin_cpu_supports("avx2") != 0;
    return has;
#else
    return false;
#endif
}

void GramFilter::look(const char *bytes, std::size_t groups, std::uint64_t *bits, With with) const
{
    if (with == With::Avx2 || (with == With::Fitting && hasAvx2()))
        lookAvx2(bytes, groups, bits);
    else
        lookPlain(bytes, groups, bits);
}

void GramFilter::lookPlain(const char *bytes, std::size_t groups, std::uint64_t *bits) const
{
    for (std::size_t group = 0; group < groups; ++group) {
        const char *const from = bytes + group * kGroup;
        bits[group] = m_tables[0].bitsOf<Gram::Long, 0, kFirstMiddle>(from)
                      | m_tables[1].bitsOf<Gram::Middle, kFirstMiddle, kFirstShort>(from)
                      | m_tables[2].bitsOf<Gram::Short, kFirstShort, 2 * kFirstShort>(from);
    }
}

#if defined(__x86_64__)

namespace
{

#define MULLIGAN_AVX2 __attribute__((target("avx2"), always_inline)) inline

/// Eight words, four bytes apart.
MULLIGAN_AVX2 __m256i wordsAt(const char *bytes)
{
    return _mm256_or_si256(_mm256_loadu_si256(reinterpret_cast<const __m256i *>(bytes)),
                           _mm256_set1_epi32(static_cast<int>(kFold)));
}

MULLIGAN_AVX2 __m256i times(__m256i words, std::uint32_t factor)
{
    return _mm256_mullo_epi32(words, _mm256_set1_epi32(static_cast<int>(factor)));
}

/// A table as the search reads it.
struct Bits {
    const int *words;
    __m128i shift;
    __m128i shiftOfFirst;
    __m128i shiftOfSecond;
};

/// What a word is to be shifted by so that a bit of it is the uppermost.
MULLIGAN_AVX2 __m256i placesOf(__m256i hashes, __m128i shift)
{
    return _mm256_and_si256(_mm256_srl_epi32(hashes, shift), _mm256_set1_epi32(static_cast<int>(kLastOfWord)));
}

/// Eight bits, of eight hashes.
MULLIGAN_AVX2 std::uint64_t bitsOf(const Bits &table, __m256i hashes)
{
    const __m256i words = _mm256_i32gather_epi32(table.words, _mm256_srl_epi32(hashes, table.shift), sizeof(int));
    const __m256i first = _mm256_sllv_epi32(words, placesOf(hashes, table.shiftOfFirst));
    const __m256i second = _mm256_sllv_epi32(words, placesOf(hashes, table.shiftOfSecond));
    return static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_and_si256(first, second))));
}

#undef MULLIGAN_AVX2

} // namespace

__attribute__((target("avx2"))) void GramFilter::lookAvx2(const char *bytes, std::size_t groups,
                                                          std::uint64_t *bits) const
{
    std::array<Bits, kGrams> tables;
    for (std::size_t gram = 0; gram < kGrams; ++gram)
        tables[gram] = {reinterpret_cast<const int *>(m_tables[gram].bits.data()),
                        _mm_cvtsi32_si128(static_cast<int>(m_tables[gram].shift)),
                        _mm_cvtsi32_si128(static_cast<int>(m_tables[gram].shift - kBitsOfIndex)),
                        _mm_cvtsi32_si128(static_cast<int>(m_tables[gram].shift - 2 * kBitsOfIndex))};
    const __m256i firstTwo = _mm256_set1_epi32(static_cast<int>(kFirstTwo));
    const __m256i firstThree = _mm256_set1_epi32(static_cast<int>(kFirstThree));
    for (std::size_t group = 0; group < groups; ++group) {
        const char *const from = bytes + group * kGroup;
        std::uint64_t found = 0;
#pragma GCC unroll 2
        for (unsigned row = 0; row < 2; ++row) {
            const __m256i first = times(wordsAt(from + 2 * row), kFirstFactor);
            const __m256i second =
                times(_mm256_and_si256(wordsAt(from + 2 * row + sizeof(std::uint32_t)), firstTwo), kSecondFactor);
            found |= bitsOf(tables[0], _mm256_add_epi32(first, second)) << (kLanes * row);
            found |= bitsOf(tables[1], first) << (kFirstMiddle + kLanes * row);
        }
#pragma GCC unroll 4
        for (unsigned row = 0; row < 4; ++row) {
            const __m256i words = times(_mm256_and_si256(wordsAt(from + row), firstThree), kShortFactor);
            found |= bitsOf(tables[2], words) << (kFirstShort + kLanes * row);
        }
        bits[group] = found;
    }
}

#else

void GramFilter::lookAvx2(const char *bytes, std::size_t groups, std::uint64_t *bits) const
{
    lookPlain(bytes, groups, bits);
}

#endif

} // namespace mulligan::text
