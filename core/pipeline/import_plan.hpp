#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "ingest/reader.hpp"
#include "pipeline/import_sources.hpp"
#include "store/file_log.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace mulligan::pipeline
{

struct PlannedUnit {
    ingest::SourceUnit unit;
    std::uint64_t bytes = 0; ///< raw, of all parts
    std::uint64_t share = 0; ///< of the import's progress
};

/// Everything an import will do, before it does any of it: so that it can say how much there is.
struct ImportPlan {
    std::vector<PlannedUnit> units;         ///< in the order of import
    std::vector<ImportedSource> passedOver; ///< what holds nothing that can be read, and paths that cannot be
    std::uint64_t bytes = 0;
    std::uint64_t unchanged = 0; ///< files known from before, left out because neither size nor time differs
};

/// Raw bytes of all parts.
[[nodiscard]] std::uint64_t bytesOf(const ingest::SourceUnit &unit);
/// Size and time of each file behind a unit, noted under the path it is shown by.
[[nodiscard]] std::vector<store::FileSeen> filesOf(const ingest::SourceUnit &unit);

/// Rows of schedulers first (they name logs, which then are no sources of their own), then event logs, text logs, and
/// archives; within each in the order they were found.
void orderForImport(std::vector<PlannedUnit> &units);

/// Looks through all paths. `profiles`: those that tables are read by when `options` names none. `known`: files that a
/// refresh need not look at again; null: every file is looked at. Errors: Cancelled, DiskFull (standard input).
[[nodiscard]] base::Result<ImportPlan> planImport(std::span<const std::string> paths, const ImportOptions &options,
                                                  const ingest::MappingProfiles &profiles,
                                                  const std::map<std::string, store::FileSeen> *known,
                                                  const std::stop_token &stop, base::Progress &progress);

} // namespace mulligan::pipeline
