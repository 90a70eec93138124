#pragma once

#include "base/instant.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::formats
{

/// A date and time of day as a clock on the wall shows it: milliseconds since 1970-01-01 00:00 of that clock.
struct LocalTime {
    std::int64_t ms = 0;

    bool operator==(const LocalTime &) const = default;
};

/// What a wall clock's time is in UTC. Where clocks go back an hour comes twice: `first` and `second` differ. Where
/// they go forward an hour is missing: a time inside it is read with the offset that was in force before (02:30 becomes
/// the moment at which the clock showed 03:30), as RFC 5545 does.
struct Moments {
    base::Instant first;
    base::Instant second; ///< equal to `first` but where the hour comes twice
    bool missing = false; ///< no clock ever showed this time
};

/// A time zone of the system's database (IANA: "Europe/Berlin", "UTC") or a fixed offset ("+09:00"). Cheap to copy; may
/// be used by several threads.
class TimeZone
{
public:
    /// Errors: NotFound (no such zone, with near names), Io (no time zone database on this system).
    [[nodiscard]] static base::Result<TimeZone> named(const std::string &name);
    [[nodiscard]] Moments at(LocalTime local) const;
    /// The moment at which the clock showed `local` while the zone called itself `abbreviation` ("CEST"); nothing when
    /// it never did then.
    [[nodiscard]] std::optional<base::Instant> at(LocalTime local, std::string_view abbreviation) const;

private:
    const void *m_zone = nullptr; ///< date's zone, which lives as long as the program; null: a fixed offset
    std::int64_t m_offsetMs = 0;
};
/// Names of all zones, sorted; empty without a database.
[[nodiscard]] std::vector<std::string> timeZoneNames();

struct ParsedTime {
    LocalTime local;
    std::optional<std::int64_t> offsetMs; ///< what %z said
    std::string abbreviation;             ///< what %Z said
};

/// A pattern such as "%d.%m.%Y %H:%M:%S", in the notation of strftime: Y y m d e b B h j H I M S p a A F T R D z Z and
/// "%%". %S takes a decimal fraction along; "%S,%f" one behind a comma ("%S.%f" is the same as %S). English names of
/// months and days in any case. Not for several threads at once.
class TimePattern
{
public:
    /// Errors: InvalidArgument, with what is wrong (an unknown conversion, no complete date).
    [[nodiscard]] static base::Result<TimePattern> compile(const std::string &pattern);
    TimePattern(TimePattern &&) noexcept;
    TimePattern &operator=(TimePattern &&) noexcept;
    ~TimePattern();
    /// Nothing when the text, all of it, does not fit or names a day that does not exist.
    [[nodiscard]] std::optional<ParsedTime> parse(std::string_view text) const;
    /// Whether texts of this pattern tell their offset, so that no zone is needed.
    [[nodiscard]] bool hasZone() const;

private:
    struct State;
    explicit TimePattern(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace mulligan::formats
