#include "predict/fit.hpp"

#include "stats/probability.hpp"
#include "stats/ranking.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

namespace mulligan::predict
{

namespace
{

/// Scored in pieces, so that matrices stay small.
constexpr size_t kPiece = 4096;
/// Rows' worth of the overall rate in a baseline's rates.
constexpr double kPrior = 5.0;
constexpr size_t kBins = 10;

struct Measured {
    std::vector<std::uint32_t> rows; ///< indices into the dataset
    std::vector<double> model;
    std::vector<double> overallRate;
    std::vector<double> classRate;
    std::vector<double> jobRate;
    std::vector<double> cost; ///< predicted dollars of the outcome that came
    std::vector<std::uint8_t> outcomes;
};

/// Rates known at a moment.
class Baselines
{
public:
    void add(const Row &row)
    {
        for (Count *count : {&m_all, &m_classes[row.errorClass], &m_jobs[row.job]}) {
            count->rows += 1.0;
            count->successes += row.success ? 1.0 : 0.0;
        }
    }
    void measure(const Row &row, Measured &out)
    {
        const double all = (m_all.successes + 1.0) / (m_all.rows + 2.0);
        const auto shrunk = [&](const Count &c) { return (c.successes + kPrior * all) / (c.rows + kPrior); };
        out.overallRate.push_back(all);
        out.classRate.push_back(shrunk(m_classes[row.errorClass]));
        out.jobRate.push_back(shrunk(m_jobs[row.job]));
    }

private:
    struct Count {
        double rows = 0.0;
        double successes = 0.0;
    };
    Count m_all;
    std::map<std::string, Count> m_classes;
    std::unordered_map<std::uint32_t, Count> m_jobs;
};

/// Rows decided while each rolling model was in force.
std::vector<std::vector<std::uint32_t>> inForce(const Dataset &dataset, const TrainedModels &models)
{
    std::vector<std::vector<std::uint32_t>> out(models.rolling.size());
    for (std::uint32_t i = 0; i < dataset.rows.size(); ++i) {
        const auto after = std::upper_bound(models.rolling.begin(), models.rolling.end(), dataset.rows[i].decidedAt,
                                            [](base::Instant at, const auto &entry) { return at < entry.first; });
        if (after != models.rolling.begin())
            out[static_cast<size_t>(after - models.rolling.begin()) - 1].push_back(i);
    }
    return out;
}

base::Result<void> scorePiece(const model::History &history, const PastIndex &past, const Dataset &dataset,
                              const Predictor &predictor, std::span<const std::uint32_t> piece, Measured &out)
{
    std::vector<RetryContext> contexts;
    contexts.reserve(piece.size());
    for (const std::uint32_t i : piece)
        contexts.push_back(contextOfRow(history, past, dataset.rows[i]));
    std::vector<ScoreRequest> requests;
    for (size_t k = 0; k < piece.size(); ++k)
        requests.push_back(
            {&contexts[k], {&history.configs[history.attempts[dataset.rows[piece[k]].retry].config], 1}});
    MULLIGAN_TRY(const auto scores, predictor.scoreHours(requests));
    for (size_t k = 0; k < piece.size(); ++k) {
        const Row &row = dataset.rows[piece[k]];
        out.rows.push_back(piece[k]);
        out.outcomes.push_back(row.success ? 1 : 0);
        out.model.push_back(scores[k].scorer.success);
        out.cost.push_back((row.success ? scores[k].scorer.costSuccess : scores[k].scorer.costFail) * row.rate);
    }
    return {};
}

model::ProbabilityQuality quality(const std::vector<double> &p, const std::vector<std::uint8_t> &y)
{
    return {stats::auc(p, y).value_or(0.5), stats::averagePrecision(p, y).value_or(0.0), stats::logLoss(p, y),
            stats::brier(p, y), stats::debiasedCalibrationError(p, y)};
}

model::CostQuality costQuality(const Dataset &dataset, const Measured &m, const std::vector<size_t> &which)
{
    model::CostQuality out;
    double rows = 0.0;
    double relative = 0.0;
    double sum = 0.0;
    for (const size_t k : which) {
        const double actual = dataset.rows[m.rows[k]].costUsd;
        rows += actual > 0.0 ? 1.0 : 0.0;
        sum += std::max(0.0, actual);
    }
    for (const size_t k : which) {
        const double actual = dataset.rows[m.rows[k]].costUsd;
        if (actual <= 0.0)
            continue;
        out.mae += std::abs(m.cost[k] - actual);
        out.bias += m.cost[k] - actual;
        if (actual > 0.01 * sum / rows) {
            out.mape += std::abs(m.cost[k] - actual) / actual;
            relative += 1.0;
        }
    }
    if (rows > 0.0) {
        out.mae /= rows;
        out.bias /= rows;
    }
    if (relative > 0.0)
        out.mape /= relative;
    return out;
}

std::map<std::string, model::ClassQuality> classQualities(const Dataset &dataset, const Measured &m)
{
    std::map<std::string, std::vector<size_t>> classes;
    for (size_t k = 0; k < m.rows.size(); ++k)
        classes[dataset.rows[m.rows[k]].errorClass].push_back(k);
    std::map<std::string, model::ClassQuality> out;
    for (const auto &[errorClass, which] : classes) {
        std::vector<double> p;
        std::vector<std::uint8_t> y;
        model::ClassQuality q;
        for (const size_t k : which) {
            p.push_back(m.model[k]);
            y.push_back(m.outcomes[k]);
            q.successRate += m.outcomes[k];
        }
        q.rows = which.size();
        q.successRate /= static_cast<double>(which.size());
        q.auc = stats::auc(p, y);
        q.brier = stats::brier(p, y);
        q.cost = costQuality(dataset, m, which);
        out.emplace(errorClass, q);
    }
    return out;
}

std::vector<model::CurvePoint> curve(const std::vector<stats::Point> &points)
{
    std::vector<model::CurvePoint> out;
    out.reserve(points.size());
    for (const stats::Point &point : points)
        out.push_back({point.x, point.y});
    return out;
}

void fill(const Dataset &dataset, const Measured &m, model::ModelCard &card)
{
    card.scoredRows = m.rows.size();
    if (m.rows.empty())
        return;
    card.success = quality(m.model, m.outcomes);
    card.baselines = {{"overall_rate", quality(m.overallRate, m.outcomes)},
                      {"class_rate", quality(m.classRate, m.outcomes)},
                      {"job_rate", quality(m.jobRate, m.outcomes)}};
    std::vector<size_t> all(m.rows.size());
    for (size_t k = 0; k < all.size(); ++k)
        all[k] = k;
    card.cost = costQuality(dataset, m, all);
    card.byClass = classQualities(dataset, m);
    for (const stats::Bin &bin : stats::calibrationBins(m.model, m.outcomes, kBins))
        card.calibration.push_back({bin.predicted, bin.observed, bin.low, bin.high, bin.count});
    card.precisionRecall = curve(stats::precisionRecallCurve(m.model, m.outcomes));
    card.roc = curve(stats::rocCurve(m.model, m.outcomes));
}

} // namespace

base::Result<void> measure(const model::History &history, const PastIndex &past, const Dataset &dataset,
                           const TrainedModels &models, model::ModelCard &card, std::stop_token stop)
{
    Measured measured;
    Baselines baselines;
    size_t known = 0;
    const auto parts = inForce(dataset, models);
    for (size_t m = 0; m < parts.size(); ++m) {
        // Rows are ordered by when they became known.
        for (; known < dataset.rows.size() && dataset.rows[known].knownAt < models.rolling[m].first; ++known)
            baselines.add(dataset.rows[known]);
        for (size_t at = 0; at < parts[m].size(); at += kPiece) {
            if (stop.stop_requested())
                return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
            const std::span<const std::uint32_t> piece(parts[m].data() + at, std::min(kPiece, parts[m].size() - at));
            for (const std::uint32_t i : piece)
                baselines.measure(dataset.rows[i], measured);
            MULLIGAN_CHECK(scorePiece(history, past, dataset, *models.rolling[m].second, piece, measured));
        }
    }
    fill(dataset, measured, card);
    return {};
}

} // namespace mulligan::predict
