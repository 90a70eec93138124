#pragma once

#include "desktop/models/rows_model.hpp"
#include "pipeline/mine_workspace.hpp"

#include <QString>
#include <QStringList>

#include <string_view>
#include <vector>

namespace mulligan::desktop
{

enum ClusterColumn {
    kClusterTemplate,
    kClusterFailures,
    kClusterShare,
    kClusterCost,
    kClusterJobs,
    kClusterFirst,
    kClusterLast,
    kClusterException,
    kClusterId
};
[[nodiscard]] std::vector<RowsModel<pipeline::MinedCluster>::Column> clusterColumns();
[[nodiscard]] std::vector<RowsModel<pipeline::ClusterNeighbour>::Column> neighbourColumns();

/// A template as HTML, its variable parts marked by colour and by brackets.
[[nodiscard]] QString templateHtml(std::string_view text);
/// Jobs, owners and when: what a cluster is, in a sentence or two.
[[nodiscard]] QString clusterText(const pipeline::MinedCluster &cluster);
/// What a draft was checked for, one a line: a tick or a cross, and the figures.
struct DraftCheckLine {
    bool well = false;
    QString text;
};
[[nodiscard]] std::vector<DraftCheckLine> checkLines(const pipeline::RuleDraft &draft);
/// What accepting a draft would change.
[[nodiscard]] QString effectText(const pipeline::RuleDraft &draft);

} // namespace mulligan::desktop
