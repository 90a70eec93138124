#pragma once

#include "desktop/session/replay_driver.hpp"
#include "desktop/session/rules_in_force.hpp"
#include "desktop/session/session.hpp"

#include <QPointer>

#include <memory>
#include <optional>

namespace mulligan::desktop
{

/// What a session holds; for its own sources only.
struct Session::State {
    State(pipeline::Resources from, Session *session) : resources(from), rules(from, session), driver(from, session) {}

    pipeline::Resources resources;
    QString path;
    std::optional<store::Workspace> workspace;
    store::WorkspaceInfo info;
    std::uint64_t rejects = 0;
    std::optional<pipeline::ImportReport> lastImport;
    std::optional<pipeline::ClassifyReport> lastClassify;
    std::optional<model::ModelCard> card;
    policy::Policy policy;
    policy::Economics economics;
    policy::Policy savedPolicy; ///< as they were read or saved last
    policy::Economics savedEconomics;
    QUndoStack undo;
    RulesInForce rules;
    std::optional<QStringList> startRules; ///< asked for by whom started the program
    ReplayDriver driver;
    FolderWatch watch;
    std::optional<base::Error> refreshError;
    std::optional<pipeline::RefreshReport> lastRefresh;
    std::optional<pipeline::Freshness> freshness;
    bool refreshing = false;
    bool broughtNews = false;  ///< the job that runs, or the last one
    bool watchResumed = false; ///< the time of the next look waits for the count
    QPointer<Job> job;
    QPointer<Job> summary;
    bool summaryAgain = false;

    void notePolicySaved()
    {
        savedPolicy = policy;
        savedEconomics = economics;
    }

    /// Why nothing else may be started; only while a job runs.
    [[nodiscard]] base::Error busy() const
    {
        return base::makeError(base::ErrorCode::Conflict, "Something is still running: " + job->title().toStdString(),
                               "Wait until it has ended, or cancel it at the bottom of the window.");
    }

    /// The pack in force, or null while a newer one is being compiled: a job then compiles it for itself.
    [[nodiscard]] std::shared_ptr<const classify::Classifier> settledRules() const
    {
        return rules.loading() ? nullptr : rules.classifier();
    }
};

/// The pack in force, or the one a session that has just begun is still compiling.
[[nodiscard]] base::Result<std::shared_ptr<const classify::Classifier>>
rulesForJob(std::shared_ptr<const classify::Classifier> inForce, const pipeline::Resources &resources,
            const QStringList &paths);

} // namespace mulligan::desktop
