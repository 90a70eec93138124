#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace mulligan::synth
{

struct SynthOptions {
    std::string outDir; ///< made when missing; files in it of the same names are replaced
    std::uint64_t jobs = 300;
    std::uint64_t days = 120;
    std::uint64_t seed = 1;
    double eventLogShare = 0.015; ///< share of runs that also get real-format Spark event logs
    bool compress = false;        ///< write .zst
    /// Chance that the scheduler draws at random with what configuration it retries a run's first memory failure: ×1.5,
    /// ×2 or ×3 of the setting that was too small. In [0, 0.9].
    double exploration = 0.10;
};

struct SynthReport {
    std::vector<std::string> files; ///< relative to outDir, in the order written
    std::uint64_t attempts = 0;
    std::uint64_t failures = 0; ///< failed or killed attempts
    std::uint64_t runs = 0;     ///< scheduled runs that began
    std::uint64_t episodes = 0; ///< runs with a failure
    std::uint64_t explored = 0; ///< decisions drawn at random that differ from the scheduler's own
    std::uint64_t truthRows = 0;
};

/// Writes a synthetic platform's history (design.md, section 9) and, apart from it, its truth. Deterministic by seed:
/// the same options give the same bytes on every machine, whatever the folder. Files: `history.jsonl` (runs that began
/// in the first three quarters of the days), `history_2.csv` (the others), `event_logs/`, `truth.jsonl`,
/// `README.md`. Prices are those shipped. Memory does not grow with the number of jobs.
/// Errors: InvalidArgument (no folder named, a number out of range), PermissionDenied, DiskFull, Io, Conflict (a file
/// stands where a folder is needed), Cancelled; on an error no half-written file is left behind.
[[nodiscard]] base::Result<SynthReport> synthesize(const SynthOptions &options, std::stop_token stop,
                                                   base::Progress &progress);

} // namespace mulligan::synth
