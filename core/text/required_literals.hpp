#pragma once

#include "text/pattern_syntax.hpp"

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace mulligan::text
{

inline constexpr std::size_t kNoBound = std::numeric_limits<std::size_t>::max();

/// Texts of which every match of a pattern holds at least one: at least 3 bytes each and at most 24 of them.
struct LiteralChoice {
    std::vector<std::string> literals; ///< empty: there are none worth looking for
    /// Most bytes from where a match begins to where its first such text ends; kNoBound: any number.
    std::size_t before = kNoBound;
    double worth = 0.0; ///< how well they tell a match from other text, in bytes, more or less
};

/// What a pattern cannot do without.
struct RequiredLiterals {
    std::vector<std::string> literals;  ///< of the best choice; empty: there is none
    std::size_t before = kNoBound;      ///< of the best choice
    std::size_t width = kNoBound;       ///< most bytes a match takes
    std::vector<LiteralChoice> choices; ///< any of them serves; the best first, at most 6
};

/// Finds the texts that tell most.
[[nodiscard]] RequiredLiterals requiredLiterals(const PatternSyntax &syntax);

/// For each pattern the choice to look for: of those that tell enough the one whose texts the fewest other patterns
/// could be looked for by. A text that many share stands in many a log, and would make candidates of all of them. An
/// index into its `choices`; 0 where there are none.
[[nodiscard]] std::vector<std::size_t> leastShared(const std::vector<RequiredLiterals> &patterns);

} // namespace mulligan::text
