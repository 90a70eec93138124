#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "classify/lint_hits.hpp"
#include "store/workspace.hpp"

#include <map>
#include <stop_token>
#include <string>
#include <vector>

namespace mulligan::pipeline
{

/// On how many attempts of the workspace each rule matched, by the stored verdicts and the stored hits on successes.
[[nodiscard]] base::Result<std::map<std::string, classify::HitCounts>> storedHits(store::Workspace &workspace);

/// Problems of a pack that only a history shows (`classify::lintHits`). Errors: InvalidArgument where the workspace was
/// classified with another pack, InsufficientData where some failures are not classified.
[[nodiscard]] base::Result<std::vector<classify::Problem>> lintWorkspace(store::Workspace &workspace,
                                                                         const classify::RulePack &pack);

} // namespace mulligan::pipeline
