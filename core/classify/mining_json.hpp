#pragma once

#include <cstddef>
#include <string_view>

namespace mulligan::classify
{

/// Whether a line holds an object of JSON, whose quotes stand around all names and values, not around what varies.
[[nodiscard]] bool holdsJson(std::string_view line);

/// Whether the text within quotes that ends at a place of a line is the name of a member.
[[nodiscard]] bool isMemberName(std::string_view line, std::size_t end);

/// The name of the member whose value, within quotes, begins at a place of a line; empty where there is none.
[[nodiscard]] std::string_view memberOf(std::string_view line, std::size_t begin);

/// Whether a member's value tells of what failed ("exc_type", "message", "error.stack_trace") rather than when, where
/// and to whom.
[[nodiscard]] bool tellsOfFailure(std::string_view member);

} // namespace mulligan::classify
