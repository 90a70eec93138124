#pragma once

#include "text/gram_counts.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
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
/// Each text is found by a gram: the few bytes of it that stand most rarely in logs. What stands at each place of the
/// bytes scanned is looked up in a table of bits, letters without their case; where the bit is set, a hash table tells
/// which texts may stand there, and those are compared. Grams of long texts are looked up at every other byte only, so
/// each such text has two, one byte apart.
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
        std::uint32_t id = 0;
        std::uint32_t begin = 0; ///< in `m_bytes`
        std::uint16_t size = 0;
        std::uint16_t offset = 0;
        std::uint16_t ending = 0; ///< `endingOf` the text
        bool caseless = false;
        bool last = false; ///< of those with this gram
    };
    struct Found {
        std::uint64_t hash = 0; ///< of the gram
        Place place;
    };
    static constexpr std::uint32_t kFree = ~0U;
    struct Slot {
        std::uint32_t mark = 0; ///< of a gram's hash
        std::uint32_t place = kFree;
    };
    /// Texts found by grams of one size.
    struct Table {
        std::vector<Slot> slots;   ///< open addressing
        unsigned shift = 0;        ///< of a hash, to a slot
        std::vector<Place> places; ///< those with the same gram side by side
    };
    /// What is scanned, and who is told.
    struct Scan {
        std::string_view text;
        EndHandler onEnd;
        void *context;
    };

    static Table tableOf(std::vector<Found> found, unsigned hashBits);
    void fillFilters(const std::vector<Found> &longs, const std::vector<Found> &shorts);
    void scanPart(const Scan &scan, std::size_t at, const char *bytes, std::size_t size) const;
    void compare(const Table &table, std::size_t slot, std::uint32_t mark, const Scan &scan, std::size_t at) const;
    [[nodiscard]] bool stands(const Place &place, const char *bytes) const;

    Table m_long;
    Table m_short;
    /// By bits of a long gram's hash, and by others of it: few bytes pass both.
    std::vector<std::uint32_t> m_longFilter;
    std::vector<std::uint32_t> m_longFilter2;
    std::vector<std::uint8_t> m_shortFilter; ///< 0 or 1, likewise of short grams
    std::string m_bytes;                     ///< of the texts, one after another; letters of caseless ones folded
};

} // namespace mulligan::text
