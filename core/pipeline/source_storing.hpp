#pragma once

#include "base/instant.hpp"
#include "pipeline/import_sources.hpp"
#include "pipeline/source_reading.hpp"
#include "store/workspace.hpp"

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::pipeline
{

/// Why a log that a row names is no source of its own.
inline constexpr std::string_view kReadWithAttempt = "it was read with the attempt that names it in log_path";

/// What became of one source, or why nothing did.
struct StoredSource {
    ImportedSource source;
    std::optional<base::Error> error; ///< then nothing of it was stored
    std::vector<std::string> logs;    ///< files that were read with its rows, as SourceReport::logPaths has them
};

/// Stores what a reading delivers in one transaction, and waits for all of it. `options`: those it is read with.
[[nodiscard]] StoredSource storeSource(store::Workspace &workspace, SourceReading &reading,
                                       const ingest::ReadOptions &options, base::Instant now,
                                       const std::stop_token &stop);

} // namespace mulligan::pipeline
