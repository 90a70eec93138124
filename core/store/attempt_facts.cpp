#include "store/attempt_facts.hpp"

#include "store/attempt_columns.hpp"

namespace mulligan::store
{

namespace
{

constexpr std::array<FactRule, 21> kRules{{
    {"identity", 0, 3, Believed::Scheduler, false},
    {"times", 3, 2, Believed::Scheduler, true},
    {"outcome", 5, 1, Believed::Scheduler, true},
    {"workflow", 6, 1, Believed::Scheduler, false},
    {"owner", 7, 1, Believed::Scheduler, false},
    {"team", 8, 1, Believed::Scheduler, false},
    {"cluster", 9, 1, Believed::Scheduler, true},
    {"queue", 10, 1, Believed::Scheduler, true},
    {"application_id", 11, 1, Believed::Scheduler, true},
    {"application_attempt", 12, 1, Believed::EventLog, false},
    {"trigger", 13, 1, Believed::Scheduler, true},
    {"exit_code", 14, 1, Believed::Scheduler, true},
    {"text", 15, 2, Believed::EventLog, false},
    {"config", 17, 1, Believed::Effective, true},
    {"metrics", 18, 1, Believed::EventLog, false},
    {"vcore_seconds", 19, 1, Believed::Scheduler, false},
    {"memory_gb_seconds", 20, 1, Believed::Scheduler, false},
    {"cost", 21, 2, Believed::Scheduler, true},
    {"manual_minutes", 23, 1, Believed::Scheduler, true},
    {"action", 24, 1, Believed::Scheduler, true},
    {"action_probability", 25, 2, Believed::Scheduler, false},
}};

bool holds(const Cell &cell, std::int64_t value)
{
    const auto *number = std::get_if<std::int64_t>(&cell);
    return number != nullptr && *number == value;
}

} // namespace

Standing standingOf(std::string_view format)
{
    if (format == "spark-eventlog")
        return Standing::EventLog;
    return format == "spark-log" || format == "yarn-log" ? Standing::TextLog : Standing::Scheduler;
}

std::span<const FactRule> factRules()
{
    return kRules;
}

int belief(Believed believed, Standing standing)
{
    static constexpr int kBelief[3][3] = {{1, 2, 3}, {2, 3, 1}, {1, 3, 2}}; // text log, event log, scheduler
    return kBelief[static_cast<int>(believed)][static_cast<int>(standing) - 1];
}

bool isSilent(const FactRule &rule, const Cells &cells)
{
    const Cell &cell = cells[rule.first];
    if (std::holds_alternative<std::monostate>(cell))
        return true;
    if (rule.name == "outcome")
        return holds(cell, stored(model::Outcome::Unknown));
    if (rule.name == "trigger")
        return holds(cell, stored(model::Trigger::Unset));
    return rule.name == "cost" && holds(cells[rule.first + 1], stored(model::CostSource::None));
}

std::string selectedFacts()
{
    std::string sql;
    for (const auto column : kFactColumns)
        sql.append("typeof(").append(column).append("), ").append(column).append(", ");
    sql.resize(sql.size() - 2);
    return sql;
}

Cells cellsOf(const sqlite::Statement &row, int first)
{
    Cells cells;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const int value = first + static_cast<int>(2 * i + 1);
        const std::string_view type = row.text(value - 1);
        if (type == "integer")
            cells[i] = row.integer(value);
        else if (type == "real")
            cells[i] = row.number(value);
        else if (type != "null")
            cells[i] = std::string(row.text(value));
    }
    return cells;
}

base::Result<Cells> readCells(Statements &statements, std::int64_t attempt)
{
    static const std::string select = "SELECT " + selectedFacts() + " FROM attempt WHERE id = ?1";
    MULLIGAN_TRY(sqlite::Statement * row, statements.of(select));
    row->bind(1, attempt);
    MULLIGAN_TRY(const bool found, row->step());
    if (!found)
        return base::makeError(base::ErrorCode::NotFound, "There is no attempt with row id " + std::to_string(attempt));
    Cells cells = cellsOf(*row, 0);
    row->reset();
    return cells;
}

void bindCell(sqlite::Statement &statement, int index, const Cell &cell)
{
    if (const auto *number = std::get_if<std::int64_t>(&cell))
        statement.bind(index, *number);
    else if (const auto *real = std::get_if<double>(&cell))
        statement.bind(index, *real);
    else if (const auto *text = std::get_if<std::string>(&cell))
        statement.bind(index, std::string_view(*text));
    else
        statement.bindNull(index);
}

} // namespace mulligan::store
