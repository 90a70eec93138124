#include "store/rule_activity.hpp"

#include <algorithm>
#include <unordered_map>

namespace mulligan::store
{

namespace
{

constexpr std::int64_t kMsPerWeek = 7 * base::kMsPerDay;
/// 1970-01-01 was a Thursday: weeks that begin on Mondays began three days before it.
constexpr std::int64_t kMondayBefore = -3 * base::kMsPerDay;

/// SQL for the number of the week in which `started_ms` lies; moments before 1970 do not occur.
std::string weekSql()
{
    return "(started_ms - (" + std::to_string(kMondayBefore) + ")) / " + std::to_string(kMsPerWeek);
}

base::Instant weekOfNumber(std::int64_t number)
{
    return {number * kMsPerWeek + kMondayBefore};
}

/// Failures of one verdict in one week.
struct WeekOfVerdict {
    std::int64_t week = 0;
    std::uint64_t failures = 0;
    std::int64_t firstMs = 0;
};
using WeeksOfVerdicts = std::unordered_map<std::int64_t, std::vector<WeekOfVerdict>>;

base::Result<WeeksOfVerdicts> weeksOfVerdicts(const sqlite::Connection &connection)
{
    MULLIGAN_TRY(auto rows, connection.prepare("SELECT verdict_id, " + weekSql()
                                               + " AS week, count(*), min(started_ms) FROM attempt INDEXED BY "
                                                 "failure_verdict WHERE outcome IN (1, 2) AND verdict_id IS NOT NULL "
                                                 "GROUP BY verdict_id, week"));
    WeeksOfVerdicts out;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return out;
        out[rows.integer(0)].push_back({rows.integer(1), static_cast<std::uint64_t>(rows.integer(2)), rows.integer(3)});
    }
}

void addMatch(RuleActivity &activity, const std::vector<WeekOfVerdict> &weeks, bool winner)
{
    for (const WeekOfVerdict &week : weeks) {
        WeekHits &hits = activity.byWeek[weekOfNumber(week.week)];
        hits.hits += week.failures;
        hits.wins += winner ? week.failures : 0;
        if (activity.firstHit.ms == 0 || week.firstMs < activity.firstHit.ms)
            activity.firstHit.ms = week.firstMs;
    }
}

} // namespace

base::Instant weekOf(base::Instant moment)
{
    return weekOfNumber((moment.ms - kMondayBefore) / kMsPerWeek);
}

base::Result<std::map<std::string, RuleActivity>> ruleActivity(Workspace &workspace, const std::stop_token &stop)
{
    const sqlite::Connection &connection = workspace.connection();
    const sqlite::InterruptOnStop interrupt(connection, stop);
    MULLIGAN_TRY(const WeeksOfVerdicts weeks, weeksOfVerdicts(connection));
    MULLIGAN_TRY(auto rows, connection.prepare("SELECT verdict_id, rule, max(winner) FROM rule_match "
                                               "GROUP BY verdict_id, rule"));
    std::map<std::string, RuleActivity> out;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return out;
        if (const auto of = weeks.find(rows.integer(0)); of != weeks.end())
            addMatch(out[std::string(rows.text(1))], of->second, rows.integer(2) != 0);
    }
}

base::Result<ClassWeeks> classActivity(Workspace &workspace, const std::stop_token &stop)
{
    const sqlite::Connection &connection = workspace.connection();
    const sqlite::InterruptOnStop interrupt(connection, stop);
    MULLIGAN_TRY(const WeeksOfVerdicts weeks, weeksOfVerdicts(connection));
    MULLIGAN_TRY(auto rows, connection.prepare("SELECT id, class FROM verdict"));
    ClassWeeks out;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return out;
        const auto of = weeks.find(rows.integer(0));
        if (of == weeks.end())
            continue;
        auto &counts = out[std::string(rows.text(1))];
        for (const WeekOfVerdict &week : of->second)
            counts[weekOfNumber(week.week)] += week.failures;
    }
}

base::Result<std::map<std::string, UnclassifiedWeeks>> unclassifiedActivity(Workspace &workspace, UnclassifiedBy by,
                                                                            const std::stop_token &stop)
{
    const bool job = by == UnclassifiedBy::Job;
    const std::string key = job ? "job_id" : "team_id";
    const sqlite::Connection &connection = workspace.connection();
    const sqlite::InterruptOnStop interrupt(connection, stop);
    MULLIGAN_TRY(auto rows,
                 connection.prepare("SELECT coalesce(n.name, ''), g.week, g.failures, g.unclassified FROM (SELECT "
                                    + key + " AS named, " + weekSql()
                                    + " AS week, count(*) AS failures, sum(v.rule = '') AS unclassified FROM attempt a "
                                      "JOIN verdict v ON v.id = a.verdict_id WHERE a.outcome IN (1, 2) GROUP BY named, "
                                      "week) g LEFT JOIN "
                                    + (job ? "job" : "name") + " n ON n.id = g.named"));
    std::map<std::string, UnclassifiedWeeks> out;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return out;
        out[std::string(rows.text(0))][weekOfNumber(rows.integer(1))] = {static_cast<std::uint64_t>(rows.integer(2)),
                                                                         static_cast<std::uint64_t>(rows.integer(3))};
    }
}

base::Result<FailureSpan> failureSpan(Workspace &workspace)
{
    MULLIGAN_TRY(auto row, workspace.connection().prepare(
                               "SELECT coalesce(min(started_ms), 0), coalesce(max(started_ms), 0), count(*), "
                               "coalesce(sum(verdict_id IS NULL), 0) FROM attempt WHERE outcome IN (1, 2)"));
    MULLIGAN_CHECK(row.step());
    return FailureSpan{{row.integer(0)},
                       {row.integer(1)},
                       static_cast<std::uint64_t>(row.integer(2)),
                       static_cast<std::uint64_t>(row.integer(3))};
}

} // namespace mulligan::store
