#pragma once

#include "ingest/log_line.hpp"

#include <cstdint>

namespace mulligan::ingest
{

/// What begins with a line.
enum class LogStart : std::uint8_t {
    None,
    Process,    ///< a process: Hadoop says once in each that its native library is missing
    Context,    ///< a Spark context, "Running Spark version …"
    Submission, ///< a client asks YARN for an application or submits one
    Master      ///< an application master names its attempt
};
[[nodiscard]] LogStart startOf(const LogLine &line);

/// Whether a line is one that spark-submit and what it loads write as the process starts, before it has a context.
[[nodiscard]] bool isPrelude(const LogLine &line);

/// Whether a line may belong to a process that is about to say that it begins, as well as to the one before: neither
/// Spark at work nor the end of a process wrote it.
[[nodiscard]] bool mayPrecedeStart(const LogLine &line);

/// Whether it belongs to the end of a process.
[[nodiscard]] bool isOfShutdown(const LogLine &line);

} // namespace mulligan::ingest
