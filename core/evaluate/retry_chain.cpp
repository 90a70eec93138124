#include "evaluate/retry_chain.hpp"

#include <algorithm>

namespace mulligan::evaluate
{

namespace
{

struct Step {
    double success = 0.0;
    double costFail = 0.0;
    double costSuccess = 0.0;
    bool known = true;
    bool supported = true;
};

ChainFigures follow(std::span<const Step> steps, const RetryChain &chain, const EpisodeWorld &world)
{
    ChainFigures out;
    double weight = 1.0;
    double spent = 0.0; ///< on this path, all of it having failed
    for (std::size_t i = 0; i < steps.size() && weight > 0.0; ++i) {
        const Step &step = steps[i];
        if (!step.known) {
            out.known = false;
            return out;
        }
        const double wins = weight * step.success;
        out.retries += weight;
        out.unsupported += step.supported ? 0.0 : weight;
        out.remediated += wins;
        out.fixedFirst += i == 0 ? wins : 0.0;
        out.fixedInTwo += i < 2 ? wins : 0.0;
        out.dearer += wins * (step.costSuccess - world.completing);
        if (wins > 0.0 && world.cheapest && *world.cheapest > 0.0)
            out.regrets.push_back({(spent + step.costSuccess) / *world.cheapest - 1.0, wins});
        weight *= 1.0 - step.success;
        out.failed += weight * step.costFail;
        out.gross += wins * step.costSuccess + weight * step.costFail;
        spent += step.costFail;
    }
    out.person = weight;
    out.labour = weight * world.labour;
    const double again = std::max(chain.againAtEnd.value_or(0.0), world.recoveredByItself ? 1.0 : 0.0);
    out.wronglyStopped = weight * again;
    return out;
}

} // namespace

ChainFigures realised(const RetryChain &chain, const EpisodeWorld &world)
{
    std::vector<Step> steps;
    for (const RetryStep &retry : chain.retries)
        steps.push_back({retry.truth.success, retry.truth.costFail, retry.truth.costSuccess,
                         retry.truth.basis != Basis::Unknown, retry.supported});
    return follow(steps, chain, world);
}

ChainFigures predicted(const RetryChain &chain, const EpisodeWorld &world)
{
    std::vector<Step> steps;
    for (const RetryStep &retry : chain.retries) {
        const model::Estimate estimate = retry.predicted.value_or(model::Estimate());
        steps.push_back(
            {estimate.success, estimate.costFail, estimate.costSuccess, retry.predicted.has_value(), retry.supported});
    }
    return follow(steps, chain, world);
}

} // namespace mulligan::evaluate
