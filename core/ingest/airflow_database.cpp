#include "ingest/airflow_database.hpp"

#include "formats/json_cursor.hpp"
#include "formats/line_reader.hpp"
#include "ingest/airflow_facts.hpp"
#include "ingest/airflow_file.hpp"
#include "ingest/airflow_tries.hpp"
#include "ingest/row_outlet.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

namespace mulligan::ingest::airflow
{

namespace
{

constexpr std::size_t kMostRowsOfARun = 100'000;
constexpr std::uint64_t kRowsPerTick = 64;

/// What one table offers, as a SELECT of all our columns in their order.
class TableQuery
{
public:
    static base::Result<TableQuery> of(const sqlite::Connection &connection, Table table, bool dagRuns)
    {
        TableQuery out;
        MULLIGAN_TRY(out.m_columns, columnsOf(connection, std::string(name(table))));
        out.m_table = table;
        out.m_dagRuns = dagRuns;
        return out;
    }
    [[nodiscard]] bool exists() const { return !m_columns.empty(); }
    [[nodiscard]] bool has(Column column) const { return m_columns.contains(std::string(name(column))); }

    /// Errors: Unsupported when a column that is needed is not there.
    [[nodiscard]] base::Result<void> check() const
    {
        std::vector<Column> needed{Column::DagId, Column::TaskId, Column::StartDate};
        if (m_table != Table::TaskFail)
            needed.insert(needed.end(), {Column::TryNumber, Column::State});
        if (!has(Column::RunId))
            needed.push_back(Column::ExecutionDate);
        for (const Column column : needed) {
            if (!has(column))
                return base::makeError(
                    base::ErrorCode::Unsupported,
                    "Table " + std::string(name(m_table)) + " has no column "
                        + (column == Column::ExecutionDate ? "run_id, nor execution_date" : std::string(name(column))),
                    "Import the metadata database as Airflow 1.10, 2 or 3 makes it.");
        }
        return {};
    }

    [[nodiscard]] std::string select() const
    {
        std::string sql = "SELECT " + std::to_string(static_cast<int>(m_table));
        for (std::size_t i = 0; i < kColumnCount; ++i)
            sql += ", " + expression(static_cast<Column>(i)) + " AS c" + std::to_string(i);
        return sql + " FROM " + std::string(name(m_table)) + " t";
    }

private:
    [[nodiscard]] std::string expression(Column column) const
    {
        if (has(column))
            return "t." + std::string(name(column));
        // Before 2.2 the run is found by its date.
        if (column == Column::RunId && m_dagRuns)
            return "(SELECT r.run_id FROM dag_run r WHERE r.dag_id = t.dag_id AND r.execution_date = "
                   "t.execution_date)";
        return "NULL";
    }

    Table m_table = Table::TaskInstance;
    std::set<std::string> m_columns;
    bool m_dagRuns = false;
};

class Database
{
public:
    Database(const SourceUnit &unit, const ReadOptions &options, AttemptSink &sink, std::stop_token stop,
             base::Progress &progress)
        : m_unit(unit), m_outlet(sink, options, m_report), m_stop(std::move(stop)), m_progress(progress)
    {
    }

    base::Result<SourceReport> read()
    {
        const std::string &path = m_unit.parts.empty() ? m_unit.path : m_unit.parts.front();
        base::Progress unseen; // reading the bytes for their hash is quick beside reading the rows
        MULLIGAN_TRY(m_report.sha256, hashUnit(m_unit, m_stop, unseen));
        std::error_code unknown;
        m_report.bytes = std::filesystem::file_size(path, unknown);
        for (std::size_t i = 1; i < m_unit.parts.size(); ++i) {
            const auto log = std::filesystem::file_size(m_unit.parts[i], unknown);
            m_report.bytes += unknown ? 0 : log;
        }
        MULLIGAN_TRY(const OpenDatabase open, openDatabase(path, m_stop));
        const sqlite::InterruptOnStop interrupt(open.connection, m_stop);
        if (auto done = readTables(open.connection); !done)
            return m_inSink ? std::move(done).error() : databaseErrorOf(std::move(done).error());
        m_outlet.finish();
        m_progress.setDone(m_report.bytes);
        return std::move(m_report);
    }

private:
    /// Errors of our own making stay as they are; those of core/sqlite are put into words that fit.
    static base::Error databaseErrorOf(base::Error error)
    {
        return error.code == base::ErrorCode::Unsupported ? error : databaseError(std::move(error));
    }

