#include "desktop/pages/rules_editor_view.hpp"

#include "desktop/pages/rules_detail_panel.hpp"
#include "desktop/pages/rules_editor_about.hpp"
#include "desktop/pages/rules_editor_checks.hpp"
#include "desktop/pages/rules_editor_controller.hpp"
#include "desktop/pages/rules_editor_match.hpp"
#include "desktop/pages/rules_editor_samples.hpp"
#include "desktop/pages/rules_editor_verdict.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/format.hpp"

#include <QLabel>
#include <QScrollArea>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

QStringList knownClasses(const RulesEditorState &state)
{
    QStringList classes;
    for (const auto &file : state.documents.files()) {
        for (const auto &rule : file.rules())
            classes << text(rule.errorClass);
    }
    classes.sort();
    classes.removeDuplicates();
    return classes;
}

} // namespace

RulesEditorView::RulesEditorView(RulesEditorController &controller, RulesEditorChecks &checks, QWidget *parent)
    : QWidget(parent), m_controller(controller), m_checks(checks)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall / 2);
    m_title = makeLabel({}, "heading", this);
    m_title->setWordWrap(true);
    m_place = makeLabel({}, "muted", this);
    m_place->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_fault = makeLabel({}, "loss", this);
    for (QLabel *label : {m_title, m_place, m_fault}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        layout->addWidget(label);
    }
    m_tabs = new QTabWidget(this);
    m_tabs->setDocumentMode(true);
    m_tabs->setObjectName(QStringLiteral("narrow")); // five names in a third of the window
    layout->addWidget(m_tabs, 1);
    m_match = new RuleMatchForm(this);
    addForm(m_match, QStringLiteral("match"), tr("Match"), tr("When the rule matches"));
    m_verdict = new RuleVerdictForm(this);
    addForm(m_verdict, QStringLiteral("verdict"), tr("Verdict"), tr("What the rule says of a failure"));
    connect(m_verdict, &RuleVerdictForm::exitCodeTyped, &m_controller, &RulesEditorController::editExitCode);
    m_samples = new RuleSamplesForm(this);
    addForm(m_samples, QStringLiteral("samples"), tr("Samples"), tr("Texts it must win and texts it must not match"));
    m_about = new RuleAboutForm(this);
    addForm(m_about, QStringLiteral("about"), tr("About"), tr("Name, status, owner, dates and its place in the file"));
    m_detail = new RuleDetailPanel(this);
    m_detail->setObjectName(QStringLiteral("overview"));
    m_tabs->addTab(m_detail, tr("Overview"));
    m_tabs->setTabToolTip(m_tabs->count() - 1, tr("The rule in full, and what the policy makes of it"));
    connect(&m_controller, &RulesEditorController::stateChanged, this, &RulesEditorView::showRule);
    connect(&m_controller, &RulesEditorController::selectionChanged, this, [this] {
        showRule();
        showChecks();
    });
    connect(&m_checks, &RulesEditorChecks::checksChanged, this, &RulesEditorView::showChecks);
    connect(&m_checks, &RulesEditorChecks::trialChanged, this, &RulesEditorView::showTrial);
    showRule();
}

void RulesEditorView::addForm(RuleForm *form, const QString &name, const QString &title, const QString &toolTip)
{
    auto *scroll = new QScrollArea(m_tabs);
    scroll->setObjectName(name);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    form->setObjectName(QStringLiteral("scrolled"));
    scroll->setWidget(form);
    m_tabs->addTab(scroll, title);
    m_tabs->setTabToolTip(m_tabs->count() - 1, toolTip);
    m_forms << form;
    connect(form, &RuleForm::edited, &m_controller, &RulesEditorController::edit);
}

void RulesEditorView::showTab(const QString &name)
{
    for (int i = 0; i < m_tabs->count(); ++i) {
        if (m_tabs->widget(i)->objectName() == name)
            m_tabs->setCurrentIndex(i);
    }
}

void RulesEditorView::focusPattern()
{
    showTab(QStringLiteral("match"));
    m_match->focusFirstPattern();
}

void RulesEditorView::setLine(const RuleLine *line)
{
    if (line == nullptr) {
        m_detail->clear();
        return;
    }
    const auto failed = m_checks.checks().failedSamples.find(line->rule.id);
    m_detail->setRule(*line, failed == m_checks.checks().failedSamples.end() ? std::vector<classify::SampleFailure>{}
                                                                             : failed->second);
}

void RulesEditorView::showRule()
{
    const auto rule = m_controller.rule();
    m_tabs->setEnabled(rule.has_value());
    if (!rule) {
        m_title->setText(m_controller.opened()      ? tr("No rule is selected")
                         : m_controller.openError() ? tr("The rules cannot be opened")
                                                    : tr("The rules are being opened…"));
        m_place->clear();
        m_fault->hide();
        return;
    }
    const auto &state = m_controller.state();
    const std::string &id = m_controller.selected();
    m_title->setText(text(rule->title));
    const QString file = text(state.fileOf(id));
    const auto *document = state.documents.fileOf(id);
    const auto lines = document != nullptr ? document->linesOf(id) : classify::RuleDocument::Lines{};
    QString place = QStringLiteral("%1 · %2").arg(text(id), file.section(QLatin1Char('/'), -1));
    if (lines.first > 0)
        place += tr(", lines %1 to %2").arg(lines.first).arg(lines.last);
    m_place->setText(place + QStringLiteral(" · ") + statusName(rule->status));
    m_place->setToolTip(file);
    const auto *fault = state.errorOf(id);
    m_fault->setVisible(fault != nullptr);
    if (fault != nullptr)
        m_fault->setText(tr("Not in its file yet: %1. %2").arg(text(fault->message), text(fault->hint)));
    m_verdict->setKnownClasses(knownClasses(state));
    m_verdict->setUnreadExitCode(text(state.unreadExitCode(id)));
    for (RuleForm *form : std::as_const(m_forms))
        form->setRule(*rule, m_controller.readOnly());
    m_about->setSource(document != nullptr ? text(document->textOf(id)) : QString(),
                       fault != nullptr ? tr("%1, as its file has it").arg(file) : file);
}

void RulesEditorView::showChecks()
{
    const auto &checks = m_checks.checks();
    const auto failed = checks.failedSamples.find(m_controller.selected());
    using Run = RuleSamplesForm::Run;
    const bool right = m_controller.state().errorOf(m_controller.selected()) == nullptr;
    m_samples->setFailures(failed != checks.failedSamples.end() ? failed->second
                                                                : std::vector<classify::SampleFailure>{},
                           !right                ? Run::NotRight
                           : checks.samples == 0 ? Run::None
                           : m_checks.checking() ? Run::Running
                                                 : Run::Done);
}

void RulesEditorView::showTrial()
{
    const auto &trial = m_checks.trial();
    m_verdict->setCaptures(trial ? trial->captures : std::map<std::string, model::Capture>{});
}

} // namespace mulligan::desktop
