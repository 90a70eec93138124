#pragma once

#include "base/progress.hpp"
#include "model/history.hpp"
#include "optimize/space.hpp"
#include "pipeline/worker_pool.hpp"
#include "predict/context.hpp"
#include "predict/train.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <unordered_map>
#include <vector>

namespace mulligan::pipeline
{

/// A failed attempt, and the configurations of modelled retries that failed since, in order.
struct ScorePoint {
    std::uint32_t attempt = 0; ///< index into History::attempts
    std::vector<model::Config> triedAfter;
};

/// The candidates of one point with their scores; costs in hours of what each configuration asks for.
struct ScoredPoint {
    std::uint32_t attempt = 0;                                             ///< as in ScorePoint
    std::shared_ptr<const std::vector<optimize::ScoreableConfig>> options; ///< shared by points that have the same
    std::vector<predict::Score> scores;
};

/// Scores of a history's decision points, each by the model in force when it failed, kept once made. Prices do not
/// enter, so one store serves every price book. Thread-safe.
class CandidateScores
{
public:
    CandidateScores(std::shared_ptr<const model::History> history, std::shared_ptr<const predict::PastIndex> past,
                    std::shared_ptr<const predict::TrainedModels> models, optimize::ParameterSpace space,
                    std::shared_ptr<WorkerPool> workers);

    /// Takes over what `before` knows of the failures that have the same verdict here: scores depend on nothing else
    /// that differs between two histories of the same attempts. `before` has the same models and space. To be called
    /// before anything is asked.
    void adopt(const CandidateScores &before);

    /// The scores of a point, made now when they are not known. Errors: Internal, or NotFound before the first model.
    [[nodiscard]] base::Result<std::shared_ptr<const ScoredPoint>> at(std::uint32_t attempt,
                                                                      std::span<const model::Config> triedAfter) const;
    [[nodiscard]] bool known(std::uint32_t attempt, std::span<const model::Config> triedAfter) const;
    /// Scores many points in batches on all workers; those known or before the first model are skipped.
    [[nodiscard]] base::Result<void> scoreAll(std::vector<ScorePoint> points, std::stop_token stop,
                                              base::Progress &progress) const;

    [[nodiscard]] const model::History &history() const { return *m_history; }
    [[nodiscard]] const predict::TrainedModels &models() const { return *m_models; }
    /// The model in force at a failure; null before the first.
    [[nodiscard]] const predict::Predictor *predictorFor(std::uint32_t attempt) const;
    /// The point as the models see it.
    [[nodiscard]] predict::RetryContext contextOf(std::uint32_t attempt,
                                                  std::span<const model::Config> triedAfter) const;

private:
    [[nodiscard]] base::Result<void> scoreBatch(std::span<const ScorePoint> points) const;
    [[nodiscard]] std::shared_ptr<const std::vector<optimize::ScoreableConfig>>
    shared(std::vector<optimize::ScoreableConfig> options) const;
    void keep(std::uint64_t key, std::shared_ptr<const ScoredPoint> point) const;

    std::shared_ptr<const model::History> m_history;
    std::shared_ptr<const predict::PastIndex> m_past;
    std::shared_ptr<const predict::TrainedModels> m_models;
    optimize::ParameterSpace m_space;
    std::shared_ptr<WorkerPool> m_workers;
    mutable std::mutex m_mutex;
    mutable std::unordered_map<std::uint64_t, std::shared_ptr<const ScoredPoint>> m_known;
    mutable std::unordered_map<std::uint64_t,
                               std::vector<std::shared_ptr<const std::vector<optimize::ScoreableConfig>>>>
        m_options;
};

} // namespace mulligan::pipeline
