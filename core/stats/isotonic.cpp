#include "stats/isotonic.hpp"

#include <algorithm>
#include <numeric>

namespace mulligan::stats
{

namespace
{

/// `from` and `to` joined, weighted by their counts.
Block joined(const Block &a, const Block &b)
{
    const double count = a.count + b.count;
    return {a.from, b.to, (a.mean * a.count + b.mean * b.count) / count,
            (a.value * a.count + b.value * b.count) / count, count};
}

std::vector<Block> distinct(std::span<const double> scores, std::span<const std::uint8_t> outcomes)
{
    std::vector<size_t> order(scores.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return scores[a] < scores[b]; });
    std::vector<Block> points;
    for (const size_t i : order) {
        const Block one{scores[i], scores[i], scores[i], outcomes[i] != 0 ? 1.0 : 0.0, 1.0};
        if (!points.empty() && points.back().to == scores[i])
            points.back() = joined(points.back(), one);
        else
            points.push_back(one);
    }
    // A mean of equal numbers may differ from them in the last bit.
    for (Block &point : points)
        point.mean = point.from;
    return points;
}

void pooledToLeast(std::vector<Block> &blocks, double least)
{
    std::vector<Block> kept;
    for (const Block &block : blocks) {
        if (!kept.empty() && kept.back().count < least)
            kept.back() = joined(kept.back(), block);
        else
            kept.push_back(block);
    }
    if (kept.size() > 1 && kept.back().count < least) {
        const Block last = kept.back();
        kept.pop_back();
        kept.back() = joined(kept.back(), last);
    }
    blocks = std::move(kept);
}

} // namespace

std::vector<Block> poolAdjacentViolators(std::span<const double> scores, std::span<const std::uint8_t> outcomes)
{
    std::vector<Block> blocks;
    for (const Block &point : distinct(scores, outcomes)) {
        blocks.push_back(point);
        while (blocks.size() > 1 && blocks[blocks.size() - 2].value >= blocks.back().value) {
            const Block last = blocks.back();
            blocks.pop_back();
            blocks.back() = joined(blocks.back(), last);
        }
    }
    return blocks;
}

Isotonic Isotonic::fit(std::span<const double> scores, std::span<const std::uint8_t> outcomes, std::size_t leastBlock)
{
    std::vector<Block> blocks = poolAdjacentViolators(scores, outcomes);
    pooledToLeast(blocks, static_cast<double>(leastBlock));
    Isotonic out;
    for (const Block &block : blocks) {
        const double margin = 1.0 / (block.count + 2.0);
        const double value = std::clamp(block.value, margin, 1.0 - margin);
        out.m_x.push_back(block.mean);
        // The clip of a small block may pass its larger neighbour's.
        out.m_y.push_back(out.m_y.empty() ? value : std::max(value, out.m_y.back()));
    }
    return out;
}

Isotonic Isotonic::fromKnots(std::vector<double> x, std::vector<double> y)
{
    Isotonic out;
    out.m_x = std::move(x);
    out.m_y = std::move(y);
    return out;
}

double Isotonic::operator()(double score) const
{
    if (m_x.empty())
        return score;
    const auto above = std::upper_bound(m_x.begin(), m_x.end(), score);
    if (above == m_x.begin())
        return m_y.front();
    if (above == m_x.end())
        return m_y.back();
    const auto i = static_cast<size_t>(above - m_x.begin());
    const double share = (score - m_x[i - 1]) / (m_x[i] - m_x[i - 1]);
    return m_y[i - 1] + share * (m_y[i] - m_y[i - 1]);
}

} // namespace mulligan::stats
