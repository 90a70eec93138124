#pragma once

#include "predict/booster.hpp"
#include "predict/context.hpp"
#include "predict/encoding.hpp"
#include "predict/resources.hpp"

#include <span>
#include <string>
#include <vector>

namespace mulligan::predict
{

/// Version of the list below and of what its words are made from, root causes among them; a model of another version is
/// refused.
inline constexpr int kFeatureVersion = 9;
/// Names of the columns, in order. The first kWordCount are the encoded words, which every fit fills for itself.
[[nodiscard]] const std::vector<std::string> &featureNames();
/// +1 for columns whose growth never lowers the chance of success (memory, its ratios and headrooms), −1 for those
/// whose growth never raises it (attempts and configurations that have failed), else 0. Without the latter trees take
/// the number of the attempt for the cause wherever a scheduler retries unchanged first and people change the
/// configuration after it.
[[nodiscard]] const std::vector<int> &monotoneDirections();

/// Column of new ÷ old of the memory that ran out; NaN in rows of other failures.
[[nodiscard]] size_t classMemoryRatioColumn();

/// The columns of one decision point; configurations of the retry are added by `candidate`. NaN: missing.
class FeatureRow
{
public:
    explicit FeatureRow(const RetryContext &context);
    /// Appends the row of a retry with `config` to `matrix` (its encoded words stay NaN).
    void candidate(const Resources &config, Matrix &matrix) const;
    [[nodiscard]] const Resources &before() const { return m_before; }

private:
    std::vector<float> m_shared;
    Resources m_before;
    Resources m_largestTried; ///< knob by knob, the failed attempt's included
    std::string m_errorClass;
    double m_need = 0.0; ///< of the memory that ran out, bytes; 0: unknown
    float m_peakHeap;
    float m_peakRss;
    float m_peakDriver;
    float m_peakOffHeap;
    float m_limit;
};

/// Overwrites the encoded words of rows [from, to).
void setWords(Matrix &matrix, size_t from, size_t to, const std::array<float, kWordCount> &encoded);

/// Hours a completing run of this job took so far on average; of the failed attempt when it never completed. ≥ 1 s.
[[nodiscard]] double pastHours(const RetryContext &context);

} // namespace mulligan::predict
