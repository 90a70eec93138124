#pragma once

#include "base/rng.hpp"
#include "base/units.hpp"
#include "model/history.hpp"
#include "predict/train.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

namespace mulligan::tests
{

/// A synthetic platform whose chances of success are known.
struct World {
    model::History history;
    /// Chance that the attempt at this index succeeds, given that its predecessor failed; by attempt id.
    std::vector<double> chance;
};

struct WorldOptions {
    int jobs = 60;
    int days = 90;
    std::uint64_t seed = 1;
    double failuresPerDay = 0.25; ///< of one job
};

inline double gibOf(const model::Config &config)
{
    const auto it = config.find("spark.executor.memory");
    return it == config.end() ? 1.0 : std::strtod(it->second.c_str(), nullptr);
}

/// 10 cents an hour and one more a GiB.
inline double worldRate(const model::Config &config, std::string_view)
{
    return 0.10 + 0.01 * gibOf(config);
}

/// Makes episodes of three causes. Memory: a run needs some GiB, which its peak shows roughly; the scheduler retries
/// with 1, 1.5, 2 or 3 times the memory at random, and the chance is a logistic function of memory over need. Network:
/// a mixture of passing and doomed failures, so the chance falls with the attempt. Code: hardly ever.
class WorldMaker
{
public:
    explicit WorldMaker(const WorldOptions &options) : m_options(options), m_rng(options.seed, "world") {}

    World make()
    {
        m_world.history.names.add("");
        for (int g = 1; g <= 64; ++g)
            m_world.history.configs.push_back({{"spark.executor.memory", std::to_string(g) + "g"}});
        m_world.chance.push_back(0.0);
        for (int j = 0; j < m_options.jobs; ++j)
            addJob(j);
        model::buildEpisodes(m_world.history);
        return std::move(m_world);
    }

private:
    struct Cause {
        const char *errorClass;
        const char *rule;
        model::Domain domain;
        bool transient;
        const char *exceptionClass;
    };
    static constexpr Cause kMemory{"memory_config.executor_heap", "executor-heap", model::Domain::User, false,
                                   "java.lang.OutOfMemoryError"};
    static constexpr Cause kNetwork{"network.timeout", "socket-timeout", model::Domain::Platform, true,
                                    "java.net.SocketTimeoutException"};
    static constexpr Cause kCode{"code.null_pointer", "null-pointer", model::Domain::User, false,
                                 "java.lang.NullPointerException"};

    void addJob(int j)
    {
        m_job = "job" + std::to_string(j);
        m_base = std::exp(m_rng.normal(1.2, 0.5)); // GiB
        m_hours = m_rng.logNormal(-0.5, 0.7);
        for (int day = 0; day < m_options.days; ++day) {
            const double start = 86400.0 * day + 3600.0 * m_rng.uniform(0.0, 20.0);
            m_run = std::to_string(day);
            if (!m_rng.chance(m_options.failuresPerDay)) {
                add(1, model::Outcome::Succeeded, start, 1.0, 4, nullptr, 0.0, 0.0, model::Trigger::Scheduled);
                continue;
            }
            const double pick = m_rng.uniform();
            pick < 0.5 ? memoryEpisode(start) : pick < 0.8 ? networkEpisode(start) : codeEpisode(start);
        }
    }

