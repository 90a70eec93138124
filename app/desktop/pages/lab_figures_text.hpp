#pragma once

#include "desktop/charts/bar_chart.hpp"
#include "desktop/charts/column_chart.hpp"
#include "desktop/charts/waterfall_chart.hpp"
#include "desktop/charts/xy_chart.hpp"
#include "desktop/pages/lab_controller.hpp"
#include "desktop/widgets/kpi_tile.hpp"

#include <QVector>

namespace mulligan::desktop
{

/// The lab's figures as its tiles and charts show them. No widgets.
[[nodiscard]] QVector<KpiContent> labTiles(const LabFigures &figures, const QString &currency);
[[nodiscard]] QVector<WaterfallStep> labWaterfall(const std::array<model::Figure, simulate::kPartCount> &parts,
                                                  const model::Figure &net);
[[nodiscard]] XyContent labSweep(const std::vector<model::SweepPoint> &points, double threshold);
/// At most `rows` bars; what is left is summed up in the last.
[[nodiscard]] QVector<Bar> labClasses(const std::vector<simulate::ClassBar> &classes, qsizetype rows,
                                      const QString &currency);
[[nodiscard]] QVector<Column> labMonths(const std::vector<model::SavingsGroup> &months, const QString &currency);

} // namespace mulligan::desktop
