#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace mulligan::stats
{

struct Point {
    double x = 0.0;
    double y = 0.0;

    bool operator==(const Point &) const = default;
};

/// Area under the ROC curve: P(score of a success > score of a failure) + ½ P(equal), by ranks (Mann and Whitney 1947).
/// `scores` and `outcomes` (1: success) have equal length. None with only one outcome. O(n log n).
[[nodiscard]] std::optional<double> auc(std::span<const double> scores, std::span<const std::uint8_t> outcomes);

/// Average precision: Σ (R_k − R_{k−1}) P_k over distinct scores, descending; ties are taken together, so the order of
/// the input does not matter. None without a success.
[[nodiscard]] std::optional<double> averagePrecision(std::span<const double> scores,
                                                     std::span<const std::uint8_t> outcomes);

/// ROC curve from (0, 0) to (1, 1): x false positive rate, y true positive rate; at most `most` points (≥ 2), evenly
/// chosen by rank. Empty with only one outcome.
[[nodiscard]] std::vector<Point> rocCurve(std::span<const double> scores, std::span<const std::uint8_t> outcomes,
                                          size_t most = 200);

/// Precision-recall curve: x recall ascending, y precision; at most `most` points. Empty without a success.
[[nodiscard]] std::vector<Point> precisionRecallCurve(std::span<const double> scores,
                                                      std::span<const std::uint8_t> outcomes, size_t most = 200);

} // namespace mulligan::stats
