#include "desktop/pages/data_page.hpp"

#include "desktop/pages/data_columns.hpp"
#include "desktop/session/session.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/empty_state.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/icons.hpp"
#include "desktop/widgets/log_view.hpp"
#include "desktop/widgets/stat_row.hpp"
#include "desktop/widgets/table_view.hpp"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSaveFile>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>

namespace mulligan::desktop
{

namespace
{

// More rows than anyone reads; the export has them all.
constexpr size_t kRejectsShown = 20'000;

QSortFilterProxyModel *sortable(QAbstractItemModel *model, QObject *parent)
{
    auto *proxy = new QSortFilterProxyModel(parent);
    proxy->setSourceModel(model);
    proxy->setSortRole(kSortRole);
    return proxy;
}

} // namespace

DataPage::DataPage(Session &session, QWidget *parent) : Page(parent), m_session(session)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_stack = new QStackedWidget(this);
    layout->addWidget(m_stack);
    buildEmptyState();
    m_stack->addWidget(buildContent());
    const auto changed = [this] {
        m_dirty = true;
        refresh();
    };
    connect(&m_session, &Session::workspaceChanged, this, changed);
    connect(&m_session, &Session::dataChanged, this, changed);
    refresh();
}

DataPage::~DataPage()
{
    delete m_rejectJob.data();
}

void DataPage::buildEmptyState()
{
    auto *none = new EmptyState(QStringLiteral("data"), tr("No workspace is open"),
                                tr("A workspace is one file that holds a history and everything made from it."), this);
    connect(none->addButton(tr("New workspace…")), &QPushButton::clicked, this,
            [this] { Q_EMIT navigationRequested(QStringLiteral("action:new"), {}); });
    connect(none->addButton(tr("Open workspace…")), &QPushButton::clicked, this,
            [this] { Q_EMIT navigationRequested(QStringLiteral("action:open"), {}); });
    m_stack->addWidget(none);
    auto *empty = new EmptyState(
        QStringLiteral("import"), tr("Drop files or folders here"),
        tr("Attempts as JSON Lines or CSV, Spark event logs plain or compressed; tables of other systems "
           "with a mapping. Each source is taken "
           "whole or not at all; rows that cannot be used are listed with the reason."),
        this);
    connect(empty->addButton(tr("Import files…")), &QPushButton::clicked, this,
            [this] { Q_EMIT navigationRequested(QStringLiteral("action:import-files"), {}); });
    connect(empty->addButton(tr("Import a folder…")), &QPushButton::clicked, this,
            [this] { Q_EMIT navigationRequested(QStringLiteral("action:import-folder"), {}); });
    connect(empty->addButton(tr("Import with a mapping…")), &QPushButton::clicked, this,
            [this] { Q_EMIT navigationRequested(QStringLiteral("action:import-mapped"), {}); });
    m_stack->addWidget(empty);
}

QWidget *DataPage::buildContent()
{
    auto *content = new QWidget(this);
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGap);
    m_stats = new StatRow(content);
    for (const QString &name : {tr("Sources"), tr("Jobs"), tr("Attempts"), tr("Failures"), tr("Episodes"),
                                tr("Classified"), tr("Rejected rows")})
        m_stats->add(name);
    layout->addWidget(m_stats);
    auto *row = new QHBoxLayout;
    row->setSpacing(kGapSmall);
    m_result = makeLabel(tr("Drop files or folders on the window to import more."), "muted", content);
    m_result->setWordWrap(true);
    row->addWidget(m_result, 1);
    const auto add = [&](const QString &label, const char *iconName, const QString &action) {
        auto *button = new QPushButton(icon(QString::fromLatin1(iconName)), label, content);
        connect(button, &QPushButton::clicked, this, [this, action] { Q_EMIT navigationRequested(action, {}); });
        row->addWidget(button);
    };
    add(tr("Import files…"), "import", QStringLiteral("action:import-files"));
    add(tr("Import folder…"), "folder", QStringLiteral("action:import-folder"));
    add(tr("Import with a mapping…"), "columns", QStringLiteral("action:import-mapped"));
    layout->addLayout(row);
    m_tabs = new QTabWidget(content);
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(buildSources(), tr("Sources"));
    m_tabs->addTab(buildRejects(), tr("Rejected rows"));
    layout->addWidget(m_tabs, 1);
    return content;
}

