#include "pipeline/mine_workspace.hpp"

#include "classify/mining_neighbours.hpp"
#include "classify/rule_file.hpp"
#include "pipeline/classify_workspace.hpp"
#include "pipeline/mine_causes.hpp"
#include "pipeline/mining_drafts.hpp"
#include "pipeline/mining_tally.hpp"
#include "text/root_cause.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>

namespace mulligan::pipeline
{

namespace
{

constexpr std::size_t kMaxExampleBytes = 500;
/// Clusters whose drafts are tried in one go: more would take long to compile.
constexpr std::size_t kMaxDrafts = 500;
constexpr std::size_t kNearMisses = 6;
constexpr double kLeastNeighbour = 0.2;
constexpr double kLeastNearMiss = 0.05;
/// Below it a neighbour's class is no more than a guess.
constexpr double kLeastProposal = 0.3;

classify::MinedTemplate templateOf(const store::ClusterRow &row)
{
    return {row.id, row.text, row.exceptionClass, row.frames};
}

/// What neighbours are found by: the words of the line, and of the exception's name where the line does not have it.
std::vector<std::string> neighbourTexts(const std::vector<store::ClusterRow> &rows)
{
    std::vector<std::string> texts;
    texts.reserve(rows.size());
    for (const store::ClusterRow &row : rows) {
        const bool named = row.text.find(row.exceptionClass) != std::string::npos;
        texts.push_back(named ? row.text : row.exceptionClass + " " + row.text);
    }
    return texts;
}

/// Clusters with at least one failure asked for, in the order asked for.
std::vector<std::size_t> ordered(const CauseClusters &clusters, const MiningTally &tally, MineOrder order)
{
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < clusters.clusters.size(); ++i)
        if (tally.asked(i).failures > 0)
            out.push_back(i);
    std::sort(out.begin(), out.end(), [&](std::size_t a, std::size_t b) {
        const FailureSum &x = tally.asked(a);
        const FailureSum &y = tally.asked(b);
        if (order == MineOrder::Cost && x.costUsd != y.costUsd)
            return x.costUsd > y.costUsd;
        if (x.failures != y.failures)
            return x.failures > y.failures;
        return clusters.clusters[a].id < clusters.clusters[b].id;
    });
    return out;
}

/// Makes the list from what was mined.
class Lister
{
public:
    Lister(store::Workspace &workspace, const CauseClusters &clusters, const MiningTally &tally,
           const MineOptions &options, const std::stop_token &stop)
        : m_workspace(workspace), m_clusters(clusters), m_tally(tally), m_options(options), m_stop(stop),
          m_neighbours(neighbourTexts(clusters.clusters))
    {
    }

    base::Result<std::vector<MinedCluster>> list(const std::vector<std::size_t> &wanted, base::Progress &progress)
    {
        const CausesOf causes(m_clusters, m_tally, wanted);
        std::vector<MinedCluster> out;
        std::vector<DraftWish> wishes;
        std::vector<std::size_t> places; // of the wishes' clusters
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            const bool drafted = m_options.checks && wishes.size() < kMaxDrafts;
            MULLIGAN_TRY(auto cluster, describe(wanted[i], causes.at(i), drafted));
            if (drafted && !cluster.withoutCause) {
                wishes.push_back({wanted[i], causes.at(i), {}});
                places.push_back(i);
            }
            out.push_back(std::move(cluster));
        }
        MULLIGAN_TRY(const auto drafts, tryDrafts(m_workspace, m_clusters, wishes, {}, m_stop, progress));
        for (std::size_t i = 0; i < drafts.size(); ++i) {
            out[places[i]].checks = drafts[i].checks;
            out[places[i]].pattern = drafts[i].made ? patternOf(drafts[i].rule) : std::string();
        }
        return out;
    }

    [[nodiscard]] std::vector<ClusterNeighbour> neighboursOf(std::size_t index, std::size_t count) const
    {
        std::vector<ClusterNeighbour> out;
        for (const auto &[other, similarity] :
             m_neighbours.of(static_cast<std::uint32_t>(index), count, kLeastNeighbour)) {
            const store::ClusterRow &row = m_clusters.clusters[other];
            const store::VerdictName name = m_tally.rule(other);
            out.push_back({row.id, row.text, similarity, name.rule,
                           name.rule.empty() ? std::string(model::kUnclassified) : name.errorClass,
                           m_tally.every(other).failures});
        }
        return out;
    }

