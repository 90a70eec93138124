#pragma once

#include "classify/rule.hpp"

#include <set>
#include <string>
#include <vector>

namespace mulligan::classify
{

/// What tells versions of a rule apart, in two parts, so that a change says what it can change.
struct RuleKey {
    std::string rule;
    std::string
        matching;        ///< hash over patterns, place, case, scope and captures: texts must be matched to see a change
    std::string meaning; ///< hash over priority and what a verdict takes over: stored matches suffice

    bool operator==(const RuleKey &) const = default;
};

[[nodiscard]] RuleKey keyOf(const Rule &rule);
/// Keys of the active rules, by id: drafts and retired rules decide nothing.
[[nodiscard]] std::vector<RuleKey> keysOf(const RulePack &pack);

/// What differs between two packs, as far as verdicts can tell.
struct PackChange {
    std::set<std::string, std::less<>> dropped;   ///< active before, and no longer
    std::set<std::string, std::less<>> matched;   ///< active now, and new or matching otherwise than before
    std::set<std::string, std::less<>> restated;  ///< match as before, and mean or rank otherwise
    std::set<std::string, std::less<>> rewritten; ///< of `matched` those that mean and rank as before

    bool operator==(const PackChange &) const = default;
    [[nodiscard]] bool empty() const { return dropped.empty() && matched.empty() && restated.empty(); }
    /// Whether a verdict in whose matches the rule occurs may change.
    [[nodiscard]] bool touches(std::string_view rule) const
    {
        return dropped.contains(rule) || matched.contains(rule) || restated.contains(rule);
    }
};

/// Both by id.
[[nodiscard]] PackChange changeBetween(const std::vector<RuleKey> &before, const std::vector<RuleKey> &after);

} // namespace mulligan::classify
