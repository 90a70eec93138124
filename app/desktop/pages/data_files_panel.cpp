#include "desktop/pages/data_files_panel.hpp"

#include "desktop/session/session.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/elastic_column.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/icons.hpp"
#include "desktop/widgets/table_view.hpp"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

namespace mulligan::desktop
{

namespace
{

constexpr int kPauseMs = 150; // while somebody types
constexpr int kJoinedColumn = 7;
constexpr int kSeenColumn = 12;

} // namespace

DataFilesPanel::DataFilesPanel(Session &session, QWidget *parent) : DataPanel(session, parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, kGapSmall, 0, 0);
    layout->setSpacing(kGapSmall);
    buildTable();
    layout->addWidget(buildTools());
    auto *split = new QSplitter(Qt::Vertical, this);
    split->setChildrenCollapsible(false);
    split->addWidget(m_table);
    m_detail = new QPlainTextEdit(split);
    m_detail->setReadOnly(true);
    m_detail->setAccessibleName(tr("Details of the selected file"));
    m_detail->setPlaceholderText(tr("Select a file to see its path, reason, warnings and what it covers."));
    split->addWidget(m_detail);
    split->setStretchFactor(0, 1);
    split->setSizes({400, 130});
    layout->addWidget(split, 1);
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &DataFilesPanel::applyFilter);
}

QWidget *DataFilesPanel::buildTools()
{
    auto *tools = new QWidget(this);
    auto *row = new QHBoxLayout(tools);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kGapSmall);
    m_words = new QLineEdit(tools);
    m_words->setPlaceholderText(tr("Filter by path, format or reason"));
    m_words->setAccessibleName(tr("Filter files"));
    m_words->setClearButtonEnabled(true);
    m_words->setMaximumWidth(320);
    connect(m_words, &QLineEdit::textChanged, &m_pause, qOverload<>(&QTimer::start));
    row->addWidget(m_words, 1);
    m_status = new QComboBox(tools);
    m_status->setAccessibleName(tr("Status of files"));
    m_status->addItem(tr("Any status"));
    for (int i = 0; i < kFileStatusCount; ++i)
        m_status->addItem(fileStatusText(static_cast<FileStatus>(i)), i);
    connect(m_status, &QComboBox::currentIndexChanged, this, &DataFilesPanel::applyFilter);
    row->addWidget(m_status);
    m_count = makeLabel({}, "muted", tools);
    row->addWidget(m_count, 1);
    auto *columns = new QToolButton(tools);
    columns->setObjectName(QStringLiteral("boxed"));
    columns->setText(tr("Columns"));
    columns->setPopupMode(QToolButton::InstantPopup);
    columns->setMenu(m_table->makeColumnMenu(columns));
    row->addWidget(columns);
    auto *save = new QPushButton(icon(QStringLiteral("export")), tr("Export…"), tools);
    save->setAccessibleName(tr("Export the list of files"));
    connect(save, &QPushButton::clicked, this, [this] { m_table->chooseExport(tr("files.csv")); });
    row->addWidget(save);
    return tools;
}

void DataFilesPanel::buildTable()
{
    m_table = new TableView(this);
    m_table->setAccessibleName(tr("Files"));
    m_model = new RowsModel<FileEntry>(fileColumns(), this);
    m_table->setModel(m_model);
    constexpr int kReasonColumn = 2;
    constexpr int kLeastReason = 140;
    new ElasticColumn(m_table, {190, 100, 420, 106, 70, 80, 70, 62, 76, 78, 64, 76, 132}, kReasonColumn, kLeastReason);
    m_table->setColumnHidden(kJoinedColumn, true); // the details say it
    // What arrived last is what somebody who looks here has just imported.
    m_table->horizontalHeader()->setSortIndicator(kSeenColumn, Qt::DescendingOrder);
    m_table->setSortingEnabled(true);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &index) {
        m_detail->setPlainText(index.isValid() ? fileDetail(m_model->row(index.row())) : QString());
    });
    connect(m_model, &QAbstractItemModel::modelReset, this, [this] { m_detail->clear(); });
}

Job *DataFilesPanel::startLoading()
{
    using Entries = std::vector<FileEntry>;
    return startJob<Entries>(
        this, tr("Reading the list of files"),
        [path = session().path().toStdString(),
         last = session().lastImport()](std::stop_token stop, base::Progress &) -> base::Result<Entries> {
            MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadOnly));
            const sqlite::InterruptOnStop interrupt(workspace.connection(), stop);
            MULLIGAN_TRY(const auto seen, store::filesSeen(workspace));
            MULLIGAN_TRY(const auto sources, workspace.sources());
            return fileEntries(seen, sources, last);
        },
        [this](Entries entries) {
            m_model->setRows(std::move(entries));
            showCount();
            if (m_model->rowCount() > 0)
                m_table->selectRow(0);
        });
}

void DataFilesPanel::applyFilter()
{
    const QString words = m_words->text().simplified();
    const QVariant chosen = m_status->currentData();
    const auto status = chosen.isValid() ? std::optional(static_cast<FileStatus>(chosen.toInt())) : std::nullopt;
    m_model->setFilter([words, status](const FileEntry &file) { return fits(file, words, status); });
    showCount();
}

void DataFilesPanel::showCount()
{
    const auto all = static_cast<double>(m_model->rows().size());
    const auto shown = static_cast<double>(m_model->rowCount());
    m_count->setText(shown == all ? tr("Files met: %1").arg(countText(all))
                                  : tr("%1 of %2 files").arg(countText(shown), countText(all)));
}

} // namespace mulligan::desktop
