#pragma once

#include "base/result.hpp"

#include <CLI/CLI.hpp>

namespace mulligan::cli
{

/// Says what is wrong with a command line that could not be parsed, as the contract wants it: exit 2, and with --json
/// an error object as well. Prints help or the version instead where these were asked for, with --json as an object.
/// Returns the exit code.
[[nodiscard]] int endOfParsing(const CLI::App &app, const CLI::ParseError &error, int argc, char **argv);

/// The subcommands of a command, `last` before the last one: "lint, test or list".
[[nodiscard]] std::string namesOfSubcommands(const CLI::App &command, const std::string &last);

/// The subcommand called `name`; null: none.
[[nodiscard]] const CLI::App *subcommand(const CLI::App &command, const std::string &name);

/// "There is no command 'import2'", with the nearest one as the remedy.
[[nodiscard]] base::Error unknownCommand(const CLI::App &command, const std::string &path, const std::string &name);

} // namespace mulligan::cli
