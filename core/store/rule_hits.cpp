#include "store/rule_hits.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace mulligan::store
{

namespace
{

/// What the failures of one verdict come to.
struct Failures {
    std::uint64_t count = 0;
    std::int64_t lastMs = 0;
};

using FailuresOf = std::unordered_map<std::int64_t, Failures>;

base::Result<FailuresOf> failuresByVerdict(const sqlite::Connection &connection)
{
    MULLIGAN_TRY(auto rows, connection.prepare("SELECT verdict_id, count(*), max(started_ms) FROM attempt INDEXED BY "
                                               "failure_verdict WHERE outcome IN (1, 2) AND verdict_id IS NOT NULL "
                                               "GROUP BY verdict_id"));
    FailuresOf out;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return out;
        out.emplace(rows.integer(0), Failures{static_cast<std::uint64_t>(rows.integer(1)), rows.integer(2)});
    }
}

using Uses = std::map<std::string, RuleUse, std::less<>>;

RuleUse &useOf(Uses &uses, std::string_view rule)
{
    const auto known = uses.find(rule);
    if (known != uses.end())
        return known->second;
    return uses.emplace(std::string(rule), RuleUse{std::string(rule), 0, 0, 0, {}}).first->second;
}

base::Result<void> addMatches(const sqlite::Connection &connection, const FailuresOf &failures, Uses &uses)
{
    MULLIGAN_TRY(auto rows, connection.prepare("SELECT verdict_id, rule, winner FROM rule_match"));
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return {};
        const auto of = failures.find(rows.integer(0));
        if (of == failures.end())
            continue;
        RuleUse &use = useOf(uses, rows.text(1));
        use.hits += of->second.count;
        use.wins += rows.integer(2) != 0 ? of->second.count : 0;
        use.lastHit = std::max(use.lastHit.value_or(base::Instant{of->second.lastMs}), {of->second.lastMs});
    }
}

base::Result<void> addSuccesses(const sqlite::Connection &connection, Uses &uses)
{
    // An attempt may have gone, or have turned out to have failed, since its text was tried.
    MULLIGAN_TRY(auto rows, connection.prepare("SELECT h.rule, count(*) FROM success_hit h JOIN attempt a ON a.id = "
                                               "h.attempt_id AND a.outcome = 0 GROUP BY h.rule"));
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return {};
        useOf(uses, rows.text(0)).hitsOnSuccesses = static_cast<std::uint64_t>(rows.integer(1));
    }
}

} // namespace

base::Result<std::vector<RuleUse>> ruleUse(Workspace &workspace, const std::stop_token &stop)
{
    const sqlite::Connection &connection = workspace.connection();
    const sqlite::InterruptOnStop interrupt(connection, stop);
    MULLIGAN_TRY(const FailuresOf failures, failuresByVerdict(connection));
    Uses uses;
    MULLIGAN_CHECK(addMatches(connection, failures, uses));
    MULLIGAN_CHECK(addSuccesses(connection, uses));
    std::vector<RuleUse> out;
    for (auto &[rule, use] : uses)
        out.push_back(std::move(use));
    return out;
}

base::Result<std::vector<std::int64_t>> successesHit(Workspace &workspace, const std::string &rule, std::size_t limit)
{
    MULLIGAN_TRY(auto rows, workspace.connection().prepare(
                                "SELECT a.id FROM success_hit h JOIN attempt a ON a.id = h.attempt_id AND a.outcome = "
                                "0 WHERE h.rule = ?1 ORDER BY a.started_ms DESC, a.id DESC LIMIT ?2"));
    rows.bind(1, std::string_view(rule));
    rows.bind(2, static_cast<std::int64_t>(limit));
    std::vector<std::int64_t> ids;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return ids;
        ids.push_back(rows.integer(0));
    }
}

base::Result<std::vector<ClassifiedRule>> classifiedRules(Workspace &workspace)
{
    MULLIGAN_TRY(auto rows, workspace.connection().prepare("SELECT rule, matching, meaning, body FROM classified_rule "
                                                           "ORDER BY rule"));
    std::vector<ClassifiedRule> out;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return out;
        out.push_back({std::string(rows.text(0)), std::string(rows.text(1)), std::string(rows.text(2)),
                       std::string(rows.text(3))});
    }
}

} // namespace mulligan::store
