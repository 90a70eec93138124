#include "store/join.hpp"

#include "base/instant.hpp"
#include "base/units.hpp"
#include "store/attempt_columns.hpp"

#include <cmath>
#include <functional>

namespace mulligan::store
{

namespace
{

// A hostile pair of configurations could differ in thousands of properties.
constexpr int kMostConfigConflicts = 20;
constexpr double kCostTolerance = 0.01;

Cell idCell(std::int64_t id)
{
    return id == 0 ? Cell() : Cell(id);
}

Cell textCell(const std::string &text)
{
    return text.empty() ? Cell() : Cell(text);
}

template <typename T> Cell numberCell(const std::optional<T> &number)
{
    if (!number.has_value())
        return {};
    if constexpr (std::is_integral_v<T>)
        return static_cast<std::int64_t>(*number);
    else
        return *number;
}

Cells cellsOf(const model::Attempt &record, const JoinIds &ids, bool applicationAttempt)
{
    const bool priced = record.costUsd.has_value() && record.costSource != model::CostSource::None;
    return {Cell(ids.job),
            Cell(record.run),
            Cell(std::int64_t(record.attempt)),
            Cell(record.startedAt.ms),
            Cell(record.endedAt.ms),
            Cell(std::int64_t(stored(record.outcome))),
            idCell(ids.names[0]),
            idCell(ids.names[1]),
            idCell(ids.names[2]),
            idCell(ids.names[3]),
            idCell(ids.names[4]),
            textCell(record.applicationId),
            applicationAttempt ? Cell(std::int64_t(record.attempt)) : Cell(),
            Cell(std::int64_t(stored(record.trigger))),
            numberCell(record.exitCode),
            idCell(ids.text),
            idCell(ids.cause),
            idCell(ids.config),
            record.metrics.empty() ? Cell() : Cell(metricsText(record.metrics)),
            numberCell(record.vcoreSeconds),
            numberCell(record.memoryGbSeconds),
            priced ? numberCell(record.costUsd) : Cell(),
            Cell(std::int64_t(stored(record.costSource))),
            numberCell(record.manualMinutes),
            textCell(record.action),
            numberCell(record.actionProbability),
            textCell(record.policyVersion)};
}

std::int64_t integerOf(const Cell &cell)
{
    const auto *number = std::get_if<std::int64_t>(&cell);
    return number != nullptr ? *number : 0;
}

double numberOf(const Cell &cell)
{
    const auto *real = std::get_if<double>(&cell);
    return real != nullptr ? *real : static_cast<double>(integerOf(cell));
}

std::string_view textOf(const Cell &cell)
{
    const auto *text = std::get_if<std::string>(&cell);
    return text != nullptr ? std::string_view(*text) : std::string_view();
}

bool sameFact(const FactRule &rule, const Cells &a, const Cells &b)
{
    for (std::size_t i = rule.first; i < rule.first + rule.columns; ++i) {
        if (a[i] != b[i])
            return false;
    }
    return true;
}

/// "4g" and "4096m" are one value.
bool sameSetting(const std::string &a, const std::string &b)
{
    if (a == b)
        return true;
    const auto left = base::parseBytes(a);
    const auto right = base::parseBytes(b);
    return left && right && *left == *right;
}

/// Whether a difference says that somebody is wrong; a scheduler's attempt spans its application, so only times that
/// lie apart do.
bool contradicts(const FactRule &rule, const Cells &a, const Cells &b)
{
    const std::size_t first = rule.first;
    if (rule.name == "times")
        return integerOf(a[first]) > integerOf(b[first + 1]) || integerOf(b[first]) > integerOf(a[first + 1]);
    // That one of them saw no fault is told by the outcome.
    if (rule.name == "exit_code")
        return integerOf(a[first]) != 0 && integerOf(b[first]) != 0;
    if (rule.name == "cost") {
        const bool logged = integerOf(a[first + 1]) == stored(model::CostSource::Logged)
                            && integerOf(b[first + 1]) == stored(model::CostSource::Logged);
        const double one = numberOf(a[first]);
        const double other = numberOf(b[first]);
        return logged && std::abs(one - other) > kCostTolerance * std::max(one, other);
    }
    return true;
}

} // namespace

/// What one side says: its columns, and which source each fact came from.
struct Joiner::Witness {
    Cells cells;
    std::int64_t own = 0; ///< source of the facts that `sources` does not name
    std::map<std::string, std::int64_t, std::less<>> sources;

