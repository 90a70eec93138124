#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace mulligan::stats
{

/// How a count per period grows.
struct Trend {
    double perPeriod = 1.0;  ///< factor from one period to the next; 1.10: ten per cent more each time
    double low = 0.0;        ///< 95 % interval of the factor
    double high = 0.0;       ///<
    double dispersion = 1.0; ///< variance over mean beyond the trend, at least 1

    bool operator==(const Trend &) const = default;
};

/// Log-linear trend of counts of consecutive periods: log E[y_t] = a + b·t by quasi-Poisson regression (McCullagh and
/// Nelder 1989, 6.2): maximum of the Poisson likelihood, standard error of b times the square root of the Pearson
/// dispersion, Student's t with n − 2 degrees of freedom. Nothing where it cannot be told: fewer than four
/// periods, or fewer than two of them with a count.
[[nodiscard]] std::optional<Trend> countTrend(std::span<const std::uint64_t> counts);

/// Quantile of Student's t at 97.5 % for `degrees` >= 1 degrees of freedom.
[[nodiscard]] double studentQuantile975(double degrees);

} // namespace mulligan::stats
