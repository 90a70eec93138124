#include "ingest/airflow_log_line.hpp"

#include "ingest/airflow_rows.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace mulligan::ingest::airflow
{

namespace
{

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

std::size_t digitsFrom(std::string_view text, std::size_t at)
{
    std::size_t end = at;
    while (end < text.size() && isDigit(text[end]))
        ++end;
    return end - std::min(at, end);
}

/// Splits "[time] {file:line} LEVEL - message"; the time is empty when the line is none.
struct Parts {
    std::string_view time;
    std::string_view message;
};
Parts partsOf(std::string_view line)
{
    constexpr std::size_t kShortest = 21; // "[2019-01-01 00:00:00]"
    constexpr std::size_t kLongestTime = 40;
    if (line.size() < kShortest || line[0] != '[' || digitsFrom(line, 1) != 4 || line[5] != '-')
        return {};
    const std::size_t close = line.substr(0, kLongestTime).find(']');
    if (close == std::string_view::npos || line.substr(close + 1, 2) != " {")
        return {};
    const std::size_t brace = line.find("} ", close);
    if (brace == std::string_view::npos)
        return {};
    const std::size_t dash = line.find(" - ", brace);
    if (dash == std::string_view::npos)
        return {};
    return {line.substr(1, close - 1), line.substr(dash + 3)};
}

/// Appends one exception of a structured traceback as Python prints it.
std::string exceptionText(formats::JsonCursor &item, bool &isCause)
{
    std::string type;
    std::string value;
    std::string frames;
    item.members([&](std::string_view key, formats::JsonCursor &member) {
        if (key == "exc_type") {
            type = member.string().value_or("");
        } else if (key == "exc_value") {
            value = member.string().value_or("");
        } else if (key == "is_cause") {
            isCause = member.boolean().value_or(false);
        } else if (key == "frames") {
            member.items([&](formats::JsonCursor &frame) {
                std::string file;
                std::string name;
                std::int64_t line = 0;
                frame.members([&](std::string_view part, formats::JsonCursor &of) {
                    if (part == "filename")
                        file = of.string().value_or("");
                    else if (part == "name")
                        name = of.string().value_or("");
                    else if (part == "lineno")
                        line = of.integer().value_or(0);
                });
                frames += "  File \"" + file + "\", line " + std::to_string(line) + ", in " + name + "\n";
            });
        }
    });
    return "Traceback (most recent call last):\n" + frames + type + (value.empty() ? "" : ": " + value) + "\n";
}

/// Airflow lists the exception that was raised first and what it came of behind it; Python prints the other way round.
std::string tracebackText(formats::JsonCursor &detail)
{
    std::vector<std::pair<std::string, bool>> chain;
    detail.items([&](formats::JsonCursor &item) {
        bool isCause = false;
        std::string text = exceptionText(item, isCause);
        chain.emplace_back(std::move(text), isCause);
    });
    std::string out;
    for (auto one = chain.rbegin(); one != chain.rend(); ++one) {
        out += one->first;
        if (std::next(one) != chain.rend())
            out += one->second ? "\nThe above exception was the direct cause of the following exception:\n\n"
                               : "\nDuring handling of the above exception, another exception occurred:\n\n";
    }
    return out;
}

bool isHex(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'f');
}

bool isWord(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

/// Length of an id whose prefix ends at `at`; 0: there is none.
using Measure = std::size_t (*)(std::string_view text, std::size_t at);

std::size_t twoNumbers(std::string_view text, std::size_t at, char between)
{
    const std::size_t first = digitsFrom(text, at);
    if (first < 10 || at + first >= text.size() || text[at + first] != between)
        return 0;
    const std::size_t second = digitsFrom(text, at + first + 1);
    return second >= 4 ? first + 1 + second : 0;
}
std::size_t yarnLength(std::string_view text, std::size_t at)
{
    return twoNumbers(text, at, '_');
}
std::size_t standaloneLength(std::string_view text, std::size_t at)
{
    return twoNumbers(text, at, '-');
}
std::size_t localLength(std::string_view text, std::size_t at)
{
    const std::size_t digits = digitsFrom(text, at);
    return digits == 13 ? digits : 0;
}
std::size_t kubernetesLength(std::string_view text, std::size_t at)
{
    constexpr std::size_t kDigits = 32;
    std::size_t end = at;
    while (end < text.size() && isHex(text[end]))
        ++end;
    return end - at == kDigits ? kDigits : 0;
}

std::string_view idIn(std::string_view text, std::string_view prefix, Measure measure)
{
    for (std::size_t at = text.find(prefix); at != std::string_view::npos; at = text.find(prefix, at + 1)) {
        const std::size_t body = measure(text, at + prefix.size());
        const std::size_t end = at + prefix.size() + body;
        if (body > 0 && (at == 0 || !isWord(text[at - 1])) && (end >= text.size() || !isWord(text[end])))
            return text.substr(at, end - at);
    }
    return {};
}

} // namespace

bool isTextRecord(std::string_view line)
{
    return !partsOf(line).time.empty();
}

std::optional<LogLine> readTextRecord(std::string_view line)
{
    const Parts parts = partsOf(line);
    if (parts.time.empty())
        return std::nullopt;
    LogLine out;
    if (const auto at = parseTime(parts.time))
        out.at = *at;
    out.message = parts.message;
    // Older versions passed a subprocess's records on inside their own: "… INFO - Job 3: Subtask t [2019-…] {…} INFO
    // -".
    for (int depth = 0; depth < 3; ++depth) {
        const std::size_t inner = out.message.substr(0, 300).find("[20");
        if (inner == std::string_view::npos)
            break;
        const Parts within = partsOf(out.message.substr(inner));
        if (within.time.empty() || (inner > 0 && !out.message.starts_with("Job ")))
            break;
        out.message = within.message;
    }
    return out;
}

std::optional<LogLine> JsonRecords::read(std::string_view text)
{
    m_line = {};
    m_place = {};
    m_hasTime = m_hasEvent = false;
    for (std::string *part : {&m_time, &m_level, &m_logger, &m_event, &m_extras, &m_trace, &m_rendered})
        part->clear();
    const auto read =
        m_reader.readPadded(text, [this](std::string_view key, formats::JsonCursor &value) { take(key, value); });
    if (!read || !m_hasTime || !m_hasEvent)
        return std::nullopt;
    render();
    m_line.message = m_event;
    return m_line;
}

void JsonRecords::take(std::string_view key, formats::JsonCursor &value)
{
    if (key == "timestamp") {
        m_time = value.string().value_or("");
        m_hasTime = !m_time.empty();
        if (const auto at = parseTime(m_time))
            m_line.at = *at;
    } else if (key == "event") {
        const auto event = value.string();
        m_event = m_codes.without(event ? *event : value.raw());
        m_hasEvent = true;
    } else if (key == "level") {
        m_level = value.string().value_or("");
        std::transform(m_level.begin(), m_level.end(), m_level.begin(),
                       [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    } else if (key == "logger") {
        m_logger = value.string().value_or("");
    } else if (key == "error_detail") {
        m_trace = tracebackText(value);
    } else if (key == "dag_id" || key == "task_id" || key == "run_id" || key == "map_index" || key == "try_number") {
        takePlace(key, value);
    } else if (key != "ti_id" && key != "filename" && key != "lineno") {
        takeExtra(key, value);
    }
}

void JsonRecords::takePlace(std::string_view key, formats::JsonCursor &value)
{
    if (key == "map_index") {
        m_place.mapIndex = value.integer().value_or(-1);
    } else if (key == "try_number") {
        const auto number = value.integer().value_or(0);
        m_place.attempt = number > 0 && number < 1'000'000 ? static_cast<int>(number) : 0;
    } else {
        (key == "dag_id" ? m_place.dag : key == "task_id" ? m_place.task : m_place.run) = value.string().value_or("");
    }
}

void JsonRecords::takeExtra(std::string_view key, formats::JsonCursor &value)
{
    constexpr std::size_t kLongest = 2000;
    const auto kind = value.kind();
    std::string shown;
    if (kind == formats::JsonKind::String) {
        shown = value.string().value_or("");
        if (key == "final_state")
            m_line.finalState = shown;
    } else if (kind == formats::JsonKind::Number && (key == "exit_code" || key == "signal")) {
        const auto number = value.integer();
        if (number && *number > -100'000 && *number < 100'000)
            m_line.exitCode = static_cast<int>(*number);
        shown = number ? std::to_string(*number) : "";
    } else {
        shown = value.raw();
    }
    if (shown.size() <= kLongest)
        m_extras += " " + std::string(key) + "=" + shown;
}

void JsonRecords::render()
{
    m_rendered = "[" + m_time + "] {" + m_logger + "} " + m_level + " - " + m_event + m_extras;
    if (!m_trace.empty())
        m_rendered.append("\n").append(m_codes.without(std::string_view(m_trace).substr(0, m_trace.size() - 1)));
}

std::optional<ApplicationName> applicationIn(std::string_view text)
{
    struct Kind {
        std::string_view prefix;
        Measure measure;
        int rank;
    };
    static constexpr Kind kKinds[] = {{"application_", yarnLength, 4},
                                      {"spark-", kubernetesLength, 4},
                                      {"app-", standaloneLength, 3},
                                      {"local-", localLength, 2}};
    for (const Kind &kind : kKinds) {
        if (const std::string_view id = idIn(text, kind.prefix, kind.measure); !id.empty())
            return ApplicationName{std::string(id), kind.rank};
    }
    static constexpr std::string_view kDriver = "dentified spark driver id: ";
    if (const std::size_t at = text.find(kDriver); at != std::string_view::npos) {
        std::string_view id = text.substr(at + kDriver.size(), 200);
        id = id.substr(0, std::min(id.find_first_of(" \t\r\n,;'\""), id.size()));
        if (!id.empty())
            return ApplicationName{std::string(id), 1};
    }
    return std::nullopt;
}

} // namespace mulligan::ingest::airflow
