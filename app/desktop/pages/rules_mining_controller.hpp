#pragma once

#include "desktop/jobs/job.hpp"
// moc of Qt 6.4 stumbles over what this header brings from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "pipeline/mine_workspace.hpp"
#endif

#include <QObject>
#include <QPointer>
#include <QTimer>

#include <optional>
#include <string>

namespace mulligan::desktop
{

class Session;

/// Mines the failures that no rule knows into clusters, and drafts a rule of the cluster that is selected; both in the
/// background. Holds no widgets.
class RulesMiningController : public QObject
{
    Q_OBJECT

public:
    RulesMiningController(Session &session, QObject *parent);
    ~RulesMiningController() override;

    /// Clusters what is new and lists anew. `all`: classified failures count as well.
    void mine(pipeline::MineOrder order, bool all);
    /// Absent until mined.
    [[nodiscard]] const std::optional<pipeline::MiningReport> &report() const { return m_report; }

    /// Drafts the rule of a cluster a moment later, unless another is selected by then; empty: none is selected.
    void select(const std::string &cluster);
    [[nodiscard]] const std::string &selected() const { return m_selected; }
    [[nodiscard]] const pipeline::MinedCluster *cluster() const;
    /// Of the selected cluster; nothing until it is drafted.
    [[nodiscard]] const std::optional<pipeline::RuleDraft> &draft() const { return m_draft; }
    /// Why there is no draft.
    [[nodiscard]] const std::optional<base::Error> &draftError() const { return m_draftError; }
    [[nodiscard]] bool drafting() const { return m_pause.isActive() || m_draftJob != nullptr; }

Q_SIGNALS:
    void jobStarted(mulligan::desktop::Job *job);
    void changed();      ///< report()
    void draftChanged(); ///< draft(), draftError() or drafting()
    void failed(const base::Error &error);

private:
    void startDraft();
    void draftFailed(const base::Error &error);

    Session &m_session;
    QPointer<Job> m_job;
    QTimer m_pause;
    QPointer<Job> m_draftJob;
    std::optional<pipeline::MiningReport> m_report;
    std::string m_selected;
    std::optional<pipeline::RuleDraft> m_draft;
    std::optional<base::Error> m_draftError;
};

} // namespace mulligan::desktop
