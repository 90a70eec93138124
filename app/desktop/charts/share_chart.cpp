#include "desktop/charts/share_chart.hpp"

#include "desktop/charts/axis.hpp"
#include "desktop/widgets/format.hpp"

#include <QLocale>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace mulligan::desktop
{

namespace
{

constexpr std::int64_t kWeekMs = 7 * base::kMsPerDay;

QString percent(double share, double step)
{
    return QLocale().toString(share * 100.0, 'f', step < 0.01 ? 1 : 0) + QChar(0x00A0) + QLatin1Char('%');
}

} // namespace

struct ShareChart::Layout {
    QRectF plot;
    AxisTicks ticks;
    std::int64_t first = 0;
    std::int64_t last = 0;
    double names = 0.0; ///< height of the legend

    [[nodiscard]] double x(base::Instant week) const
    {
        if (last <= first)
            return plot.center().x();
        return plot.left() + static_cast<double>(week.ms - first) / static_cast<double>(last - first) * plot.width();
    }
    [[nodiscard]] double y(double share) const
    {
        return plot.bottom() - (share - ticks.low) / (ticks.high - ticks.low) * plot.height();
    }
    [[nodiscard]] QPolygonF line(const QVector<SharePoint> &points) const
    {
        QPolygonF polygon;
        for (const SharePoint &point : points)
            polygon << QPointF(x(point.week), y(point.share));
        return polygon;
    }
};

ShareChart::ShareChart(const QString &title, const QString &axisTitle, QWidget *parent)
    : PaintedChart(title, parent), m_axisTitle(axisTitle)
{
}

void ShareChart::replace(const QString &name, const QVector<SharePoint> &points, const QString &otherName,
                         const QVector<SharePoint> &other)
{
    m_name = name;
    m_points = points;
    m_otherName = otherName;
    m_other = other;
    QStringList words;
    for (const SharePoint &point : points)
        words << tr("week of %1: %2").arg(dateText(point.week), shareText(point.share));
    describe(name + QLatin1Char(' ') + words.join(QStringLiteral("; ")));
}

ShareChart::Layout ShareChart::layoutOf(const QRectF &area, const QFont &font) const
{
    const QFontMetricsF metrics(font);
    Layout l;
    double high = 0.0;
    const auto take = [&](const QVector<SharePoint> &points, bool band) {
        for (const SharePoint &point : points) {
            high = std::max(high, band ? std::min(point.high, point.share + 0.25) : point.share);
            l.first = l.first == 0 ? point.week.ms : std::min(l.first, point.week.ms);
            l.last = std::max(l.last, point.week.ms);
        }
    };
    take(m_points, true);
    take(m_other, false);
    l.ticks = niceTicks(0.0, std::min(1.0, std::max(high, 0.01)), 4);
    double label = 0.0;
    for (const double tick : l.ticks.values())
        label = std::max(label, metrics.horizontalAdvance(percent(tick, l.ticks.step)));
    l.names = m_other.isEmpty() ? 0.0 : metrics.height() + 4.0;
    l.plot = area.adjusted(label + 10.0, 6.0 + l.names, -10.0, -metrics.height() - 8.0);
    return l;
}

void ShareChart::paintAxes(QPainter &painter, const QRectF &area, const Layout &l, const ChartStyle &style) const
{
    const QFontMetricsF metrics(style.font);
    for (const double tick : l.ticks.values()) {
        painter.setPen(QPen(style.theme->grid, std::abs(tick) < 1e-9 ? 1.5 : 1.0));
        painter.drawLine(QPointF(l.plot.left(), l.y(tick)), QPointF(l.plot.right(), l.y(tick)));
        painter.setPen(style.theme->mutedText);
        painter.drawText(QRectF(area.left(), l.y(tick) - metrics.height() / 2.0, l.plot.left() - area.left() - 6.0,
                                metrics.height()),
                         Qt::AlignRight | Qt::AlignVCenter, percent(tick, l.ticks.step));
    }
    const double width = metrics.horizontalAdvance(QStringLiteral("2026-00-00")) + 14.0;
    const double week = l.last > l.first ? l.plot.width() * kWeekMs / static_cast<double>(l.last - l.first) : width;
    const auto every = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(width / std::max(week, 0.1))));
    double free = area.left();
    for (std::int64_t at = l.first; at <= l.last; at += every * kWeekMs) {
        const double left = std::clamp(l.x({at}) - width / 2.0, area.left(), area.right() - width);
        if (left < free)
            continue; // those at the ends are moved inwards
        free = left + width;
        painter.drawText(QRectF(left, l.plot.bottom() + 5.0, width, metrics.height()), Qt::AlignHCenter,
                         dateText({at}));
    }
}

