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
/// A quoted value that does not close within so many bytes is read like a bare one: the quote was an apostrophe.
inline constexpr std::size_t kLongestQuoted = 16u << 10;

/// What a character can belong to; several may apply.
enum : unsigned char { kWord = 1, kToken = 2, kHex = 4, kEndsValue = 8, kBase64 = 16, kName = 32, kDotted = 64 };

constexpr std::array<unsigned char, 256> makeClasses()
{
    std::array<unsigned char, 256> out{};
    for (int c = 0; c < 256; ++c) {
        const bool digit = c >= '0' && c <= '9';
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const auto at = static_cast<std::size_t>(c);
        if (digit || letter)
            out[at] |= kWord | kToken | kBase64 | kName | kDotted;
        if (digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
            out[at] |= kHex;
        if (c <= 0x20)
            out[at] |= kEndsValue;
    }
    for (const char c : std::string_view("_-"))
        out[static_cast<unsigned char>(c)] |= kToken | kName | kDotted;
    for (const char c : std::string_view("+/="))
        out[static_cast<unsigned char>(c)] |= kBase64;
    out[static_cast<unsigned char>('.')] |= kName | kDotted;
    for (const char c : std::string_view("=~"))
        out[static_cast<unsigned char>(c)] |= kDotted;
    for (const char c : std::string_view(",;&'\"<>)]}|\\`"))
        out[static_cast<unsigned char>(c)] |= kEndsValue;
    return out;
}
inline constexpr std::array<unsigned char, 256> kClasses = makeClasses();

inline bool is(char c, unsigned char what)
{
    return (kClasses[static_cast<unsigned char>(c)] & what) != 0;
}

inline bool isLower(char c)
{
    return c >= 'a' && c <= 'z';
}

inline bool isUpper(char c)
{
    return c >= 'A' && c <= 'Z';
}

inline bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

inline char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

inline bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct Name {
    std::size_t begin = 0;
    std::size_t end = 0;
};

struct Value {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool quoted = false;
};

/// The text around one place that may belong to a secret, and how names, values and runs of characters are read off
/// it. No secret begins before `from`.
struct Surroundings {
    std::string_view text;
    std::size_t from = 0;
    std::size_t at = 0;

    [[nodiscard]] char operator[](std::size_t i) const { return i < text.size() ? text[i] : '\0'; }
    [[nodiscard]] bool here(std::size_t i, std::string_view expected) const
    {
        return i <= text.size() && text.substr(i, expected.size()) == expected;
    }
    /// The same, case of ASCII letters aside; `expected` is in lower case.
    [[nodiscard]] bool hereAnyCase(std::size_t i, std::string_view expected) const
    {
        return i <= text.size() && text.size() - i >= expected.size()
               && std::equal(expected.begin(), expected.end(), text.begin() + static_cast<std::ptrdiff_t>(i),
                             [](char e, char c) { return e == lower(c); });
    }
    /// Whether no word reaches into position `i` from the left. An escaped line end or tab ("\n") is no word, nor is an
    /// escaped character of an address ("%3D").
    [[nodiscard]] bool bounded(std::size_t i) const
    {
        if (i == 0 || !is(text[i - 1], kWord))
            return true;
        if (i >= 3 && text[i - 3] == '%' && is(text[i - 2], kHex) && is(text[i - 1], kHex))
            return true;
        return i >= 2 && text[i - 2] == '\\' && (text[i - 1] == 'n' || text[i - 1] == 't' || text[i - 1] == 'r');
    }
    [[nodiscard]] std::size_t endOf(std::size_t i, unsigned char what) const
    {
        while (i < text.size() && is(text[i], what))
            ++i;
        return i;
    }
    [[nodiscard]] std::size_t skip(std::size_t i, std::string_view what, std::size_t most) const
    {
        while (most-- > 0 && i < text.size() && what.find(text[i]) != std::string_view::npos)
            ++i;
        return i;
    }
    [[nodiscard]] std::string_view slice(std::size_t begin, std::size_t end) const
    {
        return text.substr(begin, end - begin);
    }
    [[nodiscard]] std::string_view slice(const Value &value) const { return slice(value.begin, value.end); }
    [[nodiscard]] std::size_t lineStart(std::size_t i, std::size_t most) const
    {
        const std::size_t limit = i - std::min(i, most);
        while (i > limit && text[i - 1] != '\n')
            --i;
        return i;
    }
    /// A secret of characters of one class: a prefix from `begin` and at least `least` characters from `body` on.
    [[nodiscard]] std::optional<FoundSecret> run(std::size_t begin, std::size_t body, unsigned char what,
                                                 std::size_t least, std::string_view kind) const
    {
        if (begin < from)
            return std::nullopt;
        const std::size_t end = endOf(body, what);
        return end - body >= least ? std::optional(FoundSecret{begin, end, kind}) : std::nullopt;
    }
    /// The name that `i` lies in.
    [[nodiscard]] Name nameAround(std::size_t i) const
    {
        Name name{i, i};
        const std::size_t low = i - std::min(i - from, kLongestName);
        while (name.begin > low && is(text[name.begin - 1], kName))
            --name.begin;
        const std::size_t high = std::min(text.size(), i + kLongestName);
        while (name.end < high && is(text[name.end], kName))
            ++name.end;
        return name;
    }
    /// The value that begins at `i`, spaces aside: within quotes (which may be escaped), within ODBC's braces, or bare.
    [[nodiscard]] Value valueFrom(std::size_t i) const;
    [[nodiscard]] std::size_t endOfBare(std::size_t i) const
    {
        while (i < text.size() && !is(text[i], kEndsValue))
            ++i;
        return i;
    }
};

using Found = std::optional<FoundSecret>;

// What one place in a text may be; each is asked where a sign of it stands (secret_scan.cpp lists the signs).

/// A setting whose name speaks of a secret, in every spelling: name=value, "name": value, <name>value<, --name value …
[[nodiscard]] Found settingAt(const Surroundings &s);
/// Three dotted base64 parts that begin like a JSON object.
[[nodiscard]] Found webTokenAt(const Surroundings &s);
/// "-----BEGIN … PRIVATE KEY-----" and its relatives.
[[nodiscard]] Found privateKeyAt(const Surroundings &s);
/// Private-Lines of a PuTTY key.
[[nodiscard]] Found puttyKeyAt(const Surroundings &s);
/// User information of an address, and web hooks.
[[nodiscard]] Found addressAt(const Surroundings &s);
/// Oracle's "thin:user/password@".
[[nodiscard]] Found oracleUserAt(const Surroundings &s);
/// The same behind "userid=" and "user=", as Oracle's tools take it.
[[nodiscard]] Found oracleLoginAt(const Surroundings &s);
/// SQL's "IDENTIFIED BY 'x'" in its several forms.
[[nodiscard]] Found identifiedByAt(const Surroundings &s);
/// A password without a sign behind its name: SQL's "PASSWORD 'x'", "password is "x"", "login u password x" of .netrc.
[[nodiscard]] Found spokenPasswordAt(const Surroundings &s);
/// "パスワード: x".
[[nodiscard]] Found japanesePasswordAt(const Surroundings &s);
/// A line of .pgpass.
[[nodiscard]] Found postgresPassAt(const Surroundings &s);
/// "Bearer token", "Basic base64", "Digest … response=".
[[nodiscard]] Found headerSchemeAt(const Surroundings &s);
/// Cookie, Set-Cookie, and Authorization headers of other schemes.
[[nodiscard]] Found headerAt(const Surroundings &s);
/// "mysql -psecret", "curl -u user:secret", and other options of known commands.
[[nodiscard]] Found commandOptionAt(const Surroundings &s);

/// Whether base64 text decodes to something with a colon, as a user and a password do.
[[nodiscard]] bool holdsColon(std::string_view base64);

} // namespace mulligan::ingest::secret
