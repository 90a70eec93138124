#include "ingest/secret_names.hpp"
#include "ingest/secret_text.hpp"

namespace mulligan::ingest::secret
{

namespace
{

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// End of the value of a header: of its line, or of the quotes it stands in.
std::size_t headerEnd(const Surroundings &s, std::size_t i)
{
    const std::size_t stop = std::min(s.text.size(), i + kLongestQuoted);
    while (i < stop && s.text[i] != '\n' && s.text[i] != '\r' && s.text[i] != '"' && s.text[i] != '\''
           && s.text[i] != '\\' && s.text[i] != '<')
        ++i;
    return i;
}

Found bearer(const Surroundings &s, std::size_t begin)
{
    std::size_t end = begin;
    while (end < s.text.size() && (is(s.text[end], kDotted | kBase64)))
        ++end;
    while (end > begin && s.text[end - 1] == '.')
        --end;
    const std::string_view value = s.slice(begin, end);
    return looksRandom(value, 8) ? Found({begin, end, value.starts_with("eyJ") ? "jwt" : "token"}) : std::nullopt;
}

/// "Digest username="x", …, response="hash"": what a dictionary attack needs.
Found digest(const Surroundings &s, std::size_t begin)
{
    const std::string_view line = s.text.substr(0, std::min(s.text.size(), begin + 2048));
    const std::size_t lineEnd = std::min(line.find('\n', begin), line.size());
    const std::size_t first = s.endOf(begin, kToken);
    if (first == begin || s[first] != '=')
        return std::nullopt;
    const std::size_t response = line.find("response=", begin);
    if (response == std::string_view::npos || response > lineEnd)
        return std::nullopt;
    const Value value = s.valueFrom(response + 9);
    const bool hash = value.end - value.begin >= 32 && s.endOf(value.begin, kHex) == value.end;
    return hash || (value.quoted && looksRandom(s.slice(value))) ? Found({value.begin, value.end, "digest"})
                                                                 : std::nullopt;
}

Found cookie(const Surroundings &s, const Name &name)
{
    const std::size_t unquoted = s.skip(name.end, "\\\"'", 4);
    if (s[unquoted] != ':')
        return std::nullopt;
    std::size_t begin = s.skip(unquoted + 1, " \t", 4);
    begin = s.skip(begin, "\\\"'[", 4);
    const std::size_t key = s.endOf(begin, kName);
    if (key == begin || s[key] != '=' || isPlaceholder(s.slice(begin, key + 1)))
        return std::nullopt;
    std::size_t end = headerEnd(s, begin);
    // A cookie that is set has attributes behind its value, which are none.
    if (s.hereAnyCase(name.begin, "set"))
        end = std::min(end, std::min(s.text.find(';', begin), s.text.size()));
    return end - key > 8 ? Found({begin, end, "cookie"}) : std::nullopt;
}

/// "Authorization: Scheme credentials" of the schemes that have no case of their own.
Found authorization(const Surroundings &s, const Name &name)
{
    std::size_t i = s.skip(name.end, "\\\"'", 4);
    i = s.skip(i, " ", 1);
    if (s[i] != ':' && s[i] != '=')
        return std::nullopt;
    i = s.skip(i + 1, " \t", 4);
    i = s.skip(i, "\\\"'", 4);
    const std::size_t scheme = s.endOf(i, kToken);
    const auto found = [&](std::size_t begin) {
        std::size_t end = begin;
        while (end < s.text.size() && (is(s.text[end], kDotted | kBase64) || s.text[end] == ':'))
            ++end;
        const std::string_view value = s.slice(begin, end);
        const std::size_t equals = value.find('=');
        // "Credential=…, Signature=…": settings of their own.
        const bool named = s[end] == ',' || (equals != std::string_view::npos && equals + 2 < value.size());
        return !named && looksRandom(value, 8) ? Found({begin, end, value.starts_with("eyJ") ? "jwt" : "token"})
                                               : std::nullopt;
    };
    if (s[scheme] != ' ')
        return found(i);
    for (const std::string_view known : {"bearer", "basic", "digest"}) {
        if (s.hereAnyCase(i, known))
            return std::nullopt;
    }
    return found(s.skip(scheme, " ", 4));
}

} // namespace

bool holdsColon(std::string_view base64)
{
    unsigned bits = 0;
    int held = 0;
    bool colon = false;
    for (const char c : base64.substr(0, std::min(base64.find('='), base64.size()))) {
        const std::size_t digit = kAlphabet.find(c);
        if (digit == std::string_view::npos)
            return false;
        bits = (bits << 6) | static_cast<unsigned>(digit);
        held += 6;
        if (held < 8)
            continue;
        held -= 8;
        const unsigned byte = (bits >> held) & 0xFF;
        if (byte < 0x20 || byte == 0x7F)
            return false;
        colon = colon || byte == ':';
    }
    return colon && base64.size() >= 4;
}

Found headerSchemeAt(const Surroundings &s)
{
    // The sign stands inside the word: "bearer" by "rer", "basic" by "asi", "digest" by "ige".
    const auto word = [&](std::size_t before, std::string_view expected) {
        return s.at >= s.from + before && s.hereAnyCase(s.at - before, expected) && s.bounded(s.at - before)
                   ? s.at - before + expected.size()
                   : 0;
    };
    if (const std::size_t end = word(3, "bearer "); end > 0)
        return bearer(s, s.skip(end, " ", 4));
    if (const std::size_t end = word(3, "bearer%20"); end > 0)
        return bearer(s, end);
    if (const std::size_t end = word(1, "digest "); end > 0)
        return digest(s, s.skip(end, " ", 4));
    const std::size_t end = word(1, "basic ");
    if (end == 0)
        return std::nullopt;
    const std::size_t begin = s.skip(end, " ", 4);
    const std::size_t stop = s.endOf(begin, kBase64);
    return holdsColon(s.slice(begin, stop)) ? Found({begin, stop, "password"}) : std::nullopt;
}

Found headerAt(const Surroundings &s)
{
    const Name name = s.nameAround(s.at);
    const std::size_t size = name.end - name.begin;
    if ((size == 6 && s.hereAnyCase(name.begin, "cookie")) || (size == 10 && s.hereAnyCase(name.begin, "set-cookie")))
        return cookie(s, name);
    if (size >= 13 && s.hereAnyCase(name.end - 13, "authorization"))
        return authorization(s, name);
    return std::nullopt;
}

} // namespace mulligan::ingest::secret
