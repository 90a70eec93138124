#include "store/verdict_overview.hpp"

#include "store/verdict_rows.hpp"

#include <algorithm>
#include <unordered_map>

namespace mulligan::store
{

namespace
{

using CountOf = std::unordered_map<std::int64_t, std::uint32_t>;

base::Result<CountOf> countFailures(const sqlite::Connection &connection, std::uint64_t &unjudged)
{
    MULLIGAN_TRY(auto rows, connection.prepare("SELECT verdict_id, count(*) FROM attempt INDEXED BY failure_verdict "
                                               "WHERE outcome IN (1, 2) GROUP BY verdict_id"));
    CountOf counts;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return counts;
        if (rows.isNull(0))
            unjudged = static_cast<std::uint64_t>(rows.integer(1));
        else
            counts.emplace(rows.integer(0), static_cast<std::uint32_t>(rows.integer(1)));
    }
}

/// What a successful attempt's matches rest on.
struct Basis {
    VerdictSubject subject;
    std::int64_t jobId = 0;
    std::int64_t configId = 0;

    bool operator==(const Basis &) const = default;
};

base::Result<std::unordered_map<std::int64_t, Basis>> triedSuccesses(const sqlite::Connection &connection)
{
    MULLIGAN_TRY(auto rows,
                 connection.prepare("SELECT attempt_id, text_id, cause_id, job_id, config_id FROM success_tried"));
    std::unordered_map<std::int64_t, Basis> tried;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return tried;
        tried.emplace(rows.integer(0), Basis{{rows.integer(1), rows.integer(2)}, rows.integer(3), rows.integer(4)});
    }
}

base::Result<void> forget(const sqlite::Connection &connection, const std::unordered_map<std::int64_t, Basis> &stale)
{
    if (stale.empty())
        return {};
    MULLIGAN_TRY(auto remove, connection.prepare("DELETE FROM success_tried WHERE attempt_id = ?1"));
    for (const auto &[id, basis] : stale) {
        remove.bind(1, id);
        MULLIGAN_CHECK(remove.run());
    }
    return connection.run("DELETE FROM success_hit WHERE attempt_id NOT IN (SELECT attempt_id FROM success_tried)");
}

} // namespace

base::Result<VerdictOverview> verdictOverview(Workspace &workspace, const std::stop_token &stop)
{
    const sqlite::Connection &connection = workspace.connection();
    const sqlite::InterruptOnStop interrupt(connection, stop);
    VerdictOverview out;
    MULLIGAN_TRY(const CountOf counts, countFailures(connection, out.unjudged));
    MULLIGAN_TRY(auto rows,
                 connection.prepare("SELECT v.id, s.text_id, s.cause_id, v.class, v.rule, v.undetermined <> '[]' FROM "
                                    "verdict v LEFT JOIN verdict_subject s ON s.verdict_id = v.id"));
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            break;
        const auto count = counts.find(rows.integer(0));
        if (count == counts.end()) {
            out.unused.push_back(rows.integer(0));
            continue;
        }
        out.subjectsKnown = out.subjectsKnown && !rows.isNull(1);
        out.rows.push_back({rows.integer(0),
                            {rows.integer(1), rows.integer(2)},
                            count->second,
                            out.names.add(rows.text(3)),
                            out.names.add(rows.text(4)),
                            rows.integer(5) != 0});
    }
    std::sort(out.rows.begin(), out.rows.end(), [](const VerdictRow &a, const VerdictRow &b) {
        return std::tie(a.subject, a.id) < std::tie(b.subject, b.id);
    });
    return out;
}

base::Result<std::vector<KnownMatch>> matchesOf(Workspace &workspace, const std::set<std::string, std::less<>> &rules,
                                                const std::stop_token &stop)
{
    std::unordered_map<std::string_view, std::uint32_t> numbers;
    for (const std::string &rule : rules)
        numbers.emplace(rule, static_cast<std::uint32_t>(numbers.size()));
    const sqlite::InterruptOnStop interrupt(workspace.connection(), stop);
    MULLIGAN_TRY(auto rows,
                 workspace.connection().prepare(
                     "SELECT verdict_id, rule, pattern, line, span_begin, span_end, evidence FROM rule_match"));
    std::vector<KnownMatch> matches;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return matches; // the table is in the order of verdicts
        if (const auto rule = numbers.find(rows.text(1)); rule != numbers.end())
            matches.push_back({rows.integer(0), rule->second, static_cast<int>(rows.integer(2)),
                               static_cast<int>(rows.integer(3)), static_cast<size_t>(rows.integer(4)),
                               static_cast<size_t>(rows.integer(5)), static_cast<model::Evidence>(rows.integer(6))});
    }
}

