#include "pipeline/truth_folds.hpp"

#include "base/rng.hpp"
#include "pipeline/worker_pool.hpp"
#include "predict/fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <mutex>
#include <numeric>

namespace mulligan::pipeline
{

namespace
{

constexpr std::uint32_t kMostFolds = 20;
constexpr base::Instant kAlways{std::numeric_limits<std::int64_t>::min()};
constexpr base::Instant kAtTheEnd{std::numeric_limits<std::int64_t>::max()};

/// What holds each job, from the first attempt that names one; a record without it (an event log of its own) counts
/// with the rest of its job.
std::vector<std::string> unitNames(const model::History &history, LeaveOut leaveOut)
{
    std::vector<std::string> out(history.jobs.size());
    for (const model::HistoryAttempt &attempt : history.attempts) {
        const std::uint32_t index = leaveOut == LeaveOut::Team ? attempt.team : attempt.workflow;
        if (leaveOut != LeaveOut::Job && out[attempt.job].empty() && index < history.names.size())
            out[attempt.job] = history.names.at(index);
    }
    for (std::uint32_t job = 0; job < out.size(); ++job)
        if (out[job].empty())
            out[job] = history.jobs.at(job);
    return out;
}

base::Result<FoldModel> fitOn(const model::History &part, const FoldOptions &options, const std::stop_token &stop)
{
    const predict::PastIndex past = predict::PastIndex::build(part);
    const predict::Dataset dataset = predict::buildDataset(part, past, options.rate);
    predict::TrainOptions needs;
    const bool enough = predict::sufficiency(dataset, dataset.knownBefore(kAtTheEnd)).enough(needs);
    auto models = std::make_shared<predict::TrainedModels>();
    if (enough) {
        auto form = predict::CostForm::LogHours;
        MULLIGAN_TRY(models->production, predict::fitPredictor(dataset, std::nullopt, options.seed, form, stop));
    } else {
        models->production = predict::fitRates(dataset, std::nullopt);
    }
    models->id = models->production->id();
    models->card.fallback = !enough;
    models->rolling.emplace_back(kAlways, models->production);
    return FoldModel{std::move(models), dataset.rows.size(), !enough};
}

} // namespace

std::string_view name(LeaveOut leaveOut)
{
    switch (leaveOut) {
    case LeaveOut::Workflow: return "workflow";
    case LeaveOut::Job: return "job";
    case LeaveOut::Team: return "team";
    }
    return {};
}

std::optional<LeaveOut> leaveOutFromName(std::string_view text)
{
    for (const LeaveOut each : {LeaveOut::Workflow, LeaveOut::Job, LeaveOut::Team})
        if (text == name(each))
            return each;
    return std::nullopt;
}

Folds makeFolds(const model::History &history, LeaveOut leaveOut, std::uint32_t most, std::uint64_t seed)
{
    Folds out;
    const auto names = unitNames(history, leaveOut);
    std::map<std::string, std::uint32_t> index;
    for (const std::string &unit : names)
        index.emplace(unit, 0);
    for (auto &[unit, at] : index) {
        at = static_cast<std::uint32_t>(out.units.size());
        out.units.push_back(unit);
    }
    for (const std::string &unit : names)
        out.unitOfJob.push_back(index.at(unit));
    const auto units = static_cast<std::uint32_t>(out.units.size());
    std::vector<std::uint32_t> order(units);
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return base::stableHash(out.units[a], seed) < base::stableHash(out.units[b], seed);
    });
    out.count = std::min(units, most > 0 ? most : kMostFolds);
    out.foldOfUnit.resize(units);
    out.rankOfUnit.resize(units);
    for (std::uint32_t i = 0; i < units; ++i) {
        out.rankOfUnit[order[i]] = i;
        out.foldOfUnit[order[i]] = i % out.count;
    }
    return out;
}

base::Result<std::vector<FoldModel>> fitFolds(const model::History &history, const Folds &folds,
                                              const FoldOptions &options, std::stop_token stop,
                                              base::Progress &progress)
{
    progress.begin("Fitting a model without each fold", folds.count);
    const auto least =
        static_cast<std::uint32_t>(std::ceil(options.share * static_cast<double>(folds.units.size()) - 1e-9));
    std::vector<FoldModel> out(folds.count);
    std::mutex mutex;
    std::optional<base::Error> failure;
    WorkerPool workers(static_cast<size_t>(std::clamp(options.threads, 1, 64)));
    workers.run(folds.count, [&](size_t fold) {
        if (stop.stop_requested())
            return;
        const model::History part = partOf(history, [&](std::uint32_t job) {
            return folds.foldOfJob(job) != fold && folds.rankOfUnit[folds.unitOfJob[job]] < least;
        });
        auto fitted = fitOn(part, options, stop);
        progress.advance();
        const std::lock_guard lock(mutex);
        if (fitted.has_value())
            out[fold] = std::move(*fitted);
        else if (!failure)
            failure = std::move(fitted).error();
    });
    if (stop.stop_requested())
        return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
    if (failure)
        return *failure;
    return out;
}

} // namespace mulligan::pipeline
