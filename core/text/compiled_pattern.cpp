#include "text/compiled_pattern.hpp"

#include "text/pattern_place.hpp"

#include <locale>
#include <stdexcept>

namespace mulligan::text
{

namespace
{

boost::regex::flag_type flagsOf(const Pattern &pattern)
{
    // Lines as Python, Java and RE2 see them by default, rather than Boost's own default.
    boost::regex::flag_type flags = boost::regex::perl | boost::regex::no_mod_s;
    if (!pattern.multiline)
        flags |= boost::regex::no_mod_m;
    if (pattern.caseless)
        flags |= boost::regex::icase;
    return flags;
}

} // namespace

base::Result<boost::regex> compileRegex(const Pattern &pattern)
{
    if (pattern.expression.size() > kMaxPatternBytes)
        return base::makeError(base::ErrorCode::InvalidArgument, "The pattern is longer than 8,192 bytes",
                               "Split it into several patterns of the rule.");
    if (pattern.expression.empty())
        return base::makeError(base::ErrorCode::InvalidArgument, "The pattern is empty", "Write what is to be found.");
    boost::regex regex;
    regex.imbue(std::locale::classic()); // bytes mean the same wherever the program runs
    try {
        regex.assign(pattern.expression, flagsOf(pattern));
    } catch (const boost::regex_error &error) {
        std::string what = error.what();
        if (const std::size_t end = what.find("  The error occurred"); end != std::string::npos)
            what.resize(end);
        while (!what.empty() && (what.back() == '.' || what.back() == ' '))
            what.pop_back();
        return base::makeError(base::ErrorCode::InvalidArgument,
                               "The pattern '" + pattern.expression + "' is not a regular expression: "
                                   + faultText(pattern.expression, what, error.position()),
                               "Correct the pattern; a character with a meaning of its own is taken literally after a "
                               "backslash.");
    } catch (const std::runtime_error &error) {
        return base::makeError(base::ErrorCode::InvalidArgument,
                               "The pattern '" + pattern.expression + "' cannot be compiled: " + error.what(),
                               "Make it simpler.");
    }
    return regex;
}

Outcome searchWindow(const CompiledPattern &pattern, std::string_view text, Span window, MatchResults &results,
                     std::uint64_t &stepsLeft, Match &match)
{
    const char *data = text.data();
    const CountingIterator base(data, &stepsLeft);
    const CountingIterator first(data + window.begin, &stepsLeft);
    const CountingIterator last(data + window.end, &stepsLeft);
    try {
        const auto flags = window.begin > 0 ? boost::match_default | boost::match_prev_avail : boost::match_default;
        if (!boost::regex_search(first, last, results, pattern.regex, flags, base))
            return Outcome::NoMatch;
    } catch (const BudgetSpent &) {
        stepsLeft = 0;
        return Outcome::Undetermined;
    } catch (const std::runtime_error &) { // the engine's own limits on states and memory
        return Outcome::Undetermined;
    }
    const auto spanOf = [&](const auto &part) {
        return Span{static_cast<std::size_t>(part.first.base() - data),
                    static_cast<std::size_t>(part.second.base() - data)};
    };
    match.span = spanOf(results[0]);
    match.groups.clear();
    for (const PatternGroup &group : pattern.groups)
        if (const auto &part = results[group.number]; part.matched)
            match.groups.push_back({group.name, spanOf(part)});
    return Outcome::Match;
}

base::Result<void> checkPattern(const Pattern &pattern)
{
    MULLIGAN_TRY(const boost::regex regex, compileRegex(pattern));
    std::uint64_t left = kDefaultSteps;
    const CountingIterator here("", &left);
    bool matchesEmpty = false;
    try {
        matchesEmpty = boost::regex_search(here, here, regex);
    } catch (const BudgetSpent &) {
        matchesEmpty = false;
    } catch (const std::runtime_error &) {
        matchesEmpty = false;
    }
    if (matchesEmpty)
        return base::makeError(base::ErrorCode::InvalidArgument,
                               "The pattern '" + pattern.expression + "' matches the empty text, and so every text",
                               "Let it ask for at least one character.");
    return {};
}

} // namespace mulligan::text
