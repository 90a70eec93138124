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
    "a.manual_minutes, a.action_probability, a.metrics, c.exception_class, c.template_hash, w.name, a.verdict_id";
constexpr const char *kTables =
    " FROM attempt a JOIN job j ON j.id = a.job_id LEFT JOIN name o ON o.id = a.owner_id LEFT JOIN name t ON t.id = "
    "a.team_id LEFT JOIN name k ON k.id = a.cluster_id LEFT JOIN name w ON w.id = a.workflow_id LEFT JOIN cause c ON "
    "c.id = a.cause_id";

/// What attempts refer to by row id, and what is shared among them.
struct Known {
    std::unordered_map<std::int64_t, std::uint32_t> configs;
    std::unordered_map<std::int64_t, model::SharedVerdict> verdicts;
    model::MetricNames metrics;
};

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

base::Result<std::unordered_map<std::int64_t, model::SharedVerdict>>
loadSharedVerdicts(const sqlite::Connection &connection)
{
    std::unordered_map<std::int64_t, model::SharedVerdict> out;
    model::VerdictPool pool;
    MULLIGAN_TRY(auto rows, connection.prepare("SELECT " + std::string(kVerdictColumns) + ", v.id FROM verdict v"));
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return out;
        out.emplace(rows.integer(kVerdictColumnCount), pool.share(verdictFromRow(rows, 0)));
    }
}

model::HistoryAttempt attemptFromRow(const sqlite::Statement &row, model::History &history, Known &known)
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
    const auto config = known.configs.find(row.integer(11));
    out.config = config == known.configs.end() ? 0 : config->second;
    out.costUsd = row.number(12);
    out.costSource = static_cast<model::CostSource>(row.integer(13));
    out.vcoreSeconds = row.optionalNumber(14);
    out.memoryGbSeconds = row.optionalNumber(15);
    out.manualMinutes = row.optionalNumber(16);
    out.actionProbability = row.optionalNumber(17);
    if (!row.isNull(18))
        out.metrics = known.metrics.share(metricsFromText(row.text(18)));
    out.exceptionClass = row.text(19);
    out.templateHash = static_cast<std::uint64_t>(row.integer(20));
    out.workflow = history.names.add(row.text(21));
    if (const auto verdict = known.verdicts.find(row.integer(22)); verdict != known.verdicts.end())
        out.verdict = verdict->second;
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
    Known known;
    MULLIGAN_TRY(known.configs, loadConfigs(connection, history));
    MULLIGAN_TRY(known.verdicts, loadSharedVerdicts(connection));
    history.attempts.reserve(static_cast<size_t>(count));
    // Ordered, so that the indices given to names are the same in every load.
    MULLIGAN_TRY(auto rows, connection.prepare(std::string(kColumns) + kTables + " ORDER BY j.name, a.run, a.attempt"));
    for (;;) {
        if (stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            break;
        history.attempts.push_back(attemptFromRow(rows, history, known));
        progress.advance();
    }
    model::buildEpisodes(history);
    return history;
}

base::Result<std::unordered_map<std::int64_t, model::SharedVerdict>> loadVerdictsOfAttempts(Workspace &workspace,
                                                                                            const std::stop_token &stop)
{
    const sqlite::Connection &connection = workspace.connection();
    const sqlite::InterruptOnStop interrupt(connection, stop);
    MULLIGAN_TRY(const auto verdicts, loadSharedVerdicts(connection));
    std::unordered_map<std::int64_t, model::SharedVerdict> out;
    MULLIGAN_TRY(auto rows, connection.prepare("SELECT id, verdict_id FROM attempt WHERE verdict_id IS NOT NULL"));
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return out;
        if (const auto verdict = verdicts.find(rows.integer(1)); verdict != verdicts.end())
            out.emplace(rows.integer(0), verdict->second);
    }
}

base::Result<std::string> historyStamp(Workspace &workspace)
{
    MULLIGAN_TRY(auto rows, workspace.connection().prepare("SELECT count(*), max(id), max(imported_ms), sum(attempts), "
                                                           "sum(joined) FROM source"));
    MULLIGAN_TRY([[maybe_unused]] const bool more, rows.step());
    std::string stamp;
    for (int column = 0; column < 5; ++column)
        stamp += std::to_string(rows.integer(column)) + ' ';
    return stamp;
}

} // namespace mulligan::store
