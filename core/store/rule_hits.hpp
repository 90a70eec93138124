#pragma once

#include "base/instant.hpp"
#include "base/result.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mulligan::store
{

/// What a rule did in a workspace, as the stored verdicts and hits tell: no text is matched again.
struct RuleUse {
    std::string rule;
    std::uint64_t hits = 0;               ///< failures it matches, as the winner or not
    std::uint64_t wins = 0;               ///< failures it decided
    std::uint64_t hitsOnSuccesses = 0;    ///< successful attempts it matches, where it must not
    std::optional<base::Instant> lastHit; ///< latest start among the failures it matches

    bool operator==(const RuleUse &) const = default;
    /// Successes' share of everything it matches; 0 when it matches nothing. Above 0.1 it fires on successes.
    [[nodiscard]] double successShare() const
    {
        const std::uint64_t all = hits + hitsOnSuccesses;
        return all == 0 ? 0.0 : static_cast<double>(hitsOnSuccesses) / static_cast<double>(all);
    }
};

/// By rule id; rules that matched nothing are left out. Cost: one pass over an index of the failures (0.2 s for a
/// million) and one over the stored matches. Errors: Cancelled, Io, Corrupt.
[[nodiscard]] base::Result<std::vector<RuleUse>> ruleUse(Workspace &workspace, const std::stop_token &stop);

/// Row ids of successful attempts that a rule matches, the latest first. Errors: Io, Corrupt.
[[nodiscard]] base::Result<std::vector<std::int64_t>> successesHit(Workspace &workspace, const std::string &rule,
                                                                   std::size_t limit = 100);

/// A rule of the pack that the stored verdicts came from.
struct ClassifiedRule {
    std::string rule;
    std::string matching; ///< hash of what decides whether it matches, and of what it captures
    std::string meaning;  ///< hash of what a verdict takes over from it, and of its priority
    std::string body;     ///< canonical YAML of the rule, by itself

    bool operator==(const ClassifiedRule &) const = default;
};

/// Active rules of that pack, by id; none when the verdicts came from nowhere that is known. Errors: Io, Corrupt.
[[nodiscard]] base::Result<std::vector<ClassifiedRule>> classifiedRules(Workspace &workspace);

} // namespace mulligan::store
