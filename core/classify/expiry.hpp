#pragma once

#include "base/instant.hpp"
#include "classify/lint.hpp"
#include "classify/rule.hpp"

#include <optional>
#include <vector>

namespace mulligan::classify
{

/// A rule that expires within so many days is named in advance.
inline constexpr int kExpiresSoonDays = 30;

/// Whole days from the day of `today` to the day a rule expires: 0 on the day itself (its last), negative once it has
/// expired; nothing for a rule without a date. An expired rule still matches, but is listed.
[[nodiscard]] std::optional<int> daysUntilExpiry(const Rule &rule, base::Instant today);

/// Warnings `expired` and `expires_soon` of rules that are not retired, in the pack's order.
[[nodiscard]] std::vector<Problem> expiryProblems(const RulePack &pack, base::Instant today,
                                                  int soonDays = kExpiresSoonDays);

} // namespace mulligan::classify
