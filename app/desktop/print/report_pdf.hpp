#pragma once

#include <QString>

namespace mulligan::desktop
{

class Session;

/// Writes the savings report of a session whose replay has been computed as a PDF. Returns the program's exit code: 0,
/// or 1 with the reason on standard error.
[[nodiscard]] int renderReportPdf(Session &session, const QString &path);

} // namespace mulligan::desktop
