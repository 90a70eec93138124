#include "desktop/widgets/sparkline.hpp"

#include "desktop/shell/theme.hpp"

#include <QApplication>
#include <QPainter>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

constexpr int kInset = 4;
constexpr double kWidest = 9.0;

} // namespace

SparklineDelegate::SparklineDelegate(Counts counts, QObject *parent)
    : QStyledItemDelegate(parent), m_counts(std::move(counts))
{
}

void SparklineDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    cell.text.clear();
    const QStyle *style = cell.widget != nullptr ? cell.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);
    const QVector<double> counts = m_counts(index);
    const double most = counts.isEmpty() ? 0.0 : *std::max_element(counts.begin(), counts.end());
    if (most <= 0.0)
        return;
    const Theme &theme = Theme::current();
    const bool chosen = (cell.state & QStyle::State_Selected) && (cell.state & QStyle::State_Active);
    const QRectF area = QRectF(option.rect).adjusted(kInset, kInset, -kInset, -kInset);
    const double step = std::min(area.width() / static_cast<double>(counts.size()), kWidest);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing, false);
    painter->setPen(QPen(chosen ? theme.accentText : theme.border, 1.0));
    painter->drawLine(area.bottomLeft(),
                      QPointF(area.left() + step * static_cast<double>(counts.size()), area.bottom()));
    for (qsizetype i = 0; i < counts.size(); ++i) {
        if (counts[i] <= 0.0)
            continue;
        const double height = std::max(2.0, counts[i] / most * area.height());
        painter->fillRect(QRectF(area.left() + step * static_cast<double>(i), area.bottom() - height,
                                 std::max(1.0, step - 1.0), height),
                          chosen ? theme.accentText : theme.policy);
    }
    painter->restore();
}

QSize SparklineDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    return {150, QStyledItemDelegate::sizeHint(option, index).height()};
}

} // namespace mulligan::desktop
