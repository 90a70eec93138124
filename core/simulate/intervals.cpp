#include "simulate/intervals.hpp"

#include "base/rng.hpp"

#include <algorithm>
#include <cmath>
#include <thread>

namespace mulligan::simulate
{

namespace
{

constexpr size_t kFewestJobs = 5;
constexpr double kFewestEffective = 4.0;
constexpr size_t kFewestReplicates = 40;
constexpr size_t kWorthAThread = 100'000; ///< cells of weights

/// Standard error of a sum of `n` independent units, from their sum and sum of squares.
double errorOfSum(double sum, double sumSquares, double n)
{
    const double variance = std::max(0.0, (sumSquares - sum * sum / n) / (n - 1.0));
    return std::sqrt(n * variance);
}

double effectiveJobs(const Resampled &resampled, size_t column)
{
    const double absolute = resampled.totalAbsolute[column];
    return absolute > 0.0 ? absolute * absolute / resampled.totalSquare[column] : 0.0;
}

} // namespace

double percentile(std::vector<double> &values, double share)
{
    std::sort(values.begin(), values.end());
    const double at = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<size_t>(at);
    const size_t above = std::min(below + 1, values.size() - 1);
    return values[below] + (at - static_cast<double>(below)) * (values[above] - values[below]);
}

JobResamples::JobResamples(size_t jobs, size_t replicates, std::uint64_t seed) : m_jobs(jobs), m_replicates(replicates)
{
    if (!enough()) {
        m_replicates = 0;
        return;
    }
    m_weights.assign(m_jobs * m_replicates, 0.0F);
    base::Rng rng(seed, "bootstrap over jobs");
    for (size_t r = 0; r < m_replicates; ++r)
        for (size_t draw = 0; draw < m_jobs; ++draw)
            m_weights[r * m_jobs + rng.below(m_jobs)] += 1.0F;
}

bool JobResamples::enough() const
{
    return m_jobs >= kFewestJobs && m_replicates >= kFewestReplicates;
}

Resampled JobResamples::resample(std::span<const double> rows, size_t columns) const
{
    Resampled out;
    out.columns = columns;
    out.total.assign(columns, 0.0);
    out.totalSquare.assign(columns, 0.0);
    out.totalAbsolute.assign(columns, 0.0);
    out.sums.assign(columns * m_replicates, 0.0);
    out.sumSquares.assign(columns * m_replicates, 0.0);
    // Columns are the inner loop: independent sums, which the compiler can take several at a time.
    for (size_t j = 0; j < m_jobs; ++j) {
        const double *row = rows.data() + j * columns;
        for (size_t c = 0; c < columns; ++c) {
            out.total[c] += row[c];
            out.totalSquare[c] += row[c] * row[c];
            out.totalAbsolute[c] += std::abs(row[c]);
        }
    }
    const auto work = [&](size_t begin, size_t end) {
        for (size_t r = begin; r < end; ++r) {
            double *sums = out.sums.data() + r * columns;
            double *squares = out.sumSquares.data() + r * columns;
            const float *weights = m_weights.data() + r * m_jobs;
            for (size_t j = 0; j < m_jobs; ++j) {
                if (weights[j] == 0.0F)
                    continue;
                const double w = weights[j];
                const double *row = rows.data() + j * columns;
                for (size_t c = 0; c < columns; ++c) {
                    const double weighted = w * row[c];
                    sums[c] += weighted;
                    squares[c] += weighted * row[c];
                }
            }
        }
    };
    // Each replicate has sums of its own, so that two threads give the same bits as one.
    const size_t half = m_jobs * m_replicates >= kWorthAThread ? m_replicates / 2 : 0;
    std::jthread other;
    if (half > 0)
        other = std::jthread([&] { work(0, half); });
    work(half, m_replicates);
    if (other.joinable())
        other.join();
    return out;
}

Interval JobResamples::additive(const Resampled &resampled, size_t column) const
{
    if (!enough() || effectiveJobs(resampled, column) < kFewestEffective)
        return {};
    const auto n = static_cast<double>(m_jobs);
    const double total = resampled.total[column];
    const double error = errorOfSum(total, resampled.totalSquare[column], n);
    std::vector<double> t;
    for (size_t r = 0; r < m_replicates; ++r) {
        const double sum = resampled.sums[r * resampled.columns + column];
        const double own = errorOfSum(sum, resampled.sumSquares[r * resampled.columns + column], n);
        if (own > 1e-12 * (1.0 + std::abs(sum)))
            t.push_back((sum - total) / own);
    }
    if (t.size() < kFewestReplicates)
        return {};
    const double upper = percentile(t, 0.975);
    return {total - upper * error, total - percentile(t, 0.025) * error};
}

Interval JobResamples::ratio(const Resampled &resampled, size_t numerator, size_t denominator) const
{
    std::vector<double> values;
    for (size_t r = 0; r < m_replicates; ++r) {
        const double below = resampled.sums[r * resampled.columns + denominator];
        if (below > 0.0)
            values.push_back(resampled.sums[r * resampled.columns + numerator] / below);
    }
    if (values.size() < kFewestReplicates)
        return {};
    const double low = percentile(values, 0.025);
    return {low, percentile(values, 0.975)};
}

} // namespace mulligan::simulate
