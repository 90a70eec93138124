#include "classify/expiry.hpp"

#include <cstdlib>

namespace mulligan::classify
{

std::optional<int> daysUntilExpiry(const Rule &rule, base::Instant today)
{
    if (rule.expires.empty())
        return std::nullopt;
    const auto last = base::parseInstant(rule.expires + "T00:00:00Z");
    if (!last)
        return std::nullopt; // the reader lets no such rule through
    return static_cast<int>(last->ms / base::kMsPerDay - today.ms / base::kMsPerDay);
}

std::vector<Problem> expiryProblems(const RulePack &pack, base::Instant today, int soonDays)
{
    std::vector<Problem> problems;
    for (const Rule &rule : pack.rules) {
        const auto days = daysUntilExpiry(rule, today);
        if (!days || *days > soonDays || rule.status == RuleStatus::Retired)
            continue;
        const bool expired = *days < 0;
        const std::string when = expired ? "expired on " + rule.expires : "expires on " + rule.expires;
        problems.push_back(
            {rule.id, expired ? "expired" : "expires_soon",
             "The rule " + when + ". Look whether it is still needed: retire it or give it a later date.", rule.line,
             Severity::Warning, rule.file});
    }
    return problems;
}

} // namespace mulligan::classify
