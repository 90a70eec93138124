#include "text/pattern_syntax.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <optional>

namespace mulligan::text
{

namespace
{

constexpr int kMaxDepth = 100;

ByteSet range(unsigned from, unsigned to)
{
    ByteSet set;
    for (unsigned byte = from; byte <= to && byte < 256; ++byte)
        set.set(byte);
    return set;
}

ByteSet one(char byte)
{
    ByteSet set;
    set.set(static_cast<unsigned char>(byte));
    return set;
}

ByteSet digits()
{
    return range('0', '9');
}
ByteSet words()
{
    return range('a', 'z') | range('A', 'Z') | digits() | one('_');
}
ByteSet spaces()
{
    return range('\t', '\r') | one(' ');
}

/// The class a letter escape stands for.
std::optional<ByteSet> classEscape(char letter)
{
    switch (letter) {
    case 'd': return digits();
    case 'D': return ~digits();
    case 'w': return words();
    case 'W': return ~words();
    case 's': return spaces();
    case 'S': return ~spaces();
    default: return std::nullopt;
    }
}

std::optional<char> controlEscape(char letter)
{
    switch (letter) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'f': return '\f';
    case 'a': return '\a';
    case 'e': return '\x1b';
    default: return std::nullopt;
    }
}

std::optional<ByteSet> posixClass(std::string_view name)
{
    const auto where = [](int (*is)(int)) {
        ByteSet set;
        for (int byte = 0; byte < 128; ++byte)
            set.set(static_cast<size_t>(byte), is(byte) != 0);
        return set;
    };
    if (name == "alpha")
        return range('a', 'z') | range('A', 'Z');
    if (name == "digit")
        return digits();
    if (name == "alnum")
        return range('a', 'z') | range('A', 'Z') | digits();
    if (name == "upper")
        return range('A', 'Z');
    if (name == "lower")
        return range('a', 'z');
    if (name == "space")
        return spaces();
    if (name == "xdigit")
        return digits() | range('a', 'f') | range('A', 'F');
    if (name == "punct")
        return where(std::ispunct);
    return std::nullopt;
}

class Reader
{
public:
    explicit Reader(std::string_view pattern) : m_text(pattern) {}

    PatternSyntax read()
    {
        m_syntax.root = alternation(0);
        if (m_at < m_text.size())
            unknown("an unmatched ')'");
        m_syntax.singleLine = m_syntax.understood && !m_syntax.context && !holdsNewline(m_syntax.root);
        return std::move(m_syntax);
    }

private:
    static bool holdsNewline(const PatternNode &node)
    {
        if (node.kind == PatternNode::Kind::Set)
            return node.bytes.test('\n');
        return std::any_of(node.children.begin(), node.children.end(), holdsNewline);
    }

    bool more() const { return m_at < m_text.size(); }
    char peek(size_t ahead = 0) const { return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : '\0'; }
    bool startsWith(std::string_view what) const { return m_text.substr(m_at, what.size()) == what; }

    void unknown(std::string what)
    {
        if (m_syntax.understood)
            m_syntax.why = std::move(what);
        m_syntax.understood = false;
    }
    void foreign(std::string what)
    {
        if (std::find(m_syntax.notPortable.begin(), m_syntax.notPortable.end(), what) == m_syntax.notPortable.end())
            m_syntax.notPortable.push_back(std::move(what));
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
            node.bytes = ~one('\n');
            break;
        case '^':
        case '$':
            node.kind = PatternNode::Kind::Assertion;
            node.name = peek();
            // What `^` asks is seen wherever a search begins; `$` needs the text's true end.
            m_syntax.context = m_syntax.context || peek() == '$';
            break;
        case '{': unknown("a '{' that is no count"); [[fallthrough]];
        default: node.bytes = one(peek()); break;
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
                take(1);
            } else if (peek() == '+') {
                foreign("possessive repeats: RE2 and Python before 3.11 have none");
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
                foreign(std::string(look) + "…): RE2 cannot look around");
                take(look.size());
                return;
            }
        }
        if (namedOpening(node) || flagOpening(node))
            return;
        unknown("'" + std::string(m_text.substr(m_at, 3)) + "'");
        foreign("'" + std::string(m_text.substr(m_at, 3)) + "…)': not every engine knows it");
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
        if (flags.find_first_of("msx-") != std::string_view::npos) {
            // Their meaning for lines differs between the engines, so such patterns go to Boost alone.
            unknown("the flags '" + std::string(flags) + "'");
            m_syntax.context = true;
        }
        m_syntax.caseFlag = m_syntax.caseFlag || flags.find('i') != std::string_view::npos;
        if (m_text[at] == ')' && m_at != 0)
            foreign("flags in the middle of a pattern: Python 3.11 refuses them");
        node.kind = PatternNode::Kind::Opaque;
        const bool scoped = m_text[at] == ':';
        take(at - m_at + (scoped ? 1 : 0));
        return true;
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
            node.bytes = one(*control);
        } else if (letter == 'x') {
            return hexEscape();
        } else if (letter == 'b') {
            node.kind = PatternNode::Kind::Assertion;
            node.name = "\\b";
        } else if (letter == 'A' || letter == 'z') {
            node.kind = PatternNode::Kind::Assertion;
            node.name = std::string("\\") + letter;
            m_syntax.context = m_syntax.context || letter == 'z';
            if (letter == 'z')
                foreign("\\z: Python writes \\Z");
        } else if (std::isalnum(static_cast<unsigned char>(letter)) != 0 || std::strchr("<>`'", letter) != nullptr) {
            foreign("'\\" + std::string(1, letter) + "': not every engine knows it");
            unknown("'\\" + std::string(1, letter) + "'");
            m_syntax.context = true;
            node.kind = PatternNode::Kind::Opaque;
        } else {
            node.bytes = one(letter);
        }
        take(2);
        return node;
    }

    PatternNode hexEscape()
    {
        PatternNode node;
        node.kind = PatternNode::Kind::Set;
        if (std::isxdigit(static_cast<unsigned char>(peek(2))) == 0
            || std::isxdigit(static_cast<unsigned char>(peek(3))) == 0) {
            unknown("a '\\x' without two digits");
            take(2);
            return node;
        }
        node.bytes.set(std::stoul(std::string(m_text.substr(m_at + 2, 2)), nullptr, 16));
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
        set |= range(static_cast<unsigned char>(*low), static_cast<unsigned char>(*high));
    }

    void posixItem(ByteSet &set)
    {
        const size_t close = m_text.find(":]", m_at + 2);
        const auto known = peek(1) == ':' && close != std::string_view::npos
                               ? posixClass(m_text.substr(m_at + 2, close - m_at - 2))
                               : std::nullopt;
        foreign("[[:class:]]: Python has no such classes");
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
            set |= one(byte);
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
        if (const auto control = controlEscape(letter))
            byte = *control;
        else if (std::isalnum(static_cast<unsigned char>(letter)) != 0 || m_at + 1 >= m_text.size())
            unknown("'\\" + std::string(1, letter) + "' in a class");
        set |= one(byte);
        take(2);
        return byte;
    }

    std::string_view m_text;
    size_t m_at = 0;
    int m_groups = 0;
    PatternSyntax m_syntax;
};

