#include "synth/chain.hpp"
#include "synth/scheduler.hpp"

#include "base/units.hpp"

#include <QtTest>

#include <map>
#include <set>

using namespace mulligan;
using namespace mulligan::synth;

namespace
{

struct Outcome {
    model::Config config;
    model::Outcome outcome = model::Outcome::Unknown;
    double seconds = 0.0;
    double cost = 0.0;
};

/// Keeps everything.
class Keeper : public ChainSink
{
public:
    base::Result<void> logged(const Logged &logged) override
    {
        attempts.push_back(logged);
        return {};
    }
    base::Result<void> potential(const Potential &p) override
    {
        truth[std::string(p.run) + "/" + std::to_string(p.attempt)].push_back(
            {p.resources.config(), p.trial.outcome, p.trial.seconds, p.trial.costUsd});
        return {};
    }

    std::vector<Logged> attempts;
    std::map<std::string, std::vector<Outcome>> truth;
};

double gapSeconds(const Logged &before, const Logged &after)
{
    return base::secondsBetween(before.attempt.endedAt, after.attempt.startedAt);
}

bool isFailure(const Logged &logged)
{
    return logged.attempt.outcome == model::Outcome::Failed || logged.attempt.outcome == model::Outcome::Killed;
}

} // namespace

class TestChain : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_world = makeWorld(3, 60);
        for (std::uint64_t i = 0; i < 80; ++i) {
            const Job job = makeJob(m_world, i);
            QVERIFY(liveJob(m_world, job, {}, m_keeper, m_counts, {}).has_value());
        }
        QVERIFY(m_counts.failures > 500);
    }

    void truth_ofTheLoggedConfiguration_isTheLoggedOutcome()
    {
        int compared = 0;
        for (const Logged &logged : m_keeper.attempts) {
            const model::Attempt &a = logged.attempt;
            if (a.attempt == 1 || a.trigger == model::Trigger::Manual || a.outcome == model::Outcome::Unknown)
                continue;
            const auto it = m_keeper.truth.find(a.run + "/" + std::to_string(a.attempt));
            QVERIFY2(it != m_keeper.truth.end(), a.run.c_str());
            const auto same = std::find_if(it->second.begin(), it->second.end(),
                                           [&](const Outcome &o) { return o.config == a.config; });
            QVERIFY2(same != it->second.end(), a.run.c_str());
            QCOMPARE(same->outcome, a.outcome);
            QCOMPARE(same->seconds, base::secondsBetween(a.startedAt, a.endedAt));
            if (a.costUsd)
                QCOMPARE(same->cost, *a.costUsd);
            ++compared;
        }
        QVERIFY(compared > 300);
    }

    void truth_ofEveryDecision_isTold()
    {
        for (const Logged &logged : m_keeper.attempts) {
            const model::Attempt &a = logged.attempt;
            if (!isFailure(logged) || a.trigger == model::Trigger::Manual)
                continue;
            const auto it = m_keeper.truth.find(a.run + "/" + std::to_string(a.attempt + 1));
            QVERIFY2(it != m_keeper.truth.end(), a.run.c_str());
            QCOMPARE(it->second.front().config, a.config); // the first is unchanged
            if (logged.kind->id == "executor_heap")
                QVERIFY(it->second.size() > 1);
        }
    }

    void truth_ofMoreMemory_isNeverAMemoryFailureOfTheSameSettingAfterASuccess()
    {
        std::set<std::string> heap;
        for (const Logged &logged : m_keeper.attempts)
            if (isFailure(logged) && logged.kind->id == "executor_heap")
                heap.insert(logged.attempt.run + "/" + std::to_string(logged.attempt.attempt + 1));
        int helped = 0;
        for (const std::string &variant : heap) {
            const auto it = m_keeper.truth.find(variant);
            if (it == m_keeper.truth.end()) // after a manual attempt nobody decides
                continue;
            const auto first = std::find_if(it->second.begin(), it->second.end(),
                                            [](const Outcome &o) { return o.outcome == model::Outcome::Succeeded; });
            helped += first != it->second.end() && first != it->second.begin() ? 1 : 0;
            for (auto later = first; later != it->second.end(); ++later)
                QCOMPARE(later->outcome, model::Outcome::Succeeded);
        }
        QVERIFY(helped > 30);
    }

    void scheduler_retries_withinLimitsAndBackoff()
    {
        std::array<int, model::kDomainCount> used{};
        int retries = 0;
        for (std::size_t i = 0; i < m_keeper.attempts.size(); ++i) {
            const Logged &logged = m_keeper.attempts[i];
            if (logged.attempt.attempt == 1)
                used = {};
            if (!isFailure(logged) || logged.attempt.trigger == model::Trigger::Manual)
                continue;
            const auto domain = static_cast<std::size_t>(logged.kind->domain);
            const bool next =
                i + 1 < m_keeper.attempts.size() && m_keeper.attempts[i + 1].attempt.run == logged.attempt.run;
            const bool retried = logged.attempt.action != "stop";
            if (used[domain] >= kRetryLimit[domain])
                QCOMPARE(logged.attempt.action, std::string("stop"));
            if (!retried || !next)
                continue;
            const Logged &retry = m_keeper.attempts[i + 1];
            const double waited = gapSeconds(logged, retry) - backoffSeconds(logged.kind->domain, used[domain]);
            QVERIFY2(waited >= 0.0 && waited <= 45.0, logged.attempt.run.c_str());
            QCOMPARE(retry.attempt.config == logged.attempt.config, logged.attempt.action == "retry");
            ++used[domain];
            ++retries;
        }
        QVERIFY(retries > 300);
    }

    void scheduler_afterATimeout_doesNotRetry()
    {
        for (std::size_t i = 0; i + 1 < m_keeper.attempts.size(); ++i)
            if (m_keeper.attempts[i].attempt.outcome == model::Outcome::Killed
                && m_keeper.attempts[i + 1].attempt.run == m_keeper.attempts[i].attempt.run)
                QCOMPARE(m_keeper.attempts[i + 1].attempt.trigger, model::Trigger::Manual);
    }

    void scheduler_randomDecisions_areLoggedWithTheirProbability()
    {
        std::map<std::string, int> drawn;
        std::set<std::string> ranOut; // runs with a memory failure before
        for (const Logged &logged : m_keeper.attempts) {
            if (logged.attempt.action.empty())
                continue;
            const double p = *logged.attempt.actionProbability;
            const bool first = logged.kind->origin == Origin::Memory && ranOut.insert(logged.attempt.run).second;
            if (logged.attempt.action == "retry_with_config") {
                QVERIFY(first);
                // A third of a tenth; more where the ceiling makes two or three draws one configuration.
                QVERIFY2(p == 0.0333 || p == 0.0667 || p == 0.1, std::to_string(p).c_str());
            } else if (logged.attempt.action == "retry") {
                QVERIFY2(first ? p >= 0.9 : p == 1.0, std::to_string(p).c_str());
            } else {
                QCOMPARE(p, 1.0);
            }
            ++drawn[logged.attempt.action];
        }
        QVERIFY2(drawn["retry_with_config"] >= 15, std::to_string(drawn["retry_with_config"]).c_str());
        QCOMPARE(m_counts.explored, std::uint64_t(drawn["retry_with_config"]));
    }

    void attempts_thatRanOutOfHeap_peakAtTheirHeap()
    {
        int seen = 0;
        for (const Logged &logged : m_keeper.attempts) {
            if (logged.kind == nullptr || logged.kind->id != "executor_heap")
                continue;
            const double heap = *base::parseBytes(logged.attempt.config.at("spark.executor.memory"), base::kMiB);
            const double peak = logged.attempt.metrics.at("peak_heap_bytes");
            QVERIFY(peak > 0.9 * heap && peak <= heap);
            ++seen;
        }
        QVERIFY(seen > 50);
    }

    void failures_areCheaperThanCompletingRuns()
    {
        std::map<std::string, double> completing;
        for (const Logged &logged : m_keeper.attempts)
            if (logged.attempt.outcome == model::Outcome::Succeeded && logged.attempt.costUsd)
                completing[logged.attempt.run] = *logged.attempt.costUsd;
        int cheaper = 0;
        int dearer = 0;
        for (const Logged &logged : m_keeper.attempts) {
            const auto it = completing.find(logged.attempt.run);
            if (logged.kind == nullptr || logged.kind->id != "executor_heap" || !logged.attempt.costUsd
                || it == completing.end())
                continue;
            ++(*logged.attempt.costUsd < it->second ? cheaper : dearer);
        }
        QVERIFY2(cheaper > 10 * dearer && cheaper > 20, std::to_string(cheaper).c_str());
    }

    void data_endWithChainsUnfinished()
    {
        bool open = false;
        for (std::size_t i = 0; i < m_keeper.attempts.size(); ++i) {
            const Logged &logged = m_keeper.attempts[i];
            QVERIFY(logged.attempt.endedAt <= m_world.to);
            const bool last = i + 1 == m_keeper.attempts.size() || m_keeper.attempts[i + 1].attempt.attempt == 1;
            const double left = base::secondsBetween(logged.attempt.endedAt, m_world.to);
            open = open || (last && isFailure(logged) && left < 3 * 86400.0)
                   || logged.attempt.outcome == model::Outcome::Unknown;
        }
        QVERIFY(open);
    }

    void choose_nearTheCeiling_addsUpTheChancesOfEqualConfigurations()
    {
        Resources resources;
        resources.executorMemory = 40960;
        double changed = 0.0;
        double kept = 0.0;
        for (int i = 0; i < 400; ++i) {
            Draw draw(1, "ceiling/" + std::to_string(i));
            const Choice choice = choose(memoryKind("executor_heap"), resources, 0, 0.9, draw);
            if (choice.action == "retry")
                kept = choice.probability;
            else if (choice.resources.executorMemory == 65536)
                changed = choice.probability;
        }
        QVERIFY(std::abs(changed - 0.6) < 1e-12); // ×2 and ×3 end at the same size
        QVERIFY(std::abs(kept - 0.1) < 1e-12);
        resources.executorMemory = 65536;
        Draw draw(1, "full");
        const Choice full = choose(memoryKind("executor_heap"), resources, 0, 0.9, draw);
        QCOMPARE(std::string(full.action), std::string("retry"));
        QVERIFY(std::abs(full.probability - 1.0) < 1e-12);
    }

    void memoryFailures_retriedUnchanged_seldomSucceed()
    {
        int retried = 0;
        int lucky = 0;
        for (std::size_t i = 0; i + 1 < m_keeper.attempts.size(); ++i) {
            const Logged &failed = m_keeper.attempts[i];
            const Logged &next = m_keeper.attempts[i + 1];
            if (!isFailure(failed) || failed.kind->origin != Origin::Memory || next.attempt.run != failed.attempt.run
                || next.attempt.outcome == model::Outcome::Unknown || failed.attempt.action != "retry")
                continue;
            ++retried;
            lucky += next.attempt.outcome == model::Outcome::Succeeded ? 1 : 0;
        }
        const double share = double(lucky) / retried;
        QVERIFY2(retried > 150 && share > 0.04 && share < 0.22, std::to_string(share).c_str());
    }

    void userErrors_retriedUnchanged_surpriseOnlyNowAndThen()
    {
        int retried = 0;
        int lucky = 0;
        for (std::size_t i = 0; i + 1 < m_keeper.attempts.size(); ++i) {
            const Logged &failed = m_keeper.attempts[i];
            const Logged &next = m_keeper.attempts[i + 1];
            if (!isFailure(failed) || failed.kind->origin != Origin::Incident || failed.attempt.action != "retry"
                || next.attempt.run != failed.attempt.run || next.attempt.outcome == model::Outcome::Unknown)
                continue;
            ++retried;
            lucky += next.attempt.outcome == model::Outcome::Succeeded ? 1 : 0;
        }
        QVERIFY2(retried > 150 && lucky * 100 <= retried * 8, std::to_string(lucky).c_str());
    }

    void failedAttempts_costDollars_withAHeavyTail()
    {
        std::vector<double> costs;
        double sum = 0.0;
        for (const Logged &logged : m_keeper.attempts)
            if (isFailure(logged) && logged.attempt.costUsd) {
                costs.push_back(*logged.attempt.costUsd);
                sum += costs.back();
            }
        std::sort(costs.begin(), costs.end());
        const double mean = sum / double(costs.size());
        QVERIFY2(mean > 1.0 && mean < 12.0, std::to_string(mean).c_str());
        QVERIFY(costs[costs.size() / 2] < 0.6 * mean);
        QVERIFY(costs.back() > 10.0 * mean);
    }

    void backoff_grows_asTheIncumbentPolicySays_data()
    {
        QTest::addColumn<int>("domain");
        QTest::addColumn<int>("used");
        QTest::addColumn<double>("seconds");
        QTest::newRow("the first user retry waits a minute") << 0 << 0 << 60.0;
        QTest::newRow("the second two minutes") << 0 << 1 << 120.0;
        QTest::newRow("a user retry never more than ten minutes") << 0 << 9 << 600.0;
        QTest::newRow("the sixth platform retry waits 32 minutes") << 1 << 5 << 1920.0;
        QTest::newRow("a platform retry never more than an hour") << 1 << 9 << 3600.0;
    }
    void backoff_grows_asTheIncumbentPolicySays()
    {
        QFETCH(int, domain);
        QFETCH(int, used);
        QFETCH(double, seconds);
        QCOMPARE(backoffSeconds(static_cast<model::Domain>(domain), used), seconds);
    }

    void takenUp_onASaturday_waitsForMonday()
    {
        const base::Instant saturday = base::fromCivil(2026, 1, 10, 12);
        int onCall = 0;
        for (int i = 0; i < 200; ++i) {
            Draw draw(1, "person/" + std::to_string(i));
            const base::Instant at = takenUp(saturday, draw);
            QVERIFY(at > saturday);
            if (at < base::fromCivil(2026, 1, 12, 8))
                ++onCall;
            else
                QVERIFY(at < base::fromCivil(2026, 1, 12, 15));
        }
        QVERIFY(onCall > 5 && onCall < 60);
    }

private:
    World m_world;
    Keeper m_keeper;
    ChainCounts m_counts;
};

QTEST_GUILESS_MAIN(TestChain)
#include "tst_chain.moc"
