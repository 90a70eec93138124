#include "store/cluster_store.hpp"

#include "sqlite/connection.hpp"

namespace mulligan::store
{

namespace
{

base::Error cancelled()
{
    return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
}

CauseRow causeRow(const sqlite::Statement &row)
{
    return {row.integer(0), row.text(1), row.text(2), row.integer(3)};
}

base::Result<void> visitRows(Workspace &workspace, std::string_view sql, const VisitCause &visit,
                             const std::stop_token &stop)
{
    sqlite::Connection &connection = workspace.connection();
    const sqlite::InterruptOnStop interrupt(connection, stop);
    MULLIGAN_TRY(auto rows, connection.prepare(sql));
    for (;;) {
        if (stop.stop_requested())
            return cancelled();
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return {};
        MULLIGAN_CHECK(visit(causeRow(rows)));
    }
}

base::Result<std::string> nameOf(Workspace &workspace, const char *sql, std::int64_t id)
{
    MULLIGAN_TRY(auto query, workspace.connection().prepare(sql));
    query.bind(1, id);
    MULLIGAN_TRY(const bool found, query.step());
    return found ? std::string(query.text(0)) : std::string();
}

} // namespace

base::Result<std::vector<ClusterRow>> loadClusters(Workspace &workspace)
{
    std::vector<ClusterRow> out;
    MULLIGAN_TRY(auto rows,
                 workspace.connection().prepare("SELECT number, id, template, exception_class, frames, first_ms, "
                                                "last_ms, failures, cost_usd FROM cause_cluster ORDER BY number"));
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return out;
        ClusterRow &row = out.emplace_back();
        row.number = rows.integer(0);
        row.id = rows.text(1);
        row.text = rows.text(2);
        row.exceptionClass = rows.text(3);
        row.frames = rows.text(4);
        row.firstSeen.ms = rows.integer(5);
        row.lastSeen.ms = rows.integer(6);
        row.failures = static_cast<std::uint64_t>(rows.integer(7));
        row.costUsd = rows.number(8);
    }
}

base::Result<void> forEachNewCause(Workspace &workspace, const VisitCause &visit, std::stop_token stop)
{
    return visitRows(workspace,
                     "SELECT c.id, c.body, c.exception_class, 0 FROM cause c WHERE NOT EXISTS "
                     "(SELECT 1 FROM cause_cluster_member m WHERE m.cause_id = c.id) ORDER BY c.id",
                     visit, stop);
}

base::Result<void> forEachCause(Workspace &workspace, const VisitCause &visit, std::stop_token stop)
{
    return visitRows(workspace,
                     "SELECT c.id, c.body, c.exception_class, coalesce(m.cluster, 0) FROM cause c "
                     "LEFT JOIN cause_cluster_member m ON m.cause_id = c.id ORDER BY c.id",
                     visit, stop);
}

base::Result<void> visitCauses(Workspace &workspace, const std::vector<std::int64_t> &ids, const VisitCause &visit,
                               std::stop_token stop)
{
    MULLIGAN_TRY(auto row, workspace.connection().prepare(
                               "SELECT c.id, c.body, c.exception_class, coalesce(m.cluster, 0) FROM cause c "
                               "LEFT JOIN cause_cluster_member m ON m.cause_id = c.id WHERE c.id = ?1"));
    for (const std::int64_t id : ids) {
        if (stop.stop_requested())
            return cancelled();
        row.bind(1, id);
        MULLIGAN_TRY(const bool found, row.step());
        if (found)
            MULLIGAN_CHECK(visit(causeRow(row)));
        row.reset();
    }
    return {};
}

base::Result<std::vector<std::int64_t>> causeClusters(Workspace &workspace, std::stop_token stop)
{
    sqlite::Connection &connection = workspace.connection();
    const sqlite::InterruptOnStop interrupt(connection, stop);
    MULLIGAN_TRY(const auto largest, connection.integer("SELECT coalesce(max(id), 0) FROM cause"));
    std::vector<std::int64_t> out(static_cast<std::size_t>(largest) + 1, 0);
    MULLIGAN_TRY(auto rows, connection.prepare("SELECT cause_id, cluster FROM cause_cluster_member "
                                               "WHERE cluster IS NOT NULL"));
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return out;
        if (const auto cause = static_cast<std::size_t>(rows.integer(0)); cause < out.size())
            out[cause] = rows.integer(1);
    }
}

