#pragma once

#include "text/pattern_syntax.hpp"

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace mulligan::text
{

inline constexpr std::size_t kNoBound = std::numeric_limits<std::size_t>::max();

/// Texts of which every match of a pattern holds at least one.
struct RequiredLiterals {
    std::vector<std::string> literals; ///< empty: there are none worth looking for
    /// Most bytes from where a match begins to where its first such text ends; kNoBound: any number.
    std::size_t before = kNoBound;
    std::size_t width = kNoBound; ///< most bytes a match takes
};

/// Finds the longest texts a pattern cannot do without: at least 3 bytes each and at most 24 of them.
[[nodiscard]] RequiredLiterals requiredLiterals(const PatternSyntax &syntax);

} // namespace mulligan::text
