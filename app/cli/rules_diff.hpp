#pragma once

#include "command.hpp"

namespace mulligan::cli
{

/// Adds `rules diff` to the command `rules`.
void addRulesDiff(CLI::App &rules, Globals &globals);

} // namespace mulligan::cli
