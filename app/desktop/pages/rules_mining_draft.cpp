#include "desktop/pages/rules_mining_draft.hpp"

#include "desktop/pages/rules_mining_columns.hpp"
#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/format.hpp"
#include "desktop/widgets/log_view.hpp"

#include <QComboBox>
#include <QCompleter>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStringListModel>
#include <QVBoxLayout>

#include <set>

namespace mulligan::desktop
{

RulesMiningDraft::RulesMiningDraft(QWidget *parent) : QWidget(parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    m_sentence = makeLabel({}, "muted", this);
    m_sentence->setWordWrap(true);
    layout->addWidget(m_sentence);
    m_accept = new QPushButton(tr("Add to the pack…"), this);
    setRole(m_accept, "primary");
    m_fields = buildFields();
    layout->addWidget(m_fields);
    showSentence({});
}

QWidget *RulesMiningDraft::buildFields()
{
    auto *fields = new QWidget(this);
    auto *grid = new QGridLayout(fields);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(kGapSmall);
    grid->setVerticalSpacing(kGapSmall);
    const auto name = [&](const QString &label, int row, int column) {
        grid->addWidget(makeLabel(label, "muted", fields), row, column);
    };
    m_pattern = new QPlainTextEdit(fields);
    m_pattern->setReadOnly(true);
    m_pattern->setFont(logFont());
    m_pattern->setAccessibleName(tr("Pattern of the draft rule"));
    m_pattern->setTabChangesFocus(true);
    m_pattern->setFixedHeight(2 * m_pattern->fontMetrics().height() + 12);
    name(tr("Pattern"), 0, 0);
    grid->addWidget(m_pattern, 0, 1, 1, 3);
    m_checks = makeLabel({}, nullptr, fields);
    m_checks->setWordWrap(true);
    m_effect = makeLabel({}, nullptr, fields);
    m_effect->setWordWrap(true);
    name(tr("Checked"), 1, 0);
    grid->addWidget(m_checks, 1, 1, 1, 3);
    name(tr("Effect"), 2, 0);
    grid->addWidget(m_effect, 2, 1, 1, 3);
    m_class = new QLineEdit(fields);
    m_class->setPlaceholderText(tr("Choose a class"));
    m_class->setAccessibleName(tr("Class of the rule"));
    auto *completer = new QCompleter(new QStringListModel(m_class), m_class);
    completer->setFilterMode(Qt::MatchContains);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_class->setCompleter(completer);
    m_proposal = new QPushButton(fields);
    connect(m_proposal, &QPushButton::clicked, this, [this] { m_class->setText(text(m_draft.proposal.errorClass)); });
    name(tr("Class"), 3, 0);
    grid->addWidget(m_class, 3, 1);
    grid->addWidget(m_proposal, 3, 2, 1, 2);
    m_id = new QLineEdit(fields);
    m_id->setAccessibleName(tr("Id of the rule"));
    m_file = new QComboBox(fields);
    m_file->setAccessibleName(tr("File the rule goes into"));
    m_file->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    name(tr("Id"), 4, 0);
    grid->addWidget(m_id, 4, 1, 1, 3);
    m_title = new QLineEdit(fields);
    m_title->setAccessibleName(tr("Title of the rule"));
    m_status = new QComboBox(fields);
    m_status->setAccessibleName(tr("Status of the rule"));
    m_status->addItem(tr("draft: decides nothing yet"), static_cast<int>(classify::RuleStatus::Draft));
    m_status->addItem(tr("active: decides at once"), static_cast<int>(classify::RuleStatus::Active));
    m_status->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    name(tr("Title"), 5, 0);
    grid->addWidget(m_title, 5, 1, 1, 3);
    name(tr("File"), 6, 0);
    grid->addWidget(m_file, 6, 1);
    name(tr("Status"), 6, 2);
    grid->addWidget(m_status, 6, 3);
    grid->setColumnStretch(1, 3);
    grid->setColumnStretch(3, 3);
    connect(m_accept, &QPushButton::clicked, this, &RulesMiningDraft::accepted);
    connect(m_class, &QLineEdit::textChanged, this, [this] {
        chooseFile();
        refresh();
    });
    connect(m_id, &QLineEdit::textChanged, this, &RulesMiningDraft::refresh);
    return fields;
}

void RulesMiningDraft::showSentence(const QString &sentence)
{
    m_sentence->setText(sentence);
    m_sentence->setVisible(!sentence.isEmpty());
    m_fields->hide();
    m_accept->setEnabled(false);
}

void RulesMiningDraft::setDraft(const pipeline::RuleDraft &draft, const std::optional<classify::PackDocuments> &files)
{
    // What was typed stays while the same draft is shown again.
    const bool same = !m_fields->isHidden() && m_draft.cluster == draft.cluster && m_draft.rule == draft.rule
                      && m_files.has_value() == files.has_value();
    m_draft = draft;
    m_files = files;
    if (same) {
        refresh();
        return;
    }
    QStringList patterns;
    for (const auto *list : {&draft.rule.any, &draft.rule.all})
        for (const auto &pattern : *list)
            patterns << text(pattern);
    m_pattern->setPlainText(patterns.join(QLatin1Char('\n')));
    m_id->setText(text(draft.rule.id));
    m_id->setCursorPosition(0);
    m_title->setText(text(draft.rule.title));
    m_title->setCursorPosition(0);
    m_file->clear();
    if (files)
        for (const auto &each : files->files())
            m_file->addItem(text(each.name()).section(QLatin1Char('/'), -1), text(each.name()));
    m_class->clear();
    showClasses();
    showChecks();
    m_effect->setText(effectText(draft));
    m_sentence->hide();
    m_fields->show();
    refresh();
}

void RulesMiningDraft::showClasses()
{
    std::set<std::string> classes;
    if (m_files)
        for (const auto &each : m_files->pack().rules)
            classes.insert(each.errorClass);
    QStringList names;
    for (const auto &each : classes)
        names << text(each);
    qobject_cast<QStringListModel *>(m_class->completer()->model())->setStringList(names);
    const auto &proposal = m_draft.proposal;
    m_proposal->setVisible(!proposal.errorClass.empty());
    m_proposal->setText(tr("Proposed: %1").arg(text(proposal.errorClass)));
    m_proposal->setToolTip(tr("The class of rule %1, whose failures are %2 alike. Press to take it.")
                               .arg(text(proposal.rule), shareText(proposal.similarity)));
}

void RulesMiningDraft::showChecks()
{
    const Theme &theme = Theme::current();
    QStringList lines;
    for (const auto &line : checkLines(m_draft))
        lines << QStringLiteral("<span style='color:%1'>%2</span> %3")
                     .arg((line.well ? theme.gain : theme.loss).name(),
                          line.well ? QStringLiteral("✓") : QStringLiteral("✕"), line.text.toHtmlEscaped());
    m_checks->setText(lines.join(QStringLiteral("<br>")));
}

void RulesMiningDraft::chooseFile()
{
    if (!m_files)
        return;
    // A rule goes where those of its class are, else of its group.
    const std::string wanted = m_class->text().trimmed().toStdString();
    const classify::RulePack pack = m_files->pack();
    for (const bool whole : {true, false}) {
        for (const auto &each : pack.rules) {
            const bool fits =
                whole ? each.errorClass == wanted : model::groupOf(each.errorClass) == model::groupOf(wanted);
            if (!fits)
                continue;
            m_file->setCurrentIndex(std::max(0, m_file->findData(text(each.file))));
            return;
        }
    }
}

classify::Rule RulesMiningDraft::rule() const
{
    classify::Rule rule = m_draft.rule;
    rule.id = m_id->text().trimmed().toStdString();
    rule.title = m_title->text().trimmed().toStdString();
    rule.errorClass = m_class->text().trimmed().toStdString();
    rule.status = static_cast<classify::RuleStatus>(m_status->currentData().toInt());
    if (m_files) {
        for (const auto &each : m_files->pack().rules) {
            if (each.errorClass != rule.errorClass || each.status != classify::RuleStatus::Active)
                continue;
            rule.domain = each.domain;
            rule.transient = each.transient;
            rule.action = each.action;
            break;
        }
    }
    return rule;
}

std::string RulesMiningDraft::file() const
{
    return m_file->currentData().toString().toStdString();
}

void RulesMiningDraft::refresh()
{
    const QString named = m_class->text().trimmed();
    const QString id = m_id->text().trimmed();
    QString why;
    if (!m_files)
        why = tr("The rule files are not open for editing; see the editor.");
    else if (named.isEmpty() || named == text(model::kUnclassified))
        why = tr("Choose a class first.");
    else if (id.isEmpty())
        why = tr("Give the rule an id.");
    else if (m_files->find(id.toStdString()) != nullptr)
        why = tr("There is a rule of that id already.");
    m_accept->setEnabled(why.isEmpty());
    m_accept->setToolTip(why.isEmpty() ? tr("Shows what changes in the file before anything does") : why);
}

void RulesMiningDraft::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange && m_fields != nullptr)
        showChecks();
    QWidget::changeEvent(event);
}

} // namespace mulligan::desktop
