#include "formats/csv_bytes.hpp"

#include <algorithm>

namespace mulligan::formats
{

base::Result<void> CsvBytes::readOn()
{
    const std::size_t kept = m_marked ? m_size - m_mark : 0;
    if (kept > 0 && m_mark > 0)
        m_buffer.erase(m_buffer.begin(), m_buffer.begin() + static_cast<std::ptrdiff_t>(m_mark));
    if (kept == 0 && m_buffer.capacity() > 4 * kChunk)
        m_buffer = std::vector<char>(); // what a long field needed is given back
    m_buffer.resize(kept + kChunk);
    m_mark = 0;
    m_at = kept;
    m_size = kept;
    MULLIGAN_CHECK(fill(kept));
    return m_judged ? base::Result<void>() : judgeLineEnds();
}

base::Result<void> CsvBytes::fill(std::size_t kept)
{
    MULLIGAN_TRY(const std::size_t got, m_source.read({m_buffer.data() + kept, m_buffer.size() - kept}));
    m_size = kept + got;
    m_finished = got == 0;
    if (m_returns)
        std::replace(m_buffer.begin() + static_cast<std::ptrdiff_t>(kept),
                     m_buffer.begin() + static_cast<std::ptrdiff_t>(m_size), '\r', '\n');
    return {};
}

base::Result<void> CsvBytes::judgeLineEnds()
{
    m_judged = true;
    const auto has = [&](char c) {
        return std::string_view(m_buffer.data(), m_size).find(c) != std::string_view::npos;
    };
    while (!has('\n') && m_size < m_buffer.size() && !m_finished)
        MULLIGAN_CHECK(fill(m_size));
    m_returns = !has('\n') && has('\r');
    if (m_returns)
        std::replace(m_buffer.begin(), m_buffer.begin() + static_cast<std::ptrdiff_t>(m_size), '\r', '\n');
    return {};
}

base::Result<bool> CsvBytes::startsWith(std::string_view text)
{
    while (m_size - m_at < text.size() && !m_finished) {
        m_buffer.erase(m_buffer.begin(), m_buffer.begin() + static_cast<std::ptrdiff_t>(m_at));
        m_size -= m_at;
        m_at = 0;
        m_buffer.resize(std::max(m_size + text.size(), kChunk));
        MULLIGAN_CHECK(fill(m_size));
    }
    return std::string_view(m_buffer.data() + m_at, m_size - m_at).starts_with(text);
}

} // namespace mulligan::formats
