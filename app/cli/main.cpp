#include "command.hpp"

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

// Wrong usage as the contract wants it: exit 2, and with --json an error object as well.
int usageError(const CLI::App &app, const CLI::ParseError &error, const std::string &unknown, bool json)
{
    if (error.get_exit_code() == 0)
        return app.exit(error);
    Globals globals;
    globals.json = json;
    return fail(globals,
                base::makeError(base::ErrorCode::InvalidArgument,
                                unknown.empty() ? std::string(error.what()) : "There is no command '" + unknown + "'",
                                "See 'mulligan --help' or 'mulligan COMMAND --help'."));
}

// The first word that is no option, when it names no command.
std::string unknownCommand(const CLI::App &app, int argc, char **argv)
{
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word == "--threads")
            ++i;
        else if (!word.empty() && word[0] != '-')
            return app.get_subcommands([&](const CLI::App *each) { return each->get_name() == word; }).empty()
                       ? std::string(word)
                       : std::string();
    }
    return {};
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
         {&addInit,  &addImport, &addMap,      &addRejects,   &addClassify,   &addMatch,  &addRules,  &addMine,
          &addAudit, &addTrain,  &addSimulate, &addEvaluate,  &addReport,     &addExport, &addVerify, &addDecide,
          &addSynth, &addInfo,   &addWatch,    &addConflicts, &addCompletion, &addManual})
        add(app, globals);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        bool json = false;
        for (int i = 1; i < argc; ++i)
            json = json || std::string_view(argv[i]) == "--json";
        return usageError(app, error, unknownCommand(app, argc, argv), json);
    }
    return globals.exitCode;
}

} // namespace mulligan::cli

int main(int argc, char **argv)
{
    // A reader that closes our pipe early (head, less) ends us through the failed write, not by a signal.
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
