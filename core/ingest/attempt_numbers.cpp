#include "ingest/attempt_numbers.hpp"

#include <algorithm>
#include <tuple>

namespace mulligan::ingest
{

void AttemptNumbers::add(std::optional<MappedRow::Key> key)
{
    if (key)
        m_rows.push_back({key->run, key->startMs, m_places});
    ++m_places;
}

std::vector<std::uint32_t> AttemptNumbers::finish() &&
{
    std::sort(m_rows.begin(), m_rows.end(), [](const Row &a, const Row &b) {
        return std::tie(a.run, a.startMs, a.place) < std::tie(b.run, b.startMs, b.place);
    });
    std::vector<std::uint32_t> numbers(m_places, 0);
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        number = i > 0 && m_rows[i].run == m_rows[i - 1].run ? number + 1 : 1;
        numbers[m_rows[i].place] = number;
    }
    return numbers;
}

} // namespace mulligan::ingest
