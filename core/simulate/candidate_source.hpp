#pragma once

#include "base/result.hpp"
#include "model/candidate.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mulligan::simulate
{

/// Where a replay gets its scored candidates from: models and parameter space, brought in by the pipeline.
/// Implementations may be called from one thread at a time per replay, and from several replays at once.
class CandidateSource
{
public:
    CandidateSource() = default;
    CandidateSource(const CandidateSource &) = delete;
    CandidateSource &operator=(const CandidateSource &) = delete;
    virtual ~CandidateSource() = default;

    /// Whether a model exists that was fitted before this failed attempt (index into History::attempts).
    [[nodiscard]] virtual bool scored(std::uint32_t attemptIndex) const = 0;
    /// Candidates for the retry after failed attempt `attemptIndex`, when modelled retries with the configurations
    /// `triedAfter`, in order, failed since. [0] is the last configuration (of `triedAfter`, else the attempt's)
    /// unchanged.
    [[nodiscard]] virtual base::Result<std::vector<model::Candidate>>
    candidates(std::uint32_t attemptIndex, std::span<const model::Config> triedAfter) const = 0;
    [[nodiscard]] virtual std::string modelVersion(std::uint32_t attemptIndex) const = 0;
};

} // namespace mulligan::simulate
