#include "desktop/widgets/stat_row.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/card.hpp"
#include "desktop/widgets/elided_label.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace mulligan::desktop
{

StatRow::StatRow(QWidget *parent) : QWidget(parent)
{
    m_layout = new QHBoxLayout(this);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(kGapSmall + 2);
}

int StatRow::add(const QString &name)
{
    auto *card = new Card({}, this);
    Stat stat;
    stat.name = makeLabel(name, "muted", card);
    stat.name->setWordWrap(true); // rather two lines than a row that no small window holds
    stat.value = new ElidedLabel(QString(QChar(0x2013)), nullptr, card);
    QFont font = numberFont(1.45);
    font.setWeight(QFont::DemiBold);
    stat.value->setFont(font);
    card->body()->setSpacing(0);
    card->layout()->setContentsMargins(kGap - 2, kGap - 2, kGap - 2, kGap - 2); // eight of them fit a small window
    card->body()->addWidget(stat.name);
    card->body()->addWidget(stat.value);
    m_layout->addWidget(card, 1);
    m_stats.push_back(stat);
    return static_cast<int>(m_stats.size()) - 1;
}

void StatRow::set(int index, const QString &value, const QString &hint)
{
    const Stat &stat = m_stats[static_cast<size_t>(index)];
    stat.value->setText(value);
    stat.value->setToolTip(hint);
    stat.name->setToolTip(hint);
    stat.value->setAccessibleName(stat.name->text() + QLatin1String(": ") + value);
}

} // namespace mulligan::desktop
