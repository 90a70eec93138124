#include "pipeline/refresh.hpp"

#include "classify/rule_file.hpp"
#include "formats/hash.hpp"
#include "formats/json.hpp"
#include "pipeline/bundle_inputs.hpp"
#include "pipeline/classify_workspace.hpp"
#include "pipeline/decider.hpp"
#include "pipeline/failure_reader.hpp"
#include "pipeline/replay_session.hpp"
#include "pipeline/train_models.hpp"
#include "policy/policy_file.hpp"
#include "store/recommendation_store.hpp"

#include <algorithm>
#include <chrono>
#include <unordered_set>

namespace mulligan::pipeline
{

namespace
{

constexpr std::string_view kRefreshSetting = "refresh.last";

/// Failures whose run has no later attempt, near the end of the data: a quick look that tells whether a history need be
/// loaded at all.
base::Result<bool> anythingStale(store::Workspace &workspace, const std::string &basis)
{
    MULLIGAN_TRY(const auto current, store::currentRecommendations(workspace, basis));
    MULLIGAN_TRY(const auto all, store::recommendations(workspace));
    if (current.size() != all.size())
        return true;
    // Everything there holds; an attempt that changed after the newest of them may have opened another failure.
    std::int64_t known = 0;
    for (const auto &each : all)
        known = std::max(known, each.madeSource);
    MULLIGAN_TRY(const auto noted, workspace.setting("refresh.source"));
    known = std::max<std::int64_t>(known, noted ? std::atoll(noted->c_str()) : 0);
    MULLIGAN_TRY(const auto newest,
                 workspace.connection().integer("SELECT coalesce(max(changed_source), 0) FROM attempt"));
    MULLIGAN_TRY(const auto before, workspace.setting("refresh.basis"));
    return newest > known || before != basis;
}

/// The recommendations of one refresh.
class Recommending
{
public:
    Recommending(store::Workspace &workspace, const RefreshOptions &options, const Resources &resources,
                 std::stop_token stop, base::Progress &progress, RefreshReport &report)
        : m_workspace(workspace), m_options(options), m_resources(resources), m_stop(std::move(stop)),
          m_progress(progress), m_report(report)
    {
    }

    base::Result<void> run()
    {
        MULLIGAN_TRY(const auto card, loadModelCard(m_workspace));
        if (!card) {
            m_report.withoutRecommendations = "no model is trained; 'mulligan train' makes one";
            return {};
        }
        const std::string rules = m_options.rules != nullptr ? classify::writePack(m_options.rules->pack()) : "";
        const std::string basis =
            formats::sha256Hex(card->modelId + '\n' + rules + '\n' + policy::writePolicy(m_options.policy) + '\n'
                               + policy::writeEconomics(m_options.economics) + '\n' + m_options.spaceFile);
        MULLIGAN_TRY(const bool stale, anythingStale(m_workspace, basis));
        if (!stale) {
            MULLIGAN_TRY(const auto all, store::recommendations(m_workspace));
            m_report.open = m_report.kept = all.size();
            return {};
        }
        return recompute(basis);
    }

private:
    base::Result<void> recompute(const std::string &basis)
    {
        MULLIGAN_TRY(auto space, loadSpace(m_resources, m_options.spaceFile));
        MULLIGAN_TRY(const auto session, ReplaySession::open(m_workspace, m_options.economics, std::move(space),
                                                             m_options.rules, m_stop, m_progress));
        MULLIGAN_TRY(const auto inputs, gatherBundleInputs(m_resources, *session, m_options.policy, m_options.economics,
                                                           m_options.rules, m_options.spaceFile));
        MULLIGAN_TRY(const auto decider, Decider::make(inputs.bundle));
        MULLIGAN_TRY(const auto current, store::currentRecommendations(m_workspace, basis));
        const std::unordered_set<std::int64_t> holds(current.begin(), current.end());
        MULLIGAN_TRY(const std::int64_t newest,
                     m_workspace.connection().integer("SELECT coalesce(max(id), 0) FROM source"));
        const FailureReader failures(m_workspace, session->history());
        const auto open = openFailures(session->history());
        m_report.open = open.size();
        m_progress.begin("Recommending for open failures", open.size());
        std::vector<store::StoredRecommendation> made;
        std::vector<std::int64_t> openIds;
        for (const std::uint32_t index : open) {
            if (m_stop.stop_requested())
                return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
            const std::int64_t id = session->history().attempts[index].id;
            openIds.push_back(id);
            m_progress.advance();
            if (holds.contains(id)) {
                ++m_report.kept;
                continue;
            }
            MULLIGAN_TRY(const auto line, failures.lineAt(index));
            made.push_back({id, m_report.at, newest, basis, decider->decideLine(line)});
        }
        m_report.made = made.size();
        MULLIGAN_TRY(m_report.withdrawn, store::replaceRecommendations(m_workspace, made, openIds));
        MULLIGAN_CHECK(m_workspace.setSetting("refresh.basis", basis));
        return m_workspace.setSetting("refresh.source", std::to_string(newest));
    }

    store::Workspace &m_workspace;
    const RefreshOptions &m_options;
    const Resources &m_resources;
    std::stop_token m_stop;
    base::Progress &m_progress;
    RefreshReport &m_report;
};

} // namespace

base::Result<Freshness> freshnessOf(store::Workspace &workspace)
{
    Freshness out;
    MULLIGAN_TRY(out.dataUntil.ms, workspace.connection().integer("SELECT coalesce(max(ended_ms), 0) FROM attempt"));
    MULLIGAN_TRY(const auto card, loadModelCard(workspace));
    if (card) {
        out.modelId = card->modelId;
        out.modelTo = card->trainedTo;
    }
    MULLIGAN_TRY(const auto count, workspace.connection().integer("SELECT count(*) FROM recommendation"));
    out.recommendations = static_cast<std::uint64_t>(count);
    MULLIGAN_TRY(const auto last, workspace.setting(kRefreshSetting));
    if (last) {
        if (const auto json = formats::parseJson(*last)) {
            out.refreshedAt.ms = (*json)["at_ms"].integer();
            out.watched = (*json)["path"].string();
        }
    }
    return out;
}

base::Result<RefreshReport> refresh(store::Workspace &workspace, std::span<const std::string> paths,
                                    const RefreshOptions &options, const Resources &resources, std::stop_token stop,
                                    base::Progress &progress)
{
    const auto begun = std::chrono::steady_clock::now();
    RefreshReport report;
    report.at = options.at.value_or(base::systemNow());
    ImportOptions import = options.import;
    import.onlyChanged = true;
    MULLIGAN_TRY(report.import, importSources(workspace, paths, import, stop, progress));
    report.grown = static_cast<std::uint64_t>(std::count_if(report.import.sources.begin(), report.import.sources.end(),
                                                            [](const auto &source) { return source.grown; }));
    if (options.rules != nullptr) {
        MULLIGAN_TRY(const auto classified, classifyNew(workspace, *options.rules, stop, progress));
        report.classified = classified.classified;
        report.unclassified = classified.unclassified;
    }
    MULLIGAN_CHECK(Recommending(workspace, options, resources, stop, progress, report).run());
    const std::string watched = paths.empty() ? std::string() : paths.front();
    MULLIGAN_CHECK(workspace.setSetting(
        kRefreshSetting, formats::writeJson(formats::Json().set("at_ms", report.at.ms).set("path", watched))));
    MULLIGAN_TRY(report.freshness, freshnessOf(workspace));
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return report;
}

} // namespace mulligan::pipeline
