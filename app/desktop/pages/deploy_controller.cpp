#include "desktop/pages/deploy_controller.hpp"

#include "desktop/widgets/format.hpp"
#include "pipeline/failure_reader.hpp"

#include <QDateTime>
#include <QLocale>
#include <QUndoStack>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

using State = DeployCheck::State;

base::Result<RecommendationPreview> previewOf(const pipeline::ReplaySession &session, const policy::Policy &policy,
                                              const policy::Economics &economics, const std::stop_token &stop,
                                              base::Progress &progress)
{
    const model::History &history = session.history();
    const auto open = pipeline::openFailures(history);
    RecommendationPreview preview;
    preview.open = open.size();
    progress.begin("Deciding open failures", std::min(open.size(), DeployController::kMostPreviewed));
    for (const std::uint32_t index : open) {
        if (preview.rows.size() == DeployController::kMostPreviewed)
            break;
        if (stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "The preview was cancelled");
        const model::HistoryAttempt &attempt = history.attempts[index];
        MULLIGAN_TRY(const auto detail, session.decisionAt(attempt.id, policy, economics));
        preview.rows.push_back({attempt.id, QString::fromStdString(history.jobs.at(attempt.job)),
                                QString::fromStdString(history.runs.at(attempt.run)), attempt.attempt, detail.decision,
                                history.configs[attempt.config]});
        progress.advance();
    }
    return preview;
}

} // namespace

DeployController::DeployController(Session &session, QObject *parent) : QObject(parent), m_session(session)
{
    for (auto signal :
         {&Session::workspaceChanged, &Session::dataChanged, &Session::rulesChanged, &Session::policyChanged,
          &Session::economicsChanged, &Session::replayChanged, &Session::cardChanged, &Session::sessionLoaded})
        connect(&session, signal, this, &DeployController::checksChanged);
    connect(&session, &Session::workspaceChanged, this, [this] {
        ++m_previewGeneration;
        m_preview.reset();
        m_exported.reset();
        Q_EMIT previewChanged();
        Q_EMIT exportDone();
    });
}

DeployController::~DeployController()
{
    delete m_job.data();
    delete m_previewJob.data();
}

QStringList DeployController::targets()
{
    return {QStringLiteral("spark")};
}

bool DeployController::ready() const
{
    return m_session.isOpen() && m_session.replaySession() != nullptr && m_job == nullptr;
}

QVector<DeployCheck> DeployController::checks() const
{
    QVector<DeployCheck> out;
    const policy::Policy &policy = m_session.policy();
    const auto rules = m_session.rules();
    const auto loaded = m_session.replaySession();
    if (loaded)
        out << DeployCheck{tr("History"),
                           tr("%1 to %2, %3 jobs")
                               .arg(dateText(loaded->history().from), dateText(loaded->history().dataEnd),
                                    countText(static_cast<double>(loaded->history().jobs.size()))),
                           State::Ready};
    else
        out << DeployCheck{tr("History"), tr("Nothing loaded: import and classify first."), State::Missing};
    if (m_session.rulesError())
        out << DeployCheck{tr("Rules"), tr("The newest pack does not compile; the last good one would be shipped."),
                           State::Attention};
    else
        out << DeployCheck{tr("Rules"),
                           rules ? tr("%1 rules").arg(countText(static_cast<double>(rules->pack().rules.size())))
                                 : tr("Still compiling"),
                           rules ? State::Ready : State::Attention};
    const bool edited = m_session.policyUnsaved();
    out << DeployCheck{tr("Policy"),
                       tr("%1, version %2%3")
                           .arg(text(policy.name), text(policy.version),
                                edited ? tr(" · edited, not saved in the workspace") : QString()),
                       edited ? State::Attention : State::Ready};
    if (policy.scope == policy::Scope::Job)
        out << DeployCheck{tr("Scope"), tr("Changes every run of a job, which has not been simulated."),
                           State::Attention};
    else
        out << DeployCheck{tr("Scope"), tr("The next retry, for %1 days").arg(countText(policy.expiryDays)),
                           State::Ready};
    out << DeployCheck{
        tr("Economics"),
        tr("%1 · hash %2")
            .arg(text(m_session.economics().currency), text(pipeline::economicsHash(m_session.economics()))),
        State::Ready};
    const auto &card = m_session.card();
    if (!card)
        out << DeployCheck{tr("Model"), tr("None: class rates would decide. Train one on the Model page."),
                           State::Attention};
    else if (card->fallback)
        out << DeployCheck{tr("Model"), tr("Class rates decide in place of a trained model."), State::Attention};
    else
        out << DeployCheck{
            tr("Model"),
            tr("%1, trained to %2, AUC %3")
                .arg(text(card->modelId), dateText(card->trainedTo), QLocale().toString(card->success.auc, 'f', 3)),
            State::Ready};
    if (const auto replay = m_session.replay())
        out << DeployCheck{tr("Promised savings"),
                           tr("%1 over the history%2")
                               .arg(moneyText(replay->report.savings.net.value, text(m_session.economics().currency)),
                                    m_session.stale() ? tr(" · updating…") : QString()),
                           replay->report.savings.net.value > 0.0 ? State::Ready : State::Attention};
    else
        out << DeployCheck{tr("Promised savings"), tr("None yet: the history has not been replayed."),
                           State::Attention};
    return out;
}

