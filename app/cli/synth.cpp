#include "command.hpp"

#include "synth/synth.hpp"

#include <iostream>

namespace mulligan::cli
{

namespace
{

base::Result<int> run(const Globals &globals, const synth::SynthOptions &options)
{
    MULLIGAN_TRY(const auto report, withProgress<synth::SynthReport>(globals, [&](auto stop, auto &progress) {
                     return synth::synthesize(options, stop, progress);
                 }));
    if (globals.json) {
        formats::Json files = formats::Json::array();
        for (const auto &file : report.files)
            files.push(file);
        printJson(
            formats::Json().set("files", files).set("attempts", report.attempts).set("failures", report.failures));
    } else {
        std::cout << "Wrote a synthetic history to " << options.outDir << ": " << grouped(report.attempts)
                  << " attempts, " << grouped(report.failures) << " failures, " << report.files.size() << " files\n";
    }
    return kDone;
}

} // namespace

void addSynth(CLI::App &app, Globals &globals)
{
    auto *command = app.add_subcommand("synth", "Write a synthetic history with known truth");
    auto options = std::make_shared<synth::SynthOptions>();
    command->add_option("--out", options->outDir, "Folder to write")->required();
    command->add_option("--jobs", options->jobs, "Jobs on the platform (300)")->check(CLI::Range(1, 1'000'000));
    command->add_option("--days", options->days, "Days of history (120)")->check(CLI::Range(1, 3660));
    command->add_option("--seed", options->seed, "Seed; the same seed gives the same files (1)");
    command->add_option("--event-log-share", options->eventLogShare, "Share of runs with a Spark event log (0.015)")
        ->check(CLI::Range(0.0, 1.0));
    command
        ->add_option("--exploration", options->exploration,
                     "Chance that a run's first memory failure is retried with memory drawn at random (0.1)")
        ->check(CLI::Range(0.0, 0.9));
    command->add_flag("--compress", options->compress, "Write .zst files");
    command->callback([&globals, options] { finish(globals, [&] { return run(globals, *options); }); });
}

} // namespace mulligan::cli
