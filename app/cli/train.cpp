#include "command.hpp"

#include "pipeline/classify_workspace.hpp"
#include "pipeline/train_models.hpp"
#include "predict/card_json.hpp"

#include <cstdio>
#include <iostream>

namespace mulligan::cli
{

namespace
{

void printText(const model::ModelCard &card)
{
    if (card.fallback) {
        std::cout << "No model: " << card.fallbackReason << "\nClass rates stand in, and every figure says so.\n";
        return;
    }
    std::printf("Model %s: %s rows, %s scored out of time by %llu refits\n\n", card.modelId.c_str(),
                grouped(card.rows).c_str(), grouped(card.scoredRows).c_str(),
                static_cast<unsigned long long>(card.refits));
    std::printf("%-16s %8s %8s %9s %8s %8s\n", "", "AUC", "PR-AUC", "log loss", "Brier", "ECE");
    const auto row = [](const std::string &label, const model::ProbabilityQuality &q) {
        std::printf("%-16s %8.3f %8.3f %9.3f %8.3f %8.3f\n", label.c_str(), q.auc, q.prAuc, q.logLoss, q.brier, q.ece);
    };
    row("model", card.success);
    for (const auto &[label, quality] : card.baselines)
        row(label, quality);
    std::printf("\nCost: mean absolute error %.3g USD, bias %+.3g USD (target: %s)\n", card.cost.mae, card.cost.bias,
                card.costTarget.c_str());
    std::fflush(stdout);
}

struct Arguments {
    std::string workspace;
    std::string economics;
    std::uint64_t seed = 1;
};

base::Result<int> run(const Globals &globals, const Arguments &arguments)
{
    MULLIGAN_TRY(const auto shipped, resources(globals));
    MULLIGAN_TRY(auto workspace, store::Workspace::open(arguments.workspace, store::OpenMode::ReadWrite));
    MULLIGAN_CHECK(pipeline::requireClassified(workspace));
    pipeline::TrainRequest request;
    request.seed = arguments.seed;
    request.threads = globals.threadCount();
    MULLIGAN_TRY(request.economics, arguments.economics.empty()
                                        ? pipeline::workspaceEconomics(workspace, shipped)
                                        : pipeline::loadEconomics(shipped, arguments.economics));
    MULLIGAN_TRY(const auto card, withProgress<model::ModelCard>(globals, [&](auto stop, auto &progress) {
                     return pipeline::trainModels(workspace, request, stop, progress);
                 }));
    if (globals.json)
        printJson(predict::cardToJson(card));
    else
        printText(card);
    return kDone;
}

} // namespace

void addTrain(CLI::App &app, Globals &globals)
{
    auto *command = app.add_subcommand("train", "Train and check the models");
    auto arguments = std::make_shared<Arguments>();
    command->add_option("WORKSPACE", arguments->workspace, "Workspace file")->required();
    command->add_option("--seed", arguments->seed, "Seed; the same seed and data give the same model (1)");
    command->add_option("--economics", arguments->economics, "economics.yaml with the price book");
    command->callback([&globals, arguments] { finish(globals, [&] { return run(globals, *arguments); }); });
}

} // namespace mulligan::cli
