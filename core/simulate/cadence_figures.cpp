#include "simulate/cadence_figures.hpp"

#include "base/money.hpp"
#include "simulate/savings_json.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace mulligan::simulate
{

namespace
{

struct Weighted {
    double value = 0.0;
    double weight = 0.0;
};

/// The least value that `share` of the weight does not exceed; `sorted` ascending. 0 when there is none.
double weightedQuantile(std::span<const Weighted> sorted, double share)
{
    double total = 0.0;
    for (const Weighted &w : sorted)
        total += w.weight;
    double sum = 0.0;
    for (const Weighted &w : sorted) {
        sum += w.weight;
        if (sum >= share * total)
            return w.value;
    }
    return sorted.empty() ? 0.0 : sorted.back().value;
}

/// What the refreshing took, on the failures as history logged them.
void countBatches(const model::History &history, const Cadence &cadence, std::span<const EpisodeOutcome> outcomes,
                  model::CadenceFigures &figures)
{
    std::vector<std::tuple<std::int64_t, std::uint32_t, std::string_view>> made;
    for (const EpisodeOutcome &outcome : outcomes) {
        const model::Episode &episode = history.episodes[outcome.episode];
        for (std::uint32_t i = episode.first; i <= episode.last(); ++i) {
            const model::HistoryAttempt &failed = history.attempts[i];
            if (model::isDecisionPoint(failed))
                made.emplace_back(cadence.batchFrom(failed.endedAt).ms, failed.job, failed.verdict->errorClass);
        }
    }
    if (made.empty())
        return;
    if (cadence.kind == CadenceKind::OnFailure) {
        figures.batches = figures.recomputed = made.size();
        return;
    }
    std::sort(made.begin(), made.end());
    const std::int64_t span = std::get<0>(made.back()) - std::get<0>(made.front());
    figures.batches = static_cast<std::uint64_t>(span / cadence.periodMs()) + 1;
    figures.recomputed = static_cast<std::uint64_t>(std::distance(made.begin(), std::unique(made.begin(), made.end())));
}

} // namespace

model::CadenceFigures cadenceFigures(const model::History &history, const Cadence &cadence,
                                     std::span<const EpisodeOutcome> outcomes)
{
    model::CadenceFigures out;
    out.cadence = toText(cadence);
    out.whenAbsent = name(cadence.whenAbsent);
    std::vector<Weighted> staleness;
    std::map<std::uint32_t, bool> everAnswered;
    double waiting = 0.0;
    for (const EpisodeOutcome &outcome : outcomes) {
        for (const ReplayStep &step : outcome.steps) {
            if (step.answer == Answer::Bound) {
                out.bound += step.probability;
                continue;
            }
            const bool answered = step.answer != Answer::None;
            (step.answer == Answer::Own ? out.own : answered ? out.older : out.none) += step.probability;
            waiting += step.probability * step.waitingSeconds;
            bool &ever = everAnswered[history.episodes[outcome.episode].job];
            ever = ever || (answered && step.probability > 0.0);
            if (answered && step.probability > 0.0)
                staleness.push_back({step.stalenessSeconds, step.probability});
        }
    }
    out.points = out.own + out.older + out.none;
    out.waitingMean = out.shareOf(waiting);
    std::sort(staleness.begin(), staleness.end(), [](const Weighted &a, const Weighted &b) {
        return std::pair(a.value, a.weight) < std::pair(b.value, b.weight);
    });
    out.stalenessMedian = weightedQuantile(staleness, 0.5);
    out.stalenessP95 = weightedQuantile(staleness, 0.95);
    out.jobs = everAnswered.size();
    for (const auto &[job, ever] : everAnswered)
        out.jobsWithout += ever ? 0 : 1;
    countBatches(history, cadence, outcomes, out);
    return out;
}

model::CadenceRow cadenceRow(const ReplayResult &result)
{
    const model::SavingsReport &report = result.report;
    model::Figure net = report.savings.net;
    // In cents, as the sum of the parts that `savings` prints: the same figure everywhere.
    net.value = 0.0;
    for (const auto &[key, part] : report.savings.parts())
        net.value += part;
    net.value = base::roundToCents(net.value);
    return {result.cadence, net, report.policy, report.unsupportedNet};
}

formats::Json cadenceToJson(const model::CadenceFigures &figures)
{
    formats::Json out = formats::Json::object();
    out.set("cadence", figures.cadence).set("when_absent", figures.whenAbsent);
    out.set("decision_points", figures.points).set("bound_points", figures.bound);
    out.set("own_share", figures.shareOf(figures.own)).set("older_share", figures.shareOf(figures.older));
    out.set("none_share", figures.shareOf(figures.none));
    out.set("staleness_seconds_median", figures.stalenessMedian);
    out.set("staleness_seconds_p95", figures.stalenessP95);
    out.set("waiting_seconds_mean", figures.waitingMean);
    out.set("jobs", figures.jobs).set("jobs_without", figures.jobsWithout);
    out.set("jobs_without_share", figures.jobsWithoutShare());
    out.set("batches", figures.batches).set("recomputed", figures.recomputed);
    out.set("recomputed_per_batch", figures.recomputedPerBatch());
    return out;
}

formats::Json cadenceRowToJson(const model::CadenceRow &row)
{
    formats::Json out = cadenceToJson(row.figures);
    out.set("net_usd", figureToJson(row.net)).set("unsupported_net_usd", base::roundToCents(row.unsupportedNet));
    out.set("policy", kpisToJson(row.policy));
    return out;
}

} // namespace mulligan::simulate
