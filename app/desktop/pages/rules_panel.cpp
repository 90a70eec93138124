#include "desktop/pages/rules_panel.hpp"

#include "desktop/pages/rules_pack_access.hpp"
#include "desktop/session/session.hpp"
#include "desktop/shell/job_indicator.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/empty_state.hpp"
#include "desktop/widgets/format.hpp"

#include <QPushButton>
#include <QShowEvent>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <utility>

namespace mulligan::desktop
{

RulesPanel::RulesPanel(Session &session, QWidget *parent) : Page(parent), m_session(session)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, kGapSmall, 0, 0);
    layout->setSpacing(kGapSmall);
    m_stack = new QStackedWidget(this);
    layout->addWidget(m_stack, 1);
    m_jobs = new JobIndicator(this);
    // Its line stays free while nothing runs, so that nothing moves when something does.
    QSizePolicy kept = m_jobs->sizePolicy();
    kept.setRetainSizeWhenHidden(true);
    m_jobs->setSizePolicy(kept);
    layout->addWidget(m_jobs);
    m_nothing = new EmptyState(QStringLiteral("rules"), {}, {}, this);
    m_action = m_nothing->addButton({});
    connect(m_action, &QPushButton::clicked, this, [this] {
        switch (m_lack) {
        case Lack::Workspace: Q_EMIT navigationRequested(QStringLiteral("start"), {}); return;
        case Lack::Failures: Q_EMIT navigationRequested(QStringLiteral("data"), {}); return;
        case Lack::Verdicts: m_session.classify(); return;
        default: act();
        }
    });
    m_stack->addWidget(m_nothing);
    const auto changed = [this] { invalidate(); };
    connect(&m_session, &Session::workspaceChanged, this, changed);
    connect(&m_session, &Session::dataChanged, this, changed);
    connect(&m_session, &Session::rulesChanged, this, changed);
}

void RulesPanel::setContent(QWidget *content)
{
    m_stack->addWidget(content);
}

void RulesPanel::showContent()
{
    m_stack->setCurrentIndex(m_stack->count() - 1);
}

void RulesPanel::showNothing(const QString &sentence, const QString &hint, const QString &action)
{
    m_lack = Lack::Other;
    m_nothing->setSentence(sentence, hint);
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    m_stack->setCurrentWidget(m_nothing);
}

void RulesPanel::showFailure(const base::Error &error)
{
    QStringList lines;
    for (const auto &place : error.context)
        lines << text(place);
    if (!error.hint.empty())
        lines << text(error.hint);
    showNothing(text(error.message), lines.join(QLatin1Char('\n')), tr("Try again"));
}

void RulesPanel::tell(const base::Error &error)
{
    m_told = error;
    Q_EMIT m_session.errorOccurred(error);
}

void RulesPanel::settle()
{
    if (m_told)
        Q_EMIT m_session.errorSettled(*std::exchange(m_told, std::nullopt));
}

void RulesPanel::follow(Job *job)
{
    m_followed = job;
    m_jobs->follow(job);
    const auto ended = [this, job] {
        if (m_followed == job)
            m_jobs->follow(nullptr);
    };
    // The indicator is the context: while a tab is taken down it goes before the jobs do.
    connect(job, &Job::finished, m_jobs, ended);
    connect(job, &Job::failed, m_jobs, ended);
    connect(job, &Job::cancelled, m_jobs, [this, ended] {
        ended();
        if (m_stack->currentWidget() == m_nothing)
            showNothing(tr("Cancelled"), {}, tr("Try again"));
    });
    // A superseded job is deleted without a word.
    connect(job, &QObject::destroyed, m_jobs, [this] {
        if (m_followed == nullptr)
            m_jobs->follow(nullptr);
    });
}

void RulesPanel::offerEdit(const classify::PackDocuments &before, const classify::PackDocuments &after,
                           const std::string &rule, const QString &what, const std::function<void()> &onDone)
{
    auto *preview = new EditPreview(what, tr("Edit the rules"), fileEdits(before, after), this);
    preview->setAttribute(Qt::WA_DeleteOnClose);
    connect(preview, &QDialog::accepted, this, [this, before, after, rule, what, onDone] {
        const auto now = m_pack != nullptr ? m_pack->documents() : std::nullopt;
        if (!now || !(*now == before)) {
            tell(base::makeError(base::ErrorCode::Conflict, "The rules were edited while the preview was open",
                                 "Ask for the preview again."));
            return;
        }
        if (m_pack->editDocuments(after, rule, what))
            onDone();
    });
    preview->open();
}

void RulesPanel::activate()
{
    loadIfLookedAt();
}

void RulesPanel::act()
{
    invalidate();
}

void RulesPanel::invalidate()
{
    m_dirty = true;
    loadIfLookedAt();
}

void RulesPanel::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    loadIfLookedAt();
}

void RulesPanel::loadIfLookedAt()
{
    if (!m_dirty || !isVisible() || !ready())
        return;
    m_dirty = false;
    load();
}

bool RulesPanel::ready()
{
    const auto lacks = [this](Lack lack, const QString &sentence, const QString &hint, const QString &action) {
        showNothing(sentence, hint, action);
        m_lack = lack;
        return false;
    };
    if (!m_session.isOpen())
        return lacks(Lack::Workspace, tr("No workspace is open"),
                     tr("What rules do is measured on the history of a workspace."), tr("Open a workspace"));
    if (m_session.info().failures == 0)
        return lacks(Lack::Failures, tr("There are no failures yet"),
                     tr("Import a history; its failures are what rules are measured on."), tr("Import"));
    if (!m_session.rules())
        return lacks(Lack::Rules, m_session.rulesError() ? tr("No pack is in force") : tr("Compiling the rules…"),
                     m_session.rulesError() ? text(m_session.rulesError()->text()) : QString(), {});
    if (m_session.info().jobs == 0)
        return lacks(Lack::Other, tr("Counting the failures…"), {}, {});
    if (m_session.info().classes.empty())
        return lacks(Lack::Verdicts, tr("The failures are not classified yet"),
                     tr("Run the rules in force over all failures first."), tr("Classify"));
    m_lack = Lack::Nothing;
    return true;
}

} // namespace mulligan::desktop
