#pragma once

#include "ingest/reader.hpp"

#include <string>
#include <vector>

namespace mulligan::ingest
{

/// The sources among the files of one folder that only make sense together (formats.md, section 1): rolling logs
/// ("events_<n>_…", ordered by number, in "eventlog_v2_…", beside their marker "appstatus_…", or wherever the first of
/// them holds Spark events; a compacted part replaces those before it; attempts of one application apart), Databricks'
/// form ("eventlog" and
/// "eventlog-<date>…", the dated ones first), and Spark 1.x's ("EVENT_LOG_<n>" beside its markers).
struct FolderLogs {
    std::vector<SourceUnit> units;
    std::vector<std::string> taken; ///< names of files that belong to a unit, markers included
    std::vector<Skipped> skipped;   ///< parts that a compacted one replaces
};

/// `names`: the plain files of `folder`, sorted. `shown`: the path the folder is shown under, whose last part names it.
[[nodiscard]] FolderLogs logsOfFolder(const std::string &folder, const std::string &shown,
                                      const std::vector<std::string> &names);

/// Parts of rolling logs that were named file by file: those of one folder and one application become one unit, the
/// others stay as they are. Parts that a compacted one replaces go to `skipped`.
[[nodiscard]] Discovery withPartsTogether(Discovery found);

} // namespace mulligan::ingest
