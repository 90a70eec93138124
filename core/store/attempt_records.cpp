#include "store/attempt_records.hpp"

#include "formats/compress.hpp"
#include "store/attempt_columns.hpp"

namespace mulligan::store
{

namespace
{

constexpr const char *kQuery =
    "SELECT j.name, a.run, a.attempt, a.outcome, a.started_ms, a.ended_ms, w.name, o.name, t.name, k.name, q.name, "
    "a.application_id, a.trigger_kind, a.exit_code, a.text_id, c.body, g.body, a.metrics, a.vcore_seconds, "
    "a.memory_gb_seconds, a.cost_usd, a.cost_source, a.manual_minutes, a.action, a.action_probability, "
    "a.policy_version FROM attempt a JOIN job j ON j.id = a.job_id LEFT JOIN name w ON w.id = a.workflow_id LEFT JOIN "
    "name o ON o.id = a.owner_id LEFT JOIN name t ON t.id = a.team_id LEFT JOIN name k ON k.id = a.cluster_id LEFT "
    "JOIN name q ON q.id = a.queue_id LEFT JOIN cause c ON c.id = a.cause_id LEFT JOIN config g ON g.id = a.config_id "
    "WHERE a.id = ?1";
constexpr int kTextColumn = 14;

model::Attempt attemptFromRow(const sqlite::Statement &row)
{
    model::Attempt out;
    out.job = row.text(0);
    out.run = row.text(1);
    out.attempt = static_cast<int>(row.integer(2));
    out.outcome = static_cast<model::Outcome>(row.integer(3));
    out.startedAt.ms = row.integer(4);
    out.endedAt.ms = row.integer(5);
    out.workflow = row.text(6);
    out.owner = row.text(7);
    out.team = row.text(8);
    out.cluster = row.text(9);
    out.queue = row.text(10);
    out.applicationId = row.text(11);
    out.trigger = static_cast<model::Trigger>(row.integer(12));
    if (!row.isNull(13))
        out.exitCode = static_cast<int>(row.integer(13));
    out.rootCause = row.text(15);
    if (!row.isNull(16))
        out.config = configFromText(row.text(16));
    if (!row.isNull(17))
        out.metrics = metricsFromText(row.text(17));
    out.vcoreSeconds = row.optionalNumber(18);
    out.memoryGbSeconds = row.optionalNumber(19);
    out.costUsd = row.optionalNumber(20);
    out.costSource = static_cast<model::CostSource>(row.integer(21));
    out.manualMinutes = row.optionalNumber(22);
    out.action = row.text(23);
    out.actionProbability = row.optionalNumber(24);
    out.policyVersion = row.text(25);
    return out;
}

/// Texts by id; the one last asked for is kept, since neighbouring attempts often share it.
class Texts
{
public:
    base::Result<void> prepare(const sqlite::Connection &connection)
    {
        MULLIGAN_TRY(m_query, connection.prepare("SELECT body FROM error_text WHERE id = ?1"));
        return {};
    }

    base::Result<std::string> at(std::int64_t id)
    {
        if (id == m_id)
            return m_text;
        m_query.bind(1, id);
        MULLIGAN_TRY(const bool found, m_query.step());
        if (!found)
            return base::makeError(base::ErrorCode::Corrupt, "Text " + std::to_string(id) + " is missing",
                                   "Import the sources again into a new workspace.");
        MULLIGAN_TRY(m_text, formats::zstdDecompress(m_query.text(0)));
        m_query.reset();
        m_id = id;
        return m_text;
    }

private:
    sqlite::Statement m_query;
    std::int64_t m_id = 0;
    std::string m_text;
};

} // namespace

base::Result<std::vector<model::Attempt>> readAttempts(Workspace &workspace, std::span<const std::int64_t> ids)
{
    const sqlite::Connection &connection = workspace.connection();
    MULLIGAN_TRY(auto query, connection.prepare(kQuery));
    Texts texts;
    MULLIGAN_CHECK(texts.prepare(connection));
    std::vector<model::Attempt> out;
    out.reserve(ids.size());
    for (const std::int64_t id : ids) {
        query.bind(1, id);
        MULLIGAN_TRY(const bool found, query.step());
        if (!found)
            return base::makeError(base::ErrorCode::NotFound, "There is no attempt with row id " + std::to_string(id),
                                   "Load the history again; the workspace has changed since.");
        out.push_back(attemptFromRow(query));
        if (!query.isNull(kTextColumn)) {
            MULLIGAN_TRY(out.back().errorText, texts.at(query.integer(kTextColumn)));
        }
        query.reset();
    }
    return out;
}

} // namespace mulligan::store
