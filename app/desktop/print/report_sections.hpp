#pragma once

#include "desktop/print/report_blocks.hpp"
#include "report/report.hpp"

namespace mulligan::desktop
{

/// The parts of the printed report, in their order.
[[nodiscard]] ReportBlocks headlineSection(const report::ReportInput &input);
[[nodiscard]] ReportBlocks savingsSection(const report::ReportInput &input);
[[nodiscard]] ReportBlocks worldsSection(const report::ReportInput &input);
[[nodiscard]] ReportBlocks provenanceSection(const report::ReportInput &input);
[[nodiscard]] ReportBlocks breakdownSection(const report::ReportInput &input);
[[nodiscard]] ReportBlocks monthsSection(const report::ReportInput &input);
[[nodiscard]] ReportBlocks modelSection(const report::ReportInput &input);
[[nodiscard]] ReportBlocks notesSection(const report::ReportInput &input);
[[nodiscard]] ReportBlocks settingsSection(const report::ReportInput &input);

} // namespace mulligan::desktop
