#include "store/join.hpp"

#include "store/attempt_columns.hpp"

#include <functional>

namespace mulligan::store
{

namespace
{

/// One column at a time: joins are few beside insertions, and each fact must keep its source.
class Filler
{
public:
    Filler(const sqlite::Connection &connection, std::int64_t attempt, std::int64_t source)
        : m_connection(connection), m_attempt(attempt), m_source(source)
    {
    }

    /// Sets `column` where `condition` holds, and notes the source when that changed anything.
    template <typename Value>
    base::Result<void> fill(const std::string &column, const Value &value, const std::string &condition)
    {
        MULLIGAN_TRY(auto update,
                     m_connection.prepare("UPDATE attempt SET " + column + " = ?2 WHERE id = ?1 AND " + condition));
        update.bind(1, m_attempt);
        update.bind(2, value);
        MULLIGAN_CHECK(update.run());
        return m_connection.changes() > 0 ? note(column) : base::Result<void>();
    }

    template <typename Value>
    base::Result<void> fillMissing(const std::string &column, const std::optional<Value> &value)
    {
        return value.has_value() ? fill(column, *value, column + " IS NULL") : base::Result<void>();
    }
    base::Result<void> fillMissing(const std::string &column, const std::string &text)
    {
        return text.empty() ? base::Result<void>() : fill(column, std::string_view(text), column + " IS NULL");
    }
    base::Result<void> fillMissingId(const std::string &column, std::int64_t id)
    {
        return id == 0 ? base::Result<void>() : fill(column, id, column + " IS NULL");
    }

    base::Result<void> note(const std::string &field)
    {
        MULLIGAN_TRY(auto insert,
                     m_connection.prepare("INSERT OR REPLACE INTO attempt_fact(attempt_id, field, source_id) "
                                          "VALUES(?1, ?2, ?3)"));
        insert.bind(1, m_attempt);
        insert.bind(2, std::string_view(field));
        insert.bind(3, m_source);
        return insert.run();
    }

private:
    const sqlite::Connection &m_connection;
    std::int64_t m_attempt;
    std::int64_t m_source;
};

base::Result<void> fillIdentity(Filler &filler, const sqlite::Connection &connection, std::int64_t attempt,
                                const model::Attempt &record, const JoinIds &ids)
{
    MULLIGAN_TRY(auto update, connection.prepare("UPDATE OR IGNORE attempt SET job_id = ?2, run = ?3, attempt = ?4, "
                                                 "trigger_kind = ?5, started_ms = ?6, ended_ms = ?7, outcome = ?8 "
                                                 "WHERE id = ?1"));
    update.bind(1, attempt);
    update.bind(2, ids.job);
    update.bind(3, std::string_view(record.run));
    update.bind(4, record.attempt);
    update.bind(5, stored(record.trigger));
    update.bind(6, record.startedAt.ms);
    update.bind(7, record.endedAt.ms);
    update.bind(8, stored(record.outcome));
    MULLIGAN_CHECK(update.run());
    return filler.note("identity");
}

base::Result<void> mergeMetrics(Filler &filler, const sqlite::Connection &connection, std::int64_t attempt,
                                const model::Attempt &record)
{
    if (record.metrics.empty())
        return {};
    MULLIGAN_TRY(const auto old,
                 connection.text("SELECT coalesce(metrics, '{}') FROM attempt WHERE id = " + std::to_string(attempt)));
    model::Metrics merged = metricsFromText(old);
    const size_t before = merged.size();
    merged.insert(record.metrics.begin(), record.metrics.end());
    if (merged.size() == before)
        return {};
    return filler.fill("metrics", std::string_view(metricsText(merged)), "1");
}

/// `wins`: over what is known of the same kind too.
base::Result<void> fillUse(Filler &filler, const model::Attempt &record, bool wins)
{
    if (!wins) {
        MULLIGAN_CHECK(filler.fillMissing("vcore_seconds", record.vcoreSeconds));
        return filler.fillMissing("memory_gb_seconds", record.memoryGbSeconds);
    }
    if (record.vcoreSeconds.has_value())
        MULLIGAN_CHECK(filler.fill("vcore_seconds", *record.vcoreSeconds, "1"));
    return record.memoryGbSeconds.has_value() ? filler.fill("memory_gb_seconds", *record.memoryGbSeconds, "1")
                                              : base::Result<void>();
}

base::Result<void> fillCost(Filler &filler, const model::Attempt &record, bool wins)
{
    if (!record.costUsd.has_value() || record.costSource == model::CostSource::None)
        return {};
    const std::string kind = std::to_string(stored(record.costSource));
    // The kinds are numbered best first; 0 is none.
    const std::string worse = "(cost_source = 0 OR cost_source " + std::string(wins ? ">= " : "> ") + kind + ")";
    MULLIGAN_CHECK(filler.fill("cost_usd", *record.costUsd, worse));
    return filler.fill("cost_source", stored(record.costSource), worse);
}

} // namespace

base::Result<void> joinAttempt(const sqlite::Connection &connection, const Existing &existing,
                               const model::Attempt &record, const JoinIds &ids, std::int64_t source,
                               bool recordFromEventLog)
{
    Filler filler(connection, existing.attempt, source);
    const bool scheduled = existing.fromEventLog && !recordFromEventLog;
    if (scheduled)
        MULLIGAN_CHECK(fillIdentity(filler, connection, existing.attempt, record, ids));
    if (record.outcome != model::Outcome::Unknown)
        MULLIGAN_CHECK(filler.fill("outcome", stored(record.outcome), "outcome = 3"));
    static constexpr std::array<const char *, 5> kNames{"workflow_id", "owner_id", "team_id", "cluster_id", "queue_id"};
    for (size_t i = 0; i < kNames.size(); ++i)
        MULLIGAN_CHECK(filler.fillMissingId(kNames[i], ids.names[i]));
    if (record.trigger != model::Trigger::Unset)
        MULLIGAN_CHECK(filler.fill("trigger_kind", stored(record.trigger), "trigger_kind = 0"));
    MULLIGAN_CHECK(filler.fillMissing("application_id", record.applicationId));
    if (recordFromEventLog)
        MULLIGAN_CHECK(filler.fillMissing("application_attempt", std::optional(record.attempt)));
    MULLIGAN_CHECK(filler.fillMissing("exit_code", record.exitCode));
    // The text and its cause belong together: a cause of one source must not stand beside the text of another.
    if (ids.text != 0) {
        MULLIGAN_CHECK(filler.fill("cause_id", ids.cause, "text_id IS NULL"));
        MULLIGAN_CHECK(filler.fillMissingId("text_id", ids.text));
    }
    MULLIGAN_CHECK(filler.fillMissingId("config_id", ids.config));
    MULLIGAN_CHECK(mergeMetrics(filler, connection, existing.attempt, record));
    MULLIGAN_CHECK(fillUse(filler, record, scheduled));
    MULLIGAN_CHECK(fillCost(filler, record, scheduled));
    MULLIGAN_CHECK(filler.fillMissing("manual_minutes", record.manualMinutes));
    MULLIGAN_CHECK(filler.fillMissing("action", record.action));
    MULLIGAN_CHECK(filler.fillMissing("action_probability", record.actionProbability));
    return filler.fillMissing("policy_version", record.policyVersion);
}

} // namespace mulligan::store
