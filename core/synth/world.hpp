#pragma once

#include "base/instant.hpp"
#include "model/attempt.hpp"
#include "synth/draw.hpp"
#include "synth/kind.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mulligan::synth
{

/// What a cluster's accounting logs for an attempt; each of the three cost sources of design.md, section 4.
enum class Accounting { Dollars, ResourceSeconds, Nothing };

/// Prices of every cluster, dollars: those of resources/economics.yaml.
inline constexpr double kVcoreHour = 0.05;
inline constexpr double kGibHour = 0.006;

struct Cluster {
    std::string_view name;
    Accounting accounting = Accounting::Dollars;
    bool pods = false;          ///< Kubernetes, else YARN
    std::int64_t epochMs = 0;   ///< first part of its application ids
    double outageEveryDays = 5; ///< mean time between outages
};
[[nodiscard]] const std::array<Cluster, 3> &clusters();

/// A time in which one thing is broken for many jobs of a cluster.
struct Outage {
    const Kind *kind = nullptr;
    base::Instant from;
    base::Instant to;
    double exposure = 0.5; ///< share of the runs it can hit
};

/// What a job asks for; memory in MiB.
struct Resources {
    double executorMemory = 4096;
    double executorOverhead = 512;
    double driverMemory = 2048;
    double maxResult = 1024;
    double kryoMax = 64;
    int instances = 4;
    int cores = 2;
    int partitions = 200;

    bool operator==(const Resources &) const = default;
    /// As Spark properties; limits at Spark's default are left out.
    [[nodiscard]] model::Config config() const;
    [[nodiscard]] double vcores() const { return instances * cores + 1.0; }
    [[nodiscard]] double gib() const;
};

/// Which setting a memory kind needs more of, and what it has.
[[nodiscard]] double &settingOf(Resources &resources, const Kind &kind);

/// A job with what its owner cannot see: how much it needs and what makes it fail.
struct Job {
    std::uint64_t index = 0;
    std::string name;
    std::string workflow;
    std::string owner;
    std::string team;
    std::string queue;
    std::string package; ///< of its classes, for stack traces
    std::string stem;    ///< last part of its name
    std::size_t cluster = 0;
    double everySeconds = 86400; ///< between scheduled runs
    double firstSeconds = 0;     ///< of the first run, from the start of the data
    Resources resources;         ///< as its owner left it

    double inputGib = 540;      ///< of a usual run on the first day
    double growthPerDay = 0.0;  ///< of the input, as a share
    double weekendFactor = 1.0; ///< of the input on Saturday and Sunday
    double inputSigma = 0.2;
    double coreSecondsPerGib = 630;
    double heapMib = 9000; ///< executor heap needed on the first day
    double overheadMib = 400;
    double driverMib = 1200;
    double resultMib = 100;
    double kryoMib = 10;
    double broadcastMib = 0;            ///< driver heap that the broadcast needs; 0: none
    double runSigma = 0.12;             ///< of the needs, from run to run
    double attemptSigma = 0.02;         ///< of the needs, from attempt to attempt: what is short is short again
    const Kind *overheadKind = nullptr; ///< how too little overhead shows
    double keepsRepairs = 0.6;          ///< chance that a setting raised for one run is kept for the next
    double timeoutSeconds = 0;          ///< 0: none
    double background = 0.005;          ///< chance of a single mishap of the platform, per attempt
    double incidentsPerDay = 0.005;
    double internalShare = 0.0; ///< chance of an in-house tool's error, per run
};

struct World {
    std::uint64_t seed = 1;
    std::uint64_t days = 120;
    base::Instant from;                         ///< 2026-01-05T00:00:00Z, a Monday
    base::Instant to;                           ///< 09:47 on the last day
    std::array<std::vector<Outage>, 3> outages; ///< by cluster, by time
};

[[nodiscard]] World makeWorld(std::uint64_t seed, std::uint64_t days);
/// The job of this index: the same whatever the number of jobs.
[[nodiscard]] Job makeJob(const World &world, std::uint64_t index);

} // namespace mulligan::synth
