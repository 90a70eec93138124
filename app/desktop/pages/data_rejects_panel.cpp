#include "desktop/pages/data_rejects_panel.hpp"

#include "desktop/session/session.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/icons.hpp"
#include "desktop/widgets/table_view.hpp"
#include "ingest/redacting_sink.hpp"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

// More rows than anyone reads; the export has them all.
constexpr size_t kRejectsShown = 20'000;

QString fileName(const std::string &path)
{
    return text(path).section(QLatin1Char('/'), -1);
}

QString number(std::uint64_t count)
{
    return countText(static_cast<double>(count));
}

} // namespace

DataRejectsPanel::DataRejectsPanel(Session &session, QWidget *parent) : DataPanel(session, parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, kGapSmall, 0, 0);
    layout->setSpacing(kGapSmall);
    layout->addWidget(buildTools());
    auto *split = new QSplitter(Qt::Vertical, this);
    split->setChildrenCollapsible(false);
    split->addWidget(buildTable());
    split->addWidget(buildEditor());
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    split->setSizes({320, 220});
    layout->addWidget(split, 1);
    connect(&session, &Session::rowsMended, this, &DataRejectsPanel::tellMended);
    connect(&session, &Session::workspaceChanged, this, &DataRejectsPanel::discard);
    connect(&session, &Session::jobStarted, this, &DataRejectsPanel::updateButtons);
    connect(&session, &Session::jobEnded, this, &DataRejectsPanel::updateButtons);
    updateButtons();
}

QWidget *DataRejectsPanel::buildTools()
{
    auto *tools = new QWidget(this);
    auto *row = new QHBoxLayout(tools);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kGapSmall);
    m_count = makeLabel({}, "muted", tools);
    row->addWidget(m_count);
    m_outcome = makeLabel({}, "gain", tools);
    m_outcome->setWordWrap(true);
    row->addWidget(m_outcome, 1);
    auto *save = new QPushButton(icon(QStringLiteral("export")), tr("Export as JSON Lines…"), tools);
    connect(save, &QPushButton::clicked, this, &DataRejectsPanel::exportRows);
    row->addWidget(save);
    return tools;
}

QWidget *DataRejectsPanel::buildTable()
{
    m_table = new TableView(this);
    m_table->setAccessibleName(tr("Rejected rows"));
    m_model = new RowsModel<RejectEntry>(rejectColumns(), this);
    m_table->setModel(m_model);
    m_table->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder); // as they stand in their sources
    m_table->setSortingEnabled(true);
    const int widths[] = {220, 70, 70, 420};
    for (int column = 0; column < static_cast<int>(std::size(widths)); ++column)
        m_table->setColumnWidth(column, widths[column]);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &DataRejectsPanel::editSelected);
    return m_table;
}

QWidget *DataRejectsPanel::buildEditor()
{
    auto *editor = new QWidget(this);
    auto *layout = new QVBoxLayout(editor);
    layout->setContentsMargins(0, kGapSmall, 0, 0);
    layout->setSpacing(kGapSmall);
    m_what = makeLabel({}, "muted", editor);
    m_what->setWordWrap(true);
    layout->addWidget(m_what);
    m_text = new QPlainTextEdit(editor);
    m_text->setFont(logFont());
    m_text->setAccessibleName(tr("Text of the rejected rows, to be mended"));
    m_text->setPlaceholderText(tr("Select a row to see its text and to mend it."));
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setTabChangesFocus(true);
    connect(m_text->document(), &QTextDocument::modificationChanged, this, &DataRejectsPanel::updateButtons);
    layout->addWidget(m_text, 1);
    auto *row = new QHBoxLayout;
    row->setSpacing(kGapSmall);
    m_whole = new QPushButton(tr("All rows of this source"), editor);
    connect(m_whole, &QPushButton::clicked, this, &DataRejectsPanel::editWholeSource);
    row->addWidget(m_whole);
    m_discard = new QPushButton(icon(QStringLiteral("undo")), tr("Discard edits"), editor);
    connect(m_discard, &QPushButton::clicked, this, [this] {
        discard();
        editSelected();
    });
    row->addWidget(m_discard);
    row->addStretch(1);
    m_map = new QPushButton(tr("Map and import again…"), editor);
    m_map->setToolTip(tr("Say what the columns of this source stand for, and read it anew"));
    connect(m_map, &QPushButton::clicked, this,
            [this] { Q_EMIT navigationRequested(QStringLiteral("action:map-import"), text(m_request.source)); });
    row->addWidget(m_map);
    m_import = new QPushButton(icon(QStringLiteral("import")), tr("Import mended rows…"), editor);
    connect(m_import, &QPushButton::clicked, this, &DataRejectsPanel::importMended);
    row->addWidget(m_import);
    layout->addLayout(row);
    return editor;
}

Job *DataRejectsPanel::startLoading()
{
    using Entries = std::vector<RejectEntry>;
    return startJob<Entries>(
        this, tr("Reading rejected rows"),
        [path = session().path().toStdString()](std::stop_token stop, base::Progress &) {
            return rejectEntries(path, kRejectsShown, stop);
        },
        [this](Entries entries) { showEntries(std::move(entries)); });
}

