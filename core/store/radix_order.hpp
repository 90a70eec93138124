#pragma once

#include <cstdint>
#include <vector>

namespace mulligan::store
{

struct Keyed {
    std::uint64_t key = 0;
    std::int64_t id = 0;

    bool operator==(const Keyed &) const = default;
};

/// Orders by key, rows of equal key staying as they are. Radix sort, one pass a byte in which keys differ: a million
/// rows take a few tens of milliseconds whatever the keys are.
void orderByKey(std::vector<Keyed> &rows);

} // namespace mulligan::store
