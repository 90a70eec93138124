#include "desktop/widgets/knob_group.hpp"

#include "desktop/shell/theme.hpp"

#include <QAction>
#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>

namespace mulligan::desktop
{

KnobGroup::KnobGroup(const QString &title, bool open, QWidget *parent) : QWidget(parent), m_title(title)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGapSmall);
    m_heading = new QToolButton;
    m_heading->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_heading->setCheckable(true);
    m_heading->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    QFont bold = m_heading->font();
    bold.setBold(true);
    m_heading->setFont(bold);
    auto *more = new QToolButton;
    more->setText(QStringLiteral("⋯"));
    more->setToolTip(tr("Put the whole group back"));
    more->setAccessibleName(tr("Put back %1").arg(title));
    more->setPopupMode(QToolButton::InstantPopup);
    more->setStyleSheet(QStringLiteral("QToolButton::menu-indicator { image: none; }"));
    auto *menu = new QMenu(more);
    menu->addAction(tr("Put back the saved values"), this, &KnobGroup::resetToSavedRequested);
    menu->addAction(tr("Put back the shipped values"), this, &KnobGroup::resetToShippedRequested);
    more->setMenu(menu);
    auto *row = new QHBoxLayout;
    row->setSpacing(0);
    row->addWidget(m_heading, 1);
    row->addWidget(more);
    layout->addLayout(row);
    m_content = new QWidget;
    m_body = new QVBoxLayout(m_content);
    m_body->setContentsMargins(kGap, 0, kGapSmall, kGap);
    m_body->setSpacing(kGap - 2);
    layout->addWidget(m_content);
    connect(m_heading, &QToolButton::toggled, this, &KnobGroup::setOpen);
    setOpen(open);
    refreshTitle();
}

void KnobGroup::setOpen(bool open)
{
    m_heading->setChecked(open);
    m_heading->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
    m_content->setVisible(open);
}

void KnobGroup::setChangedCount(int count)
{
    if (m_changed == count)
        return;
    m_changed = count;
    refreshTitle();
}

void KnobGroup::refreshTitle()
{
    m_heading->setText(m_changed == 0 ? m_title : tr("%1  (%2 changed)").arg(m_title).arg(m_changed));
    m_heading->setAccessibleName(m_heading->text());
}

} // namespace mulligan::desktop
