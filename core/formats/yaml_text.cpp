#include "formats/yaml_text.hpp"

#include "formats/line_reader.hpp"

#include <algorithm>
#include <vector>

namespace mulligan::formats
{

namespace
{

using base::ErrorCode;
using base::makeError;

bool hasWideMark(std::string_view text)
{
    return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")
           || text.starts_with(std::string_view("\0\0\xFE\xFF", 4));
}

size_t sequenceLength(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    return lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
}

/// The first byte that begins no valid sequence.
size_t firstInvalid(std::string_view text)
{
    size_t at = 0;
    while (at < text.size()) {
        const size_t length = sequenceLength(static_cast<unsigned char>(text[at]));
        if (length > 1 && !isValidUtf8(text.substr(at, length)))
            break;
        at += length;
    }
    return std::min(at, text.size() - 1);
}

std::string placeOf(std::string_view text, size_t at)
{
    const std::string_view before = text.substr(0, at);
    const size_t begin = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    const auto column = std::count_if(before.begin() + static_cast<std::ptrdiff_t>(begin), before.end(),
                                      [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    return "line " + std::to_string(1 + std::count(before.begin(), before.end(), '\n')) + ", column "
           + std::to_string(column + 1);
}

std::string hex(char byte)
{
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    const auto value = static_cast<unsigned char>(byte);
    return {'0', 'x', kDigits[value >> 4U], kDigits[value & 15U]};
}

/// Where texts in quotes begin and end.
class QuoteScan
{
public:
    explicit QuoteScan(std::string_view text) : m_text(text) {}

    /// The last text in quotes that began before `line` and reaches it.
    std::string reaching(int line)
    {
        for (m_at = 0; m_at < m_text.size(); ++m_at)
            step();
        if (m_quote != 0)
            note();
        for (auto quote = m_quotes.rbegin(); quote != m_quotes.rend(); ++quote)
            if (quote->line < line && quote->lastLine >= line)
                return "The quote opened on line " + std::to_string(quote->line) + ", column "
                       + std::to_string(quote->column) + " is still open there: close it on its own line.";
        return {};
    }

private:
    struct Quote {
        int line = 0;
        int column = 0;
        int lastLine = 0;
    };

    void step()
    {
        const char c = m_text[m_at];
        if (c == '\n') {
            ++m_line;
            m_begin = m_at + 1;
        } else if (m_quote != 0) {
            inside(c);
        } else if (c == '#' && (m_at == m_begin || m_text[m_at - 1] == ' ')) {
            m_at = std::min(m_text.find('\n', m_at), m_text.size()) - 1;
        } else if ((c == '"' || c == '\'') && beginsValue()) {
            m_quote = c;
            m_open = {m_line, static_cast<int>(m_at - m_begin) + 1, 0};
        }
    }

    void inside(char c)
    {
        if (c == '\\' && m_quote == '"' && m_at + 1 < m_text.size() && m_text[m_at + 1] != '\n') {
            ++m_at;
        } else if (c == m_quote && m_quote == '\'' && m_at + 1 < m_text.size() && m_text[m_at + 1] == '\'') {
            ++m_at; // two of them stand for one
        } else if (c == m_quote) {
            note();
            m_quote = 0;
        }
    }

    /// Whether what stands before on the line lets a value begin here.
    [[nodiscard]] bool beginsValue() const
    {
        const std::string_view before = m_text.substr(m_begin, m_at - m_begin);
        const size_t last = before.find_last_not_of(' ');
        return last == std::string_view::npos || std::string_view(":-,[{").find(before[last]) != std::string_view::npos;
    }

    void note()
    {
        m_open.lastLine = m_line;
        m_quotes.push_back(m_open);
    }

    std::string_view m_text;
    size_t m_at = 0;
    size_t m_begin = 0;
    int m_line = 1;
    char m_quote = 0;
    Quote m_open;
    std::vector<Quote> m_quotes;
};

} // namespace

base::Result<void> checkYamlText(std::string_view text)
{
    if (hasWideMark(text))
        return {};
    if (const size_t zero = text.find('\0'); zero != std::string_view::npos)
        return makeError(ErrorCode::Parse, "This is no text file: a zero byte stands in it",
                         "Check that this is the file you meant; a rule or settings file is plain text in UTF-8.")
            .in(placeOf(text, zero));
    if (isValidUtf8(text))
        return {};
    const size_t at = firstInvalid(text);
    return makeError(ErrorCode::Parse, "The file is not UTF-8: the byte " + hex(text[at]) + " begins no character",
                     "Save it as UTF-8, or convert it: iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW.")
        .in(placeOf(text, at));
}

bool closesQuote(std::string_view text, int line, int column)
{
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (hasWideMark(text) || (line == 0 && text.starts_with(kByteOrderMark)))
        return true; // the place is one of the text without the mark
    size_t at = 0;
    for (int passed = 0; passed < line; ++passed)
        at = std::min(text.find('\n', at), text.size() - 1) + 1;
    at += static_cast<size_t>(column);
    if (at >= text.size() || (text[at] != '"' && text[at] != '\''))
        return true;
    const char quote = text[at];
    while (++at < text.size()) {
        const bool pair = quote == '\'' && text.substr(at, 2) == "''"; // two of them stand for one
        if ((text[at] == '\\' && quote == '"') || pair)
            ++at;
        else if (text[at] == quote)
            return true;
    }
    return false;
}

std::string openQuoteAt(std::string_view text, int line)
{
    return QuoteScan(text).reaching(line);
}

} // namespace mulligan::formats
