#include "stats/ranking.hpp"

#include <algorithm>
#include <numeric>

namespace mulligan::stats
{

namespace
{

/// Counts down a list sorted by descending score, one entry a distinct score.
struct Step {
    double truePositives = 0.0;
    double falsePositives = 0.0;
};

std::vector<Step> descend(std::span<const double> scores, std::span<const std::uint8_t> outcomes)
{
    std::vector<size_t> order(scores.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return scores[a] > scores[b]; });
    std::vector<Step> steps;
    Step at;
    for (size_t i = 0; i < order.size(); ++i) {
        (outcomes[order[i]] != 0 ? at.truePositives : at.falsePositives) += 1.0;
        if (i + 1 == order.size() || scores[order[i + 1]] != scores[order[i]])
            steps.push_back(at);
    }
    return steps;
}

/// At most `most` points, the first and the last among them.
std::vector<Point> decimated(std::vector<Point> points, size_t most)
{
    most = std::max<size_t>(most, 2);
    if (points.size() <= most)
        return points;
    std::vector<Point> kept;
    kept.reserve(most);
    for (size_t i = 0; i < most; ++i)
        kept.push_back(points[i * (points.size() - 1) / (most - 1)]);
    return kept;
}

} // namespace

std::optional<double> auc(std::span<const double> scores, std::span<const std::uint8_t> outcomes)
{
    const auto steps = descend(scores, outcomes);
    if (steps.empty() || steps.back().truePositives == 0.0 || steps.back().falsePositives == 0.0)
        return std::nullopt;
    double area = 0.0;
    Step last;
    for (const Step &step : steps) {
        area += (step.falsePositives - last.falsePositives) * (step.truePositives + last.truePositives) / 2.0;
        last = step;
    }
    return area / (last.truePositives * last.falsePositives);
}

std::optional<double> averagePrecision(std::span<const double> scores, std::span<const std::uint8_t> outcomes)
{
    const auto steps = descend(scores, outcomes);
    if (steps.empty() || steps.back().truePositives == 0.0)
        return std::nullopt;
    double sum = 0.0;
    double found = 0.0;
    for (const Step &step : steps) {
        sum += (step.truePositives - found) * step.truePositives / (step.truePositives + step.falsePositives);
        found = step.truePositives;
    }
    return sum / found;
}

std::vector<Point> rocCurve(std::span<const double> scores, std::span<const std::uint8_t> outcomes, size_t most)
{
    const auto steps = descend(scores, outcomes);
    if (steps.empty() || steps.back().truePositives == 0.0 || steps.back().falsePositives == 0.0)
        return {};
    std::vector<Point> points{{0.0, 0.0}};
    for (const Step &step : steps)
        points.push_back(
            {step.falsePositives / steps.back().falsePositives, step.truePositives / steps.back().truePositives});
    return decimated(std::move(points), most);
}

std::vector<Point> precisionRecallCurve(std::span<const double> scores, std::span<const std::uint8_t> outcomes,
                                        size_t most)
{
    const auto steps = descend(scores, outcomes);
    if (steps.empty() || steps.back().truePositives == 0.0)
        return {};
    std::vector<Point> points;
    points.reserve(steps.size());
    for (const Step &step : steps)
        points.push_back({step.truePositives / steps.back().truePositives,
                          step.truePositives / (step.truePositives + step.falsePositives)});
    return decimated(std::move(points), most);
}

} // namespace mulligan::stats
