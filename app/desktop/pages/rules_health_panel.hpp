#pragma once

#include "desktop/pages/rules_panel.hpp"
// moc of Qt 6.4 stumbles over what these headers bring from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "desktop/pages/rules_health_columns.hpp"
#endif

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace mulligan::desktop
{

class RulesHealthController;
class TableView;

/// How the rules do: hits over time, successes hit, time, audited precision, age; classes with their trend; the share
/// that no rule knows, over time and by job or team.
class RulesHealthPanel : public RulesPanel
{
    Q_OBJECT

public:
    explicit RulesHealthPanel(Session &session, QWidget *parent = nullptr);
    /// "never_hit" and other concerns filter the rules; "job" and "team" choose what the share is split by.
    void reveal(const QString &argument) override;

protected:
    void load() override;

private:
    [[nodiscard]] QWidget *buildTools();
    [[nodiscard]] QWidget *buildOlder();
    [[nodiscard]] QWidget *buildRules();
    [[nodiscard]] QWidget *buildClasses();
    [[nodiscard]] QWidget *buildShare();
    [[nodiscard]] QWidget *buildWorst();
    void showReport();
    void showOlder();
    void showConcerns();
    void showWorst();
    void showShare();
    void filterRules();
    void openRule();
    void openFailures();

    RulesHealthController *m_controller = nullptr;
    QLineEdit *m_search = nullptr;
    QComboBox *m_concern = nullptr;
    QLabel *m_count = nullptr;
    QPushButton *m_failures = nullptr;
    QPushButton *m_time = nullptr;
    QWidget *m_older = nullptr;
    QLabel *m_olderWords = nullptr;
    TableView *m_rules = nullptr;
    RowsModel<HealthLine> *m_ruleModel = nullptr;
    TableView *m_classes = nullptr;
    RowsModel<ClassLine> *m_classModel = nullptr;
    ShareChart *m_chart = nullptr;
    QComboBox *m_by = nullptr;
    TableView *m_worst = nullptr;
    RowsModel<pipeline::UnclassifiedHealth> *m_worstModel = nullptr;
};

} // namespace mulligan::desktop
