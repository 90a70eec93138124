#include "desktop/pages/rules_editor_match.hpp"

#include "desktop/pages/rules_editor_patterns.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/pattern_edit.hpp"
#include "text/pattern_set.hpp"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSpinBox>
#include <QVBoxLayout>

namespace mulligan::desktop
{

namespace
{

constexpr int kMostLastLines = 100'000;
constexpr int kMostBlockLines = 10'000;
constexpr int kUsualLastLines = 50;

QFormLayout *makeForm()
{
    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setRowWrapPolicy(QFormLayout::WrapLongRows); // in a small window
    form->setHorizontalSpacing(kGap);
    form->setVerticalSpacing(kGapSmall);
    return form;
}

void showRow(QFormLayout *layout, QWidget *field, bool visible)
{
    field->setVisible(visible);
    if (auto *label = layout->labelForField(field))
        label->setVisible(visible);
}

QStringList configLines(const classify::Rule &rule)
{
    QStringList lines;
    for (const auto &[property, value] : rule.scopeConfig)
        lines << QStringLiteral("%1 = %2").arg(text(property), text(value));
    return lines;
}

void setConfigLines(classify::Rule &rule, const QStringList &lines)
{
    rule.scopeConfig.clear();
    for (const QString &line : lines) {
        const QString property = line.section(QLatin1Char('='), 0, 0).trimmed();
        if (!property.isEmpty() && line.contains(QLatin1Char('=')))
            rule.scopeConfig[property.toStdString()] = line.section(QLatin1Char('='), 1).trimmed().toStdString();
    }
}

} // namespace

RuleMatchForm::RuleMatchForm(QWidget *parent) : RuleForm(parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, kGapSmall, kGapSmall, 0);
    layout->setSpacing(kGap);
    addPatterns(layout, tr("Any of these"), tr("At least one of these patterns matches, when there are any"),
                tr("pattern"), &classify::Rule::any);
    m_any = findChild<PatternListEdit *>();
    addPatterns(layout, tr("Every one of these"), tr("All of these patterns match"), tr("required pattern"),
                &classify::Rule::all);
    addPatterns(layout, tr("None of these"), tr("The rule does not match where one of these does"),
                tr("excluding pattern"), &classify::Rule::none);
    layout->addWidget(makeLabel(tr("Where to look"), "heading", this));
    auto *place = makeForm();
    addPlace(place);
    addBlock(place);
    layout->addLayout(place);
    layout->addWidget(makeLabel(tr("Only for"), "heading", this));
    auto *scope = makeForm();
    addScope(scope);
    layout->addLayout(scope);
    layout->addStretch(1);
}

void RuleMatchForm::focusFirstPattern()
{
    m_any->focusPattern(0);
}

void RuleMatchForm::addPatterns(QVBoxLayout *layout, const QString &title, const QString &toolTip, const QString &name,
                                std::vector<std::string> classify::Rule::*member)
{
    auto *list = new PatternListEdit(title, toolTip, name, this);
    layout->addWidget(list);
    connect(list, &PatternListEdit::edited, this,
            [this, member](const std::vector<std::string> &patterns, const QString &what) {
                change(what, [&](classify::Rule &changed) { changed.*member = patterns; });
            });
    onShown([this, list, member] {
        list->setPatterns(rule().*member, {rule().caseless, rule().multiline}, readOnly());
    });
}

void RuleMatchForm::addPlace(QFormLayout *layout)
{
    using classify::MatchWhere;
    addChoice(
        layout, {tr("Part of the log"), tr("Which part of a failure's text the patterns see"), tr("place")},
        {{tr("Root cause with its first frames"), static_cast<int>(MatchWhere::RootCause)},
         {tr("Message: the root cause's first line"), static_cast<int>(MatchWhere::Message)},
         {tr("Whole log"), static_cast<int>(MatchWhere::WholeLog)},
         {tr("Last lines of the log"), static_cast<int>(MatchWhere::LastLines)}},
        [](const classify::Rule &rule) { return static_cast<int>(rule.where); },
        [](classify::Rule &rule, int where) {
            rule.where = static_cast<MatchWhere>(where);
            rule.lastLines = rule.where == MatchWhere::LastLines ? kUsualLastLines : 0;
        });
    auto *lines = addNumber(
        layout, {tr("Last lines"), tr("How many lines at the end of the log"), tr("last lines")}, 0, kMostLastLines,
        [](const classify::Rule &rule) { return rule.lastLines; },
        [](classify::Rule &rule, int count) { rule.lastLines = count; });
    onShown([this, layout, lines] { showRow(layout, lines, rule().where == MatchWhere::LastLines); });
    using classify::LeastLevel;
    addChoice(
        layout,
        {tr("Lines that count"),
         tr("Matches that begin in a line its logger marks with a lower level are passed over; a line without a level "
            "counts. Of the whole log, also where the patterns see a part. Patterns under \"None of these\" see every "
            "line."),
         tr("lines that count")},
        {{tr("Any level"), static_cast<int>(LeastLevel::Any)},
         {tr("WARN and above, or unmarked"), static_cast<int>(LeastLevel::Warn)},
         {tr("ERROR and above, or unmarked"), static_cast<int>(LeastLevel::Error)}},
        [](const classify::Rule &rule) { return static_cast<int>(rule.leastLevel); },
        [](classify::Rule &rule, int level) { rule.leastLevel = static_cast<LeastLevel>(level); });
    addCheck(layout, {tr("Ignore case"), tr("Letters A to Z match in either case, in all patterns"), tr("case")},
             &classify::Rule::caseless);
    addCheck(layout, {tr("^ and $ at every line"), tr("Else they are the ends of what the rule looks at"), tr("lines")},
             &classify::Rule::multiline);
}

