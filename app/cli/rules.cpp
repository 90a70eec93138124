#include "rules_diff.hpp"

#include "classify/expiry.hpp"
#include "classify/lint.hpp"
#include "classify/rule_file.hpp"
#include "classify/rule_tests.hpp"
#include "formats/yaml.hpp"
#include "pipeline/lint_workspace.hpp"
#include "text/portability.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iostream>

namespace mulligan::cli
{

namespace
{

using Files = std::vector<std::string>;

struct Arguments {
    Files files;
    std::string workspace; ///< of lint; "": none
    std::string rule;      ///< of show
};

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

using Problems = std::vector<classify::Problem>;

/// What a workspace's history shows to be wrong with the rules; nothing where they cannot be read, which is a problem
/// of its own.
base::Result<Problems> problemsOfHistory(const Globals &globals, const Files &files, const std::string &path)
{
    auto pack = classify::loadPack(files);
    if (!pack)
        return Problems();
    MULLIGAN_TRY(const auto classifier, classify::Classifier::make(std::move(*pack)));
    MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadOnly));
    return withProgress<Problems>(globals, [&](auto stop, auto &progress) {
        return pipeline::lintWorkspace(workspace, *classifier, stop, progress);
    });
}

/// A pack that knows many systems has many rules that a history never meets: more of them than a few are counted.
constexpr std::ptrdiff_t kNeverHitShown = 3;

void printProblems(const classify::LintReport &report)
{
    const auto neverHit = [](const classify::Problem &problem) { return problem.kind == "never_hit"; };
    const auto never = std::count_if(report.problems.begin(), report.problems.end(), neverHit);
    for (const auto &problem : report.problems)
        if (never <= kNeverHitShown || !neverHit(problem))
            printProblem(problem);
    if (never > kNeverHitShown)
        std::cout << grouped(static_cast<std::uint64_t>(never)) << " of " << counted(report.rules, "rule")
                  << " never hit in this history (warnings); --json or 'mulligan rules health' lists them\n";
}

base::Result<int> lint(const Globals &globals, const Arguments &arguments)
{
    MULLIGAN_TRY(const auto shipped, resources(globals));
    const Files files = pipeline::rulePaths(shipped, arguments.files);
    // What the shipped pack calls a class is spelt right, though the file at hand has it once or never.
    const classify::ClassNames known = arguments.files.empty()
                                           ? classify::ClassNames()
                                           : classify::classesOf(classify::readPack({shipped.rulesFolder()}).pack);
    auto report = classify::lintFiles(files, known);
    const Problems dated = classify::expiryProblems(classify::readPack(files).pack, base::systemNow());
    report.problems.insert(report.problems.end(), dated.begin(), dated.end());
    if (!arguments.workspace.empty()) {
        MULLIGAN_TRY(Problems more, problemsOfHistory(globals, files, arguments.workspace));
        report.problems.insert(report.problems.end(), std::make_move_iterator(more.begin()),
                               std::make_move_iterator(more.end()));
    }
    if (globals.json) {
        formats::Json list = formats::Json::array();
        for (const auto &problem : report.problems)
            list.push(problemJson(problem));
        formats::Json out = formats::Json().set("problems", list);
        if (!report.whole)
            out.set("whole_pack", false);
        printJson(out);
    } else {
        printProblems(report);
        if (!report.whole)
            std::cout << "Samples, overlapping rules and the history were not looked at, since not every rule can be "
                         "read: mend those first\n";
        std::cout << counted(report.errors(), "error") << " and "
                  << counted(report.problems.size() - report.errors() - report.notes(), "warning") << " in "
                  << counted(report.rules, "rule") << '\n';
    }
    return report.errors() == 0 ? kDone : kFailed;
}

formats::Json sampleReportJson(const classify::SampleReport &report)
{
    formats::Json failed = formats::Json::array();
    for (const auto &failure : report.failed)
        failed.push(formats::Json()
                        .set("rule", failure.rule)
                        .set("sample", failure.sample)
                        .set("expected", failure.expected)
                        .set("got", failure.got)
                        .set("message", failure.message)
                        .set("draft", failure.draft)
                        .set("file", failure.file)
                        .set("line", failure.line));
    return formats::Json()
        .set("samples", static_cast<std::uint64_t>(report.samples))
        .set("samples_of_drafts", static_cast<std::uint64_t>(report.ofDrafts))
        .set("failed", failed);
}

