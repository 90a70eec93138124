#include "formats/list_alignment.hpp"

#include <algorithm>
#include <cstdint>

namespace mulligan::formats
{

namespace
{

/// Old and new items between two that are equal, paired one by one.
class Unpaired
{
public:
    void goes(size_t item) { m_gone.push_back(item); }
    void comes(size_t item) { m_come.push_back(item); }
    void flush(std::vector<AlignedItem> &into)
    {
        for (size_t k = 0; k < std::max(m_gone.size(), m_come.size()); ++k)
            into.push_back({k < m_gone.size() ? m_gone[k] : AlignedItem::kNone,
                            k < m_come.size() ? m_come[k] : AlignedItem::kNone, false});
        m_gone.clear();
        m_come.clear();
    }

private:
    std::vector<size_t> m_gone;
    std::vector<size_t> m_come;
};

} // namespace

std::vector<AlignedItem> alignLists(size_t oldSize, size_t nextSize, const std::function<bool(size_t, size_t)> &equal)
{
    constexpr size_t kMostCells = 4'000'000;
    size_t head = 0;
    while (head < oldSize && head < nextSize && equal(head, head))
        ++head;
    size_t tail = 0;
    while (tail < oldSize - head && tail < nextSize - head && equal(oldSize - 1 - tail, nextSize - 1 - tail))
        ++tail;
    const size_t rows = oldSize - head - tail;
    const size_t columns = nextSize - head - tail;
    const bool small = columns == 0 || rows <= kMostCells / columns;
    std::vector<std::uint32_t> length(small ? (rows + 1) * (columns + 1) : 0);
    const auto at = [&](size_t i, size_t j) -> std::uint32_t & { return length[i * (columns + 1) + j]; };
    for (size_t i = small ? rows : 0; i-- > 0;)
        for (size_t j = columns; j-- > 0;)
            at(i, j) = equal(head + i, head + j) ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));

    std::vector<AlignedItem> steps;
    for (size_t i = 0; i < head; ++i)
        steps.push_back({i, i, true});
    Unpaired unpaired;
    for (size_t i = 0, j = 0; i < rows || j < columns;) {
        if (small && i < rows && j < columns && equal(head + i, head + j)) {
            unpaired.flush(steps);
            steps.push_back({head + i++, head + j++, true});
        } else if (i < rows && (j == columns || !small || at(i + 1, j) >= at(i, j + 1))) {
            unpaired.goes(head + i++);
        } else {
            unpaired.comes(head + j++);
        }
    }
    unpaired.flush(steps);
    for (size_t k = tail; k > 0; --k)
        steps.push_back({oldSize - k, nextSize - k, true});
    return steps;
}

} // namespace mulligan::formats
