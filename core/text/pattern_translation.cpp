#include "text/pattern_translation.hpp"

#include "text/pattern_bytes.hpp"
#include "text/translated_assertion.hpp"
#include "text/translated_class.hpp"
#include "text/translated_groups.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <optional>
#include <utility>

namespace mulligan::text
{

namespace
{

/// Thrown within a translation where the engine has no counterpart.
struct NoCounterpart {
    std::string why;
    std::size_t at;
};

/// Largest count of a repeat that RE2 takes.
constexpr int kMostOfRe2 = 1000;

class Translator
{
public:
    Translator(Engine engine, const Pattern &pattern)
        : m_engine(engine), m_source(pattern.expression), m_wholeCaseless(pattern.caseless)
    {
        m_flags.multiline = pattern.multiline;
    }

    EnginePattern run()
    {
        EnginePattern out;
        try {
            alternatives();
            out.expression = head() + m_out;
        } catch (const NoCounterpart &missing) {
            out.fit = Fit::Impossible;
            out.notes.push_back(missing.why);
            out.at = missing.at + 1;
            return out;
        }
        out.fit = out.expression == m_source ? Fit::Same : Fit::Rewritten;
        if (out.fit == Fit::Rewritten)
            out.notes = std::move(m_notes);
        return out;
    }

private:
    struct Flags {
        bool multiline = false;
        bool dotAll = false;
    };

    [[nodiscard]] bool python() const { return m_engine == Engine::Python; }
    [[nodiscard]] bool java() const { return m_engine == Engine::Java; }
    [[nodiscard]] bool re2() const { return m_engine == Engine::Re2; }
    [[nodiscard]] bool more() const { return m_at < m_source.size(); }
    [[nodiscard]] char peek(std::size_t ahead = 0) const
    {
        return m_at + ahead < m_source.size() ? m_source[m_at + ahead] : '\0';
    }
    [[nodiscard]] bool startsWith(std::string_view what) const { return m_source.substr(m_at, what.size()) == what; }

    [[noreturn]] void refuse(std::string why) const { throw NoCounterpart{std::move(why), m_at}; }
    void note(std::string what)
    {
        if (std::find(m_notes.begin(), m_notes.end(), what) == m_notes.end())
            m_notes.push_back(std::move(what));
    }
    void requireLooking(const std::string &what) const
    {
        if (re2())
            refuse(what + ": RE2 cannot look around");
    }

    /// Flags that hold for the whole pattern.
    std::string head()
    {
        std::string flags;
        if (python() && (m_ascii || m_caseless || m_wholeCaseless)) {
            flags += 'a';
            note("(?a): \\w, \\d, \\s, \\b and case are those of ASCII");
        }
        if (m_wholeCaseless)
            flags += 'i';
        if (m_wholeCaseless)
            note("(?i) stands for the rule's 'case: insensitive'");
        return flags.empty() ? flags : "(?" + flags + ")";
    }

    /// Everything up to the end or the ')' of the group, with the flags that are set within.
    void alternatives()
    {
        const Flags outside = m_flags;
        const std::vector<std::string> outerWraps = std::exchange(m_wraps, {});
        m_groups.enter();
        while (more() && peek() != ')') {
            if (peek() == '|') {
                closeWraps();
                m_out += '|';
                ++m_at;
                m_groups.nextAlternative();
                for (const std::string &wrap : m_wraps)
                    m_out += wrap;
            } else {
                piece();
            }
        }
        closeWraps();
        m_groups.leave();
        m_wraps = outerWraps;
        m_flags = outside;
    }
    void closeWraps() { m_out.append(m_wraps.size(), ')'); }

    void piece()
    {
        const std::size_t begin = m_out.size();
        if (atom())
            quantifiers(begin);
    }

