#pragma once

#include <cstdint>
#include <string_view>

namespace mulligan::text
{

/// Whether a byte belongs to a word or a name of a program. ASCII whatever the locale.
[[nodiscard]] inline bool isWordByte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_'
           || byte == '$';
}

/// How much a log line says it matters. Low: INFO, WARN, DEBUG, TRACE and their like; High: ERROR and worse.
enum class LogLevel : std::uint8_t { None, Low, High };

/// The level a log line states in its first words.
[[nodiscard]] LogLevel logLevelOf(std::string_view line);

/// What a line's logger marks it as; of a line that was passed on, its own logger.
enum class LineMark : std::uint8_t { None, Information, Warning, Error };

/// The worst level that a line states: where `logLevelOf` sees one, and in whatever case where it is a field of its own
/// ("[warn]", "level=info", "\"level\": \"WARN\"", "warning: …") or what logrus and klog begin a line with
/// ("WARN[0012]", "W0501 10:00:00.000000").
[[nodiscard]] LineMark lineMarkOf(std::string_view line);

/// Whether a line with a level tells of what goes wrong beside the work: what clients try again by themselves, and what
/// listeners, hooks and channels meet while everything shuts down.
[[nodiscard]] bool isBeside(std::string_view line);

/// Whether a line without a level begins a record of that kind: Python's "Exception ignored in: …", urllib3's "Retrying
/// (Retry(total=2, …".
[[nodiscard]] bool beginsBeside(std::string_view line);
/// Whether a line tells that a request is made again, and nothing that follows it does.
[[nodiscard]] bool isNoticeOfRetry(std::string_view line);
/// Whether a line says how the exception of the traceback above it led to that of the one below.
[[nodiscard]] bool isLinkOfChain(std::string_view line);

/// Whether a line tells of what goes wrong with the logging itself (log4j, SLF4J), which fails no job.
[[nodiscard]] bool isLoggersOwn(std::string_view line, LogLevel level);
/// Whether such a line may have one exception with its trace below it.
[[nodiscard]] bool isFollowedByTrace(std::string_view loggersOwn);

/// Whether Spark says that a job, or a batch of a stream, came to its end, or MapReduce that a job did: what failed
/// before it was tried again.
[[nodiscard]] bool tellsOfSuccess(std::string_view line);

/// Exceptions that other failures bring about while everything shuts down.
[[nodiscard]] bool isAftermath(std::string_view line);

/// How much a line without an exception tells of a failure; 0: nothing.
[[nodiscard]] int tellingness(std::string_view line, LogLevel level);

/// Whether a line without a level says nothing of the work that is logged: what the JVM and logging libraries print as
/// they start, and lines without a word.
[[nodiscard]] bool isChatter(std::string_view line);

/// Whether a line says of itself that it does not matter (INFO and below; a warning may matter).
[[nodiscard]] bool isInformation(std::string_view line);

/// Whether some word of the text may speak of a failure, in whatever case: more of them than `tellingness` looks for,
/// since a line that is taken for harmless is not looked at again.
[[nodiscard]] bool hasFailureWord(std::string_view text);

} // namespace mulligan::text
