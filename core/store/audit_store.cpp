#include "store/audit_store.hpp"

#include <utility>

namespace mulligan::store
{

namespace
{

base::Result<void> loadStrata(const sqlite::Connection &connection, AuditSample &sample)
{
    MULLIGAN_TRY(auto rows, connection.prepare("SELECT class, population, sampled FROM audit_stratum WHERE sample_id = "
                                               "?1 ORDER BY class"));
    rows.bind(1, sample.id);
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return {};
        sample.strata.push_back({std::string(rows.text(0)), static_cast<std::uint64_t>(rows.integer(1)),
                                 static_cast<std::uint64_t>(rows.integer(2))});
    }
}

AuditItem itemOf(const sqlite::Statement &row)
{
    AuditItem item;
    item.id = row.integer(0);
    item.attemptId = row.integer(1);
    item.textHash = row.text(2);
    item.drawnClass = row.text(3);
    item.drawnRule = row.text(4);
    if (!row.isNull(5)) {
        item.classNow = row.text(5);
        item.ruleNow = row.text(6);
    }
    item.job = row.text(7);
    item.run = row.text(8);
    item.attempt = static_cast<int>(row.integer(9));
    if (!row.isNull(10))
        item.answer = AuditAnswer{std::string(row.text(10)), std::string(row.text(11)), std::string(row.text(12)),
                                  base::Instant{row.integer(13)}};
    return item;
}

/// An attempt counts as the one that was drawn only while it still failed with the same text: row ids may be given to
/// others once a source was replaced.
base::Result<void> loadItems(const sqlite::Connection &connection, AuditSample &sample)
{
    MULLIGAN_TRY(auto rows,
                 connection.prepare(
                     "SELECT i.id, i.attempt_id, i.text_hash, i.class, i.rule, v.class, v.rule, coalesce(j.name, ''), "
                     "coalesce(a.run, ''), coalesce(a.attempt, 1), w.class, w.rule, w.who, w.answered_ms FROM audit i "
                     "LEFT JOIN error_text t ON t.hash = i.text_hash "
                     "LEFT JOIN attempt a ON a.id = i.attempt_id AND a.text_id = t.id AND a.outcome IN (1, 2) "
                     "LEFT JOIN verdict v ON v.id = a.verdict_id LEFT JOIN job j ON j.id = a.job_id "
                     "LEFT JOIN audit_answer w ON w.text_hash = i.text_hash WHERE i.sample_id = ?1 ORDER BY i.id"));
    rows.bind(1, sample.id);
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return {};
        sample.items.push_back(itemOf(rows));
    }
}

base::Result<void> storeStrata(const sqlite::Connection &connection, std::int64_t id, const AuditSample &sample)
{
    MULLIGAN_TRY(auto insert, connection.prepare("INSERT INTO audit_stratum(sample_id, class, population, sampled) "
                                                 "VALUES(?1, ?2, ?3, ?4)"));
    for (const AuditStratum &stratum : sample.strata) {
        insert.bind(1, id);
        insert.bind(2, std::string_view(stratum.errorClass));
        insert.bind(3, static_cast<std::int64_t>(stratum.population));
        insert.bind(4, static_cast<std::int64_t>(stratum.sampled));
        MULLIGAN_CHECK(insert.run());
    }
    return {};
}

base::Result<void> storeItems(const sqlite::Connection &connection, std::int64_t id,
                              const std::vector<std::int64_t> &attempts)
{
    MULLIGAN_TRY(auto insert,
                 connection.prepare("INSERT INTO audit(sample_id, attempt_id, text_hash, class, rule) SELECT ?1, a.id, "
                                    "t.hash, v.class, v.rule FROM attempt a JOIN error_text t ON t.id = a.text_id "
                                    "JOIN verdict v ON v.id = a.verdict_id WHERE a.id = ?2"));
    for (const std::int64_t attempt : attempts) {
        insert.bind(1, id);
        insert.bind(2, attempt);
        MULLIGAN_CHECK(insert.run());
    }
    return {};
}

base::Result<std::string> hashOfItem(const sqlite::Connection &connection, std::int64_t item)
{
    MULLIGAN_TRY(auto row, connection.prepare("SELECT text_hash FROM audit WHERE id = ?1"));
    row.bind(1, item);
    MULLIGAN_TRY(const bool found, row.step());
    if (!found)
        return base::makeError(base::ErrorCode::NotFound, "No audit has an item " + std::to_string(item),
                               "Take the ids from the sheet of this workspace.");
    return std::string(row.text(0));
}

} // namespace

base::Result<std::vector<AuditCandidate>> auditCandidates(Workspace &workspace, const std::stop_token &stop)
{
    const sqlite::Connection &connection = workspace.connection();
    const sqlite::InterruptOnStop interrupt(connection, stop);
    MULLIGAN_TRY(auto rows, connection.prepare(
                                "SELECT a.id, v.class FROM attempt a JOIN verdict v ON v.id = a.verdict_id JOIN job j "
                                "ON j.id = a.job_id WHERE a.outcome IN (1, 2) AND a.text_id IS NOT NULL "
                                "ORDER BY v.class, j.name, a.run, a.attempt"));
    std::vector<AuditCandidate> out;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return out;
        out.push_back({rows.integer(0), std::string(rows.text(1))});
    }
}

