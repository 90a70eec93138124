#pragma once

#include "desktop/charts/painted_chart.hpp"

#include <QVector>

namespace mulligan::desktop
{

/// A share and its interval.
struct IntervalRow {
    QString label;
    double value = 0.0; ///< 0 to 1, as the ends of the interval
    double low = 0.0;
    double high = 1.0;
    bool known = true; ///< false: nothing was seen, only the label is drawn, and `unknown`
    QString help;
    QString unknown = {}; ///< why nothing is known, in words
};

/// Shares with their intervals, one a row: a dot, a line from end to end, and the figures in words.
class IntervalChart : public PaintedChart
{
    Q_OBJECT

public:
    explicit IntervalChart(const QString &title, QWidget *parent = nullptr);
    void replace(const QVector<IntervalRow> &rows);
    [[nodiscard]] const QVector<IntervalRow> &rows() const { return m_rows; }
    void paintChart(QPainter &painter, const QRectF &area, const ChartStyle &style) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    [[nodiscard]] QString tooltipAt(const QPointF &position) const override;

private:
    [[nodiscard]] double rowHeight() const;

    QVector<IntervalRow> m_rows;
};

} // namespace mulligan::desktop
