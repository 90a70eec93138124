#include "ingest/log_line.hpp"

#include "ingest/log_time.hpp"

#include <algorithm>

namespace mulligan::ingest
{

namespace
{

/// Threads with long names stand between time and level ("Executor task launch worker for task 3.0 in stage 8.0 (TID
/// 17)").
constexpr std::size_t kLevelWithin = 200;

bool isWord(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::size_t wordSize(std::string_view text)
{
    std::size_t size = 0;
    while (size < text.size() && isWord(text[size]))
        ++size;
    return size;
}

void skipBlanks(std::string_view &text)
{
    const std::size_t begin = text.find_first_not_of(" \t");
    text.remove_prefix(std::min(begin, text.size()));
}

/// Takes the level off the front, or from behind the thread; None leaves the text alone.
LogLevel takeLevel(std::string_view &text)
{
    for (std::size_t at = 0; at < std::min(text.size(), kLevelWithin); ++at) {
        const std::size_t size = wordSize(text.substr(at));
        if (size == 0)
            continue;
        if (size >= 4 && size <= 8) {
            const LogLevel level = logLevelAt(text.substr(at));
            if (level != LogLevel::None) {
                text.remove_prefix(at + size);
                return level;
            }
        }
        at += size - 1;
    }
    return LogLevel::None;
}

/// Takes the logger off what stands behind the level: "[thread] class - ", "class: ", "class (Place.scala:1): ".
std::string_view takeLogger(std::string_view &rest)
{
    const std::string_view whole = rest;
    if (rest.starts_with(']') || rest.starts_with('|'))
        rest.remove_prefix(1);
    skipBlanks(rest);
    while (rest.starts_with('[') || rest.starts_with("- [")) {
        const std::size_t close = rest.find(']');
        if (close == std::string_view::npos || close > kLevelWithin)
            break;
        rest.remove_prefix(close + 1);
        skipBlanks(rest);
    }
    if (rest.starts_with("- ") || rest.starts_with(": ") || rest.starts_with("| "))
        rest.remove_prefix(2);
    skipBlanks(rest);
    const std::size_t end = std::min(rest.find(' '), rest.size());
    std::string_view logger = rest.substr(0, end);
    std::string_view behind = rest.substr(end);
    skipBlanks(behind);
    if (logger.ends_with(':')) {
        logger.remove_suffix(1);
    } else if (behind.starts_with("- ") || behind.starts_with(": ") || behind.starts_with("| ")) {
        behind.remove_prefix(2);
    } else if (const std::size_t place = behind.find("): "); behind.starts_with('(') && place < kLevelWithin) {
        behind.remove_prefix(place + 3);
    } else {
        return {}; // the message itself
    }
    const bool named = !logger.empty() && std::all_of(logger.begin(), logger.end(), [](char c) {
        return isWord(c) || c == '.' || c == '$' || c == '-';
    });
    if (!named) {
        rest = whole;
        skipBlanks(rest);
        return {};
    }
    rest = behind;
    return logger;
}

/// A record whose level stands first: "INFO 2026-01-02 …", "[WARN ] …", or "INFO SparkContext: …" without a time.
LogLine scanLevelFirst(std::string_view text)
{
    LogLine line{text, false, LogLevel::None, std::nullopt, true, {}, text};
    std::string_view rest = text;
    const bool bracket = rest.starts_with('[');
    rest.remove_prefix(bracket ? 1 : 0);
    const LogLevel level = logLevelAt(rest);
    if (level == LogLevel::None)
        return line;
    rest.remove_prefix(wordSize(rest));
    const std::size_t behind = rest.find_first_not_of(bracket ? " ]" : " ");
    if (behind == std::string_view::npos || behind == 0)
        return line;
    rest.remove_prefix(behind);
    const auto time = logTimeAt(rest.starts_with('[') ? rest.substr(1) : rest);
    if (time) {
        rest.remove_prefix(time->size + (rest.starts_with('[') ? 1 : 0));
        line.time = time->at;
        line.zoned = time->zoned;
    }
    const std::string_view logger = takeLogger(rest);
    if (!time && logger.empty())
        return line;
    line.record = true;
    line.level = level;
    line.logger = logger;
    line.message = rest;
    return line;
}

} // namespace

LogLevel logLevelAt(std::string_view text)
{
    const std::string_view word = text.substr(0, wordSize(text));
    switch (word.empty() ? '\0' : word.front()) {
    case 'I': return word == "INFO" ? LogLevel::Info : LogLevel::None;
    case 'W': return word == "WARN" || word == "WARNING" ? LogLevel::Warn : LogLevel::None;
    case 'E': return word == "ERROR" ? LogLevel::Error : LogLevel::None;
    case 'D': return word == "DEBUG" ? LogLevel::Debug : LogLevel::None;
    case 'T': return word == "TRACE" ? LogLevel::Trace : LogLevel::None;
    case 'F': return word == "FATAL" ? LogLevel::Fatal : LogLevel::None;
    case 'S': return word == "SEVERE" ? LogLevel::Error : LogLevel::None;
    case 'C': return word == "CRITICAL" ? LogLevel::Fatal : LogLevel::None;
    default: return LogLevel::None;
    }
}

LogLine scanLogLine(std::string_view text)
{
    LogLine line{text, false, LogLevel::None, std::nullopt, true, {}, text};
    if (text.empty() || text.front() == '\t' || text.front() == ' ')
        return line;
    const bool bracket = text.front() == '[';
    const auto time = logTimeAt(text.substr(bracket ? 1 : 0));
    if (!time)
        return scanLevelFirst(text);
    std::string_view rest = text.substr(time->size + (bracket ? 1 : 0));
    if (bracket && !rest.starts_with(']'))
        return line;
    if (rest.starts_with("] {")) // the records of Airflow, which name the place in braces
        return line;
    const LogLevel level = takeLevel(rest);
    if (level == LogLevel::None)
        return line;
    line.record = true;
    line.level = level;
    line.time = time->at;
    line.zoned = time->zoned;
    line.logger = takeLogger(rest);
    line.message = rest;
    return line;
}

std::string_view shortLogger(std::string_view logger)
{
    if (const std::size_t dollar = logger.find('$'); dollar != std::string_view::npos)
        logger = logger.substr(0, dollar);
    const std::size_t dot = logger.rfind('.');
    return dot == std::string_view::npos ? logger : logger.substr(dot + 1);
}

} // namespace mulligan::ingest
