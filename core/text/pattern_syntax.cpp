#include "text/pattern_syntax.hpp"

#include "text/pattern_bytes.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <optional>

namespace mulligan::text
{

namespace
{

constexpr int kMaxDepth = 100;

class Reader
{
public:
    Reader(std::string_view pattern, bool multiline) : m_text(pattern) { m_flags.multiline = multiline; }

    PatternSyntax read()
    {
        m_syntax.root = alternation(0);
        if (m_at < m_text.size())
            unknown("an unmatched ')'");
        bool passed = true;
        m_syntax.beginMatters = beginsLazily(m_syntax.root, passed);
        m_syntax.anchored = beginsAtTextBegin(m_syntax.root);
        return std::move(m_syntax);
    }

private:
    static bool beginsAtTextBegin(const PatternNode &node)
    {
        using Kind = PatternNode::Kind;
        if (node.kind == Kind::Assertion)
            return node.name == "\\A";
        if (node.kind == Kind::Alternation)
            return std::all_of(node.children.begin(), node.children.end(), beginsAtTextBegin);
        if (node.kind != Kind::Sequence && node.kind != Kind::Group)
            return false;
        for (const PatternNode &child : node.children) {
            if (beginsAtTextBegin(child))
                return true;
            if (child.kind != Kind::Assertion && child.kind != Kind::Opaque) // which take nothing
                return false;
        }
        return false;
    }

    /// Whether a bounded lazy repeat can be the first thing a node takes; `passed`: whether the node can take nothing.
    static bool beginsLazily(const PatternNode &node, bool &passed)
    {
        passed = node.kind != PatternNode::Kind::Set;
        if (node.kind == PatternNode::Kind::Repeat) {
            const bool inside = beginsLazily(node.children.front(), passed);
            passed = passed || node.least == 0;
            return inside || (node.lazy && node.most >= 0);
        }
        bool lazily = false;
        bool emptyBranch = false;
        for (const PatternNode &child : node.children) {
            lazily = beginsLazily(child, passed) || lazily;
            emptyBranch = emptyBranch || passed;
            if (node.kind != PatternNode::Kind::Alternation && !passed)
                return lazily;
        }
        if (node.kind == PatternNode::Kind::Alternation)
            passed = emptyBranch;
        return lazily;
    }

    /// What holds at one place of the pattern.
    struct Flags {
        bool multiline = false; ///< `^` and `$` are ends of lines
        bool dotAll = false;    ///< `.` takes line ends too
    };

    bool more() const { return m_at < m_text.size(); }
    char peek(size_t ahead = 0) const { return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : '\0'; }
    bool startsWith(std::string_view what) const { return m_text.substr(m_at, what.size()) == what; }

    void unknown(std::string what)
    {
        if (m_syntax.understood)
            m_syntax.why = std::move(what);
        m_syntax.understood = false;
    }
    void take(size_t count)
    {
        m_syntax.bare.append(m_text.substr(m_at, count));
        m_at = std::min(m_text.size(), m_at + count);
    }

    PatternNode alternation(int depth)
    {
        PatternNode node;
        node.kind = PatternNode::Kind::Alternation;
        node.children.push_back(sequence(depth));
        while (more() && peek() == '|') {
            take(1);
            node.children.push_back(sequence(depth));
        }
        return node.children.size() == 1 ? std::move(node.children.front()) : node;
    }

    PatternNode sequence(int depth)
    {
        PatternNode node;
        while (more() && peek() != '|' && peek() != ')') {
            PatternNode next = atom(depth);
            node.children.push_back(repeated(std::move(next)));
        }
        return node;
    }

    PatternNode atom(int depth)
    {
        PatternNode node;
        node.kind = PatternNode::Kind::Set;
        switch (peek()) {
        case '(': return group(depth);
        case '[': return bracket();
        case '\\': return escape();
        case '.':
            // Boost excludes every separator; other engines only the newline, so the larger set is kept.
            node.bytes = m_flags.dotAll ? ~ByteSet() : ~oneByte('\n');
            break;
        case '^':
        case '$':
            node.kind = PatternNode::Kind::Assertion;
            node.name = peek() == '^' && !m_flags.multiline ? std::string("\\A") : std::string(1, peek());
            // What `^` asks is seen wherever a search begins, and the end of a line by what follows.
            m_syntax.atEnd = m_syntax.atEnd || (peek() == '$' && !m_flags.multiline);
            break;
        case '{': unknown("a '{' that is no count"); [[fallthrough]];
        default: node.bytes = oneByte(peek()); break;
        }
        take(1);
        return node;
    }

