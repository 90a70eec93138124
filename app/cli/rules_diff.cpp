#include "rules_diff.hpp"

#include "base/money.hpp"
#include "pipeline/compare_packs.hpp"
#include "pipeline/resources.hpp"

#include <algorithm>
#include <iomanip>
#include <iostream>

namespace mulligan::cli
{

namespace
{

struct Arguments {
    std::string workspace;
    std::string a;
    std::string b;
    std::string policy;
    std::string economics;
    std::string space;
    bool noSavings = false;
    bool strict = false;
    std::optional<std::uint64_t> maxChanged;
};

constexpr std::size_t kMovesShown = 30;

std::string money(double amount)
{
    return base::formatMoney(amount);
}

std::string ruleName(const std::string &rule)
{
    return rule.empty() ? "(no rule)" : rule;
}

void printMove(const pipeline::RuleMove &move)
{
    std::cout << std::setw(10) << grouped(move.failures) << std::setw(15) << money(move.costUsd) << "  "
              << ruleName(move.fromRule);
    if (move.fromRule != move.toRule)
        std::cout << " -> " << ruleName(move.toRule);
    std::cout << '\n' << std::string(27, ' ');
    std::cout << move.fromClass;
    if (move.fromClass != move.toClass)
        std::cout << " -> " << move.toClass;
    if (move.fromAction != move.toAction)
        std::cout << "; " << model::name(move.fromAction) << " -> " << model::name(move.toAction);
    std::cout << '\n';
}

void printSuccesses(const pipeline::PackComparison &comparison)
{
    bool head = false;
    for (const pipeline::RuleEffect &effect : comparison.change.rules) {
        if (effect.hitsOnSuccesses == effect.hitsOnSuccessesBefore)
            continue;
        if (!head)
            std::cout << "\nSuccessful attempts that a rule matches, where it must not:\n";
        head = true;
        std::cout << std::setw(10) << grouped(effect.hitsOnSuccessesBefore) << " -> " << grouped(effect.hitsOnSuccesses)
                  << "  " << effect.rule << '\n';
    }
}

void printSavings(const pipeline::PackComparison &comparison, const std::string &currency)
{
    if (!comparison.savings) {
        std::cout << "\nSavings: " << comparison.withoutSavings << '\n';
        return;
    }
    const auto &[before, after] = *comparison.savings;
    const auto row = [](const char *title, const std::string &a, const std::string &b) {
        std::cout << "  " << std::left << std::setw(24) << title << std::right << std::setw(16) << a << std::setw(16)
                  << b << '\n';
    };
    std::cout << '\n';
    row("", "A", "B");
    row(("net savings, " + currency).c_str(), money(before.savings.net.value), money(after.savings.net.value));
    row(("retry cost, " + currency).c_str(), money(before.policy.retryCost.value), money(after.policy.retryCost.value));
    const auto rounded = [](double value) { return grouped(static_cast<std::uint64_t>(value + 0.5)); };
    row("interventions", rounded(before.policy.interventions.value), rounded(after.policy.interventions.value));
    row("wrongly stopped", rounded(before.policy.wronglyStopped.value), rounded(after.policy.wronglyStopped.value));
    if (after.modelFallback)
        std::cout << "\n" << after.modelCaveat << '\n';
}

void printText(const pipeline::PackComparison &comparison, const std::string &currency)
{
    const pipeline::PackPreview &change = comparison.change;
    if (change.changed == 0)
        std::cout << "None of " << counted(change.failures, "failure") << " changes\n";
    else
        std::cout << grouped(change.changed) << " of " << counted(change.failures, "failure")
                  << (change.changed == 1 ? " changes, which cost " : " change, which cost ")
                  << money(change.changedCostUsd) << ' ' << currency << ": " << grouped(change.changedClass)
                  << (change.changedClass == 1 ? " gets" : " get") << " another class, "
                  << grouped(change.changedAction) << " another action; " << grouped(change.newlyClassified)
                  << " newly classified, " << grouped(change.newlyUnclassified) << " no longer\n";
    if (change.undetermined > 0)
        std::cout << "warning: on " << counted(change.undetermined, "failure")
                  << " a changed rule ran out of its step budget and counts as not matching\n";
    if (!change.moves.empty())
        std::cout << "\n  failures" << std::setw(17) << "cost, " + currency << "  rule and class, A -> B\n";
    for (std::size_t i = 0; i < change.moves.size() && i < kMovesShown; ++i)
        printMove(change.moves[i]);
    if (change.moves.size() > kMovesShown)
        std::cout << "  and " << counted(change.moves.size() - kMovesShown, "smaller move") << "; --json lists all\n";
    printSuccesses(comparison);
    printSavings(comparison, currency);
}

/// Whether a rule fires on more successes under B than under A.
bool firesOnMoreSuccesses(const pipeline::PackPreview &change)
{
    for (const pipeline::RuleEffect &effect : change.rules)
        if (effect.hitsOnSuccesses > effect.hitsOnSuccessesBefore)
            return true;
    return false;
}

int exitCodeOf(const Arguments &arguments, const pipeline::PackPreview &change)
{
    if (arguments.maxChanged && change.changed > *arguments.maxChanged)
        return kRejected;
    if (arguments.strict && ((!arguments.maxChanged && change.changed > 0) || firesOnMoreSuccesses(change)))
        return kRejected;
    return kDone;
}

base::Result<std::optional<pipeline::SavingsRequest>>
savingsRequest(const Arguments &arguments, const pipeline::Resources &shipped, store::Workspace &workspace)
{
    if (arguments.noSavings)
        return std::optional<pipeline::SavingsRequest>();
    pipeline::SavingsRequest request;
    MULLIGAN_TRY(request.policy, arguments.policy.empty() ? pipeline::workspacePolicy(workspace, shipped)
                                                          : pipeline::loadPolicy(shipped, arguments.policy));
    MULLIGAN_TRY(request.economics, arguments.economics.empty()
                                        ? pipeline::workspaceEconomics(workspace, shipped)
                                        : pipeline::loadEconomics(shipped, arguments.economics));
    MULLIGAN_TRY(request.space, pipeline::loadSpace(shipped, arguments.space));
    return std::optional(std::move(request));
}

std::uint64_t draftsOf(const classify::RulePack &pack)
{
    return static_cast<std::uint64_t>(std::count_if(pack.rules.begin(), pack.rules.end(), [](const auto &rule) {
        return rule.status == classify::RuleStatus::Draft;
    }));
}

/// Drafts decide nothing, which a comparison that is empty because of them must not hide.
void printDrafts(std::uint64_t a, std::uint64_t b)
{
    if (a + b > 0)
        std::cout << "Drafts take no part: A holds " << counted(a, "draft") << ", B " << counted(b, "draft") << '\n';
}

base::Result<int> run(const Globals &globals, const Arguments &arguments)
{
    MULLIGAN_TRY(const auto shipped, resources(globals));
    auto a = pipeline::packNamed(shipped, arguments.a);
    if (!a)
        return std::move(a).error().in("pack A");
    auto b = pipeline::packNamed(shipped, arguments.b);
    if (!b)
        return std::move(b).error().in("pack B");
    MULLIGAN_TRY(auto workspace, store::Workspace::open(arguments.workspace, store::OpenMode::ReadOnly));
    MULLIGAN_TRY(const auto savings, savingsRequest(arguments, shipped, workspace));
    MULLIGAN_TRY(const auto comparison, withProgress<pipeline::PackComparison>(globals, [&](auto stop, auto &progress) {
                     return pipeline::comparePacks(workspace, *a, *b, savings, stop, progress);
                 }));
    MULLIGAN_TRY(const auto economics, arguments.economics.empty()
                                           ? pipeline::workspaceEconomics(workspace, shipped)
                                           : pipeline::loadEconomics(shipped, arguments.economics));
    const std::uint64_t draftsA = draftsOf((*a)->pack());
    const std::uint64_t draftsB = draftsOf((*b)->pack());
    if (globals.json) {
        formats::Json out = pipeline::comparisonToJson(comparison);
        out.set("currency", economics.currency);
        out.set("drafts", formats::Json().set("a", draftsA).set("b", draftsB));
        printJson(out);
    } else {
        printText(comparison, economics.currency);
        printDrafts(draftsA, draftsB);
    }
    return exitCodeOf(arguments, comparison.change);
}

} // namespace

void addRulesDiff(CLI::App &rules, Globals &globals)
{
    auto *command =
        rules.add_subcommand("diff", "Compare two rule packs on the same history: verdicts, money and savings");
    command->footer("Says what changes rule, class and action, in failures and money, and what fires on successes.\n"
                    "Also the savings of both.");
    auto arguments = std::make_shared<Arguments>();
    command->add_option("WORKSPACE", arguments->workspace, "Workspace file; its verdicts are left as they are")
        ->required();
    command->add_option("A", arguments->a, "Rules in force: a rule file or folder, or 'shipped'")->required();
    command->add_option("B", arguments->b, "Rules to take their place, likewise")->required();
    command->add_option("--policy", arguments->policy, "policy.yaml; the workspace's own, else the shipped one");
    command->add_option("--economics", arguments->economics,
                        "economics.yaml; the workspace's own, else the shipped one");
    command->add_option("--space", arguments->space, "space.yaml; the shipped one by default");
    command->add_flag("--no-savings", arguments->noSavings, "Leave the savings out, which take the longest");
    command->add_option("--max-changed", arguments->maxChanged, "Exit with 3 when more than this many failures change");
    command->add_flag("--strict", arguments->strict,
                      "Exit with 3 when any failure changes (with --max-changed: more than that many), or when a rule "
                      "matches more successful attempts than before");
    command->callback([&globals, arguments] { finish(globals, [&] { return run(globals, *arguments); }); });
}

} // namespace mulligan::cli
