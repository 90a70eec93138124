#pragma once

#include "base/result.hpp"
#include "classify/rule.hpp"
#include "formats/yaml.hpp"

#include <string>
#include <vector>

namespace mulligan::classify
{

/// A rule as far as it could be read. It may only be used when nothing is wrong with it.
struct ReadRule {
    Rule rule;
    std::vector<base::Error> faults; ///< in the order of the keys of a rule, each with its line and column
};

/// Reads one entry of a rule file's list `rules`, a map. Reads on past a fault, so that all are found at once; what
/// only follows from another fault is left out. Its key `match` says what the rule looks for:
///
///     match:
///       where: whole_log        # root_cause, message, whole_log, last_lines (then last_lines: N too)
///       least_level: warn       # only matches count that begin in a line not marked INFO or below; error: nor WARN
///       case: insensitive       # default sensitive; of a single pattern: (?i)
///       multiline: true         # ^ and $ are ends of lines; of a single pattern: (?m), and (?s) for '.' over lines
///       block:                  # any, all and none must hold within one block, in no way across two
///         from: '^\d\d/\d\d/\d\d '   # on the block's first line; tried on single lines, as `to` is
///         to: next_record       # the default: before the next line that holds `from`; blank_line: before an empty
///                               # one; a pattern: with the first line after the first one that holds it
///         max_lines: 50         # where it ends at the latest; default 200
///       all: […]                # every one must match
///       any: […]                # one of them must
///       none: […]               # none may
///
/// `least_level` is about `all` and `any`; a pattern of `none` rules out wherever it matches. The line is that of the
/// whole text, so that a message or root cause is judged by the level that stood before it; a line without a level
/// counts. Behind a line that does not count the pattern is looked for further, within its one budget of steps.
///
/// Within a block patterns see nothing but the block: `^`, `$`, \A and \z are its ends.
[[nodiscard]] ReadRule readRule(const formats::YamlNode &map, const std::string &file);

/// Where the parts of a rule's entry stand.
[[nodiscard]] RulePlaces placesOf(const formats::YamlNode &map);

/// An error about a value, with the value's place. A Parse error, as everything that is wrong in a rule file.
[[nodiscard]] base::Error wrongValue(const formats::YamlNode &node, const std::string &what, const std::string &remedy);

/// What is wrong with a pattern, as an error about the value that holds it.
[[nodiscard]] base::Error wrongPattern(const formats::YamlNode &node, base::Error error);

} // namespace mulligan::classify
