#include "replay_arguments.hpp"

#include "pipeline/compare_cadences.hpp"
#include "report/cadence_text.hpp"
#include "report/text.hpp"
#include "simulate/cadence_figures.hpp"
#include "simulate/savings_json.hpp"

#include <iostream>

namespace mulligan::cli
{

namespace
{

struct Arguments {
    ReplayArguments replay;
    std::string cadences; ///< to compare; empty: none
};

using Rows = std::vector<model::CadenceRow>;

void print(const Globals &globals, const simulate::ReplayResult &result, const Rows &rows)
{
    if (globals.json) {
        formats::Json out = simulate::savingsToJson(result.report);
        out.set("cadence", simulate::cadenceToJson(result.cadence));
        formats::Json compared = formats::Json::array();
        for (const model::CadenceRow &row : rows)
            compared.push(simulate::cadenceRowToJson(row));
        if (!rows.empty())
            out.set("cadences", compared);
        printJson(out);
        return;
    }
    std::cout << report::toText(result.report, colourOut());
    const Rows one{simulate::cadenceRow(result)};
    if (!rows.empty() || result.cadence.cadence != simulate::toText({}))
        std::cout << report::cadencesToText(rows.empty() ? one : rows, result.report.currency, colourOut());
}

base::Result<int> run(const Globals &globals, const Arguments &arguments)
{
    std::vector<simulate::Cadence> cadences;
    if (!arguments.cadences.empty()) {
        MULLIGAN_TRY(const auto absent, simulate::whenAbsentFromText(arguments.replay.whenAbsent));
        auto read = pipeline::cadencesFromText(arguments.cadences, absent);
        if (!read)
            return std::move(read).error().in("--cadences");
        cadences = std::move(*read);
    }
    MULLIGAN_TRY(const auto setup, prepareReplay(globals, arguments.replay));
    MULLIGAN_TRY(const auto result, runReplay(globals, setup));
    MULLIGAN_TRY(const auto rows, withProgress<Rows>(globals, [&](auto stop, auto &progress) {
                     return pipeline::compareCadences(*setup.session, setup.policy, setup.economics, setup.options,
                                                      cadences, stop, progress);
                 }));
    print(globals, result, rows);
    return kDone;
}

} // namespace

void addSimulate(CLI::App &app, Globals &globals)
{
    auto *command =
        app.add_subcommand("simulate", "Replay history under a policy: money, people's time, recovery time");
    auto arguments = std::make_shared<Arguments>();
    addReplayOptions(*command, arguments->replay);
    command->add_option("--cadence", arguments->replay.cadence,
                        "How often recommendations are made anew: on_failure (the default), minutes or hours such as "
                        "30m or 2h, daily, or daily@6 for 06:00 UTC");
    command->add_option("--cadences", arguments->cadences,
                        "Cadences to compare, separated by commas: on_failure,30m,daily");
    command->add_option("--when-absent", arguments->replay.whenAbsent,
                        "What a retry does that finds no recommendation: fall_back (run unchanged, the default) or "
                        "wait (for its batch)");
    command->callback([&globals, arguments] { finish(globals, [&] { return run(globals, *arguments); }); });
}

} // namespace mulligan::cli
