#pragma once

#include "base/result.hpp"
#include "sqlite/connection.hpp"

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::store
{

/// A set of 64-bit hashes, open addressing in one array that is at most half full: one cache miss an insertion.
class HashSet
{
public:
    /// False when the hash was there.
    bool insert(std::uint64_t hash);
    [[nodiscard]] std::size_t size() const { return m_size; }

private:
    bool place(std::uint64_t hash);
    void grow();

    std::vector<std::uint64_t> m_slots; ///< 0: free
    std::size_t m_size = 0;
};

/// Leaves the indices of the attempt table away while an empty workspace gets its first rows, and builds them in one go
/// afterwards: sorting once is several times cheaper than keeping seven trees in order row by row. All of it within the
/// caller's transaction, so a rollback brings the indices back.
///
/// Meanwhile attempts are told apart by a 64-bit hash kept in memory (16 to 32 bytes an attempt). Two equal hashes do
/// not prove a repetition: the indices are built on the spot then, and the unique one decides from there on. The same
/// happens when there are more attempts than `kMostHashes`, so that memory does not grow with the source.
class DeferredIndices
{
public:
    /// Drops the indices when the table is empty; else does nothing.
    [[nodiscard]] base::Result<void> defer(const sqlite::Connection &connection);
    [[nodiscard]] bool deferred() const { return m_connection != nullptr; }
    /// To be called before an attempt is inserted: if it may be there already, the indices are there afterwards.
    [[nodiscard]] base::Result<void> expect(std::int64_t job, std::string_view run, int attempt);
    /// Builds the indices if they were put off. Errors: Cancelled as soon as `stop` is asked for.
    [[nodiscard]] base::Result<void> build(const std::stop_token &stop = {});

private:
    static constexpr std::size_t kMostHashes = 4'000'000;
    const sqlite::Connection *m_connection = nullptr;
    std::vector<std::string> m_statements;
    HashSet m_hashes;
};

} // namespace mulligan::store
