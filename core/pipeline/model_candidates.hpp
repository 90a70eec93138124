#pragma once

#include "model/history.hpp"
#include "optimize/space.hpp"
#include "predict/context.hpp"
#include "predict/train.hpp"
#include "simulate/candidate_source.hpp"

#include <memory>
#include <mutex>
#include <unordered_map>

namespace mulligan::pipeline {

/// Enumerates the configurations a retry could run with and scores them: optimize's space and predict's models brought
/// together for the replay, the window and production alike. `context` is the decision point the candidates follow.
[[nodiscard]] base::Result<std::vector<model::Candidate>>
scoreCandidates(const optimize::ParameterSpace &space, const predict::Predictor &predictor,
                const predict::RetryContext &context);

/// What a replay of a workspace's history draws its candidates from: each failure is scored by the model that was
/// fitted before its week. Answers are kept, since the window replays the same failures again and again. Thread-safe.
class ModelCandidates : public simulate::CandidateSource
{
public:
    ModelCandidates(std::shared_ptr<const model::History> history, std::shared_ptr<const predict::PastIndex> past,
                    std::shared_ptr<const predict::TrainedModels> models, optimize::ParameterSpace space);

    [[nodiscard]] bool scored(std::uint32_t attemptIndex) const override;
    [[nodiscard]] base::Result<std::vector<model::Candidate>>
    candidates(std::uint32_t attemptIndex, std::span<const model::Config> triedAfter) const override;
    [[nodiscard]] std::string modelVersion(std::uint32_t attemptIndex) const override;

    [[nodiscard]] const model::History &history() const { return *m_history; }
    /// The decision point as the models see it.
    [[nodiscard]] predict::RetryContext contextOf(std::uint32_t attemptIndex) const;
    /// The model in force at a failure; null before the first.
    [[nodiscard]] const predict::Predictor *predictorFor(std::uint32_t attemptIndex) const;

private:
    std::shared_ptr<const model::History> m_history;
    std::shared_ptr<const predict::PastIndex> m_past;
    std::shared_ptr<const predict::TrainedModels> m_models;
    optimize::ParameterSpace m_space;
    mutable std::mutex m_mutex;
    mutable std::unordered_map<std::uint64_t, std::vector<model::Candidate>> m_known;
};

} // namespace mulligan::pipeline
