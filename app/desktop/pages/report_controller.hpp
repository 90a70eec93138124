#pragma once

#include "base/result.hpp"
#include "report/report.hpp"

#include <QObject>

#include <memory>
#include <optional>

namespace mulligan::desktop
{

class ReportDocument;
class Session;

/// The report page without its widgets: what the report says, laid out, and written in every format.
class ReportController : public QObject
{
    Q_OBJECT

public:
    explicit ReportController(Session &session, QObject *parent = nullptr);

    /// Null while there is no replay to report on.
    [[nodiscard]] std::shared_ptr<const ReportDocument> document() const { return m_document; }
    /// Whether the report is of an older policy than the one in force; a newer one follows.
    [[nodiscard]] bool stale() const;
    /// Lays the newest report out if it differs from the one there is; while a replay is on its way the old one stays.
    void update();
    /// Writes the report; the ending chooses: pdf, html, xlsx, csv. Errors: as pipeline::writeReportFile,
    /// InsufficientData while there is no replay, Conflict while a newer one is on its way.
    [[nodiscard]] base::Result<void> write(const QString &path) const;
    /// A file name to offer, without ending.
    [[nodiscard]] QString suggestedName() const;

Q_SIGNALS:
    void documentChanged();

private:
    Session &m_session;
    std::optional<report::ReportInput> m_input;
    std::shared_ptr<const void> m_source; ///< the replay it was made from
    std::shared_ptr<const ReportDocument> m_document;
};

} // namespace mulligan::desktop
