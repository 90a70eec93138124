#include "store/witness_table.hpp"

#include "store/attempt_columns.hpp"

#include <algorithm>

namespace mulligan::store
{

namespace
{

std::string insertSql()
{
    std::string columns = "INSERT INTO witness(attempt_id, source_id";
    std::string values = ") VALUES(?1, ?2";
    for (std::size_t i = 0; i < kFactColumns.size(); ++i) {
        columns.append(", ").append(kFactColumns[i]);
        values.append(", ?").append(std::to_string(i + 3));
    }
    return columns + values + ")";
}

/// Says nothing, in the columns' own words where they cannot be empty.
Cells silence()
{
    Cells cells;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (kFactColumns[i] == "outcome")
            cells[i] = std::int64_t(stored(model::Outcome::Unknown));
        else if (kFactColumns[i] == "trigger_kind")
            cells[i] = std::int64_t(stored(model::Trigger::Unset));
        else if (kFactColumns[i] == "cost_source")
            cells[i] = std::int64_t(stored(model::CostSource::None));
    }
    return cells;
}

Witness &witnessOf(std::vector<Witness> &witnesses, std::int64_t source)
{
    const auto found = std::find_if(witnesses.begin(), witnesses.end(),
                                    [&](const Witness &witness) { return witness.source == source; });
    if (found != witnesses.end())
        return *found;
    witnesses.emplace_back();
    witnesses.back().source = source;
    witnesses.back().cells = silence();
    return witnesses.back();
}

} // namespace

base::Result<void> WitnessTable::introduce(Witness &witness)
{
    auto known = m_known.find(witness.source);
    if (known == m_known.end()) {
        MULLIGAN_TRY(sqlite::Statement * row, m_statements.of("SELECT format, path FROM source WHERE id = ?1"));
        row->bind(1, witness.source);
        MULLIGAN_TRY(const bool found, row->step());
        Known made;
        if (found)
            made = {standingOf(row->text(0)), std::string(row->text(1))};
        row->reset();
        known = m_known.emplace(witness.source, std::move(made)).first;
    }
    witness.standing = known->second.standing;
    witness.path = known->second.path;
    return {};
}

base::Result<std::vector<Witness>> WitnessTable::of(std::int64_t attempt)
{
    MULLIGAN_TRY(auto witnesses, kept(attempt));
    if (witnesses.empty()) {
        MULLIGAN_TRY(witnesses, ofItsOwnRow(attempt));
    }
    for (Witness &witness : witnesses) {
        MULLIGAN_CHECK(introduce(witness));
        constexpr std::size_t kConfigColumn = 17;
        static_assert(kFactColumns[kConfigColumn] == "config_id");
        if (std::holds_alternative<std::monostate>(witness.cells[kConfigColumn]))
            continue;
        MULLIGAN_TRY(sqlite::Statement * config, m_statements.of("SELECT body FROM config WHERE id = ?1"));
        bindCell(*config, 1, witness.cells[kConfigColumn]);
        MULLIGAN_TRY(const bool found, config->step());
        if (found)
            witness.config = configFromText(config->text(0));
        config->reset();
    }
    return witnesses;
}

base::Result<std::vector<Witness>> WitnessTable::kept(std::int64_t attempt)
{
    static const std::string select =
        "SELECT source_id, " + selectedFacts() + " FROM witness WHERE attempt_id = ?1 ORDER BY source_id";
    MULLIGAN_TRY(sqlite::Statement * rows, m_statements.of(select));
    rows->bind(1, attempt);
    std::vector<Witness> out;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows->step());
        if (!more)
            break;
        out.emplace_back();
        out.back().source = rows->integer(0);
        out.back().cells = cellsOf(*rows, 1);
    }
    rows->reset();
    return out;
}

base::Result<std::vector<Witness>> WitnessTable::ofItsOwnRow(std::int64_t attempt)
{
    std::vector<Witness> out;
    MULLIGAN_TRY(const Cells cells, readCells(m_statements, attempt));
    MULLIGAN_TRY(const std::int64_t own, m_statements.integer("SELECT source_id FROM attempt WHERE id = ?1", attempt));
    MULLIGAN_TRY(sqlite::Statement * rows,
                 m_statements.of("SELECT field, source_id FROM attempt_fact WHERE attempt_id = ?1"));
    rows->bind(1, attempt);
    std::map<std::string, std::int64_t, std::less<>> sources;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows->step());
        if (!more)
            break;
        sources.emplace(rows->text(0), rows->integer(1));
    }
    rows->reset();
    if (sources.empty()) {
        out.emplace_back();
        out.back().source = own;
        out.back().cells = cells;
        return out;
    }
    for (const FactRule &rule : factRules()) {
        const auto elsewhere = sources.find(rule.name);
        Witness &witness = witnessOf(out, elsewhere != sources.end() ? elsewhere->second : own);
        for (std::size_t i = rule.first; i < rule.first + rule.columns; ++i)
            witness.cells[i] = cells[i];
    }
    return out;
}

base::Result<void> WitnessTable::insert(std::int64_t attempt, const Witness &witness)
{
    static const std::string sql = insertSql();
    MULLIGAN_TRY(sqlite::Statement * row, m_statements.of(sql));
    row->bind(1, attempt);
    row->bind(2, witness.source);
    for (std::size_t i = 0; i < witness.cells.size(); ++i)
        bindCell(*row, static_cast<int>(i + 3), witness.cells[i]);
    return row->run();
}

base::Result<void> WitnessTable::keep(std::int64_t attempt, const std::vector<Witness> &witnesses)
{
    MULLIGAN_TRY(const auto before,
                 m_statements.integer("SELECT EXISTS (SELECT 1 FROM witness WHERE attempt_id = ?1)", attempt));
    if (before == 0 || witnesses.size() < 2)
        return replace(attempt, witnesses);
    return insert(attempt, witnesses.back());
}

base::Result<void> WitnessTable::replace(std::int64_t attempt, const std::vector<Witness> &witnesses)
{
    MULLIGAN_CHECK(m_statements.run("DELETE FROM witness WHERE attempt_id = ?1", attempt));
    if (witnesses.size() < 2)
        return {};
    for (const Witness &witness : witnesses)
        MULLIGAN_CHECK(insert(attempt, witness));
    return {};
}

base::Result<void> WitnessTable::forget(std::int64_t attempt, std::int64_t source)
{
    return m_statements.run("DELETE FROM witness WHERE attempt_id = ?1 AND source_id = ?2", attempt, source);
}

} // namespace mulligan::store
