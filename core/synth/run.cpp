#include "synth/run.hpp"

#include "base/units.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace mulligan::synth
{

namespace
{

/// Share of the heap that Spark can use before it runs out.
constexpr double kUsableHeap = 0.92;
/// Chance that an attempt fails which an outage can hit.
constexpr double kHit = 0.92;
/// Tasks of a run that completes.
constexpr double kMostTasks = 4;

/// Chance of one attempt, drawn in a fixed order whatever is asked of it.
struct Noise {
    double need = 1.0;
    double overhead = 1.0;
    double duration = 1.0;
    double share = 0.0; ///< where between its earliest and latest moment a failure comes
    double hit = 0.0;
    double background = 0.0;
    double backgroundKind = 0.0;
    double internal = 0.0;
    double peak = 0.0;
};

Noise noiseOf(const World &world, const Job &job, const Run &run, int number)
{
    Draw draw(world.seed, "attempt/" + run.id + "/" + std::to_string(number));
    Noise noise;
    noise.need = draw.logNormal(1.0, job.attemptSigma);
    noise.overhead = draw.logNormal(1.0, job.attemptSigma);
    noise.duration = draw.logNormal(1.0, 0.08);
    noise.share = draw.uniform();
    noise.hit = draw.uniform();
    noise.background = draw.uniform();
    noise.backgroundKind = draw.uniform();
    noise.internal = draw.uniform();
    noise.peak = draw.uniform();
    return noise;
}

struct Shortage {
    const Kind *kind = nullptr;
    double needed = 0.0;
    double has = 0.0;
};

/// The first setting that is too small, in the order in which a run meets them.
std::optional<Shortage> shortageOf(const Job &job, const JobState &state, const Run &run, const Noise &noise,
                                   const Resources &resources)
{
    const double need = state.needScale * noise.need;
    const double usableDriver = resources.driverMemory * kUsableHeap;
    const std::array<Shortage, 6> met{{
        {&memoryKind("kryo"), run.kryo * need, resources.kryoMax},
        {&memoryKind("broadcast"), run.broadcast * need, usableDriver},
        {job.overheadKind, run.overhead * state.needScale * noise.overhead, resources.executorOverhead},
        {&memoryKind("executor_heap"), run.heap * need, resources.executorMemory * kUsableHeap},
        {&memoryKind("driver_heap"), run.driver * need, usableDriver},
        {&memoryKind("result_size"), run.result * need, resources.maxResult},
    }};
    for (const Shortage &shortage : met)
        if (shortage.needed > shortage.has)
            return shortage;
    return std::nullopt;
}

const Kind &backgroundKind(double uniform)
{
    double total = 0.0;
    for (const Kind &kind : backgroundKinds())
        total += kind.weight;
    double left = uniform * total;
    for (const Kind &kind : backgroundKinds()) {
        left -= kind.weight;
        if (left < 0.0)
            return kind;
    }
    return backgroundKinds().back();
}

/// The outage that ends this attempt, and the seconds until then.
std::optional<std::pair<const Kind *, double>> hitBy(const World &world, const Job &job, const Run &run,
                                                     const Noise &noise, base::Instant start, double seconds)
{
    if (noise.hit >= kHit)
        return std::nullopt;
    for (const Outage &outage : world.outages[job.cluster]) {
        if (outage.from >= start.plusSeconds(seconds))
            break;
        if (outage.to <= start)
            continue;
        Draw exposed(world.seed, "exposed/" + run.id + "/" + std::to_string(outage.from.ms));
        if (exposed.uniform() >= outage.exposure)
            continue;
        const double waited = std::max(0.0, base::secondsBetween(start, outage.from));
        const double more = 15.0 + 240.0 * noise.share;
        return std::pair{outage.kind, std::min(seconds, waited + more)};
    }
    return std::nullopt;
}

bool internalTroubles(const Run &run, const Noise &noise, base::Instant start, const Resources &resources)
{
    if (run.internal == nullptr || noise.internal >= run.internalChance || start >= run.internalTo)
        return false;
    return run.internalOverhead <= 0.0 || resources.executorOverhead < run.internalOverhead * noise.overhead;
}

double whole(double value)
{
    return std::floor(value + 0.5);
}

void measure(Trial &trial, const JobState &state, const Run &run, const Noise &noise, const Resources &resources)
{
    // A driver that fails before the first task has nothing to tell.
    if (trial.kind != nullptr && trial.kind->place == Place::Driver && trial.progress < 0.1)
        return;
    namespace metric = model::metric;
    const double grown = 0.6 + 0.4 * std::sqrt(trial.progress);
    const double heap = run.heap * state.needScale * noise.need * grown;
    const double overhead = run.overhead * state.needScale * noise.overhead * grown;
    const bool heapFull = trial.kind != nullptr && trial.kind->id == "executor_heap";
    const double ceiling = resources.executorMemory * (0.975 + 0.02 * noise.peak);
    const double peak = heapFull ? ceiling : std::min(heap, ceiling);
    const double pressure = std::min(1.2, heap / (resources.executorMemory * kUsableHeap));
    const double input = run.inputGib * base::kGiB * trial.progress;
    const double spilled = pressure > 0.65 ? input * (pressure - 0.65) * 1.5 : 0.0;
    // Few tasks, each standing for many, half of them in each of two stages: so an event log can tell every one.
    const double tasks = std::max(1.0, std::floor(trial.progress * kMostTasks));
    const double work = trial.seconds * resources.instances * resources.cores * 0.8;
    const bool task = trial.kind != nullptr && trial.kind->place == Place::Task;
    const bool executor = trial.kind != nullptr && trial.kind->place == Place::Executor;
    const auto put = [&](std::string_view name, double value) { trial.metrics[std::string(name)] = whole(value); };
    put(metric::kPeakHeapBytes, peak * base::kMiB);
    put(metric::kPeakOffHeapBytes, std::min(overhead, resources.executorOverhead) * base::kMiB);
    put(metric::kPeakRssBytes,
        (resources.executorMemory + std::min(overhead, resources.executorOverhead)) * base::kMiB);
    put(metric::kPeakDriverHeapBytes,
        std::min(run.driver * state.needScale * noise.need * grown, resources.driverMemory * 0.99) * base::kMiB);
    put(metric::kInputBytes, input);
    put(metric::kShuffleWriteBytes, input * 0.4);
    put(metric::kShuffleReadBytes, input * 0.38);
    put(metric::kMemorySpilledBytes, spilled);
    put(metric::kDiskSpilledBytes, spilled * 0.3);
    put(metric::kRunSeconds, work);
    put(metric::kCpuSeconds, work * (0.75 - 0.2 * std::max(0.0, pressure - 0.7)));
    put(metric::kGcSeconds, work * (0.02 + 0.3 * std::max(0.0, pressure - 0.6)));
    const double failed = task ? 4.0 : executor ? 2.0 : 0.0;
    put(metric::kTasks, tasks + failed); // failed tries count as tasks, as in an event log
    put(metric::kFailedTasks, failed);
    put(metric::kLostExecutors, executor ? failed : 0.0);
    put(metric::kExecutors, resources.instances + (executor ? failed : 0.0)); // what is lost is replaced
    if (trial.outcome == model::Outcome::Succeeded)
        put(metric::kOutputBytes, input * 0.15);
}

/// Sets what ended the attempt; without it, it succeeds after `seconds`.
void decideFate(Trial &trial, const World &world, const Job &job, const JobState &state, const Run &run,
                const Noise &noise, base::Instant start, const Resources &resources, double seconds)
{
    const auto failAfterShare = [&](const Kind &kind, double hurry = 1.0) {
        trial.kind = &kind;
        trial.seconds = std::max(8.0, seconds * (kind.low + (kind.high - kind.low) * noise.share) * hurry);
    };
    trial.seconds = seconds;
    if (state.incident != nullptr && start < state.incidentTo)
        return failAfterShare(*state.incident);
    if (const auto hit = hitBy(world, job, run, noise, start, seconds)) {
        trial.kind = hit->first;
        trial.seconds = std::max(8.0, hit->second);
        return;
    }
    if (noise.background < job.background)
        return failAfterShare(backgroundKind(noise.backgroundKind));
    if (internalTroubles(run, noise, start, resources))
        return failAfterShare(*run.internal);
    if (const auto shortage = shortageOf(job, state, run, noise, resources)) {
        trial.neededMib = shortage->needed;
        return failAfterShare(*shortage->kind, std::clamp(shortage->has / shortage->needed, 0.3, 1.0));
    }
    if (state.timeoutSeconds > 0.0 && seconds > state.timeoutSeconds) {
        trial.kind = &timeoutKinds()[0];
        trial.seconds = state.timeoutSeconds;
    }
}

void drawInternal(Run &run, const Job &job, Draw &draw)
{
    run.internal = &internalKinds()[draw.below(internalKinds().size())];
    run.internalTo = base::fromCivil(9000, 1, 1);
    run.internalChance = 1.0;
    if (run.internal->id == "brine_packer")
        run.internalOverhead = job.resources.executorOverhead * draw.uniform(1.2, 2.6);
    else if (run.internal->id == "tessel_gate")
        run.internalTo = run.scheduled.plusSeconds(std::floor(draw.exponential(3 * 3600.0)));
    else if (run.internal->id != "ledgerline_drift")
        run.internalChance = draw.uniform(0.3, 0.7);
}

} // namespace

Run makeRun(const World &world, const Job &job, base::Instant scheduled, Draw &draw)
{
    Run run;
    run.id = job.name + "/" + base::formatInstant(scheduled);
    run.scheduled = scheduled;
    const double day = base::secondsBetween(world.from, scheduled) / 86400.0;
    const int weekday = base::toCivil(scheduled).weekday;
    const double season = weekday == 0 || weekday == 6 ? job.weekendFactor : 1.0;
    // Once in a while somebody loads a backlog.
    const double backlog = draw.chance(0.004) ? draw.uniform(1.5, 3.0) : 1.0;
    const double size = (1.0 + job.growthPerDay * day) * season * backlog * draw.logNormal(1.0, job.inputSigma);
    run.inputGib = decimals(job.inputGib * size, 4);
    const double scale = narrowPow(size, 0.55);
    const auto need = [&](double mib) { return mib * scale * draw.logNormal(1.0, job.runSigma); };
    run.heap = need(job.heapMib);
    run.overhead = need(job.overheadMib);
    run.driver = need(job.driverMib);
    run.result = need(job.resultMib);
    run.kryo = need(job.kryoMib);
    run.broadcast = need(job.broadcastMib);
    if (draw.chance(job.internalShare))
        drawInternal(run, job, draw);
    return run;
}

Trial trial(const World &world, const Job &job, const JobState &state, const Run &run, int number, base::Instant start,
            const Resources &resources)
{
    const Noise noise = noiseOf(world, job, run, number);
    const double pressure = run.heap * state.needScale * noise.need / (resources.executorMemory * kUsableHeap);
    const double slowdown = 1.0 + 0.6 * std::clamp(pressure - 0.7, 0.0, 0.5);
    const double seconds =
        40.0
        + run.inputGib * job.coreSecondsPerGib / (resources.instances * resources.cores) * noise.duration * slowdown;
    Trial result;
    decideFate(result, world, job, state, run, noise, start, resources, seconds);
    if (result.kind != nullptr)
        result.outcome = result.kind->origin == Origin::Timeout ? model::Outcome::Killed : model::Outcome::Failed;
    result.seconds = decimals(result.seconds, 3);
    result.progress = result.kind == nullptr ? 1.0 : std::min(1.0, result.seconds / seconds);
    result.costUsd =
        decimals(result.seconds / 3600.0 * (resources.vcores() * kVcoreHour + resources.gib() * kGibHour), 6);
    measure(result, state, run, noise, resources);
    return result;
}

} // namespace mulligan::synth
