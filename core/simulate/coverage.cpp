#include "simulate/episode_walk.hpp"

#include <map>
#include <set>

namespace mulligan::simulate
{

namespace
{

/// An hour counts as an outage when platform failures hit at least this many jobs and five times the usual number.
constexpr size_t kOutageJobs = 10;
constexpr double kOutageFactor = 5.0;

std::int64_t hourOf(const model::History &history, std::uint32_t episode)
{
    return history.attempts[history.episodes[episode].first].endedAt.ms / base::kMsPerHour;
}

bool isPlatform(const model::History &history, std::uint32_t episode)
{
    return history.attempts[history.episodes[episode].first].verdict->domain == model::Domain::Platform;
}

void leaveOutOutages(const model::History &history, Coverage &coverage)
{
    struct Hour {
        std::set<std::uint32_t> jobs;
        double failures = 0.0;
    };
    std::map<std::int64_t, Hour> hours;
    double all = 0.0;
    for (const std::uint32_t e : coverage.episodes) {
        if (!isPlatform(history, e))
            continue;
        Hour &hour = hours[hourOf(history, e)];
        hour.jobs.insert(history.episodes[e].job);
        hour.failures += 1.0;
        all += 1.0;
    }
    if (hours.empty())
        return;
    const auto span = static_cast<double>(hours.rbegin()->first - hours.begin()->first + 1);
    std::vector<std::uint32_t> kept;
    for (const std::uint32_t e : coverage.episodes) {
        const auto hour = isPlatform(history, e) ? hours.find(hourOf(history, e)) : hours.end();
        if (hour != hours.end() && hour->second.jobs.size() >= kOutageJobs
            && hour->second.failures >= kOutageFactor * all / span)
            ++coverage.outages;
        else
            kept.push_back(e);
    }
    coverage.episodes = std::move(kept);
}

} // namespace

base::Error nothingToReplay(const model::History &history, const Coverage &coverage)
{
    if (history.attempts.empty())
        return base::makeError(base::ErrorCode::InsufficientData, "The workspace holds no attempts",
                               "Import a history first: mulligan import WORKSPACE PATH…");
    if (history.episodes.empty())
        return base::makeError(base::ErrorCode::InsufficientData, "No attempt of this history failed",
                               "Import a history that holds failures; there is nothing to save on this one.");
    return base::makeError(base::ErrorCode::InsufficientData, "There is no failure to replay in this window",
                           std::to_string(coverage.censored) + " episodes are too near the end of the data and "
                               + std::to_string(coverage.unscored)
                               + " lie before the first model; import a longer history or widen the window.");
}

Coverage coveredEpisodes(const model::History &history, const CandidateSource &source, const ReplayOptions &options)
{
    Coverage out;
    for (std::uint32_t e = 0; e < history.episodes.size(); ++e) {
        const model::Episode &episode = history.episodes[e];
        const base::Instant start = history.attempts[episode.first].startedAt;
        if ((options.from && start < *options.from) || (options.to && start >= *options.to))
            continue;
        if (episode.censored)
            ++out.censored;
        else if (!source.scored(episode.first))
            ++out.unscored;
        else
            out.episodes.push_back(e);
    }
    if (options.setOutagesAside)
        leaveOutOutages(history, out);
    return out;
}

} // namespace mulligan::simulate
