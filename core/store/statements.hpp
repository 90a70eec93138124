#pragma once

#include "base/result.hpp"
#include "sqlite/connection.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace mulligan::store
{

/// Prepared statements by their text: preparing one takes longer than running it on a row or two. One thread.
class Statements
{
public:
    explicit Statements(sqlite::Connection &connection) : m_connection(connection) {}

    /// Ready to be bound; valid as long as this is. The caller resets it when it leaves a row unread.
    [[nodiscard]] base::Result<sqlite::Statement *> of(std::string_view sql)
    {
        auto known = m_statements.find(sql);
        if (known == m_statements.end()) {
            MULLIGAN_TRY(auto prepared, m_connection.prepare(sql));
            known = m_statements.emplace(std::string(sql), std::move(prepared)).first;
        }
        known->second.reset();
        return &known->second;
    }
    /// Runs a statement whose parameters are row ids.
    template <typename... Ids> [[nodiscard]] base::Result<void> run(std::string_view sql, Ids... ids)
    {
        MULLIGAN_TRY(sqlite::Statement * statement, of(sql));
        int index = 0;
        (statement->bind(++index, static_cast<std::int64_t>(ids)), ...);
        return statement->run();
    }
    /// First column of the first row as a number; 0 without a row.
    template <typename... Ids> [[nodiscard]] base::Result<std::int64_t> integer(std::string_view sql, Ids... ids)
    {
        MULLIGAN_TRY(sqlite::Statement * statement, of(sql));
        int index = 0;
        (statement->bind(++index, static_cast<std::int64_t>(ids)), ...);
        MULLIGAN_TRY(const bool row, statement->step());
        const std::int64_t out = row ? statement->integer(0) : 0;
        statement->reset();
        return out;
    }

private:
    sqlite::Connection &m_connection;
    std::map<std::string, sqlite::Statement, std::less<>> m_statements;
};

} // namespace mulligan::store
