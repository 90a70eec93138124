#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace mulligan::formats
{

/// One step of how an old list becomes a new one: it takes an item of the old list, one of the new list, or both.
struct AlignedItem {
    static constexpr size_t kNone = static_cast<size_t>(-1);
    size_t old = kNone;  ///< index in the old list; kNone: the new item is added here
    size_t next = kNone; ///< index in the new list; kNone: the old item goes
    bool same = false;   ///< both are equal; both and not equal: the one gives way to the other

    bool operator==(const AlignedItem &) const = default;
};

/// Aligns lists by their longest common subsequence; between its members, old and new items are paired one by one.
/// Steps come in the order of both lists. Lists whose middle parts have more than 4,000,000 pairs are compared from both
/// ends only. Cost: the product of the lengths of the parts that differ.
[[nodiscard]] std::vector<AlignedItem> alignLists(size_t oldSize, size_t nextSize,
                                                  const std::function<bool(size_t, size_t)> &equal);

} // namespace mulligan::formats
