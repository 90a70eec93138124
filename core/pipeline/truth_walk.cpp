#include "pipeline/truth_walk.hpp"

#include "model/candidate.hpp"
#include "optimize/pareto.hpp"
#include "pipeline/model_candidates.hpp"
#include "policy/decide.hpp"
#include "predict/resources.hpp"

#include <algorithm>
#include <cmath>

namespace mulligan::pipeline
{

namespace
{

using evaluate::Answer;
using evaluate::Basis;
using model::HistoryAttempt;
using Candidates = std::vector<model::Candidate>;

/// A configuration succeeds when at least half of its repeats do.
constexpr double kSucceeds = 0.5;

std::size_t domainOf(const model::Verdict &verdict)
{
    return verdict.errorClass == model::kUnclassified ? 0 : static_cast<std::size_t>(verdict.domain);
}

/// Expected dollars to a success when a configuration is asked again until it succeeds.
double costToSuccess(const Answer &answer)
{
    return answer.costSuccess + (1.0 - answer.success) / answer.success * answer.costFail;
}

/// Whether nothing after it can happen, or be known.
bool isSettled(const Answer &answer)
{
    return answer.basis == Basis::Unknown || answer.success >= 1.0;
}

/// The most memory of all; of equals, the one that changes least besides.
std::size_t largest(const Candidates &candidates, const model::Config &last)
{
    const predict::Resources before = predict::resourcesOf(last);
    std::size_t found = 0;
    double most = 0.0;
    for (std::size_t i = 1; i < candidates.size(); ++i) {
        const predict::Resources after = predict::resourcesOf(model::applied(last, candidates[i].patch));
        double growth = 0.0;
        bool memoryAlone = true;
        for (std::size_t k = 0; k < predict::kKnobCount; ++k) {
            if (k < predict::kMemoryKnobCount)
                growth += std::log((after.values[k] + 1.0) / (before.values[k] + 1.0));
            else
                memoryAlone = memoryAlone && after.values[k] == before.values[k];
        }
        if (memoryAlone && growth > most + 1e-9) {
            most = growth;
            found = i;
        }
    }
    return found;
}

/// One policy on its way through one episode: every retry so far has failed.
struct Walker {
    Decides decides = Decides::Policy;
    std::size_t slot = 0; ///< index into the walked episodes
    std::uint32_t at = 0; ///< the first failure
    std::vector<model::Config> tried;
    std::array<int, model::kDomainCount> used{};
    int number = 1; ///< of the attempt that failed last
    evaluate::RetryChain chain;
    bool ended = false;
};

class Walking
{
public:
    Walking(const WalkInputs &inputs) : m_in(inputs), m_history(*inputs.history)
    {
        // Limits are decide's to apply, for baselines as for the policy: theirs is one that always retries.
        m_always = inputs.policy;
        m_always.overrides = {{"*", "", policy::OverrideAction::AlwaysRetry}};
    }

    base::Result<Walks> walk(const Folds &folds, const std::vector<FoldModel> &models, bool policyOnly,
                             const std::stop_token &stop, base::Progress &progress)
    {
        for (std::uint32_t e = 0; e < m_history.episodes.size(); ++e)
            open(e);
        progress.begin("Walking held-out episodes", m_out.episodes.size());
        for (std::uint32_t fold = 0; fold < folds.count; ++fold) {
            std::vector<Walker> walkers;
            for (std::size_t slot = 0; slot < m_out.episodes.size(); ++slot)
                if (folds.foldOfJob(episodeAt(slot).job) == fold)
                    walkers.push_back(begin(Decides::Policy, slot));
            MULLIGAN_CHECK(walkPolicy(walkers, models[fold], stop));
            for (std::size_t i = 0; i < walkers.size() && !policyOnly; ++i)
                walkBaselines(walkers[i].slot);
            progress.advance(walkers.size());
        }
        return std::move(m_out);
    }

private:
    [[nodiscard]] const model::Episode &episodeAt(std::size_t slot) const
    {
        return m_history.episodes[m_out.episodes[slot].episode];
    }
    [[nodiscard]] const HistoryAttempt &attempt(std::uint32_t i) const { return m_history.attempts[i]; }
    [[nodiscard]] const model::Config &lastConfig(const Walker &w) const
    {
        return w.tried.empty() ? m_history.configs[attempt(w.at).config] : w.tried.back();
    }

    [[nodiscard]] std::optional<std::size_t> variantAfter(std::uint32_t at, int number) const
    {
        return m_in.truth.variantOf(m_history.jobs.at(attempt(at).job), m_history.runs.at(attempt(at).run), number + 1);
    }
    [[nodiscard]] Answer truthOf(const Walker &w, const model::Config &config) const
    {
        const auto variant = variantAfter(w.at, w.number);
        return variant ? m_in.truth.answer(*variant, config) : Answer();
    }

