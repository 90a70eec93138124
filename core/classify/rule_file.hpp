#pragma once

#include "base/result.hpp"
#include "classify/rule.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mulligan::classify
{

/// Reads one rule file. Errors: Parse or InvalidArgument with file, line, column and remedy: unknown keys (with the
/// nearest known one), bad patterns, missing fields, bad values.
[[nodiscard]] base::Result<std::vector<Rule>> parseRules(std::string_view text, const std::string &name);
/// Reads files and folders (*.yaml, *.yml, sorted) into one pack. Errors: as above; repeated ids; no rule at all.
[[nodiscard]] base::Result<RulePack> loadPack(const std::vector<std::string> &paths);
/// A pack from text that is already in memory (a bundle's rules.yaml).
[[nodiscard]] base::Result<RulePack> packFromText(std::string_view text, const std::string &name);
/// Canonical YAML of a whole pack; packFromText reads back equal rules (but for file and line).
[[nodiscard]] std::string writePack(const RulePack &pack);

} // namespace mulligan::classify
