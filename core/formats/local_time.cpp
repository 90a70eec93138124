#include "formats/local_time.hpp"

#include "formats/yaml.hpp"

#include <chrono>
#include <exception>
#include <sstream>

#include <date/tz.h>

namespace mulligan::formats
{

namespace
{

using std::chrono::milliseconds;

/// "+09:00", "-0330"; nothing when it is no offset.
std::optional<std::int64_t> fixedOffset(std::string_view text)
{
    if (text.size() < 5 || (text[0] != '+' && text[0] != '-'))
        return std::nullopt;
    std::string digits;
    for (const char c : text.substr(1)) {
        if (c == ':' && digits.size() == 2)
            continue;
        if (c < '0' || c > '9')
            return std::nullopt;
        digits += c;
    }
    if (digits.size() != 4)
        return std::nullopt;
    const int hours = (digits[0] - '0') * 10 + (digits[1] - '0');
    const int minutes = (digits[2] - '0') * 10 + (digits[3] - '0');
    if (hours > 14 || minutes > 59)
        return std::nullopt;
    return (text[0] == '-' ? -1 : 1) * std::int64_t{hours * 60 + minutes} * 60'000;
}

base::Instant instantOf(LocalTime local, std::chrono::seconds offset)
{
    return {local.ms - std::chrono::duration_cast<milliseconds>(offset).count()};
}

date::local_info infoAt(const void *zone, LocalTime local)
{
    // The database counts in seconds, and so floors what lies before 1970 as well.
    const auto whole = std::chrono::floor<std::chrono::seconds>(milliseconds(local.ms));
    return static_cast<const date::time_zone *>(zone)->get_info(date::local_seconds(whole));
}

base::Error badPattern(const std::string &pattern, const std::string &why)
{
    return base::makeError(base::ErrorCode::InvalidArgument,
                           "'" + pattern.substr(0, 80) + "' is no time pattern: " + why,
                           "Write it like \"%d.%m.%Y %H:%M:%S\", or give rfc3339, epoch_s, epoch_ms, epoch_us or "
                           "epoch_ns.");
}

constexpr std::string_view kConversions = "YymdebBhjHIMSpaAFTRDzZ%";

bool replaceOnce(std::string &text, std::string_view from, std::string_view to)
{
    const std::size_t at = text.find(from);
    if (at != std::string::npos)
        text.replace(at, from.size(), to);
    return at != std::string::npos;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

} // namespace

base::Result<TimeZone> TimeZone::named(const std::string &name)
{
    TimeZone zone;
    if (const auto offset = fixedOffset(name)) {
        zone.m_offsetMs = *offset;
        return zone;
    }
    try {
        zone.m_zone = date::locate_zone(name);
        (void)infoAt(zone.m_zone, {}); // reads the zone's file, which later throws nothing any more
        return zone;
    } catch (const std::exception &) {
        const auto names = timeZoneNames();
        if (names.empty())
            return base::makeError(base::ErrorCode::Io, "This system has no time zone database",
                                   "Install the package tzdata.");
        const std::string near = nearestName(name, {names.begin(), names.end()});
        return base::makeError(base::ErrorCode::NotFound, "There is no time zone '" + name.substr(0, 60) + "'",
                               near.empty() ? "Use a name such as Europe/Berlin, Asia/Tokyo or UTC, or an offset such "
                                              "as +09:00."
                                            : "Did you mean '" + near + "'?");
    }
}

Moments TimeZone::at(LocalTime local) const
{
    if (m_zone == nullptr) {
        const base::Instant only{local.ms - m_offsetMs};
        return {only, only, false};
    }
    const auto info = infoAt(m_zone, local);
    // In a gap the offset before it moves the time forward by the gap's length.
    const base::Instant first = instantOf(local, info.first.offset);
    if (info.result == date::local_info::ambiguous)
        return {first, instantOf(local, info.second.offset), false};
    return {first, first, info.result == date::local_info::nonexistent};
}

std::optional<base::Instant> TimeZone::at(LocalTime local, std::string_view abbreviation) const
{
    if (m_zone == nullptr)
        return std::nullopt;
    const auto info = infoAt(m_zone, local);
    if (info.first.abbrev == abbreviation)
        return instantOf(local, info.first.offset);
    if (info.result != date::local_info::unique && info.second.abbrev == abbreviation)
        return instantOf(local, info.second.offset);
    return std::nullopt;
}

std::vector<std::string> timeZoneNames()
{
    std::vector<std::string> out;
    try {
        for (const auto &zone : date::get_tzdb().zones)
            out.push_back(zone.name());
    } catch (const std::exception &) {
        out.clear();
    }
    return out;
}

namespace
{

/// Of microseconds, not finer: the library multiplies whatever number stands for the seconds, and of nanoseconds the
/// longest one that it reads is more than 64 bits hold.
struct Reading {
    date::fields<std::chrono::microseconds> fields;
    std::string abbreviation;
    std::chrono::minutes offset = std::chrono::minutes::min();
};

} // namespace

struct TimePattern::State {
    std::string pattern;
    bool commaFraction = false;
    bool zone = false;
    std::istringstream stream;
    std::string text;

