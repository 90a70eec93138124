#include "replay_arguments.hpp"

#include "pipeline/savings_report.hpp"

#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace mulligan::cli
{

namespace
{

/// The desktop program lies beside this one or on the search path.
std::string desktopProgram()
{
    std::error_code ignored;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
    const auto beside = self.parent_path() / "mulligan-desktop";
    return std::filesystem::exists(beside, ignored) ? beside.string() : "mulligan-desktop";
}

/// The options as `mulligan-desktop --report` takes them. Joined by '=', so that no value is taken for an option.
std::vector<std::string> desktopArguments(const ReplayArguments &arguments, const std::string &out)
{
    std::vector<std::string> all{"--report=" + out, "--by=" + arguments.by};
    const auto add = [&](const char *option, const std::string &value) {
        if (!value.empty())
            all.push_back(option + value);
    };
    add("--policy=", arguments.policy);
    add("--economics=", arguments.economics);
    add("--space=", arguments.space);
    for (const auto &path : arguments.rules)
        add("--rules=", path);
    for (const auto &setting : arguments.settings)
        add("--set=", setting);
    add("--from=", arguments.from);
    add("--to=", arguments.to);
    all.emplace_back("--");
    all.push_back(arguments.workspace);
    return all;
}

/// Runs a program without a screen and waits; its exit code, 127 when it could not be started.
int runUnattended(const std::string &program, const std::vector<std::string> &arguments)
{
    std::vector<const char *> words{program.c_str()};
    for (const auto &argument : arguments)
        words.push_back(argument.c_str());
    words.push_back(nullptr);
    const pid_t child = fork();
    if (child == 0) {
        setenv("QT_QPA_PLATFORM", "offscreen", 1);
        execvp(program.c_str(), const_cast<char *const *>(words.data()));
        _exit(127);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) < 0 || !WIFEXITED(status))
        return 127;
    return WEXITSTATUS(status);
}

base::Result<int> renderPdf(const Globals &globals, const ReplayArguments &arguments, const std::string &out)
{
    // What can be wrong with the options is said here, as for every other format.
    MULLIGAN_TRY(const auto shipped, resources(globals));
    if (const auto inputs = pipeline::readReplayInputs(shipped, arguments); !inputs)
        return inputs.error();
    const int code = runUnattended(desktopProgram(), desktopArguments(arguments, out));
    if (code == 127)
        return base::makeError(base::ErrorCode::Unsupported, "PDF needs mulligan-desktop, which was not found",
                               "Install the desktop program, or write .html and print it from a browser.");
    if (code != 0)
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
    MULLIGAN_TRY(const auto shipped, resources(globals));
    MULLIGAN_TRY(const auto input, withProgress<report::ReportInput>(globals, [&](auto stop, auto &progress) {
                     return pipeline::replayedReport(shipped, arguments, base::systemNow(), stop, progress);
                 }));
    MULLIGAN_CHECK(pipeline::writeReportFile(input, out));
    const std::string &caveat = input.savings.modelCaveat;
    const std::string &rules = input.savings.rulesCaveat;
    if (globals.json)
        printJson(formats::Json()
                      .set("out", out)
                      .set("model_caveat", caveat.empty() ? formats::Json() : formats::Json(caveat))
                      .set("rules_caveat", rules.empty() ? formats::Json() : formats::Json(rules)));
    else
        std::cout << "Wrote " << out << '\n'
                  << (caveat.empty() ? "" : caveat + '\n') << (rules.empty() ? "" : rules + '\n');
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
