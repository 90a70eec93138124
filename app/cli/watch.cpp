#include "command.hpp"
#include "import_arguments.hpp"

#include "base/units.hpp"
#include "ingest/log_warnings.hpp"
#include "pipeline/refresh.hpp"

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <iostream>
#include <map>
#include <mutex>
#include <utility>

namespace mulligan::cli
{

namespace
{

struct Arguments {
    std::string workspace;
    std::string folder;
    std::string every = "30m";
    bool once = false;
    ImportArguments reading;
};

formats::Json timeJson(base::Instant instant)
{
    return instant.ms == 0 ? formats::Json() : formats::Json(base::formatInstant(instant));
}

std::uint64_t newSources(const pipeline::RefreshReport &report)
{
    std::uint64_t count = 0;
    for (const auto &source : report.import.sources)
        count += source.status == pipeline::SourceStatus::Imported && !source.grown ? 1 : 0;
    return count;
}

formats::Json refreshJson(const pipeline::RefreshReport &report)
{
    formats::Json sources = formats::Json::array();
    for (const auto &source : report.import.sources) {
        formats::Json each;
        each.set("path", source.path).set("format", source.format).set("status", pipeline::name(source.status));
        each.set("attempts", source.attempts).set("rejected_rows", source.rejectedRows).set("grown", source.grown);
        setNotes(each, source);
        sources.push(each.set("reason", source.reason));
    }
    formats::Json out;
    out.set("at", base::formatInstant(report.at)).set("new_sources", newSources(report));
    out.set("grown_sources", report.grown).set("unchanged_files", report.import.unchanged);
    out.set("attempts", report.import.attempts).set("failures", report.import.failures);
    out.set("rejected_rows", report.import.rejectedRows).set("conflicts", report.import.conflicts);
    out.set("classified", report.classified).set("unclassified", report.unclassified);
    out.set("open_failures", report.open);
    out.set("recommendations",
            formats::Json().set("made", report.made).set("kept", report.kept).set("withdrawn", report.withdrawn));
    out.set("without_recommendations", report.withoutRecommendations);
    out.set("data_until", timeJson(report.freshness.dataUntil)).set("model", report.freshness.modelId);
    out.set("model_to", timeJson(report.freshness.modelTo)).set("sources", sources);
    return out.set("seconds", report.seconds);
}

/// Files that were not taken and were named already: what was said of each, and when it was written last.
using Named = std::map<std::string, std::pair<std::string, std::filesystem::file_time_type>>;

/// Names what was rejected or skipped, each file once for as long as neither it nor the reason changes.
void printNotTaken(const pipeline::RefreshReport &report, Named &named)
{
    constexpr std::size_t kMostNamed = 100;
    std::size_t count = 0;
    for (const auto &source : report.import.sources) {
        if (source.rejectedRows > 0)
            std::cout << "    " << counted(source.rejectedRows, "row") << " rejected in " << source.path << '\n';
        if (source.status != pipeline::SourceStatus::Rejected && source.status != pipeline::SourceStatus::Skipped)
            continue;
        std::error_code unknown;
        const auto written = std::filesystem::last_write_time(source.path, unknown);
        const std::pair now(source.reason, unknown ? std::filesystem::file_time_type() : written);
        if (std::exchange(named[source.path], now) == now)
            continue;
        if (++count <= kMostNamed)
            std::cout << "    " << pipeline::name(source.status) << ' ' << source.path << ": " << source.reason << '\n';
    }
    if (count > kMostNamed)
        std::cout << "    and " << counted(count - kMostNamed, "more file") << ", which --json lists\n";
}

/// Warnings of what was read, and what was redacted in it.
void printNotes(const pipeline::RefreshReport &report)
{
    constexpr std::size_t kMostShown = 100;
    std::size_t warnings = 0;
    std::uint64_t redactions = 0;
    ingest::RedactionCounts redacted;
    for (const auto &source : report.import.sources) {
        redactions += source.redactions;
        for (const auto &[kind, count] : source.redacted)
            redacted[kind] += count;
        for (const auto &warning : source.warnings) {
            if (warning.starts_with(ingest::kTimesWithoutZone))
                continue;
            if (++warnings <= kMostShown)
                std::cout << "    warning: " << source.path << ": " << warning << '\n';
        }
    }
    if (warnings > kMostShown)
        std::cout << "    and " << counted(warnings - kMostShown, "more warning") << ", which --json lists\n";
    printTimesWithoutZone(report.import.sources);
    if (redactions > 0)
        std::cout << "    " << redactedSecrets(redactions, redacted) << '\n';
}

void printText(const pipeline::RefreshReport &report, Named &named)
{
    std::cout << base::formatInstant(report.at) << "  " << counted(newSources(report), "new source") << ", "
              << grouped(report.grown) << " grown, " << counted(report.import.attempts, "new attempt") << ", "
              << counted(report.import.failures, "failure") << ", " << counted(report.import.rejectedRows, "row")
              << " rejected" << notTaken(report.import) << '\n';
    printNotTaken(report, named);
    printNotes(report);
    if (report.withoutRecommendations.empty())
        std::cout << "    recommendations for " << counted(report.open, "open failure") << ": " << grouped(report.made)
                  << " computed, " << grouped(report.kept) << " kept, " << grouped(report.withdrawn) << " withdrawn\n";
    else
        std::cout << "    no recommendations: " << report.withoutRecommendations << '\n';
    std::cout << "    data until "
              << (report.freshness.dataUntil.ms == 0 ? std::string("-")
                                                     : base::formatInstant(report.freshness.dataUntil))
              << '\n';
}

/// Waits, or until a stop is asked for; then false.
bool waited(std::chrono::milliseconds time, const std::stop_token &stop)
{
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock(mutex);
    return !changed.wait_for(lock, stop, time, [&] { return stop.stop_requested(); });
}

base::Result<pipeline::RefreshReport> refreshOnce(const Globals &globals, const Arguments &arguments,
                                                  const pipeline::Resources &shipped, const std::stop_token &stop,
                                                  base::Progress &progress)
{
    pipeline::RefreshOptions options;
    MULLIGAN_TRY(options.import, importOptions(arguments.reading));
    // Opened anew for each refresh, so that nothing is held while waiting.
    MULLIGAN_TRY(auto workspace, store::Workspace::open(arguments.workspace, store::OpenMode::ReadWrite));
    MULLIGAN_CHECK(joinRedaction(workspace, arguments.reading, options.import));
    options.import.threads = static_cast<std::size_t>(globals.threads);
    MULLIGAN_TRY(options.rules, pipeline::workspaceClassifier(workspace, shipped));
    MULLIGAN_TRY(options.policy, pipeline::workspacePolicy(workspace, shipped));
    MULLIGAN_TRY(options.economics, pipeline::workspaceEconomics(workspace, shipped));
    options.import.economics = options.economics;
    const std::string paths[] = {arguments.folder};
    return pipeline::refresh(workspace, paths, options, shipped, stop, progress);
}

/// What all refreshes stored together.
struct Stored {
    std::uint64_t refreshes = 0;
    std::uint64_t sources = 0; ///< new or grown
    std::uint64_t attempts = 0;

