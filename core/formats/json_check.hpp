#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mulligan::formats
{

/// What keeps a text from being one JSON value, and where.
struct JsonProblem {
    std::size_t offset = 0; ///< 0-based byte
    std::string message;    ///< e.g. "expected ',' or '}'"
    bool atEnd = false;     ///< the text stops before the value does
};

/// Finds the first fault of `text` as JSON (RFC 8259, depth at most 256), or nothing when it is sound. For error
/// messages: the fast parsers say that something is wrong, this says where. One pass.
[[nodiscard]] std::optional<JsonProblem> findJsonProblem(std::string_view text);

/// 1-based line and column (in bytes) of an offset: "line 3, column 5".
[[nodiscard]] std::string placeOf(std::string_view text, std::size_t offset);

} // namespace mulligan::formats
