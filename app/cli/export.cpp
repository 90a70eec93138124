#include "replay_arguments.hpp"

#include "pipeline/export_bundle.hpp"

#include <iostream>

namespace mulligan::cli
{

namespace
{

struct Arguments {
    ReplayArguments replay;
    std::string out;
    std::string approver;
    std::vector<std::string> targets;
};

void printText(const pipeline::ExportReport &report)
{
    for (const auto &file : report.files)
        std::cout << file.sha256.substr(0, 12) << "  " << file.path << "  (" << grouped(file.bytes) << " bytes)\n";
    std::cout << "Wrote " << report.out << ": " << counted(report.recommendations, "recommendation") << ", "
              << counted(report.golden, "golden decision") << ".\n";
    if (report.rolling.points > 0)
        std::cout << "On " << counted(report.rolling.points, "failure")
                  << " of the history its decisions differ from the "
                  << "rolling replay's in " << grouped(report.rolling.differing)
                  << " (the models are of other dates).\n";
    for (const auto &warning : report.warnings)
        std::cout << "warning: " << warning << '\n';
}

base::Result<int> run(const Globals &globals, const Arguments &arguments)
{
    MULLIGAN_CHECK(store::Workspace::refuseToReplace(arguments.out));
    MULLIGAN_TRY(auto setup, prepareReplay(globals, arguments.replay));
    pipeline::ExportOptions options;
    options.out = arguments.out;
    options.approver = arguments.approver;
    options.targets = arguments.targets;
    options.replay = setup.options;
    options.spaceFile = arguments.replay.space;
    options.rules = arguments.replay.rules.empty() ? nullptr : setup.rules;
    options.atHand = setup.atHand;
    options.createdAt = base::systemNow();
    MULLIGAN_TRY(const auto report, withProgress<pipeline::ExportReport>(globals, [&](auto stop, auto &progress) {
                     return pipeline::exportBundle(setup.workspace, setup.resources, *setup.session, setup.policy,
                                                   setup.economics, options, stop, progress);
                 }));
    if (!globals.json) {
        printText(report);
        return kDone;
    }
    formats::Json files = formats::Json::array();
    for (const auto &file : report.files)
        files.push(formats::Json().set("path", file.path).set("sha256", file.sha256));
    formats::Json warnings = formats::Json::array();
    for (const auto &warning : report.warnings)
        warnings.push(warning);
    formats::Json rolling;
    rolling.set("points", report.rolling.points).set("differing", report.rolling.differing);
    printJson(formats::Json()
                  .set("out", report.out)
                  .set("files", files)
                  .set("recommendations", report.recommendations)
                  .set("golden", report.golden)
                  .set("differs_from_rolling", rolling)
                  .set("warnings", warnings));
    return kDone;
}

} // namespace

void addExport(CLI::App &app, Globals &globals)
{
    auto *command = app.add_subcommand("export", "Write the production bundle and targets generated from it");
    auto arguments = std::make_shared<Arguments>();
    addReplayOptions(*command, arguments->replay);
    command->add_option("--out", arguments->out, "Bundle to write (.zip)")->required();
    command->add_option("--approver", arguments->approver, "Who approves it; stamped into the manifest");
    command->add_option("--target", arguments->targets, "Target to generate: spark");
    command->callback([&globals, arguments] { finish(globals, [&] { return run(globals, *arguments); }); });
}

} // namespace mulligan::cli
