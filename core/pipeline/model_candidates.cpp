#include "pipeline/model_candidates.hpp"

namespace mulligan::pipeline
{

namespace
{

/// What a configuration is called, brought together with what it is worth.
model::Candidate candidateOf(const optimize::ScoreableConfig &option, const predict::Score &score)
{
    model::Candidate candidate;
    candidate.patch = option.patch;
    candidate.label = option.label;
    candidate.memoryRatio = option.memoryRatio;
    candidate.supported = score.supported;
    candidate.chooser = score.chooser;
    candidate.scorer = score.scorer;
    return candidate;
}

} // namespace

predict::HourlyRate rateOf(const policy::Economics &economics)
{
    return [economics](const model::Config &config, std::string_view cluster) {
        return policy::hourlyRate(economics, config, cluster);
    };
}

base::Result<std::vector<model::Candidate>> scoreCandidates(const optimize::ParameterSpace &space,
                                                            const predict::Predictor &predictor,
                                                            const predict::RetryContext &context,
                                                            const predict::HourlyRate &rate)
{
    const auto options =
        optimize::enumerate(space, context.config, context.errorClass, context.metrics, context.cluster);
    std::vector<model::Config> configs;
    configs.reserve(options.size());
    for (const auto &option : options)
        configs.push_back(model::applied(context.config, option.patch));
    MULLIGAN_TRY(const auto scores, predictor.scoreMany(context, configs, rate));
    std::vector<model::Candidate> candidates;
    candidates.reserve(options.size());
    for (size_t i = 0; i < options.size(); ++i)
        candidates.push_back(candidateOf(options[i], scores[i]));
    return candidates;
}

ModelCandidates::ModelCandidates(std::shared_ptr<const CandidateScores> scores, predict::HourlyRate rate)
    : m_scores(std::move(scores)), m_rate(std::move(rate))
{
}

bool ModelCandidates::scored(std::uint32_t attemptIndex) const
{
    return m_scores->predictorFor(attemptIndex) != nullptr;
}

base::Result<std::vector<model::Candidate>> ModelCandidates::candidates(std::uint32_t attemptIndex,
                                                                        std::span<const model::Config> triedAfter) const
{
    if (!scored(attemptIndex))
        return std::vector<model::Candidate>();
    MULLIGAN_TRY(const auto point, m_scores->at(attemptIndex, triedAfter));
    const model::History &history = m_scores->history();
    const model::HistoryAttempt &attempt = history.attempts[attemptIndex];
    const model::Config &last = triedAfter.empty() ? history.configs[attempt.config] : triedAfter.back();
    const std::string &cluster = history.names.at(attempt.cluster);
    std::vector<model::Candidate> candidates;
    candidates.reserve(point->scores.size());
    for (size_t i = 0; i < point->scores.size(); ++i) {
        const auto &option = (*point->options)[i];
        model::Candidate candidate = candidateOf(option, point->scores[i]);
        const double perHour = m_rate(option.patch.empty() ? last : model::applied(last, option.patch), cluster);
        for (model::Estimate *estimate : {&candidate.chooser, &candidate.scorer}) {
            estimate->costFail *= perHour;
            estimate->costSuccess *= perHour;
        }
        candidates.push_back(std::move(candidate));
    }
    return candidates;
}

std::string ModelCandidates::modelVersion(std::uint32_t attemptIndex) const
{
    const predict::Predictor *predictor = m_scores->predictorFor(attemptIndex);
    return predictor == nullptr ? std::string() : predictor->id();
}

} // namespace mulligan::pipeline
