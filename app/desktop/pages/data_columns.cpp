#include "desktop/pages/data_columns.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/format.hpp"
#include "formats/json.hpp"

#include <QSaveFile>

namespace mulligan::desktop
{

namespace
{

QString statusText(pipeline::SourceStatus status)
{
    switch (status) {
    case pipeline::SourceStatus::Imported: return QObject::tr("✓ imported");
    case pipeline::SourceStatus::Duplicate: return QObject::tr("= duplicate");
    case pipeline::SourceStatus::Rejected: return QObject::tr("✕ rejected");
    case pipeline::SourceStatus::Skipped: return QObject::tr("– passed over");
    }
    return {};
}

QColor statusColour(pipeline::SourceStatus status)
{
    const Theme &theme = Theme::current();
    return status == pipeline::SourceStatus::Imported   ? theme.gain
           : status == pipeline::SourceStatus::Rejected ? theme.loss
                                                        : theme.mutedText;
}

template <typename Row> typename RowsModel<Row>::Column countColumn(const QString &title, std::uint64_t Row::*member)
{
    return {title,
            [member](const Row &row) { return countText(static_cast<double>(row.*member)); },
            [member](const Row &row) { return QVariant::fromValue<qulonglong>(row.*member); },
            true,
            {},
            {}};
}

} // namespace

std::vector<RowsModel<pipeline::ImportedSource>::Column> sourceColumns()
{
    using Row = pipeline::ImportedSource;
    return {
        {QObject::tr("Source"),
         [](const Row &r) { return text(r.path).section(QLatin1Char('/'), -1); },
         {},
         false,
         [](const Row &r) { return text(r.path); },
         {}},
        {QObject::tr("Status"),
         [](const Row &r) { return statusText(r.status); },
         {},
         false,
         {},
         [](const Row &r) { return statusColour(r.status); }},
        {QObject::tr("Format"), [](const Row &r) { return text(r.format); }, {}, false, {}, {}},
        countColumn<Row>(QObject::tr("Attempts"), &Row::attempts),
        countColumn<Row>(QObject::tr("Failures"), &Row::failures),
        countColumn<Row>(QObject::tr("Joined"), &Row::joined),
        countColumn<Row>(QObject::tr("Rejected"), &Row::rejectedRows),
        {QObject::tr("Warnings"),
         [](const Row &r) { return countText(static_cast<double>(r.warnings.size())); },
         [](const Row &r) { return QVariant::fromValue<qulonglong>(r.warnings.size()); },
         true,
         {},
         {}},
        {QObject::tr("Reason"),
         [](const Row &r) {
             return r.reason.empty() && !r.warnings.empty() ? text(r.warnings.front()) : text(r.reason);
         },
         {},
         false,
         {},
         {}},
    };
}

std::vector<RowsModel<store::RejectRow>::Column> rejectColumns()
{
    using Row = store::RejectRow;
    return {
        {QObject::tr("Source"),
         [](const Row &r) { return text(r.source).section(QLatin1Char('/'), -1); },
         {},
         false,
         [](const Row &r) { return text(r.source); },
         {}},
        countColumn<Row>(QObject::tr("Line"), &Row::line),
        countColumn<Row>(QObject::tr("Column"), &Row::column),
        {QObject::tr("Reason"), [](const Row &r) { return text(r.reason); }, {}, false, {}, {}},
        {QObject::tr("Raw text"),
         [](const Row &r) { return text(r.text).left(200).simplified(); },
         {},
         false,
         [](const Row &r) { return text(r.text).left(400); },
         {}},
    };
}

QString sourceDetail(const pipeline::ImportedSource &source)
{
    QStringList lines{text(source.path)};
    if (!source.sha256.empty())
        lines << QObject::tr("SHA-256 %1").arg(text(source.sha256));
    if (!source.reason.empty())
        lines << text(source.reason);
    if (source.joined > 0)
        lines << QObject::tr("%1 of its attempts completed one that another source brought.")
                     .arg(countText(static_cast<double>(source.joined)));
    for (const auto &warning : source.warnings)
        lines << QObject::tr("Warning: %1").arg(text(warning));
    return lines.join(QLatin1Char('\n'));
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
