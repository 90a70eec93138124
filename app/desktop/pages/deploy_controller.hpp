#pragma once

#include "desktop/session/session.hpp"
#include "pipeline/export_bundle.hpp"
#include "policy/decide.hpp"

#include <QObject>
#include <QPointer>
#include <QString>
#include <QVector>

namespace mulligan::desktop
{

/// One line of what is checked before a bundle is made.
struct DeployCheck {
    enum class State { Ready, Attention, Missing };
    QString title;
    QString detail;
    State state = State::Ready;
};

/// What the bundle will recommend for one failure whose chain is still open at the end of the data.
struct RecommendationRow {
    std::int64_t attemptId = 0;
    QString job;
    QString run;
    int attempt = 1;
    policy::Decision decision;
    model::Config config; ///< what the failed attempt ran with
};

struct RecommendationPreview {
    std::vector<RecommendationRow> rows;
    std::uint64_t open = 0; ///< open failures in all; `rows` holds at most kMost of them
};

/// The deploy page without its widgets: checks, preview, export and verification, each in a job.
class DeployController : public QObject
{
    Q_OBJECT

public:
    static constexpr size_t kMostPreviewed = 500;

    explicit DeployController(Session &session, QObject *parent = nullptr);
    ~DeployController() override;

    [[nodiscard]] QVector<DeployCheck> checks() const;
    /// Whether a bundle can be made now.
    [[nodiscard]] bool ready() const;
    [[nodiscard]] static QStringList targets();

    void startPreview();
    [[nodiscard]] const std::optional<RecommendationPreview> &preview() const { return m_preview; }
    void startExport(const QString &path, const QString &approver, const QStringList &targets);
    [[nodiscard]] const std::optional<pipeline::ExportReport> &exported() const { return m_exported; }
    void startVerify(const QString &path);
    [[nodiscard]] const std::optional<pipeline::VerifyReport> &verified() const { return m_verified; }
    [[nodiscard]] const QString &verifiedPath() const { return m_verifiedPath; }
    /// The export or verification that runs; null when none does.
    [[nodiscard]] Job *job() const { return m_job; }

Q_SIGNALS:
    void checksChanged();
    void previewChanged();
    void jobChanged(); ///< one began or ended
    void exportDone();
    void verifyDone();

private:
    void adopt(Job *job);

    Session &m_session;
    std::optional<RecommendationPreview> m_preview;
    std::optional<pipeline::ExportReport> m_exported;
    std::optional<pipeline::VerifyReport> m_verified;
    QString m_verifiedPath;
    QPointer<Job> m_job;
    QPointer<Job> m_previewJob;
    std::uint64_t m_previewGeneration = 0;
};

} // namespace mulligan::desktop
