#include "ingest/airflow_facts.hpp"

#include "formats/line_reader.hpp"

namespace mulligan::ingest::airflow
{

namespace
{

constexpr std::size_t kMostRenderedBytes = 1u << 20;

/// The property a field of Spark's operators stands for; empty for other fields.
std::string_view propertyOf(std::string_view field)
{
    // "_conf" since the Spark provider 4: the fields became private, and their names stand in the rendered ones.
    if (field.starts_with('_'))
        field.remove_prefix(1);
    if (field == "executor_memory")
        return "spark.executor.memory";
    if (field == "driver_memory")
        return "spark.driver.memory";
    if (field == "executor_cores")
        return "spark.executor.cores";
    if (field == "num_executors")
        return "spark.executor.instances";
    return {};
}

std::string textOf(formats::JsonCursor &value)
{
    switch (value.kind()) {
    case formats::JsonKind::String: return std::string(value.string().value_or(""));
    case formats::JsonKind::Number:
    case formats::JsonKind::Boolean: return std::string(value.raw());
    default: return {};
    }
}

void addProperties(formats::JsonCursor &conf, model::Config &out)
{
    if (conf.kind() != formats::JsonKind::Object)
        return;
    conf.members([&](std::string_view key, formats::JsonCursor &value) {
        if (!key.starts_with("spark."))
            return;
        if (std::string text = textOf(value); !text.empty())
            out[std::string(key)] = std::move(text);
    });
}

/// A DAG's tag that names its team: "team:payments".
constexpr const char *kTeamQuery = "SELECT substr(name, 6) FROM dag_tag WHERE dag_id = ?1 AND (name LIKE 'team:_%' OR "
                                   "name LIKE 'team=_%') ORDER BY name LIMIT 1";

void bindField(sqlite::Statement &statement, int index, const std::optional<std::string> &field)
{
    if (field)
        statement.bind(index, std::string_view(*field));
    else
        statement.bindNull(index);
}

} // namespace

base::Result<std::set<std::string>> columnsOf(const sqlite::Connection &connection, const std::string &table)
{
    MULLIGAN_TRY(auto rows, connection.prepare("SELECT name FROM pragma_table_info(?1)"));
    rows.bind(1, std::string_view(table));
    std::set<std::string> out;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return out;
        out.emplace(rows.text(0));
    }
}

model::Config sparkConfigOf(std::string_view renderedFields, formats::JsonReader &reader)
{
    model::Config own;
    model::Config out;
    const auto read = reader.read(renderedFields, [&](std::string_view key, formats::JsonCursor &value) {
        if (key == "conf" || key == "_conf") {
            addProperties(value, out);
        } else if (const std::string_view property = propertyOf(key); !property.empty()) {
            if (std::string text = textOf(value); !text.empty())
                own[std::string(property)] = std::move(text);
        }
    });
    if (!read)
        return {};
    // spark-submit takes --executor-memory before the same property given with --conf.
    for (auto &[property, value] : own)
        out[property] = std::move(value);
    return out;
}

base::Result<void> Facts::prepare(const sqlite::Connection &connection)
{
    MULLIGAN_TRY(const auto dag, columnsOf(connection, "dag"));
    if (dag.contains("dag_id") && dag.contains("owners")) {
        MULLIGAN_TRY(m_owner, connection.prepare("SELECT owners FROM dag WHERE dag_id = ?1"));
    }
    MULLIGAN_TRY(const auto tag, columnsOf(connection, "dag_tag"));
    if (tag.contains("dag_id") && tag.contains("name")) {
        MULLIGAN_TRY(m_team, connection.prepare(kTeamQuery));
    }
    return prepareRendered(connection);
}

base::Result<void> Facts::prepareRendered(const sqlite::Connection &connection)
{
    MULLIGAN_TRY(const auto columns, columnsOf(connection, "rendered_task_instance_fields"));
    m_renderedByDate = !columns.contains("run_id");
    m_renderedByIndex = columns.contains("map_index");
    if (!columns.contains("rendered_fields") || !columns.contains("dag_id") || !columns.contains("task_id")
        || (m_renderedByDate && !columns.contains("execution_date")))
        return {};
    // The length is checked first, so that an enormous text is never read.
    std::string sql =
        "SELECT rendered_fields FROM rendered_task_instance_fields WHERE dag_id = ?1 AND task_id = ?2 AND "
        + std::string(m_renderedByDate ? "execution_date" : "run_id") + " = ?3";
    if (m_renderedByIndex)
        sql += " AND map_index = CAST(?4 AS INTEGER)";
    sql += " AND length(rendered_fields) <= " + std::to_string(kMostRenderedBytes);
    MULLIGAN_TRY(m_rendered, connection.prepare(sql));
    return {};
}

base::Result<void> Facts::readDag(const std::string &dag)
{
    if (m_dag == dag)
        return {};
    m_dag = dag;
    m_ownerOfDag.clear();
    m_teamOfDag.clear();
    for (auto &[statement, into] : {std::pair(&m_owner, &m_ownerOfDag), std::pair(&m_team, &m_teamOfDag)}) {
        if (!*statement)
            continue;
        (*statement)->reset();
        (*statement)->bind(1, std::string_view(*m_dag));
        MULLIGAN_TRY(const bool found, (*statement)->step());
        if (found)
            *into = formats::repairedUtf8((*statement)->text(0).substr(0, 500));
        (*statement)->reset();
    }
    return {};
}

base::Result<void> Facts::add(const Row &row, bool newest, model::Attempt &attempt)
{
    MULLIGAN_CHECK(readDag(attempt.workflow));
    attempt.owner = m_ownerOfDag;
    attempt.team = m_teamOfDag;
    const auto &run = row[m_renderedByDate ? Column::ExecutionDate : Column::RunId];
    if (!newest || !m_rendered || !run)
        return {};
    m_rendered->reset();
    bindField(*m_rendered, 1, row[Column::DagId]);
    bindField(*m_rendered, 2, row[Column::TaskId]);
    bindField(*m_rendered, 3, run);
    if (m_renderedByIndex)
        m_rendered->bind(4, row[Column::MapIndex] ? std::string_view(*row[Column::MapIndex]) : "-1");
    MULLIGAN_TRY(const bool found, m_rendered->step());
    if (found)
        attempt.config = sparkConfigOf(formats::repairedUtf8(m_rendered->text(0)), m_json);
    m_rendered->reset();
    return {};
}

} // namespace mulligan::ingest::airflow
