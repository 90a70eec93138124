#include "pipeline/replay_session.hpp"

#include "pipeline/model_candidates.hpp"
#include "pipeline/priced_history.hpp"
#include "pipeline/resources.hpp"
#include "pipeline/train_models.hpp"
#include "pipeline/warm_candidates.hpp"
#include "pipeline/without_rules.hpp"
#include "store/history_loader.hpp"
#include "store/verdict_store.hpp"

#include <algorithm>
#include <deque>
#include <mutex>
#include <set>
#include <thread>

namespace mulligan::pipeline
{

namespace
{

/// The history as one price book and one set of switched-off rules show it, and what a replay draws from.
struct View {
    std::shared_ptr<const model::History> history;
    std::shared_ptr<const CandidateScores> scores;
    std::shared_ptr<const ModelCandidates> candidates;
};

/// Views besides the first that are kept; each may hold a copy of the history.
constexpr size_t kViewsKept = 3;

size_t workerCount()
{
    return std::clamp<size_t>(std::thread::hardware_concurrency(), 1, 8);
}

std::string keyOf(const std::set<std::string> &disabledRules)
{
    std::string key;
    for (const std::string &rule : disabledRules)
        key += rule + "\n";
    return key;
}

/// Base candidates of everything a replay may ask about: failures of episodes that do not end too near the data's end.
std::vector<ScorePoint> decisionPoints(const model::History &history)
{
    std::vector<ScorePoint> points;
    for (const model::Episode &episode : history.episodes)
        for (std::uint32_t i = episode.first; !episode.censored && i <= episode.last(); ++i)
            if (model::isDecisionPoint(history.attempts[i]))
                points.push_back({i, {}});
    return points;
}

std::string fallbackNote(const model::ModelCard &card)
{
    const std::string rest = "These figures rest on the rules and on base rates alone: how often retries of a class "
                             "succeeded until then, whatever their configuration. ";
    // A workspace in which nothing was trained has no rows of its own to speak of.
    if (card.fallbackReason == predict::kNothingTrained)
        return "No model is trained. " + rest + "Train one with 'mulligan train', or on the Model page.";
    return "No model could be trained. " + rest + "The reason: " + card.fallbackReason + ".";
}

} // namespace

struct ReplaySession::State {
    std::shared_ptr<const model::History> history; ///< at the prices the session was opened with
    std::shared_ptr<const predict::PastIndex> past;
    std::shared_ptr<const predict::TrainedModels> models;
    optimize::ParameterSpace space;
    std::shared_ptr<const classify::Classifier> rules;
    store::StoredVerdicts verdicts;
    std::shared_ptr<WorkerPool> workers;
    std::unordered_map<std::int64_t, std::uint32_t> byId;

    mutable std::mutex mutex;
    mutable std::deque<std::pair<std::string, std::shared_ptr<const CandidateScores>>>
        scores;                                             ///< by rules switched off
    mutable std::deque<std::pair<std::string, View>> views; ///< by rules and prices
    std::string openedWith;                                 ///< price key of `history`

