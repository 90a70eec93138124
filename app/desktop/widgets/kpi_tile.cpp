#include "desktop/widgets/kpi_tile.hpp"

#include "desktop/shell/theme.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace mulligan::desktop
{

KpiTile::KpiTile(const QString &title, QWidget *parent) : Card({}, parent), m_name(title)
{
    m_title = makeLabel(title, "muted");
    m_value = makeLabel({}, "figure");
    m_interval = makeLabel({}, "muted");
    m_comparison = makeLabel({}, "muted");
    m_change = makeLabel({}, "muted");
    m_value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout()->setContentsMargins(kGap, kGapSmall + 2, kGap, kGapSmall + 2);
    body()->setSpacing(1);
    body()->addWidget(m_title);
    body()->addWidget(m_value);
    body()->addWidget(m_interval);
    auto *row = new QHBoxLayout;
    row->setSpacing(kGapSmall);
    row->addWidget(m_comparison);
    row->addWidget(m_change);
    row->addStretch(1);
    body()->addLayout(row);
    for (QLabel *label : {m_value, m_interval, m_comparison, m_change})
        label->setMinimumWidth(0);
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.88);
    for (QLabel *label : {m_interval, m_comparison, m_change})
        label->setFont(small);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void KpiTile::setContent(const KpiContent &content)
{
    m_value->setText(content.value);
    // Kept when empty, so that tiles in a row stay aligned.
    m_interval->setText(content.interval.isEmpty() ? QString(QChar(0x00A0)) : content.interval);
    m_comparison->setText(content.comparison);
    m_change->setText(content.change);
    setRole(m_change, content.tone == KpiTone::Better ? "gain" : content.tone == KpiTone::Worse ? "loss" : "muted");
    setToolTip(content.help);
    setAccessibleName(m_name);
    setAccessibleDescription(
        QStringList{content.value, content.interval, content.comparison, content.change}.join(QStringLiteral(", ")));
}

void KpiTile::setStale(bool stale)
{
    if (m_stale == stale)
        return;
    m_stale = stale;
    m_title->setText(stale ? tr("%1 · updating…").arg(m_name) : m_name);
    m_value->setEnabled(!stale);
}

QString KpiTile::valueText() const
{
    return m_value->text();
}

} // namespace mulligan::desktop
