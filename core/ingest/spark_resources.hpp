#pragma once

#include "ingest/spark_events.hpp"
#include "model/attempt.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace mulligan::ingest::spark
{

/// What an application attempt held, as money is asked for it.
struct ResourceUse {
    double vcoreSeconds = 0.0;
    double memoryGbSeconds = 0.0; ///< GiB-seconds
};

/// Lifetimes of the executors of one application attempt. Bounded: at most kMostExecutors are held at a time, those
/// beyond are counted only.
class ExecutorLedger
{
public:
    static constexpr std::size_t kMostExecutors = 50'000;

    void add(const ExecutorAdded &event);
    /// Ends the lifetime of an executor; one that is not known is passed over.
    void remove(std::string_view id, TimeMs time);
    void setProfile(const ResourceProfile &profile);

    [[nodiscard]] std::uint64_t added() const { return m_added; }
    /// Core and memory seconds of the executors up to `end`, and of the driver from `start` to `end`; nothing when no
    /// executor was ever added, since then the log does not tell. Memory of an executor: of its resource profile, else
    /// by `config` with Spark's own defaults.
    [[nodiscard]] std::optional<ResourceUse> useUntil(TimeMs start, TimeMs end, const model::Config &config) const;

private:
    struct Executor {
        TimeMs since = 0;
        double cores = 0.0;
        std::int64_t profile = 0;
        bool isDriver = false;
    };
    struct Held {
        double coreSeconds = 0.0;
        double seconds = 0.0;
    };
    static void hold(std::map<std::int64_t, Held> &held, const Executor &executor, TimeMs until);

    std::map<std::string, Executor, std::less<>> m_running;
    std::map<std::int64_t, Held> m_ended; ///< by resource profile; kDriver: run inside the driver (local mode)
    std::map<std::int64_t, ResourceProfile> m_profiles;
    std::uint64_t m_added = 0;
    bool m_local = false;
};

} // namespace mulligan::ingest::spark
