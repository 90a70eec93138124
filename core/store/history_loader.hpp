#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "model/history.hpp"
#include "store/workspace.hpp"

#include <stop_token>

namespace mulligan::store
{

/// The whole history in memory, verdicts included (their matches left out), episodes built. Errors: Cancelled, Corrupt.
[[nodiscard]] base::Result<model::History> loadHistory(Workspace &workspace, std::stop_token stop,
                                                       base::Progress &progress);

} // namespace mulligan::store
