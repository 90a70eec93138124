#include "command.hpp"

#include "formats/file.hpp"
#include "pipeline/classified_pack.hpp"
#include "pipeline/classify_workspace.hpp"
#include "pipeline/evaluate_truth.hpp"

#include <filesystem>
#include <iostream>

namespace mulligan::cli
{

namespace
{

struct Arguments {
    std::string workspace;
    std::string truth;
    std::string policy;
    std::string economics;
    std::string space;
    std::vector<std::string> rules;
    std::string leaveOut = "workflow";
    std::uint32_t folds = 0;
    std::uint64_t seed = 1;
    bool learningCurve = false;
    std::string out;
};

base::Result<pipeline::TruthRequest> requestOf(const Globals &globals, const Arguments &arguments,
                                               store::Workspace &workspace)
{
    MULLIGAN_TRY(const auto shipped, resources(globals));
    pipeline::TruthRequest request;
    request.truthFile = arguments.truth;
    MULLIGAN_TRY(request.policy, arguments.policy.empty() ? pipeline::workspacePolicy(workspace, shipped)
                                                          : pipeline::loadPolicy(shipped, arguments.policy));
    MULLIGAN_TRY(request.economics, arguments.economics.empty()
                                        ? pipeline::workspaceEconomics(workspace, shipped)
                                        : pipeline::loadEconomics(shipped, arguments.economics));
    MULLIGAN_TRY(request.space, pipeline::loadSpace(shipped, arguments.space));
    MULLIGAN_TRY(request.rules, pipeline::workspaceClassifier(workspace, shipped, arguments.rules));
    if (arguments.rules.empty()) {
        MULLIGAN_TRY(const auto own, pipeline::workspaceRules(workspace));
        const auto atHand = request.rules;
        MULLIGAN_TRY(auto inForce, pipeline::packInForce(workspace, atHand));
        // A pack of one's own need not know every class that the shipped policy and economics speak of.
        if (own.empty())
            MULLIGAN_CHECK(pipeline::checkNames(request.policy, request.economics, *atHand, *inForce.rules));
        request.rules = std::move(inForce.rules);
    }
    request.leaveOut = *pipeline::leaveOutFromName(arguments.leaveOut);
    request.folds = arguments.folds;
    request.seed = arguments.seed;
    request.threads = globals.threadCount();
    request.learningCurve = arguments.learningCurve;
    return request;
}

base::Result<int> run(const Globals &globals, const Arguments &arguments)
{
    if (arguments.truth.empty())
        return base::makeError(base::ErrorCode::InvalidArgument,
                               "Nothing to evaluate against: this version evaluates a policy on known truth only",
                               "Name a truth file with --truth, such as the truth.jsonl that 'mulligan synth' writes.");
    MULLIGAN_TRY(auto workspace, store::Workspace::open(arguments.workspace, store::OpenMode::ReadOnly));
    MULLIGAN_CHECK(pipeline::requireClassified(workspace));
    MULLIGAN_TRY(const auto request, requestOf(globals, arguments, workspace));
    // Found out before the models are trained, not after.
    const auto folder = std::filesystem::path(arguments.out).parent_path();
    if (!folder.empty() && !std::filesystem::is_directory(folder))
        return base::makeError(base::ErrorCode::NotFound, "There is no folder '" + folder.string() + "' to write into",
                               "Make it, or name another file with --out.");
    MULLIGAN_TRY(const auto report, withProgress<evaluate::TruthReport>(globals, [&](auto stop, auto &progress) {
                     return pipeline::evaluateTruth(workspace, request, stop, progress);
                 }));
    if (!arguments.out.empty())
        MULLIGAN_CHECK(formats::writeFileAtomically(arguments.out, evaluate::truthToMarkdown(report)));
    if (globals.json) {
        formats::Json json;
        json.set("truth", evaluate::truthToJson(report));
        if (!arguments.out.empty())
            json.set("out", arguments.out);
        printJson(json);
    } else {
        std::cout << evaluate::truthToText(report);
    }
    return kDone;
}

} // namespace

void addEvaluate(CLI::App &app, Globals &globals)
{
    auto *command =
        app.add_subcommand("evaluate", "Hold a policy against known truth, on workflows its models have never seen");
    auto arguments = std::make_shared<Arguments>();
    command->add_option("WORKSPACE", arguments->workspace, "Workspace file")->required();
    command->add_option("--truth", arguments->truth,
                        "Truth file: JSON Lines of what each configuration does (plain, .zst or .gz)");
    command->add_option("--policy", arguments->policy, "policy.yaml; the workspace's own, else the shipped one");
    command->add_option("--economics", arguments->economics,
                        "economics.yaml; the workspace's own, else the shipped one");
    command->add_option("--space", arguments->space, "space.yaml; the shipped one by default");
    command->add_option("--rules", arguments->rules,
                        "Rule files or folders; by default the rules that the workspace was classified by");
    command
        ->add_option("--leave-out", arguments->leaveOut, "What is held out together: workflow, job or team (workflow)")
        ->check(CLI::IsMember({"workflow", "job", "team"}));
    command
        ->add_option("--folds", arguments->folds,
                     "At most so many folds; beyond it workflows are held out in groups (20)")
        ->check(CLI::Range(2, 10'000));
    command->add_option("--seed", arguments->seed, "Seed of models, folds and intervals (1)");
    command->add_flag("--learning-curve", arguments->learningCurve,
                      "Also with a quarter, half and three quarters of the other workflows");
    command->add_option("--out", arguments->out, "Also write the tables to this file, as Markdown");
    command->callback([&globals, arguments] { finish(globals, [&] { return run(globals, *arguments); }); });
}

} // namespace mulligan::cli
