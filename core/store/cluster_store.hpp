#pragma once

#include "base/instant.hpp"
#include "base/result.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::store
{

/// A cluster of root causes as it is kept.
struct ClusterRow {
    std::int64_t number = 0; ///< in order of foundation, from 1
    std::string id;
    std::string text; ///< template
    std::string exceptionClass;
    std::string frames;      ///< one a line
    base::Instant firstSeen; ///< of all its failures when it was last mined; zero when there were none
    base::Instant lastSeen;
    std::uint64_t failures = 0;
    double costUsd = 0.0;

    bool operator==(const ClusterRow &) const = default;
};

/// All clusters, in order of foundation.
[[nodiscard]] base::Result<std::vector<ClusterRow>> loadClusters(Workspace &workspace);

/// A distinct root cause. Views live until the next row.
struct CauseRow {
    std::int64_t id = 0;
    std::string_view body;
    std::string_view exceptionClass;
    std::int64_t cluster = 0; ///< number; 0: none
};
using VisitCause = std::function<base::Result<void>(const CauseRow &)>;

/// Visits root causes that no mining has seen, by id.
[[nodiscard]] base::Result<void> forEachNewCause(Workspace &workspace, const VisitCause &visit, std::stop_token stop);
/// Visits all root causes with their clusters, by id.
[[nodiscard]] base::Result<void> forEachCause(Workspace &workspace, const VisitCause &visit, std::stop_token stop);
/// Visits some root causes, in the order of `ids`; those that are gone are left out.
[[nodiscard]] base::Result<void> visitCauses(Workspace &workspace, const std::vector<std::int64_t> &ids,
                                             const VisitCause &visit, std::stop_token stop);
/// The cluster's number of each cause, by cause id (0: none, or no such cause); as long as the largest id + 1.
[[nodiscard]] base::Result<std::vector<std::int64_t>> causeClusters(Workspace &workspace, std::stop_token stop);

/// What mining weighs of a failed or killed attempt. Text ids, names and verdicts by their row ids; 0: none.
struct FailureWeight {
    std::int64_t attempt = 0;
    std::int64_t cause = 0;
    std::int64_t verdict = 0;
    std::int64_t job = 0;
    std::int64_t owner = 0;
    base::Instant startedAt;
    double costUsd = 0.0;
};
/// Visits all failures from one index, in no stated order: about 0.3 s for a million.
[[nodiscard]] base::Result<void> forEachFailureWeight(Workspace &workspace,
                                                      const std::function<void(const FailureWeight &)> &visit,
                                                      std::stop_token stop);

/// Rule and class of every verdict by its row id; as long as the largest id + 1. A verdict without a rule is empty.
struct VerdictName {
    std::string rule;
    std::string errorClass;
};
[[nodiscard]] base::Result<std::vector<VerdictName>> verdictNames(Workspace &workspace);

/// Names of jobs, or of owners, by row id.
[[nodiscard]] base::Result<std::string> jobName(Workspace &workspace, std::int64_t id);
[[nodiscard]] base::Result<std::string> ownerName(Workspace &workspace, std::int64_t id);

/// Writes clusters and who is in them in one transaction; not committed, nothing changes. Of a workspace that was
/// opened for reading nothing is kept: mining it gives the same list, anew each time.
class ClusterWriter
{
public:
    [[nodiscard]] static base::Result<ClusterWriter> begin(Workspace &workspace);
    ClusterWriter(ClusterWriter &&) noexcept;
    ~ClusterWriter();
    /// Adds a cluster, or replaces what is known of the one with this number.
    [[nodiscard]] base::Result<void> save(const ClusterRow &cluster);
    /// Puts a root cause into a cluster; 0: into none, and it is not new any more.
    [[nodiscard]] base::Result<void> assign(std::int64_t cause, std::int64_t cluster);
    [[nodiscard]] base::Result<void> commit();

private:
    struct State;
    explicit ClusterWriter(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace mulligan::store
