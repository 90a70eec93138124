#include "ingest/log_records.hpp"

#include "ingest/log_json.hpp"
#include "ingest/log_time.hpp"

#include <algorithm>

namespace mulligan::ingest
{

namespace
{

/// A runtime splits lines at 16 KiB; what never ends is given out in pieces.
constexpr std::size_t kMostSplit = 1u << 20;
/// Runtimes write nanoseconds, which log layouts do not.
constexpr int kRuntimeDigits = 7;

} // namespace

LogRecords::Runtime LogRecords::withoutRuntime(std::string_view raw)
{
    Runtime out{raw, std::nullopt, false};
    if (raw.size() < 21 || raw[4] != '-' || raw[10] != 'T')
        return out;
    const auto time = logTimeAt(raw);
    if (!time || !time->zoned || (raw.size() > time->size && raw[time->size] != ' '))
        return out;
    std::string_view rest = raw.substr(std::min(time->size + 1, raw.size()));
    const bool tagged = (rest.starts_with("stdout ") || rest.starts_with("stderr ")) && rest.size() >= 8
                        && (rest[7] == 'F' || rest[7] == 'P') && (rest.size() == 8 || rest[8] == ' ');
    if (!m_fromRuntime)
        m_fromRuntime =
            tagged || time->fractionDigits >= kRuntimeDigits || rest.starts_with('{') || logTimeAt(rest).has_value();
    if (!m_fromRuntime)
        return out;
    if (tagged) {
        out.partial = rest[7] == 'P';
        rest.remove_prefix(std::min(rest.size(), std::size_t{9}));
    }
    out.rest = rest;
    out.time = time->at;
    return out;
}

bool LogRecords::readDocker(std::string_view raw, formats::FunctionRef<void(const LogLine &)> visit)
{
    auto wrapped = dockerLine(raw);
    if (!wrapped)
        return false;
    std::string_view text = m_codes.without(wrapped->text);
    const bool partial = !text.ends_with('\n'); // Docker splits lines at 16 KiB
    text.remove_suffix(partial ? 0 : 1);
    if (text.ends_with('\r'))
        text.remove_suffix(1);
    m_split.append(text);
    if (partial && m_split.size() < kMostSplit)
        return true;
    const std::string whole = std::move(m_split);
    m_split.clear();
    readWhole(whole, wrapped->time, visit);
    return true;
}

bool LogRecords::readJson(std::string_view text, std::optional<base::Instant> time,
                          formats::FunctionRef<void(const LogLine &)> visit)
{
    const auto record = readJsonRecord(text);
    if (!record)
        return false;
    std::string laidOut = record->timeText.empty() ? std::string() : record->timeText + " ";
    laidOut += record->levelName + " ";
    if (!record->logger.empty())
        laidOut += record->logger + ": ";
    const std::size_t header = laidOut.size();
    laidOut += m_codes.without(record->message);
    if (!record->trace.empty())
        laidOut.append("\n").append(m_codes.without(record->trace));
    for (std::size_t at = 0; at <= laidOut.size();) {
        const std::size_t end = std::min(laidOut.find('\n', at), laidOut.size());
        std::string_view line = std::string_view(laidOut).substr(at, end - at);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (at == 0)
            visit({line, true, record->level, record->time ? record->time : time, record->zoned, record->logger,
                   line.substr(std::min(header, line.size()))});
        else
            visit({line, false, LogLevel::None, std::nullopt, true, {}, line});
        at = end + 1;
    }
    return true;
}

void LogRecords::readWhole(std::string_view text, std::optional<base::Instant> time,
                           formats::FunctionRef<void(const LogLine &)> visit)
{
    if (text.starts_with('{') && text.ends_with('}') && readJson(text, time, visit))
        return;
    LogLine line = scanLogLine(text);
    if (time) {
        line.time = time;
        line.zoned = true;
    }
    visit(line);
}

void LogRecords::read(std::string_view raw, formats::FunctionRef<void(const LogLine &)> visit)
{
    raw = m_codes.without(raw);
    if (raw.starts_with('{') && readDocker(raw, visit))
        return;
    const LogPrefix::Line line = m_prefix.take(raw);
    Runtime runtime = withoutRuntime(line.rest);
    if (!runtime.time)
        runtime.time = line.time;
    if (runtime.partial && m_split.size() + runtime.rest.size() < kMostSplit) {
        m_split.append(runtime.rest);
        return;
    }
    if (m_split.empty())
        return readWhole(runtime.rest, runtime.time, visit);
    m_split.append(runtime.rest);
    const std::string whole = std::move(m_split);
    m_split.clear();
    readWhole(whole, runtime.time, visit);
}

} // namespace mulligan::ingest
