#include "pipeline/candidate_scores.hpp"

#include "base/rng.hpp"
#include "model/candidate.hpp"

#include <algorithm>

namespace mulligan::pipeline
{

namespace
{

/// Points scored in one call: enough to fill XGBoost's blocks, few enough to share among threads and to cancel.
constexpr size_t kBatch = 256;
/// Points kept; beyond it the store starts anew, since a session that tries many policies would grow without end.
constexpr size_t kMostKept = 1'000'000;

std::uint64_t keyOf(std::uint32_t attempt, std::span<const model::Config> triedAfter)
{
    std::uint64_t key = attempt + 1;
    for (const auto &config : triedAfter) {
        for (const auto &[property, value] : config)
            key = base::stableHash(value, base::stableHash(property, key));
        key = base::stableHash("|", key);
    }
    return key;
}

std::uint64_t keyOf(const std::vector<optimize::ScoreableConfig> &options)
{
    std::uint64_t key = options.size();
    for (const auto &option : options)
        key = base::stableHash(option.label, key);
    return key;
}

} // namespace

CandidateScores::CandidateScores(std::shared_ptr<const model::History> history,
                                 std::shared_ptr<const predict::PastIndex> past,
                                 std::shared_ptr<const predict::TrainedModels> models, optimize::ParameterSpace space,
                                 std::shared_ptr<WorkerPool> workers)
    : m_history(std::move(history)), m_past(std::move(past)), m_models(std::move(models)), m_space(std::move(space)),
      m_workers(std::move(workers))
{
}

void CandidateScores::adopt(const CandidateScores &before)
{
    const std::scoped_lock lock(m_mutex, before.m_mutex);
    for (const auto &[key, point] : before.m_known)
        if (m_history->attempts[point->attempt].verdict == before.m_history->attempts[point->attempt].verdict)
            m_known.emplace(key, point);
    m_options = before.m_options;
}

const predict::Predictor *CandidateScores::predictorFor(std::uint32_t attempt) const
{
    return m_models->modelAt(m_history->attempts[attempt].endedAt);
}

predict::RetryContext CandidateScores::contextOf(std::uint32_t attempt, std::span<const model::Config> triedAfter) const
{
    predict::RetryContext context = predict::contextAt(*m_history, *m_past, attempt);
    for (const auto &config : triedAfter)
        context = predict::afterFailedRetry(context, config);
    return context;
}

std::shared_ptr<const std::vector<optimize::ScoreableConfig>>
CandidateScores::shared(std::vector<optimize::ScoreableConfig> options) const
{
    const std::uint64_t key = keyOf(options);
    const std::lock_guard lock(m_mutex);
    auto &same = m_options[key];
    for (const auto &known : same)
        if (*known == options)
            return known;
    same.push_back(std::make_shared<const std::vector<optimize::ScoreableConfig>>(std::move(options)));
    return same.back();
}

void CandidateScores::keep(std::uint64_t key, std::shared_ptr<const ScoredPoint> point) const
{
    const std::lock_guard lock(m_mutex);
    if (m_known.size() >= kMostKept)
        m_known.clear();
    m_known.insert_or_assign(key, std::move(point));
}

bool CandidateScores::known(std::uint32_t attempt, std::span<const model::Config> triedAfter) const
{
    const std::lock_guard lock(m_mutex);
    return m_known.contains(keyOf(attempt, triedAfter));
}

base::Result<void> CandidateScores::scoreBatch(std::span<const ScorePoint> points) const
{
    // All points of a batch belong to one model.
    const predict::Predictor *predictor = predictorFor(points.front().attempt);
    std::vector<predict::RetryContext> contexts;
    std::vector<std::shared_ptr<const std::vector<optimize::ScoreableConfig>>> options;
    std::vector<std::vector<model::Config>> configs(points.size());
    contexts.reserve(points.size());
    std::vector<predict::ScoreRequest> requests;
    for (size_t i = 0; i < points.size(); ++i) {
        contexts.push_back(contextOf(points[i].attempt, points[i].triedAfter));
        const auto &context = contexts.back();
        options.push_back(
            shared(optimize::enumerate(m_space, context.config, context.errorClass, context.metrics, context.cluster)));
        for (const auto &option : *options.back())
            configs[i].push_back(model::applied(context.config, option.patch));
        requests.push_back({&context, configs[i]});
    }
    MULLIGAN_TRY(const auto scores, predictor->scoreHours(requests));
    size_t from = 0;
    for (size_t i = 0; i < points.size(); ++i) {
        auto point = std::make_shared<ScoredPoint>();
        point->attempt = points[i].attempt;
        point->options = options[i];
        const auto begin = scores.begin() + static_cast<std::ptrdiff_t>(from);
        from += configs[i].size();
        point->scores.assign(begin, scores.begin() + static_cast<std::ptrdiff_t>(from));
        keep(keyOf(points[i].attempt, points[i].triedAfter), std::move(point));
    }
    return {};
}

base::Result<std::shared_ptr<const ScoredPoint>> CandidateScores::at(std::uint32_t attempt,
                                                                     std::span<const model::Config> triedAfter) const
{
    if (predictorFor(attempt) == nullptr)
        return base::makeError(base::ErrorCode::NotFound, "This failure lies before the first model");
    const std::uint64_t key = keyOf(attempt, triedAfter);
    const auto find = [&]() -> std::shared_ptr<const ScoredPoint> {
        const std::lock_guard lock(m_mutex);
        const auto it = m_known.find(key);
        return it == m_known.end() ? nullptr : it->second;
    };
    for (;;) {
        if (auto point = find())
            return point;
        const ScorePoint wanted{attempt, {triedAfter.begin(), triedAfter.end()}};
        MULLIGAN_CHECK(scoreBatch({&wanted, 1}));
    }
}

base::Result<void> CandidateScores::scoreAll(std::vector<ScorePoint> points, std::stop_token stop,
                                             base::Progress &progress) const
{
    std::erase_if(points, [&](const ScorePoint &point) {
        return predictorFor(point.attempt) == nullptr || known(point.attempt, point.triedAfter);
    });
    const auto endedAt = [&](const ScorePoint &point) { return m_history->attempts[point.attempt].endedAt; };
    // By time, so that points of one model lie together.
    std::stable_sort(points.begin(), points.end(),
                     [&](const ScorePoint &a, const ScorePoint &b) { return endedAt(a) < endedAt(b); });
    std::vector<std::span<const ScorePoint>> batches;
    for (size_t at = 0; at < points.size();) {
        size_t end = at + 1;
        while (end < points.size() && end - at < kBatch
               && predictorFor(points[end].attempt) == predictorFor(points[at].attempt))
            ++end;
        batches.emplace_back(points.data() + at, end - at);
        at = end;
    }
    std::mutex mutex;
    std::optional<base::Error> failure;
    m_workers->run(batches.size(), [&](size_t i) {
        if (stop.stop_requested())
            return;
        auto done = scoreBatch(batches[i]);
        progress.advance(batches[i].size());
        const std::lock_guard lock(mutex);
        if (!done.has_value() && !failure)
            failure = std::move(done).error();
    });
    if (stop.stop_requested())
        return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
    if (failure)
        return *failure;
    return {};
}

} // namespace mulligan::pipeline
