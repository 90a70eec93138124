#pragma once

#include "evaluate/truth_report.hpp"
#include "pipeline/truth_walk.hpp"

#include <cstdint>
#include <vector>

namespace mulligan::pipeline
{

struct FigureOptions {
    std::size_t replicates = 400; ///< bootstrap over jobs
    std::uint64_t seed = 1;
};

/// Adds up walked episodes: each policy in both scopes, the policy's promise beside what the truth keeps, in total and
/// by unit left out. Intervals are bootstrapped over jobs with the models as they are: bootstrap-t for sums,
/// percentiles of whole ratios for shares.
void addFigures(const model::History &history, const Folds &folds, const Walks &walks, const FigureOptions &options,
                evaluate::TruthReport &report);

/// The point of a learning curve that these walks (of the policy alone) make.
[[nodiscard]] evaluate::CurvePoint curvePoint(const model::History &history, const Walks &walks, double share,
                                              const std::vector<FoldModel> &models, const FigureOptions &options);

} // namespace mulligan::pipeline
