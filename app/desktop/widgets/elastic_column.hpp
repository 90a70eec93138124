#pragma once

#include <QObject>

#include <vector>

class QTableView;

namespace mulligan::desktop
{

/// Keeps all columns of a table in sight: one whose texts may be cut (a name; the tool tip has it whole) gives way
/// where the table is too narrow for all, down to `least`. A width that the user drags it to is left alone. The last
/// column stretches, and is counted at the width it is given here.
class ElasticColumn : public QObject
{
public:
    /// Sets `widths`, one a column; `column` is the elastic one. Belongs to the table.
    ElasticColumn(QTableView *table, std::vector<int> widths, int column, int least);

    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void fit();

    QTableView *m_table;
    std::vector<int> m_widths;
    int m_column;
    int m_least;
    int m_given; ///< the width that the elastic column got last
};

} // namespace mulligan::desktop
