#include "policy/policy_file.hpp"

#include "formats/yaml.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <numeric>
#include <utility>

namespace mulligan::policy
{

namespace
{

using base::ErrorCode;
using base::Result;
using formats::Json;
using formats::YamlNode;

/// A key of a file, with the same meaning in the file and in `--set`. A key that ends in '.' takes a name after it.
template <typename T> struct Setting {
    std::string key;
    std::function<Result<void>(T &, const std::string &rest, const std::string &text)> set;
};
template <typename T> using Settings = std::vector<Setting<T>>;

base::Error bad(const std::string &text, const std::string &expected)
{
    return base::makeError(ErrorCode::InvalidArgument, "'" + text + "' is not " + expected, "Give " + expected + ".");
}

Result<double> number(const std::string &text, double low, double high, const std::string &expected)
{
    char *end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != '\0' || !std::isfinite(value) || value < low || value > high)
        return bad(text, expected);
    return value;
}

Result<std::uint64_t> whole(const std::string &text, std::uint64_t high, const std::string &expected)
{
    std::uint64_t value = 0;
    if (text.empty() || text.size() > 19 || text.find_first_not_of("0123456789") != std::string::npos)
        return bad(text, expected);
    value = std::strtoull(text.c_str(), nullptr, 10);
    if (value > high)
        return bad(text, expected);
    return value;
}

template <typename Enum> Result<Enum> oneOf(const std::string &text, std::initializer_list<Enum> values)
{
    std::string expected = "one of";
    for (const Enum value : values) {
        if (name(value) == text)
            return value;
        expected += (expected.size() > 6 ? ", " : " ") + std::string(name(value));
    }
    return bad(text, expected);
}

Result<model::RuleAction> ruleAction(const std::string &text)
{
    if (const auto action = model::ruleActionFromName(text))
        return *action;
    return bad(text, "one of retry, stop, ask_model");
}

/// Items of "a, b" or, as the file writes it, "[a, b]".
std::vector<std::string> commaList(std::string text)
{
    if (text.size() >= 2 && text.front() == '[' && text.back() == ']')
        text = text.substr(1, text.size() - 2);
    std::vector<std::string> out;
    for (size_t begin = 0; begin < text.size();) {
        const size_t end = std::min(text.find(',', begin), text.size());
        std::string item = text.substr(begin, end - begin);
        item.erase(0, item.find_first_not_of(' '));
        item.erase(item.find_last_not_of(' ') + 1);
        if (!item.empty())
            out.push_back(std::move(item));
        begin = end + 1;
    }
    return out;
}

constexpr const char *kShare = "a number from 0 to 1";
constexpr const char *kSeconds = "a number of seconds from 0 to 604800";
constexpr const char *kMoney = "a number from 0 to 1000000";

template <typename T> Setting<T> textOf(std::string key, std::string T::*member)
{
    return {std::move(key), [member](T &t, const std::string &, const std::string &text) -> Result<void> {
                t.*member = text;
                return {};
            }};
}

template <typename T>
Setting<T> numberOf(std::string key, std::function<double &(T &, const std::string &)> where, double low, double high,
                    std::string expected)
{
    return {std::move(key), [=](T &t, const std::string &rest, const std::string &text) -> Result<void> {
                MULLIGAN_TRY(const double value, number(text, low, high, expected));
                where(t, rest) = value;
                return {};
            }};
}

template <typename Enum> Setting<Policy> enumOf(std::string key, Enum Policy::*member, std::vector<Enum> values)
{
    return {std::move(key), [=](Policy &p, const std::string &, const std::string &text) -> Result<void> {
                std::string expected;
                for (const Enum value : values) {
                    if (name(value) == text) {
                        p.*member = value;
                        return {};
                    }
                    expected += (expected.empty() ? "one of " : ", ") + std::string(name(value));
                }
                return bad(text, expected);
            }};
}

Setting<Policy> boolOf(std::string key, bool Policy::*member)
{
    return {std::move(key), [member](Policy &p, const std::string &, const std::string &text) -> Result<void> {
                if (text != "true" && text != "false")
                    return bad(text, "true or false");
                p.*member = text == "true";
                return {};
            }};
}

void addLimits(Settings<Policy> &all)
{
    for (size_t d = 0; d < model::kDomainCount; ++d) {
        const std::string domain(model::name(static_cast<model::Domain>(d)));
        all.push_back(
            {"retry_limit." + domain, [d](Policy &p, const std::string &, const std::string &text) -> Result<void> {
                 MULLIGAN_TRY(const auto value, whole(text, 100, "a whole number from 0 to 100"));
                 p.retryLimit[d] = static_cast<int>(value);
                 return {};
             }});
        all.push_back(numberOf<Policy>(
            "backoff.cap." + domain,
            [d](Policy &p, const std::string &) -> double & { return p.backoff.capSeconds[d]; }, 0, 604800, kSeconds));
    }
    all.push_back({"backoff.kind", [](Policy &p, const std::string &, const std::string &text) -> Result<void> {
                       MULLIGAN_TRY(p.backoff.kind, oneOf(text, {BackoffKind::Exponential, BackoffKind::Fixed}));
                       return {};
                   }});
    all.push_back(numberOf<Policy>(
        "backoff.first", [](Policy &p, const std::string &) -> double & { return p.backoff.firstSeconds; }, 0, 604800,
        kSeconds));
    all.push_back(numberOf<Policy>(
        "backoff.factor", [](Policy &p, const std::string &) -> double & { return p.backoff.factor; }, 1, 10,
        "a number from 1 to 10"));
}

void addShares(Settings<Policy> &all)
{
    const auto share = [&](const char *key, double Policy::*member, double high, const char *expected) {
        all.push_back(numberOf<Policy>(
            key, [member](Policy &p, const std::string &) -> double & { return p.*member; }, 0, high, expected));
    };
    share("threshold", &Policy::defaultThreshold, 1, kShare);
    share("weight", &Policy::weight, 1, kShare);
    share("failure_bound", &Policy::failureBound, 1, kShare);
    share("exploration", &Policy::exploration, 0.2, "a number from 0 to 0.2");
    share("expiry_days", &Policy::expiryDays, 3650, "a number of days from 0 to 3650");
    all.push_back(numberOf<Policy>(
        "thresholds.", [](Policy &p, const std::string &rest) -> double & { return p.thresholds[rest]; }, 0, 1,
        kShare));
}

void addActions(Settings<Policy> &all)
{
    all.push_back({"ask_model", [](Policy &p, const std::string &, const std::string &text) -> Result<void> {
                       p.askModel = commaList(text);
                       return {};
                   }});
    all.push_back({"disabled_rules", [](Policy &p, const std::string &, const std::string &text) -> Result<void> {
                       const auto rules = commaList(text);
                       p.disabledRules = {rules.begin(), rules.end()};
                       return {};
                   }});
    all.push_back({"rule_actions.", [](Policy &p, const std::string &rest, const std::string &text) -> Result<void> {
                       MULLIGAN_TRY(p.ruleActions[rest], ruleAction(text));
                       return {};
                   }});
    all.push_back({"rule_action", [](Policy &p, const std::string &, const std::string &text) -> Result<void> {
                       if (text == "as_written") {
                           p.defaultAction.reset();
                           return {};
                       }
                       MULLIGAN_TRY(const auto action, ruleAction(text));
                       p.defaultAction = action;
                       return {};
                   }});
    all.push_back({"exploration_seed", [](Policy &p, const std::string &, const std::string &text) -> Result<void> {
                       MULLIGAN_TRY(p.explorationSeed, whole(text, 1ULL << 62, "a whole number from 0 to 2^62"));
                       return {};
                   }});
}

const Settings<Policy> &policySettings()
{
    static const Settings<Policy> all = [] {
        Settings<Policy> s{textOf("name", &Policy::name), textOf("version", &Policy::version)};
        addLimits(s);
        addActions(s);
        addShares(s);
        s.push_back(enumOf<Objective>("objective", &Policy::objective,
                                      {Objective::ExpectedCost, Objective::FailureTimesCost, Objective::WeightedSum,
                                       Objective::CostUnderFailureBound}));
        s.push_back(enumOf<Scope>("scope", &Policy::scope, {Scope::NextRetry, Scope::Job}));
        s.push_back(boolOf("change_config", &Policy::changeConfig));
        s.push_back(boolOf("offer_unsupported", &Policy::offerUnsupported));
        return s;
    }();
    return all;
}

/// "cluster.vcore_hour" of a price book: the cluster's own name may hold dots.
Result<void> setPrice(Economics &e, const std::string &rest, const std::string &text)
{
    const size_t dot = rest.rfind('.');
    const std::string field = dot == std::string::npos ? "" : rest.substr(dot + 1);
    if (dot == 0 || (field != "vcore_hour" && field != "gib_hour"))
        return bad("prices." + rest, "prices.CLUSTER.vcore_hour or prices.CLUSTER.gib_hour");
    MULLIGAN_TRY(const double value, number(text, 0, 1e6, kMoney));
    Price &price = e.prices.try_emplace(rest.substr(0, dot), e.defaultPrice).first->second;
    (field == "vcore_hour" ? price.vcoreHour : price.gibHour) = value;
    return {};
}

const Settings<Economics> &economicsSettings()
{
    static const Settings<Economics> all = [] {
        Settings<Economics> s{textOf("currency", &Economics::currency)};
        using Where = std::function<double &(Economics &, const std::string &)>;
        const auto add = [&](const char *key, Where where, double high, const char *expected) {
            s.push_back(numberOf<Economics>(key, std::move(where), 0, high, expected));
        };
        constexpr const char *kMinutes = "a number of minutes from 0 to 100000";
        add(
            "labour_rate", [](Economics &e, const std::string &) -> double & { return e.labourRatePerHour; }, 1e6,
            kMoney);
        add(
            "default_minutes", [](Economics &e, const std::string &) -> double & { return e.defaultMinutes; }, 1e5,
            kMinutes);
        add(
            "minutes.", [](Economics &e, const std::string &rest) -> double & { return e.minutes[rest]; }, 1e5,
            kMinutes);
        add(
            "price.vcore_hour", [](Economics &e, const std::string &) -> double & { return e.defaultPrice.vcoreHour; },
            1e6, kMoney);
        add(
            "price.gib_hour", [](Economics &e, const std::string &) -> double & { return e.defaultPrice.gibHour; }, 1e6,
            kMoney);
        s.push_back({"prices.", &setPrice});
        add(
            "assumed.vcores", [](Economics &e, const std::string &) -> double & { return e.assumedVcores; }, 1e6,
            kMoney);
        add(
            "assumed.memory_gib", [](Economics &e, const std::string &) -> double & { return e.assumedMemoryGib; }, 1e6,
            kMoney);
        return s;
    }();
    return all;
}

template <typename T>
std::pair<const Setting<T> *, std::string> findSetting(const Settings<T> &all, const std::string &key)
{
    for (const auto &setting : all)
        if (setting.key == key)
            return {&setting, {}};
    for (const auto &setting : all)
        if (setting.key.back() == '.' && key.size() > setting.key.size()
            && key.compare(0, setting.key.size(), setting.key) == 0)
            return {&setting, key.substr(setting.key.size())};
    return {nullptr, {}};
}

size_t editDistance(const std::string &a, const std::string &b)
{
    std::vector<size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), size_t(0));
    for (size_t i = 1; i <= a.size(); ++i) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.size(); ++j) {
            const size_t above = row[j];
            row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

base::Error unknownKey(const std::string &key, const std::vector<std::string> &known)
{
    const auto nearest = std::min_element(known.begin(), known.end(), [&](const auto &a, const auto &b) {
        return editDistance(key, a) < editDistance(key, b);
    });
    const std::string shown = nearest->back() == '.' ? *nearest + "NAME" : *nearest;
    return base::makeError(ErrorCode::InvalidArgument, "Unknown setting '" + key + "'",
                           "Did you mean '" + shown + "'?");
}

template <typename T> std::vector<std::string> keysOf(const Settings<T> &all)
{
    std::vector<std::string> keys;
    for (const auto &setting : all)
        keys.push_back(setting.key);
    return keys;
}

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
