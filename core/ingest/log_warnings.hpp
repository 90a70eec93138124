#pragma once

#include <string_view>

namespace mulligan::ingest
{

/// What a reader of logs says once of a file. The remedies are those that need no knowledge of the zone: the other
/// sources' times are believed over a log's (store::reconcile).
inline constexpr std::string_view kTimesWithoutZone =
    "the log's times have no zone and were taken as UTC; if they are of another one, import the applications' event "
    "logs or the scheduler's rows as well, whose times are believed over the log's, or have later logs written with "
    "the zone (log4j: %d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX})";

inline constexpr std::string_view kExitAfterError =
    "the log ends in an error of the program with its stack trace, right before its process shut down (as System.exit "
    "ends it), and nothing says that the application succeeded: outcome unknown";

inline constexpr std::string_view kZeroBytes = "lines hold zero bytes, as a crash or the emptying of a log that is "
                                               "being written leaves them; the rest of them was "
                                               "read";

} // namespace mulligan::ingest