    /// Root causes of the clusters most like this one: what a rule could match by mistake.
    base::Result<std::vector<std::string>> nearMisses(std::size_t index) const
    {
        std::vector<std::size_t> others;
        for (const classify::Neighbour &each :
             m_neighbours.of(static_cast<std::uint32_t>(index), kNearMisses, kLeastNearMiss))
            others.push_back(each.index);
        const CausesOf causes(m_clusters, m_tally, others);
        std::vector<std::int64_t> ids;
        for (std::size_t i = 0; i < others.size(); ++i)
            if (!causes.at(i).empty())
                ids.push_back(causes.at(i).front());
        std::vector<std::string> out;
        MULLIGAN_CHECK(store::visitCauses(
            m_workspace, ids,
            [&](const store::CauseRow &row) -> base::Result<void> {
                out.emplace_back(row.body);
                return {};
            },
            m_stop));
        return out;
    }

    /// Whether no line of a cluster tells of a failure. Where the template leaves open what it says, lines are looked
    /// at.
    base::Result<bool> withoutCause(std::size_t index, const std::vector<std::int64_t> &causes) const
    {
        const store::ClusterRow &row = m_clusters.clusters[index];
        bool harmless = row.exceptionClass.empty() && row.frames.empty() && text::tellsNoFailure(row.text);
        if (!harmless)
            return false;
        MULLIGAN_CHECK(visitFirst(
            causes, [&](const store::CauseRow &cause) { harmless = harmless && text::tellsNoFailure(cause.body); }));
        return harmless;
    }

    [[nodiscard]] classify::ClassProposal proposal(std::size_t index) const
    {
        // Rules of several classes found theirs in other lines of the failures' texts: this one speaks for none of
        // them.
        const std::vector<RuleCount> own = m_tally.rules(index);
        const bool agree = std::all_of(own.begin(), own.end(), [&](const RuleCount &each) {
            return each.name.errorClass == own.front().name.errorClass;
        });
        if (!own.empty() && !agree)
            return {};
        if (!own.empty())
            return {own.front().name.errorClass, own.front().name.rule, m_clusters.clusters[index].id, 1.0};
        for (const auto &[other, similarity] :
             m_neighbours.of(static_cast<std::uint32_t>(index), kNearMisses, kLeastProposal))
            if (const store::VerdictName name = m_tally.rule(other); !name.rule.empty())
                return {name.errorClass, name.rule, m_clusters.clusters[other].id, similarity};
        return {};
    }

private:
    static std::string patternOf(const classify::Rule &rule)
    {
        return !rule.all.empty() ? rule.all.front() : rule.any.empty() ? std::string() : rule.any.front();
    }

    base::Result<MinedCluster> describe(std::size_t index, const std::vector<std::int64_t> &causes, bool drafted)
    {
        const FailureSum &sum = m_tally.asked(index);
        MinedCluster out;
        out.cluster = templateOf(m_clusters.clusters[index]);
        out.failures = sum.failures;
        out.share =
            static_cast<double>(sum.failures) / static_cast<double>(std::max<std::uint64_t>(1, m_tally.failures()));
        out.costUsd = sum.costUsd;
        out.firstSeen = sum.first;
        out.lastSeen = sum.last;
        out.classified = m_tally.classified(index);
        out.unclassified = m_tally.every(index).failures - out.classified;
        for (const RuleCount &each : m_tally.rules(index))
            out.rules.push_back({each.name.rule, each.failures});
        out.rule = out.rules.empty() ? std::string() : out.rules.front().name;
        MULLIGAN_CHECK(nameJobs(out, index));
        MULLIGAN_TRY(out.withoutCause, withoutCause(index, causes));
        MULLIGAN_CHECK(addExamples(out, causes, drafted));
        if (!out.withoutCause)
            out.neighbours = neighboursOf(index, m_options.neighbours);
        return out;
    }