    /// Unscored candidates, for those who do not ask a model.
    [[nodiscard]] Candidates options(const Walker &w) const
    {
        const HistoryAttempt &failed = attempt(w.at);
        Candidates out;
        for (auto &option : optimize::enumerate(m_in.space, lastConfig(w), failed.verdict->errorClass,
                                                failed.metrics.all(), m_history.names.at(failed.cluster))) {
            model::Candidate candidate;
            candidate.patch = std::move(option.patch);
            candidate.label = std::move(option.label);
            candidate.memoryRatio = option.memoryRatio;
            candidate.supported = true;
            out.push_back(std::move(candidate));
        }
        return out;
    }

    /// The candidate that is the cheapest way to success.
    struct Best {
        std::optional<std::size_t> candidate; ///< none: none is known to succeed
        double cost = 0.0;                    ///< dollars to its success
        bool doubtful = false;                ///< the truth does not say of all
    };
    [[nodiscard]] Best best(const Walker &w, const Candidates &candidates) const
    {
        Best out;
        const auto variant = variantAfter(w.at, w.number);
        for (std::size_t i = 0; i < candidates.size() && variant; ++i) {
            const Answer answer = m_in.truth.answer(*variant, model::applied(lastConfig(w), candidates[i].patch));
            out.doubtful = out.doubtful || answer.basis == Basis::Unknown;
            if (answer.basis == Basis::Unknown || answer.success < kSucceeds)
                continue;
            if (!out.candidate || costToSuccess(answer) < out.cost) {
                out.candidate = i;
                out.cost = costToSuccess(answer);
            }
        }
        return out;
    }

    /// Whether an outage passes before the limit is reached, and failing until then costs less than a person.
    [[nodiscard]] bool worthWaiting(Walker w) const
    {
        const std::size_t domain = domainOf(attempt(w.at).verdict);
        double spent = 0.0;
        for (int left = m_in.policy.retryLimit[domain] - w.used[domain]; left > 0; --left, ++w.number) {
            const Answer answer = truthOf(w, lastConfig(w));
            if (answer.basis == Basis::Unknown)
                return false;
            if (answer.success >= kSucceeds)
                return spent < m_out.episodes[w.slot].world.labour;
            spent += answer.costFail;
        }
        return false;
    }

    [[nodiscard]] Walker begin(Decides decides, std::size_t slot) const
    {
        Walker w;
        w.decides = decides;
        w.slot = slot;
        w.at = episodeAt(slot).first;
        w.number = attempt(w.at).attempt;
        return w;
    }

    void open(std::uint32_t index)
    {
        const model::Episode &episode = m_history.episodes[index];
        if (!variantAfter(episode.first, attempt(episode.first).attempt)) {
            ++m_out.withoutTruth;
            return;
        }
        WalkedEpisode walked;
        walked.episode = index;
        const std::string &errorClass = attempt(episode.first).verdict->errorClass;
        walked.memoryConfig = model::classCovered(model::kMemoryGroup, errorClass);
        m_out.episodes.push_back(std::move(walked));
        WalkedEpisode &out = m_out.episodes.back();
        const Walker start = begin(Decides::Oracle, m_out.episodes.size() - 1);
        const Best found = best(start, options(start));
        out.fixable = found.candidate.has_value();
        out.doubtful = !out.fixable && found.doubtful;
        if (out.fixable)
            out.world.cheapest = found.cost;
        const HistoryAttempt &last = attempt(episode.last());
        out.world.completing = episode.succeeded ? last.costUsd : found.cost;
        out.world.recoveredByItself = episode.remediated;
        const bool logged = episode.intervention && episode.minutesLogged;
        const double minutes = logged ? episode.manualMinutes : m_in.economics.minutesFor(errorClass);
        out.world.labour = minutes / 60.0 * m_in.economics.labourRatePerHour;
        out.realised[static_cast<std::size_t>(Decides::History)] = logHistory(episode, out.world);
    }

    /// What really happened; a chain that the end of the data may have cut is not known.
    [[nodiscard]] evaluate::ChainFigures logHistory(const model::Episode &episode,
                                                    const evaluate::EpisodeWorld &world) const
    {
        evaluate::ChainFigures out;
        out.known = !episode.censored;
        for (std::uint32_t i = episode.first + 1; i <= episode.last(); ++i) {
            if (attempt(i).started != model::Trigger::AutoRetry)
                continue;
            out.retries += 1.0;
            out.failed += model::isDecisionPoint(attempt(i)) ? attempt(i).costUsd : 0.0;
        }
        out.remediated = episode.remediated ? 1.0 : 0.0;
        out.fixedFirst = episode.remediated && episode.count == 2 ? 1.0 : 0.0;
        out.fixedInTwo = episode.remediated && episode.count <= 3 ? 1.0 : 0.0;
        out.person = episode.intervention ? 1.0 : 0.0;
        out.labour = out.person * world.labour;
        if (episode.remediated && world.cheapest && *world.cheapest > 0.0)
            out.regrets.push_back({(out.failed + world.completing) / *world.cheapest - 1.0, 1.0});
        return out;
    }

    policy::Decision ask(const policy::Policy &policy, const Walker &w, const Candidates &candidates,
                         const std::string &version) const
    {
        const HistoryAttempt &failed = attempt(w.at);
        policy::DecisionPoint point;
        point.job = m_history.jobs.at(failed.job);
        point.run = m_history.runs.at(failed.run);
        point.attempt = w.number;
        point.retriesUsed = w.used;
        point.modelVersion = version;
        return policy::decide(policy, m_in.economics, point, failed.verdict, candidates);
    }

