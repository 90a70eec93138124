#include "classify/line_levels.hpp"

#include "text/lines.hpp"
#include "text/log_line.hpp"

#include <algorithm>
#include <cstring>

namespace mulligan::classify
{

namespace
{

text::Span lineAt(std::string_view text, size_t at)
{
    return {text::lineBegin(text, at), std::min(text.find('\n', at), text.size())};
}

/// `least`: Warn or Error.
bool counts(LeastLevel least, text::LineMark mark)
{
    const bool warning = mark == text::LineMark::Warning && least != LeastLevel::Warn;
    return mark != text::LineMark::Information && !warning;
}

} // namespace

bool lineCounts(LeastLevel least, std::string_view line, const text::AbortedTasks &aborted)
{
    if (least == LeastLevel::Any)
        return true;
    const text::LineMark mark = text::lineMarkOf(line);
    return counts(least, mark) || (mark == text::LineMark::Warning && aborted.areLostIn(line));
}

text::Span lineOfMatch(std::string_view text, text::Span match)
{
    size_t at = match.begin;
    while (at < match.end && (text[at] == '\n' || text[at] == '\r'))
        ++at;
    return lineAt(text, at < match.end ? at : match.begin);
}

size_t lastPlaceOf(std::string_view part, std::string_view text)
{
    if (part.empty() || part.size() > text.size())
        return part.empty() ? text.size() : std::string_view::npos;
    for (size_t end = text.size() - part.size() + 1; end > 0;) {
        const void *found = memrchr(text.data(), part.front(), end);
        if (found == nullptr)
            return std::string_view::npos;
        end = static_cast<size_t>(static_cast<const char *>(found) - text.data());
        if (text.substr(end, part.size()) == part)
            return end;
    }
    return std::string_view::npos;
}

std::string_view withItsLine(std::string_view part, std::string_view text)
{
    const size_t place = lastPlaceOf(part, text);
    if (part.empty() || place == std::string_view::npos)
        return part;
    const size_t begin = lineAt(text, place).begin;
    return text.substr(begin, place + part.size() - begin);
}

std::optional<size_t> LineLevels::placeThatCounts(LeastLevel least, size_t at)
{
    if (least == LeastLevel::Any || countsAt(least, m_place, at))
        return m_place;
    // A line that begins within the part is the same wherever the part stands.
    if (!m_repeats || m_part.substr(0, at).find('\n') != std::string_view::npos)
        return std::nullopt;
    findEarlier();
    const auto found =
        std::find_if(m_earlier->begin(), m_earlier->end(), [&](size_t place) { return countsAt(least, place, at); });
    return found == m_earlier->end() ? std::nullopt : std::optional(*found);
}

bool LineLevels::countsAt(LeastLevel least, size_t place, size_t at)
{
    const auto &[quoted, quotedMark] = m_quoted;
    if (at >= quoted.begin && at < quoted.end && !counts(least, quotedMark))
        return false;
    constexpr size_t kMostMarks = 16; // looking through more takes longer than finding it again
    const size_t begin = text::lineBegin(m_whole, place + at);
    const auto known =
        std::find_if(m_marks.begin(), m_marks.end(), [&](const auto &line) { return line.first == begin; });
    if (known != m_marks.end())
        return counts(least, known->second);
    const text::LineMark mark = markOf(lineAt(m_whole, place + at));
    if (m_marks.size() < kMostMarks)
        m_marks.emplace_back(begin, mark);
    return counts(least, mark);
}

text::LineMark LineLevels::markOf(text::Span span)
{
    const std::string_view line = m_whole.substr(span.begin, span.end - span.begin);
    const text::LineMark mark = text::lineMarkOf(line);
    if (mark != text::LineMark::Warning || line.find("Lost task ") == std::string_view::npos)
        return mark;
    if (!m_aborted)
        m_aborted.emplace(m_whole);
    return m_aborted->areLostIn(line) ? text::LineMark::Error : mark;
}

void LineLevels::findEarlier()
{
    if (m_earlier)
        return;
    m_earlier.emplace();
    for (size_t place = m_place; place > 0;) {
        place = lastPlaceOf(m_part, m_whole.substr(0, place + m_part.size() - 1));
        if (place == std::string_view::npos)
            break;
        m_earlier->push_back(place);
    }
}

} // namespace mulligan::classify
