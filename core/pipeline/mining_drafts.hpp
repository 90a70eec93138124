#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "classify/mining_rule.hpp"
#include "pipeline/mine_causes.hpp"

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace mulligan::pipeline
{

/// A cluster a rule is to be drafted for.
struct DraftWish {
    std::size_t cluster = 0;             ///< index
    std::vector<std::int64_t> causes;    ///< ids of its root causes, the most frequent first
    std::vector<std::string> nearMisses; ///< root causes of similar clusters
};

/// A draft and how it did on the whole workspace.
struct TriedDraft {
    classify::DraftForm form = classify::DraftForm::Plain;
    classify::Rule rule;
    classify::DraftChecks checks;
    bool made = false; ///< false: the lines have no words in common
};

/// Drafts a rule for each wish and tries all candidates in one pass over all root causes and one over the texts of
/// successes. A candidate that misses members is made again with these. Of a cluster's candidates the first that does
/// nothing else is taken, else the one that misses the fewest members and hits the fewest others.
[[nodiscard]] base::Result<std::vector<TriedDraft>>
tryDrafts(store::Workspace &workspace, const CauseClusters &clusters, const std::vector<DraftWish> &wishes,
          const std::string &date, const std::stop_token &stop, base::Progress &progress);

/// What a draft would change: by cause id whether it matches is found anew, then all failures are weighed.
[[nodiscard]] base::Result<classify::DraftPreview> previewDraft(store::Workspace &workspace, const classify::Rule &rule,
                                                                const std::stop_token &stop, base::Progress &progress);

} // namespace mulligan::pipeline
