#include "ingest/airflow.hpp"

#include "formats/byte_source.hpp"
#include "ingest/airflow_csv.hpp"
#include "ingest/airflow_database.hpp"
#include "ingest/airflow_file.hpp"
#include "ingest/airflow_log.hpp"

#include <filesystem>

namespace mulligan::ingest
{

namespace
{

constexpr std::size_t kHeadBytes = 1u << 16;
constexpr std::size_t kDatabaseHeadBytes = 108;
constexpr std::string_view kLogSuffix = "-wal";
constexpr std::string_view kIndexSuffix = "-shm";

base::Result<std::string> decodedHead(const std::string &path)
{
    MULLIGAN_TRY(const auto source, formats::openDecoded(path, {nullptr, false, true}));
    return formats::readHead(*source, kHeadBytes);
}

} // namespace

bool looksLikeAirflow(std::string_view path, std::string_view head)
{
    const airflow::DatabaseHead database = airflow::databaseHeadOf(head);
    if (database.isDatabase)
        // With more tables than page 1 can list, as Airflow has, their names may stand anywhere in the file.
        return !database.isWorkspace && (!database.listsTables || head.find("task_instance") != std::string_view::npos);
    return airflow::looksLikeDump(head) || airflow::looksLikeTaskLog(path, head);
}

std::string foreignDatabase(std::string_view head)
{
    const airflow::DatabaseHead database = airflow::databaseHeadOf(head);
    if (!database.isDatabase)
        return {};
    return database.isWorkspace ? "it is a workspace of Mulligan" : "it is an SQLite database without Airflow's tables";
}

std::string writeAheadLogOf(const std::string &file)
{
    const std::string log = file + std::string(kLogSuffix);
    std::error_code none;
    const auto bytes = std::filesystem::file_size(log, none);
    if (none || bytes == 0)
        return {};
    const auto source = formats::openRaw(file);
    if (!source)
        return {};
    const auto head = formats::readHead(**source, kDatabaseHeadBytes);
    return head && airflow::databaseHeadOf(*head).writeAhead ? log : std::string();
}

std::string databaseBehind(const std::string &folder, const std::string &fileName)
{
    for (const std::string_view suffix : {kLogSuffix, kIndexSuffix}) {
        if (!fileName.ends_with(suffix))
            continue;
        const std::string name = fileName.substr(0, fileName.size() - suffix.size());
        const auto source = formats::openRaw(folder + '/' + name);
        if (!source)
            continue;
        const auto head = formats::readHead(**source, kDatabaseHeadBytes);
        if (head && airflow::databaseHeadOf(*head).isDatabase)
            return name;
    }
    return {};
}

base::Result<SourceReport> readAirflow(const SourceUnit &unit, const ReadOptions &options, AttemptSink &sink,
                                       std::stop_token stop, base::Progress &progress)
{
    MULLIGAN_TRY(const std::string head, decodedHead(unit.parts.empty() ? unit.path : unit.parts.front()));
    if (head.empty())
        return base::makeError(base::ErrorCode::Parse, "The file is empty");
    if (airflow::databaseHeadOf(head).isDatabase)
        return airflow::readDatabase(unit, options, sink, std::move(stop), progress);
    if (airflow::looksLikeDump(head))
        return airflow::readDump(unit, options, sink, std::move(stop), progress);
    return airflow::readTaskLog(unit, options, sink, std::move(stop), progress);
}

} // namespace mulligan::ingest
