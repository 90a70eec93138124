#include "formats/yaml_extent.hpp"

#include <algorithm>

namespace mulligan::formats
{

namespace
{

constexpr size_t kNowhere = std::string_view::npos;

bool isBlank(char byte)
{
    return byte == ' ' || byte == '\t';
}

bool isBreak(char byte)
{
    return byte == '\n' || byte == '\r';
}

bool endsFlowItem(char byte)
{
    return byte == ',' || byte == ']' || byte == '}';
}

/// Where a value may stand.
struct Room {
    size_t limit = 0; ///< nothing of it lies behind
    int indent = -1;  ///< column of the collection it is in
    bool flow = false;
};

/// Follows the text along the nodes that were read of it.
class Locator
{
public:
    explicit Locator(std::string_view text) : m_text(text)
    {
        m_lines.push_back(0);
        for (size_t at = text.find('\n'); at != kNowhere; at = text.find('\n', at + 1))
            m_lines.push_back(at + 1);
    }

    base::Result<YamlExtent> root(const YamlNode &node)
    {
        size_t at = m_text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
        at = skip(at);
        while (at < m_text.size() && m_text[at] == '%')
            at = skip(lineEnd(m_text, at));
        if (m_text.substr(at).starts_with("---"))
            at = skip(at + 3);
        return value(node, at, {m_text.size(), -1, false});
    }

private:
    /// Past blanks, line breaks and comments.
    [[nodiscard]] size_t skip(size_t at) const
    {
        while (at < m_text.size()) {
            if (m_text[at] == '#' && (at == 0 || isBlank(m_text[at - 1]) || isBreak(m_text[at - 1])))
                at = lineEnd(m_text, at);
            else if (isBlank(m_text[at]) || isBreak(m_text[at]))
                ++at;
            else
                break;
        }
        return at;
    }

    [[nodiscard]] int columnOf(size_t at) const { return static_cast<int>(at - lineBegin(m_text, at)); }

    [[nodiscard]] base::Error lost(size_t at, const std::string &what) const
    {
        const auto line = std::upper_bound(m_lines.begin(), m_lines.end(), at) - m_lines.begin();
        return base::makeError(base::ErrorCode::Unsupported, what,
                               "Write this part of the file in the usual way first.")
            .in("line " + std::to_string(line));
    }

    base::Result<YamlExtent> value(const YamlNode &node, size_t head, const Room &room)
    {
        YamlExtent out;
        out.head = head;
        out.begin = skip(head);
        if (out.begin >= room.limit || (room.flow && endsFlowItem(m_text[out.begin]))) {
            out.begin = out.end = head; // nothing stands there
            return out;
        }
        const char first = m_text[out.begin];
        if (first == '&' || first == '*' || first == '!') {
            out.style = YamlStyle::Other;
            out.end = room.flow ? flowEnd(out.begin) : trimmed(out.begin, room.limit);
            return out;
        }
        switch (node.kind) {
        case YamlNode::Kind::Map: return first == '{' ? flowMap(node, std::move(out)) : map(node, std::move(out), room);
        case YamlNode::Kind::Sequence:
            return first == '[' ? flowSequence(node, std::move(out)) : sequence(node, std::move(out), room);
        case YamlNode::Kind::Null:
        case YamlNode::Kind::Scalar: break;
        }
        scalar(out, room);
        return out;
    }

    void scalar(YamlExtent &out, const Room &room) const
    {
        const char first = m_text[out.begin];
        if (first == '"' || first == '\'') {
            out.style = first == '"' ? YamlStyle::DoubleQuoted : YamlStyle::SingleQuoted;
            out.end = quotedEnd(out.begin);
        } else if ((first == '|' || first == '>') && !room.flow) {
            out.style = first == '|' ? YamlStyle::Literal : YamlStyle::Folded;
            out.end = blockEnd(out.begin, room);
        } else {
            out.style = YamlStyle::Plain;
            out.end = room.flow ? flowEnd(out.begin) : trimmed(out.begin, room.limit);
        }
    }

    [[nodiscard]] size_t quotedEnd(size_t at) const
    {
        const char quote = m_text[at++];
        while (at < m_text.size()) {
            if (quote == '"' && m_text[at] == '\\')
                at += 2;
            else if (m_text[at] != quote)
                ++at;
            else if (quote == '\'' && m_text.substr(at + 1).starts_with('\''))
                at += 2;
            else
                return at + 1;
        }
        return m_text.size();
    }

