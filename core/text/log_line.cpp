#include "text/log_line.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace mulligan::text
{

namespace
{

bool isWordByte(char byte)
{
    return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_' || byte == '$';
}

bool states(std::string_view line, std::string_view word)
{
    const std::string_view head = line.substr(0, 120);
    for (std::size_t at = head.find(word); at != std::string_view::npos; at = head.find(word, at + 1)) {
        const bool left = at == 0 || !isWordByte(head[at - 1]);
        const bool right = at + word.size() >= head.size() || !isWordByte(head[at + word.size()]);
        const bool logLike =
            at > 0 ? head[at - 1] == ' ' || head[at - 1] == '[' || head[at - 1] == '|'
                   : at + word.size() < head.size() && (head[at + word.size()] == ' ' || head[at + word.size()] == ':');
        if (left && right && logLike)
            return true;
    }
    return false;
}

} // namespace

LogLevel logLevelOf(std::string_view line)
{
    for (const std::string_view word : {"ERROR", "FATAL", "SEVERE", "CRITICAL"})
        if (states(line, word))
            return LogLevel::High;
    for (const std::string_view word : {"INFO", "WARN", "WARNING", "DEBUG", "TRACE"})
        if (states(line, word))
            return LogLevel::Low;
    return LogLevel::None;
}

bool isAftermath(std::string_view line)
{
    static constexpr std::array<std::string_view, 8> kSigns = {"InterruptedException",
                                                               "ClosedChannelException",
                                                               "ClosedByInterruptException",
                                                               "RejectedExecutionException",
                                                               "CancellationException",
                                                               "SparkContext was shut down",
                                                               "Cannot call methods on a stopped",
                                                               "cancelled because SparkContext was shut down"};
    return std::any_of(kSigns.begin(), kSigns.end(),
                       [&](std::string_view sign) { return line.find(sign) != std::string_view::npos; });
}

int tellingness(std::string_view line, LogLevel level)
{
    static constexpr std::array<std::string_view, 22> kStrong = {"OOMKilled",
                                                                 "beyond physical memory",
                                                                 "beyond virtual memory",
                                                                 "exceeding memory limits",
                                                                 "exceeding physical memory",
                                                                 "Out of memory",
                                                                 "OutOfMemory",
                                                                 "Diagnostics: Container",
                                                                 "Permission denied",
                                                                 "Access denied",
                                                                 "AccessDenied",
                                                                 "No space left",
                                                                 "Connection refused",
                                                                 "not found",
                                                                 "does not exist",
                                                                 "Evicted",
                                                                 "ImagePullBackOff",
                                                                 "ErrImagePull",
                                                                 "preempted",
                                                                 "DeadlineExceeded",
                                                                 "Segmentation fault",
                                                                 "quota"};
    static constexpr std::array<std::string_view, 10> kWeak = {"Diagnostics:", "diagnostics:", "Reason:", "exited with",
                                                               "exit code",    "exitCode",     "failed",  "Failed",
                                                               "killed",       "Killed"};
    const auto has = [&](std::string_view sign) { return line.find(sign) != std::string_view::npos; };
    int score = level == LogLevel::High ? 2 : 0;
    if (std::any_of(kStrong.begin(), kStrong.end(), has))
        score += 3;
    else if (std::any_of(kWeak.begin(), kWeak.end(), has))
        score += 1;
    return level == LogLevel::Low ? score / 2 : score;
}

bool isChatter(std::string_view line)
{
    static constexpr std::array<std::string_view, 9> kBeginnings = {"SLF4J:",
                                                                    "log4j:",
                                                                    "Picked up ",
                                                                    "Using Spark's default log4j profile",
                                                                    "Setting default log level to",
                                                                    "LogType",
                                                                    "End of LogType",
                                                                    "Log Upload Time",
                                                                    "To adjust logging level use"};
    const bool wordless = std::none_of(line.begin(), line.end(), [](char byte) {
        const auto code = static_cast<unsigned char>(byte);
        return code >= 0x80 || std::isalnum(code) != 0;
    });
    return wordless || std::any_of(kBeginnings.begin(), kBeginnings.end(), [&](std::string_view beginning) {
               return line.starts_with(beginning);
           });
}

bool isInformation(std::string_view line)
{
    // A line may name a second level ("INFO Logging: level is WARN"); the worst that it may be is what counts.
    return logLevelOf(line) == LogLevel::Low && !states(line, "WARN") && !states(line, "WARNING");
}

bool hasFailureWord(std::string_view text)
{
    static constexpr std::array<std::string_view, 41> kStems = {
        "fail",          "error",       "exception", "fatal",       "abort",     "kill",    "denied",
        "refus",         "unable",      "cannot",    "can't",       "could not", "did not", "does not",
        "was not",       "not found",   "invalid",   "illegal",     "lost",      "timeout", "timed out",
        "reject",        "exceed",      "exhaust",   "crash",       "terminat",  "sigterm", "received signal",
        "exit",          "unavailable", "unknown",   "unsupported", "expire",    "corrupt", "panic",
        "out of memory", "no space",    "interrupt", "cancel",      "evict",     "quota"};
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
    return std::any_of(kStems.begin(), kStems.end(),
                       [&](std::string_view stem) { return lower.find(stem) != std::string::npos; });
}

} // namespace mulligan::text