    /// One atom; false where nothing can be repeated (flags, a comment).
    bool atom()
    {
        switch (peek()) {
        case '(': return group();
        case '[': bracket(); return true;
        case '\\': return escape();
        case '.': dot(); return true;
        case '^': assertion(lineBeginFor(m_engine, m_flags.multiline), 1); return false;
        case '$': assertion(lineEndFor(m_engine, m_flags.multiline), 1); return false;
        case '*':
        case '+':
        case '?': refuse("a repeat of what takes no text");
        default: literal(peek()); return true;
        }
    }

    void literal(char byte)
    {
        if (byte == '{' || byte == '}')
            m_out += '\\'; // Java takes them for a count
        m_out += byte;
        ++m_at;
    }

    void dot()
    {
        ++m_at;
        m_out += m_flags.dotAll ? "[\\s\\S]" : "[^\\n\\r\\f]";
        note(m_flags.dotAll ? "(?s). is [\\s\\S]" : "'.' leaves out \\r and \\f as well as \\n");
    }

    void assertion(const AssertionText &assertion, std::size_t taken)
    {
        if (!assertion.needsLooking.empty())
            requireLooking(assertion.needsLooking);
        m_ascii = m_ascii || assertion.wordClass;
        m_out += assertion.text;
        if (!assertion.note.empty())
            note(assertion.note);
        m_at += taken;
    }

    void quantifiers(std::size_t begin)
    {
        std::string count;
        if (peek() == '*' || peek() == '+' || peek() == '?') {
            if (!more())
                return;
            count = m_source[m_at++];
        } else if (peek() == '{') {
            count = counted();
        }
        if (count.empty())
            return;
        if (peek() == '?') {
            m_out += count + '?';
            ++m_at;
        } else if (peek() == '+') {
            ++m_at;
            m_out += count;
            makeAtomic(begin);
        } else {
            m_out += count;
        }
        if (more() && (peek() == '*' || peek() == '+' || peek() == '?' || (peek() == '{' && !counted().empty())))
            refuse("a repeat of a repeat has different meanings");
    }

    /// "{n}", "{n,}" or "{n,m}", or nothing where the brace is a literal.
    std::string counted()
    {
        const std::size_t close = m_source.find('}', m_at);
        if (close == std::string_view::npos)
            return {};
        const std::string inner(m_source.substr(m_at + 1, close - m_at - 1));
        if (inner.empty() || std::isdigit(static_cast<unsigned char>(inner.front())) == 0)
            return {};
        if (inner.find_first_not_of("0123456789,") != std::string::npos)
            refuse("this count is not read by every engine: write {n}, {n,} or {n,m}");
        for (std::size_t at = 0; at < inner.size();
             at = inner.find(',', at) == std::string::npos ? inner.size() : inner.find(',', at) + 1)
            if (re2() && std::strtol(inner.c_str() + at, nullptr, 10) > kMostOfRe2)
                refuse("RE2 repeats 1,000 times at most");
        m_at = close + 1;
        return '{' + inner + '}';
    }

    /// Wraps what was written from `begin` on so that nothing of it is given back.
    void makeAtomic(std::size_t begin)
    {
        if (re2())
            refuse("RE2 does not backtrack, and has nothing to forbid it");
        const std::string body = m_out.substr(begin);
        if (java()) {
            m_out.replace(begin, std::string::npos, "(?>" + body + ")");
            note("possessive repeats are written as atomic groups");
            return;
        }
        if (m_numbered)
            refuse("Python before 3.11 has no atomic groups, and what stands for one would renumber this pattern's");
        const std::string group = "atomic" + std::to_string(++m_atomics);
        m_out.replace(begin, std::string::npos, "(?=(?P<" + group + ">" + body + "))(?P=" + group + ")");
        note("what is not given back is captured by a look-ahead and then taken (Python before 3.11 has no atomic "
             "groups)");
    }

