#pragma once

#include "ingest/log_line.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace mulligan::ingest
{

/// A log record that was written as one JSON object.
struct JsonRecord {
    LogLevel level = LogLevel::Info;
    std::string levelName; ///< as written
    std::optional<base::Instant> time;
    bool zoned = true;
    std::string timeText; ///< as written
    std::string logger;
    std::string message;
    std::string trace; ///< the exception with its stack, as a JVM prints it; "" when there is none
};

/// What Docker's json-file driver wraps: a piece of what a container printed.
struct DockerLine {
    std::string text; ///< with the end of its line, unless it goes on in the next one
    std::optional<base::Instant> time;
};

/// Reads {"log":"…\n","stream":"stderr","time":"…"}. Nothing when the text is not such an object. Source: Docker's
/// json-file logging driver.
[[nodiscard]] std::optional<DockerLine> dockerLine(std::string_view text);

/// Reads one record of Spark's structured logging (ts, level, msg, exception, logger), of log4j2's JsonLayout
/// (timeMillis or instant, loggerName, thrown), of its Logstash layout or of Elastic's ECS layout (@timestamp,
/// log.level, error.stack_trace). Nothing when the text is not such an object. Sources: Spark's SparkLayout.json,
/// log4j2's JsonLayout and JsonTemplateLayout.
[[nodiscard]] std::optional<JsonRecord> readJsonRecord(std::string_view text);

} // namespace mulligan::ingest
