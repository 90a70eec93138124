#include "desktop/shell/main_window.hpp"

#include "desktop/session/session.hpp"
#include "desktop/shell/freshness_line.hpp"
#include "desktop/shell/job_indicator.hpp"
#include "desktop/shell/page.hpp"
#include "desktop/shell/page_list.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/elided_label.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/icons.hpp"
#include "desktop/widgets/message_bar.hpp"

#include <QApplication>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

constexpr int kRecentLimit = 8;
constexpr int kNavigationWidth = 176;

} // namespace

MainWindow::MainWindow(Session &session, QSettings &settings, QWidget *parent)
    : QMainWindow(parent), m_session(session), m_settings(settings)
{
    setWindowTitle(QStringLiteral("Mulligan"));
    setAcceptDrops(true);
    m_mode = m_settings.value(QStringLiteral("theme")).toString() == QLatin1String("dark") ? ThemeMode::Dark
                                                                                           : ThemeMode::Light;
    applyTheme(*qApp, m_mode);
    buildLayout();
    addPages();
    buildMenus();
    buildStatus();
    connectSession();
    if (m_session.isOpen())
        rememberRecent();
    restore();
    refreshIcons();
    refreshStatus();
}

MainWindow::~MainWindow() = default;

void MainWindow::buildLayout()
{
    auto *central = new QWidget(this);
    auto *outer = new QHBoxLayout(central);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    m_navigation = new QListWidget(central);
    m_navigation->setObjectName(QStringLiteral("navigation"));
    m_navigation->setAccessibleName(tr("Pages"));
    m_navigation->setFixedWidth(kNavigationWidth);
    m_navigation->setIconSize(QSize(20, 20));
    m_navigation->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    outer->addWidget(m_navigation);
    auto *content = new QVBoxLayout;
    content->setContentsMargins(kGapLarge, kGap, kGapLarge, kGap);
    content->setSpacing(kGap);
    content->addWidget(buildHeader());
    m_messages = new MessageBar(central);
    content->addWidget(m_messages);
    m_stack = new QStackedWidget(central);
    content->addWidget(m_stack, 1);
    outer->addLayout(content, 1);
    setCentralWidget(central);
    connect(m_navigation, &QListWidget::currentRowChanged, this, [this](int row) {
        if (row < 0 || row >= m_pages.size())
            return;
        const Entry &entry = m_pages[row];
        m_stack->setCurrentWidget(entry.page);
        m_title->setText(entry.title);
        m_purpose->setText(entry.purpose);
        entry.page->activate();
    });
}

QWidget *MainWindow::buildHeader()
{
    auto *header = new QWidget(this);
    auto *layout = new QHBoxLayout(header);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGap);
    m_title = makeLabel({}, "title", header);
    layout->addWidget(m_title);
    m_purpose = new ElidedLabel({}, "muted", header);
    layout->addWidget(m_purpose, 1, Qt::AlignBottom);
    m_workspaceName = new ElidedLabel({}, "muted", header);
    m_workspaceName->setElideMode(Qt::ElideMiddle);
    m_workspaceName->setAccessibleName(tr("Open workspace"));
    layout->addWidget(m_workspaceName, 0, Qt::AlignBottom);
    return header;
}

void MainWindow::addPage(const QString &name, const QString &title, const QString &purpose, Page *page)
{
    if (page == nullptr)
        return;
    m_pages.append({name, title, purpose, page});
    page->setAccessibleName(title);
    m_stack->addWidget(page);
    auto *item = new QListWidgetItem(title, m_navigation);
    item->setToolTip(purpose);
    connect(page, &Page::navigationRequested, this, &MainWindow::answer);
    connect(page, &Page::unsavedChanged, this, &MainWindow::showUnsaved);
}

void MainWindow::addPages()
{
    const auto add = [this](const QString &name, const QString &title, const QString &purpose) {
        addPage(name, title, purpose, makePage(name, m_session));
    };
    const QSignalBlocker blocker(m_navigation);
    add(QStringLiteral("start"), tr("Start"), tr("Open a history and see what to do next"));
    add(QStringLiteral("data"), tr("Data"), tr("What was imported, what could not be used, what is covered"));
    add(QStringLiteral("failures"), tr("Failures"), tr("Every failed attempt, its cause and its decision"));
    add(QStringLiteral("rules"), tr("Rules"), tr("What the rules say, and what each of them is worth"));
    add(QStringLiteral("model"), tr("Model"), tr("How far the predictions can be trusted"));
    add(QStringLiteral("lab"), tr("Policy lab"), tr("Turn a knob, see what history would have cost"));
    add(QStringLiteral("report"), tr("Report"), tr("The savings, as they will print"));
    add(QStringLiteral("deploy"), tr("Deploy"), tr("Hand the tuned policy to production"));
}

