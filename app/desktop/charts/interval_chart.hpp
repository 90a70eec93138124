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

/// Shares with their intervals, one a row: a dot, a line from end to end, and the figures in words; below each other
/// where there is no room for all of them side by side.
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
    void resizeEvent(QResizeEvent *event) override;
    [[nodiscard]] QString tooltipAt(const QPointF &position) const override;

private:
    /// Where things are in an area of some width; lengths in pixels.
    struct Places {
        double row = 0.0;    ///< height of a row
        double label = 0.0;  ///< width of the names
        double left = 0.0;   ///< where a share of 0 is, from the area's left
        double width = 0.0;  ///< from a share of 0 to one of 1
        double middle = 0.0; ///< of the lines, from the top of their row
    };
    [[nodiscard]] Places places(double width, const QFont &font) const;
    void fitRows();

    QVector<IntervalRow> m_rows;
    double m_rowHeight = 0.0; ///< at the width of now
};

} // namespace mulligan::desktop
