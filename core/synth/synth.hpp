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
    std::string outDir;            ///< made when missing; files in it of the same names are replaced
    std::uint64_t jobs = 300;
    std::uint64_t days = 120;
    std::uint64_t seed = 1;
    double eventLogShare = 0.02;   ///< share of runs that also get real-format Spark event logs
    bool compress = false;         ///< write .zst
};

struct SynthReport {
    std::vector<std::string> files; ///< relative to outDir
    std::uint64_t attempts = 0;
    std::uint64_t failures = 0;
};

/// Writes a synthetic platform's history (design.md, section 9) and, apart from it, its truth. Deterministic by seed.
/// Errors: PermissionDenied, DiskFull, Io, Cancelled.
[[nodiscard]] base::Result<SynthReport> synthesize(const SynthOptions &options, std::stop_token stop,
                                                   base::Progress &progress);

} // namespace mulligan::synth
