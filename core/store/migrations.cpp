#include "store/migrations.hpp"

#include "store/workspace.hpp"

#include <array>

namespace mulligan::store
{

namespace
{

// Enumerations are stored as the numbers of model::Outcome and so on; times as epoch milliseconds.
// attempt.application_attempt is the attempt number an event log gives itself: the scheduler's row that joins it may
// count otherwise. It is NULL while no event log is behind the attempt. attempt.identity_rank is the Standing of the
// source that names job, run and number; changed_source the last source that brought or changed the attempt.
constexpr const char *kSchema = R"sql(
CREATE TABLE source(id INTEGER PRIMARY KEY, path TEXT NOT NULL, format TEXT NOT NULL, sha256 TEXT NOT NULL UNIQUE,
  bytes INTEGER NOT NULL, imported_ms INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0, joined INTEGER NOT NULL DEFAULT 0, rejected_rows INTEGER NOT NULL DEFAULT 0,
  warnings TEXT NOT NULL DEFAULT '[]', redacted TEXT NOT NULL DEFAULT '{}',
  truncated INTEGER NOT NULL DEFAULT 0, from_ms INTEGER NOT NULL DEFAULT 0, to_ms INTEGER NOT NULL DEFAULT 0,
  mapping TEXT NOT NULL DEFAULT '', place TEXT NOT NULL DEFAULT '');
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
  span_end INTEGER NOT NULL, winner INTEGER NOT NULL, evidence INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(verdict_id, position)) WITHOUT ROWID;
CREATE TABLE attempt(id INTEGER PRIMARY KEY, job_id INTEGER NOT NULL REFERENCES job(id), run TEXT NOT NULL,
  attempt INTEGER NOT NULL, outcome INTEGER NOT NULL, started_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL,
  workflow_id INTEGER, owner_id INTEGER, team_id INTEGER, cluster_id INTEGER, queue_id INTEGER, application_id TEXT,
  trigger_kind INTEGER NOT NULL, exit_code INTEGER, text_id INTEGER REFERENCES error_text(id),
  cause_id INTEGER REFERENCES cause(id), config_id INTEGER REFERENCES config(id), metrics TEXT, vcore_seconds REAL,
  memory_gb_seconds REAL, cost_usd REAL, cost_source INTEGER NOT NULL, manual_minutes REAL, action TEXT,
  action_probability REAL, policy_version TEXT, source_id INTEGER NOT NULL REFERENCES source(id),
  verdict_id INTEGER REFERENCES verdict(id), application_attempt INTEGER, identity_rank INTEGER NOT NULL DEFAULT 3,
  changed_source INTEGER NOT NULL DEFAULT 0);
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

// Added by version 2: where sources differ; logs that were read along with rows; files a watched folder showed; what
// the policy in force says of open failures.
constexpr const char *kTablesOfVersion2 = R"sql(
CREATE TABLE conflict(attempt_id INTEGER NOT NULL REFERENCES attempt(id), field TEXT NOT NULL,
  kept_source INTEGER NOT NULL, kept TEXT NOT NULL, other_source INTEGER NOT NULL, other TEXT NOT NULL,
  PRIMARY KEY(attempt_id, field, other_source)) WITHOUT ROWID;
CREATE TABLE source_log(sha256 TEXT PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES source(id)) WITHOUT ROWID;
CREATE TABLE file_seen(path TEXT PRIMARY KEY, bytes INTEGER NOT NULL, modified_ns INTEGER NOT NULL,
  status TEXT NOT NULL, format TEXT NOT NULL, reason TEXT NOT NULL, seen_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE recommendation(attempt_id INTEGER PRIMARY KEY REFERENCES attempt(id), made_ms INTEGER NOT NULL,
  made_source INTEGER NOT NULL, basis TEXT NOT NULL, body TEXT NOT NULL);
)sql";

// Added by version 3: the pack that verdicts came from, rule by rule; the text and cause that each verdict speaks of;
// and what rules match where nothing failed. success_tried holds what a successful attempt's matches rest on, so that a
// change of it is seen.
constexpr const char *kTablesOfVersion3Verdicts = R"sql(
CREATE TABLE classified_rule(rule TEXT PRIMARY KEY, matching TEXT NOT NULL, meaning TEXT NOT NULL,
  body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE verdict_subject(verdict_id INTEGER PRIMARY KEY REFERENCES verdict(id), text_id INTEGER NOT NULL,
  cause_id INTEGER NOT NULL);
CREATE TABLE success_tried(attempt_id INTEGER PRIMARY KEY REFERENCES attempt(id), text_id INTEGER NOT NULL,
  cause_id INTEGER NOT NULL, config_id INTEGER NOT NULL, job_id INTEGER NOT NULL);
CREATE TABLE success_hit(rule TEXT NOT NULL, attempt_id INTEGER NOT NULL REFERENCES attempt(id),
  PRIMARY KEY(rule, attempt_id)) WITHOUT ROWID;
CREATE INDEX success_text ON attempt(text_id, cause_id, config_id, job_id) WHERE outcome = 0 AND text_id IS NOT NULL;
)sql";

// Added by version 3: samples of failures to be looked at, how many failures each class had when a sample was drawn,
// and what was said of a text. Answers stay with the text, by its hash, so that they hold for equal texts and outlive
// the attempt; nothing here refers to rows that an import may replace.
constexpr const char *kTablesOfVersion3Audit = R"sql(
CREATE TABLE audit_sample(id INTEGER PRIMARY KEY, seed INTEGER NOT NULL, size INTEGER NOT NULL,
  minimum INTEGER NOT NULL, drawn_ms INTEGER NOT NULL, without_text INTEGER NOT NULL);
CREATE TABLE audit_stratum(sample_id INTEGER NOT NULL REFERENCES audit_sample(id), class TEXT NOT NULL,
  population INTEGER NOT NULL, sampled INTEGER NOT NULL, PRIMARY KEY(sample_id, class)) WITHOUT ROWID;
CREATE TABLE audit(id INTEGER PRIMARY KEY AUTOINCREMENT, sample_id INTEGER NOT NULL REFERENCES audit_sample(id),
  attempt_id INTEGER NOT NULL, text_hash BLOB NOT NULL, class TEXT NOT NULL, rule TEXT NOT NULL);
CREATE INDEX audit_of_sample ON audit(sample_id);
CREATE TABLE audit_answer(text_hash BLOB PRIMARY KEY, class TEXT NOT NULL, rule TEXT NOT NULL, who TEXT NOT NULL,
  answered_ms INTEGER NOT NULL) WITHOUT ROWID;
)sql";

