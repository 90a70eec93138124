#pragma once

#include "text/log_line.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mulligan::text
{

/// What a JSON text says of a failure.
struct JsonFailure {
    enum class Kind {
        Message, ///< what happened in words, which may name an exception
        Told,    ///< likewise, of a field that only failures have ("statusReason")
        Trace,   ///< a trace, or an exception with its message, as a program prints it
    };

    std::string text;      ///< decoded
    std::size_t begin = 0; ///< of the value that it stands in, in bytes of the JSON text
    Kind kind = Kind::Message;
    LineMark mark = LineMark::None; ///< the level that its object, or what that stands in, states in a field
};

/// Reads what a JSON text, a line of a log or a whole document, says of a failure: of loggers' fields for traces
/// (structlog's and Airflow's lists of exceptions, log4j's "thrown", "exc_info", "stack_trace"), of the fields in which
/// clouds and schedulers give their reason ("Cause", "statusReason", "ErrorMessage", "error", "error.message") and of
/// messages ("message", "msg", "event", "textPayload") the one that tells most; JSON that stands in a text as such is
/// read likewise. A type beside a message is put before it ("KeyError: 'amount'"). Absent where there is no such field.
/// The text may be cut off. Linear in it.
[[nodiscard]] std::optional<JsonFailure> jsonFailureIn(std::string_view json);

/// Whether a JSON text may hold more than its message for `jsonFailureIn` to find; few texts of healthy logs do.
[[nodiscard]] bool mayHoldFailure(std::string_view json);

} // namespace mulligan::text
