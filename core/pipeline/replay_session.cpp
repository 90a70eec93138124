#include "pipeline/replay_session.hpp"

#include "pipeline/model_candidates.hpp"
#include "pipeline/priced_history.hpp"
#include "pipeline/resources.hpp"
#include "pipeline/train_models.hpp"
#include "pipeline/warm_candidates.hpp"
#include "pipeline/without_rules.hpp"
#include "store/history_loader.hpp"
#include "store/model_store.hpp"
#include "store/stored_matches.hpp"

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

/// Row ids of a history's attempts. Immutable.
class AttemptRows
{
public:
    explicit AttemptRows(const model::History &history)
    {
        m_rows.reserve(history.attempts.size());
        for (std::uint32_t i = 0; i < history.attempts.size(); ++i)
            m_rows.emplace_back(history.attempts[i].id, i);
        std::sort(m_rows.begin(), m_rows.end());
    }

    /// Index into History::attempts.
    [[nodiscard]] std::optional<std::uint32_t> find(std::int64_t id) const
    {
        const auto at = std::lower_bound(m_rows.begin(), m_rows.end(), std::pair(id, std::uint32_t{0}));
        return at == m_rows.end() || at->first != id ? std::nullopt : std::optional(at->second);
    }

private:
    std::vector<std::pair<std::int64_t, std::uint32_t>> m_rows;
};

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
    // What rules do not change; sessions of one workspace share it.
    std::shared_ptr<const AttemptRows> rows;
    std::shared_ptr<const predict::PastIndex> past;
    optimize::ParameterSpace space;
    std::shared_ptr<WorkerPool> workers;
    std::string stamp;      ///< store::historyStamp
    std::string openedWith; ///< price key of `history`
    std::string modelKey;   ///< of the stored models; empty: none are
    // What verdicts change.
    std::shared_ptr<const model::History> history; ///< at the prices the session was opened with
    std::shared_ptr<const store::StoredMatches> matches;
    std::shared_ptr<const predict::TrainedModels> models;
    // What another pack changes.
    std::shared_ptr<const classify::Classifier> rules;

    mutable std::mutex mutex;
    mutable std::deque<std::pair<std::string, std::shared_ptr<const CandidateScores>>>
        scores;                                             ///< by rules switched off
    mutable std::deque<std::pair<std::string, View>> views; ///< by rules and prices

    /// A new state with all that `other` shares, without what it keeps of views and scores.
    [[nodiscard]] static std::unique_ptr<State> sharing(const State &other);
    /// The history in which some failures have other verdicts, class rates that follow from it, and the scores of those
    /// that keep theirs.
    void takeHistory(const State &before, std::shared_ptr<const model::History> changed,
                     const policy::Economics &economics);
    /// What `other` keeps that no rule pack enters: views of policies that switch no rule off.
    void takeViews(const State &other);

    /// Errors: InvalidArgument when rules are switched off and none are loaded.
    [[nodiscard]] base::Result<View> viewFor(const policy::Policy &policy, const policy::Economics &economics) const;
    [[nodiscard]] model::History withoutRules(const std::set<std::string> &disabledRules) const;
    [[nodiscard]] std::shared_ptr<const CandidateScores> scoresFor(const std::set<std::string> &disabledRules) const;
    /// Scores everything that a replay may ask about.
    [[nodiscard]] base::Result<void> scoreAll(const policy::Economics &economics, std::stop_token stop,
                                              base::Progress &progress) const;
};

std::unique_ptr<ReplaySession::State> ReplaySession::State::sharing(const State &other)
{
    auto state = std::make_unique<State>();
    state->rows = other.rows;
    state->past = other.past;
    state->space = other.space;
    state->workers = other.workers;
    state->stamp = other.stamp;
    state->openedWith = other.openedWith;
    state->modelKey = other.modelKey;
    state->history = other.history;
    state->matches = other.matches;
    state->models = other.models;
    state->rules = other.rules;
    return state;
}

