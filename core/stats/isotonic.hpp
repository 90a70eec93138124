#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mulligan::stats
{

/// One level of an isotonic fit.
struct Block {
    double from = 0.0;  ///< smallest score
    double to = 0.0;    ///< largest score
    double mean = 0.0;  ///< mean score
    double value = 0.0; ///< share of successes
    double count = 0.0;

    bool operator==(const Block &) const = default;
};

/// The non-decreasing step function nearest to the outcomes in least squares: pool adjacent violators (Ayer et al.
/// 1955). Equal scores are one point. O(n log n).
[[nodiscard]] std::vector<Block> poolAdjacentViolators(std::span<const double> scores,
                                                       std::span<const std::uint8_t> outcomes);

/// A calibration: scores to probabilities, never decreasing. Immutable.
class Isotonic
{
public:
    Isotonic() = default;
    /// Blocks of fewer than `leastBlock` rows are pooled with their neighbour below, since a handful of rows says
    /// little. Every block's value is held within [1/(n + 2), 1 − 1/(n + 2)], n its count: no history is long enough
    /// for certainty.
    [[nodiscard]] static Isotonic fit(std::span<const double> scores, std::span<const std::uint8_t> outcomes,
                                      std::size_t leastBlock = 1);
    /// From knots: `x` strictly ascending, `y` non-decreasing, equal lengths.
    [[nodiscard]] static Isotonic fromKnots(std::vector<double> x, std::vector<double> y);

    /// Linear between the blocks' means, level outside them: the order of scores within a block is kept, which a step
    /// function would throw away. The score itself when nothing was fitted.
    [[nodiscard]] double operator()(double score) const;
    [[nodiscard]] std::span<const double> x() const { return m_x; }
    [[nodiscard]] std::span<const double> y() const { return m_y; }

    bool operator==(const Isotonic &) const = default;

private:
    std::vector<double> m_x;
    std::vector<double> m_y;
};

} // namespace mulligan::stats
