#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "model/model_card.hpp"
#include "policy/economics.hpp"
#include "predict/train.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <optional>
#include <stop_token>

namespace mulligan::pipeline
{

struct TrainRequest {
    std::uint64_t seed = 1;
    int threads = 2;
    policy::Economics economics;
    std::optional<base::Instant> createdAt; ///< stamped on the stored model; absent: the system's clock
};

/// Trains the rolling and the production models on the whole history and stores them with their card.
[[nodiscard]] base::Result<model::ModelCard> trainModels(store::Workspace &workspace, const TrainRequest &request,
                                                         std::stop_token stop, base::Progress &progress);

/// The newest stored models, or nothing when none was trained.
[[nodiscard]] base::Result<std::optional<predict::TrainedModels>> loadModels(store::Workspace &workspace,
                                                                             const policy::Economics &economics);
[[nodiscard]] base::Result<std::optional<model::ModelCard>> loadModelCard(store::Workspace &workspace);

} // namespace mulligan::pipeline
