#include "import_arguments.hpp"

#include "ingest/log_warnings.hpp"
#include "ingest/mapping.hpp"
#include "pipeline/workspace_redaction.hpp"

#include <algorithm>
#include <iostream>

namespace mulligan::cli
{

namespace
{

base::Result<std::shared_ptr<const ingest::RedactionRules>> withFlags(ingest::RedactionSettings settings,
                                                                      const ImportArguments &arguments)
{
    settings.emails = settings.emails || arguments.redactEmails;
    settings.userPaths = settings.userPaths || arguments.redactUserPaths;
    return ingest::RedactionRules::make(std::move(settings));
}

} // namespace

void addImportOptions(CLI::App &command, ImportArguments &arguments)
{
    command.add_option("--format", arguments.format,
                       "auto, attempts, csv, spark-eventlog, spark-log, yarn-log or airflow");
    command.add_option("--map", arguments.map,
                       "Profile that says how rows of CSV, TSV or JSON become attempts; 'mulligan map' proposes one");
    command.add_option("--redact", arguments.redactionFile,
                       "YAML file with patterns of your own to redact, beside the built-in kinds of secrets; the "
                       "workspace remembers them, and a file takes the place of what it remembers");
    command.add_flag("--redact-emails", arguments.redactEmails, "Redact e-mail addresses as well, from now on");
    command.add_flag("--redact-user-paths", arguments.redactUserPaths,
                     "Redact the user's part of home folders, and owners, as well, from now on");
}

base::Result<pipeline::ImportOptions> importOptions(const ImportArguments &arguments)
{
    const auto format = ingest::formatFromName(arguments.format);
    if (!format)
        return base::makeError(base::ErrorCode::InvalidArgument, "There is no format '" + arguments.format + "'",
                               "Formats: auto, attempts, csv, spark-eventlog, spark-log, yarn-log, airflow.");
    pipeline::ImportOptions options;
    options.format = *format;
    if (!arguments.map.empty()) {
        MULLIGAN_TRY(auto mapping, ingest::readMapping(arguments.map));
        if (auto complete = ingest::checkComplete(mapping); !complete)
            return std::move(complete).error().in("file " + arguments.map);
        options.mapping = std::make_shared<const ingest::Mapping>(std::move(mapping));
    }
    if (!arguments.redactionFile.empty()) {
        MULLIGAN_TRY(auto settings, ingest::loadRedactionSettings(arguments.redactionFile));
        auto rules = withFlags(std::move(settings), arguments);
        if (!rules)
            return std::move(rules).error().in("file " + arguments.redactionFile);
        options.redaction = std::move(rules).value();
    }
    return options;
}

base::Result<void> joinRedaction(store::Workspace &workspace, const ImportArguments &arguments,
                                 pipeline::ImportOptions &options)
{
    const bool flags = arguments.redactEmails || arguments.redactUserPaths;
    if (!flags || !arguments.redactionFile.empty())
        return {};
    MULLIGAN_TRY(auto remembered, pipeline::workspaceRedaction(workspace));
    MULLIGAN_TRY(options.redaction, withFlags(std::move(remembered).value_or(ingest::RedactionSettings()), arguments));
    return {};
}

std::string redactedSecrets(std::uint64_t count, const ingest::RedactionCounts &kinds)
{
    std::string each;
    for (const auto &[kind, number] : kinds)
        each += (each.empty() ? "" : ", ") + grouped(number) + ' ' + kind;
    return counted(count, "secret") + " redacted (" + each + ")";
}

void setNotes(formats::Json &json, const pipeline::ImportedSource &source)
{
    formats::Json warnings = formats::Json::array();
    for (const auto &warning : source.warnings)
        warnings.push(warning);
    formats::Json redacted = formats::Json::object();
    for (const auto &[kind, count] : source.redacted)
        redacted.set(kind, count);
    json.set("warnings", warnings).set("redactions", source.redactions).set("redacted", redacted);
}

std::string notTaken(const pipeline::ImportReport &report)
{
    const auto count = [&](pipeline::SourceStatus status) {
        return static_cast<std::uint64_t>(std::count_if(report.sources.begin(), report.sources.end(),
                                                        [&](const auto &source) { return source.status == status; }));
    };
    std::string out;
    if (const auto rejected = count(pipeline::SourceStatus::Rejected); rejected > 0)
        out += ", " + counted(rejected, "file") + " rejected";
    if (const auto skipped = count(pipeline::SourceStatus::Skipped); skipped > 0)
        out += ", " + counted(skipped, "file") + " skipped";
    return out;
}

void printTimesWithoutZone(const std::vector<pipeline::ImportedSource> &sources)
{
    const auto logs = std::count_if(sources.begin(), sources.end(), [](const auto &source) {
        return std::any_of(source.warnings.begin(), source.warnings.end(),
                           [](const std::string &warning) { return warning.starts_with(ingest::kTimesWithoutZone); });
    });
    if (logs > 0)
        std::cout << "warning, of " << counted(static_cast<std::uint64_t>(logs), "source") << ": "
                  << ingest::kTimesWithoutZone << '\n';
}

} // namespace mulligan::cli
