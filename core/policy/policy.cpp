#include "policy/policy.hpp"

#include <algorithm>
#include <cmath>

namespace mulligan::policy
{

double Backoff::delaySeconds(model::Domain domain, int k) const
{
    const double cap = capSeconds[static_cast<size_t>(domain)];
    if (kind == BackoffKind::Fixed)
        return std::min(firstSeconds, cap);
    return std::min(firstSeconds * std::pow(factor, std::max(k, 0)), cap);
}

double Policy::thresholdFor(std::string_view errorClass) const
{
    if (const auto own = thresholds.find(std::string(errorClass)); own != thresholds.end())
        return own->second;
    if (const auto group = thresholds.find(std::string(model::groupOf(errorClass))); group != thresholds.end())
        return group->second;
    return defaultThreshold;
}

bool Policy::asksModel(std::string_view errorClass) const
{
    return std::any_of(askModel.begin(), askModel.end(),
                       [&](const std::string &selector) { return model::classCovered(selector, errorClass); });
}

std::string_view name(Objective objective)
{
    switch (objective) {
    case Objective::ExpectedCost: return "expected_cost";
    case Objective::FailureTimesCost: return "failure_times_cost";
    case Objective::WeightedSum: return "weighted_sum";
    case Objective::CostUnderFailureBound: return "cost_under_failure_bound";
    }
    return {};
}

std::string_view name(Scope scope)
{
    return scope == Scope::Job ? "job" : "next_retry";
}

std::string_view name(OverrideAction action)
{
    switch (action) {
    case OverrideAction::AlwaysRetry: return "always_retry";
    case OverrideAction::NeverRetry: return "never_retry";
    case OverrideAction::NeverAskModel: return "never_ask_model";
    }
    return {};
}

std::string_view name(BackoffKind kind)
{
    return kind == BackoffKind::Fixed ? "fixed" : "exponential";
}

} // namespace mulligan::policy
