#include "arguments.hpp"
#include "command.hpp"
#include "usage.hpp"

#include <csignal>
#include <exception>
#include <iostream>

namespace mulligan::cli
{

namespace
{

void addCommon(CLI::App &app, Globals &globals)
{
    app.set_version_flag("--version", std::string("mulligan ") + MULLIGAN_VERSION);
    app.add_flag("--json", globals.json, "Print one JSON object (or JSON Lines, where said) and nothing else");
    app.add_flag("--quiet", globals.quiet, "No progress bar");
    app.add_option("--threads", globals.threads, "Threads to use; all of the machine's by default")
        ->check(CLI::Range(1, 1024));
}

} // namespace

int run(int argc, char **argv)
{
    Globals globals;
    globals.program = argv[0];
    CLI::App app("Rehearses automatic job remediation on history: which failed jobs deserve a second try, with what "
                 "configuration, and what it would have cost and saved.",
                 "mulligan");
    app.require_subcommand(1);
    app.fallthrough();
    app.option_defaults()->always_capture_default(false);
    addCommon(app, globals);
    for (const AddCommand add :
         {&addInit,  &addImport, &addMap,      &addRejects,   &addClassify,   &addMatch,  &addRules,  &addAudit,
          &addMine,  &addTrain,  &addSimulate, &addEvaluate,  &addReport,     &addExport, &addVerify, &addDecide,
          &addSynth, &addInfo,   &addWatch,    &addConflicts, &addCompletion, &addManual})
        add(app, globals);
    describeArguments(app);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return endOfParsing(app, error, argc, argv);
    }
    return globals.exitCode;
}

} // namespace mulligan::cli

int main(int argc, char **argv)
{
    // A reader that closes our pipe early (head, less) must not end us in the middle of work; `finish` ends us then.
    std::signal(SIGPIPE, SIG_IGN);
    // A limit on the size of files is told like a full disk.
    std::signal(SIGXFSZ, SIG_IGN);
    std::ios::sync_with_stdio(false);
    try {
        return mulligan::cli::run(argc, argv);
    } catch (const std::exception &error) {
        std::cerr << "mulligan: internal error: " << error.what() << '\n';
        return 1;
    }
}
