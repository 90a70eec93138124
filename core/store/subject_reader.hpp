#pragma once

#include "base/result.hpp"
#include "model/attempt.hpp"
#include "sqlite/connection.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>

namespace mulligan::store
{

/// Reads what rules look at, by row id, over a connection of its own, so that each thread can have one. What another
/// connection has not committed is not seen.
class TextReader
{
public:
    /// Errors: Io, Corrupt.
    [[nodiscard]] static base::Result<TextReader> open(const std::string &workspacePath);
    /// A stored text; empty for id 0 and for ids that are not there. Errors: Corrupt.
    [[nodiscard]] base::Result<std::string> text(std::int64_t textId);
    /// A stored root cause, likewise. Errors: Corrupt.
    [[nodiscard]] base::Result<std::string> cause(std::int64_t causeId);
    /// Between the two everything is read as it is at the first reading, and faster: there is one transaction, not one
    /// for each statement. Errors: Io.
    [[nodiscard]] base::Result<void> hold() { return m_connection.run("BEGIN"); }
    [[nodiscard]] base::Result<void> release() { return m_connection.run("COMMIT"); }
    /// For readers of other things beside it.
    [[nodiscard]] const sqlite::Connection &connection() const { return m_connection; }

private:
    explicit TextReader(sqlite::Connection connection) : m_connection(std::move(connection)) {}
    sqlite::Connection m_connection;
    sqlite::Statement m_text;
    sqlite::Statement m_cause;
};

/// What scopes look at, by row id: the names of jobs, and some properties of configurations. Each is looked up once.
class ScopeReader
{
public:
    [[nodiscard]] static base::Result<ScopeReader> prepare(const sqlite::Connection &connection,
                                                           std::set<std::string> properties);
    /// Valid as long as this object; empty for an id that is not there.
    [[nodiscard]] base::Result<const std::string *> job(std::int64_t jobId);
    /// Those of the properties that a configuration sets; none for id 0. Valid as long as this object.
    [[nodiscard]] base::Result<const model::Config *> config(std::int64_t configId);

private:
    std::set<std::string> m_properties;
    sqlite::Statement m_job;
    sqlite::Statement m_config;
    std::unordered_map<std::int64_t, std::string> m_jobs;
    std::unordered_map<std::int64_t, model::Config> m_configs;
};

} // namespace mulligan::store
