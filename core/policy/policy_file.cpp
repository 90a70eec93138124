#include "policy/policy_file.hpp"

#include "formats/yaml.hpp"
#include "policy/policy_settings.hpp"

#include <map>
#include <utility>

namespace mulligan::policy
{

namespace
{

using base::ErrorCode;
using base::Result;
using formats::Json;
using formats::YamlNode;

/// One scalar of a file (lists of scalars joined by commas), with its dotted key.
struct Entry {
    std::string key;
    std::string text;
    std::string place;
};

Result<void> flatten(const YamlNode &node, const std::string &prefix, const std::string &place, std::vector<Entry> &out)
{
    if (node.kind == YamlNode::Kind::Map) {
        for (const auto &member : node.members) {
            const std::string at =
                "line " + std::to_string(member.keyLine) + ", column " + std::to_string(member.keyColumn);
            const std::string key = prefix.empty() ? member.key : prefix + "." + member.key;
            if (prefix.empty() && member.key == "overrides")
                continue;
            MULLIGAN_CHECK(flatten(member.value, key, at, out));
        }
        return {};
    }
    std::string text = node.scalar;
    if (node.kind == YamlNode::Kind::Sequence) {
        text.clear();
        for (const YamlNode &item : node.items) {
            if (item.kind != YamlNode::Kind::Scalar)
                return base::makeError(ErrorCode::Parse, "'" + prefix + "' holds something that is not text",
                                       "List plain names.")
                    .in(item.place());
            text += (text.empty() ? "" : ",") + item.scalar;
        }
    }
    out.push_back(
        {prefix, std::move(text), node.kind == YamlNode::Kind::Null || node.line == 0 ? place : node.place()});
    return {};
}

Result<Override> readOverride(const YamlNode &node)
{
    if (node.kind != YamlNode::Kind::Map)
        return base::makeError(ErrorCode::Parse, "An override is a map", "Write job or rule, and action.")
            .in(node.place());
    MULLIGAN_CHECK(formats::checkKeys(node, {"job", "rule", "action"}, "override"));
    Override o;
    if (const YamlNode *job = node.find("job"))
        o.jobGlob = job->scalar;
    if (const YamlNode *rule = node.find("rule"))
        o.rule = rule->scalar;
    const YamlNode *action = node.find("action");
    if (action == nullptr || (o.jobGlob.empty() && o.rule.empty()))
        return base::makeError(ErrorCode::Parse, "An override needs job or rule, and action",
                               "Add what is missing; job \"*\" fits every job.")
            .in(node.place());
    auto parsed =
        oneOf(action->scalar, {OverrideAction::AlwaysRetry, OverrideAction::NeverRetry, OverrideAction::NeverAskModel});
    if (!parsed)
        return std::move(parsed).error().in(action->place());
    o.action = *parsed;
    return o;
}

template <typename T> Result<void> fill(T &target, const YamlNode &root, const Settings<T> &settings)
{
    if (root.kind != YamlNode::Kind::Map && root.kind != YamlNode::Kind::Null)
        return base::makeError(ErrorCode::Parse, "Expected a map of settings", "Write one 'key: value' a line.")
            .in(root.place());
    std::vector<Entry> entries;
    MULLIGAN_CHECK(flatten(root, {}, {}, entries));
    for (const Entry &entry : entries) {
        const auto [setting, rest] = findSetting(settings, entry.key);
        const bool emptyMap = entry.text.empty() && findSetting(settings, entry.key + ".x").first != nullptr;
        if (setting == nullptr && emptyMap)
            continue;
        if (setting == nullptr)
            return unknownKey(entry.key, keysOf(settings)).in(entry.place);
        auto done = setting->set(target, rest, entry.text);
        if (!done)
            return std::move(done).error().in(entry.key).in(entry.place);
    }
    return {};
}

Json mapOf(const std::map<std::string, double> &values)
{
    Json out = Json::object();
    for (const auto &[key, value] : values)
        out.set(key, value);
    return out;
}

Json priceJson(const Price &price)
{
    return Json().set("vcore_hour", price.vcoreHour).set("gib_hour", price.gibHour);
}

} // namespace

Result<Policy> parsePolicy(std::string_view text, const std::string &name)
{
    auto root = formats::parseYaml(text);
    if (!root)
        return std::move(root).error().in(name);
    Policy policy;
    if (auto done = fill(policy, *root, policySettings()); !done)
        return std::move(done).error().in(name);
    if (const YamlNode *overrides = root->find("overrides")) {
        for (const YamlNode &item : overrides->items) {
            auto parsed = readOverride(item);
            if (!parsed)
                return std::move(parsed).error().in(name);
            policy.overrides.push_back(std::move(*parsed));
        }
    }
    return policy;
}

std::string writePolicy(const Policy &policy)
{
    Json limits = Json::object();
    Json caps = Json::object();
    for (size_t d = 0; d < model::kDomainCount; ++d) {
        const std::string domain(model::name(static_cast<model::Domain>(d)));
        limits.set(domain, policy.retryLimit[d]);
        caps.set(domain, policy.backoff.capSeconds[d]);
    }
    Json overrides = Json::array();
    for (const Override &o : policy.overrides)
        overrides.push(Json().set("job", o.jobGlob).set("rule", o.rule).set("action", name(o.action)));
    Json ask = Json::array();
    for (const auto &selector : policy.askModel)
        ask.push(selector);
    Json disabled = Json::array();
    for (const auto &rule : policy.disabledRules)
        disabled.push(rule);
    Json actions = Json::object();
    for (const auto &[rule, action] : policy.ruleActions)
        actions.set(rule, model::name(action));
    Json out = Json::object();
    out.set("name", policy.name).set("version", policy.version).set("retry_limit", limits);
    out.set("backoff", Json()
                           .set("kind", name(policy.backoff.kind))
                           .set("first", policy.backoff.firstSeconds)
                           .set("factor", policy.backoff.factor)
                           .set("cap", caps));
    out.set("overrides", overrides).set("ask_model", ask);
    out.set("rule_action", policy.defaultAction ? model::name(*policy.defaultAction) : std::string_view("as_written"));
    out.set("rule_actions", actions).set("disabled_rules", disabled);
    out.set("threshold", policy.defaultThreshold).set("thresholds", mapOf(policy.thresholds));
    out.set("objective", name(policy.objective)).set("weight", policy.weight).set("failure_bound", policy.failureBound);
    out.set("change_config", policy.changeConfig).set("offer_unsupported", policy.offerUnsupported);
    out.set("scope", name(policy.scope)).set("expiry_days", policy.expiryDays);
    out.set("exploration", policy.exploration).set("exploration_seed", policy.explorationSeed);
    return formats::writeYaml(out);
}

Result<Economics> parseEconomics(std::string_view text, const std::string &name)
{
    auto root = formats::parseYaml(text);
    if (!root)
        return std::move(root).error().in(name);
    Economics economics;
    if (auto done = fill(economics, *root, economicsSettings()); !done)
        return std::move(done).error().in(name);
    return economics;
}

std::string writeEconomics(const Economics &economics)
{
    Json prices = Json::object();
    for (const auto &[cluster, price] : economics.prices)
        prices.set(cluster, priceJson(price));
    Json out = Json::object();
    out.set("currency", economics.currency).set("labour_rate", economics.labourRatePerHour);
    out.set("default_minutes", economics.defaultMinutes).set("minutes", mapOf(economics.minutes));
    out.set("price", priceJson(economics.defaultPrice)).set("prices", prices);
    out.set("assumed", Json().set("vcores", economics.assumedVcores).set("memory_gib", economics.assumedMemoryGib));
    return formats::writeYaml(out);
}

Result<void> applySetting(Policy &policy, Economics &economics, std::string_view keyEqualsValue)
{
    const size_t equals = keyEqualsValue.find('=');
    if (equals == std::string_view::npos || equals == 0)
        return base::makeError(ErrorCode::InvalidArgument, "'" + std::string(keyEqualsValue) + "' is not a setting",
                               "Write key=value, for example threshold=0.3.");
    const std::string key(keyEqualsValue.substr(0, equals));
    const std::string text(keyEqualsValue.substr(equals + 1));
    Result<void> done;
    if (const auto [setting, rest] = findSetting(policySettings(), key); setting != nullptr) {
        Policy changed = policy;
        done = setting->set(changed, rest, text);
        if (done)
            policy = std::move(changed);
    } else if (const auto [other, name] = findSetting(economicsSettings(), key); other != nullptr) {
        Economics changed = economics;
        done = other->set(changed, name, text);
        if (done)
            economics = std::move(changed);
    } else {
        auto known = keysOf(policySettings());
        const auto more = keysOf(economicsSettings());
        known.insert(known.end(), more.begin(), more.end());
        return unknownKey(key, known);
    }
    if (!done)
        return std::move(done).error().in(key);
    return {};
}

} // namespace mulligan::policy
