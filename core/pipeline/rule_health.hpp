#pragma once

#include "base/instant.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "classify/classifier.hpp"
#include "formats/json.hpp"
#include "stats/probability.hpp"
#include "stats/stratified.hpp"
#include "stats/trend.hpp"
#include "store/rule_activity.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mulligan::pipeline
{

struct HealthOptions {
    base::Instant now = base::systemNow();
    bool profile = false;                   ///< also measure the time each rule takes
    std::uint64_t profileBytes = 64u << 20; ///< of distinct texts at most that are matched for it
};

/// One rule, and what the workspace says of it.
struct RuleHealth {
    std::string rule;
    std::string title;
    std::string errorClass;
    classify::RuleStatus status = classify::RuleStatus::Active;
    std::string owner;
    std::string file;
    int line = 0;
    std::string created;
    std::string modified;
    std::string expires;
    std::optional<int> ageDays;       ///< since created; absent without a date
    std::optional<int> modifiedDays;  ///< since modified
    std::optional<int> expiresInDays; ///< negative: expired
    store::RuleActivity activity;
    std::uint64_t hitsOnSuccesses = 0;        ///< successful attempts it matched
    std::optional<stats::Estimate> precision; ///< audited; absent without an answer
    std::optional<double> seconds;            ///< matching it alone over the profiled texts
    std::vector<std::string> concerns; ///< never_hit, expired, expires_soon, fires_on_successes, imprecise; worst first
};

/// Failures of a class over time.
struct ClassHealth {
    std::string errorClass;
    std::uint64_t failures = 0;
    std::map<base::Instant, std::uint64_t> byWeek; ///< weeks with failures only
    std::uint64_t recent = 0;                      ///< in the last four whole weeks
    std::uint64_t previous = 0;                    ///< in the four before
    std::optional<stats::Trend> trend; ///< over all whole weeks of the data, weeks without a failure counting 0
};

/// Share of unclassified failures of a job, a team, or all.
struct UnclassifiedHealth {
    std::string name;
    std::uint64_t failures = 0;
    std::uint64_t unclassified = 0;
    double share = 0.0;
    stats::Bounds interval; ///< Wilson, 95 %
    store::UnclassifiedWeeks byWeek;
};

struct HealthReport {
    base::Instant from; ///< start of the first failure
    base::Instant to;   ///< of the last
    std::uint64_t failures = 0;
    std::uint64_t unjudged = 0;       ///< without a verdict: in none of the figures
    std::vector<RuleHealth> rules;    ///< most serious concern first, then fewest hits
    std::vector<ClassHealth> classes; ///< fastest growing first (by the trend's lower bound), then most failures
    UnclassifiedHealth overall;
    std::vector<UnclassifiedHealth> byJob;  ///< highest lower bound of the share first
    std::vector<UnclassifiedHealth> byTeam; ///< likewise
    std::uint64_t profiledTexts = 0;
    std::uint64_t profiledBytes = 0;
};

/// What the workspace's verdicts say of every rule of the pack, and of what no rule knows. Reads only. Errors:
/// InsufficientData when no failure has a verdict; Cancelled.
[[nodiscard]] base::Result<HealthReport> ruleHealth(store::Workspace &workspace, const classify::Classifier &rules,
                                                    const HealthOptions &options, std::stop_token stop,
                                                    base::Progress &progress);

/// Seconds each rule takes.
struct RuleProfile {
    std::map<std::string, double> seconds; ///< by rule
    std::uint64_t texts = 0;
    std::uint64_t bytes = 0;
};

/// Measures each active rule by itself, as a pack of one, over the workspace's distinct failure texts (the first
/// `maxBytes` of them): with prefilter, as in use. The sum is more than the whole pack takes, since a pack scans a text
/// once for all its rules.
[[nodiscard]] base::Result<RuleProfile> profileRules(store::Workspace &workspace, const classify::RulePack &pack,
                                                     std::uint64_t maxBytes, std::stop_token stop,
                                                     base::Progress &progress);

/// Keys of the command line's JSON: rules[], classes[], unclassified{by_week[], by_job[], by_team[]}.
[[nodiscard]] formats::Json healthJson(const HealthReport &report);

} // namespace mulligan::pipeline
