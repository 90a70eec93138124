#pragma once

#include "classify/classifier.hpp"
#include "desktop/jobs/job.hpp"
#include "desktop/session/folder_watch.hpp"
#include "desktop/session/mending.hpp"
#include "model/model_card.hpp"
#include "pipeline/classify_workspace.hpp"
#include "pipeline/import_sources.hpp"
#include "pipeline/refresh.hpp"
#include "pipeline/replay_session.hpp"
#include "pipeline/resources.hpp"
#include "policy/economics.hpp"
#include "policy/policy.hpp"
#include "simulate/lab.hpp"
#include "store/workspace.hpp"

#include <QObject>
#include <QString>
#include <QStringList>
#include <QUndoStack>

#include <memory>
#include <optional>

namespace mulligan::desktop
{

/// What the window works on: one workspace, the rules in force, the policy and economics being edited, and the replay
/// of history under them. Holds no widgets. Long work runs as jobs; the pages listen to the signals and read the rest.
class Session : public QObject
{
    Q_OBJECT

public:
    explicit Session(pipeline::Resources resources, QObject *parent = nullptr);
    ~Session() override;

    [[nodiscard]] const pipeline::Resources &resources() const;

    // The workspace.
    [[nodiscard]] bool isOpen() const;
    [[nodiscard]] QString path() const; ///< empty when none is open
    [[nodiscard]] const store::WorkspaceInfo &info() const;
    [[nodiscard]] std::uint64_t rejects() const; ///< rejected rows that are kept
    void openWorkspace(const QString &path);
    void createWorkspace(const QString &path);
    void closeWorkspace();
    /// The connection of the window's thread; null when none is open. For short queries only.
    [[nodiscard]] store::Workspace *workspace();

    // Long work. One at a time; starting another while one runs is refused with `errorOccurred`.
    /// Imports, then classifies. With a mapping every file is CSV or JSON and read by it.
    void importPaths(const QStringList &paths, std::shared_ptr<const ingest::Mapping> mapping = {});
    void classify();
    void train();
    void mendRejects(const MendRequest &request); ///< ends with rowsMended, or errorOccurred
    [[nodiscard]] Job *currentJob() const;        ///< null when idle
    [[nodiscard]] const std::optional<pipeline::ImportReport> &lastImport() const;
    [[nodiscard]] const std::optional<pipeline::ClassifyReport> &lastClassify() const;

    // A watched folder: looked through every so many minutes as a job like the others, and remembered in the workspace.
    // While something else runs a look is put off by a minute. An error is reported once, until it is another one.
    [[nodiscard]] const FolderWatch &watch() const;
    [[nodiscard]] FolderWatch &watch();
    void watchFolder(const QString &folder, int minutes); ///< looks through it at once
    void stopWatching();
    void refreshNow();
    [[nodiscard]] bool refreshing() const;
    /// Why the last look failed; nothing when it did not.
    [[nodiscard]] const std::optional<base::Error> &refreshError() const;
    [[nodiscard]] const std::optional<pipeline::RefreshReport> &lastRefresh() const;
    /// How fresh data and model are; absent until counted.
    [[nodiscard]] const std::optional<pipeline::Freshness> &freshness() const;

    // The rules in force; reloaded when a file of the pack changes.
    [[nodiscard]] std::shared_ptr<const classify::Classifier> rules() const; ///< the last pack that compiled
    [[nodiscard]] const std::optional<base::Error> &rulesError() const;      ///< why the newest did not
    [[nodiscard]] bool rulesLoading() const; ///< the newest are being compiled: rulesError() is of those before
    [[nodiscard]] QStringList rulePaths() const;
    void setRulePaths(const QStringList &paths); ///< empty: the shipped pack
    /// Rules for this run of the program, in place of those that workspaces remember, until setRulePaths(); workspaces
    /// go on remembering their own.
    void setStartRules(const QStringList &paths);

    // The policy and economics being edited. Every change is one step of the undo stack; changes with equal `what` that
    // follow each other merge (a slider being dragged). Saved in the workspace by save().
    [[nodiscard]] const policy::Policy &policy() const;
    [[nodiscard]] const policy::Economics &economics() const;
    void setPolicy(const policy::Policy &policy, const QString &what);
    void setEconomics(const policy::Economics &economics, const QString &what);
    [[nodiscard]] QUndoStack *undoStack();
    void savePolicy(); ///< policy and economics into the workspace
    /// They differ from what the workspace holds.
    [[nodiscard]] bool policyUnsaved() const;

    // The replay under them. Recomputed in the background after a change; `stale` until the newest has arrived.
    [[nodiscard]] std::shared_ptr<const pipeline::ReplaySession> replaySession() const; ///< null until loaded
    [[nodiscard]] std::shared_ptr<const simulate::ReplayResult> replay() const;         ///< null until computed
    /// The fast path for thresholds under the policy's other settings; null until compiled. While stale() is true it
    /// may still be that of the settings before.
    [[nodiscard]] const std::optional<simulate::LabTable> &lab() const;
    [[nodiscard]] bool stale() const;
    /// The history is being read: replaySession(), where there is one, is of the one before. Ends with sessionLoaded(),
    /// or with replayChanged() where it cannot be read.
    [[nodiscard]] bool historyLoading() const;
    /// What the history is short of where there is nothing to replay.
    [[nodiscard]] const std::optional<base::Error> &lacking() const;
    [[nodiscard]] const std::optional<model::ModelCard> &card() const;

Q_SIGNALS:
    void workspaceChanged(); ///< another workspace, or none
    void dataChanged();      ///< imported, classified or trained: everything in it may differ
    void rulesChanged();     ///< another pack compiled, or rulesError() changed
    void ruleFilesTouched(); ///< somebody wrote, made or removed one of its files; rulesChanged() follows
    void policyChanged();    ///< also on undo and redo
    void economicsChanged();
    void policySaved();
    void sessionLoaded(); ///< replaySession() is there
    void replayChanged(); ///< replay(), lab() or stale() changed
    void cardChanged();
    void watchChanged(); ///< watch(), refreshError(), lastRefresh() or freshness()
    void watchResumed(); ///< a workspace was opened that watches a folder
    void rowsMended(const mulligan::desktop::MendReport &report);
    void jobStarted(mulligan::desktop::Job *job);
    void jobEnded();
    void errorOccurred(const base::Error &error); ///< to be shown
    /// What was reported holds no longer (undone, mended, another pack): nobody needs to read it any more.
    void errorSettled(const base::Error &error);

private:
    void adoptSettings();
    void reloadData();
    bool mayStart();
    void adoptJob(Job *job, bool refreshing = false);
    void resumeWatching();
    void refreshWhenDue();
    void startRefresh();
    void adoptRefresh(pipeline::RefreshReport report);
    void refreshFailed(const base::Error &error);

    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace mulligan::desktop
