#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "classify/classifier.hpp"
#include "model/savings.hpp"
#include "pipeline/replay_session.hpp"
#include "pipeline/rule_preview.hpp"

#include <memory>
#include <stop_token>

namespace mulligan::pipeline
{

/// What replaying history comes to before and after an edit of the rules, under one policy and the same models.
struct RuleSavings {
    model::SavingsReport before;
    model::SavingsReport after;

    /// Net savings gained, dollars.
    [[nodiscard]] double netGain() const { return after.savings.net.value - before.savings.net.value; }
};

/// What an edited pack does to savings and the other figures: history is replayed with the verdicts of the preview's
/// base pack, and with those that `edited` would give. `session` holds the verdicts of the base pack, as it does when
/// the workspace is classified by it; else sessionOfBase gives it. Models are those that were trained on the old
/// verdicts. Off the typing path: takes as long as two replays and scoring what gets another verdict (everything, where
/// no model is trained). `economics` as the session was opened with. Errors: Cancelled, Io, those of a replay.
[[nodiscard]] base::Result<RuleSavings> savingsOfEdit(const ReplaySession &session, const RulePreview &preview,
                                                      const std::shared_ptr<const classify::Classifier> &edited,
                                                      const policy::Policy &policy, const policy::Economics &economics,
                                                      const simulate::ReplayOptions &options,
                                                      const std::stop_token &stop, base::Progress &progress);

/// A session with the verdicts of the preview's base pack (`rules`, compiled), for a workspace whose stored verdicts
/// are another pack's. Off the typing path: classifies every distinct text and scores failures whose verdict differs.
/// `economics` as the session was opened with. Errors: Cancelled, Io, those of scoring.
[[nodiscard]] base::Result<std::shared_ptr<const ReplaySession>>
sessionOfBase(const ReplaySession &session, const RulePreview &preview,
              const std::shared_ptr<const classify::Classifier> &rules, const policy::Economics &economics,
              const std::stop_token &stop, base::Progress &progress);

} // namespace mulligan::pipeline
