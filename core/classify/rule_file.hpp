#pragma once

#include "base/result.hpp"
#include "classify/rule.hpp"
#include "formats/json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mulligan::classify
{

/// The rule files that a path names: itself, or those of a folder (*.yaml, *.yml), sorted. Errors: NotFound for a
/// folder without any, PermissionDenied, Io.
[[nodiscard]] base::Result<std::vector<std::string>> ruleFiles(const std::string &path);
/// Reads one rule file. Errors: Parse with file, line, column and remedy: unknown keys (with the
/// nearest known one), bad patterns, missing fields, bad values.
[[nodiscard]] base::Result<std::vector<Rule>> parseRules(std::string_view text, const std::string &name);
/// Something wrong with a rule file; `rule` is empty where it is about the file or where the rule has no id.
struct PackFault {
    std::string file;
    std::string rule;
    base::Error error;
    bool wholeFile = false; ///< nothing of the file (or folder) could be read
};

/// What rule files hold, read on past every fault.
struct PackReading {
    RulePack pack; ///< the rules without a fault
    std::vector<PackFault> faults;
    size_t rules = 0; ///< found, with faults or without
};

/// Reads files and folders as loadPack does, but to the end, for a list of everything that must be mended.
[[nodiscard]] PackReading readPack(const std::vector<std::string> &paths);
/// Reads files and folders (*.yaml, *.yml, sorted) into one pack. Errors: as above; repeated ids; no rule at all.
[[nodiscard]] base::Result<RulePack> loadPack(const std::vector<std::string> &paths);
/// A pack from text that is already in memory (a bundle's rules.yaml).
[[nodiscard]] base::Result<RulePack> packFromText(std::string_view text, const std::string &name);
/// A rule as the map that stands in its file, keys in canonical order; what is empty is left out.
[[nodiscard]] formats::Json ruleJson(const Rule &rule);
/// Canonical YAML of a whole pack; packFromText reads back equal rules (but for file and line).
[[nodiscard]] std::string writePack(const RulePack &pack);

} // namespace mulligan::classify
