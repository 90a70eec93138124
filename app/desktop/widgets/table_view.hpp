#pragma once

#include <QString>
#include <QTableView>

#include <set>

class QMenu;

namespace mulligan::desktop
{

/// The window's table: rows are selected whole, copied with Ctrl+C as tab-separated text, exported as CSV; columns can
/// be hidden and moved from the header's menu.
class TableView : public QTableView
{
    Q_OBJECT

public:
    explicit TableView(QWidget *parent = nullptr);

    /// Selected rows (all when none is), visible and folded columns in the order shown, tab-separated with a heading
    /// line.
    [[nodiscard]] QString selectionText() const;
    void copySelection();
    /// Asks for a file and writes all rows of the model; what exportRequested() does unless somebody else listens.
    void chooseExport(const QString &suggestedName);
    [[nodiscard]] bool exportCsv(const QString &path) const;
    /// A menu with one checkable entry a column.
    [[nodiscard]] QMenu *makeColumnMenu(QWidget *parent);
    /// Who exports by itself (a model that fetches pages) sets this and answers exportRequested.
    void setCustomExport(bool custom) { m_customExport = custom; }
    /// Hides a column that nobody asked to be hidden, for want of room or since the table shows what it holds in
    /// another way: it is copied and exported all the same, until the user shows or hides it by the menu. False: shows
    /// it.
    void setColumnFolded(int column, bool folded);
    [[nodiscard]] bool isColumnFolded(int column) const;

Q_SIGNALS:
    void exportRequested();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    [[nodiscard]] QList<int> copiedColumns() const;

    bool m_customExport = false;
    std::set<int> m_folded;
};

/// A field of a CSV file: quoted where RFC 4180 asks for it; a leading =, +, - or @ of a text that is no number gets an
/// apostrophe, since a spreadsheet would run it as a formula.
[[nodiscard]] QString csvField(const QString &text);

} // namespace mulligan::desktop
