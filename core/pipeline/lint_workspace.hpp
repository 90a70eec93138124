#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "classify/classifier.hpp"
#include "classify/lint_hits.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

namespace mulligan::pipeline
{

/// What the rules of a pack match in a workspace, whatever pack its verdicts came from.
struct WorkspaceHits {
    std::map<std::string, classify::HitCounts> rules; ///< by rule id; rules without a hit are left out
    std::uint64_t failures = 0;

    bool operator==(const WorkspaceHits &) const = default;
};

/// Matches the texts of all failures and successes, each distinct one once, and stores nothing. Errors: Cancelled, Io,
/// Corrupt.
[[nodiscard]] base::Result<WorkspaceHits> countHits(store::Workspace &workspace, const classify::Classifier &classifier,
                                                    std::stop_token stop, base::Progress &progress);

/// Problems of a pack that only a history shows (`classify::lintHits`), by `countHits`.
[[nodiscard]] base::Result<std::vector<classify::Problem>> lintWorkspace(store::Workspace &workspace,
                                                                         const classify::Classifier &classifier,
                                                                         std::stop_token stop,
                                                                         base::Progress &progress);

} // namespace mulligan::pipeline
