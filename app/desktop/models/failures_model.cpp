#include "desktop/models/failures_model.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/format.hpp"

#include <algorithm>

namespace mulligan::desktop
{

using store::FailureColumn;

namespace
{

constexpr size_t kCachedPages = 64;

bool isNumber(FailureColumn column)
{
    return column == FailureColumn::Attempt || column == FailureColumn::ExitCode || column == FailureColumn::Duration
           || column == FailureColumn::Cost;
}

} // namespace

FailuresModel::FailuresModel(Fetch fetch, QObject *parent)
    : QAbstractTableModel(parent), m_fetch(std::move(fetch)), m_cache(kCachedPages)
{
}

void FailuresModel::setIds(std::vector<std::int64_t> ids)
{
    beginResetModel();
    m_ids = std::move(ids);
    m_cache.clear();
    endResetModel();
}

int FailuresModel::rowOf(std::int64_t id) const
{
    const auto at = std::find(m_ids.begin(), m_ids.end(), id);
    return at == m_ids.end() ? -1 : static_cast<int>(at - m_ids.begin());
}

int FailuresModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_ids.size());
}

int FailuresModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(store::kFailureColumnCount);
}

QString FailuresModel::columnTitle(FailureColumn column)
{
    switch (column) {
    case FailureColumn::Started: return tr("Started (UTC)");
    case FailureColumn::Job: return tr("Job");
    case FailureColumn::Run: return tr("Run");
    case FailureColumn::Attempt: return tr("Attempt");
    case FailureColumn::Outcome: return tr("Outcome");
    case FailureColumn::ErrorClass: return tr("Class");
    case FailureColumn::Rule: return tr("Rule");
    case FailureColumn::Owner: return tr("Owner");
    case FailureColumn::Team: return tr("Team");
    case FailureColumn::Cluster: return tr("Cluster");
    case FailureColumn::ExitCode: return tr("Exit code");
    case FailureColumn::Duration: return tr("Duration");
    case FailureColumn::Cost: return tr("Cost");
    case FailureColumn::Cause: return tr("Root cause");
    }
    return {};
}

QString FailuresModel::cellText(const store::FailureRow &row, FailureColumn column)
{
    switch (column) {
    case FailureColumn::Started: return instantText(row.startedAt);
    case FailureColumn::Job: return text(row.job);
    case FailureColumn::Run: return text(row.run);
    case FailureColumn::Attempt: return countText(row.attempt);
    case FailureColumn::Outcome: return row.outcome == model::Outcome::Killed ? tr("killed") : tr("failed");
    case FailureColumn::ErrorClass: return text(row.errorClass);
    case FailureColumn::Rule: return text(row.rule);
    case FailureColumn::Owner: return text(row.owner);
    case FailureColumn::Team: return text(row.team);
    case FailureColumn::Cluster: return text(row.cluster);
    case FailureColumn::ExitCode: return row.exitCode.has_value() ? QString::number(*row.exitCode) : QString();
    case FailureColumn::Duration: return durationText(base::secondsBetween(row.startedAt, row.endedAt));
    case FailureColumn::Cost: return row.costUsd.has_value() ? moneyText(*row.costUsd) : QString();
    case FailureColumn::Cause: return text(row.cause);
    }
    return {};
}

const store::FailureRow *FailuresModel::rowAt(int row) const
{
    const int number = row / kPageRows;
    const auto *page = m_cache.find(number);
    if (page == nullptr) {
        const auto first = static_cast<size_t>(number) * kPageRows;
        const auto ids = std::span(m_ids).subspan(first, std::min<size_t>(kPageRows, m_ids.size() - first));
        auto rows = m_fetch(ids);
        // Rows that are gone since the query leave a gap, not a shift.
        if (rows.size() != ids.size()) {
            std::vector<store::FailureRow> filled(ids.size());
            for (auto &found : rows) {
                if (const auto at = std::find(ids.begin(), ids.end(), found.id); at != ids.end())
                    filled[static_cast<size_t>(at - ids.begin())] = std::move(found);
            }
            rows = std::move(filled);
        }
        page = &m_cache.put(number, std::move(rows));
    }
    const auto offset = static_cast<size_t>(row % kPageRows);
    return offset < page->size() ? &(*page)[offset] : nullptr;
}

QVariant FailuresModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto column = static_cast<FailureColumn>(index.column());
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment(isNumber(column) ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != Qt::ForegroundRole)
        return {};
    const auto *row = rowAt(index.row());
    if (row == nullptr)
        return {};
    if (role == Qt::ForegroundRole)
        return column == FailureColumn::ErrorClass && row->errorClass == model::kUnclassified
                   ? QVariant(Theme::current().mutedText)
                   : QVariant();
    return cellText(*row, column);
}

QVariant FailuresModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const auto column = static_cast<FailureColumn>(section);
    if (role == Qt::DisplayRole)
        return columnTitle(column);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment(isNumber(column) ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter));
    return {};
}

void FailuresModel::sort(int column, Qt::SortOrder order)
{
    if (column >= 0 && column < columnCount())
        Q_EMIT sortRequested({static_cast<FailureColumn>(column), order == Qt::DescendingOrder});
}

} // namespace mulligan::desktop
