#pragma once

#include "desktop/charts/coverage_chart.hpp"
#include "desktop/models/rows_model.hpp"
#include "store/coverage.hpp"
#include "store/workspace.hpp"

#include <QString>

#include <vector>

namespace mulligan::desktop
{

/// What a lane of the timeline stands for.
enum class CoverageBy { Format, Folder, Cluster };

inline constexpr qsizetype kMostLanes = 10;

/// Days of the end of the data in which chains may be open (model::EpisodeOptions).
[[nodiscard]] double censoredDays();

/// Days by lane, the lane with most attempts first; what is beyond the tenth is one lane of its own.
[[nodiscard]] CoverageTimeline timelineOf(const store::Coverage &coverage, const std::vector<store::SourceRow> &sources,
                                          CoverageBy by);

/// A gap, and where it is: everywhere, or on one cluster.
struct GapRow {
    store::Silence gap;
    QString where;
};
[[nodiscard]] std::vector<GapRow> gapRows(const store::Coverage &coverage);
[[nodiscard]] std::vector<RowsModel<GapRow>::Column> gapColumns();
/// What is covered, how a gap is judged, and how much of the end is censored.
[[nodiscard]] QString coverageText(const store::Coverage &coverage);

} // namespace mulligan::desktop
