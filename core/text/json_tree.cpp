#include "text/json_tree.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace mulligan::text
{

namespace
{

constexpr int kMostDeep = 24;
constexpr std::string_view kBlanks = " \t\r\n";

class Reader
{
public:
    explicit Reader(std::string_view json) : m_json(json) {}

    JsonNode read() { return readValue(0); }
    std::size_t end() { return passOver() ? m_at : std::string_view::npos; }

private:
    void skipBlanks() { m_at = std::min(m_json.find_first_not_of(kBlanks, m_at), m_json.size()); }
    [[nodiscard]] bool at(char byte) const { return m_at < m_json.size() && m_json[m_at] == byte; }

    std::string_view readText()
    {
        const std::size_t begin = ++m_at;
        const std::size_t end = quoteEnd(m_json, begin);
        m_at = std::min(end + 1, m_json.size());
        return m_json.substr(begin, end - begin);
    }

    JsonNode readValue(int depth)
    {
        skipBlanks();
        JsonNode node;
        node.begin = m_at;
        if (at('"')) {
            node.begin = m_at + 1;
            node.kind = JsonNode::Kind::Text;
            node.text = readText();
        } else if (at('{') || at('[')) {
            node.kind = at('{') ? JsonNode::Kind::Object : JsonNode::Kind::Array;
            if (depth < kMostDeep)
                readMembers(node, depth);
            else
                passOver();
        } else {
            const std::size_t end = std::min(m_json.find_first_of(",]} \t\r\n", m_at), m_json.size());
            node.text = m_json.substr(m_at, end - m_at);
            m_at = end;
        }
        return node;
    }

    void readMembers(JsonNode &node, int depth)
    {
        ++m_at;
        for (;;) {
            m_at = std::min(m_json.find_first_not_of(" \t\r\n,:", m_at), m_json.size());
            if (m_at >= m_json.size())
                return;
            if (at('}') || at(']')) { // the wrong one ends it too
                ++m_at;
                return;
            }
            std::string_view key;
            if (node.isObject() && at('"')) {
                key = readText();
                skipBlanks();
                if (!at(':'))
                    continue;
                ++m_at;
            }
            node.children.push_back(readValue(depth + 1)); // goes on by a byte at least, or stands behind a key
            node.children.back().key = key;
        }
    }

    /// Passes a container over with all that lies in it; whether it is closed.
    bool passOver()
    {
        for (int open = 0; m_at < m_json.size();) {
            if (at('"')) {
                readText();
                continue;
            }
            open += at('{') || at('[') ? 1 : at('}') || at(']') ? -1 : 0;
            ++m_at;
            if (open == 0)
                return true;
        }
        return false;
    }

    std::string_view m_json;
    std::size_t m_at = 0;
};

std::optional<std::uint32_t> hexAt(std::string_view text, std::size_t at)
{
    constexpr std::size_t kDigits = 4;
    if (at + kDigits > text.size())
        return std::nullopt;
    std::uint32_t code = 0;
    for (const char byte : text.substr(at, kDigits)) {
        const bool letter = (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
        if (!letter && (byte < '0' || byte > '9'))
            return std::nullopt;
        code = code * 16 + static_cast<std::uint32_t>(letter ? (byte | 0x20) - 'a' + 10 : byte - '0');
    }
    return code;
}

void appendUtf8(std::string &out, std::uint32_t code)
{
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0 | code >> 6);
        put(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        put(0xE0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    } else {
        put(0xF0 | code >> 18);
        put(0x80 | (code >> 12 & 0x3F));
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    }
}

/// Appends what "\uXXXX" at a place says, of two that belong together what both do; gives how long it is.
std::size_t appendCode(std::string &out, std::string_view text, std::size_t at)
{
    constexpr std::size_t kLength = 6;
    constexpr std::uint32_t kReplacement = 0xFFFD;
    const auto code = hexAt(text, at + 2);
    if (!code) {
        out += '\\';
        return 1;
    }
    if (*code >= 0xD800 && *code < 0xDC00 && text.substr(at + kLength, 2) == "\\u")
        if (const auto low = hexAt(text, at + kLength + 2); low && *low >= 0xDC00 && *low < 0xE000) {
            appendUtf8(out, 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00));
            return 2 * kLength;
        }
    const bool none = *code == 0 || (*code >= 0xD800 && *code < 0xE000);
    appendUtf8(out, none ? kReplacement : *code);
    return kLength;
}

void dropColours(std::string &text)
{
    std::size_t to = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\x1b' && at + 1 < text.size() && text[at + 1] == '[') {
            const std::size_t end = text.find_first_not_of("0123456789;", at + 2);
            if (end != std::string::npos && (text[end] == 'm' || text[end] == 'K')) {
                at = end;
                continue;
            }
        }
        text[to++] = text[at];
    }
    text.resize(to);
}

} // namespace

const JsonNode *JsonNode::member(std::string_view name) const
{
    const auto found = std::find_if(children.begin(), children.end(),
                                    [&](const JsonNode &child) { return isObject() && child.key == name; });
    return found == children.end() ? nullptr : &*found;
}

JsonNode readJsonTree(std::string_view json)
{
    return Reader(json).read();
}

std::size_t jsonEnd(std::string_view json)
{
    return Reader(json).end();
}

std::string unescaped(std::string_view text)
{
    static constexpr std::string_view kWritten = "nrtbf\"\\/'";
    static constexpr std::string_view kMeant = "\n\r\t\b\f\"\\/'";
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] != '\\' || at + 1 == text.size()) {
            out += text[at++];
            continue;
        }
        const std::size_t known = kWritten.find(text[at + 1]);
        if (text[at + 1] == 'u') {
            at += appendCode(out, text, at);
        } else if (known != std::string_view::npos) {
            out += kMeant[known];
            at += 2;
        } else {
            out += text[at++];
        }
    }
    if (out.find('\x1b') != std::string::npos)
        dropColours(out);
    return out;
}

std::size_t quoteEnd(std::string_view json, std::size_t at)
{
    for (; at < json.size() && json[at] != '"'; ++at)
        if (json[at] == '\\')
            ++at;
    return std::min(at, json.size());
}

} // namespace mulligan::text
