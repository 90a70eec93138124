#pragma once

#include <QStyledItemDelegate>

#include <functional>

namespace mulligan::desktop
{

/// Draws a second, muted line below a cell's text: what tells rows apart that have no room for a column of its own. The
/// cell's text stays what is copied, exported and read aloud.
class TwoLineDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    /// The second line of a cell.
    using Line = std::function<QString(const QModelIndex &)>;
    TwoLineDelegate(Line second, QObject *parent);
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    Line m_second;
};

} // namespace mulligan::desktop
