#pragma once

#include "base/result.hpp"
#include "sqlite/connection.hpp"

#include <memory>
#include <stop_token>
#include <string>

namespace mulligan::ingest::airflow
{

/// An open metadata database. `keepAlive` holds the copy it is read from, where one had to be made.
struct OpenDatabase {
    std::shared_ptr<const void> keepAlive; ///< goes last
    sqlite::Connection connection;
};

/// Opens a file without ever writing to it or beside it; a compressed one is decoded into a temporary file first.
/// Errors: NotFound, PermissionDenied, Io, DiskFull, Cancelled; Unsupported when it is a workspace of ours or has no
/// table task_instance; Corrupt when it is no database or a damaged one; Conflict when it is locked.
[[nodiscard]] base::Result<OpenDatabase> openDatabase(const std::string &path, const std::stop_token &stop);

/// An error of core/sqlite, which speaks of the workspace, in the words that fit somebody else's database.
[[nodiscard]] base::Error databaseError(base::Error error);

/// What the first bytes of an SQLite file (at least 100) say.
struct DatabaseHead {
    bool isDatabase = false;
    bool isWorkspace = false; ///< one of ours
    bool writeAhead = false;  ///< in write-ahead mode
    bool listsTables = false; ///< page 1 holds the whole list of tables
};
[[nodiscard]] DatabaseHead databaseHeadOf(std::string_view head);

} // namespace mulligan::ingest::airflow
