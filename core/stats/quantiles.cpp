#include "stats/quantiles.hpp"

#include <algorithm>
#include <cmath>

namespace mulligan::stats
{

double quantileOfSorted(std::span<const double> sorted, double share)
{
    const double at = std::clamp(share, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<size_t>(std::floor(at));
    const size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

double quantile(std::vector<double> values, double share)
{
    std::sort(values.begin(), values.end());
    return quantileOfSorted(values, share);
}

} // namespace mulligan::stats
