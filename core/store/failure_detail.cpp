#include "store/attempt_records.hpp"
#include "store/failure_query.hpp"
#include "store/verdict_rows.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace mulligan::store
{

namespace
{

std::string firstLine(std::string_view text)
{
    return std::string(text.substr(0, text.find('\n')));
}

FailureRow rowOf(const sqlite::Statement &row)
{
    FailureRow out;
    out.id = row.integer(0);
    out.job = row.text(1);
    out.run = row.text(2);
    out.attempt = static_cast<int>(row.integer(3));
    out.outcome = static_cast<model::Outcome>(row.integer(4));
    out.startedAt.ms = row.integer(5);
    out.endedAt.ms = row.integer(6);
    out.owner = row.text(7);
    out.team = row.text(8);
    out.cluster = row.text(9);
    if (!row.isNull(10))
        out.exitCode = static_cast<int>(row.integer(10));
    out.costUsd = row.optionalNumber(11);
    out.errorClass = row.text(12);
    out.rule = row.text(13);
    out.cause = firstLine(row.text(14));
    return out;
}

std::vector<Choice> sorted(const std::map<std::string, std::uint64_t> &counts)
{
    std::vector<Choice> choices;
    for (const auto &[value, failures] : counts) {
        if (!value.empty())
            choices.push_back({value, failures});
    }
    std::stable_sort(choices.begin(), choices.end(),
                     [](const Choice &a, const Choice &b) { return a.failures > b.failures; });
    return choices;
}

using IdCounts = std::unordered_map<std::int64_t, std::uint64_t>;

base::Result<std::vector<Choice>> named(const sqlite::Connection &connection, const IdCounts &counts)
{
    MULLIGAN_TRY(auto query, connection.prepare("SELECT name FROM name WHERE id = ?1"));
    std::map<std::string, std::uint64_t> byName;
    for (const auto &[id, failures] : counts) {
        query.bind(1, id);
        MULLIGAN_TRY(const bool found, query.step());
        if (found)
            byName[std::string(query.text(0))] += failures;
        query.reset();
    }
    return sorted(byName);
}

base::Result<std::vector<model::RuleMatch>> matchesOf(const sqlite::Connection &connection, std::int64_t verdict)
{
    MULLIGAN_TRY(auto rows, connection.prepare(
                                "SELECT rule, pattern, line, span_begin, span_end, winner, evidence FROM rule_match "
                                "WHERE verdict_id = ?1 ORDER BY position"));
    rows.bind(1, verdict);
    std::vector<model::RuleMatch> matches;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return matches;
        matches.push_back({std::string(rows.text(0)), static_cast<int>(rows.integer(1)),
                           static_cast<int>(rows.integer(2)), static_cast<size_t>(rows.integer(3)),
                           static_cast<size_t>(rows.integer(4)), rows.integer(5) != 0,
                           static_cast<model::Evidence>(rows.integer(6))});
    }
}

base::Result<void> readVerdict(const sqlite::Connection &connection, std::int64_t attemptId, FailureDetail &detail)
{
    MULLIGAN_TRY(auto row,
                 connection.prepare("SELECT " + std::string(kVerdictColumns)
                                    + ", v.id, s.path FROM attempt a JOIN source s ON s.id = a.source_id LEFT "
                                      "JOIN verdict v ON v.id = a.verdict_id WHERE a.id = ?1"));
    row.bind(1, attemptId);
    MULLIGAN_TRY(const bool found, row.step());
    if (!found)
        return {};
    detail.source = row.text(kVerdictColumnCount + 1);
    if (row.isNull(kVerdictColumnCount))
        return {};
    detail.verdict = verdictFromRow(row, 0);
    MULLIGAN_TRY(detail.verdict->matches, matchesOf(connection, row.integer(kVerdictColumnCount)));
    return {};
}

} // namespace

base::Result<std::vector<FailureRow>> failureRows(Workspace &workspace, std::span<const std::int64_t> ids)
{
    MULLIGAN_TRY(
        auto row,
        workspace.connection().prepare(
            "SELECT a.id, j.name, a.run, a.attempt, a.outcome, a.started_ms, a.ended_ms, o.name, t.name, k.name, "
            "a.exit_code, a.cost_usd, v.class, v.rule, c.body FROM attempt a JOIN job j ON j.id = a.job_id LEFT JOIN "
            "name o ON o.id = a.owner_id LEFT JOIN name t ON t.id = a.team_id LEFT JOIN name k ON k.id = "
            "a.cluster_id LEFT JOIN verdict v ON v.id = a.verdict_id LEFT JOIN cause c ON c.id = a.cause_id "
            "WHERE a.id = ?1"));
    std::vector<FailureRow> rows;
    rows.reserve(ids.size());
    for (const std::int64_t id : ids) {
        row.bind(1, id);
        MULLIGAN_TRY(const bool found, row.step());
        if (found)
            rows.push_back(rowOf(row));
        row.reset();
    }
    return rows;
}