    bool group()
    {
        if (peek(1) == '*')
            refuse("verbs such as (*FAIL) are known to Boost and Perl only");
        if (peek(1) != '?') {
            return captured("(", 1, m_groups.open({}, {}));
        }
        if (startsWith("(?#"))
            return comment();
        if (startsWith("(?:"))
            return body("(?:", 3);
        for (const std::string_view look : {"(?=", "(?!", "(?<=", "(?<!"}) {
            if (startsWith(look)) {
                requireLooking(std::string(look) + "…)");
                return body(std::string(look), look.size());
            }
        }
        if (startsWith("(?>"))
            return atomic();
        if (peek(2) == '<' || peek(2) == '\'')
            return named();
        if (peek(2) != '\0' && std::strchr("imsx-", peek(2)) != nullptr)
            return flags();
        refuse("'" + std::string(m_source.substr(m_at, 3)) + "…)' is known to Boost and Perl only");
    }

    bool captured(const std::string &opening, std::size_t taken, std::size_t group)
    {
        body(opening, taken);
        m_groups.close(group, peek() == '?' || peek() == '*' || peek() == '{');
        return true;
    }

    bool body(const std::string &opening, std::size_t taken)
    {
        m_out += opening;
        m_at += taken;
        alternatives();
        m_out += ')';
        ++m_at; // Boost has taken the pattern, so there is one
        return true;
    }

    bool comment()
    {
        m_at = std::min(m_source.find(')', m_at), m_source.size() - 1) + 1;
        note("comments are left out");
        return false;
    }

    bool atomic()
    {
        if (re2())
            refuse("(?>…): RE2 does not backtrack, and has nothing to forbid it");
        const std::size_t begin = m_out.size();
        body(java() ? "(?>" : "(?:", 3);
        if (python())
            makeAtomic(begin);
        return true;
    }

    bool named()
    {
        const std::size_t close = m_source.find(peek(2) == '<' ? '>' : '\'', m_at + 3);
        if (close == std::string_view::npos)
            refuse("a group's name without an end");
        const std::string name(m_source.substr(m_at + 3, close - m_at - 3));
        std::string wanted = name;
        if (java())
            std::erase(wanted, '_'); // which its names do not hold
        const std::string own = m_groups.freeName(wanted.empty() ? "group" : wanted);
        if (own != name)
            note("the group " + name + " is called " + own + " there");
        if (!java())
            note("named groups are written (?P<…>)");
        return captured((java() ? "(?<" : "(?P<") + own + ">", close + 1 - m_at, m_groups.open(name, own));
    }

    bool flags()
    {
        const std::size_t stop = m_source.find_first_of(":)", m_at);
        const std::string_view text = m_source.substr(m_at + 2, stop - m_at - 2);
        if (text.find('x') != std::string_view::npos)
            refuse("the flag x: write the pattern without white space and comments");
        const Flags outside = m_flags;
        const std::string wrap = setFlags(text);
        const bool scoped = m_source[stop] == ':';
        if (scoped) {
            body(wrap.empty() ? "(?:" : wrap, stop + 1 - m_at);
            m_flags = outside;
            return true;
        }
        m_at = stop + 1;
        if (wrap.empty())
            return false;
        // Flags for the rest of the group become a group over each of the alternatives that are left.
        m_out += wrap;
        m_wraps.push_back(wrap);
        note("flags hold from a group's begin on");
        return false;
    }

    /// Takes flags; what the engine needs to be told of case, or "".
    std::string setFlags(std::string_view text)
    {
        bool on = true;
        std::string wrap;
        for (const char flag : text) {
            switch (flag) {
            case '-': on = false; break;
            case 'm': m_flags.multiline = on; break;
            case 's': m_flags.dotAll = on; break;
            default: // i
                m_caseless = m_caseless || on;
                wrap = on ? "(?i:" : "(?-i:";
                break;
            }
        }
        if (text.find_first_of("ms") != std::string_view::npos)
            note("the flags m and s are worked into '^', '$' and '.'");
        return wrap;
    }

    bool escape()
    {
        const char letter = peek(1);
        if (const auto known = classFor(m_engine, letter)) {
            m_ascii = true;
            m_out += known->outside;
            if (known->outside.front() != '\\')
                note("\\" + std::string(1, letter) + " is " + known->outside);
            m_at += 2;
            return true;
        }
        if (const auto known = assertionFor(m_engine, letter)) {
            assertion(*known, 2);
            return false;
        }
        if (letter != 'Q')
            return byteOrReference(letter);
        quoted();
        return true;
    }

