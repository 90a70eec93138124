#include "store/reject_rows.hpp"

#include "store/source_writer.hpp"

namespace mulligan::store
{

base::Result<std::uint64_t> removeRejects(Workspace &workspace, std::span<const std::int64_t> ids)
{
    sqlite::Connection &connection = workspace.connection();
    MULLIGAN_TRY(auto transaction, sqlite::Transaction::begin(connection));
    MULLIGAN_TRY(auto remove, connection.prepare("DELETE FROM reject WHERE id = ?1"));
    std::uint64_t removed = 0;
    for (const std::int64_t id : ids) {
        remove.bind(1, id);
        MULLIGAN_CHECK(remove.run());
        removed += static_cast<std::uint64_t>(connection.changes());
    }
    MULLIGAN_CHECK(transaction.commit());
    return removed;
}

base::Result<void> removeUnusableSource(Workspace &workspace, std::string_view sha256)
{
    MULLIGAN_TRY(auto transaction, sqlite::Transaction::begin(workspace.connection()));
    MULLIGAN_CHECK(makeRoomFor(workspace.connection(), sha256));
    return transaction.commit();
}

base::Result<std::uint64_t> rejectCount(Workspace &workspace)
{
    MULLIGAN_TRY(const auto count, workspace.connection().integer("SELECT count(*) FROM reject"));
    return static_cast<std::uint64_t>(count);
}

base::Result<std::optional<std::int64_t>> failureOf(Workspace &workspace, std::string_view job, std::string_view run,
                                                    int attempt)
{
    MULLIGAN_TRY(auto query, workspace.connection().prepare(
                                 "SELECT id FROM attempt WHERE job_id = (SELECT id FROM job WHERE name = ?1) AND run = "
                                 "?2 AND attempt = ?3 AND outcome IN (1, 2)"));
    query.bind(1, job);
    query.bind(2, run);
    query.bind(3, attempt);
    MULLIGAN_TRY(const bool found, query.step());
    return found ? std::optional<std::int64_t>(query.integer(0)) : std::nullopt;
}

} // namespace mulligan::store
