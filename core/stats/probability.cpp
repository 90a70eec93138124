#include "stats/probability.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace mulligan::stats
{

double logLoss(std::span<const double> probabilities, std::span<const std::uint8_t> outcomes)
{
    constexpr double kLeast = 1e-15;
    double sum = 0.0;
    for (size_t i = 0; i < probabilities.size(); ++i) {
        const double p = std::clamp(probabilities[i], kLeast, 1.0 - kLeast);
        sum -= outcomes[i] != 0 ? std::log(p) : std::log1p(-p);
    }
    return probabilities.empty() ? 0.0 : sum / static_cast<double>(probabilities.size());
}

double brier(std::span<const double> probabilities, std::span<const std::uint8_t> outcomes)
{
    double sum = 0.0;
    for (size_t i = 0; i < probabilities.size(); ++i) {
        const double off = probabilities[i] - (outcomes[i] != 0 ? 1.0 : 0.0);
        sum += off * off;
    }
    return probabilities.empty() ? 0.0 : sum / static_cast<double>(probabilities.size());
}

Bounds wilson(double successes, double trials, double z)
{
    if (trials <= 0.0)
        return {};
    const double share = successes / trials;
    const double zz = z * z;
    const double centre = (share + zz / (2.0 * trials)) / (1.0 + zz / trials);
    const double half =
        z / (1.0 + zz / trials) * std::sqrt(share * (1.0 - share) / trials + zz / (4.0 * trials * trials));
    return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

std::vector<Bin> calibrationBins(std::span<const double> probabilities, std::span<const std::uint8_t> outcomes,
                                 size_t bins)
{
    const size_t n = probabilities.size();
    std::vector<size_t> order(n);
    std::iota(order.begin(), order.end(), size_t{0});
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return probabilities[a] < probabilities[b]; });
    std::vector<Bin> out;
    size_t at = 0;
    for (size_t b = 0; b < bins && at < n; ++b) {
        size_t end = std::max(at + 1, (b + 1) * n / bins);
        while (end < n && probabilities[order[end]] == probabilities[order[end - 1]])
            ++end;
        Bin bin;
        bin.count = end - at;
        double successes = 0.0;
        for (; at < end; ++at) {
            bin.predicted += probabilities[order[at]];
            successes += outcomes[order[at]] != 0 ? 1.0 : 0.0;
        }
        const auto count = static_cast<double>(bin.count);
        bin.predicted /= count;
        bin.observed = successes / count;
        const Bounds bounds = wilson(successes, count);
        bin.low = bounds.low;
        bin.high = bounds.high;
        out.push_back(bin);
    }
    return out;
}

double debiasedCalibrationError(std::span<const double> probabilities, std::span<const std::uint8_t> outcomes,
                                size_t bins)
{
    double sum = 0.0;
    double rows = 0.0;
    for (const Bin &bin : calibrationBins(probabilities, outcomes, bins)) {
        const auto n = static_cast<double>(bin.count);
        const double gap = bin.observed - bin.predicted;
        const double chance = n > 1.0 ? bin.observed * (1.0 - bin.observed) / (n - 1.0) : gap * gap;
        sum += n * (gap * gap - chance);
        rows += n;
    }
    return rows > 0.0 ? std::sqrt(std::max(0.0, sum / rows)) : 0.0;
}

} // namespace mulligan::stats