// Added by version 3: clusters of root causes, in the order in which they were founded, and which cause is in which
// (NULL: there was no room for another). Figures are those of the last mining, of all failures.
constexpr const char *kTablesOfVersion3Clusters = R"sql(
CREATE TABLE cause_cluster(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, template TEXT NOT NULL,
  exception_class TEXT NOT NULL, frames TEXT NOT NULL, first_ms INTEGER NOT NULL DEFAULT 0,
  last_ms INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0, cost_usd REAL NOT NULL DEFAULT 0);
CREATE TABLE cause_cluster_member(cause_id INTEGER PRIMARY KEY REFERENCES cause(id),
  cluster INTEGER REFERENCES cause_cluster(number));
CREATE INDEX cause_cluster_members ON cause_cluster_member(cluster);
)sql";

// Added by version 4: what each source says of an attempt that several speak of, its columns those of the attempt.
constexpr const char *kTablesOfVersion4 = R"sql(
CREATE TABLE witness(attempt_id INTEGER NOT NULL REFERENCES attempt(id),
  source_id INTEGER NOT NULL REFERENCES source(id), job_id INTEGER, run TEXT, attempt INTEGER, started_ms INTEGER,
  ended_ms INTEGER, outcome INTEGER, workflow_id INTEGER, owner_id INTEGER, team_id INTEGER, cluster_id INTEGER,
  queue_id INTEGER, application_id TEXT, application_attempt INTEGER, trigger_kind INTEGER, exit_code INTEGER,
  text_id INTEGER, cause_id INTEGER, config_id INTEGER, metrics TEXT, vcore_seconds REAL, memory_gb_seconds REAL,
  cost_usd REAL, cost_source INTEGER, manual_minutes REAL, action TEXT, action_probability REAL, policy_version TEXT,
  PRIMARY KEY(attempt_id, source_id)) WITHOUT ROWID;
CREATE INDEX witness_identity ON witness(job_id, run, attempt);
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

