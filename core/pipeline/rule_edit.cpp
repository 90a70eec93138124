#include "pipeline/rule_edit.hpp"

#include "classify/pack_change.hpp"

namespace mulligan::pipeline
{

namespace
{

bool isActive(const classify::Rule *rule)
{
    return rule != nullptr && rule->status == classify::RuleStatus::Active;
}

/// Notes what one rule became; `now` is null when it is gone.
void note(RuleEdit &edit, const classify::Rule *before, const classify::Rule *now)
{
    if (!isActive(now)) {
        if (isActive(before))
            edit.dropped.insert(before->id);
        return;
    }
    if (!isActive(before)) {
        edit.changed.emplace(now->id, *now);
        edit.matched.insert(now->id);
        return;
    }
    if (*before == *now)
        return;
    const auto old = classify::keyOf(*before);
    const auto key = classify::keyOf(*now);
    if (old == key)
        return;
    edit.changed.emplace(now->id, *now);
    if (old.matching != key.matching)
        edit.matched.insert(now->id);
}

base::Result<RuleEdit> compiled(RuleEdit edit)
{
    classify::RulePack part;
    for (const std::string &id : edit.matched) {
        classify::Rule rule = edit.changed.find(id)->second;
        for (const auto &[property, value] : rule.scopeConfig)
            edit.scopeProperties.insert(property);
        if (!rule.scopeSparkVersion.empty())
            edit.scopeProperties.insert(classify::kSparkVersionProperty);
        rule.scopeStream.clear();
        rule.scopeJobGlob.clear();
        rule.scopeSparkVersion.clear();
        rule.scopeConfig.clear();
        part.rules.push_back(std::move(rule));
    }
    if (!part.rules.empty()) {
        classify::ClassifierOptions options;
        options.scanSigns = false; // units know what their texts hold of success
        MULLIGAN_TRY(edit.part, classify::Classifier::make(std::move(part), options));
    }
    return edit;
}

} // namespace

base::Result<RuleEdit> editOf(const classify::Classifier &base, const classify::RulePack &edited)
{
    RuleEdit edit;
    std::set<std::string_view> seen;
    for (const classify::Rule &rule : edited.rules) {
        if (!seen.insert(rule.id).second)
            return base::makeError(base::ErrorCode::InvalidArgument, "The rule id '" + rule.id + "' is used twice",
                                   "Give one of them another id.");
        note(edit, base.find(rule.id), &rule);
    }
    for (const classify::Rule &rule : base.pack().rules)
        if (!seen.contains(rule.id))
            note(edit, &rule, nullptr);
    return compiled(std::move(edit));
}

base::Result<RuleEdit> editOf(const classify::Classifier &base, const classify::Rule &edited)
{
    RuleEdit edit;
    note(edit, base.find(edited.id), &edited);
    return compiled(std::move(edit));
}

} // namespace mulligan::pipeline
