#pragma once

#include "base/progress.hpp"
#include "base/result.hpp"
#include "classify/classifier.hpp"
#include "evaluate/truth_report.hpp"
#include "optimize/space.hpp"
#include "pipeline/truth_folds.hpp"
#include "policy/economics.hpp"
#include "policy/policy.hpp"
#include "store/workspace.hpp"

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>

namespace mulligan::pipeline
{

struct TruthRequest {
    std::string truthFile;
    policy::Policy policy;
    policy::Economics economics;
    optimize::ParameterSpace space;
    std::shared_ptr<const classify::Classifier> rules; ///< needed where the policy switches rules off
    LeaveOut leaveOut = LeaveOut::Workflow;
    std::uint32_t folds = 0; ///< at most so many; 0: 20
    std::uint64_t seed = 1;
    int threads = 2;
    bool learningCurve = false; ///< costs three more rounds of fitting
};

/// The closed loop: every workflow (job, team) is left out in turn, the policy decides on its failures with a model
/// that has learnt from the others only, and the truth says what comes of it; beside it the baselines, the oracle and
/// what history did. Needs a classified workspace. Errors: those of the truth file; InsufficientData where no episode
/// has a truth; Cancelled.
[[nodiscard]] base::Result<evaluate::TruthReport>
evaluateTruth(store::Workspace &workspace, const TruthRequest &request, std::stop_token stop, base::Progress &progress);

} // namespace mulligan::pipeline
