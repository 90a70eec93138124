#include "store/join.hpp"

#include "base/instant.hpp"
#include "store/attempt_columns.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace mulligan::store
{

namespace
{

constexpr std::size_t kConfigColumn = 17;
static_assert(kFactColumns[kConfigColumn] == "config_id");
constexpr std::size_t kAttemptColumn = 2;
constexpr std::size_t kOutcomeColumn = 5;
constexpr std::size_t kApplicationColumn = 11;
constexpr std::size_t kApplicationAttemptColumn = 12;
constexpr std::size_t kExitCodeColumn = 14;
static_assert(kFactColumns[kAttemptColumn] == "attempt" && kFactColumns[kOutcomeColumn] == "outcome"
              && kFactColumns[kApplicationColumn] == "application_id"
              && kFactColumns[kApplicationAttemptColumn] == "application_attempt"
              && kFactColumns[kExitCodeColumn] == "exit_code");
constexpr std::size_t kIdentityColumns = 3; ///< job_id, run, attempt: the first ones

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

Cells cellsOfRecord(const model::Attempt &record, const JoinIds &ids, bool applicationAttempt)
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

/// Another text, cause or configuration may mean another class, and what did not fail has none.
bool bearsOnVerdict(std::string_view column)
{
    return column == "text_id" || column == "cause_id" || column == "config_id" || column == "exit_code"
           || column == "job_id" || column == "outcome";
}

/// Whether a success is told by nothing but the end of an event log, which Spark writes as well when it fails.
bool succeededByItsEnd(const Witness &witness)
{
    const Cells &cells = witness.cells;
    return witness.standing == Standing::EventLog && cells[kOutcomeColumn] == Cell(std::int64_t(0))
           && std::holds_alternative<std::monostate>(cells[kExitCodeColumn])
           && !std::holds_alternative<std::monostate>(cells[kApplicationColumn])
           && !std::holds_alternative<std::monostate>(cells[kApplicationAttemptColumn]);
}
static_assert(stored(model::Outcome::Succeeded) == 0);

/// The first column of all rows.
base::Result<std::vector<std::int64_t>> idsOf(sqlite::Statement &query)
{
    std::vector<std::int64_t> ids;
    for (;;) {
        MULLIGAN_TRY(const bool more, query.step());
        if (!more)
            break;
        ids.push_back(query.integer(0));
    }
    query.reset();
    return ids;
}

bool isAmong(const std::vector<Witness> &witnesses, std::int64_t source)
{
    return std::any_of(witnesses.begin(), witnesses.end(),
                       [&](const Witness &witness) { return witness.source == source; });
}

} // namespace

base::Result<JoinOutcome> Joiner::join(std::int64_t attempt, const model::Attempt &record, const JoinIds &ids,
                                       bool applicationAttempt)
{
    MULLIGAN_TRY(std::vector<Witness> witnesses, m_witnesses.of(attempt));
    Witness speaker;
    speaker.source = m_source;
    speaker.cells = cellsOfRecord(record, ids, applicationAttempt);
    speaker.config = record.config;
    MULLIGAN_CHECK(m_witnesses.introduce(speaker));
    if (isAmong(witnesses, m_source))
        return goOn(attempt, std::move(witnesses), std::move(speaker));
    if (m_continues && isAmong(witnesses, m_supersedes))
        return JoinOutcome::Repeated;
    const auto older = std::find_if(witnesses.begin(), witnesses.end(),
                                    [&](const Witness &witness) { return witness.source == m_supersedes; });
    // The newer version of a source stands for the older one in everything.
    if (older != witnesses.end()) {
        if (m_replaces)
            keepCounts(speaker, *older);
        else
            standInFor(speaker, *older);
        if (speaker.config.size() > record.config.size()) {
            MULLIGAN_TRY(speaker.cells[kConfigColumn], configId(speaker.config));
        }
        witnesses.erase(older);
        MULLIGAN_CHECK(m_witnesses.forget(attempt, m_supersedes));
    }
    const bool alone = witnesses.empty();
    witnesses.push_back(std::move(speaker));
    MULLIGAN_CHECK(m_witnesses.keep(attempt, witnesses));
    MULLIGAN_CHECK(settle(attempt, witnesses));
    return alone ? JoinOutcome::Renewed : JoinOutcome::Joined;
}

/// The source speaks of the attempt again. Texts of several application attempts (an aggregate of `yarn logs`) are
/// parts of a scheduler's attempt that spans them.
base::Result<JoinOutcome> Joiner::goOn(std::int64_t attempt, std::vector<Witness> witnesses, Witness speaker)
{
    const auto said = std::find_if(witnesses.begin(), witnesses.end(),
                                   [&](const Witness &witness) { return witness.source == m_source; });
    if (speaker.standing != Standing::TextLog || said->cells[kAttemptColumn] == speaker.cells[kAttemptColumn])
        return JoinOutcome::Repeated;
    goOnWith(*said, std::move(speaker));
    MULLIGAN_CHECK(m_witnesses.replace(attempt, witnesses));
    MULLIGAN_CHECK(settle(attempt, std::move(witnesses)));
    return JoinOutcome::Joined;
}

base::Result<bool> Joiner::absorb(std::int64_t into, std::int64_t from)
{
    MULLIGAN_TRY(const std::vector<Witness> witnesses, m_witnesses.of(into));
    MULLIGAN_TRY(const std::vector<Witness> others, m_witnesses.of(from));
    const bool knownForTwo = std::any_of(others.begin(), others.end(),
                                         [&](const Witness &other) { return isAmong(witnesses, other.source); });
    if (!knownForTwo)
        MULLIGAN_CHECK(unite(into, witnesses, from, others));
    return !knownForTwo;
}

base::Result<void> Joiner::unite(std::int64_t into, std::vector<Witness> witnesses, std::int64_t from,
                                 std::vector<Witness> others)
{
    for (Witness &other : others) {
        const auto same = std::find_if(witnesses.begin(), witnesses.end(),
                                       [&](const Witness &witness) { return witness.source == other.source; });
        if (same == witnesses.end())
            witnesses.push_back(std::move(other));
        else
            goOnWith(*same, std::move(other));
    }
    MULLIGAN_CHECK(remove(from));
    MULLIGAN_CHECK(m_witnesses.replace(into, witnesses));
    return settle(into, std::move(witnesses));
}

base::Result<void> Joiner::gather(std::int64_t attempt)
{
    MULLIGAN_TRY(sqlite::Statement * query,
                 m_statements.of("SELECT b.id FROM attempt a JOIN attempt b ON b.application_id = a.application_id "
                                 "WHERE a.id = ?1 AND b.identity_rank < 3 AND b.attempt <> coalesce("
                                 "a.application_attempt, 0) AND b.started_ms >= a.started_ms AND b.ended_ms <= "
                                 "a.ended_ms ORDER BY b.attempt, b.id"));
    query->bind(1, attempt);
    MULLIGAN_TRY(const auto parts, idsOf(*query));
    for (const std::int64_t part : parts)
        MULLIGAN_CHECK(makePartOf(attempt, part));
    return {};
}

base::Result<bool> Joiner::joinSpanning(std::int64_t part)
{
    MULLIGAN_TRY(sqlite::Statement * query,
                 m_statements.of("SELECT a.id FROM attempt b JOIN attempt a ON a.application_id = b.application_id "
                                 "WHERE b.id = ?1 AND a.identity_rank = 3 AND a.started_ms <= b.started_ms AND "
                                 "a.ended_ms >= b.ended_ms ORDER BY a.started_ms, a.id LIMIT 1"));
    query->bind(1, part);
    MULLIGAN_TRY(const auto spanning, idsOf(*query));
    if (spanning.empty())
        return false;
    MULLIGAN_CHECK(makePartOf(spanning.front(), part));
    return true;
}

base::Result<void> Joiner::makePartOf(std::int64_t whole, std::int64_t part)
{
    MULLIGAN_TRY(auto witnesses, m_witnesses.of(whole));
    MULLIGAN_TRY(auto others, m_witnesses.of(part));
    return unite(whole, std::move(witnesses), part, std::move(others));
}

base::Result<void> Joiner::withdrawUnsaid()
{
    MULLIGAN_TRY(auto unsaid,
                 m_connection.prepare("SELECT id FROM attempt WHERE source_id = ?1 UNION SELECT attempt_id "
                                      "FROM witness WHERE source_id = ?1"));
    unsaid.bind(1, m_supersedes);
    MULLIGAN_TRY(const auto attempts, idsOf(unsaid));
    for (const std::int64_t attempt : attempts)
        MULLIGAN_CHECK(withdraw(attempt));
    return {};
}

base::Result<void> Joiner::withdraw(std::int64_t attempt)
{
    MULLIGAN_TRY(std::vector<Witness> witnesses, m_witnesses.of(attempt));
    std::erase_if(witnesses, [&](const Witness &witness) { return witness.source == m_supersedes; });
    if (witnesses.empty())
        return remove(attempt);
    MULLIGAN_CHECK(m_witnesses.replace(attempt, witnesses));
    return settle(attempt, std::move(witnesses));
}

base::Result<void> Joiner::remove(std::int64_t attempt)
{
    for (const char *sql :
         {"DELETE FROM witness WHERE attempt_id = ?1", "DELETE FROM attempt_fact WHERE attempt_id = ?1",
          "DELETE FROM conflict WHERE attempt_id = ?1", "DELETE FROM recommendation WHERE attempt_id = ?1",
          "DELETE FROM success_hit WHERE attempt_id = ?1", "DELETE FROM success_tried WHERE attempt_id = ?1",
          "DELETE FROM attempt WHERE id = ?1"})
        MULLIGAN_CHECK(m_statements.run(sql, attempt));
    return {};
}

base::Result<void> Joiner::reconsider(std::string_view application)
{
    MULLIGAN_TRY(sqlite::Statement * earlier,
                 m_statements.of("SELECT id FROM attempt WHERE application_id = ?1 AND outcome = 0 AND "
                                 "application_attempt < (SELECT max(application_attempt) FROM attempt WHERE "
                                 "application_id = ?1)"));
    earlier->bind(1, application);
    MULLIGAN_TRY(const auto ids, idsOf(*earlier));
    m_reconsidering = true;
    for (const std::int64_t id : ids) {
        MULLIGAN_TRY(auto witnesses, m_witnesses.of(id));
        MULLIGAN_CHECK(settle(id, std::move(witnesses)));
    }
    m_reconsidering = false;
    return {};
}

/// What a log says of its end is heard as what it means now that the application's later attempts are known.
base::Result<void> Joiner::lookBack(std::int64_t attempt, std::vector<Witness> &witnesses)
{
    for (Witness &witness : witnesses) {
        if (!succeededByItsEnd(witness))
            continue;
        MULLIGAN_TRY(sqlite::Statement * later, m_statements.of("SELECT 1 FROM attempt WHERE application_id = ?1 AND "
                                                                "application_attempt > ?2 AND id <> ?3"));
        bindCell(*later, 1, witness.cells[kApplicationColumn]);
        bindCell(*later, 2, witness.cells[kApplicationAttemptColumn]);
        later->bind(3, attempt);
        MULLIGAN_TRY(const bool followed, later->step());
        later->reset();
        if (!followed)
            continue;
        witness.cells[kOutcomeColumn] = std::int64_t(stored(model::Outcome::Unknown));
        witness.sawItsEnd = true;
        if (m_reconsidering || witness.source == m_source)
            m_followed.insert(attempt);
    }
    return {};
}

base::Result<void> Joiner::settle(std::int64_t attempt, std::vector<Witness> witnesses)
{
    MULLIGAN_CHECK(lookBack(attempt, witnesses));
    MULLIGAN_TRY(const Cells before, readCells(m_statements, attempt));
    Reconciled result = reconcile(witnesses);
    MULLIGAN_CHECK(keepConfig(witnesses, result));
    MULLIGAN_CHECK(keepIdentity(attempt, before, witnesses, result));
    MULLIGAN_CHECK(write(attempt, before, witnesses, result));
    MULLIGAN_CHECK(writeFacts(attempt, witnesses, result));
    return list(attempt, witnesses, result);
}

base::Result<std::int64_t> Joiner::configId(const model::Config &config)
{
    const std::string body = configText(config);
    MULLIGAN_TRY(sqlite::Statement * insert,
                 m_statements.of("INSERT INTO config(body) VALUES(?1) ON CONFLICT DO NOTHING"));
    insert->bind(1, std::string_view(body));
    MULLIGAN_CHECK(insert->run());
    MULLIGAN_TRY(sqlite::Statement * select, m_statements.of("SELECT id FROM config WHERE body = ?1"));
    select->bind(1, std::string_view(body));
    MULLIGAN_TRY(const bool found, select->step());
    if (!found)
        return base::makeError(base::ErrorCode::Internal, "A configuration that was stored is not there");
    const std::int64_t id = select->integer(0);
    select->reset();
    return id;
}

/// The row of a configuration that more than one source had part in.
base::Result<void> Joiner::keepConfig(const std::vector<Witness> &witnesses, Reconciled &result)
{
    const bool whole = std::any_of(witnesses.begin(), witnesses.end(), [&](const Witness &witness) {
        return witness.cells[kConfigColumn] == result.cells[kConfigColumn] && witness.config == result.config;
    });
    if (!whole) {
        MULLIGAN_TRY(result.cells[kConfigColumn], configId(result.config));
    }
    return {};
}

/// Job, run and number are unique. Sources that contradict each other may lead to a name that another attempt has; then
/// this one keeps its own.
base::Result<void> Joiner::keepIdentity(std::int64_t attempt, const Cells &before,
                                        const std::vector<Witness> &witnesses, Reconciled &result)
{
    if (std::equal(before.begin(), before.begin() + kIdentityColumns, result.cells.begin()))
        return {};
    MULLIGAN_TRY(sqlite::Statement * query, m_statements.of("SELECT 1 FROM attempt WHERE job_id = ?1 AND run = ?2 AND "
                                                            "attempt = ?3 AND id <> ?4"));
    for (std::size_t i = 0; i < kIdentityColumns; ++i)
        bindCell(*query, static_cast<int>(i + 1), result.cells[i]);
    query->bind(4, attempt);
    MULLIGAN_TRY(const bool taken, query->step());
    query->reset();
    if (!taken)
        return {};
    std::copy_n(before.begin(), kIdentityColumns, result.cells.begin());
    for (std::size_t i = 0; i < witnesses.size(); ++i) {
        if (std::equal(before.begin(), before.begin() + kIdentityColumns, witnesses[i].cells.begin()))
            result.owners.front() = i;
    }
    for (Difference &difference : result.differences) {
        if (difference.rule->name == "identity" && difference.other == result.owners.front())
            std::swap(difference.kept, difference.other);
    }
    return {};
}

base::Result<void> Joiner::write(std::int64_t attempt, const Cells &before, const std::vector<Witness> &witnesses,
                                 const Reconciled &result)
{
    const Witness &own = witnesses[result.owners.front().value_or(0)];
    std::string sql = "UPDATE attempt SET source_id = ?1, identity_rank = ?2";
    std::vector<std::size_t> changed;
    bool verdict = true;
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (before[i] == result.cells[i])
            continue;
        changed.push_back(i);
        sql.append(", ").append(kFactColumns[i]).append(" = ?").append(std::to_string(changed.size() + 4));
        verdict = verdict && !bearsOnVerdict(kFactColumns[i]);
    }
    sql += changed.empty() ? "" : ", changed_source = ?4";
    sql += verdict ? "" : ", verdict_id = NULL";
    // Not kept: there are as many as sets of columns.
    MULLIGAN_TRY(auto update, m_connection.prepare(sql + " WHERE id = ?3"));
    update.bind(1, own.source);
    update.bind(2, static_cast<int>(own.standing));
    update.bind(3, attempt);
    if (!changed.empty())
        update.bind(4, m_source);
    for (std::size_t i = 0; i < changed.size(); ++i)
        bindCell(update, static_cast<int>(i + 5), result.cells[changed[i]]);
    return update.run();
}

