#include "desktop/pages/data_page.hpp"

#include "desktop/pages/data_conflicts_panel.hpp"
#include "desktop/pages/data_coverage_panel.hpp"
#include "desktop/pages/data_files_panel.hpp"
#include "desktop/pages/data_rejects_panel.hpp"
#include "desktop/pages/data_watch_strip.hpp"
#include "desktop/session/session.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/empty_state.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/icons.hpp"
#include "desktop/widgets/stat_row.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>

namespace mulligan::desktop
{

namespace
{

enum Tab { kFiles, kRejects, kConflicts, kCoverage };

QString number(std::uint64_t value)
{
    return countText(static_cast<double>(value));
}

} // namespace

DataPage::DataPage(Session &session, QWidget *parent) : Page(parent), m_session(session)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_stack = new QStackedWidget(this);
    layout->addWidget(m_stack);
    buildEmptyStates();
    m_stack->addWidget(buildContent());
    connect(&m_session, &Session::workspaceChanged, this, &DataPage::changed);
    connect(&m_session, &Session::dataChanged, this, &DataPage::changed);
    // A look at a watched folder may meet files that change nothing else.
    connect(&m_session, &Session::jobEnded, this, &DataPage::changed);
    connect(&m_session, &Session::watchChanged, this, &DataPage::refresh);
    refresh();
}

void DataPage::buildEmptyStates()
{
    auto *none = new EmptyState(QStringLiteral("data"), tr("No workspace is open"),
                                tr("A workspace is one file that holds a history and everything made from it."), this);
    connect(none->addButton(tr("New workspace…")), &QPushButton::clicked, this,
            [this] { Q_EMIT navigationRequested(QStringLiteral("action:new"), {}); });
    connect(none->addButton(tr("Open workspace…")), &QPushButton::clicked, this,
            [this] { Q_EMIT navigationRequested(QStringLiteral("action:open"), {}); });
    m_stack->addWidget(none);
    auto *empty = new EmptyState(
        QStringLiteral("import"), tr("Drop files, folders or archives here"),
        tr("Attempts as JSON Lines or CSV · Spark event logs · driver and executor logs · the output of yarn logs · "
           "Airflow's database, CSV and task logs · tables of other systems with a mapping · folders and archives of "
           "these, compressed or not. The content tells what a file is; each is taken whole or not at all, and rows "
           "that cannot be used are listed with the reason."),
        this);
    const auto add = [&](const QString &label, const QString &action) {
        connect(empty->addButton(label), &QPushButton::clicked, this,
                [this, action] { Q_EMIT navigationRequested(action, {}); });
    };
    add(tr("Import files…"), QStringLiteral("action:import-files"));
    add(tr("Import a folder…"), QStringLiteral("action:import-folder"));
    add(tr("Import with a mapping…"), QStringLiteral("action:import-mapped"));
    add(tr("Watch a folder…"), QStringLiteral("action:watch-folder"));
    m_stack->addWidget(empty);
}

QWidget *DataPage::buildContent()
{
    auto *content = new QWidget(this);
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    m_stats = new StatRow(content);
    for (const QString &name : {tr("Sources"), tr("Jobs"), tr("Attempts"), tr("Failures"), tr("Episodes"),
                                tr("Classified"), tr("Rejected rows"), tr("Conflicts")})
        m_stats->add(name);
    layout->addWidget(m_stats);
    layout->addWidget(buildImportRow());
    auto *watching = new DataWatchStrip(m_session, content);
    connect(watching, &DataWatchStrip::changeRequested, this,
            [this] { Q_EMIT navigationRequested(QStringLiteral("action:watch-folder"), {}); });
    layout->addWidget(watching);
    buildTabs(content);
    layout->addWidget(m_tabs, 1);
    return content;
}

QWidget *DataPage::buildImportRow()
{
    auto *line = new QWidget(this);
    auto *row = new QHBoxLayout(line);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kGapSmall);
    m_result = makeLabel(tr("Drop logs, tables, folders or archives on the window to import more."), "muted", line);
    m_result->setWordWrap(true);
    row->addWidget(m_result, 1);
    const auto add = [&](const QString &label, const char *iconName, const QString &action) {
        auto *button = new QPushButton(icon(QString::fromLatin1(iconName)), label, line);
        connect(button, &QPushButton::clicked, this, [this, action] { Q_EMIT navigationRequested(action, {}); });
        row->addWidget(button);
    };
    add(tr("Import files…"), "import", QStringLiteral("action:import-files"));
    add(tr("Import folder…"), "folder", QStringLiteral("action:import-folder"));
    add(tr("Import with a mapping…"), "columns", QStringLiteral("action:import-mapped"));
    add(tr("Watch a folder…"), "retry", QStringLiteral("action:watch-folder"));
    return line;
}