    /// End of a plain scalar, which ends at a comment or at `limit`.
    [[nodiscard]] size_t trimmed(size_t begin, size_t limit) const
    {
        size_t end = limit;
        for (size_t at = begin + 1; at < limit; ++at) {
            if (m_text[at] == '#' && (isBlank(m_text[at - 1]) || isBreak(m_text[at - 1]))) {
                end = at;
                break;
            }
        }
        while (end > begin && (isBlank(m_text[end - 1]) || isBreak(m_text[end - 1])))
            --end;
        return end;
    }

    /// End of a scalar after '|' or '>': its last line that is not blank, or with '+' its last one.
    [[nodiscard]] size_t blockEnd(size_t begin, const Room &room) const
    {
        size_t line = lineEnd(m_text, begin);
        const std::string_view header = m_text.substr(begin, line - begin);
        const bool keep = header.substr(0, 3).find('+') != kNowhere;
        size_t end = trimmed(begin, std::min(line, room.limit));
        int indent = -1;
        for (const char byte : header.substr(1, 2))
            if (byte >= '1' && byte <= '9')
                indent = std::max(room.indent, 0) + (byte - '0');
        while (line < room.limit) {
            const size_t next = lineEnd(m_text, line);
            const size_t text = std::min(m_text.find_first_not_of(' ', line), next);
            const bool blank = text == next || isBreak(m_text[text]);
            if (!blank && indent < 0)
                indent = std::max(columnOf(text), room.indent + 1);
            if (!blank && columnOf(text) < indent)
                break;
            if (!blank || keep)
                end = withoutBreak(line, next);
            line = next;
        }
        return end;
    }

    [[nodiscard]] size_t withoutBreak(size_t begin, size_t end) const
    {
        while (end > begin && isBreak(m_text[end - 1]))
            --end;
        return end;
    }

    /// End of an unquoted value within brackets or braces, brackets of its own counted.
    [[nodiscard]] size_t flowEnd(size_t begin) const
    {
        int depth = 0;
        size_t at = begin;
        while (at < m_text.size()) {
            const char byte = m_text[at];
            if (depth == 0 && endsFlowItem(byte))
                break;
            if (byte == '#' && at > begin && (isBlank(m_text[at - 1]) || isBreak(m_text[at - 1])))
                break;
            if ((byte == '"' || byte == '\'') && (at == begin || !isPlainInside(m_text[at - 1]))) {
                at = quotedEnd(at);
                continue;
            }
            depth += byte == '[' || byte == '{' ? 1 : byte == ']' || byte == '}' ? -1 : 0;
            ++at;
        }
        while (at > begin && (isBlank(m_text[at - 1]) || isBreak(m_text[at - 1])))
            --at;
        return at;
    }

    /// Whether a quote after this byte is a letter of a plain scalar.
    static bool isPlainInside(char byte)
    {
        return !isBlank(byte) && !isBreak(byte) && byte != '[' && byte != '{' && byte != ',' && byte != ':';
    }

    /// Past the colon of the key at `at`.
    base::Result<size_t> keyHead(size_t at, bool flow) const
    {
        if (at >= m_text.size() || m_text[at] == '?' || m_text[at] == '&' || m_text[at] == '!' || m_text[at] == '*')
            return lost(at, "This key cannot be edited in place");
        const bool quoted = m_text[at] == '"' || m_text[at] == '\'';
        size_t colon = quoted ? quotedEnd(at) : at;
        for (; colon < m_text.size(); ++colon) {
            if (m_text[colon] != ':')
                continue;
            const char next = colon + 1 < m_text.size() ? m_text[colon + 1] : '\n';
            if (isBlank(next) || isBreak(next) || quoted || (flow && endsFlowItem(next)))
                return colon + 1;
        }
        return lost(at, "The end of this key was not found");
    }

    base::Result<YamlExtent> map(const YamlNode &node, YamlExtent out, const Room &room)
    {
        out.style = YamlStyle::BlockMap;
        out.column = columnOf(out.begin);
        size_t at = out.begin;
        for (size_t i = 0; i < node.members.size(); ++i) {
            if (at >= room.limit || lineOf(at) != node.members[i].keyLine)
                return lost(at, "The key '" + node.members[i].key + "' was not found where it was read");
            MULLIGAN_TRY(const size_t head, keyHead(at, false));
            const size_t limit = i + 1 < node.members.size() ? placeOf(node.members[i + 1]) : room.limit;
            MULLIGAN_TRY(auto child, value(node.members[i].value, head, {limit, out.column, false}));
            child.entry = at;
            out.end = child.end;
            at = skip(child.end);
            out.children.push_back(std::move(child));
        }
        return out;
    }

