#pragma once

#include "text/pattern_set.hpp"

#include <optional>
#include <string_view>

namespace mulligan::text
{

/// A cause that stands within a quoted text of a line.
struct QuotedCause {
    Span span;             ///< the exception with its message, as it is escaped
    std::string_view name; ///< of the exception; may be empty
};

/// The deepest cause of a trace that a line holds with its line ends escaped ("\n"), as loggers write JSON: the last
/// exception of Python's, the last "Caused by: " of the JVM's, and "exc_value" of structlog's and Airflow's. Absent
/// where the line holds none. Linear in the line.
[[nodiscard]] std::optional<QuotedCause> escapedCauseIn(std::string_view line);

} // namespace mulligan::text
