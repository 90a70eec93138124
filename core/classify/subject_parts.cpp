#include "classify/subject_parts.hpp"

#include "text/passed_on.hpp"

#include <algorithm>
#include <cstring>

namespace mulligan::classify
{

namespace
{

std::string_view lastLines(std::string_view text, int count)
{
    size_t at = text.size();
    if (at > 0 && text.back() == '\n')
        --at;
    for (int seen = 0; at > 0; --at)
        if (text[at - 1] == '\n' && ++seen == count)
            return text.substr(at);
    return text;
}

/// Newlines before a place; logs have long lines, so most bytes are passed many at a time.
int newlinesBefore(std::string_view text, size_t end)
{
    int count = 0;
    for (size_t at = 0; at < end; ++count) {
        const void *found = std::memchr(text.data() + at, '\n', end - at);
        if (found == nullptr)
            break;
        at = static_cast<size_t>(static_cast<const char *>(found) - text.data()) + 1;
    }
    return count;
}

/// Whether a text may hold JSON: a brace that a quote or a line end follows.
bool mayHoldJson(std::string_view text)
{
    for (size_t at = 0; at < text.size(); ++at) {
        const void *found = std::memchr(text.data() + at, '{', text.size() - at);
        if (found == nullptr)
            return false;
        at = static_cast<size_t>(static_cast<const char *>(found) - text.data());
        const char next = at + 1 < text.size() ? text[at + 1] : ' ';
        if (next == '"' || next == '\n' || next == '\r')
            return true;
    }
    return false;
}

/// Whether a cause may be an exception whose message a text has on the line below its name.
bool mayBeJoined(std::string_view cause, std::string_view text)
{
    const size_t colon = cause.substr(0, cause.find('\n')).find(": ");
    if (colon == std::string_view::npos)
        return false;
    const std::string_view head = cause.substr(0, colon + 1);
    if (text.find("<class '" + std::string(cause.substr(0, colon)) + "'>") != std::string_view::npos)
        return true;
    for (size_t at = text.find(head); at != std::string_view::npos; at = text.find(head, at + 1)) {
        const size_t next = text.find_first_not_of(" \t\r", at + head.size());
        if (next != std::string_view::npos && text[next] == '\n')
            return true;
    }
    return false;
}

} // namespace

SubjectParts::SubjectParts(const Subject &subject)
    : m_text(subject.text.empty() ? subject.rootCause : subject.text), m_plain(text::plainLinesOf(m_text)),
      m_said(m_plain ? std::string_view(m_plain->text) : m_text), m_bare(text::withoutHeads(m_said)),
      m_whole(m_bare ? std::string_view(m_bare->text) : m_said), m_cause(subject.rootCause),
      m_hasText(!subject.text.empty()), m_noSuccess(subject.noSuccess), m_records(m_whole)
{
    if (m_noSuccess)
        m_records.holdsNoSignOfSuccess();
}

View SubjectParts::view(MatchWhere where, int lines)
{
    if (where == MatchWhere::WholeLog)
        return wholeLog();
    if (where == MatchWhere::LastLines) {
        const std::string_view tail = lastLines(m_whole, lines);
        return {tail, m_whole.size() - tail.size(), true};
    }
    View view = cause();
    if (where == MatchWhere::Message)
        view.text = view.text.substr(0, view.text.find('\n'));
    return view;
}

LineLevels SubjectParts::levels(const View &view, MatchWhere where) const
{
    const bool byWords = where == MatchWhere::RootCause || where == MatchWhere::Message;
    const bool apart = !view.inText || where == MatchWhere::WholeLog;
    LineLevels levels(view.text, apart ? view.text : m_whole, apart ? 0 : view.offset, byWords && view.inText);
    const size_t quoted = view.inText ? view.causeAt : 0;
    if (apart && m_quotedAt && quoted < view.text.size())
        levels.areQuoted({quoted, view.text.size()}, markOfQuotes());
    return levels;
}

text::Records *SubjectParts::records(MatchWhere where)
{
    if (where == MatchWhere::WholeLog && m_recordsWithCause)
        return &*m_recordsWithCause;
    return where == MatchWhere::WholeLog || where == MatchWhere::LastLines ? &m_records : nullptr;
}

text::LineMark SubjectParts::markOfQuotes() const
{
    const text::Span line = lineOfMatch(m_whole, {*m_quotedAt, *m_quotedAt + 1});
    return text::lineMarkOf(m_whole.substr(line.begin, line.end - line.begin));
}

/// Whether what ends at a place of a view was read out of quotes in the text.
bool SubjectParts::isQuoted(const View &view, std::size_t end) const
{
    return m_quotedAt && (!view.inText || end > m_whole.size());
}

void SubjectParts::place(model::RuleMatch &match, const View &view, std::size_t at) const
{
    if (isQuoted(view, match.end + at)) { // the quotes are the place
        match.begin = *m_quotedAt;
        match.end = std::min(m_whole.find('\n', match.begin), m_whole.size());
    } else if (!view.inText) { // there is no place in the text to point at
        match.begin = match.end = 0;
        match.line = 0;
        return;
    } else {
        match.begin += at;
        match.end += at;
    }
    const text::Span held = placeInText({match.begin, match.end});
    match.begin = held.begin;
    match.end = held.end;
    match.line = 1 + newlinesBefore(m_text, match.begin);
}

bool SubjectParts::isDecoded(const View &view, text::Span part) const
{
    if (!view.inText || isQuoted(view, part.end))
        return true;
    if (m_bare)
        part = m_bare->placeOf(part, m_said);
    return m_plain && !m_plain->isVerbatim(part);
}

std::optional<std::size_t> SubjectParts::quotedAt()
{
    seekCause();
    return m_quotedAt ? std::optional(placeInText({*m_quotedAt, *m_quotedAt}).begin) : m_quotedAt; // as of `place`
}

text::Span SubjectParts::placeInText(text::Span part) const
{
    if (m_bare)
        part = m_bare->placeOf(part, m_said);
    return m_plain ? m_plain->placeOf(part, m_text) : part;
}

/// The root cause of the text, which begins in what rules see.
text::RootCause SubjectParts::found() const
{
    text::RootCause cause = m_plain ? text::findRootCause(*m_plain) : text::findRootCause(m_text);
    if (m_bare)
        cause.begin = m_bare->heldAt(cause.begin);
    return cause;
}

/// A cause is cut out of lines that may have heads behind the first.
void SubjectParts::takeHeadsOffCause()
{
    if (!m_bare || m_cause.find('\n') == std::string_view::npos)
        return;
    std::string bare;
    for (size_t at = 0; at < m_cause.size();) {
        const std::string_view line = m_cause.substr(at, m_cause.find('\n', at) - at);
        bare.append(at == 0 ? "" : "\n").append(at == 0 ? line : text::withoutHead(line));
        at += line.size() + 1;
    }
    const std::string_view shorter = std::string_view(bare).substr(0, bare.rfind('\n'));
    if (lastPlaceOf(bare, m_whole) == std::string_view::npos && lastPlaceOf(shorter, m_whole) != std::string_view::npos)
        bare.resize(shorter.size()); // the last line is cut off within its head
    m_bareCause = std::move(bare);
    m_cause = m_bareCause;
}

void SubjectParts::seekCause()
{
    if (m_sought)
        return;
    m_sought = true;
    text::RootCause cause;
    if (m_cause.empty()) {
        cause = found();
        m_found = cause.text;
        m_cause = m_found;
    }
    const std::string_view told = m_cause;
    takeHeadsOffCause();
    m_offset = lastPlaceOf(m_cause, m_whole);
    if (m_offset != std::string_view::npos && m_offset > 0 && m_whole[m_offset - 1] == '"')
        m_quotedAt = m_offset; // nothing of it is escaped
    if (m_offset != std::string_view::npos || !m_hasText || (!mayHoldJson(m_whole) && !mayBeJoined(m_cause, m_whole)))
        return;
    if (cause.text.empty())
        cause = found();
    if (cause.text == told) // else a reader knew it from elsewhere
        m_quotedAt = cause.begin;
}

View SubjectParts::cause()
{
    seekCause();
    if (m_offset == std::string_view::npos && !m_quotedAt)
        return {m_cause, 0, false};
    // A cause that was got over is none; what it was chosen over says less.
    const bool inText = m_offset != std::string_view::npos;
    const std::size_t place = inText ? m_offset : *m_quotedAt;
    return {m_cause, inText ? place : 0, inText, m_records.evidenceAt(place).value_or(model::Evidence::Beside)};
}

View SubjectParts::wholeLog()
{
    View log{m_whole};
    View withCause{m_withCause};
    withCause.causeAt = m_whole.size() + 1;
    if (m_recordsWithCause)
        return withCause;
    if (!m_hasText || !mayHoldJson(m_whole))
        return log;
    seekCause();
    if (!m_quotedAt)
        return log;
    m_withCause.append(m_whole).append("\n").append(m_cause);
    m_recordsWithCause.emplace(m_withCause);
    m_recordsWithCause->standsFor({withCause.causeAt, m_withCause.size()}, *m_quotedAt);
    if (m_noSuccess)
        m_recordsWithCause->holdsNoSignOfSuccess();
    withCause.text = m_withCause;
    return withCause;
}

} // namespace mulligan::classify
