#pragma once

#include "base/result.hpp"
#include "classify/rule_document.hpp"

#include <set>
#include <string>
#include <vector>

namespace mulligan::classify
{

/// Whose version counts of a rule that both changed.
enum class MergeWinner { Mine, Theirs };

/// What became of rules on either side, where that is more than a change. Ids of `both` and `theirs`.
struct RuleFates {
    std::vector<std::string> added;       ///< by them
    std::vector<std::string> removed;     ///< by them
    std::vector<std::string> removedHere; ///< and changed by them

    bool operator==(const RuleFates &) const = default;
};

/// A rule file that was changed here and by others since both had the same, made one again.
struct RuleMerge {
    RuleDocument merged;
    std::vector<std::string> both;   ///< ids of rules that both changed, and not to the same: the winner's are in
    std::vector<std::string> theirs; ///< ids of rules that only they changed, added or removed: theirs are in
    RuleFates fates;
    bool order = false; ///< both put its rules in another order: the winner's is in
};

/// Merges rule by rule: what only one side changed, added or removed is as that side has it, what neither did stays.
/// The text is theirs, with their comments and order, and the edits of mine are made in it as RuleDocument makes edits,
/// so that everything they do not touch keeps its bytes; rules added here bring their bytes and the comments above them
/// along. A rule whose id was changed is one removed and one added. `touched`: rules to be taken for changed here,
/// though `mine` does not hold the change (yet). Errors: Unsupported where an edit cannot be made in their text.
[[nodiscard]] base::Result<RuleMerge> mergeRules(const RuleDocument &base, const RuleDocument &mine,
                                                 const RuleDocument &theirs, MergeWinner winner,
                                                 const std::set<std::string> &touched = {});

} // namespace mulligan::classify
