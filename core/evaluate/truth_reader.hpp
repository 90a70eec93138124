#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "formats/byte_source.hpp"
#include "formats/line_reader.hpp"
#include "model/attempt.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mulligan::evaluate
{

/// What one attempt under one configuration would do, or did: a line of a truth file.
struct TruthRow {
    std::string job;
    std::string variant; ///< "RUN/ATTEMPT", "RUN", or the name of a job's variant; may be empty
    model::Config config;
    int repeat = 1;                                     ///< ≥ 1
    model::Outcome outcome = model::Outcome::Succeeded; ///< never Unknown
    double seconds = 0.0;                               ///< ≥ 0
    double costUsd = 0.0;                               ///< ≥ 0
    std::optional<double> vcoreSeconds;                 ///< ≥ 0
    std::optional<double> memoryGbSeconds;              ///< GiB-seconds, ≥ 0
    std::uint64_t line = 0;                             ///< where it stood, counted from 1

    bool operator==(const TruthRow &) const = default;
};

/// Reads a truth file: JSON Lines `job, variant, config{}, repeat, outcome, seconds, cost_usd` and, optional,
/// `vcore_seconds, memory_gb_seconds`; other fields are passed over. A truth with a doubtful line is no truth, so the
/// first bad one ends the reading. Errors: Parse with file, line and column; Conflict where a repeat is given twice;
/// InsufficientData for a file without rows; Cancelled; those of the source.
[[nodiscard]] base::Result<std::vector<TruthRow>>
readTruth(formats::ByteSource &source, const std::string &name, std::stop_token stop, base::Progress &progress,
          std::size_t maxLineBytes = formats::LineReader::kDefaultLimit);
/// As above from a file, decoded by its first bytes (plain, zstd, gzip).
[[nodiscard]] base::Result<std::vector<TruthRow>> readTruth(const std::string &path, std::stop_token stop,
                                                            base::Progress &progress);

} // namespace mulligan::evaluate