    double add(int number, model::Outcome outcome, double start, double share, int gib, const Cause *cause, double peak,
               double chance, model::Trigger trigger)
    {
        model::HistoryAttempt a;
        a.id = static_cast<std::int64_t>(m_world.chance.size());
        a.job = m_world.history.jobs.add(m_job);
        a.run = m_world.history.runs.add(m_run);
        a.owner = m_world.history.names.add("owner" + std::to_string(m_world.history.jobs.add(m_job) % 7));
        a.attempt = number;
        a.outcome = outcome;
        a.trigger = trigger;
        a.config = static_cast<std::uint32_t>(gib - 1);
        a.startedAt = base::fromCivil(2026, 1, 1).plusSeconds(start);
        a.endedAt = a.startedAt.plusSeconds(std::max(30.0, 3600.0 * m_hours * share * m_rng.uniform(0.9, 1.1)));
        a.costUsd =
            base::secondsBetween(a.startedAt, a.endedAt) / 3600.0 * worldRate(m_world.history.configs[a.config], {});
        a.costSource = model::CostSource::DurationTimesRequest;
        if (peak > 0.0)
            a.metrics = model::Metrics{{std::string(model::metric::kPeakHeapBytes), peak * base::kGiB}};
        if (cause != nullptr) {
            a.verdict.edit().errorClass = cause->errorClass;
            a.verdict.edit().rule = cause->rule;
            a.verdict.edit().domain = cause->domain;
            a.verdict.edit().transient = cause->transient;
            a.exceptionClass = cause->exceptionClass;
            a.templateHash = base::stableHash(cause->exceptionClass);
        }
        m_world.history.attempts.push_back(a);
        m_world.chance.push_back(chance);
        return base::secondsBetween(base::fromCivil(2026, 1, 1), a.endedAt);
    }

    void memoryEpisode(double start)
    {
        const double need = m_base * m_rng.logNormal(0.0, 0.35);
        int gib = std::clamp(static_cast<int>(need * m_rng.uniform(0.4, 0.9)), 1, 64);
        double end = add(1, model::Outcome::Failed, start, 0.4, gib, &kMemory, need * m_rng.uniform(0.85, 1.0), 0.0,
                         model::Trigger::Scheduled);
        for (int k = 2; k <= 3; ++k) {
            static constexpr std::array kFactors{1.0, 1.5, 2.0, 3.0};
            gib = std::clamp(static_cast<int>(std::ceil(gib * kFactors[m_rng.below(4)])), 1, 64);
            const double p = 0.92 / (1.0 + std::exp(-6.0 * std::log(gib / need)));
            const bool done = m_rng.chance(p);
            end = add(k, done ? model::Outcome::Succeeded : model::Outcome::Failed, end + 60.0, done ? 1.0 : 0.4, gib,
                      done ? nullptr : &kMemory, need * m_rng.uniform(0.85, 1.0), p, model::Trigger::AutoRetry);
            if (done)
                return;
        }
    }

    void networkEpisode(double start)
    {
        double passing = 0.7;
        double end = add(1, model::Outcome::Failed, start, 0.2, 4, &kNetwork, 2.0, 0.0, model::Trigger::Scheduled);
        for (int k = 2; k <= 5; ++k) {
            const double p = passing * 0.8;
            const bool done = m_rng.chance(p);
            end = add(k, done ? model::Outcome::Succeeded : model::Outcome::Failed, end + 120.0, done ? 1.0 : 0.2, 4,
                      done ? nullptr : &kNetwork, 2.0, p, model::Trigger::AutoRetry);
            if (done)
                return;
            passing = passing * 0.2 / (passing * 0.2 + 1.0 - passing);
        }
    }

    void codeEpisode(double start)
    {
        double end = add(1, model::Outcome::Failed, start, 0.3, 4, &kCode, 2.0, 0.0, model::Trigger::Scheduled);
        for (int k = 2; k <= 3; ++k) {
            const bool done = m_rng.chance(0.04);
            end = add(k, done ? model::Outcome::Succeeded : model::Outcome::Failed, end + 60.0, done ? 1.0 : 0.3, 4,
                      done ? nullptr : &kCode, 2.0, 0.04, model::Trigger::AutoRetry);
            if (done)
                return;
        }
    }

    WorldOptions m_options;
    base::Rng m_rng;
    World m_world;
    std::string m_job;
    std::string m_run;
    double m_base = 1.0;
    double m_hours = 1.0;
};

inline World makeWorld(const WorldOptions &options)
{
    return WorldMaker(options).make();
}

inline predict::TrainOptions worldTraining(std::uint64_t seed = 1, int threads = 2)
{
    predict::TrainOptions options;
    options.seed = seed;
    options.threads = threads;
    options.rate = worldRate;
    return options;
}

} // namespace mulligan::tests