    PatternNode repeated(PatternNode inner)
    {
        int least = 0;
        int most = 0;
        for (int count = 0; quantifier(least, most); ++count) {
            if (count > 0)
                unknown("a repeat of a repeat");
            if (count > 1)
                continue; // no deeper tree, however many there are
            PatternNode repeat;
            repeat.kind = PatternNode::Kind::Repeat;
            repeat.least = least;
            repeat.most = most;
            repeat.children.push_back(std::move(inner));
            inner = std::move(repeat);
            if (peek() == '?') {
                inner.lazy = true;
                take(1);
            } else if (peek() == '+') {
                unknown("a possessive repeat");
                take(1);
            }
        }
        return inner;
    }

    bool quantifier(int &least, int &most)
    {
        switch (peek()) {
        case '*': least = 0, most = -1; break;
        case '+': least = 1, most = -1; break;
        case '?': least = 0, most = 1; break;
        case '{': return counted(least, most);
        default: return false;
        }
        if (!more())
            return false;
        take(1);
        return true;
    }

    bool counted(int &least, int &most)
    {
        size_t at = m_at + 1;
        const auto number = [&]() -> int {
            int value = -1;
            while (at < m_text.size() && std::isdigit(static_cast<unsigned char>(m_text[at])) && value < 100'000)
                value = std::max(value, 0) * 10 + (m_text[at++] - '0');
            return value;
        };
        least = number();
        most = least;
        if (at < m_text.size() && m_text[at] == ',') {
            ++at;
            most = number();
        }
        if (least < 0 || at >= m_text.size() || m_text[at] != '}')
            return false;
        take(at + 1 - m_at);
        return true;
    }

    PatternNode group(int depth)
    {
        PatternNode node;
        node.kind = PatternNode::Kind::Group;
        const Flags outside = m_flags;
        if (depth >= kMaxDepth) {
            unknown("groups nested more than 100 deep");
            m_at = m_text.size();
            return node;
        }
        opening(node);
        if (!more())
            return node;
        if (node.kind == PatternNode::Kind::Opaque && peek() == ')') { // (?i) and the like: flags for the rest
            take(1);
            return node;
        }
        const bool assertion = node.kind == PatternNode::Kind::Assertion;
        PatternNode body = alternation(depth + 1);
        m_flags = outside; // what was set within a group ends with it
        if (peek() == ')' && more())
            take(1);
        else
            unknown("an unclosed '('");
        if (!assertion)
            node.children.push_back(std::move(body)); // what a look-around sees is not taken
        if (node.kind == PatternNode::Kind::Opaque)
            node.kind = PatternNode::Kind::Group;
        return node;
    }

    /// Reads "(", "(?:", "(?<name>", "(?=" …
    void opening(PatternNode &node)
    {
        if (peek(1) != '?') {
            ++m_groups;
            take(1);
            return;
        }
        if (startsWith("(?:")) {
            take(3);
            return;
        }
        for (const std::string_view look : {"(?=", "(?!", "(?<=", "(?<!"}) {
            if (startsWith(look)) {
                node.kind = PatternNode::Kind::Assertion;
                node.name = look;
                m_syntax.context = true;
                take(look.size());
                return;
            }
        }
        if (namedOpening(node) || flagOpening(node))
            return;
        unknown("'" + std::string(m_text.substr(m_at, 3)) + "'");
        m_syntax.context = true;
        take(std::min<size_t>(3, m_text.size() - m_at));
    }

    bool namedOpening(PatternNode &node)
    {
        if (peek(2) != '<' && peek(2) != '\'')
            return false;
        const size_t close = m_text.find(peek(2) == '<' ? '>' : '\'', m_at + 3);
        if (close == std::string_view::npos)
            return false;
        node.name = m_text.substr(m_at + 3, close - m_at - 3);
        m_syntax.groups.push_back({node.name, ++m_groups});
        m_syntax.bare += '(';
        m_at = close + 1;
        return true;
    }

    bool flagOpening(PatternNode &node)
    {
        size_t at = m_at + 2;
        while (at < m_text.size() && std::strchr("imsx-", m_text[at]) != nullptr && m_text[at] != '\0')
            ++at;
        if (at == m_at + 2 || at >= m_text.size() || (m_text[at] != ')' && m_text[at] != ':'))
            return false;
        const std::string_view flags = m_text.substr(m_at + 2, at - m_at - 2);
        setFlags(flags);
        node.kind = PatternNode::Kind::Opaque;
        const bool scoped = m_text[at] == ':';
        take(at - m_at + (scoped ? 1 : 0));
        return true;
    }

    void setFlags(std::string_view flags)
    {
        bool on = true;
        for (const char flag : flags) {
            switch (flag) {
            case '-': on = false; break;
            case 'm': m_flags.multiline = on; break;
            case 's': m_flags.dotAll = on; break;
            case 'i': m_syntax.caseFlag = m_syntax.caseFlag || on; break;
            default: // with `x` white space and '#' mean something else
                unknown("the flag 'x'");
                m_syntax.context = true;
                break;
            }
        }
    }

    PatternNode escape()
    {
        PatternNode node;
        node.kind = PatternNode::Kind::Set;
        const char letter = peek(1);
        if (m_at + 1 >= m_text.size()) {
            unknown("a '\\' at the end");
            take(1);
            return node;
        }
        if (const auto set = classEscape(letter)) {
            node.bytes = *set;
        } else if (const auto control = controlEscape(letter)) {
            node.bytes = oneByte(*control);
        } else if (letter == 'x') {
            return hexEscape();
        } else if (letter == 'b') {
            node.kind = PatternNode::Kind::Assertion;
            node.name = "\\b";
        } else if (letter == 'A' || letter == 'z') {
            node.kind = PatternNode::Kind::Assertion;
            node.name = std::string("\\") + letter;
            m_syntax.atEnd = m_syntax.atEnd || letter == 'z';
        } else if (std::isalnum(static_cast<unsigned char>(letter)) != 0 || std::strchr("<>`'", letter) != nullptr) {
            unknown("'\\" + std::string(1, letter) + "'");
            m_syntax.context = true;
            node.kind = PatternNode::Kind::Opaque;
        } else {
            node.bytes = oneByte(letter);
        }
        take(2);
        return node;
    }

    [[nodiscard]] bool atHexByte() const
    {
        return peek(1) == 'x' && std::isxdigit(static_cast<unsigned char>(peek(2))) != 0
               && std::isxdigit(static_cast<unsigned char>(peek(3))) != 0;
    }

    [[nodiscard]] char hexByte() const
    {
        return static_cast<char>(std::stoul(std::string(m_text.substr(m_at + 2, 2)), nullptr, 16));
    }

    PatternNode hexEscape()
    {
        PatternNode node;
        node.kind = PatternNode::Kind::Set;
        if (!atHexByte()) {
            unknown("a '\\x' without two digits");
            take(2);
            return node;
        }
        node.bytes = oneByte(hexByte());
        take(4);
        return node;
    }

    PatternNode bracket()
    {
        PatternNode node;
        node.kind = PatternNode::Kind::Set;
        take(1);
        const bool negated = peek() == '^';
        if (negated)
            take(1);
        for (bool first = true; more() && (first || peek() != ']'); first = false)
            bracketItem(node.bytes);
        if (more())
            take(1);
        else
            unknown("an unclosed '['");
        if (negated)
            node.bytes = ~node.bytes;
        return node;
    }

    void bracketItem(ByteSet &set)
    {
        if (peek() == '[' && std::strchr(":.=", peek(1)) != nullptr && peek(1) != '\0') {
            posixItem(set);
            return;
        }
        const auto low = bracketByte(set);
        if (!low || peek() != '-' || peek(1) == ']' || m_at + 1 >= m_text.size())
            return;
        take(1);
        ByteSet ignored;
        const auto high = bracketByte(ignored);
        if (!high || static_cast<unsigned char>(*high) < static_cast<unsigned char>(*low)) {
            unknown("a range without ends");
            return;
        }
        set |= byteRange(static_cast<unsigned char>(*low), static_cast<unsigned char>(*high));
    }

    void posixItem(ByteSet &set)
    {
        const size_t close = m_text.find(":]", m_at + 2);
        const auto known = peek(1) == ':' && close != std::string_view::npos
                               ? posixClass(m_text.substr(m_at + 2, close - m_at - 2))
                               : std::nullopt;
        if (!known) {
            unknown("'[" + std::string(1, peek(1)) + "' in a class");
            take(2);
            return;
        }
        set |= *known;
        take(close + 2 - m_at);
    }

    /// One byte of a class, or nothing when it was a class escape (added to `set`).
    std::optional<char> bracketByte(ByteSet &set)
    {
        if (peek() != '\\') {
            const char byte = peek();
            set |= oneByte(byte);
            take(1);
            return byte;
        }
        const char letter = peek(1);
        if (const auto known = classEscape(letter)) {
            set |= *known;
            take(2);
            return std::nullopt;
        }
        char byte = letter;
        if (atHexByte()) {
            byte = hexByte();
            take(2); // and as many below
        } else if (const auto control = controlEscape(letter)) {
            byte = *control;
        } else if (std::isalnum(static_cast<unsigned char>(letter)) != 0 || m_at + 1 >= m_text.size()) {
            unknown("'\\" + std::string(1, letter) + "' in a class");
        }
        set |= oneByte(byte);
        take(2);
        return byte;
    }

    std::string_view m_text;
    size_t m_at = 0;
    int m_groups = 0;
    Flags m_flags;
    PatternSyntax m_syntax;
};

} // namespace

PatternSyntax readPattern(std::string_view pattern, bool multiline)
{
    return Reader(pattern, multiline).read();
}

} // namespace mulligan::text
