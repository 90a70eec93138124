#pragma once

#include "ingest/reader.hpp"

#include <stop_token>
#include <string_view>

namespace mulligan::ingest
{

/// Whether a file that begins with `head` (decoded) is the text log of a Spark driver or executor.
[[nodiscard]] bool looksLikeSparkLog(std::string_view head);

/// Reads the text log of a Spark driver or executor; the contract is readSource's. A log that several applications
/// wrote one after another gives an attempt for each, of `attemptOf`'s names; "#2" and so on stands behind those that
/// would be named alike.
[[nodiscard]] base::Result<SourceReport> readSparkLog(const SourceUnit &unit, const ReadOptions &options,
                                                      AttemptSink &sink, std::stop_token stop,
                                                      base::Progress &progress);

} // namespace mulligan::ingest
