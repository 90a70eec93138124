#pragma once

#include "base/instant.hpp"

#include <optional>
#include <string_view>

namespace mulligan::ingest
{

enum class LogLevel { None, Trace, Debug, Info, Warn, Error, Fatal };

/// The level named at the front of `text` as a word of its own ("WARN", "WARNING", …); None when there is none.
[[nodiscard]] LogLevel logLevelAt(std::string_view text);

/// One line of a log, taken apart. Views live as long as the line itself.
struct LogLine {
    std::string_view text;             ///< as shown: without what a container runtime put before it
    bool record = false;               ///< a record begins here; else the line belongs to the record before
    LogLevel level = LogLevel::None;   ///< of a record
    std::optional<base::Instant> time; ///< of a record, or what the container runtime put before any line
    bool zoned = true;                 ///< `time` stood with its zone
    std::string_view logger;           ///< of a record, as written; "" where the layout has none
    std::string_view message;          ///< of a record what follows its header, else the whole text
};

/// Takes a line of a log4j or log4j2 pattern layout apart. The time may stand first or behind the level, brackets may
/// surround either, the thread may stand anywhere before the class, and the message follows ": ", " - " or the place in
/// brackets. A line with neither a time nor level and class is no record. One pass over the header.
[[nodiscard]] LogLine scanLogLine(std::string_view text);

/// The class's own name: "SparkContext" of "org.apache.spark.SparkContext" or "o.a.s.SparkContext", the outer one of
/// "Outer$Inner".
[[nodiscard]] std::string_view shortLogger(std::string_view logger);

} // namespace mulligan::ingest
