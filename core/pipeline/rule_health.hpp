#pragma once

#include "base/instant.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "classify/classifier.hpp"
#include "formats/json.hpp"
#include "pipeline/classified_pack.hpp"
#include "stats/probability.hpp"
#include "stats/stratified.hpp"
#include "stats/trend.hpp"
#include "store/rule_activity.hpp"
#include "store/rule_hits.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mulligan::pipeline
{

/// A rule whose audited precision is below this, interval and all, is called imprecise.
inline constexpr double kLeastPrecision = 0.90;
/// Whole weeks that `recent` and `previous` of a class span.
inline constexpr int kRecentWeeks = 4;

struct HealthOptions {
    base::Instant now = base::systemNow();
    bool profile = false;                   ///< also measure the time each rule takes
    std::uint64_t profileBytes = 64u << 20; ///< distinct texts of at most so many bytes are matched for it
};

/// One rule, and what the workspace says of it.
struct RuleHealth {
    classify::Rule rule;
    std::optional<int> ageDays;       ///< since created; absent without a date
    std::optional<int> modifiedDays;  ///< since modified
    std::optional<int> expiresInDays; ///< 0 on its last day, negative once it has expired
    store::RuleUse use;               ///< zero counts when it never matched
    store::RuleActivity activity;
    std::optional<stats::Estimate> precision; ///< by the latest audit; absent without an answer on a failure it won
    std::optional<double> seconds;            ///< matching it alone over the profiled texts
    /// fires_on_successes, undetermined (steps ran out on a failure), imprecise, expired, expires_soon, never_hit (of
    /// active rules that matched no attempt, failed or successful); worst first.
    std::vector<std::string> concerns;
};

/// Failures of a class over time.
struct ClassHealth {
    std::string errorClass;
    std::uint64_t failures = 0;
    std::map<base::Instant, std::uint64_t> byWeek; ///< weeks with failures only
    std::uint64_t recent = 0;                      ///< in the last four whole weeks of the data
    std::uint64_t previous = 0;                    ///< in the four before
    std::optional<stats::Trend> trend; ///< over all whole weeks of the data, weeks without a failure counting 0
};

/// Share of unclassified failures of a job, a team, or all.
struct UnclassifiedHealth {
    std::string name;
    std::uint64_t failures = 0;
    std::uint64_t unclassified = 0;
    stats::Bounds interval; ///< of the share: Wilson, 95 %
    store::UnclassifiedWeeks byWeek;

    [[nodiscard]] double share() const
    {
        return failures == 0 ? 0.0 : static_cast<double>(unclassified) / static_cast<double>(failures);
    }
};

/// A week is whole when the data begin before it and end after it, so that no count is too low for being cut off.
struct HealthReport {
    base::Instant from; ///< start of the first failure
    base::Instant to;   ///< start of the last
    std::uint64_t failures = 0;
    std::uint64_t unjudged = 0;            ///< without a verdict: in none of the figures
    PackDifference pack;                   ///< how the pack given differs from the one the figures are of
    std::vector<RuleHealth> rules;         ///< most serious concern first, then most hits
    std::vector<ClassHealth> classes;      ///< by the trend's lower bound, the highest first, then most failures
    std::vector<base::Instant> wholeWeeks; ///< Mondays of the weeks that trends run over, without a gap
    UnclassifiedHealth overall;
    std::vector<UnclassifiedHealth> byJob;  ///< highest lower bound of the share first
    std::vector<UnclassifiedHealth> byTeam; ///< likewise; failures without a team under ""
    std::uint64_t profiledTexts = 0;
    std::uint64_t profiledBytes = 0;
};

/// What the workspace's verdicts say of every rule of the pack they were made by (`classifiedPack`), and of what no
/// rule knows. `given` is the pack at hand; how it differs is in the report. Reads only. Errors: InsufficientData when
/// no failure has a verdict; Cancelled, Io, Corrupt.
[[nodiscard]] base::Result<HealthReport> ruleHealth(store::Workspace &workspace, const classify::RulePack &given,
                                                    const HealthOptions &options, const std::stop_token &stop,
                                                    base::Progress &progress);

/// Keys of the command line's JSON: pack{known, added[], changed[], removed[]}, rules[], classes[],
/// trend_weeks{from, to, weeks} (the first and last day), unclassified{by_week[], by_job[], by_team[]}.
[[nodiscard]] formats::Json healthJson(const HealthReport &report);

} // namespace mulligan::pipeline
