#pragma once

#include "evaluate/truth_table.hpp"
#include "model/candidate.hpp"

#include <optional>
#include <span>
#include <vector>

namespace mulligan::evaluate
{

/// One retry a policy asks for, after all retries before it have failed.
struct RetryStep {
    Answer truth;
    std::optional<model::Estimate> predicted; ///< absent where nobody predicts (baselines)
    bool supported = true;                    ///< history holds enough retries like it
};

/// What a policy does in one episode until it hands over to a person. Retries have two outcomes and success ends the
/// chain, so the tree of what may happen is one line: the failure branch.
struct RetryChain {
    std::vector<RetryStep> retries;
    /// P that the last configuration, unchanged, would succeed if it were asked once more after the chain's end; absent
    /// where the truth does not say.
    std::optional<double> againAtEnd;
};

/// What does not depend on the policy.
struct EpisodeWorld {
    double completing = 0.0;        ///< B: dollars of the completing run, paid in every world
    double labour = 0.0;            ///< dollars of one intervention here
    std::optional<double> cheapest; ///< dollars to the cheapest success in the space; absent: nothing succeeds
    bool recoveredByItself = false; ///< an automatic retry of history's succeeded
};

/// A success at one step of the chain: what it cost beyond the cheapest success, and how likely it is.
struct Regret {
    double share = 0.0;  ///< (failed retries before it + C_s) ÷ cheapest − 1
    double weight = 0.0; ///< probability

    bool operator==(const Regret &) const = default;
};

/// Expected figures of one chain.
struct ChainFigures {
    bool known = true;           ///< false: a retry that may be made has no truth; the rest then means nothing
    double remediated = 0.0;     ///< P(an automatic retry succeeds)
    double fixedFirst = 0.0;     ///< P(the first does)
    double fixedInTwo = 0.0;     ///< P(the first or the second does)
    double failed = 0.0;         ///< F: dollars of failing retries
    double dearer = 0.0;         ///< X: Σ P(success)·(C_s − B), dollars
    double gross = 0.0;          ///< every retry, failing or completing, dollars
    double person = 0.0;         ///< P(a person has to act)
    double labour = 0.0;         ///< L: dollars
    double wronglyStopped = 0.0; ///< P(handed over although unchanged it would have succeeded, or history did)
    double retries = 0.0;        ///< expected number
    double unsupported = 0.0;    ///< of them without support
    std::vector<Regret> regrets;

    [[nodiscard]] double retryCost() const { return failed + dearer; }
    [[nodiscard]] double total() const { return failed + dearer + labour; }
};

/// The chain with the truth's chances and costs: exact, both branches of every retry weighted by their probability.
[[nodiscard]] ChainFigures realised(const RetryChain &chain, const EpisodeWorld &world);
/// The same walk with the scorer's p, C_f and C_s in place of the truth's.
[[nodiscard]] ChainFigures predicted(const RetryChain &chain, const EpisodeWorld &world);

} // namespace mulligan::evaluate
