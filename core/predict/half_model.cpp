#include "predict/half_model.hpp"

#include "stats/logistic_calibration.hpp"
#include "stats/probability.hpp"
#include "stats/quantiles.hpp"

#include <algorithm>
#include <cmath>

namespace mulligan::predict
{

namespace
{

using Indices = std::vector<std::uint32_t>;

/// Rows a cost model needs, in all and among the later ones.
constexpr size_t kLeastCostRows = 40;
constexpr size_t kLeastLater = 8;
/// Least rows of a calibration block, and its least share of the rows calibrated on: the ends of an isotonic fit are
/// the best and the worst of many small blocks, and so too sure of themselves.
constexpr size_t kLeastBlock = 20;
constexpr double kLeastBlockShare = 0.10;
constexpr double kLeastHours = 1.0 / 3600.0;

struct Parts {
    Indices earlier;
    Indices later;
};

Parts splitByTime(std::span<const std::uint32_t> rows)
{
    const auto cut = static_cast<size_t>(static_cast<double>(rows.size()) * (1.0 - laterShare(rows.size())));
    return {Indices(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(cut)),
            Indices(rows.begin() + static_cast<std::ptrdiff_t>(cut), rows.end())};
}

Indices withOutcome(const Dataset &dataset, const Indices &rows, bool success)
{
    Indices out;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(out),
                 [&](std::uint32_t i) { return dataset.rows[i].success == success; });
    return out;
}

/// An encoding of all earlier rows, and one for each fold that has not seen that fold's jobs: a row's own outcome must
/// not reach it through the rate of its rule.
struct Encodings {
    Encoding all;
    std::array<Encoding, kFolds> without;

