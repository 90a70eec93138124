#include "desktop/session/workspace_summary.hpp"

#include "pipeline/train_models.hpp"
#include "store/reject_rows.hpp"

namespace mulligan::desktop
{

base::Result<store::WorkspaceInfo> quickSummary(store::Workspace &workspace)
{
    store::WorkspaceInfo info;
    info.schemaVersion = store::kSchemaVersion;
    MULLIGAN_TRY(const auto sources, workspace.sources());
    info.sources = sources.size();
    for (const auto &source : sources) {
        info.attempts += source.attempts - std::min(source.joined, source.attempts);
        info.failures += source.failures;
    }
    return info;
}

base::Result<WorkspaceSummary> fullSummary(const std::string &path, const std::stop_token &stop)
{
    WorkspaceSummary summary;
    MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadOnly));
    const sqlite::InterruptOnStop interrupt(workspace.connection(), stop);
    MULLIGAN_TRY(summary.info, workspace.info());
    MULLIGAN_TRY(summary.card, pipeline::loadModelCard(workspace));
    MULLIGAN_TRY(summary.rejects, store::rejectCount(workspace));
    MULLIGAN_TRY(summary.freshness, pipeline::freshnessOf(workspace));
    return summary;
}

} // namespace mulligan::desktop
