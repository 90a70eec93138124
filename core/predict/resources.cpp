#include "predict/resources.hpp"

#include "base/jvm_options.hpp"
#include "base/units.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>

namespace mulligan::predict
{

namespace
{

struct KnobSpec {
    std::string property;
    std::string_view label;
    double bareUnit = 1.0; ///< bytes a number without a unit stands for; 0: a count
    double initial = 0.0;
    std::string_view flag = {}; ///< JVM flag within the property, may be empty
};

const std::array<KnobSpec, kKnobCount> &specs()
{
    static const std::array<KnobSpec, kKnobCount> kSpecs{
        {{"spark.executor.memory", "executor_memory", base::kMiB, base::kGiB},
         {"spark.executor.memoryOverhead", "executor_overhead", base::kMiB, 0.0},
         {"spark.executor.pyspark.memory", "pyspark_memory", base::kMiB, 0.0},
         {"spark.memory.offHeap.size", "off_heap", 1.0, 0.0},
         // Where it is not set the JVM takes the heap's size; 0 says that it is not what limits.
         {"spark.executor.extraJavaOptions", "direct_memory", 1.0, 0.0, "-XX:MaxDirectMemorySize"},
         {"spark.driver.memory", "driver_memory", base::kMiB, base::kGiB},
         {"spark.driver.memoryOverhead", "driver_overhead", base::kMiB, 0.0},
         {"spark.driver.maxResultSize", "max_result_size", 1.0, base::kGiB},
         {"spark.kryoserializer.buffer.max", "kryo_buffer", base::kMiB, 64.0 * base::kMiB},
         {"spark.executor.cores", "executor_cores", 0.0, 1.0},
         {"spark.executor.instances", "executor_instances", 0.0, 2.0},
         {"spark.sql.shuffle.partitions", "shuffle_partitions", 0.0, 200.0},
         {"spark.sql.autoBroadcastJoinThreshold", "broadcast_threshold", 1.0, 10.0 * base::kMiB}}};
    return kSpecs;
}

std::optional<double> setValue(const KnobSpec &spec, const model::Config &config)
{
    const auto it = config.find(spec.property);
    if (it == config.end())
        return std::nullopt;
    if (!spec.flag.empty()) {
        const auto set = base::jvmOption(it->second, spec.flag);
        const auto bytes = base::parseBytes(set.value_or(""), spec.bareUnit);
        return set && bytes.has_value() && *bytes >= 0.0 ? std::optional(*bytes) : std::nullopt;
    }
    if (spec.bareUnit > 0.0) {
        const auto bytes = base::parseBytes(it->second, spec.bareUnit);
        return bytes.has_value() && *bytes >= 0.0 ? std::optional(*bytes) : std::nullopt;
    }
    char *end = nullptr;
    const double value = std::strtod(it->second.c_str(), &end);
    return end != it->second.c_str() && std::isfinite(value) && value >= 0.0 ? std::optional(value) : std::nullopt;
}

/// Spark adds a tenth of the memory, and 384 MiB at least, where no overhead is set.
double defaultOverhead(double memory)
{
    return std::max(0.10 * memory, 384.0 * base::kMiB);
}

} // namespace

std::string_view name(Knob knob)
{
    return specs()[static_cast<std::size_t>(knob)].label;
}

double Resources::executorContainer() const
{
    return (*this)[Knob::ExecutorMemory] + (*this)[Knob::ExecutorOverhead] + (*this)[Knob::PysparkMemory]
           + (*this)[Knob::OffHeap];
}

double Resources::driverContainer() const
{
    return (*this)[Knob::DriverMemory] + (*this)[Knob::DriverOverhead];
}

Resources resourcesOf(const model::Config &config)
{
    Resources out;
    std::array<bool, kKnobCount> isSet{};
    for (std::size_t i = 0; i < kKnobCount; ++i) {
        const auto value = config.empty() ? std::nullopt : setValue(specs()[i], config);
        isSet[i] = value.has_value();
        out.known = out.known || isSet[i];
        out.values[i] = value.value_or(specs()[i].initial);
    }
    const auto at = [&](Knob knob) -> double & { return out.values[static_cast<std::size_t>(knob)]; };
    if (!isSet[static_cast<std::size_t>(Knob::ExecutorOverhead)])
        at(Knob::ExecutorOverhead) = defaultOverhead(at(Knob::ExecutorMemory));
    if (!isSet[static_cast<std::size_t>(Knob::DriverOverhead)])
        at(Knob::DriverOverhead) = defaultOverhead(at(Knob::DriverMemory));
    // Zero means no limit.
    if (at(Knob::MaxResultSize) == 0.0)
        at(Knob::MaxResultSize) = 1024.0 * base::kGiB;
    return out;
}

std::string besideKnobs(const std::string &property, const std::string &value)
{
    const auto &all = specs();
    const auto spec = std::find_if(all.begin(), all.end(), [&](const KnobSpec &s) { return s.property == property; });
    if (spec == all.end())
        return value;
    return spec->flag.empty() ? std::string() : base::withoutJvmOption(value, spec->flag);
}

double memoryRatio(const Resources &before, const Resources &after)
{
    double largest = 1.0;
    double smallest = 1.0;
    for (std::size_t i = 0; i < kMemoryKnobCount; ++i) {
        if (before.values[i] <= 0.0)
            continue;
        const double ratio = after.values[i] / before.values[i];
        largest = std::max(largest, ratio);
        smallest = std::min(smallest, ratio);
    }
    return largest > 1.0 ? largest : smallest;
}

bool dominates(const Resources &a, const Resources &b)
{
    for (std::size_t i = 0; i < kKnobCount; ++i) {
        if (i < kMemoryKnobCount ? a.values[i] < b.values[i] : a.values[i] != b.values[i])
            return false;
    }
    return true;
}

} // namespace mulligan::predict
