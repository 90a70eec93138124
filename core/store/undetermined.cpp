#include "store/undetermined.hpp"

#include "sqlite/connection.hpp"

namespace mulligan::store
{

base::Result<std::vector<UndeterminedRule>> undeterminedRules(Workspace &workspace)
{
    MULLIGAN_TRY(auto rows,
                 workspace.connection().prepare(
                     "SELECT g.rule, g.n, j.name, a.run, a.attempt FROM (SELECT u.value AS rule, count(*) AS "
                     "n, min(f.id) AS first FROM verdict v JOIN json_each(v.undetermined) u JOIN attempt f "
                     "ON f.verdict_id = v.id WHERE v.undetermined <> '[]' AND f.outcome IN (1, 2) GROUP BY "
                     "u.value) g JOIN attempt a ON a.id = g.first JOIN job j ON j.id = a.job_id ORDER BY "
                     "g.rule"));
    std::vector<UndeterminedRule> rules;
    for (;;) {
        MULLIGAN_TRY(const bool more, rows.step());
        if (!more)
            return rules;
        UndeterminedRule rule;
        rule.rule = rows.text(0);
        rule.failures = static_cast<std::uint64_t>(rows.integer(1));
        rule.job = rows.text(2);
        rule.run = rows.text(3);
        rule.attempt = static_cast<int>(rows.integer(4));
        rules.push_back(std::move(rule));
    }
}

} // namespace mulligan::store
