#include "predict/context.hpp"

namespace mulligan::predict
{

namespace
{

void takeVerdict(RetryContext &context, const model::Verdict &verdict)
{
    context.errorClass = verdict.errorClass;
    context.rule = verdict.rule;
    context.domain = verdict.domain;
    context.transient = verdict.transient;
    for (const auto &[name, capture] : verdict.captures)
        if (capture.value.has_value())
            context.captures.emplace(name, *capture.value);
}

/// `began`: start of the run's first attempt. What this run tried is told by `attempt` and `tried`; were it counted
/// among the past too, the past would tell a first failure from a later one, and so unchanged automatic retries from
/// what people changed after them.
void takePast(RetryContext &context, const PastIndex &past, base::Instant began)
{
    context.jobPast = past.job(context.job, began);
    context.ownerPast = context.owner.empty() ? PastCounts() : past.owner(context.owner, began);
}

bool failed(model::Outcome outcome)
{
    return outcome == model::Outcome::Failed || outcome == model::Outcome::Killed;
}

} // namespace

RetryContext contextAt(const model::History &history, const PastIndex &past, std::uint32_t attemptIndex)
{
    const model::HistoryAttempt &attempt = history.attempts[attemptIndex];
    RetryContext context;
    context.job = history.jobs.at(attempt.job);
    context.owner = history.names.at(attempt.owner);
    context.cluster = history.names.at(attempt.cluster);
    takeVerdict(context, attempt.verdict);
    context.attempt = attempt.attempt;
    context.exceptionClass = attempt.exceptionClass;
    context.templateHash = attempt.templateHash;
    context.config = history.configs[attempt.config];
    context.metrics = attempt.metrics.all();
    std::uint32_t first = attemptIndex;
    while (first > 0 && history.attempts[first - 1].job == attempt.job
           && history.attempts[first - 1].run == attempt.run)
        --first;
    for (std::uint32_t i = first; i < attemptIndex; ++i)
        if (failed(history.attempts[i].outcome))
            context.tried.push_back(history.configs[history.attempts[i].config]);
    context.seconds = base::secondsBetween(attempt.startedAt, attempt.endedAt);
    context.costUsd = attempt.costUsd;
    context.endedAt = attempt.endedAt;
    takePast(context, past, history.attempts[first].startedAt);
    return context;
}

RetryContext contextOf(const model::Attempt &attempt, const model::Verdict &verdict, std::string_view exceptionClass,
                       std::uint64_t templateHash, std::span<const model::Attempt> earlier, const PastIndex &past)
{
    RetryContext context;
    context.job = attempt.job;
    context.owner = attempt.owner;
    context.cluster = attempt.cluster;
    takeVerdict(context, verdict);
    context.attempt = attempt.attempt;
    context.exceptionClass = exceptionClass;
    context.templateHash = templateHash;
    context.config = attempt.config;
    context.metrics = attempt.metrics;
    for (const model::Attempt &before : earlier)
        if (failed(before.outcome))
            context.tried.push_back(before.config);
    context.seconds = base::secondsBetween(attempt.startedAt, attempt.endedAt);
    context.costUsd = attempt.costUsd.value_or(0.0);
    context.endedAt = attempt.endedAt;
    takePast(context, past, earlier.empty() ? attempt.startedAt : earlier.front().startedAt);
    return context;
}

RetryContext afterFailedRetry(const RetryContext &context, const model::Config &config)
{
    RetryContext next = context;
    next.attempt = context.attempt + 1;
    next.tried.push_back(context.config);
    next.config = config;
    return next;
}

} // namespace mulligan::predict
