#include "synth/chain.hpp"

#include "synth/scheduler.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace mulligan::synth
{

namespace
{

constexpr double kDay = 86400.0;
constexpr int kManualTries = 4;

base::Instant never()
{
    return base::fromCivil(9000, 1, 1);
}

/// One job from the first day to the last.
class Life
{
public:
    Life(const World &world, const Job &job, const ChainOptions &options, ChainSink &sink, ChainCounts &counts)
        : m_world(world), m_job(job), m_options(options), m_sink(sink), m_counts(counts),
          m_draw(world.seed, "runs/" + std::to_string(job.index))
    {
        m_state.resources = job.resources;
        m_state.timeoutSeconds = job.timeoutSeconds;
    }

    base::Result<void> live(const std::stop_token &stop)
    {
        base::Instant free = m_world.from; // one run at a time: what is due meanwhile is left out
        for (double at = m_job.firstSeconds; m_world.from.plusSeconds(at) < m_world.to; at += m_job.everySeconds) {
            if (stop.stop_requested())
                return base::makeError(base::ErrorCode::Cancelled, "Synthesis was cancelled");
            const base::Instant due = m_world.from.plusSeconds(at);
            if (due < free)
                continue;
            passTime(due);
            m_run = makeRun(m_world, m_job, due, m_draw);
            startChain();
            MULLIGAN_CHECK(walk());
            MULLIGAN_CHECK(hand());
            free = m_end;
        }
        return {};
    }

private:
    /// What happens to a job between two runs.
    void passTime(base::Instant now)
    {
        if (m_state.incident != nullptr && m_state.incidentTo <= now)
            m_state.incident = nullptr;
        const double days = m_job.everySeconds / kDay;
        if (m_state.incident == nullptr && m_draw.chance(std::min(0.25, m_job.incidentsPerDay * days))) {
            std::vector<double> weights;
            for (const Kind &kind : incidentKinds())
                weights.push_back(kind.weight);
            m_state.incident = &incidentKinds()[m_draw.weighted(weights)];
            // What is missing may simply be late; and now and then somebody else was already mending it.
            const bool late = m_state.incident->id == "not_found";
            const bool mended = m_draw.chance(0.08);
            const double lasts = std::floor(m_draw.exponential(mended ? 1200.0 : 4 * 3600.0));
            m_state.incidentTo = late || mended ? now.plusSeconds(lasts) : never();
        }
        // Now and then somebody saves money on memory.
        if (m_job.index % 3 == 0 && m_draw.chance(std::min(0.2, 0.012 * days))) {
            auto &memory = m_state.resources.executorMemory;
            memory = std::max(1024.0, std::floor(memory * 0.67 / 64.0) * 64.0);
            auto &overhead = m_state.resources.executorOverhead;
            overhead = std::max(384.0, std::floor(overhead * 0.8 / 64.0) * 64.0);
        }
    }

    void startChain()
    {
        m_chain.clear();
        m_used = {};
        m_cut = false;
        m_ranOut = false;
        m_resources = m_state.resources;
        m_eventLog = Draw(m_world.seed, "log/" + m_run.id).uniform() < m_options.eventLogShare;
    }

    /// The scheduler's part, then a person's.
    base::Result<void> walk()
    {
        base::Instant start = m_run.scheduled.plusSeconds(queued(1));
        m_end = start;
        if (start >= m_world.to)
            return {};
        for (int number = 1;; ++number) {
            const Trial result =
                attempt(number, start, number == 1 ? model::Trigger::Scheduled : model::Trigger::AutoRetry);
            if (m_cut || result.outcome == model::Outcome::Succeeded)
                return {};
            const auto domain = static_cast<std::size_t>(result.kind->domain);
            Draw draw(m_world.seed, "decide/" + m_run.id + "/" + std::to_string(number));
            const bool teaches = result.kind->origin == Origin::Memory && !m_ranOut;
            m_ranOut = m_ranOut || teaches;
            const Choice choice =
                choose(*result.kind, m_resources, m_used[domain], teaches ? m_options.exploration : 0.0, draw);
            note(choice);
            start = m_end.plusSeconds(backoffSeconds(result.kind->domain, m_used[domain]) + queued(number + 1));
            MULLIGAN_CHECK(tellTruth(*result.kind, number + 1, start));
            if (choice.action == "stop")
                return callPerson(*result.kind, number);
            m_resources = choice.resources;
            ++m_used[domain];
            if (start >= m_world.to) {
                m_cut = true;
                return {};
            }
        }
    }

    double queued(int number)
    {
        Draw draw(m_world.seed, "queue/" + m_run.id + "/" + std::to_string(number));
        return decimals(draw.uniform(2.0, 40.0), 3);
    }

    void note(const Choice &choice)
    {
        model::Attempt &failed = m_chain.back().attempt;
        failed.action = choice.action;
        failed.actionProbability = decimals(choice.probability, 4);
        failed.policyVersion = "incumbent-1";
        m_counts.explored += choice.explored ? 1 : 0;
    }

    base::Result<void> tellTruth(const Kind &kind, int number, base::Instant start)
    {
        for (const Resources &resources : truthGrid(kind, m_resources)) {
            Trial result = trial(m_world, m_job, m_state, m_run, number, start, resources);
            MULLIGAN_CHECK(m_sink.potential({m_job.name, m_run.id, number, resources, result}));
        }
        return {};
    }

    base::Result<void> callPerson(const Kind &first, int number)
    {
        const Kind *kind = &first;
        for (int tries = 1;; ++tries) {
            const base::Instant when = takenUp(m_end, m_draw);
            const double minutes = decimals(std::clamp(m_draw.logNormal(kind->minutes, 0.6), 3.0, 480.0), 1);
            const bool logged = m_draw.chance(0.85);
            const bool gaveUp = tries > kManualTries || m_draw.chance(0.05);
            const base::Instant start = when.plusSeconds(std::floor(minutes * 60.0));
            if (start >= m_world.to) {
                m_cut = true;
                return {};
            }
            if (gaveUp) {
                if (logged)
                    m_chain.back().attempt.manualMinutes = minutes;
                m_end = start;
                return {};
            }
            repair(*kind, start);
            const Trial result = attempt(number + tries, start, model::Trigger::Manual);
            if (logged)
                m_chain.back().attempt.manualMinutes = minutes;
            if (m_cut || result.outcome == model::Outcome::Succeeded)
                return {};
            kind = result.kind;
        }
    }

    void repair(const Kind &kind, base::Instant now)
    {
        const bool right = m_draw.chance(0.9);
        const bool keeps = m_draw.chance(m_job.keepsRepairs);
        const double drawn = m_draw.uniform();
        switch (kind.origin) {
        case Origin::Memory: repairMemory(kind, keeps, drawn); break;
        case Origin::Incident:
            if (right && m_state.incident != nullptr)
                m_state.incidentTo = std::min(m_state.incidentTo, now);
            break;
        case Origin::Internal:
            if (m_run.internalOverhead > 0.0)
                m_resources = multiplied(m_resources, kind, 2.0);
            else if (right)
                m_run.internalTo = std::min(m_run.internalTo, now);
            break;
        case Origin::Timeout:
            if (drawn < 0.5)
                m_state.timeoutSeconds *= 1.75;
            else
                m_resources.instances = std::min(500, m_resources.instances * 2);
            if (keeps && drawn >= 0.5)
                m_state.resources.instances = m_resources.instances;
            break;
        case Origin::Burst:
        case Origin::Background: break; // the person only starts it again
        }
    }

    void repairMemory(const Kind &kind, bool keeps, double drawn)
    {
        const double factor = drawn < 0.15 ? 1.5 : drawn < 0.75 ? 2.0 : drawn < 0.86 ? 3.0 : drawn < 0.9 ? 4.0 : 0.0;
        const Resources more = multiplied(m_resources, kind, std::max(1.0, factor));
        if (factor == 0.0 || more == m_resources) {
            // The code is repaired instead; data grow into the room that gives.
            m_state.needScale = std::max(0.5, m_state.needScale * m_draw.uniform(0.7, 0.9));
            return;
        }
        m_resources = more;
        if (keeps)
            settingOf(m_state.resources, kind) = settingOf(m_resources, kind);
    }

    /// Runs one attempt and sets down what is logged of it.
    Trial attempt(int number, base::Instant start, model::Trigger trigger)
    {
        const Trial result = trial(m_world, m_job, m_state, m_run, number, start, m_resources);
        m_end = start.plusSeconds(result.seconds);
        m_cut = m_end > m_world.to;
        if (m_cut)
            m_end = m_world.to;
        Logged logged;
        logged.kind = m_cut ? nullptr : result.kind;
        logged.resources = m_resources;
        logged.scheduled = m_run.scheduled;
        logged.eventLog = m_eventLog;
        describe(logged.attempt, number, start, trigger);
        if (!m_cut)
            measureInto(logged, result);
        m_chain.push_back(std::move(logged));
        return result;
    }

    void describe(model::Attempt &attempt, int number, base::Instant start, model::Trigger trigger)
    {
        attempt.job = m_job.name;
        attempt.run = m_run.id;
        attempt.attempt = number;
        attempt.startedAt = start;
        attempt.endedAt = m_end;
        attempt.workflow = m_job.workflow;
        attempt.owner = m_job.owner;
        attempt.team = m_job.team;
        attempt.cluster = clusters()[m_job.cluster].name;
        attempt.queue = m_job.queue;
        attempt.applicationId = "application_" + std::to_string(clusters()[m_job.cluster].epochMs) + "_"
                                + std::to_string((m_job.index + 1) * 100000 + ++m_applications);
        attempt.trigger = trigger;
        attempt.config = m_resources.config();
    }

    void measureInto(Logged &logged, const Trial &result)
    {
        model::Attempt &attempt = logged.attempt;
        attempt.outcome = result.outcome;
        attempt.exitCode = result.kind == nullptr ? 0 : result.kind->exitCode;
        attempt.metrics = result.metrics;
        const Accounting accounting = clusters()[m_job.cluster].accounting;
        if (accounting == Accounting::Dollars)
            attempt.costUsd = result.costUsd;
        if (accounting != Accounting::Nothing) {
            attempt.vcoreSeconds = decimals(m_resources.vcores() * result.seconds, 3);
            attempt.memoryGbSeconds = decimals(m_resources.gib() * result.seconds, 3);
        }
        Draw draw(m_world.seed, "text/" + m_run.id + "/" + std::to_string(attempt.attempt));
        const TextScene scene{m_job,
                              m_resources,
                              m_run.id,
                              attempt.applicationId,
                              attempt.endedAt,
                              result.neededMib,
                              m_state.timeoutSeconds};
        if (result.kind != nullptr) {
            ErrorText text = failureText(*result.kind, scene, draw);
            attempt.errorText = std::move(text.whole);
            logged.core = std::move(text.core);
        } else if (draw.chance(0.02)) {
            attempt.errorText = harmlessText(scene, draw);
        }
    }

    /// Hands the chain over. Some runs do not say why they started; only those no person touched, since then the gap
    /// tells.
    base::Result<void> hand()
    {
        const bool touched = std::any_of(m_chain.begin(), m_chain.end(), [](const Logged &logged) {
            return logged.attempt.trigger == model::Trigger::Manual;
        });
        const bool silent = !touched && Draw(m_world.seed, "trigger/" + m_run.id).uniform() < 0.05;
        bool failed = false;
        m_counts.runs += m_chain.empty() ? 0 : 1;
        for (Logged &logged : m_chain) {
            if (silent)
                logged.attempt.trigger = model::Trigger::Unset;
            ++m_counts.attempts;
            const bool isFailure =
                logged.attempt.outcome == model::Outcome::Failed || logged.attempt.outcome == model::Outcome::Killed;
            m_counts.failures += isFailure ? 1 : 0;
            failed = failed || isFailure;
            MULLIGAN_CHECK(m_sink.logged(logged));
        }
        m_counts.episodes += failed ? 1 : 0;
        return {};
    }

    const World &m_world;
    const Job &m_job;
    const ChainOptions &m_options;
    ChainSink &m_sink;
    ChainCounts &m_counts;
    Draw m_draw;
    JobState m_state;
    Run m_run;
    Resources m_resources;
    std::vector<Logged> m_chain;
    std::array<int, model::kDomainCount> m_used{};
    base::Instant m_end;   ///< of the last attempt, or of the run when somebody gave it up
    bool m_cut = false;    ///< the data end before the chain does
    bool m_ranOut = false; ///< of some memory, in this run
    bool m_eventLog = false;
    std::uint64_t m_applications = 0;
};

} // namespace

base::Result<void> liveJob(const World &world, const Job &job, const ChainOptions &options, ChainSink &sink,
                           ChainCounts &counts, const std::stop_token &stop)
{
    return Life(world, job, options, sink, counts).live(stop);
}

} // namespace mulligan::synth
