#include "desktop/pages/rules_editor_form.hpp"

#include "desktop/widgets/format.hpp"
#include "desktop/widgets/stack_undo.hpp"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSpinBox>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

class WheelFilter : public QObject
{
public:
    using QObject::QObject;
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() != QEvent::Wheel || static_cast<QWidget *>(watched)->hasFocus())
            return false;
        event->ignore();
        return true;
    }
};

void describe(QWidget *field, const QString &title, const QString &toolTip)
{
    field->setToolTip(toolTip);
    field->setAccessibleName(title);
    field->setAccessibleDescription(toolTip);
}

void addRow(QFormLayout *layout, const QString &title, QWidget *field)
{
    auto *label = new QLabel(title);
    label->setBuddy(field);
    label->setToolTip(field->toolTip());
    layout->addRow(label, field);
}

QPlainTextEdit *makeTextField(int lines)
{
    auto *field = new QPlainTextEdit;
    field->setTabChangesFocus(true);
    field->setFixedHeight(lines * field->fontMetrics().lineSpacing() + 16);
    undoThroughStack(field);
    return field;
}

} // namespace

void showText(QLineEdit *line, const QString &text)
{
    if (line->text() == text)
        return;
    const int position = line->cursorPosition();
    line->setText(text);
    line->setCursorPosition(std::min(position, static_cast<int>(text.size())));
}

void showText(QPlainTextEdit *field, const QString &text)
{
    if (field->toPlainText() == text)
        return;
    const int position = field->textCursor().position();
    field->setPlainText(text);
    QTextCursor cursor = field->textCursor();
    cursor.setPosition(std::min(position, static_cast<int>(text.size())));
    field->setTextCursor(cursor);
}

void ignoreStrayWheel(QWidget *field)
{
    field->setFocusPolicy(Qt::StrongFocus);
    field->installEventFilter(new WheelFilter(field));
}

RuleForm::RuleForm(QWidget *parent) : QWidget(parent)
{
}

void RuleForm::setRule(const classify::Rule &rule, bool readOnly)
{
    m_otherRule = m_rule.id != rule.id;
    m_rule = rule;
    m_readOnly = readOnly;
    m_showing = true;
    for (const auto &show : m_shows)
        show();
    m_showing = false;
}

void RuleForm::change(const QString &what, const std::function<void(classify::Rule &)> &how)
{
    if (m_showing || m_readOnly)
        return;
    how(m_rule);
    // By value: the answer shows the rule anew, into the member this would refer to.
    const classify::Rule changed = m_rule;
    Q_EMIT edited(changed, what);
}

QLineEdit *RuleForm::addLine(QFormLayout *layout, const Label &label, Text member)
{
    auto *line = new QLineEdit;
    describe(line, label.title, label.toolTip);
    undoThroughStack(line);
    addRow(layout, label.title, line);
    connect(line, &QLineEdit::textEdited, this, [this, what = label.what, member](const QString &value) {
        change(what, [&](classify::Rule &rule) { rule.*member = value.toStdString(); });
    });
    // What a completer fills in is no typing.
    connect(line, &QLineEdit::editingFinished, this, [this, what = label.what, member, line] {
        if (text(m_rule.*member) != line->text())
            change(what, [&](classify::Rule &rule) { rule.*member = line->text().toStdString(); });
    });
    onShown([this, line, member] {
        showText(line, text(m_rule.*member));
        line->setReadOnly(m_readOnly);
    });
    return line;
}

QPlainTextEdit *RuleForm::addText(QFormLayout *layout, const Label &label, Text member, int lines)
{
    auto *field = makeTextField(lines);
    describe(field, label.title, label.toolTip);
    addRow(layout, label.title, field);
    connect(field, &QPlainTextEdit::textChanged, this, [this, what = label.what, member, field] {
        change(what, [&](classify::Rule &rule) { rule.*member = field->toPlainText().toStdString(); });
    });
    onShown([this, field, member] {
        showText(field, text(m_rule.*member));
        field->setReadOnly(m_readOnly);
    });
    return field;
}

QPlainTextEdit *RuleForm::addLines(QFormLayout *layout, const Label &label, int lines,
                                   std::function<QStringList(const classify::Rule &)> read,
                                   std::function<void(classify::Rule &, const QStringList &)> write)
{
    auto *field = makeTextField(lines);
    field->setLineWrapMode(QPlainTextEdit::NoWrap);
    describe(field, label.title, label.toolTip);
    addRow(layout, label.title, field);
    const auto entries = [field] { return field->toPlainText().split(QLatin1Char('\n'), Qt::SkipEmptyParts); };
    connect(field, &QPlainTextEdit::textChanged, this, [this, what = label.what, write, entries] {
        change(what, [&](classify::Rule &rule) { write(rule, entries()); });
    });
    onShown([this, field, read, write, entries] {
        // An empty last line, or an entry that is not finished, is not taken from under the cursor.
        classify::Rule typed = m_rule;
        write(typed, entries());
        if (m_otherRule || read(typed) != read(m_rule))
            showText(field, read(m_rule).join(QLatin1Char('\n')));
        field->setReadOnly(m_readOnly);
    });
    return field;
}

QComboBox *RuleForm::addChoice(QFormLayout *layout, const Label &label,
                               const std::vector<std::pair<QString, int>> &choices,
                               std::function<int(const classify::Rule &)> read,
                               std::function<void(classify::Rule &, int)> write)
{
    auto *box = new QComboBox;
    describe(box, label.title, label.toolTip);
    for (const auto &[title, value] : choices)
        box->addItem(title, value);
    // The longest choice must not make the form wider than its column.
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(8);
    ignoreStrayWheel(box);
    addRow(layout, label.title, box);
    connect(box, &QComboBox::currentIndexChanged, this, [this, what = label.what, write, box] {
        change(what, [&](classify::Rule &rule) { write(rule, box->currentData().toInt()); });
    });
    onShown([this, box, read] {
        box->setCurrentIndex(box->findData(read(m_rule)));
        box->setEnabled(!m_readOnly);
    });
    return box;
}

QCheckBox *RuleForm::addCheck(QFormLayout *layout, const Label &label, bool classify::Rule::*member)
{
    auto *check = new QCheckBox(label.title);
    describe(check, label.title, label.toolTip);
    layout->addRow(QString(), check);
    connect(check, &QCheckBox::toggled, this, [this, what = label.what, member](bool on) {
        change(what, [&](classify::Rule &rule) { rule.*member = on; });
    });
    onShown([this, check, member] {
        check->setChecked(m_rule.*member);
        check->setEnabled(!m_readOnly);
    });
    return check;
}

QSpinBox *RuleForm::addNumber(QFormLayout *layout, const Label &label, int least, int most,
                              std::function<int(const classify::Rule &)> read,
                              std::function<void(classify::Rule &, int)> write)
{
    auto *box = new QSpinBox;
    describe(box, label.title, label.toolTip);
    box->setRange(least, most);
    ignoreStrayWheel(box);
    for (auto *line : box->findChildren<QLineEdit *>())
        undoThroughStack(line);
    addRow(layout, label.title, box);
    connect(box, &QSpinBox::valueChanged, this, [this, what = label.what, write](int value) {
        change(what, [&](classify::Rule &rule) { write(rule, value); });
    });
    onShown([this, box, read] {
        box->setValue(read(m_rule));
        box->setEnabled(!m_readOnly);
    });
    return box;
}

} // namespace mulligan::desktop
