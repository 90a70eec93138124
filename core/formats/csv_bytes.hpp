#pragma once

#include "formats/byte_source.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace mulligan::formats
{

/// Bytes of a source one at a time with one byte of look-ahead, and a place that can be gone back to. Line ends of old
/// Macs ("\r", where the beginning has no other) come as "\n".
class CsvBytes
{
public:
    static constexpr int kEnd = -1;

    explicit CsvBytes(ByteSource &source) : m_source(source), m_buffer(kChunk) {}

    [[nodiscard]] base::Result<int> peek()
    {
        if (m_at == m_size && !m_finished)
            MULLIGAN_CHECK(readOn());
        return m_at < m_size ? static_cast<unsigned char>(m_buffer[m_at]) : kEnd;
    }
    void take() { ++m_at; }
    /// Whether the next bytes are `text`, of which the chunk holds at most a few. Not while a place is marked.
    [[nodiscard]] base::Result<bool> startsWith(std::string_view text);

    /// What follows is kept from here on, until forget() or goBack().
    void mark()
    {
        m_mark = m_at;
        m_marked = true;
    }
    void forget() { m_marked = false; }
    /// Stands at the mark again, which is gone then.
    void goBack()
    {
        m_at = m_mark;
        m_marked = false;
    }

private:
    [[nodiscard]] base::Result<void> readOn();
    /// Reads what fits behind the first `kept` bytes of the buffer.
    [[nodiscard]] base::Result<void> fill(std::size_t kept);
    [[nodiscard]] base::Result<void> judgeLineEnds();

    static constexpr std::size_t kChunk = 1u << 16;
    ByteSource &m_source;
    std::vector<char> m_buffer;
    std::size_t m_at = 0;
    std::size_t m_size = 0;
    std::size_t m_mark = 0;
    bool m_marked = false;
    bool m_finished = false;
    bool m_judged = false;  ///< what ends a line is known
    bool m_returns = false; ///< "\r" does
};

} // namespace mulligan::formats
