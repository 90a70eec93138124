#pragma once

#include "base/instant.hpp"
#include "formats/json_cursor.hpp"
#include "ingest/terminal_codes.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mulligan::ingest::airflow
{

/// Which try a log belongs to, as far as its path or its lines say; empty or 0 where they do not.
struct LogPlace {
    std::string dag;
    std::string task;
    std::string job;            ///< "dag.task" where a line names both in one word; else empty
    std::string run;            ///< without the map index
    bool runIsDate = false;     ///< it is an execution date, which may stand for a run_id that is not known
    std::int64_t mapIndex = -1; ///< not negative for a mapped task
    int attempt = 0;            ///< 1-based
    std::string owner;

    bool operator==(const LogPlace &) const = default;
    /// Takes from `other` what is not known yet; a run_id also replaces an execution date.
    void complete(const LogPlace &other);
};

/// Reads the place off a log's path: Airflow's own layout since 2.3, dag_id=D/run_id=R/task_id=T/[map_index=N/]
/// attempt=1.log, or the one before it, D/T/<execution date>/1.log; a suffix such as .gz may follow. Nothing for
/// others.
[[nodiscard]] std::optional<LogPlace> placeOfPath(std::string_view path);

/// One record of a log. Views live as long as the line it was read from (JSON: until the next one).
struct LogLine {
    std::optional<base::Instant> at;
    std::string_view message;
    std::optional<int> exitCode; ///< of a process, where the record has it as a field of its own
    std::optional<std::string> finalState;
};

/// Whether a line begins a record of an Airflow 1 or 2 log: "[2024-05-01T10:00:00.000+0000] {file.py:1} INFO - text".
[[nodiscard]] bool isTextRecord(std::string_view line);
/// Reads such a line; of a record that was passed on inside another one, the inner message. Nothing for other lines.
[[nodiscard]] std::optional<LogLine> readTextRecord(std::string_view line);

/// Reads the records of an Airflow 3 log, one JSON object a line.
class JsonRecords
{
public:
    /// Nothing for what is no such record. `text` needs kJsonPadding readable bytes behind it.
    [[nodiscard]] std::optional<LogLine> read(std::string_view text);
    /// The last record as one line of text in the manner of Airflow 2, with the traceback in the manner of Python.
    [[nodiscard]] const std::string &rendered() const { return m_rendered; }
    /// What the last record said of its place.
    [[nodiscard]] const LogPlace &place() const { return m_place; }

private:
    void take(std::string_view key, formats::JsonCursor &value);
    void takePlace(std::string_view key, formats::JsonCursor &value);
    void takeExtra(std::string_view key, formats::JsonCursor &value);
    void render();

    formats::JsonReader m_reader;
    TerminalCodes m_codes;
    LogLine m_line;
    LogPlace m_place;
    bool m_hasTime = false;
    bool m_hasEvent = false;
    std::string m_time;
    std::string m_level;
    std::string m_logger;
    std::string m_event;
    std::string m_extras;
    std::string m_trace;
    std::string m_rendered;
};

/// The id of the Spark application a line of a log speaks of, and how sure it names the application itself rather than
/// its driver.
struct ApplicationName {
    std::string id;
    int rank = 0; ///< higher is surer
};
/// Finds "application_1700000000000_0042" (YARN), "spark-" and 32 hexadecimal digits (Kubernetes), "app-…-0001"
/// (standalone), "local-1700000000000", or what follows "Identified spark driver id:".
[[nodiscard]] std::optional<ApplicationName> applicationIn(std::string_view text);

} // namespace mulligan::ingest::airflow
