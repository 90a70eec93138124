#pragma once

#include "collecting_sink.hpp"
#include "spark_log_writer.hpp"

#include "formats/compress.hpp"
#include "ingest/spark_event_log.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ingest_test
{

/// Reads `parts` as one log that is shown as `path`.
inline mulligan::base::Result<mulligan::ingest::SourceReport>
readParts(const std::string &path, std::vector<std::string> parts, CollectingSink &sink,
          const mulligan::ingest::ReadOptions &options = {}, std::stop_token stop = {})
{
    mulligan::base::Progress progress;
    return mulligan::ingest::readSource({path, mulligan::ingest::Format::SparkEventLog, std::move(parts), {}}, options,
                                        sink, std::move(stop), progress);
}

/// Reads a log of the given bytes, in a file called "app-1".
inline mulligan::base::Result<mulligan::ingest::SourceReport>
readText(std::string_view text, CollectingSink &sink, const mulligan::ingest::ReadOptions &options = {})
{
    Folder folder;
    const auto path = folder.write("app-1", text);
    return readParts(path, {path}, sink, options);
}

/// The one attempt of a log.
inline mulligan::model::Attempt only(const SparkLog &log, mulligan::ingest::SourceReport *report = nullptr)
{
    CollectingSink sink;
    auto read = readText(log.text(), sink);
    if (!read)
        qFatal("%s", read.error().text().c_str());
    if (sink.attempts.size() != 1)
        qFatal("expected one attempt");
    if (report != nullptr)
        *report = *read;
    return sink.attempts.front();
}

inline std::string zstd(std::string_view bytes)
{
    return std::move(mulligan::formats::zstdCompress(bytes)).value();
}

/// An application with one good job, and no end yet.
inline SparkLog goodLog()
{
    SparkLog log;
    log.begin().executor("1", 1).jobStart(0, 2, {0}).task({}).stage(0, 0, 11).jobSucceeded(0, 12);
    return log;
}

} // namespace ingest_test
