#pragma once

#include "formats/json_cursor.hpp"
#include "ingest/airflow_rows.hpp"
#include "sqlite/connection.hpp"

#include <optional>
#include <set>
#include <string>

namespace mulligan::ingest::airflow
{

/// Names of a table's columns; none when there is no such table.
[[nodiscard]] base::Result<std::set<std::string>> columnsOf(const sqlite::Connection &connection,
                                                            const std::string &table);

/// What a rendered Spark operator tells of its settings: the properties in `conf`, and those its own fields stand for
/// (executor_memory, driver_memory, executor_cores, num_executors). Other operators give none.
[[nodiscard]] model::Config sparkConfigOf(std::string_view renderedFields, formats::JsonReader &reader);

/// What the tables beside the tries tell of them: owners and teams of DAGs, rendered settings.
class Facts
{
public:
    /// Looks which of the tables are there. The connection must live as long as this.
    [[nodiscard]] base::Result<void> prepare(const sqlite::Connection &connection);
    /// Adds what is known; `row` is any row of the attempt's task and run, `newest` says that the attempt is its
    /// newest, the one the rendered fields are kept of.
    [[nodiscard]] base::Result<void> add(const Row &row, bool newest, model::Attempt &attempt);

private:
    [[nodiscard]] base::Result<void> readDag(const std::string &dag);
    [[nodiscard]] base::Result<void> prepareRendered(const sqlite::Connection &connection);

    std::optional<sqlite::Statement> m_owner;
    std::optional<sqlite::Statement> m_team;
    std::optional<sqlite::Statement> m_rendered;
    bool m_renderedByDate = false;
    bool m_renderedByIndex = false;
    formats::JsonReader m_json;
    std::optional<std::string> m_dag; ///< whose owner and team are held
    std::string m_ownerOfDag;
    std::string m_teamOfDag;
};

} // namespace mulligan::ingest::airflow
