#pragma once

#include "base/result.hpp"
#include "classify/classifier.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace mulligan::pipeline
{

/// An edit of a pack, as far as verdicts can tell; made within milliseconds, since it happens while somebody types.
struct RuleEdit {
    /// Active rules after the edit that are new or differ, by id.
    std::map<std::string, classify::Rule, std::less<>> changed;
    /// Those of `changed` that match otherwise than before, and those that are active no longer.
    std::set<std::string, std::less<>> matched;
    std::set<std::string, std::less<>> dropped;
    std::shared_ptr<const classify::Classifier> part; ///< of `matched`, scopes left out; null: there are none
    std::set<std::string> scopeProperties;            ///< of configurations, that scopes of `matched` look at

    [[nodiscard]] bool touches(std::string_view rule) const { return changed.contains(rule) || dropped.contains(rule); }
};

/// What leads from `base` to `edited`. Errors: InvalidArgument for a pattern that does not compile or an id used twice.
[[nodiscard]] base::Result<RuleEdit> editOf(const classify::Classifier &base, const classify::RulePack &edited);
/// Likewise when only one rule is replaced or added.
[[nodiscard]] base::Result<RuleEdit> editOf(const classify::Classifier &base, const classify::Rule &edited);

} // namespace mulligan::pipeline
