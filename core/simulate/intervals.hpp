#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace mulligan::simulate
{

struct Interval {
    std::optional<double> low;
    std::optional<double> high;
};

/// Sums of every column in every resample.
struct Resampled {
    size_t columns = 0;
    std::vector<double> total; ///< of the sample itself, by column
    std::vector<double> totalSquare;
    std::vector<double> totalAbsolute;
    std::vector<double> sums;       ///< replicate-major
    std::vector<double> sumSquares; ///< replicate-major
};

/// Resamples of whole jobs, drawn once: how often each job is in each replicate. 95 % intervals.
class JobResamples
{
public:
    JobResamples(size_t jobs, size_t replicates, std::uint64_t seed);

    /// `rows` is job-major, `columns` wide. O(replicates · jobs · columns).
    [[nodiscard]] Resampled resample(std::span<const double> rows, size_t columns) const;
    /// Bootstrap-t (Efron 1982) of the sum of a column over jobs; none when fewer than 4 jobs make up the sum, by the
    /// effective number (Σ|x|)² ÷ Σx², since one resample in forty or more holds none of them and then knows nothing of
    /// its spread; nor with fewer than 5 jobs or 40 replicates.
    [[nodiscard]] Interval additive(const Resampled &resampled, size_t column) const;
    /// Percentiles of a ratio of two columns' sums, resampled whole.
    [[nodiscard]] Interval ratio(const Resampled &resampled, size_t numerator, size_t denominator) const;
    [[nodiscard]] size_t replicates() const { return m_replicates; }
    /// How often `job` is in `replicate`.
    [[nodiscard]] double weight(size_t replicate, size_t job) const { return m_weights[replicate * m_jobs + job]; }
    [[nodiscard]] bool enough() const;

private:
    size_t m_jobs = 0;
    size_t m_replicates = 0;
    std::vector<float> m_weights; ///< replicate-major
};

/// Percentile by linear interpolation; `values` is sorted in place and not empty.
[[nodiscard]] double percentile(std::vector<double> &values, double share);

} // namespace mulligan::simulate
