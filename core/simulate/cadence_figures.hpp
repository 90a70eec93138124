#pragma once

#include "formats/json.hpp"
#include "model/cadence.hpp"
#include "simulate/replay.hpp"

#include <span>

namespace mulligan::simulate
{

/// Sums up the steps of a replay's episodes: every figure but the batches is a sum, or a weighted quantile, over
/// EpisodeOutcome::steps. O(n log n) in steps.
[[nodiscard]] model::CadenceFigures cadenceFigures(const model::History &history, const Cadence &cadence,
                                                   std::span<const EpisodeOutcome> outcomes);

/// What a replay says of itself under one cadence, for a comparison.
[[nodiscard]] model::CadenceRow cadenceRow(const ReplayResult &result);

/// The command line's `cadence` and one of its `cadences`, which holds the figures of the replay as well.
[[nodiscard]] formats::Json cadenceToJson(const model::CadenceFigures &figures);
[[nodiscard]] formats::Json cadenceRowToJson(const model::CadenceRow &row);

} // namespace mulligan::simulate
