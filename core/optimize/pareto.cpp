#include "optimize/pareto.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace mulligan::optimize
{

std::vector<size_t> paretoFront(std::span<const model::Candidate> candidates)
{
    const auto cost = [&](size_t i) {
        const model::Estimate &e = candidates[i].scorer;
        return (1.0 - e.success) * e.costFail + e.success * e.costSuccess;
    };
    std::vector<size_t> order(candidates.size());
    std::iota(order.begin(), order.end(), size_t(0));
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
        const double costA = cost(a);
        const double costB = cost(b);
        return costA != costB ? costA < costB : candidates[a].scorer.success > candidates[b].scorer.success;
    });
    std::vector<size_t> front;
    double best = -std::numeric_limits<double>::infinity();
    for (const size_t i : order) {
        if (candidates[i].scorer.success > best) {
            best = candidates[i].scorer.success;
            front.push_back(i);
        }
    }
    return front;
}

std::string_view name(Baseline baseline)
{
    switch (baseline) {
    case Baseline::Keep: return "keep";
    case Baseline::OneAndAHalf: return "x1.5";
    case Baseline::Double: return "x2";
    case Baseline::Ladder: return "ladder";
    case Baseline::Ceiling: return "ceiling";
    }
    return {};
}

size_t pickBaseline(Baseline baseline, std::span<const model::Candidate> candidates, int step)
{
    if (baseline == Baseline::Keep)
        return 0;
    // The ladder climbs x2, x3, x4 of the first configuration; candidates are relative to the last one.
    const double climbs[] = {2.0, 3.0 / 2.0, 4.0 / 3.0};
    double target = 2.0;
    if (baseline == Baseline::OneAndAHalf)
        target = 1.5;
    else if (baseline == Baseline::Ladder && step >= 0)
        target = step < 3 ? climbs[step] : 1.0;
    else if (baseline == Baseline::Ceiling)
        target = std::numeric_limits<double>::max();
    size_t found = 0;
    for (size_t i = 0; i < candidates.size(); ++i) {
        if (candidates[i].memoryRatio <= 1.0 || target <= 1.0)
            continue;
        const auto distance = [&](size_t k) { return std::abs(std::log(candidates[k].memoryRatio / target)); };
        if (found == 0 || distance(i) < distance(found))
            found = i;
    }
    return found;
}

} // namespace mulligan::optimize
