#include "pipeline/model_candidates.hpp"

#include "base/rng.hpp"

namespace mulligan::pipeline {

namespace {

std::uint64_t keyOf(std::uint32_t attemptIndex, std::span<const model::Config> triedAfter)
{
    std::uint64_t key = attemptIndex + 1;
    for (const auto &config : triedAfter) {
        for (const auto &[property, value] : config)
            key = base::stableHash(value, base::stableHash(property, key));
        key = base::stableHash("|", key);
    }
    return key;
}

} // namespace

base::Result<std::vector<model::Candidate>> scoreCandidates(const optimize::ParameterSpace &space,
                                                            const predict::Predictor &predictor,
                                                            const predict::RetryContext &context)
{
    const auto options = optimize::enumerate(space, context.config, context.errorClass, context.metrics, context.cluster);
    std::vector<model::Config> configs;
    configs.reserve(options.size());
    for (const auto &option : options)
        configs.push_back(model::applied(context.config, option.patch));
    MULLIGAN_TRY(const auto scores, predictor.scoreMany(context, configs));
    std::vector<model::Candidate> candidates;
    candidates.reserve(options.size());
    for (size_t i = 0; i < options.size(); ++i) {
        model::Candidate candidate;
        candidate.patch = options[i].patch;
        candidate.label = options[i].label;
        candidate.memoryRatio = options[i].memoryRatio;
        candidate.supported = scores[i].supported;
        candidate.chooser = scores[i].chooser;
        candidate.scorer = scores[i].scorer;
        candidates.push_back(std::move(candidate));
    }
    return candidates;
}

ModelCandidates::ModelCandidates(std::shared_ptr<const model::History> history,
                                 std::shared_ptr<const predict::PastIndex> past,
                                 std::shared_ptr<const predict::TrainedModels> models, optimize::ParameterSpace space)
    : m_history(std::move(history)), m_past(std::move(past)), m_models(std::move(models)), m_space(std::move(space))
{
}

const predict::Predictor *ModelCandidates::predictorFor(std::uint32_t attemptIndex) const
{
    return m_models->modelAt(m_history->attempts[attemptIndex].endedAt);
}

bool ModelCandidates::scored(std::uint32_t attemptIndex) const
{
    return predictorFor(attemptIndex) != nullptr;
}

predict::RetryContext ModelCandidates::contextOf(std::uint32_t attemptIndex) const
{
    return predict::contextAt(*m_history, *m_past, attemptIndex);
}

base::Result<std::vector<model::Candidate>> ModelCandidates::candidates(std::uint32_t attemptIndex,
                                                                        std::span<const model::Config> triedAfter) const
{
    const predict::Predictor *predictor = predictorFor(attemptIndex);
    if (predictor == nullptr)
        return std::vector<model::Candidate>();
    const std::uint64_t key = keyOf(attemptIndex, triedAfter);
    {
        const std::lock_guard lock(m_mutex);
        if (const auto known = m_known.find(key); known != m_known.end())
            return known->second;
    }
    predict::RetryContext context = contextOf(attemptIndex);
    for (const auto &config : triedAfter)
        context = predict::afterFailedRetry(context, config);
    MULLIGAN_TRY(auto candidates, scoreCandidates(m_space, *predictor, context));
    const std::lock_guard lock(m_mutex);
    m_known.emplace(key, candidates);
    return candidates;
}

std::string ModelCandidates::modelVersion(std::uint32_t attemptIndex) const
{
    const predict::Predictor *predictor = predictorFor(attemptIndex);
    return predictor == nullptr ? std::string() : predictor->id();
}

} // namespace mulligan::pipeline
