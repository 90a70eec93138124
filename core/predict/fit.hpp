#pragma once

#include "predict/dataset.hpp"
#include "predict/predictor_state.hpp"
#include "predict/train.hpp"

#include <memory>
#include <optional>
#include <stop_token>

namespace mulligan::predict
{

/// Counts that decide whether boosters can be fitted.
struct Sufficiency {
    std::uint64_t rows = 0;
    std::uint64_t successes = 0;
    std::uint64_t failures = 0;
    std::uint64_t leastHalfRows = 0; ///< of the half of jobs with fewer rows
    std::uint64_t leastHalfEach = 0; ///< successes or failures, the fewest of either half

    [[nodiscard]] bool enough(const TrainOptions &options) const;
};
[[nodiscard]] Sufficiency sufficiency(const Dataset &dataset, std::span<const std::uint32_t> rows);

/// Fits chooser and scorer on everything known before `moment` (all rows when absent). `form` gets the form chosen for
/// costs. Errors: Cancelled, Internal.
[[nodiscard]] base::Result<std::shared_ptr<const Predictor>> fitPredictor(const Dataset &dataset,
                                                                          std::optional<base::Instant> moment,
                                                                          std::uint64_t seed, CostForm &form,
                                                                          std::stop_token stop);
/// Class rates of everything known before `moment`.
[[nodiscard]] std::shared_ptr<const Predictor> fitRates(const Dataset &dataset, std::optional<base::Instant> moment);

/// Mondays, 00:00 UTC, after `from` and before `to`.
[[nodiscard]] std::vector<base::Instant> weekStarts(base::Instant from, base::Instant to);
/// At most `most` of the moments, evenly, the first among them.
[[nodiscard]] std::vector<base::Instant> thinned(const std::vector<base::Instant> &moments, int most);

/// Fills the parts of the card that are measured out of time: each row is scored by the rolling model in force when it
/// was decided, and beside it the rates known then.
[[nodiscard]] base::Result<void> measure(const model::History &history, const PastIndex &past, const Dataset &dataset,
                                         const TrainedModels &models, model::ModelCard &card, std::stop_token stop);

} // namespace mulligan::predict
