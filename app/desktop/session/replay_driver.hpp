#pragma once

#include "desktop/jobs/job.hpp"
#include "pipeline/replay_session.hpp"
#include "pipeline/resources.hpp"

#include <QObject>
#include <QPointer>
#include <QTimer>

#include <memory>
#include <optional>

namespace mulligan::desktop
{

/// Keeps a replay of history up to date with the policy and economics being edited: loads the history once, replays
/// after every change, and compiles the lab's table. The newest request wins; a superseded one is cancelled.
class ReplayDriver : public QObject
{
    Q_OBJECT

public:
    explicit ReplayDriver(pipeline::Resources resources, QObject *parent);
    ~ReplayDriver() override;

    /// Loads a workspace's history and models in the background, then replays. What the session of before holds of the
    /// same workspace, and what did not change since, is kept.
    void load(const QString &workspacePath, const policy::Policy &policy, const policy::Economics &economics,
              std::shared_ptr<const classify::Classifier> rules);
    /// Another pack says what matches where a policy switches rules off. Nothing is loaded; only such a policy is
    /// replayed anew.
    void setRules(std::shared_ptr<const classify::Classifier> rules);
    /// Forgets everything.
    void clear();
    /// Replays under these from now on.
    void request(const policy::Policy &policy, const policy::Economics &economics);

    [[nodiscard]] std::shared_ptr<const pipeline::ReplaySession> session() const { return m_session; }
    [[nodiscard]] std::shared_ptr<const simulate::ReplayResult> replay() const { return m_replay; }
    [[nodiscard]] const std::optional<simulate::LabTable> &lab() const { return m_lab; }
    [[nodiscard]] bool stale() const { return m_stale; }
    [[nodiscard]] bool loading() const { return m_loader != nullptr; }
    /// Why there is nothing to replay: what the history is short of. No failure of the program, so not told by
    /// failed().
    [[nodiscard]] const std::optional<base::Error> &lacking() const { return m_lacking; }

Q_SIGNALS:
    void loaded();
    void changed(); ///< replay(), lab() or stale()
    void failed(const base::Error &error);

private:
    void startLoading();
    void startReplay();
    void startLab();
    void giveUp(const base::Error &error);
    void whenEnded(Job *job, std::uint64_t generation, void (ReplayDriver::*next)());
    [[nodiscard]] bool labFits() const;

    pipeline::Resources m_resources;
    QString m_path;
    policy::Policy m_policy;
    policy::Economics m_economics;
    policy::Economics m_loadedEconomics;
    std::shared_ptr<const classify::Classifier> m_rules;
    std::shared_ptr<const pipeline::ReplaySession> m_session;
    std::shared_ptr<const simulate::ReplayResult> m_replay;
    std::optional<simulate::LabTable> m_lab;
    std::optional<base::Error> m_lacking;
    policy::Policy m_labPolicy;
    policy::Economics m_labEconomics;
    QTimer m_settle;
    QPointer<Job> m_loader;
    QPointer<Job> m_job;
    std::uint64_t m_generation = 0;     ///< of the newest request
    std::uint64_t m_loadGeneration = 0; ///< of the history to load
    bool m_stale = false;
};

} // namespace mulligan::desktop
