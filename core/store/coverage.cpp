#include "store/coverage.hpp"

#include "model/attempt.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace mulligan::store
{

namespace
{

struct Stretch {
    std::int64_t from = 0;
    std::int64_t to = 0;
};

/// Adds up attempts by source and day.
class Days
{
public:
    void add(std::int64_t source, std::int64_t day, bool failed)
    {
        // Neighbours in the table are mostly of one source and one day.
        if (m_last == nullptr || m_last->source != source || m_last->day != day) {
            DayCount &count = m_days[source * kDaysOfCalendar + day];
            count.source = source;
            count.day = day;
            m_last = &count;
        }
        ++m_last->attempts;
        m_last->failures += failed ? 1 : 0;
    }

    [[nodiscard]] std::vector<DayCount> sorted() const
    {
        std::vector<DayCount> out;
        out.reserve(m_days.size());
        for (const auto &[key, count] : m_days)
            out.push_back(count);
        std::sort(out.begin(), out.end(), [](const DayCount &a, const DayCount &b) {
            return a.source != b.source ? a.source < b.source : a.day < b.day;
        });
        return out;
    }

private:
    static constexpr std::int64_t kDaysOfCalendar = 4'000'000; // years 1970 to 9999
    std::unordered_map<std::int64_t, DayCount> m_days;         ///< its nodes stay where they are
    DayCount *m_last = nullptr;
};

void findGaps(std::vector<Stretch> &stretches, Coverage &out)
{
    if (stretches.empty())
        return;
    std::sort(stretches.begin(), stretches.end(), [](const Stretch &a, const Stretch &b) { return a.from < b.from; });
    out.from.ms = stretches.front().from;
    std::vector<Silence> pauses;
    std::vector<std::int64_t> lengths;
    lengths.reserve(stretches.size());
    std::int64_t end = stretches.front().to;
    for (std::size_t i = 1; i < stretches.size(); ++i) {
        const std::int64_t pause = std::max<std::int64_t>(0, stretches[i].from - end);
        lengths.push_back(pause);
        if (static_cast<double>(pause) > kLeastGapSeconds * base::kMsPerSecond)
            pauses.push_back({{end}, {stretches[i].from}});
        end = std::max(end, stretches[i].to);
    }
    out.to.ms = end;
    if (lengths.empty())
        return;
    const auto rank =
        static_cast<std::ptrdiff_t>(std::ceil(kUsualPauseQuantile * static_cast<double>(lengths.size())) - 1.0);
    std::nth_element(lengths.begin(), lengths.begin() + rank, lengths.end());
    out.usualPauseSeconds = static_cast<double>(lengths[static_cast<std::size_t>(rank)]) / base::kMsPerSecond;
    out.gapSeconds = std::max(kGapFactor * out.usualPauseSeconds, kLeastGapSeconds);
    for (const Silence &pause : pauses) {
        if (base::secondsBetween(pause.from, pause.to) > out.gapSeconds)
            out.gaps.push_back(pause);
    }
}

} // namespace

base::Result<Coverage> coverage(Workspace &workspace, const std::stop_token &stop)
{
    const sqlite::InterruptOnStop interrupt(workspace.connection(), stop);
    // Grouped here and not in SQL: the pauses need every start anyway, and SQLite would sort a million rows to group.
    MULLIGAN_TRY(auto rows, workspace.connection().prepare(
                                "SELECT source_id, started_ms, ended_ms, outcome FROM attempt WHERE started_ms > 0"));
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
        days.add(rows.integer(0), from / base::kMsPerDay,
                 outcome == model::Outcome::Failed || outcome == model::Outcome::Killed);
        stretches.push_back({from, std::max(from, rows.integer(2))});
    }
    out.attempts = stretches.size();
    out.days = days.sorted();
    findGaps(stretches, out);
    return out;
}

} // namespace mulligan::store
