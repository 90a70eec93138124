#include "replay_arguments.hpp"

#include "pipeline/savings_report.hpp"
#include "pipeline/train_models.hpp"

#include <chrono>
#include <filesystem>
#include <iostream>

#include <sys/wait.h>
#include <unistd.h>

namespace mulligan::cli
{

namespace
{

base::Instant now()
{
    using namespace std::chrono;
    return {duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count()};
}

// The desktop program draws PDF; it lies beside this one or on the search path.
base::Result<int> renderPdf(const Globals &globals, const ReplayArguments &arguments, const std::string &out)
{
    if (!arguments.policy.empty() || !arguments.economics.empty() || !arguments.space.empty()
        || !arguments.settings.empty() || !arguments.from.empty() || !arguments.to.empty())
        return base::makeError(base::ErrorCode::InvalidArgument, "A PDF prints the policy saved in the workspace",
                               "Leave the other options out, or write .html with them and print it from a browser.");
    std::error_code ignored;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
    const auto beside = self.parent_path() / "mulligan-desktop";
    const std::string program = std::filesystem::exists(beside, ignored) ? beside.string() : "mulligan-desktop";
    const pid_t child = fork();
    if (child == 0) {
        setenv("QT_QPA_PLATFORM", "offscreen", 1);
        execlp(program.c_str(), program.c_str(), arguments.workspace.c_str(), "--report", out.c_str(),
               static_cast<char *>(nullptr));
        _exit(127);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) == 127)
        return base::makeError(base::ErrorCode::Unsupported, "PDF needs mulligan-desktop, which was not found",
                               "Install the desktop program, or write .html and print it from a browser.");
    if (WEXITSTATUS(status) != 0)
        return base::makeError(base::ErrorCode::Io, "mulligan-desktop could not write '" + out + "'",
                               "See its message above; or write .html and print it from a browser.");
    if (globals.json)
        printJson(formats::Json().set("out", out));
    else
        std::cout << "Wrote " << out << '\n';
    return kDone;
}

base::Result<int> run(const Globals &globals, const ReplayArguments &arguments, const std::string &out)
{
    MULLIGAN_CHECK(store::Workspace::refuseToReplace(out));
    if (out.size() > 4 && out.ends_with(".pdf"))
        return renderPdf(globals, arguments, out);
    MULLIGAN_CHECK(pipeline::checkReportPath(out));
    MULLIGAN_TRY(auto setup, prepareReplay(globals, arguments));
    MULLIGAN_TRY(const auto result, runReplay(globals, setup));
    MULLIGAN_TRY(const auto card, pipeline::loadModelCard(setup.workspace));
    const auto input =
        pipeline::makeReportInput(result.report, card, setup.policy, setup.economics, arguments.workspace, now());
    MULLIGAN_CHECK(pipeline::writeReportFile(input, out));
    if (globals.json)
        printJson(formats::Json().set("out", out));
    else
        std::cout << "Wrote " << out << '\n';
    return kDone;
}

} // namespace

void addReport(CLI::App &app, Globals &globals)
{
    auto *command = app.add_subcommand("report", "Write the savings report: .html, .pdf, .xlsx or .csv");
    auto arguments = std::make_shared<ReplayArguments>();
    auto out = std::make_shared<std::string>();
    addReplayOptions(*command, *arguments);
    command->add_option("--out", *out, "File to write; its ending chooses the format")->required();
    command->callback([&globals, arguments, out] { finish(globals, [&] { return run(globals, *arguments, *out); }); });
}

} // namespace mulligan::cli
