#pragma once

#include "base/instant.hpp"
#include "base/result.hpp"
#include "pipeline/mine_causes.hpp"
#include "store/cluster_store.hpp"

#include <cstdint>
#include <map>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mulligan::pipeline
{

/// What some failures weigh together.
struct FailureSum {
    std::uint64_t failures = 0;
    double costUsd = 0.0;
    base::Instant first; ///< earliest and latest start; zero when there are none
    base::Instant last;

    void add(const store::FailureWeight &weight);
};

/// Name ids with how many failures each has, the most frequent first, then by id.
using IdCounts = std::vector<std::pair<std::int64_t, std::uint64_t>>;

/// Failures of one cluster that one rule classifies.
struct RuleCount {
    store::VerdictName name;
    std::uint64_t failures = 0;
};

/// What every cluster weighs. Clusters by index (number − 1).
class MiningTally
{
public:
    /// One pass over all failures. `all`: classified ones are asked for too.
    [[nodiscard]] static base::Result<MiningTally> make(store::Workspace &workspace, const CauseClusters &clusters,
                                                        bool all, const std::stop_token &stop);

    [[nodiscard]] const FailureSum &asked(std::size_t cluster) const { return m_asked[cluster]; }
    [[nodiscard]] const FailureSum &every(std::size_t cluster) const { return m_every[cluster]; }
    [[nodiscard]] std::uint64_t classified(std::size_t cluster) const { return m_classified[cluster]; }
    /// Rule and class of most of a cluster's classified failures; both empty when there are none.
    [[nodiscard]] store::VerdictName rule(std::size_t cluster) const;
    /// Every rule that classifies some of a cluster's failures with its class and how many, the most frequent first.
    [[nodiscard]] std::vector<RuleCount> rules(std::size_t cluster) const;
    [[nodiscard]] IdCounts jobs(std::size_t cluster) const { return countsOf(m_jobs, cluster); }
    [[nodiscard]] IdCounts owners(std::size_t cluster) const { return countsOf(m_owners, cluster); }
    /// By cause id: failures asked for, and the earliest stored attempt of them (0 none).
    [[nodiscard]] std::uint32_t causeFailures(std::size_t cause) const { return m_causeFailures[cause]; }
    [[nodiscard]] std::int64_t causeAttempt(std::size_t cause) const { return m_causeAttempt[cause]; }
    [[nodiscard]] std::uint64_t failures() const { return m_failures; }
    [[nodiscard]] std::uint64_t allFailures() const { return m_allFailures; }
    [[nodiscard]] std::uint64_t withoutText() const { return m_withoutText; }
    [[nodiscard]] std::uint64_t withoutCluster() const { return m_withoutCluster; }

private:
    using Pair = std::pair<std::uint32_t, std::uint32_t>; ///< cluster, name
    void count(const store::FailureWeight &weight, const std::vector<store::VerdictName> &names,
               const std::vector<std::int64_t> &ofCause, bool all);
    [[nodiscard]] static IdCounts countsOf(const std::vector<Pair> &pairs, std::size_t cluster);

    std::vector<FailureSum> m_asked;
    std::vector<FailureSum> m_every;
    std::vector<std::uint64_t> m_classified;
    std::vector<std::uint32_t> m_causeFailures;
    std::vector<std::int64_t> m_causeAttempt;
    std::unordered_map<std::uint64_t, std::uint64_t> m_verdicts; ///< failures by cluster and verdict
    std::map<std::pair<std::size_t, std::string>, std::pair<std::uint64_t, std::string>> m_rules;
    std::vector<Pair> m_jobs; ///< one entry a failure, sorted
    std::vector<Pair> m_owners;
    std::uint64_t m_failures = 0;
    std::uint64_t m_allFailures = 0;
    std::uint64_t m_withoutText = 0;
    std::uint64_t m_withoutCluster = 0;
};

/// Root causes of some clusters, the most frequent first.
class CausesOf
{
public:
    /// `wanted`: indices of clusters.
    CausesOf(const CauseClusters &clusters, const MiningTally &tally, const std::vector<std::size_t> &wanted);

    /// Ids of the root causes of the cluster `wanted[place]`.
    [[nodiscard]] const std::vector<std::int64_t> &at(std::size_t place) const { return m_causes[place]; }

private:
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
    std::vector<std::size_t> m_place; ///< by cluster number
    std::vector<std::vector<std::int64_t>> m_causes;
};

} // namespace mulligan::pipeline
