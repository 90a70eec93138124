#include "stats/logistic_calibration.hpp"

#include <algorithm>
#include <cmath>

namespace mulligan::stats
{

namespace
{

constexpr double kWidest = 7.0; ///< log-odds
constexpr int kKnots = 57;      ///< four to a unit of log-odds

double probability(double logOdds)
{
    return 1.0 / (1.0 + std::exp(-logOdds));
}

double logOdds(double p)
{
    return std::clamp(std::log(p / (1.0 - p)), -kWidest, kWidest);
}

/// One Newton step on the penalised log likelihood, which is strictly concave: the prior keeps the Hessian definite.
LogisticLine newtonStep(const LogisticLine &line, std::span<const double> x, std::span<const std::uint8_t> outcomes)
{
    double ga = -line.a;
    double gb = 1.0 - line.b;
    double haa = 1.0;
    double hab = 0.0;
    double hbb = 1.0;
    for (size_t i = 0; i < x.size(); ++i) {
        const double p = probability(line.a + line.b * x[i]);
        const double error = (outcomes[i] != 0 ? 1.0 : 0.0) - p;
        const double weight = p * (1.0 - p);
        ga += error;
        gb += error * x[i];
        haa += weight;
        hab += weight * x[i];
        hbb += weight * x[i] * x[i];
    }
    if (line.b == 0.0 && gb < 0.0)
        return {ga / haa, 0.0}; // at the bound, and drawn beyond it
    const double determinant = haa * hbb - hab * hab;
    return {(hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant};
}

} // namespace

LogisticLine fitLogisticLine(std::span<const double> x, std::span<const std::uint8_t> outcomes)
{
    constexpr int kSteps = 50;
    constexpr double kLargestStep = 1.0; // far from the optimum a whole step may overshoot
    constexpr double kEnough = 1e-10;
    LogisticLine line;
    for (int i = 0; i < kSteps; ++i) {
        const LogisticLine step = newtonStep(line, x, outcomes);
        const double length = std::max(std::abs(step.a), std::abs(step.b));
        const double share = std::min(1.0, kLargestStep / std::max(length, kEnough));
        line.a += share * step.a;
        line.b = std::max(0.0, line.b + share * step.b);
        if (length < kEnough)
            break;
    }
    return line;
}

Isotonic fitLogistic(std::span<const double> scores, std::span<const std::uint8_t> outcomes)
{
    std::vector<double> z;
    z.reserve(scores.size());
    for (const double score : scores)
        z.push_back(logOdds(score));
    const LogisticLine line = fitLogisticLine(z, outcomes);
    std::vector<double> x;
    std::vector<double> y;
    for (int k = 0; k < kKnots; ++k) {
        const double at = kWidest * (2.0 * k / (kKnots - 1) - 1.0);
        x.push_back(probability(at));
        y.push_back(probability(line.a + line.b * at));
    }
    return Isotonic::fromKnots(std::move(x), std::move(y));
}

} // namespace mulligan::stats
