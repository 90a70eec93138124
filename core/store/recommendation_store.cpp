#include "store/recommendation_store.hpp"

#include <unordered_set>

namespace mulligan::store
{

base::Result<std::vector<StoredRecommendation>> recommendations(Workspace &workspace)
{
    MULLIGAN_TRY(auto rows, workspace.connection().prepare("SELECT attempt_id, made_ms, made_source, basis, body FROM "
                                                           "recommendation ORDER BY attempt_id"));
    std::vector<StoredRecommendation> out;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return out;
        out.push_back({rows.integer(0),
                       {rows.integer(1)},
                       rows.integer(2),
                       std::string(rows.text(3)),
                       std::string(rows.text(4))});
    }
}

base::Result<std::vector<std::int64_t>> currentRecommendations(Workspace &workspace, std::string_view basis)
{
    // What is known of a job's other runs is part of what a decision is made from.
    MULLIGAN_TRY(auto rows, workspace.connection().prepare(
                                "SELECT r.attempt_id FROM recommendation r JOIN attempt a ON a.id = r.attempt_id WHERE "
                                "r.basis = ?1 AND r.made_source >= (SELECT max(b.changed_source) FROM attempt b WHERE "
                                "b.job_id = a.job_id) ORDER BY r.attempt_id"));
    rows.bind(1, basis);
    std::vector<std::int64_t> out;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return out;
        out.push_back(rows.integer(0));
    }
}

base::Result<std::uint64_t> replaceRecommendations(Workspace &workspace, std::span<const StoredRecommendation> made,
                                                   std::span<const std::int64_t> open)
{
    sqlite::Connection &connection = workspace.connection();
    MULLIGAN_TRY(const auto before, recommendations(workspace));
    const std::unordered_set<std::int64_t> stillOpen(open.begin(), open.end());
    MULLIGAN_TRY(auto transaction, sqlite::Transaction::begin(connection));
    MULLIGAN_TRY(auto remove, connection.prepare("DELETE FROM recommendation WHERE attempt_id = ?1"));
    std::uint64_t removed = 0;
    for (const auto &old : before) {
        if (stillOpen.contains(old.attempt))
            continue;
        remove.bind(1, old.attempt);
        MULLIGAN_CHECK(remove.run());
        ++removed;
    }
    MULLIGAN_TRY(auto insert, connection.prepare("INSERT OR REPLACE INTO recommendation(attempt_id, made_ms, "
                                                 "made_source, basis, body) VALUES(?1, ?2, ?3, ?4, ?5)"));
    for (const auto &each : made) {
        insert.bind(1, each.attempt);
        insert.bind(2, each.madeAt.ms);
        insert.bind(3, each.madeSource);
        insert.bind(4, std::string_view(each.basis));
        insert.bind(5, std::string_view(each.body));
        MULLIGAN_CHECK(insert.run());
    }
    MULLIGAN_CHECK(transaction.commit());
    return removed;
}

} // namespace mulligan::store
