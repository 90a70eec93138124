#include "store/file_log.hpp"

namespace mulligan::store
{

base::Result<std::map<std::string, FileSeen>> filesSeen(Workspace &workspace)
{
    MULLIGAN_TRY(auto rows, workspace.connection().prepare("SELECT path, bytes, modified_ns, status, format, reason, "
                                                           "seen_ms FROM file_seen"));
    std::map<std::string, FileSeen> out;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return out;
        FileSeen file;
        file.path = rows.text(0);
        file.bytes = static_cast<std::uint64_t>(rows.integer(1));
        file.modifiedNs = rows.integer(2);
        file.status = rows.text(3);
        file.format = rows.text(4);
        file.reason = rows.text(5);
        file.seenAt.ms = rows.integer(6);
        out.emplace(file.path, std::move(file));
    }
}

base::Result<void> noteFiles(Workspace &workspace, std::span<const FileSeen> files)
{
    if (files.empty())
        return {};
    sqlite::Connection &connection = workspace.connection();
    MULLIGAN_TRY(auto transaction, sqlite::Transaction::begin(connection));
    MULLIGAN_TRY(auto insert, connection.prepare("INSERT OR REPLACE INTO file_seen(path, bytes, modified_ns, status, "
                                                 "format, reason, seen_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"));
    for (const FileSeen &file : files) {
        insert.bind(1, std::string_view(file.path));
        insert.bind(2, static_cast<std::int64_t>(file.bytes));
        insert.bind(3, file.modifiedNs);
        insert.bind(4, std::string_view(file.status));
        insert.bind(5, std::string_view(file.format));
        insert.bind(6, std::string_view(file.reason));
        insert.bind(7, file.seenAt.ms);
        MULLIGAN_CHECK(insert.run());
    }
    return transaction.commit();
}

} // namespace mulligan::store