    base::Result<void> readTables(const sqlite::Connection &connection)
    {
        MULLIGAN_TRY(const std::string tables, tablesQuery(connection));
        MULLIGAN_TRY(m_total, connection.integer("SELECT count(*) FROM task_instance"));
        if (m_total == 0)
            m_outlet.warn("table task_instance is empty");
        MULLIGAN_CHECK(learnRetries(connection));
        MULLIGAN_CHECK(m_facts.prepare(connection));
        MULLIGAN_TRY(auto rows, connection.prepare("SELECT * FROM (" + tables + ") ORDER BY " + order()));
        for (;;) {
            MULLIGAN_TRY(const bool more, rows.step());
            if (!more)
                break;
            MULLIGAN_CHECK(tick());
            MULLIGAN_CHECK(takeRow(rows));
        }
        return endRun();
    }

    /// The rows of all tables that hold tries. task_fail tells nothing that the history does not.
    base::Result<std::string> tablesQuery(const sqlite::Connection &connection)
    {
        MULLIGAN_TRY(const auto dagRun, columnsOf(connection, "dag_run"));
        const bool dagRuns = dagRun.contains("run_id") && dagRun.contains("execution_date");
        MULLIGAN_TRY(const auto instances, TableQuery::of(connection, Table::TaskInstance, dagRuns));
        MULLIGAN_CHECK(instances.check());
        MULLIGAN_TRY(const auto history, TableQuery::of(connection, Table::History, dagRuns));
        MULLIGAN_TRY(const auto fails, TableQuery::of(connection, Table::TaskFail, dagRuns));
        m_hasMaxTries = instances.has(Column::MaxTries);
        std::string sql = instances.select();
        if (history.exists()) {
            MULLIGAN_CHECK(history.check());
            sql += " UNION ALL " + history.select();
        } else if (fails.exists()) {
            MULLIGAN_CHECK(fails.check());
            sql += " UNION ALL " + fails.select();
        }
        return sql;
    }

    static std::string order()
    {
        std::string out;
        for (const Column column :
             {Column::DagId, Column::TaskId, Column::RunId, Column::ExecutionDate, Column::MapIndex})
            out += "c" + std::to_string(static_cast<int>(column)) + ", ";
        return out + "1, c" + std::to_string(static_cast<int>(Column::StartDate));
    }

