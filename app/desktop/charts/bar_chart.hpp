#pragma once

#include "desktop/charts/painted_chart.hpp"

#include <QVector>

namespace mulligan::desktop
{

/// One row of a bar chart.
struct Bar {
    QString key; ///< what the row stands for, given back when it is chosen
    QString label;
    double value = 0.0;
    QString valueText;
    QString note; ///< muted, between label and bar: "1,234 episodes"
    QString help;
};

/// Draws rows with labels, a diverging bar from zero and the value, right-aligned.
void paintBars(QPainter &painter, const QRectF &area, const ChartStyle &style, const QVector<Bar> &bars,
               const QString &axisTitle, bool signedColours);

/// Ranked amounts: savings by class, importance of features.
class BarChart : public PaintedChart
{
    Q_OBJECT

public:
    /// `signedColours`: gains and losses have their own colours, losses are hatched.
    BarChart(const QString &title, const QString &axisTitle, bool signedColours, QWidget *parent = nullptr);
    void replace(const QVector<Bar> &bars);
    void setAxisTitle(const QString &axisTitle) { m_axisTitle = axisTitle; }
    [[nodiscard]] const QVector<Bar> &bars() const { return m_bars; }
    void paintChart(QPainter &painter, const QRectF &area, const ChartStyle &style) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void barClicked(const QString &key);

protected:
    [[nodiscard]] QString tooltipAt(const QPointF &position) const override;
    void mouseReleaseEvent(QMouseEvent *event) override;

private:
    [[nodiscard]] qsizetype rowAt(const QPointF &position) const;

    QString m_axisTitle;
    bool m_signed = false;
    QVector<Bar> m_bars;
};

} // namespace mulligan::desktop
