#include "store/source_writer.hpp"

#include "formats/compress.hpp"
#include "formats/hash.hpp"
#include "formats/json.hpp"
#include "store/attempt_columns.hpp"
#include "store/deferred_indices.hpp"
#include "store/existing_attempts.hpp"
#include "store/interned.hpp"
#include "store/start_numbers.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace mulligan::store
{

namespace
{

constexpr const char *kInsertAttempt =
    "INSERT OR IGNORE INTO attempt(job_id, run, attempt, outcome, started_ms, ended_ms, workflow_id, owner_id, "
    "team_id, "
    "cluster_id, queue_id, application_id, trigger_kind, exit_code, text_id, cause_id, config_id, metrics, "
    "vcore_seconds, memory_gb_seconds, cost_usd, cost_source, manual_minutes, action, action_probability, "
    "policy_version, source_id, application_attempt, identity_rank, changed_source) "
    "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,"
    "?18,?19,?20,?21,?22,?23,?24,?25,?26,?27,?28,?29,?27)";

// Making the indices anew has a price of its own, which a small source does not earn.
constexpr std::uint64_t kDeferFromBytes = 4u << 20;

void bindId(sqlite::Statement &statement, int index, std::int64_t id)
{
    if (id != 0)
        statement.bind(index, id);
    else
        statement.bindNull(index);
}

void bindText(sqlite::Statement &statement, int index, const std::string &text)
{
    if (!text.empty())
        statement.bind(index, std::string_view(text));
    else
        statement.bindNull(index);
}

} // namespace

struct SourceWriter::State {
    State(sqlite::Connection &to, sqlite::Transaction begun) : connection(to), transaction(std::move(begun)) {}

    sqlite::Connection &connection;
    sqlite::Transaction transaction;
    SourceMeta meta;
    std::int64_t source = 0;
    Interned jobs;
    Interned names;
    Interned configs;
    sqlite::Statement insertAttempt;
    sqlite::Statement insertText;
    sqlite::Statement selectText;
    sqlite::Statement insertSearch;
    sqlite::Statement insertCause;
    sqlite::Statement selectCause;
    sqlite::Statement insertReject;
    ExistingAttempts existing;
    StartNumbers numbers;
    sqlite::Statement insertLog;
    DeferredIndices indices;
    std::optional<Joiner> joiner;
    TextIds texts; ///< failures repeat few texts many times
    TextIds causes;
    std::vector<std::pair<std::int64_t, std::int64_t>> numbered; ///< text and cause of the caller's numbers
    std::uint64_t attempts = 0;
    std::uint64_t failures = 0;
    std::uint64_t joined = 0;
    std::uint64_t rejectedRows = 0;
    std::int64_t fromMs = 0;
    std::int64_t toMs = 0;

    [[nodiscard]] Standing standing() const { return standingOf(meta.format); }
    [[nodiscard]] bool fromEventLog() const { return standing() == Standing::EventLog; }
    base::Result<void> prepare();
    base::Result<std::int64_t> textId(const std::string &text);
    base::Result<std::int64_t> causeId(const model::Attempt &attempt, std::string_view exceptionClass,
                                       std::uint64_t hash);
    base::Result<JoinIds> idsOf(const model::Attempt &attempt);
    base::Result<void> findTexts(JoinIds &ids, const model::Attempt &attempt, std::string_view exceptionClass,
                                 std::uint64_t hash, std::optional<std::size_t> number);
    base::Result<bool> insert(const model::Attempt &attempt, const JoinIds &ids);
    base::Result<AddOutcome> joinTo(std::int64_t found, const model::Attempt &attempt, const JoinIds &ids);
    base::Result<void> continueOlder();
    base::Result<std::optional<model::Attempt>> underItsOwnName(const model::Attempt &record, std::int64_t job);
    base::Result<void> replaceOlder();
};

base::Result<void> SourceWriter::State::prepare()
{
    MULLIGAN_CHECK(jobs.prepare(connection, "INSERT INTO job(name) VALUES(?1) ON CONFLICT DO NOTHING",
                                "SELECT id FROM job WHERE name = ?1"));
    MULLIGAN_CHECK(names.prepare(connection, "INSERT INTO name(name) VALUES(?1) ON CONFLICT DO NOTHING",
                                 "SELECT id FROM name WHERE name = ?1"));
    MULLIGAN_CHECK(configs.prepare(connection, "INSERT INTO config(body) VALUES(?1) ON CONFLICT DO NOTHING",
                                   "SELECT id FROM config WHERE body = ?1"));
    MULLIGAN_TRY(insertAttempt, connection.prepare(kInsertAttempt));
    MULLIGAN_TRY(insertText,
                 connection.prepare("INSERT INTO error_text(hash, body) VALUES(?1, ?2) ON CONFLICT DO NOTHING"));
    MULLIGAN_TRY(selectText, connection.prepare("SELECT id FROM error_text WHERE hash = ?1"));
    MULLIGAN_TRY(insertSearch, connection.prepare("INSERT INTO error_text_fts(rowid, body) VALUES(?1, ?2)"));
    MULLIGAN_TRY(insertCause, connection.prepare("INSERT INTO cause(body, exception_class, template_hash) "
                                                 "VALUES(?1, ?2, ?3) ON CONFLICT DO NOTHING"));
    MULLIGAN_TRY(selectCause, connection.prepare("SELECT id FROM cause WHERE body = ?1"));
    MULLIGAN_TRY(insertReject, connection.prepare("INSERT INTO reject(source_id, line, col, reason, body) "
                                                  "VALUES(?1, ?2, ?3, ?4, ?5)"));
    MULLIGAN_CHECK(existing.prepare(connection, source, meta.continues ? meta.supersedes : 0, standing()));
    MULLIGAN_CHECK(numbers.prepare(connection, source, meta.numbersByStart));
    MULLIGAN_TRY(insertLog, connection.prepare("INSERT OR IGNORE INTO source_log(sha256, source_id) VALUES(?1, ?2)"));
    joiner.emplace(connection, source, meta.supersedes, meta.continues, meta.replaces);
    return {};
}

base::Result<std::int64_t> SourceWriter::State::textId(const std::string &text)
{
    if (text.empty())
        return 0;
    if (const auto known = texts.find(text))
        return *known;
    const std::string hash = formats::sha256Hex(text);
    MULLIGAN_TRY(const auto body, formats::zstdCompress(text));
    insertText.bindBlob(1, hash);
    insertText.bindBlob(2, body);
    MULLIGAN_CHECK(insertText.run());
    std::int64_t id = 0;
    if (connection.changes() > 0) {
        id = connection.lastRowId();
        insertSearch.bind(1, id);
        insertSearch.bind(2, std::string_view(text));
        MULLIGAN_CHECK(insertSearch.run());
    } else {
        selectText.bindBlob(1, hash);
        MULLIGAN_TRY(const bool row, selectText.step());
        id = row ? selectText.integer(0) : 0;
        selectText.reset();
    }
    texts.remember(text, id);
    return id;
}

base::Result<std::int64_t> SourceWriter::State::causeId(const model::Attempt &attempt, std::string_view exceptionClass,
                                                        std::uint64_t hash)
{
    if (attempt.rootCause.empty())
        return 0;
    if (const auto known = causes.find(attempt.rootCause))
        return *known;
    insertCause.bind(1, std::string_view(attempt.rootCause));
    insertCause.bind(2, exceptionClass);
    insertCause.bind(3, static_cast<std::int64_t>(hash));
    MULLIGAN_CHECK(insertCause.run());
    std::int64_t id = 0;
    if (connection.changes() > 0) {
        id = connection.lastRowId();
    } else {
        selectCause.bind(1, std::string_view(attempt.rootCause));
        MULLIGAN_TRY(const bool row, selectCause.step());
        id = row ? selectCause.integer(0) : 0;
        selectCause.reset();
    }
    causes.remember(attempt.rootCause, id);
    return id;
}

base::Result<void> SourceWriter::State::findTexts(JoinIds &ids, const model::Attempt &attempt,
                                                  std::string_view exceptionClass, std::uint64_t hash,
                                                  std::optional<std::size_t> number)
{
    if (number && *number < numbered.size()) {
        std::tie(ids.text, ids.cause) = numbered[*number];
        return {};
    }
    MULLIGAN_TRY(ids.text, textId(attempt.errorText));
    MULLIGAN_TRY(ids.cause, causeId(attempt, exceptionClass, hash));
    if (number && *number == numbered.size())
        numbered.emplace_back(ids.text, ids.cause);
    return {};
}

base::Result<JoinIds> SourceWriter::State::idsOf(const model::Attempt &attempt)
{
    JoinIds ids;
    MULLIGAN_TRY(ids.job, jobs.idOf(attempt.job));
    const std::array<const std::string *, 5> fields{&attempt.workflow, &attempt.owner, &attempt.team, &attempt.cluster,
                                                    &attempt.queue};
    for (size_t i = 0; i < fields.size(); ++i) {
        if (!fields[i]->empty()) {
            MULLIGAN_TRY(ids.names[i], names.idOf(*fields[i]));
        }
    }
    if (!attempt.config.empty()) {
        MULLIGAN_TRY(ids.config, configs.idOf(configText(attempt.config)));
    }
    return ids;
}

base::Result<bool> SourceWriter::State::insert(const model::Attempt &attempt, const JoinIds &ids)
{
    sqlite::Statement &s = insertAttempt;
    const std::string metrics = attempt.metrics.empty() ? std::string() : metricsText(attempt.metrics);
    s.bind(1, ids.job);
    s.bind(2, std::string_view(attempt.run));
    s.bind(3, attempt.attempt);
    s.bind(4, stored(attempt.outcome));
    s.bind(5, attempt.startedAt.ms);
    s.bind(6, attempt.endedAt.ms);
    for (size_t i = 0; i < ids.names.size(); ++i)
        bindId(s, static_cast<int>(7 + i), ids.names[i]);
    bindText(s, 12, attempt.applicationId);
    s.bind(13, stored(attempt.trigger));
    s.bindOptional(14, attempt.exitCode);
    bindId(s, 15, ids.text);
    bindId(s, 16, ids.cause);
    bindId(s, 17, ids.config);
    bindText(s, 18, metrics);
    s.bindOptional(19, attempt.vcoreSeconds);
    s.bindOptional(20, attempt.memoryGbSeconds);
    s.bindOptional(21, attempt.costUsd);
    s.bind(22, stored(attempt.costSource));
    s.bindOptional(23, attempt.manualMinutes);
    bindText(s, 24, attempt.action);
    s.bindOptional(25, attempt.actionProbability);
    bindText(s, 26, attempt.policyVersion);
    s.bind(27, source);
    if (fromEventLog())
        s.bind(28, attempt.attempt);
    else
        s.bindNull(28);
    s.bind(29, static_cast<int>(standing()));
    MULLIGAN_CHECK(s.run());
    return connection.changes() > 0;
}

base::Result<AddOutcome> SourceWriter::State::joinTo(std::int64_t found, const model::Attempt &attempt,
                                                     const JoinIds &ids)
{
    MULLIGAN_TRY(const JoinOutcome outcome, joiner->join(found, attempt, ids, fromEventLog()));
    if (outcome == JoinOutcome::Repeated)
        return AddOutcome::Repeated;
    // What only the older version of this source had brought is not joined with anything.
    joined += outcome == JoinOutcome::Joined ? 1 : 0;
    return AddOutcome::Joined;
}

base::Result<void> SourceWriter::State::continueOlder()
{
    if (meta.supersedes == 0 || !meta.continues)
        return {};
    MULLIGAN_TRY(auto row,
                 connection.prepare("SELECT attempts, failures, joined, from_ms, to_ms, truncated FROM source "
                                    "WHERE id = ?1"));
    row.bind(1, meta.supersedes);
    MULLIGAN_TRY(const bool found, row.step());
    if (!found)
        return base::makeError(base::ErrorCode::Conflict, "The older version of this source is gone",
                               "Import it again.");
    attempts = static_cast<std::uint64_t>(row.integer(0));
    failures = static_cast<std::uint64_t>(row.integer(1));
    joined = static_cast<std::uint64_t>(row.integer(2));
    fromMs = row.integer(3);
    toMs = row.integer(4);
    const bool brokeOff = row.integer(5) != 0;
    row.reset();
    const std::string old = std::to_string(meta.supersedes);
    if (brokeOff)
        MULLIGAN_CHECK(connection.run("DELETE FROM reject WHERE source_id = " + old
                                      + " AND line = (SELECT max(line) FROM reject WHERE source_id = " + old + ")"));
    MULLIGAN_CHECK(
        connection.run("UPDATE reject SET source_id = " + std::to_string(source) + " WHERE source_id = " + old));
    rejectedRows = static_cast<std::uint64_t>(connection.changes());
    return {};
}

/// The record as it is to be known among all attempts, where that is not as its source alone would have it.
base::Result<std::optional<model::Attempt>> SourceWriter::State::underItsOwnName(const model::Attempt &record,
                                                                                 std::int64_t job)
{
    if (indices.deferred()) // there are no others
        return std::optional<model::Attempt>();
    std::optional<model::Attempt> renamed;
    MULLIGAN_TRY(const bool another, existing.isOfAnother(record, job));
    if (another) {
        renamed = record;
        renamed->run += ' ' + base::formatInstant(record.startedAt);
    }
    if (meta.numbersByStart) {
        MULLIGAN_TRY(const int number, numbers.numberOf(record, job));
        if (number != record.attempt) {
            renamed = record;
            renamed->attempt = number;
        }
    } else if (standing() == Standing::Scheduler) {
        MULLIGAN_CHECK(numbers.makeWay(record, job));
    }
    return renamed;
}

/// The older version of the source goes: its attempts are this one's now, its rejected rows were read again. What a
/// file that was written anew no longer holds stays its own.
base::Result<void> SourceWriter::State::replaceOlder()
{
    if (meta.supersedes == 0)
        return {};
    const std::string now = std::to_string(source);
    const std::string old = std::to_string(meta.supersedes);
    if (meta.replaces) {
        MULLIGAN_CHECK(joiner->withdrawUnsaid());
        MULLIGAN_CHECK(connection.run("UPDATE source_log SET source_id = " + now + " WHERE source_id = " + old));
    } else if (meta.contains) {
        for (const char *table : {"attempt", "attempt_fact", "witness", "source_log"})
            MULLIGAN_CHECK(connection.run("UPDATE OR REPLACE " + std::string(table) + " SET source_id = " + now
                                          + " WHERE source_id = " + old));
    }
    MULLIGAN_TRY(const auto left,
                 connection.integer("SELECT (SELECT count(*) FROM attempt WHERE source_id = " + old
                                    + ") + (SELECT count(*) FROM witness WHERE source_id = " + old + ")"));
    if (left > 0) {
        const std::string its = " WHERE (source_id = " + old
                                + " OR id IN (SELECT attempt_id FROM witness WHERE "
                                  "source_id = "
                                + old + "))";
        return connection.run("UPDATE source SET attempts = (SELECT count(*) FROM attempt" + its
                              + "), failures = (SELECT count(*) FROM attempt" + its
                              + " AND outcome IN (1, 2)), place = '' WHERE id = " + old);
    }
    for (const char *column : {"kept_source", "other_source"})
        MULLIGAN_CHECK(connection.run("UPDATE OR REPLACE conflict SET " + std::string(column) + " = " + now + " WHERE "
                                      + column + " = " + old));
    for (const char *table : {"reject", "source_log"})
        MULLIGAN_CHECK(connection.run("DELETE FROM " + std::string(table) + " WHERE source_id = " + old));
    return connection.run("DELETE FROM source WHERE id = " + old);
}

SourceWriter::SourceWriter(std::unique_ptr<State> state) : m_state(std::move(state))
{
}
SourceWriter::SourceWriter(SourceWriter &&) noexcept = default;
SourceWriter::~SourceWriter() = default;

base::Result<SourceWriter> SourceWriter::begin(Workspace &workspace, const SourceMeta &meta)
{
    sqlite::Connection &connection = workspace.connection();
    MULLIGAN_TRY(auto transaction, sqlite::Transaction::begin(connection));
    auto state = std::make_unique<State>(connection, std::move(transaction));
    state->meta = meta;
    MULLIGAN_CHECK(makeRoomFor(connection, meta.sha256));
    // What is read by another profile has the content of the source whose place it takes.
    if (meta.replaces)
        MULLIGAN_CHECK(connection.run("UPDATE source SET sha256 = 'replaced ' || id WHERE id = "
                                      + std::to_string(meta.supersedes)));
    MULLIGAN_TRY(auto insert, connection.prepare("INSERT INTO source(path, format, sha256, bytes, imported_ms, place) "
                                                 "VALUES(?1, ?2, ?3, ?4, ?5, ?6)"));
    insert.bind(1, std::string_view(meta.path));
    insert.bind(2, std::string_view(meta.format));
    insert.bind(3, std::string_view(meta.sha256));
    insert.bind(4, static_cast<std::int64_t>(meta.bytes));
    insert.bind(5, meta.importedAt.ms);
    insert.bind(6, std::string_view(meta.place));
    MULLIGAN_CHECK(insert.run());
    state->source = connection.lastRowId();
    if (meta.bytes >= kDeferFromBytes)
        MULLIGAN_CHECK(state->indices.defer(connection));
    MULLIGAN_CHECK(state->prepare());
    MULLIGAN_CHECK(state->continueOlder());
    return SourceWriter(std::move(state));
}

base::Result<AddOutcome> SourceWriter::add(const model::Attempt &record, std::string_view exceptionClass,
                                           std::uint64_t templateHash, std::optional<std::size_t> textNumber)
{
    State &s = *m_state;
    MULLIGAN_TRY(JoinIds ids, s.idsOf(record));
    MULLIGAN_TRY(const auto renamed, s.underItsOwnName(record, ids.job));
    const model::Attempt &attempt = renamed ? *renamed : record;
    MULLIGAN_CHECK(s.findTexts(ids, attempt, exceptionClass, templateHash, textNumber));
    MULLIGAN_CHECK(s.indices.expect(ids.job, attempt.run, attempt.attempt));
    AddOutcome outcome = AddOutcome::Added;
    std::optional<std::int64_t> existing;
    // An application id is looked up first: the event log and the scheduler's row of one attempt have nothing else in
    // common. So is a name that another source gives an attempt. Otherwise the insertion itself finds out.
    if ((!attempt.applicationId.empty() || s.existing.hasOtherNames()) && !s.indices.deferred()) {
        MULLIGAN_TRY(existing, s.existing.find(attempt, ids.job, *s.joiner));
    }
    if (!existing) {
        MULLIGAN_TRY(const bool inserted, s.insert(attempt, ids));
        if (!inserted) {
            MULLIGAN_TRY(existing, s.existing.find(attempt, ids.job, *s.joiner));
        }
    }
    const std::int64_t row = existing.value_or(s.connection.lastRowId());
    if (existing) {
        MULLIGAN_TRY(outcome, s.joinTo(row, attempt, ids));
        if (outcome == AddOutcome::Repeated)
            return outcome;
    }
    const bool named = !attempt.applicationId.empty() && !s.indices.deferred();
    if (named && s.standing() == Standing::Scheduler)
        MULLIGAN_CHECK(s.joiner->gather(row));
    if (named && s.standing() == Standing::TextLog && !existing) {
        MULLIGAN_TRY(const bool part, s.joiner->joinSpanning(row));
        s.joined += part ? 1 : 0;
        outcome = part ? AddOutcome::Joined : outcome;
    }
    if (s.fromEventLog() && !attempt.applicationId.empty())
        MULLIGAN_CHECK(s.joiner->reconsider(attempt.applicationId));
    ++s.attempts;
    s.fromMs = s.attempts == 1 ? attempt.startedAt.ms : std::min(s.fromMs, attempt.startedAt.ms);
    s.toMs = s.attempts == 1 ? attempt.endedAt.ms : std::max(s.toMs, attempt.endedAt.ms);
    s.failures += attempt.outcome == model::Outcome::Failed || attempt.outcome == model::Outcome::Killed ? 1 : 0;
    return outcome;
}

base::Result<void> SourceWriter::reject(std::uint64_t line, std::uint64_t column, std::string_view reason,
                                        std::string_view text)
{
    sqlite::Statement &insert = m_state->insertReject;
    insert.bind(1, m_state->source);
    insert.bind(2, static_cast<std::int64_t>(line));
    insert.bind(3, static_cast<std::int64_t>(column));
    insert.bind(4, reason);
    insert.bind(5, text);
    ++m_state->rejectedRows;
    return insert.run();
}

base::Result<void> SourceWriter::noteLog(std::string_view sha256)
{
    sqlite::Statement &insert = m_state->insertLog;
    insert.bind(1, sha256);
    insert.bind(2, m_state->source);
    return insert.run();
}

base::Result<void> SourceWriter::settle(std::string_view sha256, std::uint64_t bytes)
{
    State &s = *m_state;
    MULLIGAN_CHECK(makeRoomFor(s.connection, sha256));
    MULLIGAN_TRY(auto update, s.connection.prepare("UPDATE source SET sha256 = ?2, bytes = ?3 WHERE id = ?1"));
    update.bind(1, s.source);
    update.bind(2, sha256);
    update.bind(3, static_cast<std::int64_t>(bytes));
    return update.run();
}

base::Result<void> SourceWriter::commit(const SourceNotes &notes, const std::stop_token &stop)
{
    State &s = *m_state;
    MULLIGAN_CHECK(s.indices.build(stop));
    MULLIGAN_CHECK(s.replaceOlder());
    MULLIGAN_CHECK(s.numbers.bringInOrder());
    formats::Json warnings = formats::Json::array();
    for (const auto &warning : notes.warnings)
        warnings.push(warning);
    formats::Json redacted = formats::Json::object();
    for (const auto &[kind, count] : notes.redacted)
        redacted.set(kind, count);
    const std::string warningsText = formats::writeJson(warnings);
    const std::string redactedText = formats::writeJson(redacted);
    MULLIGAN_TRY(auto update,
                 s.connection.prepare("UPDATE source SET attempts = ?2, failures = ?3, joined = ?4, rejected_rows = "
                                      "?5, warnings = ?6, redacted = ?7, truncated = ?8, from_ms = "
                                      "?9, to_ms = ?10, mapping = ?11 WHERE id = ?1"));
    update.bind(1, s.source);
    update.bind(2, static_cast<std::int64_t>(s.attempts));
    update.bind(3, static_cast<std::int64_t>(s.failures));
    update.bind(4, static_cast<std::int64_t>(s.joined));
    update.bind(5, static_cast<std::int64_t>(s.rejectedRows));
    update.bind(6, std::string_view(warningsText));
    update.bind(7, std::string_view(redactedText));
    update.bind(8, notes.truncated ? 1 : 0);
    update.bind(9, s.fromMs);
    update.bind(10, s.toMs);
    update.bind(11, std::string_view(notes.mapping));
    MULLIGAN_CHECK(update.run());
    return s.transaction.commit();
}

std::uint64_t SourceWriter::followed() const
{
    return m_state->joiner->followed();
}

std::uint64_t SourceWriter::conflicts() const
{
    return m_state->joiner->conflicts();
}

} // namespace mulligan::store
