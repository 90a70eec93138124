#pragma once

#include "text/gram_counts.hpp"
#include "text/pattern_syntax.hpp"

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace mulligan::text
{

inline constexpr std::size_t kNoBound = std::numeric_limits<std::size_t>::max();

/// How far something reaches at most, in bytes and in newlines among them; kNoBound: any number.
struct Extent {
    std::size_t bytes = 0;
    std::size_t newlines = 0;

    [[nodiscard]] static constexpr Extent unbounded() { return {kNoBound, kNoBound}; }
};

/// Texts of which every match of a pattern holds at least one: at least 3 bytes each and at most 96 of them.
struct LiteralChoice {
    std::vector<std::string> literals;   ///< empty: there are none worth looking for
    Extent before = Extent::unbounded(); ///< from where a match begins to where its first such text ends
    double worth = 0.0;                  ///< how well they tell a match from other text, in bytes, more or less
    std::size_t everywhere = 0;          ///< how many of them logs are full of, whatever happened
};

/// What a pattern cannot do without.
struct RequiredLiterals {
    std::vector<std::string> texts;     ///< the best, before what they have in common was taken for all of them
    Extent width = Extent::unbounded(); ///< of a match
    std::vector<LiteralChoice> choices; ///< any of them serves; those worth most first, at most 16
};

/// Finds the texts that tell most.
[[nodiscard]] RequiredLiterals requiredLiterals(const PatternSyntax &syntax);

/// How many of a thousand texts, more or less, hold one of a choice's texts: as examples of them have it, and, where
/// those are few, as the texts' length and what logs are full of suggest. None there: all of them. `examples` may be
/// null.
[[nodiscard]] double hitsOf(const LiteralChoice &choice, const GramCounts *examples);

} // namespace mulligan::text
