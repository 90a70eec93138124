#pragma once

#include "base/result.hpp"
#include "classify/classifier.hpp"
#include "classify/rule.hpp"
#include "store/workspace.hpp"

#include <memory>
#include <string>
#include <vector>

namespace mulligan::pipeline
{

/// The active rules that the workspace's verdicts came from, by id, as they were then; none where that is not known
/// (nothing is classified yet). Errors: Io, Corrupt, and those of classify::packFromText.
[[nodiscard]] base::Result<classify::RulePack> storedPack(store::Workspace &workspace);

/// How a pack differs from the one the verdicts came from, as far as verdicts can tell. Ids of active rules, sorted.
struct PackDifference {
    bool known = true;                ///< whether it is known which pack the verdicts came from
    std::vector<std::string> added;   ///< in the pack only
    std::vector<std::string> changed; ///< in both, and matching or meaning otherwise
    std::vector<std::string> removed; ///< in the verdicts' pack only

    bool operator==(const PackDifference &) const = default;
    [[nodiscard]] bool none() const { return added.empty() && changed.empty() && removed.empty(); }
};

/// The rules that figures of stored verdicts are figures of.
struct ClassifiedPack {
    classify::RulePack pack;
    PackDifference difference;
};

/// The pack of the verdicts beside a pack that is at hand: rules of the latter that match and mean the same are taken
/// as they are there (with their file, line and dates), all others as they were when the verdicts were made. Drafts and
/// retired rules decide nothing and are the given pack's. Where the verdicts' pack is not known, it is the given one.
[[nodiscard]] base::Result<ClassifiedPack> classifiedPack(store::Workspace &workspace, const classify::RulePack &given);

/// Whether the workspace's verdicts are this pack's, of every failure. Errors: Io.
[[nodiscard]] base::Result<bool> classifiedBy(store::Workspace &workspace, const classify::RulePack &pack);

/// Rules that are compiled, beside those the verdicts came from.
struct PackInForce {
    std::shared_ptr<const classify::Classifier> rules; ///< those the verdicts came from; the ones at hand if not known
    PackDifference difference;                         ///< of the rules at hand
};

/// classifiedPack, compiled; the rules at hand themselves where they are the same. Errors: those of classifiedPack and
/// classify::Classifier::make.
[[nodiscard]] base::Result<PackInForce> packInForce(store::Workspace &workspace,
                                                    const std::shared_ptr<const classify::Classifier> &atHand);

/// How the pack differs, "2 rules new (own.a, own.b), 1 rule gone (own.c)"; "" where it does not.
[[nodiscard]] std::string differenceText(const PackDifference &difference);

} // namespace mulligan::pipeline
