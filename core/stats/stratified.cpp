#include "stats/stratified.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace mulligan::stats
{

namespace
{

/// Continued fraction of the incomplete beta function by Lentz's method (DLMF 8.17.22).
double betaFraction(double x, double a, double b)
{
    constexpr double kTiny = 1e-300;
    constexpr int kMost = 10'000;
    double c = 1.0;
    double d = 1.0 - (a + b) * x / (a + 1.0);
    d = 1.0 / (std::abs(d) < kTiny ? kTiny : d);
    double value = d;
    for (int m = 1; m <= kMost; ++m) {
        double change = 1.0;
        const double even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        for (const double term : {even, odd}) {
            d = 1.0 + term * d;
            d = 1.0 / (std::abs(d) < kTiny ? kTiny : d);
            c = 1.0 + term / c;
            c = std::abs(c) < kTiny ? kTiny : c;
            change = c * d;
            value *= change;
        }
        if (std::abs(change - 1.0) < 1e-15)
            break;
    }
    return value;
}

/// x at which I_x(a, b) is `probability`, by halving.
double betaQuantile(double probability, double a, double b)
{
    double low = 0.0;
    double high = 1.0;
    for (int i = 0; i < 200 && high - low > 1e-16; ++i) {
        const double middle = (low + high) / 2.0;
        (regularisedBeta(middle, a, b) < probability ? low : high) = middle;
    }
    return (low + high) / 2.0;
}

/// Sums over units, weighted to the population.
struct Sums {
    double inside = 0.0;
    double right = 0.0;
    double weights = 0.0; ///< Σ w over units of the denominator
    double squares = 0.0; ///< Σ w²(1 − f)
    size_t strata = 0;    ///< that have units of the denominator
    std::uint64_t sampled = 0;
    std::uint64_t hits = 0;
};

Sums sumUp(std::span<const StratumSample> strata)
{
    Sums sums;
    for (const StratumSample &stratum : strata) {
        const auto n = static_cast<double>(stratum.inside.size());
        if (n == 0.0)
            continue;
        const double weight = static_cast<double>(stratum.population) / n;
        const double rest = std::max(0.0, 1.0 - n / static_cast<double>(stratum.population));
        const auto inside = static_cast<std::uint64_t>(std::count(stratum.inside.begin(), stratum.inside.end(), 1));
        const auto right = static_cast<std::uint64_t>(std::count(stratum.right.begin(), stratum.right.end(), 1));
        sums.inside += weight * static_cast<double>(inside);
        sums.right += weight * static_cast<double>(right);
        sums.squares += weight * weight * rest * static_cast<double>(inside);
        sums.strata += inside > 0 ? 1 : 0;
        sums.sampled += inside;
        sums.hits += right;
    }
    sums.weights = sums.inside;
    return sums;
}

/// Linearised variance of the ratio `share`.
double ratioVariance(std::span<const StratumSample> strata, double share, double denominator)
{
    double sum = 0.0;
    for (const StratumSample &stratum : strata) {
        const auto n = static_cast<double>(stratum.inside.size());
        const auto population = static_cast<double>(stratum.population);
        if (n == 0.0 || n >= population)
            continue;
        double mean = 0.0;
        double squares = 0.0;
        for (size_t i = 0; i < stratum.inside.size(); ++i) {
            const double z = stratum.right[i] - share * stratum.inside[i];
            mean += z / n;
            squares += z * z;
        }
        // One unit tells nothing of how units differ: it is taken to differ as the whole does.
        const double spread =
            n > 1.0 ? (squares - n * mean * mean) / (n - 1.0) : stratum.inside.front() * share * (1.0 - share);
        sum += population * population * (1.0 - n / population) * std::max(0.0, spread) / n;
    }
    return sum / (denominator * denominator);
}

} // namespace

double regularisedBeta(double x, double a, double b)
{
    if (x <= 0.0)
        return 0.0;
    if (x >= 1.0)
        return 1.0;
    const double front =
        std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x));
    // The fraction converges fast below the mean; above it the mirrored one does.
    if (x < (a + 1.0) / (a + b + 2.0))
        return front * betaFraction(x, a, b) / a;
    return 1.0 - front * betaFraction(1.0 - x, b, a) / b;
}

Bounds clopperPearson(double successes, double trials, double level)
{
    if (trials <= 0.0)
        return {};
    const double tail = (1.0 - level) / 2.0;
    Bounds out;
    out.low = successes <= 0.0 ? 0.0 : betaQuantile(tail, successes, trials - successes + 1.0);
    out.high = successes >= trials ? 1.0 : betaQuantile(1.0 - tail, successes + 1.0, trials - successes);
    return out;
}

std::vector<std::uint64_t> allocate(std::span<const std::uint64_t> populations, std::uint64_t size,
                                    std::uint64_t minimum)
{
    std::vector<std::uint64_t> out;
    for (const std::uint64_t population : populations)
        out.push_back(std::min(minimum, population));
    const std::uint64_t all = std::accumulate(populations.begin(), populations.end(), std::uint64_t{0});
    const std::uint64_t given = std::accumulate(out.begin(), out.end(), std::uint64_t{0});
    std::uint64_t rest = std::min(size, all) - std::min({size, all, given});
    while (rest > 0) {
        double open = 0.0; ///< population of strata that have units left
        for (size_t h = 0; h < out.size(); ++h)
            open += out[h] < populations[h] ? static_cast<double>(populations[h]) : 0.0;
        std::vector<std::pair<double, size_t>> remainders;
        std::uint64_t whole = 0;
        for (size_t h = 0; h < out.size(); ++h) {
            if (out[h] >= populations[h])
                continue;
            const double share = static_cast<double>(rest) * static_cast<double>(populations[h]) / open;
            const auto units = std::min(static_cast<std::uint64_t>(share), populations[h] - out[h]);
            remainders.emplace_back(share - std::floor(share), h);
            out[h] += units;
            whole += units;
        }
        rest -= std::min(whole, rest);
        if (whole > 0)
            continue; // what full strata could not take is dealt out among the others
        std::stable_sort(remainders.begin(), remainders.end(), [](auto a, auto b) { return a.first > b.first; });
        for (size_t i = 0; i < remainders.size() && rest > 0; ++i, --rest)
            ++out[remainders[i].second];
    }
    return out;
}

Estimate stratifiedShare(std::span<const StratumSample> strata)
{
    const Sums sums = sumUp(strata);
    Estimate out;
    out.sampled = sums.sampled;
    out.right = sums.hits;
    out.population = sums.inside;
    if (sums.sampled == 0)
        return out;
    out.value = std::min(1.0, sums.right / sums.inside);
    double effective =
        sums.squares > 0.0 ? sums.weights * sums.weights / sums.squares : std::numeric_limits<double>::infinity();
    const double variance = ratioVariance(strata, out.value, sums.inside);
    if (sums.strata > 1 && variance > 0.0)
        effective = std::min(effective, out.value * (1.0 - out.value) / variance);
    if (std::isinf(effective)) { // everything was looked at
        out.low = out.high = out.value;
        out.effective = sums.inside;
        return out;
    }
    out.effective = effective;
    const Bounds bounds = wilson(out.value * effective, effective);
    out.low = bounds.low;
    out.high = bounds.high;
    return out;
}

} // namespace mulligan::stats
