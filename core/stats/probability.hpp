#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace mulligan::stats
{

/// Mean −[y ln p + (1 − y) ln(1 − p)] in nats, with p held within [1e-15, 1 − 1e-15]. 0 for no rows.
[[nodiscard]] double logLoss(std::span<const double> probabilities, std::span<const std::uint8_t> outcomes);

/// Mean (p − y)². 0 for no rows.
[[nodiscard]] double brier(std::span<const double> probabilities, std::span<const std::uint8_t> outcomes);

struct Bounds {
    double low = 0.0;
    double high = 1.0;

    bool operator==(const Bounds &) const = default;
};

/// Wilson's score interval of a share (Wilson 1927); z = 1.96 for 95 %. [0, 1] for no trials.
[[nodiscard]] Bounds wilson(double successes, double trials, double z = 1.959963984540054);

struct Bin {
    double predicted = 0.0; ///< mean probability
    double observed = 0.0;  ///< share of successes
    double low = 0.0;       ///< Wilson's 95 % interval of `observed`
    double high = 0.0;
    std::uint64_t count = 0;
};

/// Rows sorted by probability and cut into at most `bins` parts of equal count; equal probabilities stay together.
[[nodiscard]] std::vector<Bin> calibrationBins(std::span<const double> probabilities,
                                               std::span<const std::uint8_t> outcomes, size_t bins = 10);

/// Calibration error without the part that chance alone produces: sqrt(max(0, Σ w_b [(ȳ_b − p̄_b)² − ȳ_b(1 − ȳ_b) /
/// (n_b − 1)])) over bins of equal count (Kumar, Liang and Ma 2019, the debiased estimator). 0 for a perfect
/// forecaster, up to noise.
[[nodiscard]] double debiasedCalibrationError(std::span<const double> probabilities,
                                              std::span<const std::uint8_t> outcomes, size_t bins = 15);

} // namespace mulligan::stats
