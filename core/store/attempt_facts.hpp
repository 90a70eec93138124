#pragma once

#include "model/attempt.hpp"
#include "sqlite/connection.hpp"
#include "store/statements.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mulligan::store
{

/// What kind of witness a source is, by how much it knows of an attempt as a whole.
enum class Standing : int {
    TextLog = 1,  ///< a driver's or executor's text, `yarn logs`
    EventLog = 2, ///< Spark's own record of the application
    Scheduler = 3 ///< whoever started the attempt: native rows, mapped files, Airflow
};
[[nodiscard]] Standing standingOf(std::string_view format);

/// One column of an attempt's row as SQLite holds it.
using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;

/// The columns that sources give, in the order of `kFactColumns`.
inline constexpr std::array<std::string_view, 27> kFactColumns{"job_id",
                                                               "run",
                                                               "attempt",
                                                               "started_ms",
                                                               "ended_ms",
                                                               "outcome",
                                                               "workflow_id",
                                                               "owner_id",
                                                               "team_id",
                                                               "cluster_id",
                                                               "queue_id",
                                                               "application_id",
                                                               "application_attempt",
                                                               "trigger_kind",
                                                               "exit_code",
                                                               "text_id",
                                                               "cause_id",
                                                               "config_id",
                                                               "metrics",
                                                               "vcore_seconds",
                                                               "memory_gb_seconds",
                                                               "cost_usd",
                                                               "cost_source",
                                                               "manual_minutes",
                                                               "action",
                                                               "action_probability",
                                                               "policy_version"};
using Cells = std::array<Cell, kFactColumns.size()>;

/// Who is believed where two sources differ. The one that stands first in the list wins; `reconcile` says which of two
/// of the same standing.
enum class Believed {
    Scheduler, ///< scheduler, event log, text log: what the attempt is, when it ran, how it ended, what it cost
    EventLog,  ///< event log, text log, scheduler: what happened inside: failure text, metrics
    Effective  ///< event log, scheduler, text log: the configuration that was in force
};

/// Columns that belong together: they come from one source or from another, never mixed.
struct FactRule {
    std::string_view name; ///< as in attempt_fact and conflict
    std::size_t first = 0; ///< index of its first column
    std::size_t columns = 1;
    Believed believed = Believed::Scheduler;
    bool listed = false; ///< a difference between sources is listed as a conflict
};
[[nodiscard]] std::span<const FactRule> factRules();
/// How far a source is believed about a fact; the larger number wins.
[[nodiscard]] int belief(Believed believed, Standing standing);

/// Whether a row says nothing of a fact: NULL, an unknown outcome, no trigger, no cost.
[[nodiscard]] bool isSilent(const FactRule &rule, const Cells &cells);

/// The columns as a list to select, for `cellsOf`: each one's type and value.
[[nodiscard]] std::string selectedFacts();
/// Cells of a row that selects `selectedFacts()` from column `first` on.
[[nodiscard]] Cells cellsOf(const sqlite::Statement &row, int first);
/// Columns of one row. Errors: NotFound.
[[nodiscard]] base::Result<Cells> readCells(Statements &statements, std::int64_t attempt);
void bindCell(sqlite::Statement &statement, int index, const Cell &cell);

} // namespace mulligan::store
