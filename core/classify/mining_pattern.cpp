#include "classify/mining_pattern.hpp"

#include "classify/mining_json.hpp"
#include "text/backtracking_risk.hpp"
#include "text/exception_name.hpp"
#include "text/line_mask.hpp"
#include "text/pattern_syntax.hpp"

#include <algorithm>
#include <set>
#include <vector>

namespace mulligan::classify
{

namespace
{

using text::MaskKind;

constexpr std::size_t kMaxAlternatives = 8;
constexpr std::size_t kMaxAlternativeBytes = 60;

/// A member's line with its words.
struct Member {
    std::string_view line; ///< the first line
    text::MaskedLine masked;

    [[nodiscard]] std::string_view raw(std::size_t token) const
    {
        const text::MaskedToken &at = masked.tokens[token];
        const std::uint32_t begin = masked.parts[at.firstPart].begin;
        return line.substr(begin, masked.parts[at.lastPart - 1].end - begin);
    }
    /// What stands between a word and the one before it.
    [[nodiscard]] std::string_view gap(std::size_t token) const
    {
        const std::uint32_t begin = masked.parts[masked.tokens[token - 1].lastPart - 1].end;
        return line.substr(begin, masked.parts[masked.tokens[token].firstPart].begin - begin);
    }
};

bool sameParts(const Member &a, const Member &b, std::size_t token)
{
    if (a.masked.token(token) != b.masked.token(token))
        return false;
    const text::MaskedToken &x = a.masked.tokens[token];
    const text::MaskedToken &y = b.masked.tokens[token];
    if (x.lastPart - x.firstPart != y.lastPart - y.firstPart)
        return false;
    for (std::uint32_t i = 0; i < x.lastPart - x.firstPart; ++i)
        if (a.masked.parts[x.firstPart + i].kind != b.masked.parts[y.firstPart + i].kind)
            return false;
    return true;
}

bool isLetter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || static_cast<unsigned char>(byte) >= 0x80;
}

bool isWordByte(char byte)
{
    return isLetter(byte) || (byte >= '0' && byte <= '9') || byte == '_';
}

bool hasLetter(std::string_view bytes)
{
    return std::any_of(bytes.begin(), bytes.end(), isLetter);
}

/// How long a beginning all values share that ends with punctuation: half a word in common is chance.
std::size_t commonHead(const std::vector<std::string_view> &values)
{
    std::size_t length = values.front().size();
    for (const std::string_view value : values) {
        const auto differs = std::mismatch(value.begin(), value.end(), values.front().begin(), values.front().end());
        length = std::min(length, static_cast<std::size_t>(differs.first - value.begin()));
    }
    while (length > 0 && isWordByte(values.front()[length - 1]))
        --length;
    return length;
}

/// Likewise an end that begins with punctuation, beyond the first `head` bytes.
std::size_t commonTail(const std::vector<std::string_view> &values, std::size_t head)
{
    std::size_t length = values.front().size() - head;
    for (const std::string_view value : values) {
        const auto differs =
            std::mismatch(value.rbegin(), value.rend(), values.front().rbegin(), values.front().rend());
        length = std::min({length, static_cast<std::size_t>(differs.first - value.rbegin()), value.size() - head});
    }
    while (length > 0 && isWordByte(values.front()[values.front().size() - length]))
        --length;
    return length;
}

class Builder
{
public:
    /// `bounded`: repeats get an end, so that nothing can be divided in many ways for long.
    Builder(std::span<const std::string_view> lines, Generality generality, bool bounded = false)
        : m_generality(generality), m_bounded(bounded)
    {
        text::LineMasker masker;
        for (const std::string_view line : lines)
            m_members.push_back({line.substr(0, line.find('\n')), masker.mask(line)});
        m_json = !lines.empty() && std::all_of(m_members.begin(), m_members.end(), [](const Member &member) {
            return holdsJson(member.line);
        });
    }

    MinedPattern build()
    {
        MinedPattern out;
        if (m_members.empty())
            return out;
        const std::size_t count = commonCount();
        std::size_t first = 0;
        while (first < count && !hasWords(first))
            ++first;
        out.anchored = first == 0 && startsAtBegin();
        std::size_t token = first;
        for (; token < count; ++token) {
            const std::string next = (token > first ? gapOf(token) : "") + tokenOf(token);
            if (out.expression.size() + next.size() > kMaxMinedBytes)
                break;
            m_words = m_words || hasWords(token);
            out.expression += next;
        }
        if (!m_words)
            return {};
        out.whole = token == count && sameCount();
        if (out.anchored)
            out.expression.insert(0, 1, '^');
        return out;
    }

private:
    [[nodiscard]] bool sameCount() const
    {
        return std::all_of(m_members.begin(), m_members.end(), [&](const Member &member) {
            return member.masked.tokens.size() == m_members.front().masked.tokens.size() && !member.masked.cut;
        });
    }

