#include "desktop/pages/rules_editor_about.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/format.hpp"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace mulligan::desktop
{

namespace
{

QStringList linkLines(const classify::Rule &rule)
{
    QStringList lines;
    for (const auto &link : rule.links)
        lines << text(link);
    return lines;
}

void setLinkLines(classify::Rule &rule, const QStringList &lines)
{
    rule.links.clear();
    for (const QString &line : lines)
        rule.links.push_back(line.trimmed().toStdString());
}

} // namespace

RuleAboutForm::RuleAboutForm(QWidget *parent) : RuleForm(parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, kGapSmall, kGapSmall, 0);
    layout->setSpacing(kGap);
    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setHorizontalSpacing(kGap);
    form->setVerticalSpacing(kGapSmall);
    addLine(form, {tr("Id"), tr("Lower-case letters, digits, '.', '-' and '_'; names the rule everywhere"), tr("id")},
            &classify::Rule::id);
    addLine(form, {tr("Title"), tr("What the list and reports call it"), tr("title")}, &classify::Rule::title);
    using classify::RuleStatus;
    addChoice(
        form, {tr("Status"), tr("Only active rules classify; retired ones are kept for their history"), tr("status")},
        {{tr("draft"), static_cast<int>(RuleStatus::Draft)},
         {tr("active"), static_cast<int>(RuleStatus::Active)},
         {tr("retired"), static_cast<int>(RuleStatus::Retired)}},
        [](const classify::Rule &rule) { return static_cast<int>(rule.status); },
        [](classify::Rule &rule, int status) { rule.status = static_cast<RuleStatus>(status); });
    addLine(form, {tr("Owner"), tr("Who looks after it"), tr("owner")}, &classify::Rule::owner);
    addLines(form, {tr("Links"), tr("Documentation and issues, one a line"), tr("links")}, 2, linkLines, setLinkLines);
    addLine(form, {tr("Created"), tr("YYYY-MM-DD"), tr("date of creation")}, &classify::Rule::created);
    addLine(form, {tr("Modified"), tr("YYYY-MM-DD; set to today by an edit"), tr("date of change")},
            &classify::Rule::modified);
    addLine(form,
            {tr("Expires"), tr("YYYY-MM-DD, the last day it is meant for; it goes on matching and is listed then"),
             tr("expiry")},
            &classify::Rule::expires)
        ->setPlaceholderText(tr("never"));
    layout->addLayout(form);
    layout->addWidget(makeLabel(tr("In its file"), "heading", this));
    m_place = makeLabel({}, "muted", this);
    m_place->setWordWrap(true);
    m_place->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(m_place);
    m_yaml = new QPlainTextEdit(this);
    m_yaml->setReadOnly(true);
    m_yaml->setFont(logFont());
    m_yaml->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_yaml->setTabChangesFocus(true);
    m_yaml->setMinimumHeight(180);
    m_yaml->setAccessibleName(tr("The rule's lines in its file"));
    layout->addWidget(m_yaml, 1);
}

void RuleAboutForm::setSource(const QString &yaml, const QString &place)
{
    showText(m_yaml, yaml);
    m_place->setText(place);
}

} // namespace mulligan::desktop
