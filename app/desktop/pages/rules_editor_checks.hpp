#pragma once

#include "desktop/jobs/latest_job.hpp"
// moc of Qt 6.4 stumbles over what these headers bring from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "desktop/pages/rules_columns.hpp"
#include "desktop/pages/rules_editor_history.hpp"
#include "desktop/pages/rules_editor_state.hpp"
#include "desktop/pages/rules_editor_trial.hpp"
#endif

#include <QObject>
#include <QTimer>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mulligan::desktop
{

class RulesEditorController;

/// What lint and the samples say of the pack as it is edited.
struct PackChecks {
    using History = std::shared_ptr<const HistoryFindings>;
    std::vector<PackProblem> problems; ///< the worst first
    History history;                   ///< what `problems` has of the workspace's history; null: not looked at
    std::map<std::string, std::vector<classify::SampleFailure>> failedSamples; ///< by rule
    std::uint64_t samples = 0;
    std::uint64_t failed = 0;
};

/// The pack as it is edited, with what is typed and can match put in place. `tried` (see triedDraft) counts as active,
/// so that a rule can be tried before it decides anything.
[[nodiscard]] classify::RulePack packAsEdited(const RulesEditorState &state, const std::string &tried);

/// How packAsEdited counts a rule.
enum class CountedRule {
    AsTyped,
    BeforeError, ///< what is typed cannot match: as its file holds it, which is the last text that was right
    LeftOut      ///< likewise, and no file holds it yet
};
[[nodiscard]] CountedRule countedRule(const RulesEditorState &state, const std::string &id);

/// Checks the pack while it is edited, in the background: compiles it, tries the selected rule on a text, runs every
/// sample against the whole pack and lint over it. The newest request wins. Holds no widgets.
class RulesEditorChecks : public QObject
{
    Q_OBJECT

public:
    explicit RulesEditorChecks(RulesEditorController &controller, QObject *parent = nullptr);

    /// Compiled from the pack as edited; null until it is. Of the edit before while a newer one is being compiled.
    [[nodiscard]] std::shared_ptr<const classify::Classifier> classifier() const { return m_classifier; }
    [[nodiscard]] const PackChecks &checks() const { return m_checks; }
    [[nodiscard]] bool checking() const { return m_checking || m_checkPause.isActive(); }
    /// Lints and tests the whole pack at once, and holds it against the workspace's history. What that showed is kept
    /// of the rules that are not edited later.
    void runNow();
    /// The history is another one now: what the last one showed is dropped.
    void forgetHistory();

    void setTrialText(std::string text);
    [[nodiscard]] const std::string &trialText() const { return m_text; }
    /// Nothing while the text is empty; of the rule before the error where what is typed cannot match.
    [[nodiscard]] const std::optional<RuleTrial> &trial() const { return m_trial; }
    /// trial() is of the rules before an edit; the one of the rules as they are now is on its way.
    [[nodiscard]] bool trying() const { return m_trial.has_value() && m_trying; }

Q_SIGNALS:
    void compiled();      ///< classifier()
    void checksChanged(); ///< checks() or checking()
    void trialChanged();

private:
    void request();
    void followSelection();
    void compile();
    void check(const std::string &workspace);
    [[nodiscard]] classify::Rule countedNow() const;
    void tryText();
    void forgetTrial();

    RulesEditorController &m_controller;
    QTimer m_compilePause;
    QTimer m_checkPause;
    LatestJob m_compileJob{this};
    LatestJob m_checkJob{this};
    LatestJob m_trialJob{this};
    bool m_checking = false;
    bool m_historyAsked = false; ///< and not answered yet: an edit meanwhile does not take the answer away
    bool m_trying = false;
    std::shared_ptr<const classify::Classifier> m_classifier;
    std::string m_tried; ///< the draft that counts as active in it, or in the one that is being compiled
    PackChecks m_checks;
    std::string m_text;
    std::optional<RuleTrial> m_trial;
};

} // namespace mulligan::desktop
