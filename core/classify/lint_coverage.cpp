#include "classify/lint_coverage.hpp"

#include "text/pattern_set.hpp"
#include "text/pattern_syntax.hpp"
#include "text/required_literals.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>

namespace mulligan::classify
{

namespace
{

using text::Outcome;

/// Whether a pattern's match depends on nothing but the bytes it takes.
bool standsAlone(const text::PatternNode &node)
{
    return node.kind != text::PatternNode::Kind::Assertion && node.kind != text::PatternNode::Kind::Opaque
           && std::all_of(node.children.begin(), node.children.end(), standsAlone);
}

const std::string &patternAt(const RulePack &pack, const PatternPlace &place)
{
    const Rule &rule = pack.rules[place.rule];
    return place.any ? rule.any[place.index] : rule.all[place.index];
}

struct Entry {
    PatternPlace place;
    text::Pattern pattern;
    std::vector<std::string> required;
    bool caseless = false; ///< it, or a part of it, ignores case
    bool alone = false;
    bool oneLine = false; ///< its matches hold no newline
};

class CoverSearch
{
public:
    explicit CoverSearch(const RulePack &pack) : m_pack(pack)
    {
        for (size_t rule = 0; rule < pack.rules.size(); ++rule) {
            if (pack.rules[rule].status != RuleStatus::Active)
                continue;
            for (size_t i = 0; i < pack.rules[rule].any.size(); ++i)
                add({rule, true, i});
            for (size_t i = 0; i < pack.rules[rule].all.size(); ++i)
                add({rule, false, i});
        }
    }

    std::vector<Cover> run()
    {
        std::vector<Cover> covers;
        findSame(covers);
        std::vector<text::Pattern> patterns;
        for (size_t i = 0; i < m_entries.size(); ++i) {
            if (!m_entries[i].alone || !m_entries[i].place.any || m_entries[i].required.empty())
                continue; // a pattern without required text would be tried on everything
            m_covering.push_back(i);
            patterns.push_back(m_entries[i].pattern);
        }
        auto set = text::PatternSet::make(std::move(patterns));
        if (!set)
            return covers;
        text::Scratch scratch;
        (*set)->prepare(scratch);
        for (const Entry &entry : m_entries)
            coversOf(entry, **set, scratch, covers);
        return covers;
    }

private:
    void add(const PatternPlace &place)
    {
        const Rule &rule = m_pack.rules[place.rule];
        Entry entry;
        entry.place = place;
        entry.pattern = {patternAt(m_pack, place), rule.caseless, rule.multiline};
        if (!text::checkPattern(entry.pattern))
            return;
        const text::PatternSyntax syntax = text::readPattern(entry.pattern.expression, rule.multiline);
        const text::RequiredLiterals required = text::requiredLiterals(syntax);
        entry.required = required.texts;
        entry.oneLine = required.width.newlines == 0;
        entry.caseless = rule.caseless || syntax.caseFlag;
        entry.alone =
            syntax.understood && !syntax.context && !syntax.atEnd && !syntax.caseFlag && standsAlone(syntax.root);
        m_entries.push_back(std::move(entry));
    }

    void findSame(std::vector<Cover> &covers) const
    {
        std::map<std::tuple<std::string_view, bool, bool>, std::vector<const Entry *>> byText;
        for (const Entry &entry : m_entries)
            byText[{entry.pattern.expression, entry.pattern.caseless, entry.pattern.multiline}].push_back(&entry);
        for (const auto &[text, entries] : byText)
            for (const Entry *covered : entries)
                for (const Entry *by : entries)
                    if (covered != by && by->place.any)
                        covers.push_back({covered->place, by->place, true, true});
    }

    /// The patterns that match within each of the texts of which `entry` needs one.
    void coversOf(const Entry &entry, const text::PatternSet &set, text::Scratch &scratch,
                  std::vector<Cover> &covers) const
    {
        std::set<std::uint32_t> common;
        text::Match match;
        for (size_t i = 0; i < entry.required.size() && (i == 0 || !common.empty()); ++i) {
            std::set<std::uint32_t> here;
            const auto ids = set.candidates(entry.required[i], scratch);
            for (const std::uint32_t id : ids)
                if ((i == 0 || common.count(id) > 0) && set.isCandidate(id, scratch)
                    && set.confirm(id, entry.required[i], scratch, match) == Outcome::Match)
                    here.insert(id);
            common = std::move(here);
        }
        for (const std::uint32_t id : common) {
            const Entry &by = m_entries[m_covering[id]];
            const bool itself = by.place == entry.place || by.pattern.expression == entry.pattern.expression;
            if (!itself && (!entry.caseless || by.caseless))
                covers.push_back({entry.place, by.place, false, entry.oneLine});
        }
    }

    const RulePack &m_pack;
    std::vector<Entry> m_entries;
    std::vector<size_t> m_covering; ///< entries by their ids in the set
};

/// Whether `a` sees all that `b` sees.
bool seesAsMuch(const Rule &a, const Rule &b)
{
    return !a.block && (a.where == MatchWhere::WholeLog || (a.where == b.where && a.lastLines == b.lastLines));
}

/// Whether a match counts wherever the one it covers does.
bool countsAsMuch(const RulePack &pack, const Cover &cover)
{
    const LeastLevel least = pack.rules[cover.by.rule].leastLevel;
    return least == LeastLevel::Any || (cover.onItsLine && least <= pack.rules[cover.covered.rule].leastLevel);
}

} // namespace

std::vector<Cover> findCovers(const RulePack &pack)
{
    return CoverSearch(pack).run();
}

std::vector<Shadow> findShadows(const RulePack &pack, const std::vector<Cover> &covers)
{
    // By rule, by the rule that goes before it: which patterns of `any` are covered, and whether one of `all` is.
    struct Seen {
        std::set<size_t> any;
        bool all = false;
    };
    std::map<std::pair<size_t, size_t>, Seen> seen;
    for (const Cover &cover : covers) {
        const Rule &by = pack.rules[cover.by.rule];
        const Rule &rule = pack.rules[cover.covered.rule];
        const bool wide = by.all.empty() && by.none.empty() && !hasScope(by);
        if (cover.by.rule == cover.covered.rule || !wide || !countsAsMuch(pack, cover) || !seesAsMuch(by, rule)
            || !precedes(by, rule))
            continue;
        Seen &pair = seen[{cover.covered.rule, cover.by.rule}];
        if (cover.covered.any)
            pair.any.insert(cover.covered.index);
        else
            pair.all = true;
    }
    std::vector<Shadow> shadows;
    for (const auto &[rules, pair] : seen) {
        const size_t patterns = pack.rules[rules.first].any.size();
        const bool shadowed = pair.all || (patterns > 0 && pair.any.size() == patterns);
        if (shadowed && (shadows.empty() || shadows.back().rule != rules.first))
            shadows.push_back({rules.first, rules.second});
    }
    return shadows;
}

} // namespace mulligan::classify
