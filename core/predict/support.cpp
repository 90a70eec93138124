#include "predict/support.hpp"

#include "predict/class_memory.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace mulligan::predict
{

namespace
{

/// Edges of the bands of new ÷ old; the fourth band holds "unchanged".
constexpr std::array kRatioEdges{0.60, 0.80, 0.95, 1.05, 1.35, 1.75, 2.50, 3.50};
/// Edges of the bands of new ÷ peak; the band past the last is "peak unknown".
constexpr std::array kPeakEdges{0.80, 1.00, 1.25, 2.00, 4.00};
constexpr std::uint32_t kPeakUnknown = kPeakEdges.size() + 1;

template <size_t N> std::uint32_t band(const std::array<double, N> &edges, double value)
{
    return static_cast<std::uint32_t>(std::upper_bound(edges.begin(), edges.end(), value) - edges.begin());
}

} // namespace

std::uint32_t Support::cellOf(const RetryContext &context, const Resources &before, const Resources &after)
{
    std::uint32_t cell = band(kRatioEdges, memoryRatio(before, after));
    // Memory beside the peak says nothing of failures that have nothing to do with memory.
    std::uint32_t peak = 0;
    if (model::groupOf(context.errorClass) == model::kMemoryGroup) {
        const double need = observedNeed(context);
        peak = need > 0.0 ? band(kPeakEdges, classMemory(context.errorClass, after) / need) : kPeakUnknown;
    }
    cell = cell * 16 + peak;
    std::uint32_t others = 0;
    for (size_t k = kMemoryKnobCount; k < kKnobCount; ++k)
        others |= before.values[k] != after.values[k] ? 1U << (k - kMemoryKnobCount) : 0U;
    return cell * 16 + others;
}

void Support::add(const std::string &errorClass, std::uint32_t cell, std::uint32_t job)
{
    Cell &at = m_classes[errorClass][cell];
    ++at.rows;
    if (at.seen.insert(job).second)
        ++at.jobs;
}

bool Support::supported(const RetryContext &context, const Resources &before, const Resources &after) const
{
    const auto cells = m_classes.find(context.errorClass);
    if (cells == m_classes.end())
        return false;
    const auto cell = cells->second.find(cellOf(context, before, after));
    return cell != cells->second.end() && cell->second.rows >= kLeastRows && cell->second.jobs >= kLeastJobs;
}

formats::Json Support::toJson() const
{
    formats::Json json = formats::Json::object();
    for (const auto &[name, cells] : m_classes) {
        formats::Json table = formats::Json::object();
        for (const auto &[cell, count] : cells)
            table.set(std::to_string(cell), formats::Json::Array{count.rows, count.jobs});
        json.set(name, std::move(table));
    }
    return json;
}

base::Result<Support> Support::fromJson(const formats::Json &json)
{
    Support out;
    for (const auto &[name, cells] : json.members())
        for (const auto &[cell, count] : cells.members()) {
            if (count.size() != 2 || count.items()[0].integer(-1) < 0 || count.items()[1].integer(-1) < 0)
                return base::makeError(base::ErrorCode::Parse,
                                       "The support of '" + name + "' must hold pairs of rows and jobs");
            Cell &at = out.m_classes[name][static_cast<std::uint32_t>(std::strtoul(cell.c_str(), nullptr, 10))];
            at.rows = static_cast<std::uint64_t>(count.items()[0].integer());
            at.jobs = static_cast<std::uint64_t>(count.items()[1].integer());
        }
    return out;
}

} // namespace mulligan::predict
