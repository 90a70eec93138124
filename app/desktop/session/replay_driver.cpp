#include "desktop/session/replay_driver.hpp"

namespace mulligan::desktop
{

namespace
{

// A dragged slider asks many times a second; one replay for the lot is enough, and 40 ms is not felt.
constexpr int kSettleMs = 40;

policy::Policy withoutThresholds(policy::Policy policy)
{
    policy.thresholds.clear();
    policy.defaultThreshold = 0.0;
    return policy;
}

/// Whether scores depend on what differs: the price book enters the predicted costs, the rest does not.
bool samePrices(const policy::Economics &a, const policy::Economics &b)
{
    return a.defaultPrice == b.defaultPrice && a.prices == b.prices && a.assumedVcores == b.assumedVcores
           && a.assumedMemoryGib == b.assumedMemoryGib;
}

} // namespace

ReplayDriver::ReplayDriver(pipeline::Resources resources, QObject *parent)
    : QObject(parent), m_resources(std::move(resources))
{
    m_settle.setSingleShot(true);
    m_settle.setInterval(kSettleMs);
    connect(&m_settle, &QTimer::timeout, this, &ReplayDriver::startReplay);
}

ReplayDriver::~ReplayDriver()
{
    delete m_loader.data();
    delete m_job.data();
}

void ReplayDriver::load(const QString &workspacePath, const policy::Policy &policy, const policy::Economics &economics,
                        std::shared_ptr<const classify::Classifier> rules)
{
    if (workspacePath != m_path)
        m_session.reset();
    m_path = workspacePath;
    m_policy = policy;
    m_economics = economics;
    m_rules = std::move(rules);
    startLoading();
}

void ReplayDriver::setRules(std::shared_ptr<const classify::Classifier> rules)
{
    m_rules = std::move(rules);
    // One that is being loaded is given them when it arrives.
    if (!m_session || m_loader)
        return;
    m_session = m_session->withRules(m_rules);
    if (m_policy.disabledRules.empty())
        return;
    m_lab.reset();
    Q_EMIT loaded();
    request(m_policy, m_economics);
}

void ReplayDriver::clear()
{
    ++m_generation;
    ++m_loadGeneration;
    m_settle.stop();
    delete m_loader.data();
    delete m_job.data();
    m_path.clear();
    m_session.reset();
    m_replay.reset();
    m_lab.reset();
    m_lacking.reset();
    m_stale = false;
    Q_EMIT changed();
}

/// Ends without figures.
void ReplayDriver::giveUp(const base::Error &error)
{
    m_replay.reset();
    m_lab.reset();
    m_stale = false;
    if (error.code == base::ErrorCode::InsufficientData)
        m_lacking = error;
    else
        Q_EMIT failed(error);
}

void ReplayDriver::request(const policy::Policy &policy, const policy::Economics &economics)
{
    m_policy = policy;
    m_economics = economics;
    if (m_path.isEmpty())
        return;
    if (!samePrices(m_economics, m_loadedEconomics)) {
        startLoading();
        return;
    }
    ++m_generation;
    m_stale = true;
    if (m_job)
        m_job->cancel();
    m_settle.start();
    Q_EMIT changed();
}

void ReplayDriver::startLoading()
{
    ++m_generation;
    // Edits that come while it loads do not make what is loaded older.
    const auto generation = ++m_loadGeneration;
    m_stale = true;
    m_settle.stop();
    if (m_job)
        m_job->cancel();
    if (m_loader) {
        m_loader->cancel();
        return; // its end starts the newest
    }
    m_loadedEconomics = m_economics;
    using Loaded = std::shared_ptr<const pipeline::ReplaySession>;
    m_loader = startJob<Loaded>(
        this, tr("Loading the history"),
        [path = m_path.toStdString(), economics = m_economics, rules = m_rules, before = m_session,
         resources = m_resources](std::stop_token stop, base::Progress &progress) -> base::Result<Loaded> {
            MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadOnly));
            MULLIGAN_TRY(auto space, pipeline::loadSpace(resources));
            return pipeline::ReplaySession::open(workspace, economics, std::move(space), rules, stop, progress, before);
        },
        [this, generation](Loaded session) {
            if (generation != m_loadGeneration)
                return;
            m_session = session->rules() == m_rules ? std::move(session) : session->withRules(m_rules);
            m_lab.reset();
            m_lacking.reset();
        });
    const auto ended = [this, generation] {
        m_loader = nullptr;
        if (generation != m_loadGeneration) {
            startLoading();
            return;
        }
        if (m_session) {
            Q_EMIT loaded();
            startReplay();
        }
        Q_EMIT changed();
    };
    connect(m_loader, &Job::finished, this, ended);
    connect(m_loader, &Job::cancelled, this, ended);
    connect(m_loader, &Job::failed, this, [this, ended](const base::Error &error) {
        m_session.reset();
        giveUp(error);
        ended();
    });
    Q_EMIT changed();
}

void ReplayDriver::whenEnded(Job *job, std::uint64_t generation, void (ReplayDriver::*next)())
{
    const auto ended = [this, generation, next] {
        m_job = nullptr;
        if (generation != m_generation) {
            if (!m_settle.isActive())
                startReplay();
            return;
        }
        (this->*next)();
    };
    connect(job, &Job::finished, this, ended);
    connect(job, &Job::cancelled, this, ended);
    connect(job, &Job::failed, this, [this, generation](const base::Error &error) {
        m_job = nullptr;
        if (generation != m_generation) {
            startReplay();
            return;
        }
        giveUp(error);
        Q_EMIT changed();
    });
}

void ReplayDriver::startReplay()
{
    // While a job runs, its end starts the newest request; while the history loads, its arrival does.
    if (!m_session || m_loader || m_job)
        return;
    m_stale = true;
    const auto generation = m_generation;
    using Replayed = std::shared_ptr<const simulate::ReplayResult>;
    m_job = startJob<Replayed>(
        this, tr("Replaying history"),
        [session = m_session, policy = m_policy,
         economics = m_economics](std::stop_token stop, base::Progress &progress) -> base::Result<Replayed> {
            MULLIGAN_TRY(auto result, session->replay(policy, economics, {}, stop, progress));
            return Replayed(std::make_shared<const simulate::ReplayResult>(std::move(result)));
        },
        [this, generation](Replayed result) {
            if (generation != m_generation)
                return;
            m_replay = std::move(result);
            m_lacking.reset();
            m_stale = !labFits();
            Q_EMIT changed();
        });
    whenEnded(m_job, generation, &ReplayDriver::startLab);
}

bool ReplayDriver::labFits() const
{
    return m_lab.has_value() && m_labEconomics == m_economics
           && withoutThresholds(m_labPolicy) == withoutThresholds(m_policy);
}

void ReplayDriver::startLab()
{
    if (!m_session || labFits())
        return;
    const auto generation = m_generation;
    m_job = startJob<simulate::LabTable>(
        this, tr("Preparing the lab"),
        [session = m_session, policy = m_policy, economics = m_economics](std::stop_token stop,
                                                                          base::Progress &progress) {
            return session->compileLab(policy, economics, {}, stop, progress);
        },
        [this, generation, policy = m_policy, economics = m_economics](simulate::LabTable table) {
            if (generation != m_generation)
                return;
            m_lab = std::move(table);
            m_labPolicy = policy;
            m_labEconomics = economics;
            m_stale = false;
            Q_EMIT changed();
        });
    whenEnded(m_job, generation, &ReplayDriver::startLab);
}

} // namespace mulligan::desktop
