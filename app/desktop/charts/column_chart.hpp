#pragma once

#include "desktop/charts/painted_chart.hpp"

#include <QVector>

#include <optional>

namespace mulligan::desktop
{

struct Column {
    QString label;
    double value = 0.0;
    std::optional<double> low;
    std::optional<double> high;
    QString help;
};

/// Draws columns from zero with intervals, an axis of money and its title.
void paintColumns(QPainter &painter, const QRectF &area, const ChartStyle &style, const QVector<Column> &columns,
                  const QString &axisTitle, const QString &currency);

/// Money over time: net savings by month.
class ColumnChart : public PaintedChart
{
    Q_OBJECT

public:
    ColumnChart(const QString &title, const QString &axisTitle, QWidget *parent = nullptr);
    void replace(const QVector<Column> &columns, const QString &currency);
    void paintChart(QPainter &painter, const QRectF &area, const ChartStyle &style) const override;
    [[nodiscard]] QSize sizeHint() const override { return {420, 220}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {280, 180}; }

protected:
    [[nodiscard]] QString tooltipAt(const QPointF &position) const override;

private:
    QString m_axisTitle;
    QString m_currency = QStringLiteral("USD");
    QVector<Column> m_columns;
};

} // namespace mulligan::desktop
