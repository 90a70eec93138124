#include "desktop/pages/rules_editor_verdict.hpp"

#include "classify/templates.hpp"
#include "desktop/pages/rules_columns.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/stack_undo.hpp"
#include "text/pattern_syntax.hpp"

#include <QComboBox>
#include <QCompleter>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSpinBox>
#include <QStringListModel>
#include <QVBoxLayout>

namespace mulligan::desktop
{

namespace
{

constexpr int kMostPriority = 1000;

/// A line that could not be read stands whole in place of a name, without a unit.
QStringList captureLines(const classify::Rule &rule)
{
    QStringList lines;
    for (const auto &[name, unit] : rule.captures)
        lines << (unit.empty() ? text(name) : QStringLiteral("%1: %2").arg(text(name), text(unit)));
    return lines;
}

/// What is no "name: unit", or names one a second time, is kept as a capture without a unit, which no file takes.
void setCaptureLines(classify::Rule &rule, const QStringList &lines)
{
    rule.captures.clear();
    for (const QString &line : lines) {
        if (line.trimmed().isEmpty())
            continue;
        std::string name = line.section(QLatin1Char(':'), 0, 0).trimmed().toStdString();
        std::string unit = line.section(QLatin1Char(':'), 1).trimmed().toStdString();
        if (name.empty() || unit.empty() || rule.captures.count(name) > 0) {
            name = line.trimmed().toStdString();
            unit.clear();
        }
        while (rule.captures.count(name) > 0)
            name += ':';
        rule.captures[name] = unit;
    }
}

/// Named groups of the patterns that have no unit yet.
QStringList undeclaredGroups(const classify::Rule &rule)
{
    QStringList names;
    for (const auto *list : {&rule.any, &rule.all}) {
        for (const auto &pattern : *list) {
            for (const auto &group : text::readPattern(pattern, rule.multiline).groups) {
                const QString name = text(group.name);
                if (rule.captures.count(group.name) == 0 && !names.contains(name))
                    names << name;
            }
        }
    }
    return names;
}

QLabel *addPreview(QFormLayout *layout, const QString &name)
{
    auto *label = makeLabel({}, "muted");
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setAccessibleName(name);
    layout->addRow(QString(), label);
    return label;
}

} // namespace

RuleVerdictForm::RuleVerdictForm(QWidget *parent) : RuleForm(parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, kGapSmall, kGapSmall, 0);
    layout->setSpacing(kGap);
    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setHorizontalSpacing(kGap);
    form->setVerticalSpacing(kGapSmall);
    addDecision(form);
    addExitCode(form);
    addCaptures(form);
    addTemplates(form);
    layout->addLayout(form);
    layout->addStretch(1);
}

void RuleVerdictForm::addDecision(QFormLayout *layout)
{
    auto *line = addLine(
        layout,
        {tr("Class"), tr("group.kind, such as memory_config.executor_heap; known ones are offered"), tr("class")},
        &classify::Rule::errorClass);
    line->setPlaceholderText(tr("group.kind"));
    m_classes = new QStringListModel(this);
    auto *completer = new QCompleter(m_classes, this);
    completer->setFilterMode(Qt::MatchContains);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    line->setCompleter(completer);
    connect(completer, qOverload<const QString &>(&QCompleter::activated), this, [this](const QString &chosen) {
        change(tr("class"), [&](classify::Rule &rule) { rule.errorClass = chosen.toStdString(); });
    });
    using model::Domain;
    addChoice(
        layout, {tr("Domain"), tr("Whose failure it is; each domain has its own retry limit"), tr("domain")},
        {{tr("user"), static_cast<int>(Domain::User)},
         {tr("platform"), static_cast<int>(Domain::Platform)},
         {tr("timeout"), static_cast<int>(Domain::Timeout)}},
        [](const classify::Rule &rule) { return static_cast<int>(rule.domain); },
        [](classify::Rule &rule, int domain) { rule.domain = static_cast<Domain>(domain); });
    addCheck(layout,
             {tr("Transient"), tr("It may be gone the next time, so that a plain retry can help"), tr("transience")},
             &classify::Rule::transient);
    using model::RuleAction;
    addChoice(
        layout, {tr("Action"), tr("What should happen, unless the policy says otherwise"), tr("action")},
        {{actionName(RuleAction::Retry), static_cast<int>(RuleAction::Retry)},
         {actionName(RuleAction::Stop), static_cast<int>(RuleAction::Stop)},
         {actionName(RuleAction::AskModel), static_cast<int>(RuleAction::AskModel)}},
        [](const classify::Rule &rule) { return static_cast<int>(rule.action); },
        [](classify::Rule &rule, int action) { rule.action = static_cast<RuleAction>(action); });
    addNumber(
        layout, {tr("Priority"), tr("Of several rules that match, the one of highest priority wins"), tr("priority")},
        -kMostPriority, kMostPriority, [](const classify::Rule &rule) { return rule.priority; },
        [](classify::Rule &rule, int priority) { rule.priority = priority; });
}