void DataPage::buildTabs(QWidget *content)
{
    m_tabs = new QTabWidget(content);
    m_tabs->setDocumentMode(true);
    m_panels = {new DataFilesPanel(m_session, m_tabs), new DataRejectsPanel(m_session, m_tabs),
                new DataConflictsPanel(m_session, m_tabs), new DataCoveragePanel(m_session, m_tabs)};
    for (DataPanel *panel : std::as_const(m_panels)) {
        m_tabs->addTab(panel, QString());
        connect(panel, &DataPanel::navigationRequested, this, &Page::navigationRequested);
    }
    refreshTabs();
}

void DataPage::reveal(const QString &argument)
{
    const QStringList names{QStringLiteral("files"), QStringLiteral("rejects"), QStringLiteral("conflicts"),
                            QStringLiteral("coverage")};
    if (names.contains(argument))
        m_tabs->setCurrentIndex(static_cast<int>(names.indexOf(argument)));
}

void DataPage::changed()
{
    m_dirty = true;
    refresh();
}

void DataPage::refresh()
{
    const bool any =
        m_session.isOpen()
        && (m_session.info().sources > 0 || m_session.lastImport().has_value() || m_session.watch().active());
    m_stack->setCurrentIndex(!m_session.isOpen() ? 0 : any ? 2 : 1);
    if (!any || !m_dirty || !isVisible())
        return;
    m_dirty = false;
    refreshStats();
    refreshTabs();
    for (DataPanel *panel : std::as_const(m_panels))
        panel->invalidate();
}

void DataPage::refreshTabs()
{
    const auto counted = [](const QString &title, std::uint64_t count) {
        return count > 0 ? tr("%1 (%2)").arg(title, number(count)) : title;
    };
    m_tabs->setTabText(kFiles, tr("Files"));
    m_tabs->setTabText(kRejects, counted(tr("Rejected rows"), m_session.rejects()));
    m_tabs->setTabText(kConflicts, counted(tr("Conflicts"), m_session.info().conflicts));
    m_tabs->setTabText(kCoverage, tr("Coverage"));
}

void DataPage::refreshStats()
{
    const auto &info = m_session.info();
    std::uint64_t unknown = 0;
    if (const auto found = info.classes.find(std::string(model::kUnclassified)); found != info.classes.end())
        unknown = found->second;
    const QString classified = info.classes.empty() || info.failures == 0
                                   ? QString(QChar(0x2013))
                                   : shareText(1.0 - static_cast<double>(unknown) / static_cast<double>(info.failures));
    const bool isCounted = info.jobs > 0 || info.attempts == 0;
    const QString pending(QChar(0x2026));
    const QString values[] = {number(info.sources),
                              isCounted ? number(info.jobs) : pending,
                              number(info.attempts),
                              number(info.failures),
                              info.episodes > 0 || info.failures == 0 ? number(info.episodes) : pending,
                              classified,
                              isCounted ? number(m_session.rejects()) : pending,
                              isCounted ? number(info.conflicts) : pending};
    const QString hints[] = {{},
                             {},
                             tr("One physical try of a run"),
                             tr("Attempts that failed or were killed"),
                             tr("Runs with at least one failure"),
                             tr("Share of failures that some rule matched"),
                             tr("Rows that could not be used; see the second tab"),
                             tr("Facts in which two sources differ; see the third tab")};
    for (int i = 0; i < static_cast<int>(std::size(values)); ++i)
        m_stats->set(i, values[i], hints[i]);
    if (const auto &report = m_session.lastImport(); report.has_value())
        m_result->setText(tr("Last import: %1 attempts and %2 failures from %3 sources in %4.")
                              .arg(number(report->attempts), number(report->failures), number(report->sources.size()),
                                   durationText(report->seconds)));
}

} // namespace mulligan::desktop
