#pragma once

#include "stats/probability.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mulligan::stats
{

/// Exact interval of a share (Clopper and Pearson 1934), by the quantiles of beta distributions: covers at least
/// `level` whatever the true share. `successes` and `trials` may be fractions (effective counts). [0, 1] for no trials.
[[nodiscard]] Bounds clopperPearson(double successes, double trials, double level = 0.95);

/// Regularised incomplete beta function I_x(a, b) for a, b > 0 and 0 <= x <= 1, by its continued fraction
/// (DLMF 8.17.22).
[[nodiscard]] double regularisedBeta(double x, double a, double b);

/// A sample size for each stratum: at least min(`minimum`, its population) each, the rest in proportion to populations
/// by largest remainders, never more than a stratum holds. The sum is `size`, or more where the minima alone need it,
/// or the whole population where that is less.
[[nodiscard]] std::vector<std::uint64_t> allocate(std::span<const std::uint64_t> populations, std::uint64_t size,
                                                  std::uint64_t minimum);

/// One stratum of a sample drawn without replacement: what was seen of its units. `inside[i]`: unit i belongs to the
/// denominator; `right[i]`: to the numerator as well (then it must be inside).
struct StratumSample {
    std::uint64_t population = 0;
    std::vector<std::uint8_t> inside;
    std::vector<std::uint8_t> right;
};

/// A share of a population, estimated.
struct Estimate {
    double value = 0.0;
    double low = 0.0;          ///< 95 % interval
    double high = 1.0;         ///<
    double effective = 0.0;    ///< size of a simple random sample that would tell as much
    std::uint64_t sampled = 0; ///< units seen in the denominator
    std::uint64_t right = 0;   ///< of those in the numerator
    double population = 0.0;   ///< units of the denominator in the population, estimated

    bool operator==(const Estimate &) const = default;
};

/// Share of `right` among `inside` over the population: R = Σ_h (N_h/n_h) Σ_i right / Σ_h (N_h/n_h) Σ_i inside (the
/// combined ratio estimator, Cochran 1977, 6.11). Interval: Wilson's score interval at the effective sample size
///   n_eff = min(n_design, R(1 − R) / v)
/// with n_design = (Σ w)² / Σ w²(1 − f_h) over units of the denominator, w = N_h/n_h, f_h = n_h/N_h, and v the
/// linearised variance of R with finite population correction; v = 0 (all alike) leaves n_design. With one stratum only
/// this is Wilson's interval at n / (1 − f), and a stratum that was seen whole has no uncertainty. Strata without a
/// unit seen are left out. Nothing in the denominator: `sampled` 0, interval [0, 1].
[[nodiscard]] Estimate stratifiedShare(std::span<const StratumSample> strata);

} // namespace mulligan::stats
