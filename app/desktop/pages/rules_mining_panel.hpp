#pragma once

#include "desktop/pages/rules_panel.hpp"
// moc of Qt 6.4 stumbles over what these headers bring from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "desktop/pages/rules_mining_columns.hpp"
#endif

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace mulligan::desktop
{

class LogView;
class RulesMiningController;
class RulesMiningDraft;
class TableView;

/// Failures that no rule knows, grouped by what they say: the dearest or the most frequent first, and for each a draft
/// rule that can go into the pack.
class RulesMiningPanel : public RulesPanel
{
    Q_OBJECT

public:
    explicit RulesMiningPanel(Session &session, QWidget *parent = nullptr);
    [[nodiscard]] RulesMiningController &mining() { return *m_controller; }

protected:
    void load() override;
    void changeEvent(QEvent *event) override;

private:
    [[nodiscard]] QWidget *buildTools();
    QWidget *buildDetail();
    [[nodiscard]] QWidget *buildList();
    [[nodiscard]] QWidget *buildCluster();
    [[nodiscard]] QWidget *buildDraft();
    void mine();
    void showReport();
    void filter();
    void showCluster();
    void showDraft();
    void accept();

    RulesMiningController *m_controller = nullptr;
    QLineEdit *m_search = nullptr;
    QComboBox *m_order = nullptr;
    QCheckBox *m_all = nullptr;
    QLabel *m_count = nullptr;
    QPushButton *m_failures = nullptr;
    TableView *m_table = nullptr;
    RowsModel<pipeline::MinedCluster> *m_model = nullptr;
    QLabel *m_template = nullptr;
    QLabel *m_about = nullptr;
    LogView *m_examples = nullptr;
    QLabel *m_alone = nullptr;
    TableView *m_neighbours = nullptr;
    RowsModel<pipeline::ClusterNeighbour> *m_neighbourModel = nullptr;
    RulesMiningDraft *m_draft = nullptr;
};

} // namespace mulligan::desktop
