#pragma once

#include "base/result.hpp"
#include "store/witness_table.hpp"

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

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

/// What became of a record that speaks of an attempt that is there.
enum class JoinOutcome {
    Joined,  ///< another source had spoken of it
    Renewed, ///< only an older version of this source had
    Repeated ///< this source has spoken of it already; nothing was changed
};

/// Joins what several sources say of one attempt. What each of them says is kept whole (`WitnessTable`), and what holds
/// is found from all of it anew whenever one is added (`reconcile`), so that the order in which they come makes no
/// difference. Every fact keeps its source (attempt_fact; a fact without a row there is of the attempt's own source,
/// which is the one that names it). Differences between the source that is believed and another one are kept in the
/// table `conflict`. Within the caller's transaction. One thread.
class Joiner
{
public:
    /// `supersedes`: an older version of the source, whose facts are replaced without a conflict; 0: none. `continues`:
    /// the older version's records are this one's and do not come again. `replaces`: all of them come again, and what
    /// they do not say any more is not known any more.
    Joiner(sqlite::Connection &connection, std::int64_t source, std::int64_t supersedes, bool continues,
           bool replaces = false)
        : m_connection(connection), m_statements(connection), m_witnesses(m_statements), m_source(source),
          m_supersedes(supersedes), m_continues(continues), m_replaces(replaces)
    {
    }
    Joiner(const Joiner &) = delete;
    Joiner &operator=(const Joiner &) = delete;

    /// A record of the source joins the attempt. `applicationAttempt`: the record's number is the application's own.
    [[nodiscard]] base::Result<JoinOutcome> join(std::int64_t attempt, const model::Attempt &record, const JoinIds &ids,
                                                 bool applicationAttempt);
    /// Two rows turn out to be one attempt: `from` is joined into `into` and removed. False, and nothing is changed,
    /// when one source speaks of both, and so knows them for two.
    [[nodiscard]] base::Result<bool> absorb(std::int64_t into, std::int64_t from);
    /// A scheduler's attempt spans other attempts of its application, which the resource manager made by itself: they
    /// become part of it.
    [[nodiscard]] base::Result<void> gather(std::int64_t attempt);
    /// The same the other way round: an attempt becomes part of the scheduler's attempt of its application that spans
    /// it; false where there is none.
    [[nodiscard]] base::Result<bool> joinSpanning(std::int64_t part);
    /// At the end of a source that replaces another one: what that one said and this one did not counts no more, and an
    /// attempt of which nobody else speaks goes.
    [[nodiscard]] base::Result<void> withdrawUnsaid();
    /// An event log of the application was stored. A resource manager attempts again only what failed, so a success
    /// that is told by nothing but the end of an earlier attempt's log becomes an unknown outcome, whichever came
    /// first.
    [[nodiscard]] base::Result<void> reconsider(std::string_view application);
    /// Attempts whose logged success the source put in doubt, or whose own it was.
    [[nodiscard]] std::uint64_t followed() const { return m_followed.size(); }
    /// Facts in which the source differs from others, of the attempts joined so far.
    [[nodiscard]] std::uint64_t conflicts() const { return m_conflicts; }

private:
    [[nodiscard]] base::Result<JoinOutcome> goOn(std::int64_t attempt, std::vector<Witness> witnesses, Witness speaker);
    [[nodiscard]] base::Result<void> unite(std::int64_t into, std::vector<Witness> witnesses, std::int64_t from,
                                           std::vector<Witness> others);
    [[nodiscard]] base::Result<void> makePartOf(std::int64_t whole, std::int64_t part);
    [[nodiscard]] base::Result<void> withdraw(std::int64_t attempt);
    [[nodiscard]] base::Result<void> remove(std::int64_t attempt);
    [[nodiscard]] base::Result<void> settle(std::int64_t attempt, std::vector<Witness> witnesses);
    [[nodiscard]] base::Result<void> lookBack(std::int64_t attempt, std::vector<Witness> &witnesses);
    [[nodiscard]] base::Result<void> keepConfig(const std::vector<Witness> &witnesses, Reconciled &result);
    [[nodiscard]] base::Result<void> keepIdentity(std::int64_t attempt, const Cells &before,
                                                  const std::vector<Witness> &witnesses, Reconciled &result);
    [[nodiscard]] base::Result<void> write(std::int64_t attempt, const Cells &before,
                                           const std::vector<Witness> &witnesses, const Reconciled &result);
    [[nodiscard]] base::Result<void> writeFacts(std::int64_t attempt, const std::vector<Witness> &witnesses,
                                                const Reconciled &result);
    [[nodiscard]] base::Result<void> list(std::int64_t attempt, const std::vector<Witness> &witnesses,
                                          const Reconciled &result);
    [[nodiscard]] base::Result<std::string> shown(const Difference &difference, const Witness &witness) const;
    [[nodiscard]] base::Result<std::int64_t> configId(const model::Config &config);

    sqlite::Connection &m_connection;
    Statements m_statements;
    WitnessTable m_witnesses;
    std::int64_t m_source;
    std::int64_t m_supersedes;
    bool m_continues;
    bool m_replaces;
    bool m_reconsidering = false;
    std::set<std::int64_t> m_followed;
    std::uint64_t m_conflicts = 0;
};

} // namespace mulligan::store
