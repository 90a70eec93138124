#pragma once

#include "desktop/charts/painted_chart.hpp"

#include <QVector>

#include <optional>

namespace mulligan::desktop
{

/// One step of a waterfall.
struct WaterfallStep {
    QString label;
    double value = 0.0; ///< what it adds; the last step is the sum of the others
    std::optional<double> low;
    std::optional<double> high;
    QString help; ///< what the part means, for the tooltip
};

/// Draws the steps as rows, each starting where the one above ends, the last as the total from zero, with the axis
/// below.
void paintWaterfall(QPainter &painter, const QRectF &area, const ChartStyle &style, const QVector<WaterfallStep> &steps,
                    const QString &currency);

/// How net savings add up.
class WaterfallChart : public PaintedChart
{
    Q_OBJECT

public:
    explicit WaterfallChart(const QString &title, QWidget *parent = nullptr);
    void replace(const QVector<WaterfallStep> &steps, const QString &currency);
    void paintChart(QPainter &painter, const QRectF &area, const ChartStyle &style) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    [[nodiscard]] QString tooltipAt(const QPointF &position) const override;

private:
    QVector<WaterfallStep> m_steps;
    QString m_currency = QStringLiteral("USD");
};

} // namespace mulligan::desktop
