#include "desktop/charts/interval_chart.hpp"

#include "desktop/widgets/format.hpp"

#include <QPainter>

#include <algorithm>
#include <utility>
#include <vector>

namespace mulligan::desktop
{

namespace
{

constexpr double kRow = 30.0;
constexpr double kLeastLines = 80.0; ///< width of the lines; with less they go below their words

QString valueText(const IntervalRow &row)
{
    if (row.known)
        return IntervalChart::tr("%1 (%2 to %3)").arg(shareText(row.value), shareText(row.low), shareText(row.high));
    return row.unknown.isEmpty() ? IntervalChart::tr("not known yet")
                                 : IntervalChart::tr("not known yet (%1)").arg(row.unknown);
}

/// Where the reason has no room, the tool tip has it.
QString wordsWithin(double room, const IntervalRow &row, const QFontMetricsF &metrics)
{
    const QString whole = valueText(row);
    if (row.known || metrics.horizontalAdvance(whole) <= room)
        return metrics.elidedText(whole, Qt::ElideRight, room);
    return metrics.elidedText(IntervalChart::tr("not known yet"), Qt::ElideRight, room);
}

QString percentText(double share)
{
    return QString::number(static_cast<int>(share * 100.0)) + QChar(0x00A0) + QLatin1Char('%');
}

double axisHeight(const QFont &font)
{
    return QFontMetricsF(font).height() + 6.0;
}

} // namespace

IntervalChart::IntervalChart(const QString &title, QWidget *parent) : PaintedChart(title, parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void IntervalChart::replace(const QVector<IntervalRow> &rows)
{
    const bool resized = rows.size() != m_rows.size();
    m_rows = rows;
    QStringList words;
    for (const IntervalRow &row : rows)
        words << row.label + QLatin1Char(' ') + valueText(row);
    describe(words.join(QStringLiteral("; ")));
    if (resized)
        updateGeometry();
    fitRows();
}

IntervalChart::Places IntervalChart::places(double width, const QFont &font) const
{
    const QFontMetricsF metrics(font);
    double label = 0.0;
    double words = 0.0;
    for (const IntervalRow &row : m_rows) {
        label = std::max(label, metrics.horizontalAdvance(row.label));
        if (row.known) // the others have the intervals' room as well
            words = std::max(words, metrics.horizontalAdvance(valueText(row)));
    }
    label = std::min(label + 12.0, width * 0.4);
    const double beside = width - label - words - 14.0 - 12.0;
    if (beside >= kLeastLines || words == 0.0)
        return {kRow, label, label + 6.0, beside, kRow / 2.0};
    // The words of the axis' ends stand below them.
    const double ends = metrics.horizontalAdvance(percentText(1.0)) / 2.0;
    const double line = metrics.height() + 4.0;
    return {line + kRow * 0.6, label, ends, std::max(0.0, width - 2.0 * ends), line + kRow * 0.25};
}

QSize IntervalChart::sizeHint() const
{
    const double row = m_rowHeight > 0.0 ? m_rowHeight : kRow;
    return {360,
            static_cast<int>(row * static_cast<double>(std::max<qsizetype>(1, m_rows.size())) + axisHeight(font()))};
}

QSize IntervalChart::minimumSizeHint() const
{
    return {220, sizeHint().height()};
}

void IntervalChart::fitRows()
{
    if (std::exchange(m_rowHeight, places(width(), font()).row) != m_rowHeight)
        updateGeometry();
}

void IntervalChart::resizeEvent(QResizeEvent *event)
{
    PaintedChart::resizeEvent(event);
    fitRows();
}

void IntervalChart::paintChart(QPainter &painter, const QRectF &area, const ChartStyle &style) const
{
    const Theme &theme = *style.theme;
    const QFontMetricsF metrics(style.font);
    const Places at = places(area.width(), style.font);
    const auto x = [&](double share) { return area.left() + at.left + std::clamp(share, 0.0, 1.0) * at.width; };
    const double bottom = area.top() + at.row * static_cast<double>(m_rows.size());
    painter.setFont(style.font);
    // Where nothing is known yet, lines would only run through the words.
    const bool known = std::any_of(m_rows.begin(), m_rows.end(), [](const IntervalRow &row) { return row.known; });
    for (const double tick : known ? std::vector{0.0, 0.5, 1.0} : std::vector<double>()) {
        painter.setPen(QPen(theme.grid, 1.0));
        painter.drawLine(QPointF(x(tick), area.top()), QPointF(x(tick), bottom));
        painter.setPen(theme.mutedText);
        painter.drawText(QRectF(x(tick) - 40.0, bottom + 3.0, 80.0, metrics.height()), Qt::AlignHCenter,
                         percentText(tick));
    }
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        const IntervalRow &row = m_rows[i];
        const double top = area.top() + at.row * static_cast<double>(i);
        const double middle = top + at.middle;
        // Above the line where there is no room beside it.
        const QRectF line(area.left(), top, area.width(), at.row > kRow ? metrics.height() : at.row);
        painter.setPen(theme.text);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(row.label, Qt::ElideMiddle, at.label));
        painter.setPen(row.known ? theme.text : theme.mutedText);
        const double room = area.width() - at.label - 6.0;
        painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter,
                         wordsWithin(room, row, metrics));
        if (!row.known)
            continue;
        painter.setPen(QPen(theme.policy, 2.0));
        painter.drawLine(QPointF(x(row.low), middle), QPointF(x(row.high), middle));
        for (const double end : {row.low, row.high})
            painter.drawLine(QPointF(x(end), middle - 4.0), QPointF(x(end), middle + 4.0));
        painter.setBrush(theme.policy);
        painter.drawEllipse(QPointF(x(row.value), middle), 4.5, 4.5);
        painter.setBrush(Qt::NoBrush);
    }
}

QString IntervalChart::tooltipAt(const QPointF &position) const
{
    const auto row = static_cast<qsizetype>(position.y() / m_rowHeight);
    if (position.y() < 0.0 || row >= m_rows.size())
        return {};
    return m_rows[row].label + QStringLiteral(": ") + valueText(m_rows[row])
           + (m_rows[row].help.isEmpty() ? QString() : QLatin1Char('\n') + m_rows[row].help);
}

} // namespace mulligan::desktop
