#pragma once

#include "text/pattern_set.hpp"

#include <optional>
#include <string_view>

namespace mulligan::text
{

/// The trace that a line holds with its line ends escaped ("\n"), as programs quote one another's: of Python from
/// "Traceback" on, of the JVM from its first exception on, up to the quote that ends it. Absent where the line holds
/// none. Linear in the line.
[[nodiscard]] std::optional<Span> escapedTraceIn(std::string_view line);

} // namespace mulligan::text
