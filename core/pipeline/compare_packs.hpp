#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "classify/classifier.hpp"
#include "formats/json.hpp"
#include "pipeline/replay_session.hpp"
#include "pipeline/resources.hpp"
#include "pipeline/rule_preview.hpp"
#include "pipeline/rule_savings.hpp"
#include "store/workspace.hpp"

#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace mulligan::pipeline
{

/// Two packs on one history: what would change if the second took the first one's place.
struct PackComparison {
    PackPreview change;                                ///< from `a` to `b`, with every move
    std::map<std::string, std::uint64_t> onSuccessesA; ///< successful attempts each rule matches
    std::map<std::string, std::uint64_t> onSuccessesB;
    std::optional<RuleSavings> savings; ///< absent: they were not asked for
    std::string withoutSavings;         ///< then why
};

/// What savings are worked out with.
struct SavingsRequest {
    policy::Policy policy;
    policy::Economics economics;
    optimize::ParameterSpace space;
    simulate::ReplayOptions options;
};

/// Compares two packs on every failure of a workspace, whatever its stored verdicts are; nothing is written. With
/// `savings` history is replayed under the verdicts of both as well; the models are the stored ones for both. Where
/// none are trained, class rates stand in, each pack's of its own classes, and both reports say so (modelCaveat).
/// Errors: Cancelled, Io, Corrupt, those of a replay.
[[nodiscard]] base::Result<PackComparison> comparePacks(store::Workspace &workspace,
                                                        const std::shared_ptr<const classify::Classifier> &a,
                                                        const std::shared_ptr<const classify::Classifier> &b,
                                                        const std::optional<SavingsRequest> &savings,
                                                        const std::stop_token &stop, base::Progress &progress);

/// The comparison with the keys of `rules diff`.
[[nodiscard]] formats::Json comparisonToJson(const PackComparison &comparison);

/// A rule pack by the word a command takes: "shipped", or a rule file or folder. Errors: those of loadClassifier.
[[nodiscard]] base::Result<std::shared_ptr<const classify::Classifier>> packNamed(const Resources &shipped,
                                                                                  const std::string &word);

} // namespace mulligan::pipeline
