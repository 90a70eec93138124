#include "desktop/pages/rules_audit_item.hpp"

#include "desktop/pages/rules_audit_columns.hpp"
#include "desktop/pages/rules_audit_controller.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/elided_label.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/log_view.hpp"

#include <QAbstractItemView>
#include <QApplication>
#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>
#include <QStringListModel>
#include <QVBoxLayout>

namespace mulligan::desktop
{

namespace
{

constexpr int kRuleCharacters = 9; ///< wide ones: room for "Any of its rules"

} // namespace

RulesAuditItem::RulesAuditItem(RulesAuditController &audit, QWidget *keysIn, QWidget *parent)
    : QWidget(parent), m_audit(audit), m_keysIn(keysIn)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    layout->addWidget(buildHeading());
    m_log = new LogView(this);
    layout->addWidget(m_log, 1);
    layout->addWidget(buildClassRow());
    layout->addWidget(buildAnswers());
    connect(&m_audit, &RulesAuditController::moved, this, [this] {
        endAsking();
        showItem();
        showText();
    });
    connect(&m_audit, &RulesAuditController::changed, this, &RulesAuditItem::showItem);
}

QWidget *RulesAuditItem::buildHeading()
{
    auto *heading = new QWidget(this);
    auto *layout = new QVBoxLayout(heading);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    auto *top = new QHBoxLayout;
    m_place = makeLabel({}, "muted", heading);
    m_place->setTextInteractionFlags(Qt::TextSelectableByMouse);
    // A long name must not widen the window; what does not fit goes on below, so that run and attempt are always there.
    m_place->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_place->setWordWrap(true);
    top->addWidget(m_place, 1);
    auto *open = new QPushButton(tr("Show the failure"), heading);
    connect(open, &QPushButton::clicked, this, [this] {
        if (m_audit.item() != nullptr)
            Q_EMIT failureRequested(m_audit.item()->attemptId);
    });
    top->addWidget(open);
    layout->addLayout(top);
    auto *line = new QHBoxLayout;
    line->setSpacing(kGap);
    m_verdict = makeLabel({}, "heading", heading);
    m_verdict->setTextInteractionFlags(Qt::TextSelectableByMouse);
    line->addWidget(m_verdict);
    m_rule = new ElidedLabel({}, "muted", heading);
    m_rule->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    line->addWidget(m_rule, 1);
    m_given = new ElidedLabel({}, nullptr, heading);
    line->addWidget(m_given);
    layout->addLayout(line);
    return heading;
}

QWidget *RulesAuditItem::buildClassRow()
{
    m_classRow = new QWidget(this);
    auto *lines = new QVBoxLayout(m_classRow);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(kGapSmall / 2);
    auto *layout = new QHBoxLayout;
    layout->setSpacing(kGapSmall);
    lines->addLayout(layout);
    layout->addWidget(makeLabel(tr("Right class"), nullptr, m_classRow));
    m_class = new QLineEdit(m_classRow);
    m_class->setAccessibleName(tr("Class that the text really names"));
    m_class->setPlaceholderText(tr("Type a part of the class"));
    m_class->installEventFilter(this);
    auto *completer = new QCompleter(new QStringListModel(m_class), m_class);
    completer->setFilterMode(Qt::MatchContains);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    completer->setMaxVisibleItems(12);
    m_class->setCompleter(completer);
    layout->addWidget(m_class, 3);
    m_rightRule = new QComboBox(m_classRow);
    m_rightRule->setAccessibleName(tr("Rule that should have won"));
    m_rightRule->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_rightRule->setMinimumContentsLength(kRuleCharacters);
    m_rightRule->installEventFilter(this);
    layout->addWidget(m_rightRule, 2);
    // Below the fields, which have names to show.
    auto *keys = makeLabel(tr("Enter answers · Ctrl+Enter also makes samples · Esc cancels"), "muted", m_classRow);
    keys->setWordWrap(true);
    lines->addWidget(keys);
    const auto offerRules = [this](const QString &errorClass) {
        m_rightRule->clear();
        m_rightRule->addItem(tr("Any of its rules"), QString());
        if (m_rulesOf)
            for (const QString &rule : m_rulesOf(errorClass))
                m_rightRule->addItem(rule, rule);
        m_rightRule->setEnabled(m_rightRule->count() > 1);
    };
    connect(m_class, &QLineEdit::textChanged, this, offerRules);
    // Not by the event filter: the completer's list hands keys on past it.
    connect(m_class, &QLineEdit::returnPressed, this,
            [this] { giveClass(QApplication::keyboardModifiers().testFlag(Qt::ControlModifier)); });
    m_classRow->hide();
    return m_classRow;
}

QPushButton *RulesAuditItem::addAnswer(QWidget *row, const QString &label, const QKeySequence &key,
                                       const QString &keyName, const std::function<void()> &act)
{
    auto *button = new QPushButton(tr("%1  %2").arg(label, keyName), row);
    button->setToolTip(tr("Key: %1").arg(keyName));
    button->setFocusPolicy(Qt::TabFocus);
    connect(button, &QPushButton::clicked, this, act);
    auto *shortcut = new QShortcut(key, m_keysIn);
    shortcut->setContext(Qt::WidgetWithChildrenShortcut);
    connect(shortcut, &QShortcut::activated, button, [button] {
        if (button->isEnabled() && button->isVisible())
            button->click();
    });
    row->layout()->addWidget(button);
    m_answers << button;
    return button;
}

