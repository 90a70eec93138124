#pragma once

#include <QString>
#include <QTableWidget>
#include <QVector>

#include <optional>

namespace mulligan::desktop
{

/// One cell: what is shown, and what it sorts by.
struct FigureCell {
    QString text;
    std::optional<double> number; ///< set: a number, right-aligned in tabular figures
    bool strong = false;
    QString help;
};

/// A small table of figures: sorts by number, copies, and exports as CSV.
class FigureTable : public QTableWidget
{
    Q_OBJECT

public:
    /// `help` explains each column, by tooltip.
    FigureTable(const QString &name, const QStringList &columns, const QStringList &help = {},
                QWidget *parent = nullptr);
    void replace(const QVector<QVector<FigureCell>> &rows);
    /// Gives columns of numbers the width they need and the rest to texts; otherwise all are equally wide.
    void setNumbersCompact(bool compact) { m_numbersCompact = compact; }
    /// As tall as its rows, up to `most` of them, so that the page scrolls and not the table.
    void fitRows(int most);
    /// Selected cells, or all when none is; tabs between columns.
    [[nodiscard]] QString toText() const;
    [[nodiscard]] QString toCsv() const;

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    void exportCsv();

    QString m_name;
    bool m_numbersCompact = false;
};

} // namespace mulligan::desktop