base::Result<VerdictReader> VerdictReader::prepare(const sqlite::Connection &connection)
{
    VerdictReader reader;
    MULLIGAN_TRY(reader.m_verdict,
                 connection.prepare("SELECT " + std::string(kVerdictColumns) + " FROM verdict v WHERE v.id = ?1"));
    MULLIGAN_TRY(reader.m_matches,
                 connection.prepare("SELECT rule, pattern, line, span_begin, span_end, winner, evidence FROM "
                                    "rule_match WHERE verdict_id = ?1 ORDER BY position"));
    MULLIGAN_TRY(reader.m_attempts,
                 connection.prepare("SELECT id, job_id, config_id FROM attempt INDEXED BY failure_verdict WHERE "
                                    "outcome IN (1, 2) AND verdict_id = ?1 LIMIT ?2"));
    return reader;
}

base::Result<model::Verdict> VerdictReader::verdict(std::int64_t id)
{
    m_verdict.bind(1, id);
    MULLIGAN_TRY(const bool found, m_verdict.step());
    if (!found)
        return base::makeError(base::ErrorCode::NotFound, "There is no verdict with row id " + std::to_string(id),
                               "Classify the workspace again.");
    model::Verdict verdict = verdictFromRow(m_verdict, 0);
    m_verdict.reset();
    m_matches.bind(1, id);
    for (;;) {
        MULLIGAN_TRY(const bool more, m_matches.step());
        if (!more)
            break;
        verdict.matches.push_back({std::string(m_matches.text(0)), static_cast<int>(m_matches.integer(1)),
                                   static_cast<int>(m_matches.integer(2)), static_cast<size_t>(m_matches.integer(3)),
                                   static_cast<size_t>(m_matches.integer(4)), m_matches.integer(5) != 0,
                                   static_cast<model::Evidence>(m_matches.integer(6))});
    }
    m_matches.reset();
    return verdict;
}

base::Result<std::vector<ScopedAttempt>> VerdictReader::attempts(std::int64_t id, std::int64_t limit)
{
    m_attempts.bind(1, id);
    m_attempts.bind(2, limit);
    std::vector<ScopedAttempt> out;
    for (;;) {
        MULLIGAN_TRY(const bool more, m_attempts.step());
        if (!more)
            break;
        out.push_back({m_attempts.integer(0), m_attempts.integer(1), m_attempts.integer(2)});
    }
    m_attempts.reset();
    return out;
}

base::Result<std::vector<SuccessRow>> successesWithText(Workspace &workspace, const std::stop_token &stop)
{
    const sqlite::Connection &connection = workspace.connection();
    const sqlite::InterruptOnStop interrupt(connection, stop);
    MULLIGAN_TRY(auto tried, triedSuccesses(connection));
    MULLIGAN_TRY(auto rows,
                 connection.prepare("SELECT id, text_id, cause_id, job_id, config_id FROM attempt INDEXED BY "
                                    "success_text WHERE outcome = 0 AND text_id IS NOT NULL ORDER BY text_id, "
                                    "cause_id"));
    std::vector<SuccessRow> out;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            break;
        const Basis basis{{rows.integer(1), rows.integer(2)}, rows.integer(3), rows.integer(4)};
        const auto known = tried.find(rows.integer(0));
        const bool unchanged = known != tried.end() && known->second == basis;
        out.push_back({rows.integer(0), basis.subject, basis.jobId, basis.configId, unchanged});
        if (unchanged)
            tried.erase(known);
    }
    rows.reset();
    MULLIGAN_CHECK(forget(connection, tried));
    return out;
}

} // namespace mulligan::store
