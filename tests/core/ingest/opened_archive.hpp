#pragma once

#include "collecting_sink.hpp"
#include "core/formats/archive_writer.hpp"

#include "ingest/archive.hpp"

#include <QtTest>

#include <algorithm>

namespace ingest_test
{

inline const std::string kRow = "{\"job\":\"j\",\"run\":\"r\",\"attempt\":1,\"outcome\":\"failed\","
                                "\"started_at\":0,\"ended_at\":0}\n";
inline const std::string kEvent = "{\"Event\":\"SparkListenerLogStart\",\"Spark Version\":\"3.5.0\"}\n";

inline std::string replaced(std::string bytes, const std::string &what, const std::string &by)
{
    for (std::size_t at = 0; (at = bytes.find(what, at)) != std::string::npos; at += by.size())
        bytes.replace(at, what.size(), by);
    return bytes;
}

/// Opens archives in a folder of their own, which is the one for temporary files as well.
class Opening
{
public:
    Opening()
    {
        QDir().mkpath(QString::fromStdString(m_folder.path("tmp")));
        qputenv("TMPDIR", QByteArray::fromStdString(m_folder.path("tmp")));
    }
    ~Opening() { qunsetenv("TMPDIR"); }

    mulligan::base::Result<mulligan::ingest::Discovery>
    open(const std::string &bytes, const mulligan::ingest::ArchiveLimits &limits = {}, std::stop_token stop = {},
         mulligan::ingest::Format format = mulligan::ingest::Format::Auto)
    {
        const std::string path = m_folder.write("in/archive", bytes);
        mulligan::base::Progress progress;
        mulligan::ingest::SourceUnit unit;
        unit.path = "archive";
        unit.format = mulligan::ingest::Format::Archive;
        unit.parts = {path};
        return mulligan::ingest::openArchive(unit, format, limits, std::move(stop), progress);
    }
    [[nodiscard]] Folder &folder() { return m_folder; }
    /// What lies in the folder for temporary files.
    [[nodiscard]] QStringList leftBehind() const
    {
        return QDir(QString::fromStdString(m_folder.path("tmp")))
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
    }

private:
    Folder m_folder;
};

/// "path [format] part part" of every unit.
inline QStringList unitLines(const mulligan::ingest::Discovery &found)
{
    QStringList out;
    for (const auto &unit : found.units) {
        QStringList parts;
        for (const auto &part : unit.parts)
            parts << QFileInfo(QString::fromStdString(part)).fileName();
        out << QString::fromStdString(unit.path) + " [" + QString::fromUtf8(mulligan::ingest::name(unit.format).data())
                   + "] " + parts.join(' ');
    }
    return out;
}

/// "path: reason" of everything skipped; a damaged one begins with "!".
inline QStringList skippedLines(const mulligan::ingest::Discovery &found)
{
    QStringList out;
    for (const auto &skipped : found.skipped)
        out << QString(skipped.damaged ? "!" : "") + QString::fromStdString(skipped.path + ": " + skipped.reason);
    return out;
}

} // namespace ingest_test
