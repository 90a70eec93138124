#include "rules_diff.hpp"

#include "classify/lint.hpp"
#include "classify/rule_tests.hpp"

#include <cstdio>
#include <iostream>

namespace mulligan::cli
{

namespace
{

using Files = std::vector<std::string>;

formats::Json problemJson(const classify::Problem &problem)
{
    formats::Json out;
    out.set("rule", problem.rule).set("kind", problem.kind).set("message", problem.message);
    out.set("line", problem.line).set("severity", classify::name(problem.severity)).set("file", problem.file);
    return out;
}

void printProblem(const classify::Problem &problem)
{
    std::cout << problem.file;
    if (problem.line > 0)
        std::cout << ':' << problem.line;
    std::cout << ": " << classify::name(problem.severity) << ": ";
    if (!problem.rule.empty())
        std::cout << problem.rule << ": ";
    std::cout << problem.kind << ": " << problem.message << '\n';
}

std::string counted(size_t number, const std::string &noun)
{
    return std::to_string(number) + ' ' + noun + (number == 1 ? "" : "s");
}

base::Result<int> lint(const Globals &globals, const Files &files)
{
    MULLIGAN_TRY(const auto shipped, resources(globals));
    const auto report = classify::lintFiles(files.empty() ? Files{shipped.rulesFolder()} : files);
    if (globals.json) {
        formats::Json list = formats::Json::array();
        for (const auto &problem : report.problems)
            list.push(problemJson(problem));
        printJson(formats::Json().set("problems", list));
    } else {
        for (const auto &problem : report.problems)
            printProblem(problem);
        std::cout << counted(report.errors(), "error") << " and "
                  << counted(report.problems.size() - report.errors(), "warning") << " in "
                  << counted(report.rules, "rule") << '\n';
    }
    return report.errors() == 0 ? kDone : kFailed;
}

base::Result<int> test(const Globals &globals, const Files &files)
{
    MULLIGAN_TRY(const auto shipped, resources(globals));
    MULLIGAN_TRY(const auto classifier, pipeline::loadClassifier(shipped, files));
    const auto report = classify::testPack(*classifier);
    formats::Json failed = formats::Json::array();
    for (const auto &failure : report.failed) {
        if (globals.json)
            failed.push(formats::Json()
                            .set("rule", failure.rule)
                            .set("sample", failure.sample)
                            .set("expected", failure.expected)
                            .set("got", failure.got));
        else
            std::cout << failure.rule << ": expected " << failure.expected << ", got " << failure.got << "\n    "
                      << failure.sample << '\n';
    }
    if (globals.json)
        printJson(formats::Json().set("samples", static_cast<std::uint64_t>(report.samples)).set("failed", failed));
    else
        std::cout << report.samples << " samples, " << report.failed.size() << " failed\n";
    return report.failed.empty() ? kDone : kFailed;
}

base::Result<int> list(const Globals &globals, const Files &files)
{
    MULLIGAN_TRY(const auto shipped, resources(globals));
    MULLIGAN_TRY(const auto classifier, pipeline::loadClassifier(shipped, files));
    formats::Json rules = formats::Json::array();
    for (const auto &rule : classifier->pack().rules) {
        if (globals.json)
            rules.push(formats::Json()
                           .set("rule", rule.id)
                           .set("title", rule.title)
                           .set("class", rule.errorClass)
                           .set("domain", model::name(rule.domain))
                           .set("transient", rule.transient)
                           .set("action", model::name(rule.action))
                           .set("priority", rule.priority));
        else
            std::printf("%-44s %-30s %-9s %s\n", rule.id.c_str(), rule.errorClass.c_str(),
                        std::string(model::name(rule.action)).c_str(), rule.title.c_str());
    }
    std::fflush(stdout);
    if (globals.json)
        printJson(formats::Json().set("rules", rules));
    return kDone;
}

} // namespace

void addRules(CLI::App &app, Globals &globals)
{
    auto *command =
        app.add_subcommand("rules", "Check a rule pack, run its samples, list it, or compare two on a history");
    command->require_subcommand(1);
    auto files = std::make_shared<Files>();
    const auto add = [&](const char *name, const char *what,
                         base::Result<int> (*body)(const Globals &, const Files &)) {
        auto *sub = command->add_subcommand(name, what);
        sub->add_option("--rules", *files, "Rule files or folders instead of the shipped pack");
        sub->callback([&globals, files, body] { finish(globals, [&] { return body(globals, *files); }); });
    };
    add("lint",
        "List everything wrong with rule files: unreadable files, invalid rules, failing samples and undeclared "
        "captures (errors: exit 1); shadowed, overlapping, slow and unportable rules, rules without samples "
        "(warnings: exit 0)",
        &lint);
    add("test", "Run every rule's samples against the whole pack; exit 1 when one fails", &test);
    add("list", "List the rules", &list);
    addRulesDiff(*command, globals);
}

} // namespace mulligan::cli
