#include "classify/pack_change.hpp"

#include "classify/rule_file.hpp"
#include "formats/hash.hpp"
#include "formats/json.hpp"

#include <algorithm>

namespace mulligan::classify
{

namespace
{

// Goes up when the same patterns may match otherwise than they did: what older versions stored is then matched anew.
constexpr int kMatchingVersion = 1;

/// What no verdict sees of a rule.
void forgetNotes(Rule &rule)
{
    rule.id.clear();
    rule.status = RuleStatus::Active;
    rule.owner.clear();
    rule.links.clear();
    rule.created.clear();
    rule.modified.clear();
    rule.expires.clear();
    rule.positive.clear();
    rule.negative.clear();
    rule.file.clear();
    rule.line = 0;
}

/// What stored matches suffice for when it changes.
void forgetMeaning(Rule &rule)
{
    rule.title.clear();
    rule.errorClass.clear();
    rule.domain = {};
    rule.transient = false;
    rule.priority = 0;
    rule.action = {};
    rule.exitCode.reset();
    rule.summary.clear();
    rule.advice.clear();
}

std::string hashOf(const std::string &text)
{
    return formats::sha256Hex(text).substr(0, 32);
}

} // namespace

// The canonical file holds everything a rule is, so whatever is not known to be of no matter counts as matching: a
// field that rules get one day is then at worst matched anew too often.
RuleKey keyOf(const Rule &rule)
{
    Rule matching = rule;
    forgetNotes(matching);
    forgetMeaning(matching);
    formats::Json meaning = formats::Json::array();
    meaning.push(rule.priority).push(rule.errorClass).push(std::string(model::name(rule.domain)));
    meaning.push(rule.transient).push(std::string(model::name(rule.action)));
    meaning.push(rule.exitCode ? formats::Json(*rule.exitCode) : formats::Json());
    meaning.push(rule.title).push(rule.summary).push(rule.advice);
    RulePack alone;
    alone.rules.push_back(std::move(matching));
    return {rule.id, hashOf(std::to_string(kMatchingVersion) + '\n' + writePack(alone)),
            hashOf(formats::writeJson(meaning))};
}

std::vector<RuleKey> keysOf(const RulePack &pack)
{
    std::vector<RuleKey> keys;
    for (const Rule &rule : pack.rules)
        if (rule.status == RuleStatus::Active)
            keys.push_back(keyOf(rule));
    std::sort(keys.begin(), keys.end(), [](const RuleKey &a, const RuleKey &b) { return a.rule < b.rule; });
    return keys;
}

PackChange changeBetween(const std::vector<RuleKey> &before, const std::vector<RuleKey> &after)
{
    PackChange change;
    auto old = before.begin();
    for (const RuleKey &now : after) {
        for (; old != before.end() && old->rule < now.rule; ++old)
            change.dropped.insert(old->rule);
        const bool known = old != before.end() && old->rule == now.rule;
        if (known && old->matching != now.matching && old->meaning == now.meaning)
            change.rewritten.insert(now.rule);
        if (!known || old->matching != now.matching)
            change.matched.insert(now.rule);
        else if (old->meaning != now.meaning)
            change.restated.insert(now.rule);
        if (known)
            ++old;
    }
    for (; old != before.end(); ++old)
        change.dropped.insert(old->rule);
    return change;
}

} // namespace mulligan::classify
