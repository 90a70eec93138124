#include "text/confirm.hpp"

#include <algorithm>
#include <cstring>

namespace mulligan::text
{

namespace
{

/// Begin of the line that stands so many lines above a place's own.
std::size_t lineBegin(std::string_view text, std::size_t at, std::size_t above)
{
    for (;; --above) {
        const void *found = at == 0 ? nullptr : memrchr(text.data(), '\n', at);
        if (found == nullptr)
            return 0;
        at = static_cast<std::size_t>(static_cast<const char *>(found) - text.data());
        if (above == 0)
            return at + 1;
    }
}

/// End of the line that stands so many lines below a place's own: its newline, or the text's end.
std::size_t lineEnd(std::string_view text, std::size_t at, std::size_t below = 0)
{
    for (std::size_t end = text.find('\n', at);; end = text.find('\n', end + 1)) {
        if (end == std::string_view::npos)
            return text.size();
        if (below-- == 0)
            return end;
    }
}

/// Whether a match that begins where the text does cannot reach as far as a place.
bool isOutOfReach(const Extent &reach, std::string_view text, std::size_t end)
{
    return reach.bytes < end
           || (reach.newlines <= kMostNewlines && lineBegin(text, end == 0 ? 0 : end - 1, reach.newlines) > 0);
}

} // namespace

Outcome Confirmation::find(std::size_t from, Match &match)
{
    if (m_pattern.anchored && from > 0)
        return Outcome::NoMatch;
    if (!m_scratch.scanned || !m_pattern.prefiltered || m_pattern.fromBegin)
        return search({from, m_text.size()}, match);
    const std::size_t firstEnd = firstEndAfter(from);
    if (firstEnd == kNoBound || (m_pattern.anchored && isOutOfReach(m_pattern.before, m_text, firstEnd)))
        return Outcome::NoMatch;
    if (m_pattern.onFewLines())
        return onLines(from, match);
    if (m_pattern.onFewBytes() && m_scratch.allEnds)
        return nearEnds(from, match);
    // The first match holds a required text, none of which ends before the first end.
    const std::size_t before = m_pattern.before.bytes;
    return search({std::max(from, before < firstEnd ? firstEnd - before : 0), m_text.size()}, match);
}

/// The first end that a match beginning at or after a place may hold. Of a scan with too many ends none is known but
/// the first of all, and the rest of the text may hold more.
std::size_t Confirmation::firstEndAfter(std::size_t from) const
{
    const std::size_t first = m_scratch.firstEnd[m_id];
    if (first > from)
        return first;
    return m_scratch.allEnds ? m_scratch.nextEnd(m_id, from) : from;
}

bool Confirmation::mayMatch(Span window)
{
    return m_screen->mayMatch(m_pattern.source, m_text, window, m_scratch.automata.made());
}

/// The outcome, and the steps it takes, are the same whether the automaton is asked before or after the engine.
Outcome Confirmation::search(Span window, Match &match)
{
    const bool screened = m_screen != nullptr && m_screen->comesFirst();
    if (screened && !mayMatch(window)) {
        m_screen->note(false, 0);
        return Outcome::NoMatch;
    }
    const std::uint64_t before = m_stepsLeft;
    const Outcome outcome = searchWindow(m_pattern, m_text, window, m_scratch.results, m_stepsLeft, match);
    if (m_screen == nullptr)
        return outcome;
    m_screen->note(outcome == Outcome::Match, before - m_stepsLeft);
    if (screened || outcome == Outcome::Match || mayMatch(window))
        return outcome;
    m_stepsLeft = before;
    return Outcome::NoMatch;
}

/// A match whose first required text ends at E begins at most `before` lines above E's and takes at most `width` of
/// them. Ends are taken in order, and at each only a match that begins before it counts: any that begins further left
/// was found at an end before. The newline behind is searched as well, so that the end of a line is told from the
/// middle of "\r\n"; no match that counts reaches it, so the end of what is searched is not taken for the text's. Ends
/// on a line that was searched without a match show nothing new.
Outcome Confirmation::onLines(std::size_t from, Match &match)
{
    const ScratchState &own = m_scratch;
    for (std::size_t at = firstEndAfter(from); at != kNoBound;) {
        const std::size_t last = at == 0 ? 0 : at - 1;
        const std::size_t begin = m_pattern.before.bytes < at ? at - m_pattern.before.bytes : 0;
        const std::size_t end = own.allEnds ? lineEnd(m_text, last, m_pattern.width.newlines) : m_text.size();
        const Span lines{std::max({from, begin, lineBegin(m_text, last, m_pattern.before.newlines)}),
                         std::min(m_text.size(), end + 1)};
        const Outcome here = search(lines, match);
        if (here == Outcome::Undetermined || (here == Outcome::Match && (match.span.begin < at || !own.allEnds)))
            return here;
        if (!own.allEnds)
            break;
        at = own.nextEnd(m_id, here == Outcome::Match ? at : lineEnd(m_text, last) + 1);
    }
    match = {}; // one may have been found that begins too far right
    return Outcome::NoMatch;
}

/// A match whose first required text ends at E begins in [E − before, E) and takes at most `width` bytes. Ends are
/// taken in order, and at each only a match that begins before it counts: any that begins further left was found at an
/// end before. One byte more than the match can take is searched, so that a word boundary sees what follows,
/// and the end of what is searched is not taken for the text's.
Outcome Confirmation::nearEnds(std::size_t from, Match &match)
{
    for (std::size_t at = firstEndAfter(from); at != kNoBound; at = m_scratch.nextEnd(m_id, at)) {
        const Span window{std::max(from, m_pattern.before.bytes < at ? at - m_pattern.before.bytes : 0),
                          std::min(m_text.size(), at + m_pattern.width.bytes + 1)};
        const Outcome near = search(window, match);
        if (near == Outcome::Undetermined || (near == Outcome::Match && match.span.begin < at))
            return near;
    }
    match = {}; // one may have been found that begins too far right
    return Outcome::NoMatch;
}

} // namespace mulligan::text