    void quoted()
    {
        const std::size_t close = std::min(m_source.find("\\E", m_at + 2), m_source.size());
        for (const char byte : m_source.substr(m_at + 2, close - m_at - 2))
            m_out += escaped(byte);
        m_at = std::min(close + 2, m_source.size());
        note("\\Q…\\E is written with backslashes");
    }

    bool byteOrReference(char letter)
    {
        if (letter >= '1' && letter <= '9')
            return reference(m_at + 1, m_at + 2);
        if (letter == 'k' || letter == 'g')
            return namedReference();
        const auto [byte, next] = escapedByte(m_source, m_at);
        if (!byte)
            refuse("'\\" + std::string(1, letter) + "' is known to Boost and Perl only");
        const std::string source(m_source.substr(m_at, next - m_at));
        const std::string own = commonEscape(source) ? source : escaped(*byte);
        if (own != source)
            note("'" + source + "' is written " + own);
        m_out += own;
        m_at = next;
        return true;
    }

    bool reference(std::size_t begin, std::size_t stop)
    {
        if (stop < m_source.size() && std::isdigit(static_cast<unsigned char>(m_source[stop])) != 0)
            refuse("a reference of two digits has different meanings");
        const auto number = static_cast<std::size_t>(m_source[begin] - '0');
        checkReference(number);
        m_numbered = true;
        if (python() && m_atomics > 0)
            refuse("what stands for an atomic group renumbers this pattern's groups");
        m_out += '\\';
        m_out += m_source[begin];
        m_at = stop;
        return true;
    }

    bool namedReference()
    {
        const std::size_t close = peek(2) == '<' ? m_source.find('>', m_at) : std::string_view::npos;
        if (peek(1) != 'k' || close == std::string_view::npos)
            refuse("this way to refer to a group is known to Boost and Perl only: write \\k<name>");
        const std::string_view name = m_source.substr(m_at + 3, close - m_at - 3);
        const std::size_t number = m_groups.numberOf(name).value_or(0);
        checkReference(number);
        m_out += (python() ? "(?P=" : "\\k<") + m_groups.ownName(number) + (python() ? ")" : ">");
        m_at = close + 1;
        return true;
    }

    /// Boost lets a reference to a group that took no part match nothing; other engines let it fail.
    void checkReference(std::size_t number) const
    {
        if (re2())
            refuse("RE2 cannot refer back to a group");
        if (!m_groups.tookPart(number))
            refuse("a reference to a group that may take no part is matched by Boost only");
    }

    void bracket()
    {
        const ClassText own = writeClass(m_engine, m_source, m_at);
        if (!own.why.empty())
            throw NoCounterpart{own.why, own.whyAt};
        m_ascii = m_ascii || own.shorthand;
        const std::string source(m_source.substr(m_at, own.end - m_at));
        if (own.text != source)
            note("'" + source + "' is " + own.text);
        m_out += own.text;
        m_at = own.end;
    }

    Engine m_engine;
    std::string_view m_source;
    bool m_wholeCaseless;
    std::size_t m_at = 0;
    std::string m_out;
    Flags m_flags;
    std::vector<std::string> m_wraps; ///< openings of groups that stand for flags, within the group at hand
    std::vector<std::string> m_notes;
    TranslatedGroups m_groups;
    int m_atomics = 0;
    bool m_ascii = false;    ///< uses classes or boundaries that Python reads as Unicode's
    bool m_caseless = false; ///< a flag within makes part of it ignore case
    bool m_numbered = false; ///< refers to groups by number
};

} // namespace

EnginePattern translate(Engine engine, const Pattern &pattern)
{
    if (engine != Engine::Boost)
        return Translator(engine, pattern).run();
    EnginePattern out;
    out.expression = pattern.expression;
    return out;
}

} // namespace mulligan::text
