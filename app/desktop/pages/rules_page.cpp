#include "desktop/pages/rules_page.hpp"

#include "desktop/pages/rules_detail_panel.hpp"
#include "desktop/pages/rules_editor_actions.hpp"
#include "desktop/pages/rules_editor_checks.hpp"
#include "desktop/pages/rules_editor_controller.hpp"
#include "desktop/pages/rules_editor_effect.hpp"
#include "desktop/pages/rules_editor_list.hpp"
#include "desktop/pages/rules_editor_notice.hpp"
#include "desktop/pages/rules_editor_preview.hpp"
#include "desktop/pages/rules_editor_samples.hpp"
#include "desktop/pages/rules_editor_view.hpp"
#include "desktop/pages/rules_panel.hpp"
#include "desktop/pages/rules_savings.hpp"
#include "desktop/pages/rules_tab.hpp"
#include "desktop/pages/rules_trial_panel.hpp"
#include "desktop/session/session.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/format.hpp"

#include <QAction>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QSplitter>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

namespace mulligan::desktop
{

namespace
{

// The list follows typing after a moment; the forms do at once.
constexpr int kLinesPauseMs = 120;
// Of the list, the forms and what is on the right: together what a window of 1,024 pixels leaves.
constexpr int kLeastWidths[] = {190, 290, 300};

} // namespace

RulesPage::RulesPage(Session &session, QWidget *parent) : Page(parent), m_session(session)
{
    m_controller = new RulesEditorController(session, this);
    m_checks = new RulesEditorChecks(*m_controller, this);
    m_preview = new RulesEditorPreview(session, *m_controller, this);
    m_actions = new RulesEditorActions(*m_controller, this);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_tabs = new QTabWidget(this);
    m_tabs->setDocumentMode(true);
    layout->addWidget(m_tabs);
    m_tabs->addTab(buildEditor(), tr("Rules"));
    buildTabs();
    m_linesPause.setSingleShot(true);
    m_linesPause.setInterval(kLinesPauseMs);
    connect(&m_linesPause, &QTimer::timeout, this, &RulesPage::showLines);
    connectSession();
    connectEditor();
    connectPolicy();
    connectTrial();
    showLines();
    showFiles();
}

RulesPage::~RulesPage()
{
    delete m_hitsJob.data();
}

QWidget *RulesPage::buildEditor()
{
    auto *editor = new QWidget(this);
    editor->setObjectName(QStringLiteral("rules"));
    auto *layout = new QVBoxLayout(editor);
    layout->setContentsMargins(0, kGapSmall, 0, 0);
    layout->setSpacing(kGapSmall);
    layout->addWidget(buildToolRow());
    m_notice = new RulesNotice(*m_controller, editor);
    layout->addWidget(m_notice);
    auto *split = new QSplitter(Qt::Horizontal, editor);
    split->setChildrenCollapsible(false);
    m_list = new RulesListPanel(split);
    m_list->addMenu(tr("New"), tr("Begin a rule"), {m_actions->addBlank, m_actions->addFromLog, m_actions->duplicate});
    m_list->addMenu(tr("Actions"), tr("What can be done with the selected rule"),
                    {m_actions->activate, m_actions->retire, nullptr, m_actions->up, m_actions->down, nullptr,
                     m_actions->failures, m_actions->duplicate, nullptr, m_actions->remove});
    m_view = new RulesEditorView(*m_controller, *m_checks, split);
    auto *live = new QSplitter(Qt::Vertical, split);
    live->setChildrenCollapsible(false);
    m_effect = new RuleEffectCard(*m_preview, live);
    auto *log = new Card(tr("Try it on a log"), live);
    m_trial = new RuleTrialPanel(m_session, log);
    log->body()->addWidget(m_trial);
    live->addWidget(m_effect);
    live->addWidget(log);
    live->setSizes({190, 370}); // the effect's figures and a few lines, which scroll; the log has what is left
    live->setStretchFactor(0, 1);
    live->setStretchFactor(1, 4);
    split->addWidget(m_list);
    split->addWidget(m_view);
    split->addWidget(live);
    split->setHandleWidth(kGap);
    live->setHandleWidth(kGapSmall);
    // Less than what they hold would like, so that the window can be made small.
    for (int i = 0; i < split->count(); ++i)
        split->widget(i)->setMinimumWidth(kLeastWidths[i]);
    split->setSizes({330, 440, 390});
    for (int i = 0; i < 3; ++i)
        split->setStretchFactor(i, 1);
    layout->addWidget(split, 1);
    return editor;
}

void RulesPage::followPack(RulesPanel *panel)
{
    panel->setPack(m_controller);
    connect(m_controller, &RulesEditorController::stateChanged, panel, &RulesPanel::packChanged);
    connect(m_controller, &RulesEditorController::saved, panel, &RulesPanel::packChanged);
}

void RulesPage::buildTabs()
{
    for (const auto &tab : rulesTabs()) {
        Page *page = tab.make(m_session, this);
        page->setObjectName(tab.name);
        page->setAccessibleName(tab.title);
        if (auto *panel = qobject_cast<RulesPanel *>(page))
            followPack(panel);
        m_tabs->addTab(page, tab.title);
        m_tabs->setTabToolTip(m_tabs->count() - 1, tab.toolTip);
        connect(page, &Page::navigationRequested, this, [this](const QString &name, const QString &argument) {
            if (name == QLatin1String("rules"))
                reveal(argument);
            else
                Q_EMIT navigationRequested(name, argument);
        });
    }
    m_tabs->tabBar()->setVisible(m_tabs->count() > 1);
    connect(m_tabs, &QTabWidget::currentChanged, this, &RulesPage::activate);
}

void RulesPage::connectSession()
{
    connect(&m_session, &Session::policyChanged, this, [this] {
        // A threshold being dragged changes nothing in the list.
        const auto &policy = m_session.policy();
        if (policy.disabledRules != m_shownDisabled || policy.ruleActions != m_shownActions)
            showLines();
    });
    connect(&m_session, &Session::rulesChanged, this, &RulesPage::showFiles);
    connect(&m_session, &Session::ruleFilesTouched, this, &RulesPage::showInForce);
    connect(&m_session, &Session::replayChanged, this, [this] { m_savings->refresh(); });
    connect(m_preview, &RulesEditorPreview::changed, this, [this] {
        m_savings->setOlderRules(!m_preview->classifiedInForce());
        showClassify();
    });
    const auto reload = [this] {
        m_dirty = true;
        m_savings->forget();
        m_checks->forgetHistory();
        if (!m_session.isOpen()) {
            m_hits.clear();
            showLines();
        }
        activate();
    };
    connect(&m_session, &Session::dataChanged, this, reload);
    connect(&m_session, &Session::workspaceChanged, this, reload);
}

void RulesPage::connectEditor()
{
    connect(m_controller, &RulesEditorController::stateChanged, this, [this] { m_linesPause.start(); });
    connect(m_controller, &RulesEditorController::selectionChanged, this, &RulesPage::showSelected);
    connect(m_controller, &RulesEditorController::filesChanged, this, &RulesPage::showFiles);
    connect(m_controller, &RulesEditorController::refused, this, [this](const base::Error &error) {
        m_refused = error;
        Q_EMIT m_session.errorOccurred(error);
    });
    connect(m_controller, &RulesEditorController::stateChanged, this, &RulesPage::settleRefusal);
    connect(m_controller, &RulesEditorController::saved, this, &RulesPage::settleRefusal);
    connect(m_controller, &RulesEditorController::filesChanged, this, &RulesPage::followObstacles);
    // Verdicts are those of the rules before.
    connect(m_controller, &RulesEditorController::saved, this, [this] {
        m_savedSince = true;
        showClassify();
        showLines(); // without the marks of what is not saved
    });
    connect(&m_session, &Session::dataChanged, this, [this] {
        m_savedSince = false;
        showClassify();
    });
    connect(m_controller, &RulesEditorController::readOnlyTouched, m_notice, &RulesNotice::insist);
    connect(m_notice, &RulesNotice::copyRequested, this, &RulesPage::makeCopy);
    connect(m_list, &RulesListPanel::ruleSelected, this,
            [this](const QString &key) { m_controller->select(key.toStdString()); });
    connect(m_list, &RulesListPanel::problemActivated, this, [this](const QString &rule, int) {
        m_controller->select(rule.toStdString());
        m_list->select(rule.toStdString(), true);
        m_view->showTab(QStringLiteral("match"));
    });
    connect(m_checks, &RulesEditorChecks::checksChanged, this, &RulesPage::showChecks);
    connect(m_actions->test, &QAction::triggered, this, [this] {
        m_testsAsked = true;
        m_checks->runNow();
    });
    connect(m_actions->search, &QAction::triggered, m_list, &RulesListPanel::focusSearch);
    connect(m_actions->nextProblem, &QAction::triggered, m_list, &RulesListPanel::nextProblem);
    for (QAction *action : {m_actions->up, m_actions->down})
        connect(action, &QAction::triggered, m_list, &RulesListPanel::sortByOrder);
    connect(m_actions->failures, &QAction::triggered, this, [this] {
        Q_EMIT navigationRequested(QStringLiteral("failures"),
                                   QStringLiteral("rule:") + text(m_controller->selected()));
    });
}

void RulesPage::showClassify()
{
    // Verdicts of older rules: saved here, changed by others, or another pack was chosen.
    setRole(m_classify, m_savedSince || !m_preview->classifiedInForce() ? "primary" : "");
}

void RulesPage::settleRefusal()
{
    // While something is not right yet a save is still refused for it.
    if (m_refused && m_controller->state().drafts.empty())
        Q_EMIT m_session.errorSettled(*std::exchange(m_refused, std::nullopt));
}

void RulesPage::followObstacles()
{
    // What was refused for the disk's sake need not be told any longer once that is mended.
    const bool obstructed = !m_controller->conflicts().empty() || m_controller->goneFolder().has_value();
    if (std::exchange(m_obstructed, obstructed) && !obstructed)
        settleRefusal();
}

void RulesPage::connectPolicy()
{
    const auto &overview = m_view->overview();
    connect(&overview, &RuleDetailPanel::enabledChanged, this, [this](const QString &rule, bool enabled) {
        auto policy = m_session.policy();
        if (enabled)
            policy.disabledRules.erase(rule.toStdString());
        else
            policy.disabledRules.insert(rule.toStdString());
        m_session.setPolicy(policy, enabled ? tr("switch on %1").arg(rule) : tr("switch off %1").arg(rule));
    });
    connect(&overview, &RuleDetailPanel::actionChanged, this, [this](const QString &rule, int action) {
        auto policy = m_session.policy();
        if (action < 0)
            policy.ruleActions.erase(rule.toStdString());
        else
            policy.ruleActions[rule.toStdString()] = static_cast<model::RuleAction>(action);
        m_session.setPolicy(policy, tr("action of %1").arg(rule));
    });
    connect(&overview, &RuleDetailPanel::failuresRequested, m_actions->failures, &QAction::trigger);
}

void RulesPage::connectTrial()
{
    auto &samples = m_view->samples();
    connect(m_trial, &RuleTrialPanel::textChosen, this, [this, &samples](const std::string &chosen) {
        m_sampleLog = m_fillingLog || chosen.empty();
        m_actions->setLogShown(!chosen.empty());
        samples.setLogShown(!chosen.empty());
        m_checks->setTrialText(chosen);
    });
    connect(m_checks, &RulesEditorChecks::trialChanged, this, &RulesPage::showTrial);
    connect(m_controller, &RulesEditorController::stateChanged, this, &RulesPage::showTrial); // after the checks' own
    const auto addSample = [this](bool positive) {
        m_controller->addSample(positive ? classify::SampleKind::Positive : classify::SampleKind::Negative,
                                m_checks->trialText());
        m_view->showTab(QStringLiteral("samples"));
    };
    connect(m_trial, &RuleTrialPanel::sampleRequested, this, addSample);
    connect(&samples, &RuleSamplesForm::sampleFromLogRequested, this, addSample);
    connect(&samples, &RuleSamplesForm::tryRequested, m_trial, &RuleTrialPanel::setText);
    connect(m_effect, &RuleEffectCard::failureRequested, m_trial, &RuleTrialPanel::showFailure);
    connect(m_effect, &RuleEffectCard::ruleRequested, this,
            [this](const QString &id) { m_controller->select(id.toStdString()); });
    connect(m_trial, &RuleTrialPanel::newRuleRequested, m_actions->addFromLog, &QAction::trigger);
    connect(m_actions->addFromLog, &QAction::triggered, this,
            [this] { m_controller->addFromFailure(m_checks->trialText()); });
    // After the rule is there.
    for (QAction *action : {m_actions->addBlank, m_actions->addFromLog})
        connect(action, &QAction::triggered, m_view, &RulesEditorView::focusPattern);
}

void RulesPage::activate()
{
    if (!isVisible())
        return;
    auto *page = qobject_cast<Page *>(m_tabs->currentWidget());
    m_preview->setWatched(page == nullptr);
    if (page != nullptr) {
        page->activate();
        return;
    }
    m_classify->setEnabled(m_session.isOpen() && m_session.info().failures > 0);
    if (m_dirty && m_session.isOpen())
        loadHits();
}

bool RulesPage::saveEdits()
{
    if (!m_controller->dirty())
        return false;
    m_controller->save();
    return true;
}

bool RulesPage::mayLeave()
{
    if (!m_controller->dirty())
        return true;
    const auto files = m_controller->unsavedFiles();
    const auto answer =
        QMessageBox::question(window(), tr("Rules are not saved"),
                              tr("%1 was changed and is not saved. Save it?").arg(files.join(QStringLiteral(", "))),
                              QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, QMessageBox::Save);
    if (answer == QMessageBox::Save)
        return m_controller->save();
    if (answer == QMessageBox::Discard)
        m_controller->discard();
    return answer == QMessageBox::Discard;
}

} // namespace mulligan::desktop