QWidget *RulesAuditItem::buildAnswers()
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    m_correct = addAnswer(row, tr("Correct"), Qt::Key_Y, QStringLiteral("Y"), [this] { m_audit.confirm(); });
    addAnswer(row, tr("Wrong…"), Qt::Key_N, QStringLiteral("N"), [this] { askClass(); });
    addAnswer(row, tr("No cause"), Qt::Key_U, QStringLiteral("U"), [this] {
        m_audit.noCause();
    })->setToolTip(tr("The text names no cause (key: U)"));
    addAnswer(row, tr("Skip"), Qt::Key_S, QStringLiteral("S"), [this] { m_audit.skip(); });
    m_back = addAnswer(row, tr("Back"), Qt::Key_Backspace, QString(QChar(0x232B)), [this] { m_audit.back(); });
    layout->addStretch(1);
    return row;
}

void RulesAuditItem::focusText()
{
    m_log->setFocus();
}

void RulesAuditItem::showItem()
{
    const auto *item = m_audit.item();
    for (QPushButton *button : std::as_const(m_answers))
        button->setEnabled(item != nullptr && !item->classNow.empty());
    m_answers[3]->setEnabled(item != nullptr);
    m_back->setEnabled(m_audit.canGoBack());
    if (item == nullptr) {
        for (QLabel *label : {m_place, m_verdict, m_rule, m_given})
            label->clear();
        return;
    }
    m_place->setText(tr("%1 of %2 · job %3, run %4, attempt %5")
                         .arg(countText(m_audit.index() + 1),
                              countText(static_cast<double>(m_audit.sample().items.size())), text(item->job),
                              text(item->run))
                         .arg(item->attempt));
    m_place->setToolTip(m_place->text());
    const bool unknown = item->classNow == model::kUnclassified;
    m_verdict->setText(item->classNow.empty() ? tr("no verdict now") : text(item->classNow));
    QString rule = unknown ? tr("No rule matches") : text(item->ruleNow);
    if (m_audit.detail() && m_audit.detail()->verdict && !m_audit.detail()->verdict->title.empty())
        rule += QStringLiteral(": ") + text(m_audit.detail()->verdict->title);
    if (item->drawnClass != item->classNow)
        rule += tr(" (drawn as %1)").arg(text(item->drawnClass));
    m_rule->setText(rule);
    m_rule->setToolTip(rule);
    const QString given = answerText(*item);
    m_given->setText(given.isEmpty() ? QString() : tr("Your answer: %1").arg(given));
    // Of a failure that no rule knows the right verdict is that its text says nothing.
    m_correct->setText(unknown ? tr("Correct: says nothing  Y") : tr("Correct  Y"));
    m_answers[2]->setVisible(!unknown);
}

void RulesAuditItem::showText()
{
    const auto &detail = m_audit.detail();
    std::vector<ByteSpan> spans;
    if (!detail) {
        m_log->setLog(m_audit.item() == nullptr ? std::string()
                                                : tr("This failure is no longer in the workspace.").toStdString(),
                      spans);
        return;
    }
    if (detail->verdict)
        for (const auto &match : detail->verdict->matches)
            spans.push_back({match.begin, match.end});
    m_log->setLog(detail->chain[detail->selected].errorText, spans);
}

void RulesAuditItem::askClass()
{
    auto *model = qobject_cast<QStringListModel *>(m_class->completer()->model());
    model->setStringList(m_audit.classes());
    m_class->clear();
    const auto *item = m_audit.item();
    if (item != nullptr && item->answer && item->answer->errorClass != item->classNow)
        m_class->setText(text(item->answer->errorClass));
    m_classRow->show();
    m_class->setFocus();
}

void RulesAuditItem::endAsking()
{
    if (!m_classRow->isVisible())
        return;
    m_class->completer()->popup()->hide();
    m_classRow->hide();
    m_log->setFocus();
}

void RulesAuditItem::giveClass(bool withSamples)
{
    // A part of a name that fits one class only is that class.
    QString named = m_class->text().trimmed();
    const QStringList classes = m_audit.classes();
    if (!classes.contains(named)) {
        const QStringList fitting = classes.filter(named, Qt::CaseInsensitive);
        if (fitting.size() == 1)
            named = fitting.first();
    }
    const auto *item = m_audit.item();
    const qint64 id = item != nullptr ? item->id : 0;
    m_audit.correct(named, m_rightRule->currentData().toString());
    if (withSamples && classes.contains(named))
        Q_EMIT samplesRequested(id);
}

bool RulesAuditItem::eventFilter(QObject *watched, QEvent *event)
{
    if ((watched == m_class || watched == m_rightRule) && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Escape) {
            endAsking();
            return true;
        }
        if (watched == m_rightRule && (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter)) {
            giveClass(key->modifiers().testFlag(Qt::ControlModifier));
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace mulligan::desktop