    [[nodiscard]] std::int64_t sourceOf(std::string_view fact) const
    {
        const auto found = sources.find(fact);
        return found != sources.end() ? found->second : own;
    }
};

struct Joiner::Change {
    std::vector<std::size_t> columns;
    std::vector<std::string_view> facts;
};

base::Result<Standing> Joiner::standing(std::int64_t source)
{
    if (const auto known = m_standings.find(source); known != m_standings.end())
        return known->second;
    MULLIGAN_TRY(const auto format,
                 m_connection.text("SELECT format FROM source WHERE id = " + std::to_string(source)));
    return m_standings.emplace(source, standingOf(format)).first->second;
}

base::Result<Joiner::Witness> Joiner::witness(std::int64_t attempt)
{
    Witness out;
    MULLIGAN_TRY(out.cells, readCells(m_connection, attempt));
    MULLIGAN_TRY(out.own, m_connection.integer("SELECT source_id FROM attempt WHERE id = " + std::to_string(attempt)));
    MULLIGAN_TRY(auto rows, m_connection.prepare("SELECT field, source_id FROM attempt_fact WHERE attempt_id = ?1"));
    rows.bind(1, attempt);
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return out;
        out.sources.emplace(rows.text(0), rows.integer(1));
    }
}

base::Result<void> Joiner::join(std::int64_t attempt, const model::Attempt &record, const JoinIds &ids,
                                bool applicationAttempt)
{
    MULLIGAN_TRY(Witness old, witness(attempt));
    Witness other;
    other.cells = cellsOf(record, ids, applicationAttempt);
    other.own = m_source;
    MULLIGAN_CHECK(merge(attempt, old, other));
    // The newer version of a source stands for the older one in everything.
    if (m_supersedes == 0)
        return {};
    const std::string where = " WHERE source_id = " + std::to_string(m_supersedes) + " AND ";
    MULLIGAN_CHECK(m_connection.run("UPDATE attempt SET source_id = " + std::to_string(m_source) + where
                                    + "id = " + std::to_string(attempt)));
    return m_connection.run("UPDATE attempt_fact SET source_id = " + std::to_string(m_source) + where
                            + "attempt_id = " + std::to_string(attempt));
}

base::Result<void> Joiner::absorb(std::int64_t into, std::int64_t from)
{
    MULLIGAN_TRY(Witness old, witness(into));
    MULLIGAN_TRY(const Witness other, witness(from));
    const std::string id = std::to_string(from);
    MULLIGAN_CHECK(m_connection.run("DELETE FROM attempt_fact WHERE attempt_id = " + id));
    MULLIGAN_CHECK(m_connection.run("UPDATE OR REPLACE conflict SET attempt_id = " + std::to_string(into)
                                    + " WHERE attempt_id = " + id));
    MULLIGAN_CHECK(m_connection.run("DELETE FROM recommendation WHERE attempt_id = " + id));
    MULLIGAN_CHECK(m_connection.run("DELETE FROM attempt WHERE id = " + id));
    return merge(into, old, other);
}

base::Result<void> Joiner::merge(std::int64_t attempt, Witness &old, const Witness &other)
{
    Change change;
    for (const FactRule &rule : factRules()) {
        if (isSilent(rule, other.cells))
            continue;
        if (!isSilent(rule, old.cells) && (rule.name == "config" || rule.name == "metrics")) {
            MULLIGAN_CHECK(unite(rule, attempt, old, other, change));
        } else {
            MULLIGAN_CHECK(mergeFact(rule, attempt, old, other, change));
        }
    }
    return write(attempt, old, change);
}

