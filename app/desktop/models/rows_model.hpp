#pragma once

#include <QAbstractTableModel>
#include <QColor>
#include <QString>
#include <QVariant>

#include <functional>
#include <utility>
#include <vector>

namespace mulligan::desktop
{

/// What a sort proxy orders by.
inline constexpr int kSortRole = Qt::UserRole + 1;

/// A table of values: columns say how a row is shown. Rows are replaced whole; sorting is the proxy's.
template <typename Row> class RowsModel : public QAbstractTableModel
{
public:
    struct Column {
        QString title;
        std::function<QString(const Row &)> text;
        std::function<QVariant(const Row &)> sortBy; ///< empty: the text
        bool number = false;                         ///< aligned to the right, in figures of equal width
        std::function<QString(const Row &)> toolTip; ///< empty: the text
        std::function<QColor(const Row &)> colour;   ///< empty or invalid: as usual
    };

    RowsModel(std::vector<Column> columns, QObject *parent) : QAbstractTableModel(parent), m_columns(std::move(columns))
    {
    }

    void setRows(std::vector<Row> rows)
    {
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
    }
    [[nodiscard]] const std::vector<Row> &rows() const { return m_rows; }
    [[nodiscard]] const Row &row(int index) const { return m_rows[static_cast<size_t>(index)]; }
    /// Replaces one row, keeping selection and order.
    void setRow(int index, Row value)
    {
        m_rows[static_cast<size_t>(index)] = std::move(value);
        Q_EMIT dataChanged(this->index(index, 0), this->index(index, columnCount() - 1));
    }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
    }
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
    }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override
    {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
            return {};
        const Row &value = row(index.row());
        const Column &column = m_columns[static_cast<size_t>(index.column())];
        switch (role) {
        case Qt::DisplayRole: return column.text(value);
        case Qt::ToolTipRole: return column.toolTip ? column.toolTip(value) : column.text(value);
        case kSortRole: return column.sortBy ? column.sortBy(value) : QVariant(column.text(value));
        case Qt::TextAlignmentRole:
            return QVariant::fromValue(
                Qt::Alignment(column.number ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter));
        case Qt::ForegroundRole: {
            const QColor colour = column.colour ? column.colour(value) : QColor();
            return colour.isValid() ? QVariant(colour) : QVariant();
        }
        default: return {};
        }
    }
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override
    {
        if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
            return {};
        const Column &column = m_columns[static_cast<size_t>(section)];
        if (role == Qt::DisplayRole)
            return column.title;
        if (role == Qt::TextAlignmentRole)
            return QVariant::fromValue(
                Qt::Alignment(column.number ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter));
        return {};
    }

private:
    std::vector<Column> m_columns;
    std::vector<Row> m_rows;
};

} // namespace mulligan::desktop
