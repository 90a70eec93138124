#include "store/stored_matches.hpp"

#include <algorithm>

namespace mulligan::store
{

base::Result<StoredMatches> StoredMatches::load(Workspace &workspace)
{
    const sqlite::Connection &connection = workspace.connection();
    StoredMatches out;
    std::vector<std::int64_t> ids; // of verdicts, ascending
    MULLIGAN_TRY(auto matches, connection.prepare("SELECT v.id, m.rule, m.evidence FROM verdict v LEFT JOIN rule_match "
                                                  "m ON m.verdict_id = v.id ORDER BY v.id, m.position"));
    for (;;) {
        MULLIGAN_TRY(const bool more, matches.step());
        if (!more)
            break;
        if (ids.empty() || ids.back() != matches.integer(0)) {
            ids.push_back(matches.integer(0));
            out.m_begin.push_back(out.m_begin.back());
        }
        if (matches.isNull(1))
            continue;
        out.m_matches.push_back({out.m_rules.add(matches.text(1)), static_cast<model::Evidence>(matches.integer(2))});
        ++out.m_begin.back();
    }
    MULLIGAN_TRY(auto attempts,
                 connection.prepare("SELECT id, verdict_id FROM attempt WHERE verdict_id IS NOT NULL ORDER BY id"));
    for (;;) {
        MULLIGAN_TRY(const bool more, attempts.step());
        if (!more)
            return out;
        const auto at = std::lower_bound(ids.begin(), ids.end(), attempts.integer(1));
        if (at != ids.end() && *at == attempts.integer(1))
            out.m_byAttempt.emplace_back(attempts.integer(0), static_cast<std::uint32_t>(at - ids.begin()));
    }
}

std::span<const StoredMatches::Match> StoredMatches::ofVerdict(std::uint32_t verdict) const
{
    return std::span(m_matches).subspan(m_begin[verdict], m_begin[verdict + 1] - m_begin[verdict]);
}

std::vector<model::RuleMatch> StoredMatches::of(std::int64_t attemptId) const
{
    const auto at = std::lower_bound(m_byAttempt.begin(), m_byAttempt.end(), std::pair(attemptId, std::uint32_t{0}));
    std::vector<model::RuleMatch> out;
    if (at == m_byAttempt.end() || at->first != attemptId)
        return out;
    for (const Match &match : ofVerdict(at->second)) {
        model::RuleMatch &made = out.emplace_back();
        made.rule = m_rules.at(match.rule);
        made.evidence = match.evidence;
        made.winner = out.size() == 1;
    }
    return out;
}

void StoredMatches::replace(std::span<const model::Verdict> verdicts,
                            std::span<const std::pair<std::int64_t, std::uint32_t>> byAttempt)
{
    const auto first = static_cast<std::uint32_t>(m_begin.size() - 1);
    for (const model::Verdict &verdict : verdicts) {
        for (const model::RuleMatch &match : verdict.matches)
            m_matches.push_back({m_rules.add(match.rule), match.evidence});
        m_begin.push_back(static_cast<std::uint32_t>(m_matches.size()));
    }
    std::vector<std::pair<std::int64_t, std::uint32_t>> fresh(byAttempt.begin(), byAttempt.end());
    for (auto &[attempt, verdict] : fresh)
        verdict += first;
    std::sort(fresh.begin(), fresh.end());
    std::vector<std::pair<std::int64_t, std::uint32_t>> both;
    both.reserve(m_byAttempt.size() + fresh.size());
    // Of two entries of one attempt the new one is taken.
    std::set_union(fresh.begin(), fresh.end(), m_byAttempt.begin(), m_byAttempt.end(), std::back_inserter(both),
                   [](const auto &a, const auto &b) { return a.first < b.first; });
    m_byAttempt = std::move(both);
}

} // namespace mulligan::store
