#pragma once

#include "base/result.hpp"
#include "sqlite/connection.hpp"

#include <string>

namespace mulligan::store
{

/// The system's reason that keeps a file from being read by this user; 0: none. Does not open it: closing it would drop
/// the locks that this process's connections hold on it.
[[nodiscard]] int whyNotReadable(const std::string &path);
/// What keeps a workspace's file from being written by this user: "the file is write-protected", or that no files may
/// be made in its folder, where SQLite keeps its log; "" when nothing does. A file system for reading counts too.
[[nodiscard]] std::string whyNotWritable(const std::string &path);
/// PermissionDenied with that reason and the remedy.
[[nodiscard]] base::Error notWritable(const std::string &path);

/// A connection for writing. Errors: PermissionDenied (notWritable), and those of Connection::open.
[[nodiscard]] base::Result<sqlite::Connection> writingConnection(const std::string &path);

/// A connection for reading. In a folder where nothing can be made SQLite cannot read a file in write-ahead mode but as
/// one that nobody changes (Access::Immutable), and so it is then read. Errors: Conflict when its newest changes stand
/// in a log beside it, which would be left out; PermissionDenied, Io, Corrupt.
[[nodiscard]] base::Result<sqlite::Connection> readingConnection(const std::string &path);

} // namespace mulligan::store