base::Result<std::uint64_t> failuresWithoutText(Workspace &workspace)
{
    MULLIGAN_TRY(const std::int64_t count, workspace.connection().integer("SELECT count(*) FROM attempt WHERE outcome "
                                                                          "IN (1, 2) AND text_id IS NULL"));
    return static_cast<std::uint64_t>(count);
}

base::Result<std::int64_t> storeAuditSample(Workspace &workspace, const AuditSample &sample,
                                            const std::vector<std::int64_t> &attempts)
{
    const sqlite::Connection &connection = workspace.connection();
    MULLIGAN_TRY(auto transaction, sqlite::Transaction::begin(connection));
    MULLIGAN_TRY(auto insert,
                 connection.prepare("INSERT INTO audit_sample(seed, size, minimum, drawn_ms, without_text) "
                                    "VALUES(?1, ?2, ?3, ?4, ?5)"));
    insert.bind(1, static_cast<std::int64_t>(sample.seed));
    insert.bind(2, static_cast<std::int64_t>(sample.size));
    insert.bind(3, static_cast<std::int64_t>(sample.minimum));
    insert.bind(4, sample.drawn.ms);
    insert.bind(5, static_cast<std::int64_t>(sample.withoutText));
    MULLIGAN_CHECK(insert.run());
    const std::int64_t id = connection.lastRowId();
    MULLIGAN_CHECK(storeStrata(connection, id, sample));
    MULLIGAN_CHECK(storeItems(connection, id, attempts));
    MULLIGAN_CHECK(transaction.commit());
    return id;
}

base::Result<AuditSample> loadAuditSample(Workspace &workspace, std::int64_t id)
{
    const sqlite::Connection &connection = workspace.connection();
    AuditSample sample;
    MULLIGAN_TRY(auto row,
                 connection.prepare("SELECT id, seed, size, minimum, drawn_ms, without_text FROM audit_sample "
                                    "WHERE ?1 = 0 OR id = ?1 ORDER BY id DESC LIMIT 1"));
    row.bind(1, id);
    MULLIGAN_TRY(const bool found, row.step());
    if (!found)
        return sample;
    sample.id = row.integer(0);
    sample.seed = static_cast<std::uint64_t>(row.integer(1));
    sample.size = static_cast<std::uint64_t>(row.integer(2));
    sample.minimum = static_cast<std::uint64_t>(row.integer(3));
    sample.drawn.ms = row.integer(4);
    sample.withoutText = static_cast<std::uint64_t>(row.integer(5));
    MULLIGAN_CHECK(loadStrata(connection, sample));
    MULLIGAN_CHECK(loadItems(connection, sample));
    return sample;
}

base::Result<AuditSample> findAuditSample(Workspace &workspace, std::uint64_t seed, std::uint64_t size,
                                          std::uint64_t minimum)
{
    MULLIGAN_TRY(auto row, workspace.connection().prepare("SELECT max(id) FROM audit_sample WHERE seed = ?1 AND size = "
                                                          "?2 AND minimum = ?3"));
    row.bind(1, static_cast<std::int64_t>(seed));
    row.bind(2, static_cast<std::int64_t>(size));
    row.bind(3, static_cast<std::int64_t>(minimum));
    MULLIGAN_TRY(const bool found, row.step());
    if (!found || row.isNull(0))
        return AuditSample();
    const std::int64_t id = row.integer(0);
    row.reset();
    return loadAuditSample(workspace, id);
}

base::Result<std::int64_t> auditSampleOf(Workspace &workspace, std::int64_t itemId)
{
    MULLIGAN_TRY(auto row, workspace.connection().prepare("SELECT sample_id FROM audit WHERE id = ?1"));
    row.bind(1, itemId);
    MULLIGAN_TRY(const bool found, row.step());
    return found ? row.integer(0) : std::int64_t{0};
}

base::Result<void> storeAuditAnswers(Workspace &workspace,
                                     const std::vector<std::pair<std::int64_t, AuditAnswer>> &answers)
{
    const sqlite::Connection &connection = workspace.connection();
    MULLIGAN_TRY(auto transaction, sqlite::Transaction::begin(connection));
    MULLIGAN_TRY(auto insert,
                 connection.prepare("INSERT INTO audit_answer(text_hash, class, rule, who, answered_ms) VALUES(?1, ?2, "
                                    "?3, ?4, ?5) ON CONFLICT(text_hash) DO UPDATE SET class = excluded.class, rule = "
                                    "excluded.rule, who = excluded.who, answered_ms = excluded.answered_ms"));
    for (const auto &[item, answer] : answers) {
        MULLIGAN_TRY(const std::string hash, hashOfItem(connection, item));
        insert.bindBlob(1, hash);
        insert.bind(2, std::string_view(answer.errorClass));
        insert.bind(3, std::string_view(answer.rule));
        insert.bind(4, std::string_view(answer.who));
        insert.bind(5, answer.when.ms);
        MULLIGAN_CHECK(insert.run());
    }
    return transaction.commit();
}

base::Result<void> removeAuditAnswer(Workspace &workspace, std::int64_t itemId)
{
    const sqlite::Connection &connection = workspace.connection();
    MULLIGAN_TRY(const std::string hash, hashOfItem(connection, itemId));
    MULLIGAN_TRY(auto remove, connection.prepare("DELETE FROM audit_answer WHERE text_hash = ?1"));
    remove.bindBlob(1, hash);
    return remove.run();
}

} // namespace mulligan::store
