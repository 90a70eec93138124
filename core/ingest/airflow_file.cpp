#include "ingest/airflow_file.hpp"

#include "formats/byte_source.hpp"
#include "ingest/temporary_folder.hpp"

#include <array>
#include <cerrno>
#include <filesystem>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace mulligan::ingest::airflow
{

namespace fs = std::filesystem;

namespace
{

constexpr std::size_t kHeaderBytes = 108; // the file's header and that of its first page

/// Writes all that a source gives into a new file.
base::Result<void> copyInto(formats::ByteSource &from, const std::string &to, const std::stop_token &stop)
{
    const int fd = ::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return base::systemError(errno, "Cannot make a temporary file", to);
    const std::shared_ptr<const void> closing(nullptr, [fd](const void *) { ::close(fd); });
    std::vector<char> buffer(1u << 18);
    for (;;) {
        if (stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
        MULLIGAN_TRY(const std::size_t got, from.read(buffer));
        if (got == 0)
            return {};
        for (std::size_t done = 0; done < got;) {
            const ssize_t written = ::write(fd, buffer.data() + done, got - done);
            if (written < 0 && errno != EINTR)
                return base::systemError(errno, "Cannot write a temporary copy", to);
            done += written > 0 ? static_cast<std::size_t>(written) : 0;
        }
    }
}

base::Result<std::string> headOf(const std::string &path)
{
    MULLIGAN_TRY(const auto source, formats::openRaw(path));
    return formats::readHead(*source, kHeaderBytes);
}

bool hasBytes(const std::string &path)
{
    std::error_code failed;
    const auto size = fs::file_size(path, failed);
    return !failed && size > 0;
}

/// How to open a database so that nothing is written: plainly, since reading never writes, unless it is in write-ahead
/// mode, where opening makes files beside it. Then with its log passed over when that is empty, or read in place when
/// Airflow has it open; a log that nobody has open is replayed in a copy.
base::Result<OpenDatabase> openUntouched(const std::string &path, bool writeAhead, const std::stop_token &stop)
{
    constexpr int kBusyMilliseconds = 2000;
    const auto open = [](const std::string &file, sqlite::Access access) -> base::Result<sqlite::Connection> {
        auto opened = sqlite::Connection::open(file, access, kBusyMilliseconds);
        if (!opened)
            return databaseError(std::move(opened).error());
        return opened;
    };
    OpenDatabase out;
    if (!writeAhead) {
        MULLIGAN_TRY(out.connection, open(path, sqlite::Access::ReadOnly));
        return out;
    }
    if (!hasBytes(path + "-wal")) {
        MULLIGAN_TRY(out.connection, open(path, sqlite::Access::Immutable));
        return out;
    }
    MULLIGAN_TRY(auto folder, TemporaryFolder::create("airflow"));
    const std::string copy = folder->path() + "/airflow.db";
    for (const std::string suffix : {"", "-wal"}) {
        MULLIGAN_TRY(const auto from, formats::openRaw(path + suffix));
        MULLIGAN_CHECK(copyInto(*from, copy + suffix, stop));
    }
    MULLIGAN_TRY(out.connection, open(copy, sqlite::Access::ReadWrite));
    out.keepAlive = std::move(folder);
    return out;
}

base::Result<void> checkTables(const sqlite::Connection &connection)
{
    auto tables = connection.integer("SELECT count(*) FROM sqlite_master WHERE type = 'table'");
    if (!tables)
        return databaseError(std::move(tables).error());
    auto found = connection.integer(
        "SELECT count(*) FROM sqlite_master WHERE name = 'task_instance' AND type IN ('table', 'view')");
    if (!found)
        return databaseError(std::move(found).error());
    if (*found == 0)
        return base::makeError(base::ErrorCode::Unsupported,
                               *tables == 0 ? "The database has no tables" : "The database has no table task_instance",
                               "Import Airflow's metadata database (airflow.db), or a CSV dump of task_instance.");
    return {};
}

} // namespace

DatabaseHead databaseHeadOf(std::string_view head)
{
    using namespace std::string_view_literals;
    constexpr std::string_view kMagic = "SQLite format 3\0"sv;
    constexpr std::size_t kVersionAt = 19;
    constexpr std::size_t kApplicationAt = 68;
    constexpr std::size_t kPageAt = 100;
    constexpr char kLeaf = 13;
    DatabaseHead out;
    if (!head.starts_with(kMagic))
        return out;
    out.isDatabase = true;
    out.isWorkspace = head.substr(0, kPageAt).substr(std::min(kApplicationAt, head.size())).starts_with("Mull");
    out.writeAhead = head.size() > kVersionAt && head[kVersionAt] == 2;
    out.listsTables = head.size() > kPageAt && head[kPageAt] == kLeaf;
    return out;
}

base::Error databaseError(base::Error error)
{
    if (error.code == base::ErrorCode::Cancelled)
        return error;
    const std::size_t reason = error.message.find(": ");
    error.message =
        "The database cannot be read" + (reason == std::string::npos ? std::string() : error.message.substr(reason));
    switch (error.code) {
    case base::ErrorCode::Conflict:
        error.hint = "Another program holds it locked: try again later, or import a copy of the file.";
        break;
    case base::ErrorCode::Corrupt:
        error.hint = "Copy the file again while Airflow does not write to it ('sqlite3 airflow.db \".backup copy.db\"'"
                     " does so at any time).";
        break;
    case base::ErrorCode::PermissionDenied:
        error.hint = "Check the permissions of the file, and import a copy of it together with the file ending in "
                     "-journal or -wal that lies beside it.";
        break;
    default: error.hint = "Import a copy of the file, made while Airflow does not write to it."; break;
    }
    return error;
}

base::Result<OpenDatabase> openDatabase(const std::string &path, const std::stop_token &stop)
{
    MULLIGAN_TRY(std::string head, headOf(path));
    std::string file = path;
    std::shared_ptr<const TemporaryFolder> decodedIn;
    if (formats::codecOf(head) != formats::Codec::Plain) {
        MULLIGAN_TRY(decodedIn, TemporaryFolder::create("airflow"));
        file = decodedIn->path() + "/decoded.db";
        MULLIGAN_TRY(const auto from, formats::openDecoded(path));
        MULLIGAN_CHECK(copyInto(*from, file, stop));
        MULLIGAN_TRY(head, headOf(file));
    }
    const DatabaseHead says = databaseHeadOf(head);
    if (says.isWorkspace)
        return base::makeError(base::ErrorCode::Unsupported, "It is a workspace of Mulligan, not a database of Airflow",
                               "Open it instead of importing it.");
    if (!says.isDatabase)
        return base::makeError(base::ErrorCode::Corrupt, "It is no SQLite database",
                               "Import Airflow's metadata database (airflow.db), or a CSV dump of task_instance.");
    MULLIGAN_TRY(OpenDatabase out, openUntouched(file, says.writeAhead, stop));
    if (decodedIn)
        out.keepAlive = decodedIn;
    MULLIGAN_CHECK(checkTables(out.connection));
    return out;
}

} // namespace mulligan::ingest::airflow
