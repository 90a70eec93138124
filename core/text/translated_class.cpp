#include "text/translated_class.hpp"

#include "text/pattern_bytes.hpp"

#include <cctype>
#include <cstring>

namespace mulligan::text
{

namespace
{

bool isAlnum(char byte)
{
    return std::isalnum(static_cast<unsigned char>(byte)) != 0 && static_cast<unsigned char>(byte) < 128;
}

std::string hex(unsigned byte)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    return std::string("\\x") + kDigits[(byte >> 4U) & 15U] + kDigits[byte & 15U];
}

/// Members of a class for a set of bytes; what holds the bytes above 127 holds all characters above them.
std::string membersOf(Engine engine, const ByteSet &set)
{
    std::string out;
    for (unsigned byte = 0; byte < 128; ++byte) {
        if (!set.test(byte))
            continue;
        unsigned last = byte;
        while (last + 1 < 128 && set.test(last + 1))
            ++last;
        const auto one = [](unsigned value) {
            return isAlnum(static_cast<char>(value)) ? std::string(1, static_cast<char>(value)) : hex(value);
        };
        out += one(byte);
        if (last > byte)
            out += '-' + one(last);
        byte = last;
    }
    if (set.test(255))
        out += "\\x80-" + std::string(engine == Engine::Python ? "\\U0010ffff" : "\\x{10ffff}");
    return out;
}

std::optional<ByteSet> boostOnly(char letter)
{
    const ByteSet horizontal = oneByte(' ') | oneByte('\t');
    const ByteSet vertical = byteRange('\n', '\r');
    switch (letter) {
    case 'h': return horizontal;
    case 'H': return ~horizontal;
    case 'v': return vertical;
    case 'V': return ~vertical;
    case 'l': return byteRange('a', 'z');
    case 'L': return ~byteRange('a', 'z');
    case 'u': return byteRange('A', 'Z');
    case 'U': return ~byteRange('A', 'Z');
    default: return std::nullopt;
    }
}

/// Walks a class in brackets.
class ClassWriter
{
public:
    ClassWriter(Engine engine, std::string_view pattern, std::size_t at)
        : m_engine(engine), m_pattern(pattern), m_at(at + 1)
    {
    }

    ClassText run()
    {
        m_out.text = "[";
        if (peek() == '^') {
            m_out.text += '^';
            ++m_at;
        }
        for (bool first = true; m_at < m_pattern.size() && (first || peek() != ']') && m_out.why.empty(); first = false)
            item();
        m_out.text += ']';
        m_out.end = m_at + 1;
        return std::move(m_out);
    }

private:
    [[nodiscard]] char peek(std::size_t ahead = 0) const
    {
        return m_at + ahead < m_pattern.size() ? m_pattern[m_at + ahead] : '\0';
    }
    void refuse(std::string why)
    {
        m_out.why = std::move(why);
        m_out.whyAt = m_at;
    }

    void item()
    {
        const char byte = peek();
        if (byte == '[' && peek(1) != '\0' && std::strchr(":.=", peek(1)) != nullptr) {
            named();
        } else if (byte == '\\') {
            escape();
        } else {
            // Java unites and intersects classes with '[' and '&&', Python means to; a leading ']' ends Java's.
            const bool doubled = (byte == '&' || byte == '~' || byte == '|' || byte == '-') && peek(1) == byte;
            if (byte == '[' || byte == ']' || doubled)
                m_out.text += '\\';
            m_out.text += byte;
            ++m_at;
        }
    }

    void named()
    {
        const std::size_t close = m_pattern.find(":]", m_at + 2);
        if (peek(1) != ':' || close == std::string_view::npos) {
            refuse("collating elements in a class are known to Boost only");
            return;
        }
        std::string_view name = m_pattern.substr(m_at + 2, close - m_at - 2);
        const bool negated = name.starts_with('^');
        if (negated)
            name.remove_prefix(1);
        const auto set = posixClass(name);
        if (!set) {
            refuse("the class [:" + std::string(name) + ":] is known to Boost only");
            return;
        }
        m_out.text += membersOf(m_engine, negated ? ~*set : *set);
        m_at = close + 2;
    }

