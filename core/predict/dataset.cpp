#include "predict/dataset.hpp"

#include "base/rng.hpp"
#include "predict/support.hpp"

#include <algorithm>
#include <numeric>

namespace mulligan::predict
{

namespace
{

bool usable(const model::History &history, std::uint32_t i)
{
    if (i + 1 >= history.attempts.size())
        return false;
    const model::HistoryAttempt &failed = history.attempts[i];
    const model::HistoryAttempt &retry = history.attempts[i + 1];
    if (!model::isDecisionPoint(failed) || failed.job != retry.job || failed.run != retry.run
        || retry.outcome == model::Outcome::Unknown)
        return false;
    return retry.started != model::Trigger::Manual || history.configs[failed.config] != history.configs[retry.config];
}

/// A person's retry is in the data set only because its configuration is the only known change, so it teaches what that
/// configuration does. Told apart by its trigger it would teach the opposite: where nearly all changed configurations
/// are people's, trees split on the trigger in place of the memory, and candidates, which are scored as automatic
/// retries, lose what the configuration gains.
model::Trigger triggerAsTrained(model::Trigger started)
{
    return started == model::Trigger::Manual ? model::Trigger::AutoRetry : started;
}

Row makeRow(const model::History &history, std::uint32_t i, const RetryContext &context, const HourlyRate &rate)
{
    const model::HistoryAttempt &failed = history.attempts[i];
    const model::HistoryAttempt &retry = history.attempts[i + 1];
    const model::Config &config = history.configs[retry.config];
    Row row;
    row.failed = i;
    row.retry = i + 1;
    row.job = failed.job;
    row.half = halfOf(context.job);
    row.fold = static_cast<int>(base::stableHash(context.job, 1) % kFolds);
    row.decidedAt = failed.endedAt;
    row.knownAt = retry.endedAt;
    row.success = retry.outcome == model::Outcome::Succeeded;
    row.rate = rate ? rate(config, history.names.at(retry.cluster)) : 0.0;
    row.costUsd = retry.costUsd;
    const double lasted = base::secondsBetween(retry.startedAt, retry.endedAt) / 3600.0;
    row.hours = row.rate > 0.0 && retry.costUsd > 0.0 ? retry.costUsd / row.rate : lasted;
    row.pastHours = pastHours(context);
    row.words = wordsOf(context);
    row.errorClass = context.errorClass;
    row.supportCell = Support::cellOf(context, resourcesOf(context.config), resourcesOf(config));
    return row;
}

} // namespace

Half halfOf(std::string_view job)
{
    return base::stableHash(job) % 2 == 0 ? Half::Chooser : Half::Scorer;
}

std::vector<std::uint32_t> Dataset::knownBefore(base::Instant moment) const
{
    const auto end = std::lower_bound(rows.begin(), rows.end(), moment,
                                      [](const Row &row, base::Instant at) { return row.knownAt < at; });
    std::vector<std::uint32_t> out(static_cast<size_t>(end - rows.begin()));
    std::iota(out.begin(), out.end(), 0U);
    return out;
}

RetryContext contextOfRow(const model::History &history, const PastIndex &past, const Row &row)
{
    RetryContext context = contextAt(history, past, row.failed);
    context.trigger = triggerAsTrained(history.attempts[row.retry].started);
    return context;
}

Dataset buildDataset(const model::History &history, const PastIndex &past, const HourlyRate &rate)
{
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < history.attempts.size(); ++i)
        if (usable(history, i))
            order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return history.attempts[a + 1].endedAt < history.attempts[b + 1].endedAt;
    });
    Dataset out;
    out.rows.reserve(order.size());
    out.features.columns = featureNames().size();
    out.features.values.reserve(order.size() * featureNames().size());
    for (const std::uint32_t i : order) {
        RetryContext context = contextAt(history, past, i);
        context.trigger = triggerAsTrained(history.attempts[i + 1].started);
        out.rows.push_back(makeRow(history, i, context, rate));
        FeatureRow(context).candidate(resourcesOf(history.configs[history.attempts[i + 1].config]), out.features);
    }
    return out;
}

} // namespace mulligan::predict
