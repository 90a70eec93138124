#pragma once

#include "desktop/charts/interval_chart.hpp"
#include "desktop/models/rows_model.hpp"
#include "pipeline/audit.hpp"

#include <vector>

namespace mulligan::desktop
{

/// Rows of the chart: precision, coverage, recall.
[[nodiscard]] QVector<IntervalRow> overallRows(const pipeline::AuditFigures &figures);

/// `what` is the title of the first column.
[[nodiscard]] std::vector<RowsModel<pipeline::AuditFigure>::Column> figureColumns(const QString &what);

/// A verdict that an answer found wrong.
struct CorrectionLine {
    std::int64_t item = 0;
    std::int64_t attempt = 0;
    std::string wrongClass; ///< of the verdict now
    std::string wrongRule;  ///< empty: it was unclassified
    std::string rightClass; ///< empty: the text names no cause
    std::string rightRule;  ///< as the answer named it; empty: it named none
};
[[nodiscard]] std::vector<CorrectionLine> correctionLines(const store::AuditSample &sample);
[[nodiscard]] std::vector<RowsModel<CorrectionLine>::Column> correctionColumns();

/// "correct", "wrong: shuffle.fetch_failed", "no cause in the text"; empty without an answer.
[[nodiscard]] QString answerText(const store::AuditItem &item);

} // namespace mulligan::desktop
