#pragma once

#include <QString>
#include <QStringList>
#include <QWidget>

namespace mulligan::desktop
{

class Session;

/// One page of the window: a widget that listens to the session by itself. Pages never include pages; what one page
/// asks of another goes through `navigationRequested`, which the main window answers.
class Page : public QWidget
{
    Q_OBJECT

public:
    using QWidget::QWidget;
    /// Called when the page is shown; cheap when nothing changed.
    virtual void activate() {}
    /// Shows what another page asked for.
    virtual void reveal(const QString &argument) { Q_UNUSED(argument) }
    /// Saves what is edited on this page beside the workspace; false where the page has nothing of that kind, or
    /// nothing to save, so that the workspace's own settings are saved instead.
    virtual bool saveEdits() { return false; }
    /// Whether this page holds edits that are not saved; unsavedChanged() follows where it differs.
    [[nodiscard]] virtual bool hasUnsavedEdits() const { return false; }
    /// Called before the window or the workspace is closed: asks what to do with edits that are not saved. False keeps
    /// it open.
    virtual bool mayLeave() { return true; }
    /// Workspaces opened before, the newest first; for the page that offers them.
    virtual void setRecentFiles(const QStringList &paths) { Q_UNUSED(paths) }

Q_SIGNALS:
    void unsavedChanged(); ///< hasUnsavedEdits()
    /// `page` is "start", "data", "failures", "rules", "model", "lab", "report" or "deploy"; `argument` is the page's
    /// own (failures: "class:…", "rule:…", "job:…", "team:…" or "attempt:…" to filter or select by, several of them one
    /// a line; data: "files", "rejects", "conflicts" or "coverage"; rules: see RulesPage::reveal). "action:…" asks the
    /// window for a dialog; one that it does not have is passed over.
    void navigationRequested(const QString &page, const QString &argument);
};

} // namespace mulligan::desktop
