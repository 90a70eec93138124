#pragma once

#include "base/result.hpp"
#include "model/model_card.hpp"
#include "pipeline/refresh.hpp"
#include "store/workspace.hpp"

#include <optional>
#include <stop_token>
#include <string>

namespace mulligan::desktop
{

struct WorkspaceSummary {
    store::WorkspaceInfo info;
    std::optional<model::ModelCard> card;
    pipeline::Freshness freshness;
    std::uint64_t rejects = 0; ///< rejected rows that are kept
};

/// What is known without counting rows: sources and the numbers they noted on import. Milliseconds at any size, so that
/// the window shows at once; runs, episodes and classes follow with fullSummary.
[[nodiscard]] base::Result<store::WorkspaceInfo> quickSummary(store::Workspace &workspace);

/// Everything, on a connection of its own, for a thread of its own.
[[nodiscard]] base::Result<WorkspaceSummary> fullSummary(const std::string &path, const std::stop_token &stop);

} // namespace mulligan::desktop
