#include "model/attempt.hpp"
#include "model/candidate.hpp"
#include "model/verdict.hpp"

#include <array>
#include <utility>

namespace mulligan::model
{

namespace
{

template <typename E, size_t N> using NameTable = std::array<std::pair<E, std::string_view>, N>;

template <typename E, size_t N> std::string_view nameIn(const NameTable<E, N> &table, E value)
{
    for (const auto &[candidate, text] : table) {
        if (candidate == value)
            return text;
    }
    return {};
}

template <typename E, size_t N> std::optional<E> valueIn(const NameTable<E, N> &table, std::string_view text)
{
    for (const auto &[candidate, name] : table) {
        if (!name.empty() && name == text)
            return candidate;
    }
    return std::nullopt;
}

constexpr NameTable<Outcome, 4> kOutcomes{{{Outcome::Succeeded, "succeeded"},
                                           {Outcome::Failed, "failed"},
                                           {Outcome::Killed, "killed"},
                                           {Outcome::Unknown, "unknown"}}};
constexpr NameTable<Trigger, 4> kTriggers{{{Trigger::Unset, ""},
                                           {Trigger::Scheduled, "scheduled"},
                                           {Trigger::AutoRetry, "auto_retry"},
                                           {Trigger::Manual, "manual"}}};
constexpr NameTable<CostSource, 4> kCostSources{{{CostSource::None, "none"},
                                                 {CostSource::Logged, "logged"},
                                                 {CostSource::ResourceSeconds, "resource_seconds"},
                                                 {CostSource::DurationTimesRequest, "duration_times_request"}}};
constexpr NameTable<Domain, 3> kDomains{
    {{Domain::User, "user"}, {Domain::Platform, "platform"}, {Domain::Timeout, "timeout"}}};
constexpr NameTable<Evidence, 3> kEvidences{
    {{Evidence::Failure, "failure"}, {Evidence::Information, "information"}, {Evidence::Beside, "beside"}}};
constexpr NameTable<RuleAction, 3> kRuleActions{
    {{RuleAction::Retry, "retry"}, {RuleAction::Stop, "stop"}, {RuleAction::AskModel, "ask_model"}}};

} // namespace

std::string_view name(Outcome outcome)
{
    return nameIn(kOutcomes, outcome);
}
std::string_view name(Trigger trigger)
{
    return nameIn(kTriggers, trigger);
}
std::string_view name(CostSource source)
{
    return nameIn(kCostSources, source);
}
std::string_view name(Domain domain)
{
    return nameIn(kDomains, domain);
}
std::string_view name(RuleAction action)
{
    return nameIn(kRuleActions, action);
}
std::string_view name(Evidence evidence)
{
    return nameIn(kEvidences, evidence);
}
std::optional<Outcome> outcomeFromName(std::string_view text)
{
    return valueIn(kOutcomes, text);
}
std::optional<Trigger> triggerFromName(std::string_view text)
{
    return valueIn(kTriggers, text);
}
std::optional<CostSource> costSourceFromName(std::string_view text)
{
    return valueIn(kCostSources, text);
}
std::optional<Domain> domainFromName(std::string_view text)
{
    return valueIn(kDomains, text);
}
std::optional<RuleAction> ruleActionFromName(std::string_view text)
{
    return valueIn(kRuleActions, text);
}

std::string_view groupOf(std::string_view errorClass)
{
    return errorClass.substr(0, errorClass.find('.'));
}

bool classCovered(std::string_view selector, std::string_view errorClass)
{
    return selector == errorClass || selector == groupOf(errorClass);
}

Config applied(const Config &base, const Config &patch)
{
    Config out = base;
    for (const auto &[key, value] : patch)
        out[key] = value;
    return out;
}

} // namespace mulligan::model
