#pragma once

#include "base/progress.hpp"
#include "evaluate/retry_chain.hpp"
#include "evaluate/truth_table.hpp"
#include "model/history.hpp"
#include "optimize/space.hpp"
#include "pipeline/truth_folds.hpp"
#include "pipeline/worker_pool.hpp"
#include "policy/economics.hpp"
#include "policy/policy.hpp"
#include "predict/context.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string_view>
#include <vector>

namespace mulligan::pipeline
{

/// Who decides. All but History walk the same episodes under the same retry limits; History is what was logged.
enum class Decides {
    Policy,  ///< policy::decide on candidates scored by the fold's model
    Keep,    ///< the same configuration until the limit
    Double,  ///< the candidate nearest to twice the memory, again and again
    Ladder,  ///< ×2, ×3, ×4 of the first configuration
    Ceiling, ///< the most memory the space has for the class
    Oracle,  ///< the configuration that the truth says is the cheapest way to success; else waits for an
             ///< outage's end where that costs less than a person, else stops
    History
};
inline constexpr std::size_t kDecidesCount = 7;
[[nodiscard]] std::string_view name(Decides decides);

/// One held-out episode under every policy.
struct WalkedEpisode {
    std::uint32_t episode = 0; ///< index into History::episodes
    bool memoryConfig = false;
    bool fixable = false;  ///< some configuration in the space, the unchanged one included, succeeds
    bool doubtful = false; ///< none is known to, and the truth does not say of all
    evaluate::EpisodeWorld world;
    std::array<evaluate::ChainFigures, kDecidesCount> realised;
    evaluate::ChainFigures predicted; ///< of the policy
    std::uint32_t policyRetries = 0;  ///< steps of the policy's chain that may be reached
    std::uint32_t byDominance = 0;    ///< of them answered by dominance
};

struct WalkInputs {
    std::shared_ptr<const model::History> history;
    std::shared_ptr<const predict::PastIndex> past;
    const evaluate::TruthTable &truth;
    const policy::Policy &policy;
    const policy::Economics &economics;
    const optimize::ParameterSpace &space;
    std::shared_ptr<WorkerPool> workers;
};

struct Walks {
    std::vector<WalkedEpisode> episodes; ///< in the order of History::episodes
    std::uint64_t withoutTruth = 0;
};

/// Walks every episode that the truth knows anything of, censored or not, from its first failure: the truth tells what
/// the log does not. A decision may draw on the held-out job's own earlier attempts, which are known at its time; the
/// model it is scored by has seen nothing of the job. After a failed retry the next decision has the same class and
/// metrics, one attempt more and one configuration more tried. A configuration's chance is the share of its repeats
/// that succeeded, for each retry anew. Errors: Cancelled, Internal.
[[nodiscard]] base::Result<Walks> walkWithTruth(const WalkInputs &inputs, const Folds &folds,
                                                const std::vector<FoldModel> &models, bool policyOnly,
                                                std::stop_token stop, base::Progress &progress);

} // namespace mulligan::pipeline
