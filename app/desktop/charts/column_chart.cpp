#include "desktop/charts/column_chart.hpp"

#include "desktop/charts/axis.hpp"
#include "desktop/widgets/format.hpp"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace mulligan::desktop
{

namespace
{

struct Layout {
    QRectF plot;
    AxisTicks ticks;
    double column = 0.0;

    [[nodiscard]] double y(double value) const
    {
        return plot.bottom() - (value - ticks.low) / (ticks.high - ticks.low) * plot.height();
    }
};

Layout layoutOf(const QRectF &area, const QFont &font, const QVector<Column> &columns, const QString &currency)
{
    const QFontMetricsF metrics(font);
    double low = 0.0;
    double high = 0.0;
    for (const Column &column : columns) {
        low = std::min({low, column.value, column.low.value_or(0.0)});
        high = std::max({high, column.value, column.high.value_or(0.0)});
    }
    Layout l;
    l.ticks = niceTicks(low, high, 4);
    double label = 0.0;
    for (const double tick : l.ticks.values())
        label = std::max(label, metrics.horizontalAdvance(axisMoneyText(tick, l.ticks.step, currency)));
    l.plot = area.adjusted(label + 10.0 + metrics.height() + 4.0, 6.0, -4.0, -metrics.height() - 8.0);
    l.column = columns.isEmpty() ? 0.0 : l.plot.width() / static_cast<double>(columns.size());
    return l;
}

void paintAxis(QPainter &painter, const QRectF &area, const Layout &l, const ChartStyle &style, const QString &title,
               const QString &currency)
{
    const QFontMetricsF metrics(style.font);
    for (const double tick : l.ticks.values()) {
        painter.setPen(QPen(style.theme->grid, std::abs(tick) < 1e-9 ? 1.5 : 1.0));
        painter.drawLine(QPointF(l.plot.left(), l.y(tick)), QPointF(l.plot.right(), l.y(tick)));
        painter.setPen(style.theme->mutedText);
        painter.drawText(QRectF(area.left(), l.y(tick) - metrics.height() / 2.0, l.plot.left() - area.left() - 8.0,
                                metrics.height()),
                         Qt::AlignRight | Qt::AlignVCenter, axisMoneyText(tick, l.ticks.step, currency));
    }
    painter.save();
    painter.translate(area.left(), l.plot.center().y());
    painter.rotate(-90.0);
    painter.drawText(QRectF(-area.height() / 2.0, 0.0, area.height(), metrics.height()), Qt::AlignHCenter, title);
    painter.restore();
}

} // namespace

void paintColumns(QPainter &painter, const QRectF &area, const ChartStyle &style, const QVector<Column> &columns,
                  const QString &axisTitle, const QString &currency)
{
    if (columns.isEmpty())
        return;
    const Theme &theme = *style.theme;
    const QFontMetricsF metrics(style.font);
    const Layout l = layoutOf(area, style.font, columns, currency);
    painter.setFont(style.font);
    paintAxis(painter, area, l, style, axisTitle, currency);
    double labelWidth = 0.0;
    for (const Column &column : columns)
        labelWidth = std::max(labelWidth, metrics.horizontalAdvance(column.label) + 8.0);
    const auto every = std::max<qsizetype>(1, static_cast<qsizetype>(std::ceil(labelWidth / l.column)));
    for (qsizetype i = 0; i < columns.size(); ++i) {
        const Column &column = columns[i];
        const double centre = l.plot.left() + l.column * (static_cast<double>(i) + 0.5);
        const double half = std::min(l.column * 0.34, 26.0);
        const QRectF bar(QPointF(centre - half, std::min(l.y(0.0), l.y(column.value))),
                         QPointF(centre + half, std::max(l.y(0.0), l.y(column.value))));
        painter.fillRect(bar, column.value >= 0.0 ? theme.gain : theme.loss);
        if (column.value < 0.0)
            painter.fillRect(bar, QBrush(theme.surface, Qt::BDiagPattern));
        if (column.low && column.high) {
            painter.setPen(QPen(theme.text, 1.4));
            painter.drawLine(QPointF(centre, l.y(*column.low)), QPointF(centre, l.y(*column.high)));
            for (const double end : {*column.low, *column.high})
                painter.drawLine(QPointF(centre - 4.0, l.y(end)), QPointF(centre + 4.0, l.y(end)));
        }
        if (i % every == 0) {
            painter.setPen(theme.mutedText);
            painter.drawText(QRectF(centre - labelWidth, l.plot.bottom() + 5.0, 2.0 * labelWidth, metrics.height()),
                             Qt::AlignHCenter, column.label);
        }
    }
}

ColumnChart::ColumnChart(const QString &title, const QString &axisTitle, QWidget *parent)
    : PaintedChart(title, parent), m_axisTitle(axisTitle)
{
}

void ColumnChart::replace(const QVector<Column> &columns, const QString &currency)
{
    m_columns = columns;
    m_currency = currency;
    QStringList words;
    for (const Column &column : columns)
        words << column.label + QLatin1Char(' ') + moneyText(column.value, currency);
    describe(words.join(QStringLiteral("; ")));
}

void ColumnChart::paintChart(QPainter &painter, const QRectF &area, const ChartStyle &style) const
{
    paintColumns(painter, area, style, m_columns, m_axisTitle, m_currency);
}

QString ColumnChart::tooltipAt(const QPointF &position) const
{
    const Layout l = layoutOf(rect(), font(), m_columns, m_currency);
    const double offset = position.x() - l.plot.left();
    const auto i = l.column > 0.0 ? static_cast<qsizetype>(offset / l.column) : -1;
    if (offset < 0.0 || i < 0 || i >= m_columns.size())
        return {};
    const Column &column = m_columns[i];
    QString text = column.label + QStringLiteral(": ") + moneyText(column.value, m_currency);
    if (column.low && column.high)
        text += QLatin1Char('\n')
                + tr("95 %: %1 to %2").arg(moneyText(*column.low, m_currency), moneyText(*column.high, m_currency));
    return column.help.isEmpty() ? text : text + QLatin1Char('\n') + column.help;
}

} // namespace mulligan::desktop
