#pragma once

#include <QStyledItemDelegate>
#include <QVector>

#include <functional>

namespace mulligan::desktop
{

/// Draws the counts of a row as small columns, each row by its own scale, in place of the cell's text (which stays what
/// is copied, exported and read aloud).
class SparklineDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    /// The counts of a cell, the oldest first.
    using Counts = std::function<QVector<double>(const QModelIndex &)>;
    SparklineDelegate(Counts counts, QObject *parent);
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    Counts m_counts;
};

} // namespace mulligan::desktop
