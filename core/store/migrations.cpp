#include "store/migrations.hpp"

#include "store/workspace.hpp"

#include <array>

namespace mulligan::store
{

namespace
{

// Version 1. Enumerations are stored as the numbers of model::Outcome and so on; times as epoch milliseconds.
// attempt.application_attempt is the attempt number an event log gives itself: the scheduler's row that joins it may
// count otherwise. It is NULL while no event log is behind the attempt.
constexpr const char *kSchema = R"sql(
CREATE TABLE source(id INTEGER PRIMARY KEY, path TEXT NOT NULL, format TEXT NOT NULL, sha256 TEXT NOT NULL UNIQUE,
  bytes INTEGER NOT NULL, imported_ms INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0, joined INTEGER NOT NULL DEFAULT 0, rejected_rows INTEGER NOT NULL DEFAULT 0,
  warnings TEXT NOT NULL DEFAULT '[]');
CREATE TABLE reject(id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES source(id), line INTEGER NOT NULL,
  col INTEGER NOT NULL, reason TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE job(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE name(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE config(id INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE);
CREATE TABLE error_text(id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, body BLOB NOT NULL);
CREATE VIRTUAL TABLE error_text_fts USING fts5(body, content='', tokenize="unicode61 tokenchars '_'");
CREATE TABLE cause(id INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE, exception_class TEXT NOT NULL,
  template_hash INTEGER NOT NULL);
CREATE TABLE verdict(id INTEGER PRIMARY KEY, class TEXT NOT NULL, domain INTEGER NOT NULL, transient INTEGER NOT NULL,
  rule TEXT NOT NULL, action INTEGER NOT NULL, exit_code INTEGER, title TEXT NOT NULL, summary TEXT NOT NULL,
  advice TEXT NOT NULL, captures TEXT NOT NULL, undetermined TEXT NOT NULL);
CREATE TABLE rule_match(verdict_id INTEGER NOT NULL REFERENCES verdict(id), position INTEGER NOT NULL,
  rule TEXT NOT NULL, pattern INTEGER NOT NULL, line INTEGER NOT NULL, span_begin INTEGER NOT NULL,
  span_end INTEGER NOT NULL, winner INTEGER NOT NULL, PRIMARY KEY(verdict_id, position)) WITHOUT ROWID;
CREATE TABLE attempt(id INTEGER PRIMARY KEY, job_id INTEGER NOT NULL REFERENCES job(id), run TEXT NOT NULL,
  attempt INTEGER NOT NULL, outcome INTEGER NOT NULL, started_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL,
  workflow_id INTEGER, owner_id INTEGER, team_id INTEGER, cluster_id INTEGER, queue_id INTEGER, application_id TEXT,
  trigger_kind INTEGER NOT NULL, exit_code INTEGER, text_id INTEGER REFERENCES error_text(id),
  cause_id INTEGER REFERENCES cause(id), config_id INTEGER REFERENCES config(id), metrics TEXT, vcore_seconds REAL,
  memory_gb_seconds REAL, cost_usd REAL, cost_source INTEGER NOT NULL, manual_minutes REAL, action TEXT,
  action_probability REAL, policy_version TEXT, source_id INTEGER NOT NULL REFERENCES source(id),
  verdict_id INTEGER REFERENCES verdict(id), application_attempt INTEGER);
CREATE UNIQUE INDEX attempt_identity ON attempt(job_id, run, attempt);
CREATE INDEX attempt_application ON attempt(application_id) WHERE application_id IS NOT NULL;
CREATE INDEX failure_facets ON attempt(started_ms, ended_ms, outcome, attempt, exit_code, cost_usd, job_id, owner_id,
  team_id, cluster_id, verdict_id, text_id, cause_id) WHERE outcome IN (1, 2);
CREATE INDEX failure_verdict ON attempt(verdict_id, started_ms) WHERE outcome IN (1, 2);
CREATE INDEX failure_run ON attempt(job_id, run, attempt) WHERE outcome IN (1, 2);
CREATE INDEX failure_cost ON attempt(cost_usd) WHERE outcome IN (1, 2);
CREATE INDEX failure_text ON attempt(text_id) WHERE outcome IN (1, 2);
CREATE TABLE attempt_fact(attempt_id INTEGER NOT NULL REFERENCES attempt(id), field TEXT NOT NULL,
  source_id INTEGER NOT NULL REFERENCES source(id), PRIMARY KEY(attempt_id, field)) WITHOUT ROWID;
CREATE TABLE model(id TEXT PRIMARY KEY, created_ms INTEGER NOT NULL, card TEXT NOT NULL);
CREATE TABLE model_file(model_id TEXT NOT NULL REFERENCES model(id), path TEXT NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY(model_id, path)) WITHOUT ROWID;
CREATE TABLE setting(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
)sql";

// Version 0 was the layout before sources joined: no attempt_fact table, no count of joined attempts, no number of an
// application's attempt, no index over applications, and none that holds what the table of failures filters and sorts
// by.
constexpr const char *kFromVersion0 = R"sql(
ALTER TABLE source ADD COLUMN joined INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempt ADD COLUMN application_attempt INTEGER;
CREATE TABLE attempt_fact(attempt_id INTEGER NOT NULL REFERENCES attempt(id), field TEXT NOT NULL,
  source_id INTEGER NOT NULL REFERENCES source(id), PRIMARY KEY(attempt_id, field)) WITHOUT ROWID;
CREATE INDEX attempt_application ON attempt(application_id) WHERE application_id IS NOT NULL;
DROP INDEX IF EXISTS failure_started;
DROP INDEX IF EXISTS failure_job;
CREATE INDEX failure_run ON attempt(job_id, run, attempt) WHERE outcome IN (1, 2);
CREATE INDEX failure_facets ON attempt(started_ms, ended_ms, outcome, attempt, exit_code, cost_usd, job_id, owner_id,
  team_id, cluster_id, verdict_id, text_id, cause_id) WHERE outcome IN (1, 2);
)sql";

/// Entry v leads from version v to v + 1.
constexpr std::array<const char *, kSchemaVersion> kSteps{kFromVersion0};

} // namespace

base::Result<void> migrate(const sqlite::Connection &connection, int fromVersion)
{
    MULLIGAN_TRY(auto transaction, sqlite::Transaction::begin(connection));
    if (fromVersion < 0) {
        MULLIGAN_CHECK(connection.run(kSchema));
        MULLIGAN_CHECK(connection.run("PRAGMA application_id = " + std::to_string(kApplicationId)));
    }
    for (int version = std::max(fromVersion, 0); fromVersion >= 0 && version < kSchemaVersion; ++version)
        MULLIGAN_CHECK(connection.run(kSteps[static_cast<size_t>(version)]));
    MULLIGAN_CHECK(connection.run("PRAGMA user_version = " + std::to_string(kSchemaVersion)));
    return transaction.commit();
}

} // namespace mulligan::store
