#include "pipeline/mine_causes.hpp"

#include <algorithm>
#include <utility>

namespace mulligan::pipeline
{

namespace
{

/// What a root cause looks like once masked, and its id.
using Looks = std::vector<std::pair<std::uint64_t, std::int64_t>>;

base::Result<Looks> learnNew(store::Workspace &workspace, classify::TemplateMiner &miner, int frames,
                             const std::vector<bool> &failed, const std::stop_token &stop, base::Progress &progress)
{
    MULLIGAN_TRY(const auto waiting, workspace.connection().integer("SELECT (SELECT count(*) FROM cause) - "
                                                                    "(SELECT count(*) FROM cause_cluster_member)"));
    progress.begin("Reading root causes", static_cast<std::uint64_t>(std::max<std::int64_t>(waiting, 0)));
    Looks looks;
    MULLIGAN_CHECK(store::forEachNewCause(
        workspace,
        [&](const store::CauseRow &row) -> base::Result<void> {
            if (failed[static_cast<std::size_t>(row.id)])
                looks.emplace_back(miner.learn(classify::causeKey(row.body, row.exceptionClass, frames)), row.id);
            progress.advance();
            return {};
        },
        stop));
    std::sort(looks.begin(), looks.end());
    return looks;
}

/// Ids of one cause for each look, in order.
std::vector<std::int64_t> onePerLook(const Looks &looks)
{
    std::vector<std::int64_t> ids;
    for (std::size_t i = 0; i < looks.size(); ++i)
        if (i == 0 || looks[i].first != looks[i - 1].first)
            ids.push_back(looks[i].second);
    return ids;
}

} // namespace

base::Result<CauseClusters> storedClusters(store::Workspace &workspace, const std::stop_token &stop)
{
    CauseClusters out;
    MULLIGAN_TRY(out.clusters, store::loadClusters(workspace));
    MULLIGAN_TRY(out.ofCause, store::causeClusters(workspace, stop));
    out.failed.resize(out.ofCause.size());
    const auto note = [&](const store::FailureWeight &weight) {
        if (const auto cause = static_cast<std::size_t>(weight.cause); cause < out.failed.size())
            out.failed[cause] = cause != 0;
    };
    MULLIGAN_CHECK(store::forEachFailureWeight(workspace, note, stop));
    return out;
}

base::Result<CauseClusters> mineCauses(store::Workspace &workspace, store::ClusterWriter &writer,
                                       const classify::MiningOptions &options, const std::stop_token &stop,
                                       base::Progress &progress)
{
    MULLIGAN_TRY(CauseClusters out, storedClusters(workspace, stop));
    const std::size_t before = out.clusters.size();
    classify::TemplateMiner miner(options);
    for (const store::ClusterRow &row : out.clusters)
        miner.restore({row.id, row.text, row.exceptionClass, row.frames});
    MULLIGAN_TRY(const Looks looks, learnNew(workspace, miner, options.frames, out.failed, stop, progress));
    progress.begin("Clustering root causes", looks.size());
    std::size_t at = 0;
    const auto addLook = [&](const store::CauseRow &row) -> base::Result<void> {
        const auto cluster = miner.add(classify::causeKey(row.body, row.exceptionClass, options.frames));
        const std::int64_t number = cluster == classify::kNoCluster ? 0 : static_cast<std::int64_t>(cluster) + 1;
        for (const std::uint64_t look = looks[at].first; at < looks.size() && looks[at].first == look; ++at) {
            MULLIGAN_CHECK(writer.assign(looks[at].second, number));
            out.ofCause[static_cast<std::size_t>(looks[at].second)] = number;
            progress.advance();
        }
        return {};
    };
    MULLIGAN_CHECK(store::visitCauses(workspace, onePerLook(looks), addLook, stop));
    out.newCauses = looks.size();
    out.newClusters = miner.clusters().size() - before;
    out.clusters.resize(miner.clusters().size());
    for (std::size_t i = 0; i < out.clusters.size(); ++i) {
        const classify::MinedTemplate &mined = miner.clusters()[i];
        out.clusters[i].number = static_cast<std::int64_t>(i) + 1;
        out.clusters[i].id = mined.id;
        out.clusters[i].text = mined.text;
        out.clusters[i].exceptionClass = mined.exceptionClass;
        out.clusters[i].frames = mined.frames;
    }
    return out;
}

} // namespace mulligan::pipeline
