#pragma once

#include "base/result.hpp"
#include "store/attempt_facts.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>

namespace mulligan::store
{

/// Row ids of a joining record's texts; 0: none.
struct JoinIds {
    std::int64_t job = 0;
    std::array<std::int64_t, 5> names{}; ///< workflow, owner, team, cluster, queue
    std::int64_t text = 0;
    std::int64_t cause = 0;
    std::int64_t config = 0;
};

/// Joins what several sources say of one attempt. Every fact keeps its source (attempt_fact; a fact without a row there
/// is of the attempt's own source). Where two sources differ, the one that is believed about this fact wins, whichever
/// came first (`Believed`); configurations and metrics are united property by property under the same rule. Differences
/// that matter are kept in the table `conflict`. Within the caller's transaction. One thread.
class Joiner
{
public:
    /// `supersedes`: an older version of the source, whose facts are replaced without a conflict; 0: none.
    Joiner(sqlite::Connection &connection, std::int64_t source, std::int64_t supersedes)
        : m_connection(connection), m_source(source), m_supersedes(supersedes)
    {
    }

    /// A record of the source joins the attempt. `applicationAttempt`: the record's number is the application's own.
    [[nodiscard]] base::Result<void> join(std::int64_t attempt, const model::Attempt &record, const JoinIds &ids,
                                          bool applicationAttempt);
    /// Two rows turn out to be one attempt: `from` is joined into `into` and removed.
    [[nodiscard]] base::Result<void> absorb(std::int64_t into, std::int64_t from);
    [[nodiscard]] std::uint64_t conflicts() const { return m_conflicts; }

private:
    struct Witness;
    struct Change;
    [[nodiscard]] base::Result<Standing> standing(std::int64_t source);
    [[nodiscard]] base::Result<Witness> witness(std::int64_t attempt);
    [[nodiscard]] base::Result<void> merge(std::int64_t attempt, Witness &old, const Witness &other);
    [[nodiscard]] base::Result<bool> wins(const FactRule &rule, const Witness &old, const Witness &other);
    [[nodiscard]] base::Result<void> mergeFact(const FactRule &rule, std::int64_t attempt, Witness &old,
                                               const Witness &other, Change &change);
    [[nodiscard]] base::Result<void> unite(const FactRule &rule, std::int64_t attempt, Witness &old,
                                           const Witness &other, Change &change);
    [[nodiscard]] base::Result<void> write(std::int64_t attempt, const Witness &merged, const Change &change);
    [[nodiscard]] base::Result<void> list(std::int64_t attempt, std::string_view field, std::int64_t keptSource,
                                          const std::string &kept, std::int64_t otherSource, const std::string &other);
    [[nodiscard]] base::Result<std::string> shown(const FactRule &rule, const Cells &cells) const;

    sqlite::Connection &m_connection;
    std::int64_t m_source;
    std::int64_t m_supersedes;
    std::map<std::int64_t, Standing> m_standings;
    std::uint64_t m_conflicts = 0;
};

} // namespace mulligan::store