base::Result<bool> Joiner::wins(const FactRule &rule, const Witness &old, const Witness &other)
{
    const std::int64_t oldSource = old.sourceOf(rule.name);
    if (oldSource == m_supersedes)
        return true;
    if (rule.name == "cost") {
        // The kinds are numbered best first.
        const std::int64_t have = integerOf(old.cells[rule.first + 1]);
        const std::int64_t offered = integerOf(other.cells[rule.first + 1]);
        if (have != offered)
            return offered < have;
    }
    MULLIGAN_TRY(const Standing have, standing(oldSource));
    MULLIGAN_TRY(const Standing offered, standing(other.sourceOf(rule.name)));
    return belief(rule.believed, offered) > belief(rule.believed, have);
}

base::Result<void> Joiner::mergeFact(const FactRule &rule, std::int64_t attempt, Witness &old, const Witness &other,
                                     Change &change)
{
    const bool silent = isSilent(rule, old.cells);
    if (!silent && sameFact(rule, old.cells, other.cells) && old.sourceOf(rule.name) != m_supersedes)
        return {};
    bool winning = silent;
    if (!silent) {
        MULLIGAN_TRY(winning, wins(rule, old, other));
        const bool replaced = old.sourceOf(rule.name) == m_supersedes;
        if (rule.listed && !replaced && contradicts(rule, old.cells, other.cells)) {
            MULLIGAN_TRY(const auto oldText, shown(rule, old.cells));
            MULLIGAN_TRY(const auto otherText, shown(rule, other.cells));
            const Witness &kept = winning ? other : old;
            const Witness &given = winning ? old : other;
            MULLIGAN_CHECK(list(attempt, rule.name, kept.sourceOf(rule.name), winning ? otherText : oldText,
                                given.sourceOf(rule.name), winning ? oldText : otherText));
        }
    }
    if (!winning)
        return {};
    for (std::size_t i = rule.first; i < rule.first + rule.columns; ++i) {
        old.cells[i] = other.cells[i];
        change.columns.push_back(i);
    }
    old.sources[std::string(rule.name)] = other.sourceOf(rule.name);
    change.facts.push_back(rule.name);
    return {};
}

base::Result<void> Joiner::unite(const FactRule &rule, std::int64_t attempt, Witness &old, const Witness &other,
                                 Change &change)
{
    MULLIGAN_TRY(const bool winning, wins(rule, old, other));
    const bool replaced = old.sourceOf(rule.name) == m_supersedes;
    const Cell before = old.cells[rule.first];
    if (rule.name == "metrics") {
        model::Metrics kept = metricsFromText(textOf(winning ? other.cells[rule.first] : before));
        const model::Metrics added = metricsFromText(textOf(winning ? before : other.cells[rule.first]));
        kept.insert(added.begin(), added.end());
        old.cells[rule.first] = metricsText(kept);
    } else {
        const auto config = [this](const Cell &cell) -> base::Result<model::Config> {
            MULLIGAN_TRY(const auto body,
                         m_connection.text("SELECT body FROM config WHERE id = " + std::to_string(integerOf(cell))));
            return configFromText(body);
        };
        MULLIGAN_TRY(model::Config kept, config(winning ? other.cells[rule.first] : before));
        MULLIGAN_TRY(const model::Config added, config(winning ? before : other.cells[rule.first]));
        int listed = 0;
        for (const auto &[property, value] : added) {
            const auto [at, fresh] = kept.emplace(property, value);
            if (fresh || replaced || sameSetting(at->second, value) || ++listed > kMostConfigConflicts)
                continue;
            const std::int64_t keptSource = winning ? other.sourceOf(rule.name) : old.sourceOf(rule.name);
            const std::int64_t givenSource = winning ? old.sourceOf(rule.name) : other.sourceOf(rule.name);
            MULLIGAN_CHECK(list(attempt, "config." + property, keptSource, at->second, givenSource, value));
        }
        const std::string body = configText(kept);
        MULLIGAN_TRY(auto insert, m_connection.prepare("INSERT INTO config(body) VALUES(?1) ON CONFLICT DO NOTHING"));
        insert.bind(1, std::string_view(body));
        MULLIGAN_CHECK(insert.run());
        MULLIGAN_TRY(auto select, m_connection.prepare("SELECT id FROM config WHERE body = ?1"));
        select.bind(1, std::string_view(body));
        MULLIGAN_TRY(const bool found, select.step());
        old.cells[rule.first] = found ? Cell(select.integer(0)) : before;
    }
    if (old.cells[rule.first] != before)
        change.columns.push_back(rule.first);
    if (winning && (replaced || old.cells[rule.first] != before)) {
        old.sources[std::string(rule.name)] = other.sourceOf(rule.name);
        change.facts.push_back(rule.name);
    }
    return {};
}

