#pragma once

#include "text/gram_counts.hpp"
#include "text/gram_filter.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::text
{

/// A text of at least three bytes that is looked for.
struct SoughtText {
    std::string bytes;
    bool caseless = false; ///< of ASCII letters
    std::uint32_t id = 0;  ///< that its ends are reported under
};

/// Where a text that is looked for ends.
using EndHandler = void (*)(std::uint32_t id, std::size_t end, void *context);

/// Finds thousands of texts in one pass, in a time that hardly depends on how many they are.
///
/// Each text is found by a gram: the few bytes of it that stand most rarely in logs. `GramFilter` tells at which places
/// of the bytes scanned one may stand; there a hash table tells which texts may, and those are compared. Long grams are
/// looked up at every other byte only, so each text that has them has two, one byte apart.
class LiteralScan
{
public:
    LiteralScan() = default;
    /// `examples` of what will be scanned may be null. `texts`: of at most 65,535 bytes each.
    LiteralScan(const std::vector<SoughtText> &texts, const GramCounts *examples);

    [[nodiscard]] bool empty() const { return m_bytes.empty(); }

    /// Calls `onEnd` for every occurrence of every text, in no order.
    void scan(std::string_view text, EndHandler onEnd, void *context) const;

private:
    /// A text, and where in it the gram begins that it is found by.
    struct Place {
        std::uint32_t begin = 0;   ///< in `m_bytes`
        std::uint32_t firstId = 0; ///< in `m_ids`, of those that it is reported under
        std::uint32_t endOfIds = 0;
        std::uint16_t size = 0;
        std::uint16_t offset = 0;
        std::uint16_t ending = 0; ///< `endingOf` the text
        std::uint16_t mark = 0;   ///< `markOf` the gram's hash
        bool caseless = false;
    };
    struct Found {
        std::uint32_t hash = 0; ///< of the gram
        Place place;
    };
    /// Texts found by grams of one size.
    struct Table {
        std::vector<Place> places;         ///< by hash
        std::vector<std::uint32_t> begins; ///< in `places`, by the upper bits of a hash, and at last their end
        unsigned shift = 0;                ///< to those bits
    };
    /// What is scanned, and who is told.
    struct Scan {
        std::string_view text;
        EndHandler onEnd;
        void *context;
    };
    /// A gram that may be one of those looked for.
    struct Hit {
        std::size_t at; ///< in the text
        std::uint32_t hash;
        const Table *table;
    };
    static constexpr std::size_t kMostHits = 64;

    static Table tableOf(std::vector<Found> found);
    void scanPart(const Scan &scan, std::size_t at, const char *bytes, std::size_t groups) const;
    void compareAll(std::span<const Hit> hits, const Scan &scan) const;
    void compare(const Hit &hit, const Scan &scan) const;
    [[nodiscard]] bool stands(const Place &place, const char *bytes) const;

    std::array<Table, kGrams> m_tables;
    GramFilter m_filter;
    std::vector<std::uint32_t> m_ids;
    std::string m_bytes; ///< of the texts, one after another; letters of caseless ones folded
};

} // namespace mulligan::text
