#include "desktop/session/mending.hpp"

#include "formats/byte_source.hpp"
#include "formats/file.hpp"
#include "formats/line_reader.hpp"
#include "ingest/reader.hpp"
#include "store/reject_rows.hpp"

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

bool isCsv(std::string_view format)
{
    return format == ingest::name(ingest::Format::Csv);
}

bool isBlank(std::string_view text)
{
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// Whether a line names the columns that every history has.
bool namesColumns(std::string_view line)
{
    const auto has = [&](std::string_view column) { return line.find(column) != std::string_view::npos; };
    return has("job") && has("run") && has("outcome") && has("started_at");
}

/// A mended file is gone once it is imported; its header is kept for what is still wrong in it.
std::string headerSetting(const std::string &path)
{
    return "mended_header:" + path;
}

base::Result<std::string> headerOf(store::Workspace &workspace, const std::string &path)
{
    MULLIGAN_TRY(auto kept, workspace.setting(headerSetting(path)));
    if (kept.has_value())
        return std::move(*kept);
    auto header = headerLine(path);
    if (!header)
        return base::makeError(base::ErrorCode::NotFound,
                               "The header line of these rows cannot be had: " + header.error().message,
                               "Put the line that names the columns before the rows.");
    return header;
}

base::Result<std::string> contentOf(store::Workspace &workspace, const MendRequest &request)
{
    if (isBlank(request.text))
        return base::makeError(base::ErrorCode::InvalidArgument, "There is no row to import",
                               "Keep at least one row in the text, or discard the edits.");
    std::string content = request.text;
    if (content.back() != '\n')
        content += '\n';
    if (!isCsv(request.format) || namesColumns(std::string_view(content).substr(0, content.find('\n'))))
        return content;
    MULLIGAN_TRY(const std::string header, headerOf(workspace, request.source));
    return header + '\n' + content;
}

/// "history.mended.csv" for "/a/history.csv.zst".
QString mendedName(const MendRequest &request)
{
    const QString name = QFileInfo(QString::fromStdString(request.source)).fileName();
    const QString stem = name.section(QLatin1Char('.'), 0, 0);
    return (stem.isEmpty() ? QStringLiteral("rows") : stem)
           + (isCsv(request.format) ? QStringLiteral(".mended.csv") : QStringLiteral(".mended.jsonl"));
}

/// What became of the text as a whole, when nothing of it was stored.
base::Result<void> refused(store::Workspace &workspace, const pipeline::ImportedSource &source)
{
    if (source.status == pipeline::SourceStatus::Duplicate)
        return base::makeError(base::ErrorCode::Conflict, "The same rows were imported before",
                               "Their attempts are in the workspace; nothing was changed.");
    std::string reason = source.reason;
    if (source.rejectedRows > 0) {
        MULLIGAN_CHECK(workspace.forEachReject([&](const store::RejectRow &row) {
            if (row.source != source.path)
                return true;
            reason = "line " + std::to_string(row.line) + ": " + row.reason;
            return false;
        }));
        MULLIGAN_CHECK(store::removeUnusableSource(workspace, source.sha256));
    }
    return base::makeError(base::ErrorCode::Parse, "None of the rows can be used yet; nothing was changed",
                           "Mend this one first.")
        .in(reason);
}

} // namespace

std::string whyNotMendable(std::string_view format, bool mapped)
{
    if (mapped)
        return "These rows were read with a mapping profile; map the file and import it again instead.";
    if (format == ingest::name(ingest::Format::Attempts) || isCsv(format))
        return {};
    return "Only rows of JSON Lines and CSV files can be edited; of a log or a database mend the file itself.";
}

base::Result<std::string> headerLine(const std::string &path)
{
    MULLIGAN_TRY(const auto source, formats::openDecoded(path, {nullptr, false, true}));
    formats::LineReader lines(*source, 1u << 20);
    formats::Line line;
    for (;;) {
        MULLIGAN_TRY(const bool more, lines.next(line));
        if (!more)
            return base::makeError(base::ErrorCode::InsufficientData, "'" + path + "' is empty");
        if (!isBlank(line.text))
            return std::string(line.text);
    }
}

base::Result<MendReport> mendRejects(store::Workspace &workspace, const MendRequest &request,
                                     const pipeline::ImportOptions &options, std::stop_token stop,
                                     base::Progress &progress)
{
    if (const std::string why = whyNotMendable(request.format, false); !why.empty())
        return base::makeError(base::ErrorCode::Unsupported, why);
    MULLIGAN_TRY(const std::string content, contentOf(workspace, request));
    const QTemporaryDir folder;
    if (!folder.isValid())
        return base::makeError(base::ErrorCode::Io,
                               "Cannot make a temporary folder: " + folder.errorString().toStdString(),
                               "Check that there is space for temporary files.");
    const std::vector<std::string> paths{folder.filePath(mendedName(request)).toStdString()};
    MULLIGAN_CHECK(formats::writeFileAtomically(paths.front(), content));
    pipeline::ImportOptions importing = options;
    importing.format = isCsv(request.format) ? ingest::Format::Csv : ingest::Format::Attempts;
    MendReport report;
    MULLIGAN_TRY(report.import, pipeline::importSources(workspace, paths, importing, std::move(stop), progress));
    for (const auto &source : report.import.sources) {
        report.attempts += source.attempts;
        report.failing += source.rejectedRows;
    }
    if (report.attempts == 0) {
        MULLIGAN_CHECK(refused(workspace, report.import.sources.front()));
    }
    if (report.failing > 0 && isCsv(request.format))
        MULLIGAN_CHECK(workspace.setSetting(headerSetting(report.import.sources.front().path),
                                            content.substr(0, content.find('\n'))));
    MULLIGAN_TRY(report.removed, store::removeRejects(workspace, request.rows));
    return report;
}

} // namespace mulligan::desktop
