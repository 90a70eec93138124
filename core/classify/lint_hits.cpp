#include "classify/lint_hits.hpp"

#include <cmath>

namespace mulligan::classify
{

namespace
{

Problem problemOf(const Rule &rule, const char *kind, std::string message)
{
    return {rule.id, kind, std::move(message), rule.line, Severity::Warning, rule.file};
}

/// "1,140", as every text of the program has its numbers.
std::string grouped(std::uint64_t number)
{
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3;) {
        at -= 3;
        digits.insert(at, 1, ',');
    }
    return digits;
}

std::string counted(std::uint64_t number, const char *noun)
{
    return grouped(number) + ' ' + noun + (number == 1 ? "" : "s");
}

} // namespace

std::vector<Problem> lintHits(const RulePack &pack, const std::map<std::string, HitCounts> &hits,
                              std::uint64_t failures)
{
    std::vector<Problem> problems;
    if (failures == 0)
        return problems;
    for (const Rule &rule : pack.rules) {
        if (rule.status != RuleStatus::Active)
            continue;
        const auto found = hits.find(rule.id);
        const HitCounts counts = found == hits.end() ? HitCounts() : found->second;
        const std::uint64_t all = counts.failures + counts.successes;
        if (counts.undetermined > 0)
            problems.push_back(problemOf(rule, "undetermined",
                                         "On " + counted(counts.undetermined, "attempt")
                                             + " its patterns ran out of steps, so it was taken not to match there: a "
                                               "repeat in them can divide the same text in too many ways."));
        if (all == 0)
            problems.push_back(
                problemOf(rule, "never_hit", "It matches none of " + counted(failures, "failure") + "."));
        else if (static_cast<double>(counts.successes) > kMostHitsOnSuccesses * static_cast<double>(all))
            problems.push_back(problemOf(rule, "fires_on_successes",
                                         "Of its " + counted(all, "hit") + " " + grouped(counts.successes) + " ("
                                             + std::to_string(std::lround(100.0 * static_cast<double>(counts.successes)
                                                                          / static_cast<double>(all)))
                                             + " %) " + (counts.successes == 1 ? "is on an attempt" : "are on attempts")
                                             + " that succeeded: what it looks for is no failure."));
    }
    return problems;
}

} // namespace mulligan::classify
