#include "classify/pack_change.hpp"

#include "formats/hash.hpp"
#include "formats/json.hpp"

#include <algorithm>

namespace mulligan::classify
{

namespace
{

// Goes up when the same patterns may match otherwise than they did: what older versions stored is then matched anew.
constexpr int kMatchingVersion = 1;

formats::Json list(const std::vector<std::string> &texts)
{
    formats::Json array = formats::Json::array();
    for (const std::string &text : texts)
        array.push(text);
    return array;
}

formats::Json map(const std::map<std::string, std::string> &entries)
{
    formats::Json object = formats::Json::object();
    for (const auto &[key, value] : entries)
        object.set(key, value);
    return object;
}

std::string hashOf(const formats::Json &json)
{
    return formats::sha256Hex(formats::writeJson(json)).substr(0, 32);
}

} // namespace

RuleKey keyOf(const Rule &rule)
{
    formats::Json matching = formats::Json::array();
    matching.push(kMatchingVersion).push(std::string(name(rule.where))).push(rule.lastLines).push(rule.caseless);
    matching.push(list(rule.all)).push(list(rule.any)).push(list(rule.none)).push(map(rule.captures));
    matching.push(rule.scopeStream).push(rule.scopeJobGlob).push(rule.scopeSparkVersion).push(map(rule.scopeConfig));
    formats::Json meaning = formats::Json::array();
    meaning.push(rule.priority).push(rule.errorClass).push(std::string(model::name(rule.domain)));
    meaning.push(rule.transient).push(std::string(model::name(rule.action)));
    meaning.push(rule.exitCode ? formats::Json(*rule.exitCode) : formats::Json());
    meaning.push(rule.title).push(rule.summary).push(rule.advice);
    return {rule.id, hashOf(matching), hashOf(meaning)};
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
