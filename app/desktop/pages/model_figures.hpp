#pragma once

#include "desktop/charts/bar_chart.hpp"
#include "desktop/charts/figure_table.hpp"
#include "desktop/charts/xy_chart.hpp"
#include "desktop/widgets/kpi_tile.hpp"
#include "model/model_card.hpp"

#include <QVector>

namespace mulligan::desktop
{

/// A model card as tiles, tables and charts show it. No widgets.
[[nodiscard]] QVector<KpiContent> modelTiles(const model::ModelCard &card, const QString &currency);
/// The model and its baselines, best value of every column strong.
[[nodiscard]] QVector<QVector<FigureCell>> baselineRows(const model::ModelCard &card);
/// Quality by class, most rows first.
[[nodiscard]] QVector<QVector<FigureCell>> classRows(const model::ModelCard &card, const QString &currency);
[[nodiscard]] QVector<Bar> importanceBars(const model::ModelCard &card, qsizetype most);
[[nodiscard]] XyContent precisionRecall(const model::ModelCard &card);
[[nodiscard]] XyContent receiverCurve(const model::ModelCard &card);
[[nodiscard]] XyContent learningCurve(const model::ModelCard &card);

} // namespace mulligan::desktop
