#pragma once

#include "predict/booster.hpp"
#include "predict/resources.hpp"
#include "predict/train.hpp"

#include <string>
#include <vector>

namespace mulligan::predict
{

/// The rows of one request: its configurations, then the retries that this run tried before, each at its own attempt
/// number, whose chances cap those of configurations with no more memory.
struct PreparedPoint {
    size_t configs = 0;
    double pastHours = 0.0;
    double failedHours = 0.0;
    std::string errorClass;
    std::vector<Resources> resources; ///< of the configurations, then of the retries tried before
    std::vector<bool> supported;      ///< of the configurations
};

/// Finished matrices; the chooser's and the scorer's differ only in their encoded words. Empty for class rates.
struct PreparedScores {
    Matrix chooser;
    Matrix scorer;
    std::vector<PreparedPoint> points;
};

/// What XGBoost answers for a finished matrix, one value a row.
struct RawScores {
    std::vector<float> success;
    std::vector<float> costFail;    ///< empty: no booster
    std::vector<float> costSuccess; ///< empty: no booster
};

} // namespace mulligan::predict