    base::Result<void> nameJobs(MinedCluster &out, std::size_t index)
    {
        const IdCounts jobs = m_tally.jobs(index);
        const IdCounts owners = m_tally.owners(index);
        out.jobCount = jobs.size();
        out.ownerCount = owners.size();
        for (std::size_t i = 0; i < std::min(jobs.size(), m_options.names); ++i) {
            MULLIGAN_TRY(auto name, store::jobName(m_workspace, jobs[i].first));
            out.jobs.push_back({std::move(name), jobs[i].second});
        }
        for (std::size_t i = 0; i < std::min(owners.size(), m_options.names); ++i) {
            MULLIGAN_TRY(auto name, store::ownerName(m_workspace, owners[i].first));
            out.owners.push_back({std::move(name), owners[i].second});
        }
        return {};
    }

    /// The first of some root causes, which are the most frequent ones.
    base::Result<void> visitFirst(const std::vector<std::int64_t> &causes,
                                  const std::function<void(const store::CauseRow &)> &visit) const
    {
        constexpr std::size_t kLooked = 50;
        const auto end = causes.begin() + static_cast<std::ptrdiff_t>(std::min(causes.size(), kLooked));
        return store::visitCauses(
            m_workspace, {causes.begin(), end},
            [&](const store::CauseRow &row) -> base::Result<void> {
                visit(row);
                return {};
            },
            m_stop);
    }

    /// Different lines of the failures asked for; and, where nothing will be drafted, the pattern of the members.
    base::Result<void> addExamples(MinedCluster &out, const std::vector<std::int64_t> &causes, bool drafted)
    {
        std::vector<std::string> lines;
        MULLIGAN_CHECK(visitFirst(causes, [&](const store::CauseRow &row) {
            const std::string_view line = row.body.substr(0, row.body.find('\n'));
            lines.emplace_back(line);
            const std::int64_t attempt = m_tally.causeAttempt(static_cast<std::size_t>(row.id));
            std::string shown(line.substr(0, kMaxExampleBytes));
            if (attempt == 0 || out.examples.size() >= m_options.examples
                || std::find(out.examples.begin(), out.examples.end(), shown) != out.examples.end())
                return;
            out.examples.push_back(std::move(shown));
            out.failureIds.push_back(attempt);
        }));
        const std::vector<std::string_view> views(lines.begin(), lines.end());
        if (!drafted && !out.withoutCause)
            out.pattern = classify::minePattern(views).expression;
        return {};
    }

    store::Workspace &m_workspace;
    const CauseClusters &m_clusters;
    const MiningTally &m_tally;
    const MineOptions &m_options;
    const std::stop_token &m_stop;
    classify::NeighbourIndex m_neighbours;
};

/// Writes what clusters weigh where it is another than before.
base::Result<void> saveClusters(store::Workspace &workspace, store::ClusterWriter &writer, CauseClusters &clusters,
                                const MiningTally &tally)
{
    MULLIGAN_TRY(const auto stored, store::loadClusters(workspace));
    for (std::size_t i = 0; i < clusters.clusters.size(); ++i) {
        store::ClusterRow &row = clusters.clusters[i];
        const FailureSum &sum = tally.every(i);
        row.firstSeen = sum.first;
        row.lastSeen = sum.last;
        row.failures = sum.failures;
        row.costUsd = sum.costUsd;
        if (i >= stored.size() || !(stored[i] == row))
            MULLIGAN_CHECK(writer.save(row));
    }
    return {};
}

base::Error cancelled()
{
    return base::makeError(base::ErrorCode::Cancelled, "Mining was cancelled", "What was mined before is kept.");
}

/// The stored clusters; of a workspace open for reading also those that mining would find now, since the list that
/// named them could not be kept.
base::Result<CauseClusters> clustersNow(store::Workspace &workspace, const std::stop_token &stop,
                                        base::Progress &progress)
{
    if (workspace.writable())
        return storedClusters(workspace, stop);
    MULLIGAN_TRY(store::ClusterWriter writer, store::ClusterWriter::begin(workspace));
    return mineCauses(workspace, writer, MineOptions().mining, stop, progress);
}

base::Result<std::size_t> findCluster(const CauseClusters &clusters, const std::string &wanted,
                                      const std::string &workspace)
{
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < clusters.clusters.size(); ++i) {
        const std::string &id = clusters.clusters[i].id;
        if (wanted.empty() || !id.starts_with(wanted))
            continue;
        if (found)
            return base::makeError(base::ErrorCode::InvalidArgument,
                                   "Several clusters' ids begin with '" + wanted + "'", "Give more of the id.");
        found = i;
    }
    if (!found)
        return base::makeError(base::ErrorCode::NotFound, "There is no cluster '" + wanted + "'",
                               "List the clusters with 'mulligan mine " + workspace + "'.");
    return *found;
}

