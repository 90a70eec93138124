#include "sqlite/connection.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <sqlite3.h>

namespace mulligan::sqlite
{

namespace
{

base::ErrorCode codeOf(int code)
{
    switch (code & 0xff) {
    case SQLITE_FULL: return base::ErrorCode::DiskFull;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return base::ErrorCode::Conflict;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return base::ErrorCode::Corrupt;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH: return base::ErrorCode::PermissionDenied;
    case SQLITE_INTERRUPT: return base::ErrorCode::Cancelled;
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG: return base::ErrorCode::LimitExceeded;
    case SQLITE_CONSTRAINT: return base::ErrorCode::Conflict;
    default: return base::ErrorCode::Io;
    }
}

std::string hintOf(base::ErrorCode code)
{
    switch (code) {
    case base::ErrorCode::DiskFull:
        return "Free space on the disk that holds the workspace (or raise the quota or the limit on the size of files: "
               "ulimit -f) and try again; the step that failed was undone.";
    case base::ErrorCode::Conflict:
        return "Another process is writing to this workspace; try again when it has finished.";
    case base::ErrorCode::Corrupt: return "Restore the file from a backup, or make a new workspace and import again.";
    case base::ErrorCode::PermissionDenied: return "Check the permissions of the file and of its folder.";
    default: return {};
    }
}

/// The system's reason for a read or write that failed, as errno; 0 where there is none.
int systemCause(sqlite3 *database, int code)
{
    return database != nullptr && (code & 0xff) == SQLITE_IOERR ? sqlite3_system_errno(database) : 0;
}

/// A path as the URI by which SQLite takes it for immutable.
std::string immutableUri(const std::string &path)
{
    static constexpr char kHex[] = "0123456789ABCDEF";
    // Two slashes at the front would name a host.
    std::string out = path.starts_with("//") ? "file://" : "file:";
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '%' || c == '?' || c == '#')
            out += {'%', kHex[byte >> 4], kHex[byte & 15]};
        else
            out += c;
    }
    return out + "?immutable=1";
}

} // namespace

base::Error errorOf(sqlite3 *database, int code, std::string_view doing)
{
    base::ErrorCode kind = codeOf(code);
    std::string reason = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
    if (const int cause = systemCause(database, code); cause != 0) {
        reason += std::string(" (") + std::strerror(cause) + ")";
        if (cause == ENOSPC || cause == EDQUOT || cause == EFBIG)
            kind = base::ErrorCode::DiskFull;
    }
    if (kind == base::ErrorCode::Cancelled)
        return base::makeError(kind, "Cancelled");
    const bool disk = kind == base::ErrorCode::Io && (code & 0xff) == SQLITE_IOERR;
    return base::makeError(
        kind, std::string(doing) + ": " + reason,
        disk ? "Check the disk that holds the file, its quota and the limit on the size of files (ulimit -f), then try "
               "again."
             : hintOf(kind));
}

void Statement::Finalize::operator()(sqlite3_stmt *statement) const
{
    sqlite3_finalize(statement);
}

void Statement::bind(int index, std::int64_t value)
{
    if (const int code = sqlite3_bind_int64(m_statement.get(), index, value); code != SQLITE_OK)
        m_bindError = code;
}

void Statement::bind(int index, double value)
{
    if (const int code = sqlite3_bind_double(m_statement.get(), index, value); code != SQLITE_OK)
        m_bindError = code;
}

void Statement::bind(int index, std::string_view text)
{
    // An empty view may have a null pointer, which SQLite would take for NULL.
    const char *bytes = text.data() != nullptr ? text.data() : "";
    const int code = sqlite3_bind_text64(m_statement.get(), index, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8);
    if (code != SQLITE_OK)
        m_bindError = code;
}

void Statement::bindBlob(int index, std::string_view bytes)
{
    const char *begin = bytes.data() != nullptr ? bytes.data() : "";
    const int code = sqlite3_bind_blob64(m_statement.get(), index, begin, bytes.size(), SQLITE_STATIC);
    if (code != SQLITE_OK)
        m_bindError = code;
}

void Statement::bindNull(int index)
{
    if (const int code = sqlite3_bind_null(m_statement.get(), index); code != SQLITE_OK)
        m_bindError = code;
}

base::Result<bool> Statement::step()
{
    sqlite3 *database = sqlite3_db_handle(m_statement.get());
    if (m_bindError != SQLITE_OK)
        return errorOf(database, std::exchange(m_bindError, SQLITE_OK), "Cannot bind a value");
    const int code = sqlite3_step(m_statement.get());
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    const base::Error error = errorOf(database, code, "The workspace cannot be read or written");
    sqlite3_reset(m_statement.get());
    return error;
}

base::Result<void> Statement::run()
{
    const auto stepped = step();
    sqlite3_reset(m_statement.get());
    if (!stepped)
        return stepped.error();
    return {};
}

void Statement::reset()
{
    sqlite3_reset(m_statement.get());
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement.get(), column);
}

double Statement::number(int column) const
{
    return sqlite3_column_double(m_statement.get(), column);
}

