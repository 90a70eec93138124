#pragma once

#include "desktop/jobs/job.hpp"
#include "desktop/shell/page.hpp"

// moc of Qt 6.4 stumbles over what this header brings from the standard library, and needs nothing of it.
#ifndef Q_MOC_RUN
#include "classify/pack_documents.hpp"
#endif

#include <QPointer>

#include <functional>
#include <optional>
#include <string>

class QPushButton;
class QStackedWidget;

namespace mulligan::desktop
{

class EmptyState;
class JobIndicator;
class RulePackAccess;

/// One tab of the Rules page. It reads what it shows in the background, when it is looked at and something has changed;
/// says what is missing where there is nothing to show, and what went wrong with a way to try again.
class RulesPanel : public Page
{
    Q_OBJECT

public:
    RulesPanel(Session &session, QWidget *parent);

    void activate() override;
    /// The rule files that edits go to; null: there is no editor. Must outlive this.
    void setPack(RulePackAccess *pack) { m_pack = pack; }
    /// The rule files of the editor are others now, or were saved.
    virtual void packChanged() {}
    /// What it shows may differ now; it reads anew when it is looked at.
    void invalidate();

protected:
    /// Starts to read what is shown; only called with classified failures and a compiled pack.
    virtual void load() = 0;
    /// The widget that is shown when there is something to show; called once, by the constructor of a tab.
    void setContent(QWidget *content);
    void showContent();
    /// A sentence in place of the content, with a button where `action` is not empty.
    void showNothing(const QString &sentence, const QString &hint, const QString &action = {});
    void showFailure(const base::Error &error);
    /// Says in the window's message line what went wrong, until settle().
    void tell(const base::Error &error);
    /// What was told last is over: it was tried again, or something else is done.
    void settle();
    /// Shows a job's progress below the content, with a button that cancels it.
    void follow(Job *job);
    /// The button of showNothing() was pressed; reads anew by default.
    virtual void act();
    void showEvent(QShowEvent *event) override;
    [[nodiscard]] Session &session() const { return m_session; }
    [[nodiscard]] RulePackAccess *pack() const { return m_pack; }
    /// Shows what an edit would change and, where it is accepted, hands it to the editor; `onDone` is called when the
    /// editor has it.
    void offerEdit(const classify::PackDocuments &before, const classify::PackDocuments &after, const std::string &rule,
                   const QString &what, const std::function<void()> &onDone);

private:
    void loadIfLookedAt();
    [[nodiscard]] bool ready();

    Session &m_session;
    RulePackAccess *m_pack = nullptr;
    QStackedWidget *m_stack = nullptr;
    EmptyState *m_nothing = nullptr;
    QPushButton *m_action = nullptr;
    JobIndicator *m_jobs = nullptr;
    QPointer<Job> m_followed;
    enum class Lack { Nothing, Workspace, Failures, Verdicts, Rules, Other } m_lack = Lack::Nothing;
    bool m_dirty = true;
    std::optional<base::Error> m_told;
};

} // namespace mulligan::desktop
