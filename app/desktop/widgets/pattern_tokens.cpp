#include "desktop/widgets/pattern_tokens.hpp"

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

/// Reads a pattern from left to right.
class Cutter
{
public:
    explicit Cutter(const QString &pattern) : m_pattern(pattern) {}

    std::vector<PatternToken> cut()
    {
        while (m_at < size())
            step();
        // Groups that are never closed.
        for (const size_t open : m_open)
            m_tokens[open].kind = PatternTokenKind::Unbalanced;
        return std::move(m_tokens);
    }

private:
    [[nodiscard]] int size() const { return static_cast<int>(m_pattern.size()); }
    [[nodiscard]] QChar at(int index) const { return index < size() ? m_pattern[index] : QChar(); }

    void add(int length, PatternTokenKind kind)
    {
        length = std::min(length, size() - m_at);
        const bool longer =
            kind == PatternTokenKind::Literal && !m_tokens.empty() && m_tokens.back().kind == PatternTokenKind::Literal;
        if (longer)
            m_tokens.back().length += length;
        else
            m_tokens.push_back({m_at, length, kind, static_cast<int>(m_open.size())});
        m_at += length;
    }

    void step()
    {
        switch (at(m_at).unicode()) {
        case u'\\': escape(); break;
        case u'[': characterClass(); break;
        case u'(': open(); break;
        case u')': close(); break;
        case u'|': add(1, PatternTokenKind::Choice); break;
        case u'.': add(1, PatternTokenKind::Any); break;
        case u'^':
        case u'$': add(1, PatternTokenKind::Anchor); break;
        case u'*':
        case u'+':
        case u'?': quantifier(1); break;
        case u'{': braces(); break;
        default: add(1, PatternTokenKind::Literal);
        }
    }

    void escape()
    {
        const char16_t next = at(m_at + 1).unicode();
        if (QStringView(u"bBAzZG<>").contains(QChar(next)) && next != 0) {
            add(2, PatternTokenKind::Anchor);
            return;
        }
        int length = 2;
        if (next == u'x') {
            const int most = at(m_at + 2) == QLatin1Char('{') ? 10 : 2;
            while (length < 2 + most && m_at + length < size()
                   && QStringView(u"{}0123456789abcdefABCDEF").contains(at(m_at + length)))
                ++length;
        } else if (next == u'Q') {
            const auto end = m_pattern.indexOf(QLatin1String("\\E"), m_at + 2);
            length = end < 0 ? size() - m_at : static_cast<int>(end) + 2 - m_at;
        }
        add(length, PatternTokenKind::Escape);
    }

    void characterClass()
    {
        int end = m_at + 1;
        if (at(end) == QLatin1Char('^'))
            ++end;
        if (at(end) == QLatin1Char(']'))
            ++end; // the first one is a member
        while (end < size() && at(end) != QLatin1Char(']')) {
            if (at(end) == QLatin1Char('\\'))
                ++end;
            else if (at(end) == QLatin1Char('[') && at(end + 1) == QLatin1Char(':'))
                end = std::max(end, static_cast<int>(m_pattern.indexOf(QLatin1String(":]"), end + 2)) + 1);
            ++end;
        }
        const bool closed = end < size();
        add(end + 1 - m_at, closed ? PatternTokenKind::Class : PatternTokenKind::Unbalanced);
    }

    void open()
    {
        int length = 1;
        int name = 0;
        if (at(m_at + 1) == QLatin1Char('?')) {
            const QChar kind = at(m_at + 2);
            const QChar after = at(m_at + 3);
            const bool lookBehind =
                kind == QLatin1Char('<') && (after == QLatin1Char('=') || after == QLatin1Char('!'));
            if (lookBehind) {
                length = 4;
            } else if (kind == QLatin1Char('<') || kind == QLatin1Char('\'') || kind == QLatin1Char('P')) {
                length = kind == QLatin1Char('P') ? 4 : 3;
                while (m_at + length + name < size()
                       && (at(m_at + length + name).isLetterOrNumber() || at(m_at + length + name) == QLatin1Char('_')))
                    ++name;
            } else if (kind == QLatin1Char(':') || kind == QLatin1Char('=') || kind == QLatin1Char('!')
                       || kind == QLatin1Char('>') || kind == QLatin1Char('|')) {
                length = 3;
            } else {
                length = 2;
                while (at(m_at + length).isLetter() || at(m_at + length) == QLatin1Char('-'))
                    ++length;
                if (at(m_at + length) == QLatin1Char(':'))
                    ++length;
            }
        }
        const size_t token = m_tokens.size();
        add(length, PatternTokenKind::Group);
        m_open.push_back(token);
        if (name > 0) {
            add(name, PatternTokenKind::Name);
            add(1, PatternTokenKind::Group);
        }
    }

    void close()
    {
        if (m_open.empty()) {
            add(1, PatternTokenKind::Unbalanced);
            return;
        }
        m_open.pop_back();
        add(1, PatternTokenKind::Group);
    }

    void quantifier(int length)
    {
        const QChar mode = at(m_at + length);
        if (mode == QLatin1Char('?') || mode == QLatin1Char('+'))
            ++length;
        add(length, PatternTokenKind::Quantifier);
    }

    void braces()
    {
        int end = m_at + 1;
        while (at(end).isDigit() || at(end) == QLatin1Char(','))
            ++end;
        if (end > m_at + 1 && at(end) == QLatin1Char('}'))
            quantifier(end + 1 - m_at);
        else
            add(1, PatternTokenKind::Literal);
    }

    const QString &m_pattern;
    int m_at = 0;
    std::vector<PatternToken> m_tokens;
    std::vector<size_t> m_open; ///< tokens of groups that are not closed yet
};

} // namespace

std::vector<PatternToken> patternTokens(const QString &pattern)
{
    return Cutter(pattern).cut();
}

} // namespace mulligan::desktop
