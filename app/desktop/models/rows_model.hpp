#pragma once

#include <QAbstractTableModel>
#include <QColor>
#include <QString>
#include <QVariant>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace mulligan::desktop
{

/// What a sort proxy orders by.
inline constexpr int kSortRole = Qt::UserRole + 1;

/// A table of values: columns say how a row is shown. Rows are replaced whole. It filters and sorts by itself, which at
/// a hundred thousand rows is many times faster than a proxy; under a proxy it leaves both to that.
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
        QString help = {};                           ///< tool tip of the header
    };

    RowsModel(std::vector<Column> columns, QObject *parent) : QAbstractTableModel(parent), m_columns(std::move(columns))
    {
    }

    void setRows(std::vector<Row> rows)
    {
        this->beginResetModel();
        m_rows = std::move(rows);
        arrange();
        this->endResetModel();
    }
    /// Shows only the rows that `fits`; empty: all.
    void setFilter(std::function<bool(const Row &)> fits)
    {
        this->beginResetModel();
        m_fits = std::move(fits);
        arrange();
        this->endResetModel();
    }
    /// All rows, in the order they were given.
    [[nodiscard]] const std::vector<Row> &rows() const { return m_rows; }
    /// The row shown at this place.
    [[nodiscard]] const Row &row(int index) const { return m_rows[m_shown[static_cast<size_t>(index)]]; }
    /// Replaces the row shown at this place, keeping selection and order.
    void setRow(int index, Row value)
    {
        m_rows[m_shown[static_cast<size_t>(index)]] = std::move(value);
        Q_EMIT dataChanged(this->index(index, 0), this->index(index, columnCount() - 1));
    }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
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
        if (role == Qt::ToolTipRole && !column.help.isEmpty())
            return column.help;
        return {};
    }

    void sort(int column, Qt::SortOrder order) override
    {
        Q_EMIT this->layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
        const QModelIndexList before = this->persistentIndexList();
        std::vector<std::uint32_t> rows;
        for (const QModelIndex &each : before)
            rows.push_back(m_shown[static_cast<size_t>(each.row())]);
        m_sortColumn = column < columnCount() ? column : -1;
        m_order = order;
        arrange();
        std::vector<int> places(m_rows.size(), -1);
        for (size_t i = 0; i < m_shown.size(); ++i)
            places[m_shown[i]] = static_cast<int>(i);
        QModelIndexList after;
        for (qsizetype i = 0; i < before.size(); ++i)
            after << this->index(places[rows[static_cast<size_t>(i)]], before[i].column());
        this->changePersistentIndexList(before, after);
        Q_EMIT this->layoutChanged({}, QAbstractItemModel::VerticalSortHint);
    }

private:
    void arrange()
    {
        m_shown.clear();
        for (std::uint32_t i = 0; i < m_rows.size(); ++i) {
            if (!m_fits || m_fits(m_rows[i]))
                m_shown.push_back(i);
        }
        if (m_sortColumn < 0 || m_shown.empty())
            return;
        const Column &column = m_columns[static_cast<size_t>(m_sortColumn)];
        // Keys are made once: a comparison that asked the columns would make two texts each time.
        std::vector<QVariant> keys(m_rows.size());
        for (const std::uint32_t i : m_shown)
            keys[i] = column.sortBy ? column.sortBy(m_rows[i]) : QVariant(column.text(m_rows[i]));
        if (keys[m_shown.front()].metaType() == QMetaType::fromType<QString>())
            orderBy<QString>(keys);
        else
            orderBy<double>(keys);
    }
    template <typename Key> void orderBy(const std::vector<QVariant> &keys)
    {
        std::vector<Key> values(keys.size());
        for (const std::uint32_t i : m_shown)
            values[i] = keys[i].value<Key>();
        const bool ascending = m_order == Qt::AscendingOrder;
        std::stable_sort(m_shown.begin(), m_shown.end(), [&](std::uint32_t a, std::uint32_t b) {
            return ascending ? values[a] < values[b] : values[b] < values[a];
        });
    }

    std::vector<Column> m_columns;
    std::vector<Row> m_rows;
    std::vector<std::uint32_t> m_shown; ///< indices of those that are shown, in their order
    std::function<bool(const Row &)> m_fits;
    int m_sortColumn = -1;
    Qt::SortOrder m_order = Qt::AscendingOrder;
};

} // namespace mulligan::desktop
