#include "ingest/log_ids.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace mulligan::ingest
{

namespace
{

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isHex(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'f');
}

bool isWord(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

template <typename Of> std::size_t runOf(std::string_view text, Of of)
{
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), of) - text.begin());
}

/// Takes a run of `least` to `most` digits off the front.
std::string_view takeDigits(std::string_view &text, std::size_t least, std::size_t most)
{
    const std::size_t size = runOf(text, isDigit);
    if (size < least || size > most)
        return {};
    const std::string_view digits = text.substr(0, size);
    text.remove_prefix(size);
    return digits;
}

bool take(std::string_view &text, std::string_view part)
{
    if (!text.starts_with(part))
        return false;
    text.remove_prefix(part.size());
    return true;
}

long numberOf(std::string_view digits)
{
    long value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

/// "1448006111297_0138" at the front: the two numbers YARN tells applications apart by.
std::string takeYarnNumbers(std::string_view &text)
{
    const std::string_view cluster = takeDigits(text, 5, 19);
    if (cluster.empty() || !take(text, "_"))
        return {};
    const std::string_view number = takeDigits(text, 4, 10);
    return number.empty() ? std::string() : "application_" + std::string(cluster) + "_" + std::string(number);
}

std::optional<LogApplication> yarnAt(std::string_view text)
{
    if (const auto container = containerAt(text))
        return container->application;
    const bool ofAttempt = take(text, "appattempt_");
    if (!ofAttempt && !take(text, "application_"))
        return std::nullopt;
    LogApplication out{takeYarnNumbers(text), 0};
    if (out.id.empty())
        return std::nullopt;
    if (ofAttempt && take(text, "_"))
        out.attempt = static_cast<int>(numberOf(takeDigits(text, 1, 6)));
    return out;
}

std::optional<LogApplication> otherAt(std::string_view text)
{
    std::string_view rest = text;
    if (take(rest, "app-") && !takeDigits(rest, 14, 14).empty() && take(rest, "-") && !takeDigits(rest, 4, 10).empty())
        return LogApplication{std::string(text.substr(0, text.size() - rest.size())), 0};
    rest = text;
    if (take(rest, "local-") && !takeDigits(rest, 13, 13).empty())
        return LogApplication{std::string(text.substr(0, 19)), 0};
    rest = text;
    if (take(rest, "spark-application-") && !takeDigits(rest, 10, 19).empty())
        return LogApplication{std::string(text.substr(0, text.size() - rest.size())), 0};
    rest = text;
    if (take(rest, "spark-") && runOf(rest, isHex) == 32 && (rest.size() == 32 || !isWord(rest[32])))
        return LogApplication{std::string(text.substr(0, 38)), 0};
    return std::nullopt;
}

} // namespace

std::optional<LogContainer> containerAt(std::string_view text)
{
    const std::string_view whole = text;
    if (!take(text, "container_"))
        return std::nullopt;
    if (take(text, "e") && (takeDigits(text, 1, 6).empty() || !take(text, "_")))
        return std::nullopt;
    LogContainer out;
    out.application.id = takeYarnNumbers(text);
    if (out.application.id.empty() || !take(text, "_"))
        return std::nullopt;
    out.application.attempt = static_cast<int>(numberOf(takeDigits(text, 1, 6)));
    if (out.application.attempt == 0 || !take(text, "_"))
        return std::nullopt;
    const std::string_view number = takeDigits(text, 1, 12);
    if (number.empty())
        return std::nullopt;
    out.number = numberOf(number);
    out.id = whole.substr(0, whole.size() - text.size());
    return out;
}

std::optional<LogApplication> applicationIn(std::string_view text)
{
    // Every id has one of these behind its first word, which is rarer in a log than the word itself.
    for (std::size_t at = text.find_first_of("_-"); at != std::string_view::npos;
         at = text.find_first_of("_-", at + 1)) {
        std::size_t begin = at;
        while (begin > 0 && at - begin < 12 && isWord(text[begin - 1]) && text[begin - 1] != '_')
            --begin;
        static constexpr std::array<std::string_view, 6> kFirst{"application", "appattempt", "container",
                                                                "app",         "local",      "spark"};
        const std::string_view word = text.substr(begin, at - begin);
        if (std::find(kFirst.begin(), kFirst.end(), word) == kFirst.end())
            continue;
        if (auto found = text[at] == '_' ? yarnAt(text.substr(begin)) : otherAt(text.substr(begin)))
            return found;
    }
    return std::nullopt;
}

} // namespace mulligan::ingest
