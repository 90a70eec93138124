#include "store/interned.hpp"

namespace mulligan::store
{

base::Result<void> Interned::prepare(const sqlite::Connection &connection, std::string_view insert,
                                     std::string_view select)
{
    m_connection = &connection;
    MULLIGAN_TRY(m_insert, connection.prepare(insert));
    MULLIGAN_TRY(m_select, connection.prepare(select));
    return {};
}

base::Result<std::int64_t> Interned::idOf(std::string_view text)
{
    if (const auto known = m_known.find(text))
        return *known;
    m_insert.bind(1, text);
    MULLIGAN_CHECK(m_insert.run());
    std::int64_t id = 0;
    if (m_connection->changes() > 0) {
        id = m_connection->lastRowId();
    } else {
        m_select.bind(1, text);
        MULLIGAN_TRY(const bool row, m_select.step());
        id = row ? m_select.integer(0) : 0;
        m_select.reset();
    }
    m_known.remember(text, id);
    return id;
}

} // namespace mulligan::store
