#pragma once

#include "ingest/secret_scan.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace mulligan::ingest::secret
{

inline constexpr std::size_t kLongestName = 160;

/// What a character can belong to; several may apply.
enum : unsigned char { kAnchor = 1, kWord = 2, kToken = 4, kHex = 8, kEndsValue = 16, kBase64 = 32 };

constexpr std::array<unsigned char, 256> makeClasses()
{
    std::array<unsigned char, 256> out{};
    for (const char c : std::string_view("=:>IJ_-dyhBb"))
        out[static_cast<unsigned char>(c)] |= kAnchor;
    for (int c = 0; c < 256; ++c) {
        const bool digit = c >= '0' && c <= '9';
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const auto at = static_cast<std::size_t>(c);
        if (digit || letter)
            out[at] |= kWord | kToken | kBase64;
        if (digit || (c >= 'a' && c <= 'f'))
            out[at] |= kHex;
        if (c <= 0x20)
            out[at] |= kEndsValue;
    }
    for (const char c : std::string_view("_-"))
        out[static_cast<unsigned char>(c)] |= kToken;
    for (const char c : std::string_view("+/="))
        out[static_cast<unsigned char>(c)] |= kBase64;
    for (const char c : std::string_view(",;&'\"<>)]}|\\`"))
        out[static_cast<unsigned char>(c)] |= kEndsValue;
    return out;
}
inline constexpr std::array<unsigned char, 256> kClasses = makeClasses();

inline bool is(char c, unsigned char what)
{
    return (kClasses[static_cast<unsigned char>(c)] & what) != 0;
}

/// The text around one anchor, and how names, values and runs of characters are read off it. Nothing before `from` is
/// looked at, except to see whether a word reaches over it.
class Surroundings
{
public:
    Surroundings(std::string_view text, std::size_t from, std::size_t at) : m_text(text), m_from(from), m_at(at) {}

protected:
    using Found = std::optional<FoundSecret>;

    [[nodiscard]] char at(std::size_t i) const { return i < m_text.size() ? m_text[i] : '\0'; }
    [[nodiscard]] bool here(std::size_t i, std::string_view expected) const
    {
        return i <= m_text.size() && m_text.substr(i, expected.size()) == expected;
    }
    /// Whether no word reaches into position `i` from the left.
    [[nodiscard]] bool bounded(std::size_t i) const { return i == 0 || !is(m_text[i - 1], kWord); }
    [[nodiscard]] bool startsHere(std::string_view expected) const { return here(m_at, expected) && bounded(m_at); }
    /// Whether `expected` ends just before the anchor and begins a word.
    [[nodiscard]] bool before(std::string_view expected) const
    {
        return m_at >= m_from + expected.size() && here(m_at - expected.size(), expected)
               && bounded(m_at - expected.size());
    }
    [[nodiscard]] std::size_t endOf(std::size_t i, unsigned char what) const
    {
        while (i < m_text.size() && is(m_text[i], what))
            ++i;
        return i;
    }
    [[nodiscard]] std::size_t skip(std::size_t i, std::string_view what, std::size_t most) const
    {
        while (most-- > 0 && i < m_text.size() && what.find(m_text[i]) != std::string_view::npos)
            ++i;
        return i;
    }
    [[nodiscard]] std::string_view slice(std::size_t begin, std::size_t end) const
    {
        return m_text.substr(begin, end - begin);
    }
    /// A secret of characters of one class: a prefix from `begin` and at least `least` characters from `body` on.
    [[nodiscard]] Found run(std::size_t begin, std::size_t body, unsigned char what, std::size_t least,
                            std::string_view kind) const
    {
        const std::size_t end = endOf(body, what);
        return end - body >= least ? Found({begin, end, kind}) : std::nullopt;
    }

    struct Name {
        std::size_t begin = 0;
        std::size_t end = 0;
        bool quoted = false;
    };
    /// The name that ends before `i`, spaces and quotes between them aside.
    [[nodiscard]] Name nameBefore(std::size_t i) const
    {
        Name name;
        const auto back = [&](std::string_view what, int most) {
            bool any = false;
            while (most-- > 0 && i > m_from && what.find(m_text[i - 1]) != std::string_view::npos) {
                --i;
                any = true;
            }
            return any;
        };
        back(" \t", 2);
        name.quoted = back("\"'\\", 3);
        name.end = i;
        const std::size_t limit = i - std::min(i - m_from, kLongestName);
        while (i > limit && (is(m_text[i - 1], kToken) || m_text[i - 1] == '.'))
            --i;
        name.begin = i;
        return name;
    }

    struct Value {
        std::size_t begin = 0;
        std::size_t end = 0;
        bool quoted = false;
    };
    [[nodiscard]] Value valueFrom(std::size_t i) const
    {
        i = skip(i, " \t", 4);
        const std::size_t backslashes = skip(i, "\\", 3) - i;
        const char quote = at(i + backslashes);
        if (quote != '"' && quote != '\'')
            return {i, endOfBare(i), false};
        const std::size_t begin = i + backslashes + 1;
        std::size_t end = begin;
        // An unescaped quote closes; where the opening one is escaped itself, so is the closing one.
        while (end < m_text.size() && m_text[end] != '\n') {
            if (m_text[end] == quote && backslashes == 0)
                break;
            if (m_text[end] == '\\') {
                if (backslashes > 0 && at(skip(end, "\\", 3)) == quote)
                    break;
                ++end;
            }
            ++end;
        }
        return {begin, std::min(end, m_text.size()), true};
    }
    [[nodiscard]] std::size_t endOfBare(std::size_t i) const
    {
        while (i < m_text.size() && !is(m_text[i], kEndsValue))
            ++i;
        return i;
    }

    std::string_view m_text;
    std::size_t m_from;
    std::size_t m_at;
};

} // namespace mulligan::ingest::secret