void RuleMatchForm::addBlock(QFormLayout *layout)
{
    using classify::Block;
    auto *box = addChoice(
        layout,
        {tr("Blocks"), tr("All patterns must match within one block: a stack trace, a record, a diagnostic"),
         tr("block")},
        {{tr("None: look at all of it"), -1},
         {tr("Up to the next line that begins one"), static_cast<int>(Block::End::NextRecord)},
         {tr("Up to an empty line"), static_cast<int>(Block::End::BlankLine)},
         {tr("Up to a line that matches"), static_cast<int>(Block::End::Pattern)}},
        [](const classify::Rule &rule) { return rule.block ? static_cast<int>(rule.block->end) : -1; },
        [](classify::Rule &rule, int end) {
            if (end < 0) {
                rule.block.reset();
                return;
            }
            if (!rule.block)
                rule.block.emplace();
            rule.block->end = static_cast<Block::End>(end);
            if (rule.block->end != Block::End::Pattern)
                rule.block->to.clear();
        });
    const auto addPattern = [&](const QString &title, const QString &toolTip, std::string Block::*member) {
        auto *field = new PatternEdit(this);
        field->setAccessibleName(title);
        field->setToolTip(toolTip);
        layout->addRow(title, field);
        connect(field, &PatternEdit::patternEdited, this, [this, member, title](const QString &pattern) {
            change(title, [&](classify::Rule &changed) {
                if (changed.block)
                    (*changed.block).*member = pattern.toStdString();
            });
        });
        onShown([this, field, member] {
            const std::string pattern = rule().block ? (*rule().block).*member : std::string();
            field->setPattern(text(pattern));
            const auto good = text::checkPattern({pattern, rule().caseless});
            good ? field->clearFault() : field->setFault(-1);
            field->setAccessibleDescription(good ? QString() : text(good.error().message));
            field->setReadOnly(readOnly());
        });
        return field;
    };
    auto *from = addPattern(tr("Begins with"), tr("A line that matches this begins a block"), &Block::from);
    auto *to = addPattern(tr("Ends with"), tr("A line that matches this ends the block"), &Block::to);
    auto *most = addNumber(
        layout, {tr("At most lines"), tr("A block ends after so many lines at the latest"), tr("lines of a block")}, 1,
        kMostBlockLines, [](const classify::Rule &rule) { return rule.block ? rule.block->maxLines : 1; },
        [](classify::Rule &rule, int count) {
            if (rule.block)
                rule.block->maxLines = count;
        });
    onShown([this, layout, box, from, to, most] {
        const bool any = rule().block.has_value();
        box->setEnabled(!readOnly());
        showRow(layout, from, any);
        showRow(layout, to, any && rule().block->end == Block::End::Pattern);
        showRow(layout, most, any);
    });
}

void RuleMatchForm::addScope(QFormLayout *layout)
{
    const auto example = [](QLineEdit *line, const QString &words) { line->setPlaceholderText(words); };
    example(addLine(layout, {tr("Log stream"), tr("Only texts of this stream, such as stderr"), tr("stream")},
                    &classify::Rule::scopeStream),
            tr("any"));
    example(addLine(layout, {tr("Jobs"), tr("Only jobs whose name fits; * stands for any characters"), tr("jobs")},
                    &classify::Rule::scopeJobGlob),
            tr("any, or etl_*"));
    example(addLine(layout, {tr("Spark version"), tr("Only versions that begin so"), tr("Spark version")},
                    &classify::Rule::scopeSparkVersion),
            tr("any, or 3.5"));
    auto *config = addLines(
        layout,
        {tr("Settings"), tr("Only where these properties have these values; one a line"), tr("settings in scope")}, 2,
        configLines, setConfigLines);
    config->setPlaceholderText(tr("spark.memory.offHeap.enabled = true"));
}

} // namespace mulligan::desktop
