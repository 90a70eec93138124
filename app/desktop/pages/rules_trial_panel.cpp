#include "desktop/pages/rules_trial_panel.hpp"

#include "desktop/pages/rules_trial_marks.hpp"
#include "desktop/session/session.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/format.hpp"
#include "store/failure_query.hpp"

#include <QComboBox>
#include <QEvent>
#include <QFile>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

constexpr int kPauseMs = 120;

QString captureLine(const std::string &name, const model::Capture &capture)
{
    QString line = QStringLiteral("%1 = %2").arg(text(name), text(capture.text));
    if (capture.value && capture.unit == "bytes")
        line += QStringLiteral(" (%1)").arg(bytesText(*capture.value));
    else if (capture.value && capture.unit == "seconds")
        line += QStringLiteral(" (%1)").arg(durationText(*capture.value));
    return line;
}

} // namespace

RuleTrialPanel::RuleTrialPanel(Session &session, QWidget *parent) : QWidget(parent), m_session(session)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    buildSources(layout);
    m_input = new QPlainTextEdit(this);
    m_input->setFont(logFont());
    m_input->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_input->setPlaceholderText(tr("Paste a failure text or a stack trace, or choose a failure above."));
    m_input->setAccessibleName(tr("Log to try the rule on"));
    m_input->setTabChangesFocus(true);
    m_input->setMinimumHeight(2 * m_input->fontMetrics().lineSpacing()); // with notices above it still fits a screen
    layout->addWidget(m_input, 1);
    m_answer = makeLabel({}, "heading", this);
    m_details = makeLabel({}, "muted", this);
    for (QLabel *label : {m_answer, m_details}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        layout->addWidget(label);
    }
    buildButtons(layout);
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    const auto announce = [this] {
        m_shown = text().toStdString();
        Q_EMIT textChosen(m_shown);
    };
    connect(&m_pause, &QTimer::timeout, this, announce);
    connect(m_input, &QPlainTextEdit::textChanged, this, [this] {
        if (!m_filling && m_source->currentData().toInt() != static_cast<int>(Source::Typed)) {
            const QSignalBlocker blocker(m_source);
            m_source->setCurrentIndex(0);
            m_failures.clear();
            showPosition();
        }
        m_pause.start();
    });
    connect(&m_session, &Session::workspaceChanged, this, [this] {
        m_failures.clear();
        showPosition();
    });
    connect(&m_session, &Session::dataChanged, this, &RuleTrialPanel::listAgain); // another rule may win them now
    showPosition();
}

void RuleTrialPanel::buildSources(QVBoxLayout *layout)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(kGapSmall);
    m_source = new QComboBox(this);
    m_source->setAccessibleName(tr("Where the log comes from"));
    m_source->setToolTip(tr("Which log the rule is tried on"));
    m_source->addItem(tr("Typed or pasted text"), static_cast<int>(Source::Typed));
    m_source->addItem(tr("A file…"), static_cast<int>(Source::File));
    m_source->addItem(tr("Failures this rule wins"), static_cast<int>(Source::OfRule));
    m_source->addItem(tr("Unclassified failures"), static_cast<int>(Source::Unclassified));
    row->addWidget(m_source, 1);
    const auto make = [&](const QString &arrow, const QString &name, int by) {
        auto *button = new QToolButton(this);
        button->setText(arrow);
        button->setToolTip(name);
        button->setAccessibleName(name);
        connect(button, &QToolButton::clicked, this, [this, by] { step(by); });
        row->addWidget(button);
        return button;
    };
    m_previous = make(QStringLiteral("‹"), tr("Failure before"), -1);
    m_position = makeLabel({}, "muted", this);
    row->addWidget(m_position);
    m_next = make(QStringLiteral("›"), tr("Next failure"), 1);
    layout->addLayout(row);
    connect(m_source, &QComboBox::activated, this, &RuleTrialPanel::choose);
}

void RuleTrialPanel::buildButtons(QVBoxLayout *layout)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(kGapSmall);
    const auto make = [&](const QString &title, const QString &toolTip) {
        auto *button = new QPushButton(title, this);
        button->setToolTip(toolTip);
        button->setObjectName(QStringLiteral("narrow")); // three in a third of the window
        row->addWidget(button);
        return button;
    };
    m_positive = make(tr("Must match"), tr("Adds this log to the rule's samples: the rule must win it"));
    m_negative = make(tr("Must not"), tr("Adds this log to the rule's samples: the rule must not match it"));
    m_newRule = make(tr("New rule"), tr("Begins a rule with the pattern of this log's root cause"));
    row->addStretch(1);
    layout->addLayout(row);
    connect(m_positive, &QPushButton::clicked, this, [this] { Q_EMIT sampleRequested(true); });
    connect(m_negative, &QPushButton::clicked, this, [this] { Q_EMIT sampleRequested(false); });
    connect(m_newRule, &QPushButton::clicked, this, &RuleTrialPanel::newRuleRequested);
}