void DataRejectsPanel::showEntries(std::vector<RejectEntry> entries)
{
    const bool all = entries.size() < kRejectsShown;
    const QString count = number(entries.size());
    m_count->setText(entries.empty() ? tr("Every row could be used.")
                     : all           ? tr("Rows that could not be used: %1").arg(count)
                                     : tr("The first %1 rejected rows; the export has all.").arg(count));
    m_model->setRows(std::move(entries));
    if (!m_text->document()->isModified()) {
        const QString outcome = m_outcome->text();
        discard();
        m_outcome->setText(outcome);
        if (m_model->rowCount() > 0)
            m_table->selectRow(0);
    }
    updateButtons();
}

const RejectEntry *DataRejectsPanel::selected() const
{
    const QModelIndex index = m_table->currentIndex();
    return index.isValid() ? &m_model->row(index.row()) : nullptr;
}

void DataRejectsPanel::edit(const std::vector<const RejectEntry *> &entries)
{
    const RejectEntry &first = *entries.front();
    m_request = {first.row.source, first.format, {}, {}};
    m_refusal = whyNotMendable(first.format, first.mapped);
    QString rows;
    bool cut = false;
    for (const RejectEntry *entry : entries) {
        m_request.rows.push_back(entry->row.id);
        rows += text(entry->row.text) + QLatin1Char('\n');
        cut = cut || ingest::RedactingSink::isCut(entry->row.reason, entry->row.text);
    }
    rows.chop(1);
    QString what =
        entries.size() == 1
            ? tr("Line %1 of %2: %3").arg(number(first.row.line), fileName(first.row.source), text(first.row.reason))
            : tr("%1 rows of %2, one a line").arg(number(entries.size()), fileName(first.row.source));
    what += what.endsWith(QLatin1Char('.')) ? QString() : QStringLiteral(".");
    if (cut)
        what += QLatin1Char(' ') + tr("Of a row longer than 4 KiB only the beginning was kept; complete it.");
    if (!m_refusal.empty())
        what += QLatin1Char(' ') + text(m_refusal);
    m_what->setText(what);
    m_text->setPlainText(rows);
    m_text->setReadOnly(!m_refusal.empty());
    m_text->document()->setModified(false);
    updateButtons();
}

void DataRejectsPanel::editSelected()
{
    // Edits are not lost by looking at another row.
    const RejectEntry *entry = selected();
    if (entry != nullptr && !m_text->document()->isModified())
        edit({entry});
}

void DataRejectsPanel::editWholeSource()
{
    std::vector<const RejectEntry *> entries;
    for (const RejectEntry &entry : m_model->rows()) {
        if (entry.row.source == m_request.source)
            entries.push_back(&entry);
    }
    if (!entries.empty())
        edit(entries);
}

void DataRejectsPanel::discard()
{
    m_request = {};
    m_refusal.clear();
    m_what->clear();
    m_text->clear();
    m_text->document()->setModified(false);
    m_outcome->clear();
    updateButtons();
}

void DataRejectsPanel::importMended()
{
    m_outcome->clear();
    m_request.text = m_text->toPlainText().toStdString();
    session().mendRejects(m_request);
}

void DataRejectsPanel::tellMended(const MendReport &report)
{
    discard();
    m_outcome->setText(report.failing == 0 ? tr("✓ Rows imported: %1.").arg(number(report.attempts))
                                           : tr("✓ Rows imported: %1; still rejected and listed anew: %2.")
                                                 .arg(number(report.attempts), number(report.failing)));
}

void DataRejectsPanel::updateButtons()
{
    const bool any = !m_request.rows.empty();
    const bool edited = m_text->document()->isModified();
    const bool idle = session().currentJob() == nullptr;
    m_whole->setEnabled(any && !edited);
    m_discard->setEnabled(edited);
    m_map->setEnabled(any);
    m_import->setEnabled(any && edited && idle && m_refusal.empty());
    m_import->setToolTip(!m_refusal.empty() ? text(m_refusal)
                         : edited           ? tr("Reads the edited rows as a file of the same kind")
                                            : tr("Edit the text first"));
    if (edited)
        m_what->setToolTip(tr("Edited: import the rows or discard the edits to look at others."));
    else
        m_what->setToolTip({});
}

void DataRejectsPanel::exportRows()
{
    const QString path = QFileDialog::getSaveFileName(window(), tr("Export rejected rows"), tr("rejects.jsonl"),
                                                      tr("JSON Lines (*.jsonl)"));
    if (path.isEmpty())
        return;
    auto *job = startJob<std::uint64_t>(
        this, tr("Exporting"),
        [from = session().path().toStdString(), path](std::stop_token stop, base::Progress &) {
            return writeRejects(from, path, stop);
        },
        [this](std::uint64_t rows) { m_outcome->setText(tr("✓ Rows written: %1").arg(number(rows))); });
    connect(job, &Job::failed, &session(), &Session::errorOccurred);
}

} // namespace mulligan::desktop
