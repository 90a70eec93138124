#include "predict/context.hpp"

#include "formats/json.hpp"

#include <algorithm>
#include <map>

namespace mulligan::predict
{

namespace
{

/// Counts of everything that ended at or before `ended`, cumulative.
struct Moment {
    base::Instant ended;
    PastCounts counts;
};

using Timeline = std::vector<Moment>;
using Timelines = std::map<std::string, Timeline, std::less<>>;

void count(PastCounts &counts, const model::HistoryAttempt &attempt)
{
    counts.attempts += 1.0;
    const bool failed = model::isDecisionPoint(attempt);
    const bool succeeded = attempt.outcome == model::Outcome::Succeeded;
    counts.failures += failed ? 1.0 : 0.0;
    if (attempt.started == model::Trigger::AutoRetry) {
        counts.retries += 1.0;
        counts.retrySuccesses += succeeded ? 1.0 : 0.0;
    }
    if (succeeded) {
        counts.successes += 1.0;
        counts.successSeconds += base::secondsBetween(attempt.startedAt, attempt.endedAt);
        counts.successCostUsd += attempt.costUsd;
    }
    if (const auto peak = attempt.metrics.value(model::metric::kPeakHeapBytes))
        counts.peakHeapBytes = std::max(counts.peakHeapBytes, *peak);
}

void append(Timeline &timeline, const model::HistoryAttempt &attempt)
{
    PastCounts counts = timeline.empty() ? PastCounts() : timeline.back().counts;
    count(counts, attempt);
    if (!timeline.empty() && timeline.back().ended == attempt.endedAt)
        timeline.back().counts = counts;
    else
        timeline.push_back({attempt.endedAt, counts});
}

PastCounts countsBefore(const Timelines &timelines, std::string_view name, base::Instant before)
{
    const auto it = timelines.find(name);
    if (it == timelines.end())
        return {};
    const auto after = std::lower_bound(it->second.begin(), it->second.end(), before,
                                        [](const Moment &moment, base::Instant at) { return moment.ended < at; });
    return after == it->second.begin() ? PastCounts() : std::prev(after)->counts;
}

formats::Json toJson(std::string_view kind, const std::string &name, const PastCounts &counts)
{
    formats::Json json;
    json.set(std::string(kind), name);
    json.set("attempts", counts.attempts);
    json.set("failures", counts.failures);
    json.set("retries", counts.retries);
    json.set("retry_successes", counts.retrySuccesses);
    json.set("successes", counts.successes);
    json.set("success_seconds", counts.successSeconds);
    json.set("success_cost_usd", counts.successCostUsd);
    json.set("peak_heap_bytes", counts.peakHeapBytes);
    return json;
}

PastCounts countsFrom(const formats::Json &json)
{
    PastCounts counts;
    counts.attempts = json["attempts"].number();
    counts.failures = json["failures"].number();
    counts.retries = json["retries"].number();
    counts.retrySuccesses = json["retry_successes"].number();
    counts.successes = json["successes"].number();
    counts.successSeconds = json["success_seconds"].number();
    counts.successCostUsd = json["success_cost_usd"].number();
    counts.peakHeapBytes = json["peak_heap_bytes"].number();
    return counts;
}

base::Error badLine(size_t line, std::string message)
{
    return base::makeError(base::ErrorCode::Parse, std::move(message), "Export the bundle again.")
        .in("history.jsonl, line " + std::to_string(line));
}

} // namespace

struct PastIndex::State {
    Timelines jobs;
    Timelines owners;
};

PastIndex::PastIndex() : m_state(std::make_unique<State>())
{
}
PastIndex::~PastIndex() = default;
PastIndex::PastIndex(PastIndex &&) noexcept = default;
PastIndex &PastIndex::operator=(PastIndex &&) noexcept = default;

PastIndex PastIndex::build(const model::History &history)
{
    std::vector<std::uint32_t> order(history.attempts.size());
    for (std::uint32_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return history.attempts[a].endedAt < history.attempts[b].endedAt;
    });
    PastIndex out;
    for (const std::uint32_t i : order) {
        const model::HistoryAttempt &attempt = history.attempts[i];
        append(out.m_state->jobs[history.jobs.at(attempt.job)], attempt);
        const std::string &owner = history.names.at(attempt.owner);
        if (!owner.empty())
            append(out.m_state->owners[owner], attempt);
    }
    for (Timelines *timelines : {&out.m_state->jobs, &out.m_state->owners})
        for (auto &[name, timeline] : *timelines)
            timeline.shrink_to_fit();
    return out;
}

PastCounts PastIndex::job(std::string_view job, base::Instant before) const
{
    return countsBefore(m_state->jobs, job, before);
}

PastCounts PastIndex::owner(std::string_view owner, base::Instant before) const
{
    return countsBefore(m_state->owners, owner, before);
}

std::string PastIndex::snapshot(base::Instant asOf) const
{
    formats::Json head;
    head.set("as_of", base::formatInstant(asOf));
    std::string out = formats::writeJson(head) + "\n";
    const auto add = [&](std::string_view kind, const Timelines &timelines) {
        for (const auto &[name, timeline] : timelines) {
            const PastCounts counts = countsBefore(timelines, name, asOf);
            if (counts.attempts > 0.0)
                out += formats::writeJson(toJson(kind, name, counts)) + "\n";
        }
    };
    add("job", m_state->jobs);
    add("owner", m_state->owners);
    return out;
}

base::Result<PastIndex> PastIndex::fromSnapshot(std::string_view jsonLines)
{
    PastIndex out;
    size_t number = 0;
    base::Instant asOf;
    while (!jsonLines.empty()) {
        const size_t end = std::min(jsonLines.find('\n'), jsonLines.size());
        const std::string_view line = jsonLines.substr(0, end);
        jsonLines.remove_prefix(std::min(end + 1, jsonLines.size()));
        ++number;
        const auto json = formats::parseJson(line);
        if (!json.has_value())
            return badLine(number, json.error().message);
        if (number == 1) {
            const auto moment = base::parseInstant((*json)["as_of"].string());
            if (!moment.has_value())
                return badLine(number, "The first line must carry the moment `as_of`");
            asOf = *moment;
            continue;
        }
        const bool isJob = (*json)["job"].isString();
        if (!isJob && !(*json)["owner"].isString())
            return badLine(number, "Neither a job nor an owner");
        Timelines &timelines = isJob ? out.m_state->jobs : out.m_state->owners;
        // One millisecond before, since a question names the moment that counts must lie before.
        timelines[(*json)[isJob ? "job" : "owner"].string()] = {{base::Instant{asOf.ms - 1}, countsFrom(*json)}};
    }
    if (number == 0)
        return badLine(1, "The job history is empty");
    return out;
}

} // namespace mulligan::predict