    Encodings(const Dataset &dataset, const Indices &rows)
    {
        for (const std::uint32_t i : rows) {
            const Row &row = dataset.rows[i];
            all.add(row.words, row.success);
            for (int f = 0; f < kFolds; ++f)
                if (f != row.fold)
                    without[static_cast<size_t>(f)].add(row.words, row.success);
        }
    }
};

Matrix gather(const Dataset &dataset, const Indices &rows, const Encodings &encodings, bool training)
{
    Matrix out;
    out.columns = dataset.features.columns;
    out.values.reserve(rows.size() * out.columns);
    for (const std::uint32_t i : rows) {
        const float *from = dataset.features.row(i);
        out.values.insert(out.values.end(), from, from + out.columns);
        const Row &row = dataset.rows[i];
        const Encoding &encoding = training ? encodings.without[static_cast<size_t>(row.fold)] : encodings.all;
        setWords(out, out.rows() - 1, out.rows(), encoding.encode(row.words));
    }
    return out;
}

std::vector<float> outcomes(const Dataset &dataset, const Indices &rows)
{
    std::vector<float> out;
    for (const std::uint32_t i : rows)
        out.push_back(dataset.rows[i].success ? 1.0F : 0.0F);
    return out;
}

std::vector<std::uint8_t> outcomeBytes(const Dataset &dataset, const Indices &rows)
{
    std::vector<std::uint8_t> out;
    for (const std::uint32_t i : rows)
        out.push_back(dataset.rows[i].success ? 1 : 0);
    return out;
}

double target(CostForm form, const Row &row)
{
    const double hours = std::max(row.hours, kLeastHours);
    switch (form) {
    case CostForm::LogHours: return std::log(hours);
    case CostForm::Hours: return hours;
    case CostForm::RatioToPast: return std::log(hours / row.pastHours);
    }
    return hours;
}

std::vector<float> targets(const Dataset &dataset, const Indices &rows, CostForm form)
{
    std::vector<float> out;
    for (const std::uint32_t i : rows)
        out.push_back(static_cast<float>(target(form, dataset.rows[i])));
    return out;
}

double meanOf(const std::vector<float> &values)
{
    double sum = 0.0;
    for (const float value : values)
        sum += static_cast<double>(value);
    return values.empty() ? 0.0 : sum / static_cast<double>(values.size());
}

struct SuccessFit {
    Booster trees;
    MemoryTrend trend;
};

base::Result<SuccessFit> fitSuccess(const Dataset &dataset, const Parts &parts, const Encodings &encodings,
                                    std::uint64_t seed, const std::stop_token &stop)
{
    const auto trainTargets = outcomes(dataset, parts.earlier);
    const Matrix train = gather(dataset, parts.earlier, encodings, true);
    const Matrix later = gather(dataset, parts.later, encodings, false);
    BoosterOptions options;
    options.seed = seed;
    options.monotone = monotoneDirections();
    options.maxDepth = parts.earlier.size() + parts.later.size() < kFewRows ? 3 : 4;
    options.baseScore = std::clamp(meanOf(trainTargets), 0.01, 0.99);
    const MemoryTrend trend = MemoryTrend::fit(train, trainTargets, options.baseScore);
    options.trainStarts = trend.starts(train);
    options.validationStarts = trend.starts(later);
    MULLIGAN_TRY(Booster trees, Booster::fit(train, trainTargets, later, outcomes(dataset, parts.later), options,
                                             [&] { return stop.stop_requested(); }));
    return SuccessFit{std::move(trees), trend};
}

/// Trees on top of the trend: a chance of success by row, before calibration.
base::Result<std::vector<float>> rawSuccess(const Booster &trees, const MemoryTrend &trend, const Matrix &matrix)
{
    MULLIGAN_TRY(auto out, trees.predict(matrix));
    trend.apply(matrix, out);
    return out;
}

/// Few rows make one or two blocks, which leave nothing of what the trees tell apart: there a line in log-odds has to
/// do.
stats::Isotonic calibrated(const std::vector<float> &raw, const std::vector<std::uint8_t> &outcomes, size_t rows)
{
    const std::vector<double> scores(raw.begin(), raw.end());
    if (rows < kFewRows)
        return stats::fitLogistic(scores, outcomes);
    const auto share = static_cast<size_t>(kLeastBlockShare * static_cast<double>(raw.size()));
    return stats::Isotonic::fit(scores, outcomes, std::max(kLeastBlock, share));
}

/// Hours beyond the worst seen are extrapolation: twice the 99.5th percentile is the most a model may say.
double ceilingOf(const Dataset &dataset, const Indices &rows)
{
    std::vector<double> hours;
    for (const std::uint32_t i : rows)
        hours.push_back(dataset.rows[i].hours);
    return 2.0 * stats::quantile(std::move(hours), 0.995);
}

base::Result<CostModel> fitCost(const Dataset &dataset, const Parts &both, bool success, const Encodings &encodings,
                                CostForm form, int maxRounds, std::uint64_t seed, const std::stop_token &stop)
{
    const Parts parts{withOutcome(dataset, both.earlier, success), withOutcome(dataset, both.later, success)};
    CostModel model;
    model.form = form;
    const size_t rows = parts.earlier.size() + parts.later.size();
    for (const Indices *part : {&parts.earlier, &parts.later})
        for (const std::uint32_t i : *part)
            model.meanHours += dataset.rows[i].hours / static_cast<double>(rows);
    if (rows < kLeastCostRows || parts.later.size() < kLeastLater)
        return model;
    const auto trainTargets = targets(dataset, parts.earlier, form);
    BoosterOptions options;
    options.logistic = false;
    options.seed = seed;
    options.maxRounds = maxRounds;
    options.baseScore = meanOf(trainTargets);
    const Matrix later = gather(dataset, parts.later, encodings, false);
    MULLIGAN_TRY(Booster booster,
                 Booster::fit(gather(dataset, parts.earlier, encodings, true), trainTargets, later,
                              targets(dataset, parts.later, form), options, [&] { return stop.stop_requested(); }));
    model.ceilingHours = ceilingOf(dataset, parts.earlier);
    MULLIGAN_TRY(const auto raw, booster.predict(later));
    model.booster = std::move(booster);
    double predicted = 0.0;
    double actual = 0.0;
    for (size_t i = 0; i < parts.later.size(); ++i) {
        const Row &row = dataset.rows[parts.later[i]];
        predicted += model.hours(raw[i], row.pastHours);
        actual += std::min(row.hours, model.ceilingHours);
    }
    // A few dear rows must not stretch every prediction.
    model.factor = predicted > 0.0 && actual > 0.0 ? std::clamp(actual / predicted, 0.5, 2.0) : 1.0;
    return model;
}

double absoluteError(const Dataset &dataset, const Indices &rows, const CostModel &model, const std::vector<float> &raw)
{
    double sum = 0.0;
    for (size_t i = 0; i < rows.size(); ++i)
        sum += std::abs(model.hours(raw[i], dataset.rows[rows[i]].pastHours) - dataset.rows[rows[i]].hours);
    return sum;
}

} // namespace

