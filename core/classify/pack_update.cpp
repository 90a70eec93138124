#include "classify/pack_update.hpp"

#include <algorithm>

namespace mulligan::classify
{

namespace
{

Rule withoutScope(Rule rule)
{
    rule.scopeStream.clear();
    rule.scopeJobGlob.clear();
    rule.scopeSparkVersion.clear();
    rule.scopeConfig.clear();
    return rule;
}

bool looksAtACause(const Rule &rule)
{
    return rule.where == MatchWhere::RootCause || rule.where == MatchWhere::Message;
}

/// How many of a rule's patterns are as they were, where nothing but those behind them changed. A match is by the first
/// that matches, so what matched by one of these still does, and elsewhere none of them does. One is left to be tried.
std::size_t patternsKept(const Rule &was, const Rule &now)
{
    if (!now.all.empty() || now.any.empty() || hasScope(now))
        return 0;
    Rule same = was;
    same.any = now.any;
    if (keyOf(same) != keyOf(now))
        return 0;
    const auto differ = std::mismatch(was.any.begin(), was.any.end(), now.any.begin(), now.any.end());
    return std::min(static_cast<std::size_t>(differ.second - now.any.begin()), now.any.size() - 1);
}

} // namespace

base::Result<std::shared_ptr<const PackUpdate>> PackUpdate::make(std::shared_ptr<const Classifier> now,
                                                                 PackChange change, const Rule *was,
                                                                 const ClassifierOptions &options)
{
    std::shared_ptr<PackUpdate> made(new PackUpdate(std::move(now), std::move(change)));
    const bool oneAlone =
        made->m_change.matched.size() == 1 && made->m_change.dropped.empty() && made->m_change.restated.empty();
    RulePack part;
    std::vector<text::Pattern> screen;
    for (const std::string &id : made->m_change.matched) {
        const Rule *rule = made->m_now->find(id);
        if (rule == nullptr)
            return base::makeError(base::ErrorCode::InvalidArgument, "The changed rule '" + id + "' is not in the pack",
                                   "Work the change out from the same pack.");
        made->m_ranksAsBefore = was != nullptr && was->id == id && tied(*was, *rule);
        if (oneAlone && was != nullptr)
            made->m_kept = patternsKept(*was, *rule);
        Rule changed = withoutScope(*rule);
        // One that matches beside the failure gives way to any that does not, so that all must be asked. Of a root
        // cause all is the one or the other.
        made->m_left = looksAtACause(*rule) ? made->m_kept : 0;
        changed.any.erase(changed.any.begin(), changed.any.begin() + static_cast<std::ptrdiff_t>(made->m_left));
        for (const auto *patterns : {&changed.all, &changed.any})
            for (const std::string &pattern : *patterns)
                screen.push_back({pattern, rule->caseless, rule->multiline});
        part.rules.push_back(std::move(changed));
    }
    if (part.rules.empty())
        return std::shared_ptr<const PackUpdate>(std::move(made));
    made->m_causes = std::any_of(part.rules.begin(), part.rules.end(), looksAtACause);
    const bool causesOnly = std::all_of(part.rules.begin(), part.rules.end(), looksAtACause);
    MULLIGAN_TRY(made->m_part, Classifier::make(std::move(part), options));
    if (causesOnly) {
        text::PatternSetOptions engine;
        engine.prefilter = options.prefilter;
        MULLIGAN_TRY(made->m_screen, text::PatternSet::make(std::move(screen), engine));
    }
    return std::shared_ptr<const PackUpdate>(std::move(made));
}

text::Scratch PackUpdate::makeScratch() const
{
    text::Scratch scratch = m_now->makeScratch();
    if (m_part)
        m_part->prepare(scratch);
    if (m_screen)
        m_screen->prepare(scratch);
    return scratch;
}

bool PackUpdate::mayHit(std::string_view rootCause, text::Scratch &scratch) const
{
    if (!m_part)
        return false;
    // Without a root cause one is looked for in the text.
    return !m_screen || rootCause.empty() || !m_screen->candidates(rootCause, scratch).empty();
}

model::Verdict PackUpdate::hits(const Subject &subject, text::Scratch &scratch) const
{
    model::Verdict hits = m_part ? m_part->classify(subject, scratch) : model::Verdict();
    for (model::RuleMatch &match : hits.matches)
        match.pattern += static_cast<int>(m_left);
    return hits;
}

PackUpdate::Answer PackUpdate::resolveKept(const model::Verdict &stored) const
{
    const Rule *winner = m_now->find(stored.rule);
    const bool mayCapture = m_change.matched.contains(stored.rule) && stored.captures.size() < winner->captures.size();
    return {!stored.undetermined.empty() || mayCapture ? Next::Rematch : Next::Same, {}};
}

PackUpdate::Answer PackUpdate::resolve(const model::Verdict &stored, const model::Verdict &hits) const
{
    const auto scoped = [this](std::string_view rule) { return hasScope(*m_now->find(rule)); };
    std::vector<model::RuleMatch> matches = hits.matches;
    if (std::any_of(matches.begin(), matches.end(), [&](const auto &match) { return scoped(match.rule); })
        || std::any_of(hits.undetermined.begin(), hits.undetermined.end(), scoped))
        return {Next::ByScope, {}};
    if (!stored.undetermined.empty() || !hits.undetermined.empty())
        return {Next::Rematch, {}};
    for (const model::RuleMatch &match : stored.matches)
        if (!m_change.dropped.contains(match.rule) && !m_change.matched.contains(match.rule))
            matches.push_back(match);
    model::Verdict verdict = m_now->resolve(std::move(matches), {});
    const bool fresh = m_change.matched.contains(verdict.rule);
    const bool declares = !verdict.rule.empty() && !m_now->find(verdict.rule)->captures.empty();
    if (declares && !fresh && verdict.rule != stored.rule)
        return {Next::Rematch, {}};
    if (declares)
        verdict = m_now->resolve(std::move(verdict.matches), fresh ? hits.captures : stored.captures);
    if (verdict == stored)
        return {Next::Same, {}};
    return {Next::Known, std::move(verdict)};
}

} // namespace mulligan::classify
