#include "predict/memory_trend.hpp"

#include "predict/features.hpp"
#include "stats/logistic_calibration.hpp"

#include <algorithm>
#include <cmath>

namespace mulligan::predict
{

namespace
{

double logOdds(double p)
{
    return std::log(p / (1.0 - p));
}

/// log2 of the ratio of the memory that ran out; 0 where it was not raised, or nothing of the kind ran out.
double doublings(const float *row)
{
    const auto ratio = static_cast<double>(row[classMemoryRatioColumn()]);
    return ratio > 1.0 ? std::log2(ratio) : 0.0;
}

} // namespace

MemoryTrend MemoryTrend::fit(const Matrix &matrix, std::span<const float> outcomes, double overall)
{
    std::vector<double> x;
    std::vector<std::uint8_t> y;
    for (size_t i = 0; i < matrix.rows(); ++i)
        if (const double raised = doublings(matrix.row(i)); raised > 0.0) {
            x.push_back(raised);
            y.push_back(outcomes[i] > 0.5F ? 1 : 0);
        }
    MemoryTrend out;
    out.overall = overall;
    if (x.empty())
        return out;
    const stats::LogisticLine line = stats::fitLogisticLine(x, y);
    out.atOnce = line.a - logOdds(overall);
    out.perDoubling = line.b;
    return out;
}

double MemoryTrend::beyond(const float *row) const
{
    const double raised = doublings(row);
    return raised > 0.0 ? std::max(0.0, atOnce + perDoubling * raised) : 0.0;
}

std::vector<float> MemoryTrend::starts(const Matrix &matrix) const
{
    std::vector<float> out;
    out.reserve(matrix.rows());
    for (size_t i = 0; i < matrix.rows(); ++i)
        out.push_back(static_cast<float>(logOdds(overall) + beyond(matrix.row(i))));
    return out;
}

void MemoryTrend::apply(const Matrix &matrix, std::vector<float> &probabilities) const
{
    constexpr double kLeast = 1e-7; // a float tells no probability nearer to 1
    for (size_t i = 0; i < probabilities.size(); ++i)
        if (const double more = beyond(matrix.row(i)); more > 0.0) {
            const double p = std::clamp(static_cast<double>(probabilities[i]), kLeast, 1.0 - kLeast);
            probabilities[i] = static_cast<float>(1.0 / (1.0 + std::exp(-logOdds(p) - more)));
        }
}

} // namespace mulligan::predict
