#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace mulligan::sqlite
{

/// Error for a failed call: what was being done, SQLite's reason with the system's, and a code: FULL, and a write that
/// failed for want of room, by a quota or by a limit on files' sizes → DiskFull, BUSY/LOCKED → Conflict,
/// CORRUPT/NOTADB → Corrupt, READONLY/PERM/AUTH → PermissionDenied, CANTOPEN → Io, INTERRUPT → Cancelled, else Io.
[[nodiscard]] base::Error errorOf(sqlite3 *database, int code, std::string_view doing);

/// A prepared statement. Bind from 1, step, read columns from 0. Reset before it is used again. Not for several
/// threads.
class Statement
{
public:
    Statement() = default;

    void bind(int index, std::int64_t value);
    void bind(int index, int value) { bind(index, static_cast<std::int64_t>(value)); }
    void bind(int index, double value);
    /// The bytes must live until the statement is stepped (they are not copied).
    void bind(int index, std::string_view text);
    void bindBlob(int index, std::string_view bytes);
    void bindNull(int index);
    template <typename T> void bindOptional(int index, const std::optional<T> &value)
    {
        if (value.has_value())
            bind(index, *value);
        else
            bindNull(index);
    }

    /// Moves to the next row; false when there is none. Binding errors are reported here.
    [[nodiscard]] base::Result<bool> step();
    /// Runs a statement that gives no rows, and resets it.
    [[nodiscard]] base::Result<void> run();
    void reset();

    [[nodiscard]] bool isNull(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double number(int column) const;
    /// Text or blob; valid until the next step or reset.
    [[nodiscard]] std::string_view text(int column) const;
    [[nodiscard]] std::optional<double> optionalNumber(int column) const;

private:
    friend class Connection;
    struct Finalize {
        void operator()(sqlite3_stmt *statement) const;
    };
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
    int m_bindError = 0;
};

class InterruptOnStop;

/// Immutable: read-only, taking the file at its word that nobody changes it: no locks, and no files made beside one in
/// write-ahead mode, whose log is then not read either.
enum class Access { ReadOnly, ReadWrite, Create, Immutable };

/// One connection to one database file; one per thread.
class Connection
{
public:
    /// Opens a file. A busy database is waited for up to `busyMilliseconds`.
    [[nodiscard]] static base::Result<Connection> open(const std::string &path, Access access,
                                                       int busyMilliseconds = 5000);

    /// Whether a file holds an SQLite database, whole or damaged. SQLite itself looks: a process that opens and closes
    /// the file otherwise loses the locks of all its connections to it (they are POSIX locks), and another process then
    /// takes itself for the only one, and takes the log away.
    [[nodiscard]] static bool holdsDatabase(const std::string &path);

    [[nodiscard]] base::Result<Statement> prepare(std::string_view sql) const;
    /// Runs one or several statements, their rows ignored.
    [[nodiscard]] base::Result<void> run(const std::string &sql) const;
    /// First column of the first row as a number.
    [[nodiscard]] base::Result<std::int64_t> integer(const std::string &sql) const;
    [[nodiscard]] base::Result<std::string> text(const std::string &sql) const;
    [[nodiscard]] std::int64_t lastRowId() const;
    [[nodiscard]] std::int64_t changes() const;
    [[nodiscard]] sqlite3 *handle() const { return m_database.get(); }
    /// On closing, leaves the write-ahead log beside the file to the next connection, which reads or discards it,
    /// rather than write it home and delete it: deleting what a long transaction that was rolled back left takes a disk
    /// 0.5 ms for each MB.
    void leaveLogOnClose() const;

private:
    struct Close {
        void operator()(sqlite3 *database) const;
    };
    friend class InterruptOnStop;
    std::unique_ptr<sqlite3, Close> m_database;
    mutable const InterruptOnStop *m_watching = nullptr;
};

/// While it lives, a stop request ends the connection's running statement within some thousand steps of SQLite's
/// machine (microseconds). Not by sqlite3_interrupt: its mark stays while any statement is under way, and a full-text
/// table keeps one until its transaction ends, so that a mark set between two statements would refuse even the
/// rollback. May be nested. Of the connection's thread.
class InterruptOnStop
{
public:
    InterruptOnStop(const Connection &connection, std::stop_token stop);
    ~InterruptOnStop();
    InterruptOnStop(const InterruptOnStop &) = delete;
    InterruptOnStop &operator=(const InterruptOnStop &) = delete;

private:
    void install() const;

    const Connection &m_connection;
    std::stop_token m_stop;
    const InterruptOnStop *m_outer; ///< which goes on watching afterwards
};

/// A transaction that is rolled back unless it was committed.
class Transaction
{
public:
    /// BEGIN IMMEDIATE: takes the write lock now, so that it cannot fail half-way. Errors: Conflict when another holds
    /// it.
    [[nodiscard]] static base::Result<Transaction> begin(const Connection &connection);
    Transaction(Transaction &&other) noexcept;
    Transaction &operator=(Transaction &&) = delete;
    ~Transaction();
    [[nodiscard]] base::Result<void> commit();

private:
    explicit Transaction(const Connection *connection) : m_connection(connection) {}
    const Connection *m_connection;
};

} // namespace mulligan::sqlite
