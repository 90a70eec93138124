#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "classify/mining.hpp"
#include "store/cluster_store.hpp"

#include <cstdint>
#include <stop_token>
#include <vector>

namespace mulligan::pipeline
{

/// All clusters of a workspace, and which root cause is in which.
struct CauseClusters {
    std::vector<store::ClusterRow> clusters; ///< `number` of the one at i is i + 1
    std::vector<std::int64_t> ofCause;       ///< by cause id: the cluster's number, 0 none
    std::vector<bool> failed;                ///< by cause id: whether some failure has it, not only successes
    std::uint64_t newCauses = 0;             ///< clustered now
    std::uint64_t newClusters = 0;
};

/// Clusters the root causes of failures that were not clustered before and writes who is in which cluster (`writer`);
/// the clusters themselves are left to be written, with what their failures weigh. Causes are added in the order of a
/// hash of what they look like masked, so that the order of imports makes no difference.
[[nodiscard]] base::Result<CauseClusters> mineCauses(store::Workspace &workspace, store::ClusterWriter &writer,
                                                     const classify::MiningOptions &options,
                                                     const std::stop_token &stop, base::Progress &progress);

/// Clusters and membership as they are kept.
[[nodiscard]] base::Result<CauseClusters> storedClusters(store::Workspace &workspace, const std::stop_token &stop);

} // namespace mulligan::pipeline
