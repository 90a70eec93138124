#pragma once

#include "base/result.hpp"
#include "store/reconcile.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace mulligan::store
{

/// What each source says of an attempt, in full, for attempts that several speak of (table `witness`): only so can the
/// one that is believed be found again when another comes. An attempt of one source has no rows; its own row says it
/// all. One thread, within the caller's transaction.
class WitnessTable
{
public:
    explicit WitnessTable(Statements &statements) : m_statements(statements) {}

    /// All that speak of an attempt. Of an attempt joined before this table was, what is known are the facts that
    /// count.
    [[nodiscard]] base::Result<std::vector<Witness>> of(std::int64_t attempt);
    /// Keeps what is new: all of them when the attempt had none, else the last alone. One alone needs no row.
    [[nodiscard]] base::Result<void> keep(std::int64_t attempt, const std::vector<Witness> &witnesses);
    [[nodiscard]] base::Result<void> forget(std::int64_t attempt, std::int64_t source);
    /// Keeps these in place of what was there.
    [[nodiscard]] base::Result<void> replace(std::int64_t attempt, const std::vector<Witness> &witnesses);
    /// Gives a witness that is not from the table its standing and path.
    [[nodiscard]] base::Result<void> introduce(Witness &witness);

private:
    struct Known {
        Standing standing = Standing::Scheduler;
        std::string path;
    };
    [[nodiscard]] base::Result<std::vector<Witness>> kept(std::int64_t attempt);
    [[nodiscard]] base::Result<std::vector<Witness>> ofItsOwnRow(std::int64_t attempt);
    [[nodiscard]] base::Result<void> insert(std::int64_t attempt, const Witness &witness);

    Statements &m_statements;
    std::map<std::int64_t, Known> m_known;
};

} // namespace mulligan::store