    /// Errors: InvalidArgument when rules are switched off and none are loaded.
    [[nodiscard]] base::Result<View> viewFor(const policy::Policy &policy, const policy::Economics &economics) const;
    [[nodiscard]] model::History withoutRules(const std::set<std::string> &disabledRules) const;
    [[nodiscard]] std::shared_ptr<const CandidateScores> scoresFor(const std::set<std::string> &disabledRules) const;
    /// Scores everything that a replay may ask about.
    [[nodiscard]] base::Result<void> scoreAll(const policy::Economics &economics, std::stop_token stop,
                                              base::Progress &progress) const;
};

base::Result<void> ReplaySession::State::scoreAll(const policy::Economics &economics, std::stop_token stop,
                                                  base::Progress &progress) const
{
    MULLIGAN_TRY(const View view, viewFor({}, economics));
    auto points = decisionPoints(*history);
    progress.begin("Scoring candidates", points.size());
    return view.scores->scoreAll(std::move(points), std::move(stop), progress);
}

model::History ReplaySession::State::withoutRules(const std::set<std::string> &disabledRules) const
{
    model::History changed = *history;
    resolveWithout(changed, verdicts, *rules, disabledRules);
    return changed;
}

std::shared_ptr<const CandidateScores> ReplaySession::State::scoresFor(const std::set<std::string> &disabledRules) const
{
    const std::string key = keyOf(disabledRules);
    for (const auto &[known, store] : scores)
        if (known == key)
            return store;
    auto changed =
        disabledRules.empty() ? history : std::make_shared<const model::History>(withoutRules(disabledRules));
    auto made = std::make_shared<const CandidateScores>(std::move(changed), past, models, space, workers);
    // The first is the one of the rules as they are; it stays.
    if (scores.size() > kViewsKept)
        scores.erase(scores.begin() + 1);
    scores.emplace_back(key, made);
    return made;
}

base::Result<View> ReplaySession::State::viewFor(const policy::Policy &policy, const policy::Economics &economics) const
{
    if (!policy.disabledRules.empty() && rules == nullptr)
        return base::makeError(base::ErrorCode::InvalidArgument,
                               "The policy switches rules off, but no rule pack is loaded to say what then matches",
                               "Load the rule pack, or remove disabled_rules from the policy.");
    const std::string prices = priceKey(economics);
    const std::string key = prices + "\n" + keyOf(policy.disabledRules);
    const std::lock_guard lock(mutex);
    for (const auto &[known, view] : views)
        if (known == key)
            return view;
    View view;
    view.scores = scoresFor(policy.disabledRules);
    view.history = std::shared_ptr<const model::History>(view.scores, &view.scores->history());
    if (prices != openedWith) {
        auto priced = std::make_shared<model::History>(*view.history);
        reprice(*priced, economics);
        view.history = std::move(priced);
    }
    view.candidates = std::make_shared<const ModelCandidates>(view.scores, rateOf(economics));
    if (views.size() > kViewsKept)
        views.erase(views.begin() + 1);
    views.emplace_back(key, view);
    return view;
}

ReplaySession::ReplaySession(std::unique_ptr<State> state) : m_state(std::move(state))
{
}
ReplaySession::~ReplaySession() = default;

base::Result<std::shared_ptr<const ReplaySession>>
ReplaySession::open(store::Workspace &workspace, const policy::Economics &economics, optimize::ParameterSpace space,
                    std::shared_ptr<const classify::Classifier> rules, std::stop_token stop, base::Progress &progress)
{
    MULLIGAN_TRY(model::History history, store::loadHistory(workspace, stop, progress));
    auto state = std::make_unique<State>();
    reprice(history, economics);
    state->openedWith = priceKey(economics);
    state->past = std::make_shared<const predict::PastIndex>(predict::PastIndex::build(history));
    state->history = std::make_shared<const model::History>(std::move(history));
    for (std::uint32_t i = 0; i < state->history->attempts.size(); ++i)
        state->byId.emplace(state->history->attempts[i].id, i);
    MULLIGAN_TRY(state->verdicts, store::loadVerdicts(workspace));
    progress.begin("Loading the models");
    MULLIGAN_TRY(auto models, loadModels(workspace, economics));
    if (!models)
        models = predict::classRates(*state->history, *state->past, rateOf(economics));
    state->models = std::make_shared<const predict::TrainedModels>(std::move(*models));
    state->space = std::move(space);
    state->rules = std::move(rules);
    state->workers = std::make_shared<WorkerPool>(workerCount());
    MULLIGAN_CHECK(state->scoreAll(economics, stop, progress));
    return std::shared_ptr<const ReplaySession>(new ReplaySession(std::move(state)));
}

base::Result<std::shared_ptr<const ReplaySession>>
ReplaySession::withVerdicts(std::span<const model::Verdict> verdicts,
                            std::span<const std::pair<std::int64_t, std::uint32_t>> byAttempt,
                            std::shared_ptr<const classify::Classifier> rules, const policy::Economics &economics,
                            std::stop_token stop, base::Progress &progress) const
{
    auto state = std::make_unique<State>();
    auto changed = std::make_shared<model::History>(*m_state->history);
    state->verdicts = m_state->verdicts;
    const auto first = static_cast<std::uint32_t>(state->verdicts.verdicts.size());
    state->verdicts.verdicts.insert(state->verdicts.verdicts.end(), verdicts.begin(), verdicts.end());
    for (const auto &[attempt, verdict] : byAttempt) {
        const auto found = m_state->byId.find(attempt);
        if (found == m_state->byId.end())
            continue;
        state->verdicts.byAttempt[attempt] = first + verdict;
        model::Verdict &of = changed->attempts[found->second].verdict;
        of = verdicts[verdict];
        of.matches.clear();
    }
    state->past = m_state->past;
    state->history = changed;
    state->models = m_state->models;
    // Where nothing was trained, rates are of the classes as they are now.
    if (state->models->card.fallbackReason == predict::kNothingTrained)
        state->models = std::make_shared<const predict::TrainedModels>(
            predict::classRates(*state->history, *state->past, rateOf(economics)));
    state->space = m_state->space;
    state->rules = std::move(rules);
    state->workers = m_state->workers;
    state->byId = m_state->byId;
    state->openedWith = m_state->openedWith;
    MULLIGAN_CHECK(state->scoreAll(economics, std::move(stop), progress));
    return std::shared_ptr<const ReplaySession>(new ReplaySession(std::move(state)));
}

base::Result<simulate::ReplayResult> ReplaySession::replay(const policy::Policy &policy,
                                                           const policy::Economics &economics,
                                                           const simulate::ReplayOptions &options, std::stop_token stop,
                                                           base::Progress &progress) const
{
    MULLIGAN_TRY(const View view, m_state->viewFor(policy, economics));
    MULLIGAN_CHECK(warmCandidates(*view.history, policy, economics, *view.candidates, options, stop, progress));
    MULLIGAN_TRY(auto result,
                 simulate::replay(*view.history, policy, economics, *view.candidates, options, stop, progress));
    const model::ModelCard &card = m_state->models->card;
    result.report.economicsHash = economicsHash(economics);
    result.report.modelFallback = card.fallback;
    result.report.modelId = card.fallback ? std::string() : m_state->models->id;
    if (card.fallback) {
        result.report.modelCaveat = fallbackNote(card);
        result.report.notes.insert(result.report.notes.begin(), result.report.modelCaveat);
    }
    return result;
}

base::Result<simulate::LabTable> ReplaySession::compileLab(const policy::Policy &policy,
                                                           const policy::Economics &economics,
                                                           const simulate::ReplayOptions &options, std::stop_token stop,
                                                           base::Progress &progress) const
{
    MULLIGAN_TRY(const View view, m_state->viewFor(policy, economics));
    // With no threshold to fail, walks go as deep as they can: what other thresholds ask for lies on the way.
    policy::Policy deepest = policy;
    deepest.defaultThreshold = 0.0;
    deepest.thresholds.clear();
    MULLIGAN_CHECK(warmCandidates(*view.history, deepest, economics, *view.candidates, options, stop, progress));
    return simulate::LabTable::compile(*view.history, policy, economics, *view.candidates, options, stop, progress);
}

base::Result<DecisionDetail> ReplaySession::decisionAt(std::int64_t attemptId, const policy::Policy &policy,
                                                       const policy::Economics &economics) const
{
    const auto found = m_state->byId.find(attemptId);
    if (found == m_state->byId.end() || !model::isDecisionPoint(m_state->history->attempts[found->second]))
        return base::makeError(base::ErrorCode::NotFound,
                               "There is no failed attempt with id " + std::to_string(attemptId),
                               "Choose a failure of this workspace.");
    const std::uint32_t at = found->second;
    MULLIGAN_TRY(const View view, m_state->viewFor(policy, economics));
    DecisionDetail detail;
    detail.scored = view.candidates->scored(at);
    MULLIGAN_TRY(detail.candidates, view.candidates->candidates(at, {}));
    const model::HistoryAttempt &failed = view.history->attempts[at];
    const std::string version = view.candidates->modelVersion(at);
    policy::DecisionPoint point;
    point.job = view.history->jobs.at(failed.job);
    point.run = view.history->runs.at(failed.run);
    point.attempt = failed.attempt;
    point.retriesUsed = retriesUsed(*view.history, at);
    point.modelVersion = version;
    detail.decision = policy::decide(policy, economics, point, failed.verdict, detail.candidates);
    if (detail.scored) {
        const predict::RetryContext context = view.scores->contextOf(at, {});
        const size_t chosen = detail.decision.candidate.value_or(0);
        const model::Config config = model::applied(context.config, detail.candidates[chosen].patch);
        MULLIGAN_TRY(detail.contributions, view.scores->predictorFor(at)->contributions(context, config));
    }
    return detail;
}

const model::History &ReplaySession::history() const
{
    return *m_state->history;
}

const predict::TrainedModels &ReplaySession::models() const
{
    return *m_state->models;
}

bool ReplaySession::hasModels() const
{
    return !m_state->models->card.fallback;
}

} // namespace mulligan::pipeline
