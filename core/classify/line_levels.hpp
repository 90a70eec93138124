#pragma once

#include "classify/rule.hpp"
#include "text/aborted_tasks.hpp"
#include "text/log_line.hpp"
#include "text/pattern_set.hpp"

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace mulligan::classify
{

/// Whether matches that begin in a line count. A line that states several levels is taken for the worst of them, and
/// one that states none counts. A warning of what a job was aborted for, which is `aborted` in its text, is an error.
[[nodiscard]] bool lineCounts(LeastLevel least, std::string_view line, const text::AbortedTasks &aborted);

/// The line, without its newline, that a match in a text is taken to begin in: that of its first byte that is no line
/// end, since patterns may begin with the end of the line before ("(?:^|\n)Killed").
[[nodiscard]] text::Span lineOfMatch(std::string_view text, text::Span match);

/// Where a part stands last in a text; npos where it does not.
[[nodiscard]] size_t lastPlaceOf(std::string_view part, std::string_view text);

/// The last place of a part in a text, from the begin of the line on that it begins in: with what the logger put before
/// it. The part itself where it does not stand in the text.
[[nodiscard]] std::string_view withItsLine(std::string_view part, std::string_view text);

/// The lines of a part of a text, with what stands before the part on its first line.
class LineLevels
{
public:
    /// `place`: where the part stands in the whole. `repeats`: it is known by its words alone, so that it may as well
    /// be meant where they stand before.
    LineLevels(std::string_view part, std::string_view whole, size_t place, bool repeats)
        : m_part(part), m_whole(whole), m_place(place), m_repeats(repeats)
    {
    }

    [[nodiscard]] size_t place() const { return m_place; }
    /// Lines of the part, which were read out of quotes, count only where the line with the quotes does, whose mark
    /// this is.
    void areQuoted(text::Span lines, text::LineMark mark) { m_quoted = {lines, mark}; }
    /// A place of the part in the whole at which the line of its byte `at` counts: the last such one. A failure that is
    /// logged as a warning first, or again, is a failure.
    [[nodiscard]] std::optional<size_t> placeThatCounts(LeastLevel least, size_t at);

private:
    [[nodiscard]] bool countsAt(LeastLevel least, size_t place, size_t at);
    [[nodiscard]] text::LineMark markOf(text::Span line);
    void findEarlier();

    std::string_view m_part;
    std::string_view m_whole;
    size_t m_place;
    bool m_repeats;
    std::pair<text::Span, text::LineMark> m_quoted{{0, 0}, text::LineMark::None};
    std::optional<std::vector<size_t>> m_earlier; ///< the part's other places, last first
    std::optional<text::AbortedTasks> m_aborted;  ///< of the whole
    /// By begin of the line: several rules match on one.
    std::vector<std::pair<size_t, text::LineMark>> m_marks;
};

} // namespace mulligan::classify
