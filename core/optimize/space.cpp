#include "optimize/space.hpp"

#include "base/jvm_options.hpp"
#include "base/rng.hpp"
#include "base/units.hpp"
#include "model/candidate.hpp"
#include "model/verdict.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <set>

namespace mulligan::optimize
{

namespace
{

std::optional<double> logged(const Parameter &parameter, const model::Config &config)
{
    const auto it = config.find(parameter.name);
    if (it == config.end())
        return std::nullopt;
    std::string text = it->second;
    if (!parameter.flag.empty()) {
        const auto set = base::jvmOption(it->second, parameter.flag);
        if (!set)
            return std::nullopt;
        text = *set;
    }
    if (parameter.unit == ParameterUnit::Bytes) {
        const auto bytes = base::parseBytes(text, parameter.bareUnit);
        return bytes.has_value() ? std::optional(*bytes) : std::nullopt;
    }
    char *end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    return end != text.c_str() && *end == '\0' ? std::optional(value) : std::nullopt;
}

const Parameter *findParameter(const ParameterSpace &space, std::string_view name)
{
    const auto it = std::find_if(space.parameters.begin(), space.parameters.end(),
                                 [&](const Parameter &p) { return p.name == name; });
    return it == space.parameters.end() ? nullptr : &*it;
}

/// The value in force: set, else what the platform takes when it is not set.
double inForce(const ParameterSpace &space, const Parameter &parameter, const model::Config &config)
{
    if (const auto set = logged(parameter, config))
        return *set;
    const Parameter *of = parameter.initialOf.empty() ? nullptr : findParameter(space, parameter.initialOf);
    // A share of another property that is itself a share would not end; space files cannot nest them (parseSpace).
    const double share =
        of != nullptr && of != &parameter ? parameter.initialShareOf * logged(*of, config).value_or(of->initial) : 0.0;
    return std::max(parameter.initial, share);
}

std::string shown(const Parameter &parameter, double value)
{
    if (parameter.unit == ParameterUnit::Bytes)
        return base::sparkBytes(value);
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.0f", value);
    return buffer;
}

/// Values one property may take instead of `old`, ascending and without repeats; whole MiB, whole counts. What is off
/// (0: no off-heap memory, no limit) is not what ran out, and is not turned on.
std::vector<double> choices(const Parameter &parameter, double old, const model::Metrics &metrics,
                            std::string_view cluster)
{
    if (old <= 0.0)
        return {};
    double upper = parameter.upper;
    if (const auto ceiling = parameter.ceilings.find(std::string(cluster)); ceiling != parameter.ceilings.end())
        upper = std::min(upper, ceiling->second);
    const double grain = parameter.unit == ParameterUnit::Bytes ? base::kMiB : 1.0;
    const auto peak = parameter.peakMetric.empty() ? metrics.end() : metrics.find(parameter.peakMetric);
    std::set<double> values;
    const auto offer = [&](double raw) {
        const double value = std::round(raw / grain) * grain;
        const bool below = peak != metrics.end() && value < old && value < peak->second;
        if (value >= parameter.lower && value <= upper && value != old && !below)
            values.insert(value);
    };
    for (const double multiplier : parameter.multipliers)
        offer(old * multiplier);
    for (const double step : parameter.steps)
        offer(step);
    return {values.begin(), values.end()};
}

struct Axis {
    const Parameter *parameter = nullptr;
    double old = 0.0;
    std::vector<double> values; ///< [0] is the old value
};

bool withinConstraints(const ParameterSpace &space, const model::Config &config, std::string_view cluster)
{
    return std::all_of(space.constraints.begin(), space.constraints.end(), [&](const SumConstraint &constraint) {
        double sum = 0.0;
        for (const std::string &property : constraint.properties)
            if (const Parameter *parameter = findParameter(space, property))
                sum += inForce(space, *parameter, config);
        const auto own = constraint.byCluster.find(std::string(cluster));
        return sum <= (own == constraint.byCluster.end() ? constraint.atMost : own->second);
    });
}

/// The property's new value: `text`, or the options it stands in with nothing else of them changed.
std::string patched(const Parameter &parameter, const model::Config &base, std::string text)
{
    if (parameter.flag.empty())
        return text;
    const auto options = base.find(parameter.name);
    return base::withJvmOption(options == base.end() ? std::string_view() : std::string_view(options->second),
                               parameter.flag, text);
}

ScoreableConfig combine(const std::vector<Axis> &axes, const model::Config &old, std::uint64_t combination)
{
    ScoreableConfig config;
    for (const Axis &axis : axes) {
        const double value = axis.values[combination % axis.values.size()];
        combination /= axis.values.size();
        if (value == axis.old)
            continue;
        const std::string text = shown(*axis.parameter, value);
        const auto earlier = config.patch.find(axis.parameter->name); // of another flag of the same options
        config.patch[axis.parameter->name] =
            patched(*axis.parameter, earlier == config.patch.end() ? old : config.patch, text);
        config.label += (config.label.empty() ? "" : ", ")
                        + (axis.parameter->flag.empty() ? axis.parameter->name : axis.parameter->flag) + " "
                        + shown(*axis.parameter, axis.old) + " → " + text;
        if (axis.parameter->memory && axis.old > 0.0)
            config.memoryRatio =
                config.memoryRatio == 1.0 ? value / axis.old : std::max(config.memoryRatio, value / axis.old);
    }
    return config;
}

std::set<std::uint64_t> draw(const ParameterSpace &space, double combinations, std::uint64_t seed)
{
    base::Rng rng(seed, "parameter space");
    const double bound = std::min(combinations, 9.0e18);
    std::set<std::uint64_t> drawn;
    while (drawn.size() < space.searchBudget)
        drawn.insert(1 + rng.below(static_cast<std::uint64_t>(bound) - 1));
    return drawn;
}

std::uint64_t seedOf(const ParameterSpace &space, const model::Config &old, std::string_view errorClass)
{
    std::uint64_t seed = base::stableHash(errorClass, space.seed);
    for (const auto &[key, value] : old)
        seed = base::stableHash(value, base::stableHash(key, seed));
    return seed;
}

} // namespace

std::vector<ScoreableConfig> enumerate(const ParameterSpace &space, const model::Config &old,
                                       std::string_view errorClass, const model::Metrics &metrics,
                                       std::string_view cluster)
{
    std::vector<ScoreableConfig> out{{{}, "unchanged", 1.0}};
    std::vector<Axis> axes;
    double combinations = 1.0;
    for (const Parameter &parameter : space.parameters) {
        const bool helps = std::any_of(parameter.classes.begin(), parameter.classes.end(),
                                       [&](const std::string &s) { return model::classCovered(s, errorClass); });
        if (!helps)
            continue;
        const double value = inForce(space, parameter, old);
        Axis axis{&parameter, value, choices(parameter, value, metrics, cluster)};
        if (axis.values.empty())
            continue;
        axis.values.insert(axis.values.begin(), value);
        combinations *= static_cast<double>(axis.values.size());
        axes.push_back(std::move(axis));
    }
    const auto add = [&](std::uint64_t combination) {
        ScoreableConfig config = combine(axes, old, combination);
        if (!config.patch.empty() && withinConstraints(space, model::applied(old, config.patch), cluster))
            out.push_back(std::move(config));
    };
    if (combinations <= static_cast<double>(std::max<std::uint64_t>(space.exactUpTo, space.searchBudget + 1))) {
        for (std::uint64_t i = 1; i < static_cast<std::uint64_t>(combinations); ++i)
            add(i);
    } else {
        for (const std::uint64_t i : draw(space, combinations, seedOf(space, old, errorClass)))
            add(i);
    }
    return out;
}

} // namespace mulligan::optimize
