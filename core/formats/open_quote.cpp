#include "formats/open_quote.hpp"

namespace mulligan::formats
{

void OpenQuote::take(int c)
{
    ++m_bytes;
    m_atFieldBegin = m_before == m_delimiter || m_before == '\n';
    m_before = c;
    if (c == m_delimiter) {
        ++m_seen;
        m_endsWithOne = true;
        return;
    }
    if (c == '\n') {
        // Some writers end every row but not the header with a delimiter.
        const bool row = m_seen == m_delimiters || (m_endsWithOne && m_seen == m_delimiters + 1);
        if (m_lineEnds > 0 && m_delimiters > 0 && row)
            ++m_likeRows;
        ++m_lineEnds;
        m_seen = 0;
    }
    if (c != '\r')
        m_endsWithOne = false;
}

} // namespace mulligan::formats
