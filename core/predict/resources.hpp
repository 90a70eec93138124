#pragma once

#include "model/attempt.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace mulligan::predict
{

/// The properties of a configuration that a model looks at.
enum class Knob {
    ExecutorMemory,
    ExecutorOverhead,
    PysparkMemory,
    OffHeap,
    DirectMemory,
    DriverMemory,
    DriverOverhead,
    MaxResultSize,
    KryoBuffer,
    ExecutorCores,
    ExecutorInstances,
    ShufflePartitions,
    BroadcastThreshold
};
inline constexpr std::size_t kKnobCount = 13;
/// The first knobs are memory: more of them never lowers the chance of success.
inline constexpr std::size_t kMemoryKnobCount = 9;
/// Short name, part of a feature's name.
[[nodiscard]] std::string_view name(Knob knob);

/// A configuration in numbers (bytes, counts). What is not set takes Spark's default (configuration page of the 3.x
/// series), so that setting it can be compared with leaving it.
struct Resources {
    std::array<double, kKnobCount> values{};
    bool known = false; ///< the configuration sets at least one of them

    [[nodiscard]] double operator[](Knob knob) const { return values[static_cast<std::size_t>(knob)]; }
    [[nodiscard]] double executorContainer() const; ///< bytes of one executor's container
    [[nodiscard]] double driverContainer() const;
    bool operator==(const Resources &) const = default;
};

[[nodiscard]] Resources resourcesOf(const model::Config &config);
/// What a property says beside the knobs: nothing where it is one, the other options where one stands among them.
[[nodiscard]] std::string besideKnobs(const std::string &property, const std::string &value);

/// The largest new ÷ old among memory knobs; when none grows, the smallest.
[[nodiscard]] double memoryRatio(const Resources &before, const Resources &after);
/// Whether `a` has at least the memory of `b` in every knob and equals it in all others.
[[nodiscard]] bool dominates(const Resources &a, const Resources &b);

} // namespace mulligan::predict
