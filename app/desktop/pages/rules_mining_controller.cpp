#include "desktop/pages/rules_mining_controller.hpp"

#include "desktop/session/session.hpp"

#include <QDate>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

// Walking through the list with the arrow keys drafts nothing on the way.
constexpr int kPauseMs = 250;
// More than anybody looks through; what is rarer than these is found by the search of the Failures page.
constexpr std::size_t kListed = 1000;

} // namespace

RulesMiningController::RulesMiningController(Session &session, QObject *parent) : QObject(parent), m_session(session)
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &RulesMiningController::startDraft);
    connect(&m_session, &Session::workspaceChanged, this, [this] {
        delete m_job.data();
        select({});
        m_report.reset();
    });
}

RulesMiningController::~RulesMiningController()
{
    delete m_job.data();
    delete m_draftJob.data();
}

void RulesMiningController::mine(pipeline::MineOrder order, bool all)
{
    if (!m_session.isOpen())
        return;
    delete m_job.data();
    m_job = startJob<pipeline::MiningReport>(
        this, tr("Mining the unclassified failures"),
        [path = m_session.path().toStdString(), order,
         all](std::stop_token stop, base::Progress &progress) -> base::Result<pipeline::MiningReport> {
            MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadWriteIfAllowed));
            pipeline::MineOptions options;
            options.order = order;
            options.all = all;
            options.limit = kListed;
            options.checks = false; // of the one that is selected only
            return pipeline::mineWorkspace(workspace, options, stop, progress);
        },
        [this](pipeline::MiningReport report) {
            m_report = std::move(report);
            Q_EMIT changed();
        });
    connect(m_job, &Job::failed, this, &RulesMiningController::failed);
    Q_EMIT jobStarted(m_job);
}

const pipeline::MinedCluster *RulesMiningController::cluster() const
{
    if (!m_report)
        return nullptr;
    const auto &all = m_report->clusters;
    const auto found =
        std::find_if(all.begin(), all.end(), [this](const auto &each) { return each.cluster.id == m_selected; });
    return found != all.end() ? &*found : nullptr;
}

void RulesMiningController::select(const std::string &cluster)
{
    if (cluster == m_selected && (m_draft || drafting()))
        return;
    m_selected = cluster;
    m_draft.reset();
    m_draftError.reset();
    delete m_draftJob.data(); // superseded
    if (cluster.empty())
        m_pause.stop();
    else
        m_pause.start();
    Q_EMIT draftChanged();
}

void RulesMiningController::startDraft()
{
    m_draftJob = startJob<pipeline::RuleDraft>(
        this, tr("Drafting a rule"),
        [path = m_session.path().toStdString(), cluster = m_selected,
         date = QDate::currentDate().toString(Qt::ISODate).toStdString()](
            std::stop_token stop, base::Progress &progress) -> base::Result<pipeline::RuleDraft> {
            MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadOnly));
            return pipeline::draftRule(workspace, cluster, date, stop, progress);
        },
        [this](pipeline::RuleDraft draft) {
            m_draft = std::move(draft);
            m_draftJob = nullptr;
            Q_EMIT draftChanged();
        });
    connect(m_draftJob, &Job::failed, this, &RulesMiningController::draftFailed);
    connect(m_draftJob, &Job::cancelled, this, [this] {
        draftFailed(base::makeError(base::ErrorCode::Cancelled, "Drafting the rule was cancelled",
                                    "Select the cluster again to draft it."));
    });
    Q_EMIT jobStarted(m_draftJob);
}

void RulesMiningController::draftFailed(const base::Error &error)
{
    m_draftError = error;
    m_draftJob = nullptr;
    Q_EMIT draftChanged();
}

} // namespace mulligan::desktop
