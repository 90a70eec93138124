#include "store/deferred_indices.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace mulligan::store
{

namespace
{

std::uint64_t mixed(std::uint64_t value)
{
    // The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every input bit reaches every output bit.
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
    return value ^ (value >> 31);
}

} // namespace

bool HashSet::insert(std::uint64_t hash)
{
    if (2 * (m_size + 1) > m_slots.size())
        grow();
    const bool placed = place(std::max<std::uint64_t>(hash, 1));
    m_size += placed ? 1 : 0;
    return placed;
}

bool HashSet::place(std::uint64_t hash)
{
    const std::size_t last = m_slots.size() - 1;
    for (std::size_t i = hash & last;; i = (i + 1) & last) {
        if (m_slots[i] == hash)
            return false;
        if (m_slots[i] == 0) {
            m_slots[i] = hash;
            return true;
        }
    }
}

void HashSet::grow()
{
    const std::vector<std::uint64_t> old = std::exchange(m_slots, {});
    m_slots.assign(std::max<std::size_t>(1024, 2 * old.size()), 0);
    for (const std::uint64_t hash : old) {
        if (hash != 0)
            place(hash);
    }
}

base::Result<void> DeferredIndices::defer(const sqlite::Connection &connection)
{
    MULLIGAN_TRY(const auto filled, connection.integer("SELECT EXISTS (SELECT 1 FROM attempt)"));
    if (filled != 0)
        return {};
    MULLIGAN_TRY(auto indices, connection.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND "
                                                  "tbl_name = 'attempt' AND sql IS NOT NULL ORDER BY rowid"));
    std::string drop;
    for (;;) {
        MULLIGAN_TRY(const bool more, indices.step());
        if (!more)
            break;
        drop.append("DROP INDEX ").append(indices.text(0)).append(";");
        m_statements.emplace_back(indices.text(1));
    }
    indices.reset();
    MULLIGAN_CHECK(connection.run(drop));
    m_connection = &connection;
    return {};
}

base::Result<void> DeferredIndices::expect(std::int64_t job, std::string_view run, int attempt)
{
    if (!deferred())
        return {};
    const std::uint64_t place =
        mixed(static_cast<std::uint64_t>(job) * 0x9e3779b97f4a7c15u + static_cast<unsigned>(attempt));
    const bool unseen = m_hashes.insert(mixed(place ^ std::hash<std::string_view>{}(run)));
    return unseen && m_hashes.size() <= kMostHashes ? base::Result<void>() : build();
}

base::Result<void> DeferredIndices::build(const std::stop_token &stop)
{
    if (!deferred())
        return {};
    const sqlite::InterruptOnStop interrupt(*m_connection, stop);
    for (const auto &statement : m_statements) {
        // An interruption between two statements would reach neither.
        if (stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
        MULLIGAN_CHECK(m_connection->run(statement));
    }
    m_connection = nullptr;
    m_hashes = {};
    return {};
}

} // namespace mulligan::store
