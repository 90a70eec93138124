#include "desktop/widgets/card.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/elided_label.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QStyle>
#include <QVBoxLayout>

namespace mulligan::desktop
{

Card::Card(const QString &title, QWidget *parent) : QFrame(parent)
{
    setObjectName(QStringLiteral("card"));
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(kGap + 2, kGap, kGap + 2, kGap + 2);
    outer->setSpacing(kGapSmall);
    m_header = new QHBoxLayout;
    m_header->setSpacing(kGapSmall);
    m_title = new ElidedLabel({}, "heading", this);
    m_header->addWidget(m_title, 1);
    outer->addLayout(m_header);
    m_subtitle = makeLabel({}, "muted", this);
    m_subtitle->setWordWrap(true);
    m_subtitle->hide();
    outer->addWidget(m_subtitle);
    m_body = new QVBoxLayout;
    m_body->setSpacing(kGapSmall);
    outer->addLayout(m_body, 1);
    setTitle(title);
}

void Card::setTitle(const QString &title)
{
    m_title->setText(title);
    m_title->setVisible(!title.isEmpty());
    setAccessibleName(title);
}

void Card::setSubtitle(const QString &subtitle)
{
    m_subtitle->setText(subtitle);
    m_subtitle->setVisible(!subtitle.isEmpty());
}

void Card::addHeaderWidget(QWidget *widget)
{
    m_header->addWidget(widget);
}

QLabel *makeLabel(const QString &text, const char *role, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    if (role != nullptr)
        label->setProperty("role", QString::fromLatin1(role));
    return label;
}

void setRole(QWidget *widget, const char *role)
{
    const QString name = QString::fromLatin1(role);
    if (widget->property("role").toString() == name)
        return;
    widget->setProperty("role", name);
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

} // namespace mulligan::desktop