base::Result<void> forEachFailureWeight(Workspace &workspace, const std::function<void(const FailureWeight &)> &visit,
                                        std::stop_token stop)
{
    sqlite::Connection &connection = workspace.connection();
    const sqlite::InterruptOnStop interrupt(connection, stop);
    MULLIGAN_TRY(auto rows,
                 connection.prepare("SELECT id, cause_id, verdict_id, job_id, owner_id, started_ms, cost_usd "
                                    "FROM attempt INDEXED BY failure_facets WHERE outcome IN (1, 2)"));
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return {};
        FailureWeight weight;
        weight.attempt = rows.integer(0);
        weight.cause = rows.integer(1);
        weight.verdict = rows.integer(2);
        weight.job = rows.integer(3);
        weight.owner = rows.integer(4);
        weight.startedAt.ms = rows.integer(5);
        weight.costUsd = rows.number(6);
        visit(weight);
    }
}

base::Result<std::vector<VerdictName>> verdictNames(Workspace &workspace)
{
    sqlite::Connection &connection = workspace.connection();
    MULLIGAN_TRY(const auto largest, connection.integer("SELECT coalesce(max(id), 0) FROM verdict"));
    std::vector<VerdictName> out(static_cast<std::size_t>(largest) + 1);
    MULLIGAN_TRY(auto rows, connection.prepare("SELECT id, rule, class FROM verdict WHERE rule <> ''"));
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return out;
        out[static_cast<std::size_t>(rows.integer(0))] = {std::string(rows.text(1)), std::string(rows.text(2))};
    }
}

base::Result<std::string> jobName(Workspace &workspace, std::int64_t id)
{
    return nameOf(workspace, "SELECT name FROM job WHERE id = ?1", id);
}

base::Result<std::string> ownerName(Workspace &workspace, std::int64_t id)
{
    return nameOf(workspace, "SELECT name FROM name WHERE id = ?1", id);
}

struct ClusterWriter::State {
    std::optional<sqlite::Transaction> transaction; ///< none: nothing is kept
    sqlite::Statement cluster;
    sqlite::Statement member;
};

ClusterWriter::ClusterWriter(std::unique_ptr<State> state) : m_state(std::move(state))
{
}
ClusterWriter::ClusterWriter(ClusterWriter &&) noexcept = default;
ClusterWriter::~ClusterWriter() = default;

base::Result<ClusterWriter> ClusterWriter::begin(Workspace &workspace)
{
    sqlite::Connection &connection = workspace.connection();
    auto state = std::make_unique<State>();
    if (!workspace.writable())
        return ClusterWriter(std::move(state));
    MULLIGAN_TRY(auto transaction, sqlite::Transaction::begin(connection));
    state->transaction.emplace(std::move(transaction));
    MULLIGAN_TRY(state->cluster,
                 connection.prepare("INSERT OR REPLACE INTO cause_cluster(number, id, template, exception_class, "
                                    "frames, first_ms, last_ms, failures, cost_usd) "
                                    "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"));
    MULLIGAN_TRY(state->member, connection.prepare("INSERT OR REPLACE INTO cause_cluster_member(cause_id, cluster) "
                                                   "VALUES(?1, ?2)"));
    return ClusterWriter(std::move(state));
}

base::Result<void> ClusterWriter::save(const ClusterRow &cluster)
{
    if (!m_state->transaction)
        return {};
    sqlite::Statement &s = m_state->cluster;
    s.bind(1, cluster.number);
    s.bind(2, std::string_view(cluster.id));
    s.bind(3, std::string_view(cluster.text));
    s.bind(4, std::string_view(cluster.exceptionClass));
    s.bind(5, std::string_view(cluster.frames));
    s.bind(6, cluster.firstSeen.ms);
    s.bind(7, cluster.lastSeen.ms);
    s.bind(8, static_cast<std::int64_t>(cluster.failures));
    s.bind(9, cluster.costUsd);
    return s.run();
}

base::Result<void> ClusterWriter::assign(std::int64_t cause, std::int64_t cluster)
{
    if (!m_state->transaction)
        return {};
    sqlite::Statement &s = m_state->member;
    s.bind(1, cause);
    if (cluster == 0)
        s.bindNull(2);
    else
        s.bind(2, cluster);
    return s.run();
}

base::Result<void> ClusterWriter::commit()
{
    return m_state->transaction ? m_state->transaction->commit() : base::Result<void>();
}

} // namespace mulligan::store
