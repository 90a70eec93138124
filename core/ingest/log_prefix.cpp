#include "ingest/log_prefix.hpp"

#include "ingest/log_json.hpp"
#include "ingest/log_line.hpp"
#include "ingest/log_time.hpp"

#include <algorithm>
#include <array>

namespace mulligan::ingest
{

namespace
{

constexpr std::size_t kMostName = 253; ///< of a pod, and of a host

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Of a pod, a container or a namespace (RFC 1123).
bool isNameByte(char c)
{
    return (c >= 'a' && c <= 'z') || isDigit(c) || c == '-' || c == '.';
}

std::size_t nameSize(std::string_view text)
{
    const auto *end = std::find_if_not(text.begin(), text.end(), isNameByte);
    const auto size = static_cast<std::size_t>(end - text.begin());
    return size <= kMostName ? size : 0;
}

/// "[pod/NAME/CONTAINER] "
std::size_t podSize(std::string_view raw)
{
    constexpr std::string_view kLead = "[pod/";
    if (!raw.starts_with(kLead))
        return 0;
    std::size_t at = kLead.size() + nameSize(raw.substr(kLead.size()));
    if (at == kLead.size() || at >= raw.size() || raw[at] != '/')
        return 0;
    const std::size_t container = nameSize(raw.substr(at + 1));
    at += 1 + container;
    if (container == 0 || at >= raw.size() || raw[at] != ']')
        return 0;
    if (at + 1 == raw.size()) // of an empty line, whose blank was cut off
        return at + 1;
    return raw[at + 1] == ' ' ? at + 2 : 0;
}

/// "NAME CONTAINER ", or with the namespace before.
std::size_t namesSize(std::string_view raw, int names)
{
    std::size_t at = 0;
    for (int i = 0; i < names; ++i) {
        const std::size_t size = nameSize(raw.substr(at));
        if (size == 0 || at + size >= raw.size() || raw[at + size] != ' ')
            return 0;
        at += size + 1;
    }
    return at;
}

/// "Mar  1 03:00:00 ", which has neither year nor zone.
std::size_t syslogTimeSize(std::string_view raw)
{
    static constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    constexpr std::size_t kSize = 16;
    if (raw.size() < kSize || raw[3] != ' ' || (raw[4] != ' ' && !isDigit(raw[4])) || !isDigit(raw[5]) || raw[6] != ' '
        || std::find(kMonths.begin(), kMonths.end(), raw.substr(0, 3)) == kMonths.end())
        return 0;
    const auto clock = logTimeAt(raw.substr(7));
    return clock && !clock->at && clock->size == 8 && raw[kSize - 1] == ' ' ? kSize : 0;
}

/// Bytes of "HOST TAG[PID]: " or "HOST TAG: ".
std::size_t hostAndTagSize(std::string_view text)
{
    const std::size_t host = text.substr(0, kMostName + 1).find(' ');
    if (host == std::string_view::npos || host == 0)
        return 0;
    std::size_t at = host + 1;
    const auto isTagByte = [](char c) {
        return isNameByte(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '/' || c == '@';
    };
    while (at < text.size() && at - host <= kMostName && isTagByte(text[at]))
        ++at;
    // "2026-01-02T03:04:05Z WARN Orders: …" is a record.
    if (at == host + 1 || logLevelAt(text) != LogLevel::None || logLevelAt(text.substr(host + 1)) != LogLevel::None)
        return 0;
    if (at < text.size() && text[at] == '[') {
        const std::size_t pid = ++at;
        while (at < text.size() && isDigit(text[at]))
            ++at;
        if (at == pid || at >= text.size() || text[at++] != ']')
            return 0;
    }
    if (at >= text.size() || text[at] != ':')
        return 0;
    if (at + 1 == text.size())
        return at + 1;
    return text[at + 1] == ' ' ? at + 2 : 0;
}

bool isRecord(std::string_view text)
{
    return scanLogLine(text).record || (text.starts_with('{') && readJsonRecord(text).has_value());
}

} // namespace

LogPrefix::Found LogPrefix::find(std::string_view raw)
{
    Found out;
    if (raw.empty())
        return out;
    if (raw.front() == '[') {
        out.size = podSize(raw);
        out.kind = out.size > 0 ? Kind::Pod : Kind::None;
        return out;
    }
    std::size_t clock = syslogTimeSize(raw);
    if (clock == 0 && isDigit(raw.front()) && raw.size() > 20 && raw[10] == 'T') {
        const auto time = logTimeAt(raw);
        if (time && time->zoned && time->size < raw.size() && raw[time->size] == ' ') {
            clock = time->size + 1;
            out.time = time->at;
        }
    }
    if (const std::size_t size = clock > 0 ? hostAndTagSize(raw.substr(clock)) : 0; size > 0) {
        out.kind = Kind::Journal;
        out.size = clock + size;
    }
    return out;
}

LogPrefix::Found LogPrefix::known(std::string_view raw) const
{
    if (m_kind == Kind::Names)
        return raw.starts_with(m_names) ? Found{Kind::Names, m_names.size()} : Found{};
    return find(raw);
}

/// A line that is a record by itself shows that the log has no prefix; one behind a prefix that it has it.
void LogPrefix::settle(std::string_view raw, const Found &found)
{
    if (found.size > 0) {
        m_kind = isRecord(raw.substr(found.size)) ? found.kind : Kind::Unknown;
        return;
    }
    if (isRecord(raw)) {
        m_kind = Kind::None;
        return;
    }
    for (int names = 2; names <= 3; ++names) {
        const std::size_t size = namesSize(raw, names);
        if (size > 0 && isRecord(raw.substr(size))) {
            m_kind = Kind::Names;
            m_names = raw.substr(0, size);
            return;
        }
    }
}

/// A stack's line, of which rsyslog wrote the tab in digits.
std::string_view LogPrefix::withoutEscapedTab(std::string_view rest)
{
    constexpr std::string_view kTab = "#011";
    if (!rest.starts_with(kTab))
        return rest;
    m_line = '\t';
    m_line += rest.substr(kTab.size());
    return m_line;
}

LogPrefix::Line LogPrefix::take(std::string_view raw)
{
    if (m_kind == Kind::None)
        return {raw};
    if (m_kind == Kind::Unknown)
        settle(raw, find(raw));
    if (m_kind == Kind::None || m_kind == Kind::Unknown)
        return {raw};
    const Found found = known(raw);
    if (found.kind != m_kind)
        return {raw};
    return {withoutEscapedTab(raw.substr(found.size)), found.time};
}

} // namespace mulligan::ingest
