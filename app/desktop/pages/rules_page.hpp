#pragma once

#include "desktop/jobs/job.hpp"
// moc of Qt 6.4 stumbles over what these headers bring from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "desktop/pages/rules_columns.hpp"
#endif
#include "desktop/shell/page.hpp"

#include <QPointer>
#include <QTimer>

#include <map>
#include <set>
#include <string>

class QLabel;
class QPushButton;
class QTabWidget;

namespace mulligan::desktop
{

class RuleEffectCard;
class RulesEditorActions;
class RulesEditorChecks;
class RulesEditorController;
class RulesEditorPreview;
class RulesEditorView;
class RulesListPanel;
class RulesNotice;
class RulesPanel;
class RulesSavings;
class RuleTrialPanel;

/// The rule workbench. Its first tab edits the pack: the rules with their hits and problems, the selected rule in
/// forms, what it would change in the workspace, and a log it is tried on. The other tabs are those of rules_tab.hpp.
class RulesPage : public Page
{
    Q_OBJECT

public:
    explicit RulesPage(Session &session, QWidget *parent = nullptr);
    ~RulesPage() override;
    void activate() override;
    /// "editor" shows its first tab as it is; "rule:ID" selects a rule, "edit:ID", "verdict:ID", "samples:ID",
    /// "about:ID" and "overview:ID" show that part of it; "problems" lists those of the pack; "text:TEXT" and
    /// "failure:ATTEMPT" try a log, "new:TEXT" and "new-from:ATTEMPT" begin a rule from one; "sample:ATTEMPT" makes one
    /// a sample of the selected rule; the name of another tab shows it, what follows a colon is passed on.
    void reveal(const QString &argument) override;
    bool saveEdits() override;
    [[nodiscard]] bool hasUnsavedEdits() const override { return m_unsaved; }
    bool mayLeave() override;

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    QWidget *buildEditor();
    QWidget *buildToolRow();
    QWidget *buildPackButton();
    void buildTabs();
    void followPack(RulesPanel *panel);
    void connectSession();
    void connectEditor();
    void connectPolicy();
    void connectTrial();
    void loadHits();
    void settleRefusal();
    void followObstacles();
    void showLines();
    void showChecks();
    void showFiles();
    void showClassify();
    void showInForce();
    void showTrial();
    void showSelected();
    void fillTrial();
    void makeCopy();
    bool revealTab(const QString &argument);
    [[nodiscard]] RuleLine lineOf(const std::string &key, int order) const;

    Session &m_session;
    RulesEditorController *m_controller = nullptr;
    RulesEditorChecks *m_checks = nullptr;
    RulesEditorPreview *m_preview = nullptr;
    RulesEditorActions *m_actions = nullptr;
    QTabWidget *m_tabs = nullptr;
    RulesNotice *m_notice = nullptr;
    RulesListPanel *m_list = nullptr;
    RulesEditorView *m_view = nullptr;
    RuleEffectCard *m_effect = nullptr;
    RuleTrialPanel *m_trial = nullptr;
    RulesSavings *m_savings = nullptr;
    QLabel *m_pack = nullptr;
    QLabel *m_tests = nullptr;
    QPushButton *m_save = nullptr;
    QPushButton *m_classify = nullptr;
    QTimer m_linesPause;
    std::map<std::string, store::RuleHits> m_hits;
    QPointer<Job> m_hitsJob;
    std::set<std::string> m_shownDisabled;
    std::map<std::string, model::RuleAction> m_shownActions;
    std::string m_wanted;    ///< a rule that was asked for before the files were open
    bool m_asked = false;    ///< another page asked for a rule
    bool m_sampleLog = true; ///< the log shows a sample of the selected rule, not what somebody chose
    bool m_fillingLog = false;
    bool m_testsAsked = false; ///< the next checks answer the button
    bool m_dirty = true;
    bool m_unsaved = false;
    bool m_savedSince = false;            ///< since the failures were classified
    bool m_obstructed = false;            ///< something on disk stands in the way of a save
    std::optional<base::Error> m_refused; ///< the editor's, as long as it may be shown
};

} // namespace mulligan::desktop
