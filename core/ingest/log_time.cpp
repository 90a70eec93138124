#include "ingest/log_time.hpp"

#include <algorithm>
#include <cstdint>

namespace mulligan::ingest
{

namespace
{

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Reads a time from front to back.
class TimeScan
{
public:
    explicit TimeScan(std::string_view text) : m_text(text) {}

    std::optional<LogTime> scan()
    {
        const bool dated = readDate();
        if (!readClock())
            return std::nullopt;
        LogTime time;
        const int ms = readFraction(time.fractionDigits);
        const std::optional<int> offset = dated ? readZone() : std::nullopt;
        time.size = m_at;
        if (!dated)
            return time;
        time.zoned = offset.has_value();
        time.at = base::fromCivil(m_year, m_month, m_day, m_hour, m_minute, m_second);
        time.at->ms += ms - std::int64_t{offset.value_or(0)} * 60'000;
        return time;
    }

private:
    [[nodiscard]] char at(std::size_t i) const { return i < m_text.size() ? m_text[i] : '\0'; }
    [[nodiscard]] int two(std::size_t i) const
    {
        return isDigit(at(i)) && isDigit(at(i + 1)) ? (at(i) - '0') * 10 + (at(i + 1) - '0') : -1;
    }

    /// "yy/MM/dd " or "yyyy-MM-dd " with '-' or '/' and a blank or T behind; leaves m_at before the clock.
    bool readDate()
    {
        const bool shortYear = at(2) == '/';
        const std::size_t separator = shortYear ? 2 : 4;
        const char between = at(separator);
        if (between != '-' && between != '/')
            return false;
        const int century = shortYear ? 20 : two(0);
        const int years = two(separator - 2);
        m_month = two(separator + 1);
        m_day = two(separator + 4);
        const char behind = at(separator + 6);
        if (century < 0 || years < 0 || at(separator + 3) != between || (behind != ' ' && behind != 'T'))
            return false;
        m_year = century * 100 + years;
        static constexpr int kDays[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        if (m_year < 1970 || m_month < 1 || m_month > 12 || m_day < 1 || m_day > kDays[m_month - 1])
            return false;
        m_at = separator + 7;
        return true;
    }

    bool readClock()
    {
        m_hour = two(m_at);
        m_minute = two(m_at + 3);
        m_second = two(m_at + 6);
        if (at(m_at + 2) != ':' || at(m_at + 5) != ':' || m_hour < 0 || m_hour > 23 || m_minute < 0 || m_minute > 59
            || m_second < 0 || m_second > 60 || isDigit(at(m_at + 8)))
            return false;
        m_at += 8;
        return true;
    }

    int readFraction(int &digits)
    {
        if ((at(m_at) != '.' && at(m_at) != ',') || !isDigit(at(m_at + 1)))
            return 0;
        int ms = 0;
        int scale = 100;
        for (++m_at; isDigit(at(m_at)) && digits < 9; ++m_at, ++digits) {
            ms += (at(m_at) - '0') * scale;
            scale /= 10;
        }
        return ms;
    }

    /// Minutes east of UTC.
    std::optional<int> readZone()
    {
        const std::size_t from = m_at + (at(m_at) == ' ' ? 1 : 0);
        const std::string_view rest = m_text.substr(std::min(from, m_text.size()), 6);
        if (rest.starts_with('Z') && !(rest.size() > 1 && rest[1] >= 'A')) {
            m_at = from + 1;
            return 0;
        }
        if (rest.starts_with("UTC") || rest.starts_with("GMT")) {
            m_at = from + 3;
            return 0;
        }
        if (!rest.starts_with('+') && !rest.starts_with('-'))
            return std::nullopt;
        const int hours = two(from + 1);
        const bool colon = at(from + 3) == ':';
        const int minutes = two(from + (colon ? 4 : 3));
        // " -1" and the like are words of the line.
        if (hours < 0 || hours > 18 || (minutes < 0 && from != m_at))
            return std::nullopt;
        m_at = minutes < 0 ? from + 3 : from + (colon ? 6 : 5);
        return (rest.front() == '-' ? -1 : 1) * (hours * 60 + std::max(minutes, 0));
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    int m_year = 0;
    int m_month = 0;
    int m_day = 0;
    int m_hour = 0;
    int m_minute = 0;
    int m_second = 0;
};

} // namespace

std::optional<LogTime> logTimeAt(std::string_view text)
{
    if (text.size() < 8 || !isDigit(text.front()))
        return std::nullopt;
    return TimeScan(text).scan();
}

} // namespace mulligan::ingest
