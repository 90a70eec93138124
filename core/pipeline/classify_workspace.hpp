#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "classify/classifier.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <map>
#include <stop_token>
#include <string>

namespace mulligan::pipeline
{

struct ClassifyReport {
    std::uint64_t failures = 0;
    std::uint64_t classified = 0;
    std::uint64_t unclassified = 0;
    std::uint64_t undetermined = 0; ///< texts on which some rule's step budget ran out
    std::map<std::string, std::uint64_t> byClass;
    std::map<std::string, std::uint64_t> byRule;          ///< wins on failures
    std::map<std::string, std::uint64_t> hitsOnSuccesses; ///< successful attempts matched, all that are stored
    double seconds = 0.0;
};

/// Brings the verdicts of all failed and killed attempts to this pack, in one transaction. Where the pack that the
/// stored ones came from is known, only what the change of rules can change is looked at (`updateVerdicts`); verdicts,
/// matches and counts are those of classifyWhole all the same, but for texts on which a step budget runs out. Rules are
/// tried on the texts of successful attempts as well, where they must not fire. Errors: Cancelled (the verdicts of
/// before are kept), Conflict while another process writes, Io, Corrupt.
[[nodiscard]] base::Result<ClassifyReport> classifyWorkspace(store::Workspace &workspace,
                                                             const classify::Classifier &classifier,
                                                             std::stop_token stop, base::Progress &progress);

/// Likewise, but forgets every stored verdict and matches each distinct text anew.
[[nodiscard]] base::Result<ClassifyReport> classifyWhole(store::Workspace &workspace,
                                                         const classify::Classifier &classifier, std::stop_token stop,
                                                         base::Progress &progress);

/// Classifies only the failures that have no verdict; where those that are there came from another pack, all of them,
/// as classifyWorkspace does. The report counts what was classified now.
[[nodiscard]] base::Result<ClassifyReport> classifyNew(store::Workspace &workspace,
                                                       const classify::Classifier &classifier, std::stop_token stop,
                                                       base::Progress &progress);

/// Fails when failures of the workspace have no verdict yet: models and replays would take them all for unclassified,
/// and every figure would be wrong. Errors: InsufficientData, with how many.
[[nodiscard]] base::Result<void> requireClassified(store::Workspace &workspace);

} // namespace mulligan::pipeline
