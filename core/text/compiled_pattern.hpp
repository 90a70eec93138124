#pragma once

#include "text/counting_iterator.hpp"
#include "text/pattern_set.hpp"
#include "text/pattern_syntax.hpp"
#include "text/required_literals.hpp"

#include <boost/regex.hpp>

namespace mulligan::text
{

/// A match that takes more newlines is not looked for line by line.
inline constexpr std::size_t kMostNewlines = 4;

using MatchResults = boost::match_results<CountingIterator>;

/// A pattern ready to run, and what is known of its matches. Of the text library alone.
struct CompiledPattern {
    Pattern source;
    boost::regex regex;
    std::vector<PatternGroup> groups;
    bool context = true;    ///< whether it matches depends on more than a match's bytes and the ones next to them
    bool anchored = false;  ///< every match begins where the text does
    bool fromBegin = false; ///< to be searched for from the text's begin on
    bool prefiltered = false;
    Extent width = Extent::unbounded();  ///< of a match
    Extent before = Extent::unbounded(); ///< from a match's begin to the end of what the scan looks for
    double expectedHits = 0.0;           ///< `hitsOf` what it looks for

    [[nodiscard]] bool onFewLines() const
    {
        return !context && width.newlines <= kMostNewlines && before.newlines <= kMostNewlines;
    }
    [[nodiscard]] bool onFewBytes() const { return !context && width.bytes != kNoBound && before.bytes != kNoBound; }
};

/// Errors: InvalidArgument where the pattern is empty, too long or no regular expression.
[[nodiscard]] base::Result<boost::regex> compileRegex(const Pattern &pattern);

/// The leftmost match in a window of a text, by Boost.Regex alone; the steps it takes go off `stepsLeft`.
[[nodiscard]] Outcome searchWindow(const CompiledPattern &pattern, std::string_view text, Span window,
                                   MatchResults &results, std::uint64_t &stepsLeft, Match &match);

} // namespace mulligan::text
