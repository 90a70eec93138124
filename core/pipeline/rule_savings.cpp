#include "pipeline/rule_savings.hpp"

namespace mulligan::pipeline
{

base::Result<RuleSavings> savingsOfEdit(const ReplaySession &session, const RulePreview &preview,
                                        const std::shared_ptr<const classify::Classifier> &edited,
                                        const policy::Policy &policy, const policy::Economics &economics,
                                        const simulate::ReplayOptions &options, const std::stop_token &stop,
                                        base::Progress &progress)
{
    progress.begin("Classifying what the rules change");
    MULLIGAN_TRY(const auto changed, preview.changedVerdicts(*edited, stop));
    MULLIGAN_TRY(const auto after,
                 session.withVerdicts(changed.verdicts, changed.byAttempt, edited, economics, stop, progress));
    progress.begin("Replaying before the change");
    MULLIGAN_TRY(auto old, session.replay(policy, economics, options, stop, progress));
    progress.begin("Replaying after the change");
    MULLIGAN_TRY(auto now, after->replay(policy, economics, options, stop, progress));
    return RuleSavings{std::move(old.report), std::move(now.report)};
}

base::Result<std::shared_ptr<const ReplaySession>>
sessionOfBase(const ReplaySession &session, const RulePreview &preview,
              const std::shared_ptr<const classify::Classifier> &rules, const policy::Economics &economics,
              const std::stop_token &stop, base::Progress &progress)
{
    progress.begin("Classifying by the rules in force");
    MULLIGAN_TRY(const auto verdicts, preview.baseVerdicts(stop));
    return session.withVerdicts(verdicts.verdicts, verdicts.byAttempt, rules, economics, stop, progress);
}

} // namespace mulligan::pipeline