    void add(const pipeline::RefreshReport &report)
    {
        ++refreshes;
        sources += newSources(report) + report.grown;
        attempts += report.import.attempts;
    }
};

/// How a watch ends on a signal. `during`: what the refresh under way said of itself, when there was one.
base::Error stopped(const Stored &stored, const std::string &during)
{
    std::string message = "Stopped after " + counted(stored.refreshes, "refresh", "refreshes") + ", which stored "
                          + (stored.sources == 0 ? std::string("nothing new")
                                                 : counted(stored.sources, "new or grown source") + " with "
                                                       + counted(stored.attempts, "new attempt"));
    constexpr std::string_view kCancelled = "Cancelled; ";
    if (!during.empty())
        message += during.starts_with(kCancelled) ? "; in the one under way " + during.substr(kCancelled.size())
                                                  : "; the one under way was not finished";
    return base::makeError(base::ErrorCode::Cancelled, message, "Watch again to go on from there.");
}

base::Result<int> watch(const Globals &globals, const Arguments &arguments, std::chrono::milliseconds every,
                        const std::stop_token &stop, base::Progress &progress)
{
    MULLIGAN_TRY(const auto shipped, resources(globals));
    Named named;
    Stored stored;
    for (bool first = true;; first = false) {
        const auto begun = std::chrono::steady_clock::now();
        const auto report = refreshOnce(globals, arguments, shipped, stop, progress);
        if (report) {
            stored.add(*report);
            if (globals.json)
                printJson(refreshJson(*report));
            else
                printText(*report, named);
            std::cout.flush();
        } else if (report.error().code == base::ErrorCode::Cancelled && !first) {
            return stopped(stored, report.error().message);
        } else if (first || arguments.once || report.error().code == base::ErrorCode::Cancelled) {
            return report.error();
        } else {
            // A disk that is full or a workspace that somebody else writes may be another matter next time.
            fail(globals, report.error());
        }
        if (arguments.once || !std::cout.good())
            return kDone;
        progress.begin("Waiting for the next refresh");
        const auto spent =
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
        if (!waited(std::max(std::chrono::milliseconds(0), every - spent), stop))
            return stopped(stored, {});
    }
}

base::Result<int> run(const Globals &globals, const Arguments &arguments)
{
    const auto seconds = base::parseSeconds(arguments.every);
    if (!seconds || *seconds < 1.0 || *seconds > 31 * 86400.0)
        return base::makeError(base::ErrorCode::InvalidArgument,
                               "'" + arguments.every + "' is no time between refreshes",
                               "Give a time from 1s to 31d with its unit, such as --every 30m.");
    std::error_code failed;
    if (!std::filesystem::exists(arguments.folder, failed))
        return base::makeError(base::ErrorCode::NotFound, "There is no '" + arguments.folder + "' to watch",
                               "Name a folder that logs and histories arrive in.");
    return withProgress<int>(globals, [&](std::stop_token stop, base::Progress &progress) {
        return watch(globals, arguments, std::chrono::milliseconds(static_cast<std::int64_t>(*seconds * 1000.0)), stop,
                     progress);
    });
}

} // namespace

void addWatch(CLI::App &app, Globals &globals)
{
    auto *command = app.add_subcommand("watch", "Import what is new again and again, and refresh the recommendations");
    command->footer(
        "Imports what is new or has grown, and refreshes the recommendations for open failures. With --json "
        "one line a refresh.");
    auto arguments = std::make_shared<Arguments>();
    command->add_option("WORKSPACE", arguments->workspace, "Workspace file")->required();
    command->add_option("DIR", arguments->folder, "Folder (or file) in which history arrives")->required();
    command->add_option("--every", arguments->every, "Time between the starts of two refreshes, 30m by default");
    command->add_flag("--once", arguments->once, "Refresh once and end, for a scheduler of one's own");
    addImportOptions(*command, arguments->reading);
    command->callback([&globals, arguments] { finish(globals, [&] { return run(globals, *arguments); }); });
}

} // namespace mulligan::cli
