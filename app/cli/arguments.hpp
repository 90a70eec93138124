#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace mulligan::cli
{

/// Gives the arguments of every command, and of commands within commands, what they have in common: a name that help
/// and manual pages show ("--out FILE"), and the refusal of what is no value (an empty text, a negative count).
void describeArguments(CLI::App &app);

/// What an option takes, as help shows it: "FILE", "PATH ..."; "" for a flag.
[[nodiscard]] std::string argumentOf(const CLI::Option &option);

} // namespace mulligan::cli
