#pragma once

#include <QList>
#include <QObject>

class QAction;

namespace mulligan::desktop
{

class RulesEditorController;

/// What can be done with the rules of the pack, as actions with shortcuts that work anywhere on the page. Each says by
/// being disabled what is impossible now.
class RulesEditorActions : public QObject
{
    Q_OBJECT

public:
    RulesEditorActions(RulesEditorController &controller, QWidget *page);

    QAction *addBlank = nullptr;
    QAction *addFromLog = nullptr;
    QAction *duplicate = nullptr;
    QAction *remove = nullptr;
    QAction *activate = nullptr; ///< draft or active
    QAction *retire = nullptr;   ///< retired, or restored
    QAction *up = nullptr;
    QAction *down = nullptr;
    QAction *save = nullptr;
    QAction *discard = nullptr;
    QAction *test = nullptr;
    QAction *nextProblem = nullptr;
    QAction *search = nullptr;
    QAction *failures = nullptr;

    void setLogShown(bool shown);

private:
    QAction *make(const QString &title, const QString &toolTip, const QString &shortcut);
    void connectAll();
    void refresh();

    RulesEditorController &m_controller;
    QWidget *m_page;
    bool m_logShown = false;
};

} // namespace mulligan::desktop
