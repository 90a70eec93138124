#pragma once

#include "classify/rule.hpp"

#include <string>
#include <string_view>

namespace mulligan::desktop
{

/// A pattern that finds a line again: everything that means something to the engine is escaped, and what differs from
/// one occurrence to the next (numbers, hexadecimal words, quoted texts, paths) is generalised. At most 160 characters
/// of the line are used, up to a word's end.
[[nodiscard]] std::string patternOfLine(std::string_view line);

/// What a new rule begins as: nothing but what a file asks for, and one pattern that is still empty. `today` is a date,
/// YYYY-MM-DD.
[[nodiscard]] classify::Rule blankRule(const std::string &today);

/// A rule that begins from a failure's text: the pattern of its root cause's first line, the root cause as its sample,
/// an id and a title after the exception. Its class is `unclassified` until a person says better.
[[nodiscard]] classify::Rule ruleFromFailure(std::string_view failure, const std::string &today);

/// What of a failure's text serves as a sample: its root cause, from its line's begin on where the rule looks at
/// levels, or the whole where the rule looks at more and the cause does not suffice; at most 16 KiB.
[[nodiscard]] std::string sampleOf(std::string_view failure, const classify::Rule &rule);

} // namespace mulligan::desktop
