#include "command.hpp"

#include "pipeline/rule_health.hpp"
#include "report/tables.hpp"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <map>

namespace mulligan::cli
{

namespace
{

struct Arguments {
    std::string workspace;
    std::vector<std::string> rules;
    bool profile = false;
    size_t most = 20; ///< rows of a table
};

std::string days(const std::optional<int> &count)
{
    return count ? std::to_string(*count) + " d" : "-";
}

std::string shareText(double share, double low, double high)
{
    return report::formatShare(share) + " (" + report::formatShare(low) + " to " + report::formatShare(high) + ")";
}

void printRest(size_t all, size_t shown, const char *one, const char *many)
{
    if (all > shown)
        std::printf("  and %s more; --most shows more rows, --json all\n", counted(all - shown, one, many).c_str());
}

bool isIdle(const pipeline::RuleHealth &health)
{
    return health.concerns.size() == 1 && health.concerns.front() == "never_hit";
}

bool neverHit(const pipeline::RuleHealth &health)
{
    return std::find(health.concerns.begin(), health.concerns.end(), "never_hit") != health.concerns.end();
}

/// Rules that did nothing, by the part of their ids that names the system, those with most first: a pack that knows
/// many systems has many.
void printIdle(const std::vector<pipeline::RuleHealth> &rules, size_t most)
{
    std::map<std::string, size_t> groups;
    size_t idle = 0;
    for (const pipeline::RuleHealth &health : rules) {
        if (!neverHit(health))
            continue;
        ++idle;
        ++groups[health.rule.id.substr(0, health.rule.id.find('.'))];
    }
    if (idle == 0)
        return;
    std::vector<std::pair<std::string, size_t>> sorted(groups.begin(), groups.end());
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto &a, const auto &b) { return a.second > b.second; });
    std::string line = "\nNever hit: " + counted(idle, "rule") + " (--json names them)\n ";
    size_t width = 0;
    const size_t shown = std::min(sorted.size(), most);
    for (size_t i = 0; i < shown; ++i) {
        const std::string word = " " + sorted[i].first + " " + grouped(sorted[i].second);
        width += word.size() + 1;
        if (width > 110) {
            line += "\n ";
            width = word.size() + 1;
        }
        line += word + ",";
    }
    line.back() = '\n';
    std::printf("%s", line.c_str());
    printRest(sorted.size(), shown, "system", "systems");
}

void printRule(const pipeline::RuleHealth &health, bool profile)
{
    const std::string last = health.use.lastHit ? base::formatDate(*health.use.lastHit) : "never";
    const std::string precision =
        health.precision ? shareText(health.precision->value, health.precision->low, health.precision->high) : "-";
    std::string concerns;
    for (const std::string &concern : health.concerns)
        concerns += (concerns.empty() ? "" : ", ") + concern;
    std::printf("  %-36s %9s %9s %9s  %-10s %7s %-28s", health.rule.id.c_str(), grouped(health.use.hits).c_str(),
                grouped(health.use.wins).c_str(), grouped(health.use.hitsOnSuccesses).c_str(), last.c_str(),
                days(health.ageDays).c_str(), precision.c_str());
    if (profile)
        std::printf(" %8.4f", health.seconds.value_or(0.0));
    std::printf(" %s\n", concerns.c_str());
}

/// Of the rules that are not idle, those with a concern or those without one.
void printRules(const pipeline::HealthReport &report, const Arguments &arguments, bool concerned)
{
    std::vector<const pipeline::RuleHealth *> rows;
    for (const pipeline::RuleHealth &health : report.rules)
        if (!isIdle(health) && health.concerns.empty() != concerned)
            rows.push_back(&health);
    std::printf("\n%s\n", concerned ? "Rules with a concern, most serious first" : "Rules without a concern, by hits");
    if (rows.empty()) {
        std::printf("  none%s\n", concerned ? " beside those never hit, below" : "");
        return;
    }
    std::printf("  %-36s %9s %9s %9s  %-10s %7s %-28s%s%s\n", "rule", "failures", "wins", "successes", "last hit",
                "age", "audited precision", arguments.profile ? "  seconds" : "", concerned ? " concerns" : "");
    const size_t shown = std::min(rows.size(), arguments.most);
    for (size_t i = 0; i < shown; ++i)
        printRule(*rows[i], arguments.profile);
    printRest(rows.size(), shown, "rule", "rules");
}

/// One line where the figures are of another pack than the one at hand, with what to do about it.
void printPack(const pipeline::PackDifference &difference, const Arguments &arguments)
{
    std::string command = "mulligan classify " + arguments.workspace;
    for (const std::string &path : arguments.rules)
        command += " --rules " + path;
    const char *pack = arguments.rules.empty() ? "the shipped pack" : "the pack given";
    if (!difference.known) {
        std::printf("It is not known which pack the verdicts come from; shown are the rules of %s. '%s' settles it\n",
                    pack, command.c_str());
        return;
    }
    if (difference.none())
        return;
    std::string parts;
    const auto add = [&](size_t count, const char *what) {
        if (count > 0)
            parts += (parts.empty() ? "" : ", ") + counted(count, "rule") + ' ' + what;
    };
    add(difference.added.size(), "new");
    add(difference.changed.size(), "changed");
    add(difference.removed.size(), "gone");
    std::printf("The verdicts come from another pack, and so do all figures: %s has %s. '%s' brings them up to date\n",
                pack, parts.c_str(), command.c_str());
}

