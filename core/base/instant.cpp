#include "base/instant.hpp"

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>

namespace mulligan::base
{

namespace
{

// Reads exactly `digits` decimal digits at `position`; -1 when they are not there.
int readDigits(std::string_view text, size_t position, size_t digits)
{
    if (position + digits > text.size())
        return -1;
    int value = 0;
    for (size_t i = position; i < position + digits; ++i) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

Error badTime(std::string_view text, std::string_view why)
{
    return makeError(ErrorCode::Parse, "'" + std::string(text.substr(0, 60)) + "' is not a time: " + std::string(why),
                     "Write times as 2026-01-02T03:04:05Z, with an offset such as +09:00, or as epoch milliseconds.");
}

bool validDate(int year, int month, int day)
{
    return std::chrono::year_month_day(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                       std::chrono::day(static_cast<unsigned>(day)))
        .ok();
}

} // namespace

Instant Instant::plusSeconds(double seconds) const
{
    return {ms + static_cast<std::int64_t>(std::llround(seconds * 1000.0))};
}

double secondsBetween(Instant from, Instant to)
{
    return static_cast<double>(to.ms - from.ms) / 1000.0;
}

Instant fromCivil(int year, int month, int day, int hour, int minute, int second)
{
    const auto days = std::chrono::sys_days(std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(month))
                                            / std::chrono::day(static_cast<unsigned>(day)));
    const std::int64_t dayCount = days.time_since_epoch().count();
    return {dayCount * kMsPerDay + hour * kMsPerHour + minute * 60'000LL + second * 1000LL};
}

CivilTime toCivil(Instant instant)
{
    std::int64_t days = instant.ms / kMsPerDay;
    std::int64_t rest = instant.ms % kMsPerDay;
    if (rest < 0) {
        rest += kMsPerDay;
        --days;
    }
    const std::chrono::sys_days date{std::chrono::days(days)};
    const std::chrono::year_month_day ymd(date);
    CivilTime out;
    out.year = static_cast<int>(ymd.year());
    out.month = static_cast<int>(static_cast<unsigned>(ymd.month()));
    out.day = static_cast<int>(static_cast<unsigned>(ymd.day()));
    out.hour = static_cast<int>(rest / kMsPerHour);
    out.minute = static_cast<int>(rest / 60'000 % 60);
    out.second = static_cast<int>(rest / 1000 % 60);
    out.weekday = static_cast<int>(std::chrono::weekday(date).c_encoding());
    return out;
}

Result<Instant> parseInstant(std::string_view text)
{
    if (text.empty())
        return badTime(text, "it is empty");
    std::int64_t epochMs = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), epochMs);
    if (code == std::errc() && end == text.data() + text.size()) {
        constexpr std::int64_t kYear10000 = 253'402'300'800'000;
        if (epochMs < 0 || epochMs >= kYear10000)
            return badTime(text, "epoch milliseconds must lie between the years 1970 and 9999");
        return Instant{epochMs};
    }
    const int year = readDigits(text, 0, 4);
    const int month = readDigits(text, 5, 2);
    const int day = readDigits(text, 8, 2);
    const int hour = readDigits(text, 11, 2);
    const int minute = readDigits(text, 14, 2);
    const int second = readDigits(text, 17, 2);
    const bool shaped = text.size() >= 19 && text[4] == '-' && text[7] == '-'
                        && (text[10] == 'T' || text[10] == 't' || text[10] == ' ') && text[13] == ':'
                        && text[16] == ':';
    if (!shaped || year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0)
        return badTime(text, "expected year-month-day, T, hour:minute:second and a zone");
    if (year < 1970 || month < 1 || month > 12 || !validDate(year, month, day) || hour > 23 || minute > 59
        || second > 60)
        return badTime(text, "there is no such date or time of day");
    size_t position = 19;
    std::int64_t fraction = 0;
    if (position < text.size() && text[position] == '.') {
        std::int64_t scale = 100;
        size_t digits = 0;
        for (++position; position < text.size() && text[position] >= '0' && text[position] <= '9';
             ++position, ++digits) {
            fraction += (text[position] - '0') * scale;
            scale /= 10;
        }
        if (digits == 0)
            return badTime(text, "there are no digits behind the decimal point");
    }
    std::int64_t offsetMinutes = 0;
    if (position == text.size())
        return badTime(text, "it has no zone (Z or an offset)");
    if ((text[position] == 'Z' || text[position] == 'z') && position + 1 == text.size()) {
        offsetMinutes = 0;
    } else if (text[position] == '+' || text[position] == '-') {
        const int hours = readDigits(text, position + 1, 2);
        const size_t minutesAt = position + 3 < text.size() && text[position + 3] == ':' ? position + 4 : position + 3;
        const int minutes = readDigits(text, minutesAt, 2);
        if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || minutesAt + 2 != text.size())
            return badTime(text, "the offset is not of the form +09:00");
        offsetMinutes = std::int64_t{text[position] == '-' ? -1 : 1} * (hours * 60 + minutes);
    } else {
        return badTime(text, "it has no zone (Z or an offset)");
    }
    Instant out = fromCivil(year, month, day, hour, minute, second);
    out.ms += fraction - offsetMinutes * 60'000;
    return out;
}

Instant systemNow()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
}

std::string formatInstant(Instant instant)
{
    const CivilTime t = toCivil(instant);
    const int ms = static_cast<int>(((instant.ms % 1000) + 1000) % 1000);
    char buffer[80];
    int length = std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02dT%02d:%02d:%02d", t.year, t.month, t.day, t.hour,
                               t.minute, t.second);
    if (ms != 0)
        length += std::snprintf(buffer + length, sizeof buffer - static_cast<size_t>(length), ".%03d", ms);
    return std::string(buffer, static_cast<size_t>(length)) + "Z";
}

std::string formatDate(Instant instant)
{
    return formatInstant(instant).substr(0, 10);
}

} // namespace mulligan::base