void ShareChart::paintNames(QPainter &painter, const Layout &l, const ChartStyle &style) const
{
    const QFontMetricsF metrics(style.font);
    double left = l.plot.left();
    const auto explain = [&](const QString &name, const QPen &pen) {
        const double middle = l.plot.top() - l.names + metrics.height() / 2.0 - 4.0;
        painter.setPen(pen);
        painter.drawLine(QPointF(left, middle), QPointF(left + 22.0, middle));
        painter.setPen(style.theme->text);
        const QString shown = metrics.elidedText(name, Qt::ElideMiddle, l.plot.width() / 2.0 - 34.0);
        painter.drawText(QPointF(left + 28.0, middle + metrics.ascent() / 2.0 - 1.0), shown);
        left += 44.0 + metrics.horizontalAdvance(shown);
    };
    explain(m_name, QPen(style.theme->policy, 2.0));
    explain(m_otherName, QPen(style.theme->modelled, 2.0, Qt::DashLine));
}

void ShareChart::paintChart(QPainter &painter, const QRectF &area, const ChartStyle &style) const
{
    if (m_points.isEmpty())
        return;
    const Theme &theme = *style.theme;
    const Layout l = layoutOf(area, style.font);
    painter.setFont(style.font);
    paintAxes(painter, area, l, style);
    painter.save();
    painter.setClipRect(l.plot.adjusted(-4.0, -4.0, 4.0, 4.0));
    QPolygonF band;
    for (const SharePoint &point : m_points)
        band << QPointF(l.x(point.week), l.y(point.high));
    for (auto point = m_points.rbegin(); point != m_points.rend(); ++point)
        band << QPointF(l.x(point->week), l.y(point->low));
    QColor fill = theme.policy;
    fill.setAlphaF(0.16F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawPolygon(band);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.policy, 2.0));
    painter.drawPolyline(l.line(m_points));
    painter.setBrush(theme.policy);
    for (const QPointF &point : l.line(m_points))
        painter.drawEllipse(point, 2.2, 2.2);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.modelled, 2.0, Qt::DashLine));
    painter.drawPolyline(l.line(m_other));
    for (const QPointF &point : l.line(m_other))
        painter.drawRect(QRectF(point - QPointF(2.5, 2.5), QSizeF(5.0, 5.0)));
    painter.restore();
    if (!m_other.isEmpty())
        paintNames(painter, l, style);
}

QString ShareChart::tooltipAt(const QPointF &position) const
{
    const Layout l = layoutOf(rect(), font());
    const auto nearest = [&](const QVector<SharePoint> &points) -> const SharePoint * {
        const SharePoint *found = nullptr;
        for (const SharePoint &point : points)
            if (found == nullptr
                || std::abs(l.x(point.week) - position.x()) < std::abs(l.x(found->week) - position.x()))
                found = &point;
        return found;
    };
    QStringList lines;
    const auto say = [&](const QString &name, const SharePoint *point) {
        if (point != nullptr)
            lines << tr("%1, week of %2: %3 (%4 of %5; 95 %: %6 to %7)")
                         .arg(name, dateText(point->week), shareText(point->share), countText(point->part),
                              countText(point->whole), shareText(point->low), shareText(point->high));
    };
    say(m_name, nearest(m_points));
    say(m_otherName, nearest(m_other));
    return lines.join(QLatin1Char('\n'));
}

} // namespace mulligan::desktop
