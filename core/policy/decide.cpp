#include "policy/decide.hpp"

#include "base/rng.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numeric>

namespace mulligan::policy
{

namespace
{

constexpr size_t kMostAlternatives = 5;
constexpr double kLadderStep = 2.0;

using model::Candidate;
using model::Estimate;
using Candidates = std::span<const Candidate>;

double expectedCost(const Estimate &e)
{
    return (1.0 - e.success) * e.costFail + e.success * e.costSuccess;
}

/// Whether '*' and '?' in `glob` can make `text`.
bool globFits(std::string_view glob, std::string_view text)
{
    size_t g = 0;
    size_t t = 0;
    size_t star = std::string_view::npos;
    size_t mark = 0;
    while (t < text.size()) {
        if (g < glob.size() && glob[g] == '*') {
            star = g++;
            mark = t;
        } else if (g < glob.size() && (glob[g] == '?' || glob[g] == text[t])) {
            ++g;
            ++t;
        } else if (star != std::string_view::npos) {
            g = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    while (g < glob.size() && glob[g] == '*')
        ++g;
    return g == glob.size();
}

/// One decision in the making.
class Chooser
{
public:
    Chooser(const Policy &policy, const Economics &economics, const DecisionPoint &point, const model::Verdict &verdict,
            Candidates candidates)
        : m_policy(policy), m_point(point), m_verdict(verdict), m_candidates(candidates),
          m_domain(verdict.errorClass == model::kUnclassified ? model::Domain::User : verdict.domain),
          m_labour(economics.interventionCost(verdict.errorClass)), m_threshold(policy.thresholdFor(verdict.errorClass))
    {
        m_decision.scope = policy.scope;
        m_decision.errorClass = verdict.errorClass;
        m_decision.rule = verdict.rule;
        m_decision.policyVersion = policy.version;
    }

    Decision run()
    {
        const int used = m_point.retriesUsed[static_cast<size_t>(m_domain)];
        if (used >= m_policy.retryLimit[static_cast<size_t>(m_domain)]) {
            stop(Reason::Limit);
            return std::move(m_decision);
        }
        const std::optional<OverrideAction> override = overrideInForce();
        if (override == OverrideAction::AlwaysRetry)
            retry(Reason::OverrideRetry, 0);
        else if (override == OverrideAction::NeverRetry)
            stop(Reason::OverrideStop);
        else
            choose(override == OverrideAction::NeverAskModel);
        if (override != OverrideAction::AlwaysRetry && override != OverrideAction::NeverRetry)
            explore();
        if (m_decision.action != Action::Stop)
            m_decision.delaySeconds = m_policy.backoff.delaySeconds(m_domain, used);
        return std::move(m_decision);
    }

private:
    [[nodiscard]] std::optional<OverrideAction> overrideInForce() const
    {
        for (const Override &o : m_policy.overrides) {
            const bool job = o.jobGlob.empty() || globFits(o.jobGlob, m_point.job);
            const bool rule = o.rule.empty() || o.rule == m_verdict.rule;
            if (job && rule && !(o.jobGlob.empty() && o.rule.empty()))
                return o.action;
        }
        return std::nullopt;
    }

    [[nodiscard]] model::RuleAction ruleAction() const
    {
        const auto it = m_policy.ruleActions.find(m_verdict.rule);
        if (!m_verdict.rule.empty() && it != m_policy.ruleActions.end())
            return it->second;
        return m_policy.defaultAction.value_or(m_verdict.action);
    }

    [[nodiscard]] bool hasOwnAction() const
    {
        return !m_verdict.rule.empty() && m_policy.ruleActions.count(m_verdict.rule) > 0;
    }

    void choose(bool neverAsk)
    {
        const model::RuleAction action = ruleAction();
        // An action that the policy gives this very rule is narrower than its list of classes, and so wins over it.
        const bool ask =
            action == model::RuleAction::AskModel || (m_policy.asksModel(m_verdict.errorClass) && !hasOwnAction());
        if (ask && !neverAsk && !m_candidates.empty()) {
            askModel();
            return;
        }
        // Without a model, or when it must not be asked, a rule that has no answer of its own goes by transience.
        const bool again = (ask && !neverAsk) || action == model::RuleAction::AskModel
                               ? m_verdict.transient
                               : action == model::RuleAction::Retry;
        if (again)
            retry(Reason::RuleRetry, 0);
        else
            stop(Reason::RuleStop);
    }

    [[nodiscard]] bool choosesConfig() const
    {
        return m_policy.changeConfig && model::classCovered(model::kMemoryGroup, m_verdict.errorClass);
    }

    void askModel()
    {
        m_decision.modelVersion = std::string(m_point.modelVersion);
        m_decision.threshold = m_threshold;
        if (choosesConfig())
            findNextSteps();
        fillAlternatives();
        if (choosesConfig()) {
            chooseConfig();
        } else if (m_candidates[0].scorer.success >= m_threshold) {
            retry(Reason::LikelySuccess, 0);
        } else {
            show(0);
            stop(Reason::LowSuccess);
        }
    }

    void chooseConfig()
    {
        std::optional<size_t> best;
        std::optional<size_t> safest;
        bool changeSupported = false;
        for (size_t i = 0; i < m_candidates.size(); ++i) {
            const Candidate &c = m_candidates[i];
            if (!c.supported)
                continue;
            changeSupported = changeSupported || !c.patch.empty();
            if (!safest || c.scorer.success > m_candidates[*safest].scorer.success)
                safest = i;
            if (c.scorer.success >= m_threshold && allowed(c)
                && (!best || objective(c) < objective(m_candidates[*best])))
                best = i;
        }
        if (best) {
            retry(Reason::BestCandidate, *best);
            return;
        }
        const std::optional<size_t> step = ladderStep();
        if (!changeSupported && m_policy.offerUnsupported && step) {
            retry(Reason::BestCandidate, *step);
            return;
        }
        show(safest.value_or(0));
        stop(Reason::Infeasible);
    }

    /// The bound of CostUnderFailureBound; the other objectives have none.
    [[nodiscard]] bool allowed(const Candidate &c) const
    {
        return m_policy.objective != Objective::CostUnderFailureBound
               || 1.0 - c.chooser.success <= m_policy.failureBound;
    }

    /// V after a retry expected to do as `failed` has failed: a person at the limit, else the best next retry. Whether
    /// a memory failure is mended is whether the memory suffices, so a configuration of chance p_j has, once one of
    /// chance p_i has failed, the chance (p_j - p_i) / (1 - p_i). Looks one retry ahead, and not at thresholds, so that
    /// the order of candidates does not hang on them.
    [[nodiscard]] double valueAfter(const Estimate &failed) const
    {
        double least = m_labour;
        for (const Estimate *next : m_nextSteps) {
            const double success = (next->success - failed.success) / (1.0 - failed.success);
            if (success <= 0.0)
                continue;
            const double extra = next->costSuccess - m_candidates[0].chooser.costSuccess;
            least = std::min(least, (1.0 - success) * (next->costFail + m_labour) + success * extra);
        }
        return least;
    }

    /// What the retry after this one may take: supported candidates than which none is both likelier and cheaper.
    void findNextSteps()
    {
        const int left =
            m_policy.retryLimit[static_cast<size_t>(m_domain)] - m_point.retriesUsed[static_cast<size_t>(m_domain)] - 1;
        if (left < 1 || m_policy.objective != Objective::ExpectedCost)
            return;
        for (const Candidate &c : m_candidates)
            if (c.supported)
                m_nextSteps.push_back(&c.chooser);
        std::stable_sort(m_nextSteps.begin(), m_nextSteps.end(), [](const Estimate *a, const Estimate *b) {
            return a->success != b->success ? a->success > b->success : expectedCost(*a) < expectedCost(*b);
        });
        size_t kept = 0;
        for (const Estimate *next : m_nextSteps)
            if (kept == 0 || expectedCost(*next) < expectedCost(*m_nextSteps[kept - 1]))
                m_nextSteps[kept++] = next;
        m_nextSteps.resize(kept);
    }

    [[nodiscard]] double objective(const Candidate &c) const
    {
        const Estimate &e = c.chooser;
        const Estimate &keep = m_candidates[0].chooser;
        switch (m_policy.objective) {
        case Objective::ExpectedCost:
            return (1.0 - e.success) * (e.costFail + valueAfter(e)) + e.success * (e.costSuccess - keep.costSuccess);
        case Objective::FailureTimesCost: return (1.0 - e.success) * expectedCost(e);
        case Objective::WeightedSum: {
            const double base = expectedCost(keep);
            return m_policy.weight * (1.0 - e.success)
                   + (1.0 - m_policy.weight) * (base > 0.0 ? expectedCost(e) / base : 1.0);
        }
        case Objective::CostUnderFailureBound: return expectedCost(e);
        }
        return 0.0;
    }

    /// The changed candidate whose memory is nearest to twice the old.
    [[nodiscard]] std::optional<size_t> ladderStep() const
    {
        std::optional<size_t> found;
        for (size_t i = 1; i < m_candidates.size(); ++i) {
            if (m_candidates[i].patch.empty() || m_candidates[i].memoryRatio <= 1.0)
                continue;
            const auto distance = [&](size_t k) { return std::abs(m_candidates[k].memoryRatio - kLadderStep); };
            if (!found || distance(i) < distance(*found))
                found = i;
        }
        return found;
    }

    void fillAlternatives()
    {
        std::vector<size_t> order(m_candidates.size());
        std::iota(order.begin(), order.end(), size_t(0));
        std::stable_sort(order.begin(), order.end(),
                         [&](size_t a, size_t b) { return objective(m_candidates[a]) < objective(m_candidates[b]); });
        order.resize(std::min(order.size(), kMostAlternatives));
        for (const size_t i : order) {
            const Candidate &c = m_candidates[i];
            m_decision.alternatives.push_back({c.label, c.scorer.success, objective(c), c.supported});
        }
    }

    /// Shows what candidate `i` is worth, by the scorer.
    void show(size_t i)
    {
        if (i >= m_candidates.size())
            return;
        const Estimate &e = m_candidates[i].scorer;
        m_decision.success = e.success;
        m_decision.costUsd = expectedCost(e);
        const double extra = e.costSuccess - m_candidates[0].scorer.costSuccess;
        const double denominator = e.costFail + m_labour - extra;
        m_decision.breakEven = denominator > 0.0 ? std::clamp(e.costFail / denominator, 0.0, 1.0) : 1.0;
    }

    void stop(Reason reason)
    {
        m_decision.action = Action::Stop;
        m_decision.reason = reason;
        m_decision.patch.clear();
        m_decision.candidate.reset();
        m_decision.supported = true;
    }

    void retry(Reason reason, size_t i)
    {
        m_decision.reason = reason;
        m_decision.action = Action::Retry;
        m_decision.patch.clear();
        m_decision.supported = true;
        m_decision.candidate.reset();
        if (i >= m_candidates.size())
            return;
        show(i);
        m_decision.candidate = i;
        m_decision.supported = m_candidates[i].supported;
        m_decision.patch = m_candidates[i].patch;
        m_decision.action = m_decision.patch.empty() ? Action::Retry : Action::RetryWithConfig;
    }

    /// With a small probability another action is drawn, each equally likely, so that the log can tell what would have
    /// happened. Limits and overrides are never explored.
    void explore()
    {
        const double share = m_policy.exploration;
        if (share <= 0.0)
            return;
        const std::optional<size_t> changed = configToExplore();
        const size_t actions = changed ? 3 : 2;
        const std::uint64_t seed = base::stableHash(m_point.job, m_policy.explorationSeed);
        const std::uint64_t hash =
            base::stableHash(std::to_string(m_point.attempt), base::stableHash(m_point.run, seed));
        const double u = static_cast<double>(hash >> 11) * 0x1.0p-53;
        const double each = share / static_cast<double>(actions);
        const Action planned = m_decision.action;
        if (u < share) {
            const auto drawn = std::min(static_cast<size_t>(u / each), actions - 1);
            const auto action = drawn == 0 ? Action::Stop : drawn == 1 ? Action::Retry : Action::RetryWithConfig;
            if (action != planned) {
                if (action == Action::Stop)
                    stop(Reason::Exploration);
                else
                    retry(Reason::Exploration, action == Action::Retry ? 0 : *changed);
            }
        }
        m_decision.actionProbability = m_decision.action == planned ? 1.0 - share + each : each;
    }

    /// The configuration exploration may try: the chosen one, else the best supported change.
    [[nodiscard]] std::optional<size_t> configToExplore() const
    {
        if (m_decision.action == Action::RetryWithConfig)
            return m_decision.candidate;
        if (!choosesConfig())
            return std::nullopt;
        std::optional<size_t> best;
        for (size_t i = 1; i < m_candidates.size(); ++i) {
            const Candidate &c = m_candidates[i];
            if (c.supported && !c.patch.empty() && (!best || objective(c) < objective(m_candidates[*best])))
                best = i;
        }
        return best;
    }

    const Policy &m_policy;
    const DecisionPoint &m_point;
    const model::Verdict &m_verdict;
    Candidates m_candidates;
    model::Domain m_domain;
    double m_labour;
    double m_threshold;
    std::vector<const Estimate *> m_nextSteps; ///< likeliest first; empty at the last retry
    Decision m_decision;
};

std::string percent(double share)
{
    char buffer[16];
    std::snprintf(buffer, sizeof buffer, "%.0f %%", share * 100.0);
    return buffer;
}

} // namespace

Decision decide(const Policy &policy, const Economics &economics, const DecisionPoint &point,
                const model::Verdict &verdict, std::span<const model::Candidate> candidates)
{
    return Chooser(policy, economics, point, verdict, candidates).run();
}

std::string_view name(Action action)
{
    switch (action) {
    case Action::Retry: return "retry";
    case Action::RetryWithConfig: return "retry_with_config";
    case Action::Stop: return "stop";
    }
    return {};
}

std::string_view name(Reason reason)
{
    switch (reason) {
    case Reason::Limit: return "limit";
    case Reason::OverrideRetry: return "override_retry";
    case Reason::OverrideStop: return "override_stop";
    case Reason::RuleRetry: return "rule_retry";
    case Reason::RuleStop: return "rule_stop";
    case Reason::BestCandidate: return "best_candidate";
    case Reason::Infeasible: return "infeasible";
    case Reason::LikelySuccess: return "likely_success";
    case Reason::LowSuccess: return "low_success";
    case Reason::Exploration: return "exploration";
    }
    return {};
}

namespace
{

std::string changes(const model::Config &patch)
{
    std::string out;
    for (const auto &[property, value] : patch)
        out += (out.empty() ? "" : ", ") + property + " = " + value;
    return out.empty() ? "the configuration unchanged" : out;
}

} // namespace

std::string sentence(const Decision &decision)
{
    const std::string p = decision.success ? percent(*decision.success) : std::string("unknown");
    const std::string least = decision.threshold ? percent(*decision.threshold) : std::string("the threshold");
    switch (decision.reason) {
    case Reason::Limit: return "Stop: the retry limit is reached.";
    case Reason::OverrideRetry: return "Retry: an override says always.";
    case Reason::OverrideStop: return "Stop: an override says never.";
    case Reason::RuleRetry: return "Retry: the rule says that trying again helps.";
    case Reason::RuleStop: return "Stop: the rule says that trying again does not help.";
    case Reason::BestCandidate:
        if (!decision.supported)
            return "Retry with " + changes(decision.patch) + ": history has no retry like it, so nothing is promised.";
        return (decision.patch.empty() ? "Retry unchanged" : "Retry with " + changes(decision.patch))
               + ": the best choice, with " + p + " chance of success.";
    case Reason::Infeasible: return "Stop: no supported configuration reaches " + least + " chance of success.";
    case Reason::LikelySuccess: return "Retry: " + p + " chance of success, at least " + least + " is asked for.";
    case Reason::LowSuccess: return "Stop: " + p + " chance of success, at least " + least + " is asked for.";
    case Reason::Exploration: return "Drawn at random, to learn what happens.";
    }
    return {};
}

} // namespace mulligan::policy
