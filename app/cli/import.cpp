#include "command.hpp"
#include "import_arguments.hpp"

#include "ingest/log_warnings.hpp"
#include "pipeline/import_sources.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <tuple>

namespace mulligan::cli
{

namespace
{

formats::Json sourceJson(const pipeline::ImportedSource &source)
{
    formats::Json out;
    out.set("path", source.path).set("format", source.format).set("sha256", source.sha256);
    out.set("status", pipeline::name(source.status)).set("attempts", source.attempts);
    out.set("failures", source.failures).set("rejected_rows", source.rejectedRows).set("joined", source.joined);
    out.set("reason", source.reason).set("conflicts", source.conflicts);
    setNotes(out, source);
    out.set("grown", source.grown);
    return out;
}

std::string rejectedRows(std::uint64_t number)
{
    return counted(number, "row") + " rejected";
}

/// Sources of one folder of which the same is to be said: shown as one where they are many.
struct SourceGroup {
    pipeline::ImportedSource sum; ///< counts added up; the path is the first one's
    size_t files = 0;
    std::vector<std::pair<std::string, std::uint64_t>> withRejects; ///< names, and rejected rows in each
};

constexpr size_t kShownSingly = 4;
constexpr size_t kNamedOfGroup = 10;

std::string folderOf(const std::string &path)
{
    return std::filesystem::path(path).parent_path().string();
}

void noteRejects(SourceGroup &group, const pipeline::ImportedSource &source)
{
    if (source.rejectedRows > 0)
        group.withRejects.emplace_back(std::filesystem::path(source.path).filename().string(), source.rejectedRows);
}

std::vector<SourceGroup> alikeTogether(const std::vector<pipeline::ImportedSource> &sources)
{
    using Key = std::tuple<pipeline::SourceStatus, std::string, std::string, std::string, std::vector<std::string>>;
    const auto keyOf = [](const pipeline::ImportedSource &source) {
        return Key(source.status, folderOf(source.path), source.format, source.reason, source.warnings);
    };
    std::map<Key, size_t> alike;
    for (const auto &source : sources)
        ++alike[keyOf(source)];
    std::map<Key, size_t> at;
    std::vector<SourceGroup> out;
    for (const auto &source : sources) {
        const Key key = keyOf(source);
        const auto found = at.find(key);
        if (alike[key] < kShownSingly || found == at.end()) {
            at[key] = out.size();
            out.push_back({source, 1, {}});
            noteRejects(out.back(), source);
            continue;
        }
        SourceGroup &group = out[found->second];
        ++group.files;
        noteRejects(group, source);
        group.sum.attempts += source.attempts;
        group.sum.failures += source.failures;
        group.sum.joined += source.joined;
        group.sum.rejectedRows += source.rejectedRows;
        group.sum.grown = group.sum.grown || source.grown;
        group.sum.redactions += source.redactions;
        for (const auto &[kind, count] : source.redacted)
            group.sum.redacted[kind] += count;
    }
    return out;
}

/// Which of many files shown as one have rejected rows.
void printRejects(const SourceGroup &group)
{
    if (group.files == 1)
        return;
    for (size_t i = 0; i < group.withRejects.size() && i < kNamedOfGroup; ++i)
        std::cout << "    " << rejectedRows(group.withRejects[i].second) << " in " << group.withRejects[i].first
                  << '\n';
    if (group.withRejects.size() > kNamedOfGroup)
        std::cout << "    rows rejected in " << counted(group.withRejects.size() - kNamedOfGroup, "more source")
                  << '\n';
}

void printGroup(const SourceGroup &group)
{
    const pipeline::ImportedSource &source = group.sum;
    std::cout << pipeline::name(source.status) << "  ";
    if (group.files > 1)
        std::cout << counted(group.files, "source") << " in " << folderOf(source.path) << '/';
    else
        std::cout << source.path;
    if (source.status == pipeline::SourceStatus::Imported) {
        std::cout << "  (" << source.format << ": " << counted(source.attempts, "attempt") << ", "
                  << counted(source.failures, "failure");
        if (source.joined > 0)
            std::cout << ", " << grouped(source.joined) << " joined";
        if (source.grown)
            std::cout << ", grown since it was read before";
        if (source.rejectedRows > 0)
            std::cout << ", " << rejectedRows(source.rejectedRows);
        std::cout << ")";
    }
    std::cout << '\n';
    printRejects(group);
    if (source.redactions > 0)
        std::cout << "    " << redactedSecrets(source.redactions, source.redacted) << '\n';
    if (!source.reason.empty())
        std::cout << "    " << source.reason << '\n';
    for (const auto &warning : source.warnings) {
        if (!warning.starts_with(ingest::kTimesWithoutZone))
            std::cout << "    warning: " << warning << '\n';
    }
}

/// Only where the redaction was chosen: later imports of other files have nothing to do with it.
void printEarlierRedaction(const pipeline::ImportReport &report)
{
    if (report.earlierRedaction > 0)
        std::cout << counted(report.earlierRedaction, "stored source")
                  << (report.earlierRedaction == 1 ? " was" : " were")
                  << " read when less was redacted: import the same files again to redact them too.\n";
}

void printText(const pipeline::ImportReport &report, const std::string &workspace, bool redactionChosen)
{
    for (const SourceGroup &group : alikeTogether(report.sources))
        printGroup(group);
    printTimesWithoutZone(report.sources);
    std::cout << counted(report.attempts, "new attempt") << ", " << counted(report.failures, "failure") << ", "
              << rejectedRows(report.rejectedRows) << notTaken(report) << ", "
              << std::to_string(report.seconds).substr(0, 5) << " s\n";
    if (report.rejectedRows > 0)
        std::cout << "'mulligan rejects " << workspace << "' lists the rejected rows with the reasons.\n";
    if (report.conflicts > 0)
        std::cout << counted(report.conflicts, "conflict") << " between sources: 'mulligan conflicts " << workspace
                  << "' lists them.\n";
    if (redactionChosen)
        printEarlierRedaction(report);
}

/// Whether something the user named could not be imported; what lies in a folder beside others is only reported.
bool namedOneFailed(const pipeline::ImportReport &report, const std::vector<std::string> &paths)
{
    return std::any_of(report.sources.begin(), report.sources.end(), [&](const auto &source) {
        return source.status == pipeline::SourceStatus::Rejected
               && std::find(paths.begin(), paths.end(), source.path) != paths.end();
    });
}

struct Arguments {
    std::string workspace;
    std::vector<std::string> paths;
    ImportArguments reading;
    bool strict = false;
};

base::Result<int> run(const Globals &globals, const Arguments &arguments)
{
    MULLIGAN_TRY(auto options, importOptions(arguments.reading));
    MULLIGAN_TRY(auto workspace, store::Workspace::open(arguments.workspace, store::OpenMode::ReadWrite));
    MULLIGAN_CHECK(joinRedaction(workspace, arguments.reading, options));
    MULLIGAN_TRY(const auto shipped, resources(globals));
    MULLIGAN_TRY(options.economics, pipeline::workspaceEconomics(workspace, shipped));
    MULLIGAN_TRY(const auto report, withProgress<pipeline::ImportReport>(globals, [&](auto stop, auto &progress) {
                     return pipeline::importSources(workspace, arguments.paths, options, stop, progress);
                 }));
    if (globals.json) {
        formats::Json sources = formats::Json::array();
        for (const auto &source : report.sources)
            sources.push(sourceJson(source));
        printJson(formats::Json()
                      .set("sources", sources)
                      .set("attempts", report.attempts)
                      .set("failures", report.failures)
                      .set("rejected_rows", report.rejectedRows)
                      .set("conflicts", report.conflicts)
                      .set("seconds", report.seconds));
    } else {
        printText(report, arguments.workspace, options.redaction != nullptr);
    }
    const bool nothing = std::none_of(report.sources.begin(), report.sources.end(), [](const auto &source) {
        return source.status != pipeline::SourceStatus::Rejected;
    });
    if (nothing || namedOneFailed(report, arguments.paths))
        return kFailed;
    return arguments.strict && report.anythingRejected() ? kRejected : kDone;
}

} // namespace

void addImport(CLI::App &app, Globals &globals)
{
    auto *command = app.add_subcommand("import", "Read files, folders and archives of history into a workspace");
    auto arguments = std::make_shared<Arguments>();
    command->add_option("WORKSPACE", arguments->workspace, "Workspace file")->required();
    command->add_option("PATH", arguments->paths, "Files, folders or archives; - is standard input")->required();
    addImportOptions(*command, arguments->reading);
    command->add_flag("--strict", arguments->strict, "Exit with 3 when anything was rejected");
    command->callback([&globals, arguments] { finish(globals, [&] { return run(globals, *arguments); }); });
}

} // namespace mulligan::cli
