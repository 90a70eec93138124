#include "desktop/mapping/mapping_tables.hpp"

#include "desktop/shell/theme.hpp"

#include <QCoreApplication>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

using Fate = ingest::PreviewRow::Fate;
using Column = RowsModel<ingest::PreviewRow>::Column;

QString tr(const char *text)
{
    return QCoreApplication::translate("MappingTables", text);
}

QString typeName(const ingest::ColumnProfile &column)
{
    switch (column.type) {
    case ingest::ColumnType::Number: return tr("number");
    case ingest::ColumnType::Time: return tr("time");
    case ingest::ColumnType::Category: return tr("category");
    case ingest::ColumnType::Text: return tr("text");
    case ingest::ColumnType::Empty: break;
    }
    return tr("empty");
}

QString fateName(Fate fate)
{
    switch (fate) {
    case Fate::Attempt: return tr("attempt");
    case Fate::Rejected: return tr("rejected");
    case Fate::Skipped: return tr("passed over");
    case Fate::Raw: break;
    }
    return tr("not yet");
}

QColor fateColour(const ingest::PreviewRow &row)
{
    if (row.fate == Fate::Rejected)
        return Theme::current().loss;
    return row.fate == Fate::Attempt ? QColor() : Theme::current().mutedText;
}

QString oneLine(const std::string &text)
{
    constexpr qsizetype kShown = 200;
    return QString::fromStdString(text).left(kShown).simplified();
}

/// A column that shows something of the attempt, where there is one.
template <typename Get> Column ofAttempt(const char *title, Get get, bool number = false)
{
    Column column;
    column.title = tr(title);
    column.text = [get](const ingest::PreviewRow &row) {
        return row.fate == Fate::Attempt ? get(row.attempt) : QString();
    };
    column.number = number;
    column.colour = fateColour;
    return column;
}

} // namespace

void RawRowsModel::show(const ingest::Preview &preview, const std::vector<ingest::ColumnProfile> &profiles)
{
    beginResetModel();
    m_columns = preview.columns;
    m_rows = preview.rows;
    m_types.clear();
    for (const auto &column : m_columns) {
        const auto profile =
            std::find_if(profiles.begin(), profiles.end(), [&](const auto &each) { return each.name == column; });
        m_types << (profile == profiles.end() ? QString() : typeName(*profile));
    }
    endResetModel();
}

int RawRowsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int RawRowsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size()) + 1;
}

QVariant RawRowsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ingest::PreviewRow &row = m_rows[static_cast<std::size_t>(index.row())];
    if (index.column() == 0) {
        if (role == Qt::DisplayRole)
            return QString::number(row.line);
        if (role == Qt::ForegroundRole)
            return Theme::current().mutedText;
        return {};
    }
    const auto cell = static_cast<std::size_t>(index.column()) - 1;
    const bool wrong = row.column == static_cast<std::uint64_t>(index.column());
    switch (role) {
    case Qt::DisplayRole: return cell < row.cells.size() ? oneLine(row.cells[cell]) : QString();
    case Qt::ToolTipRole:
        return wrong || cell >= row.cells.size() ? QString::fromStdString(row.reason)
                                                 : QString::fromStdString(row.cells[cell]);
    case Qt::ForegroundRole: return wrong ? QVariant(Theme::current().loss) : QVariant();
    default: return {};
    }
}

QVariant RawRowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= columnCount())
        return {};
    if (section == 0)
        return tr("Line");
    const QString name = QString::fromStdString(m_columns[static_cast<std::size_t>(section) - 1]);
    const QString type = m_types[section - 1];
    return type.isEmpty() ? name : name + QStringLiteral(" · ") + type;
}

std::vector<RowsModel<ingest::PreviewRow>::Column> previewColumns()
{
    using model::Attempt;
    const auto plain = [](const std::string &text) { return oneLine(text); };
    std::vector<Column> out(2);
    out[0].title = tr("Line");
    out[0].text = [](const ingest::PreviewRow &row) { return QString::number(row.line); };
    out[0].colour = fateColour;
    out[1].title = tr("Becomes");
    out[1].text = [](const ingest::PreviewRow &row) { return fateName(row.fate); };
    out[1].colour = fateColour;
    Column reason;
    reason.title = tr("Why");
    reason.text = [](const ingest::PreviewRow &row) { return oneLine(row.reason); };
    reason.colour = fateColour;
    out.push_back(std::move(reason));
    out.push_back(ofAttempt("Job", [plain](const Attempt &a) { return plain(a.job); }));
    out.push_back(ofAttempt("Run", [plain](const Attempt &a) { return plain(a.run); }));
    out.push_back(ofAttempt("Attempt", [](const Attempt &a) { return QString::number(a.attempt); }));
    out.push_back(
        ofAttempt("Outcome", [](const Attempt &a) { return QString::fromStdString(std::string(name(a.outcome))); }));
    out.push_back(
        ofAttempt("Started", [](const Attempt &a) { return QString::fromStdString(formatInstant(a.startedAt)); }));
    out.push_back(
        ofAttempt("Ended", [](const Attempt &a) { return QString::fromStdString(formatInstant(a.endedAt)); }));
    out.push_back(ofAttempt("Error", [plain](const Attempt &a) { return plain(a.errorText); }));
    out.push_back(ofAttempt("Owner", [plain](const Attempt &a) { return plain(a.owner); }));
    out.push_back(ofAttempt("Queue", [plain](const Attempt &a) { return plain(a.queue); }));
    out.push_back(ofAttempt(
        "Cost", [](const Attempt &a) { return a.costUsd ? QString::number(*a.costUsd, 'f', 2) : QString(); }, true));
    return out;
}

} // namespace mulligan::desktop
