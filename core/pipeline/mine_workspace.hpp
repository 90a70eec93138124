#pragma once

#include "base/instant.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "classify/mining.hpp"
#include "classify/mining_rule.hpp"
#include "store/workspace.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace mulligan::pipeline
{

enum class MineOrder { Cost, Count };

struct MineOptions {
    MineOrder order = MineOrder::Count;
    bool all = false;       ///< count classified failures too; else clusters without an unclassified one are left out
    std::size_t limit = 50; ///< clusters listed; 0: all
    std::size_t examples = 3;
    std::size_t neighbours = 3;
    std::size_t names = 5; ///< jobs and owners named for each cluster
    /// Draft and try the rules of the first 500 clusters listed: one pass over all root causes, some seconds for a
    /// million. Of others `pattern` is made from the members alone, and `checks` is empty.
    bool checks = true;
    classify::MiningOptions mining;
};

/// A job or owner and how many of the cluster's failures are its.
struct NamedCount {
    std::string name;
    std::uint64_t failures = 0;

    bool operator==(const NamedCount &) const = default;
};

/// A cluster whose words are similar. `rule` and `errorClass` say how most of its failures are classified.
struct ClusterNeighbour {
    std::string id;
    std::string text; ///< its template
    double similarity = 0.0;
    std::string rule;       ///< "" unclassified
    std::string errorClass; ///< "unclassified" without a rule
    std::uint64_t failures = 0;

    bool operator==(const ClusterNeighbour &) const = default;
};

/// A cluster of failures and what it weighs. Figures are of the failures that were asked for (`MineOptions::all`).
struct MinedCluster {
    classify::MinedTemplate cluster;
    std::uint64_t failures = 0;
    double share = 0.0; ///< of all failures asked for, those without a text included
    double costUsd = 0.0;
    base::Instant firstSeen; ///< earliest and latest start
    base::Instant lastSeen;
    std::uint64_t jobCount = 0;
    std::uint64_t ownerCount = 0;
    std::vector<NamedCount> jobs; ///< the most frequent first
    std::vector<NamedCount> owners;
    std::uint64_t unclassified = 0; ///< failures of the cluster without a rule, and with one
    std::uint64_t classified = 0;
    std::string rule;              ///< that classifies most of its classified failures; "" none
    std::vector<NamedCount> rules; ///< all that classify some of them, the most frequent first
    /// Its lines are log lines of no consequence (text::tellsNoFailure), which stand there because the failures' texts
    /// say nothing better. Nothing is drafted for it, and no rule is called similar to it.
    bool withoutCause = false;
    std::vector<std::string> examples;    ///< first lines of root causes, distinct, the most frequent first
    std::vector<std::int64_t> failureIds; ///< attempts of the examples, one each
    std::string pattern; ///< of the draft rule; "" when the lines have no words in common, or without a cause
    classify::DraftChecks checks;
    std::vector<ClusterNeighbour> neighbours;
};

struct MiningReport {
    std::vector<MinedCluster> clusters;
    std::uint64_t failures = 0; ///< asked for: the unclassified ones, or all
    std::uint64_t allFailures = 0;
    std::uint64_t withoutText = 0;    ///< of `failures`: they have no root cause to cluster by
    std::uint64_t withoutCluster = 0; ///< of `failures`: there was no room for another template
    std::uint64_t withoutCause = 0;   ///< of `failures`: in listed clusters without a cause
    std::uint64_t clusterCount = 0;   ///< with at least one of `failures`, listed or not
    std::uint64_t newCauses = 0;      ///< distinct root causes that were clustered now
    std::uint64_t newClusters = 0;
    double seconds = 0.0;
};

/// Clusters the root causes that were not clustered before, keeps clusters and membership in the workspace, and lists
/// clusters. Ids, templates and membership of what was clustered before stay (templates may become more general). All
/// root causes are clustered whatever is asked for, so that classified ones are there to compare with.
/// Errors: InsufficientData when there are unjudged failures (and not `all`); Cancelled: what had been clustered by
/// then is kept whole or not at all.
[[nodiscard]] base::Result<MiningReport> mineWorkspace(store::Workspace &workspace, const MineOptions &options,
                                                       std::stop_token stop, base::Progress &progress);

/// A draft rule of a cluster, tried on the whole workspace.
struct RuleDraft {
    std::string cluster;
    classify::Rule rule; ///< status draft, class "unclassified"
    classify::DraftForm form = classify::DraftForm::Plain;
    classify::DraftChecks checks;
    classify::DraftPreview preview;
    classify::ClassProposal proposal;
    std::string yaml; ///< a pack of this rule alone
};

/// Makes the rule of one mined cluster (`cluster`: its id, or the beginning of it that no other shares): the most
/// general candidate that matches no other cluster's members and no success, else the one that matches the fewest, and
/// `checks` says so. `date` ("2026-01-02") goes into `created`.
/// Errors: NotFound (no such cluster, or not mined yet), InvalidArgument (an ambiguous beginning), InsufficientData
/// (its lines have nothing in common, or are no cause), Cancelled.
[[nodiscard]] base::Result<RuleDraft> draftRule(store::Workspace &workspace, const std::string &cluster,
                                                const std::string &date, std::stop_token stop,
                                                base::Progress &progress);

} // namespace mulligan::pipeline
