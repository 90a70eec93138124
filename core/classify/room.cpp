#include "classify/room.hpp"

#include <algorithm>

namespace mulligan::classify
{

using text::Outcome;

namespace
{

/// Behind so many matches of a pattern that do not tell of the failure only the end of the text is looked at: such a
/// log repeats itself.
constexpr int kMostPassed = 64;
constexpr size_t kTailBytes = 65536;

/// No evidence at all is the worst.
bool isBetter(std::optional<model::Evidence> a, std::optional<model::Evidence> b)
{
    return a && (!b || *a < *b);
}

/// Steps that are left of each of a rule's patterns on one text.
class Budgets
{
public:
    Budgets(const Ready &ready, std::uint64_t steps) : m_first(ready.all.begin), m_left(ready.none.end - m_first, steps)
    {
    }

    std::uint64_t &of(std::uint32_t id) { return m_left[id - m_first]; }

private:
    std::uint32_t m_first;
    std::vector<std::uint64_t> m_left;
};

/// Whether a pattern may ask for the text's end.
bool mayAskForEnd(const text::Pattern &pattern)
{
    return (!pattern.multiline && pattern.expression.find('$') != std::string::npos)
           || pattern.expression.find("\\Z") != std::string::npos
           || pattern.expression.find("\\z") != std::string::npos;
}

/// Where a rule's patterns are looked for: the whole text, or one block of it as if it were the whole.
struct Part {
    const text::PatternSet &patterns;
    const std::vector<text::Pattern> &sources; ///< of those
    RoomText &on;
    LeastLevel least = LeastLevel::Any;
    std::optional<text::Span> block;
    Budgets *budgets = nullptr; ///< of blocks

    [[nodiscard]] bool mayHold(std::uint32_t id) const
    {
        return block ? patterns.mayMatchWithin(id, *block, on.scratch) : patterns.isCandidate(id, on.scratch);
    }

    /// The first match, whatever its line.
    Outcome find(std::uint32_t id, text::Match &match) const
    {
        if (!mayHold(id))
            return Outcome::NoMatch;
        std::uint64_t own = patterns.stepsFor(on.text.size());
        return findFrom(id, begin(), block ? budgets->of(id) : own, match);
    }

    /// A match whose line counts.
    struct Counted {
        text::Match match;
        size_t place = 0; ///< where the room's text stands in the whole for the line to count
        std::optional<model::Evidence> evidence = model::Evidence::Failure; ///< absent: it was got over
    };

    /// The first match whose line counts, of the best evidence there is. Behind other lines the pattern is looked for
    /// further, with the steps that are left of it.
    Outcome findCounted(std::uint32_t id, Counted &found) const
    {
        if (!mayHold(id))
            return Outcome::NoMatch;
        std::uint64_t own = patterns.stepsFor(on.text.size());
        std::uint64_t &steps = block ? budgets->of(id) : own;
        const bool any = least == LeastLevel::Any && on.records == nullptr;
        const model::Evidence best = on.records == nullptr ? on.evidence : model::Evidence::Failure;
        int passed = 0;
        bool matched = false;
        text::Match match;
        for (size_t from = begin(); from < end();) {
            const Outcome outcome = findFrom(id, from, steps, match);
            if (outcome != Outcome::Match) // what was found holds whatever comes behind
                return matched ? Outcome::Match : outcome;
            const text::Span line = any ? match.span : lineOfMatch(on.text, match.span);
            const auto counted = on.levels.placeThatCounts(least, line.begin);
            if (counted) {
                const auto evidence = evidenceAt(*counted + line.begin);
                if (!matched || isBetter(evidence, found.evidence))
                    found = {match, *counted, evidence};
                matched = true;
                if (evidence == best)
                    return outcome;
            }
            from = std::max(line.end, match.span.begin + 1);
            if (counted && ++passed == kMostPassed)
                from = std::max(from, end() - std::min(end() - begin(), kTailBytes));
        }
        return matched ? Outcome::Match : Outcome::NoMatch;
    }

private:
    [[nodiscard]] std::optional<model::Evidence> evidenceAt(size_t place) const
    {
        return on.records == nullptr ? on.evidence : on.records->evidenceAt(place);
    }
    [[nodiscard]] size_t begin() const { return block ? block->begin : 0; }
    [[nodiscard]] size_t end() const { return block ? block->end : on.text.size(); }

