#pragma once

#include "predict/booster.hpp"

#include <span>
#include <vector>

namespace mulligan::predict
{

/// What trees cannot say of a raise larger than any seen: that it mends still more. Log-odds which a retry with r times
/// the memory that ran out has beyond the overall rate, at_once + per_doubling × log2 r for r > 1 and never below 0;
/// trees add to it what they find. A need spread like a power law above the memory that ran out, as the needs of data
/// sets are, makes nearly such a line.
struct MemoryTrend {
    double overall = 0.5; ///< rate the line is relative to
    double atOnce = 0.0;
    double perDoubling = 0.0;

    /// Fits the line to the raises among the rows of `matrix`; without any it is 0. `outcomes`: one a row, 0 or 1.
    [[nodiscard]] static MemoryTrend fit(const Matrix &matrix, std::span<const float> outcomes, double overall);
    /// Log-odds to start each row of `matrix` from, `overall` included.
    [[nodiscard]] std::vector<float> starts(const Matrix &matrix) const;
    /// Log-odds beyond `overall` of one row of features.
    [[nodiscard]] double beyond(const float *row) const;
    /// Turns probabilities of trees, which start from `overall`, into those of both.
    void apply(const Matrix &matrix, std::vector<float> &probabilities) const;
};

} // namespace mulligan::predict
