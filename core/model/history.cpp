#include "model/history.hpp"

#include <algorithm>
#include <functional>
#include <tuple>

namespace mulligan::model
{

std::uint32_t StringTable::add(std::string_view text)
{
    if (2 * (m_strings.size() + 1) > m_slots.size())
        grow();
    std::uint32_t &slot = m_slots[slotOf(text)];
    if (slot == 0) {
        m_strings.emplace_back(text);
        slot = static_cast<std::uint32_t>(m_strings.size());
    }
    return slot - 1;
}

/// Where a string stands, or is to stand.
size_t StringTable::slotOf(std::string_view text) const
{
    const size_t mask = m_slots.size() - 1;
    size_t at = std::hash<std::string_view>()(text) & mask;
    while (m_slots[at] != 0 && m_strings[m_slots[at] - 1] != text)
        at = (at + 1) & mask;
    return at;
}

void StringTable::grow()
{
    m_slots.assign(std::max<size_t>(16, 2 * m_slots.size()), 0);
    for (std::uint32_t i = 0; i < m_strings.size(); ++i)
        m_slots[slotOf(m_strings[i])] = i + 1;
}

bool isDecisionPoint(const HistoryAttempt &attempt)
{
    return attempt.outcome == Outcome::Failed || attempt.outcome == Outcome::Killed;
}

namespace
{

Trigger howStarted(const HistoryAttempt &attempt, const HistoryAttempt *previous, const EpisodeOptions &options)
{
    if (attempt.trigger != Trigger::Unset)
        return attempt.trigger;
    if (previous == nullptr)
        return Trigger::Scheduled;
    // Nobody logged why it ran again: soon after the failure it was the scheduler, later it was a person.
    const double gap = base::secondsBetween(previous->endedAt, attempt.startedAt);
    return gap <= options.autoRetryWithinSeconds ? Trigger::AutoRetry : Trigger::Manual;
}

Episode makeEpisode(const History &history, std::uint32_t first, std::uint32_t end, const EpisodeOptions &options)
{
    Episode episode;
    episode.job = history.attempts[first].job;
    episode.first = first;
    episode.count = end - first;
    const HistoryAttempt &head = history.attempts[first];
    const HistoryAttempt &tail = history.attempts[end - 1];
    episode.succeeded = tail.outcome == Outcome::Succeeded;
    episode.censored = base::secondsBetween(head.startedAt, history.dataEnd) < options.censorSeconds
                       || tail.outcome == Outcome::Unknown;
    bool manual = !episode.succeeded;
    for (std::uint32_t i = first; i < end; ++i) {
        const HistoryAttempt &attempt = history.attempts[i];
        episode.incomplete = episode.incomplete || attempt.metrics.contains(metric::kHistoryIncomplete);
        if (i > first && attempt.started == Trigger::Manual)
            manual = true;
        if (attempt.manualMinutes.has_value()) {
            episode.manualMinutes += *attempt.manualMinutes;
            episode.minutesLogged = episode.minutesLogged || *attempt.manualMinutes > 0.0;
        }
    }
    episode.censored = episode.censored || (episode.incomplete && options.censorIncomplete);
    episode.intervention = manual || episode.manualMinutes > 0.0;
    episode.remediated = episode.succeeded && tail.started == Trigger::AutoRetry && !episode.intervention;
    return episode;
}

} // namespace

void buildEpisodes(History &history, const EpisodeOptions &options)
{
    auto &attempts = history.attempts;
    std::sort(attempts.begin(), attempts.end(), [](const HistoryAttempt &a, const HistoryAttempt &b) {
        return std::tie(a.job, a.run, a.attempt, a.startedAt, a.id)
               < std::tie(b.job, b.run, b.attempt, b.startedAt, b.id);
    });
    history.episodes.clear();
    if (attempts.empty())
        return;
    history.from = attempts.front().startedAt;
    history.dataEnd = attempts.front().endedAt;
    for (const HistoryAttempt &attempt : attempts) {
        history.from = std::min(history.from, attempt.startedAt);
        history.dataEnd = std::max(history.dataEnd, attempt.endedAt);
    }
    for (std::uint32_t begin = 0; begin < attempts.size();) {
        std::uint32_t end = begin;
        std::optional<std::uint32_t> firstFailure;
        while (end < attempts.size() && attempts[end].job == attempts[begin].job
               && attempts[end].run == attempts[begin].run) {
            attempts[end].started = howStarted(attempts[end], end > begin ? &attempts[end - 1] : nullptr, options);
            if (!firstFailure && isDecisionPoint(attempts[end]))
                firstFailure = end;
            ++end;
        }
        if (firstFailure)
            history.episodes.push_back(makeEpisode(history, *firstFailure, end, options));
        begin = end;
    }
}

} // namespace mulligan::model
