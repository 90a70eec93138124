#include "desktop/pages/model_figures.hpp"

#include "desktop/charts/baseline_name.hpp"
#include "desktop/widgets/format.hpp"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <functional>

namespace mulligan::desktop
{

namespace
{

QString tr(const char *source)
{
    return QCoreApplication::translate("ModelPage", source);
}

QString number(double value)
{
    return std::isfinite(value) ? QLocale().toString(value, 'f', 3) : QString(QChar(0x2013));
}

/// One column of the table of baselines.
struct Metric {
    double model::ProbabilityQuality::*member;
    bool lessIsBetter;
};
constexpr std::array<Metric, 5> kMetrics{{{&model::ProbabilityQuality::auc, false},
                                          {&model::ProbabilityQuality::prAuc, false},
                                          {&model::ProbabilityQuality::logLoss, true},
                                          {&model::ProbabilityQuality::brier, true},
                                          {&model::ProbabilityQuality::ece, true}}};

double bestBaseline(const model::ModelCard &card, const Metric &metric)
{
    double best = NAN;
    for (const auto &[name, quality] : card.baselines) {
        const double value = quality.*metric.member;
        if (!std::isfinite(best) || (metric.lessIsBetter ? value < best : value > best))
            best = value;
    }
    return best;
}

KpiContent tile(const model::ModelCard &card, const Metric &metric, const QString &help)
{
    const double value = card.success.*metric.member;
    const double best = bestBaseline(card, metric);
    KpiContent content;
    content.value = number(value);
    content.comparison = tr("best baseline %1").arg(number(best));
    if (std::isfinite(best) && std::abs(value - best) >= 0.0005) {
        const bool better = metric.lessIsBetter ? value < best : value > best;
        content.tone = better ? KpiTone::Better : KpiTone::Worse;
        content.change = (value > best ? QStringLiteral("+") : QString(QChar(0x2212))) + number(std::abs(value - best));
    }
    content.help = help;
    return content;
}

XyContent curve(const QString &name, const std::vector<model::CurvePoint> &points, bool marked)
{
    XyContent content;
    XyLine line;
    line.name = name;
    line.pointsMarked = marked;
    for (const model::CurvePoint &point : points)
        line.points << QPointF(point.x, point.y);
    std::stable_sort(line.points.begin(), line.points.end(),
                     [](const QPointF &a, const QPointF &b) { return a.x() < b.x(); });
    content.lines.push_back(std::move(line));
    return content;
}

/// Share of successes among the rows scored, from the calibration bins.
double successShare(const model::ModelCard &card)
{
    double successes = 0.0;
    double rows = 0.0;
    for (const model::CalibrationBin &bin : card.calibration) {
        successes += bin.observed * static_cast<double>(bin.count);
        rows += static_cast<double>(bin.count);
    }
    return rows > 0.0 ? successes / rows : NAN;
}

} // namespace

QVector<KpiContent> modelTiles(const model::ModelCard &card, const QString &currency)
{
    KpiContent cost;
    cost.value = moneyText(card.cost.mae, currency);
    cost.comparison = tr("bias %1, relative %2").arg(moneyText(card.cost.bias, currency), shareText(card.cost.mape));
    cost.help = tr("Mean absolute error of a retry's predicted cost; bias is predicted less actual.");
    return {tile(card, kMetrics[0], tr("Chance that a success is ranked above a failure; 0.5 is guessing.")),
            tile(card, kMetrics[2], tr("Surprise per decision, in nats; less is better.")),
            tile(card, kMetrics[4], tr("Mean gap between predicted and observed shares, debiased; less is better.")),
            cost};
}

QVector<QVector<FigureCell>> baselineRows(const model::ModelCard &card)
{
    QVector<std::pair<QString, const model::ProbabilityQuality *>> named{{tr("This model"), &card.success}};
    for (const auto &[name, quality] : card.baselines)
        named << std::pair{baselineName(name), &quality};
    QVector<QVector<FigureCell>> rows;
    for (const auto &[name, quality] : named) {
        QVector<FigureCell> row{{name, std::nullopt, quality == &card.success, {}}};
        for (const Metric &metric : kMetrics) {
            const double value = quality->*metric.member;
            const bool best = std::all_of(named.begin(), named.end(), [&](const auto &other) {
                const double theirs = other.second->*metric.member;
                return metric.lessIsBetter ? value <= theirs : value >= theirs;
            });
            row << FigureCell{number(value), value, best, {}};
        }
        rows << row;
    }
    return rows;
}

QVector<QVector<FigureCell>> classRows(const model::ModelCard &card, const QString &currency)
{
    std::vector<const std::pair<const std::string, model::ClassQuality> *> ordered;
    for (const auto &entry : card.byClass)
        ordered.push_back(&entry);
    std::stable_sort(ordered.begin(), ordered.end(),
                     [](const auto *a, const auto *b) { return a->second.rows > b->second.rows; });
    QVector<QVector<FigureCell>> rows;
    for (const auto *entry : ordered) {
        const model::ClassQuality &quality = entry->second;
        FigureCell auc{
            quality.auc ? number(*quality.auc) : QString(QChar(0x2013)), quality.auc.value_or(-1.0), false, {}};
        if (!quality.auc)
            auc.help = tr("Only one outcome was seen.");
        rows << QVector<FigureCell>{
            {text(entry->first), std::nullopt, false, {}},
            {countText(static_cast<double>(quality.rows)), static_cast<double>(quality.rows), false, {}},
            {shareText(quality.successRate), quality.successRate, false, {}},
            auc,
            {number(quality.brier), quality.brier, false, {}},
            {moneyText(quality.cost.mae, currency), quality.cost.mae, false, {}},
            {moneyText(quality.cost.bias, currency), quality.cost.bias, false, {}}};
    }
    return rows;
}

QVector<Bar> importanceBars(const model::ModelCard &card, qsizetype most)
{
    QVector<Bar> bars;
    for (const model::FeatureImportance &importance : card.importance) {
        if (bars.size() == most)
            break;
        bars << Bar{{}, text(importance.feature), importance.gain, shareText(importance.gain), {}, {}};
    }
    return bars;
}

XyContent precisionRecall(const model::ModelCard &card)
{
    XyContent content = curve(tr("Model"), card.precisionRecall, false);
    const double share = successShare(card);
    if (std::isfinite(share)) {
        XyLine chance;
        chance.name = tr("Guessing");
        chance.role = LineRole::Neutral;
        chance.points = {{0.0, share}, {1.0, share}};
        content.lines.push_back(std::move(chance));
    }
    return content;
}

XyContent receiverCurve(const model::ModelCard &card)
{
    XyContent content = curve(tr("Model"), card.roc, false);
    XyLine chance;
    chance.name = tr("Guessing");
    chance.role = LineRole::Neutral;
    chance.points = {{0.0, 0.0}, {1.0, 1.0}};
    content.lines.push_back(std::move(chance));
    return content;
}

XyContent learningCurve(const model::ModelCard &card)
{
    return curve({}, card.learningCurve, true);
}

} // namespace mulligan::desktop
