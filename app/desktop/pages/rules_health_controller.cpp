#include "desktop/pages/rules_health_controller.hpp"

#include "desktop/session/session.hpp"

namespace mulligan::desktop
{

RulesHealthController::RulesHealthController(Session &session, QObject *parent) : QObject(parent), m_session(session)
{
    connect(&m_session, &Session::workspaceChanged, this, [this] {
        delete m_job.data();
        m_report.reset();
        m_profile.reset();
    });
    // Times are of the rules as they were.
    connect(&m_session, &Session::rulesChanged, this, [this] { m_profile.reset(); });
}

RulesHealthController::~RulesHealthController()
{
    delete m_job.data();
}

void RulesHealthController::load()
{
    start(false);
}

void RulesHealthController::measureTime()
{
    start(true);
}

void RulesHealthController::start(bool profile)
{
    const auto rules = m_session.rules();
    if (!rules || !m_session.isOpen())
        return;
    delete m_job.data();
    m_job = startJob<pipeline::HealthReport>(
        this, profile ? tr("Measuring the rules") : tr("Reading the health of the rules"),
        [path = m_session.path().toStdString(), rules,
         profile](std::stop_token stop, base::Progress &progress) -> base::Result<pipeline::HealthReport> {
            MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadOnly));
            pipeline::HealthOptions options;
            options.profile = profile;
            return pipeline::ruleHealth(workspace, rules->pack(), options, stop, progress);
        },
        [this](pipeline::HealthReport report) { adopt(std::move(report)); });
    connect(m_job, &Job::failed, this, &RulesHealthController::failed);
    Q_EMIT jobStarted(m_job);
}

void RulesHealthController::adopt(pipeline::HealthReport report)
{
    if (report.profiledTexts > 0) {
        m_profile.emplace();
        m_profile->texts = report.profiledTexts;
        m_profile->bytes = report.profiledBytes;
        for (const auto &rule : report.rules)
            if (rule.seconds)
                m_profile->seconds[rule.rule.id] = *rule.seconds;
    } else if (m_profile) {
        for (auto &rule : report.rules)
            if (const auto measured = m_profile->seconds.find(rule.rule.id); measured != m_profile->seconds.end())
                rule.seconds = measured->second;
    }
    m_report = std::move(report);
    Q_EMIT changed();
}

} // namespace mulligan::desktop
