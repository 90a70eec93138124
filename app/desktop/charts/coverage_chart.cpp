#include "desktop/charts/coverage_chart.hpp"

#include "base/instant.hpp"
#include "desktop/widgets/format.hpp"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace mulligan::desktop
{

namespace
{

constexpr double kLeastBar = 3.0; // pixels
constexpr double kLaneLeast = 46.0;
constexpr double kLaneGap = 10.0;

QString dayText(double day)
{
    return dateText({static_cast<std::int64_t>(std::floor(day) * static_cast<double>(base::kMsPerDay))});
}

QString countOf(double value)
{
    return countText(value);
}

struct Bar {
    std::int64_t first = 0; ///< day
    double attempts = 0.0;
    double failures = 0.0;
};

/// Bars of a lane, several days put together where there is no room for each.
QVector<Bar> barsOf(const CoverageLane &lane, std::int64_t begin, int daysOfEach)
{
    QVector<Bar> bars;
    for (const auto &[day, count] : lane.days) {
        const std::int64_t first = begin + (day - begin) / daysOfEach * daysOfEach;
        if (bars.isEmpty() || bars.last().first != first)
            bars.append({first, 0.0, 0.0});
        bars.last().attempts += count.attempts;
        bars.last().failures += count.failures;
    }
    return bars;
}

struct Layout {
    QRectF plot; ///< all lanes
    double laneHeight = 0.0;
    double begin = 0.0; ///< first day shown
    double days = 1.0;
    int daysOfEach = 1;

    [[nodiscard]] double x(double day) const { return plot.left() + (day - begin) / days * plot.width(); }
    [[nodiscard]] QRectF lane(qsizetype index) const
    {
        return {plot.left(), plot.top() + static_cast<double>(index) * (laneHeight + kLaneGap), plot.width(),
                laneHeight};
    }
};

Layout layoutOf(const QRectF &area, const QFont &font, const CoverageTimeline &timeline)
{
    const QFontMetricsF metrics(font);
    double name = 0.0;
    for (const CoverageLane &lane : timeline.lanes)
        name = std::max(name, metrics.horizontalAdvance(lane.name));
    Layout l;
    name = std::clamp(name, 60.0, area.width() * 0.22);
    l.plot = area.adjusted(name + 16.0, metrics.height() + 10.0, -8.0, -metrics.height() - 10.0);
    const auto lanes = static_cast<double>(timeline.lanes.size());
    l.laneHeight = std::max(8.0, (l.plot.height() - (lanes - 1.0) * kLaneGap) / lanes);
    l.begin = std::floor(timeline.covered.from);
    l.days = std::max(1.0, std::ceil(timeline.covered.to) - l.begin);
    l.daysOfEach = daysOfBar(l.days, l.plot.width());
    return l;
}

void paintDates(QPainter &painter, const Layout &l, const ChartStyle &style)
{
    const QFontMetricsF metrics(style.font);
    const double label = metrics.horizontalAdvance(QStringLiteral("2026-12-30")) + 16.0;
    const double wanted = l.days * label / std::max(l.plot.width(), 1.0);
    double step = 1.0;
    for (const double days : {1.0, 2.0, 7.0, 14.0, 28.0, 56.0, 91.0, 182.0, 364.0, 728.0}) {
        step = days;
        if (days >= wanted)
            break;
    }
    for (double day = l.begin; day <= l.begin + l.days; day += step) {
        painter.setPen(QPen(style.theme->grid, 1.0));
        painter.drawLine(QPointF(l.x(day), l.plot.top()), QPointF(l.x(day), l.plot.bottom()));
        if (l.x(day) + label > l.plot.right() + 16.0)
            continue;
        painter.setPen(style.theme->mutedText);
        painter.drawText(QRectF(l.x(day), l.plot.bottom() + 6.0, label, metrics.height()), Qt::AlignLeft, dayText(day));
    }
}

/// The stretches that lie behind or over all lanes.
void paintSpans(QPainter &painter, const Layout &l, const CoverageTimeline &timeline, const ChartStyle &style)
{
    const QFontMetricsF metrics(style.font);
    const double end = timeline.covered.to;
    if (timeline.censoredFrom < end) {
        QColor shade = style.theme->modelled;
        shade.setAlpha(46);
        const double from = std::max(timeline.censoredFrom, l.begin);
        painter.fillRect(QRectF(QPointF(l.x(from), l.plot.top()), QPointF(l.x(end), l.plot.bottom())), shade);
    }
    double free = l.plot.left(); // where the next label may begin
    for (const CoverageSpan &gap : timeline.gaps) {
        const QRectF band(QPointF(l.x(gap.from), l.plot.top()), QPointF(l.x(gap.to), l.plot.bottom()));
        painter.fillRect(band, QBrush(style.theme->mutedText, Qt::BDiagPattern));
        painter.setPen(QPen(style.theme->mutedText, 1.0, Qt::DashLine));
        painter.drawLine(band.topLeft(), band.bottomLeft());
        painter.drawLine(band.topRight(), band.bottomRight());
        const QString label = QObject::tr("gap %1").arg(durationText((gap.to - gap.from) * 86400.0));
        const double width = metrics.horizontalAdvance(label);
        const double left = std::min(std::max(band.center().x() - width / 2.0, l.plot.left()), l.plot.right() - width);
        if (left < free)
            continue;
        free = left + width + 8.0;
        painter.setPen(style.theme->text);
        painter.drawText(QRectF(left, l.plot.top() - metrics.height() - 4.0, width + 2.0, metrics.height()),
                         Qt::AlignLeft, label);
    }
}

void paintLane(QPainter &painter, const QRectF &area, const Layout &l, qsizetype index, const CoverageLane &lane,
               const ChartStyle &style)
{
    const Theme &theme = *style.theme;
    const QFontMetricsF metrics(style.font);
    const QRectF box = l.lane(index);
    painter.setPen(QPen(theme.border, 1.0));
    painter.drawLine(box.bottomLeft(), box.bottomRight());
    const auto bars = barsOf(lane, static_cast<std::int64_t>(l.begin), l.daysOfEach);
    double most = 1.0;
    for (const Bar &bar : bars)
        most = std::max(most, bar.attempts);
    for (const Bar &bar : bars) {
        const double left = l.x(static_cast<double>(bar.first));
        const double right = std::min(l.x(static_cast<double>(bar.first + l.daysOfEach)), l.plot.right());
        const double gap = right - left > 5.0 ? 1.0 : 0.0;
        const auto rect = [&](double from, double to) {
            return QRectF(QPointF(left, box.bottom() - to / most * box.height()),
                          QPointF(std::max(right - gap, left + 1.0), box.bottom() - from / most * box.height()));
        };
        painter.fillRect(rect(bar.failures, bar.attempts), theme.policy);
        painter.fillRect(rect(0.0, bar.failures), theme.loss);
        painter.fillRect(rect(0.0, bar.failures), QBrush(theme.surface, Qt::FDiagPattern));
    }
    for (const CoverageSpan &gap : lane.gaps)
        painter.fillRect(QRectF(QPointF(l.x(gap.from), box.top()), QPointF(l.x(gap.to), box.bottom())),
                         QBrush(theme.mutedText, Qt::BDiagPattern));
    painter.setPen(theme.text);
    const QRectF words(area.left(), box.top(), l.plot.left() - area.left() - 10.0, box.height());
    painter.drawText(words, Qt::AlignLeft | Qt::AlignTop,
                     metrics.elidedText(lane.name, Qt::ElideMiddle, words.width()));
    painter.setPen(theme.mutedText);
    painter.drawText(words.adjusted(0.0, metrics.height() + 1.0, 0.0, 0.0), Qt::AlignLeft | Qt::AlignTop,
                     QObject::tr("up to %1").arg(countOf(most)));
}

} // namespace

int daysOfBar(double days, double width)
{
    for (const int each : {1, 2, 7, 14, 28}) {
        if (width * each / std::max(days, 1.0) >= kLeastBar)
            return each;
    }
    const double weeks = kLeastBar * days / std::max(width, 1.0) / 7.0;
    return 7 * std::max(5, static_cast<int>(std::ceil(weeks)));
}

CoverageChart::CoverageChart(const QString &title, QWidget *parent) : PaintedChart(title, parent)
{
}

void CoverageChart::replace(CoverageTimeline timeline)
{
    m_timeline = std::move(timeline);
    QStringList words;
    for (const CoverageLane &lane : m_timeline.lanes) {
        double attempts = 0.0;
        double failures = 0.0;
        for (const auto &[day, count] : lane.days) {
            attempts += count.attempts;
            failures += count.failures;
        }
        words << tr("%1: %2 attempts, %3 failed, on %4 days")
                     .arg(lane.name, countOf(attempts), countOf(failures),
                          countOf(static_cast<double>(lane.days.size())));
    }
    words << tr("%1 gaps").arg(m_timeline.gaps.size());
    updateGeometry();
    describe(words.join(QStringLiteral("; ")));
}

QSize CoverageChart::sizeHint() const
{
    const auto lanes = static_cast<double>(std::max<qsizetype>(1, m_timeline.lanes.size()));
    return {600, static_cast<int>(lanes * (kLaneLeast + kLaneGap) + 60.0)};
}

QSize CoverageChart::minimumSizeHint() const
{
    return {320, sizeHint().height()};
}

void CoverageChart::paintChart(QPainter &painter, const QRectF &area, const ChartStyle &style) const
{
    if (m_timeline.isEmpty())
        return;
    painter.setFont(style.font);
    const Layout l = layoutOf(area, style.font, m_timeline);
    paintDates(painter, l, style);
    paintSpans(painter, l, m_timeline, style);
    for (qsizetype i = 0; i < m_timeline.lanes.size(); ++i)
        paintLane(painter, area, l, i, m_timeline.lanes[i], style);
    if (m_timeline.censoredFrom > l.begin && m_timeline.censoredFrom < m_timeline.covered.to) {
        // Bars hide most of the shade, so where it begins is marked over them.
        const double x = l.x(m_timeline.censoredFrom);
        painter.setPen(QPen(style.theme->modelled, 1.5, Qt::DashLine));
        painter.drawLine(QPointF(x, l.plot.top()), QPointF(x, l.plot.bottom()));
    }
}

QString CoverageChart::tooltipAt(const QPointF &position) const
{
    if (m_timeline.isEmpty())
        return {};
    const Layout l = layoutOf(rect(), font(), m_timeline);
    if (position.x() < l.plot.left() || position.x() > l.plot.right())
        return {};
    const double day = l.begin + (position.x() - l.plot.left()) / l.plot.width() * l.days;
    QStringList lines;
    for (const CoverageSpan &gap : m_timeline.gaps) {
        if (day >= gap.from && day <= gap.to)
            lines << tr("No attempt for %1").arg(durationText((gap.to - gap.from) * 86400.0));
    }
    for (qsizetype i = 0; i < m_timeline.lanes.size(); ++i) {
        if (!l.lane(i).adjusted(0.0, 0.0, 0.0, kLaneGap).contains(position))
            continue;
        for (const CoverageSpan &gap : m_timeline.lanes[i].gaps) {
            if (day >= gap.from && day <= gap.to)
                lines << tr("No attempt here for %1").arg(durationText((gap.to - gap.from) * 86400.0));
        }
        const auto begin = static_cast<std::int64_t>(l.begin);
        const std::int64_t first = begin + static_cast<std::int64_t>(day - l.begin) / l.daysOfEach * l.daysOfEach;
        Bar found{first, 0.0, 0.0};
        for (const Bar &bar : barsOf(m_timeline.lanes[i], begin, l.daysOfEach)) {
            if (bar.first == first)
                found = bar;
        }
        const QString when =
            l.daysOfEach == 1
                ? dayText(static_cast<double>(first))
                : tr("%1 and the %2 days after it").arg(dayText(static_cast<double>(first))).arg(l.daysOfEach - 1);
        lines << tr("%1, %2: %3 attempts, %4 failed")
                     .arg(m_timeline.lanes[i].name, when, countOf(found.attempts), countOf(found.failures));
    }
    if (day >= m_timeline.censoredFrom && day <= m_timeline.covered.to)
        lines << tr("Censored: chains that begin here may go on after the end of the data");
    return lines.join(QLatin1Char('\n'));
}

} // namespace mulligan::desktop
