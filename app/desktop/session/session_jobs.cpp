#include "desktop/session/session_state.hpp"
#include "desktop/session/workspace_summary.hpp"
#include "pipeline/train_models.hpp"

namespace mulligan::desktop
{

namespace
{

struct ImportedAndClassified {
    pipeline::ImportReport imported;
    pipeline::ClassifyReport classified;
};

base::Error nothingOpen()
{
    return base::makeError(base::ErrorCode::InvalidArgument, "No workspace is open",
                           "Make or open one on the Start page first.");
}

} // namespace

base::Result<std::shared_ptr<const classify::Classifier>>
rulesForJob(std::shared_ptr<const classify::Classifier> inForce, const pipeline::Resources &resources,
            const QStringList &paths)
{
    if (inForce)
        return inForce;
    std::vector<std::string> files;
    for (const QString &path : paths)
        files.push_back(path.toStdString());
    return pipeline::loadClassifier(resources, files);
}

void Session::reloadData()
{
    if (m_state->summary) {
        m_state->summaryAgain = true;
        return;
    }
    m_state->summary = startJob<WorkspaceSummary>(
        this, tr("Counting"),
        [path = m_state->path.toStdString()](std::stop_token stop, base::Progress &) {
            return fullSummary(path, stop);
        },
        [this](WorkspaceSummary summary) {
            m_state->info = std::move(summary.info);
            m_state->card = std::move(summary.card);
            m_state->freshness = std::move(summary.freshness);
            m_state->rejects = summary.rejects;
            if (std::exchange(m_state->watchResumed, false) && m_state->watch.active())
                m_state->watch.start(m_state->watch.folder(), m_state->watch.minutes(),
                                     m_state->freshness->refreshedAt);
            Q_EMIT watchChanged();
        });
    const auto ended = [this] {
        m_state->summary = nullptr;
        if (std::exchange(m_state->summaryAgain, false)) {
            reloadData();
            return;
        }
        Q_EMIT dataChanged();
        Q_EMIT cardChanged();
        if (!m_state->info.classes.empty())
            m_state->driver.load(m_state->path, m_state->policy, m_state->economics, m_state->rules.classifier());
    };
    connect(m_state->summary, &Job::finished, this, ended);
    connect(m_state->summary, &Job::cancelled, this, ended);
    connect(m_state->summary, &Job::failed, this, [this, ended](const base::Error &error) {
        Q_EMIT errorOccurred(error);
        ended();
    });
}

bool Session::mayStart()
{
    if (!isOpen()) {
        Q_EMIT errorOccurred(nothingOpen());
        return false;
    }
    if (m_state->job) {
        Q_EMIT errorOccurred(m_state->busy());
        return false;
    }
    return true;
}

void Session::adoptJob(Job *job, bool refreshing)
{
    m_state->job = job;
    m_state->refreshing = refreshing;
    // Cancelled or failed half-way, whole sources may have been stored before. A look that found nothing new spares
    // the counting and the replay.
    m_state->broughtNews = true;
    const auto ended = [this] {
        m_state->job = nullptr;
        if (std::exchange(m_state->refreshing, false))
            m_state->watch.refreshed();
        Q_EMIT jobEnded();
        if (m_state->broughtNews)
            reloadData();
    };
    connect(job, &Job::finished, this, ended);
    connect(job, &Job::cancelled, this, ended);
    connect(job, &Job::failed, this, [this, ended](const base::Error &error) {
        if (m_state->refreshing)
            refreshFailed(error);
        else
            Q_EMIT errorOccurred(error);
        ended();
    });
    Q_EMIT jobStarted(job);
}

void Session::importPaths(const QStringList &paths, std::shared_ptr<const ingest::Mapping> mapping)
{
    if (paths.isEmpty() || !mayStart())
        return;
    std::vector<std::string> files;
    for (const QString &path : paths)
        files.push_back(path.toStdString());
    auto work = [path = m_state->path.toStdString(), files, mapping = std::move(mapping),
                 economics = m_state->economics, rules = m_state->settledRules(), resources = m_state->resources,
                 rulePaths = rulePaths()](std::stop_token stop,
                                          base::Progress &progress) -> base::Result<ImportedAndClassified> {
        MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadWrite));
        pipeline::ImportOptions options;
        options.economics = economics;
        options.mapping = mapping;
        ImportedAndClassified both;
        MULLIGAN_TRY(both.imported, pipeline::importSources(workspace, files, options, stop, progress));
        MULLIGAN_TRY(const auto classifier, rulesForJob(rules, resources, rulePaths));
        auto classified = pipeline::classifyWorkspace(workspace, *classifier, stop, progress);
        if (!classified)
            return std::move(classified).error().in("classifying after the import, which is stored");
        both.classified = std::move(classified).value();
        return both;
    };
    adoptJob(startJob<ImportedAndClassified>(this, tr("Importing"), work, [this](ImportedAndClassified both) {
        m_state->lastImport = std::move(both.imported);
        m_state->lastClassify = std::move(both.classified);
    }));
}

void Session::mendRejects(const MendRequest &request)
{
    if (!mayStart())
        return;
    auto work = [path = m_state->path.toStdString(), request, economics = m_state->economics,
                 rules = m_state->settledRules(), resources = m_state->resources,
                 rulePaths = rulePaths()](std::stop_token stop, base::Progress &progress) -> base::Result<MendReport> {
        MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadWrite));
        MULLIGAN_TRY(const auto classifier, rulesForJob(rules, resources, rulePaths));
        pipeline::ImportOptions options;
        options.economics = economics;
        MULLIGAN_TRY(auto report, desktop::mendRejects(workspace, request, options, stop, progress));
        auto classified = pipeline::classifyNew(workspace, *classifier, stop, progress);
        if (!classified)
            return std::move(classified).error().in("classifying after the import, which is stored");
        return report;
    };
    adoptJob(startJob<MendReport>(this, tr("Importing mended rows"), work, [this](MendReport report) {
        m_state->lastImport = report.import;
        Q_EMIT rowsMended(report);
    }));
}

void Session::classify()
{
    if (!mayStart())
        return;
    auto work = [path = m_state->path.toStdString(), rules = m_state->settledRules(), resources = m_state->resources,
                 rulePaths = rulePaths()](std::stop_token stop,
                                          base::Progress &progress) -> base::Result<pipeline::ClassifyReport> {
        MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadWrite));
        MULLIGAN_TRY(const auto classifier, rulesForJob(rules, resources, rulePaths));
        return pipeline::classifyWorkspace(workspace, *classifier, stop, progress);
    };
    adoptJob(startJob<pipeline::ClassifyReport>(this, tr("Classifying"), work, [this](pipeline::ClassifyReport report) {
        m_state->lastClassify = std::move(report);
    }));
}

void Session::train()
{
    if (!mayStart())
        return;
    auto work = [path = m_state->path.toStdString(), economics = m_state->economics](
                    std::stop_token stop, base::Progress &progress) -> base::Result<model::ModelCard> {
        MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadWrite));
        pipeline::TrainRequest request;
        request.economics = economics;
        return pipeline::trainModels(workspace, request, stop, progress);
    };
    adoptJob(startJob<model::ModelCard>(this, tr("Training"), work,
                                        [this](model::ModelCard card) { m_state->card = std::move(card); }));
}

} // namespace mulligan::desktop