QWidget *DataPage::buildSources()
{
    auto *split = new QSplitter(Qt::Vertical, this);
    m_sources = new TableView(split);
    m_sources->setAccessibleName(tr("Sources"));
    m_sourceModel = new RowsModel<pipeline::ImportedSource>(sourceColumns(), this);
    m_sources->setModel(sortable(m_sourceModel, this));
    m_sources->setSortingEnabled(true);
    const int widths[] = {330, 104, 116, 80, 76, 66, 80, 84};
    for (int column = 0; column < static_cast<int>(std::size(widths)); ++column)
        m_sources->setColumnWidth(column, widths[column]);
    m_sources->sortByColumn(3, Qt::DescendingOrder); // the sources that matter most come first
    split->addWidget(m_sources);
    auto *card = new Card(tr("Selected source"), split);
    m_sourceDetail = makeLabel(tr("Select a source to see its warnings."), "muted", card);
    m_sourceDetail->setWordWrap(true);
    m_sourceDetail->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_sourceDetail->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    card->body()->addWidget(m_sourceDetail, 1);
    split->addWidget(card);
    split->setStretchFactor(0, 1);
    split->setSizes({400, 120});
    connect(m_sources->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &index) {
                const auto *proxy = static_cast<const QSortFilterProxyModel *>(m_sources->model());
                const QModelIndex source = proxy->mapToSource(index);
                if (source.isValid())
                    m_sourceDetail->setText(sourceDetail(m_sourceModel->row(source.row())));
            });
    return split;
}

QWidget *DataPage::buildRejects()
{
    auto *page = new QWidget(this);
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, kGapSmall, 0, 0);
    layout->setSpacing(kGapSmall);
    auto *row = new QHBoxLayout;
    m_rejectCount = makeLabel({}, "muted", page);
    row->addWidget(m_rejectCount, 1);
    auto *save = new QPushButton(icon(QStringLiteral("export")), tr("Export as JSON Lines…"), page);
    connect(save, &QPushButton::clicked, this, &DataPage::exportRejects);
    row->addWidget(save);
    layout->addLayout(row);
    auto *split = new QSplitter(Qt::Vertical, page);
    m_rejects = new TableView(split);
    m_rejects->setAccessibleName(tr("Rejected rows"));
    m_rejectModel = new RowsModel<store::RejectRow>(rejectColumns(), this);
    m_rejects->setModel(sortable(m_rejectModel, this));
    m_rejects->setSortingEnabled(true);
    const int widths[] = {220, 70, 70, 380};
    for (int column = 0; column < static_cast<int>(std::size(widths)); ++column)
        m_rejects->setColumnWidth(column, widths[column]);
    split->addWidget(m_rejects);
    auto *raw = new LogView(split);
    raw->setAccessibleName(tr("Raw text of the selected row"));
    raw->setPlaceholderText(tr("Select a row to see its raw text."));
    split->addWidget(raw);
    split->setStretchFactor(0, 1);
    split->setSizes({400, 120});
    layout->addWidget(split, 1);
    connect(m_rejects->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this, raw](const QModelIndex &index) {
                const auto *proxy = static_cast<const QSortFilterProxyModel *>(m_rejects->model());
                const QModelIndex source = proxy->mapToSource(index);
                if (source.isValid())
                    raw->setLog(m_rejectModel->row(source.row()).text, {});
            });
    return page;
}

void DataPage::refresh()
{
    const bool any = m_session.isOpen() && (m_session.info().sources > 0 || m_session.lastImport().has_value());
    m_stack->setCurrentIndex(!m_session.isOpen() ? 0 : any ? 2 : 1);
    if (!any || !m_dirty || !isVisible())
        return;
    m_dirty = false;
    refreshSources();
    refreshStats();
    loadRejects();
}

