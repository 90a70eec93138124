#include "replay_arguments.hpp"

#include "report/text.hpp"
#include "simulate/savings_json.hpp"

#include <iostream>

namespace mulligan::cli
{

namespace
{

base::Result<int> run(const Globals &globals, const ReplayArguments &arguments)
{
    MULLIGAN_TRY(const auto setup, prepareReplay(globals, arguments));
    MULLIGAN_TRY(const auto result, runReplay(globals, setup));
    if (globals.json)
        printJson(simulate::savingsToJson(result.report));
    else
        std::cout << report::toText(result.report, colourOut());
    return kDone;
}

} // namespace

void addSimulate(CLI::App &app, Globals &globals)
{
    auto *command =
        app.add_subcommand("simulate", "Replay history under a policy: money, people's time, recovery time");
    auto arguments = std::make_shared<ReplayArguments>();
    addReplayOptions(*command, *arguments);
    command->callback([&globals, arguments] { finish(globals, [&] { return run(globals, *arguments); }); });
}

} // namespace mulligan::cli
