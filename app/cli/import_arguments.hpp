#pragma once

#include "command.hpp"

#include "pipeline/import_sources.hpp"

#include <string>
#include <vector>

namespace mulligan::cli
{

/// How files are to be read: what `import` and `watch` have in common.
struct ImportArguments {
    std::string format = "auto";
    std::string map;
    std::string redactionFile;
    bool redactEmails = false;
    bool redactUserPaths = false;
};

/// Adds the options to a command.
void addImportOptions(CLI::App &command, ImportArguments &arguments);

/// Reads the files that are named. Errors: InvalidArgument, those of the files.
[[nodiscard]] base::Result<pipeline::ImportOptions> importOptions(const ImportArguments &arguments);

/// Joins what the command line asks to be redacted with what the workspace remembers, whose place a file takes.
[[nodiscard]] base::Result<void> joinRedaction(store::Workspace &workspace, const ImportArguments &arguments,
                                               pipeline::ImportOptions &options);

/// "3 secrets redacted (2 password, 1 token)".
[[nodiscard]] std::string redactedSecrets(std::uint64_t count, const ingest::RedactionCounts &kinds);
/// What is told of a source beside its counts: `warnings`, `redactions` and, by kind, `redacted`.
void setNotes(formats::Json &json, const pipeline::ImportedSource &source);

/// Prints once what nearly every log gives cause for, that its times have no zone, with the number of sources.
void printTimesWithoutZone(const std::vector<pipeline::ImportedSource> &sources);

/// ", 2 files rejected, 1 skipped" for the end of an import's summary; empty when every file was taken.
[[nodiscard]] std::string notTaken(const pipeline::ImportReport &report);

} // namespace mulligan::cli