void printSampleReport(const classify::SampleReport &report, const classify::Classifier &classifier)
{
    const auto grouping = classify::groupByTaker(report.failed);
    for (const auto &taker : grouping.takers) {
        if (const classify::Rule *rule = classifier.find(taker.rule))
            std::cout << rule->file << ':' << rule->line << ": ";
        std::cout << taker.message << '\n';
    }
    for (const auto &failure : grouping.singles)
        std::cout << failure.file << ':' << failure.line << ": " << failure.rule << ": " << failure.message << '\n';
    std::cout << counted(report.samples, "sample");
    if (report.ofDrafts > 0)
        std::cout << " (" << grouped(report.ofDrafts) << " of drafts, tried on their own patterns)";
    std::cout << ", " << grouped(report.failed.size()) << " failed\n";
}

base::Result<int> test(const Globals &globals, const Arguments &arguments)
{
    MULLIGAN_TRY(const auto shipped, resources(globals));
    MULLIGAN_TRY(const auto classifier, pipeline::loadClassifier(shipped, arguments.files));
    const auto report = classify::testPack(*classifier);
    if (globals.json)
        printJson(sampleReportJson(report));
    else
        printSampleReport(report, *classifier);
    return report.failed.empty() ? kDone : kFailed;
}

/// The pattern as each engine gets it.
formats::Json enginesJson(const text::Pattern &pattern)
{
    formats::Json out;
    const auto engines = text::portability(pattern);
    for (size_t i = 0; i < engines.size(); ++i) {
        formats::Json one;
        one.set("fit", text::name(engines[i].fit));
        if (engines[i].fit != text::Fit::Impossible)
            one.set("pattern", engines[i].expression);
        else
            one.set("at", static_cast<std::uint64_t>(engines[i].at));
        formats::Json notes = formats::Json::array();
        for (const std::string &note : engines[i].notes)
            notes.push(note);
        one.set("notes", std::move(notes));
        out.set(std::string(text::name(static_cast<text::Engine>(i))), std::move(one));
    }
    return out;
}

formats::Json patternsJson(const classify::Rule &rule)
{
    formats::Json out = formats::Json::array();
    const auto add = [&](const char *role, const std::string &pattern) {
        out.push(formats::Json()
                     .set("role", role)
                     .set("pattern", pattern)
                     .set("engines", enginesJson({pattern, rule.caseless, rule.multiline})));
    };
    for (const auto &[role, list] : {std::pair("all", &rule.all), {"any", &rule.any}, {"none", &rule.none}})
        for (const std::string &pattern : *list)
            add(role, pattern);
    if (rule.block) {
        add("block.from", rule.block->from);
        if (rule.block->end == classify::Block::End::Pattern)
            add("block.to", rule.block->to);
    }
    return out;
}

/// The worst fit of a rule's patterns, by engine.
formats::Json fitsJson(const classify::Rule &rule)
{
    std::array<text::Fit, text::kEngineCount> worst{};
    for (const auto *list : {&rule.all, &rule.any, &rule.none})
        for (const std::string &pattern : *list) {
            const auto engines = text::portability({pattern, rule.caseless, rule.multiline});
            for (size_t i = 0; i < engines.size(); ++i)
                worst[i] = std::max(worst[i], engines[i].fit);
        }
    formats::Json out;
    for (size_t i = 0; i < worst.size(); ++i)
        out.set(std::string(text::name(static_cast<text::Engine>(i))), text::name(worst[i]));
    return out;
}

/// "expired": it goes on matching, as every active rule does.
std::string statusOf(const classify::Rule &rule)
{
    const auto days = classify::daysUntilExpiry(rule, base::systemNow());
    if (rule.status == classify::RuleStatus::Active && days && *days < 0)
        return "expired";
    return std::string(classify::name(rule.status));
}

