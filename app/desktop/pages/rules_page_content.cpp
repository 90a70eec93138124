// What the editor's tab shows: the list, the files, the checks, the log, and what other pages ask for.
#include "desktop/pages/rules_editor_actions.hpp"
#include "desktop/pages/rules_editor_checks.hpp"
#include "desktop/pages/rules_editor_controller.hpp"
#include "desktop/pages/rules_editor_effect.hpp"
#include "desktop/pages/rules_editor_list.hpp"
#include "desktop/pages/rules_editor_notice.hpp"
#include "desktop/pages/rules_editor_preview.hpp"
#include "desktop/pages/rules_editor_view.hpp"
#include "desktop/pages/rules_page.hpp"
#include "desktop/pages/rules_savings.hpp"
#include "desktop/pages/rules_trial_panel.hpp"
#include "desktop/session/session.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/elided_label.hpp"
#include "desktop/widgets/format.hpp"

#include <QAction>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QTabWidget>
#include <QToolButton>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

/// A button that does what an action does and is as able to.
QPushButton *buttonFor(QAction *action, QWidget *parent)
{
    auto *button = new QPushButton(action->text(), parent);
    const auto follow = [button, action] {
        button->setEnabled(action->isEnabled());
        button->setToolTip(action->toolTip());
    };
    follow();
    QObject::connect(action, &QAction::changed, button, follow);
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    return button;
}

} // namespace

QWidget *RulesPage::buildToolRow()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    m_save = buttonFor(m_actions->save, row);
    layout->addWidget(m_save);
    layout->addWidget(buttonFor(m_actions->test, row));
    m_tests = makeLabel({}, "muted", row);
    layout->addWidget(m_tests);
    m_pack = new ElidedLabel({}, "muted", row);
    m_pack->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    layout->addWidget(m_pack, 1);
    m_savings = new RulesSavings(m_session, row);
    layout->addWidget(m_savings);
    m_classify = new QPushButton(tr("Classify again"), row);
    m_classify->setToolTip(tr("Runs the saved rules over the failures of the workspace"));
    connect(m_classify, &QPushButton::clicked, this, [this] { m_session.classify(); });
    layout->addWidget(m_classify);
    layout->addWidget(buildPackButton());
    return row;
}

QWidget *RulesPage::buildPackButton()
{
    auto *button = new QToolButton(this);
    button->setObjectName(QStringLiteral("boxed"));
    button->setText(tr("Change pack ▾"));
    button->setToolTip(tr("Chooses which rule files are in force, makes a copy of your own, or discards edits"));
    button->setAccessibleName(tr("Change the rule pack"));
    button->setPopupMode(QToolButton::InstantPopup);
    const auto use = [this](const QStringList &paths) {
        if (mayLeave())
            m_session.setRulePaths(paths);
    };
    auto *menu = new QMenu(button);
    menu->addAction(tr("Choose a file…"), this, [this, use] {
        const QString path = QFileDialog::getOpenFileName(window(), tr("Rule pack"), {}, tr("Rules (*.yaml *.yml)"));
        if (!path.isEmpty())
            use({path});
    });
    menu->addAction(tr("Choose a folder…"), this, [this, use] {
        const QString path = QFileDialog::getExistingDirectory(window(), tr("Rule pack"));
        if (!path.isEmpty())
            use({path});
    });
    menu->addAction(tr("Use the shipped pack"), this, [use] { use({}); });
    menu->addSeparator();
    menu->addAction(tr("Save as own pack…"), this, &RulesPage::makeCopy);
    menu->addAction(m_actions->discard);
    button->setMenu(menu);
    return button;
}

void RulesPage::makeCopy()
{
    const QString folder = QFileDialog::getExistingDirectory(window(), tr("An empty folder for your own rules"));
    if (!folder.isEmpty())
        m_controller->copyPack(folder);
}

void RulesPage::loadHits()
{
    m_dirty = false;
    delete m_hitsJob.data();
    m_hitsJob = startJob<std::vector<store::RuleHits>>(
        this, tr("Counting"),
        [path = m_session.path().toStdString()](std::stop_token stop,
                                                base::Progress &) -> base::Result<std::vector<store::RuleHits>> {
            MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadOnly));
            return store::ruleHits(workspace, stop);
        },
        [this](const std::vector<store::RuleHits> &hits) {
            const bool first = m_hits.empty();
            m_hits.clear();
            for (const auto &hit : hits)
                m_hits[hit.rule] = hit;
            showLines();
            // The list was in the order of the files; now the most frequent rule is the first.
            if (first && !m_asked && !m_controller->dirty())
                m_list->selectFirst();
        });
    connect(m_hitsJob, &Job::failed, &m_session, &Session::errorOccurred);
}

