#include "desktop/pages/rules_editor_history.hpp"

#include <tuple>
#include <utility>

namespace mulligan::desktop
{

namespace
{

/// All that decides which texts a rule matches, and whether it takes part.
auto matching(const classify::Rule &rule)
{
    return std::tie(rule.status, rule.scopeStream, rule.scopeJobGlob, rule.scopeSparkVersion, rule.scopeConfig,
                    rule.where, rule.lastLines, rule.leastLevel, rule.caseless, rule.multiline, rule.block, rule.all,
                    rule.any, rule.none);
}

} // namespace

HistoryFindings historyFindings(std::vector<classify::Problem> problems, const classify::RulePack &pack)
{
    HistoryFindings findings{std::move(problems), {}};
    for (const auto &problem : findings.problems)
        findings.rules.try_emplace(problem.rule);
    for (const auto &rule : pack.rules)
        if (const auto found = findings.rules.find(rule.id); found != findings.rules.end())
            found->second = rule;
    return findings;
}

std::vector<classify::Problem> stillTrue(const HistoryFindings &findings, const classify::RulePack &pack)
{
    std::map<std::string, bool> same;
    for (const auto &rule : pack.rules)
        if (const auto then = findings.rules.find(rule.id); then != findings.rules.end())
            same[rule.id] = matching(then->second) == matching(rule);
    std::vector<classify::Problem> kept;
    for (const auto &problem : findings.problems)
        if (const auto found = same.find(problem.rule); found != same.end() && found->second) {
            kept.push_back(problem);
            kept.back().line = 0;
        }
    return kept;
}

} // namespace mulligan::desktop
