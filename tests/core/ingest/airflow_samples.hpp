#pragma once

#include "collecting_sink.hpp"
#include "sqlite/connection.hpp"

#include <algorithm>
#include <string>

namespace ingest_test
{

/// Makes an SQLite file of the statements and gives its path. What it holds is synthetic.
inline std::string makeDatabase(Folder &folder, const std::string &sql, const std::string &name = "airflow.db")
{
    const std::string path = folder.write(name, "");
    const auto database = mulligan::sqlite::Connection::open(path, mulligan::sqlite::Access::Create);
    if (!database)
        qFatal("%s", database.error().text().c_str());
    if (const auto done = database->run("PRAGMA synchronous = OFF;" + sql); !done)
        qFatal("%s", done.error().text().c_str());
    return path;
}

/// Tables as the versions make them, with the columns that matter and some that do not.
namespace schema
{
inline const std::string kDagRun22 =
    "CREATE TABLE dag_run(id INTEGER PRIMARY KEY, dag_id TEXT, execution_date TIMESTAMP, run_id TEXT, run_type TEXT);";
inline const std::string kTaskFail22 =
    "CREATE TABLE task_fail(id INTEGER PRIMARY KEY, task_id TEXT, dag_id TEXT, execution_date TIMESTAMP, start_date "
    "TIMESTAMP, end_date TIMESTAMP, duration INTEGER);";
inline const std::string k22 =
    "CREATE TABLE task_instance(task_id TEXT, dag_id TEXT, run_id TEXT, start_date TIMESTAMP, end_date TIMESTAMP, "
    "duration FLOAT, state TEXT, try_number INTEGER, max_tries INTEGER, hostname TEXT, pool TEXT, queue TEXT, "
    "operator TEXT, PRIMARY KEY(dag_id, task_id, run_id));"
    + kTaskFail22 + kDagRun22;
inline const std::string k110 =
    "CREATE TABLE task_instance(task_id TEXT, dag_id TEXT, execution_date TIMESTAMP, start_date TIMESTAMP, end_date "
    "TIMESTAMP, duration FLOAT, state TEXT, try_number INTEGER, max_tries INTEGER, queue TEXT);"
    + kTaskFail22 + kDagRun22;
inline const std::string k29 =
    "CREATE TABLE task_instance(task_id TEXT, dag_id TEXT, run_id TEXT, map_index INTEGER DEFAULT -1, start_date "
    "TIMESTAMP, end_date TIMESTAMP, duration FLOAT, state TEXT, try_number INTEGER, max_tries INTEGER, queue TEXT, "
    "PRIMARY KEY(dag_id, task_id, run_id, map_index));"
    "CREATE TABLE task_fail(id INTEGER PRIMARY KEY, task_id TEXT, dag_id TEXT, run_id TEXT, map_index INTEGER DEFAULT "
    "-1, start_date TIMESTAMP, end_date TIMESTAMP, duration INTEGER);"
    "CREATE TABLE rendered_task_instance_fields(dag_id TEXT, task_id TEXT, run_id TEXT, map_index INTEGER, "
    "rendered_fields TEXT);"
    "CREATE TABLE dag(dag_id TEXT, owners TEXT); CREATE TABLE dag_tag(name TEXT, dag_id TEXT);";
inline const std::string kHistory =
    "CREATE TABLE task_instance_history(id INTEGER PRIMARY KEY, task_id TEXT, dag_id TEXT, run_id TEXT, map_index "
    "INTEGER DEFAULT -1, try_number INTEGER, start_date TIMESTAMP, end_date TIMESTAMP, duration FLOAT, state TEXT, "
    "max_tries INTEGER, queue TEXT);";
inline const std::string k210 = k29 + kHistory;
inline const std::string k3 =
    "CREATE TABLE task_instance(id CHAR(36) PRIMARY KEY, task_id TEXT, dag_id TEXT, run_id TEXT, map_index INTEGER "
    "DEFAULT -1, start_date TIMESTAMP, end_date TIMESTAMP, duration FLOAT, state TEXT, try_number INTEGER, max_tries "
    "INTEGER, queue TEXT, dag_version_id TEXT);"
    "CREATE TABLE task_instance_history(task_instance_id CHAR(36) PRIMARY KEY, task_id TEXT, dag_id TEXT, run_id TEXT, "
    "map_index INTEGER DEFAULT -1, try_number INTEGER, start_date TIMESTAMP, end_date TIMESTAMP, state TEXT, "
    "max_tries INTEGER, queue TEXT);"
    "CREATE TABLE dag_run(id INTEGER PRIMARY KEY, dag_id TEXT, logical_date TIMESTAMP, run_id TEXT);"
    "CREATE TABLE dag(dag_id TEXT, owners TEXT);";
} // namespace schema

/// Values of one row of task_instance; minutes past ten o'clock say when it ran.
struct TaskRow {
    std::string task = "load";
    std::string run = "scheduled__2024-05-01T00:00:00+00:00";
    int attempt = 1;
    int maxTries = 2;
    std::string state = "success";
    int minute = 0;
    int mapIndex = -1;
};

inline std::string momentOf(int minute, const char *seconds = "00.250000")
{
    return "2024-05-01 10:" + QString("%1").arg(minute, 2, 10, QChar('0')).toStdString() + ":" + seconds;
}

/// An INSERT into a table of the 2.9 shape or later; `id` is the table's own key column, "" for none.
inline std::string insertTry(const std::string &table, const TaskRow &row, const std::string &id = {})
{
    static int next = 0;
    const auto quoted = [](const std::string &text) { return "'" + text + "'"; };
    return "INSERT INTO " + table + "(" + (id.empty() ? "" : id + ", ")
           + "dag_id, task_id, run_id, map_index, try_number, max_tries, state, start_date, end_date, queue) VALUES("
           + (id.empty() ? "" : "'" + std::to_string(++next) + "', ") + "'shop', " + quoted(row.task) + ", "
           + quoted(row.run) + ", " + std::to_string(row.mapIndex) + ", " + std::to_string(row.attempt) + ", "
           + std::to_string(row.maxTries) + ", " + (row.state.empty() ? "NULL" : quoted(row.state)) + ", "
           + quoted(momentOf(row.minute)) + ", " + quoted(momentOf(row.minute, "30.500000")) + ", 'default');";
}

/// "attempt/outcome/trigger" of the attempts of one job and run, by number.
inline std::string storyOf(const CollectingSink &sink, const std::string &job, const std::string &run)
{
    std::vector<const mulligan::model::Attempt *> found;
    for (const auto &one : sink.attempts) {
        if (one.job == job && one.run == run)
            found.push_back(&one);
    }
    std::sort(found.begin(), found.end(), [](const auto *a, const auto *b) { return a->attempt < b->attempt; });
    std::string out;
    for (const auto *one : found)
        out += (out.empty() ? "" : ", ") + std::to_string(one->attempt) + " " + std::string(name(one->outcome)) + " "
               + std::string(name(one->trigger));
    return out;
}

} // namespace ingest_test
