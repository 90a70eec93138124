#include "desktop/mapping/mapping_dialog.hpp"
#include "desktop/session/session.hpp"
#include "desktop/shell/main_window.hpp"
#include "desktop/shell/page.hpp"
#include "desktop/shell/watch_dialog.hpp"

#include <QAction>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QSettings>

#include <algorithm>

namespace mulligan::desktop
{

void MainWindow::buildMenus()
{
    menuBar()->addMenu(buildFileMenu());
    auto *edit = menuBar()->addMenu(tr("&Edit"));
    m_undo = m_session.undoStack()->createUndoAction(this, tr("&Undo"));
    m_undo->setShortcuts(QKeySequence::Undo);
    m_redo = m_session.undoStack()->createRedoAction(this, tr("&Redo"));
    m_redo->setShortcuts(QKeySequence::Redo);
    edit->addAction(m_undo);
    edit->addAction(m_redo);
    edit->addSeparator();
    auto *save = edit->addAction(tr("&Save"), QKeySequence::Save, this, &MainWindow::save);
    save->setToolTip(tr("Rules on the Rules page, else the policy in the workspace"));
    buildViewMenu();
    auto *help = menuBar()->addMenu(tr("&Help"));
    help->addAction(tr("&About Mulligan"), this, &MainWindow::showAbout);
    help->addAction(tr("About &Qt"), this, [this] { QMessageBox::aboutQt(this); });
}

QMenu *MainWindow::buildFileMenu()
{
    auto *file = new QMenu(tr("&File"), this);
    file->addAction(tr("&New workspace…"), QKeySequence::New, this, &MainWindow::chooseNewWorkspace);
    file->addAction(tr("&Open workspace…"), QKeySequence::Open, this, &MainWindow::chooseWorkspace);
    m_recent = file->addMenu(tr("Open &recent"));
    file->addSeparator();
    auto *files =
        file->addAction(tr("&Import files…"), QKeySequence(tr("Ctrl+I")), this, &MainWindow::chooseImportFiles);
    auto *folder =
        file->addAction(tr("Import &folder…"), QKeySequence(tr("Ctrl+Shift+I")), this, &MainWindow::chooseImportFolder);
    auto *mapped = file->addAction(tr("Import with a &mapping…"), QKeySequence(tr("Ctrl+M")), this,
                                   &MainWindow::chooseImportMapped);
    file->addSeparator();
    auto *watch = file->addAction(tr("&Watch a folder…"), QKeySequence(tr("Ctrl+Shift+W")), this,
                                  &MainWindow::chooseWatchedFolder);
    m_refreshNow = file->addAction(tr("R&efresh now"), QKeySequence::Refresh, this, [this] { m_session.refreshNow(); });
    m_stopWatching = file->addAction(tr("S&top watching"), this, [this] { m_session.stopWatching(); });
    file->addSeparator();
    m_closeAction = file->addAction(tr("&Close workspace"), QKeySequence::Close, this, [this] {
        if (mayLeave())
            m_session.closeWorkspace();
    });
    file->addAction(tr("&Quit"), QKeySequence::Quit, this, &QWidget::close);
    m_needsWorkspace << files << folder << mapped << watch << m_closeAction;
    return file;
}

void MainWindow::buildViewMenu()
{
    auto *view = menuBar()->addMenu(tr("&View"));
    for (int row = 0; row < m_pages.size(); ++row) {
        view->addAction(m_pages[row].title, QKeySequence(QStringLiteral("Ctrl+%1").arg(row + 1)), this,
                        [this, row] { m_navigation->setCurrentRow(row); });
    }
    view->addSeparator();
    m_dark = view->addAction(tr("&Dark colours"));
    m_dark->setCheckable(true);
    m_dark->setShortcut(QKeySequence(tr("Ctrl+Shift+D")));
    m_dark->setChecked(m_mode == ThemeMode::Dark);
    connect(m_dark, &QAction::toggled, this,
            [this](bool dark) { setThemeMode(dark ? ThemeMode::Dark : ThemeMode::Light); });
}

void MainWindow::save()
{
    const int row = m_navigation->currentRow();
    const bool bySelf = row >= 0 && row < m_pages.size() && m_pages[row].page->saveEdits();
    if (!bySelf && m_session.isOpen())
        m_session.savePolicy();
}

bool MainWindow::mayLeave()
{
    return std::all_of(m_pages.begin(), m_pages.end(), [](const Entry &entry) { return entry.page->mayLeave(); });
}

void MainWindow::openWorkspace(const QString &path)
{
    if (mayLeave())
        m_session.openWorkspace(path);
}

void MainWindow::fillRecent()
{
    m_recent->clear();
    const QStringList recent = recentFiles();
    for (const QString &path : recent) {
        auto *action = m_recent->addAction(QFileInfo(path).fileName(), this, [this, path] { openWorkspace(path); });
        action->setToolTip(path);
        action->setEnabled(QFileInfo::exists(path));
    }
    m_recent->setEnabled(!recent.isEmpty());
    m_recent->setToolTipsVisible(true);
    for (const Entry &entry : std::as_const(m_pages))
        entry.page->setRecentFiles(recent);
}

void MainWindow::answer(const QString &page, const QString &argument)
{
    // What needs a dialog is asked of the window, since pages hold none of the shell's state.
    if (page == QLatin1String("action:new"))
        chooseNewWorkspace();
    else if (page == QLatin1String("action:open"))
        argument.isEmpty() ? chooseWorkspace() : openWorkspace(argument);
    else if (page == QLatin1String("action:import-files"))
        chooseImportFiles();
    else if (page == QLatin1String("action:import-folder"))
        chooseImportFolder();
    else if (page == QLatin1String("action:import-mapped"))
        chooseImportMapped();
    else if (page == QLatin1String("action:map-import"))
        showMapping(argument);
    else if (page == QLatin1String("action:watch-folder"))
        chooseWatchedFolder();
    else
        showPage(page, argument);
}

void MainWindow::chooseWorkspace()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Open workspace"), QFileInfo(m_session.path()).path(),
                                                      tr("Mulligan workspaces (*.mulligan);;All files (*)"));
    if (!path.isEmpty())
        openWorkspace(path);
}

