#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "classify/pack_update.hpp"
#include "pipeline/classify_workspace.hpp"
#include "pipeline/subject_matching.hpp"
#include "store/verdict_overview.hpp"
#include "store/verdict_store.hpp"
#include "store/workspace.hpp"

#include <memory>
#include <stop_token>

namespace mulligan::pipeline
{

/// Brings stored verdicts from the pack they came from to that of `update`, within the writer's transaction; what
/// cannot change is not looked at, and attempts keep the verdicts' row ids. Verdicts that no failure has are removed.
/// Returns the counts of all judged failures. Cost: what `overview` says once, the texts once where a rule matches
/// otherwise than before, and a write for each verdict that changes. Errors: Cancelled, Io, Corrupt.
[[nodiscard]] base::Result<ClassifyReport> updateVerdicts(store::Workspace &workspace,
                                                          const std::shared_ptr<const classify::PackUpdate> &update,
                                                          const store::VerdictOverview &overview,
                                                          SubjectMatching &matching, store::VerdictWriter &writer,
                                                          const std::stop_token &stop, base::Progress &progress);

/// Brings what rules match on successful attempts up to date, likewise, and tries all rules on those that are new.
/// `update` may be one that changes nothing.
[[nodiscard]] base::Result<void> updateSuccesses(store::Workspace &workspace, const classify::PackUpdate &update,
                                                 SubjectMatching &matching, store::VerdictWriter &writer,
                                                 const std::stop_token &stop, base::Progress &progress);

} // namespace mulligan::pipeline
