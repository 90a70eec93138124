#include "ingest/terminal_codes.hpp"

#include "formats/json_cursor.hpp"

#include <algorithm>

namespace mulligan::ingest
{

namespace
{

constexpr char kEscape = '\x1B';

/// Bytes from `at` on that lie between two others.
std::size_t countWithin(std::string_view text, std::size_t at, char first, char last)
{
    std::size_t end = at;
    while (end < text.size() && text[end] >= first && text[end] <= last)
        ++end;
    return end - std::min(at, end);
}

/// Bytes of a control string behind its two of introduction: up to BEL or ESC \ on the same line; 0 where it does not
/// end, since what follows may as well be the log's.
std::size_t stringSize(std::string_view text)
{
    const std::size_t end = text.find_first_of("\a\x1B\n");
    if (end == std::string_view::npos || text[end] == '\n')
        return 0;
    if (text[end] == '\a')
        return end + 1;
    return end + 1 < text.size() && text[end + 1] == '\\' ? end + 2 : 0;
}

/// Bytes of the sequence that `text` begins with, of which the first is ESC. Of a damaged one as much as certainly
/// belongs to it.
std::size_t sequenceSize(std::string_view text)
{
    const char kind = text.size() > 1 ? text[1] : '\0';
    switch (kind) {
    case '[': {
        std::size_t size = 2;
        size += countWithin(text, size, '0', '?');
        size += countWithin(text, size, ' ', '/');
        return size + (size < text.size() && text[size] >= '@' && text[size] <= '~' ? 1 : 0);
    }
    case ']':
    case 'P':
    case 'X':
    case '^':
    case '_': return 2 + stringSize(text.substr(2));
    case '(':
    case ')':
    case '*':
    case '+':
    case '#':
    case '%': return std::min<std::size_t>(3, text.size());
    case '7':
    case '8':
    case '=':
    case '>':
    case '\\':
    case 'c': return 2;
    default: return 1;
    }
}

} // namespace

std::string_view TerminalCodes::without(std::string_view text)
{
    std::size_t escape = text.find(kEscape);
    if (escape == std::string_view::npos)
        return text;
    m_text.clear();
    while (escape != std::string_view::npos) {
        m_text += text.substr(0, escape);
        text.remove_prefix(escape);
        text.remove_prefix(sequenceSize(text));
        escape = text.find(kEscape);
    }
    m_text += text;
    const std::size_t size = m_text.size();
    m_text.append(formats::kJsonPadding, ' ');
    return std::string_view(m_text).substr(0, size);
}

} // namespace mulligan::ingest
