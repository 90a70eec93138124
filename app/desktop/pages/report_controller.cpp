#include "desktop/pages/report_controller.hpp"

#include "desktop/print/report_document.hpp"
#include "desktop/print/report_pdf.hpp"
#include "desktop/session/session.hpp"
#include "pipeline/savings_report.hpp"

#include <QDateTime>
#include <QFileInfo>

namespace mulligan::desktop
{

ReportController::ReportController(Session &session, QObject *parent) : QObject(parent), m_session(session)
{
    connect(&session, &Session::cardChanged, this, [this] {
        m_source.reset();
        Q_EMIT documentChanged();
    });
}

bool ReportController::stale() const
{
    return m_session.stale() || m_session.replay() != m_source;
}

void ReportController::update()
{
    // The replay there is may be of an older policy than the one the appendix would print.
    if (m_session.stale() && m_session.replay())
        return;
    const auto replay = m_session.replay();
    if (replay == m_source && (m_document != nullptr) == (replay != nullptr))
        return;
    m_source = replay;
    m_input.reset();
    m_document.reset();
    if (replay) {
        m_input = pipeline::makeReportInput(replay->report, m_session.card(), m_session.policy(), m_session.economics(),
                                            m_session.path().toStdString(),
                                            base::Instant{QDateTime::currentMSecsSinceEpoch()});
        m_document = std::make_shared<const ReportDocument>(*m_input);
    }
    Q_EMIT documentChanged();
}

base::Result<void> ReportController::write(const QString &path) const
{
    if (!m_input)
        return base::makeError(base::ErrorCode::InsufficientData, "There is no replay to report on",
                               "Import a history with failures first.");
    if (stale())
        return base::makeError(base::ErrorCode::Conflict, "The figures are still being updated",
                               "Try again as soon as the page no longer says so.");
    if (path.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive)) {
        MULLIGAN_CHECK(writeReportPdf(*m_document, path));
        return {};
    }
    return pipeline::writeReportFile(*m_input, path.toStdString());
}

QString ReportController::suggestedName() const
{
    return tr("%1 savings report").arg(QFileInfo(m_session.path()).completeBaseName());
}

} // namespace mulligan::desktop
