#include "synth/scheduler.hpp"

#include <algorithm>
#include <cmath>

namespace mulligan::synth
{

namespace
{

constexpr double kLargestContainer = 96.0 * 1024.0;

double ceilingOf(const Kind &kind, const Resources &resources)
{
    if (kind.id == "executor_heap")
        return std::min(65536.0, kLargestContainer - resources.executorOverhead);
    if (kind.id == "driver_heap" || kind.id == "broadcast")
        return 32768.0;
    if (kind.id == "result_size")
        return 16384.0;
    if (kind.id == "kryo")
        return 2047.0;
    return std::min(32768.0, kLargestContainer - resources.executorMemory);
}

} // namespace

double backoffSeconds(model::Domain domain, int retriesUsed)
{
    const double cap = domain == model::Domain::User ? 600.0 : 3600.0;
    return std::min(std::ldexp(60.0, std::min(retriesUsed, 20)), cap);
}

Resources multiplied(const Resources &resources, const Kind &kind, double factor)
{
    Resources changed = resources;
    double &setting = settingOf(changed, kind);
    const double step = kind.id == "kryo" ? 8.0 : 64.0;
    const double wanted = std::ceil(setting * factor / step) * step;
    setting = std::max(setting, std::min(wanted, ceilingOf(kind, resources)));
    return changed;
}

Choice choose(const Kind &kind, const Resources &resources, int retriesUsed, double explore, Draw &draw)
{
    if (retriesUsed >= kRetryLimit[static_cast<std::size_t>(kind.domain)])
        return {"stop", 1.0, resources, false};
    if (explore <= 0.0)
        return {"retry", 1.0, resources, false};
    static constexpr std::array kFactors{1.5, 2.0, 3.0};
    const bool drawn = draw.chance(explore);
    const double factor = kFactors[draw.below(kFactors.size())];
    const Resources next = drawn ? multiplied(resources, kind, factor) : resources;
    // Near the ceiling several factors lead to the same configuration, the unchanged one even.
    double probability = next == resources ? 1.0 - explore : 0.0;
    for (const double other : kFactors)
        probability += multiplied(resources, kind, other) == next ? explore / kFactors.size() : 0.0;
    const bool changed = !(next == resources);
    return {changed ? "retry_with_config" : "retry", probability, next, changed};
}

std::vector<Resources> truthGrid(const Kind &kind, const Resources &resources)
{
    std::vector<Resources> grid{resources};
    std::vector<double> factors;
    if (kind.origin == Origin::Memory)
        factors = {1.25, 1.5, 2.0, 3.0, 4.0};
    else if (kind.id == "brine_packer")
        factors = {1.5, 2.0, 3.0};
    for (const double factor : factors)
        if (Resources next = multiplied(resources, kind, factor); !(next == grid.back()))
            grid.push_back(next);
    return grid;
}

base::Instant takenUp(base::Instant failed, Draw &draw)
{
    const double waits = std::floor(std::clamp(draw.logNormal(2400, 0.8), 180.0, 6 * 3600.0));
    if (draw.chance(0.12)) // somebody on call
        return failed.plusSeconds(waits);
    base::Instant at = failed;
    for (base::CivilTime t = base::toCivil(at); t.weekday == 0 || t.weekday == 6 || t.hour < 8 || t.hour >= 18;
         t = base::toCivil(at)) {
        const base::Instant midnight = base::fromCivil(t.year, t.month, t.day);
        at = t.hour < 8 && t.weekday != 0 && t.weekday != 6 ? midnight.plusSeconds(8 * 3600.0)
                                                            : midnight.plusSeconds(86400.0);
    }
    return at.plusSeconds(waits);
}

} // namespace mulligan::synth