base::Result<void> Joiner::write(std::int64_t attempt, const Witness &merged, const Change &change)
{
    if (!change.columns.empty()) {
        std::string sql = "UPDATE attempt SET changed_source = ?1, identity_rank = ?2";
        for (std::size_t i = 0; i < change.columns.size(); ++i)
            sql.append(", ").append(kFactColumns[change.columns[i]]).append(" = ?").append(std::to_string(i + 3));
        // Another text, cause or configuration may mean another class, and what did not fail has none.
        for (const std::size_t column : change.columns) {
            const std::string_view name = kFactColumns[column];
            if (name == "text_id" || name == "cause_id" || name == "config_id" || name == "exit_code"
                || name == "job_id" || name == "outcome") {
                sql += ", verdict_id = NULL";
                break;
            }
        }
        sql += " WHERE id = " + std::to_string(attempt);
        MULLIGAN_TRY(auto update, m_connection.prepare(sql));
        MULLIGAN_TRY(const Standing identity, standing(merged.sourceOf("identity")));
        update.bind(1, m_source);
        update.bind(2, static_cast<int>(identity));
        for (std::size_t i = 0; i < change.columns.size(); ++i)
            bindCell(update, static_cast<int>(i + 3), merged.cells[change.columns[i]]);
        MULLIGAN_CHECK(update.run());
    }
    for (const std::string_view fact : change.facts) {
        MULLIGAN_TRY(auto insert, m_connection.prepare("INSERT OR REPLACE INTO attempt_fact(attempt_id, field, "
                                                       "source_id) VALUES(?1, ?2, ?3)"));
        insert.bind(1, attempt);
        insert.bind(2, fact);
        insert.bind(3, merged.sourceOf(fact));
        MULLIGAN_CHECK(insert.run());
    }
    return {};
}

base::Result<void> Joiner::list(std::int64_t attempt, std::string_view field, std::int64_t keptSource,
                                const std::string &kept, std::int64_t otherSource, const std::string &other)
{
    MULLIGAN_TRY(auto insert, m_connection.prepare("INSERT OR REPLACE INTO conflict(attempt_id, field, kept_source, "
                                                   "kept, other_source, other) VALUES(?1, ?2, ?3, ?4, ?5, ?6)"));
    insert.bind(1, attempt);
    insert.bind(2, field);
    insert.bind(3, keptSource);
    insert.bind(4, std::string_view(kept));
    insert.bind(5, otherSource);
    insert.bind(6, std::string_view(other));
    ++m_conflicts;
    return insert.run();
}

base::Result<std::string> Joiner::shown(const FactRule &rule, const Cells &cells) const
{
    const Cell &cell = cells[rule.first];
    if (rule.name == "outcome")
        return std::string(model::name(static_cast<model::Outcome>(integerOf(cell))));
    if (rule.name == "trigger")
        return std::string(model::name(static_cast<model::Trigger>(integerOf(cell))));
    if (rule.name == "times")
        return base::formatInstant({integerOf(cell)}) + " to "
               + base::formatInstant({integerOf(cells[rule.first + 1])});
    if (rule.name == "cluster" || rule.name == "queue")
        return m_connection.text("SELECT name FROM name WHERE id = " + std::to_string(integerOf(cell)));
    if (const auto *text = std::get_if<std::string>(&cell))
        return *text;
    if (const auto *number = std::get_if<std::int64_t>(&cell))
        return std::to_string(*number);
    return formats::writeJson(formats::Json(numberOf(cell)));
}

} // namespace mulligan::store
