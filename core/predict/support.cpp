#include "predict/support.hpp"

#include "predict/class_memory.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

namespace mulligan::predict
{

namespace
{

/// Edges of the bands of new ÷ old; the fourth band holds "unchanged".
constexpr std::array kRatioEdges{0.60, 0.80, 0.95, 1.05, 1.35, 1.75, 2.50, 3.50};
/// Edges of the bands of new ÷ peak; the band past the last is "peak unknown".
constexpr std::array kPeakEdges{0.80, 1.00, 1.25, 2.00, 4.00};
constexpr std::uint32_t kUnchanged = 3;
constexpr std::uint32_t kPeakUnknown = kPeakEdges.size() + 1;
constexpr std::uint32_t kSpread = 16; ///< more than there are bands of a kind, or sets of other knobs

template <size_t N> std::uint32_t band(const std::array<double, N> &edges, double value)
{
    return static_cast<std::uint32_t>(std::upper_bound(edges.begin(), edges.end(), value) - edges.begin());
}

/// The cell and, of a raise, those of larger raises and of more above the peak; an unknown peak stays unknown.
std::vector<std::uint32_t> withLarger(std::uint32_t cell)
{
    const std::uint32_t others = cell % kSpread;
    const std::uint32_t peak = cell / kSpread % kSpread;
    const std::uint32_t ratio = cell / kSpread / kSpread;
    std::vector<std::uint32_t> out;
    const auto largestRatio = ratio > kUnchanged ? static_cast<std::uint32_t>(kRatioEdges.size()) : ratio;
    const auto largestPeak = ratio > kUnchanged ? static_cast<std::uint32_t>(kPeakEdges.size()) : peak;
    for (std::uint32_t r = ratio; r <= largestRatio; ++r)
        for (std::uint32_t p = peak; p <= std::max(peak, largestPeak); ++p)
            out.push_back((r * kSpread + p) * kSpread + others);
    return out;
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
    cell = cell * kSpread + peak;
    std::uint32_t others = 0;
    for (size_t k = kMemoryKnobCount; k < kKnobCount; ++k)
        others |= before.values[k] != after.values[k] ? 1U << (k - kMemoryKnobCount) : 0U;
    return cell * kSpread + others;
}

void Support::add(const std::string &errorClass, std::uint32_t cell, std::uint32_t job)
{
    const auto count = [job](Cell &at) {
        ++at.rows;
        if (at.seen.insert(job).second)
            ++at.jobs;
    };
    if (model::groupOf(errorClass) != model::kMemoryGroup) {
        count(m_classes[errorClass][cell]);
        return;
    }
    for (const std::uint32_t larger : withLarger(cell)) {
        count(m_classes[errorClass][larger]);
        if (errorClass != model::kMemoryGroup)
            count(m_classes[std::string(model::kMemoryGroup)][larger]);
    }
}

bool Support::enough(std::string_view name, std::uint32_t cell) const
{
    const auto cells = m_classes.find(name);
    if (cells == m_classes.end())
        return false;
    const auto at = cells->second.find(cell);
    return at != cells->second.end() && at->second.rows >= kLeastRows && at->second.jobs >= kLeastJobs;
}

bool Support::supported(const RetryContext &context, const Resources &before, const Resources &after) const
{
    const std::uint32_t cell = cellOf(context, before, after);
    return enough(context.errorClass, cell)
           || (model::groupOf(context.errorClass) == model::kMemoryGroup && enough(model::kMemoryGroup, cell));
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
