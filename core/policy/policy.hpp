#pragma once

#include "model/verdict.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::policy
{

enum class BackoffKind { Exponential, Fixed };

/// Waiting before retry number k (k counts from 0 in its domain): min(first · factor^k, cap), or `first` when fixed.
struct Backoff {
    BackoffKind kind = BackoffKind::Exponential;
    double firstSeconds = 60.0;
    double factor = 2.0;
    std::array<double, model::kDomainCount> capSeconds{600.0, 3600.0, 3600.0}; ///< user, platform, timeout

    bool operator==(const Backoff &) const = default;
    [[nodiscard]] double delaySeconds(model::Domain domain, int k) const;
};

enum class OverrideAction { AlwaysRetry, NeverRetry, NeverAskModel };

/// The escape hatch: by job (a glob) or by rule id. The first that fits wins.
struct Override {
    std::string jobGlob; ///< "" fits any job
    std::string rule;    ///< "" fits any rule
    OverrideAction action = OverrideAction::NeverRetry;

    bool operator==(const Override &) const = default;
};

enum class Objective {
    ExpectedCost,         ///< (1 − p)(C_f + V) + p·X
    FailureTimesCost,     ///< (1 − p) · cost, the published wording, kept for comparison
    WeightedSum,          ///< w · (1 − p) + (1 − w) · cost / cost of keeping
    CostUnderFailureBound ///< least cost subject to 1 − p ≤ ε
};

/// What a recommendation changes.
enum class Scope { NextRetry, Job };

/// Everything that turns a decision point into an action. Read from `policy.yaml`.
struct Policy {
    std::string name = "Mulligan default";
    std::string version = "1";
    std::array<int, model::kDomainCount> retryLimit{2, 10,
                                                    0}; ///< user, platform, timeout; automatic retries per domain
    Backoff backoff;
    std::vector<Override> overrides;
    std::vector<std::string> askModel{"memory_config", "unclassified"}; ///< groups or classes
    double defaultThreshold = 0.2;                                      ///< least P(success) that deserves a retry
    std::map<std::string, double> thresholds; ///< by class, else by group, else default; each in [0, 1]
    Objective objective = Objective::ExpectedCost;
    double weight = 0.5;       ///< w of WeightedSum, in [0, 1]
    double failureBound = 0.2; ///< ε of CostUnderFailureBound, in [0, 1]
    /// Let the model choose a configuration for `memory_config`; off, such failures are treated as any other class.
    bool changeConfig = true;
    /// Offer the ×2 ladder where no candidate is supported, marked unsupported.
    bool offerUnsupported = true;
    std::map<std::string, model::RuleAction> ruleActions; ///< a rule given another action
    /// When set, stands in for the action of every rule that `ruleActions` does not name (`rule_action: retry` writes
    /// down a scheduler that retries whatever failed).
    std::optional<model::RuleAction> defaultAction;
    std::set<std::string> disabledRules; ///< rules switched off; the pipeline re-resolves verdicts
    Scope scope = Scope::NextRetry;
    double expiryDays = 30.0;
    double exploration = 0.0; ///< share of decisions drawn at random, in [0, 0.2]
    std::uint64_t explorationSeed = 1;

    bool operator==(const Policy &) const = default;
    /// The threshold in force for a class: its own, else its group's, else the default.
    [[nodiscard]] double thresholdFor(std::string_view errorClass) const;
    [[nodiscard]] bool asksModel(std::string_view errorClass) const;
};

[[nodiscard]] std::string_view name(Objective objective);
[[nodiscard]] std::string_view name(Scope scope);
[[nodiscard]] std::string_view name(OverrideAction action);
[[nodiscard]] std::string_view name(BackoffKind kind);

} // namespace mulligan::policy
