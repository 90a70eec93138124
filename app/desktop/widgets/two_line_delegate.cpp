#include "desktop/widgets/two_line_delegate.hpp"

#include "desktop/shell/theme.hpp"

#include <QApplication>
#include <QPainter>

namespace mulligan::desktop
{

namespace
{

constexpr int kInset = 4;

} // namespace

TwoLineDelegate::TwoLineDelegate(Line second, QObject *parent)
    : QStyledItemDelegate(parent), m_second(std::move(second))
{
}

void TwoLineDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const QString first = std::exchange(cell.text, {});
    const QStyle *style = cell.widget != nullptr ? cell.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);
    const Theme &theme = Theme::current();
    const bool chosen = (cell.state & QStyle::State_Selected) && (cell.state & QStyle::State_Active);
    const QVariant own = index.data(Qt::ForegroundRole);
    const QRect area = cell.rect.adjusted(kInset, 0, -kInset, 0);
    const int middle = area.center().y();
    const auto draw = [&](const QString &line, int flags, const QRect &where) {
        painter->drawText(where, flags | Qt::TextSingleLine,
                          cell.fontMetrics.elidedText(line, Qt::ElideRight, where.width()));
    };
    painter->save();
    painter->setFont(cell.font);
    painter->setPen(chosen ? theme.accentText : own.isValid() ? own.value<QColor>() : theme.text);
    draw(first, Qt::AlignLeft | Qt::AlignBottom, QRect(area.left(), area.top(), area.width(), middle - area.top()));
    painter->setPen(chosen ? theme.accentText : theme.mutedText);
    draw(m_second(index), Qt::AlignLeft | Qt::AlignTop,
         QRect(area.left(), middle, area.width(), area.bottom() - middle));
    painter->restore();
}

QSize TwoLineDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    size.setHeight(2 * option.fontMetrics.height() + 8);
    return size;
}

} // namespace mulligan::desktop
