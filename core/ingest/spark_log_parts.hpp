#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What the names of event log files say (source: Spark's EventLogFileWriters and EventLogFileReaders).
namespace mulligan::ingest::spark
{

/// "events_12_application_7_1.zstd.compact": number 12, of "application_7_1".
struct RollingPart {
    std::string name;
    std::uint64_t number = 0; ///< from 1
    std::string application;
    bool compact = false; ///< holds what Spark kept of this part and all before it
};
[[nodiscard]] std::optional<RollingPart> rollingPart(std::string_view fileName);

/// Last component of a path, slashes behind it dropped.
[[nodiscard]] std::string_view fileNameOf(std::string_view path);

/// The application as Spark names a log by it: "eventlog_v2_app-1", "app-1.zstd.inprogress", "app-1/EVENT_LOG_1".
struct LogName {
    std::string id;           ///< "unnamed" when the path is empty
    int attempt = 1;          ///< behind the id of a YARN application: "application_17_0004_2"
    bool application = false; ///< the id is one that Spark gave: of a rolling log, or it looks like no other
};
[[nodiscard]] LogName logNameOf(std::string_view path);

/// What the names of a log's files, and the markers beside them, say of it as a whole.
struct PartsSaying {
    std::uint64_t compacted = 0; ///< parts that Spark compacted: events of finished jobs are gone from them
    std::string missing;         ///< numbers of the parts that are missing, as "2, 4 to 6"; "" when none
    bool inProgress = false;     ///< by its name or marker it is still being written, or its writer was killed

    [[nodiscard]] bool incomplete() const { return compacted > 0 || !missing.empty(); }
};
/// `parts`: paths in the order of reading. Looks for markers beside the first one. Parts behind the last one cannot be
/// missed: nothing says how many there were.
[[nodiscard]] PartsSaying sayingOf(const std::vector<std::string> &parts);

} // namespace mulligan::ingest::spark
