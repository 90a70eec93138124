#include "ingest/mapped_time.hpp"

#include "ingest/mapping_units.hpp"

#include <cmath>

namespace mulligan::ingest
{

namespace
{

constexpr std::string_view kUnixEpochs[] = {"epoch_s", "epoch_ms", "epoch_us", "epoch_ns"};
constexpr std::string_view kExcel = "excel";
constexpr double kToMs[] = {1e3, 1.0, 1e-3, 1e-6};
constexpr double kYear1990 = 631'152'000'000.0; // ms
constexpr double kYear2100 = 4'102'444'800'000.0;

TimeReader::Reading refused(std::string problem)
{
    return {std::nullopt, std::move(problem)};
}

std::string quoted(std::string_view text)
{
    constexpr std::size_t kShown = 60;
    return "'" + std::string(text.substr(0, kShown)) + (text.size() > kShown ? "…'" : "'");
}

TimeReader::Reading moment(std::int64_t ms)
{
    return {formats::Moments{{ms}, {ms}, false}, {}};
}

} // namespace

base::Result<TimeReader> TimeReader::make(const std::string &time, const std::string &zone)
{
    TimeReader reader;
    if (!zone.empty()) {
        MULLIGAN_TRY(reader.m_zone, formats::TimeZone::named(zone));
    }
    for (std::size_t i = 0; i < std::size(kUnixEpochs); ++i) {
        if (time == kUnixEpochs[i])
            reader.m_epochToMs = kToMs[i];
    }
    if (time.empty() || time == "rfc3339" || reader.m_epochToMs > 0.0)
        return reader;
    const auto withoutZone = [&] {
        return base::makeError(base::ErrorCode::InvalidArgument,
                               "Times of the pattern '" + time + "' carry no zone, and none is given",
                               "Say in which zone the source's clock runs, such as zone: Europe/Berlin or zone: UTC.");
    };
    reader.m_excel = time == kExcel;
    if (reader.m_excel)
        return reader.m_zone ? base::Result<TimeReader>(reader) : withoutZone();
    MULLIGAN_TRY(auto pattern, formats::TimePattern::compile(time));
    if (!pattern.hasZone() && !reader.m_zone)
        return withoutZone();
    reader.m_shown = time;
    reader.m_pattern = std::make_shared<formats::TimePattern>(std::move(pattern));
    return reader;
}

TimeReader::Reading TimeReader::read(std::string_view text, const NumberStyle &style) const
{
    if (m_epochToMs > 0.0)
        return readEpoch(text, style);
    if (m_excel)
        return readExcel(text, style);
    return m_pattern ? readPattern(text) : readRfc3339(text);
}

TimeReader::Reading TimeReader::readEpoch(std::string_view text, const NumberStyle &style) const
{
    const auto number = readNumber(text, style);
    if (!number)
        return refused(quoted(text) + " is no number");
    if (*number <= 0.0)
        return {};
    const double ms = *number * m_epochToMs;
    if (ms < kYear1990 || ms > kYear2100)
        return refused(quoted(text) + " lies outside the years 1990 to 2100: is it counted in another unit?");
    return moment(std::llround(ms));
}

TimeReader::Reading TimeReader::readExcel(std::string_view text, const NumberStyle &style) const
{
    constexpr double kMsPerDay = 86'400'000.0;
    constexpr double kDaysTo1970 = 25569.0; // from 30 December 1899
    const auto days = readNumber(text, style);
    if (!days)
        return refused(quoted(text) + " is no number");
    const double ms = (*days - kDaysTo1970) * kMsPerDay;
    if (ms < kYear1990 || ms > kYear2100)
        return refused(quoted(text) + " lies outside the years 1990 to 2100: are these days as Excel counts them?");
    return {m_zone->at(formats::LocalTime{std::llround(ms)}), {}};
}

TimeReader::Reading TimeReader::readRfc3339(std::string_view text) const
{
    const auto instant = base::parseInstant(text);
    if (instant)
        return moment(instant->ms);
    // A time that only lacks its zone becomes one with Z put behind it.
    const auto local = m_zone ? base::parseInstant(std::string(text) + "Z") : instant;
    if (!local)
        return refused(instant.error().message);
    return {m_zone->at(formats::LocalTime{local->ms}), {}};
}

TimeReader::Reading TimeReader::readPattern(std::string_view text) const
{
    const auto parsed = m_pattern->parse(text);
    if (!parsed)
        return refused(quoted(text) + " does not fit the pattern '" + m_shown + "'");
    if (parsed->offsetMs)
        return moment(parsed->local.ms - *parsed->offsetMs);
    const std::string &abbreviation = parsed->abbreviation;
    if (abbreviation == "UTC" || abbreviation == "GMT" || abbreviation == "Z")
        return moment(parsed->local.ms);
    if (!m_zone)
        return refused(quoted(text) + " is in the zone '" + abbreviation
                       + "', which is not clear by itself; the profile must give a zone");
    if (abbreviation.empty())
        return {m_zone->at(parsed->local), {}};
    const auto at = m_zone->at(parsed->local, abbreviation);
    return at ? moment(at->ms)
              : refused(quoted(text) + " names a zone that the profile's zone never calls itself then");
}

} // namespace mulligan::ingest
