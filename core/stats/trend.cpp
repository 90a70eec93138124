#include "stats/trend.hpp"

#include "stats/stratified.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace mulligan::stats
{

namespace
{

/// Mean and variance of the period under weights exp(slope · t), t counted from the last period where the slope rises
/// so that nothing overflows.
struct Moments {
    double mean = 0.0;
    double variance = 0.0;
};

double weightOf(double slope, double t, double last)
{
    return std::exp(slope * (slope > 0.0 ? t - last : t));
}

Moments momentsAt(double slope, size_t periods)
{
    const auto last = static_cast<double>(periods - 1);
    double sum = 0.0;
    double first = 0.0;
    double second = 0.0;
    for (size_t i = 0; i < periods; ++i) {
        const auto t = static_cast<double>(i);
        const double weight = weightOf(slope, t, last);
        sum += weight;
        first += weight * t;
        second += weight * t * t;
    }
    return {first / sum, std::max(0.0, second / sum - first / sum * first / sum)};
}

/// The slope whose weighted mean period is `mean`: the likelihood's only maximum, found by halving since the mean rises
/// with the slope.
double slopeFor(double mean, size_t periods)
{
    double low = -50.0;
    double high = 50.0;
    for (int i = 0; i < 200 && high - low > 1e-14; ++i) {
        const double middle = (low + high) / 2.0;
        (momentsAt(middle, periods).mean < mean ? low : high) = middle;
    }
    return (low + high) / 2.0;
}

/// Pearson's X² over degrees of freedom.
double dispersionOf(std::span<const std::uint64_t> counts, double slope, double total)
{
    const auto last = static_cast<double>(counts.size() - 1);
    double weights = 0.0;
    for (size_t i = 0; i < counts.size(); ++i)
        weights += weightOf(slope, static_cast<double>(i), last);
    double chi = 0.0;
    for (size_t i = 0; i < counts.size(); ++i) {
        const double expected = total * weightOf(slope, static_cast<double>(i), last) / weights;
        const double off = static_cast<double>(counts[i]) - expected;
        chi += expected > 0.0 ? off * off / expected : 0.0;
    }
    return std::max(1.0, chi / static_cast<double>(counts.size() - 2));
}

} // namespace

double studentQuantile975(double degrees)
{
    double low = 0.0;
    double high = 1e4;
    for (int i = 0; i < 200 && high - low > 1e-12; ++i) {
        const double t = (low + high) / 2.0;
        const double above = 0.5 * regularisedBeta(degrees / (degrees + t * t), degrees / 2.0, 0.5);
        (above > 0.025 ? low : high) = t;
    }
    return (low + high) / 2.0;
}

std::optional<Trend> countTrend(std::span<const std::uint64_t> counts)
{
    const auto nonZero = std::count_if(counts.begin(), counts.end(), [](std::uint64_t n) { return n > 0; });
    if (counts.size() < 4 || nonZero < 2)
        return std::nullopt;
    double total = 0.0;
    double first = 0.0;
    for (size_t i = 0; i < counts.size(); ++i) {
        total += static_cast<double>(counts[i]);
        first += static_cast<double>(counts[i]) * static_cast<double>(i);
    }
    const double slope = slopeFor(first / total, counts.size());
    Trend out;
    out.dispersion = dispersionOf(counts, slope, total);
    const double information = total * momentsAt(slope, counts.size()).variance;
    const double half =
        studentQuantile975(static_cast<double>(counts.size()) - 2.0) * std::sqrt(out.dispersion / information);
    out.perPeriod = std::exp(slope);
    out.low = std::exp(slope - half);
    out.high = std::exp(slope + half);
    return out;
}

} // namespace mulligan::stats