void RuleTrialPanel::setText(const QString &text)
{
    m_filling = true;
    m_input->setPlainText(text);
    m_filling = false;
    m_pause.stop();
    const std::string bytes = text.toStdString();
    if (bytes != m_shown) {
        m_shown = bytes;
        m_trial.reset(); // it speaks of the text before
        paint();
    }
    Q_EMIT textChosen(m_shown);
}

QString RuleTrialPanel::text() const
{
    return m_input->toPlainText();
}

QString RuleTrialPanel::answer() const
{
    return m_answer->text();
}

void RuleTrialPanel::setRule(const std::string &id, bool editable)
{
    const bool other = std::exchange(m_rule, id) != id;
    m_editable = editable;
    if (other && m_source->currentData().toInt() == static_cast<int>(Source::OfRule))
        listFailures();
    paint();
}

void RuleTrialPanel::choose()
{
    switch (static_cast<Source>(m_source->currentData().toInt())) {
    case Source::Typed:
        m_failures.clear();
        showPosition();
        m_input->setFocus();
        return;
    case Source::File: chooseFile(); return;
    case Source::OfRule:
    case Source::Unclassified: listFailures(); return;
    }
}

void RuleTrialPanel::chooseFile()
{
    m_failures.clear();
    showPosition();
    const QString path = QFileDialog::getOpenFileName(window(), tr("A log to try the rule on"));
    QFile file(path);
    if (path.isEmpty() || !file.open(QIODevice::ReadOnly)) {
        if (!path.isEmpty())
            Q_EMIT m_session.errorOccurred(base::makeError(
                base::ErrorCode::Io, tr("Cannot read '%1': %2").arg(path, file.errorString()).toStdString()));
        m_source->setCurrentIndex(0);
        return;
    }
    // Failures stand at the end of a log.
    const auto most = static_cast<qint64>(kMostTrialBytes);
    if (file.size() > most)
        file.seek(file.size() - most);
    setText(QString::fromUtf8(file.read(most)));
}

void RuleTrialPanel::listAgain()
{
    const auto source = static_cast<Source>(m_source->currentData().toInt());
    if (source != Source::OfRule && source != Source::Unclassified)
        return;
    listFailures(m_failures.empty() ? std::nullopt : std::optional(m_failures[static_cast<size_t>(m_at)]));
}

void RuleTrialPanel::listFailures(std::optional<std::int64_t> shown)
{
    const int place = shown ? m_at : 0;
    m_failures.clear();
    showPosition();
    if (!m_session.isOpen())
        return;
    store::FailureFilter filter;
    if (m_source->currentData().toInt() == static_cast<int>(Source::OfRule))
        filter.rule = m_rule;
    else
        filter.errorClass = std::string(model::kUnclassified);
    m_position->setText(tr("looking…"));
    m_listJob.request<std::vector<std::int64_t>>(
        tr("Looking for failures"),
        [path = m_session.path().toStdString(), filter](std::stop_token stop,
                                                        base::Progress &) -> base::Result<std::vector<std::int64_t>> {
            MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadOnly));
            return store::findFailures(workspace, filter, {}, stop);
        },
        [this, shown, place](std::vector<std::int64_t> ids) {
            m_failures = std::move(ids);
            const auto same = std::find(m_failures.begin(), m_failures.end(), shown.value_or(-1));
            if (same != m_failures.end()) {
                m_at = static_cast<int>(same - m_failures.begin());
                showPosition();
                return;
            }
            m_at = place;
            if (m_failures.empty() && shown)
                setText({}); // what was shown is none of them any more
            step(0);
        },
        [this](const base::Error &error) {
            showPosition();
            Q_EMIT m_session.errorOccurred(error);
        });
}

void RuleTrialPanel::step(int by)
{
    m_at = std::clamp(m_at + by, 0, std::max(0, static_cast<int>(m_failures.size()) - 1));
    showPosition();
    if (m_failures.empty()) {
        m_position->setText(tr("none"));
        return;
    }
    showFailure(m_failures[static_cast<size_t>(m_at)]);
}

void RuleTrialPanel::showFailure(std::int64_t attemptId)
{
    auto *workspace = m_session.workspace();
    if (workspace == nullptr)
        return;
    const auto detail = store::failureDetail(*workspace, attemptId);
    if (!detail) {
        Q_EMIT m_session.errorOccurred(detail.error());
        return;
    }
    setText(desktop::text(detail->chain[detail->selected].errorText));
}

