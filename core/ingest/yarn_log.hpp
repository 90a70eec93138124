#pragma once

#include "ingest/reader.hpp"

#include <stop_token>
#include <string_view>

namespace mulligan::ingest
{

/// Whether a file that begins with `head` (decoded) is what `yarn logs` prints.
[[nodiscard]] bool looksLikeYarnLog(std::string_view head);

/// Reads an aggregate of `yarn logs`, or the logs that the containers of a MapReduce application left, each a part of
/// the unit (container_logs.hpp); the contract is readSource's.
[[nodiscard]] base::Result<SourceReport> readYarnLog(const SourceUnit &unit, const ReadOptions &options,
                                                     AttemptSink &sink, std::stop_token stop, base::Progress &progress);

} // namespace mulligan::ingest