base::Result<void> Joiner::writeFacts(std::int64_t attempt, const std::vector<Witness> &witnesses,
                                      const Reconciled &result)
{
    MULLIGAN_CHECK(m_statements.run("DELETE FROM attempt_fact WHERE attempt_id = ?1", attempt));
    MULLIGAN_TRY(sqlite::Statement * insert, m_statements.of("INSERT INTO attempt_fact(attempt_id, field, source_id) "
                                                             "VALUES(?1, ?2, ?3)"));
    const std::int64_t own = witnesses[result.owners.front().value_or(0)].source;
    for (std::size_t i = 0; i < result.owners.size(); ++i) {
        if (!result.owners[i] || witnesses[*result.owners[i]].source == own)
            continue;
        insert->bind(1, attempt);
        insert->bind(2, factRules()[i].name);
        insert->bind(3, witnesses[*result.owners[i]].source);
        MULLIGAN_CHECK(insert->run());
    }
    return {};
}

base::Result<void> Joiner::list(std::int64_t attempt, const std::vector<Witness> &witnesses, const Reconciled &result)
{
    MULLIGAN_CHECK(m_statements.run("DELETE FROM conflict WHERE attempt_id = ?1", attempt));
    if (result.differences.empty())
        return {};
    MULLIGAN_TRY(sqlite::Statement * insert,
                 m_statements.of("INSERT OR REPLACE INTO conflict(attempt_id, field, kept_source, "
                                 "kept, other_source, other) VALUES(?1, ?2, ?3, ?4, ?5, ?6)"));
    std::set<std::string> own;
    for (const Difference &difference : result.differences) {
        const Witness &kept = witnesses[difference.kept];
        const Witness &other = witnesses[difference.other];
        const std::string field =
            std::string(difference.rule->name) + (difference.property.empty() ? "" : "." + difference.property);
        MULLIGAN_TRY(const std::string keptText, shown(difference, kept));
        MULLIGAN_TRY(const std::string otherText, shown(difference, other));
        insert->bind(1, attempt);
        insert->bind(2, std::string_view(field));
        insert->bind(3, kept.source);
        insert->bind(4, std::string_view(keptText));
        insert->bind(5, other.source);
        insert->bind(6, std::string_view(otherText));
        MULLIGAN_CHECK(insert->run());
        if (kept.source == m_source || other.source == m_source)
            own.insert(field);
    }
    m_conflicts += own.size();
    return {};
}

