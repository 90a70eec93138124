#pragma once

#include <cstdint>
#include <string>

namespace mulligan::formats
{

/// Watches a quoted field that goes on over line ends, to tell a long text from rows that a quote swallows which nobody
/// closed: such rows have as many delimiters as the first record has, one line after another.
class OpenQuote
{
public:
    /// `width`: fields of the first record; 0 when it is not known.
    OpenQuote(int delimiter, std::size_t width, std::uint64_t line)
        : m_delimiter(delimiter), m_delimiters(width > 0 ? width - 1 : 0), m_line(line)
    {
    }

    /// Takes the next byte of the field, its end among them.
    void take(int c);
    /// The line the quote stands in.
    [[nodiscard]] std::uint64_t line() const { return m_line; }
    [[nodiscard]] std::uint64_t lineEnds() const { return m_lineEnds; }
    /// Whether so much was taken, and so much of it looks like rows, that no end of it is worth waiting for.
    [[nodiscard]] bool swallowsRows() const
    {
        return (m_lineEnds > kLongLines || m_bytes > kLongBytes) && m_likeRows * 10 >= (m_lineEnds - 1) * 9
               && m_likeRows > 0;
    }
    /// Whether a line that was taken looks like a row, or what there is of the last one does.
    [[nodiscard]] bool holdsRow() const { return m_likeRows > 0 || (m_delimiters > 0 && m_seen >= m_delimiters); }
    /// Whether the quote that was taken last may be one that opens another field.
    [[nodiscard]] bool opensAnother() const { return m_atFieldBegin || holdsRow(); }

private:
    // Stack traces of several exceptions have a few hundred lines; of rows a hundred in a row are no chance.
    static constexpr std::uint64_t kLongLines = 100;
    static constexpr std::uint64_t kLongBytes = 1u << 20;
    int m_delimiter;
    std::uint64_t m_delimiters; ///< of a row; 0: there are none to go by
    std::uint64_t m_line;
    std::uint64_t m_lineEnds = 0;
    std::uint64_t m_bytes = 0;
    std::uint64_t m_seen = 0; ///< delimiters in the line at hand
    std::uint64_t m_likeRows = 0;
    bool m_endsWithOne = false;  ///< the line at hand, so far, ends with a delimiter
    bool m_atFieldBegin = false; ///< the last byte stands behind a delimiter or a line end
    int m_before = 0;
};

} // namespace mulligan::formats