    [[nodiscard]] bool startsAtBegin() const
    {
        return std::all_of(m_members.begin(), m_members.end(), [](const Member &member) {
            return !member.masked.parts.empty() && member.masked.parts.front().begin == 0;
        });
    }

    /// Words that can be laid side by side: all, or where lengths differ those before the first difference.
    [[nodiscard]] std::size_t commonCount() const
    {
        std::size_t count = m_members.front().masked.tokens.size();
        for (const Member &member : m_members)
            count = std::min(count, member.masked.tokens.size());
        if (sameCount())
            return count;
        std::size_t alike = 0;
        while (alike < count && equalAt(alike))
            ++alike;
        return alike;
    }

    [[nodiscard]] bool equalAt(std::size_t token) const
    {
        return std::all_of(m_members.begin(), m_members.end(),
                           [&](const Member &member) { return sameParts(m_members.front(), member, token); });
    }

    /// Whether all members have the same letters somewhere in this word.
    [[nodiscard]] bool hasWords(std::size_t token) const
    {
        const Member &first = m_members.front();
        if (!equalAt(token)) {
            const std::string_view head = first.raw(token).substr(0, commonHead(rawValues(token)));
            return hasLetter(head);
        }
        const text::MaskedToken &at = first.masked.tokens[token];
        for (std::uint32_t i = at.firstPart; i < at.lastPart; ++i) {
            const text::MaskedPart &part = first.masked.parts[i];
            const std::string_view bytes = first.line.substr(part.begin, part.end - part.begin);
            if (part.kind == MaskKind::Literal && isProse(part) && hasLetter(bytes))
                return true;
            if (m_json && part.kind == MaskKind::Quoted && isTold(part)
                && !messageOf(valuesOf(i - at.firstPart, token)).empty() && hasLetter(bytes))
                return true;
        }
        return false;
    }

    /// Whether a literal part is no name of JSON's: it stands before it, in words and not as a logger's level.
    [[nodiscard]] bool isProse(const text::MaskedPart &part) const
    {
        if (!m_json)
            return true;
        const std::string_view line = m_members.front().line;
        const std::string_view bytes = line.substr(part.begin, part.end - part.begin);
        return part.end <= line.find('{')
               && std::any_of(bytes.begin(), bytes.end(), [](char byte) { return byte >= 'a' && byte <= 'z'; });
    }

    [[nodiscard]] std::vector<std::string_view> rawValues(std::size_t token) const
    {
        std::vector<std::string_view> values;
        for (const Member &member : m_members)
            values.push_back(member.raw(token));
        return values;
    }

    [[nodiscard]] std::string gapOf(std::size_t token) const
    {
        bool single = true;
        bool plain = true;
        for (const Member &member : m_members) {
            single = single && member.gap(token) == " ";
            plain = plain && member.gap(token).find_first_not_of(" \t") == std::string_view::npos;
        }
        if (single)
            return " ";
        return repeated(plain ? "[ \\t]+" : "[ \\t\\r\\f\\x0b]+"); // a lone \r within a line is a blank too
    }

    [[nodiscard]] std::string tokenOf(std::size_t token) const
    {
        return equalAt(token) ? partsOf(token) : differing(token);
    }

    [[nodiscard]] std::vector<std::string_view> valuesOf(std::uint32_t part, std::size_t token) const
    {
        std::vector<std::string_view> values;
        for (const Member &member : m_members) {
            const text::MaskedPart &at = member.masked.parts[member.masked.tokens[token].firstPart + part];
            values.push_back(member.line.substr(at.begin, at.end - at.begin));
        }
        return values;
    }

    [[nodiscard]] std::string partsOf(std::size_t token) const
    {
        const Member &first = m_members.front();
        const text::MaskedToken &at = first.masked.tokens[token];
        std::string out;
        for (std::uint32_t i = 0; i < at.lastPart - at.firstPart; ++i) {
            const text::MaskedPart &part = first.masked.parts[at.firstPart + i];
            if (part.kind == MaskKind::Literal) {
                out += escapedText(first.line.substr(part.begin, part.end - part.begin));
                continue;
            }
            const std::vector<std::string_view> values = valuesOf(i, token);
            if (part.kind == MaskKind::Quoted)
                out += m_json ? jsonOf(values, part) : quotedOf(values, first.line[part.begin - 1]);
            else
                out += classOf(values, part.kind);
        }
        return out;
    }

    [[nodiscard]] std::string quotedOf(const std::vector<std::string_view> &values, char quote) const
    {
        if (const std::string listed = alternatives(values); !listed.empty())
            return listed;
        const bool closes = std::none_of(values.begin(), values.end(), [&](std::string_view value) {
            return value.find(quote) != std::string_view::npos;
        });
        return repeated(closes ? "[^" + std::string(1, quote) + "]+" : narrowestClass(values));
    }

