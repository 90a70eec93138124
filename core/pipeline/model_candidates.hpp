#pragma once

#include "model/history.hpp"
#include "optimize/space.hpp"
#include "pipeline/candidate_scores.hpp"
#include "policy/economics.hpp"
#include "predict/context.hpp"
#include "predict/train.hpp"
#include "simulate/candidate_source.hpp"

#include <memory>
#include <string>
#include <vector>

namespace mulligan::pipeline
{

/// The price book as predict takes it. Holds a copy.
[[nodiscard]] predict::HourlyRate rateOf(const policy::Economics &economics);

/// Enumerates the configurations a retry could run with and scores them: optimize's space and predict's models brought
/// together for the replay, the window and production alike. `context` is the decision point the candidates follow.
[[nodiscard]] base::Result<std::vector<model::Candidate>> scoreCandidates(const optimize::ParameterSpace &space,
                                                                          const predict::Predictor &predictor,
                                                                          const predict::RetryContext &context,
                                                                          const predict::HourlyRate &rate);

/// What a replay of a workspace's history draws its candidates from: each failure is scored by the model that was
/// fitted before its week, at the prices of one price book. Thread-safe.
class ModelCandidates : public simulate::CandidateSource
{
public:
    ModelCandidates(std::shared_ptr<const CandidateScores> scores, predict::HourlyRate rate);

    [[nodiscard]] bool scored(std::uint32_t attemptIndex) const override;
    [[nodiscard]] base::Result<std::vector<model::Candidate>>
    candidates(std::uint32_t attemptIndex, std::span<const model::Config> triedAfter) const override;
    [[nodiscard]] std::string modelVersion(std::uint32_t attemptIndex) const override;

    [[nodiscard]] const CandidateScores &scores() const { return *m_scores; }

private:
    std::shared_ptr<const CandidateScores> m_scores;
    predict::HourlyRate m_rate;
};

} // namespace mulligan::pipeline