void ReplaySession::State::takeHistory(const State &before, std::shared_ptr<const model::History> changed,
                                       const policy::Economics &economics)
{
    history = std::move(changed);
    // Where nothing was trained, rates are of the classes as they are now, and nothing that was scored holds.
    if (models->card.fallbackReason == predict::kNothingTrained) {
        models =
            std::make_shared<const predict::TrainedModels>(predict::classRates(*history, *past, rateOf(economics)));
        return;
    }
    auto made = std::make_shared<CandidateScores>(history, past, models, space, workers);
    const std::lock_guard lock(before.mutex);
    if (models == before.models && !before.scores.empty())
        made->adopt(*before.scores.front().second);
    scores.emplace_back(std::string(), std::move(made));
}

void ReplaySession::State::takeViews(const State &other)
{
    const std::lock_guard lock(other.mutex);
    if (other.scores.empty())
        return;
    scores.push_back(other.scores.front()); // the first is always the one of the rules as they are
    for (const auto &known : other.views)
        if (known.second.scores == other.scores.front().second)
            views.push_back(known);
}

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
    resolveWithout(changed, *matches, *rules, disabledRules);
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

namespace
{

using Verdicts = std::unordered_map<std::int64_t, model::SharedVerdict>;

/// The history with the verdicts that are stored now; itself where they are the same.
std::shared_ptr<const model::History> withStored(const std::shared_ptr<const model::History> &history,
                                                 const Verdicts &stored)
{
    const auto nowOf = [&](const model::HistoryAttempt &attempt) {
        const auto found = stored.find(attempt.id);
        return found == stored.end() ? model::SharedVerdict() : found->second;
    };
    const auto &attempts = history->attempts;
    if (std::all_of(attempts.begin(), attempts.end(), [&](const auto &a) { return a.verdict == nowOf(a); }))
        return history;
    auto changed = std::make_shared<model::History>(*history);
    for (model::HistoryAttempt &attempt : changed->attempts)
        if (auto now = nowOf(attempt); !(attempt.verdict == now))
            attempt.verdict = std::move(now);
    return changed;
}

base::Result<std::string> modelKeyOf(store::Workspace &workspace)
{
    MULLIGAN_TRY(const auto stored, store::latestModel(workspace, false));
    return stored ? stored->id + " " + std::to_string(stored->createdAt.ms) : std::string();
}

} // namespace

base::Result<std::unique_ptr<ReplaySession::State>> ReplaySession::loaded(store::Workspace &workspace,
                                                                          const policy::Economics &economics,
                                                                          std::stop_token stop,
                                                                          base::Progress &progress)
{
    auto state = std::make_unique<State>();
    MULLIGAN_TRY(state->stamp, store::historyStamp(workspace));
    MULLIGAN_TRY(model::History history, store::loadHistory(workspace, std::move(stop), progress));
    reprice(history, economics);
    state->openedWith = priceKey(economics);
    state->past = std::make_shared<const predict::PastIndex>(predict::PastIndex::build(history));
    state->history = std::make_shared<const model::History>(std::move(history));
    state->rows = std::make_shared<const AttemptRows>(*state->history);
    MULLIGAN_TRY(auto matches, store::StoredMatches::load(workspace));
    state->matches = std::make_shared<const store::StoredMatches>(std::move(matches));
    progress.begin("Loading the models");
    MULLIGAN_TRY(state->modelKey, modelKeyOf(workspace));
    MULLIGAN_TRY(auto models, loadModels(workspace, economics));
    if (!models)
        models = predict::classRates(*state->history, *state->past, rateOf(economics));
    state->models = std::make_shared<const predict::TrainedModels>(std::move(*models));
    state->workers = std::make_shared<WorkerPool>(workerCount());
    return state;
}

