#pragma once

#include "ingest/log_ids.hpp"
#include "ingest/reader.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace mulligan::ingest
{

/// Whether a file that begins with `head` (decoded) is what the application master or a task of Hadoop's MapReduce logs
/// into its container's "syslog".
[[nodiscard]] bool looksLikeMapReduceLog(std::string_view head);
/// Whether such a file is the master's.
[[nodiscard]] bool looksLikeMapReduceMaster(std::string_view head);

/// Whether a file's content says that it is such a log, and no aggregate of them. Errors: as openDecoded's.
[[nodiscard]] base::Result<bool> holdsMapReduceLog(const std::string &file);

/// The container whose log a path is by its name or its folder's: "…/container_1448006111297_0138_01_000002.log" or
/// "…/container_1448006111297_0138_01_000002/syslog". The last one that the path names.
[[nodiscard]] std::optional<LogContainer> containerOfPath(std::string_view path);

/// Puts the logs that the containers of one attempt of a MapReduce application left in one folder (a file each, or a
/// folder each) together into one unit, the master's first, under the path that all of them have in common
/// ("…/container_1448006111297_0138_01_*"). A log that stands alone keeps its path.
[[nodiscard]] Discovery withContainersTogether(Discovery found);

} // namespace mulligan::ingest
