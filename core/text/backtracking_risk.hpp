#pragma once

#include "text/pattern_syntax.hpp"

#include <string>

namespace mulligan::text
{

/// Why matching may take more than linear time (nested or touching repeats over the same bytes), or "".
[[nodiscard]] std::string backtrackingRisk(const PatternSyntax &syntax);

} // namespace mulligan::text
