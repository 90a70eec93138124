#include "classify/blocks.hpp"

#include <algorithm>
#include <optional>

namespace mulligan::classify
{

namespace
{

using text::Outcome;
using text::Span;

/// One pattern tried on line after line, with one budget for the whole text.
class LineTest
{
public:
    LineTest(std::uint32_t id, const text::PatternSet &patterns, std::string_view text, text::Scratch &scratch)
        : m_id(id), m_patterns(patterns), m_text(text), m_scratch(scratch), m_stepsLeft(patterns.stepsFor(text.size()))
    {
    }

    [[nodiscard]] bool undetermined() const { return m_undetermined; }

    bool holds(Span line)
    {
        if (m_undetermined || !m_patterns.mayMatchWithin(m_id, line, m_scratch))
            return false;
        const Outcome outcome = m_patterns.search(m_id, m_text.substr(line.begin, line.end - line.begin), 0, m_scratch,
                                                  m_stepsLeft, m_match);
        m_undetermined = outcome == Outcome::Undetermined;
        return outcome == Outcome::Match;
    }

private:
    std::uint32_t m_id;
    const text::PatternSet &m_patterns;
    std::string_view m_text;
    text::Scratch &m_scratch;
    std::uint64_t m_stepsLeft;
    text::Match m_match;
    bool m_undetermined = false;
};

class Cutter
{
public:
    Cutter(const BlockPatterns &definition, const text::PatternSet &patterns, std::string_view text,
           text::Scratch &scratch)
        : m_block(definition.block), m_text(text), m_from(definition.from, patterns, text, scratch),
          m_to(definition.to, patterns, text, scratch)
    {
    }

    BlockCut cut()
    {
        for (size_t at = 0; at < m_text.size();) {
            const size_t newline = std::min(m_text.find('\n', at), m_text.size());
            const bool carriage = newline > at && newline < m_text.size() && m_text[newline - 1] == '\r';
            take({at, carriage ? newline - 1 : newline});
            if (m_from.undetermined() || m_to.undetermined()) {
                m_cut.undetermined = true;
                return std::move(m_cut);
            }
            at = newline + 1;
        }
        close();
        return std::move(m_cut);
    }

private:
    void take(Span line)
    {
        const bool begins = m_open ? m_block.end == Block::End::NextRecord && m_from.holds(line) : m_from.holds(line);
        if (m_open
            && (begins || m_lines == m_block.maxLines || (m_block.end == Block::End::BlankLine && blank(line)))) {
            close();
            // A line that ends a block by its place alone may begin the next one.
            if (begins || m_from.holds(line))
                open(line);
        } else if (m_open) {
            extend(line);
        } else if (begins) {
            open(line);
        }
    }

    void open(Span line)
    {
        m_open = true;
        m_current = line;
        m_lines = 1;
    }

    void extend(Span line)
    {
        m_current.end = line.end;
        ++m_lines;
        if (m_block.end == Block::End::Pattern && m_to.holds(line))
            close();
    }

    void close()
    {
        if (m_open)
            m_cut.blocks.push_back(m_current);
        m_open = false;
    }

    [[nodiscard]] bool blank(Span line) const
    {
        return m_text.substr(line.begin, line.end - line.begin).find_first_not_of(" \t\r\v\f")
               == std::string_view::npos;
    }

    const Block &m_block;
    std::string_view m_text;
    LineTest m_from;
    LineTest m_to;
    BlockCut m_cut;
    Span m_current;
    int m_lines = 0;
    bool m_open = false;
};

} // namespace

BlockCut cutBlocks(const BlockPatterns &definition, const text::PatternSet &patterns, std::string_view text,
                   text::Scratch &scratch)
{
    if (!patterns.isCandidate(definition.from, scratch))
        return {};
    return Cutter(definition, patterns, text, scratch).cut();
}

} // namespace mulligan::classify
