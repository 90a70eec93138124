#pragma once

#include "classify/lint.hpp"
#include "classify/rule.hpp"
#include "classify/rule_tests.hpp"
#include "desktop/models/rows_model.hpp"
#include "policy/policy.hpp"
#include "store/failure_query.hpp"

#include <QString>

#include <optional>
#include <string>
#include <vector>

namespace mulligan::desktop
{

/// A rule as the list shows it.
struct RuleLine {
    classify::Rule rule;
    store::RuleHits hits;
    double share = 0.0;                           ///< of all failures that it wins
    bool enabled = true;                          ///< false: the policy switches it off
    std::optional<model::RuleAction> otherAction; ///< given by the policy
    std::string key;                              ///< what the editor knows it by; differs from an id being typed
    int order = 0;                                ///< 1-based place in the files
    bool faulty = false;                          ///< its file cannot hold what was typed
    bool unsaved = false;                         ///< its file differs from what is on disk
};
/// Places of columns in ruleColumns().
enum RuleColumn {
    kRuleTitle,
    kRuleClass,
    kRuleDomain,
    kRuleAction,
    kRuleWins,
    kRuleShadowed,
    kRuleShare,
    kRulePriority,
    kRuleOrder,
    kRuleStatus
};
[[nodiscard]] std::vector<RowsModel<RuleLine>::Column> ruleColumns();
/// What stands below a rule's title: its id and class.
[[nodiscard]] QString ruleSecondLine(const RuleLine &line);

/// What lint or a sample says is wrong with the pack.
struct PackProblem {
    std::string rule;
    std::string kind;
    std::string message;
    std::string file;
    int line = 0;
    classify::Severity severity = classify::Severity::Warning;

    bool operator==(const PackProblem &) const = default;
};
/// Places of columns in problemColumns().
enum ProblemColumn { kProblemRule, kProblemKind, kProblemFile, kProblemLine, kProblemText };
[[nodiscard]] std::vector<RowsModel<PackProblem>::Column> problemColumns();
/// A kind of problem in words: "failing sample".
[[nodiscard]] QString problemKindName(const std::string &kind);

[[nodiscard]] QString actionName(model::RuleAction action);
[[nodiscard]] QString statusName(classify::RuleStatus status);
/// The part of a text that a rule looks at, and which of its lines count.
[[nodiscard]] QString whereName(const classify::Rule &rule);

} // namespace mulligan::desktop
