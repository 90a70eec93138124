#include "synth/world.hpp"

#include "base/units.hpp"

#include <algorithm>
#include <cmath>

namespace mulligan::synth
{

namespace
{

constexpr double kDay = 86400.0;

std::string sizeText(double mib)
{
    return base::sparkBytes(mib * base::kMiB);
}

/// The usual step of a memory setting at or above `mib`.
double stepAbove(double mib)
{
    for (double step = 512; step < 65536; step *= 2) {
        if (step >= mib)
            return step;
        if (step >= 1024 && step * 1.5 >= mib)
            return step * 1.5;
    }
    return 65536;
}

std::vector<Outage> outagesOf(const Cluster &cluster, Draw &draw, const World &world)
{
    std::vector<Outage> outages;
    std::vector<double> weights;
    for (const Kind &kind : burstKinds())
        weights.push_back(kind.weight);
    double at = draw.exponential(cluster.outageEveryDays * kDay);
    while (at < static_cast<double>(world.days) * kDay) {
        Outage outage;
        outage.kind = &burstKinds()[draw.weighted(weights)];
        const double seconds = std::clamp(draw.logNormal(2400, 0.9), 300.0, 6 * 3600.0);
        outage.from = world.from.plusSeconds(std::floor(at));
        outage.to = outage.from.plusSeconds(std::floor(seconds));
        outage.exposure = draw.uniform(0.35, 0.9);
        outages.push_back(outage);
        at += seconds + draw.exponential(cluster.outageEveryDays * kDay);
    }
    return outages;
}

void nameJob(Job &job, Draw &draw)
{
    static constexpr std::array kTeams{"marketplace", "payments", "search", "logistics", "growth", "risk", "media"};
    static constexpr std::array kPeople{"amara", "bjorn", "chidi", "dalia", "emeka", "freya", "goran", "hana",
                                        "ines",  "jonas", "kaito", "leila", "mateo", "nadia", "oskar", "priya"};
    static constexpr std::array kSubjects{"orders",  "clicks",   "invoices", "sessions", "ratings", "parcels",
                                          "returns", "accounts", "coupons",  "playback", "alerts",  "suppliers"};
    static constexpr std::array kSteps{"ingest", "clean", "join", "rollup", "features", "score", "export", "dedup"};
    // Teams differ in size: the first has the most jobs.
    const auto team = static_cast<std::size_t>(narrow(draw.uniform() * draw.uniform()) * kTeams.size());
    const std::string subject = kSubjects[draw.below(kSubjects.size())];
    const std::string step = kSteps[draw.below(kSteps.size())];
    job.team = kTeams[team];
    job.owner = kPeople[(team * 2 + draw.below(3)) % kPeople.size()];
    job.workflow = job.team + "_" + subject;
    job.name = job.workflow + "_" + step + "_" + std::to_string(job.index + 1);
    job.queue = draw.chance(0.8) ? job.team : "adhoc";
    job.package = "com.example." + job.team;
    job.stem = subject;
}

void scheduleJob(Job &job, Draw &draw)
{
    // Shares by index, so that a small world has the same mixture as a large one.
    const std::uint64_t slot = job.index * 37 % 100;
    const double hour = std::floor(draw.uniform(0, 9)) * 3600 + std::floor(draw.uniform(0, 12)) * 300;
    if (slot < 1) {
        job.everySeconds = 3600;
        job.firstSeconds = std::floor(draw.uniform(0, 12)) * 300;
    } else if (slot < 7) {
        job.everySeconds = 6 * 3600;
        job.firstSeconds = hour / 2;
    } else if (slot < 80) {
        job.everySeconds = kDay;
        job.firstSeconds = hour;
    } else {
        job.everySeconds = 7 * kDay;
        job.firstSeconds = hour + kDay * static_cast<double>(draw.below(7));
    }
}

void sizeJob(Job &job, Draw &draw)
{
    job.inputGib = std::clamp(draw.logNormal(540, 1.4), 4.0, 80000.0);
    if (job.everySeconds < kDay)
        job.inputGib *= job.everySeconds > 3600 ? 0.25 : 0.05;
    job.growthPerDay = draw.chance(0.6) ? draw.uniform(0.0005, 0.006) : 0.0;
    job.weekendFactor = draw.chance(0.5) ? draw.uniform(0.5, 0.9) : draw.uniform(1.0, 1.25);
    job.inputSigma = draw.uniform(0.08, 0.3);
    job.coreSecondsPerGib = std::clamp(draw.logNormal(630, 0.6), 100.0, 3000.0);
    job.resources.cores = draw.chance(0.75) ? 4 : 8;
    // Owners ask for as many executors as finish in ten minutes to an hour, as far as the cluster goes.
    const double patience = draw.uniform(900, 3600) * (job.everySeconds > 3600 ? 1.0 : 0.3);
    const double wanted = job.inputGib * job.coreSecondsPerGib / (job.resources.cores * patience);
    static constexpr std::array kInstances{2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 400};
    const auto it = std::find_if(kInstances.begin(), kInstances.end(), [&](int n) { return n >= wanted; });
    job.resources.instances = it == kInstances.end() ? kInstances.back() : *it;
    job.resources.partitions = 50 * std::clamp(static_cast<int>(job.inputGib / 16), 1, 80);
}

void giveNeeds(Job &job, bool careless, Draw &draw)
{
    // Most owners leave room; some ask for just enough, and those jobs make most of the memory failures.
    const bool tight = draw.chance(careless ? 0.9 : 0.08);
    const double room = tight ? draw.uniform(0.97, 1.09) : std::max(1.15, draw.logNormal(1.9, 0.3));
    job.heapMib = std::clamp(draw.logNormal(9000, 0.6), 1500.0, 32000.0);
    job.resources.executorMemory = stepAbove(job.heapMib);
    job.heapMib = job.resources.executorMemory * 0.92 / room;
    const double standardOverhead = std::max(384.0, std::floor(job.resources.executorMemory * 0.1 / 64) * 64);
    job.resources.executorOverhead = standardOverhead;
    const bool tightOverhead = draw.chance(careless ? 0.85 : 0.08);
    job.overheadMib = standardOverhead / (tightOverhead ? draw.uniform(0.95, 1.08) : draw.uniform(1.4, 3.0));
    job.resources.driverMemory = stepAbove(std::clamp(draw.logNormal(4000, 0.5), 1000.0, 12000.0));
    job.driverMib = job.resources.driverMemory * 0.92
                    / (draw.chance(careless ? 0.75 : 0.05) ? draw.uniform(0.98, 1.15) : draw.uniform(1.5, 3));
    job.resultMib = 1024.0 / (draw.chance(careless ? 0.2 : 0.03) ? draw.uniform(1.0, 1.2) : draw.uniform(2, 20));
    job.kryoMib = 64.0 / (draw.chance(careless ? 0.15 : 0.03) ? draw.uniform(1.0, 1.2) : draw.uniform(2, 20));
    job.broadcastMib =
        draw.chance(careless ? 0.15 : 0.02) ? job.resources.driverMemory * 0.92 / draw.uniform(1.0, 1.5) : 0.0;
    job.runSigma = draw.uniform(0.05, 0.18);
    job.attemptSigma = draw.uniform(0.01, 0.06);
    const bool pods = clusters()[job.cluster].pods;
    static constexpr std::array kShares{0.8, 0.12, 0.05, 0.03};
    const std::array<std::string_view, 4> ids{pods ? "container_pod" : "container_yarn", "off_heap", "python_memory",
                                              "metaspace"};
    job.overheadKind = &memoryKind(ids[draw.weighted(kShares)]);
}

void giveRisks(Job &job, bool careless, Draw &draw)
{
    // Heavy tail: a few jobs fail most.
    const double risk = std::clamp(draw.logNormal(careless ? 5.0 : 0.2, 1.1), 0.02, 30.0);
    job.background = std::min(0.16, 0.018 * risk);
    job.incidentsPerDay = std::min(0.5, 0.027 * risk);
    job.internalShare = draw.chance(0.35) ? std::min(0.16, 0.055 * risk) : 0.0;
    const double usual = 60 + job.inputGib * job.coreSecondsPerGib / (job.resources.instances * job.resources.cores);
    if (draw.chance(0.35))
        job.timeoutSeconds = std::ceil(usual * draw.uniform(1.15, 2.5) / 60) * 60;
}

} // namespace

const std::array<Cluster, 3> &clusters()
{
    static const std::array<Cluster, 3> table{{
        {"harbour", Accounting::Dollars, false, 1767571200000, 4.0},
        {"meadow", Accounting::ResourceSeconds, true, 1767571200001, 5.0},
        {"quarry", Accounting::Nothing, false, 1767571200002, 7.0},
    }};
    return table;
}

double Resources::gib() const
{
    const double driverOverhead = std::max(384.0, driverMemory * 0.1);
    return (instances * (executorMemory + executorOverhead) + driverMemory + driverOverhead) / 1024.0;
}

model::Config Resources::config() const
{
    model::Config config{{"spark.driver.memory", sizeText(driverMemory)},
                         {"spark.executor.cores", std::to_string(cores)},
                         {"spark.executor.instances", std::to_string(instances)},
                         {"spark.executor.memory", sizeText(executorMemory)},
                         {"spark.executor.memoryOverhead", sizeText(executorOverhead)},
                         {"spark.sql.shuffle.partitions", std::to_string(partitions)}};
    if (maxResult != 1024.0)
        config["spark.driver.maxResultSize"] = sizeText(maxResult);
    if (kryoMax != 64.0)
        config["spark.kryoserializer.buffer.max"] = sizeText(kryoMax);
    return config;
}

double &settingOf(Resources &resources, const Kind &kind)
{
    if (kind.id == "executor_heap")
        return resources.executorMemory;
    if (kind.id == "driver_heap" || kind.id == "broadcast")
        return resources.driverMemory;
    if (kind.id == "result_size")
        return resources.maxResult;
    return kind.id == "kryo" ? resources.kryoMax : resources.executorOverhead;
}

World makeWorld(std::uint64_t seed, std::uint64_t days)
{
    World world;
    world.seed = seed;
    world.days = days;
    world.from = base::fromCivil(2026, 1, 5);
    // The data end in the middle of a morning, with runs under way.
    world.to = world.from.plusSeconds(static_cast<double>(days - 1) * kDay + 35220.0);
    for (std::size_t i = 0; i < clusters().size(); ++i) {
        Draw draw(seed, "outages/" + std::to_string(i));
        world.outages[i] = outagesOf(clusters()[i], draw, world);
    }
    return world;
}

Job makeJob(const World &world, std::uint64_t index)
{
    Draw draw(world.seed, "job/" + std::to_string(index));
    static constexpr std::array kShares{0.5, 0.3, 0.2};
    Job job;
    job.index = index;
    job.cluster = draw.weighted(kShares);
    nameJob(job, draw);
    scheduleJob(job, draw);
    sizeJob(job, draw);
    // Some jobs are cared for less: they make most of the failures.
    const bool careless = draw.chance(0.3);
    job.keepsRepairs = careless ? 0.2 : 0.75;
    giveNeeds(job, careless, draw);
    giveRisks(job, careless, draw);
    return job;
}

} // namespace mulligan::synth