    [[nodiscard]] int lineOf(size_t at) const
    {
        return static_cast<int>(std::upper_bound(m_lines.begin(), m_lines.end(), at) - m_lines.begin());
    }

    [[nodiscard]] size_t placeOf(const YamlNode::Member &member) const
    {
        const size_t line = std::min(static_cast<size_t>(std::max(member.keyLine - 1, 0)), m_lines.size() - 1);
        return std::min(m_lines[line] + static_cast<size_t>(std::max(member.keyColumn - 1, 0)), m_text.size());
    }

    base::Result<YamlExtent> sequence(const YamlNode &node, YamlExtent out, const Room &room)
    {
        out.style = YamlStyle::BlockSequence;
        out.column = columnOf(out.begin);
        size_t at = out.begin;
        for (const YamlNode &item : node.items) {
            if (at >= room.limit || m_text[at] != '-' || columnOf(at) != out.column)
                return lost(at, "An entry of this list was not found where it was read");
            MULLIGAN_TRY(auto child, value(item, at + 1, {nextDash(at, out.column, room.limit), out.column, false}));
            child.entry = at;
            out.end = child.end;
            at = skip(child.end);
            out.children.push_back(std::move(child));
        }
        return out;
    }

    /// Where the next entry of a list begins whose dashes stand in `column`.
    [[nodiscard]] size_t nextDash(size_t at, int column, size_t limit) const
    {
        for (size_t line = lineEnd(m_text, at); line < limit; line = lineEnd(m_text, line)) {
            const size_t dash = line + static_cast<size_t>(column);
            if (dash >= limit || m_text.find_first_not_of(' ', line) != dash || m_text[dash] != '-')
                continue;
            if (dash + 1 >= m_text.size() || isBlank(m_text[dash + 1]) || isBreak(m_text[dash + 1]))
                return dash;
        }
        return limit;
    }

    base::Result<YamlExtent> flowSequence(const YamlNode &node, YamlExtent out)
    {
        out.style = YamlStyle::FlowSequence;
        size_t at = skip(out.begin + 1);
        for (const YamlNode &item : node.items) {
            MULLIGAN_TRY(auto child, flowValue(item, at));
            child.entry = at;
            at = pastComma(child.end);
            out.children.push_back(std::move(child));
        }
        return closed(std::move(out), at, ']');
    }

    base::Result<YamlExtent> flowMap(const YamlNode &node, YamlExtent out)
    {
        out.style = YamlStyle::FlowMap;
        size_t at = skip(out.begin + 1);
        for (const YamlNode::Member &member : node.members) {
            MULLIGAN_TRY(const size_t head, keyHead(at, true));
            MULLIGAN_TRY(auto child, flowValue(member.value, head));
            child.entry = at;
            at = pastComma(child.end);
            out.children.push_back(std::move(child));
        }
        return closed(std::move(out), at, '}');
    }

    /// A map without braces within brackets is not followed.
    base::Result<YamlExtent> flowValue(const YamlNode &node, size_t head)
    {
        const size_t begin = skip(head);
        const char first = begin < m_text.size() ? m_text[begin] : '\0';
        if (node.kind == YamlNode::Kind::Map && first != '{' && first != '&' && first != '!' && first != '*')
            return lost(begin, "A pair without braces cannot be edited in place");
        return value(node, head, {m_text.size(), -1, true});
    }

    [[nodiscard]] size_t pastComma(size_t at) const
    {
        at = skip(at);
        return at < m_text.size() && m_text[at] == ',' ? skip(at + 1) : at;
    }

    base::Result<YamlExtent> closed(YamlExtent out, size_t at, char bracket) const
    {
        if (at >= m_text.size() || m_text[at] != bracket)
            return lost(at, "The end of these brackets was not found");
        out.end = at + 1;
        return out;
    }

    std::string_view m_text;
    std::vector<size_t> m_lines; ///< where each line begins
};

} // namespace

size_t lineBegin(std::string_view text, size_t at)
{
    const size_t found = at == 0 ? kNowhere : text.rfind('\n', at - 1);
    return found == kNowhere ? 0 : found + 1;
}

size_t lineEnd(std::string_view text, size_t at)
{
    const size_t found = text.find('\n', at);
    return found == kNowhere ? text.size() : found + 1;
}

base::Result<YamlExtent> locateYaml(std::string_view text, const YamlNode &root)
{
    return Locator(text).root(root);
}

} // namespace mulligan::formats
