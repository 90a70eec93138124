#pragma once

#include <span>
#include <vector>

namespace mulligan::stats
{

/// Quantile of sorted values by linear interpolation between order statistics (Hyndman and Fan 1996, type 7). `share`
/// in [0, 1]; `sorted` ascending and not empty.
[[nodiscard]] double quantileOfSorted(std::span<const double> sorted, double share);
/// As above for values in any order.
[[nodiscard]] double quantile(std::vector<double> values, double share);

} // namespace mulligan::stats
