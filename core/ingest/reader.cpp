#include "ingest/reader.hpp"

#include "formats/byte_source.hpp"
#include "formats/hash.hpp"
#include "ingest/airflow.hpp"
#include "ingest/redacting_sink.hpp"
#include "ingest/row_readers.hpp"
#include "ingest/spark_event_log.hpp"
#include "ingest/spark_log.hpp"
#include "ingest/yarn_log.hpp"

#include <algorithm>
#include <array>

namespace mulligan::ingest
{

namespace
{

constexpr std::array<std::pair<Format, std::string_view>, 8> kFormats{{{Format::Auto, "auto"},
                                                                       {Format::Attempts, "attempts"},
                                                                       {Format::Csv, "csv"},
                                                                       {Format::SparkEventLog, "spark-eventlog"},
                                                                       {Format::SparkLog, "spark-log"},
                                                                       {Format::YarnLog, "yarn-log"},
                                                                       {Format::Airflow, "airflow"},
                                                                       {Format::Archive, "archive"}}};

base::Result<SourceReport> readByFormat(const SourceUnit &unit, const ReadOptions &options, AttemptSink &sink,
                                        std::stop_token stop, base::Progress &progress)
{
    switch (unit.format) {
    case Format::Attempts: return readJsonLines(unit, options, sink, std::move(stop), progress);
    case Format::Csv: return readCsv(unit, options, sink, std::move(stop), progress);
    case Format::SparkEventLog: return readSparkEventLog(unit, options, sink, std::move(stop), progress);
    case Format::SparkLog: return readSparkLog(unit, options, sink, std::move(stop), progress);
    case Format::YarnLog: return readYarnLog(unit, options, sink, std::move(stop), progress);
    case Format::Airflow: return readAirflow(unit, options, sink, std::move(stop), progress);
    case Format::Archive:
    case Format::Auto: break;
    }
    return base::makeError(base::ErrorCode::InvalidArgument, "The format of this source was never settled");
}

} // namespace

std::optional<Format> formatFromName(std::string_view text)
{
    for (const auto &[format, formatName] : kFormats) {
        if (formatName == text && format != Format::Archive)
            return format;
    }
    return std::nullopt;
}

std::string_view name(Format format)
{
    return kFormats[static_cast<std::size_t>(format)].second;
}

base::Result<std::string> hashUnit(const SourceUnit &unit, std::stop_token stop, base::Progress &progress,
                                   std::uint64_t limit)
{
    formats::Sha256 hash;
    std::vector<char> buffer(1u << 18);
    for (const auto &part : unit.parts) {
        auto opened = formats::openRaw(part);
        // A database's log goes when whoever writes to it ends; its rows stand in the database then.
        const bool log = unit.format == Format::Airflow && &part != &unit.parts.front();
        if (!opened && log && opened.error().code == base::ErrorCode::NotFound)
            continue;
        MULLIGAN_TRY(const auto source, std::move(opened));
        while (limit > 0) {
            if (stop.stop_requested())
                return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
            const std::size_t most = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), limit));
            MULLIGAN_TRY(const std::size_t got, source->read({buffer.data(), most}));
            if (got == 0)
                break;
            hash.update({buffer.data(), got});
            limit -= got;
            progress.advance(got);
        }
    }
    return hash.hexDigest();
}

base::Result<SourceReport> readSource(const SourceUnit &unit, const ReadOptions &options, AttemptSink &sink,
                                      std::stop_token stop, base::Progress &progress)
{
    RedactingSink redacting(sink, options);
    auto report = readByFormat(unit, options, redacting, std::move(stop), progress);
    if (report)
        redacting.finish(*report);
    else if (report.error().code != base::ErrorCode::Cancelled)
        return redacting.redacted(std::move(report).error()).in("file " + unit.path);
    return report;
}

} // namespace mulligan::ingest
