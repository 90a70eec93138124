#include "store/radix_order.hpp"

#include <array>
#include <cstddef>

namespace mulligan::store
{

void orderByKey(std::vector<Keyed> &rows)
{
    if (rows.size() < 2)
        return;
    std::vector<Keyed> other(rows.size());
    for (unsigned shift = 0; shift < 64; shift += 8) {
        std::array<std::size_t, 257> starts{};
        for (const Keyed &row : rows)
            ++starts[((row.key >> shift) & 0xff) + 1];
        if (starts[((rows.front().key >> shift) & 0xff) + 1] == rows.size())
            continue; // all alike in this byte
        for (std::size_t digit = 1; digit < starts.size(); ++digit)
            starts[digit] += starts[digit - 1];
        for (const Keyed &row : rows)
            other[starts[(row.key >> shift) & 0xff]++] = row;
        rows.swap(other);
    }
}

} // namespace mulligan::store
