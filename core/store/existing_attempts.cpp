#include "store/existing_attempts.hpp"

#include <string_view>

namespace mulligan::store
{

namespace
{

// Two event logs of one application are one attempt only where they say so; a log finds the scheduler's row that names
// its application while no other log has.
constexpr const char *kForEventLog =
    "SELECT a.id, a.source_id FROM attempt a WHERE a.application_id = ?1 "
    "AND a.source_id <> ?2 AND (a.application_attempt = ?3 OR a.application_attempt IS NULL) "
    "ORDER BY a.application_attempt IS NULL, a.id LIMIT 1";
// A scheduler's row stands for the application's attempt of its own number, else for the last, whose end is the
// application's; one that this source has completed already is taken. Two schedulers' rows are one attempt only where
// they overlap: a session's application runs many attempts one after another.
constexpr const char *kForScheduler =
    "SELECT a.id, a.source_id FROM attempt a WHERE a.application_id = ?1 "
    "AND a.source_id <> ?2 AND (a.identity_rank < 3 OR (a.started_ms <= ?5 AND a.ended_ms >= ?4)) "
    "AND NOT EXISTS (SELECT 1 FROM attempt_fact f WHERE f.attempt_id = a.id AND f.source_id = ?2) "
    "ORDER BY a.application_attempt IS NULL, a.application_attempt = ?3 DESC, a.application_attempt DESC, a.id LIMIT 1";
// Any number of containers' texts belong to one attempt.
constexpr const char *kForTextLog =
    "SELECT a.id, a.source_id FROM attempt a WHERE a.application_id = ?1 AND a.source_id <> ?2 "
    "ORDER BY a.application_attempt IS ?3 DESC, (a.started_ms <= ?5 AND a.ended_ms >= ?4) DESC, "
    "a.application_attempt DESC, a.id LIMIT 1";

const char *queryFor(Standing standing)
{
    switch (standing) {
    case Standing::EventLog: return kForEventLog;
    case Standing::TextLog: return kForTextLog;
    case Standing::Scheduler: break;
    }
    return kForScheduler;
}

base::Result<std::optional<Existing>> taken(sqlite::Statement &query)
{
    MULLIGAN_TRY(const bool row, query.step());
    std::optional<Existing> found;
    if (row)
        found = Existing{query.integer(0), query.integer(1)};
    query.reset();
    return found;
}

} // namespace

base::Result<void> ExistingAttempts::prepare(const sqlite::Connection &connection, std::int64_t source,
                                             Standing standing)
{
    m_source = source;
    m_standing = standing;
    MULLIGAN_TRY(m_byApplication, connection.prepare(queryFor(standing)));
    MULLIGAN_TRY(m_byIdentity, connection.prepare("SELECT a.id, a.source_id FROM attempt a WHERE a.job_id = ?1 AND "
                                                  "a.run = ?2 AND a.attempt = ?3"));
    return {};
}

base::Result<std::optional<Existing>> ExistingAttempts::byApplication(const model::Attempt &record)
{
    if (record.applicationId.empty())
        return std::optional<Existing>();
    m_byApplication.bind(1, std::string_view(record.applicationId));
    m_byApplication.bind(2, m_source);
    m_byApplication.bind(3, record.attempt);
    if (m_standing != Standing::EventLog) {
        m_byApplication.bind(4, record.startedAt.ms);
        m_byApplication.bind(5, record.endedAt.ms);
    }
    return taken(m_byApplication);
}

base::Result<std::optional<Existing>> ExistingAttempts::byIdentity(const model::Attempt &record, std::int64_t job)
{
    m_byIdentity.bind(1, job);
    m_byIdentity.bind(2, std::string_view(record.run));
    m_byIdentity.bind(3, record.attempt);
    return taken(m_byIdentity);
}

base::Result<std::optional<Existing>> ExistingAttempts::find(const model::Attempt &record, std::int64_t job,
                                                             Joiner &joiner)
{
    MULLIGAN_TRY(const auto named, byIdentity(record, job));
    // This source's own row of that name: the record repeats it.
    if (named && named->source == m_source)
        return named;
    MULLIGAN_TRY(const auto application, byApplication(record));
    if (!named || !application || named->attempt == application->attempt)
        return application ? application : named;
    // Until now nobody knew that the two are one.
    MULLIGAN_CHECK(joiner.absorb(named->attempt, application->attempt));
    return named;
}

} // namespace mulligan::store
