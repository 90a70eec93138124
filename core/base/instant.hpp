#pragma once

#include "base/result.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace mulligan::base
{

/// A moment in UTC, milliseconds since 1970-01-01T00:00:00Z.
struct Instant {
    std::int64_t ms = 0;

    auto operator<=>(const Instant &) const = default;
    [[nodiscard]] Instant plusSeconds(double seconds) const;
};

inline constexpr std::int64_t kMsPerSecond = 1000;
inline constexpr std::int64_t kMsPerHour = 3'600'000;
inline constexpr std::int64_t kMsPerDay = 86'400'000;

/// Seconds from `from` to `to` (negative when `to` is earlier).
[[nodiscard]] double secondsBetween(Instant from, Instant to);

/// Reads RFC 3339 ("2026-01-02T03:04:05.678Z", "2026-01-02 03:04:05+09:00") or a whole number of epoch milliseconds.
/// A date and time without a zone is refused, since reading it as UTC would silently move every cost by hours.
/// Years 1970 to 9999. Errors: Parse, with what was expected.
[[nodiscard]] Result<Instant> parseInstant(std::string_view text);

/// What the system's clock says: the default of a moment that callers may give.
[[nodiscard]] Instant systemNow();
/// "2026-01-02T03:04:05Z", with ".678" only when there are milliseconds.
[[nodiscard]] std::string formatInstant(Instant instant);
/// "2026-01-02".
[[nodiscard]] std::string formatDate(Instant instant);

struct CivilTime {
    int year = 1970;
    int month = 1;   ///< 1 to 12
    int day = 1;     ///< 1 to 31
    int hour = 0;    ///< 0 to 23
    int minute = 0;  ///< 0 to 59
    int second = 0;  ///< 0 to 59
    int weekday = 4; ///< 0 Sunday to 6 Saturday
};
[[nodiscard]] CivilTime toCivil(Instant instant);
[[nodiscard]] Instant fromCivil(int year, int month, int day, int hour = 0, int minute = 0, int second = 0);

} // namespace mulligan::base
