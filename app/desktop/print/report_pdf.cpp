#include "desktop/print/report_pdf.hpp"

#include "desktop/print/report_document.hpp"
#include "pipeline/savings_report.hpp"

#include <QDateTime>
#include <QPageLayout>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>

namespace mulligan::desktop
{

namespace
{

constexpr int kResolution = 300;

} // namespace

void paintPages(const ReportDocument &document, QPagedPaintDevice &device, QPainter &painter, int resolution)
{
    const double scale = resolution / 72.0;
    painter.scale(scale, scale);
    for (int page = 0; page < document.pageCount(); ++page) {
        if (page > 0)
            device.newPage();
        document.paintPage(painter, page);
    }
}

base::Result<int> writeReportPdf(const ReportDocument &document, const QString &path)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return base::makeError(base::ErrorCode::PermissionDenied,
                               "The report could not be written: " + file.errorString().toStdString(),
                               "Choose a folder that exists and that you may write to.")
            .in("file " + path.toStdString());
    QPdfWriter writer(&file);
    writer.setPageLayout(QPageLayout(QPageSize(QPageSize::A4), QPageLayout::Portrait, QMarginsF()));
    writer.setResolution(kResolution);
    writer.setTitle(document.title());
    writer.setCreator(QStringLiteral("Mulligan " MULLIGAN_VERSION));
    QPainter painter;
    const bool begun = painter.begin(&writer);
    if (begun) {
        paintPages(document, writer, painter, kResolution);
        painter.end();
    }
    if (!begun || !file.commit())
        return base::makeError(base::ErrorCode::Io,
                               "The report could not be written: " + file.errorString().toStdString(),
                               "Choose a folder with room left.")
            .in("file " + path.toStdString());
    return document.pageCount();
}

base::Result<int> renderReportPdf(const pipeline::Resources &resources, const pipeline::ReplayRequest &request,
                                  const QString &path)
{
    base::Progress progress;
    const base::Instant now{QDateTime::currentMSecsSinceEpoch()};
    MULLIGAN_TRY(const auto input, pipeline::replayedReport(resources, request, now, std::stop_token(), progress));
    const ReportDocument document(input);
    return writeReportPdf(document, path);
}

} // namespace mulligan::desktop
