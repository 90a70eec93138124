#pragma once

#include "base/progress.hpp"
#include "model/history.hpp"
#include "pipeline/model_candidates.hpp"
#include "policy/economics.hpp"
#include "policy/policy.hpp"
#include "simulate/replay.hpp"

#include <array>
#include <cstdint>
#include <stop_token>

namespace mulligan::pipeline
{

/// Scores everything that a replay under `policy` will ask for, in few large batches: one call of XGBoost for each of
/// many thousand points would take minutes. Episodes are walked until they ask for something unknown; what all of them
/// asked for is scored together, and those walk again. Errors: Cancelled, or what scoring gives.
[[nodiscard]] base::Result<void> warmCandidates(const model::History &history, const policy::Policy &policy,
                                                const policy::Economics &economics, const ModelCandidates &candidates,
                                                const simulate::ReplayOptions &options, std::stop_token stop,
                                                base::Progress &progress);

/// Automatic retries that history made in this run before the failure at `attempt`, by domain.
[[nodiscard]] std::array<int, model::kDomainCount> retriesUsed(const model::History &history, std::uint32_t attempt);

} // namespace mulligan::pipeline
