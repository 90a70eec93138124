#pragma once

#include "ingest/reader.hpp"

#include <QFile>
#include <QString>
#include <QTemporaryDir>

#include <string>
#include <string_view>
#include <vector>

namespace ingest_test
{

/// Keeps everything a reader delivers.
struct CollectingSink : mulligan::ingest::AttemptSink {
    std::vector<mulligan::model::Attempt> attempts;
    std::vector<mulligan::ingest::Reject> rejects;

    mulligan::base::Result<void> accept(mulligan::model::Attempt attempt) override
    {
        attempts.push_back(std::move(attempt));
        return {};
    }
    mulligan::base::Result<void> reject(mulligan::ingest::Reject reject) override
    {
        rejects.push_back(std::move(reject));
        return {};
    }
};

/// A folder with files for one test.
class Folder
{
public:
    std::string write(const std::string &name, std::string_view content)
    {
        const QString path = m_directory.filePath(QString::fromStdString(name));
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly)
            || file.write(content.data(), static_cast<qint64>(content.size())) != static_cast<qint64>(content.size()))
            qFatal("cannot write a test file");
        return path.toStdString();
    }
    [[nodiscard]] std::string path(const std::string &name = {}) const
    {
        return name.empty() ? m_directory.path().toStdString()
                            : m_directory.filePath(QString::fromStdString(name)).toStdString();
    }

private:
    QTemporaryDir m_directory;
};

/// Reads one file in the given format.
inline mulligan::base::Result<mulligan::ingest::SourceReport>
readFile(const std::string &path, mulligan::ingest::Format format, CollectingSink &sink,
         const mulligan::ingest::ReadOptions &options = {}, std::stop_token stop = {},
         std::shared_ptr<const mulligan::ingest::Mapping> mapping = {})
{
    mulligan::base::Progress progress;
    mulligan::ingest::SourceUnit unit;
    unit.path = path;
    unit.format = format;
    unit.parts = {path};
    unit.mapping = std::move(mapping);
    return mulligan::ingest::readSource(unit, options, sink, std::move(stop), progress);
}

} // namespace ingest_test
