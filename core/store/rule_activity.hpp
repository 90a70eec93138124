#pragma once

#include "base/instant.hpp"
#include "base/result.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <map>
#include <stop_token>
#include <string>

namespace mulligan::store
{

/// Monday, 00:00 UTC, of the week in which a moment lies.
[[nodiscard]] base::Instant weekOf(base::Instant moment);

/// What one rule did in one week.
struct WeekHits {
    std::uint64_t hits = 0; ///< failures it matched, as the winner or not
    std::uint64_t wins = 0; ///< failures it decided

    bool operator==(const WeekHits &) const = default;
};

/// What one rule did on the workspace's failures over time, by the stored verdicts; sums are in store::RuleUse.
struct RuleActivity {
    base::Instant firstHit;                   ///< start of the first failure it matched
    std::map<base::Instant, WeekHits> byWeek; ///< weeks with hits only; a failure is in the week it started in

    bool operator==(const RuleActivity &) const = default;
};

/// By rule; rules without a hit are not in it. Cost: one pass over an index of the failures, then one over the stored
/// matches. Errors: Cancelled, Io, Corrupt.
[[nodiscard]] base::Result<std::map<std::string, RuleActivity>> ruleActivity(Workspace &workspace,
                                                                             const std::stop_token &stop);

/// Failures with a verdict, by class and week.
using ClassWeeks = std::map<std::string, std::map<base::Instant, std::uint64_t>>;
[[nodiscard]] base::Result<ClassWeeks> classActivity(Workspace &workspace, const std::stop_token &stop);

/// Failures with a verdict, and how many of them are unclassified.
struct UnclassifiedCount {
    std::uint64_t failures = 0;
    std::uint64_t unclassified = 0;

    bool operator==(const UnclassifiedCount &) const = default;
};
using UnclassifiedWeeks = std::map<base::Instant, UnclassifiedCount>;

enum class UnclassifiedBy { Job, Team };

/// By job or team ("": it has none), then week.
[[nodiscard]] base::Result<std::map<std::string, UnclassifiedWeeks>>
unclassifiedActivity(Workspace &workspace, UnclassifiedBy by, const std::stop_token &stop);

/// Start of the first and the last failure (both zero without one), and how many there are.
struct FailureSpan {
    base::Instant first;
    base::Instant last;
    std::uint64_t failures = 0;
    std::uint64_t unjudged = 0; ///< without a verdict
};
[[nodiscard]] base::Result<FailureSpan> failureSpan(Workspace &workspace);

} // namespace mulligan::store
