#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace mulligan::classify
{

/// A regular expression made from lines of one cluster.
struct MinedPattern {
    std::string expression; ///< "" when the lines have no word in common that would make one
    bool anchored = false;  ///< it begins where the line begins
    bool whole = false;     ///< it goes on to the line's end (without being anchored there)

    bool operator==(const MinedPattern &) const = default;
};

/// How far a variable position is generalised. Narrowest: to the least class that holds every member's value (`\d+`,
/// `\w+`, `\S+`, …). Alternatives: where members have at most eight different values, these and no others.
enum class Generality { Narrowest, Alternatives };

/// Longest expression made; what would be longer ends earlier.
inline constexpr std::size_t kMaxMinedBytes = 600;

/// The pattern of lines that share a template: common words escaped, masked and differing positions as the narrowest
/// class that fits all of them. Leading variable positions (a timestamp) are left out, and then it is not anchored.
/// Lines of different numbers of tokens (they share no template) give their common beginning. In lines that hold JSON
/// names of members are no words; what they tell of a failure is, and what stands before the JSON.
[[nodiscard]] MinedPattern minePattern(std::span<const std::string_view> lines,
                                       Generality generality = Generality::Narrowest);

/// The narrowest expression for all of some values, such as `\d+`, `[0-9a-f]+`, `[\w.-]+` or `\S+`: from `\d` over
/// `\w` to any bytes without a blank; with blanks, any of at most 256 bytes, or more where a value is longer. `values`
/// is not empty.
[[nodiscard]] std::string narrowestClass(std::span<const std::string_view> values);
/// An expression that matches these bytes and no others. Bytes that are no text (control characters, broken UTF-8) are
/// matched by `.`, so that the expression can be written to a rule file.
[[nodiscard]] std::string escapedText(std::string_view text);

} // namespace mulligan::classify