std::string_view name(CostForm form)
{
    switch (form) {
    case CostForm::LogHours: return "log_hours";
    case CostForm::Hours: return "hours";
    case CostForm::RatioToPast: return "log_ratio_to_past";
    }
    return {};
}

std::optional<CostForm> costFormFromName(std::string_view text)
{
    for (const CostForm form : {CostForm::LogHours, CostForm::Hours, CostForm::RatioToPast})
        if (name(form) == text)
            return form;
    return std::nullopt;
}

std::string inWords(CostForm form)
{
    switch (form) {
    case CostForm::LogHours: return "logarithm of hours, times the hourly rate";
    case CostForm::Hours: return "hours, times the hourly rate";
    case CostForm::RatioToPast: return "logarithm of hours relative to the job's past runs, times the hourly rate";
    }
    return {};
}

double CostModel::hours(float raw, double past) const
{
    const auto value = static_cast<double>(raw);
    const double plain = form == CostForm::Hours      ? value
                         : form == CostForm::LogHours ? std::exp(value)
                                                      : std::exp(value) * past;
    return std::clamp(plain * factor, kLeastHours, std::max(kLeastHours, ceilingHours));
}

base::Result<HalfModel> fitHalf(const Dataset &dataset, std::span<const std::uint32_t> rows, const FitOptions &options,
                                std::stop_token stop)
{
    const Parts parts = splitByTime(rows);
    const Encodings encodings(dataset, parts.earlier);
    HalfModel model;
    model.encoding = encodings.all;
    MULLIGAN_TRY(SuccessFit success, fitSuccess(dataset, parts, encodings, options.seed, stop));
    model.trend = success.trend;
    model.success = std::move(success.trees);
    MULLIGAN_TRY(const auto raw,
                 rawSuccess(*model.success, model.trend, gather(dataset, parts.later, encodings, false)));
    model.calibration = calibrated(raw, outcomeBytes(dataset, parts.later), rows.size());
    constexpr int kRounds = 200;
    MULLIGAN_TRY(model.costFail,
                 fitCost(dataset, parts, false, encodings, options.form, kRounds, options.seed + 1, stop));
    MULLIGAN_TRY(model.costSuccess,
                 fitCost(dataset, parts, true, encodings, options.form, kRounds, options.seed + 2, stop));
    return model;
}

base::Result<std::array<double, 3>> compareCostForms(const Dataset &dataset, std::span<const std::uint32_t> rows,
                                                     std::uint64_t seed, std::stop_token stop)
{
    // The later rows of the earlier ones stop the fits, so that the rows compared on are new to every form.
    const Parts outer = splitByTime(rows);
    const Parts inner = splitByTime(outer.earlier);
    const Encodings encodings(dataset, inner.earlier);
    std::array<double, 3> errors{};
    constexpr int kRounds = 60;
    for (size_t f = 0; f < errors.size(); ++f) {
        for (const bool success : {false, true}) {
            MULLIGAN_TRY(const CostModel model,
                         fitCost(dataset, inner, success, encodings, static_cast<CostForm>(f), kRounds, seed, stop));
            const Indices later = withOutcome(dataset, outer.later, success);
            if (!model.booster || later.empty())
                continue;
            MULLIGAN_TRY(const auto raw, model.booster->predict(gather(dataset, later, encodings, false)));
            errors[f] += absoluteError(dataset, later, model, raw);
        }
    }
    return errors;
}

base::Result<std::pair<std::uint64_t, double>> learningPoint(const Dataset &dataset,
                                                             std::span<const std::uint32_t> rows, size_t stride,
                                                             std::uint64_t seed, std::stop_token stop)
{
    const Parts outer = splitByTime(rows);
    Indices fewer;
    for (size_t i = stride - 1; i < outer.earlier.size(); i += stride)
        fewer.push_back(outer.earlier[i]);
    const Parts inner = splitByTime(fewer);
    const Encodings encodings(dataset, inner.earlier);
    MULLIGAN_TRY(const SuccessFit fit, fitSuccess(dataset, inner, encodings, seed, stop));
    MULLIGAN_TRY(const auto raw, rawSuccess(fit.trees, fit.trend, gather(dataset, outer.later, encodings, false)));
    const std::vector<double> p(raw.begin(), raw.end());
    return std::pair(static_cast<std::uint64_t>(fewer.size()), stats::logLoss(p, outcomeBytes(dataset, outer.later)));
}

} // namespace mulligan::predict
