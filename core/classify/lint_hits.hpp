#pragma once

#include "classify/lint.hpp"
#include "classify/rule.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mulligan::classify
{

/// On how many attempts of a history a rule matched, whether it won or not.
struct HitCounts {
    std::uint64_t failures = 0;
    std::uint64_t successes = 0;
    std::uint64_t undetermined = 0; ///< attempts of either kind on which its step budget ran out

    bool operator==(const HitCounts &) const = default;
};

/// A rule that fires on successes in more than this share of all its hits looks for something that is no failure.
inline constexpr double kMostHitsOnSuccesses = 0.10;

/// Looks for rules that a history shows to be wrong: active ones that never hit (`never_hit`), and those that fire on
/// successes in more than a tenth of their hits (`fires_on_successes`), and those that gave up (`undetermined`). Hits
/// are by rule id; a rule that is not there has none. Nothing is said where the history holds no failure.
[[nodiscard]] std::vector<Problem> lintHits(const RulePack &pack, const std::map<std::string, HitCounts> &hits,
                                            std::uint64_t failures);

} // namespace mulligan::classify