    void escape()
    {
        if (const auto known = classFor(m_engine, peek(1))) {
            m_out.text += known->inside;
            m_out.shorthand = true;
            m_at += 2;
            return;
        }
        if (peek(1) == 'b') {
            m_out.text += "\\x08";
            m_at += 2;
            return;
        }
        const auto [byte, next] = escapedByte(m_pattern, m_at);
        if (!byte) {
            refuse("'\\" + std::string(1, peek(1)) + "' in a class is known to Boost only");
            return;
        }
        const std::string_view source = m_pattern.substr(m_at, next - m_at);
        m_out.text += commonEscape(source) ? std::string(source) : escaped(*byte);
        m_at = next;
    }

    Engine m_engine;
    std::string_view m_pattern;
    std::size_t m_at;
    ClassText m_out;
};

} // namespace

std::optional<EscapeClass> classFor(Engine engine, char letter)
{
    EscapeClass out;
    if (const auto own = boostOnly(letter)) {
        out.inside = membersOf(engine, *own);
        out.outside = "[" + out.inside + "]";
        return out;
    }
    const auto shared = classEscape(letter);
    if (!shared)
        return std::nullopt;
    out.inside = out.outside = std::string("\\") + letter;
    if (engine == Engine::Re2 && (letter == 's' || letter == 'S')) { // RE2's does not hold \v
        out.inside = membersOf(engine, *shared);
        out.outside = "[" + out.inside + "]";
    }
    return out;
}

ClassText writeClass(Engine engine, std::string_view pattern, std::size_t at)
{
    return ClassWriter(engine, pattern, at).run();
}

std::pair<std::optional<char>, std::size_t> escapedByte(std::string_view pattern, std::size_t at)
{
    const auto peek = [&](std::size_t ahead) { return at + ahead < pattern.size() ? pattern[at + ahead] : '\0'; };
    const auto isHex = [](char digit) { return std::isxdigit(static_cast<unsigned char>(digit)) != 0; };
    const char letter = peek(1);
    if (at + 1 >= pattern.size())
        return {std::nullopt, at};
    if (const auto control = controlEscape(letter))
        return {*control, at + 2};
    if (letter == 'x') {
        const bool braced = peek(2) == '{';
        const std::size_t begin = at + (braced ? 3 : 2);
        std::size_t end = begin;
        while (end < pattern.size() && end < begin + 2 && isHex(pattern[end]))
            ++end;
        const bool closed = !braced || (end < pattern.size() && pattern[end] == '}');
        if (end - begin != 2 || !closed)
            return {std::nullopt, at};
        const auto value = std::stoul(std::string(pattern.substr(begin, 2)), nullptr, 16);
        return {static_cast<char>(value), end + (braced ? 1 : 0)};
    }
    if (isAlnum(letter) || static_cast<unsigned char>(letter) > 127)
        return {std::nullopt, at};
    return {letter, at + 2};
}

std::string escaped(char byte)
{
    if (isAlnum(byte) || byte == '_' || static_cast<unsigned char>(byte) > 127)
        return std::string(1, byte);
    const auto value = static_cast<unsigned char>(byte);
    return value < 33 || value == 127 ? hex(value) : std::string("\\") + byte;
}

bool commonEscape(std::string_view escape)
{
    const char letter = escape[1];
    if (letter == 'x')
        return escape.size() == 4;
    if (letter == '<' || letter == '>' || static_cast<unsigned char>(letter) < 33)
        return false;
    return !isAlnum(letter) || letter == 'n' || letter == 'r' || letter == 't' || letter == 'f';
}

} // namespace mulligan::text
