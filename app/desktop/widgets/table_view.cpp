#include "desktop/widgets/table_view.hpp"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QFileDialog>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QMessageBox>
#include <QSaveFile>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

QList<int> shownColumns(const TableView &view, bool withFolded = false)
{
    QList<int> columns;
    for (int visual = 0; visual < view.horizontalHeader()->count(); ++visual) {
        const int logical = view.horizontalHeader()->logicalIndex(visual);
        if (!view.isColumnHidden(logical) || (withFolded && view.isColumnFolded(logical)))
            columns << logical;
    }
    return columns;
}

QString line(const QAbstractItemModel &model, int row, const QList<int> &columns, QChar separator, bool csv)
{
    QStringList cells;
    for (const int column : columns) {
        QString cell =
            row < 0 ? model.headerData(column, Qt::Horizontal).toString() : model.index(row, column).data().toString();
        if (csv)
            cell = csvField(cell);
        else
            cell.replace(QLatin1Char('\t'), QLatin1Char(' ')).replace(QLatin1Char('\n'), QLatin1Char(' '));
        cells << cell;
    }
    return cells.join(separator);
}

} // namespace

TableView::TableView(QWidget *parent) : QTableView(parent)
{
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setAlternatingRowColors(true);
    setShowGrid(false);
    setWordWrap(false);
    setTextElideMode(Qt::ElideRight);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setTabKeyNavigation(false);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 10);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsMovable(true);
    horizontalHeader()->setStretchLastSection(true);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(horizontalHeader(), &QWidget::customContextMenuRequested, this, [this](const QPoint &position) {
        auto *menu = makeColumnMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->popup(horizontalHeader()->mapToGlobal(position));
    });
}

QList<int> TableView::copiedColumns() const
{
    return shownColumns(*this, true);
}

void TableView::setColumnFolded(int column, bool folded)
{
    if (folded)
        m_folded.insert(column);
    else
        m_folded.erase(column);
    setColumnHidden(column, folded);
}

bool TableView::isColumnFolded(int column) const
{
    return m_folded.count(column) > 0 && isColumnHidden(column);
}

QString TableView::selectionText() const
{
    if (model() == nullptr)
        return {};
    const QList<int> columns = copiedColumns();
    QStringList lines{line(*model(), -1, columns, QLatin1Char('\t'), false)};
    QModelIndexList selected = selectionModel()->selectedRows();
    std::sort(selected.begin(), selected.end(), [](const auto &a, const auto &b) { return a.row() < b.row(); });
    for (const QModelIndex &index : std::as_const(selected))
        lines << line(*model(), index.row(), columns, QLatin1Char('\t'), false);
    return lines.join(QLatin1Char('\n'));
}

void TableView::copySelection()
{
    QApplication::clipboard()->setText(selectionText());
}

bool TableView::exportCsv(const QString &path) const
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return false;
    const QList<int> columns = copiedColumns();
    for (int row = -1; row < model()->rowCount(); ++row)
        file.write((line(*model(), row, columns, QLatin1Char(','), true) + QStringLiteral("\r\n")).toUtf8());
    return file.commit();
}

void TableView::chooseExport(const QString &suggestedName)
{
    const QString path = QFileDialog::getSaveFileName(window(), tr("Export table"), suggestedName, tr("CSV (*.csv)"));
    if (path.isEmpty() || exportCsv(path))
        return;
    QMessageBox::warning(
        window(), tr("Export table"),
        tr("Cannot write %1. Check that there is space and that the folder may be written.").arg(path));
}

QMenu *TableView::makeColumnMenu(QWidget *parent)
{
    auto *menu = new QMenu(tr("Columns"), parent);
    for (int visual = 0; visual < horizontalHeader()->count(); ++visual) {
        const int column = horizontalHeader()->logicalIndex(visual);
        auto *action = menu->addAction(model()->headerData(column, Qt::Horizontal).toString());
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(column));
        connect(action, &QAction::toggled, this, [this, column](bool shown) {
            // The last one stays, else there would be no header to bring the others back from.
            if (!shown && shownColumns(*this).size() <= 1)
                return;
            m_folded.erase(column); // from here on the user decides
            setColumnHidden(column, !shown);
        });
    }
    return menu;
}

void TableView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        copySelection();
        return;
    }
    QTableView::keyPressEvent(event);
}

void TableView::contextMenuEvent(QContextMenuEvent *event)
{
    if (model() == nullptr)
        return;
    QMenu menu(this);
    menu.addAction(tr("Copy rows"), QKeySequence::Copy, this, &TableView::copySelection);
    menu.addAction(tr("Export all as CSV…"), this, [this] {
        if (m_customExport)
            Q_EMIT exportRequested();
        else
            chooseExport(tr("table.csv"));
    });
    menu.addSeparator();
    menu.addMenu(makeColumnMenu(&menu));
    menu.exec(event->globalPos());
}

QString csvField(const QString &text)
{
    QString field = text;
    bool number = false;
    field.toDouble(&number);
    if (!field.isEmpty() && !number && QStringLiteral("=+-@").contains(field.front()))
        field.prepend(QLatin1Char('\''));
    if (!field.contains(QLatin1Char(',')) && !field.contains(QLatin1Char('"')) && !field.contains(QLatin1Char('\n'))
        && !field.contains(QLatin1Char('\r')))
        return field;
    field.replace(QLatin1Char('"'), QStringLiteral("\"\""));
    return QLatin1Char('"') + field + QLatin1Char('"');
}

} // namespace mulligan::desktop