void MainWindow::buildStatus()
{
    m_windowStatus = new QLabel(this);
    m_modelStatus = new QLabel(this);
    m_replayStatus = new QLabel(this);
    m_job = new JobIndicator(this);
    for (QLabel *label : {m_windowStatus, m_modelStatus, m_replayStatus}) {
        label->setContentsMargins(kGapSmall, 2, kGapSmall, 2);
        statusBar()->addWidget(label);
    }
    m_freshness = new FreshnessLine(m_session, this);
    m_freshness->setContentsMargins(kGapSmall, 2, kGapSmall, 2);
    statusBar()->addWidget(m_freshness, 1);
    statusBar()->addPermanentWidget(m_job);
    statusBar()->setSizeGripEnabled(false);
}

void MainWindow::connectSession()
{
    connect(&m_session, &Session::errorOccurred, m_messages, &MessageBar::showError);
    connect(&m_session, &Session::errorSettled, m_messages, &MessageBar::dismissError);
    connect(&m_session, &Session::jobStarted, m_job, &JobIndicator::follow);
    connect(&m_session, &Session::jobStarted, this, [this] {
        // What nobody asked for takes no message away that somebody may not have read.
        if (!m_session.refreshing())
            m_messages->dismiss();
    });
    connect(&m_session, &Session::jobEnded, m_job, [this] { m_job->follow(nullptr); });
    connect(&m_session, &Session::workspaceChanged, this, [this] {
        if (m_session.isOpen()) {
            m_messages->dismiss();
            rememberRecent();
        }
        refreshStatus();
    });
    for (const auto signal :
         {&Session::dataChanged, &Session::cardChanged, &Session::replayChanged, &Session::policyChanged})
        connect(&m_session, signal, this, &MainWindow::refreshStatus);
    const auto tellRules = [this] {
        // The pack was mended or another one chosen: what was wrong with it is over.
        if (m_rulesError.has_value() && m_rulesError != m_session.rulesError())
            m_messages->dismissError(*m_rulesError);
        m_rulesError = m_session.rulesError();
        if (m_rulesError.has_value())
            m_messages->showError(*m_rulesError);
    };
    tellRules();
    connect(&m_session, &Session::rulesChanged, this, tellRules);
    connect(&m_session, &Session::ruleFilesTouched, this, [this] {
        // They are not the files any more that this was said of; what is wrong with the new ones is told when they are
        // read, which takes a large pack seconds.
        if (m_rulesError.has_value())
            m_messages->dismissError(*m_rulesError);
    });
    for (const auto signal : {&Session::economicsChanged, &Session::policySaved})
        connect(&m_session, signal, this, &MainWindow::showUnsaved);
    connectWatch();
}

void MainWindow::connectWatch()
{
    connect(&m_session, &Session::watchChanged, this, &MainWindow::refreshStatus);
    connect(&m_session, &Session::watchResumed, this, [this] {
        m_messages->showNotice(
            tr("Watching %1 again, every %2 min.").arg(m_session.watch().folder()).arg(m_session.watch().minutes()),
            tr("Stop watching"));
    });
    connect(m_messages, &MessageBar::actionTriggered, this, [this] {
        m_messages->dismiss();
        m_session.stopWatching();
    });
}

