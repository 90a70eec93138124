#include "desktop/charts/calibration_chart.hpp"

#include "desktop/widgets/format.hpp"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace mulligan::desktop
{

namespace
{

constexpr double kStripHeight = 34.0;

struct Layout {
    QRectF plot;
    QRectF strip; ///< counts, below the plot

    [[nodiscard]] QPointF at(double x, double y) const
    {
        return {plot.left() + x * plot.width(), plot.bottom() - y * plot.height()};
    }
};

Layout layoutOf(const QRectF &area, const QFont &font)
{
    const QFontMetricsF metrics(font);
    const double left = metrics.horizontalAdvance(QStringLiteral("100 %")) + metrics.height() + 14.0;
    Layout l;
    l.strip =
        QRectF(area.left() + left, area.bottom() - 2.0 * metrics.height() - 8.0 - kStripHeight,
               area.width() - left - metrics.horizontalAdvance(QStringLiteral("100 %")) / 2.0 - 2.0, kStripHeight);
    l.plot = QRectF(l.strip.left(), area.top() + 6.0, l.strip.width(), l.strip.top() - area.top() - 12.0);
    return l;
}

QString percent(double share)
{
    return CalibrationChart::tr("%1 %").arg(std::lround(share * 100.0));
}

void paintAxes(QPainter &painter, const QRectF &area, const Layout &l, const ChartStyle &style)
{
    const QFontMetricsF metrics(style.font);
    for (int i = 0; i <= 4; ++i) {
        const double share = i / 4.0;
        painter.setPen(QPen(style.theme->grid, 1.0));
        painter.drawLine(l.at(share, 0.0), l.at(share, 1.0));
        painter.drawLine(l.at(0.0, share), l.at(1.0, share));
        painter.setPen(style.theme->mutedText);
        painter.drawText(QRectF(l.at(share, 0.0).x() - 30.0, l.strip.bottom() + 3.0, 60.0, metrics.height()),
                         Qt::AlignHCenter, percent(share));
        painter.drawText(
            QRectF(l.plot.left() - 66.0, l.at(0.0, share).y() - metrics.height() / 2.0, 60.0, metrics.height()),
            Qt::AlignRight, percent(share));
    }
    painter.drawText(QRectF(l.plot.left(), area.bottom() - metrics.height(), l.plot.width(), metrics.height()),
                     Qt::AlignHCenter, CalibrationChart::tr("Predicted chance of success (bars: rows)"));
    painter.save();
    painter.translate(area.left(), l.plot.center().y());
    painter.rotate(-90.0);
    painter.drawText(QRectF(-l.plot.height(), 0.0, 2.0 * l.plot.height(), metrics.height()), Qt::AlignHCenter,
                     CalibrationChart::tr("Observed share of successes"));
    painter.restore();
    painter.setPen(QPen(style.theme->mutedText, 1.2, Qt::DashLine));
    painter.drawLine(l.at(0.0, 0.0), l.at(1.0, 1.0));
}

} // namespace

void paintCalibration(QPainter &painter, const QRectF &area, const ChartStyle &style,
                      const std::vector<model::CalibrationBin> &bins)
{
    const Layout l = layoutOf(area, style.font);
    painter.setFont(style.font);
    paintAxes(painter, area, l, style);
    std::uint64_t most = 1;
    for (const auto &bin : bins)
        most = std::max(most, bin.count);
    const double width = std::clamp(l.plot.width() / 30.0, 4.0, 14.0);
    for (const auto &bin : bins) {
        const QPointF at = l.at(bin.predicted, bin.observed);
        const double height = l.strip.height() * static_cast<double>(bin.count) / static_cast<double>(most);
        painter.fillRect(QRectF(at.x() - width / 2.0, l.strip.bottom() - height, width, height), style.theme->border);
        painter.setPen(QPen(style.theme->accent, 1.6));
        painter.drawLine(l.at(bin.predicted, bin.low), l.at(bin.predicted, bin.high));
        for (const double end : {bin.low, bin.high})
            painter.drawLine(l.at(bin.predicted, end) - QPointF(4.0, 0.0),
                             l.at(bin.predicted, end) + QPointF(4.0, 0.0));
        painter.setBrush(style.theme->accent);
        painter.setPen(QPen(style.theme->surface, 1.0));
        painter.drawEllipse(at, 4.5, 4.5);
    }
    painter.setBrush(Qt::NoBrush);
}

CalibrationChart::CalibrationChart(const QString &title, QWidget *parent) : PaintedChart(title, parent)
{
}

void CalibrationChart::replace(const std::vector<model::CalibrationBin> &bins)
{
    m_bins = bins;
    QStringList words;
    for (const auto &bin : bins)
        words << tr("predicted %1, observed %2").arg(shareText(bin.predicted), shareText(bin.observed));
    describe(words.join(QStringLiteral("; ")));
}

void CalibrationChart::paintChart(QPainter &painter, const QRectF &area, const ChartStyle &style) const
{
    paintCalibration(painter, area, style, m_bins);
}

QString CalibrationChart::tooltipAt(const QPointF &position) const
{
    const Layout l = layoutOf(rect(), font());
    const auto distance = [&](const model::CalibrationBin &bin) {
        return std::abs(l.at(bin.predicted, 0.0).x() - position.x());
    };
    const auto nearest = std::min_element(m_bins.begin(), m_bins.end(),
                                          [&](const auto &a, const auto &b) { return distance(a) < distance(b); });
    if (nearest == m_bins.end() || distance(*nearest) > 12.0)
        return {};
    return tr("Predicted %1, observed %2\n95 %: %3 to %4, %5 rows")
        .arg(shareText(nearest->predicted), shareText(nearest->observed), shareText(nearest->low),
             shareText(nearest->high), countText(static_cast<double>(nearest->count)));
}

} // namespace mulligan::desktop