base::Result<std::unique_ptr<ReplaySession::State>> ReplaySession::reloaded(store::Workspace &workspace,
                                                                            const policy::Economics &economics,
                                                                            const std::stop_token &stop,
                                                                            base::Progress &progress) const
{
    MULLIGAN_TRY(const std::string stamp, store::historyStamp(workspace));
    if (stamp != m_state->stamp || priceKey(economics) != m_state->openedWith)
        return loaded(workspace, economics, stop, progress);
    progress.begin("Loading the verdicts");
    auto state = State::sharing(*m_state);
    MULLIGAN_TRY(state->modelKey, modelKeyOf(workspace));
    const bool sameModels = state->modelKey == m_state->modelKey;
    if (!sameModels) {
        MULLIGAN_TRY(auto models, loadModels(workspace, economics));
        if (!models)
            models = predict::classRates(*state->history, *state->past, rateOf(economics));
        state->models = std::make_shared<const predict::TrainedModels>(std::move(*models));
    }
    MULLIGAN_TRY(const auto verdicts, store::loadVerdictsOfAttempts(workspace, stop));
    auto history = withStored(m_state->history, verdicts);
    MULLIGAN_TRY(auto matches, store::StoredMatches::load(workspace));
    state->matches = std::make_shared<const store::StoredMatches>(std::move(matches));
    if (history != m_state->history)
        state->takeHistory(*m_state, std::move(history), economics);
    else if (sameModels)
        state->takeViews(*m_state);
    return state;
}

base::Result<std::shared_ptr<const ReplaySession>>
ReplaySession::open(store::Workspace &workspace, const policy::Economics &economics, optimize::ParameterSpace space,
                    std::shared_ptr<const classify::Classifier> rules, std::stop_token stop, base::Progress &progress,
                    const std::shared_ptr<const ReplaySession> &before)
{
    const bool mayShare = before != nullptr && before->m_state->space == space;
    MULLIGAN_TRY(auto state, mayShare ? before->reloaded(workspace, economics, stop, progress)
                                      : loaded(workspace, economics, stop, progress));
    state->space = std::move(space);
    state->rules = std::move(rules);
    MULLIGAN_CHECK(state->scoreAll(economics, stop, progress));
    return std::shared_ptr<const ReplaySession>(new ReplaySession(std::move(state)));
}

std::shared_ptr<const ReplaySession> ReplaySession::withRules(std::shared_ptr<const classify::Classifier> rules) const
{
    auto state = State::sharing(*m_state);
    state->takeViews(*m_state);
    state->rules = std::move(rules);
    return std::shared_ptr<const ReplaySession>(new ReplaySession(std::move(state)));
}

base::Result<std::shared_ptr<const ReplaySession>>
ReplaySession::withVerdicts(std::span<const model::Verdict> verdicts,
                            std::span<const std::pair<std::int64_t, std::uint32_t>> byAttempt,
                            std::shared_ptr<const classify::Classifier> rules, const policy::Economics &economics,
                            std::stop_token stop, base::Progress &progress) const
{
    auto state = State::sharing(*m_state);
    auto matches = std::make_shared<store::StoredMatches>(*m_state->matches);
    matches->replace(verdicts, byAttempt);
    state->matches = std::move(matches);
    auto changed = std::make_shared<model::History>(*m_state->history);
    model::VerdictPool pool;
    for (const auto &[attempt, verdict] : byAttempt)
        if (const auto row = m_state->rows->find(attempt))
            changed->attempts[*row].verdict = pool.share(verdicts[verdict]);
    state->takeHistory(*m_state, std::move(changed), economics);
    state->rules = std::move(rules);
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
    const auto found = m_state->rows->find(attemptId);
    if (!found || !model::isDecisionPoint(m_state->history->attempts[*found]))
        return base::makeError(base::ErrorCode::NotFound,
                               "There is no failed attempt with id " + std::to_string(attemptId),
                               "Choose a failure of this workspace.");
    const std::uint32_t at = *found;
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

const std::shared_ptr<const classify::Classifier> &ReplaySession::rules() const
{
    return m_state->rules;
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
