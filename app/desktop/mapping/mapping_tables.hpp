#pragma once

#include "desktop/models/rows_model.hpp"
#include "ingest/mapping_proposal.hpp"

#include <QAbstractTableModel>

namespace mulligan::desktop
{

/// The raw rows of a preview under the columns of the file, each with its type; the cell in which a row went wrong is
/// marked.
class RawRowsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    void show(const ingest::Preview &preview, const std::vector<ingest::ColumnProfile> &profiles);
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<std::string> m_columns;
    QStringList m_types;
    std::vector<ingest::PreviewRow> m_rows;
};

/// What becomes of each row: the attempt, or the reason why there is none.
[[nodiscard]] std::vector<RowsModel<ingest::PreviewRow>::Column> previewColumns();

} // namespace mulligan::desktop
