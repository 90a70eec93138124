#include "desktop/pages/failures_export.hpp"

#include "desktop/models/failures_model.hpp"
#include "desktop/widgets/table_view.hpp"
#include "store/failure_query.hpp"

#include <QSaveFile>

#include <algorithm>
#include <span>

namespace mulligan::desktop
{

using store::FailureColumn;

namespace
{

constexpr size_t kChunk = 500;

/// Numbers and times as machines read them; the rest as the table shows it.
QString plainCell(const store::FailureRow &row, FailureColumn column)
{
    switch (column) {
    case FailureColumn::Started: return QString::fromStdString(base::formatInstant(row.startedAt));
    case FailureColumn::Attempt: return QString::number(row.attempt);
    case FailureColumn::Duration: return QString::number(base::secondsBetween(row.startedAt, row.endedAt), 'f', 3);
    case FailureColumn::Cost: return row.costUsd.has_value() ? QString::number(*row.costUsd, 'g', 12) : QString();
    default: return FailuresModel::cellText(row, column);
    }
}

QByteArray lineOf(const store::FailureRow *row)
{
    QStringList cells;
    for (int column = 0; column < static_cast<int>(store::kFailureColumnCount); ++column) {
        const auto which = static_cast<FailureColumn>(column);
        QString cell = row != nullptr ? plainCell(*row, which) : FailuresModel::columnTitle(which);
        if (row == nullptr && which == FailureColumn::Duration)
            cell += QStringLiteral(" (s)");
        if (row == nullptr && which == FailureColumn::Cost)
            cell += QStringLiteral(" (USD)");
        cells << csvField(cell);
    }
    return cells.join(QLatin1Char(',')).toUtf8() + "\r\n";
}

base::Error cannotWrite(const QString &path, const QString &why)
{
    return base::makeError(base::ErrorCode::Io, "Cannot write '" + path.toStdString() + "': " + why.toStdString(),
                           "Check that there is space and that the folder may be written.");
}

} // namespace

base::Result<std::uint64_t> exportFailures(const std::string &workspacePath, const std::vector<std::int64_t> &ids,
                                           const QString &path, const std::stop_token &stop, base::Progress &progress)
{
    MULLIGAN_TRY(auto workspace, store::Workspace::open(workspacePath, store::OpenMode::ReadOnly));
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return cannotWrite(path, file.errorString());
    file.write(lineOf(nullptr));
    progress.begin("Writing " + path.toStdString(), ids.size());
    std::uint64_t written = 0;
    for (size_t at = 0; at < ids.size(); at += kChunk) {
        if (stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
        const auto chunk = std::span(ids).subspan(at, std::min(kChunk, ids.size() - at));
        MULLIGAN_TRY(const auto rows, store::failureRows(workspace, chunk));
        for (const auto &row : rows)
            file.write(lineOf(&row));
        written += rows.size();
        progress.setDone(at + chunk.size());
    }
    if (!file.commit())
        return cannotWrite(path, file.errorString());
    return written;
}

} // namespace mulligan::desktop
