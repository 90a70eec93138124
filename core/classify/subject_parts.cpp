#include "classify/subject_parts.hpp"

#include "text/root_cause.hpp"

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

} // namespace

SubjectParts::SubjectParts(const Subject &subject)
    : m_whole(subject.text.empty() ? subject.rootCause : subject.text), m_cause(subject.rootCause),
      m_hasText(!subject.text.empty()), m_noSuccess(subject.noSuccess), m_records(m_whole)
{
    if (m_noSuccess)
        m_records.holdsNoSignOfSuccess();
}

View SubjectParts::view(MatchWhere where, int lines)
{
    if (where == MatchWhere::WholeLog)
        return {m_whole, 0, true};
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
    return {view.text, view.inText ? m_whole : view.text, view.offset, byWords && view.inText};
}

text::Records *SubjectParts::records(MatchWhere where)
{
    return where == MatchWhere::WholeLog || where == MatchWhere::LastLines ? &m_records : nullptr;
}

void SubjectParts::place(model::RuleMatch &match, const View &view, std::size_t at) const
{
    if (!view.inText) { // there is no place in the text to point at
        match.begin = match.end = 0;
        match.line = 0;
        return;
    }
    match.begin += at;
    match.end += at;
    match.line = 1 + newlinesBefore(m_whole, match.begin);
}

View SubjectParts::cause()
{
    if (!m_sought) {
        m_sought = true;
        if (m_cause.empty()) {
            m_found = text::findRootCause(m_whole).text;
            m_cause = m_found;
        }
        m_offset = lastPlaceOf(m_cause, m_whole);
    }
    if (m_offset == std::string_view::npos)
        return {m_cause, 0, false};
    // A cause that was got over is none; what it was chosen over says less.
    return {m_cause, m_offset, true, m_records.evidenceAt(m_offset).value_or(model::Evidence::Beside)};
}

} // namespace mulligan::classify
