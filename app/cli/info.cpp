#include "command.hpp"

#include "pipeline/refresh.hpp"
#include "pipeline/workspace_redaction.hpp"
#include "store/workspace.hpp"

#include <iostream>

namespace mulligan::cli
{

namespace
{

formats::Json redactionJson(const ingest::RedactionSettings &redaction)
{
    formats::Json patterns = formats::Json::array();
    for (const auto &pattern : redaction.patterns)
        patterns.push(pattern.name);
    return formats::Json()
        .set("emails", redaction.emails)
        .set("user_paths", redaction.userPaths)
        .set("allow", redaction.allow.size())
        .set("patterns", std::move(patterns));
}

/// "e-mail addresses, user paths, ticket", beside the built-in kinds.
std::string redactionText(const ingest::RedactionSettings &redaction)
{
    std::string out = "built-in kinds of secrets";
    if (redaction.emails)
        out += ", e-mail addresses";
    if (redaction.userPaths)
        out += ", user paths";
    for (const auto &pattern : redaction.patterns)
        out += ", " + pattern.name;
    if (!redaction.allow.empty())
        out += "; " + counted(redaction.allow.size(), "text") + " allowed";
    return out;
}

formats::Json infoJson(const store::WorkspaceInfo &info, const pipeline::Freshness &fresh,
                       const ingest::RedactionSettings &redaction)
{
    formats::Json classes = formats::Json::object();
    for (const auto &[errorClass, count] : info.classes)
        classes.set(errorClass, count);
    const auto names = [](const std::vector<std::string> &list) {
        formats::Json out = formats::Json::array();
        for (const auto &entry : list)
            out.push(entry);
        return out;
    };
    formats::Json out;
    out.set("schema_version", info.schemaVersion).set("sources", info.sources).set("jobs", info.jobs);
    out.set("runs", info.runs).set("attempts", info.attempts).set("failures", info.failures);
    out.set("episodes", info.episodes).set("classes", classes).set("models", names(info.models));
    out.set("policies", names(info.policies));
    out.set("from", info.attempts > 0 ? formats::Json(base::formatInstant(info.from)) : formats::Json());
    out.set("to", info.attempts > 0 ? formats::Json(base::formatInstant(info.to)) : formats::Json());
    out.set("conflicts", info.conflicts).set("recommendations", fresh.recommendations);
    out.set("refreshed_at",
            fresh.refreshedAt.ms > 0 ? formats::Json(base::formatInstant(fresh.refreshedAt)) : formats::Json());
    return out.set("redaction", redactionJson(redaction));
}

void printText(const std::string &path, const store::WorkspaceInfo &info, const pipeline::Freshness &fresh,
               const ingest::RedactionSettings &redaction, std::uint64_t earlier)
{
    std::cout << path << " (schema version " << info.schemaVersion << ")\n"
              << "  sources   " << grouped(info.sources) << '\n'
              << "  jobs      " << grouped(info.jobs) << '\n'
              << "  runs      " << grouped(info.runs) << '\n'
              << "  attempts  " << grouped(info.attempts) << '\n'
              << "  failures  " << grouped(info.failures) << " in " << counted(info.episodes, "episode") << "\n"
              << "  classes   " << info.classes.size() << '\n'
              << "  models    " << info.models.size() << '\n';
    std::cout << "  redacted  " << redactionText(redaction) << '\n';
    if (earlier > 0)
        std::cout << "            " << counted(earlier, "source") << (earlier == 1 ? " was" : " were")
                  << " read when less was redacted; import the same files again\n";
    if (info.conflicts > 0)
        std::cout << "  conflicts " << grouped(info.conflicts) << " facts on which sources differ\n";
    if (fresh.refreshedAt.ms > 0)
        std::cout << "  refreshed " << base::formatInstant(fresh.refreshedAt) << " from " << fresh.watched << ", "
                  << counted(fresh.recommendations, "recommendation") << " for open failures\n";
    if (info.attempts > 0)
        std::cout << "  covers    " << base::formatInstant(info.from) << " to " << base::formatInstant(info.to) << '\n';
    else
        std::cout << "  empty: run 'mulligan import " << path << " PATH…'\n";
}

base::Result<int> run(const Globals &globals, const std::string &path)
{
    MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadOnly));
    MULLIGAN_TRY(const auto info, workspace.info());
    MULLIGAN_TRY(const auto fresh, pipeline::freshnessOf(workspace));
    MULLIGAN_TRY(const auto chosen, pipeline::workspaceRedaction(workspace));
    MULLIGAN_TRY(const std::uint64_t earlier, pipeline::sourcesOfEarlierRedaction(workspace));
    const auto redaction = chosen.value_or(ingest::RedactionSettings());
    if (globals.json)
        printJson(infoJson(info, fresh, redaction));
    else
        printText(path, info, fresh, redaction, earlier);
    return kDone;
}

} // namespace

void addInfo(CLI::App &app, Globals &globals)
{
    auto *command = app.add_subcommand("info", "What a workspace holds");
    auto path = std::make_shared<std::string>();
    command->add_option("WORKSPACE", *path, "Workspace file")->required();
    command->callback([&globals, path] { finish(globals, [&] { return run(globals, *path); }); });
}

} // namespace mulligan::cli
