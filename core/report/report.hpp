#pragma once

#include "base/instant.hpp"
#include "base/result.hpp"
#include "model/model_card.hpp"
#include "model/savings.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mulligan::report
{

/// Everything a savings report prints.
struct ReportInput {
    model::SavingsReport savings;
    std::optional<model::ModelCard> card;
    std::string workspace; ///< name of the workspace file
    base::Instant generatedAt;
    std::string currency = "USD";
    std::vector<std::pair<std::string, std::string>> policy;    ///< setting → value, for the appendix
    std::vector<std::pair<std::string, std::string>> economics; ///< assumption → value, for the appendix
};

/// One self-contained page (no scripts, no outside resources), light and dark, that also prints well: headline with
/// interval, six parts as a waterfall (inline SVG), KPIs of both worlds, provenance, classes, months, notes, appendix.
[[nodiscard]] std::string toHtml(const ReportInput &input);
/// Tables of the report as one CSV: section, key, value, low, high, unit.
[[nodiscard]] std::string toCsv(const ReportInput &input);
/// Writes an .xlsx workbook, one sheet a table. Errors: PermissionDenied, DiskFull, Io.
[[nodiscard]] base::Result<void> writeXlsx(const ReportInput &input, const std::string &path);

} // namespace mulligan::report
