#pragma once

#include "desktop/models/rows_model.hpp"
// moc of Qt 6.4 stumbles over what this header brings from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "desktop/pages/rules_columns.hpp"
#endif

#include <QWidget>

#include <vector>

class QComboBox;

namespace mulligan::desktop
{

class TableView;

/// What is wrong with the rules, the worst first, or that of one kind alone: a pack for many systems has thousands of
/// rules that never hit, and one sample that fails.
class RuleProblemsPanel : public QWidget
{
    Q_OBJECT

public:
    explicit RuleProblemsPanel(QWidget *parent = nullptr);
    /// Keeps the selection and, as long as there are any, the kind that is shown.
    void setProblems(std::vector<PackProblem> problems);
    /// "2 errors, 14 warnings, 2,229 never hit", and shorter names; the last is the shortest.
    [[nodiscard]] QStringList names() const;
    /// How many there are of each kind, a line each.
    [[nodiscard]] QString summary() const;
    /// Selects the problem after the one that is selected, and its rule; whether there is one.
    bool next();
    [[nodiscard]] TableView *table() const { return m_table; }

Q_SIGNALS:
    void activated(const QString &rule, int line);

private:
    void buildTable();
    void fillKinds();
    void showKind();
    void open(int row);

    QComboBox *m_kinds = nullptr;
    TableView *m_table = nullptr;
    RowsModel<PackProblem> *m_model = nullptr;
};

} // namespace mulligan::desktop
