#pragma once

#include "base/instant.hpp"
#include "base/result.hpp"
#include "sqlite/connection.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::store
{

inline constexpr int kSchemaVersion = 9;
/// "Mull" in the file's header tells a workspace from any other SQLite database.
inline constexpr std::int64_t kApplicationId = 0x4D756C6C;

/// ReadWriteIfAllowed: for what writes only at times; where the file or its folder may not be written it is opened for
/// reading (Workspace::writable tells).
enum class OpenMode { ReadOnly, ReadWrite, ReadWriteIfAllowed };

/// What a workspace holds.
struct WorkspaceInfo {
    int schemaVersion = 0;
    std::uint64_t sources = 0;
    std::uint64_t jobs = 0;
    std::uint64_t runs = 0;
    std::uint64_t attempts = 0;
    std::uint64_t failures = 0;                   ///< attempts that failed or were killed
    std::uint64_t episodes = 0;                   ///< runs with at least one failure
    std::uint64_t conflicts = 0;                  ///< facts in which sources differ
    std::map<std::string, std::uint64_t> classes; ///< failures by class; empty before classification
    std::vector<std::string> models;              ///< ids, newest first
    std::vector<std::string> policies;            ///< names of policies saved here
    base::Instant from;
    base::Instant to;
};

/// A row of the reject table.
struct RejectRow {
    std::int64_t id = 0;
    std::string source;
    std::uint64_t line = 0;
    std::uint64_t column = 0;
    std::string reason;
    std::string text;
};

/// One source that was imported.
struct SourceRow {
    std::int64_t id = 0;
    std::string path;
    std::string format;
    std::string sha256;
    std::uint64_t attempts = 0;
    std::uint64_t failures = 0;
    std::uint64_t joined = 0;
    std::uint64_t rejectedRows = 0;
    std::vector<std::string> warnings;
    base::Instant importedAt;
    std::uint64_t bytes = 0;
    std::uint64_t conflicts = 0;                   ///< facts in which it differs from another source
    std::map<std::string, std::uint64_t> redacted; ///< secrets replaced, by kind
    bool truncated = false;
    base::Instant from; ///< earliest start and latest end of its attempts; zero when it has none
    base::Instant to;
    std::string mapping; ///< profile it was read with; empty: none
};

/// Two sources that say different things of one attempt.
struct ConflictRow {
    std::string job;
    std::string run;
    int attempt = 1;
    std::string field; ///< "outcome", "config.spark.executor.memory", …
    std::string kept;  ///< what counts
    std::string keptSource;
    std::string other; ///< what does not
    std::string otherSource;
};

/// One `.mulligan` file: an SQLite database with everything in it (design.md, section 2). Holds one connection, so one
/// object a thread; other processes may read while one writes (write-ahead log).
class Workspace
{
public:
    /// Makes an empty workspace. Errors: Conflict when the file exists; NotFound (no such folder), PermissionDenied,
    /// DiskFull.
    [[nodiscard]] static base::Result<Workspace> create(const std::string &path);
    /// Opens one, migrating an older schema when opened for writing. The file is checked: header, application id,
    /// schema version and tables always; every page (quick_check) only up to 64 MiB, since a large workspace must open
    /// within a second. A file in a folder that may not be written, where SQLite cannot put its lock beside it, is read
    /// as it stands, taken at its word that nobody writes to it meanwhile. Errors: NotFound, PermissionDenied (not to
    /// be read; not to be written, where that was asked for or an older schema needs it), Conflict (it cannot be read
    /// so, since its newest changes wait in a log beside it), Corrupt, Unsupported (some other kind of file),
    /// NewerVersion.
    [[nodiscard]] static base::Result<Workspace> open(const std::string &path, OpenMode mode);

    /// Refuses to let `path` be written over when it is a workspace or belongs to one (its write-ahead log): what a
    /// mistyped --out would destroy. Errors: Conflict.
    [[nodiscard]] static base::Result<void> refuseToReplace(const std::string &path);

    [[nodiscard]] const std::string &path() const { return m_path; }
    [[nodiscard]] bool writable() const { return m_writable; }
    /// Errors: PermissionDenied for one that was opened for reading, with what keeps it from being written.
    [[nodiscard]] base::Result<void> requireWritable() const;
    [[nodiscard]] base::Result<WorkspaceInfo> info();
    /// Visits rejected rows by source and line until the callback returns false.
    [[nodiscard]] base::Result<void> forEachReject(const std::function<bool(const RejectRow &)> &visit);
    [[nodiscard]] base::Result<std::vector<SourceRow>> sources();
    /// Visits conflicts by job, run, attempt and field until the callback returns false.
    [[nodiscard]] base::Result<void> forEachConflict(const std::function<bool(const ConflictRow &)> &visit);
    [[nodiscard]] base::Result<std::optional<std::string>> setting(std::string_view key);
    [[nodiscard]] base::Result<void> setSetting(std::string_view key, std::string_view value);
    [[nodiscard]] sqlite::Connection &connection() { return *m_connection; }

private:
    Workspace(std::string path, std::unique_ptr<sqlite::Connection> connection, bool writable)
        : m_path(std::move(path)), m_writable(writable), m_connection(std::move(connection))
    {
    }
    std::string m_path;
    bool m_writable = false;
    std::unique_ptr<sqlite::Connection> m_connection; ///< on the heap: writers keep a reference while workspaces move
};

} // namespace mulligan::store
