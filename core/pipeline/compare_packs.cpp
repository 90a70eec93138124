#include "pipeline/compare_packs.hpp"

#include "base/money.hpp"
#include "pipeline/classified_pack.hpp"
#include "simulate/savings_json.hpp"

namespace mulligan::pipeline
{

namespace
{

using formats::Json;
using Rules = std::shared_ptr<const classify::Classifier>;

base::Result<RuleSavings> savingsOf(store::Workspace &workspace, const RulePreview &preview, const Rules &a,
                                    const Rules &b, const SavingsRequest &request, const std::stop_token &stop,
                                    base::Progress &progress)
{
    MULLIGAN_TRY(auto session, ReplaySession::open(workspace, request.economics, request.space, a, stop, progress));
    MULLIGAN_TRY(const bool same, classifiedBy(workspace, a->pack()));
    if (!same) {
        MULLIGAN_TRY(session, sessionOfBase(*session, preview, a, request.economics, stop, progress));
    }
    return savingsOfEdit(*session, preview, b, request.policy, request.economics, request.options, stop, progress);
}

Json countsJson(const std::map<std::string, std::uint64_t> &counts)
{
    Json out = Json::object();
    for (const auto &[rule, count] : counts)
        out.set(rule, count);
    return out;
}

Json orNull(const std::string &rule)
{
    return rule.empty() ? Json() : Json(rule);
}

Json idsJson(const std::vector<std::int64_t> &ids)
{
    Json out = Json::array();
    for (const std::int64_t id : ids)
        out.push(id);
    return out;
}

Json moveJson(const RuleMove &move)
{
    Json out = Json::object();
    out.set("from_rule", orNull(move.fromRule)).set("to_rule", orNull(move.toRule));
    out.set("from_class", move.fromClass).set("to_class", move.toClass);
    out.set("count", move.failures).set("cost_usd", base::roundToCents(move.costUsd));
    out.set("from_action", std::string(model::name(move.fromAction)));
    out.set("to_action", std::string(model::name(move.toAction)));
    out.set("actions_changed", move.fromAction == move.toAction ? std::uint64_t{0} : move.failures);
    out.set("examples", idsJson(move.examples));
    return out;
}

Json effectJson(const RuleEffect &effect)
{
    const auto both = [](auto a, auto b) { return Json::object().set("a", a).set("b", b); };
    Json out = Json::object();
    out.set("rule", effect.rule);
    out.set("hits", both(effect.hitsBefore, effect.hits)).set("wins", both(effect.winsBefore, effect.wins));
    out.set("wins_cost_usd",
            both(base::roundToCents(effect.winsCostBeforeUsd), base::roundToCents(effect.winsCostUsd)));
    out.set("hits_on_successes", both(effect.hitsOnSuccessesBefore, effect.hitsOnSuccesses));
    out.set("undetermined", effect.undetermined);
    return out;
}

} // namespace

base::Result<PackComparison> comparePacks(store::Workspace &workspace, const Rules &a, const Rules &b,
                                          const std::optional<SavingsRequest> &savings, const std::stop_token &stop,
                                          base::Progress &progress)
{
    MULLIGAN_TRY(const auto preview, RulePreview::load(workspace, a, {}, stop, progress));
    PackComparison out;
    progress.begin("Comparing the packs");
    MULLIGAN_TRY(out.change, preview->preview(b->pack(), stop));
    out.onSuccessesA = preview->successHits();
    out.onSuccessesB = out.onSuccessesA;
    for (const RuleEffect &effect : out.change.rules) {
        out.onSuccessesB.erase(effect.rule);
        if (effect.hitsOnSuccesses > 0)
            out.onSuccessesB[effect.rule] = effect.hitsOnSuccesses;
    }
    if (!savings) {
        out.withoutSavings = "not asked for";
        return out;
    }
    MULLIGAN_TRY(out.savings, savingsOf(workspace, *preview, a, b, *savings, stop, progress));
    return out;
}

Json comparisonToJson(const PackComparison &comparison)
{
    const PackPreview &change = comparison.change;
    Json out = Json::object();
    out.set("failures", change.failures).set("changed", change.changed);
    out.set("changed_cost_usd", base::roundToCents(change.changedCostUsd));
    out.set("changed_class", change.changedClass).set("changed_action", change.changedAction);
    out.set("newly_classified", change.newlyClassified);
    out.set("newly_classified_cost_usd", base::roundToCents(change.newlyClassifiedCostUsd));
    out.set("newly_unclassified", change.newlyUnclassified);
    out.set("newly_unclassified_cost_usd", base::roundToCents(change.newlyUnclassifiedCostUsd));
    out.set("undetermined", change.undetermined);
    Json moves = Json::array();
    for (const RuleMove &move : change.moves)
        moves.push(moveJson(move));
    out.set("moves", std::move(moves));
    Json rules = Json::array();
    for (const RuleEffect &effect : change.rules)
        rules.push(effectJson(effect));
    out.set("rules", std::move(rules));
    out.set("hits_on_successes",
            Json::object().set("a", countsJson(comparison.onSuccessesA)).set("b", countsJson(comparison.onSuccessesB)));
    if (comparison.savings) {
        out.set("savings", Json::object()
                               .set("a", simulate::savingsToJson(comparison.savings->before))
                               .set("b", simulate::savingsToJson(comparison.savings->after))
                               .set("net_gain_usd", base::roundToCents(comparison.savings->netGain())));
    } else {
        out.set("savings", Json()).set("without_savings", comparison.withoutSavings);
    }
    return out;
}

base::Result<Rules> packNamed(const Resources &shipped, const std::string &word)
{
    return loadClassifier(shipped, {word});
}

} // namespace mulligan::pipeline
