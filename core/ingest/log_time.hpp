#pragma once

#include "base/instant.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace mulligan::ingest
{

/// The time a log line begins with.
struct LogTime {
    std::optional<base::Instant> at; ///< nothing when the line states a time of day without a date
    bool zoned = false;              ///< a zone stood with it; else it was read as UTC
    int fractionDigits = 0;          ///< digits of the second's fraction
    std::size_t size = 0;            ///< bytes it takes
};

/// Reads the time at the front of `text`: "26/01/02 03:04:05", "2026-01-02 03:04:05,678", "2026/01/02 03:04:05",
/// "2026-01-02T03:04:05.678+09:00", or "03:04:05.678", with a fraction of up to nine digits behind a dot or a comma and
/// an optional zone (Z, UTC, GMT, an offset). Nothing when no such time stands there or it cannot be.
[[nodiscard]] std::optional<LogTime> logTimeAt(std::string_view text);

} // namespace mulligan::ingest
