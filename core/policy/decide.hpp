#pragma once

#include "model/candidate.hpp"
#include "model/verdict.hpp"
#include "policy/economics.hpp"
#include "policy/policy.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::policy
{

enum class Action { Retry, RetryWithConfig, Stop };

/// Why a decision came out as it did; the JSON `reason`.
enum class Reason {
    Limit,         ///< the domain's retry limit is reached
    OverrideRetry, ///< an override says always retry
    OverrideStop,  ///< an override says never retry
    RuleRetry,     ///< the rule says retry
    RuleStop,      ///< the rule says stop
    BestCandidate, ///< the model found a configuration worth trying
    Infeasible,    ///< no supported configuration is good enough
    LikelySuccess, ///< p is at or above the class's threshold
    LowSuccess,    ///< p is below the class's threshold
    Exploration,   ///< drawn at random, to keep next month's log evaluable
};

/// The moment of choice, as far as `decide` needs it.
struct DecisionPoint {
    std::string_view job;
    std::string_view run;
    int attempt = 1;                                    ///< number of the attempt that just failed
    std::array<int, model::kDomainCount> retriesUsed{}; ///< automatic retries already made, by domain
    std::string_view modelVersion;
};

struct Alternative {
    std::string label;
    double success = 0.0;
    double expectedCost = 0.0; ///< by the objective, dollars (or its own unit)
    bool supported = false;

    bool operator==(const Alternative &) const = default;
};

struct Decision {
    Action action = Action::Stop;
    model::Config patch; ///< empty unless RetryWithConfig
    Scope scope = Scope::NextRetry;
    double delaySeconds = 0.0;
    Reason reason = Reason::Limit;
    std::string errorClass;
    std::string rule;
    std::string modelVersion;
    std::string policyVersion;
    std::optional<double> success;   ///< scorer's p of the chosen retry; of the best one when stopping for lack of it
    std::optional<double> costUsd;   ///< expected cost of the retry: (1 − p)·C_f + p·C_s
    std::optional<double> breakEven; ///< p* = C_f / (C_f + L − X)
    std::optional<double> threshold; ///< the threshold that was applied
    bool supported = true;           ///< false: outside what history supports, not in net savings
    double actionProbability = 1.0;
    std::vector<Alternative> alternatives; ///< best first, at most 5
    std::optional<size_t> candidate;       ///< index of the chosen candidate

    bool operator==(const Decision &) const = default;
};

[[nodiscard]] std::string_view name(Action action);
[[nodiscard]] std::string_view name(Reason reason);
/// One sentence for people.
[[nodiscard]] std::string sentence(const Decision &decision);

/// The one function that decides (design.md, section 7): limits, then overrides, then rule or model. Pure: same inputs,
/// same decision, on any machine. `candidates[0]` is the old configuration unchanged; the list may be empty only when
/// there is no model at all, and then classes that ask the model fall back to the rule's transience.
[[nodiscard]] Decision decide(const Policy &policy, const Economics &economics, const DecisionPoint &point,
                              const model::Verdict &verdict, std::span<const model::Candidate> candidates);

} // namespace mulligan::policy
