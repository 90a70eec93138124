#include "ingest/attempt_numbers.hpp"

#include <algorithm>
#include <tuple>

namespace mulligan::ingest
{

void AttemptNumbers::add(std::optional<MappedRow::Key> key)
{
    if (key)
        m_rows.push_back({key->run, key->startMs, m_places, key->slice});
    ++m_places;
}

RowOrder AttemptNumbers::finish() &&
{
    std::sort(m_rows.begin(), m_rows.end(), [](const Row &a, const Row &b) {
        return std::tie(a.run, a.startMs, b.slice, a.place) < std::tie(b.run, b.startMs, a.slice, b.place);
    });
    RowOrder out;
    out.numbers.resize(m_places, 0);
    std::uint32_t number = 0;
    const Row *first = nullptr; // of the slices before the row at hand
    std::uint64_t slices = 0;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const Row &row = m_rows[i];
        if (i > 0 && row.run != m_rows[i - 1].run) {
            number = 0;
            out.unended += slices;
            first = nullptr;
            slices = 0;
        }
        if (row.slice) {
            first = first == nullptr ? &row : first;
            ++slices;
            continue;
        }
        out.numbers[row.place] = ++number;
        if (first != nullptr)
            out.begins.emplace(row.place, first->startMs);
        first = nullptr;
        slices = 0;
    }
    out.unended += slices;
    return out;
}

} // namespace mulligan::ingest