    /// Notes the retry with `patch` and goes on to the failure that may follow it.
    void retry(Walker &w, const model::Config &patch, std::optional<model::Estimate> predicted, bool supported) const
    {
        const model::Config next = model::applied(lastConfig(w), patch);
        w.chain.retries.push_back({truthOf(w, next), predicted, supported});
        ++w.used[domainOf(attempt(w.at).verdict)];
        ++w.number;
        w.tried.push_back(next);
    }

    void end(Walker &w)
    {
        const Answer again = truthOf(w, lastConfig(w));
        if (again.basis != Basis::Unknown)
            w.chain.againAtEnd = again.success;
        WalkedEpisode &out = m_out.episodes[w.slot];
        out.realised[static_cast<std::size_t>(w.decides)] = evaluate::realised(w.chain, out.world);
        // With no success among those the truth tells of, the best may be one it does not.
        if (w.decides == Decides::Oracle && out.doubtful)
            out.realised[static_cast<std::size_t>(w.decides)].known = false;
        if (w.decides == Decides::Policy) {
            out.predicted = evaluate::predicted(w.chain, out.world);
            for (const auto &step : w.chain.retries) {
                ++out.policyRetries;
                out.byDominance += step.truth.basis == Basis::Dominance ? 1U : 0U;
                if (isSettled(step.truth))
                    break;
            }
        }
        w.ended = true;
    }

    /// All episodes of a fold together, retry by retry, so that candidates are scored in large batches.
    base::Result<void> walkPolicy(std::vector<Walker> &walkers, const FoldModel &model, const std::stop_token &stop)
    {
        const auto scores =
            std::make_shared<CandidateScores>(m_in.history, m_in.past, model.models, m_in.space, m_in.workers);
        const ModelCandidates source(scores, rateOf(m_in.economics));
        for (;;) {
            std::vector<ScorePoint> points;
            for (const Walker &w : walkers)
                if (!w.ended)
                    points.push_back({w.at, w.tried});
            if (points.empty())
                return {};
            // Scoring counts its own points; these are not what the bar shows.
            base::Progress unseen;
            MULLIGAN_CHECK(scores->scoreAll(std::move(points), stop, unseen));
            for (Walker &w : walkers) {
                if (w.ended)
                    continue;
                MULLIGAN_TRY(const Candidates candidates, source.candidates(w.at, w.tried));
                const policy::Decision d = ask(m_in.policy, w, candidates, source.modelVersion(w.at));
                if (d.action == policy::Action::Stop)
                    end(w);
                else
                    retry(w, d.patch, candidates[d.candidate.value_or(0)].scorer, d.supported);
            }
        }
    }

    void walkBaselines(std::size_t slot)
    {
        for (const Decides decides :
             {Decides::Keep, Decides::Double, Decides::Ladder, Decides::Ceiling, Decides::Oracle}) {
            Walker w = begin(decides, slot);
            while (!w.ended) {
                const Candidates candidates = options(w);
                const bool settled = !w.chain.retries.empty() && isSettled(w.chain.retries.back().truth);
                const bool limit = settled || ask(m_always, w, candidates, {}).action == policy::Action::Stop;
                const auto chosen = limit ? std::nullopt : choose(w, candidates);
                if (chosen)
                    retry(w, candidates[*chosen].patch, std::nullopt, true);
                else
                    end(w);
            }
        }
    }

    [[nodiscard]] std::optional<std::size_t> choose(const Walker &w, const Candidates &candidates) const
    {
        const int step = static_cast<int>(w.tried.size());
        switch (w.decides) {
        case Decides::Double: return optimize::pickBaseline(optimize::Baseline::Double, candidates);
        case Decides::Ladder: return optimize::pickBaseline(optimize::Baseline::Ladder, candidates, step);
        case Decides::Ceiling: return largest(candidates, lastConfig(w));
        case Decides::Oracle: {
            const auto found = best(w, candidates).candidate;
            return found || !worthWaiting(w) ? found : std::optional<std::size_t>(0);
        }
        default: return 0;
        }
    }

    const WalkInputs &m_in;
    const model::History &m_history;
    policy::Policy m_always;
    Walks m_out;
};

} // namespace

std::string_view name(Decides decides)
{
    switch (decides) {
    case Decides::Policy: return "policy";
    case Decides::Keep: return "keep";
    case Decides::Double: return "x2";
    case Decides::Ladder: return "ladder";
    case Decides::Ceiling: return "ceiling";
    case Decides::Oracle: return "oracle";
    case Decides::History: return "history";
    }
    return {};
}

base::Result<Walks> walkWithTruth(const WalkInputs &inputs, const Folds &folds, const std::vector<FoldModel> &models,
                                  bool policyOnly, std::stop_token stop, base::Progress &progress)
{
    return Walking(inputs).walk(folds, models, policyOnly, stop, progress);
}

} // namespace mulligan::pipeline
