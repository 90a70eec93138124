#include "pipeline/classified_pack.hpp"

#include "classify/pack_change.hpp"
#include "classify/rule_file.hpp"
#include "store/rule_hits.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace mulligan::pipeline
{

namespace
{

base::Result<void> append(classify::RulePack &pack, const store::ClassifiedRule &stored)
{
    MULLIGAN_TRY(auto one, classify::packFromText(stored.body, stored.rule));
    for (classify::Rule &rule : one.rules) {
        rule.file.clear(); // it was read from the workspace
        rule.line = 0;
        pack.rules.push_back(std::move(rule));
    }
    return {};
}

} // namespace

base::Result<classify::RulePack> storedPack(store::Workspace &workspace)
{
    MULLIGAN_TRY(const auto rules, store::classifiedRules(workspace));
    classify::RulePack pack;
    for (const store::ClassifiedRule &rule : rules)
        MULLIGAN_CHECK(append(pack, rule));
    return pack;
}

base::Result<ClassifiedPack> classifiedPack(store::Workspace &workspace, const classify::RulePack &given)
{
    MULLIGAN_TRY(const auto stored, store::classifiedRules(workspace));
    ClassifiedPack out;
    if (stored.empty()) {
        out.pack = given;
        out.difference.known = false;
        return out;
    }
    std::map<std::string, const store::ClassifiedRule *> byId;
    for (const store::ClassifiedRule &rule : stored)
        byId.emplace(rule.rule, &rule);
    std::map<std::string, const classify::Rule *> active;
    for (const classify::Rule &rule : given.rules) {
        if (rule.status == classify::RuleStatus::Active)
            active.emplace(rule.id, &rule);
        else if (!byId.contains(rule.id))
            out.pack.rules.push_back(rule);
    }
    for (const auto &[id, rule] : active)
        if (!byId.contains(id))
            out.difference.added.push_back(id);
    for (const auto &[id, rule] : byId) {
        const auto found = active.find(id);
        if (found == active.end())
            out.difference.removed.push_back(id);
        else if (classify::keyOf(*found->second) != classify::RuleKey{id, rule->matching, rule->meaning})
            out.difference.changed.push_back(id);
        else {
            out.pack.rules.push_back(*found->second);
            continue;
        }
        MULLIGAN_CHECK(append(out.pack, *rule));
    }
    return out;
}

base::Result<bool> classifiedBy(store::Workspace &workspace, const classify::RulePack &pack)
{
    std::vector<classify::RuleKey> stored;
    MULLIGAN_TRY(const auto known, store::classifiedRules(workspace));
    for (const store::ClassifiedRule &rule : known)
        stored.push_back({rule.rule, rule.matching, rule.meaning});
    if (stored.empty() || stored != classify::keysOf(pack))
        return false;
    MULLIGAN_TRY(const auto waiting, workspace.connection().integer("SELECT count(*) FROM attempt WHERE outcome IN "
                                                                    "(1, 2) AND verdict_id IS NULL"));
    return waiting == 0;
}

base::Result<PackInForce> packInForce(store::Workspace &workspace,
                                      const std::shared_ptr<const classify::Classifier> &atHand)
{
    MULLIGAN_TRY(auto classified, classifiedPack(workspace, atHand->pack()));
    PackInForce out;
    out.difference = std::move(classified.difference);
    out.rules = atHand;
    if (!out.difference.none()) {
        MULLIGAN_TRY(out.rules, classify::Classifier::make(std::move(classified.pack)));
    }
    return out;
}

std::string differenceText(const PackDifference &difference)
{
    constexpr size_t kNamed = 3;
    std::string out;
    const auto add = [&](const std::vector<std::string> &ids, const std::string &what) {
        if (ids.empty())
            return;
        std::string names;
        for (size_t i = 0; i < std::min(kNamed, ids.size()); ++i)
            names += (i == 0 ? "" : ", ") + ids[i];
        out += (out.empty() ? "" : ", ") + std::to_string(ids.size()) + (ids.size() == 1 ? " rule " : " rules ") + what
               + " (" + names + (ids.size() > kNamed ? ", …)" : ")");
    };
    add(difference.added, "new");
    add(difference.changed, "changed");
    add(difference.removed, "gone");
    return out;
}

} // namespace mulligan::pipeline