    Outcome findFrom(std::uint32_t id, size_t from, std::uint64_t &steps, text::Match &match) const
    {
        if (!block) {
            const bool beforeCause = on.causeAt != std::string_view::npos && from < on.causeAt;
            if (beforeCause && mayAskForEnd(sources[id])) { // the log's end is where it is without the cause
                const Outcome inLog =
                    patterns.search(id, on.text.substr(0, on.causeAt - 1), from, on.scratch, steps, match);
                if (inLog != Outcome::NoMatch)
                    return inLog;
            }
            return patterns.confirm(id, on.text, from, on.scratch, steps, match);
        }
        const Outcome outcome = patterns.search(id, on.text.substr(block->begin, block->end - block->begin),
                                                from - block->begin, on.scratch, steps, match);
        if (outcome == Outcome::Match)
            move(match);
        return outcome;
    }

    /// From its place in the block to that in the text.
    void move(text::Match &match) const
    {
        match.span.begin += block->begin;
        match.span.end += block->begin;
        for (text::NamedSpan &group : match.groups) {
            group.span.begin += block->begin;
            group.span.end += block->begin;
        }
    }
};

/// Remembers of the patterns of one rule that match in a part where the first of them does.
class Confirmer
{
public:
    Confirmer(const Part &part, Found &found) : m_part(part), m_found(found) {}

    Outcome find(std::uint32_t id, Part::Counted &counted) const { return m_part.findCounted(id, counted); }

    /// `pattern`: as model::RuleMatch numbers it.
    void take(std::uint32_t id, int pattern, Part::Counted counted)
    {
        // One pattern that tells of the failure is enough: others are often there to say under what circumstances.
        if (isBetter(counted.evidence, m_evidence))
            m_evidence = counted.evidence;
        m_found.match.evidence = m_evidence.value_or(model::Evidence::Beside);
        if (m_placed)
            return;
        m_placed = true;
        m_found.match.pattern = pattern;
        m_found.match.begin = counted.match.span.begin;
        m_found.match.end = counted.match.span.end;
        m_found.place = counted.place;
        m_found.pattern = id;
        m_found.where = std::move(counted.match);
    }

