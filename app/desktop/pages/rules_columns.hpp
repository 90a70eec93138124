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
};
[[nodiscard]] std::vector<RowsModel<RuleLine>::Column> ruleColumns();

/// What lint or a sample says is wrong with the pack.
struct PackProblem {
    std::string rule;
    std::string kind;
    std::string message;
    std::string file;
    int line = 0;
};
[[nodiscard]] std::vector<RowsModel<PackProblem>::Column> problemColumns();

[[nodiscard]] QString actionName(model::RuleAction action);
[[nodiscard]] QString whereName(const classify::Rule &rule);

} // namespace mulligan::desktop
