#pragma once

#include "base/instant.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::model
{

/// How far a figure can be trusted (design.md, section 8).
enum class Provenance { Observed, Estimated, Modelled, Assumed, Unsupported };
inline constexpr size_t kProvenanceCount = 5;
[[nodiscard]] std::string_view name(Provenance provenance);

/// A number with its 95 % interval, its unit and, for a share, what it is a share of.
struct Figure {
    double value = 0.0;
    std::optional<double> low; ///< absent when there is too little to say
    std::optional<double> high;
    std::string unit;        ///< "usd", "share", "count", "hours", "seconds"
    std::string denominator; ///< shares only, e.g. "history's F + L, 1,234.00 usd"

    bool operator==(const Figure &) const = default;
};

/// The KPIs of one world (history's, or a policy's) over the uncensored, scored episodes.
struct Kpis {
    Figure episodes;
    Figure failures; ///< decision points
    Figure remediatedShare;
    Figure remediatedShareMemoryConfig;
    Figure interventions;
    Figure interventionHours;
    Figure retryCost;             ///< F + X, dollars
    Figure retryCostGross;        ///< cost of every automatic retry, failed or completing, dollars
    Figure recoverySecondsMedian; ///< first failure's end to success, waiting included
    Figure recoverySecondsP95;
    Figure wronglyStopped;
    Figure censored; ///< episodes left out because the data end too soon

    bool operator==(const Kpis &) const = default;
};

/// net = (F + L) of history − (F + X + L) of the policy, in dollars, and the six parts that add up to it.
struct Savings {
    Figure net;
    Figure doomedRetriesAvoided;
    Figure addedRetries; ///< ≤ 0
    Figure dearerConfig; ///< −X, either sign
    Figure fixedByConfig;
    Figure interventionsAvoided;
    Figure wronglyStopped; ///< ≤ 0
    Figure retryCostShare;
    Figure allErrorCostShare;
    Figure memoryConfigCostShare;
    Figure netPer30Days;

    bool operator==(const Savings &) const = default;
    /// The six parts in the order above, each with its JSON key ("doomed_retries_avoided_usd", …).
    [[nodiscard]] std::array<std::pair<std::string_view, double>, 6> parts() const;
};

struct ProvenanceShare {
    std::uint64_t count = 0;   ///< decision points
    double contribution = 0.0; ///< sum of absolute contributions to net savings, dollars

    bool operator==(const ProvenanceShare &) const = default;
};

/// One row of a breakdown.
struct SavingsGroup {
    std::string key; ///< class, team, owner, job or ISO week
    std::uint64_t episodes = 0;
    double historyCost = 0.0; ///< F + L, dollars
    double policyCost = 0.0;  ///< F + X + L, dollars
    Figure net;
    double historyRemediated = 0.0; ///< share of episodes
    double policyRemediated = 0.0;

    bool operator==(const SavingsGroup &) const = default;
};

/// One point of a sweep.
struct SweepPoint {
    double threshold = 0.0;
    double net = 0.0;
    std::optional<double> low;
    std::optional<double> high;
    double wronglyStopped = 0.0;

    bool operator==(const SweepPoint &) const = default;
};

/// What a replay claims; everything the report, the lab and the command line show.
struct SavingsReport {
    std::string policyName;
    std::string policyVersion;
    std::string economicsHash;
    std::string currency = "USD"; ///< of every amount; the unit "usd" of a figure stands for it
    std::string modelId;          ///< empty: class rates were used
    bool modelFallback = false;   ///< true: no model, or too little data for one; class rates used, marked as such
    std::string modelCaveat;      ///< then what the figures rest on, and what to do; to be read beside any of them
    std::string rulesCaveat;      ///< where the rules at hand are not those the verdicts are of: how they differ
    base::Instant from;
    base::Instant to;
    std::uint64_t jobs = 0;
    std::uint64_t unscoredEpisodes = 0; ///< before the first model, left out of both worlds
    Kpis history;
    Kpis policy;
    Savings savings;
    std::array<ProvenanceShare, kProvenanceCount> provenance;
    double unsupportedNet = 0.0; ///< what unsupported recommendations would add, kept outside net savings
    std::vector<SavingsGroup> groups;
    std::string groupedBy;
    std::vector<SavingsGroup> months;
    std::vector<std::string> notes; ///< sentences a reader must see (fallbacks, assumptions, exclusions)

    bool operator==(const SavingsReport &) const = default;
};

/// The groups with every amount in whole cents, each column rounded so that it adds up to its rounded sum. To be done
/// once over all groups, before a table is cut short: so that every format of a report shows the same cents.
[[nodiscard]] std::vector<SavingsGroup> inWholeCents(std::vector<SavingsGroup> groups);

} // namespace mulligan::model
