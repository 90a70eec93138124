#pragma once

#include "desktop/models/rows_model.hpp"
// moc of Qt 6.4 stumbles over what these headers bring from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "desktop/pages/rules_columns.hpp"
#endif

#include <QWidget>

#include <string>
#include <vector>

class QAction;
class QBoxLayout;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QSortFilterProxyModel;
class QStackedWidget;
class QTabWidget;
class QToolButton;

namespace mulligan::desktop
{

class EmptyState;
class RuleProblemsPanel;
class TableView;

/// The rules of the pack and, on a second tab, what is wrong with them.
class RulesListPanel : public QWidget
{
    Q_OBJECT

public:
    explicit RulesListPanel(QWidget *parent = nullptr);
    /// Keeps the selection.
    void setLines(std::vector<RuleLine> lines);
    void setProblems(std::vector<PackProblem> problems, bool checking);
    /// There are no rules to have any, or they cannot be read: nothing is said of problems.
    void forgetProblems();
    /// Selects a rule by its key. One that the search hides is left alone, unless `clearSearch`.
    void select(const std::string &key, bool clearSearch = false);
    [[nodiscard]] const RuleLine *line(const std::string &key) const;
    void showProblems();
    void focusSearch();
    /// Selects the problem after the one that is selected, and its rule.
    void nextProblem();
    /// Menus shown beside the search.
    void addMenu(const QString &title, const QString &toolTip, const QList<QAction *> &actions);
    /// By place in the files, which moving a rule changes.
    void sortByOrder();
    /// The first rule as the list is sorted.
    void selectFirst();

Q_SIGNALS:
    void ruleSelected(const QString &key);
    void problemActivated(const QString &rule, int line);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *buildRules();
    void nameProblems();
    void showCount();
    [[nodiscard]] std::string selectedKey() const;

    QTabWidget *m_tabs = nullptr;
    QLineEdit *m_search = nullptr;
    QBoxLayout *m_tools = nullptr; ///< search and menus, below each other where the list is narrow
    QHBoxLayout *m_menus = nullptr;
    QStackedWidget *m_found = nullptr; ///< the table, or that no rule matches
    EmptyState *m_nothing = nullptr;
    QLabel *m_count = nullptr;
    TableView *m_table = nullptr;
    RowsModel<RuleLine> *m_model = nullptr;
    QSortFilterProxyModel *m_proxy = nullptr;
    RuleProblemsPanel *m_problems = nullptr;
    bool m_checking = false;
    bool m_checked = false; ///< there is something to say of problems
    bool m_setting = false;
};

} // namespace mulligan::desktop