    /// Whether a text of JSON is a value that tells of what failed: by its member's name, or as an exception's own.
    [[nodiscard]] bool isTold(const text::MaskedPart &part) const
    {
        const std::string_view line = m_members.front().line;
        return !isMemberName(line, part.end)
               && (tellsOfFailure(memberOf(line, part.begin)) || text::exceptionAt(line, part.begin));
    }

    /// A name or a value of JSON: what tells of the failure is kept as far as its words go.
    [[nodiscard]] std::string jsonOf(const std::vector<std::string_view> &values, const text::MaskedPart &part) const
    {
        const std::string_view line = m_members.front().line;
        const bool same =
            std::all_of(values.begin(), values.end(), [&](auto value) { return value == values.front(); });
        if (same && isMemberName(line, part.end))
            return escapedText(values.front());
        const std::string_view member = memberOf(line, part.begin);
        if (same && (member == "level" || member == "levelname" || member == "severity"))
            return escapedText(values.front());
        const std::string message = isTold(part) ? messageOf(values) : std::string();
        return message.empty() ? quotedOf(values, '"') : message;
    }

    /// The words of values that are messages, as of lines of their own; "" where they have none in common.
    [[nodiscard]] std::string messageOf(const std::vector<std::string_view> &values) const
    {
        const MinedPattern mined = Builder(values, m_generality, m_bounded).build();
        if (mined.expression.empty())
            return {};
        return (mined.anchored ? mined.expression.substr(1) : repeated("[^\"]*") + mined.expression)
               + (mined.whole ? "" : repeated("[^\"]*"));
    }

    /// What else a value of this kind could be is let in, as far as it is as narrow to read.
    [[nodiscard]] std::string classOf(const std::vector<std::string_view> &values, MaskKind kind) const
    {
        const bool blanks = std::any_of(values.begin(), values.end(), [](std::string_view value) {
            return value.find(' ') != std::string_view::npos;
        });
        if (kind == MaskKind::Uuid)
            return "[0-9a-fA-F-]{36}";
        if (kind == MaskKind::Size)
            return std::string(blanks ? "[\\d.,]{1,32} ?" : "[\\d.,]{1,32}") + repeated("\\w+");
        if (kind == MaskKind::Time && blanks)
            return "[\\w.,:/+ -]{4,40}";
        if (kind == MaskKind::Hex || kind == MaskKind::Address)
            return repeated("[0-9a-fA-Fx]+");
        return repeated(narrowestClass(values));
    }

    [[nodiscard]] std::string differing(std::size_t token) const
    {
        std::vector<std::string_view> values = rawValues(token);
        if (const std::string listed = alternatives(values); !listed.empty())
            return listed;
        const std::size_t head = commonHead(values);
        const std::size_t tail = commonTail(values, head);
        const std::string_view one = values.front();
        const std::string before = escapedText(one.substr(0, head));
        const std::string after = escapedText(one.substr(one.size() - tail));
        for (std::string_view &value : values)
            value = value.substr(head, value.size() - head - tail);
        return before + repeated(narrowestClass(values)) + after;
    }

    /// `(?:a|b)` of few short values; "" where they are many, or not asked for.
    [[nodiscard]] std::string alternatives(const std::vector<std::string_view> &values) const
    {
        if (m_generality != Generality::Alternatives)
            return {};
        const std::set<std::string_view> distinct(values.begin(), values.end());
        if (distinct.size() > kMaxAlternatives)
            return {};
        std::string out;
        for (const std::string_view value : distinct) {
            if (value.size() > kMaxAlternativeBytes)
                return {};
            out += (out.empty() ? "(?:" : "|") + escapedText(value);
        }
        return distinct.size() == 1 ? escapedText(*distinct.begin()) : out + ")";
    }

    /// A class with its repeat bounded, if need be.
    [[nodiscard]] std::string repeated(std::string expression) const
    {
        const char last = expression.back();
        if (!m_bounded || (last != '+' && last != '*'))
            return expression;
        expression.pop_back();
        return expression + (last == '+' ? "{1,128}" : "{0,128}");
    }

    std::vector<Member> m_members;
    Generality m_generality;
    bool m_bounded = false;
    bool m_json = false; ///< all lines hold JSON
    bool m_words = false;
};

} // namespace

MinedPattern minePattern(std::span<const std::string_view> lines, Generality generality)
{
    MinedPattern out = Builder(lines, generality).build();
    if (!out.expression.empty() && !text::backtrackingRisk(text::readPattern(out.expression)).empty())
        out = Builder(lines, generality, true).build();
    return out;
}

} // namespace mulligan::classify
