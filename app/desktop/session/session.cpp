#include "desktop/session/session.hpp"

#include "desktop/session/edit_commands.hpp"
#include "desktop/session/session_state.hpp"
#include "desktop/session/workspace_summary.hpp"

#include <QFileInfo>

namespace mulligan::desktop
{

namespace
{

constexpr int kPolicyEdit = 1;
constexpr int kEconomicsEdit = 2;

} // namespace

Session::Session(pipeline::Resources resources, QObject *parent)
    : QObject(parent), m_state(std::make_unique<State>(std::move(resources), nullptr))
{
    connect(&m_state->rules, &RulesInForce::changed, this, &Session::rulesChanged);
    connect(&m_state->rules, &RulesInForce::filesTouched, this, &Session::ruleFilesTouched);
    // The replay resolves switched-off rules by the pack in force.
    connect(&m_state->rules, &RulesInForce::changed, this, [this] {
        if (isOpen() && m_state->rules.classifier())
            m_state->driver.setRules(m_state->rules.classifier());
    });
    connect(&m_state->driver, &ReplayDriver::loaded, this, &Session::sessionLoaded);
    connect(&m_state->driver, &ReplayDriver::changed, this, &Session::replayChanged);
    connect(&m_state->driver, &ReplayDriver::failed, this, &Session::errorOccurred);
    connect(&m_state->watch, &FolderWatch::changed, this, &Session::watchChanged);
    connect(&m_state->watch, &FolderWatch::due, this, &Session::refreshWhenDue);
    const auto policy = pipeline::loadPolicy(m_state->resources);
    const auto economics = pipeline::loadEconomics(m_state->resources);
    if (policy)
        m_state->policy = policy.value();
    if (economics)
        m_state->economics = economics.value();
    m_state->notePolicySaved();
    m_state->rules.setPaths({});
}

Session::~Session()
{
    // Jobs hand their results to the state, so they end before it does.
    const auto jobs = findChildren<Job *>();
    qDeleteAll(jobs);
}

const pipeline::Resources &Session::resources() const
{
    return m_state->resources;
}

bool Session::isOpen() const
{
    return m_state->workspace.has_value();
}

QString Session::path() const
{
    return m_state->path;
}

const store::WorkspaceInfo &Session::info() const
{
    return m_state->info;
}

store::Workspace *Session::workspace()
{
    return m_state->workspace.has_value() ? &*m_state->workspace : nullptr;
}

void Session::createWorkspace(const QString &path)
{
    if (m_state->job) {
        Q_EMIT errorOccurred(m_state->busy());
        return;
    }
    auto made = store::Workspace::create(path.toStdString());
    if (!made) {
        Q_EMIT errorOccurred(made.error());
        return;
    }
    openWorkspace(path);
}

std::uint64_t Session::rejects() const
{
    return m_state->rejects;
}

void Session::openWorkspace(const QString &path)
{
    if (m_state->job) {
        Q_EMIT errorOccurred(m_state->busy());
        return;
    }
    // A workspace that may not be written can be looked at all the same.
    auto opened = store::Workspace::open(path.toStdString(), store::OpenMode::ReadWriteIfAllowed);
    if (!opened) {
        Q_EMIT errorOccurred(opened.error());
        return;
    }
    closeWorkspace();
    m_state->workspace.emplace(std::move(opened).value());
    m_state->path = QFileInfo(path).absoluteFilePath();
    adoptSettings();
    auto quick = quickSummary(*m_state->workspace);
    if (quick)
        m_state->info = quick.value();
    Q_EMIT workspaceChanged();
    Q_EMIT policyChanged();
    Q_EMIT economicsChanged();
    reloadData();
    resumeWatching();
}

void Session::adoptSettings()
{
    auto policy = pipeline::workspacePolicy(*m_state->workspace, m_state->resources);
    auto economics = pipeline::workspaceEconomics(*m_state->workspace, m_state->resources);
    if (policy)
        m_state->policy = policy.value();
    else
        Q_EMIT errorOccurred(policy.error());
    if (economics)
        m_state->economics = economics.value();
    else
        Q_EMIT errorOccurred(economics.error());
    m_state->notePolicySaved();
    QStringList rulePaths = m_state->startRules.value_or(QStringList());
    if (const auto own = pipeline::workspaceRules(*m_state->workspace); own && !m_state->startRules)
        for (const std::string &path : *own)
            rulePaths.append(QString::fromStdString(path));
    if (rulePaths != m_state->rules.paths())
        m_state->rules.setPaths(rulePaths);
}

void Session::closeWorkspace()
{
    if (!m_state->workspace.has_value())
        return;
    const bool wasRunning = m_state->job != nullptr;
    delete m_state->job.data();
    delete m_state->summary.data();
    m_state->refreshing = false;
    m_state->refreshError.reset();
    m_state->lastRefresh.reset();
    m_state->freshness.reset();
    m_state->watchResumed = false;
    m_state->watch.stop();
    if (wasRunning)
        Q_EMIT jobEnded();
    m_state->summaryAgain = false;
    m_state->workspace.reset();
    m_state->path.clear();
    m_state->info = {};
    m_state->rejects = 0;
    m_state->lastImport.reset();
    m_state->lastClassify.reset();
    m_state->card.reset();
    m_state->undo.clear();
    m_state->driver.clear();
    Q_EMIT workspaceChanged();
    Q_EMIT cardChanged();
}

Job *Session::currentJob() const
{
    return m_state->job;
}

const std::optional<pipeline::ImportReport> &Session::lastImport() const
{
    return m_state->lastImport;
}

const std::optional<pipeline::ClassifyReport> &Session::lastClassify() const
{
    return m_state->lastClassify;
}

std::shared_ptr<const classify::Classifier> Session::rules() const
{
    return m_state->rules.classifier();
}

const std::optional<base::Error> &Session::rulesError() const
{
    return m_state->rules.error();
}

bool Session::rulesLoading() const
{
    return m_state->rules.loading();
}

QStringList Session::rulePaths() const
{
    return m_state->rules.paths();
}

void Session::setRulePaths(const QStringList &paths)
{
    const bool asked = std::exchange(m_state->startRules, std::nullopt).has_value();
    if (paths == m_state->rules.paths() && !asked)
        return;
    if (paths != m_state->rules.paths())
        m_state->rules.setPaths(paths);
    if (!isOpen())
        return;
    std::vector<std::string> own;
    for (const QString &path : paths)
        own.push_back(path.toStdString());
    const auto stored = pipeline::saveWorkspaceRules(*m_state->workspace, own);
    if (!stored)
        Q_EMIT errorOccurred(stored.error());
}

void Session::setStartRules(const QStringList &paths)
{
    m_state->startRules = paths;
    if (paths != m_state->rules.paths())
        m_state->rules.setPaths(paths);
}

const policy::Policy &Session::policy() const
{
    return m_state->policy;
}

const policy::Economics &Session::economics() const
{
    return m_state->economics;
}

void Session::setPolicy(const policy::Policy &policy, const QString &what)
{
    if (policy == m_state->policy)
        return;
    m_state->undo.push(new EditCommand<policy::Policy>(m_state->policy, policy, what, kPolicyEdit,
                                                       [this](const policy::Policy &value) {
                                                           m_state->policy = value;
                                                           Q_EMIT policyChanged();
                                                           m_state->driver.request(m_state->policy, m_state->economics);
                                                       }));
}

void Session::setEconomics(const policy::Economics &economics, const QString &what)
{
    if (economics == m_state->economics)
        return;
    m_state->undo.push(new EditCommand<policy::Economics>(
        m_state->economics, economics, what, kEconomicsEdit, [this](const policy::Economics &value) {
            m_state->economics = value;
            Q_EMIT economicsChanged();
            m_state->driver.request(m_state->policy, m_state->economics);
        }));
}

QUndoStack *Session::undoStack()
{
    return &m_state->undo;
}

void Session::savePolicy()
{
    if (!mayStart())
        return;
    auto saved = pipeline::saveWorkspacePolicy(*m_state->workspace, m_state->policy);
    if (saved)
        saved = pipeline::saveWorkspaceEconomics(*m_state->workspace, m_state->economics);
    if (!saved) {
        Q_EMIT errorOccurred(saved.error());
        return;
    }
    m_state->notePolicySaved();
    m_state->undo.setClean();
    Q_EMIT policySaved();
    if (m_state->info.policies.empty())
        m_state->info.policies.emplace_back("policy.yaml");
}

bool Session::policyUnsaved() const
{
    return m_state->policy != m_state->savedPolicy || m_state->economics != m_state->savedEconomics;
}

std::shared_ptr<const pipeline::ReplaySession> Session::replaySession() const
{
    return m_state->driver.session();
}

std::shared_ptr<const simulate::ReplayResult> Session::replay() const
{
    return m_state->driver.replay();
}

const std::optional<simulate::LabTable> &Session::lab() const
{
    return m_state->driver.lab();
}

const std::optional<base::Error> &Session::lacking() const
{
    return m_state->driver.lacking();
}

bool Session::stale() const
{
    return m_state->driver.stale();
}

bool Session::historyLoading() const
{
    return m_state->driver.loading();
}

const std::optional<model::ModelCard> &Session::card() const
{
    return m_state->card;
}

} // namespace mulligan::desktop
