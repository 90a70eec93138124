#pragma once

#include "classify/rule.hpp"

#include <string>
#include <vector>

namespace mulligan::classify
{

/// One thing that is wrong with a rule.
struct Problem {
    std::string rule;
    std::string kind; ///< undeclared_capture, unused_capture, no_samples, backtracking, not_portable, shadowed, …
    std::string message;
    int line = 0;

    bool operator==(const Problem &) const = default;
};

/// Looks for rules that are risky or broken without running them on a history.
[[nodiscard]] std::vector<Problem> lintPack(const RulePack &pack);

} // namespace mulligan::classify
