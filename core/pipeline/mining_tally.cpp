#include "pipeline/mining_tally.hpp"

#include <algorithm>

namespace mulligan::pipeline
{

void FailureSum::add(const store::FailureWeight &weight)
{
    first = failures == 0 ? weight.startedAt : std::min(first, weight.startedAt);
    last = failures == 0 ? weight.startedAt : std::max(last, weight.startedAt);
    ++failures;
    costUsd += weight.costUsd;
}

void MiningTally::count(const store::FailureWeight &weight, const std::vector<store::VerdictName> &names,
                        const std::vector<std::int64_t> &ofCause, bool all)
{
    ++m_allFailures;
    const auto verdict = static_cast<std::size_t>(weight.verdict);
    const store::VerdictName *name = verdict < names.size() && !names[verdict].rule.empty() ? &names[verdict] : nullptr;
    const bool asked = all || name == nullptr;
    m_failures += asked ? 1 : 0;
    const auto cause = static_cast<std::size_t>(weight.cause);
    if (cause == 0 || cause >= ofCause.size()) {
        m_withoutText += asked ? 1 : 0;
        return;
    }
    if (ofCause[cause] == 0) {
        m_withoutCluster += asked ? 1 : 0;
        return;
    }
    const auto cluster = static_cast<std::size_t>(ofCause[cause] - 1);
    m_every[cluster].add(weight);
    if (name != nullptr) {
        ++m_classified[cluster];
        ++m_verdicts[(static_cast<std::uint64_t>(cluster) << 32) | verdict];
    }
    if (!asked)
        return;
    m_asked[cluster].add(weight);
    ++m_causeFailures[cause];
    std::int64_t &attempt = m_causeAttempt[cause];
    attempt = attempt == 0 ? weight.attempt : std::min(attempt, weight.attempt);
    m_jobs.emplace_back(cluster, weight.job);
    if (weight.owner != 0)
        m_owners.emplace_back(cluster, weight.owner);
}

base::Result<MiningTally> MiningTally::make(store::Workspace &workspace, const CauseClusters &clusters, bool all,
                                            const std::stop_token &stop)
{
    MULLIGAN_TRY(const auto names, store::verdictNames(workspace));
    MiningTally tally;
    tally.m_asked.resize(clusters.clusters.size());
    tally.m_every.resize(clusters.clusters.size());
    tally.m_classified.resize(clusters.clusters.size());
    tally.m_causeFailures.resize(clusters.ofCause.size());
    tally.m_causeAttempt.resize(clusters.ofCause.size());
    MULLIGAN_CHECK(store::forEachFailureWeight(
        workspace, [&](const store::FailureWeight &weight) { tally.count(weight, names, clusters.ofCause, all); },
        stop));
    for (const auto &[key, failures] : tally.m_verdicts) {
        const store::VerdictName &name = names[key & 0xFFFFFFFF];
        auto &[sum, errorClass] = tally.m_rules[{key >> 32, name.rule}];
        sum += failures;
        errorClass = name.errorClass;
    }
    std::sort(tally.m_jobs.begin(), tally.m_jobs.end());
    std::sort(tally.m_owners.begin(), tally.m_owners.end());
    return tally;
}

std::vector<RuleCount> MiningTally::rules(std::size_t cluster) const
{
    std::vector<RuleCount> out;
    for (auto at = m_rules.lower_bound({cluster, {}}); at != m_rules.end() && at->first.first == cluster; ++at)
        out.push_back({{at->first.second, at->second.second}, at->second.first});
    std::stable_sort(out.begin(), out.end(),
                     [](const RuleCount &a, const RuleCount &b) { return a.failures > b.failures; });
    return out;
}

store::VerdictName MiningTally::rule(std::size_t cluster) const
{
    const std::vector<RuleCount> all = rules(cluster);
    return all.empty() ? store::VerdictName() : all.front().name;
}

IdCounts MiningTally::countsOf(const std::vector<Pair> &pairs, std::size_t cluster)
{
    IdCounts counts;
    const auto wanted = static_cast<std::uint32_t>(cluster);
    for (auto at = std::lower_bound(pairs.begin(), pairs.end(), Pair(wanted, 0));
         at != pairs.end() && at->first == wanted; ++at) {
        if (counts.empty() || counts.back().first != at->second)
            counts.emplace_back(at->second, 0);
        ++counts.back().second;
    }
    std::stable_sort(counts.begin(), counts.end(), [](const auto &a, const auto &b) { return a.second > b.second; });
    return counts;
}

CausesOf::CausesOf(const CauseClusters &clusters, const MiningTally &tally, const std::vector<std::size_t> &wanted)
    : m_place(clusters.clusters.size() + 1, kNone), m_causes(wanted.size())
{
    for (std::size_t i = 0; i < wanted.size(); ++i)
        m_place[wanted[i] + 1] = i;
    for (std::size_t cause = 1; cause < clusters.ofCause.size(); ++cause)
        if (const std::size_t at = m_place[static_cast<std::size_t>(clusters.ofCause[cause])]; at != kNone)
            m_causes[at].push_back(static_cast<std::int64_t>(cause));
    for (auto &causes : m_causes)
        std::stable_sort(causes.begin(), causes.end(), [&](std::int64_t a, std::int64_t b) {
            return tally.causeFailures(static_cast<std::size_t>(a)) > tally.causeFailures(static_cast<std::size_t>(b));
        });
}

} // namespace mulligan::pipeline
