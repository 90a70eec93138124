#pragma once

#include <QObject>

#include <optional>
#include <vector>

namespace mulligan::desktop
{

class TableView;

/// Keeps all columns of a table in sight: one whose texts may be cut (a name; the tool tip has it whole) gives way
/// where the table is too narrow for all, down to `least`. A width that the user drags it to is left alone. The last
/// column stretches, and is counted at the width it is given here. Where even that leaves too little, columns that tell
/// least are folded until there is room again; one that the user shows or hides by the header's menu is left alone.
class ElasticColumn : public QObject
{
public:
    /// Sets `widths`, one a column; `column` is the elastic one. Belongs to the table.
    ElasticColumn(TableView *table, std::vector<int> widths, int column, int least);
    /// Which columns may be hidden for want of room, the first first.
    void letGo(std::vector<int> columns);

    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void fit();
    /// Of all columns in sight but the elastic one; nothing where that is the last, which stretches.
    [[nodiscard]] std::optional<int> widthOfOthers() const;
    void letGoUntilFits();

    TableView *m_table;
    std::vector<int> m_widths;
    int m_column;
    int m_least;
    std::vector<int> m_dispensable;
    bool m_fitting = false;
    std::vector<int> m_gone; ///< folded by this, the last last
    int m_given;             ///< the width that the elastic column got last
};

} // namespace mulligan::desktop
