#pragma once

#include "stats/isotonic.hpp"

namespace mulligan::stats
{

struct LogisticLine {
    double a = 0.0;
    double b = 1.0;
};

/// The line a + b·x of log-odds under which `outcomes` are likeliest, b ≥ 0; both are drawn to a = 0, b = 1 as by a
/// normal prior of unit spread. By Newton's method.
[[nodiscard]] LogisticLine fitLogisticLine(std::span<const double> x, std::span<const std::uint8_t> outcomes);

/// A calibration of two parameters, for rows too few to tell more: log-odds of success = a + b × log-odds of the score
/// (Platt 1999), as fitLogisticLine has it; no rows give the score itself. As knots, evenly spaced in log-odds, level
/// beyond ±7 (0.1 %). `scores` in (0, 1), as many as `outcomes`.
[[nodiscard]] Isotonic fitLogistic(std::span<const double> scores, std::span<const std::uint8_t> outcomes);

} // namespace mulligan::stats