base::Result<std::string> Joiner::shown(const Difference &difference, const Witness &witness) const
{
    const FactRule &rule = *difference.rule;
    if (!difference.property.empty())
        return witness.config.at(difference.property);
    const Cell &cell = witness.cells[rule.first];
    if (rule.name == "outcome")
        return std::string(model::name(static_cast<model::Outcome>(integerOf(cell))));
    if (rule.name == "trigger")
        return std::string(model::name(static_cast<model::Trigger>(integerOf(cell))));
    if (rule.name == "identity") {
        MULLIGAN_TRY(const std::string job,
                     m_connection.text("SELECT name FROM job WHERE id = " + std::to_string(integerOf(cell))));
        return job + ", " + std::string(textOf(witness.cells[rule.first + 1])) + ", attempt "
               + std::to_string(integerOf(witness.cells[rule.first + 2]));
    }
    if (rule.name == "times")
        return base::formatInstant({integerOf(cell)}) + " to "
               + base::formatInstant({integerOf(witness.cells[rule.first + 1])});
    if (rule.name == "cluster" || rule.name == "queue")
        return m_connection.text("SELECT name FROM name WHERE id = " + std::to_string(integerOf(cell)));
    if (const auto *text = std::get_if<std::string>(&cell))
        return *text;
    if (const auto *number = std::get_if<std::int64_t>(&cell))
        return std::to_string(*number);
    return formats::writeJson(formats::Json(numberOf(cell)));
}

} // namespace mulligan::store
