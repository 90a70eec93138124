#include "store/workspace.hpp"

#include "formats/json.hpp"
#include "model/attempt.hpp"
#include "store/file_access.hpp"
#include "store/migrations.hpp"

#include <filesystem>

namespace mulligan::store
{

namespace fs = std::filesystem;

namespace
{

constexpr std::uintmax_t kFullCheckBytes = 64u << 20;
constexpr const char *kNotOne = "Make one with 'mulligan init', or name the .mulligan file itself.";

base::Result<void> checkFile(const std::string &path)
{
    std::error_code error;
    const auto status = fs::status(path, error);
    if (!fs::exists(status))
        return base::makeError(base::ErrorCode::NotFound, "There is no workspace '" + path + "'",
                               "Check the name, or make one with 'mulligan init " + path + "'.");
    if (fs::is_directory(status))
        return base::makeError(base::ErrorCode::Unsupported, "'" + path + "' is a folder, not a workspace", kNotOne);
    if (const int refused = whyNotReadable(path); refused != 0)
        return base::systemError(refused, "Cannot open", path);
    if (!sqlite::Connection::holdsDatabase(path))
        return base::makeError(base::ErrorCode::Unsupported, "'" + path + "' is not a Mulligan workspace", kNotOne);
    return {};
}

base::Result<int> checkedVersion(const sqlite::Connection &connection, const std::string &path)
{
    MULLIGAN_TRY(const auto application, connection.integer("PRAGMA application_id"));
    if (application != kApplicationId)
        return base::makeError(base::ErrorCode::Unsupported,
                               "'" + path + "' is an SQLite database, but not a Mulligan workspace", kNotOne);
    MULLIGAN_TRY(const auto version, connection.integer("PRAGMA user_version"));
    if (version > kSchemaVersion)
        return base::makeError(base::ErrorCode::NewerVersion,
                               "'" + path + "' was written by a newer Mulligan (schema version "
                                   + std::to_string(version) + ", this program reads up to "
                                   + std::to_string(kSchemaVersion) + ")",
                               "Update Mulligan, or import the sources into a new workspace.");
    return static_cast<int>(version);
}

base::Result<void> checkIntegrity(const sqlite::Connection &connection, const std::string &path)
{
    const base::Error damaged = base::makeError(base::ErrorCode::Corrupt, "The workspace '" + path + "' is damaged",
                                                "Restore it from a backup, or make a new one and import again.");
    std::error_code ignored;
    if (fs::file_size(path, ignored) <= kFullCheckBytes) {
        MULLIGAN_TRY(const auto answer, connection.text("PRAGMA quick_check(1)"));
        if (answer != "ok")
            return base::Error(damaged).in(answer);
    }
    MULLIGAN_TRY(const auto tables,
                 connection.integer("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN "
                                    "('source','attempt','job','error_text','verdict','model','setting')"));
    if (tables != 7)
        return base::Error(damaged).in("tables are missing");
    return {};
}

base::Result<void> setUp(const sqlite::Connection &connection, bool writing)
{
    MULLIGAN_CHECK(connection.run("PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; "
                                  "PRAGMA mmap_size = 1073741824"));
    if (writing)
        MULLIGAN_CHECK(connection.run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL"));
    return {};
}

} // namespace

base::Result<void> Workspace::refuseToReplace(const std::string &path)
{
    std::string database = path;
    for (const std::string_view tail : {"-wal", "-shm"}) {
        if (database.ends_with(tail))
            database.resize(database.size() - tail.size());
    }
    if (!sqlite::Connection::holdsDatabase(database))
        return {};
    return base::makeError(base::ErrorCode::Conflict,
                           "'" + path + "' is a workspace, or part of one, and is not written over",
                           "Name another file to write.");
}

base::Result<Workspace> Workspace::create(const std::string &path)
{
    std::error_code ignored;
    if (fs::exists(path, ignored))
        return base::makeError(base::ErrorCode::Conflict, "'" + path + "' exists already",
                               "Choose another name; nothing is overwritten.");
    const fs::path folder = fs::path(path).parent_path();
    if (!folder.empty() && !fs::is_directory(folder, ignored))
        return base::makeError(base::ErrorCode::NotFound, "There is no folder '" + folder.string() + "'",
                               "Make the folder first.");
    MULLIGAN_TRY(auto opened, sqlite::Connection::open(path, sqlite::Access::Create));
    auto connection = std::make_unique<sqlite::Connection>(std::move(opened));
    // Half the page writes of the usual size, which is what an import waits for.
    auto made = connection->run("PRAGMA page_size = 8192");
    if (made)
        made = setUp(*connection, true);
    if (made)
        made = migrate(*connection, -1);
    if (!made) {
        connection.reset();
        fs::remove(path, ignored);
        return std::move(made).error();
    }
    return Workspace(path, std::move(connection), true);
}

base::Result<Workspace> Workspace::open(const std::string &path, OpenMode mode)
{
    MULLIGAN_CHECK(checkFile(path));
    if (mode == OpenMode::ReadWriteIfAllowed)
        mode = whyNotWritable(path).empty() ? OpenMode::ReadWrite : OpenMode::ReadOnly;
    const bool writing = mode == OpenMode::ReadWrite;
    MULLIGAN_TRY(auto opened, writing ? writingConnection(path) : readingConnection(path));
    auto connection = std::make_unique<sqlite::Connection>(std::move(opened));
    MULLIGAN_TRY(const int version, checkedVersion(*connection, path));
    MULLIGAN_CHECK(setUp(*connection, writing));
    if (version < kSchemaVersion && !writing) {
        // Reading needs the newest schema as well, and bringing it there needs a moment of writing.
        connection.reset();
        auto migrated = open(path, OpenMode::ReadWrite);
        if (!migrated)
            return std::move(migrated).error().in("it is of an older version (schema " + std::to_string(version)
                                                  + "), to be brought up to date first");
        return open(path, mode);
    }
    MULLIGAN_CHECK(checkIntegrity(*connection, path));
    if (version < kSchemaVersion)
        MULLIGAN_CHECK(migrate(*connection, version));
    return Workspace(path, std::move(connection), writing);
}

base::Result<void> Workspace::requireWritable() const
{
    if (m_writable)
        return {};
    return notWritable(m_path);
}

base::Result<WorkspaceInfo> Workspace::info()
{
    WorkspaceInfo info;
    info.schemaVersion = kSchemaVersion;
    const auto count = [&](std::uint64_t &into, const char *sql) -> base::Result<void> {
        MULLIGAN_TRY(const auto value, m_connection->integer(sql));
        into = static_cast<std::uint64_t>(value);
        return {};
    };
    MULLIGAN_CHECK(count(info.sources, "SELECT count(*) FROM source"));
    MULLIGAN_CHECK(count(info.jobs, "SELECT count(*) FROM job"));
    MULLIGAN_CHECK(count(info.runs, "SELECT count(*) FROM (SELECT DISTINCT job_id, run FROM attempt)"));
    MULLIGAN_CHECK(count(info.attempts, "SELECT count(*) FROM attempt"));
    MULLIGAN_CHECK(count(info.failures, "SELECT count(*) FROM attempt WHERE outcome IN (1, 2)"));
    MULLIGAN_CHECK(count(info.episodes,
                         "SELECT count(*) FROM (SELECT DISTINCT job_id, run FROM attempt WHERE outcome IN (1, 2))"));
    MULLIGAN_CHECK(count(info.conflicts, "SELECT count(*) FROM conflict"));
    MULLIGAN_TRY(auto classes, m_connection->prepare("SELECT v.class, count(*) FROM attempt a JOIN verdict v ON v.id = "
                                                     "a.verdict_id WHERE a.outcome IN (1, 2) GROUP BY v.class"));
    for (;;) {
        MULLIGAN_TRY(const bool row, classes.step());
        if (!row)
            break;
        info.classes[std::string(classes.text(0))] = static_cast<std::uint64_t>(classes.integer(1));
    }
    MULLIGAN_TRY(auto models, m_connection->prepare("SELECT id FROM model ORDER BY created_ms DESC, id"));
    for (;;) {
        MULLIGAN_TRY(const bool row, models.step());
        if (!row)
            break;
        info.models.emplace_back(models.text(0));
    }
    MULLIGAN_TRY(const auto policy, setting("policy.yaml"));
    if (policy.has_value())
        info.policies.emplace_back("policy.yaml");
    MULLIGAN_TRY(info.from.ms, m_connection->integer("SELECT coalesce(min(started_ms), 0) FROM attempt"));
    MULLIGAN_TRY(info.to.ms, m_connection->integer("SELECT coalesce(max(ended_ms), 0) FROM attempt"));
    return info;
}

base::Result<void> Workspace::forEachReject(const std::function<bool(const RejectRow &)> &visit)
{
    MULLIGAN_TRY(auto rows, m_connection->prepare("SELECT r.id, s.path, r.line, r.col, r.reason, r.body FROM reject r "
                                                  "JOIN source s ON s.id = r.source_id ORDER BY s.id, r.line, r.id"));
    for (;;) {
        MULLIGAN_TRY(const bool row, rows.step());
        if (!row)
            return {};
        const RejectRow reject{rows.integer(0),
                               std::string(rows.text(1)),
                               static_cast<std::uint64_t>(rows.integer(2)),
                               static_cast<std::uint64_t>(rows.integer(3)),
                               std::string(rows.text(4)),
                               std::string(rows.text(5))};
        if (!visit(reject))
            return {};
    }
}

base::Result<void> Workspace::forEachConflict(const std::function<bool(const ConflictRow &)> &visit)
{
    MULLIGAN_TRY(auto rows, m_connection->prepare(
                                "SELECT j.name, a.run, a.attempt, c.field, c.kept, k.path, c.other, o.path FROM "
                                "conflict c JOIN attempt a ON a.id = c.attempt_id JOIN job j ON j.id = a.job_id "
                                "LEFT JOIN source k ON k.id = c.kept_source LEFT JOIN source o ON o.id = "
                                "c.other_source ORDER BY j.name, a.run, a.attempt, c.field, o.path, c.other_source"));
    for (;;) {
        MULLIGAN_TRY(const bool row, rows.step());
        if (!row)
            return {};
        const ConflictRow conflict{std::string(rows.text(0)),         std::string(rows.text(1)),
                                   static_cast<int>(rows.integer(2)), std::string(rows.text(3)),
                                   std::string(rows.text(4)),         std::string(rows.text(5)),
                                   std::string(rows.text(6)),         std::string(rows.text(7))};
        if (!visit(conflict))
            return {};
    }
}

base::Result<std::vector<SourceRow>> Workspace::sources()
{
    MULLIGAN_TRY(auto rows,
                 m_connection->prepare("SELECT id, path, format, sha256, attempts, failures, joined, "
                                       "rejected_rows, warnings, imported_ms, bytes, coalesce(differing.facts, 0), "
                                       "redacted, truncated, from_ms, to_ms, mapping FROM source LEFT JOIN (SELECT "
                                       "source_id, count(*) AS facts FROM (SELECT kept_source AS source_id, "
                                       "attempt_id, field FROM conflict UNION SELECT other_source, attempt_id, field "
                                       "FROM conflict) GROUP BY source_id) AS differing ON differing.source_id = "
                                       "source.id ORDER BY id"));
    std::vector<SourceRow> sources;
    for (;;) {
        MULLIGAN_TRY(const bool row, rows.step());
        if (!row)
            return sources;
        SourceRow source;
        source.id = rows.integer(0);
        source.path = rows.text(1);
        source.format = rows.text(2);
        source.sha256 = rows.text(3);
        source.attempts = static_cast<std::uint64_t>(rows.integer(4));
        source.failures = static_cast<std::uint64_t>(rows.integer(5));
        source.joined = static_cast<std::uint64_t>(rows.integer(6));
        source.rejectedRows = static_cast<std::uint64_t>(rows.integer(7));
        const auto warnings = formats::parseJson(rows.text(8));
        if (warnings) {
            for (const auto &warning : warnings.value().items())
                source.warnings.push_back(warning.string());
        }
        source.importedAt.ms = rows.integer(9);
        source.bytes = static_cast<std::uint64_t>(rows.integer(10));
        source.conflicts = static_cast<std::uint64_t>(rows.integer(11));
        if (const auto redacted = formats::parseJson(rows.text(12))) {
            for (const auto &[kind, count] : redacted->members())
                source.redacted[kind] = static_cast<std::uint64_t>(count.integer());
        }
        source.truncated = rows.integer(13) != 0;
        source.from.ms = rows.integer(14);
        source.to.ms = rows.integer(15);
        source.mapping = rows.text(16);
        sources.push_back(std::move(source));
    }
}

base::Result<std::optional<std::string>> Workspace::setting(std::string_view key)
{
    MULLIGAN_TRY(auto query, m_connection->prepare("SELECT value FROM setting WHERE key = ?1"));
    query.bind(1, key);
    MULLIGAN_TRY(const bool row, query.step());
    return row ? std::optional<std::string>(query.text(0)) : std::nullopt;
}

base::Result<void> Workspace::setSetting(std::string_view key, std::string_view value)
{
    MULLIGAN_TRY(auto query, m_connection->prepare("INSERT INTO setting(key, value) VALUES(?1, ?2) ON CONFLICT(key) DO "
                                                   "UPDATE SET value = excluded.value"));
    query.bind(1, key);
    query.bind(2, value);
    return query.run();
}

} // namespace mulligan::store
