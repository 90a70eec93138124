#include "desktop/print/report_pdf.hpp"

#include "desktop/print/report_document.hpp"
#include "desktop/session/session.hpp"
#include "pipeline/savings_report.hpp"

#include <QDateTime>
#include <QEventLoop>
#include <QPageLayout>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>

#include <cstdio>

namespace mulligan::desktop
{

namespace
{

constexpr int kResolution = 300;

/// Runs the event loop until the figures are of the policy in force, or an error says they will not come.
base::Result<void> waitForReplay(Session &session)
{
    std::optional<base::Error> error;
    QEventLoop loop;
    QObject context;
    QObject::connect(&session, &Session::errorOccurred, &context, [&](const base::Error &occurred) {
        error = occurred;
        loop.quit();
    });
    QObject::connect(&session, &Session::replayChanged, &context, [&] {
        if (session.replay() && !session.stale())
            loop.quit();
    });
    if (!session.replay() || session.stale())
        loop.exec();
    if (error.has_value())
        return *error;
    return {};
}

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

int renderReportPdf(Session &session, const QString &path)
{
    auto ready = waitForReplay(session);
    if (!ready) {
        std::fprintf(stderr, "mulligan-desktop: %s\n", ready.error().text().c_str());
        return 1;
    }
    const base::Instant now{QDateTime::currentMSecsSinceEpoch()};
    const ReportDocument document(pipeline::makeReportInput(session.replay()->report, session.card(), session.policy(),
                                                            session.economics(), session.path().toStdString(), now));
    const auto pages = writeReportPdf(document, path);
    if (!pages) {
        std::fprintf(stderr, "mulligan-desktop: %s\n", pages.error().text().c_str());
        return 1;
    }
    return 0;
}

} // namespace mulligan::desktop
