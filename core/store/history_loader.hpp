#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "model/history.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <stop_token>
#include <string>
#include <unordered_map>

namespace mulligan::store
{

/// The whole history in memory, verdicts included (their matches left out), episodes built. Errors: Cancelled, Corrupt.
[[nodiscard]] base::Result<model::History> loadHistory(Workspace &workspace, std::stop_token stop,
                                                       base::Progress &progress);

/// The verdicts as `loadHistory` gives them, by row id of their attempts, in no order; attempts without one are left
/// out. Errors: Cancelled, Corrupt.
[[nodiscard]] base::Result<std::unordered_map<std::int64_t, model::SharedVerdict>>
loadVerdictsOfAttempts(Workspace &workspace, const std::stop_token &stop);

/// Changes whenever a source is imported: with an equal stamp everything of a history but its verdicts is the same.
/// Cost: one row a source.
[[nodiscard]] base::Result<std::string> historyStamp(Workspace &workspace);

} // namespace mulligan::store