base::Result<int> list(const Globals &globals, const Arguments &arguments)
{
    MULLIGAN_TRY(const auto shipped, resources(globals));
    MULLIGAN_TRY(const auto classifier, pipeline::loadClassifier(shipped, arguments.files));
    formats::Json rules = formats::Json::array();
    for (const auto &rule : classifier->pack().rules) {
        if (globals.json)
            rules.push(formats::Json()
                           .set("rule", rule.id)
                           .set("title", rule.title)
                           .set("status", statusOf(rule))
                           .set("file", rule.file)
                           .set("line", rule.line)
                           .set("class", rule.errorClass)
                           .set("domain", model::name(rule.domain))
                           .set("transient", rule.transient)
                           .set("action", model::name(rule.action))
                           .set("priority", rule.priority)
                           .set("engines", fitsJson(rule))
                           .set("patterns", patternsJson(rule)));
        else
            std::printf("%-44s %-30s %-9s %-8s %s  (%s:%d)\n", rule.id.c_str(), rule.errorClass.c_str(),
                        std::string(model::name(rule.action)).c_str(), statusOf(rule).c_str(), rule.title.c_str(),
                        rule.file.c_str(), rule.line);
    }
    std::fflush(stdout);
    if (globals.json)
        printJson(formats::Json().set("rules", rules));
    return kDone;
}

/// One rule whole, as a rule file of its own.
base::Result<int> show(const Globals &globals, const Arguments &arguments)
{
    MULLIGAN_TRY(const auto shipped, resources(globals));
    MULLIGAN_TRY(const auto classifier, pipeline::loadClassifier(shipped, arguments.files));
    const classify::Rule *rule = classifier->find(arguments.rule);
    if (rule == nullptr) {
        std::vector<std::string_view> known;
        for (const auto &each : classifier->pack().rules)
            known.emplace_back(each.id);
        const std::string near = formats::nearestName(arguments.rule, known);
        return base::makeError(base::ErrorCode::NotFound, "There is no rule '" + arguments.rule + "'",
                               near.empty() ? "'mulligan rules list' names them." : "Did you mean '" + near + "'?");
    }
    if (globals.json) {
        printJson(formats::Json()
                      .set("rule", classify::ruleJson(*rule))
                      .set("status", statusOf(*rule))
                      .set("file", rule->file)
                      .set("line", rule->line));
        return kDone;
    }
    classify::RulePack alone;
    alone.rules.push_back(*rule);
    std::cout << "# " << rule->file << ':' << rule->line << ", " << statusOf(*rule) << '\n'
              << classify::writePack(alone);
    return kDone;
}

} // namespace

void addRules(CLI::App &app, Globals &globals)
{
    auto *command = app.add_subcommand(
        "rules", "Check a rule pack, run its samples, list it, see how it does on a history, or compare two");
    command->require_subcommand(1);
    auto arguments = std::make_shared<Arguments>();
    const auto add = [&](const char *name, const char *what,
                         base::Result<int> (*body)(const Globals &, const Arguments &)) {
        auto *sub = command->add_subcommand(name, what);
        sub->add_option("--rules", arguments->files,
                        "Rule files or folders instead of the shipped pack, which the word shipped names");
        sub->callback([&globals, arguments, body] { finish(globals, [&] { return body(globals, *arguments); }); });
        return sub;
    };
    auto *linting = add("lint", "List everything wrong with rule files", &lint);
    linting->add_option("--workspace", arguments->workspace, "Also try the rules on the attempts of this workspace");
    linting->footer(
        "Errors (exit 1): unreadable files, invalid rules, failing samples, undeclared captures.\n"
        "Warnings (exit 0): shadowed, overlapping, doubled, slow and unportable rules, rules without samples, classes "
        "that look misspelt; with a workspace rules that never hit or fire on successes.\n"
        "Notes (exit 0): patterns that another one covers.");
    add("test", "Run every rule's samples against the whole pack, a draft's on its own patterns; exit 1 when one fails",
        &test);
    add("list", "List the rules; with --json also how each pattern is written for Java, Python and RE2", &list);
    add("show", "Print one rule whole, as a rule file of its own", &show)
        ->add_option("RULE", arguments->rule, "Id of the rule")
        ->required();
    addRulesHealth(*command, globals);
    addRulesDiff(*command, globals);
}

} // namespace mulligan::cli