void RuleTrialPanel::showPosition()
{
    const int count = static_cast<int>(m_failures.size());
    m_position->setText(count > 0 ? tr("%1 of %2").arg(m_at + 1).arg(countText(count)) : QString());
    m_previous->setEnabled(m_at > 0 && count > 0);
    m_next->setEnabled(m_at + 1 < count);
    for (int i = 2; i < m_source->count(); ++i)
        m_source->setItemData(i, m_session.isOpen() ? QVariant() : QVariant(0), Qt::UserRole - 1);
}

void RuleTrialPanel::showTrial(const std::optional<RuleTrial> &trial, const QString &why, bool older,
                               const QString &otherRule)
{
    m_trial = trial;
    m_why = why;
    m_older = older;
    m_otherRule = otherRule;
    paint();
}

QString RuleTrialPanel::detailsOf(const RuleTrial &trial) const
{
    QStringList lines;
    if (!m_otherRule.isEmpty())
        lines << m_otherRule;
    const auto own = std::count_if(trial.matches.begin(), trial.matches.end(),
                                   [](const auto &match) { return match.role != PatternRole::None; });
    const auto &verdict = trial.verdict;
    if (std::any_of(trial.matches.begin(), trial.matches.end(), [](const auto &match) { return match.decoded; }))
        lines << tr("Found in the cause as it is read out of JSON: marked is the JSON that tells it.");
    if (!trial.ruleMatches && own > 0 && trial.status != classify::RuleStatus::Active)
        lines << tr("Its patterns are found in this log, but the rule is %1: only active rules classify.")
                     .arg(desktop::text(classify::name(trial.status)));
    else if (!trial.ruleMatches && own > 0)
        lines << tr("Its patterns are found in this log, but the rule does not match: it looks at another part, or "
                    "another of its conditions fails.");
    if (trial.ruleMatches && !trial.ruleWins)
        lines << tr("This rule matches too; the other one goes before it.");
    if (!verdict.rule.empty() && !verdict.summary.empty())
        lines << desktop::text(verdict.summary);
    QStringList captures;
    for (const auto &[name, capture] : trial.captures)
        captures << captureLine(name, capture);
    if (!captures.isEmpty())
        lines << tr("Captures: %1").arg(captures.join(QStringLiteral(", ")));
    QStringList shadowed;
    for (const auto &match : verdict.matches) {
        if (match.rule != verdict.rule && match.rule != m_rule && !shadowed.contains(desktop::text(match.rule)))
            shadowed << desktop::text(match.rule);
    }
    if (!shadowed.isEmpty())
        lines << tr("Also match: %1").arg(shadowed.join(QStringLiteral(", ")));
    if (!trial.undetermined.empty())
        lines << tr("A pattern needs too many steps on this log: it backtracks.");
    if (trial.more)
        lines << tr("Only the first %1 matches of a pattern are marked.").arg(kMostTrialMatches);
    return lines.join(QLatin1Char('\n'));
}

void RuleTrialPanel::paint()
{
    const bool any = !m_shown.empty();
    m_positive->setEnabled(any && m_editable);
    m_negative->setEnabled(any && m_editable);
    m_newRule->setEnabled(any);
    m_details->clear();
    m_input->setExtraSelections({});
    setRole(m_answer, "heading");
    m_answer->setEnabled(!m_older && m_otherRule.isEmpty()); // grey
    m_details->setEnabled(!m_older);
    if (!any || !m_trial) {
        m_answer->setText(any ? m_why : QString());
        m_answer->setVisible(!m_answer->text().isEmpty());
        m_details->hide();
        return;
    }
    const auto &verdict = m_trial->verdict;
    if (m_trial->ruleWins)
        m_answer->setText(
            tr("✓ This rule wins: %1")
                .arg(verdict.errorClass.empty() ? tr("no class yet") : desktop::text(verdict.errorClass)));
    else if (verdict.rule.empty())
        m_answer->setText(tr("No rule matches: unclassified"));
    else
        m_answer->setText(tr("%1 wins: %2").arg(desktop::text(verdict.rule), desktop::text(verdict.errorClass)));
    m_answer->show();
    m_details->setText(detailsOf(*m_trial));
    m_details->setVisible(!m_details->text().isEmpty());
    m_input->setExtraSelections(trialMarks(*m_trial, m_rule, m_shown, m_input->document()));
}

void RuleTrialPanel::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        paint();
    QWidget::changeEvent(event);
}

} // namespace mulligan::desktop
