#include "predict/fit.hpp"

#include "formats/hash.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

namespace mulligan::predict
{

namespace
{

/// One model to be fitted: a rolling one, or the production model when there is no moment.
struct Task {
    std::optional<base::Instant> moment;
    std::shared_ptr<const Predictor> predictor;
    CostForm form = CostForm::LogHours;
    std::optional<base::Error> error;
};

/// Models do not depend on each other and each is fitted on one thread, so their bytes do not depend on `threads`.
base::Result<void> fitAll(const Dataset &dataset, std::vector<Task> &tasks, const TrainOptions &options,
                          const std::stop_token &stop, base::Progress &progress)
{
    std::atomic<size_t> next{0};
    const auto work = [&] {
        for (size_t i = next.fetch_add(1); i < tasks.size(); i = next.fetch_add(1)) {
            // The largest, latest fits first.
            Task &task = tasks[tasks.size() - 1 - i];
            auto fitted = fitPredictor(dataset, task.moment, options.seed, task.form, stop);
            if (fitted.has_value())
                task.predictor = std::move(*fitted);
            else
                task.error = std::move(fitted).error();
            progress.advance();
        }
    };
    {
        std::vector<std::jthread> workers;
        for (int t = 1; t < std::clamp(options.threads, 1, 64); ++t)
            workers.emplace_back(work);
        work();
    }
    for (const Task &task : tasks)
        if (task.error)
            return *task.error;
    return {};
}

std::vector<base::Instant> eligibleWeeks(const model::History &history, const Dataset &dataset,
                                         const TrainOptions &options)
{
    std::vector<base::Instant> out;
    for (const base::Instant week : weekStarts(history.from, history.dataEnd)) {
        const auto rows = dataset.knownBefore(week);
        if (!out.empty() || sufficiency(dataset, rows).enough(options))
            out.push_back(week);
    }
    return out;
}

std::string idOf(const TrainedModels &models)
{
    formats::Sha256 hash;
    for (const auto &[moment, predictor] : models.rolling)
        hash.update(std::to_string(moment.ms) + predictor->id());
    hash.update(models.production->id());
    return (models.card.fallback ? "rates-" : "models-") + hash.hexDigest().substr(0, 12);
}

void finishCard(TrainedModels &models, const Dataset &dataset, std::uint64_t seed)
{
    models.id = idOf(models);
    models.card.modelId = models.id;
    models.card.rows = dataset.rows.size();
    models.card.refits = models.rolling.size();
    models.card.trainedTo = models.production->fittedTo();
    models.card.seed = seed;
}

/// Class rates week by week; the first stands before all data, so that every episode can be replayed.
TrainedModels ratesOnly(const model::History &history, const Dataset &dataset, std::string reason, int maxRefits)
{
    TrainedModels models;
    models.card.fallback = true;
    models.card.fallbackReason = std::move(reason);
    models.card.costTarget = "mean hours by class, times the hourly rate";
    if (!history.attempts.empty())
        models.rolling.emplace_back(history.from, fitRates(dataset, history.from));
    for (const base::Instant week : thinned(weekStarts(history.from, history.dataEnd), std::max(1, maxRefits - 1)))
        models.rolling.emplace_back(week, fitRates(dataset, week));
    models.production = fitRates(dataset, std::nullopt);
    return models;
}

std::string tooLittle(const Sufficiency &have, const TrainOptions &options)
{
    return "a model needs at least " + std::to_string(options.minimumRows) + " retries with a known outcome, "
           + std::to_string(options.minimumEach) + " of them successes and " + std::to_string(options.minimumEach)
           + " failures, spread over jobs of both halves; this history has " + std::to_string(have.rows) + " ("
           + std::to_string(have.successes) + " successes, " + std::to_string(have.failures) + " failures)";
}

base::Result<void> addCurve(const Dataset &dataset, std::uint64_t seed, const std::stop_token &stop,
                            model::ModelCard &card)
{
    std::vector<std::uint32_t> all(dataset.rows.size());
    for (std::uint32_t i = 0; i < all.size(); ++i)
        all[i] = i;
    for (const size_t stride : {8U, 4U, 2U, 1U}) {
        if (all.size() / stride < 80)
            continue;
        MULLIGAN_TRY(const auto point, learningPoint(dataset, all, stride, seed, stop));
        card.learningCurve.push_back({static_cast<double>(point.first), point.second});
    }
    return {};
}

/// Total gain of the scorer's success model by feature, largest first.
base::Result<std::vector<model::FeatureImportance>> importanceOf(const Predictor &predictor)
{
    std::vector<model::FeatureImportance> out;
    MULLIGAN_TRY(const auto gains, predictor.importance());
    out.reserve(gains.size());
    for (const auto &[column, gain] : gains)
        out.push_back({featureNames()[column], gain});
    std::stable_sort(out.begin(), out.end(), [](const auto &a, const auto &b) { return a.gain > b.gain; });
    return out;
}

} // namespace

base::Result<TrainedModels> train(const model::History &history, const PastIndex &past, const TrainOptions &options,
                                  std::stop_token stop, base::Progress &progress)
{
    const auto begun = std::chrono::steady_clock::now();
    progress.begin("Preparing training rows");
    const Dataset dataset = buildDataset(history, past, options.rate);
    const Sufficiency have =
        sufficiency(dataset, dataset.knownBefore(base::Instant{std::numeric_limits<std::int64_t>::max()}));
    const auto weeks = thinned(eligibleWeeks(history, dataset, options), options.maxRefits);
    TrainedModels models;
    if (!have.enough(options) || weeks.empty()) {
        std::string reason = have.enough(options)
                                 ? "the rows a model needs come only within the last week of the data, so no model "
                                   "could be held against later failures; import a longer history"
                                 : tooLittle(have, options);
        models = ratesOnly(history, dataset, std::move(reason), options.maxRefits);
    } else {
        std::vector<Task> tasks;
        tasks.reserve(weeks.size() + 1);
        for (const base::Instant week : weeks)
            tasks.push_back({week, nullptr, CostForm::LogHours, std::nullopt});
        tasks.push_back({std::nullopt, nullptr, CostForm::LogHours, std::nullopt});
        progress.begin("Fitting models", tasks.size());
        MULLIGAN_CHECK(fitAll(dataset, tasks, options, stop, progress));
        for (size_t i = 0; i + 1 < tasks.size(); ++i)
            models.rolling.emplace_back(*tasks[i].moment, std::move(tasks[i].predictor));
        models.production = std::move(tasks.back().predictor);
        models.card.costTarget = inWords(tasks.back().form);
        MULLIGAN_TRY(models.card.importance, importanceOf(*models.production));
        MULLIGAN_CHECK(addCurve(dataset, options.seed, stop, models.card));
    }
    finishCard(models, dataset, options.seed);
    progress.begin("Measuring models");
    MULLIGAN_CHECK(measure(history, past, dataset, models, models.card, stop));
    models.card.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return models;
}

TrainedModels classRates(const model::History &history, const PastIndex &past, const HourlyRate &rate)
{
    const Dataset dataset = buildDataset(history, past, rate);
    TrainedModels models = ratesOnly(history, dataset, std::string(kNothingTrained), TrainOptions().maxRefits);
    finishCard(models, dataset, 0);
    return models;
}

} // namespace mulligan::predict