std::string_view Statement::text(int column) const
{
    const auto *bytes = static_cast<const char *>(sqlite3_column_blob(m_statement.get(), column));
    const int size = sqlite3_column_bytes(m_statement.get(), column);
    return bytes != nullptr ? std::string_view(bytes, static_cast<size_t>(size)) : std::string_view();
}

std::optional<double> Statement::optionalNumber(int column) const
{
    return isNull(column) ? std::nullopt : std::optional(number(column));
}

void Connection::leaveLogOnClose() const
{
    sqlite3_db_config(handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

void Connection::Close::operator()(sqlite3 *database) const
{
    sqlite3_close_v2(database);
}

base::Result<Connection> Connection::open(const std::string &path, Access access, int busyMilliseconds)
{
    // Memory statistics take a process-wide lock at every allocation, and nobody reads them. Only possible before
    // SQLite is first used; refused later, they merely stay on.
    static const int kWithoutStatistics = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)kWithoutStatistics;
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const bool immutable = access == Access::Immutable;
    flags |= access == Access::ReadOnly || immutable ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    flags |= access == Access::Create ? SQLITE_OPEN_CREATE : 0;
    flags |= immutable ? SQLITE_OPEN_URI : 0;
    sqlite3 *database = nullptr;
    const std::string name = immutable ? immutableUri(path) : path;
    const int code = sqlite3_open_v2(name.c_str(), &database, flags, nullptr);
    Connection connection;
    connection.m_database.reset(database);
    if (code != SQLITE_OK)
        return errorOf(database, code, "Cannot open '" + path + "'");
    sqlite3_busy_timeout(database, busyMilliseconds);
    return connection;
}

bool Connection::holdsDatabase(const std::string &path)
{
    std::error_code failed;
    // SQLite takes an empty file for an empty database.
    if (!std::filesystem::is_regular_file(path, failed) || std::filesystem::file_size(path, failed) == 0)
        return false;
    const auto connection = open(path, Access::ReadOnly);
    if (!connection)
        return false;
    sqlite3_exec(connection->handle(), "PRAGMA schema_version", nullptr, nullptr, nullptr);
    return sqlite3_errcode(connection->handle()) != SQLITE_NOTADB;
}

base::Result<Statement> Connection::prepare(std::string_view sql) const
{
    sqlite3_stmt *raw = nullptr;
    const int code = sqlite3_prepare_v3(m_database.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    if (code != SQLITE_OK)
        return errorOf(m_database.get(), code, "The workspace cannot be queried");
    Statement statement;
    statement.m_statement.reset(raw);
    return statement;
}

base::Result<void> Connection::run(const std::string &sql) const
{
    const int code = sqlite3_exec(m_database.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return errorOf(m_database.get(), code, "The workspace cannot be read or written");
    return {};
}

base::Result<std::int64_t> Connection::integer(const std::string &sql) const
{
    MULLIGAN_TRY(auto statement, prepare(sql));
    MULLIGAN_TRY(const bool row, statement.step());
    return row ? statement.integer(0) : 0;
}

base::Result<std::string> Connection::text(const std::string &sql) const
{
    MULLIGAN_TRY(auto statement, prepare(sql));
    MULLIGAN_TRY(const bool row, statement.step());
    return row ? std::string(statement.text(0)) : std::string();
}

std::int64_t Connection::lastRowId() const
{
    return sqlite3_last_insert_rowid(m_database.get());
}

std::int64_t Connection::changes() const
{
    return sqlite3_changes64(m_database.get());
}

InterruptOnStop::InterruptOnStop(const Connection &connection, std::stop_token stop)
    : m_connection(connection), m_stop(std::move(stop)), m_outer(std::exchange(connection.m_watching, this))
{
    install();
}

InterruptOnStop::~InterruptOnStop()
{
    m_connection.m_watching = m_outer;
    if (m_outer != nullptr)
        m_outer->install();
    else
        sqlite3_progress_handler(m_connection.handle(), 0, nullptr, nullptr);
}

void InterruptOnStop::install() const
{
    constexpr int kSteps = 1000;
    const auto stopped = [](void *token) {
        return static_cast<const std::stop_token *>(token)->stop_requested() ? 1 : 0;
    };
    sqlite3_progress_handler(m_connection.handle(), kSteps, stopped, const_cast<std::stop_token *>(&m_stop));
}

base::Result<Transaction> Transaction::begin(const Connection &connection)
{
    MULLIGAN_CHECK(connection.run("BEGIN IMMEDIATE"));
    return Transaction(&connection);
}

Transaction::Transaction(Transaction &&other) noexcept : m_connection(std::exchange(other.m_connection, nullptr))
{
}

Transaction::~Transaction()
{
    // SQLite may have rolled back by itself (disk full); a second rollback then fails harmlessly.
    if (m_connection != nullptr && sqlite3_get_autocommit(m_connection->handle()) == 0)
        (void)m_connection->run("ROLLBACK");
}

base::Result<void> Transaction::commit()
{
    MULLIGAN_CHECK(m_connection->run("COMMIT"));
    m_connection = nullptr;
    return {};
}

} // namespace mulligan::sqlite
