#include "desktop/charts/waterfall_chart.hpp"

#include "desktop/charts/axis.hpp"
#include "desktop/widgets/format.hpp"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace mulligan::desktop
{

namespace
{

/// Places of a waterfall within its area.
struct Layout {
    QRectF plot;
    double rowHeight = 0.0;
    double axisHeight = 0.0;
    double labelWidth = 0.0;
    double valueWidth = 0.0;
    double low = 0.0; ///< of the data, with a little room: rounding to ticks would waste half of a narrow chart
    double high = 1.0;
    double step = 1.0;
    QVector<double> ticks;

    [[nodiscard]] double x(double value) const { return plot.left() + (value - low) / (high - low) * plot.width(); }
};

Layout layoutOf(const QRectF &area, const QFont &font, const QVector<WaterfallStep> &steps, const QString &currency)
{
    const QFontMetricsF metrics(font);
    Layout l;
    double low = 0.0;
    double high = 0.0;
    double sum = 0.0;
    for (qsizetype i = 0; i < steps.size(); ++i) {
        const WaterfallStep &step = steps[i];
        const double from = i + 1 == steps.size() ? 0.0 : sum;
        sum = from + step.value;
        low = std::min({low, sum, step.low ? from + *step.low : sum});
        high = std::max({high, sum, step.high ? from + *step.high : sum});
        l.labelWidth = std::max(l.labelWidth, metrics.horizontalAdvance(step.label));
        l.valueWidth = std::max(l.valueWidth, metrics.horizontalAdvance(moneyText(step.value, currency)));
    }
    l.labelWidth = std::min(l.labelWidth + 12.0, area.width() * 0.45);
    l.valueWidth += 16.0;
    l.axisHeight = 2.0 * metrics.height() + 8.0;
    l.plot = QRectF(area.left() + l.labelWidth, area.top(), area.width() - l.labelWidth - l.valueWidth,
                    area.height() - l.axisHeight);
    l.rowHeight = steps.isEmpty() ? 0.0 : l.plot.height() / static_cast<double>(steps.size());
    const double room = std::max((high - low) * 0.04, 1e-6);
    l.low = low - room;
    l.high = high + room;
    // "−$2.5k" is as long as most get; two at least, since one tick is no scale.
    const double widest = metrics.horizontalAdvance(axisMoneyText(-2500.0, 500.0, currency)) + 12.0;
    const AxisTicks ticks = niceTicks(low, high, static_cast<int>(std::clamp(l.plot.width() / widest, 2.0, 6.0)));
    l.step = ticks.step;
    for (const double tick : ticks.values())
        if (tick >= l.low && tick <= l.high)
            l.ticks << tick;
    return l;
}

void paintAxis(QPainter &painter, const Layout &l, const ChartStyle &style, const QString &currency)
{
    const QFontMetricsF metrics(style.font);
    for (const double tick : l.ticks) {
        painter.setPen(QPen(style.theme->grid, std::abs(tick) < 1e-9 ? 1.5 : 1.0));
        painter.drawLine(QPointF(l.x(tick), l.plot.top()), QPointF(l.x(tick), l.plot.bottom()));
        painter.setPen(style.theme->mutedText);
        painter.drawText(QRectF(l.x(tick) - 60.0, l.plot.bottom() + 4.0, 120.0, metrics.height()), Qt::AlignCenter,
                         axisMoneyText(tick, l.step, currency));
    }
    const QRectF below(l.plot.left() - l.labelWidth, l.plot.bottom() + 6.0 + metrics.height(),
                       l.plot.width() + l.labelWidth + l.valueWidth, metrics.height());
    painter.drawText(below, Qt::AlignCenter, WaterfallChart::tr("Savings against history (%1)").arg(currency));
}

void paintWhisker(QPainter &painter, double x1, double x2, double y, const QColor &colour)
{
    painter.setPen(QPen(colour, 1.4));
    painter.drawLine(QPointF(x1, y), QPointF(x2, y));
    painter.drawLine(QPointF(x1, y - 3.5), QPointF(x1, y + 3.5));
    painter.drawLine(QPointF(x2, y - 3.5), QPointF(x2, y + 3.5));
}

} // namespace

void paintWaterfall(QPainter &painter, const QRectF &area, const ChartStyle &style, const QVector<WaterfallStep> &steps,
                    const QString &currency)
{
    if (steps.isEmpty())
        return;
    const Theme &theme = *style.theme;
    const Layout l = layoutOf(area, style.font, steps, currency);
    QFont bold = style.font;
    bold.setBold(true);
    painter.setFont(style.font);
    paintAxis(painter, l, style, currency);
    double sum = 0.0;
    for (qsizetype i = 0; i < steps.size(); ++i) {
        const WaterfallStep &step = steps[i];
        const bool total = i + 1 == steps.size();
        const double from = total ? 0.0 : sum;
        const double to = from + step.value;
        const double top = l.plot.top() + l.rowHeight * static_cast<double>(i);
        const double pad = std::min(5.0, l.rowHeight * 0.18);
        const QRectF bar(QPointF(std::min(l.x(from), l.x(to)), top + pad),
                         QPointF(std::max(l.x(from), l.x(to)), top + l.rowHeight - pad));
        if (total) {
            painter.setPen(theme.border);
            painter.drawLine(QPointF(area.left(), top), QPointF(area.right(), top));
        }
        const QColor colour = step.value >= 0.0 ? theme.gain : theme.loss;
        painter.fillRect(bar.width() < 1.5 ? bar.adjusted(-0.75, 0, 0.75, 0) : bar, colour);
        if (step.value < 0.0) // losses are hatched: colour alone does not tell
            painter.fillRect(bar, QBrush(theme.surface, Qt::BDiagPattern));
        if (step.low && step.high)
            paintWhisker(painter, l.x(from + *step.low), l.x(from + *step.high), bar.center().y(), theme.text);
        if (i + 2 < steps.size()) {
            painter.setPen(QPen(theme.mutedText, 1.0, Qt::DotLine));
            painter.drawLine(QPointF(l.x(to), bar.bottom()), QPointF(l.x(to), bar.bottom() + 2.0 * pad));
        }
        painter.setFont(total ? bold : style.font);
        painter.setPen(theme.text);
        painter.drawText(QRectF(area.left(), top, l.labelWidth - 8.0, l.rowHeight), Qt::AlignLeft | Qt::AlignVCenter,
                         QFontMetricsF(painter.font()).elidedText(step.label, Qt::ElideRight, l.labelWidth - 8.0));
        painter.drawText(QRectF(area.right() - l.valueWidth, top, l.valueWidth, l.rowHeight),
                         Qt::AlignRight | Qt::AlignVCenter, moneyText(step.value, currency));
        sum = to;
    }
}

WaterfallChart::WaterfallChart(const QString &title, QWidget *parent) : PaintedChart(title, parent)
{
}

void WaterfallChart::replace(const QVector<WaterfallStep> &steps, const QString &currency)
{
    m_steps = steps;
    m_currency = currency;
    QStringList words;
    for (const WaterfallStep &step : steps)
        words << step.label + QStringLiteral(" ") + moneyText(step.value, currency);
    describe(words.join(QStringLiteral("; ")));
}

void WaterfallChart::paintChart(QPainter &painter, const QRectF &area, const ChartStyle &style) const
{
    paintWaterfall(painter, area, style, m_steps, m_currency);
}

QSize WaterfallChart::sizeHint() const
{
    return {520, 264};
}

QSize WaterfallChart::minimumSizeHint() const
{
    return {320, 240};
}

QString WaterfallChart::tooltipAt(const QPointF &position) const
{
    const Layout l = layoutOf(rect(), font(), m_steps, m_currency);
    const auto row = l.rowHeight > 0.0 ? static_cast<qsizetype>(position.y() / l.rowHeight) : -1;
    if (row < 0 || row >= m_steps.size())
        return {};
    const WaterfallStep &step = m_steps[row];
    QString text = step.label + QStringLiteral(": ") + moneyText(step.value, m_currency);
    if (step.low && step.high)
        text += QLatin1Char('\n')
                + tr("95 %: %1 to %2").arg(moneyText(*step.low, m_currency), moneyText(*step.high, m_currency));
    return step.help.isEmpty() ? text : text + QLatin1Char('\n') + step.help;
}

} // namespace mulligan::desktop