RuleLine RulesPage::lineOf(const std::string &key, int order) const
{
    const auto &policy = m_session.policy();
    const auto failures = static_cast<double>(m_session.info().failures);
    RuleLine line;
    line.key = key;
    line.order = order;
    line.rule = m_controller->state().find(key).value_or(classify::Rule{});
    line.rule.file = m_controller->state().fileOf(key);
    if (const auto hits = m_hits.find(key); hits != m_hits.end())
        line.hits = hits->second;
    line.share = failures > 0 ? static_cast<double>(line.hits.wins) / failures : 0.0;
    line.enabled = policy.disabledRules.find(key) == policy.disabledRules.end();
    if (const auto action = policy.ruleActions.find(key); action != policy.ruleActions.end())
        line.otherAction = action->second;
    line.faulty = m_controller->state().errorOf(key) != nullptr;
    line.unsaved = m_controller->unsaved(key);
    return line;
}

void RulesPage::showLines()
{
    m_linesPause.stop();
    m_shownDisabled = m_session.policy().disabledRules;
    m_shownActions = m_session.policy().ruleActions;
    std::vector<RuleLine> lines;
    for (const auto &key : m_controller->state().ids())
        lines.push_back(lineOf(key, static_cast<int>(lines.size()) + 1));
    m_list->setLines(std::move(lines));
    if (!m_wanted.empty() && m_controller->opened())
        m_controller->select(std::exchange(m_wanted, {}));
    showFiles();
    showSelected();
}

void RulesPage::showSelected()
{
    const std::string &key = m_controller->selected();
    m_list->select(key);
    m_view->setLine(m_list->line(key));
    m_effect->setLine(m_list->line(key));
    m_trial->setRule(key, m_controller->rule().has_value() && !m_controller->readOnly());
    fillTrial();
}

void RulesPage::fillTrial()
{
    const auto rule = m_controller->rule();
    if (!m_sampleLog || !rule)
        return;
    // As long as nobody has chosen a log, the rule's first sample shows what it is about.
    const std::string sample = rule->positive.empty() ? std::string() : rule->positive.front();
    if (sample == m_checks->trialText())
        return;
    m_fillingLog = true;
    m_trial->setText(text(sample));
    m_fillingLog = false;
}

void RulesPage::showFiles()
{
    const auto count = m_controller->state().ids().size();
    const QStringList paths = m_session.rulePaths();
    QStringList names;
    for (const QString &path : paths)
        names << path.section(QLatin1Char('/'), -1, -1, QString::SectionSkipEmpty);
    const QString source = paths.isEmpty() ? tr("shipped pack") : names.join(QStringLiteral(", "));
    const QString rules = count == 1 ? tr("One rule") : tr("%1 rules").arg(countText(static_cast<double>(count)));
    const auto unsaved = m_controller->unsavedFiles();
    setRole(m_pack, m_session.rulesError() ? "loss" : "muted");
    if (!m_controller->opened() && !m_session.rules())
        m_pack->setText(m_session.rulesError() ? tr("No pack in force") : tr("Compiling the rules…"));
    else if (!unsaved.isEmpty())
        m_pack->setText(unsaved.size() == 1 ? tr("%1, one file is not saved").arg(rules)
                                            : tr("%1, %2 files are not saved").arg(rules).arg(unsaved.size()));
    else
        m_pack->setText(tr("%1, %2").arg(rules, source));
    if (!m_controller->opened())
        m_list->forgetProblems();
    showInForce();
    m_pack->setToolTip(!unsaved.isEmpty() ? unsaved.join(QLatin1Char('\n'))
                       : !paths.isEmpty() ? paths.join(QLatin1Char('\n'))
                                          : source);
    if (std::exchange(m_unsaved, !unsaved.isEmpty()) != m_unsaved)
        Q_EMIT unsavedChanged();
    m_save->setText(unsaved.isEmpty() ? tr("Save") : tr("Save •"));
    m_save->setAccessibleName(unsaved.isEmpty() ? tr("Save") : tr("Save, there are changes"));
}

void RulesPage::showInForce()
{
    // In the notice, where it is never cut short: the row above has no room for it in a small window.
    const auto inForce = m_session.rules();
    if (!m_session.rulesError() || !inForce || m_controller->goneFolder()) {
        m_notice->setInForce({});
        return;
    }
    const auto count = countText(static_cast<double>(inForce->pack().rules.size()));
    m_notice->setInForce(
        m_session.rulesLoading()
            ? tr("The files have changed and are being read; until then the rules of before stay in force (%1 of "
                 "them).")
                  .arg(count)
            : tr("The newest files do not compile: the rules of before stay in force (%1 of them).").arg(count));
}

