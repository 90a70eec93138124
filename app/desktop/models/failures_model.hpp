#pragma once

#include "desktop/models/page_cache.hpp"
#include "store/failure_query.hpp"

#include <QAbstractTableModel>

#include <cstdint>
#include <functional>
#include <vector>

namespace mulligan::desktop
{

/// The failures a query found: their row ids are held, the rows are fetched a page at a time as the view asks.
class FailuresModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    static constexpr int kPageRows = 200;
    using Fetch = std::function<std::vector<store::FailureRow>(std::span<const std::int64_t>)>;

    /// `fetch` gives rows in the order of their ids; those that are gone may be missing. Called in the model's thread.
    explicit FailuresModel(Fetch fetch, QObject *parent = nullptr);

    void setIds(std::vector<std::int64_t> ids);
    [[nodiscard]] const std::vector<std::int64_t> &ids() const { return m_ids; }
    [[nodiscard]] std::int64_t idAt(int row) const { return m_ids[static_cast<size_t>(row)]; }
    [[nodiscard]] int rowOf(std::int64_t id) const; ///< −1: not among them
    [[nodiscard]] static QString columnTitle(store::FailureColumn column);
    /// One cell as the table shows it.
    [[nodiscard]] static QString cellText(const store::FailureRow &row, store::FailureColumn column);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

Q_SIGNALS:
    /// The view was asked to sort; who runs the queries answers with setIds().
    void sortRequested(mulligan::store::FailureSort sort);

private:
    [[nodiscard]] const store::FailureRow *rowAt(int row) const;

    Fetch m_fetch;
    std::vector<std::int64_t> m_ids;
    mutable PageCache<store::FailureRow> m_cache;
};

} // namespace mulligan::desktop
