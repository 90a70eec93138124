#include "store/file_access.hpp"

#include <cerrno>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

namespace mulligan::store
{

namespace fs = std::filesystem;

namespace
{

std::string logOf(const std::string &path)
{
    return path + "-wal";
}

/// By the rights that the process acts with.
bool allowsWriting(const std::string &path)
{
    return faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
}

base::Result<sqlite::Connection> connect(const std::string &path, sqlite::Access access)
{
    MULLIGAN_TRY(auto connection, sqlite::Connection::open(path, access));
    // Only the first look at the file tells whether it can be read.
    MULLIGAN_CHECK(connection.integer("PRAGMA schema_version"));
    return connection;
}

} // namespace

int whyNotReadable(const std::string &path)
{
    return faccessat(AT_FDCWD, path.c_str(), R_OK, AT_EACCESS) == 0 ? 0 : errno;
}

std::string whyNotWritable(const std::string &path)
{
    if (!allowsWriting(path))
        return "the file is write-protected";
    const fs::path folder = fs::path(path).parent_path();
    std::error_code ignored;
    const bool beside = fs::exists(logOf(path), ignored) && fs::exists(path + "-shm", ignored);
    if (!beside && !allowsWriting(folder.empty() ? "." : folder.string()))
        return "no files may be made in its folder, where SQLite keeps its log";
    return {};
}

base::Error notWritable(const std::string &path)
{
    const std::string why = whyNotWritable(path);
    return base::makeError(base::ErrorCode::PermissionDenied,
                           "The workspace '" + path + "' may not be written" + (why.empty() ? "" : ": " + why),
                           "Copy it to a folder of your own and work there, or ask its owner for permission to write. "
                           "What only reads (info, rules health, rules diff, simulate, report, ...) works as it is.");
}

base::Result<sqlite::Connection> writingConnection(const std::string &path)
{
    if (!whyNotWritable(path).empty())
        return notWritable(path);
    return connect(path, sqlite::Access::ReadWrite);
}

base::Result<sqlite::Connection> readingConnection(const std::string &path)
{
    auto opened = connect(path, sqlite::Access::ReadOnly);
    const bool refused =
        !opened
        && (opened.error().code == base::ErrorCode::Io || opened.error().code == base::ErrorCode::PermissionDenied);
    if (!refused || whyNotWritable(path).empty())
        return opened;
    std::error_code failed;
    const std::uintmax_t log = fs::file_size(logOf(path), failed);
    if (!failed && log > 0)
        return base::makeError(base::ErrorCode::Conflict,
                               "The newest changes of '" + path + "' stand in '" + logOf(path)
                                   + "', and cannot be read where no files may be made",
                               "Copy both files to a folder of your own and open the copy, or have its owner close the "
                               "programs that use it.");
    return connect(path, sqlite::Access::Immutable);
}

} // namespace mulligan::store
