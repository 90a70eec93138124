#include "classify/rule_merge.hpp"

#include <algorithm>
#include <map>

namespace mulligan::classify
{

namespace
{

using Ids = std::vector<std::string>;

bool alike(const Rule *a, const Rule *b)
{
    return a == nullptr || b == nullptr ? a == b : sameRule(*a, *b);
}

Ids idsOf(const RuleDocument &document)
{
    Ids ids;
    for (const Rule &rule : document.rules())
        ids.push_back(rule.id);
    return ids;
}

/// Of all three versions: theirs, then what else mine has, then what only the base had.
Ids allIds(const RuleDocument &base, const RuleDocument &mine, const RuleDocument &theirs)
{
    Ids all = idsOf(theirs);
    std::set<std::string> known(all.begin(), all.end());
    for (const RuleDocument *document : {&mine, &base})
        for (const Rule &rule : document->rules())
            if (known.insert(rule.id).second)
                all.push_back(rule.id);
    return all;
}

/// Who changed which rules.
struct Changes {
    std::set<std::string> mine; ///< only here
    Ids theirs;                 ///< only there
    Ids both;                   ///< and not to the same
    RuleFates fates;
};

Changes changesOf(const RuleDocument &base, const RuleDocument &mine, const RuleDocument &theirs,
                  const std::set<std::string> &touched)
{
    Changes out;
    for (const std::string &id : allIds(base, mine, theirs)) {
        const bool typed = touched.count(id) > 0;
        const bool here = typed || !alike(base.find(id), mine.find(id));
        const bool there = !alike(base.find(id), theirs.find(id));
        if (here && there && (typed || !alike(mine.find(id), theirs.find(id))))
            out.both.push_back(id);
        else if (there && !here)
            out.theirs.push_back(id);
        else {
            if (here && !there)
                out.mine.insert(id);
            continue;
        }
        if (base.find(id) == nullptr)
            out.fates.added.push_back(id);
        else if (theirs.find(id) == nullptr)
            out.fates.removed.push_back(id);
        else if (mine.find(id) == nullptr)
            out.fates.removedHere.push_back(id);
    }
    return out;
}

/// Behind the nearest rule before it that `into` has too; before all others where there is none.
RulePlace placeOf(const RuleDocument &into, const RuleDocument &mine, const std::string &id)
{
    RulePlace place;
    for (const Rule &rule : mine.rules()) {
        if (rule.id == id)
            break;
        if (into.find(rule.id) != nullptr)
            place = {rule.id, RulePlace::Side::After};
    }
    if (place.id.empty() && !into.rules().empty())
        place = {into.rules().front().id, RulePlace::Side::Before};
    return place;
}

/// The rule as mine has it, in their text.
base::Result<RuleDocument> withMine(const RuleDocument &theirs, const RuleDocument &mine, const std::string &id)
{
    const Rule *rule = mine.find(id);
    const bool there = theirs.find(id) != nullptr;
    if (rule == nullptr)
        return there ? theirs.without(id) : theirs;
    if (!there)
        return theirs.withCopied(mine, id, placeOf(theirs, mine, id));
    if (auto edited = theirs.withRule(id, *rule))
        return edited;
    // Written in a way that cannot be edited: its lines give way to mine.
    MULLIGAN_TRY(const RuleDocument without, theirs.without(id));
    return without.withCopied(mine, id, placeOf(without, mine, id));
}

/// Ids that are in all of `among`, in the order of `document`.
Ids orderOf(const RuleDocument &document, const std::vector<const RuleDocument *> &among)
{
    Ids ids = idsOf(document);
    std::erase_if(ids, [&](const std::string &id) {
        return std::any_of(among.begin(), among.end(), [&](const auto *each) { return each->find(id) == nullptr; });
    });
    return ids;
}

/// The order of mine; what it does not have stays behind the rule it stands behind in `document`.
Ids wantedOrder(const RuleDocument &document, const RuleDocument &mine)
{
    Ids order = orderOf(mine, {&document});
    auto at = order.begin();
    for (const Rule &rule : document.rules()) {
        const auto known = std::find(order.begin(), order.end(), rule.id);
        at = std::next(known != order.end() ? known : order.insert(at, rule.id));
    }
    return order;
}

/// The most of `order` that stands in this order in `document` already: a longest increasing subsequence of places.
std::set<std::string> unmoved(const RuleDocument &document, const Ids &order)
{
    std::map<std::string, size_t> places;
    for (const Rule &rule : document.rules())
        places.emplace(rule.id, places.size());
    std::vector<size_t> place;
    for (const std::string &id : order)
        place.push_back(places[id]);
    std::vector<size_t> length(order.size(), 1);
    std::vector<size_t> before(order.size(), order.size());
    size_t last = order.size();
    for (size_t i = 0; i < order.size(); ++i) {
        for (size_t j = 0; j < i; ++j)
            if (place[j] < place[i] && length[j] + 1 > length[i]) {
                length[i] = length[j] + 1;
                before[i] = j;
            }
        if (last == order.size() || length[i] > length[last])
            last = i;
    }
    std::set<std::string> out;
    for (; last < order.size(); last = before[last])
        out.insert(order[last]);
    return out;
}

base::Result<RuleDocument> inOrder(RuleDocument document, const Ids &order)
{
    const auto stays = unmoved(document, order);
    for (size_t i = 0; i < order.size(); ++i) {
        if (stays.count(order[i]) > 0)
            continue;
        const RulePlace place = i == 0 ? RulePlace{document.rules().front().id, RulePlace::Side::Before}
                                       : RulePlace{order[i - 1], RulePlace::Side::After};
        MULLIGAN_TRY(document, document.moved(order[i], place));
    }
    return document;
}

} // namespace

base::Result<RuleMerge> mergeRules(const RuleDocument &base, const RuleDocument &mine, const RuleDocument &theirs,
                                   MergeWinner winner, const std::set<std::string> &touched)
{
    Changes changes = changesOf(base, mine, theirs, touched);
    std::set<std::string> fromMine = changes.mine;
    if (winner == MergeWinner::Mine)
        fromMine.insert(changes.both.begin(), changes.both.end());
    RuleMerge out{theirs, std::move(changes.both), std::move(changes.theirs), std::move(changes.fates), false};
    // In the order of mine, so that a rule that is new finds the new one it stands behind.
    for (const std::string &id : allIds(base, theirs, mine))
        if (fromMine.count(id) > 0) {
            MULLIGAN_TRY(out.merged, withMine(out.merged, mine, id));
        }
    const std::vector<const RuleDocument *> all{&base, &mine, &theirs};
    const Ids order = orderOf(mine, all);
    const bool here = order != orderOf(base, all);
    const bool there = orderOf(theirs, all) != orderOf(base, all);
    out.order = here && there && order != orderOf(theirs, all);
    if (here && (!there || winner == MergeWinner::Mine)) {
        MULLIGAN_TRY(out.merged, inOrder(out.merged, wantedOrder(out.merged, mine)));
    }
    return out;
}

} // namespace mulligan::classify
