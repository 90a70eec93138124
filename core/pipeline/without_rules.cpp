#include "pipeline/without_rules.hpp"

namespace mulligan::pipeline
{

void resolveWithout(model::History &history, const store::StoredVerdicts &verdicts, const classify::Classifier &rules,
                    const std::set<std::string> &disabledRules)
{
    for (model::HistoryAttempt &attempt : history.attempts) {
        if (!disabledRules.contains(attempt.verdict.rule))
            continue;
        const auto stored = verdicts.byAttempt.find(attempt.id);
        if (stored == verdicts.byAttempt.end())
            continue;
        attempt.verdict = rules.without(verdicts.verdicts[stored->second], disabledRules);
        attempt.verdict.matches.clear();
    }
}

} // namespace mulligan::pipeline
