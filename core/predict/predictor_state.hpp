#pragma once

#include "predict/class_rates.hpp"
#include "predict/half_model.hpp"
#include "predict/prepared.hpp"
#include "predict/support.hpp"
#include "predict/train.hpp"

namespace mulligan::predict
{

struct Predictor::State {
    std::string id;
    base::Instant fittedTo;
    bool fallback = false;
    HalfModel chooser; ///< empty for class rates
    HalfModel scorer;
    ClassRates rates; ///< class rates only
    Support support;

    /// Sets `id` from the content.
    void stamp();
};

/// The files of a state without its id.
[[nodiscard]] std::map<std::string, std::string> contentOf(const Predictor::State &state);
/// The bare XGBoost calls of one half on a finished matrix.
[[nodiscard]] base::Result<RawScores> rawScores(const HalfModel &half, const Matrix &matrix);

} // namespace mulligan::predict
