#include "formats/json_check.hpp"

#include "formats/line_reader.hpp"

#include <algorithm>

namespace mulligan::formats
{

namespace
{

constexpr int kMaxDepth = 256;

/// A recursive descent over RFC 8259 that stops at the first fault.
class Checker
{
public:
    explicit Checker(std::string_view text) : m_text(text) {}

    std::optional<JsonProblem> check()
    {
        skipSpace();
        if (value(0)) {
            skipSpace();
            if (m_at < m_text.size())
                fail("something stands behind the value");
        }
        return m_problem;
    }

private:
    bool fail(std::string message)
    {
        if (!m_problem)
            m_problem = JsonProblem{m_at, std::move(message), m_at >= m_text.size()};
        return false;
    }
    [[nodiscard]] char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    void skipSpace()
    {
        while (m_at < m_text.size() && std::string_view(" \t\r\n").find(m_text[m_at]) != std::string_view::npos)
            ++m_at;
    }

    bool value(int depth)
    {
        if (depth > kMaxDepth)
            return fail("nested more than 256 levels deep");
        switch (peek()) {
        case '{': return members(depth);
        case '[': return items(depth);
        case '"': return string();
        case 't': return word("true");
        case 'f': return word("false");
        case 'n': return word("null");
        default: return number();
        }
    }

    bool word(std::string_view expected)
    {
        for (const char c : expected) {
            if (peek() != c)
                return fail("expected '" + std::string(expected) + "'");
            ++m_at;
        }
        return true;
    }

    bool members(int depth)
    {
        ++m_at;
        skipSpace();
        if (peek() == '}')
            return ++m_at, true;
        for (;;) {
            skipSpace();
            if (peek() != '"')
                return fail("expected a key in double quotes");
            if (!string())
                return false;
            skipSpace();
            if (peek() != ':')
                return fail("expected ':' after the key");
            ++m_at;
            skipSpace();
            if (!value(depth + 1))
                return false;
            skipSpace();
            if (peek() == '}')
                return ++m_at, true;
            if (peek() != ',')
                return fail("expected ',' or '}'");
            ++m_at;
        }
    }

    bool items(int depth)
    {
        ++m_at;
        skipSpace();
        if (peek() == ']')
            return ++m_at, true;
        for (;;) {
            skipSpace();
            if (!value(depth + 1))
                return false;
            skipSpace();
            if (peek() == ']')
                return ++m_at, true;
            if (peek() != ',')
                return fail("expected ',' or ']'");
            ++m_at;
        }
    }

    bool string()
    {
        ++m_at;
        for (;; ++m_at) {
            if (m_at >= m_text.size())
                return fail("the text ends inside a string");
            const auto c = static_cast<unsigned char>(m_text[m_at]);
            if (c == '"')
                return ++m_at, true;
            if (c < 0x20)
                return fail("a control character must be escaped");
            if (c == '\\' && !escape())
                return false;
            if (c >= 0x80 && !sequence())
                return false;
        }
    }

    /// At a backslash; stays on the last byte of the escape.
    bool escape()
    {
        ++m_at;
        if (peek() != 'u')
            return std::string_view("\"\\/bfnrt").find(peek()) != std::string_view::npos && m_at < m_text.size()
                       ? true
                       : fail("there is no such escape");
        for (int i = 0; i < 4; ++i) {
            ++m_at;
            if (std::string_view("0123456789abcdefABCDEF").find(peek()) == std::string_view::npos
                || m_at >= m_text.size())
                return fail("expected four hexadecimal digits");
        }
        return true;
    }

    /// At the first byte of a sequence; stays on its last byte.
    bool sequence()
    {
        const auto lead = static_cast<unsigned char>(m_text[m_at]);
        const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        if (m_at + length > m_text.size() || !isValidUtf8(m_text.substr(m_at, length)))
            return fail("not valid UTF-8");
        m_at += length - 1;
        return true;
    }

    bool digits()
    {
        const std::size_t begin = m_at;
        while (peek() >= '0' && peek() <= '9')
            ++m_at;
        return m_at > begin ? true : fail("expected a digit");
    }

    bool number()
    {
        const std::size_t begin = m_at;
        if (peek() == '-')
            ++m_at;
        if (peek() < '0' || peek() > '9')
            return fail(m_at == begin ? "expected a value" : "expected a digit");
        if (peek() == '0')
            ++m_at;
        else if (!digits())
            return false;
        if (peek() == '.') {
            ++m_at;
            if (!digits())
                return false;
        }
        if (peek() == 'e' || peek() == 'E') {
            ++m_at;
            if (peek() == '+' || peek() == '-')
                ++m_at;
            return digits();
        }
        return true;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::optional<JsonProblem> m_problem;
};

} // namespace

std::optional<JsonProblem> findJsonProblem(std::string_view text)
{
    return Checker(text).check();
}

std::string placeOf(std::string_view text, std::size_t offset)
{
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t begin = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    return "line " + std::to_string(line) + ", column " + std::to_string(before.size() - begin + 1);
}

} // namespace mulligan::formats
