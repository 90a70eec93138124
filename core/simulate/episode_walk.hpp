#pragma once

#include "simulate/refresh.hpp"
#include "simulate/replay.hpp"

#include <string>
#include <vector>

namespace mulligan::simulate
{

/// What a walk needs besides the episode.
struct WalkInputs {
    const model::History &history;
    const policy::Policy &policy;
    const policy::Economics &economics;
    const CandidateSource &source;
    const Refresh *refresh = nullptr; ///< null: every decision is made on failure
};

/// A comparison of a chance of success with a class's threshold, as the walk made it.
struct Comparison {
    std::string errorClass;
    double success = 0.0;
};

/// Walks one episode (design.md, section 8). With `comparisons`, notes every p that some decision held against a
/// threshold: the outcome is the same for all thresholds that lie between the same of them.
[[nodiscard]] base::Result<EpisodeOutcome> walkEpisode(const WalkInputs &inputs, std::uint32_t episode,
                                                       std::vector<Comparison> *comparisons = nullptr);

/// Indices of the episodes a replay covers, and how many were left out and why.
struct Coverage {
    std::vector<std::uint32_t> episodes;
    std::uint64_t censored = 0;
    std::uint64_t unscored = 0;
    std::uint64_t outages = 0;
};
/// Why a replay covers nothing, and what to do about it.
base::Error nothingToReplay(const model::History &history, const Coverage &coverage);
[[nodiscard]] Coverage coveredEpisodes(const model::History &history, const CandidateSource &source,
                                       const ReplayOptions &options);

} // namespace mulligan::simulate
