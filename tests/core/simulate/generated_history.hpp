#pragma once

#include "base/rng.hpp"
#include "model/history.hpp"
#include "simulate/candidate_source.hpp"

#include <algorithm>
#include <cmath>

namespace mulligan::tests
{

/// A history made by a scheduler that retries everything unchanged: user 2, platform 10, timeout 0, exponential
/// backoff.
inline model::History generatedHistory(int jobs, int runsEach, std::uint64_t seed, bool mixedClasses = true)
{
    static const std::array<std::tuple<const char *, model::Domain, bool, model::RuleAction>, 5> kKinds{
        {{"memory_config.executor_heap", model::Domain::User, false, model::RuleAction::AskModel},
         {"network.timeout", model::Domain::Platform, true, model::RuleAction::Retry},
         {"code.udf", model::Domain::User, false, model::RuleAction::Stop},
         {"unclassified", model::Domain::Platform, false, model::RuleAction::AskModel},
         {"scheduler.timeout", model::Domain::Timeout, true, model::RuleAction::Retry}}};
    model::History h;
    h.names.add("");
    h.configs = {{{"spark.executor.memory", "4g"}}, {{"spark.executor.memory", "8g"}}};
    base::Rng rng(seed, "history");
    std::int64_t id = 0;
    const auto add = [&](const std::string &job, const std::string &run, int n, model::Outcome outcome, double start,
                         model::Trigger trigger, size_t kind) -> double {
        model::HistoryAttempt a;
        a.id = ++id;
        a.job = h.jobs.add(job);
        a.run = h.runs.add(run);
        a.attempt = n;
        a.outcome = outcome;
        a.trigger = trigger;
        a.startedAt = base::Instant{}.plusSeconds(start);
        a.endedAt = a.startedAt.plusSeconds(300.0 + 600.0 * rng.uniform());
        a.costUsd = rng.logNormal(0.5, 0.8);
        const auto &[errorClass, domain, transient, action] = kKinds[kind];
        a.verdict.edit().errorClass = errorClass;
        a.verdict.edit().domain = domain;
        a.verdict.edit().transient = transient;
        a.verdict.edit().action = action;
        a.verdict.edit().rule = errorClass == std::string("unclassified") ? "" : errorClass;
        h.attempts.push_back(a);
        return base::secondsBetween({}, a.endedAt);
    };
    for (int j = 0; j < jobs; ++j) {
        for (int r = 0; r < runsEach; ++r) {
            const std::string job = "job" + std::to_string(j);
            const std::string run = std::to_string(r);
            size_t kind = rng.below(kKinds.size());
            double end = add(job, run, 1, model::Outcome::Failed, 86400.0 * (r + rng.uniform()),
                             model::Trigger::Scheduled, kind);
            std::array<int, 3> used{};
            bool done = false;
            int n = 1;
            while (!done) {
                const auto domain = kind == 3 ? size_t(0) : static_cast<size_t>(std::get<1>(kKinds[kind]));
                static constexpr std::array kLimits{2, 10, 0};
                if (used[domain] >= kLimits[domain])
                    break;
                const double wait = std::min(60.0 * std::pow(2.0, used[domain]), domain == 0 ? 600.0 : 3600.0);
                ++used[domain];
                done = rng.chance(kind == 1 ? 0.6 : 0.15);
                if (mixedClasses && rng.chance(0.1))
                    kind = rng.below(kKinds.size());
                end = add(job, run, ++n, done ? model::Outcome::Succeeded : model::Outcome::Failed, end + wait,
                          model::Trigger::AutoRetry, kind);
            }
            if (!done && rng.chance(0.5)) {
                add(job, run, ++n, model::Outcome::Succeeded, end + 7200.0, model::Trigger::Manual, kind);
                if (rng.chance(0.5))
                    h.attempts.back().manualMinutes = 5.0 + 60.0 * rng.uniform();
            }
        }
    }
    add("zz", "last", 1, model::Outcome::Succeeded, 86400.0 * (runsEach + 30), model::Trigger::Scheduled, 0);
    model::buildEpisodes(h);
    return h;
}

/// Candidates made from a hash of the failure: any figures will do for identities.
class HashedSource final : public simulate::CandidateSource
{
public:
    explicit HashedSource(std::uint64_t seed, bool unsupported = true) : m_seed(seed), m_unsupported(unsupported) {}
    [[nodiscard]] bool scored(std::uint32_t attempt) const override { return (attempt + m_seed) % 17 != 0; }
    [[nodiscard]] std::string modelVersion(std::uint32_t) const override { return "m1"; }
    [[nodiscard]] base::Result<std::vector<model::Candidate>>
    candidates(std::uint32_t attempt, std::span<const model::Config> tried) const override
    {
        base::Rng rng(m_seed * 1000003 + attempt, std::to_string(tried.size()));
        std::vector<model::Candidate> out;
        const bool supported = !m_unsupported || rng.chance(0.7);
        for (int i = 0; i < 3; ++i) {
            model::Candidate c;
            c.label = std::to_string(i);
            c.memoryRatio = 1.0 + 0.5 * i;
            if (i > 0)
                c.patch["spark.executor.memory"] =
                    std::to_string(4 * (static_cast<int>(tried.size()) + 1) + 2 * i) + "g";
            c.supported = i == 0 ? !m_unsupported || rng.chance(0.9) : supported;
            c.scorer = {0.02 + 0.9 * rng.uniform(), 0.1 + rng.uniform(), 0.5 + 3.0 * rng.uniform()};
            c.chooser = {0.02 + 0.9 * rng.uniform(), 0.1 + rng.uniform(), 0.5 + 3.0 * rng.uniform()};
            out.push_back(std::move(c));
        }
        return out;
    }

private:
    std::uint64_t m_seed;
    bool m_unsupported;
};

} // namespace mulligan::tests
