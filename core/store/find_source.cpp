#include "store/source_writer.hpp"

namespace mulligan::store
{

base::Result<std::optional<SourceRow>> findSource(Workspace &workspace, std::string_view sha256)
{
    MULLIGAN_TRY(auto query, workspace.connection().prepare("SELECT 1 FROM source WHERE sha256 = ?1"));
    query.bind(1, sha256);
    MULLIGAN_TRY(const bool known, query.step());
    if (!known)
        return std::optional<SourceRow>();
    MULLIGAN_TRY(auto rows, workspace.sources());
    for (auto &row : rows) {
        if (row.sha256 == sha256)
            return std::optional(std::move(row));
    }
    return std::optional<SourceRow>();
}

base::Result<std::vector<KnownSource>> knownSources(Workspace &workspace)
{
    MULLIGAN_TRY(auto rows, workspace.connection().prepare("SELECT id, path, format, sha256, bytes, attempts, "
                                                           "rejected_rows, truncated, mapping, place FROM source"));
    std::vector<KnownSource> out;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return out;
        KnownSource source;
        source.id = rows.integer(0);
        source.path = rows.text(1);
        source.format = rows.text(2);
        source.sha256 = rows.text(3);
        source.bytes = static_cast<std::uint64_t>(rows.integer(4));
        source.records = static_cast<std::uint64_t>(rows.integer(5) + rows.integer(6));
        source.truncated = rows.integer(7) != 0;
        source.usable = rows.integer(5) > 0;
        source.mapping = rows.text(8);
        source.place = rows.text(9);
        out.push_back(std::move(source));
    }
}

base::Result<bool> isNotedLog(Workspace &workspace, std::string_view sha256)
{
    MULLIGAN_TRY(auto query, workspace.connection().prepare("SELECT 1 FROM source_log WHERE sha256 = ?1"));
    query.bind(1, sha256);
    return query.step();
}

base::Result<void> makeRoomFor(sqlite::Connection &connection, std::string_view sha256)
{
    MULLIGAN_TRY(auto query, connection.prepare("SELECT id, path, attempts FROM source WHERE sha256 = ?1"));
    query.bind(1, sha256);
    MULLIGAN_TRY(const bool known, query.step());
    if (!known)
        return {};
    if (query.integer(2) > 0)
        return base::makeError(base::ErrorCode::Conflict,
                               "The same content was imported before as " + std::string(query.text(1)),
                               "Its attempts are in the workspace; there is nothing left to do.");
    const std::int64_t id = query.integer(0);
    query.reset();
    for (const char *sql : {"DELETE FROM reject WHERE source_id = ?1", "DELETE FROM source WHERE id = ?1"}) {
        MULLIGAN_TRY(auto remove, connection.prepare(sql));
        remove.bind(1, id);
        MULLIGAN_CHECK(remove.run());
    }
    return {};
}

} // namespace mulligan::store