base::Result<FailureChoices> failureChoices(Workspace &workspace, const std::stop_token &stop)
{
    const sqlite::Connection &connection = workspace.connection();
    const sqlite::InterruptOnStop interrupt(connection, stop);
    MULLIGAN_TRY(auto rows,
                 connection.prepare("SELECT owner_id, team_id, cluster_id, verdict_id FROM attempt INDEXED BY "
                                    "failure_facets WHERE outcome IN (1, 2)"));
    IdCounts owners;
    IdCounts teams;
    IdCounts clusters;
    IdCounts verdicts;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            break;
        ++owners[rows.integer(0)];
        ++teams[rows.integer(1)];
        ++clusters[rows.integer(2)];
        ++verdicts[rows.integer(3)];
    }
    FailureChoices choices;
    MULLIGAN_TRY(choices.owners, named(connection, owners));
    MULLIGAN_TRY(choices.teams, named(connection, teams));
    MULLIGAN_TRY(choices.clusters, named(connection, clusters));
    MULLIGAN_TRY(auto query, connection.prepare("SELECT class, rule, id FROM verdict"));
    std::map<std::string, std::uint64_t> classes;
    std::map<std::string, std::uint64_t> rules;
    for (;;) {
        MULLIGAN_TRY(const bool more, query.step());
        if (!more)
            break;
        if (const auto at = verdicts.find(query.integer(2)); at != verdicts.end()) {
            classes[std::string(query.text(0))] += at->second;
            rules[std::string(query.text(1))] += at->second;
        }
    }
    choices.classes = sorted(classes);
    choices.rules = sorted(rules);
    return choices;
}

namespace
{

using HitsOf = std::map<std::string, RuleHits, std::less<>>;

RuleHits &hitsOf(HitsOf &hits, std::string_view rule)
{
    const auto known = hits.find(rule);
    if (known != hits.end())
        return known->second;
    return hits.emplace(std::string(rule), RuleHits{std::string(rule), 0, 0, 0.0, 0}).first->second;
}

base::Result<void> addFailures(const sqlite::Connection &connection, HitsOf &hits)
{
    MULLIGAN_TRY(auto rows,
                 connection.prepare(
                     "SELECT m.rule, sum(CASE WHEN m.winner THEN c.n ELSE 0 END), sum(CASE WHEN m.winner THEN "
                     "0 ELSE c.n END), sum(CASE WHEN m.winner THEN c.cost ELSE 0 END) FROM (SELECT verdict_id, "
                     "count(*) AS n, total(cost_usd) AS cost FROM attempt INDEXED BY failure_facets WHERE outcome "
                     "IN (1, 2) AND verdict_id IS NOT NULL GROUP BY verdict_id) c JOIN (SELECT verdict_id, rule, "
                     "max(winner) AS winner FROM rule_match GROUP BY verdict_id, rule) m ON m.verdict_id = "
                     "c.verdict_id GROUP BY m.rule"));
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return {};
        RuleHits &hit = hitsOf(hits, rows.text(0));
        hit.wins = static_cast<std::uint64_t>(rows.integer(1));
        hit.shadowed = static_cast<std::uint64_t>(rows.integer(2));
        hit.winsCostUsd = rows.number(3);
    }
}

base::Result<void> addSuccesses(const sqlite::Connection &connection, HitsOf &hits)
{
    // An attempt may have gone, or have turned out to have failed, since its text was tried.
    MULLIGAN_TRY(auto rows, connection.prepare("SELECT h.rule, count(*) FROM success_hit h JOIN attempt a ON a.id = "
                                               "h.attempt_id AND a.outcome = 0 GROUP BY h.rule"));
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return {};
        hitsOf(hits, rows.text(0)).successes = static_cast<std::uint64_t>(rows.integer(1));
    }
}

} // namespace

base::Result<std::vector<RuleHits>> ruleHits(Workspace &workspace, const std::stop_token &stop)
{
    const sqlite::Connection &connection = workspace.connection();
    const sqlite::InterruptOnStop interrupt(connection, stop);
    HitsOf hits;
    MULLIGAN_CHECK(addFailures(connection, hits));
    MULLIGAN_CHECK(addSuccesses(connection, hits));
    std::vector<RuleHits> out;
    for (auto &[rule, hit] : hits)
        out.push_back(std::move(hit));
    return out;
}

base::Result<FailureDetail> failureDetail(Workspace &workspace, std::int64_t attemptId)
{
    const sqlite::Connection &connection = workspace.connection();
    MULLIGAN_TRY(auto chain,
                 connection.prepare("SELECT a.id, v.class FROM attempt a JOIN attempt s ON s.job_id = a.job_id AND "
                                    "s.run = a.run LEFT JOIN verdict v ON v.id = a.verdict_id WHERE s.id = ?1 "
                                    "ORDER BY a.attempt"));
    chain.bind(1, attemptId);
    FailureDetail detail;
    for (;;) {
        MULLIGAN_TRY(const bool more, chain.step());
        if (!more)
            break;
        if (chain.integer(0) == attemptId)
            detail.selected = detail.ids.size();
        detail.ids.push_back(chain.integer(0));
        detail.classes.emplace_back(chain.text(1));
    }
    if (detail.ids.empty())
        return base::makeError(base::ErrorCode::NotFound,
                               "There is no attempt with row id " + std::to_string(attemptId),
                               "Load the history again; the workspace has changed since.");
    MULLIGAN_TRY(detail.chain, readAttempts(workspace, detail.ids));
    MULLIGAN_CHECK(readVerdict(connection, attemptId, detail));
    return detail;
}

} // namespace mulligan::store
