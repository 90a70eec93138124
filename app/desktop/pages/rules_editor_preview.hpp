#pragma once

#include "desktop/jobs/latest_job.hpp"
// moc of Qt 6.4 stumbles over what these headers bring from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "desktop/pages/rules_editor_checks.hpp"
#include "pipeline/classified_pack.hpp"
#include "pipeline/rule_preview.hpp"
#include "pipeline/rule_savings.hpp"
#endif

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace mulligan::desktop
{

class RulesEditorController;
class Session;

/// What the pack as it is edited would change in the workspace, against the pack in force. Texts are loaded once a
/// workspace and pack in the background, when first asked for; each edit is then answered as soon as typing rests, and
/// the newest wins. Holds no widgets.
class RulesEditorPreview : public QObject
{
    Q_OBJECT

public:
    RulesEditorPreview(Session &session, RulesEditorController &controller, QObject *parent = nullptr);

    /// Whether there is somebody to see it; nothing is loaded or computed while there is not.
    void setWatched(bool watched);
    enum class Phase {
        NoHistory, ///< no workspace is open, or it holds no failures
        Waiting,   ///< until the rules are compiled
        Loading,   ///< the workspace's texts
        Computing, ///< a newer answer is on its way; preview() is the older one
        Ready,
        Failed
    };
    [[nodiscard]] Phase phase() const { return m_phase; }
    [[nodiscard]] const std::optional<base::Error> &error() const { return m_error; }
    /// Of the newest edit that was answered; nothing before the first.
    [[nodiscard]] const std::optional<pipeline::PackPreview> &preview() const { return m_preview; }
    /// What the selected rule does; null when no edit touches it.
    [[nodiscard]] const pipeline::RuleEffect *effectOfSelected() const;
    /// preview() counts the selected rule, a draft that decides nothing yet, as active.
    [[nodiscard]] bool triesDraft() const;
    /// How the selected rule counts in the pack that preview() is of.
    [[nodiscard]] CountedRule counted() const;
    /// How the rules in force, which edits are compared with, differ from those the stored verdicts came from.
    [[nodiscard]] const pipeline::PackDifference &sinceClassified() const { return m_sinceClassified; }
    /// The newest files do not compile: the rules in force are those of before.
    [[nodiscard]] bool rulesOfBefore() const;
    /// The stored verdicts are those of the rules in force, as far as is known; else figures of them are older ones.
    [[nodiscard]] bool classifiedInForce() const { return m_classifiedInForce; }
    /// What net savings of the policy become with the edit, from the rules in force whatever the stored verdicts are.
    /// Replayed in the background once typing rests for longer.
    [[nodiscard]] const std::optional<pipeline::RuleSavings> &savings() const { return m_savings; }
    /// savings() is on its way.
    [[nodiscard]] bool replaying() const;
    /// Of the loading, 0 to 1; negative when not known.
    [[nodiscard]] double progress() const;
    void cancel();

Q_SIGNALS:
    void changed();

private:
    void reload();
    void load();
    void request();
    void compute();
    [[nodiscard]] bool wantsSavings() const;
    void followSelection();
    void requestSavings();
    void replayIfHeld();
    void replay();
    void makeBase();
    void forgetBase();
    void setPhase(Phase phase);
    void fail(const base::Error &error);

    Session &m_session;
    RulesEditorController &m_controller;
    QTimer m_pause;
    LatestJob m_loadJob{this};
    LatestJob m_job{this};
    QTimer m_savingsPause;
    LatestJob m_savingsJob{this};
    std::optional<pipeline::RuleSavings> m_savings;
    LatestJob m_baseJob{this};
    bool m_makingBase = false;
    bool m_held = false; ///< the replay waits for the history that is being read
    /// With the verdicts of the rules in force, where those that are stored are others; null until it is made.
    std::shared_ptr<const pipeline::ReplaySession> m_base;
    std::shared_ptr<const classify::Classifier> m_inForce; ///< what the texts were loaded with
    bool m_classifiedInForce = true;
    std::shared_ptr<const pipeline::RulePreview> m_texts;
    pipeline::PackDifference m_sinceClassified;
    std::optional<pipeline::PackPreview> m_preview;
    std::string m_tried; ///< the draft that counts as active in it, or in the one that is on its way
    std::optional<base::Error> m_error;
    Phase m_phase = Phase::NoHistory;
    bool m_watched = false;
};

} // namespace mulligan::desktop
