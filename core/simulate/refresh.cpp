#include "simulate/refresh.hpp"

#include "simulate/episode_walk.hpp"

#include <algorithm>
#include <limits>

namespace mulligan::simulate
{

namespace
{

/// The scheduler's own settings, which need no recommendation.
bool bindsAtOnce(policy::Reason reason)
{
    return reason == policy::Reason::Limit || reason == policy::Reason::OverrideRetry
           || reason == policy::Reason::OverrideStop;
}

size_t domainOf(const model::Verdict &verdict)
{
    return verdict.errorClass == model::kUnclassified ? 0 : static_cast<size_t>(verdict.domain);
}

const std::string &settingUnder(const model::Config &patch, const model::Config &base, const std::string &key)
{
    static const std::string kUnset;
    if (const auto changed = patch.find(key); changed != patch.end())
        return changed->second;
    const auto kept = base.find(key);
    return kept == base.end() ? kUnset : kept->second;
}

enum class Likeness { Different, Alike, Equal };

/// How alike the configurations are that two patches make of one.
Likeness likeness(const model::Config &base, const model::Config &a, const model::Config &b)
{
    Likeness found = Likeness::Equal;
    for (const model::Config *patch : {&a, &b}) {
        for (const auto &[key, value] : *patch) {
            const std::string &left = settingUnder(a, base, key);
            const std::string &right = settingUnder(b, base, key);
            if (left == right)
                continue;
            if (!sameValue(left, right))
                return Likeness::Different;
            found = Likeness::Alike;
        }
    }
    return found;
}

} // namespace

EarlierFailures::EarlierFailures(const model::History &history, const CandidateSource &source)
{
    for (const model::Episode &episode : history.episodes) {
        const model::HistoryAttempt &failed = history.attempts[episode.first];
        if (source.scored(episode.first))
            m_failures[{failed.job, failed.verdict->errorClass}].push_back({failed.endedAt, episode.first});
    }
    for (auto &[key, failures] : m_failures)
        std::sort(failures.begin(), failures.end());
}

std::optional<EarlierFailures::Failure> EarlierFailures::newest(std::uint32_t job, std::string_view errorClass,
                                                                base::Instant batch) const
{
    const auto found = m_failures.find({job, errorClass});
    if (found == m_failures.end())
        return std::nullopt;
    const Failure after{batch, std::numeric_limits<std::uint32_t>::max()};
    const auto next = std::upper_bound(found->second.begin(), found->second.end(), after);
    if (next == found->second.begin())
        return std::nullopt;
    return *std::prev(next);
}

std::optional<Refresh> refreshOf(const Cadence &cadence, const model::History &history, const CandidateSource &source)
{
    if (cadence.kind == CadenceKind::OnFailure)
        return std::nullopt;
    return Refresh{cadence, EarlierFailures(history, source)};
}

policy::Decision decideAt(const WalkInputs &inputs, const Question &question)
{
    const model::HistoryAttempt &failed = inputs.history.attempts[question.attempt];
    const std::string version = inputs.source.modelVersion(question.attempt);
    policy::DecisionPoint point;
    point.job = inputs.history.jobs.at(failed.job);
    point.run = inputs.history.runs.at(failed.run);
    point.attempt = question.number;
    point.retriesUsed = question.used;
    point.modelVersion = version;
    return policy::decide(inputs.policy, inputs.economics, point, failed.verdict, question.candidates);
}

base::Result<Answered> RunRefresh::answer(const Question &question, policy::Decision own)
{
    if (bindsAtOnce(own.reason))
        return Answered{std::move(own), Answer::Bound, 0.0, 0.0};
    if (m_in.refresh == nullptr) {
        const double delay = own.delaySeconds;
        return Answered{std::move(own), Answer::Own, delay, 0.0};
    }
    const model::Verdict &verdict = m_in.history.attempts[question.attempt].verdict;
    const size_t domain = domainOf(verdict);
    const double backoff = m_in.policy.backoff.delaySeconds(static_cast<model::Domain>(domain), question.used[domain]);
    const double toBatch = base::secondsBetween(question.ended, m_in.refresh->cadence.batchFrom(question.ended));
    base::Result<Answered> out = Answered{own, Answer::Own, backoff, 0.0};
    if (toBatch > backoff)
        out = late(question, own, backoff);
    else if (own.action == policy::Action::Stop)
        out = Answered{own, Answer::Own, toBatch, toBatch};
    m_ownRun.push_back({question.ended, std::move(own)});
    return out;
}

/// The answer when the failure's own batch comes after its retry is due.
base::Result<Answered> RunRefresh::late(const Question &question, policy::Decision own, double backoff) const
{
    const Cadence &cadence = m_in.refresh->cadence;
    MULLIGAN_TRY(const auto known, newestKnown(question, cadence.batchBefore(question.ended)));
    if (known
        && base::secondsBetween(known->ended, question.ended) + backoff
               <= m_in.policy.expiryDays * (static_cast<double>(base::kMsPerDay) / base::kMsPerSecond)) {
        if (auto older = fitted(question, known->decision)) {
            const double delay = older->action == policy::Action::Stop ? 0.0 : backoff;
            older->delaySeconds = delay;
            return Answered{std::move(*older), Answer::Older,
                            base::secondsBetween(known->ended, question.ended) + delay, 0.0};
        }
    }
    if (cadence.whenAbsent == WhenAbsent::FallBack)
        return Answered{unchangedRetry(question), Answer::None, 0.0, 0.0};
    const double toBatch = base::secondsBetween(question.ended, cadence.batchFrom(question.ended));
    const bool stops = own.action == policy::Action::Stop;
    own.delaySeconds = stops ? 0.0 : toBatch;
    return Answered{std::move(own), Answer::Own, toBatch, stops ? toBatch : toBatch - backoff};
}

base::Result<std::optional<RunRefresh::Known>> RunRefresh::newestKnown(const Question &question,
                                                                       base::Instant batch) const
{
    const model::HistoryAttempt &failed = m_in.history.attempts[question.attempt];
    std::optional<Known> found;
    for (const Known &known : m_ownRun)
        if (known.ended <= batch && known.decision.errorClass == failed.verdict->errorClass)
            found = known;
    const auto earlier = m_in.refresh->earlier.newest(failed.job, failed.verdict->errorClass, batch);
    if (!earlier || (found && found->ended >= earlier->ended))
        return found;
    MULLIGAN_TRY(const auto candidates, m_in.source.candidates(earlier->attempt, {}));
    const model::HistoryAttempt &then = m_in.history.attempts[earlier->attempt];
    const RetriesUsed none{};
    return std::optional<Known>({earlier->ended, decideAt(m_in, {earlier->attempt, then.attempt, then.endedAt, none,
                                                                 m_in.history.configs[then.config], candidates})});
}

/// An older recommendation as it applies to this failure: its settings laid over the configuration that failed now, its
/// chances by the candidate that is that configuration. Nothing when no candidate is.
std::optional<policy::Decision> RunRefresh::fitted(const Question &question, const policy::Decision &older) const
{
    if (older.action == policy::Action::Stop)
        return older;
    policy::Decision decision = unchangedRetry(question);
    decision.reason = older.reason;
    if (older.action == policy::Action::Retry)
        return decision;
    std::optional<size_t> chosen;
    for (size_t i = 0; i < question.candidates.size(); ++i) {
        const Likeness alike = likeness(question.config, older.patch, question.candidates[i].patch);
        if (alike == Likeness::Different || (alike == Likeness::Alike && chosen))
            continue;
        chosen = i;
        if (alike == Likeness::Equal)
            break;
    }
    if (!chosen)
        return std::nullopt;
    const model::Candidate &candidate = question.candidates[*chosen];
    decision.candidate = chosen;
    decision.patch = candidate.patch;
    decision.action = candidate.patch.empty() ? policy::Action::Retry : policy::Action::RetryWithConfig;
    decision.supported = candidate.supported;
    decision.success = candidate.scorer.success;
    return decision;
}

/// What a scheduler does that knows nothing of the failure but its domain's limit and backoff.
policy::Decision RunRefresh::unchangedRetry(const Question &question) const
{
    policy::Policy scheduler;
    scheduler.version = m_in.policy.version;
    scheduler.retryLimit = m_in.policy.retryLimit;
    scheduler.backoff = m_in.policy.backoff;
    scheduler.askModel.clear();
    scheduler.defaultAction = model::RuleAction::Retry;
    return decideAt({m_in.history, scheduler, m_in.economics, m_in.source}, question);
}

} // namespace mulligan::simulate
