#include "desktop/pages/rules_editor_actions.hpp"

#include "desktop/pages/rules_editor_controller.hpp"

#include <QAction>
#include <QWidget>

namespace mulligan::desktop
{

using classify::RuleStatus;

RulesEditorActions::RulesEditorActions(RulesEditorController &controller, QWidget *page)
    : QObject(page), m_controller(controller), m_page(page)
{
    addBlank = make(tr("New rule"), tr("A rule without a pattern, after the selected one"), tr("Ctrl+Shift+N"));
    addFromLog =
        make(tr("New rule from the log"), tr("A rule that finds the log on the right again"), tr("Ctrl+Shift+L"));
    duplicate = make(tr("Duplicate"), tr("A copy of the rule, as a draft"), tr("Ctrl+D"));
    remove = make(tr("Delete"), tr("Takes the rule out of its file; retiring keeps it"), tr("Ctrl+Shift+Del"));
    // No key that a field takes for itself: Ctrl+E goes to the end of its line on Unix desktops.
    activate = make(tr("Activate"), tr("Active rules classify; drafts do not yet"), tr("Ctrl+Shift+A"));
    retire = make(tr("Retire"), tr("A retired rule stays in its file and classifies no more"), tr("Ctrl+Shift+E"));
    up = make(tr("Move up"), tr("One place up in its file; priority decides who wins"), tr("Alt+Up"));
    down = make(tr("Move down"), tr("One place down in its file; priority decides who wins"), tr("Alt+Down"));
    save = make(tr("Save"), tr("Writes the changed files (Ctrl+S)"), {});
    discard = make(tr("Discard all changes"), tr("Reads the files anew; what is not saved is lost"), {});
    test = make(tr("Run tests"), tr("Runs every sample of every rule against the whole pack, and the checks (Ctrl+T)"),
                tr("Ctrl+T"));
    nextProblem = make(tr("Next problem"), tr("Goes to the next problem of the pack"), tr("F8"));
    search = make(tr("Search rules"), tr("Puts the cursor into the search"), tr("Ctrl+F"));
    failures = make(tr("Show its failures"), tr("The failures this rule wins, on the Failures page"), {});
    connectAll();
    refresh();
}

QAction *RulesEditorActions::make(const QString &title, const QString &toolTip, const QString &shortcut)
{
    auto *action = new QAction(title, this);
    action->setToolTip(toolTip);
    // Wherever the focus is: it may be outside the page, as after going to it. Of a page that is hidden none acts.
    action->setShortcutContext(Qt::WindowShortcut);
    if (!shortcut.isEmpty())
        action->setShortcut(QKeySequence(shortcut));
    m_page->addAction(action);
    return action;
}

void RulesEditorActions::connectAll()
{
    auto &controller = m_controller;
    connect(addBlank, &QAction::triggered, &controller, &RulesEditorController::addBlank);
    connect(duplicate, &QAction::triggered, &controller, &RulesEditorController::duplicate);
    connect(remove, &QAction::triggered, &controller, &RulesEditorController::remove);
    connect(save, &QAction::triggered, &controller, &RulesEditorController::save);
    connect(discard, &QAction::triggered, &controller, &RulesEditorController::discard);
    connect(up, &QAction::triggered, &controller, [&controller] { controller.move(-1); });
    connect(down, &QAction::triggered, &controller, [&controller] { controller.move(1); });
    connect(activate, &QAction::triggered, &controller, [&controller] {
        const auto rule = controller.rule();
        controller.setStatus(rule && rule->status == RuleStatus::Active ? RuleStatus::Draft : RuleStatus::Active);
    });
    connect(retire, &QAction::triggered, &controller, [&controller] {
        const auto rule = controller.rule();
        controller.setStatus(rule && rule->status == RuleStatus::Retired ? RuleStatus::Active : RuleStatus::Retired);
    });
    for (const auto signal : {&RulesEditorController::stateChanged, &RulesEditorController::selectionChanged,
                              &RulesEditorController::filesChanged})
        connect(&controller, signal, this, &RulesEditorActions::refresh);
}

void RulesEditorActions::setLogShown(bool shown)
{
    m_logShown = shown;
    refresh();
}

void RulesEditorActions::refresh()
{
    const auto rule = m_controller.rule();
    const bool opened = m_controller.opened();
    // The shipped pack is read-only, but asking to change it is answered by the offer of a copy.
    addBlank->setEnabled(opened);
    addFromLog->setEnabled(opened && m_logShown);
    for (QAction *action : {duplicate, remove, activate, retire, up, down, failures})
        action->setEnabled(opened && rule.has_value());
    const bool active = rule && rule->status == RuleStatus::Active;
    const bool retired = rule && rule->status == RuleStatus::Retired;
    activate->setText(active ? tr("Make it a draft") : tr("Activate"));
    activate->setEnabled(activate->isEnabled() && !retired);
    retire->setText(retired ? tr("Restore") : tr("Retire"));
    const bool dirty = m_controller.dirty();
    save->setEnabled(dirty);
    discard->setEnabled(dirty);
    test->setEnabled(opened);
    nextProblem->setEnabled(opened);
}

} // namespace mulligan::desktop
