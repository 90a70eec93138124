#include "simulate/episode_walk.hpp"

#include "base/units.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace mulligan::simulate
{

namespace
{

using model::HistoryAttempt;
using model::Provenance;
using policy::Action;
using Candidates = std::vector<model::Candidate>;

/// Two settings of a property count as the same within this share; so much lies between 8g and 8192m written by hand.
constexpr double kConfigTolerance = 0.10;
/// Queueing shifts a start by up to this much without any policy having chosen it.
constexpr double kQueueSeconds = 60.0;

/// Properties that differ between any two runs and say nothing of resources.
bool isIdentity(const std::string &key)
{
    return key == "spark.app.id" || key == "spark.app.startTime" || key == "spark.app.submitTime"
           || key == "spark.driver.port" || key == "spark.driver.host";
}

bool sameConfig(const model::Config &a, const model::Config &b)
{
    const auto covered = [](const model::Config &x, const model::Config &y) {
        return std::all_of(x.begin(), x.end(), [&](const auto &entry) {
            const auto it = y.find(entry.first);
            return isIdentity(entry.first) || (it != y.end() && sameValue(entry.second, it->second));
        });
    };
    return covered(a, b) && covered(b, a);
}

size_t domainOf(const model::Verdict &verdict)
{
    return verdict.errorClass == model::kUnclassified ? 0 : static_cast<size_t>(verdict.domain);
}

/// What follows a mismatch, by the scorer: a chain in which success ends and failure goes on.
struct Chain {
    double failed = 0.0;   ///< expected cost of failing retries
    double dearer = 0.0;   ///< X
    double person = 0.0;   ///< P(nobody but a person is left)
    double byConfig = 0.0; ///< P(success with a changed configuration)
    double gross = 0.0;
    double unsupportedNet = 0.0;
    std::vector<Recovery> recovery;
    std::vector<ReplayStep> steps;
};

class Walk
{
public:
    Walk(const WalkInputs &inputs, std::uint32_t episode, std::vector<Comparison> *comparisons)
        : m_in(inputs), m_episode(inputs.history.episodes[episode]), m_comparisons(comparisons), m_refresh(inputs)
    {
        m_out.episode = episode;
        describeHistory();
    }

    base::Result<EpisodeOutcome> run()
    {
        std::uint32_t at = m_episode.first;
        while (true) {
            MULLIGAN_TRY(const Candidates candidates, m_in.source.candidates(at, {}));
            MULLIGAN_TRY(const Answered d,
                         ask({at, attempt(at).attempt, attempt(at).endedAt, m_used, configOf(at), candidates}));
            const bool retried = at < m_autoEnd;
            if (d.decision.action == Action::Stop) {
                observe(at, d, Provenance::Observed);
                if (retried)
                    stopEarly(at, d.waitingSeconds);
                else
                    followHistory(at, d.waitingSeconds);
                break;
            }
            if (retried && matches(at, d.decision)) {
                observe(at, d, Provenance::Observed);
                ++m_used[domainOf(attempt(at).verdict)];
                at = nextDecision(at);
                if (at > m_autoEnd) {
                    followHistory();
                    break;
                }
                continue;
            }
            MULLIGAN_CHECK(leaveHistory(at, d, candidates));
            break;
        }
        return std::move(m_out);
    }

private:
    [[nodiscard]] const HistoryAttempt &attempt(std::uint32_t i) const { return m_in.history.attempts[i]; }
    [[nodiscard]] const model::Config &configOf(std::uint32_t i) const
    {
        return m_in.history.configs[attempt(i).config];
    }
    [[nodiscard]] double sinceFirst(base::Instant t) const
    {
        return base::secondsBetween(attempt(m_episode.first).endedAt, t);
    }

    void describeHistory()
    {
        m_autoEnd = m_episode.first;
        while (m_autoEnd < m_episode.last() && attempt(m_autoEnd + 1).started == model::Trigger::AutoRetry)
            ++m_autoEnd;
        m_autoSucceeded = attempt(m_autoEnd).outcome == model::Outcome::Succeeded;
        for (std::uint32_t i = m_episode.first + 1; i <= m_episode.last(); ++i) {
            if (attempt(i).started != model::Trigger::AutoRetry)
                continue;
            m_out.historyGross += attempt(i).costUsd;
            if (!isDecisionPoint(attempt(i)))
                continue;
            m_out.historyF += attempt(i).costUsd;
            if (i > m_autoEnd)
                m_laterF += attempt(i).costUsd;
        }
        const std::string &errorClass = attempt(m_episode.first).verdict->errorClass;
        const bool logged = m_episode.intervention && m_episode.minutesLogged;
        m_out.labourAssumed = !logged;
        m_out.labourMinutes = logged ? m_episode.manualMinutes : m_in.economics.minutesFor(errorClass);
        m_out.labour = m_out.labourMinutes / 60.0 * m_in.economics.labourRatePerHour;
        m_out.historyPerson = m_episode.intervention ? 1.0 : 0.0;
        m_out.historyRemediated = m_episode.remediated;
        m_out.completing = m_episode.succeeded ? attempt(m_episode.last()).costUsd : 0.0;
        // A chain without success is repaired after the minutes an intervention takes, and one more run.
        const HistoryAttempt &last = attempt(m_episode.last());
        m_out.historyRecovery = sinceFirst(last.endedAt);
        if (!m_episode.succeeded)
            m_out.historyRecovery += m_out.labourMinutes * 60.0 + base::secondsBetween(last.startedAt, last.endedAt);
        // Who takes over when automation ends: the person history shows, or one nobody needed then.
        m_handover = m_autoSucceeded ? 1.0 : m_out.historyPerson;
    }

    base::Result<Answered> ask(const Question &question)
    {
        policy::Decision own = decideAt(m_in, question);
        if (m_comparisons != nullptr && own.threshold)
            for (size_t i = 0; i < question.candidates.size(); ++i)
                if (i == 0 || question.candidates[i].supported)
                    m_comparisons->push_back(
                        {attempt(question.attempt).verdict->errorClass, question.candidates[i].scorer.success});
        return m_refresh.answer(question, std::move(own));
    }

    static ReplayStep stepOf(std::uint32_t at, int number, const Answered &d, Provenance provenance, double weight)
    {
        return {at,
                number,
                d.decision.action,
                d.decision.reason,
                provenance,
                weight,
                d.decision.success.value_or(0.0),
                d.decision.delaySeconds,
                d.answer,
                d.stalenessSeconds,
                d.waitingSeconds};
    }

    void observe(std::uint32_t at, const Answered &d, Provenance provenance)
    {
        ++m_out.counts[static_cast<size_t>(provenance)];
        m_out.steps.push_back(stepOf(at, attempt(at).attempt, d, provenance, 1.0));
    }

    void contribute(Provenance provenance, double usd)
    {
        m_out.contributions[static_cast<size_t>(provenance)] += std::abs(usd);
    }

    /// Whether history's automatic retry after `at` is what `d` asks for.
    [[nodiscard]] bool matches(std::uint32_t at, const policy::Decision &d) const
    {
        const HistoryAttempt &next = attempt(at + 1);
        if (d.action == Action::RetryWithConfig)
            return sameConfig(configOf(at + 1), model::applied(configOf(at), d.patch));
        if (next.config != attempt(at).config && !sameConfig(configOf(at + 1), configOf(at)))
            return false;
        if (!attempt(at).verdict->transient)
            return true;
        const double gap = std::max(0.0, base::secondsBetween(attempt(at).endedAt, next.startedAt));
        return std::abs(gap - d.delaySeconds) <= kQueueSeconds
               || (gap <= 2.0 * d.delaySeconds && d.delaySeconds <= 2.0 * gap);
    }

    /// The next decision point of the automatic part; past its end when there is none. Adds up what matched.
    std::uint32_t nextDecision(std::uint32_t at)
    {
        for (std::uint32_t i = at + 1; i <= m_autoEnd; ++i) {
            m_matchedGross += attempt(i).costUsd;
            if (isDecisionPoint(attempt(i))) {
                m_matchedF += attempt(i).costUsd;
                return i;
            }
        }
        return m_autoEnd + 1;
    }

    void followHistory()
    {
        m_out.policyF = m_out.historyF;
        m_out.policyGross = m_out.historyGross;
        m_out.policyPerson = m_out.historyPerson;
        m_out.policyRemediated = m_out.historyRemediated ? 1.0 : 0.0;
        m_out.recovery = {{m_out.historyRecovery, 1.0}};
    }

    /// History stopped here as well; a person who waits for a batch to say so starts no earlier than that.
    void followHistory(std::uint32_t at, double waiting)
    {
        followHistory();
        if (waiting <= 0.0)
            return;
        const double handedOver = sinceFirst(attempt(at).endedAt) + waiting;
        m_out.recovery[0].seconds =
            m_episode.succeeded ? std::max(m_out.historyRecovery, handedOver) : m_out.historyRecovery + waiting;
    }

    /// Fills the policy's world and the six parts from what follows the matched retries.
    void settle(const Chain &chain)
    {
        const double kept = m_autoSucceeded ? 0.0 : m_laterF * chain.person;
        m_out.policyF = m_matchedF + chain.failed + kept;
        m_out.policyX = chain.dearer;
        m_out.policyPerson = chain.person * m_handover;
        m_out.policyGross = m_matchedGross + chain.gross + kept;
        m_out.policyRemediated = 1.0 - chain.person;
        m_out.wronglyStopped = m_autoSucceeded ? chain.person : 0.0;
        m_out.recovery = chain.recovery;
        const auto part = [&](Part p) -> double & { return m_out.parts[static_cast<size_t>(p)]; };
        part(Part::DoomedRetriesAvoided) = m_out.historyF - m_matchedF - kept;
        part(Part::AddedRetries) = -chain.failed;
        part(Part::DearerConfig) = -chain.dearer;
        if (m_out.historyPerson > 0.0) {
            part(Part::FixedByConfig) = m_out.labour * chain.byConfig;
            part(Part::InterventionsAvoided) = m_out.labour * (1.0 - m_out.policyPerson - chain.byConfig);
        } else {
            part(Part::WronglyStopped) = -m_out.labour * m_out.policyPerson;
        }
    }

    void stopEarly(std::uint32_t at, double waiting)
    {
        Chain chain;
        chain.person = 1.0;
        chain.recovery = {{personDone(at, sinceFirst(attempt(at).endedAt) + waiting), 1.0}};
        settle(chain);
        contribute(Provenance::Observed, m_out.parts[static_cast<size_t>(Part::DoomedRetriesAvoided)]);
        const double labour = m_out.historyL() - m_out.policyL();
        if (labour != 0.0) {
            ++m_out.counts[static_cast<size_t>(Provenance::Assumed)];
            contribute(Provenance::Assumed, labour);
        }
    }

    base::Result<void> leaveHistory(std::uint32_t at, const Answered &d, const Candidates &candidates)
    {
        m_completing = m_episode.succeeded || candidates.empty() ? m_out.completing : candidates[0].scorer.costSuccess;
        const bool unsupported = !d.decision.supported;
        MULLIGAN_TRY(Chain chain, foresee(at, d, candidates, unsupported));
        if (!unsupported) {
            m_out.completing = m_completing;
            ++m_out.counts[static_cast<size_t>(Provenance::Modelled)];
            m_out.unsupportedNet += chain.unsupportedNet;
            contribute(Provenance::Unsupported, chain.unsupportedNet);
            m_out.steps.insert(m_out.steps.end(), chain.steps.begin(), chain.steps.end());
            settle(chain);
            contribute(Provenance::Modelled, m_out.net());
            return {};
        }
        observe(at, d, Provenance::Unsupported);
        settle(chain);
        const double wouldBe = m_out.net();
        m_out.parts = {};
        m_out.policyX = 0.0;
        m_out.wronglyStopped = 0.0;
        followHistory();
        m_out.unsupportedNet += wouldBe;
        contribute(Provenance::Unsupported, wouldBe);
        return {};
    }

    /// Seconds from the first failure to success when a person takes over at `elapsed`.
    [[nodiscard]] double personDone(std::uint32_t at, double elapsed) const
    {
        if (m_episode.succeeded && !m_autoSucceeded)
            return std::max(elapsed, m_out.historyRecovery);
        return elapsed + m_out.labourMinutes * 60.0 + completingSeconds(at, 1.0);
    }

    /// A completing run lasts as long as the logged one, else as the failed one times the ratio of their costs.
    [[nodiscard]] double completingSeconds(std::uint32_t at, double costRatio) const
    {
        const std::uint32_t like = m_episode.succeeded ? m_episode.last() : at;
        const double seconds = base::secondsBetween(attempt(like).startedAt, attempt(like).endedAt);
        return m_episode.succeeded ? seconds : seconds * std::clamp(costRatio, 1.0, 10.0);
    }

    /// Both branches of every retry up to the limit, exactly: success ends, failure goes on with the same class and
    /// metrics, one attempt later, the tried configurations remembered.
    base::Result<Chain> foresee(std::uint32_t at, Answered answered, Candidates candidates, bool followUnsupported,
                                std::vector<model::Config> tried = {}, RetriesUsed used = {}, int number = 0,
                                double elapsed = 0.0)
    {
        if (number == 0) {
            used = m_used;
            number = attempt(at).attempt;
            elapsed = sinceFirst(attempt(at).endedAt);
        }
        Chain out;
        double weight = 1.0;
        const double failSeconds = base::secondsBetween(attempt(at).startedAt, attempt(at).endedAt);
        const size_t domain = domainOf(attempt(at).verdict);
        while (true) {
            const policy::Decision &d = answered.decision;
            const bool retry = d.action != Action::Stop && d.candidate && (d.supported || followUnsupported);
            out.steps.push_back(
                stepOf(at, number, answered, d.supported ? Provenance::Modelled : Provenance::Unsupported, weight));
            if (!retry) {
                if (d.action != Action::Stop && d.candidate) {
                    MULLIGAN_TRY(const Chain apart,
                                 foresee(at, answered, candidates, true, tried, used, number, elapsed));
                    const double labour = m_out.labour * m_handover;
                    out.unsupportedNet += weight * (labour * (1.0 - apart.person) - apart.failed - apart.dearer);
                }
                out.person += weight;
                out.recovery.push_back({personDone(at, elapsed + answered.waitingSeconds), weight});
                return out;
            }
            const model::Candidate &c = candidates[*d.candidate];
            const model::Config last = tried.empty() ? configOf(at) : tried.back();
            const model::Config next = model::applied(last, c.patch);
            const bool changed = next != configOf(at);
            const double p = c.scorer.success;
            elapsed += d.delaySeconds;
            const double ratio = c.scorer.costFail > 0.0 ? c.scorer.costSuccess / c.scorer.costFail : 1.0;
            out.recovery.push_back({elapsed + completingSeconds(at, ratio), weight * p});
            out.gross += weight * (p * c.scorer.costSuccess + (1.0 - p) * c.scorer.costFail);
            out.dearer += changed ? weight * p * (c.scorer.costSuccess - m_completing) : 0.0;
            out.byConfig += changed ? weight * p : 0.0;
            out.failed += weight * (1.0 - p) * c.scorer.costFail;
            weight *= 1.0 - p;
            elapsed += failSeconds;
            ++used[domain];
            ++number;
            tried.push_back(next);
            MULLIGAN_TRY(candidates, m_in.source.candidates(at, tried));
            const base::Instant failed = attempt(m_episode.first).endedAt.plusSeconds(elapsed);
            MULLIGAN_TRY(answered, ask({at, number, failed, used, tried.back(), candidates}));
        }
    }

    const WalkInputs &m_in;
    const model::Episode &m_episode;
    std::vector<Comparison> *m_comparisons;
    EpisodeOutcome m_out;
    std::uint32_t m_autoEnd = 0; ///< last attempt before a person or another schedule took over
    bool m_autoSucceeded = false;
    double m_laterF = 0.0; ///< failed automatic retries after somebody took over
    double m_handover = 1.0;
    double m_matchedF = 0.0;
    double m_matchedGross = 0.0;
    double m_completing = 0.0;
    RetriesUsed m_used{};
    RunRefresh m_refresh;
};

} // namespace

bool sameValue(const std::string &a, const std::string &b)
{
    if (a == b)
        return true;
    const auto x = base::parseBytes(a, base::kMiB);
    const auto y = base::parseBytes(b, base::kMiB);
    return x.has_value() && y.has_value() && std::abs(*x - *y) <= kConfigTolerance * std::max(*x, *y);
}

base::Result<EpisodeOutcome> walkEpisode(const WalkInputs &inputs, std::uint32_t episode,
                                         std::vector<Comparison> *comparisons)
{
    return Walk(inputs, episode, comparisons).run();
}

} // namespace mulligan::simulate