void DeployController::startPreview()
{
    const auto generation = ++m_previewGeneration;
    if (m_previewJob)
        m_previewJob->cancel();
    const auto session = m_session.replaySession();
    if (!session)
        return;
    m_previewJob = startJob<RecommendationPreview>(
        this, tr("Deciding open failures"),
        [session, policy = m_session.policy(), economics = m_session.economics()](std::stop_token stop,
                                                                                  base::Progress &progress) {
            return previewOf(*session, policy, economics, stop, progress);
        },
        [this, generation](RecommendationPreview preview) {
            if (generation != m_previewGeneration)
                return;
            m_preview = std::move(preview);
            Q_EMIT previewChanged();
        });
    connect(m_previewJob, &Job::failed, &m_session, &Session::errorOccurred);
}

void DeployController::adopt(Job *job)
{
    m_job = job;
    const auto ended = [this] {
        m_job = nullptr;
        Q_EMIT jobChanged();
    };
    connect(job, &Job::finished, this, ended);
    connect(job, &Job::cancelled, this, ended);
    connect(job, &Job::failed, this, ended);
    connect(job, &Job::failed, &m_session, &Session::errorOccurred);
    Q_EMIT jobChanged();
}

void DeployController::startExport(const QString &path, const QString &approver, const QStringList &targets)
{
    if (!ready())
        return;
    pipeline::ExportOptions options;
    options.out = path.toStdString();
    options.atHand = m_session.rules(); // the bundle classifies by what the figures beside it are of
    options.approver = approver.trimmed().toStdString();
    options.createdAt = base::Instant{QDateTime::currentMSecsSinceEpoch()};
    for (const QString &target : targets)
        options.targets.push_back(target.toStdString());
    adopt(startJob<pipeline::ExportReport>(
        this, tr("Exporting the bundle"),
        [options, session = m_session.replaySession(), resources = m_session.resources(), policy = m_session.policy(),
         economics = m_session.economics(), workspacePath = m_session.path().toStdString()](
            std::stop_token stop, base::Progress &progress) -> base::Result<pipeline::ExportReport> {
            MULLIGAN_TRY(auto workspace, store::Workspace::open(workspacePath, store::OpenMode::ReadOnly));
            return pipeline::exportBundle(workspace, resources, *session, policy, economics, options, stop, progress);
        },
        [this](pipeline::ExportReport report) {
            m_exported = std::move(report);
            Q_EMIT exportDone();
        }));
}

void DeployController::startVerify(const QString &path)
{
    if (m_job)
        return;
    adopt(startJob<pipeline::VerifyReport>(
        this, tr("Verifying the bundle"),
        [path = path.toStdString()](std::stop_token, base::Progress &progress) {
            progress.begin("Verifying the bundle");
            return pipeline::verifyBundle(path);
        },
        [this, path](pipeline::VerifyReport report) {
            m_verified = std::move(report);
            m_verifiedPath = path;
            Q_EMIT verifyDone();
        }));
}

} // namespace mulligan::desktop
