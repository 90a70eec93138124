#include "desktop/charts/figure_table.hpp"

#include "desktop/shell/theme.hpp"
#include "formats/file.hpp"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QFileDialog>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QMessageBox>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace mulligan::desktop
{

namespace
{

/// Sorts by its number where it has one; cells without come last.
class NumberItem : public QTableWidgetItem
{
public:
    NumberItem(const QString &text, double number) : QTableWidgetItem(text), m_number(number) {}

    bool operator<(const QTableWidgetItem &other) const override
    {
        const auto *number = dynamic_cast<const NumberItem *>(&other);
        return number != nullptr ? m_number < number->m_number : QTableWidgetItem::operator<(other);
    }

private:
    double m_number;
};

} // namespace

FigureTable::FigureTable(const QString &name, const QStringList &columns, const QStringList &help, QWidget *parent)
    : QTableWidget(0, static_cast<int>(columns.size()), parent), m_name(name)
{
    setAccessibleName(name);
    setHorizontalHeaderLabels(columns);
    for (int column = 0; column < columns.size(); ++column) {
        QTableWidgetItem *title = horizontalHeaderItem(column);
        title->setToolTip(help.value(column));
        title->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    }
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(28);
    horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    horizontalHeader()->setMinimumSectionSize(60);
    horizontalHeader()->setHighlightSections(false);
    // The cells' own margin, so that headings stand above what they name.
    horizontalHeader()->setStyleSheet(QStringLiteral("QHeaderView::section { padding: 6px 4px; }"));
    setTextElideMode(Qt::ElideMiddle);
    setShowGrid(false);
    setAlternatingRowColors(true);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setWordWrap(false);
}

void FigureTable::replace(const QVector<QVector<FigureCell>> &rows)
{
    setSortingEnabled(false);
    setRowCount(static_cast<int>(rows.size()));
    for (int r = 0; r < rows.size(); ++r) {
        for (int c = 0; c < columnCount() && c < rows[r].size(); ++c) {
            const FigureCell &cell = rows[r][c];
            auto *item = cell.number ? new NumberItem(cell.text, *cell.number) : new QTableWidgetItem(cell.text);
            QFont face = cell.number ? numberFont() : font();
            face.setBold(cell.strong);
            item->setFont(face);
            item->setTextAlignment((cell.number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
            item->setToolTip(cell.help);
            setItem(r, c, item);
        }
    }
    if (!rows.isEmpty()) {
        for (int c = 0; c < columnCount() && c < rows.front().size(); ++c) {
            const bool number = rows.front()[c].number.has_value();
            if (m_numbersCompact)
                horizontalHeader()->setSectionResizeMode(c,
                                                         number ? QHeaderView::ResizeToContents : QHeaderView::Stretch);
            horizontalHeaderItem(c)->setTextAlignment((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
        }
    }
    horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder); // as given, until a heading is clicked
    setSortingEnabled(true);
}

void FigureTable::fitRows(int most)
{
    const int rows = std::clamp(rowCount(), 1, most);
    const int height = horizontalHeader()->sizeHint().height() + rows * verticalHeader()->defaultSectionSize() + 4;
    setFixedHeight(height);
    setVerticalScrollBarPolicy(rowCount() > most ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
}

QString FigureTable::toText() const
{
    const auto chosen = selectionModel()->selectedRows();
    QStringList lines;
    for (int r = 0; r < rowCount(); ++r) {
        if (!chosen.isEmpty() && !selectionModel()->isRowSelected(r))
            continue;
        QStringList cells;
        for (int c = 0; c < columnCount(); ++c)
            cells << (item(r, c) != nullptr ? item(r, c)->text() : QString());
        lines << cells.join(QLatin1Char('\t'));
    }
    return lines.join(QLatin1Char('\n'));
}

QString FigureTable::toCsv() const
{
    const auto quoted = [](QString field) {
        const bool plain = !field.contains(QLatin1Char(',')) && !field.contains(QLatin1Char('"'))
                           && !field.contains(QLatin1Char('\n'));
        return plain ? field
                     : QLatin1Char('"') + field.replace(QLatin1Char('"'), QStringLiteral("\"\"")) + QLatin1Char('"');
    };
    QString out;
    for (int r = -1; r < rowCount(); ++r) {
        QStringList cells;
        for (int c = 0; c < columnCount(); ++c) {
            const QTableWidgetItem *cell = r < 0 ? horizontalHeaderItem(c) : item(r, c);
            cells << quoted(cell != nullptr ? cell->text() : QString());
        }
        out += cells.join(QLatin1Char(',')) + QLatin1Char('\n');
    }
    return out;
}

void FigureTable::exportCsv()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Export table"), m_name + QStringLiteral(".csv"),
                                                      QStringLiteral("CSV (*.csv)"));
    if (path.isEmpty())
        return;
    const auto written = formats::writeFileAtomically(path.toStdString(), toCsv().toStdString());
    if (!written)
        QMessageBox::warning(this, tr("Export table"), QString::fromStdString(written.error().text()));
}

void FigureTable::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        QApplication::clipboard()->setText(toText());
        return;
    }
    QTableWidget::keyPressEvent(event);
}

void FigureTable::contextMenuEvent(QContextMenuEvent *event)
{
    QMenu menu(this);
    menu.addAction(tr("Copy"), this, [this] { QApplication::clipboard()->setText(toText()); });
    menu.addAction(tr("Export as CSV…"), this, &FigureTable::exportCsv);
    menu.exec(event->globalPos());
}

} // namespace mulligan::desktop
