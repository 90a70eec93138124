#include "pipeline/preview_count.hpp"

#include "store/file_access.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace mulligan::pipeline
{

namespace
{

using classify::Claim;
using classify::Rule;

/// What nobody classified looks like, as a verdict without a rule has it.
const Rule &unclassified()
{
    static const Rule kNone = [] {
        Rule rule;
        rule.errorClass = std::string(model::kUnclassified);
        return rule;
    }();
    return kNone;
}

void addExample(std::vector<std::int64_t> &to, std::int64_t id, std::size_t most)
{
    if (to.size() < most)
        to.push_back(id);
}

class Counting
{
public:
    Counting(const PreviewUnits &units, const RuleEdit &edit, std::size_t examples)
        : m_units(units), m_edit(edit), m_examples(examples)
    {
        for (const Rule *rule : units.rules) {
            const auto changed = edit.changed.find(rule->id);
            m_gone.push_back(edit.dropped.contains(rule->id) || edit.matched.contains(rule->id) ? 1 : 0);
            m_touched.push_back(edit.touches(rule->id) ? 1 : 0);
            m_now.push_back(changed != edit.changed.end() ? &changed->second : rule);
        }
        for (const auto &[id, rule] : edit.changed)
            m_effects[id].rule = id;
        for (const std::string &id : edit.dropped)
            m_effects[id].rule = id;
    }

    /// Scopes are asked for only where a changed rule has one.
    base::Result<void> openScopes(const std::string &path)
    {
        const bool scoped = std::any_of(m_edit.matched.begin(), m_edit.matched.end(), [&](const std::string &id) {
            return classify::hasScope(m_edit.changed.find(id)->second);
        });
        if (!scoped)
            return {};
        MULLIGAN_TRY(auto connection, store::readingConnection(path));
        m_connection = std::move(connection);
        MULLIGAN_TRY(auto scopes, store::ScopeReader::prepare(*m_connection, m_edit.scopeProperties));
        m_scopes = std::move(scopes);
        return {};
    }

    base::Result<void> count(const TouchedUnit &touched)
    {
        const PreviewUnit &unit = m_units.units[touched.unit];
        const auto attempts = m_units.attemptsOf(unit);
        const bool asked = std::any_of(touched.hits.begin(), touched.hits.end(),
                                       [](const Claim &claim) { return classify::hasScope(*claim.rule); });
        if (!asked) {
            add(unit, attempts, touched.hits);
        } else {
            std::map<std::string, std::vector<PreviewAttempt>> byHits; // by which of the rules are in scope
            for (const PreviewAttempt &attempt : attempts) {
                MULLIGAN_TRY(auto which, inScope(touched.hits, attempt));
                byHits[std::move(which)].push_back(attempt);
            }
            for (const auto &[which, some] : byHits) {
                std::vector<Claim> hits;
                for (std::size_t i = 0; i < which.size(); ++i)
                    if (which[i] == '1')
                        hits.push_back(touched.hits[i]);
                add(unit, some, hits);
            }
        }
        if (unit.success)
            return {};
        for (const Rule *rule : touched.undetermined)
            m_effects[rule->id].undetermined += unit.size();
        m_out.undetermined += touched.undetermined.empty() ? 0 : unit.size();
        return {};
    }

    PackPreview take()
    {
        for (auto &[id, effect] : m_effects)
            m_out.rules.push_back(std::move(effect));
        for (auto &[key, move] : m_moves)
            m_out.moves.push_back(std::move(move));
        std::stable_sort(m_out.moves.begin(), m_out.moves.end(),
                         [](const RuleMove &a, const RuleMove &b) { return a.failures > b.failures; });
        return std::move(m_out);
    }

private:
    using Attempts = std::span<const PreviewAttempt>;

    /// For each rule '1' where it looks at the attempt, else '0'.
    base::Result<std::string> inScope(const std::vector<Claim> &claims, const PreviewAttempt &attempt)
    {
        classify::Subject subject;
        MULLIGAN_TRY(const std::string *job, m_scopes->job(attempt.jobId));
        subject.job = *job;
        MULLIGAN_TRY(subject.config, m_scopes->config(attempt.configId));
        std::string which;
        for (const Claim &claim : claims)
            which += classify::inScope(*claim.rule, subject) ? '1' : '0';
        return which;
    }

    /// Attempts of one unit that the same changed rules match.
    void add(const PreviewUnit &unit, Attempts attempts, const std::vector<Claim> &hits)
    {
        const auto matches = m_units.matchesOf(unit);
        Claim now;
        const auto consider = [&](const Claim &claim) {
            now = now.rule == nullptr || classify::precedes(claim, now) ? claim : now;
        };
        for (const Claim &claim : hits) {
            addHit(m_effects[claim.rule->id], unit.success, attempts);
            consider(claim);
        }
        for (const PreviewMatch match : matches) {
            const std::uint32_t rank = match.rank;
            if (m_touched[rank] != 0)
                addHitBefore(m_effects[m_units.rules[rank]->id], unit.success, attempts.size());
            if (m_gone[rank] != 0)
                continue;
            const Rule *rule = m_now[rank];
            if (m_touched[rank] != 0)
                addHit(m_effects[rule->id], unit.success, attempts);
            consider({rule, static_cast<model::Evidence>(match.evidence)});
        }
        if (!unit.success)
            decide(matches.empty() ? nullptr : m_units.rules[matches.front().rank], now.rule, attempts);
    }

    void addHit(RuleEffect &effect, bool success, Attempts attempts) const
    {
        (success ? effect.hitsOnSuccesses : effect.hits) += attempts.size();
        for (const PreviewAttempt &attempt : attempts.first(std::min(attempts.size(), m_examples)))
            addExample(success ? effect.successExamples : effect.examples, attempt.id, m_examples);
    }

    static void addHitBefore(RuleEffect &effect, bool success, std::size_t attempts)
    {
        (success ? effect.hitsOnSuccessesBefore : effect.hitsBefore) += attempts;
    }

    void decide(const Rule *before, const Rule *now, Attempts attempts)
    {
        double cost = 0.0;
        for (const PreviewAttempt &attempt : attempts)
            cost += attempt.costUsd;
        if (before != nullptr && m_edit.touches(before->id)) {
            m_effects[before->id].winsBefore += attempts.size();
            m_effects[before->id].winsCostBeforeUsd += cost;
        }
        if (now != nullptr && m_edit.touches(now->id)) {
            m_effects[now->id].wins += attempts.size();
            m_effects[now->id].winsCostUsd += cost;
        }
        const Rule &from = before == nullptr ? unclassified() : *before;
        const Rule &to = now == nullptr ? unclassified() : *now;
        if (std::tie(from.id, from.errorClass, from.domain, from.transient, from.action)
            == std::tie(to.id, to.errorClass, to.domain, to.transient, to.action))
            return;
        m_out.changed += attempts.size();
        m_out.changedCostUsd += cost;
        m_out.changedClass += from.errorClass != to.errorClass ? attempts.size() : 0;
        m_out.changedAction += from.action != to.action ? attempts.size() : 0;
        m_out.newlyClassified += before == nullptr ? attempts.size() : 0;
        m_out.newlyClassifiedCostUsd += before == nullptr ? cost : 0.0;
        m_out.newlyUnclassified += now == nullptr ? attempts.size() : 0;
        m_out.newlyUnclassifiedCostUsd += now == nullptr ? cost : 0.0;
        move(from, to, attempts, cost);
    }

    void move(const Rule &from, const Rule &to, Attempts attempts, double cost)
    {
        RuleMove &move = m_moves[{from.id, to.id}];
        if (move.failures == 0) {
            move.fromRule = from.id;
            move.toRule = to.id;
            move.fromClass = from.errorClass;
            move.toClass = to.errorClass;
            move.fromAction = from.action;
            move.toAction = to.action;
        }
        move.failures += attempts.size();
        move.costUsd += cost;
        for (const PreviewAttempt &attempt : attempts.first(std::min(attempts.size(), m_examples)))
            addExample(move.examples, attempt.id, m_examples);
    }

    const PreviewUnits &m_units;
    const RuleEdit &m_edit;
    std::size_t m_examples;
    // By rank in the base pack: whether its old matches no longer count, whether the edit touches it, and what it is
    // now.
    std::vector<char> m_gone;
    std::vector<char> m_touched;
    std::vector<const Rule *> m_now;
    std::optional<sqlite::Connection> m_connection;
    std::optional<store::ScopeReader> m_scopes;
    std::map<std::string, RuleEffect> m_effects;
    std::map<std::pair<std::string, std::string>, RuleMove> m_moves;
    PackPreview m_out;
};

} // namespace

base::Result<PackPreview> countEffects(const PreviewUnits &units, std::span<const TouchedUnit> touched,
                                       const RuleEdit &edit, const std::string &workspacePath, std::size_t examples,
                                       const std::stop_token &stop)
{
    Counting counting(units, edit, examples);
    MULLIGAN_CHECK(counting.openScopes(workspacePath));
    for (const TouchedUnit &unit : touched) {
        if (stop.stop_requested())
            return base::makeError(base::ErrorCode::Cancelled, "The preview was cancelled");
        MULLIGAN_CHECK(counting.count(unit));
    }
    return counting.take();
}

} // namespace mulligan::pipeline
