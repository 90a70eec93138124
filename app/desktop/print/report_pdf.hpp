#pragma once

#include "base/result.hpp"

#include <QString>

class QPagedPaintDevice;
class QPainter;

namespace mulligan::report
{
struct ReportInput;
}

namespace mulligan::pipeline
{
struct ReplayRequest;
struct Resources;
} // namespace mulligan::pipeline

namespace mulligan::desktop
{

class ReportDocument;

/// Draws all pages onto a device whose page size is A4 without margins.
void paintPages(const ReportDocument &document, QPagedPaintDevice &device, QPainter &painter, int resolution);
/// Writes the report as PDF, atomically. Errors: Io, PermissionDenied, naming the path. Returns the number of pages.
[[nodiscard]] base::Result<int> writeReportPdf(const ReportDocument &document, const QString &path);
/// What `mulligan-desktop W --report OUT.pdf` does: replays as 'mulligan report' does for the other formats, and
/// writes. Needs no event loop. Errors: those of replayedReport and of writeReportPdf.
[[nodiscard]] base::Result<int> renderReportPdf(const pipeline::Resources &resources,
                                                const pipeline::ReplayRequest &request, const QString &path);

} // namespace mulligan::desktop
