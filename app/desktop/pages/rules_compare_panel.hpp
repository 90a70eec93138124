#pragma once

#include "desktop/pages/rules_panel.hpp"
// moc of Qt 6.4 stumbles over what these headers bring from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "desktop/pages/rules_compare_columns.hpp"
#include "desktop/pages/rules_pack_choice.hpp"
#endif

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace mulligan::desktop
{

class EmptyState;
class RulesCompareController;
class StatRow;
class TableView;

/// Two packs on the same history: which failures change rule or class, what that weighs, and what it does to savings.
class RulesComparePanel : public RulesPanel
{
    Q_OBJECT

public:
    explicit RulesComparePanel(Session &session, QWidget *parent = nullptr);
    [[nodiscard]] RulesCompareController &comparing() { return *m_controller; }
    /// "A|B" of "in-force", "edited", "classified", "shipped" or paths compares these two.
    void reveal(const QString &argument) override;

protected:
    void load() override;

private:
    [[nodiscard]] QWidget *buildTools();
    [[nodiscard]] QToolButton *buildExport(QWidget *row);
    [[nodiscard]] QWidget *buildResult();
    [[nodiscard]] QWidget *buildMoves();
    [[nodiscard]] QWidget *buildExamples();
    [[nodiscard]] QWidget *buildSuccesses();
    void compare();
    void showRunning(Job *job);
    void showIdle();
    void showComparison();
    void showFigures();
    void filterMoves();
    void showExamples();
    /// The menu of files can be used as soon as there is a comparison to write.
    void offerExport();
    void exportJson();

    RulesCompareController *m_controller = nullptr;
    PackChooser *m_a = nullptr;
    PackChooser *m_b = nullptr;
    QCheckBox *m_savings = nullptr;
    QPushButton *m_run = nullptr;
    QToolButton *m_save = nullptr;
    QStackedWidget *m_stack = nullptr;
    EmptyState *m_nothing = nullptr;
    QPushButton *m_cancel = nullptr;
    QLabel *m_heading = nullptr;
    QLabel *m_verdict = nullptr;
    StatRow *m_stats = nullptr;
    QComboBox *m_kind = nullptr;
    TableView *m_moves = nullptr;
    RowsModel<pipeline::RuleMove> *m_moveModel = nullptr;
    TableView *m_examples = nullptr;
    RowsModel<store::FailureRow> *m_exampleModel = nullptr;
    TableView *m_successes = nullptr;
    RowsModel<SuccessLine> *m_successModel = nullptr;
    bool m_wanted = false; ///< to be compared as soon as there is something to compare on
};

} // namespace mulligan::desktop
