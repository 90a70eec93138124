#include "command.hpp"

#include "formats/file.hpp"
#include "pipeline/mine_workspace.hpp"

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <sstream>

namespace mulligan::cli
{

namespace
{

constexpr std::size_t kColumns = 100;

struct Arguments {
    std::string workspace;
    std::string by = "count";
    bool all = false;
    std::size_t limit = 50;
    std::string rule;
    std::string out;
};

formats::Json namesJson(const std::vector<pipeline::NamedCount> &names)
{
    formats::Json list = formats::Json::array();
    for (const auto &each : names)
        list.push(formats::Json().set("name", each.name).set("failures", each.failures));
    return list;
}

formats::Json textsJson(const std::vector<std::string> &texts)
{
    formats::Json list = formats::Json::array();
    for (const auto &text : texts)
        list.push(text);
    return list;
}

std::vector<std::string> linesOf(const std::string &text)
{
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

formats::Json checksJson(const classify::DraftChecks &checks)
{
    formats::Json out;
    out.set("members", checks.members).set("members_matched", checks.membersMatched);
    out.set("other_causes", checks.otherCauses).set("other_clusters", textsJson(checks.otherClusters));
    out.set("successes", checks.successes).set("undetermined", checks.undetermined);
    out.set("samples_left_out", checks.samplesLeftOut).set("backtracking", checks.backtracking);
    return out.set("clean", checks.clean());
}

formats::Json neighboursJson(const std::vector<pipeline::ClusterNeighbour> &neighbours)
{
    formats::Json list = formats::Json::array();
    for (const auto &each : neighbours)
        list.push(formats::Json()
                      .set("id", each.id)
                      .set("similarity", each.similarity)
                      .set("template", each.text)
                      .set("rule", each.rule)
                      .set("class", each.errorClass)
                      .set("size", each.failures));
    return list;
}

formats::Json clusterJson(const pipeline::MinedCluster &cluster)
{
    formats::Json out;
    out.set("id", cluster.cluster.id).set("size", cluster.failures).set("share", cluster.share);
    out.set("template", cluster.cluster.text).set("pattern", cluster.pattern);
    out.set("examples", textsJson(cluster.examples)).set("cost_usd", cluster.costUsd);
    out.set("exception", cluster.cluster.exceptionClass).set("frames", textsJson(linesOf(cluster.cluster.frames)));
    out.set("first_seen", base::formatInstant(cluster.firstSeen));
    out.set("last_seen", base::formatInstant(cluster.lastSeen));
    out.set("jobs", namesJson(cluster.jobs)).set("job_count", cluster.jobCount);
    out.set("owners", namesJson(cluster.owners)).set("owner_count", cluster.ownerCount);
    out.set("unclassified", cluster.unclassified).set("classified", cluster.classified).set("rule", cluster.rule);
    out.set("rules", namesJson(cluster.rules)).set("without_cause", cluster.withoutCause);
    return out.set("neighbours", neighboursJson(cluster.neighbours)).set("checks", checksJson(cluster.checks));
}

formats::Json reportJson(const pipeline::MiningReport &report, const Arguments &arguments)
{
    formats::Json clusters = formats::Json::array();
    for (const auto &cluster : report.clusters)
        clusters.push(clusterJson(cluster));
    formats::Json out;
    out.set("clusters", std::move(clusters)).set("by", arguments.by).set("failures", report.failures);
    out.set("all_failures", report.allFailures).set("without_text", report.withoutText);
    out.set("without_cluster", report.withoutCluster).set("without_cause", report.withoutCause);
    out.set("cluster_count", report.clusterCount);
    out.set("new_causes", report.newCauses).set("new_clusters", report.newClusters);
    return out.set("seconds", report.seconds);
}

/// A text on one line of the terminal, cut where it is too long.
std::string shown(const std::string &text, std::size_t indent)
{
    const std::size_t room = kColumns - indent;
    std::string line = text;
    std::replace_if(
        line.begin(), line.end(), [](char byte) { return static_cast<unsigned char>(byte) < 0x20; }, ' ');
    if (line.size() > room) {
        line.resize(room - 3);
        while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0x80U) != 0)
            line.pop_back();
        line += "...";
    }
    return std::string(indent, ' ') + line;
}

std::string fixed(double number, int decimals)
{
    std::ostringstream out;
    out << std::fixed << std::setprecision(decimals) << number;
    return out.str();
}

/// "$1,234.50".
std::string dollars(double amount)
{
    const std::string cents = fixed(amount, 2);
    const std::size_t point = cents.find('.');
    const bool plain = amount >= 0.0 && amount < 1e15;
    return "$" + (!plain ? cents : grouped(std::stoull(cents.substr(0, point))) + cents.substr(point));
}

std::string day(base::Instant instant)
{
    return base::formatDate(instant);
}

std::string checksText(const classify::DraftChecks &checks)
{
    if (checks.clean())
        return (checks.members == 1 ? "matches its one text"
                                    : "matches all " + grouped(checks.members) + " distinct texts")
               + ", no other cluster and no success";
    std::string text;
    const auto add = [&](const std::string &part) { text += (text.empty() ? "" : "; ") + part; };
    if (checks.membersMatched < checks.members)
        add("misses " + grouped(checks.members - checks.membersMatched) + " of "
            + counted(checks.members, "distinct text"));
    if (checks.otherCauses > 0)
        add("also matches " + counted(checks.otherCauses, "text") + " of "
            + counted(checks.otherClusters.size(), "other cluster"));
    if (checks.successes > 0)
        add("also matches " + counted(checks.successes, "success", "successes"));
    if (checks.undetermined > 0)
        add("takes too long on " + counted(checks.undetermined, "text"));
    if (!checks.backtracking.empty())
        add(checks.backtracking);
    return text;
}

constexpr std::size_t kRulesShown = 5;

/// Which rules classify failures of the cluster. `all`: its figures hold these failures too.
void printRulesOf(const pipeline::MinedCluster &cluster, bool all)
{
    if (cluster.rules.empty())
        return;
    std::string text = grouped(cluster.classified);
    if (all)
        text += cluster.classified == 1 ? " of them is classified" : " of them are classified";
    else
        text += cluster.classified == 1 ? " other is classified" : " others are classified";
    if (cluster.rules.size() == 1) {
        std::cout << shown(text + " by rule " + cluster.rules.front().name, 4) << '\n';
        return;
    }
    std::cout << shown(text + " by " + counted(cluster.rules.size(), "rule"), 4) << '\n';
    for (std::size_t i = 0; i < std::min(cluster.rules.size(), kRulesShown); ++i)
        std::cout << shown(grouped(cluster.rules[i].failures) + " by " + cluster.rules[i].name, 8) << '\n';
    if (cluster.rules.size() > kRulesShown)
        std::cout << shown("and " + counted(cluster.rules.size() - kRulesShown, "more rule"), 8) << '\n';
}

void printDraftLine(const pipeline::MinedCluster &cluster)
{
    if (cluster.withoutCause)
        std::cout << shown("no cause in its text: the line tells of no failure, so nothing is drafted", 4) << '\n';
    else if (cluster.pattern.empty())
        std::cout << shown("no draft: its lines have no words in common", 4) << '\n';
    else if (cluster.checks.members > 0)
        std::cout << shown("draft " + checksText(cluster.checks), 4) << '\n';
}

void printCluster(const pipeline::MinedCluster &cluster, bool all)
{
    std::cout << std::left << std::setw(12) << cluster.cluster.id << std::right << std::setw(11)
              << grouped(cluster.failures) << std::setw(8) << fixed(cluster.share * 100.0, 1) + " %" << std::setw(14)
              << dollars(cluster.costUsd) << std::setw(8) << grouped(cluster.jobCount) << "  " << day(cluster.firstSeen)
              << "  " << day(cluster.lastSeen) << '\n';
    std::cout << shown(cluster.cluster.text.empty() ? "(an empty line)" : cluster.cluster.text, 4) << '\n';
    for (const auto &frame : linesOf(cluster.cluster.frames))
        std::cout << shown("at " + frame, 8) << '\n';
    printDraftLine(cluster);
    printRulesOf(cluster, all);
    for (const auto &each : cluster.neighbours) {
        if (each.rule.empty() || !cluster.rule.empty())
            continue;
        std::cout << shown("looks like rule " + each.rule + " (" + fixed(each.similarity, 2) + ")", 4) << '\n';
        break;
    }
}

void printReport(const pipeline::MiningReport &report, const Arguments &arguments)
{
    std::cout << counted(report.failures, arguments.all ? "failure" : "unclassified failure") << " in "
              << counted(report.clusterCount, "cluster");
    if (!arguments.all)
        std::cout << ", of " << counted(report.allFailures, "failure");
    std::cout << '\n';
    if (report.withoutText > 0)
        std::cout << grouped(report.withoutText) << " without a text to cluster by\n";
    if (report.withoutCluster > 0)
        std::cout << grouped(report.withoutCluster) << " without a cluster: their texts are too different\n";
    if (report.withoutCause > 0)
        std::cout << grouped(report.withoutCause) << " with a text that names no cause\n";
    if (report.clusters.empty())
        return;
    std::cout << '\n'
              << std::left << std::setw(12) << "CLUSTER" << std::right << std::setw(11) << "FAILURES" << std::setw(8)
              << "SHARE" << std::setw(14) << "COST" << std::setw(8) << "JOBS"
              << "  FIRST SEEN  LAST SEEN\n";
    for (const auto &cluster : report.clusters)
        printCluster(cluster, arguments.all);
    if (report.clusters.size() < report.clusterCount)
        std::cout << "\n" << grouped(report.clusterCount - report.clusters.size()) << " more; see --limit\n";
    std::cout << "\nDraft a rule with 'mulligan mine " << arguments.workspace << " --rule CLUSTER'\n";
}

formats::Json ruleJson(const classify::Rule &rule)
{
    formats::Json out;
    out.set("id", rule.id).set("title", rule.title).set("status", classify::name(rule.status));
    out.set("class", rule.errorClass).set("where", classify::name(rule.where));
    out.set("all", textsJson(rule.all)).set("any", textsJson(rule.any));
    return out.set("positive", textsJson(rule.positive)).set("negative", textsJson(rule.negative));
}

formats::Json previewJson(const classify::DraftPreview &preview)
{
    formats::Json from = formats::Json::object();
    for (const auto &[rule, failures] : preview.fromRules)
        from.set(rule, failures);
    formats::Json out;
    out.set("failures", preview.failures).set("cost_usd", preview.costUsd);
    out.set("unclassified_failures", preview.unclassifiedFailures);
    out.set("unclassified_cost_usd", preview.unclassifiedCostUsd);
    return out.set("jobs", preview.jobs).set("from_rules", std::move(from));
}

formats::Json draftJson(const pipeline::RuleDraft &draft)
{
    formats::Json proposal;
    proposal.set("class", draft.proposal.errorClass).set("rule", draft.proposal.rule);
    proposal.set("cluster", draft.proposal.cluster).set("similarity", draft.proposal.similarity);
    formats::Json out;
    out.set("cluster", draft.cluster).set("form", classify::name(draft.form)).set("rule", ruleJson(draft.rule));
    out.set("checks", checksJson(draft.checks)).set("preview", previewJson(draft.preview));
    return out.set("proposal", std::move(proposal)).set("yaml", draft.yaml);
}

/// What one should know before accepting, as comments of YAML.
void printNotes(std::ostream &out, const pipeline::RuleDraft &draft)
{
    out << "# Draft of cluster " << draft.cluster << ": " << checksText(draft.checks) << ".\n";
    out << "# It would classify " << counted(draft.preview.unclassifiedFailures, "failure") << " of "
        << counted(draft.preview.jobs, "job") << " that cost " << dollars(draft.preview.unclassifiedCostUsd) << ".\n";
    for (const auto &[rule, failures] : draft.preview.fromRules)
        out << "# It also matches " << counted(failures, "failure") << " of rule " << rule << ".\n";
    if (!draft.proposal.errorClass.empty())
        out << "# Proposal: class " << draft.proposal.errorClass << ", as rule " << draft.proposal.rule
            << " gives similar failures (" << fixed(draft.proposal.similarity, 2) << ").\n";
    out << "# Choose a class, then set the status to active.\n";
}

base::Result<int> draft(const Globals &globals, const Arguments &arguments)
{
    MULLIGAN_CHECK(refuseExisting(arguments.out));
    MULLIGAN_TRY(auto workspace, store::Workspace::open(arguments.workspace, store::OpenMode::ReadOnly));
    MULLIGAN_TRY(const auto made, withProgress<pipeline::RuleDraft>(globals, [&](auto stop, auto &progress) {
                     return pipeline::draftRule(workspace, arguments.rule, base::formatDate(base::systemNow()), stop,
                                                progress);
                 }));
    std::ostringstream file;
    printNotes(file, made);
    file << made.yaml;
    if (!arguments.out.empty())
        MULLIGAN_CHECK(formats::writeFileAtomically(arguments.out, file.str()));
    if (globals.json) {
        formats::Json out = draftJson(made);
        if (!arguments.out.empty())
            out.set("out", arguments.out);
        printJson(out);
    } else if (arguments.out.empty()) {
        std::cout << file.str();
    } else {
        printNotes(std::cout, made);
        std::cout << "Wrote " << arguments.out << '\n';
    }
    return kDone;
}

base::Result<int> list(const Globals &globals, const Arguments &arguments)
{
    if (!arguments.out.empty())
        return base::makeError(base::ErrorCode::InvalidArgument, "--out goes with --rule",
                               "Name the cluster whose draft rule is to be written.");
    MULLIGAN_TRY(auto workspace, store::Workspace::open(arguments.workspace, store::OpenMode::ReadWriteIfAllowed));
    pipeline::MineOptions options;
    options.order = arguments.by == "cost" ? pipeline::MineOrder::Cost : pipeline::MineOrder::Count;
    options.all = arguments.all;
    options.limit = arguments.limit;
    MULLIGAN_TRY(const auto report, withProgress<pipeline::MiningReport>(globals, [&](auto stop, auto &progress) {
                     return pipeline::mineWorkspace(workspace, options, stop, progress);
                 }));
    if (globals.json)
        printJson(reportJson(report, arguments));
    else
        printReport(report, arguments);
    return kDone;
}

} // namespace

void addMine(CLI::App &app, Globals &globals)
{
    auto *command =
        app.add_subcommand("mine", "Cluster unclassified failures by their texts, or draft a cluster's rule");
    command->footer("Lists clusters of failures whose texts have much in common, the heaviest first, with the draft "
                    "rule each would get.\n"
                    "With --rule writes the draft rule of one cluster, tried on the whole history.");
    auto arguments = std::make_shared<Arguments>();
    command->add_option("WORKSPACE", arguments->workspace, "Workspace file")->required();
    command->add_option("--by", arguments->by, "Order: count (the default) or cost")
        ->check(CLI::IsMember({"count", "cost"}));
    command->add_flag("--all", arguments->all, "Classified failures too");
    command->add_option("--limit", arguments->limit, "Clusters to list; 50 by default, 0 for all");
    command->add_option("--rule", arguments->rule, "Draft the rule of this cluster (its id or the beginning of it)");
    command->add_option("--out", arguments->out, "File to write the draft rule to, instead of printing it");
    command->callback([&globals, arguments] {
        finish(globals,
               [&] { return arguments->rule.empty() ? list(globals, *arguments) : draft(globals, *arguments); });
    });
}

} // namespace mulligan::cli
