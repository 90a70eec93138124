#include "store/existing_attempts.hpp"

#include <string_view>

namespace mulligan::store
{

namespace
{

// One attempt is spoken of once by a source: what it has spoken of is not looked for again. Where several would do,
// what decides is in the rows and not the order in which they came.
constexpr const char *kOfApplication =
    "SELECT a.id FROM attempt a WHERE a.application_id = ?1 AND a.source_id NOT IN (?2, ?6) AND NOT EXISTS (SELECT 1 "
    "FROM witness w WHERE w.attempt_id = a.id AND w.source_id IN (?2, ?6)) ";
// Whether an event log of an attempt of this number (?3) tells of another application of the same id, since it holds
// another start (?4): ids tell seconds apart, and two clusters may give the same one. ?7: the record holds its start.
constexpr const char *kIsAnother =
    "(?7 AND (EXISTS (SELECT 1 FROM witness w JOIN source s ON s.id = w.source_id WHERE w.attempt_id = a.id AND "
    "s.format = 'spark-eventlog' AND w.application_attempt IS ?3 AND w.started_ms <> ?4 AND "
    "coalesce(w.metrics, '') NOT LIKE '%history_incomplete%') OR (a.identity_rank = 2 AND a.application_attempt IS ?3 "
    "AND a.started_ms <> ?4 AND coalesce(a.metrics, '') NOT LIKE '%history_incomplete%' AND NOT EXISTS (SELECT 1 FROM "
    "witness w WHERE w.attempt_id = a.id)))) ";
// Two event logs of one application are one attempt where they say so, or where a scheduler's attempt spans both: a
// resource manager attempts again by itself. A log finds the scheduler's row that names its application while no other
// log has.
constexpr const char *kForEventLog =
    "AND (a.application_attempt = ?3 OR a.application_attempt IS NULL OR (a.identity_rank = 3 AND a.started_ms <= ?4 "
    "AND a.ended_ms >= ?5)) "
    "ORDER BY a.application_attempt IS ?3 DESC, a.application_attempt IS NULL, (a.started_ms <= ?5 AND a.ended_ms >= "
    "?4) DESC, a.started_ms, a.id LIMIT 1";
// A scheduler's row stands for the application's attempt of its own number, else for the last, whose end is the
// application's. Two schedulers' rows are one attempt only where they overlap: a session's application runs many
// attempts one after another.
constexpr const char *kForScheduler =
    "AND (a.identity_rank < 3 OR (a.started_ms <= ?5 AND a.ended_ms >= ?4)) "
    "ORDER BY a.application_attempt IS NULL, (a.started_ms <= ?5 AND a.ended_ms >= ?4) DESC, "
    "a.application_attempt = ?3 DESC, a.application_attempt DESC, a.started_ms, a.id LIMIT 1";
// Any number of containers' texts belong to one attempt.
constexpr const char *kForTextLog =
    "ORDER BY a.application_attempt IS ?3 DESC, (a.started_ms <= ?5 AND a.ended_ms >= ?4) DESC, "
    "a.application_attempt DESC, a.started_ms, a.id LIMIT 1";
// A source that is not believed about the name still speaks of the attempt when it comes again under its own.
constexpr const char *kByIdentity =
    "SELECT a.id, 0 AS other FROM attempt a WHERE a.job_id = ?1 AND a.run = ?2 AND a.attempt = ?3 UNION ALL "
    "SELECT w.attempt_id, 1 FROM witness w WHERE w.job_id = ?1 AND w.run = ?2 AND w.attempt = ?3 ORDER BY 2, 1 LIMIT 1";
constexpr const char *kSpokenOf = "SELECT 1 FROM attempt WHERE id = ?1 AND source_id IN (?2, ?3) UNION ALL "
                                  "SELECT 1 FROM witness WHERE attempt_id = ?1 AND source_id IN (?2, ?3)";

const char *queryFor(Standing standing)
{
    switch (standing) {
    case Standing::EventLog: return kForEventLog;
    case Standing::TextLog: return kForTextLog;
    case Standing::Scheduler: break;
    }
    return kForScheduler;
}

base::Result<std::optional<std::int64_t>> taken(sqlite::Statement &query)
{
    MULLIGAN_TRY(const bool row, query.step());
    std::optional<std::int64_t> found;
    if (row)
        found = query.integer(0);
    query.reset();
    return found;
}

bool holdsItsStart(const model::Attempt &record)
{
    return !record.metrics.contains(std::string(model::metric::kHistoryIncomplete));
}

} // namespace

base::Result<void> ExistingAttempts::prepare(const sqlite::Connection &connection, std::int64_t source,
                                             std::int64_t continued, Standing standing)
{
    m_source = source;
    m_continued = continued;
    m_standing = standing;
    const bool eventLog = standing == Standing::EventLog;
    MULLIGAN_TRY(m_byApplication,
                 connection.prepare(kOfApplication + (eventLog ? "AND NOT " + std::string(kIsAnother) : std::string())
                                    + queryFor(standing)));
    MULLIGAN_TRY(m_isAnother,
                 connection.prepare("SELECT 1 FROM attempt a WHERE a.id = ?1 AND " + std::string(kIsAnother)));
    MULLIGAN_TRY(m_byIdentity, connection.prepare(kByIdentity));
    MULLIGAN_TRY(m_spokenOf, connection.prepare(kSpokenOf));
    MULLIGAN_TRY(const auto joined, connection.integer("SELECT EXISTS (SELECT 1 FROM witness)"));
    m_otherNames = joined != 0;
    return {};
}

base::Result<std::optional<std::int64_t>> ExistingAttempts::byApplication(const model::Attempt &record)
{
    if (record.applicationId.empty())
        return std::optional<std::int64_t>();
    m_byApplication.bind(1, std::string_view(record.applicationId));
    m_byApplication.bind(2, m_source);
    m_byApplication.bind(3, record.attempt);
    m_byApplication.bind(4, record.startedAt.ms);
    m_byApplication.bind(5, record.endedAt.ms);
    m_byApplication.bind(6, m_continued);
    if (m_standing == Standing::EventLog)
        m_byApplication.bind(7, holdsItsStart(record) ? 1 : 0);
    return taken(m_byApplication);
}

base::Result<bool> ExistingAttempts::isOfAnother(const model::Attempt &record, std::int64_t job)
{
    if (m_standing != Standing::EventLog || record.applicationId.empty())
        return false;
    MULLIGAN_TRY(const auto named, byIdentity(record, job));
    if (!named)
        return false;
    m_isAnother.bind(1, *named);
    m_isAnother.bind(3, record.attempt);
    m_isAnother.bind(4, record.startedAt.ms);
    m_isAnother.bind(7, holdsItsStart(record) ? 1 : 0);
    MULLIGAN_TRY(const auto row, taken(m_isAnother));
    return row.has_value();
}

base::Result<std::optional<std::int64_t>> ExistingAttempts::byIdentity(const model::Attempt &record, std::int64_t job)
{
    m_byIdentity.bind(1, job);
    m_byIdentity.bind(2, std::string_view(record.run));
    m_byIdentity.bind(3, record.attempt);
    return taken(m_byIdentity);
}

base::Result<bool> ExistingAttempts::spokenOf(std::int64_t attempt)
{
    m_spokenOf.bind(1, attempt);
    m_spokenOf.bind(2, m_source);
    m_spokenOf.bind(3, m_continued);
    MULLIGAN_TRY(const auto row, taken(m_spokenOf));
    return row.has_value();
}

base::Result<std::optional<std::int64_t>> ExistingAttempts::find(const model::Attempt &record, std::int64_t job,
                                                                 Joiner &joiner)
{
    MULLIGAN_TRY(const auto named, byIdentity(record, job));
    if (named) {
        // This source's own row of that name: the record repeats it.
        MULLIGAN_TRY(const bool repeated, spokenOf(*named));
        if (repeated)
            return named;
    }
    MULLIGAN_TRY(const auto application, byApplication(record));
    if (!named || !application || *named == *application)
        return application ? application : named;
    // Until now nobody knew that the two are one; a source that speaks of both knows that they are not.
    MULLIGAN_CHECK(joiner.absorb(*named, *application));
    return named;
}

} // namespace mulligan::store
