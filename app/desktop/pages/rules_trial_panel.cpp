#include "desktop/pages/rules_trial_panel.hpp"

#include "desktop/pages/rules_columns.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/log_view.hpp"

#include <QLabel>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace mulligan::desktop
{

namespace
{

constexpr int kPauseMs = 150;

} // namespace

RuleTrialPanel::RuleTrialPanel(QWidget *parent) : QWidget(parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, kGapSmall, 0, 0);
    layout->setSpacing(kGapSmall);
    m_input = new QPlainTextEdit(this);
    m_input->setFont(logFont());
    m_input->setPlaceholderText(tr("Paste a failure text or a stack trace."));
    m_input->setAccessibleName(tr("Failure text to classify"));
    m_input->setTabChangesFocus(true);
    layout->addWidget(m_input, 1);
    m_answer = makeLabel({}, "heading", this);
    m_details = makeLabel({}, "muted", this);
    for (QLabel *label : {m_answer, m_details}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        layout->addWidget(label);
    }
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &RuleTrialPanel::classifyText);
    connect(m_input, &QPlainTextEdit::textChanged, this, [this] { m_pause.start(); });
}

void RuleTrialPanel::setClassifier(std::shared_ptr<const classify::Classifier> classifier)
{
    m_classifier = std::move(classifier);
    classifyText();
}

void RuleTrialPanel::setText(const QString &text)
{
    m_input->setPlainText(text);
    classifyText();
}

QString RuleTrialPanel::answer() const
{
    return m_answer->text();
}

void RuleTrialPanel::classifyText()
{
    const std::string input = m_input->toPlainText().toStdString();
    m_input->setExtraSelections({});
    m_details->clear();
    if (input.empty() || !m_classifier) {
        m_answer->setText(m_classifier ? QString() : tr("The rules are being compiled…"));
        return;
    }
    auto scratch = m_classifier->makeScratch();
    classify::Subject subject;
    subject.text = input;
    const model::Verdict verdict = m_classifier->classify(subject, scratch);
    if (verdict.rule.empty()) {
        m_answer->setText(tr("No rule matches: unclassified"));
        return;
    }
    m_answer->setText(QStringLiteral("%1: %2").arg(text(verdict.errorClass), text(verdict.title)));
    QStringList details{tr("Rule %1, domain %2, action %3.")
                            .arg(text(verdict.rule), text(name(verdict.domain)), actionName(verdict.action))};
    if (!verdict.summary.empty())
        details << text(verdict.summary);
    QStringList shadowed;
    QList<QTextEdit::ExtraSelection> selections;
    for (const auto &match : verdict.matches) {
        if (!match.winner && match.rule != verdict.rule && !shadowed.contains(text(match.rule)))
            shadowed << text(match.rule);
        QTextEdit::ExtraSelection selection;
        selection.cursor = QTextCursor(m_input->document());
        selection.cursor.setPosition(utf16Position(input, match.begin));
        selection.cursor.setPosition(utf16Position(input, match.end), QTextCursor::KeepAnchor);
        if (match.winner) {
            selection.format.setBackground(Theme::current().highlight);
            selection.format.setForeground(Theme::current().text);
        } else {
            selection.format.setUnderlineStyle(QTextCharFormat::DashUnderline);
        }
        selections << selection;
    }
    if (!shadowed.isEmpty())
        details << tr("Shadowed: %1").arg(shadowed.join(QStringLiteral(", ")));
    m_details->setText(details.join(QLatin1Char('\n')));
    m_input->setExtraSelections(selections);
}

} // namespace mulligan::desktop