base::Error noCause(const store::ClusterRow &cluster)
{
    return base::makeError(base::ErrorCode::InsufficientData,
                           "Cluster " + cluster.id + " has no cause in its text: '" + cluster.text
                               + "' tells of no failure, and no rule should rest on it",
                           "Look at the whole texts of its failures, and have more of their logs collected where they "
                           "say no more than this.");
}

} // namespace

base::Result<MiningReport> mineWorkspace(store::Workspace &workspace, const MineOptions &options, std::stop_token stop,
                                         base::Progress &progress)
{
    const auto begun = std::chrono::steady_clock::now();
    if (!options.all)
        MULLIGAN_CHECK(requireClassified(workspace));
    MULLIGAN_TRY(store::ClusterWriter writer, store::ClusterWriter::begin(workspace));
    MULLIGAN_TRY(CauseClusters clusters, mineCauses(workspace, writer, options.mining, stop, progress));
    progress.begin("Weighing clusters");
    MULLIGAN_TRY(const MiningTally tally, MiningTally::make(workspace, clusters, options.all, stop));
    MULLIGAN_CHECK(saveClusters(workspace, writer, clusters, tally));
    if (stop.stop_requested())
        return cancelled();
    MULLIGAN_CHECK(writer.commit());
    MiningReport report;
    std::vector<std::size_t> wanted = ordered(clusters, tally, options.order);
    report.clusterCount = wanted.size();
    if (options.limit > 0 && wanted.size() > options.limit)
        wanted.resize(options.limit);
    Lister lister(workspace, clusters, tally, options, stop);
    MULLIGAN_TRY(report.clusters, lister.list(wanted, progress));
    for (const MinedCluster &each : report.clusters)
        report.withoutCause += each.withoutCause ? each.failures : 0;
    report.failures = tally.failures();
    report.allFailures = tally.allFailures();
    report.withoutText = tally.withoutText();
    report.withoutCluster = tally.withoutCluster();
    report.newCauses = clusters.newCauses;
    report.newClusters = clusters.newClusters;
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return report;
}

base::Result<RuleDraft> draftRule(store::Workspace &workspace, const std::string &cluster, const std::string &date,
                                  std::stop_token stop, base::Progress &progress)
{
    MULLIGAN_TRY(const CauseClusters clusters, clustersNow(workspace, stop, progress));
    MULLIGAN_TRY(const std::size_t index, findCluster(clusters, cluster, workspace.path()));
    MULLIGAN_TRY(const MiningTally tally, MiningTally::make(workspace, clusters, true, stop));
    const MineOptions options;
    const Lister lister(workspace, clusters, tally, options, stop);
    DraftWish wish;
    wish.cluster = index;
    wish.causes = CausesOf(clusters, tally, {index}).at(0);
    MULLIGAN_TRY(const bool withoutCause, lister.withoutCause(index, wish.causes));
    if (withoutCause)
        return noCause(clusters.clusters[index]);
    MULLIGAN_TRY(wish.nearMisses, lister.nearMisses(index));
    MULLIGAN_TRY(auto drafts, tryDrafts(workspace, clusters, {wish}, date, stop, progress));
    TriedDraft &tried = drafts.front();
    if (!tried.made)
        return base::makeError(base::ErrorCode::InsufficientData,
                               "The lines of cluster " + clusters.clusters[index].id
                                   + " have no words in common that would make a pattern",
                               "Write the rule by hand.");
    RuleDraft draft;
    draft.cluster = clusters.clusters[index].id;
    draft.form = tried.form;
    draft.checks = std::move(tried.checks);
    draft.rule = std::move(tried.rule);
    draft.proposal = lister.proposal(index);
    MULLIGAN_TRY(draft.preview, previewDraft(workspace, draft.rule, stop, progress));
    classify::RulePack pack;
    pack.rules = {draft.rule};
    draft.yaml = classify::writePack(pack);
    return draft;
}

} // namespace mulligan::pipeline