    base::Result<void> learnRetries(const sqlite::Connection &connection)
    {
        if (!m_hasMaxTries)
            return {};
        MULLIGAN_TRY(auto rows,
                     connection.prepare("SELECT dag_id, task_id, max_tries FROM task_instance WHERE try_number = 1 "
                                        "AND state IN ('success', 'failed', 'up_for_retry', 'running')"));
        for (;;) {
            MULLIGAN_TRY(const bool more, rows.step());
            if (!more)
                return {};
            Try first;
            first.dag = rows.text(0);
            first.task = rows.text(1);
            first.attempt = 1;
            first.maxTries = static_cast<int>(std::clamp<std::int64_t>(rows.integer(2), -1, 1'000'000'000));
            if (!rows.isNull(2))
                m_retries.note(first);
        }
    }

    base::Result<void> tick()
    {
        m_rows += 1;
        if (m_rows % kRowsPerTick != 1)
            return {};
        if (m_stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
        const double share = std::min(1.0, static_cast<double>(m_rows) / static_cast<double>(m_total + 1));
        m_progress.setDone(static_cast<std::uint64_t>(share * static_cast<double>(m_report.bytes)));
        return {};
    }

    base::Result<void> takeRow(const sqlite::Statement &from)
    {
        Row row;
        row.table = static_cast<Table>(from.integer(0));
        row.line = m_rows;
        for (std::size_t i = 0; i < kColumnCount; ++i) {
            const int column = static_cast<int>(i) + 1;
            if (!from.isNull(column))
                row.fields[i] = std::string(from.text(column).substr(0, kMostFieldBytes));
        }
        if (!sameRun(row))
            MULLIGAN_CHECK(endRun());
        auto read = readTry(row);
        if (row.table == Table::TaskInstance)
            noteNewest(row, std::holds_alternative<Try>(read));
        if (auto *problem = std::get_if<std::string>(&read))
            return reject(row, *problem);
        if (auto *never = std::get_if<NeverRan>(&read)) {
            m_outlet.warn(std::string(name(row.table)) + ": rows " + never->why + " never ran and are no attempts");
            return {};
        }
        if (m_run.held.size() + m_run.fails.size() >= kMostRowsOfARun)
            return reject(row, "more than " + std::to_string(kMostRowsOfARun) + " rows for one task of one run");
        auto &list = row.table == Table::TaskFail ? m_run.fails : m_run.held;
        list.push_back({std::move(row), std::get<Try>(std::move(read))});
        return {};
    }

    bool sameRun(const Row &row)
    {
        const auto keyOf = [](const Row &of) {
            return std::tie(of[Column::DagId], of[Column::TaskId], of[Column::RunId], of[Column::ExecutionDate],
                            of[Column::MapIndex]);
        };
        const auto alike = [&] {
            // Where both have a run_id, an execution date tells nothing more, and one table may lack it.
            if (m_first[Column::RunId] && row[Column::RunId])
                return std::tie(m_first[Column::DagId], m_first[Column::TaskId], m_first[Column::RunId])
                           == std::tie(row[Column::DagId], row[Column::TaskId], row[Column::RunId])
                       && m_first[Column::MapIndex].value_or("-1") == row[Column::MapIndex].value_or("-1");
            return keyOf(m_first) == keyOf(row);
        };
        const bool same = m_anyRow && alike();
        if (!same)
            m_next = row;
        return same;
    }

    void noteNewest(const Row &row, bool ran)
    {
        // Of a row that waits for its next try, the number counts what was before it (until 2.9, where alone task_fail
        // is read).
        const auto &text = row[Column::TryNumber];
        const int number = text ? static_cast<int>(std::strtol(text->c_str(), nullptr, 10)) : 0;
        m_run.newest = std::max(0, number);
        m_run.newestIsHeld = ran;
    }

    base::Result<void> endRun()
    {
        const SettledRun settled = settle(std::move(m_run), m_retries);
        m_run.clear();
        for (const auto &[row, problem] : settled.rejects)
            MULLIGAN_CHECK(reject(row, problem));
        if (settled.unnamed > 0)
            m_outlet.warn("the database keeps nothing of tries before the newest of a task");
        for (const SettledTry &one : settled.tries) {
            model::Attempt attempt = one.attempt;
            MULLIGAN_CHECK(m_facts.add(m_first, one.newest, attempt));
            MULLIGAN_CHECK(inSink(m_outlet.accept(std::move(attempt), one.line)));
        }
        m_first = std::move(m_next);
        m_anyRow = true;
        return {};
    }

    base::Result<void> reject(const Row &row, const std::string &problem)
    {
        return inSink(m_outlet.reject(row.line, 0, row.place() + ": " + problem, row.text()));
    }

    base::Result<void> inSink(base::Result<void> done)
    {
        m_inSink = m_inSink || !done;
        return done;
    }

    static constexpr std::size_t kMostFieldBytes = 4096; ///< ids have at most 250 characters
    const SourceUnit &m_unit;
    SourceReport m_report;
    RowOutlet m_outlet;
    std::stop_token m_stop;
    base::Progress &m_progress;
    Retries m_retries;
    Facts m_facts;
    bool m_hasMaxTries = false;
    bool m_inSink = false; ///< the error is the sink's
    std::int64_t m_total = 0;
    std::uint64_t m_rows = 0;
    bool m_anyRow = false;
    Row m_first; ///< of the run being read
    Row m_next;  ///< of the one after it
    RunTries m_run;
};

} // namespace

base::Result<SourceReport> readDatabase(const SourceUnit &unit, const ReadOptions &options, AttemptSink &sink,
                                        std::stop_token stop, base::Progress &progress)
{
    return Database(unit, options, sink, std::move(stop), progress).read();
}

} // namespace mulligan::ingest::airflow