void RuleVerdictForm::addExitCode(QFormLayout *layout)
{
    auto *line = new QLineEdit(this);
    line->setPlaceholderText(tr("none"));
    line->setToolTip(tr("The process's exit code this failure stands for; may be left out"));
    line->setAccessibleName(tr("Exit code"));
    layout->addRow(tr("Exit code"), line);
    undoThroughStack(line);
    connect(line, &QLineEdit::textEdited, this, &RuleVerdictForm::exitCodeTyped);
    onShown([this, line] {
        const QString known = rule().exitCode ? QString::number(*rule().exitCode) : QString();
        showText(line, m_unreadExitCode.isEmpty() ? known : m_unreadExitCode);
        line->setReadOnly(readOnly());
    });
}

void RuleVerdictForm::addCaptures(QFormLayout *layout)
{
    auto *field = addLines(layout,
                           {tr("Captures"),
                            tr("Named groups of the patterns and their units, one a line: bytes, seconds, count or "
                               "word"),
                            tr("captures")},
                           3, captureLines, setCaptureLines);
    field->setPlaceholderText(tr("used: bytes"));
    auto *undeclared = makeLabel({}, "muted", this);
    undeclared->setWordWrap(true);
    layout->addRow(QString(), undeclared);
    onShown([this, undeclared] {
        const QStringList names = undeclaredGroups(rule());
        undeclared->setVisible(!names.isEmpty());
        undeclared->setText(tr("Named in the patterns and not declared: %1").arg(names.join(QStringLiteral(", "))));
    });
}

void RuleVerdictForm::addTemplates(QFormLayout *layout)
{
    const QString help = tr("{name} stands for a capture, {name|otherwise} says what to put where it is missing");
    addText(layout, {tr("Summary"), help, tr("summary")}, &classify::Rule::summary, 3);
    m_summary = addPreview(layout, tr("Preview of the summary"));
    addText(layout, {tr("Advice"), help, tr("advice")}, &classify::Rule::advice, 4);
    m_advice = addPreview(layout, tr("Preview of the advice"));
    onShown([this] { preview(); });
}

void RuleVerdictForm::setKnownClasses(const QStringList &classes)
{
    if (m_classes->stringList() != classes)
        m_classes->setStringList(classes);
}

void RuleVerdictForm::setCaptures(const std::map<std::string, model::Capture> &captures)
{
    m_captures = captures;
    preview();
}

void RuleVerdictForm::preview()
{
    const auto show = [&](QLabel *label, const std::string &source) {
        const classify::Template words(source);
        // Without places for captures the preview would repeat what stands above it.
        label->setVisible(!words.names().empty());
        label->setText(tr("Reads: %1").arg(text(words.render(m_captures))));
    };
    show(m_summary, rule().summary);
    show(m_advice, rule().advice);
}

} // namespace mulligan::desktop
