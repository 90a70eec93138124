#include "simulate/savings_json.hpp"

#include "base/money.hpp"

#include <cmath>

namespace mulligan::simulate
{

namespace
{

using formats::Json;
using model::Figure;

Json amount(const std::optional<double> &value, bool money)
{
    if (!value)
        return nullptr;
    return money ? base::roundToCents(*value) : *value;
}

Json savingsPartsToJson(const model::Savings &s)
{
    std::vector<double> values;
    for (const auto &[key, value] : s.parts())
        values.push_back(value);
    const std::vector<double> rounded = base::roundPartsToCents(values);
    Figure net = s.net;
    net.value = base::sumInCents(rounded);
    Json out = Json::object();
    out.set("net_usd", figureToJson(net));
    const std::array<const Figure *, 6> figures{&s.doomedRetriesAvoided, &s.addedRetries,         &s.dearerConfig,
                                                &s.fixedByConfig,        &s.interventionsAvoided, &s.wronglyStopped};
    for (size_t i = 0; i < figures.size(); ++i) {
        Figure part = *figures[i];
        part.value = rounded[i];
        out.set(std::string(s.parts()[i].first), figureToJson(part));
    }
    out.set("retry_cost_share", figureToJson(s.retryCostShare));
    out.set("all_error_cost_share", figureToJson(s.allErrorCostShare));
    out.set("memory_config_cost_share", figureToJson(s.memoryConfigCostShare));
    out.set("net_per_30_days_usd", figureToJson(s.netPer30Days));
    return out;
}

Json groupsToJson(const std::vector<model::SavingsGroup> &groups)
{
    Json out = Json::array();
    for (const auto &g : model::inWholeCents(groups))
        out.push(Json()
                     .set("key", g.key)
                     .set("episodes", g.episodes)
                     .set("history_cost_usd", g.historyCost)
                     .set("policy_cost_usd", g.policyCost)
                     .set("net_usd", figureToJson(g.net))
                     .set("history_remediated_share", g.historyRemediated)
                     .set("policy_remediated_share", g.policyRemediated));
    return out;
}

} // namespace

Json figureToJson(const Figure &figure)
{
    const bool money = figure.unit == "usd";
    Json out = Json::object();
    out.set("value", amount(figure.value, money)).set("low", amount(figure.low, money));
    out.set("high", amount(figure.high, money)).set("unit", figure.unit);
    if (!figure.denominator.empty())
        out.set("denominator", figure.denominator);
    return out;
}

Json kpisToJson(const model::Kpis &k)
{
    Json out = Json::object();
    out.set("episodes", figureToJson(k.episodes)).set("failures", figureToJson(k.failures));
    out.set("remediated_share", figureToJson(k.remediatedShare));
    out.set("remediated_share_memory_config", figureToJson(k.remediatedShareMemoryConfig));
    out.set("interventions", figureToJson(k.interventions));
    out.set("intervention_hours", figureToJson(k.interventionHours));
    out.set("retry_cost_usd", figureToJson(k.retryCost)).set("retry_cost_gross_usd", figureToJson(k.retryCostGross));
    out.set("recovery_seconds_median", figureToJson(k.recoverySecondsMedian));
    out.set("recovery_seconds_p95", figureToJson(k.recoverySecondsP95));
    out.set("wrongly_stopped", figureToJson(k.wronglyStopped)).set("censored", figureToJson(k.censored));
    return out;
}

Json savingsToJson(const model::SavingsReport &report)
{
    Json provenance = Json::object();
    for (size_t i = 0; i < model::kProvenanceCount; ++i)
        provenance.set(std::string(model::name(static_cast<model::Provenance>(i))),
                       Json()
                           .set("count", report.provenance[i].count)
                           .set("contribution_usd", base::roundToCents(report.provenance[i].contribution)));
    Json notes = Json::array();
    for (const auto &note : report.notes)
        notes.push(note);
    Json out = Json::object();
    out.set("policy_name", report.policyName).set("policy_version", report.policyVersion);
    out.set("economics_hash", report.economicsHash).set("model_id", report.modelId);
    out.set("model_fallback", report.modelFallback);
    out.set("model_caveat", report.modelCaveat.empty() ? Json() : Json(report.modelCaveat));
    out.set("rules_caveat", report.rulesCaveat.empty() ? Json() : Json(report.rulesCaveat));
    out.set("from", base::formatInstant(report.from)).set("to", base::formatInstant(report.to));
    out.set("jobs", report.jobs).set("unscored_episodes", report.unscoredEpisodes);
    out.set("history", kpisToJson(report.history)).set("policy", kpisToJson(report.policy));
    out.set("savings", savingsPartsToJson(report.savings)).set("provenance", provenance);
    out.set("unsupported_net_usd", base::roundToCents(report.unsupportedNet));
    out.set("grouped_by", report.groupedBy).set("groups", groupsToJson(report.groups));
    out.set("months", groupsToJson(report.months)).set("notes", notes);
    return out;
}

} // namespace mulligan::simulate
