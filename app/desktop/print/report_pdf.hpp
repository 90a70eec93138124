#pragma once

#include "base/result.hpp"

#include <QString>

class QPagedPaintDevice;
class QPainter;

namespace mulligan::report
{
struct ReportInput;
}

namespace mulligan::desktop
{

class ReportDocument;
class Session;

/// Draws all pages onto a device whose page size is A4 without margins.
void paintPages(const ReportDocument &document, QPagedPaintDevice &device, QPainter &painter, int resolution);
/// Writes the report as PDF, atomically. Errors: Io, PermissionDenied, naming the path. Returns the number of pages.
[[nodiscard]] base::Result<int> writeReportPdf(const ReportDocument &document, const QString &path);
/// What `mulligan-desktop W --report OUT.pdf` does: waits until the session's replay is there, writes, and says on
/// standard error what went wrong. Returns the exit code.
int renderReportPdf(Session &session, const QString &path);

} // namespace mulligan::desktop
