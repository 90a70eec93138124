#include "predict/features.hpp"

#include "predict/class_memory.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mulligan::predict
{

namespace
{

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

constexpr std::array kMetrics{
    model::metric::kPeakHeapBytes,       model::metric::kPeakOffHeapBytes,   model::metric::kPeakRssBytes,
    model::metric::kPeakDriverHeapBytes, model::metric::kPeakExecutionBytes, model::metric::kInputBytes,
    model::metric::kOutputBytes,         model::metric::kShuffleReadBytes,   model::metric::kShuffleWriteBytes,
    model::metric::kMemorySpilledBytes,  model::metric::kDiskSpilledBytes,   model::metric::kGcSeconds,
    model::metric::kCpuSeconds,          model::metric::kRunSeconds,         model::metric::kTasks,
    model::metric::kFailedTasks,         model::metric::kFailedJobs,         model::metric::kLostExecutors,
    model::metric::kExecutors,           model::metric::kResultBytes};

constexpr std::array kPlain{"domain",
                            "transient",
                            "attempt",
                            "tried",
                            "trigger",
                            "hour",
                            "weekday",
                            "failed_seconds",
                            "failed_seconds_ratio_to_past",
                            "captured_limit_bytes",
                            "captured_used_bytes",
                            "captured_size_bytes",
                            "captured_seconds",
                            "captured_other",
                            "job_attempts",
                            "job_failure_rate",
                            "job_retries",
                            "job_retry_success_rate",
                            "job_success_seconds",
                            "job_peak_heap_bytes",
                            "owner_attempts",
                            "owner_failure_rate",
                            "owner_retry_success_rate",
                            "failed_gc_share",
                            "failed_peak_heap_share",
                            "config_known"};

/// Columns that depend on the retry's configuration, besides new and ratio by knob; all grow with memory.
constexpr std::array kHeadrooms{"memory_ratio",
                                "memory_per_core",
                                "executor_headroom_over_peak",
                                "container_headroom_over_peak",
                                "driver_headroom_over_peak",
                                "overhead_headroom_over_peak",
                                "container_headroom_over_limit",
                                "executor_ratio_to_tried",
                                "driver_ratio_to_tried",
                                "class_memory_ratio",
                                "class_memory_over_need",
                                "class_memory_ratio_to_tried"};

constexpr size_t kShared = kWordCount + kPlain.size() + kMetrics.size() + kKnobCount;
constexpr size_t kColumns = kShared + 2 * kKnobCount + kHeadrooms.size();

struct Layout {
    std::vector<std::string> names;
    std::vector<int> monotone;

    Layout()
    {
        for (const char *word : {"class_rate", "group_rate", "rule_rate", "exception_rate", "template_rate"})
            add(word, 0);
        for (const std::string_view name : kPlain)
            add(std::string(name), name == "attempt" || name == "tried" ? -1 : 0);
        for (const std::string_view metric : kMetrics)
            add("failed_" + std::string(metric), 0);
        for (size_t k = 0; k < kKnobCount; ++k)
            add("old_" + std::string(name(static_cast<Knob>(k))), 0);
        for (const char *prefix : {"new_", "ratio_"})
            for (size_t k = 0; k < kKnobCount; ++k)
                add(prefix + std::string(name(static_cast<Knob>(k))), k < kMemoryKnobCount ? 1 : 0);
        for (const char *headroom : kHeadrooms)
            add(headroom, 1);
    }
    void add(std::string name, int direction)
    {
        names.push_back(std::move(name));
        monotone.push_back(direction);
    }
};

const Layout &layout()
{
    static const Layout kLayout;
    return kLayout;
}

/// A share shrunk towards one half by two rows; missing when nothing was seen.
float share(double part, double whole)
{
    return whole > 0.0 ? static_cast<float>((part + 1.0) / (whole + 2.0)) : kMissing;
}

float ratio(double part, double whole)
{
    return whole > 0.0 && std::isfinite(part) ? static_cast<float>(part / whole) : kMissing;
}

float metricOf(const RetryContext &context, std::string_view name)
{
    const auto it = context.metrics.find(std::string(name));
    return it == context.metrics.end() ? kMissing : static_cast<float>(it->second);
}

/// Captured quantities by what rules call them; the largest of each kind.
struct Captured {
    float limit = kMissing;
    float used = kMissing;
    float size = kMissing;
    float seconds = kMissing;
    float other = kMissing;

    explicit Captured(const std::map<std::string, double> &captures)
    {
        for (const auto &[name, value] : captures) {
            float &at = name == "limit" || name == "least"                      ? limit
                        : name == "used" || name == "got" || name == "need"     ? used
                        : name == "size"                                        ? size
                        : name == "secs" || name == "seconds" || name == "wait" ? seconds
                                                                                : other;
            at = std::isnan(at) ? static_cast<float>(value) : std::max(at, static_cast<float>(value));
        }
    }
};

/// Weekly and daily rhythm of the failure's end, UTC.
void addClock(base::Instant at, std::vector<float> &out)
{
    const base::CivilTime civil = base::toCivil(at);
    out.push_back(static_cast<float>(civil.hour));
    out.push_back(static_cast<float>(civil.weekday));
}

void addPast(const RetryContext &context, std::vector<float> &out)
{
    const PastCounts &job = context.jobPast;
    const PastCounts &owner = context.ownerPast;
    out.push_back(static_cast<float>(job.attempts));
    out.push_back(share(job.failures, job.attempts));
    out.push_back(static_cast<float>(job.retries));
    out.push_back(share(job.retrySuccesses, job.retries));
    out.push_back(ratio(job.successSeconds, job.successes));
    out.push_back(job.peakHeapBytes > 0.0 ? static_cast<float>(job.peakHeapBytes) : kMissing);
    out.push_back(static_cast<float>(owner.attempts));
    out.push_back(share(owner.failures, owner.attempts));
    out.push_back(share(owner.retrySuccesses, owner.retries));
}

void addPlain(const RetryContext &context, const Captured &captured, const Resources &before, std::vector<float> &out)
{
    out.push_back(static_cast<float>(context.domain));
    out.push_back(context.transient ? 1.0F : 0.0F);
    out.push_back(static_cast<float>(context.attempt));
    out.push_back(static_cast<float>(context.tried.size()));
    out.push_back(context.trigger == model::Trigger::Manual      ? 1.0F
                  : context.trigger == model::Trigger::Scheduled ? 2.0F
                                                                 : 0.0F);
    addClock(context.endedAt, out);
    out.push_back(static_cast<float>(context.seconds));
    out.push_back(context.jobPast.successes > 0.0
                      ? ratio(context.seconds * context.jobPast.successes, context.jobPast.successSeconds)
                      : kMissing);
    out.insert(out.end(), {captured.limit, captured.used, captured.size, captured.seconds, captured.other});
    addPast(context, out);
    out.push_back(ratio(metricOf(context, model::metric::kGcSeconds), metricOf(context, model::metric::kRunSeconds)));
    out.push_back(ratio(metricOf(context, model::metric::kPeakHeapBytes), before[Knob::ExecutorMemory]));
    out.push_back(before.known ? 1.0F : 0.0F);
}

} // namespace

const std::vector<std::string> &featureNames()
{
    return layout().names;
}

const std::vector<int> &monotoneDirections()
{
    return layout().monotone;
}

size_t classMemoryRatioColumn()
{
    static const size_t kColumn = static_cast<size_t>(
        std::find(layout().names.begin(), layout().names.end(), "class_memory_ratio") - layout().names.begin());
    return kColumn;
}

FeatureRow::FeatureRow(const RetryContext &context)
    : m_before(resourcesOf(context.config)), m_largestTried(m_before), m_errorClass(context.errorClass),
      m_need(observedNeed(context))
{
    const Captured captured(context.captures);
    m_shared.reserve(kShared);
    m_shared.assign(kWordCount, kMissing);
    addPlain(context, captured, m_before, m_shared);
    for (const std::string_view metric : kMetrics)
        m_shared.push_back(metricOf(context, metric));
    for (const double value : m_before.values)
        m_shared.push_back(static_cast<float>(value));
    for (const model::Config &tried : context.tried) {
        const Resources r = resourcesOf(tried);
        for (size_t k = 0; k < kKnobCount; ++k)
            m_largestTried.values[k] = std::max(m_largestTried.values[k], r.values[k]);
    }
    m_peakHeap = metricOf(context, model::metric::kPeakHeapBytes);
    // The job's own past stands in where the failed attempt collected nothing.
    if (std::isnan(m_peakHeap) && context.jobPast.peakHeapBytes > 0.0)
        m_peakHeap = static_cast<float>(context.jobPast.peakHeapBytes);
    m_peakRss = metricOf(context, model::metric::kPeakRssBytes);
    m_peakDriver = metricOf(context, model::metric::kPeakDriverHeapBytes);
    m_peakOffHeap = metricOf(context, model::metric::kPeakOffHeapBytes);
    m_limit = std::isnan(captured.limit) ? captured.used : captured.limit;
}

void FeatureRow::candidate(const Resources &after, Matrix &matrix) const
{
    matrix.columns = kColumns;
    std::vector<float> &out = matrix.values;
    out.insert(out.end(), m_shared.begin(), m_shared.end());
    for (const double value : after.values)
        out.push_back(static_cast<float>(value));
    for (size_t k = 0; k < kKnobCount; ++k)
        out.push_back(ratio(after.values[k], m_before.values[k]));
    out.push_back(static_cast<float>(memoryRatio(m_before, after)));
    out.push_back(ratio(after.executorContainer(), std::max(1.0, after[Knob::ExecutorCores])));
    out.push_back(ratio(after[Knob::ExecutorMemory], static_cast<double>(m_peakHeap)));
    out.push_back(ratio(after.executorContainer(), static_cast<double>(m_peakRss)));
    out.push_back(ratio(after[Knob::DriverMemory], static_cast<double>(m_peakDriver)));
    out.push_back(ratio(after[Knob::ExecutorOverhead] + after[Knob::OffHeap], static_cast<double>(m_peakOffHeap)));
    out.push_back(ratio(after.executorContainer(), static_cast<double>(m_limit)));
    out.push_back(ratio(after.executorContainer(), m_largestTried.executorContainer()));
    out.push_back(ratio(after.driverContainer(), m_largestTried.driverContainer()));
    // The memory that ran out, whatever it is called: so that one kind of failure teaches about the others.
    const double provided = classMemory(m_errorClass, after);
    out.push_back(ratio(provided, classMemory(m_errorClass, m_before)));
    out.push_back(ratio(provided, m_need));
    out.push_back(ratio(provided, classMemory(m_errorClass, m_largestTried)));
}

void setWords(Matrix &matrix, size_t from, size_t to, const std::array<float, kWordCount> &encoded)
{
    for (size_t i = from; i < to; ++i)
        std::copy(encoded.begin(), encoded.end(), matrix.row(i));
}

double pastHours(const RetryContext &context)
{
    const double seconds =
        context.jobPast.successes > 0.0 ? context.jobPast.successSeconds / context.jobPast.successes : context.seconds;
    return std::max(1.0, seconds) / 3600.0;
}

} // namespace mulligan::predict
