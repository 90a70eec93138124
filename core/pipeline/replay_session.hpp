#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "classify/classifier.hpp"
#include "model/history.hpp"
#include "model/model_card.hpp"
#include "optimize/space.hpp"
#include "policy/decide.hpp"
#include "policy/economics.hpp"
#include "policy/policy.hpp"
#include "predict/train.hpp"
#include "simulate/lab.hpp"
#include "simulate/replay.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace mulligan::pipeline
{

/// What the policy decides at one failure and why, for the failures page.
struct DecisionDetail {
    policy::Decision decision;
    std::vector<model::Candidate> candidates;       ///< all that were scored, [0] unchanged
    std::vector<model::Contribution> contributions; ///< to the scorer's log-odds of the chosen candidate
    bool scored = false;                            ///< false: it lies before the first model, or there is none
};

/// History, models and parameter space of a workspace in memory: what the policy lab replays against. Loaded once;
/// every call is const, and independent calls may run on several threads.
class ReplaySession
{
public:
    /// Loads everything. Without trained models class rates stand in, and every result says so. `rules` is used when a
    /// policy switches a rule off (verdicts are then resolved anew from the stored matches); it may be null.
    /// `before`: a session of this workspace, or null; what it holds that is still so is shared and not loaded again:
    /// the history where nothing was imported since, the models where none were trained, the scores of failures whose
    /// verdict is the same. Errors: Cancelled, Corrupt, those of scoring.
    [[nodiscard]] static base::Result<std::shared_ptr<const ReplaySession>>
    open(store::Workspace &workspace, const policy::Economics &economics, optimize::ParameterSpace space,
         std::shared_ptr<const classify::Classifier> rules, std::stop_token stop, base::Progress &progress,
         const std::shared_ptr<const ReplaySession> &before = nullptr);

    /// The same session under another rule pack, or none: it says what matches where a policy switches rules off, and
    /// all else is shared. At once.
    [[nodiscard]] std::shared_ptr<const ReplaySession>
    withRules(std::shared_ptr<const classify::Classifier> rules) const;

    /// The session of the same history and models in which some failures have other verdicts (with their matches), as
    /// if the workspace had been classified by `rules`: `byAttempt` gives, for row ids of attempts, an index into
    /// `verdicts`; attempts left out keep theirs. Models are not trained anew, and only failures whose verdict changes
    /// are scored anew; class rates that stand in for models are counted anew, and everything is scored by them.
    /// `economics` as given to `open`. Errors: Cancelled, those of scoring.
    [[nodiscard]] base::Result<std::shared_ptr<const ReplaySession>>
    withVerdicts(std::span<const model::Verdict> verdicts,
                 std::span<const std::pair<std::int64_t, std::uint32_t>> byAttempt,
                 std::shared_ptr<const classify::Classifier> rules, const policy::Economics &economics,
                 std::stop_token stop, base::Progress &progress) const;

    /// Replays history under a policy (design.md, section 8).
    [[nodiscard]] base::Result<simulate::ReplayResult> replay(const policy::Policy &policy,
                                                              const policy::Economics &economics,
                                                              const simulate::ReplayOptions &options,
                                                              std::stop_token stop, base::Progress &progress) const;
    /// Compiles the lab's fast path for a policy: thresholds may then be moved without replaying.
    [[nodiscard]] base::Result<simulate::LabTable> compileLab(const policy::Policy &policy,
                                                              const policy::Economics &economics,
                                                              const simulate::ReplayOptions &options,
                                                              std::stop_token stop, base::Progress &progress) const;
    /// The decision at one failed attempt (row id in the workspace). Errors: NotFound.
    [[nodiscard]] base::Result<DecisionDetail> decisionAt(std::int64_t attemptId, const policy::Policy &policy,
                                                          const policy::Economics &economics) const;

    [[nodiscard]] const model::History &history() const;
    [[nodiscard]] const std::shared_ptr<const classify::Classifier> &rules() const;
    [[nodiscard]] const predict::TrainedModels &models() const;
    [[nodiscard]] bool hasModels() const; ///< false: class rates stand in

    ~ReplaySession();
    ReplaySession(const ReplaySession &) = delete;
    ReplaySession &operator=(const ReplaySession &) = delete;

private:
    struct State;
    explicit ReplaySession(std::unique_ptr<State> state);
    /// Everything but rules and space from a workspace.
    [[nodiscard]] static base::Result<std::unique_ptr<State>> loaded(store::Workspace &workspace,
                                                                     const policy::Economics &economics,
                                                                     std::stop_token stop, base::Progress &progress);
    /// Likewise, sharing with this session what is still so.
    [[nodiscard]] base::Result<std::unique_ptr<State>> reloaded(store::Workspace &workspace,
                                                                const policy::Economics &economics,
                                                                const std::stop_token &stop,
                                                                base::Progress &progress) const;
    std::unique_ptr<State> m_state;
};

} // namespace mulligan::pipeline
