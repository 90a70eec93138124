#include "policy/policy_settings.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <string_view>

namespace mulligan::policy
{

namespace
{

using base::Result;

Result<double> number(const std::string &text, double low, double high, const std::string &expected)
{
    char *end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != '\0' || !std::isfinite(value) || value < low || value > high)
        return notExpected(text, expected);
    return value;
}

Result<std::uint64_t> whole(const std::string &text, std::uint64_t high, const std::string &expected)
{
    std::uint64_t value = 0;
    if (text.empty() || text.size() > 19 || text.find_first_not_of("0123456789") != std::string::npos)
        return notExpected(text, expected);
    value = std::strtoull(text.c_str(), nullptr, 10);
    if (value > high)
        return notExpected(text, expected);
    return value;
}

Result<model::RuleAction> ruleAction(const std::string &text)
{
    if (const auto action = model::ruleActionFromName(text))
        return *action;
    return notExpected(text, "one of retry, stop, ask_model");
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
                return notExpected(text, expected);
            }};
}

Setting<Policy> boolOf(std::string key, bool Policy::*member)
{
    return {std::move(key), [member](Policy &p, const std::string &, const std::string &text) -> Result<void> {
                if (text != "true" && text != "false")
                    return notExpected(text, "true or false");
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

} // namespace

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

namespace
{

/// "cluster.vcore_hour" of a price book: the cluster's own name may hold dots.
Result<void> setPrice(Economics &e, const std::string &rest, const std::string &text)
{
    const size_t dot = rest.rfind('.');
    const std::string field = dot == std::string::npos ? "" : rest.substr(dot + 1);
    if (dot == 0 || (field != "vcore_hour" && field != "gib_hour"))
        return notExpected("prices." + rest, "prices.CLUSTER.vcore_hour or prices.CLUSTER.gib_hour");
    MULLIGAN_TRY(const double value, number(text, 0, 1e6, kMoney));
    Price &price = e.prices.try_emplace(rest.substr(0, dot), e.defaultPrice).first->second;
    (field == "vcore_hour" ? price.vcoreHour : price.gibHour) = value;
    return {};
}

} // namespace

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

namespace
{

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

} // namespace

base::Error notExpected(const std::string &text, const std::string &expected)
{
    return base::makeError(base::ErrorCode::InvalidArgument, "'" + text + "' is not " + expected,
                           "Give " + expected + ".");
}

base::Error unknownKey(const std::string &key, const std::vector<std::string> &known)
{
    const auto nearest = std::min_element(known.begin(), known.end(), [&](const auto &a, const auto &b) {
        return editDistance(key, a) < editDistance(key, b);
    });
    const std::string shown = nearest->back() == '.' ? *nearest + "NAME" : *nearest;
    return base::makeError(base::ErrorCode::InvalidArgument, "Unknown setting '" + key + "'",
                           "Did you mean '" + shown + "'?");
}

} // namespace mulligan::policy