void MainWindow::chooseNewWorkspace()
{
    QString path =
        QFileDialog::getSaveFileName(this, tr("New workspace"), QDir::home().filePath(tr("history.mulligan")),
                                     tr("Mulligan workspaces (*.mulligan)"));
    if (path.isEmpty())
        return;
    if (QFileInfo(path).suffix().isEmpty())
        path += QStringLiteral(".mulligan");
    if (!mayLeave())
        return;
    m_session.createWorkspace(path);
    if (m_session.isOpen())
        showPage(QStringLiteral("data"));
}

void MainWindow::chooseImportFiles()
{
    const QStringList paths = QFileDialog::getOpenFileNames(
        this, tr("Import files"), {},
        tr("All files (*);;Attempts (*.jsonl *.ndjson *.csv);;Logs (*.log *.txt *.zstd *.zst *.gz *.lz4);;Airflow "
           "databases (*.db *.sqlite);;Archives (*.zip *.tar *.tgz *.tar.gz *.7z)"));
    if (!paths.isEmpty())
        accept(paths);
}

void MainWindow::chooseImportFolder()
{
    const QString path = QFileDialog::getExistingDirectory(this, tr("Import a folder"));
    if (!path.isEmpty())
        accept({path});
}

void MainWindow::chooseImportMapped()
{
    const QString path = QFileDialog::getOpenFileName(
        this, tr("Import with a mapping"), {},
        tr("Tables (*.csv *.tsv *.txt *.json *.jsonl *.ndjson *.gz *.zst);;All files (*)"));
    if (!path.isEmpty())
        showMapping(path);
}

MappingDialog *MainWindow::showMapping(const QString &path)
{
    auto *dialog = new MappingDialog(path, this, m_session.path());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &MappingDialog::importRequested, this, [this](const QString &file, const ingest::Mapping &mapping) {
        m_session.importPaths({file}, std::make_shared<const ingest::Mapping>(mapping));
        showPage(QStringLiteral("data"));
    });
    dialog->open();
    return dialog;
}

void MainWindow::chooseWatchedFolder()
{
    auto *dialog = new WatchDialog(m_session, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::showAbout()
{
    QMessageBox::about(
        this, tr("About Mulligan"),
        tr("<h3>Mulligan %1</h3><p>Rehearses automatic job remediation on history, before anyone deploys it.</p>"
           "<p>Mulligan's own source is licensed under the Apache License 2.0. This window links Qt Charts, which is "
           "licensed under GPL-3.0, so the program <b>mulligan-desktop</b> is conveyed under <b>GPL-3.0</b>. The core "
           "library and the command line do not use it and stay under Apache-2.0.</p>"
           "<p>It works without a network: nothing leaves this machine.</p>")
            .arg(QStringLiteral(MULLIGAN_VERSION)));
}

} // namespace mulligan::desktop
