#include "desktop/charts/bar_chart.hpp"

#include "desktop/widgets/format.hpp"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

constexpr double kRowHeight = 24.0;

/// Column widths of the rows.
struct Columns {
    double label = 0.0;
    double note = 0.0;
    double value = 0.0;
    double least = 0.0;
    double most = 0.0;
};

Columns columnsOf(const QRectF &area, const QFont &font, const QVector<Bar> &bars)
{
    const QFontMetricsF metrics(font);
    Columns c;
    for (const Bar &bar : bars) {
        c.label = std::max(c.label, metrics.horizontalAdvance(bar.label));
        c.note = std::max(c.note, metrics.horizontalAdvance(bar.note));
        c.value = std::max(c.value, metrics.horizontalAdvance(bar.valueText));
        c.least = std::min(c.least, bar.value);
        c.most = std::max(c.most, bar.value);
    }
    c.label = std::min(c.label + 12.0, area.width() * 0.42);
    c.note = c.note > 0.0 ? c.note + 12.0 : 0.0;
    c.value += 12.0;
    if (c.most - c.least <= 0.0)
        c.most = 1.0;
    return c;
}

double axisHeight(const QFont &font)
{
    return QFontMetricsF(font).height() + 6.0;
}

} // namespace

void paintBars(QPainter &painter, const QRectF &area, const ChartStyle &style, const QVector<Bar> &bars,
               const QString &axisTitle, bool signedColours)
{
    const Theme &theme = *style.theme;
    const Columns c = columnsOf(area, style.font, bars);
    const QFontMetricsF metrics(style.font);
    const double left = area.left() + c.label + c.note;
    const double width = std::max(20.0, area.width() - c.label - c.note - c.value);
    const auto x = [&](double value) { return left + (value - c.least) / (c.most - c.least) * width; };
    const double rows = area.height() - axisHeight(style.font);
    const double height = bars.isEmpty() ? 0.0 : std::min(kRowHeight, rows / static_cast<double>(bars.size()));
    painter.setFont(style.font);
    for (qsizetype i = 0; i < bars.size(); ++i) {
        const Bar &bar = bars[i];
        const double top = area.top() + height * static_cast<double>(i);
        painter.setPen(theme.text);
        painter.drawText(QRectF(area.left(), top, c.label - 8.0, height), Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(bar.label, Qt::ElideMiddle, c.label - 8.0));
        painter.setPen(theme.mutedText);
        painter.drawText(QRectF(area.left() + c.label, top, c.note - 12.0, height), Qt::AlignRight | Qt::AlignVCenter,
                         bar.note);
        const QRectF piece(QPointF(std::min(x(0.0), x(bar.value)), top + height * 0.2),
                           QPointF(std::max(x(0.0), x(bar.value)), top + height * 0.8));
        const QColor colour = !signedColours ? theme.accent : bar.value >= 0.0 ? theme.gain : theme.loss;
        painter.fillRect(piece.width() < 1.0 ? piece.adjusted(-0.5, 0, 0.5, 0) : piece, colour);
        if (signedColours && bar.value < 0.0)
            painter.fillRect(piece, QBrush(theme.surface, Qt::BDiagPattern));
        painter.setPen(theme.text);
        painter.drawText(QRectF(area.right() - c.value, top, c.value, height), Qt::AlignRight | Qt::AlignVCenter,
                         bar.valueText);
    }
    const double bottom = area.top() + height * static_cast<double>(bars.size());
    painter.setPen(QPen(theme.grid, 1.5));
    painter.drawLine(QPointF(x(0.0), area.top()), QPointF(x(0.0), bottom));
    painter.setPen(theme.mutedText);
    painter.drawText(QRectF(area.left() + c.label, bottom + 4.0, area.width() - c.label, metrics.height()),
                     Qt::AlignRight, axisTitle);
}

BarChart::BarChart(const QString &title, const QString &axisTitle, bool signedColours, QWidget *parent)
    : PaintedChart(title, parent), m_axisTitle(axisTitle), m_signed(signedColours)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void BarChart::replace(const QVector<Bar> &bars)
{
    const bool resized = bars.size() != m_bars.size();
    m_bars = bars;
    QStringList words;
    for (const Bar &bar : bars)
        words << bar.label + QLatin1Char(' ') + bar.valueText;
    describe(words.join(QStringLiteral("; ")));
    if (resized)
        updateGeometry();
}

void BarChart::paintChart(QPainter &painter, const QRectF &area, const ChartStyle &style) const
{
    paintBars(painter, area, style, m_bars, m_axisTitle, m_signed);
}

QSize BarChart::sizeHint() const
{
    return {420, static_cast<int>(kRowHeight * static_cast<double>(std::max<qsizetype>(m_bars.size(), 2))
                                  + axisHeight(font()))};
}

QSize BarChart::minimumSizeHint() const
{
    return {280, sizeHint().height()};
}

qsizetype BarChart::rowAt(const QPointF &position) const
{
    const auto row = static_cast<qsizetype>(position.y() / kRowHeight);
    return position.y() >= 0.0 && row < m_bars.size() ? row : -1;
}

QString BarChart::tooltipAt(const QPointF &position) const
{
    const qsizetype row = rowAt(position);
    if (row < 0)
        return {};
    const Bar &bar = m_bars[row];
    return bar.help.isEmpty() ? bar.label + QStringLiteral(": ") + bar.valueText : bar.help;
}

void BarChart::mouseReleaseEvent(QMouseEvent *event)
{
    const qsizetype row = rowAt(event->position());
    if (event->button() == Qt::LeftButton && row >= 0 && !m_bars[row].key.isEmpty())
        Q_EMIT barClicked(m_bars[row].key);
    PaintedChart::mouseReleaseEvent(event);
}

} // namespace mulligan::desktop
