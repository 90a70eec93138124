// What an audit is exported as: the sample with its answers, and the figures.
#include "desktop/pages/rules_audit_controller.hpp"
#include "desktop/pages/rules_audit_panel.hpp"
#include "desktop/session/session.hpp"

#include <QFileDialog>
#include <QSaveFile>

namespace mulligan::desktop
{

namespace
{

base::Result<void> writeText(const QString &path, const QByteArray &bytes)
{
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
        return {};
    return base::makeError(base::ErrorCode::Io,
                           "Cannot write '" + path.toStdString() + "': " + file.errorString().toStdString(),
                           "Choose a folder that may be written, with room left.");
}

} // namespace

void RulesAuditPanel::exportSheet()
{
    const QString path =
        QFileDialog::getSaveFileName(window(), tr("Export the sample"), tr("audit.jsonl"), tr("JSON Lines (*.jsonl)"));
    if (path.isEmpty())
        return;
    delete m_exportJob.data();
    m_exportJob = startJob<bool>(
        this, tr("Writing the sample"),
        [from = session().path().toStdString(), sample = m_audit->sample(),
         path](std::stop_token, base::Progress &) -> base::Result<bool> {
            MULLIGAN_TRY(auto workspace, store::Workspace::open(from, store::OpenMode::ReadOnly));
            MULLIGAN_TRY(const auto lines, pipeline::auditSheet(workspace, sample));
            QByteArray bytes;
            for (const auto &line : lines)
                bytes += QByteArray::fromStdString(formats::writeJson(line)) + '\n';
            MULLIGAN_CHECK(writeText(path, bytes));
            return true;
        },
        [](bool) {});
    connect(m_exportJob, &Job::failed, &session(), &Session::errorOccurred);
    follow(m_exportJob);
}

void RulesAuditPanel::exportFigures()
{
    const QString path =
        QFileDialog::getSaveFileName(window(), tr("Export the figures"), tr("audit.json"), tr("JSON (*.json)"));
    if (path.isEmpty())
        return;
    const auto json = pipeline::auditJson(m_audit->sample(), m_audit->figures());
    if (const auto written = writeText(path, QByteArray::fromStdString(formats::writeJsonIndented(json))); !written)
        Q_EMIT session().errorOccurred(written.error());
}

} // namespace mulligan::desktop
