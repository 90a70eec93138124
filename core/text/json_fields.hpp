#pragma once

#include "text/log_line.hpp"

#include <string>
#include <string_view>

namespace mulligan::text
{

/// What a field of JSON may be of a failure. Told: words that only failures have; Type: of an exception.
enum class JsonRole { Message, Told, Trace, Type, Level };

/// A field by its name in lower case, without '_', '-' and '@', behind its object's name where that tells.
struct JsonField {
    std::string_view name;
    JsonRole role;
    int weight; ///< of two the heavier one counts
};

/// Weights of fields.
inline constexpr int kTraceWeight = 50; ///< before all else
inline constexpr int kReason = 7;       ///< what an exception says
inline constexpr int kError = 6;        ///< what a program says of one
inline constexpr int kStatus = 4;       ///< what a system says of the job that failed
inline constexpr int kMessage = 2;      ///< what is logged, whatever happened

/// A member's name as fields are named; at most 40 bytes of it.
[[nodiscard]] std::string plainName(std::string_view key);

/// The field that a member is; its object's name, as `plainName` gives it, goes before its own where both together are
/// one. Null where it is none.
[[nodiscard]] const JsonField *jsonFieldOf(std::string_view object, std::string_view key);

/// The level that a field gives in letters, or in numbers as syslog (0 to 7) and Node.js' loggers (10 to 60) do.
[[nodiscard]] LineMark levelMark(std::string_view level);

} // namespace mulligan::text
