#include "pipeline/without_rules.hpp"

namespace mulligan::pipeline
{

void resolveWithout(model::History &history, const store::StoredMatches &matches, const classify::Classifier &rules,
                    const std::set<std::string> &disabledRules)
{
    model::VerdictPool pool;
    for (model::HistoryAttempt &attempt : history.attempts) {
        if (!disabledRules.contains(attempt.verdict->rule))
            continue;
        model::Verdict stored = attempt.verdict;
        stored.matches = matches.of(attempt.id);
        attempt.verdict = pool.share(rules.without(stored, disabledRules));
    }
}

} // namespace mulligan::pipeline
