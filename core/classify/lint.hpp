#pragma once

#include "classify/lint_classes.hpp"
#include "classify/rule.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::classify
{

/// Error: the rule cannot be used, or does not do what it says. Warning: it works, with a risk. Note: something in it
/// can go, and does no harm.
enum class Severity { Error, Warning, Note };
[[nodiscard]] std::string_view name(Severity severity);

/// One thing that is wrong with a rule, or with a rule file (then `rule` is empty).
struct Problem {
    std::string rule;
    /// unreadable, invalid, failing_sample, bad_template, undeclared_capture, unused_capture, no_samples, backtracking,
    /// slow_pattern, not_portable, shadowed, overlapping, duplicate_pattern, dead_pattern, dates, retired, lone_class,
    /// skipped_folder; from a history (lint_hits.hpp): never_hit, fires_on_successes, undetermined
    std::string kind;
    std::string message;
    int line = 0; ///< 0: not known
    Severity severity = Severity::Warning;
    std::string file;

    bool operator==(const Problem &) const = default;
};

/// Looks for rules that are risky or broken without running them on a history. Cost: each pattern is compiled a few
/// times, each sample matched once; no rule is held against every other. `known`: classes that are no slip of the pen
/// though no other rule of the pack has them, such as the shipped pack's.
[[nodiscard]] std::vector<Problem> lintPack(const RulePack &pack, const ClassNames &known = {});

/// What `lintFiles` found.
struct LintReport {
    std::vector<Problem> problems; ///< by file, in the order they were read, and line
    size_t rules = 0;              ///< found, whether they could be read or not
    bool whole = true; ///< false: something could not be read, and so what takes the whole pack was not tried
    [[nodiscard]] size_t errors() const;
    [[nodiscard]] size_t notes() const;
};

/// Reads rule files and folders on past everything that is wrong with them (bad YAML, bad rules, repeated ids), and
/// looks at the rules that could be read as lintPack does. Samples of a pack that cannot be read whole are not run: a
/// rule that is missing could be the one that should have won.
[[nodiscard]] LintReport lintFiles(const std::vector<std::string> &paths, const ClassNames &known = {});

} // namespace mulligan::classify