void printClasses(const pipeline::HealthReport &report, const Arguments &arguments)
{
    const bool sure = std::any_of(report.classes.begin(), report.classes.end(),
                                  [](const auto &each) { return each.trend && each.trend->low > 1.0; });
    std::printf("\nClasses, by the low end of their change per week\n");
    if (report.wholeWeeks.empty())
        std::printf("  The data hold no whole week, so no change is told\n");
    else
        std::printf("  Over %s from %s to %s, whole weeks only; weeks before a class first occurred count as 0%s\n",
                    counted(report.wholeWeeks.size(), "week").c_str(),
                    base::formatDate(report.wholeWeeks.front()).c_str(),
                    base::formatDate({report.wholeWeeks.back().ms + 6 * base::kMsPerDay}).c_str(),
                    sure ? "" : "; no class grows for certain, since no interval lies above 0");
    std::printf("  %-36s %18s %9s %9s   %s\n", "class", "failures", "4 weeks", "4 before", "change per week (95 %)");
    size_t shown = 0;
    for (const pipeline::ClassHealth &health : report.classes) {
        if (shown == arguments.most)
            break;
        ++shown;
        std::printf("  %-36s %9s %-8s %9s %9s", health.errorClass.c_str(), grouped(health.failures).c_str(),
                    health.failures == 1 ? "failure" : "failures", grouped(health.recent).c_str(),
                    grouped(health.previous).c_str());
        if (health.trend)
            std::printf("   %+.1f %% (%+.1f to %+.1f)", 100.0 * (health.trend->perPeriod - 1.0),
                        100.0 * (health.trend->low - 1.0), 100.0 * (health.trend->high - 1.0));
        std::printf("\n");
    }
    printRest(report.classes.size(), shown, "class", "classes");
}

void printUnclassified(const char *title, const std::vector<pipeline::UnclassifiedHealth> &rows, size_t most)
{
    std::printf("\n%s\n", title);
    size_t shown = 0;
    for (const pipeline::UnclassifiedHealth &row : rows) {
        if (shown == most || row.unclassified == 0)
            break;
        ++shown;
        std::printf("  %-36s %9s of %9s  %s\n", row.name.empty() ? "(none)" : row.name.c_str(),
                    grouped(row.unclassified).c_str(), grouped(row.failures).c_str(),
                    shareText(row.share(), row.interval.low, row.interval.high).c_str());
    }
    if (shown == 0)
        std::printf("  none\n");
}

void printText(const pipeline::HealthReport &report, const Arguments &arguments)
{
    std::printf("%s from %s to %s; %s unclassified, %s\n", counted(report.failures, "failure").c_str(),
                base::formatDate(report.from).c_str(), base::formatDate(report.to).c_str(),
                grouped(report.overall.unclassified).c_str(),
                shareText(report.overall.share(), report.overall.interval.low, report.overall.interval.high).c_str());
    if (report.unjudged > 0)
        std::printf("%s without a verdict, in none of the figures; 'mulligan classify' judges them\n",
                    counted(report.unjudged, "failure").c_str());
    printPack(report.pack, arguments);
    if (arguments.profile)
        std::printf("Seconds are of each rule alone over %s, %.1f MB\n",
                    counted(report.profiledTexts, "distinct text").c_str(),
                    static_cast<double>(report.profiledBytes) / 1e6);
    printRules(report, arguments, true);
    printRules(report, arguments, false);
    printIdle(report.rules, arguments.most);
    printClasses(report, arguments);
    printUnclassified("Unclassified by job, worst first", report.byJob, arguments.most);
    printUnclassified("Unclassified by team, worst first", report.byTeam, arguments.most);
    std::printf("\nUnclassified by week\n");
    for (const auto &[week, count] : report.overall.byWeek)
        std::printf(
            "  %s %9s of %9s  %s\n", base::formatDate(week).c_str(), grouped(count.unclassified).c_str(),
            grouped(count.failures).c_str(),
            report::formatShare(static_cast<double>(count.unclassified) / static_cast<double>(count.failures)).c_str());
    std::fflush(stdout);
}

base::Result<int> run(const Globals &globals, const Arguments &arguments)
{
    MULLIGAN_TRY(const auto shipped, resources(globals));
    MULLIGAN_TRY(auto workspace, store::Workspace::open(arguments.workspace, store::OpenMode::ReadOnly));
    MULLIGAN_TRY(const auto classifier, pipeline::workspaceClassifier(workspace, shipped, arguments.rules));
    pipeline::HealthOptions options;
    options.profile = arguments.profile;
    MULLIGAN_TRY(const auto report, withProgress<pipeline::HealthReport>(globals, [&](auto stop, auto &progress) {
                     return pipeline::ruleHealth(workspace, classifier->pack(), options, stop, progress);
                 }));
    if (globals.json)
        printJson(pipeline::healthJson(report));
    else
        printText(report, arguments);
    return kDone;
}

} // namespace

void addRulesHealth(CLI::App &rules, Globals &globals)
{
    auto *command = rules.add_subcommand(
        "health", "What a workspace says of each rule, of classes' trends, and of what no rule knows");
    command->footer(
        "Shows the rules that made the verdicts: hits over time, hits on successes, audited precision, age, "
        "those with a concern first.\n"
        "Then each class's trend, and jobs and teams by what no rule knows of their failures.\n"
        "Where the pack at hand is another one, a line says how it differs.");
    auto arguments = std::make_shared<Arguments>();
    command->add_option("WORKSPACE", arguments->workspace, "Workspace file")->required();
    command->add_option(
        "--rules", arguments->rules,
        "Rule files or folders to hold against those that made the verdicts, or shipped; by default the workspace's "
        "own, else the shipped pack");
    command->add_flag("--profile", arguments->profile,
                      "Also measure the time each rule takes on the workspace's texts");
    command->add_option("--most", arguments->most, "Rows of each table at most (20)")->check(CLI::Range(1, 1'000'000));
    command->callback([&globals, arguments] { finish(globals, [&] { return run(globals, *arguments); }); });
}

} // namespace mulligan::cli