/// What a node can begin with, and whether it can be empty.
struct Edge {
    ByteSet bytes;
    bool empty = true;
};

Edge firstOf(const PatternNode &node, bool fromEnd)
{
    Edge edge;
    switch (node.kind) {
    case PatternNode::Kind::Set: return {node.bytes, false};
    case PatternNode::Kind::Group: return node.children.empty() ? edge : firstOf(node.children.front(), fromEnd);
    case PatternNode::Kind::Repeat:
        edge = firstOf(node.children.front(), fromEnd);
        edge.empty = edge.empty || node.least == 0;
        return edge;
    case PatternNode::Kind::Alternation:
        edge.empty = false;
        for (const PatternNode &child : node.children) {
            const Edge next = firstOf(child, fromEnd);
            edge.bytes |= next.bytes;
            edge.empty = edge.empty || next.empty;
        }
        return edge;
    case PatternNode::Kind::Sequence:
        for (size_t i = 0; i < node.children.size() && edge.empty; ++i) {
            const Edge next = firstOf(node.children[fromEnd ? node.children.size() - 1 - i : i], fromEnd);
            edge.bytes |= next.bytes;
            edge.empty = next.empty;
        }
        return edge;
    default: return edge;
    }
}

/// Bytes of every unbounded repeat inside.
void repeatedBytes(const PatternNode &node, ByteSet &bytes)
{
    if (node.unbounded() && node.children.front().kind == PatternNode::Kind::Set)
        bytes |= node.children.front().bytes;
    for (const PatternNode &child : node.children)
        repeatedBytes(child, bytes);
}

/// Whether each round of a repeated body must pass one byte that no repeat inside it can take, so that rounds cannot be
/// cut in two ways.
bool hasFence(const PatternNode &body)
{
    ByteSet inner;
    repeatedBytes(body, inner);
    if (inner.none())
        return true;
    const PatternNode *sequence = &body;
    while (sequence->kind == PatternNode::Kind::Group && sequence->children.size() == 1)
        sequence = &sequence->children.front();
    if (sequence->kind != PatternNode::Kind::Sequence)
        return false;
    return std::any_of(sequence->children.begin(), sequence->children.end(), [&](const PatternNode &child) {
        return child.kind == PatternNode::Kind::Set && (child.bytes & inner).none();
    });
}

std::string riskOf(const PatternNode &node)
{
    if (node.unbounded() && !hasFence(node.children.front()))
        return "a repeat within a repeat can divide the same text in many ways";
    if (node.kind == PatternNode::Kind::Sequence) {
        for (size_t i = 0; i + 1 < node.children.size(); ++i) {
            const PatternNode &left = node.children[i];
            const PatternNode &right = node.children[i + 1];
            if (left.unbounded() && right.unbounded()
                && (firstOf(left, true).bytes & firstOf(right, false).bytes).count() > 0)
                return "two repeats that touch can both take the same bytes";
        }
    }
    for (const PatternNode &child : node.children)
        if (std::string risk = riskOf(child); !risk.empty())
            return risk;
    return {};
}

} // namespace

PatternSyntax readPattern(std::string_view pattern)
{
    return Reader(pattern).read();
}

std::string backtrackingRisk(const PatternSyntax &syntax)
{
    const PatternNode *first = &syntax.root;
    while (!first->children.empty() && first->kind != PatternNode::Kind::Repeat
           && first->kind != PatternNode::Kind::Alternation)
        first = &first->children.front();
    if (first->unbounded() && firstOf(*first, false).bytes.count() > 64)
        return "it begins with a repeat over almost any byte, which is tried again at every place";
    return riskOf(syntax.root);
}

} // namespace mulligan::text
