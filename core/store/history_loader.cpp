#include "store/history_loader.hpp"

#include "store/attempt_columns.hpp"
#include "store/verdict_rows.hpp"

namespace mulligan::store
{

namespace
{

constexpr const char *kColumns =
    "SELECT a.id, j.name, a.run, a.attempt, a.outcome, a.trigger_kind, a.started_ms, a.ended_ms, o.name, t.name, "
    "k.name, a.config_id, coalesce(a.cost_usd, 0), a.cost_source, a.vcore_seconds, a.memory_gb_seconds, "
    "a.manual_minutes, a.action_probability, a.metrics, c.exception_class, c.template_hash, w.name, ";
constexpr int kFirstVerdictColumn = 22;
constexpr const char *kTables =
    " FROM attempt a JOIN job j ON j.id = a.job_id LEFT JOIN name o ON o.id = a.owner_id LEFT JOIN name t ON t.id = "
    "a.team_id LEFT JOIN name k ON k.id = a.cluster_id LEFT JOIN name w ON w.id = a.workflow_id LEFT JOIN cause c ON "
    "c.id = a.cause_id LEFT JOIN verdict v ON v.id = a.verdict_id";

base::Result<std::unordered_map<std::int64_t, std::uint32_t>> loadConfigs(const sqlite::Connection &connection,
                                                                          model::History &history)
{
    std::unordered_map<std::int64_t, std::uint32_t> index;
    // Configuration 0 stands for attempts that declare none.
    history.configs.emplace_back();
    index.emplace(0, 0);
    MULLIGAN_TRY(auto rows, connection.prepare("SELECT id, body FROM config ORDER BY id"));
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return index;
        index.emplace(rows.integer(0), static_cast<std::uint32_t>(history.configs.size()));
        history.configs.push_back(configFromText(rows.text(1)));
    }
}

model::HistoryAttempt attemptFromRow(const sqlite::Statement &row, model::History &history, std::uint32_t config)
{
    model::HistoryAttempt out;
    out.id = row.integer(0);
    out.job = history.jobs.add(row.text(1));
    // Runs of different jobs may share a name, so the table's key holds both.
    out.run = history.runs.add(row.text(2));
    out.attempt = static_cast<int>(row.integer(3));
    out.outcome = static_cast<model::Outcome>(row.integer(4));
    out.trigger = static_cast<model::Trigger>(row.integer(5));
    out.startedAt.ms = row.integer(6);
    out.endedAt.ms = row.integer(7);
    out.owner = history.names.add(row.text(8));
    out.team = history.names.add(row.text(9));
    out.cluster = history.names.add(row.text(10));
    out.config = config;
    out.costUsd = row.number(12);
    out.costSource = static_cast<model::CostSource>(row.integer(13));
    out.vcoreSeconds = row.optionalNumber(14);
    out.memoryGbSeconds = row.optionalNumber(15);
    out.manualMinutes = row.optionalNumber(16);
    out.actionProbability = row.optionalNumber(17);
    if (!row.isNull(18))
        out.metrics = metricsFromText(row.text(18));
    out.exceptionClass = row.text(19);
    out.templateHash = static_cast<std::uint64_t>(row.integer(20));
    out.workflow = history.names.add(row.text(21));
    out.verdict = verdictFromRow(row, kFirstVerdictColumn);
    return out;
}

} // namespace

base::Result<model::History> loadHistory(Workspace &workspace, std::stop_token stop, base::Progress &progress)
{
    sqlite::Connection &connection = workspace.connection();
    const sqlite::InterruptOnStop interrupt(connection, stop);
    MULLIGAN_TRY(const auto count, connection.integer("SELECT count(*) FROM attempt"));
    progress.begin("Loading the history", static_cast<std::uint64_t>(count));
    model::History history;
    MULLIGAN_TRY(const auto configs, loadConfigs(connection, history));
    history.attempts.reserve(static_cast<size_t>(count));
    // Ordered, so that the indices given to names are the same in every load.
    MULLIGAN_TRY(auto rows, connection.prepare(kColumns + std::string(kVerdictColumns) + kTables
                                               + " ORDER BY j.name, a.run, a.attempt"));
    for (;;) {
        if (stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            break;
        const auto config = configs.find(rows.integer(11));
        history.attempts.push_back(attemptFromRow(rows, history, config != configs.end() ? config->second : 0));
        progress.advance();
    }
    model::buildEpisodes(history);
    return history;
}

} // namespace mulligan::store