    /// Whether all that was taken was got over.
    [[nodiscard]] bool wasGotOver() const { return m_placed && !m_evidence; }

private:
    const Part &m_part;
    Found &m_found;
    bool m_placed = false;
    std::optional<model::Evidence> m_evidence;
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
    for (std::uint32_t id = ids.begin; id < ids.end && outcome != Outcome::NoMatch; ++id) {
        Part::Counted counted;
        const Outcome next = confirmer.find(id, counted);
        if (next == Outcome::Match)
            confirmer.take(id, static_cast<int>(id - ids.begin), std::move(counted));
        outcome = both(outcome, next);
    }
    return outcome;
}

/// The first pattern that matches with the best evidence there is.
Outcome matchAny(const PatternIds &ids, int before, Confirmer &confirmer)
{
    if (ids.empty())
        return Outcome::Match;
    Outcome outcome = Outcome::NoMatch;
    Part::Counted best;
    std::optional<std::uint32_t> bestId;
    for (std::uint32_t id = ids.begin; id < ids.end; ++id) {
        Part::Counted counted;
        const Outcome next = confirmer.find(id, counted);
        outcome = next == Outcome::Undetermined ? next : outcome;
        if (next != Outcome::Match || (bestId && !isBetter(counted.evidence, best.evidence)))
            continue;
        bestId = id;
        best = std::move(counted);
        if (best.evidence == model::Evidence::Failure)
            break;
    }
    if (!bestId)
        return outcome;
    confirmer.take(*bestId, before + static_cast<int>(*bestId - ids.begin), std::move(best));
    return Outcome::Match;
}

/// Whether every pattern of `all` and one of `any` may match: what is asked first, since it costs nothing.
bool mayMatch(const Ready &ready, const Part &part)
{
    for (std::uint32_t id = ready.all.begin; id < ready.all.end; ++id)
        if (!part.mayHold(id))
            return false;
    for (std::uint32_t id = ready.any.begin; id < ready.any.end; ++id)
        if (part.mayHold(id))
            return true;
    return ready.any.empty();
}

Outcome matchIn(const Ready &ready, const Part &part, Found &found)
{
    if (!mayMatch(ready, part))
        return Outcome::NoMatch;
    Confirmer confirmer(part, found);
    Outcome outcome = matchAll(ready.all, confirmer);
    if (outcome != Outcome::NoMatch)
        outcome = both(outcome, matchAny(ready.any, static_cast<int>(ready.all.end - ready.all.begin), confirmer));
    if (outcome == Outcome::NoMatch || confirmer.wasGotOver())
        return Outcome::NoMatch;
    text::Match ignored;
    for (std::uint32_t id = ready.none.begin; id < ready.none.end; ++id) {
        const Outcome none = part.find(id, ignored);
        if (none == Outcome::Match)
            return Outcome::NoMatch;
        outcome = none == Outcome::Undetermined ? none : outcome;
    }
    return outcome;
}

} // namespace

std::uint32_t Room::addPattern(const std::string &pattern, const Rule &rule, std::uint32_t index, Use use)
{
    m_sources.push_back({pattern, rule.caseless, rule.multiline, use == Use::Guard || use == Use::Sign});
    m_ruleOf.push_back(index);
    m_triggers.push_back(use == Use::Match);
    return static_cast<std::uint32_t>(m_sources.size() - 1);
}

size_t Room::addBlock(const Rule &rule, std::uint32_t index)
{
    for (size_t i = 0; i < m_blocks.size(); ++i)
        if (m_blocks[i].block == *rule.block && m_blocks[i].caseless == rule.caseless)
            return i;
    BlockPatterns block;
    block.block = *rule.block;
    block.caseless = rule.caseless;
    block.from = addPattern(rule.block->from, rule, index, Use::Block);
    block.to =
        rule.block->end == Block::End::Pattern ? addPattern(rule.block->to, rule, index, Use::Block) : block.from;
    m_blocks.push_back(std::move(block));
    return m_blocks.size() - 1;
}

void Room::add(Ready &ready, std::uint32_t rule)
{
    const auto take = [&](const std::vector<std::string> &patterns, Use use) {
        PatternIds ids;
        ids.begin = static_cast<std::uint32_t>(m_sources.size());
        for (const std::string &pattern : patterns)
            addPattern(pattern, *ready.rule, rule, use);
        ids.end = static_cast<std::uint32_t>(m_sources.size());
        return ids;
    };
    ready.all = take(ready.rule->all, Use::Match);
    ready.any = take(ready.rule->any, Use::Match);
    ready.none = take(ready.rule->none, Use::Guard);
    if (ready.rule->block)
        ready.block = addBlock(*ready.rule, rule);
}

void Room::addSigns()
{
    m_signs.begin = static_cast<std::uint32_t>(m_sources.size());
    for (const std::string_view sign : text::Records::signsOfSuccess())
        addPattern(std::string(sign), {}, 0, Use::Sign); // no sign holds what patterns give a meaning
    m_signs.end = static_cast<std::uint32_t>(m_sources.size());
}

base::Result<void> Room::compile(const std::vector<Ready> &rules, const text::PatternSetOptions &options,
                                 bool scanSigns)
{
    if (scanSigns && m_where == MatchWhere::WholeLog)
        addSigns();
    text::PatternSetOptions own = options;
    // To begin a scan takes Vectorscan longer than the other takes for all of so short a text.
    const bool isShort = m_where == MatchWhere::RootCause || m_where == MatchWhere::Message;
    if (isShort && own.scanner == text::Scanner::Fitting)
        own.scanner = text::Scanner::LiteralScan;
    auto set = text::PatternSet::make(m_sources, own);
    if (set) {
        m_patterns = std::move(set).value();
        chooseTriggers(rules);
        return {};
    }
    // The set knows its patterns by number only; the rule is found by trying its patterns one by one.
    for (std::uint32_t id = 0; id < m_sources.size(); ++id) {
        auto single = text::checkPattern(m_sources[id]);
        if (single)
            continue;
        const Rule &rule = *rules[m_ruleOf[id]].rule;
        base::Error wrong = std::move(single).error();
        wrong.code = base::ErrorCode::Parse;
        return std::move(wrong).in("rule '" + rule.id + "'").in(rule.file + " line " + std::to_string(rule.line));
    }
    return std::move(set).error();
}

/// Each pattern of `all`, or one of `any`, must match: which of these is expected in the fewest texts says when a rule
/// is worth looking at.
void Room::chooseTriggers(const std::vector<Ready> &rules)
{
    const auto hitsOf = [this](const PatternIds &ids) {
        double hits = 0.0;
        for (std::uint32_t id = ids.begin; id < ids.end; ++id)
            hits += m_patterns->expectedHits(id);
        return hits;
    };
    for (std::uint32_t id = 0; id < m_triggers.size();) {
        if (!m_triggers[id]) {
            ++id;
            continue;
        }
        const Ready &ready = rules[m_ruleOf[id]];
        PatternIds rarest = ready.any;
        for (std::uint32_t one = ready.all.begin; one < ready.all.end; ++one)
            if (rarest.empty() || hitsOf({one, one + 1}) < hitsOf(rarest))
                rarest = {one, one + 1};
        for (; id < ready.any.end; ++id) // its patterns stand side by side
            m_triggers[id] = id >= rarest.begin && id < rarest.end;
    }
}

void Room::candidates(RoomText &on, std::vector<std::uint32_t> &rules) const
{
    rules.clear();
    bool sign = m_signs.empty();
    for (const std::uint32_t id : m_patterns->candidates(on.text, on.scratch)) {
        sign = sign || id >= m_signs.begin;
        if (m_triggers[id] && (rules.empty() || rules.back() != m_ruleOf[id]))
            rules.push_back(m_ruleOf[id]);
    }
    if (!sign && on.records != nullptr)
        on.records->holdsNoSignOfSuccess();
    std::sort(rules.begin(), rules.end());
    rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
}

const BlockCut &Room::cutOf(size_t block, RoomText &on) const
{
    if (on.cuts.empty())
        on.cuts.resize(m_blocks.size());
    if (!on.cuts[block])
        on.cuts[block] = cutBlocks(m_blocks[block], *m_patterns, on.text.substr(0, on.causeAt - 1), on.scratch);
    return *on.cuts[block];
}

Outcome Room::match(const Ready &ready, RoomText &on, Found &found) const
{
    Part part{*m_patterns, m_sources, on, ready.rule->leastLevel, {}, nullptr};
    if (!ready.block)
        return matchIn(ready, part, found);
    if (!mayMatch(ready, part))
        return Outcome::NoMatch;
    const BlockCut &cut = cutOf(*ready.block, on);
    Budgets budgets(ready, m_patterns->stepsFor(on.text.size()));
    part.budgets = &budgets;
    bool matched = false;
    for (const text::Span &block : cut.blocks) {
        part.block = block;
        Found here;
        const Outcome outcome = matchIn(ready, part, here);
        if (outcome == Outcome::Undetermined && !matched)
            return outcome;
        if (outcome != Outcome::Match || (matched && here.match.evidence >= found.match.evidence))
            continue;
        matched = true;
        found = std::move(here);
        found.block = block;
        if (found.match.evidence == model::Evidence::Failure)
            break;
    }
    if (matched)
        return Outcome::Match;
    return cut.undetermined ? Outcome::Undetermined : Outcome::NoMatch;
}

std::map<std::string, model::Capture> Room::captures(const Ready &ready, RoomText &on, const Found &found) const
{
    std::map<std::string, model::Capture> captures;
    const auto &declared = ready.rule->captures;
    if (declared.empty())
        return captures;
    Budgets budgets(ready, m_patterns->stepsFor(on.text.size()));
    const Part part{*m_patterns, m_sources, on, ready.rule->leastLevel, found.block, &budgets};
    Part::Counted counted;
    for (const PatternIds &ids : {ready.all, ready.any}) {
        for (std::uint32_t id = ids.begin; id < ids.end && captures.size() < declared.size(); ++id) {
            if (id == found.pattern)
                counted.match = found.where;
            else if (part.findCounted(id, counted) != Outcome::Match)
                continue;
            for (const text::NamedSpan &group : counted.match.groups) {
                const auto unit = declared.find(std::string(group.name));
                if (unit != declared.end() && group.span.end > group.span.begin)
                    captures.emplace(
                        unit->first,
                        makeCapture(on.text.substr(group.span.begin, group.span.end - group.span.begin), unit->second));
            }
        }
    }
    return captures;
}

} // namespace mulligan::classify
