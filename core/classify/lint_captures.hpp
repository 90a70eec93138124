#pragma once

#include "classify/lint.hpp"
#include "classify/rule.hpp"

#include <vector>

namespace mulligan::classify
{

/// What is wrong between a rule's patterns, its `captures` and the texts that use them: `bad_template`,
/// `undeclared_capture`, `unused_capture`, each at its own line where that is known.
[[nodiscard]] std::vector<Problem> captureProblems(const Rule &rule);

} // namespace mulligan::classify