void DataPage::refreshStats()
{
    const auto &info = m_session.info();
    const auto count = [](std::uint64_t value) { return countText(static_cast<double>(value)); };
    std::uint64_t rejected = 0;
    for (const auto &source : m_sourceModel->rows())
        rejected += source.rejectedRows;
    std::uint64_t unknown = 0;
    if (const auto found = info.classes.find(std::string(model::kUnclassified)); found != info.classes.end())
        unknown = found->second;
    const QString classified = info.classes.empty() || info.failures == 0
                                   ? QString(QChar(0x2013))
                                   : shareText(1.0 - static_cast<double>(unknown) / static_cast<double>(info.failures));
    const QString values[] = {count(info.sources),
                              info.jobs > 0 ? count(info.jobs) : QString(QChar(0x2026)),
                              count(info.attempts),
                              count(info.failures),
                              info.episodes > 0 || info.failures == 0 ? count(info.episodes) : QString(QChar(0x2026)),
                              classified,
                              count(rejected)};
    const QString hints[] = {{},
                             {},
                             tr("One physical try of a run"),
                             tr("Attempts that failed or were killed"),
                             tr("Runs with at least one failure"),
                             tr("Share of failures that some rule matched"),
                             tr("Rows that could not be used; see the second tab")};
    for (int i = 0; i < static_cast<int>(std::size(values)); ++i)
        m_stats->set(i, values[i], hints[i]);
    if (const auto &report = m_session.lastImport(); report.has_value())
        m_result->setText(tr("Last import: %1 attempts and %2 failures from %3 sources in %4.")
                              .arg(count(report->attempts), count(report->failures), count(report->sources.size()),
                                   durationText(report->seconds)));
    m_tabs->setTabText(1, rejected > 0 ? tr("Rejected rows (%1)").arg(count(rejected)) : tr("Rejected rows"));
}

void DataPage::refreshSources()
{
    std::vector<pipeline::ImportedSource> rows;
    if (auto *workspace = m_session.workspace(); workspace != nullptr) {
        if (const auto sources = workspace->sources()) {
            for (const auto &source : *sources)
                rows.push_back({source.path,
                                source.format,
                                source.sha256,
                                pipeline::SourceStatus::Imported,
                                source.attempts,
                                source.failures,
                                source.joined,
                                source.rejectedRows,
                                source.warnings,
                                {}});
        }
    }
    // Those of the last import that left nothing in the workspace are named too: none is ever passed over in silence.
    if (const auto &report = m_session.lastImport(); report.has_value()) {
        for (const auto &source : report->sources) {
            if (source.status != pipeline::SourceStatus::Imported)
                rows.push_back(source);
        }
    }
    m_sourceModel->setRows(std::move(rows));
}

void DataPage::loadRejects()
{
    delete m_rejectJob.data();
    using Rows = std::vector<store::RejectRow>;
    m_rejectJob = startJob<Rows>(
        this, tr("Reading rejected rows"),
        [path = m_session.path().toStdString()](std::stop_token stop, base::Progress &) -> base::Result<Rows> {
            MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadOnly));
            Rows rows;
            MULLIGAN_CHECK(workspace.forEachReject([&](const store::RejectRow &row) {
                rows.push_back(row);
                return rows.size() < kRejectsShown && !stop.stop_requested();
            }));
            return rows;
        },
        [this](Rows rows) {
            m_rejectCount->setText(
                rows.empty() ? tr("Every row could be used.")
                : rows.size() == kRejectsShown
                    ? tr("The first %1 rejected rows; the export has all.")
                          .arg(countText(static_cast<double>(rows.size())))
                    : tr("Rows that could not be used: %1").arg(countText(static_cast<double>(rows.size()))));
            m_rejectModel->setRows(std::move(rows));
        });
    connect(m_rejectJob, &Job::failed, &m_session, &Session::errorOccurred);
}

void DataPage::exportRejects()
{
    const QString path = QFileDialog::getSaveFileName(window(), tr("Export rejected rows"), tr("rejects.jsonl"),
                                                      tr("JSON Lines (*.jsonl)"));
    if (path.isEmpty())
        return;
    auto *job = startJob<std::uint64_t>(
        this, tr("Exporting"),
        [from = m_session.path().toStdString(), path](std::stop_token stop, base::Progress &) {
            return writeRejects(from, path, stop);
        },
        [this](std::uint64_t rows) {
            m_rejectCount->setText(tr("Rows written: %1").arg(countText(static_cast<double>(rows))));
        });
    connect(job, &Job::failed, &m_session, &Session::errorOccurred);
}

} // namespace mulligan::desktop
