#pragma once

#include "command.hpp"

#include "pipeline/import_sources.hpp"

#include <string>

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

/// Reads the files that are named. What the command line says of redaction is joined with what the workspace remembers;
/// a file takes its place. Errors: InvalidArgument, those of the files and of the workspace.
[[nodiscard]] base::Result<pipeline::ImportOptions> importOptions(store::Workspace &workspace,
                                                                  const ImportArguments &arguments);

/// ", 2 files rejected, 1 skipped" for the end of an import's summary; empty when every file was taken.
[[nodiscard]] std::string notTaken(const pipeline::ImportReport &report);

} // namespace mulligan::cli