void RulesPage::showChecks()
{
    const auto &checks = m_checks->checks();
    if (m_controller->opened())
        m_list->setProblems(checks.problems, m_checks->checking());
    m_view->setLine(m_list->line(m_controller->selected()));
    if (m_checks->checking()) {
        // What was counted before the edit says nothing of the rules as they are now.
        setRole(m_tests, "muted");
        m_tests->setText(m_testsAsked ? tr("Running…") : tr("Checking…"));
        return;
    }
    if (checks.samples == 0) {
        m_tests->clear();
        return;
    }
    // Files hold no rule that is not right yet: such ones are tested as they were before the error, or not at all.
    const bool before = !m_controller->state().drafts.empty();
    const QString all = countText(static_cast<double>(checks.samples));
    const QString failed = countText(static_cast<double>(checks.failed));
    setRole(m_tests, checks.failed > 0 ? "loss" : m_testsAsked && !before ? "gain" : "muted");
    if (before)
        m_tests->setText(checks.failed > 0 ? tr("Before the error %1 of %2 samples failed").arg(failed, all)
                                           : tr("Before the error %1 samples passed").arg(all));
    else
        m_tests->setText(checks.failed > 0 ? tr("✕ %1 of %2 samples fail").arg(failed, all)
                                           : tr("✓ %1 samples pass").arg(all));
    if (m_testsAsked && checks.failed > 0)
        m_list->showProblems();
    m_testsAsked = false;
}

void RulesPage::showTrial()
{
    const auto &state = m_controller->state();
    const std::string &selected = m_controller->selected();
    QString otherRule;
    switch (countedRule(state, selected)) {
    case CountedRule::BeforeError:
        otherRule = tr("What is typed is not right yet: this is of the rule as it was before the error.");
        break;
    case CountedRule::LeftOut:
        otherRule = tr("The rule is not right yet: this is of the other rules, without it.");
        break;
    case CountedRule::AsTyped: break;
    }
    m_trial->showTrial(m_checks->trial(),
                       state.errorOf(selected) != nullptr ? tr("The rule is not right yet.") : tr("Looking…"),
                       m_checks->trying(), otherRule);
}

void RulesPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    activate();
}

void RulesPage::hideEvent(QHideEvent *event)
{
    Page::hideEvent(event);
    m_preview->setWatched(false);
}

bool RulesPage::revealTab(const QString &argument)
{
    const QString name = argument.section(QLatin1Char(':'), 0, 0);
    for (int i = 1; i < m_tabs->count(); ++i) {
        if (m_tabs->widget(i)->objectName() != name)
            continue;
        m_tabs->setCurrentIndex(i);
        if (argument.contains(QLatin1Char(':')))
            qobject_cast<Page *>(m_tabs->widget(i))->reveal(argument.section(QLatin1Char(':'), 1));
        return true;
    }
    return false;
}

void RulesPage::reveal(const QString &argument)
{
    if (revealTab(argument))
        return;
    m_tabs->setCurrentIndex(0);
    const QString kind = argument.section(QLatin1Char(':'), 0, 0);
    const QString value = argument.section(QLatin1Char(':'), 1);
    if (kind == QLatin1String("editor"))
        return;
    if (kind == QLatin1String("problems")) {
        m_list->showProblems();
        return;
    }
    if (kind == QLatin1String("text") || kind == QLatin1String("new"))
        m_trial->setText(value);
    else if (kind == QLatin1String("failure") || kind == QLatin1String("new-from") || kind == QLatin1String("sample"))
        m_trial->showFailure(value.toLongLong());
    if (kind == QLatin1String("new") || kind == QLatin1String("new-from")) {
        m_actions->addFromLog->trigger();
        return;
    }
    if (kind == QLatin1String("sample"))
        Q_EMIT m_trial->sampleRequested(true);
    if (kind == QLatin1String("text") || kind == QLatin1String("failure") || kind == QLatin1String("sample"))
        return;
    m_asked = true;
    m_wanted = value.toStdString();
    m_controller->select(m_wanted);
    m_list->select(m_wanted, true);
    // Else the next lines would lead back to it, away from what was selected or made since.
    if (m_controller->selected() == value.toStdString())
        m_wanted.clear();
    m_view->showTab(kind == QLatin1String("edit") ? QStringLiteral("match") : kind);
}

} // namespace mulligan::desktop
