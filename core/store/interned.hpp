#pragma once

#include "base/result.hpp"
#include "sqlite/connection.hpp"
#include "store/text_ids.hpp"

#include <string_view>

namespace mulligan::store
{

/// Ids of texts in a two-column table (id, text UNIQUE), with a cache in memory.
class Interned
{
public:
    /// `insert` adds ?1 and does nothing when it is there; `select` finds the id of ?1.
    [[nodiscard]] base::Result<void> prepare(const sqlite::Connection &connection, std::string_view insert,
                                             std::string_view select);
    [[nodiscard]] base::Result<std::int64_t> idOf(std::string_view text);

private:
    const sqlite::Connection *m_connection = nullptr;
    sqlite::Statement m_insert;
    sqlite::Statement m_select;
    TextIds m_known;
};

} // namespace mulligan::store
