#include "desktop/pages/data_columns.hpp"

#include "desktop/widgets/format.hpp"
#include "formats/json.hpp"

#include <QSaveFile>

#include <algorithm>
#include <map>

namespace mulligan::desktop
{

namespace
{

QString fileName(const std::string &path)
{
    return text(path).section(QLatin1Char('/'), -1, -1, QString::SectionSkipEmpty);
}

RowsModel<RejectEntry>::Column placeColumn(const QString &title, std::uint64_t store::RejectRow::*member)
{
    return {title,
            [member](const RejectEntry &entry) { return countText(static_cast<double>(entry.row.*member)); },
            [member](const RejectEntry &entry) { return QVariant(static_cast<double>(entry.row.*member)); },
            true,
            {},
            {}};
}

RowsModel<store::ConflictRow>::Column conflictText(const QString &title, std::string store::ConflictRow::*member)
{
    return {title,
            [member](const store::ConflictRow &row) { return text(row.*member).left(200).simplified(); },
            {},
            false,
            [member](const store::ConflictRow &row) { return text(row.*member).left(2000); },
            {}};
}

RowsModel<store::ConflictRow>::Column conflictSource(const QString &title, std::string store::ConflictRow::*member)
{
    return {title, [member](const store::ConflictRow &row) { return fileName(row.*member); }, {},
            false, [member](const store::ConflictRow &row) { return text(row.*member); },     {}};
}

} // namespace

base::Result<std::vector<RejectEntry>> rejectEntries(const std::string &workspacePath, size_t limit,
                                                     const std::stop_token &stop)
{
    MULLIGAN_TRY(auto workspace, store::Workspace::open(workspacePath, store::OpenMode::ReadOnly));
    MULLIGAN_TRY(const auto sources, workspace.sources());
    std::map<std::string, const store::SourceRow *> byPath;
    for (const auto &source : sources)
        byPath[source.path] = &source;
    std::vector<RejectEntry> entries;
    MULLIGAN_CHECK(workspace.forEachReject([&](const store::RejectRow &row) {
        RejectEntry entry{row, {}, false};
        if (const auto source = byPath.find(row.source); source != byPath.end()) {
            entry.format = source->second->format;
            entry.mapped = !source->second->mapping.empty();
        }
        entries.push_back(std::move(entry));
        return entries.size() < limit && !stop.stop_requested();
    }));
    return entries;
}

base::Result<std::vector<store::ConflictRow>> conflictEntries(const std::string &workspacePath, size_t limit,
                                                              const std::stop_token &stop)
{
    MULLIGAN_TRY(auto workspace, store::Workspace::open(workspacePath, store::OpenMode::ReadOnly));
    const sqlite::InterruptOnStop interrupt(workspace.connection(), stop);
    std::vector<store::ConflictRow> rows;
    MULLIGAN_CHECK(workspace.forEachConflict([&](const store::ConflictRow &row) {
        rows.push_back(row);
        return rows.size() < limit && !stop.stop_requested();
    }));
    return rows;
}

std::vector<RowsModel<RejectEntry>::Column> rejectColumns()
{
    using Row = RejectEntry;
    return {
        {QObject::tr("Source"),
         [](const Row &r) { return fileName(r.row.source); },
         {},
         false,
         [](const Row &r) { return text(r.row.source); },
         {}},
        placeColumn(QObject::tr("Line"), &store::RejectRow::line),
        placeColumn(QObject::tr("Column"), &store::RejectRow::column),
        {QObject::tr("Reason"), [](const Row &r) { return text(r.row.reason); }, {}, false, {}, {}},
        {QObject::tr("Raw text"),
         [](const Row &r) { return text(r.row.text).left(200).simplified(); },
         {},
         false,
         [](const Row &r) { return text(r.row.text).left(400); },
         {}},
    };
}

std::vector<RowsModel<store::ConflictRow>::Column> conflictColumns()
{
    using Row = store::ConflictRow;
    return {
        conflictText(QObject::tr("Job"), &Row::job),
        conflictText(QObject::tr("Run"), &Row::run),
        {QObject::tr("Attempt"),
         [](const Row &r) { return QString::number(r.attempt); },
         [](const Row &r) { return QVariant(static_cast<double>(r.attempt)); },
         true,
         {},
         {}},
        conflictText(QObject::tr("Fact"), &Row::field),
        conflictText(QObject::tr("Counts"), &Row::kept),
        conflictSource(QObject::tr("Said by"), &Row::keptSource),
        conflictText(QObject::tr("Does not count"), &Row::other),
        conflictSource(QObject::tr("Said by"), &Row::otherSource),
    };
}

bool fits(const store::ConflictRow &row, const QString &words)
{
    if (words.isEmpty())
        return true;
    QStringList all;
    for (const std::string *part :
         {&row.job, &row.run, &row.field, &row.kept, &row.keptSource, &row.other, &row.otherSource})
        all << text(*part);
    const QString joined = all.join(QLatin1Char('\n'));
    const auto parts = QStringView(words).split(QLatin1Char(' '), Qt::SkipEmptyParts);
    return std::all_of(parts.begin(), parts.end(),
                       [&](QStringView word) { return joined.contains(word, Qt::CaseInsensitive); });
}

base::Result<std::uint64_t> writeRejects(const std::string &workspacePath, const QString &path,
                                         const std::stop_token &stop)
{
    const auto cannotWrite = [&path](const QString &why) {
        return base::makeError(base::ErrorCode::Io, "Cannot write '" + path.toStdString() + "': " + why.toStdString(),
                               "Check that there is space and that the folder may be written.");
    };
    MULLIGAN_TRY(auto workspace, store::Workspace::open(workspacePath, store::OpenMode::ReadOnly));
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return cannotWrite(file.errorString());
    std::uint64_t rows = 0;
    MULLIGAN_CHECK(workspace.forEachReject([&](const store::RejectRow &row) {
        formats::Json line = formats::Json::object();
        line.set("source", row.source)
            .set("line", static_cast<double>(row.line))
            .set("column", static_cast<double>(row.column))
            .set("reason", row.reason)
            .set("text", row.text);
        file.write(QByteArray::fromStdString(formats::writeJson(line)) + '\n');
        ++rows;
        return !stop.stop_requested();
    }));
    if (stop.stop_requested())
        return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
    if (!file.commit())
        return cannotWrite(file.errorString());
    return rows;
}

} // namespace mulligan::desktop
