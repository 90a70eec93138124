#pragma once

#include "desktop/charts/figure_table.hpp"
#include "desktop/pages/deploy_controller.hpp"

#include <QStringList>

namespace mulligan::desktop
{

/// What the deploy page says, as texts and rows. No widgets.
[[nodiscard]] QVector<QVector<FigureCell>> previewRows(const RecommendationPreview &preview, const QString &currency);
[[nodiscard]] QString previewSentence(const RecommendationPreview &preview);
[[nodiscard]] QVector<QVector<FigureCell>> fileRows(const pipeline::ExportReport &report);
[[nodiscard]] QStringList exportSentences(const pipeline::ExportReport &report);
[[nodiscard]] QString verifySentence(const pipeline::VerifyReport &report, const QString &fileName);
/// "executor.memory 4g → 8g", one property a line; empty for an empty patch.
[[nodiscard]] QString patchText(const model::Config &old, const model::Config &patch);

} // namespace mulligan::desktop