void MainWindow::refreshStatus()
{
    const bool open = m_session.isOpen();
    for (QAction *action : std::as_const(m_needsWorkspace))
        action->setEnabled(open);
    m_windowStatus->setVisible(open);
    m_modelStatus->setVisible(open);
    m_replayStatus->setVisible(open && m_session.stale());
    const QString name = QFileInfo(m_session.path()).fileName();
    setWindowTitle(open ? tr("%1[*] – Mulligan").arg(name) : QStringLiteral("Mulligan[*]"));
    showUnsaved();
    m_workspaceName->setText(name);
    m_workspaceName->setToolTip(m_session.path());
    for (QAction *action : {m_refreshNow, m_stopWatching})
        action->setEnabled(open && m_session.watch().active());
    if (!open)
        return;
    const auto &info = m_session.info();
    if (info.attempts == 0)
        m_windowStatus->setText(tr("No data yet"));
    else
        m_windowStatus->setText(
            tr("%1 failures in %2 attempts")
                .arg(countText(static_cast<double>(info.failures)), countText(static_cast<double>(info.attempts))));
    m_windowStatus->setToolTip(info.to.ms > 0 ? tr("%1 to %2 UTC").arg(instantText(info.from), instantText(info.to))
                                              : QString());
    if (!m_session.card().has_value())
        m_modelStatus->setText(tr("No model trained"));
    else if (m_session.card()->fallback)
        m_modelStatus->setText(tr("Class rates in place of a model"));
    else
        m_modelStatus->setText(
            tr("Model %1").arg(text(m_session.card()->modelId).section(QLatin1Char('-'), -1).left(12)));
    m_replayStatus->setText(m_session.replaySession() ? tr("Replaying…") : tr("Loading the history…"));
}

void MainWindow::showUnsaved()
{
    const bool edits =
        std::any_of(m_pages.begin(), m_pages.end(), [](const Entry &entry) { return entry.page->hasUnsavedEdits(); });
    setWindowModified(edits || (m_session.isOpen() && m_session.policyUnsaved()));
}

QStringList MainWindow::pageNames() const
{
    QStringList names;
    for (const Entry &entry : m_pages)
        names << entry.name;
    return names;
}

QString MainWindow::currentPage() const
{
    const int row = m_navigation->currentRow();
    return row >= 0 && row < m_pages.size() ? m_pages[row].name : QString();
}

void MainWindow::showPage(const QString &name, const QString &argument)
{
    for (int row = 0; row < m_pages.size(); ++row) {
        if (m_pages[row].name != name)
            continue;
        m_navigation->setCurrentRow(row);
        if (!argument.isEmpty())
            m_pages[row].page->reveal(argument);
        return;
    }
}

void MainWindow::setThemeMode(ThemeMode mode)
{
    if (m_dark != nullptr)
        m_dark->setChecked(mode == ThemeMode::Dark);
    if (mode == m_mode)
        return;
    m_mode = mode;
    applyTheme(*qApp, mode);
    m_settings.setValue(QStringLiteral("theme"),
                        mode == ThemeMode::Dark ? QStringLiteral("dark") : QStringLiteral("light"));
    refreshIcons();
}

void MainWindow::refreshIcons()
{
    for (int row = 0; row < m_pages.size(); ++row)
        m_navigation->item(row)->setIcon(icon(m_pages[row].name));
    m_undo->setIcon(icon(QStringLiteral("undo")));
    m_redo->setIcon(icon(QStringLiteral("redo")));
}

QStringList MainWindow::recentFiles() const
{
    return m_settings.value(QStringLiteral("recent")).toStringList();
}

void MainWindow::rememberRecent()
{
    QStringList recent = recentFiles();
    recent.removeAll(m_session.path());
    recent.prepend(m_session.path());
    while (recent.size() > kRecentLimit)
        recent.removeLast();
    m_settings.setValue(QStringLiteral("recent"), recent);
    fillRecent();
}

void MainWindow::restore()
{
    resize(1280, 820);
    restoreGeometry(m_settings.value(QStringLiteral("geometry")).toByteArray());
    const QString last = m_settings.value(QStringLiteral("page"), QStringLiteral("start")).toString();
    showPage(pageNames().contains(last) ? last : QStringLiteral("start"));
    fillRecent();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (!mayLeave()) {
        event->ignore();
        return;
    }
    m_settings.setValue(QStringLiteral("geometry"), saveGeometry());
    m_settings.setValue(QStringLiteral("page"), currentPage());
    QMainWindow::closeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    QStringList paths;
    for (const QUrl &url : event->mimeData()->urls()) {
        if (url.isLocalFile())
            paths << url.toLocalFile();
    }
    event->acceptProposedAction();
    accept(paths);
}

void MainWindow::accept(const QStringList &paths)
{
    QStringList sources;
    for (const QString &path : paths) {
        if (path.endsWith(QLatin1String(".mulligan")))
            openWorkspace(path);
        else
            sources << path;
    }
    if (sources.isEmpty())
        return;
    m_session.importPaths(sources);
    showPage(QStringLiteral("data"));
}

} // namespace mulligan::desktop
