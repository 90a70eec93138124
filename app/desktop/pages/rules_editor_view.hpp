#pragma once

#include <QWidget>

// moc of Qt 6.4 stumbles over what these headers bring from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "desktop/pages/rules_columns.hpp"
#endif

class QLabel;
class QTabWidget;

namespace mulligan::desktop
{

class RuleAboutForm;
class RuleDetailPanel;
class RuleForm;
class RuleMatchForm;
class RulesEditorChecks;
class RulesEditorController;
class RuleSamplesForm;
class RuleVerdictForm;

/// The selected rule: an overview with what the policy makes of it, and the forms it is edited in.
class RulesEditorView : public QWidget
{
    Q_OBJECT

public:
    RulesEditorView(RulesEditorController &controller, RulesEditorChecks &checks, QWidget *parent = nullptr);
    /// The rule as the list shows it; null when none is selected.
    void setLine(const RuleLine *line);
    /// "overview", "match", "verdict", "samples" or "about"; another name changes nothing.
    void showTab(const QString &name);
    void focusPattern();
    [[nodiscard]] RuleDetailPanel &overview() const { return *m_detail; }
    [[nodiscard]] RuleSamplesForm &samples() const { return *m_samples; }

private:
    void addForm(RuleForm *form, const QString &name, const QString &title, const QString &toolTip);
    void showRule();
    void showChecks();
    void showTrial();

    RulesEditorController &m_controller;
    RulesEditorChecks &m_checks;
    QLabel *m_title = nullptr;
    QLabel *m_place = nullptr;
    QLabel *m_fault = nullptr;
    QTabWidget *m_tabs = nullptr;
    RuleDetailPanel *m_detail = nullptr;
    RuleMatchForm *m_match = nullptr;
    RuleVerdictForm *m_verdict = nullptr;
    RuleSamplesForm *m_samples = nullptr;
    RuleAboutForm *m_about = nullptr;
    QList<RuleForm *> m_forms;
};

} // namespace mulligan::desktop
