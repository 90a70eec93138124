#include "command.hpp"

#include "pipeline/classify_workspace.hpp"
#include "store/undetermined.hpp"

#include <algorithm>
#include <iomanip>
#include <iostream>

namespace mulligan::cli
{

namespace
{

formats::Json counts(const std::map<std::string, std::uint64_t> &map)
{
    formats::Json out = formats::Json::object();
    for (const auto &[key, count] : map)
        out.set(key, count);
    return out;
}

using Undetermined = std::vector<store::UndeterminedRule>;

formats::Json undeterminedJson(const Undetermined &rules)
{
    formats::Json out = formats::Json::array();
    for (const store::UndeterminedRule &rule : rules)
        out.push(formats::Json()
                     .set("rule", rule.rule)
                     .set("failures", rule.failures)
                     .set("job", rule.job)
                     .set("run", rule.run)
                     .set("attempt", rule.attempt));
    return out;
}

struct Arguments {
    std::string workspace;
    std::vector<std::string> rules;
};

/// A path as a shell takes it.
std::string quotedForShell(const std::string &path)
{
    if (!path.empty() && path.find_first_of(" \t\n'\"\\$`&;|<>()*?[]{}!#~") == std::string::npos)
        return path;
    std::string out = "'";
    for (const char c : path)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

formats::Json rulesJson(const std::vector<std::string> &rules)
{
    formats::Json out = formats::Json::array();
    for (const std::string &path : rules)
        out.push(path);
    return rules.empty() ? out.push("shipped") : out;
}

/// The command that looks at these rules on this history.
std::string lintCommand(const std::string &workspace, const std::vector<std::string> &rules)
{
    std::string command = "mulligan rules lint --workspace " + quotedForShell(workspace);
    for (const std::string &path : rules)
        command += " --rules " + quotedForShell(path);
    return command;
}

void printText(const pipeline::ClassifyReport &report, const Undetermined &undetermined, const std::string &lint)
{
    std::cout << counted(report.failures, "failure") << ", " << grouped(report.classified) << " classified, "
              << grouped(report.unclassified) << " not\n\n";
    std::vector<std::pair<std::string, std::uint64_t>> rows(report.byClass.begin(), report.byClass.end());
    std::stable_sort(rows.begin(), rows.end(), [](const auto &a, const auto &b) { return a.second > b.second; });
    for (const auto &[errorClass, count] : rows)
        std::cout << std::setw(10) << grouped(count) << "  " << errorClass << '\n';
    for (const auto &[rule, count] : report.hitsOnSuccesses)
        std::cout << "warning: rule " << rule << " also fires on " << counted(count, "successful attempt") << '\n';
    for (const store::UndeterminedRule &rule : undetermined)
        std::cout << "warning: rule " << rule.rule << " ran out of its step budget on "
                  << counted(rule.failures, "failure") << " and was taken not to match, first on attempt "
                  << rule.attempt << " of run " << rule.run << " of job " << rule.job << "; to see why: " << lint
                  << '\n';
}

base::Result<int> run(const Globals &globals, const Arguments &arguments)
{
    MULLIGAN_TRY(const auto shipped, resources(globals));
    MULLIGAN_TRY(auto workspace, store::Workspace::open(arguments.workspace, store::OpenMode::ReadWrite));
    MULLIGAN_TRY(const auto rules, pipeline::rulesToUse(workspace, arguments.rules));
    MULLIGAN_TRY(const auto classifier, pipeline::workspaceClassifier(workspace, shipped, arguments.rules));
    MULLIGAN_TRY(const auto report, withProgress<pipeline::ClassifyReport>(globals, [&](auto stop, auto &progress) {
                     return pipeline::classifyWorkspace(workspace, *classifier, stop, progress);
                 }));
    MULLIGAN_TRY(const Undetermined undetermined, store::undeterminedRules(workspace));
    if (!globals.json && arguments.rules.empty())
        for (const std::string &path : rules)
            std::cout << "By the workspace's own rules: " << path << '\n';
    if (globals.json)
        printJson(formats::Json()
                      .set("rules", rulesJson(rules))
                      .set("failures", report.failures)
                      .set("classified", report.classified)
                      .set("unclassified", report.unclassified)
                      .set("undetermined", report.undetermined)
                      .set("undetermined_rules", undeterminedJson(undetermined))
                      .set("by_class", counts(report.byClass))
                      .set("by_rule", counts(report.byRule))
                      .set("hits_on_successes", counts(report.hitsOnSuccesses))
                      .set("seconds", report.seconds));
    else
        printText(report, undetermined, lintCommand(arguments.workspace, rules));
    return kDone;
}

} // namespace

void addClassify(CLI::App &app, Globals &globals)
{
    auto *command = app.add_subcommand("classify", "Classify every failed attempt of a workspace");
    auto arguments = std::make_shared<Arguments>();
    command->add_option("WORKSPACE", arguments->workspace, "Workspace file")->required();
    command->add_option(
        "--rules", arguments->rules,
        "Rule files or folders, or shipped; by default the workspace's own rules, which the window chooses, else "
        "the shipped pack");
    command->callback([&globals, arguments] { finish(globals, [&] { return run(globals, *arguments); }); });
}

} // namespace mulligan::cli
