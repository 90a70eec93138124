#include "desktop/pages/lab_figures_text.hpp"

#include "base/money.hpp"
#include "desktop/widgets/format.hpp"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>
#include <vector>

namespace mulligan::desktop
{

namespace
{

QString tr(const char *source)
{
    return QCoreApplication::translate("PolicyLab", source);
}

QString signedText(const QString &magnitude, double value)
{
    return (value >= 0.0 ? QStringLiteral("+") : QString(QChar(0x2212))) + magnitude;
}

/// A tile that sets a policy's figure against history's; `lessIsBetter` colours the change.
KpiContent against(const model::Figure &policy, const model::Figure &history, bool lessIsBetter,
                   const QString &currency, const QString &help)
{
    const bool money = policy.unit == "usd";
    KpiContent tile;
    tile.value = money ? moneyText(policy.value, currency) : figureText(policy);
    if (policy.low && policy.high)
        tile.interval =
            money ? tr("95 %: %1 to %2").arg(moneyText(*policy.low, currency), moneyText(*policy.high, currency))
                  : intervalText(policy);
    const double change = policy.value - history.value;
    tile.comparison = tr("history %1").arg(money ? moneyText(history.value, currency) : figureText(history));
    if (std::isfinite(change) && policy.unit == "share") {
        tile.change = tr("%1 points").arg(signedText(QLocale().toString(std::abs(change) * 100.0, 'f', 1), change));
    } else if (std::isfinite(change) && std::abs(history.value) > 1e-12) {
        const double share = change / std::abs(history.value);
        tile.change = signedText(shareText(std::abs(share)), share);
    }
    const bool notable = std::abs(change) > 1e-9 * std::max(1.0, std::abs(history.value));
    if (notable && std::isfinite(change))
        tile.tone = (change < 0.0) == lessIsBetter ? KpiTone::Better : KpiTone::Worse;
    tile.help = help;
    if (!policy.denominator.empty())
        tile.help += QLatin1Char('\n') + tr("Share of %1.").arg(text(policy.denominator));
    return tile;
}

KpiContent netTile(const LabFigures &figures, const QString &currency)
{
    KpiContent tile;
    tile.value = moneyText(figures.net.value, currency);
    if (figures.net.low && figures.net.high)
        tile.interval =
            tr("95 %: %1 to %2").arg(moneyText(*figures.net.low, currency), moneyText(*figures.net.high, currency));
    tile.comparison = tr("per 30 days");
    tile.change = moneyText(figures.netPer30Days, currency);
    tile.tone = figures.net.value > 0.0 ? KpiTone::Better : figures.net.value < 0.0 ? KpiTone::Worse : KpiTone::Neutral;
    tile.help = tr("What history cost in failed retries and people, less what it would have cost under this policy.");
    if (figures.unsupportedNet != 0.0)
        tile.help += QLatin1Char('\n')
                     + tr("Not counted: %1 from recommendations that history does not support.")
                           .arg(moneyText(figures.unsupportedNet, currency));
    return tile;
}

} // namespace

QVector<KpiContent> labTiles(const LabFigures &figures, const QString &currency)
{
    return {netTile(figures, currency),
            against(figures.remediated, figures.history.remediatedShare, false, currency,
                    tr("Episodes that ended in success by an automatic retry, without a person.")),
            against(figures.interventions, figures.history.interventions, true, currency,
                    tr("Episodes in which a person had to act.")),
            against(figures.retryCost, figures.history.retryCost, true, currency,
                    tr("Failed automatic retries, and what dearer configurations add to completing runs.")),
            against(figures.wronglyStopped, figures.history.wronglyStopped, true, currency,
                    tr("Episodes that history recovered by itself and this policy would have stopped.")),
            against(figures.recoveryMedian, figures.history.recoverySecondsMedian, true, currency,
                    tr("Median time from the first failure to success, waiting included."))};
}

QVector<WaterfallStep> labWaterfall(const std::array<model::Figure, simulate::kPartCount> &parts,
                                    const model::Figure &net)
{
    static const std::array<const char *, simulate::kPartCount> kLabels{
        QT_TRANSLATE_NOOP("PolicyLab", "Doomed retries avoided"),
        QT_TRANSLATE_NOOP("PolicyLab", "Added retries"),
        QT_TRANSLATE_NOOP("PolicyLab", "Dearer configuration"),
        QT_TRANSLATE_NOOP("PolicyLab", "Fixed by configuration"),
        QT_TRANSLATE_NOOP("PolicyLab", "Interventions avoided"),
        QT_TRANSLATE_NOOP("PolicyLab", "Wrongly stopped")};
    static const std::array<const char *, simulate::kPartCount> kHelp{
        QT_TRANSLATE_NOOP("PolicyLab", "Failed retries of history that are not repeated."),
        QT_TRANSLATE_NOOP("PolicyLab", "Failing retries that history did not make."),
        QT_TRANSLATE_NOOP("PolicyLab", "What another configuration adds to, or takes off, the completing run."),
        QT_TRANSLATE_NOOP("PolicyLab", "Interventions made needless by success with another configuration."),
        QT_TRANSLATE_NOOP("PolicyLab", "Interventions made needless by a plain retry."),
        QT_TRANSLATE_NOOP("PolicyLab", "Interventions added where history recovered by itself.")};
    std::vector<double> values;
    for (const model::Figure &part : parts)
        values.push_back(part.value);
    // As the report and the command line print them, so that a part is the same figure everywhere.
    const std::vector<double> cents = base::roundPartsToCents(values);
    QVector<WaterfallStep> steps;
    for (size_t i = 0; i < parts.size(); ++i)
        steps << WaterfallStep{tr(kLabels[i]), cents[i], parts[i].low, parts[i].high, tr(kHelp[i])};
    steps << WaterfallStep{tr("Net savings"), net.value, net.low, net.high, tr("The sum of the six parts.")};
    return steps;
}

XyContent labSweep(const std::vector<model::SweepPoint> &points, double threshold)
{
    XyContent content;
    XyLine line;
    line.name = tr("Net savings");
    XyBand band;
    bool hasBand = !points.empty();
    for (const model::SweepPoint &point : points) {
        line.points << QPointF(point.threshold, point.net);
        hasBand = hasBand && point.low && point.high;
        band.lower << QPointF(point.threshold, point.low.value_or(point.net));
        band.upper << QPointF(point.threshold, point.high.value_or(point.net));
    }
    content.lines.push_back(std::move(line));
    if (hasBand)
        content.band = std::move(band);
    content.marker = threshold;
    content.markerLabel = tr("Now");
    return content;
}

QVector<Bar> labClasses(const std::vector<simulate::ClassBar> &classes, qsizetype rows, const QString &currency)
{
    QVector<Bar> bars;
    Bar rest;
    std::uint64_t restEpisodes = 0;
    int restClasses = 0;
    for (const simulate::ClassBar &c : classes) {
        if (bars.size() + 1 >= rows && static_cast<qsizetype>(classes.size()) > rows) {
            rest.value += c.net;
            restEpisodes += c.episodes;
            ++restClasses;
            continue;
        }
        Bar bar;
        bar.key = text(c.errorClass);
        bar.label = bar.key;
        bar.value = c.net;
        bar.valueText = moneyText(c.net, currency);
        bar.note = countText(static_cast<double>(c.episodes));
        bar.help = tr("%1: net %2 over %3 episodes\nremediated %4, wrongly stopped %5, threshold %6")
                       .arg(bar.key, bar.valueText, bar.note, countText(c.remediated), countText(c.wronglyStopped),
                            QLocale().toString(c.threshold, 'f', 2));
        bars << bar;
    }
    if (restClasses > 0) {
        rest.label = tr("%1 other classes").arg(restClasses);
        rest.valueText = moneyText(rest.value, currency);
        rest.note = countText(static_cast<double>(restEpisodes));
        bars << rest;
    }
    return bars;
}

QVector<Column> labMonths(const std::vector<model::SavingsGroup> &months, const QString &currency)
{
    QVector<Column> columns;
    for (const model::SavingsGroup &month : months)
        columns << Column{text(month.key), month.net.value, month.net.low, month.net.high,
                          tr("%1 episodes, history %2, policy %3")
                              .arg(countText(static_cast<double>(month.episodes)),
                                   moneyText(month.historyCost, currency), moneyText(month.policyCost, currency))};
    return columns;
}

} // namespace mulligan::desktop