// Version 1 knew sources by little more than their path, named joined facts by columns, and kept no differences.
constexpr const char *kFromVersion1 = R"sql(
ALTER TABLE source ADD COLUMN conflicts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN redacted TEXT NOT NULL DEFAULT '{}';
ALTER TABLE source ADD COLUMN truncated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN from_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN to_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN mapping TEXT NOT NULL DEFAULT '';
ALTER TABLE source ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE attempt ADD COLUMN identity_rank INTEGER NOT NULL DEFAULT 3;
ALTER TABLE attempt ADD COLUMN changed_source INTEGER NOT NULL DEFAULT 0;
UPDATE attempt_fact SET field = CASE field WHEN 'workflow_id' THEN 'workflow' WHEN 'owner_id' THEN 'owner'
  WHEN 'team_id' THEN 'team' WHEN 'cluster_id' THEN 'cluster' WHEN 'queue_id' THEN 'queue'
  WHEN 'trigger_kind' THEN 'trigger' WHEN 'text_id' THEN 'text' WHEN 'config_id' THEN 'config'
  WHEN 'cost_usd' THEN 'cost' ELSE field END WHERE field NOT IN ('cause_id', 'cost_source');
DELETE FROM attempt_fact WHERE field IN ('cause_id', 'cost_source');
UPDATE attempt SET changed_source = source_id;
UPDATE attempt SET identity_rank = 2 WHERE source_id IN
  (SELECT id FROM source WHERE format = 'spark-eventlog');
UPDATE attempt SET identity_rank = 3 WHERE id IN (SELECT attempt_id FROM attempt_fact WHERE field = 'identity');
UPDATE source SET from_ms = coalesce((SELECT min(started_ms) FROM attempt WHERE source_id = source.id), 0),
  to_ms = coalesce((SELECT max(ended_ms) FROM attempt WHERE source_id = source.id), 0);
)sql";

// How many facts a source differs in is counted in `conflict`: a later source may settle them.
constexpr const char *kFromVersion3 = "ALTER TABLE source DROP COLUMN conflicts;";

// Version 4 did not know which matches are beside the failure.
constexpr const char *kFromVersion4 = "ALTER TABLE rule_match ADD COLUMN evidence INTEGER NOT NULL DEFAULT 0;";

// What rules match where nothing failed goes with its attempt.
constexpr const char *kIndexOfVersion5 = "CREATE INDEX success_hit_attempt ON success_hit(attempt_id);";

// So verdicts of before stay, but the next classification asks all rules anew.
constexpr const char *kForgetPack = "DELETE FROM classified_rule; DELETE FROM success_tried; DELETE FROM success_hit; "
                                    "DELETE FROM setting WHERE key = 'verdicts.pack';";

/// Entry v leads from version v to v + 1; version 3 only added tables, and versions 6 to 9 judge evidence otherwise.
constexpr std::array<const char *, kSchemaVersion> kSteps{
    kFromVersion0, kFromVersion1, "", kFromVersion3, kFromVersion4, "", "", "", ""};

} // namespace

base::Result<void> migrate(const sqlite::Connection &connection, int fromVersion)
{
    MULLIGAN_TRY(auto transaction, sqlite::Transaction::begin(connection));
    if (fromVersion < 0) {
        MULLIGAN_CHECK(connection.run(kSchema));
        MULLIGAN_CHECK(connection.run(kTablesOfVersion2));
        MULLIGAN_CHECK(connection.run("PRAGMA application_id = " + std::to_string(kApplicationId)));
    }
    for (int version = std::max(fromVersion, 0); fromVersion >= 0 && version < kSchemaVersion; ++version)
        MULLIGAN_CHECK(connection.run(kSteps[static_cast<size_t>(version)]));
    if (fromVersion >= 0 && fromVersion < 2)
        MULLIGAN_CHECK(connection.run(kTablesOfVersion2));
    if (fromVersion < 3)
        MULLIGAN_CHECK(connection.run(std::string(kTablesOfVersion3Verdicts) + kTablesOfVersion3Audit
                                      + kTablesOfVersion3Clusters));
    if (fromVersion < 4)
        MULLIGAN_CHECK(connection.run(kTablesOfVersion4));
    if (fromVersion < 5)
        MULLIGAN_CHECK(connection.run(kIndexOfVersion5));
    if (fromVersion >= 0 && fromVersion < 9)
        MULLIGAN_CHECK(connection.run(kForgetPack));
    MULLIGAN_CHECK(connection.run("PRAGMA user_version = " + std::to_string(kSchemaVersion)));
    return transaction.commit();
}

} // namespace mulligan::store
