#pragma once

#include "desktop/charts/painted_chart.hpp"
#include "model/model_card.hpp"

#include <vector>

namespace mulligan::desktop
{

/// Draws observed against predicted shares with Wilson intervals, the diagonal of perfect calibration, and how many
/// rows each bin holds.
void paintCalibration(QPainter &painter, const QRectF &area, const ChartStyle &style,
                      const std::vector<model::CalibrationBin> &bins);

/// Whether "70 %" comes true in 70 % of cases.
class CalibrationChart : public PaintedChart
{
    Q_OBJECT

public:
    explicit CalibrationChart(const QString &title, QWidget *parent = nullptr);
    void replace(const std::vector<model::CalibrationBin> &bins);
    void paintChart(QPainter &painter, const QRectF &area, const ChartStyle &style) const override;
    [[nodiscard]] QSize sizeHint() const override { return {360, 280}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {280, 240}; }

protected:
    [[nodiscard]] QString tooltipAt(const QPointF &position) const override;

private:
    std::vector<model::CalibrationBin> m_bins;
};

} // namespace mulligan::desktop