    base::Result<void> check(const std::string &shown)
    {
        std::string found;
        for (std::size_t i = 0; i < pattern.size(); ++i) {
            if (pattern[i] != '%')
                continue;
            if (++i == pattern.size())
                return badPattern(shown, "it ends in %");
            if (kConversions.find(pattern[i]) == std::string_view::npos)
                return badPattern(shown, "%" + std::string(1, pattern[i]) + " is not known");
            found += pattern[i];
        }
        const auto has = [&](const char *any) { return found.find_first_of(any) != std::string::npos; };
        const bool day = has("FD") || (has("Yy") && ((has("mbBh") && has("de")) || has("j")));
        if (!day)
            return badPattern(shown, "it does not name year, month and day");
        if (has("I") != has("p"))
            return badPattern(shown, "%I and %p belong together");
        zone = has("zZ");
        return {};
    }

    /// What `text` holds by the pattern, to its end. The stream throws on the spot: the library goes on after seconds
    /// that do not parse, and rounds a number that was never set.
    std::optional<Reading> read()
    {
        Reading out;
        stream.clear();
        stream.str(text);
        try {
            stream.exceptions(std::ios::failbit);
            date::from_stream(stream, pattern.c_str(), out.fields, &out.abbreviation, &out.offset);
            stream.exceptions(std::ios::goodbit);
        } catch (const std::ios::failure &) {
            stream.exceptions(std::ios::goodbit);
            return std::nullopt;
        }
        if (stream.peek() != std::istringstream::traits_type::eof())
            return std::nullopt;
        return out;
    }

    /// Shortens a fraction to the digits that are read; false where none is longer.
    bool cutFraction()
    {
        constexpr std::size_t kDigits = 6;
        for (std::size_t point = text.find('.'); point != std::string::npos; point = text.find('.', point + 1)) {
            std::size_t end = point + 1;
            while (end < text.size() && isDigit(text[end]))
                ++end;
            if (end <= point + 1 + kDigits)
                continue;
            text.erase(point + 1 + kDigits, end - (point + 1 + kDigits));
            return true;
        }
        return false;
    }

    /// The fraction's comma becomes the point that %S expects.
    void takeCommaFraction()
    {
        for (std::size_t i = text.size(); i-- > 1;) {
            if (text[i] == ',' && isDigit(text[i - 1]) && i + 1 < text.size() && isDigit(text[i + 1])) {
                text[i] = '.';
                return;
            }
        }
    }
};

TimePattern::TimePattern(std::unique_ptr<State> state) : m_state(std::move(state))
{
}
TimePattern::TimePattern(TimePattern &&) noexcept = default;
TimePattern &TimePattern::operator=(TimePattern &&) noexcept = default;
TimePattern::~TimePattern() = default;

base::Result<TimePattern> TimePattern::compile(const std::string &pattern)
{
    auto state = std::make_unique<State>();
    state->pattern = pattern;
    if (pattern.find('\0') != std::string::npos)
        return badPattern(pattern, "it holds a zero byte");
    state->commaFraction = replaceOnce(state->pattern, "%S,%f", "%S");
    replaceOnce(state->pattern, "%S.%f", "%S");
    MULLIGAN_CHECK(state->check(pattern));
    return TimePattern(std::move(state));
}

std::optional<ParsedTime> TimePattern::parse(std::string_view text) const
{
    constexpr std::size_t kLongest = 100;
    if (text.empty() || text.size() > kLongest)
        return std::nullopt;
    State &s = *m_state;
    s.text = text;
    if (s.commaFraction)
        s.takeCommaFraction();
    auto reading = s.read();
    if (!reading && s.cutFraction())
        reading = s.read();
    if (!reading || !reading->fields.ymd.ok())
        return std::nullopt;
    const auto &fields = reading->fields;
    const int year = static_cast<int>(fields.ymd.year());
    // date takes hours above 23 for the next day's. Second 60 is a leap second.
    const auto &time = fields.tod;
    const bool onClock = time.hours().count() < 24 && time.minutes().count() < 60 && time.seconds().count() <= 60;
    if (year < 1970 || year > 9999 || !onClock)
        return std::nullopt;
    ParsedTime out;
    out.abbreviation = reading->abbreviation;
    const auto days = date::sys_days(fields.ymd).time_since_epoch();
    out.local.ms = std::chrono::duration_cast<milliseconds>(days).count();
    if (fields.has_tod)
        out.local.ms += std::chrono::floor<milliseconds>(fields.tod.to_duration()).count();
    if (reading->offset != std::chrono::minutes::min())
        out.offsetMs = std::chrono::duration_cast<milliseconds>(reading->offset).count();
    return out;
}

bool TimePattern::hasZone() const
{
    return m_state->zone;
}

} // namespace mulligan::formats
