#include "pipeline/train_models.hpp"

#include "pipeline/model_candidates.hpp"
#include "pipeline/priced_history.hpp"
#include "predict/card_json.hpp"
#include "store/history_loader.hpp"
#include "store/model_store.hpp"

namespace mulligan::pipeline
{

base::Result<model::ModelCard> trainModels(store::Workspace &workspace, const TrainRequest &request,
                                           std::stop_token stop, base::Progress &progress)
{
    MULLIGAN_TRY(model::History history, store::loadHistory(workspace, stop, progress));
    if (history.attempts.empty())
        return base::makeError(base::ErrorCode::InsufficientData, "The workspace holds no attempts to learn from",
                               "Import a history first.");
    reprice(history, request.economics);
    const predict::PastIndex past = predict::PastIndex::build(history);
    predict::TrainOptions options;
    options.seed = request.seed;
    options.threads = request.threads;
    options.rate = rateOf(request.economics);
    MULLIGAN_TRY(const predict::TrainedModels models, predict::train(history, past, options, stop, progress));
    store::StoredModel stored;
    stored.id = models.id;
    stored.createdAt = request.createdAt.value_or(base::systemNow());
    stored.cardJson = formats::writeJson(predict::cardToJson(models.card));
    stored.files = models.files();
    progress.begin("Storing the models");
    MULLIGAN_CHECK(store::saveModel(workspace, stored));
    return models.card;
}

base::Result<std::optional<predict::TrainedModels>> loadModels(store::Workspace &workspace, const policy::Economics &)
{
    MULLIGAN_TRY(const auto stored, store::latestModel(workspace));
    if (!stored)
        return std::optional<predict::TrainedModels>();
    auto models = predict::TrainedModels::fromFiles(stored->files);
    if (!models.has_value())
        return std::move(models).error().in("model " + stored->id + " of " + workspace.path());
    MULLIGAN_TRY(const auto json, formats::parseJson(stored->cardJson));
    MULLIGAN_TRY(models->card, predict::cardFromJson(json));
    return std::optional(std::move(*models));
}

base::Result<std::optional<model::ModelCard>> loadModelCard(store::Workspace &workspace)
{
    MULLIGAN_TRY(const auto stored, store::latestModel(workspace, false));
    if (!stored)
        return std::optional<model::ModelCard>();
    MULLIGAN_TRY(const auto json, formats::parseJson(stored->cardJson));
    MULLIGAN_TRY(auto card, predict::cardFromJson(json));
    return std::optional(std::move(card));
}

} // namespace mulligan::pipeline
