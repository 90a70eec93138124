#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace mulligan::text
{

/// How many bytes of a text it is found by. Long and middle grams are looked up at even places only, short ones at
/// each.
enum class Gram : std::uint8_t { Long, Middle, Short };

inline constexpr std::size_t kGrams = 3;
inline constexpr std::array<std::size_t, kGrams> kGramBytes = {6, 4, 3};

/// Of a gram, letters without their case. Reads eight bytes of a long or middle one and four of a short one.
[[nodiscard]] std::uint32_t gramHash(Gram gram, const char *bytes);

/// Tells of each place whether a gram that is looked for may stand there: by two bits of one word for each, in tables
/// that are small enough for the nearest caches. Runs on eight places at once where the processor has AVX2.
class GramFilter
{
public:
    enum class With { Fitting, Plain, Avx2 }; ///< instructions; another than the fitting ones for tests

    GramFilter() = default;
    /// `hashes`: of the grams that are looked for, by size.
    explicit GramFilter(const std::array<std::vector<std::uint32_t>, kGrams> &hashes);

    /// Places of a group, and the bytes behind its last one that are read.
    static constexpr std::size_t kGroup = 32;
    static constexpr std::size_t kBehind = 8;

    /// A bit for each place and size, to be read by `gramOf` and `placeOf`, of so many groups from `bytes` on.
    void look(const char *bytes, std::size_t groups, std::uint64_t *bits, With with = With::Fitting) const;

    [[nodiscard]] static Gram gramOf(unsigned bit)
    {
        return bit < kFirstMiddle ? Gram::Long : bit < kFirstShort ? Gram::Middle : Gram::Short;
    }
    /// Within its group.
    [[nodiscard]] static std::size_t placeOf(unsigned bit)
    {
        const unsigned row = bit / kLanes; // eight places, each four bytes from the next
        return kLanesApart * (bit % kLanes) + (bit < kFirstShort ? 2 * (row % 2) : row % 4);
    }

    /// Whether AVX2 can be asked for.
    [[nodiscard]] static bool hasAvx2();

private:
    static constexpr unsigned kLanes = 8;
    static constexpr unsigned kLanesApart = 4;
    static constexpr unsigned kFirstMiddle = 2 * kLanes;
    static constexpr unsigned kFirstShort = 4 * kLanes;

    struct Table {
        std::vector<std::uint32_t> bits;
        unsigned shift = 0; ///< of a hash, to a word of the table; the ten bits below are those of two bits in it

        template <Gram kGram, unsigned kFirst, unsigned kLast>
        [[nodiscard]] std::uint64_t bitsOf(const char *group) const;
    };

    static Table tableOf(const std::vector<std::uint32_t> &hashes, unsigned mostBits);
    void lookPlain(const char *bytes, std::size_t groups, std::uint64_t *bits) const;
    void lookAvx2(const char *bytes, std::size_t groups, std::uint64_t *bits) const;

    std::array<Table, kGrams> m_tables;
};

} // namespace mulligan::text
