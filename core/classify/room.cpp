#include "classify/room.hpp"

#include <algorithm>

namespace mulligan::classify
{

using text::Outcome;

namespace
{

/// Tells of one pattern's confirmation and remembers the first place found.
class Confirmer
{
public:
    Confirmer(const text::PatternSet &patterns, std::string_view text, text::Scratch &scratch, model::RuleMatch &found)
        : m_patterns(patterns), m_text(text), m_scratch(scratch), m_found(found)
    {
    }

    Outcome confirm(std::uint32_t id, int pattern)
    {
        if (!m_patterns.isCandidate(id, m_scratch))
            return Outcome::NoMatch;
        const Outcome outcome = m_patterns.confirm(id, m_text, m_scratch, m_match);
        if (outcome == Outcome::Match && !m_placed) {
            m_placed = true;
            m_found.pattern = pattern;
            m_found.begin = m_match.span.begin;
            m_found.end = m_match.span.end;
        }
        return outcome;
    }

private:
    const text::PatternSet &m_patterns;
    std::string_view m_text;
    text::Scratch &m_scratch;
    model::RuleMatch &m_found;
    text::Match m_match;
    bool m_placed = false;
};

/// The stronger of two outcomes that must both be matches.
Outcome both(Outcome a, Outcome b)
{
    if (a == Outcome::NoMatch || b == Outcome::NoMatch)
        return Outcome::NoMatch;
    return a == Outcome::Undetermined ? a : b;
}

Outcome matchAll(const PatternIds &ids, Confirmer &confirmer)
{
    Outcome outcome = Outcome::Match;
    for (std::uint32_t id = ids.begin; id < ids.end && outcome != Outcome::NoMatch; ++id)
        outcome = both(outcome, confirmer.confirm(id, static_cast<int>(id - ids.begin)));
    return outcome;
}

Outcome matchAny(const PatternIds &ids, int before, Confirmer &confirmer)
{
    if (ids.empty())
        return Outcome::Match;
    Outcome outcome = Outcome::NoMatch;
    for (std::uint32_t id = ids.begin; id < ids.end; ++id) {
        const Outcome next = confirmer.confirm(id, before + static_cast<int>(id - ids.begin));
        if (next == Outcome::Match)
            return next;
        outcome = next == Outcome::Undetermined ? next : outcome;
    }
    return outcome;
}

} // namespace

void Room::add(Ready &ready, std::uint32_t rule)
{
    const auto take = [&](const std::vector<std::string> &patterns, bool required) {
        PatternIds ids;
        ids.begin = static_cast<std::uint32_t>(m_sources.size());
        for (const std::string &pattern : patterns) {
            m_sources.push_back({pattern, ready.rule->caseless});
            m_ruleOf.push_back(rule);
            m_required.push_back(required);
        }
        ids.end = static_cast<std::uint32_t>(m_sources.size());
        return ids;
    };
    ready.all = take(ready.rule->all, true);
    ready.any = take(ready.rule->any, true);
    ready.none = take(ready.rule->none, false);
}

base::Result<void> Room::compile(const std::vector<Ready> &rules, const text::PatternSetOptions &options)
{
    auto set = text::PatternSet::make(m_sources, options);
    if (set) {
        m_patterns = std::move(set).value();
        return {};
    }
    // The set knows its patterns by number only; the rule is found by trying its patterns one by one.
    for (std::uint32_t id = 0; id < m_sources.size(); ++id) {
        auto single = text::checkPattern(m_sources[id]);
        if (single)
            continue;
        const Rule &rule = *rules[m_ruleOf[id]].rule;
        return std::move(single)
            .error()
            .in("rule '" + rule.id + "'")
            .in(rule.file + " line " + std::to_string(rule.line));
    }
    return std::move(set).error();
}

void Room::candidates(std::string_view text, text::Scratch &scratch, std::vector<std::uint32_t> &rules) const
{
    rules.clear();
    for (const std::uint32_t id : m_patterns->candidates(text, scratch))
        if (m_required[id] && (rules.empty() || rules.back() != m_ruleOf[id]))
            rules.push_back(m_ruleOf[id]);
    std::sort(rules.begin(), rules.end());
    rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
}

Outcome Room::match(const Ready &ready, std::string_view text, text::Scratch &scratch, model::RuleMatch &found) const
{
    for (std::uint32_t id = ready.all.begin; id < ready.all.end; ++id)
        if (!m_patterns->isCandidate(id, scratch))
            return Outcome::NoMatch;
    Confirmer confirmer(*m_patterns, text, scratch, found);
    Outcome outcome = matchAll(ready.all, confirmer);
    if (outcome != Outcome::NoMatch)
        outcome = both(outcome, matchAny(ready.any, static_cast<int>(ready.all.end - ready.all.begin), confirmer));
    if (outcome == Outcome::NoMatch)
        return outcome;
    model::RuleMatch ignored;
    Confirmer forbidden(*m_patterns, text, scratch, ignored);
    for (std::uint32_t id = ready.none.begin; id < ready.none.end; ++id) {
        const Outcome none = forbidden.confirm(id, 0);
        if (none == Outcome::Match)
            return Outcome::NoMatch;
        outcome = none == Outcome::Undetermined ? none : outcome;
    }
    return outcome;
}

std::map<std::string, model::Capture> Room::captures(const Ready &ready, std::string_view text,
                                                     text::Scratch &scratch) const
{
    std::map<std::string, model::Capture> captures;
    const auto &declared = ready.rule->captures;
    text::Match match;
    for (const PatternIds &ids : {ready.all, ready.any}) {
        for (std::uint32_t id = ids.begin; id < ids.end && captures.size() < declared.size(); ++id) {
            if (!m_patterns->isCandidate(id, scratch)
                || m_patterns->confirm(id, text, scratch, match) != Outcome::Match)
                continue;
            for (const text::NamedSpan &group : match.groups) {
                const auto unit = declared.find(std::string(group.name));
                if (unit != declared.end() && group.span.end > group.span.begin)
                    captures.emplace(
                        unit->first,
                        makeCapture(text.substr(group.span.begin, group.span.end - group.span.begin), unit->second));
            }
        }
    }
    return captures;
}

} // namespace mulligan::classify
