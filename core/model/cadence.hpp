#pragma once

#include "model/savings.hpp"

#include <cstdint>
#include <string>

namespace mulligan::model
{

/// How far the recommendations of one refresh cadence reached the retries that needed them, over the decision points a
/// replay came to. A point that is reached with some probability counts with that probability.
struct CadenceFigures {
    std::string cadence;    ///< "on_failure", "30m", "2h", "daily", "daily@6"
    std::string whenAbsent; ///< "fall_back" or "wait"
    double points = 0.0;    ///< decision points that needed a recommendation: own + older + none
    double own = 0.0;       ///< answered by the batch that saw this very failure
    double older = 0.0;     ///< answered by a recommendation made from an earlier failure of the same job and class
    double none = 0.0;      ///< answered by nothing: the retry ran unchanged
    double bound = 0.0;     ///< points that a retry limit or an override binds whatever the cadence; not in `points`
    /// Seconds between the end of the failure that the recommendation knew and the moment it took effect (the retry's
    /// start, or the hand-over to a person), over `own` and `older`; 0 when there are none.
    double stalenessMedian = 0.0;
    double stalenessP95 = 0.0;
    double waitingMean = 0.0;      ///< seconds a point waited for its batch beyond its backoff, over `points`
    std::uint64_t jobs = 0;        ///< jobs with a point that needed a recommendation
    std::uint64_t jobsWithout = 0; ///< …of which no point ever got one
    /// Batches from the first failure's to the last's, replayed history as it was logged; on failure: one a failure.
    std::uint64_t batches = 0;
    /// Recommendations made in all of them: a job and class of which a batch sees new failures is one.
    std::uint64_t recomputed = 0;

    bool operator==(const CadenceFigures &) const = default;
    /// `count` ÷ `points`; 0 when nothing needed a recommendation.
    [[nodiscard]] double shareOf(double count) const { return points > 0.0 ? count / points : 0.0; }
    [[nodiscard]] double jobsWithoutShare() const
    {
        return jobs > 0 ? static_cast<double>(jobsWithout) / static_cast<double>(jobs) : 0.0;
    }
    /// Mean recommendations made a batch: what a refresh costs.
    [[nodiscard]] double recomputedPerBatch() const
    {
        return batches > 0 ? static_cast<double>(recomputed) / static_cast<double>(batches) : 0.0;
    }
};

/// What a replay gives under one cadence, for comparing several.
struct CadenceRow {
    CadenceFigures figures;
    Figure net;
    Kpis policy;
    double unsupportedNet = 0.0; ///< kept outside `net`

    bool operator==(const CadenceRow &) const = default;
};

} // namespace mulligan::model
