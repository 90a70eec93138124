#include "ingest/spark_resources.hpp"

#include "base/units.hpp"

#include <algorithm>

namespace mulligan::ingest::spark
{

namespace
{

constexpr std::int64_t kDriver = -1;
constexpr std::size_t kMostProfiles = 1'000;
constexpr std::size_t kMostIdBytes = 256;
constexpr double kLeastOverheadMib = 384.0;
constexpr double kOverheadFactor = 0.10;

double mibOf(const model::Config &config, std::string_view key, double fallback)
{
    const auto found = config.find(std::string(key));
    if (found == config.end())
        return fallback;
    const auto bytes = base::parseBytes(found->second, base::kMiB);
    return bytes && *bytes >= 0.0 ? *bytes / base::kMiB : fallback;
}

double numberOf(const model::Config &config, std::string_view key, double fallback)
{
    const auto found = config.find(std::string(key));
    if (found == config.end())
        return fallback;
    const auto number = base::parseBytes(found->second);
    return number && *number > 0.0 ? *number : fallback;
}

std::string textOf(const model::Config &config, std::string_view key)
{
    const auto found = config.find(std::string(key));
    return found == config.end() ? std::string() : found->second;
}

double factorOf(const model::Config &config, std::string_view key)
{
    const double general = numberOf(config, "spark.kubernetes.memoryOverheadFactor", kOverheadFactor);
    return numberOf(config, key, general);
}

/// Spark asks for overhead only where a container has to hold it.
bool inContainers(const model::Config &config)
{
    const std::string master = textOf(config, "spark.master");
    return master.starts_with("yarn") || master.starts_with("k8s");
}

double driverMib(const model::Config &config)
{
    const double heap = mibOf(config, "spark.driver.memory", 1024.0);
    if (!inContainers(config))
        return heap;
    const double usual = std::max(kLeastOverheadMib, heap * factorOf(config, "spark.driver.memoryOverheadFactor"));
    const double older = mibOf(config, "spark.yarn.driver.memoryOverhead", usual);
    return heap + mibOf(config, "spark.driver.memoryOverhead", older);
}

double overheadMib(const model::Config &config, double heap)
{
    if (!inContainers(config))
        return 0.0;
    const double usual = std::max(kLeastOverheadMib, heap * factorOf(config, "spark.executor.memoryOverheadFactor"));
    const double older = mibOf(config, "spark.yarn.executor.memoryOverhead", usual);
    return mibOf(config, "spark.executor.memoryOverhead", older);
}

double executorMib(const model::Config &config, const ResourceProfile *profile)
{
    if (profile != nullptr && profile->memoryMib > 0.0) {
        const double overhead = profile->overheadMib ? *profile->overheadMib : overheadMib(config, profile->memoryMib);
        return profile->memoryMib + overhead + profile->offHeapMib + profile->pysparkMib;
    }
    const double heap = mibOf(config, "spark.executor.memory", 1024.0);
    // spark.memory.offHeap.size is in bytes when it has no unit, unlike the other memory properties.
    const double offHeap = textOf(config, "spark.memory.offHeap.enabled") == "true"
                               ? numberOf(config, "spark.memory.offHeap.size", 0.0) / base::kMiB
                               : 0.0;
    return heap + overheadMib(config, heap) + offHeap + mibOf(config, "spark.executor.pyspark.memory", 0.0);
}

} // namespace

void ExecutorLedger::hold(std::map<std::int64_t, Held> &held, const Executor &executor, TimeMs until)
{
    const double seconds = std::max(0.0, static_cast<double>(until - executor.since) / 1000.0);
    Held &sum = held[executor.isDriver ? kDriver : executor.profile];
    sum.seconds += seconds;
    sum.coreSeconds += seconds * executor.cores;
}

void ExecutorLedger::add(const ExecutorAdded &event)
{
    ++m_added;
    const std::string_view id = event.id.substr(0, kMostIdBytes);
    remove(id, event.time);
    if (m_running.size() >= kMostExecutors)
        return;
    const bool isDriver = id == "driver" || id == "<driver>";
    m_local = m_local || isDriver;
    const bool known = event.profile >= 0 && m_profiles.contains(event.profile);
    m_running.emplace(id, Executor{event.time, event.cores, known ? event.profile : 0, isDriver});
}

void ExecutorLedger::remove(std::string_view id, TimeMs time)
{
    const auto found = m_running.find(id.substr(0, kMostIdBytes));
    if (found == m_running.end())
        return;
    hold(m_ended, found->second, time);
    m_running.erase(found);
}

void ExecutorLedger::setProfile(const ResourceProfile &profile)
{
    if (profile.id >= 0 && (m_profiles.size() < kMostProfiles || m_profiles.contains(profile.id)))
        m_profiles[profile.id] = profile;
}

std::optional<ResourceUse> ExecutorLedger::useUntil(TimeMs start, TimeMs end, const model::Config &config) const
{
    if (m_added == 0)
        return std::nullopt;
    auto held = m_ended;
    for (const auto &[id, executor] : m_running)
        hold(held, executor, end);
    ResourceUse use;
    for (const auto &[id, sum] : held) {
        const auto profile = m_profiles.find(id);
        const double mib = id == kDriver
                               ? driverMib(config)
                               : executorMib(config, profile == m_profiles.end() ? nullptr : &profile->second);
        use.vcoreSeconds += sum.coreSeconds;
        use.memoryGbSeconds += sum.seconds * mib / 1024.0;
    }
    if (!m_local) {
        const double seconds = std::max(0.0, static_cast<double>(end - start) / 1000.0);
        use.vcoreSeconds += seconds * numberOf(config, "spark.driver.cores", 1.0);
        use.memoryGbSeconds += seconds * driverMib(config) / 1024.0;
    }
    return use;
}

} // namespace mulligan::ingest::spark
