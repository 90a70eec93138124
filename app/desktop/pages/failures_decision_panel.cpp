#include "desktop/pages/failures_decision_panel.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/contribution_bars.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/table_view.hpp"

#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

QString actionText(const policy::Decision &decision)
{
    switch (decision.action) {
    case policy::Action::Retry: return QObject::tr("Retry");
    case policy::Action::RetryWithConfig: return QObject::tr("Retry with another configuration");
    case policy::Action::Stop: return QObject::tr("Stop: hand to a person");
    }
    return {};
}

std::vector<RowsModel<policy::Alternative>::Column> alternativeColumns()
{
    using Line = policy::Alternative;
    return {
        {QObject::tr("Configuration"), [](const Line &l) { return text(l.label); }, {}, false, {}, {}},
        {QObject::tr("P(success)"), [](const Line &l) { return shareText(l.success); }, {}, true, {}, {}},
        {QObject::tr("Objective"), [](const Line &l) { return moneyText(l.expectedCost); }, {}, true, {}, {}},
        {QObject::tr("Support"),
         [](const Line &l) { return l.supported ? QObject::tr("yes") : QObject::tr("no"); },
         {},
         false,
         [](const Line &l) {
             return l.supported ? QObject::tr("History holds at least 30 retries like it from 5 jobs")
                                : QObject::tr("Too few retries like it in history: kept outside net savings");
         },
         [](const Line &l) { return l.supported ? QColor() : Theme::current().mutedText; }},
    };
}

} // namespace

FailuresDecisionPanel::FailuresDecisionPanel(QWidget *parent) : QScrollArea(parent)
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *content = new QWidget;
    content->setObjectName(QStringLiteral("scrolled"));
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, kGapSmall, 0);
    layout->setSpacing(kGapSmall);
    m_action = makeLabel({}, "heading", content);
    m_reason = makeLabel({}, "muted", content);
    for (QLabel *label : {m_action, m_reason}) {
        label->setWordWrap(true);
        label->setMinimumWidth(1);
    }
    layout->addWidget(m_action);
    layout->addWidget(m_reason);
    m_details = new QWidget(content);
    auto *details = new QVBoxLayout(m_details);
    details->setContentsMargins(0, 0, 0, 0);
    details->setSpacing(kGapSmall);
    m_figures = new QGridLayout;
    m_figures->setHorizontalSpacing(kGap);
    m_figures->setVerticalSpacing(2);
    m_figures->setColumnStretch(0, 1);
    details->addLayout(m_figures);
    m_alternativesTitle = makeLabel(tr("Alternatives"), "heading", m_details);
    details->addWidget(m_alternativesTitle);
    m_alternatives = new TableView(m_details);
    m_alternatives->setAccessibleName(tr("Alternatives"));
    m_alternativeModel = new RowsModel<policy::Alternative>(alternativeColumns(), this);
    m_alternatives->setModel(m_alternativeModel);
    details->addWidget(m_alternatives);
    m_contributionsTitle = makeLabel(tr("Parts of the prediction (log-odds)"), "heading", m_details);
    m_contributionsTitle->setWordWrap(true);
    m_contributionsTitle->setMinimumWidth(1);
    details->addWidget(m_contributionsTitle);
    m_contributions = new ContributionBars(m_details);
    details->addWidget(m_contributions);
    layout->addWidget(m_details);
    layout->addStretch(1);
    setWidget(content);
    setMessage(tr("Select a failure."));
}

void FailuresDecisionPanel::setMessage(const QString &message)
{
    m_action->setText(message);
    m_reason->hide();
    m_details->hide();
}

void FailuresDecisionPanel::addFigure(const QString &name, const QString &value, const QString &hint)
{
    const int row = m_figures->rowCount();
    auto *label = makeLabel(name, "muted", m_details);
    auto *number = makeLabel(value, nullptr, m_details);
    number->setFont(numberFont());
    number->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    label->setToolTip(hint);
    label->setWordWrap(true);
    label->setMinimumWidth(1);
    number->setToolTip(hint);
    m_figures->addWidget(label, row, 0);
    m_figures->addWidget(number, row, 1);
}

void FailuresDecisionPanel::setDecision(const pipeline::DecisionDetail &detail)
{
    const auto &decision = detail.decision;
    m_action->setText(actionText(decision));
    m_reason->setText(text(policy::sentence(decision)));
    m_reason->show();
    m_details->show();
    while (QLayoutItem *item = m_figures->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const auto &[property, value] : decision.patch)
        addFigure(text(property), text(value), tr("The setting the retry would run with"));
    if (decision.action != policy::Action::Stop)
        addFigure(tr("Wait before it"), durationText(decision.delaySeconds), tr("The policy's backoff"));
    if (decision.success.has_value())
        addFigure(tr("P(success)"), shareText(*decision.success),
                  tr("By the scorer, fitted on data from before this failure"));
    if (decision.threshold.has_value())
        addFigure(tr("Threshold"), shareText(*decision.threshold),
                  tr("The least chance that deserves a retry, for this class"));
    if (decision.breakEven.has_value())
        addFigure(tr("Break-even p*"), shareText(*decision.breakEven),
                  tr("Above it the last allowed retry pays: C_f / (C_f + L − X)"));
    if (decision.costUsd.has_value())
        addFigure(tr("Expected cost of the retry"), moneyText(*decision.costUsd), tr("(1 − p)·C_f + p·C_s"));
    addFigure(tr("Support in history"), decision.supported ? tr("yes") : tr("no"),
              tr("Unsupported recommendations are kept outside net savings"));
    m_alternativeModel->setRows(decision.alternatives);
    m_alternatives->resizeColumnsToContents();
    const int row = m_alternatives->verticalHeader()->defaultSectionSize();
    const int rows = std::clamp(static_cast<int>(decision.alternatives.size()), 1, 5);
    m_alternatives->setFixedHeight(m_alternatives->horizontalHeader()->sizeHint().height() + row * rows + 6);
    m_alternatives->setVisible(!decision.alternatives.empty());
    m_alternativesTitle->setVisible(!decision.alternatives.empty());
    m_contributions->setContributions(detail.contributions);
    m_contributions->setVisible(!detail.contributions.empty());
    m_contributionsTitle->setText(!detail.contributions.empty() ? tr("Parts of the prediction (log-odds)")
                                  : detail.scored ? tr("Class rates stand in for a model: nothing to take apart")
                                                  : tr("Before the first model: nothing was predicted"));
    verticalScrollBar()->setValue(0);
}

} // namespace mulligan::desktop
