#include "classify/rule.hpp"

#include <array>
#include <tuple>

namespace mulligan::classify
{

namespace
{

constexpr std::array<std::string_view, 4> kPlaces = {"root_cause", "message", "whole_log", "last_lines"};

/// Larger is more specific.
auto specificity(const Rule &rule)
{
    const size_t scopes = (rule.scopeStream.empty() ? 0 : 1) + (rule.scopeJobGlob.empty() ? 0 : 1)
                          + (rule.scopeSparkVersion.empty() ? 0 : 1) + rule.scopeConfig.size();
    const size_t levels = rule.leastLevel == LeastLevel::Any ? 0 : 1;
    return std::tuple(scopes, rule.all.size() + rule.none.size() + levels,
                      rule.where == MatchWhere::WholeLog && !rule.block ? 0 : 1);
}

} // namespace

std::string_view name(RuleStatus status)
{
    switch (status) {
    case RuleStatus::Draft: return "draft";
    case RuleStatus::Retired: return "retired";
    case RuleStatus::Active: break;
    }
    return "active";
}

std::string_view name(MatchWhere where)
{
    return kPlaces[static_cast<size_t>(where)];
}

std::optional<MatchWhere> whereFromName(std::string_view text)
{
    for (size_t i = 0; i < kPlaces.size(); ++i)
        if (kPlaces[i] == text)
            return static_cast<MatchWhere>(i);
    return std::nullopt;
}

std::string_view name(LeastLevel level)
{
    switch (level) {
    case LeastLevel::Warn: return "warn";
    case LeastLevel::Error: return "error";
    case LeastLevel::Any: break;
    }
    return "any";
}

std::optional<LeastLevel> leastLevelFromName(std::string_view text)
{
    for (const LeastLevel level : {LeastLevel::Warn, LeastLevel::Error})
        if (name(level) == text)
            return level;
    return std::nullopt;
}

bool hasScope(const Rule &rule)
{
    return !rule.scopeStream.empty() || !rule.scopeSparkVersion.empty() || !rule.scopeJobGlob.empty()
           || !rule.scopeConfig.empty();
}

bool needsCauseOnly(const Rule &rule)
{
    return (rule.where == MatchWhere::RootCause || rule.where == MatchWhere::Message)
           && rule.leastLevel == LeastLevel::Any;
}

bool precedes(const Rule &a, const Rule &b)
{
    if (a.priority != b.priority)
        return a.priority > b.priority;
    if (specificity(a) != specificity(b))
        return specificity(a) > specificity(b);
    return a.id < b.id;
}

std::size_t turnOf(const Claim &claim)
{
    const bool catchAll = claim.rule->priority < kCatchAllPriority;
    if (claim.evidence == model::Evidence::Failure && !catchAll)
        return 0;
    return claim.evidence == model::Evidence::Beside && catchAll ? 2 : 1;
}

bool precedes(const Claim &a, const Claim &b)
{
    return turnOf(a) != turnOf(b) ? turnOf(a) < turnOf(b) : precedes(*a.rule, *b.rule);
}

bool tied(const Rule &a, const Rule &b)
{
    return a.priority == b.priority && specificity(a) == specificity(b);
}

} // namespace mulligan::classify
