#include "store/coverage.hpp"

#include "model/attempt.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <tuple>
#include <unordered_map>

namespace mulligan::store
{

namespace
{

struct Stretch {
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::int64_t cluster = 0;
};

/// Adds up attempts by source, cluster and day.
class Days
{
public:
    void add(std::int64_t source, std::int64_t cluster, std::int64_t day, bool failed)
    {
        // Neighbours in the table are mostly of one source, one cluster and one day.
        if (m_last == nullptr || m_last->source != source || m_last->cluster != cluster || m_last->day != day) {
            DayCount &count = m_days[cluster][source * kDaysOfCalendar + day];
            count.source = source;
            count.cluster = cluster;
            count.day = day;
            m_last = &count;
        }
        ++m_last->attempts;
        m_last->failures += failed ? 1 : 0;
    }

    [[nodiscard]] std::vector<DayCount> sorted() const
    {
        std::vector<DayCount> out;
        for (const auto &[cluster, days] : m_days)
            for (const auto &[key, count] : days)
                out.push_back(count);
        std::sort(out.begin(), out.end(), [](const DayCount &a, const DayCount &b) {
            return std::tie(a.source, a.cluster, a.day) < std::tie(b.source, b.cluster, b.day);
        });
        return out;
    }

private:
    static constexpr std::int64_t kDaysOfCalendar = 4'000'000; // years 1970 to 9999
    /// By cluster, then by source and day; nodes stay where they are.
    std::unordered_map<std::int64_t, std::unordered_map<std::int64_t, DayCount>> m_days;
    DayCount *m_last = nullptr;
};

/// What the pauses between stretches say.
struct Pauses {
    std::int64_t end = 0; ///< the latest
    double usualSeconds = 0.0;
    double gapSeconds = kLeastGapSeconds;
    std::vector<Silence> gaps;
};

/// Stretches by their begin; at least one.
Pauses pausesOf(std::span<const Stretch> stretches)
{
    Pauses out;
    std::vector<Silence> pauses;
    std::vector<std::int64_t> lengths;
    lengths.reserve(stretches.size());
    out.end = stretches.front().to;
    for (std::size_t i = 1; i < stretches.size(); ++i) {
        const std::int64_t pause = std::max<std::int64_t>(0, stretches[i].from - out.end);
        lengths.push_back(pause);
        if (static_cast<double>(pause) > kLeastGapSeconds * base::kMsPerSecond)
            pauses.push_back({{out.end}, {stretches[i].from}, 0});
        out.end = std::max(out.end, stretches[i].to);
    }
    if (lengths.empty())
        return out;
    const auto rank =
        static_cast<std::ptrdiff_t>(std::ceil(kUsualPauseQuantile * static_cast<double>(lengths.size())) - 1.0);
    std::nth_element(lengths.begin(), lengths.begin() + rank, lengths.end());
    out.usualSeconds = static_cast<double>(lengths[static_cast<std::size_t>(rank)]) / base::kMsPerSecond;
    out.gapSeconds = std::max(kGapFactor * out.usualSeconds, kLeastGapSeconds);
    for (const Silence &pause : pauses)
        if (base::secondsBetween(pause.from, pause.to) > out.gapSeconds)
            out.gaps.push_back(pause);
    return out;
}

void findGaps(std::vector<Stretch> &stretches, Coverage &out)
{
    if (stretches.empty())
        return;
    std::sort(stretches.begin(), stretches.end(), [](const Stretch &a, const Stretch &b) { return a.from < b.from; });
    Pauses whole = pausesOf(stretches);
    out.from.ms = stretches.front().from;
    out.to.ms = whole.end;
    out.usualPauseSeconds = whole.usualSeconds;
    out.gapSeconds = whole.gapSeconds;
    out.gaps = std::move(whole.gaps);
}

/// Gaps of single clusters. One that reaches less than a day beyond the whole's is the whole's.
void findGapsOfClusters(const std::vector<Stretch> &stretches, Coverage &out)
{
    std::map<std::int64_t, std::vector<Stretch>> clusters; // each by begin, as all of them are
    for (const Stretch &stretch : stretches)
        clusters[stretch.cluster].push_back(stretch);
    if (clusters.size() < 2)
        return;
    const std::vector<Silence> whole = out.gaps;
    const auto isOfTheWhole = [&](const Silence &gap) {
        return std::any_of(whole.begin(), whole.end(), [&](const Silence &all) {
            return gap.from.ms < all.to.ms && all.from.ms < gap.to.ms
                   && base::secondsBetween(gap.from, all.from) < kLeastGapSeconds
                   && base::secondsBetween(all.to, gap.to) < kLeastGapSeconds;
        });
    };
    for (const auto &[cluster, own] : clusters) {
        if (cluster == 0 || own.size() < kLeastAttemptsOfCluster)
            continue;
        for (Silence gap : pausesOf(own).gaps) {
            gap.cluster = cluster;
            if (!isOfTheWhole(gap))
                out.gaps.push_back(gap);
        }
    }
}

base::Result<void> readClusters(Workspace &workspace, Coverage &out)
{
    MULLIGAN_TRY(auto names, workspace.connection().prepare("SELECT name FROM name WHERE id = ?"));
    for (const DayCount &count : out.days) {
        if (count.cluster == 0 || out.clusters.contains(count.cluster))
            continue;
        names.reset();
        names.bind(1, count.cluster);
        MULLIGAN_TRY(const bool found, names.step());
        out.clusters.emplace(count.cluster, found ? std::string(names.text(0)) : std::string());
    }
    return {};
}

} // namespace

base::Result<Coverage> coverage(Workspace &workspace, const std::stop_token &stop)
{
    const sqlite::InterruptOnStop interrupt(workspace.connection(), stop);
    // Grouped here and not in SQL: the pauses need every start anyway, and SQLite would sort a million rows to group.
    MULLIGAN_TRY(auto rows,
                 workspace.connection().prepare(
                     "SELECT source_id, started_ms, ended_ms, outcome, cluster_id FROM attempt WHERE started_ms > 0"));
    Coverage out;
    Days days;
    std::vector<Stretch> stretches;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            break;
        // An interrupt between two queries is lost, so the token is looked at as well.
        if (stretches.size() % 4096 == 0 && stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
        const std::int64_t from = rows.integer(1);
        const auto outcome = static_cast<model::Outcome>(rows.integer(3));
        const std::int64_t cluster = rows.integer(4); // 0 where it is null
        days.add(rows.integer(0), cluster, from / base::kMsPerDay,
                 outcome == model::Outcome::Failed || outcome == model::Outcome::Killed);
        stretches.push_back({from, std::max(from, rows.integer(2)), cluster});
    }
    out.attempts = stretches.size();
    out.days = days.sorted();
    findGaps(stretches, out);
    findGapsOfClusters(stretches, out);
    MULLIGAN_CHECK(readClusters(workspace, out));
    return out;
}

} // namespace mulligan::store
