#include "policy/economics.hpp"

#include "base/units.hpp"
#include "model/verdict.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

namespace mulligan::policy
{

namespace
{

using base::kGiB;
using base::kMiB;

/// Spark's defaults (configuration page of the 3.x series).
constexpr double kDefaultInstances = 2.0;
constexpr double kDefaultCores = 1.0;
constexpr double kDefaultMemory = kGiB;
constexpr double kOverheadShare = 0.10;
constexpr double kLeastOverhead = 384.0 * kMiB;

double bytesOf(const model::Config &config, const char *key, double fallback)
{
    const auto it = config.find(key);
    if (it == config.end())
        return fallback;
    const auto bytes = base::parseBytes(it->second, kMiB);
    return bytes.has_value() && *bytes >= 0.0 ? *bytes : fallback;
}

double countOf(const model::Config &config, const char *key, double fallback)
{
    const auto it = config.find(key);
    if (it == config.end())
        return fallback;
    char *end = nullptr;
    const double value = std::strtod(it->second.c_str(), &end);
    return end != it->second.c_str() && std::isfinite(value) && value >= 0.0 ? value : fallback;
}

bool asksForResources(const model::Config &config)
{
    static constexpr std::array kKeys{"spark.executor.instances",      "spark.executor.cores", "spark.executor.memory",
                                      "spark.executor.memoryOverhead", "spark.driver.cores",   "spark.driver.memory",
                                      "spark.driver.memoryOverhead"};
    return std::any_of(kKeys.begin(), kKeys.end(), [&](const char *key) { return config.count(key) > 0; });
}

double withOverhead(const model::Config &config, const char *memoryKey, const char *overheadKey)
{
    const double memory = bytesOf(config, memoryKey, kDefaultMemory);
    return memory + bytesOf(config, overheadKey, std::max(kOverheadShare * memory, kLeastOverhead));
}

} // namespace

double Economics::minutesFor(std::string_view errorClass) const
{
    if (const auto own = minutes.find(std::string(errorClass)); own != minutes.end())
        return own->second;
    if (const auto group = minutes.find(std::string(model::groupOf(errorClass))); group != minutes.end())
        return group->second;
    return defaultMinutes;
}

double Economics::interventionCost(std::string_view errorClass) const
{
    return minutesFor(errorClass) / 60.0 * labourRatePerHour;
}

const Price &Economics::priceFor(std::string_view cluster) const
{
    const auto it = prices.find(std::string(cluster));
    return it == prices.end() ? defaultPrice : it->second;
}

double hourlyRate(const Economics &economics, const model::Config &config, std::string_view cluster)
{
    const Price &price = economics.priceFor(cluster);
    if (!asksForResources(config))
        return economics.assumedVcores * price.vcoreHour + economics.assumedMemoryGib * price.gibHour;
    double executorMemory = withOverhead(config, "spark.executor.memory", "spark.executor.memoryOverhead")
                            + bytesOf(config, "spark.executor.pyspark.memory", 0.0);
    const auto offHeap = config.find("spark.memory.offHeap.enabled");
    if (offHeap != config.end() && offHeap->second == "true")
        executorMemory += bytesOf(config, "spark.memory.offHeap.size", 0.0);
    const double instances = countOf(config, "spark.executor.instances", kDefaultInstances);
    const double vcores = instances * countOf(config, "spark.executor.cores", kDefaultCores)
                          + countOf(config, "spark.driver.cores", kDefaultCores);
    const double gib =
        (instances * executorMemory + withOverhead(config, "spark.driver.memory", "spark.driver.memoryOverhead"))
        / kGiB;
    return vcores * price.vcoreHour + gib * price.gibHour;
}

CostOf costOf(const model::Attempt &attempt, const Economics &economics)
{
    if (attempt.costUsd.has_value())
        return {*attempt.costUsd, model::CostSource::Logged};
    if (attempt.vcoreSeconds.has_value() || attempt.memoryGbSeconds.has_value()) {
        const Price &price = economics.priceFor(attempt.cluster);
        const double usd = attempt.vcoreSeconds.value_or(0.0) / 3600.0 * price.vcoreHour
                           + attempt.memoryGbSeconds.value_or(0.0) / 3600.0 * price.gibHour;
        return {usd, model::CostSource::ResourceSeconds};
    }
    const double seconds = base::secondsBetween(attempt.startedAt, attempt.endedAt);
    if (seconds <= 0.0)
        return {};
    return {seconds / 3600.0 * hourlyRate(economics, attempt.config, attempt.cluster),
            model::CostSource::DurationTimesRequest};
}

} // namespace mulligan::policy
