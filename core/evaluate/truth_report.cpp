#include "evaluate/truth_report.hpp"

#include <algorithm>
#include <cmath>

namespace mulligan::evaluate
{

std::string_view name(BarKind kind)
{
    switch (kind) {
    case BarKind::AtLeast: return "at_least";
    case BarKind::AtMost: return "at_most";
    case BarKind::Above: return "above";
    }
    return {};
}

namespace
{

using formats::Json;
using model::Figure;

const PolicyFigures *figuresOf(const TruthReport &report, std::string_view policy)
{
    const auto it = std::find_if(report.policies.begin(), report.policies.end(), [&](const PolicyFigures &f) {
        return f.policy == policy && f.scope == Scope::MemoryConfig;
    });
    return it == report.policies.end() || it->episodes == 0 ? nullptr : &*it;
}

class Bars
{
public:
    void least(std::string name, std::string meaning, double value, double bar)
    {
        m_bars.push_back({std::move(name), std::move(meaning), value, bar, BarKind::AtLeast, value >= bar});
    }
    void most(std::string name, std::string meaning, double value, double bar)
    {
        m_bars.push_back({std::move(name), std::move(meaning), value, bar, BarKind::AtMost, value <= bar});
    }
    void above(std::string name, std::string meaning, double value, double bar)
    {
        m_bars.push_back({std::move(name), std::move(meaning), value, bar, BarKind::Above, value > bar});
    }
    [[nodiscard]] std::vector<Bar> take() && { return std::move(m_bars); }

private:
    std::vector<Bar> m_bars;
};

void addRelative(Bars &bars, const char *name, const char *meaning, double predicted, double realised)
{
    if (realised > 0.0)
        bars.most(name, std::string(meaning) + ", relative difference", std::abs(predicted / realised - 1.0), 0.15);
}

void addPromiseBars(const TruthReport &report, Bars &bars)
{
    for (const Promise &promise : report.promises) {
        if (promise.scope != Scope::MemoryConfig || promise.episodes == 0)
            continue;
        bars.most("remediation_error", "predicted remediated share beside the realised, difference",
                  std::abs(promise.remediatedPredicted.value - promise.remediated.value), 0.05);
        // Where nearly everything is fixed, F + X + L is next to nothing, and so is what an error is held against: what
        // retries cost and what is saved beside history say more.
        addRelative(bars, "cost_error", "predicted F + X + L beside the realised", promise.totalPredicted.value,
                    promise.total.value);
        addRelative(bars, "gross_cost_error", "predicted cost of all retries beside the realised",
                    promise.grossPredicted.value, promise.gross.value);
        if (const PolicyFigures *history = figuresOf(report, "history")) {
            const double before =
                history->total.value / static_cast<double>(history->episodes) * static_cast<double>(promise.episodes);
            addRelative(bars, "saving_error", "predicted saving beside history, F + X + L, beside the realised",
                        before - promise.totalPredicted.value, before - promise.total.value);
        }
    }
}

Json orNull(const std::optional<double> &value)
{
    return value ? Json(*value) : Json();
}

Json figureJson(const Figure &figure)
{
    return Json()
        .set("value", figure.value)
        .set("low", orNull(figure.low))
        .set("high", orNull(figure.high))
        .set("unit", figure.unit);
}

Json policyJson(const PolicyFigures &f)
{
    Json out;
    out.set("policy", f.policy).set("scope", name(f.scope)).set("episodes", f.episodes).set("fixable", f.fixable);
    out.set("unknown_truth_share", f.unknownShare);
    out.set("fixed_first_share", figureJson(f.fixedFirst)).set("fixed_within_two_share", figureJson(f.fixedInTwo));
    out.set("remediated_share", figureJson(f.remediated));
    out.set("failed_usd", figureJson(f.failed)).set("dearer_usd", figureJson(f.dearer));
    out.set("retry_cost_usd", figureJson(f.retryCost)).set("labour_usd", figureJson(f.labour));
    out.set("total_cost_usd", figureJson(f.total)).set("total_above_policy_usd", figureJson(f.totalAbovePolicy));
    out.set("wrongly_stopped", f.wronglyStopped).set("retries", f.retries);
    out.set("unsupported_share", f.unsupportedShare);
    out.set("regret_median", orNull(f.regretMedian)).set("regret_p90", orNull(f.regretP90));
    return out;
}

Json predictedJson(const Promise &p)
{
    return Json()
        .set("scope", name(p.scope))
        .set("fixed_first_share", figureJson(p.fixedFirstPredicted))
        .set("remediated_share", figureJson(p.remediatedPredicted))
        .set("retry_cost_usd", figureJson(p.retryCostPredicted))
        .set("retry_cost_gross_usd", figureJson(p.grossPredicted))
        .set("total_cost_usd", figureJson(p.totalPredicted));
}

Json realisedJson(const Promise &p)
{
    return Json()
        .set("scope", name(p.scope))
        .set("fixed_first_share", figureJson(p.fixedFirst))
        .set("remediated_share", figureJson(p.remediated))
        .set("retry_cost_usd", figureJson(p.retryCost))
        .set("retry_cost_gross_usd", figureJson(p.gross))
        .set("total_cost_usd", figureJson(p.total));
}

Json workflowJson(const Promise &p)
{
    return Json()
        .set("workflow", p.workflow)
        .set("scope", name(p.scope))
        .set("episodes", p.episodes)
        .set("fixable", p.fixable)
        .set("fixable_fixed_first_share", p.fixableFixedFirst)
        .set("fixable_fixed_within_two_share", p.fixableFixedInTwo)
        .set("predicted", predictedJson(p))
        .set("realised", realisedJson(p))
        .set("oracle_retry_cost_usd", p.oracleRetryCost)
        .set("unsupported_share", p.unsupportedShare)
        .set("unknown_truth_share", p.unknownShare);
}

Json curveJson(const CurvePoint &point)
{
    return Json()
        .set("share", point.share)
        .set("rows", point.rows)
        .set("class_rates_share", point.fallbackShare)
        .set("fixed_first_share", figureJson(point.fixedFirst))
        .set("remediated_share", figureJson(point.remediated));
}

Json barJson(const Bar &bar)
{
    return Json()
        .set("name", bar.name)
        .set("meaning", bar.meaning)
        .set("value", bar.value)
        .set("bar", bar.bar)
        .set("direction", name(bar.kind))
        .set("held", bar.held);
}

template <typename Item, typename ToJson> Json listJson(const std::vector<Item> &items, ToJson toJson)
{
    Json out = Json::array();
    for (const Item &item : items)
        out.push(toJson(item));
    return out;
}

/// The promises of the whole, by scope.
template <typename ToJson> Json byScope(const TruthReport &report, ToJson toJson)
{
    Json out = Json::object();
    for (const Promise &promise : report.promises)
        out.set(std::string(name(promise.scope)), toJson(promise));
    return out;
}

} // namespace

std::string_view name(Scope scope)
{
    return scope == Scope::All ? "all" : "memory_config";
}

std::vector<Bar> barsOf(const TruthReport &report)
{
    Bars bars;
    const PolicyFigures *policy = figuresOf(report, "policy");
    if (policy == nullptr)
        return {};
    bars.least("episodes", "held-out memory_config episodes", static_cast<double>(policy->episodes), 200.0);
    if (policy->fixable > 0) {
        bars.least("fixed_first", "fixable episodes fixed by the first retry", policy->fixedFirst.value, 0.80);
        bars.least("fixed_within_two", "fixable episodes fixed within two retries", policy->fixedInTwo.value, 0.90);
    }
    for (const char *baseline : {"keep", "x2", "ladder", "ceiling"})
        if (const PolicyFigures *other = figuresOf(report, baseline))
            bars.above(std::string("below_") + baseline,
                       "dollars saved beside " + std::string(baseline) + ", F + X + L", other->totalAbovePolicy.value,
                       0.0);
    if (policy->regretMedian)
        bars.most("regret_median", "median regret against the cheapest success", *policy->regretMedian, 0.25);
    const PolicyFigures *history = figuresOf(report, "history");
    if (history != nullptr && history->retryCost.value > 0.0) {
        const double before = history->retryCost.value / static_cast<double>(history->episodes);
        const double after = policy->retryCost.value / static_cast<double>(policy->episodes);
        bars.most("retry_cost", "F + X an episode beside history's", after / before, 0.50);
        if (const PolicyFigures *oracle = figuresOf(report, "oracle"))
            bars.most("oracle_retry_cost", "F + X an episode of the oracle beside history's",
                      oracle->retryCost.value / static_cast<double>(oracle->episodes) / before, 0.50);
    }
    addPromiseBars(report, bars);
    return std::move(bars).take();
}

Json truthToJson(const TruthReport &report)
{
    Json out;
    out.set("leave_out", report.leftOut).set("units", report.units).set("folds", report.folds);
    out.set("class_rate_folds", report.fallbackFolds).set("seed", report.seed);
    out.set("truth_rows", report.truthRows).set("truth_cells", report.truthCells);
    out.set("episodes", report.episodes).set("memory_config_episodes", report.memoryConfigEpisodes);
    out.set("episodes_without_truth", report.withoutTruth).set("dominance_share", report.byDominance);
    out.set("policies", listJson(report.policies, policyJson));
    out.set("by_workflow", listJson(report.byWorkflow, workflowJson));
    out.set("predicted", byScope(report, predictedJson)).set("realised", byScope(report, realisedJson));
    out.set("learning_curve", listJson(report.curve, curveJson)).set("bars", listJson(report.bars, barJson));
    return out;
}

} // namespace mulligan::evaluate
