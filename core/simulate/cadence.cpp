#include "simulate/cadence.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace mulligan::simulate
{

namespace
{

constexpr double kMsPerMinute = 60'000.0;
constexpr double kMinutesPerDay = 1440.0;
constexpr std::string_view kDaily = "daily";

/// The whole of `text` as a number that is not negative.
std::optional<double> numberIn(std::string_view text)
{
    double value = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value) || value < 0.0)
        return std::nullopt;
    return value;
}

base::Error unreadable(std::string_view text)
{
    return base::makeError(base::ErrorCode::InvalidArgument,
                           "'" + std::string(text) + "' is not a cadence of refreshing recommendations",
                           "Use on_failure, minutes or hours such as 30m or 2h, daily, or daily@6 for 06:00 UTC.");
}

std::string shortest(double value)
{
    char buffer[32];
    const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
    return error == std::errc() ? std::string(buffer, end) : std::string();
}

} // namespace

std::int64_t Cadence::periodMs() const
{
    switch (kind) {
    case CadenceKind::OnFailure: return 0;
    case CadenceKind::Every: return std::max<std::int64_t>(1, std::llround(minutes * kMsPerMinute));
    case CadenceKind::Daily: return base::kMsPerDay;
    }
    return 0;
}

base::Instant Cadence::batchFrom(base::Instant t) const
{
    const std::int64_t period = periodMs();
    if (period == 0)
        return t;
    const std::int64_t offset = kind == CadenceKind::Daily ? dailyHour * base::kMsPerHour : 0;
    const std::int64_t since = (t.ms - offset) % period;
    if (since == 0)
        return t;
    return {t.ms - since + (since > 0 ? period : 0)};
}

base::Instant Cadence::batchBefore(base::Instant t) const
{
    return {batchFrom(t).ms - periodMs()};
}

base::Result<void> check(const Cadence &cadence)
{
    if (cadence.kind == CadenceKind::Every
        && !(cadence.minutes * kMsPerMinute >= 1.0 && cadence.minutes <= kMinutesPerDay))
        return base::makeError(base::ErrorCode::InvalidArgument,
                               "Recommendations cannot be refreshed every " + shortest(cadence.minutes) + " minutes",
                               "Give from a millisecond to a day (1440m, 24h).");
    if (cadence.kind == CadenceKind::Daily && (cadence.dailyHour < 0 || cadence.dailyHour > 23))
        return base::makeError(base::ErrorCode::InvalidArgument,
                               std::to_string(cadence.dailyHour) + " is not an hour of the day",
                               "Give an hour from 0 to 23 (UTC), as in daily@6.");
    return {};
}

base::Result<Cadence> cadenceFromText(std::string_view text)
{
    Cadence cadence;
    if (text == "on_failure")
        return cadence;
    if (text.starts_with(kDaily)) {
        cadence.kind = CadenceKind::Daily;
        text.remove_prefix(kDaily.size());
        if (text.empty())
            return cadence;
        const auto hour = text.front() == '@' ? numberIn(text.substr(1)) : std::nullopt;
        if (!hour || *hour != std::floor(*hour) || *hour > 1e6)
            return unreadable("daily" + std::string(text));
        cadence.dailyHour = static_cast<int>(*hour);
    } else {
        const char unit = text.empty() ? ' ' : text.back();
        const auto count = text.empty() ? std::nullopt : numberIn(text.substr(0, text.size() - 1));
        if (!count || (unit != 'm' && unit != 'h'))
            return unreadable(text);
        cadence.kind = CadenceKind::Every;
        cadence.minutes = unit == 'h' ? *count * 60.0 : *count;
    }
    MULLIGAN_CHECK(check(cadence));
    return cadence;
}

std::string toText(const Cadence &cadence)
{
    switch (cadence.kind) {
    case CadenceKind::OnFailure: return "on_failure";
    case CadenceKind::Every:
        return std::fmod(cadence.minutes, 60.0) == 0.0 ? shortest(cadence.minutes / 60.0) + "h"
                                                       : shortest(cadence.minutes) + "m";
    case CadenceKind::Daily:
        return cadence.dailyHour == 0 ? std::string(kDaily)
                                      : std::string(kDaily) + "@" + std::to_string(cadence.dailyHour);
    }
    return {};
}

std::string_view name(WhenAbsent whenAbsent)
{
    return whenAbsent == WhenAbsent::Wait ? "wait" : "fall_back";
}

base::Result<WhenAbsent> whenAbsentFromText(std::string_view text)
{
    for (const WhenAbsent known : {WhenAbsent::FallBack, WhenAbsent::Wait})
        if (name(known) == text)
            return known;
    return base::makeError(base::ErrorCode::InvalidArgument,
                           "'" + std::string(text) + "' does not say what a retry without a recommendation does",
                           "Use fall_back (it runs unchanged) or wait (it waits for its batch).");
}

std::string_view name(Answer answer)
{
    switch (answer) {
    case Answer::Bound: return "bound";
    case Answer::Own: return "own";
    case Answer::Older: return "older";
    case Answer::None: return "none";
    }
    return {};
}

} // namespace mulligan::simulate
