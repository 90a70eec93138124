#include "text/line_shapes.hpp"

#include <algorithm>
#include <array>

namespace mulligan::text
{

namespace
{

constexpr std::size_t kMaxQuotedBytes = 256;

/// The byte at `at`, or one that is nothing.
char byteAt(std::string_view line, std::size_t at)
{
    return at < line.size() ? line[at] : '\0';
}

std::size_t digitsAt(std::string_view line, std::size_t at, std::size_t most)
{
    std::size_t count = 0;
    while (count < most && isAsciiDigit(byteAt(line, at + count)))
        ++count;
    return count;
}

bool twoDigits(std::string_view line, std::size_t at)
{
    return isAsciiDigit(byteAt(line, at)) && isAsciiDigit(byteAt(line, at + 1));
}

/// "Z", "+09:00", "-0700", " UTC", " GMT".
std::size_t zoneAt(std::string_view line, std::size_t at)
{
    const char first = byteAt(line, at);
    if (first == 'Z' && !isNameByte(byteAt(line, at + 1)))
        return 1;
    if ((first == '+' || first == '-') && twoDigits(line, at + 1)) {
        const std::size_t minutes = at + 3 + (byteAt(line, at + 3) == ':' ? 1 : 0);
        return twoDigits(line, minutes) ? minutes + 2 - at : 0;
    }
    const std::string_view word = line.substr(std::min(at, line.size()), 4);
    return (word == " UTC" || word == " GMT") && !isNameByte(byteAt(line, at + 4)) ? 4 : 0;
}

/// "06:06:20", with a fraction and a zone; seconds may be missing where a date stands before it.
std::size_t clockAt(std::string_view line, std::size_t at, bool secondsNeeded)
{
    const std::size_t hours = digitsAt(line, at, 2);
    std::size_t end = at + hours;
    if (hours == 0 || byteAt(line, end) != ':' || !twoDigits(line, end + 1))
        return 0;
    end += 3;
    if (byteAt(line, end) == ':' && twoDigits(line, end + 1)) {
        end += 3;
        if ((byteAt(line, end) == '.' || byteAt(line, end) == ',') && isAsciiDigit(byteAt(line, end + 1)))
            end += 1 + digitsAt(line, end + 1, 9);
    } else if (secondsNeeded) {
        return 0;
    }
    end += zoneAt(line, end);
    return isNameByte(byteAt(line, end)) || byteAt(line, end) == ':' ? 0 : end - at;
}

/// "2026-01-02", "2026/01/02", "17/06/09", "09/06/2017".
std::size_t dateAt(std::string_view line, std::size_t at)
{
    const std::size_t first = digitsAt(line, at, 5);
    const char separator = byteAt(line, at + first);
    const bool longYear = first == 4 && (separator == '-' || separator == '/');
    const bool shortYear = first == 2 && separator == '/';
    if (!longYear && !shortYear)
        return 0;
    const std::size_t month = at + first + 1;
    if (!twoDigits(line, month) || byteAt(line, month + 2) != separator)
        return 0;
    const std::size_t last = digitsAt(line, month + 3, 5);
    return last == 2 || (shortYear && last == 4) ? month + 3 + last - at : 0;
}

bool isOneOf(std::string_view word, std::string_view names)
{
    for (std::size_t at = 0; at < names.size(); at += 3)
        if (names.substr(at, 3) == word)
            return true;
    return false;
}

/// "Fri Jun  9 06:06:20 UTC 2017", the weekday, zone and year optional.
std::size_t namedTimeAt(std::string_view line, std::size_t at)
{
    std::size_t end = at;
    if (isOneOf(line.substr(at, 3), "MonTueWedThuFriSatSun") && byteAt(line, at + 3) == ' ')
        end += 4;
    if (end + 3 >= line.size() || !isOneOf(line.substr(end, 3), "JanFebMarAprMayJunJulAugSepOctNovDec"))
        return 0;
    end += 3;
    const std::size_t day = line.find_first_not_of(' ', end);
    if (day == std::string_view::npos || day == end || day - end > 2)
        return 0;
    end = day + digitsAt(line, day, 2);
    if (end == day || byteAt(line, end) != ' ')
        return 0;
    const std::size_t clock = clockAt(line, end + 1, true);
    if (clock == 0)
        return 0;
    end += 1 + clock;
    if (byteAt(line, end) == ' ' && digitsAt(line, end + 1, 5) == 4 && !isNameByte(byteAt(line, end + 5)))
        end += 5;
    return end - at;
}

} // namespace

std::size_t timeAt(std::string_view line, std::size_t at)
{
    if (!isAsciiDigit(line[at]))
        return byteAt(line, at + 3) == ' ' ? namedTimeAt(line, at) : 0;
    const std::size_t date = dateAt(line, at);
    if (date == 0)
        return clockAt(line, at, true);
    const char next = byteAt(line, at + date);
    if (next == ' ' || next == 'T' || next == ':')
        if (const std::size_t clock = clockAt(line, at + date + 1, false); clock > 0)
            return date + 1 + clock;
    return isNameByte(next) || next == '/' || next == '-' ? 0 : date;
}

std::size_t uuidAt(std::string_view line, std::size_t at)
{
    constexpr std::size_t kLength = 36;
    if (line.size() < at + kLength || line[at + 8] != '-' || isNameByte(byteAt(line, at + kLength)))
        return 0;
    for (std::size_t i = 0; i < kLength; ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? line[at + i] != '-' : !isHexDigit(line[at + i]))
            return 0;
    }
    return kLength;
}

std::size_t sizeUnitAt(std::string_view line, std::size_t at)
{
    std::size_t end = at + (byteAt(line, at) == ' ' ? 1 : 0);
    const bool blank = end > at;
    const std::string_view multiples = blank ? "KMGTPEk" : "KMGTPEkmgtp";
    const bool multiple = multiples.find(byteAt(line, end)) != std::string_view::npos && end < line.size();
    end += multiple ? 1 : 0;
    end += multiple && byteAt(line, end) == 'i' ? 1 : 0;
    const bool byte = byteAt(line, end) == 'B' || (multiple && !blank && byteAt(line, end) == 'b');
    end += byte ? 1 : 0;
    if ((!byte && (blank || !multiple)) || isNameByte(byteAt(line, end)) || byteAt(line, end) == '-')
        return 0;
    return end - at;
}

std::size_t portAt(std::string_view line, std::size_t at)
{
    if (byteAt(line, at) != ':')
        return 0;
    const std::size_t digits = digitsAt(line, at + 1, 6);
    const char next = byteAt(line, at + 1 + digits);
    return digits == 0 || digits > 5 || isNameByte(next) || next == ':' ? 0 : digits + 1;
}

std::size_t pathRestAt(std::string_view line, std::size_t at)
{
    std::size_t end = at;
    while (end < line.size() && !isBlank(line[end])
           && std::string_view("\"'`,;()[]{}<>|").find(line[end]) == std::string_view::npos)
        ++end;
    while (end > at && (line[end - 1] == '.' || line[end - 1] == ':' || line[end - 1] == '!' || line[end - 1] == '?'))
        --end;
    return end - at;
}

std::size_t quotedAt(std::string_view line, std::size_t at)
{
    const std::string_view inside = line.substr(at + 1, kMaxQuotedBytes + 1);
    for (std::size_t close = inside.find(line[at]); close != std::string_view::npos;
         close = inside.find(line[at], close + 1))
        if (!isNameByte(byteAt(line, at + 1 + close + 1)))
            return close;
    return 0;
}

} // namespace mulligan::text
