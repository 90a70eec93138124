#pragma once

#include "base/result.hpp"
#include "desktop/shell/theme.hpp"

#include <QList>
#include <QMainWindow>
#include <QString>

#include <optional>

class QAction;
class QLabel;
class QListWidget;
class QMenu;
class QSettings;
class QStackedWidget;
class QToolButton;

namespace mulligan::desktop
{

class ElidedLabel;
class FreshnessLine;
class JobIndicator;
class MappingDialog;
class MessageBar;
class Page;
class Session;

/// Composes the pages: navigation, menus, header, messages, status. Knows nothing of what the pages show.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    /// `settings` keeps geometry, recent files, the last page and the theme; it must outlive the window.
    MainWindow(Session &session, QSettings &settings, QWidget *parent = nullptr);
    ~MainWindow() override;

    [[nodiscard]] QStringList pageNames() const;
    [[nodiscard]] QString currentPage() const;
    void showPage(const QString &name, const QString &argument = {});
    [[nodiscard]] ThemeMode themeMode() const { return m_mode; }
    void setThemeMode(ThemeMode mode);
    [[nodiscard]] QStringList recentFiles() const;
    /// Asks for a file's or folder's name and goes on; also what the pages' buttons call.
    void chooseWorkspace();
    void chooseNewWorkspace();
    void chooseImportFiles();
    void chooseImportFolder();
    void chooseImportMapped();
    /// Opens the dialog that maps a file of another system; an empty path lets it ask for one.
    MappingDialog *showMapping(const QString &path);
    void chooseWatchedFolder();
    /// A dropped .mulligan is opened, everything else imported.
    void accept(const QStringList &paths);
    /// Saves what the page that is shown edits, or the policy in the workspace.
    void save();

protected:
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    struct Entry {
        QString name;
        QString title;
        QString purpose;
        Page *page = nullptr;
    };

    void addPage(const QString &name, const QString &title, const QString &purpose, Page *page);
    void addPages();
    QWidget *buildHeader();
    void buildLayout();
    void buildMenus();
    QMenu *buildFileMenu();
    void buildViewMenu();
    void buildStatus();
    void connectSession();
    void restore();
    void rememberRecent();
    void fillRecent();
    void answer(const QString &page, const QString &argument);
    void refreshIcons();
    void refreshStatus();
    void showUnsaved();
    void connectWatch();
    void showAbout();
    /// Whether every page lets go of what is not saved.
    bool mayLeave();
    void openWorkspace(const QString &path);

    Session &m_session;
    QSettings &m_settings;
    ThemeMode m_mode = ThemeMode::Light;
    std::optional<base::Error> m_rulesError; ///< that was shown last
    QList<Entry> m_pages;
    QListWidget *m_navigation = nullptr;
    QStackedWidget *m_stack = nullptr;
    QLabel *m_title = nullptr;
    QLabel *m_purpose = nullptr;
    ElidedLabel *m_workspaceName = nullptr;
    MessageBar *m_messages = nullptr;
    QMenu *m_recent = nullptr;
    QAction *m_closeAction = nullptr;
    QAction *m_undo = nullptr;
    QAction *m_redo = nullptr;
    QAction *m_dark = nullptr;
    QList<QAction *> m_needsWorkspace;
    QLabel *m_windowStatus = nullptr;
    QLabel *m_modelStatus = nullptr;
    QLabel *m_replayStatus = nullptr;
    FreshnessLine *m_freshness = nullptr;
    QAction *m_refreshNow = nullptr;
    QAction *m_stopWatching = nullptr;
    JobIndicator *m_job = nullptr;
};

} // namespace mulligan::desktop
