#pragma once

#include "classify/lint.hpp"
#include "classify/rule.hpp"

#include <map>
#include <string>
#include <vector>

namespace mulligan::desktop
{

/// What a workspace's history showed of a pack, with the rules it was shown of: what a rule matches does not hang on
/// the others, so that it stays true of each until that rule is edited.
struct HistoryFindings {
    std::vector<classify::Problem> problems;
    std::map<std::string, classify::Rule> rules; ///< of `problems`, by id
};

[[nodiscard]] HistoryFindings historyFindings(std::vector<classify::Problem> problems, const classify::RulePack &pack);

/// Those whose rule is in the pack and matches by the same texts as then; without a line, which edits of others move.
[[nodiscard]] std::vector<classify::Problem> stillTrue(const HistoryFindings &findings, const classify::RulePack &pack);

} // namespace mulligan::desktop
