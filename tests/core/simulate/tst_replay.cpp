#include "simulate/replay.hpp"

#include "base/money.hpp"
#include "core/simulate/generated_history.hpp"
#include "simulate/lab.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::simulate;

namespace
{

policy::Policy incumbent()
{
    policy::Policy p;
    p.askModel.clear();
    p.defaultAction = model::RuleAction::Retry;
    return p;
}

policy::Policy randomPolicy(std::uint64_t seed)
{
    base::Rng rng(seed, "policy");
    policy::Policy p;
    p.defaultThreshold = rng.uniform();
    p.thresholds["memory_config"] = rng.uniform();
    p.retryLimit = {static_cast<int>(rng.below(4)), static_cast<int>(rng.below(12)), static_cast<int>(rng.below(2))};
    p.objective = static_cast<policy::Objective>(rng.below(4));
    p.offerUnsupported = rng.chance(0.7);
    p.exploration = rng.chance(0.3) ? 0.1 : 0.0;
    p.changeConfig = rng.chance(0.8);
    if (rng.chance(0.3))
        p.askModel = {"network", "memory_config", "unclassified", "code"};
    return p;
}

ReplayResult run(const model::History &h, const policy::Policy &p, const CandidateSource &s, size_t replicates = 0)
{
    base::Progress progress;
    ReplayOptions options;
    options.replicates = replicates;
    auto result = replay(h, p, {}, s, options, {}, progress);
    if (!result)
        qFatal("%s", result.error().text().c_str());
    return std::move(*result);
}

/// The same candidates for every failure: unchanged p .1, doubled p .8.
class FixedSource final : public CandidateSource
{
public:
    bool supported = true;
    double unchangedSuccess = 0.1;
    [[nodiscard]] bool scored(std::uint32_t) const override { return true; }
    [[nodiscard]] std::string modelVersion(std::uint32_t) const override { return "fixed"; }
    [[nodiscard]] base::Result<std::vector<model::Candidate>>
    candidates(std::uint32_t, std::span<const model::Config> tried) const override
    {
        model::Candidate keep;
        keep.supported = true;
        keep.scorer = keep.chooser = {unchangedSuccess, 1.0, 4.0};
        model::Candidate twice;
        twice.patch["spark.executor.memory"] = tried.empty() ? "8g" : "16g";
        twice.memoryRatio = 2.0;
        twice.supported = supported;
        twice.scorer = twice.chooser = {0.8, 2.0, 7.0};
        return std::vector{keep, twice};
    }
};

struct Small {
    model::History history;
    explicit Small(const char *errorClass, std::initializer_list<std::pair<model::Outcome, model::Trigger>> attempts,
                   std::uint32_t retryConfig = 0)
    {
        history.names.add("");
        history.configs = {{{"spark.executor.memory", "4g"}}, {{"spark.executor.memory", "8g"}}};
        int n = 0;
        const auto add = [&](const char *run, int number, model::Outcome outcome, model::Trigger trigger,
                             double start) {
            model::HistoryAttempt a;
            a.job = history.jobs.add("job");
            a.run = history.runs.add(run);
            a.attempt = number;
            a.outcome = outcome;
            a.trigger = trigger;
            a.startedAt = base::Instant{}.plusSeconds(start);
            a.endedAt = a.startedAt.plusSeconds(600);
            a.costUsd = 3.0;
            a.config = number > 1 ? retryConfig : 0;
            a.verdict.edit().errorClass = errorClass;
            a.verdict.edit().rule = "r";
            history.attempts.push_back(a);
        };
        for (const auto &[outcome, trigger] : attempts) {
            add("r", n + 1, outcome, trigger, n * 660.0);
            ++n;
        }
        add("zz", 1, model::Outcome::Succeeded, model::Trigger::Scheduled, 90 * 86400.0);
        model::buildEpisodes(history);
    }
};

constexpr auto kFailed = model::Outcome::Failed;
constexpr auto kSucceeded = model::Outcome::Succeeded;
constexpr auto kScheduled = model::Trigger::Scheduled;
constexpr auto kAuto = model::Trigger::AutoRetry;
constexpr auto kManual = model::Trigger::Manual;
constexpr double kLabour = 45.0; // 30 minutes at 90 dollars an hour

size_t at(model::Provenance p)
{
    return static_cast<size_t>(p);
}

double part(const EpisodeOutcome &o, Part p)
{
    return o.parts[static_cast<size_t>(p)];
}

} // namespace

class TestReplay : public QObject
{
    Q_OBJECT

private slots:
    void walk_stopWhereHistoryStopped_isObservedAndChangesNothing()
    {
        const Small s("code.udf", {{kFailed, kScheduled}, {kSucceeded, kManual}});
        policy::Policy p;
        p.defaultAction = model::RuleAction::Stop;
        const auto o = run(s.history, p, FixedSource{}).episodes.at(0);
        QCOMPARE(o.net(), 0.0);
        QCOMPARE(o.policyPerson, 1.0);
        QCOMPARE(o.counts[at(model::Provenance::Observed)], 1u);
    }

    void walk_stopWhereDoomedRetriesFollowed_savesTheirCost()
    {
        const Small s("code.udf", {{kFailed, kScheduled}, {kFailed, kAuto}, {kFailed, kAuto}});
        policy::Policy p;
        p.defaultAction = model::RuleAction::Stop;
        const auto o = run(s.history, p, FixedSource{}).episodes.at(0);
        QCOMPARE(part(o, Part::DoomedRetriesAvoided), 6.0);
        QCOMPARE(o.net(), 6.0);
        QCOMPARE(o.contributions[at(model::Provenance::Observed)], 6.0);
        QCOMPARE(o.wronglyStopped, 0.0);
    }

    void walk_stopWhereARetrySucceeded_isWronglyStopped()
    {
        const Small s("code.udf", {{kFailed, kScheduled}, {kFailed, kAuto}, {kSucceeded, kAuto}});
        policy::Policy p;
        p.defaultAction = model::RuleAction::Stop;
        const auto o = run(s.history, p, FixedSource{}).episodes.at(0);
        QCOMPARE(part(o, Part::DoomedRetriesAvoided), 3.0);
        QCOMPARE(part(o, Part::WronglyStopped), -kLabour);
        QCOMPARE(o.wronglyStopped, 1.0);
        QCOMPARE(o.contributions[at(model::Provenance::Assumed)], kLabour);
        QCOMPARE(o.net(), 3.0 - kLabour);
    }

    void walk_configHistoryTried_isObserved()
    {
        const Small s("memory_config.executor_heap", {{kFailed, kScheduled}, {kSucceeded, kAuto}}, 1);
        const auto o = run(s.history, {}, FixedSource{}).episodes.at(0);
        QCOMPARE(o.net(), 0.0);
        QCOMPARE(o.counts[at(model::Provenance::Observed)], 1u);
        QCOMPARE(o.counts[at(model::Provenance::Modelled)], 0u);
    }

    void walk_configHistoryDidNotTry_isModelledByHand()
    {
        const Small s("memory_config.executor_heap", {{kFailed, kScheduled}, {kFailed, kAuto}, {kFailed, kAuto}});
        const auto o = run(s.history, {}, FixedSource{}).episodes.at(0);
        // Two retries at p .8: F = .2·2 + .04·2; X = (.8 + .16)·(7 − 4); P(person) = .04.
        QCOMPARE(o.counts[at(model::Provenance::Modelled)], 1u);
        QVERIFY(std::abs(o.policyF - 0.48) < 1e-12);
        QVERIFY(std::abs(o.policyX - 2.88) < 1e-12);
        QVERIFY(std::abs(o.policyPerson - 0.04) < 1e-12);
        QVERIFY(std::abs(part(o, Part::FixedByConfig) - 0.96 * kLabour) < 1e-9);
        QVERIFY(std::abs(part(o, Part::AddedRetries) + 0.48) < 1e-12);
        QCOMPARE(part(o, Part::DoomedRetriesAvoided), 6.0);
    }

    void walk_plainRetryHistoryDidNotMake_avoidsInterventions()
    {
        const Small s("code.udf", {{kFailed, kScheduled}, {kSucceeded, kManual}});
        policy::Policy p;
        p.defaultAction = model::RuleAction::Retry;
        p.retryLimit = {1, 1, 1};
        const auto o = run(s.history, p, FixedSource{}).episodes.at(0);
        QVERIFY(std::abs(part(o, Part::InterventionsAvoided) - 0.1 * kLabour) < 1e-9);
        QVERIFY(std::abs(part(o, Part::AddedRetries) + 0.9) < 1e-12);
        QCOMPARE(part(o, Part::DearerConfig), 0.0);
    }

    void walk_unsupportedRecommendation_staysOutsideNet()
    {
        const Small s("memory_config.executor_heap", {{kFailed, kScheduled}, {kFailed, kAuto}});
        FixedSource source;
        source.supported = false;
        const auto o = run(s.history, {}, source).episodes.at(0);
        QCOMPARE(o.net(), 0.0);
        QCOMPARE(o.counts[at(model::Provenance::Unsupported)], 1u);
        QVERIFY(o.unsupportedNet > 0.0);
    }

    void replay_incumbentOnItsOwnHistory_isZeroAndObserved()
    {
        const auto h = tests::generatedHistory(30, 20, 7);
        const auto r = run(h, incumbent(), tests::HashedSource(3));
        QVERIFY(std::abs(r.report.savings.net.value) < 1e-9);
        for (const auto &o : r.episodes)
            for (const double value : o.parts)
                QCOMPARE(value, 0.0);
        QVERIFY(r.report.provenance[at(model::Provenance::Observed)].count > 600);
        QCOMPARE(r.report.provenance[at(model::Provenance::Modelled)].count, std::uint64_t(0));
        QCOMPARE(r.report.policy.remediatedShare.value, r.report.history.remediatedShare.value);
        QCOMPARE(r.report.policy.recoverySecondsP95.value, r.report.history.recoverySecondsP95.value);
    }

    void replay_currencyOfTheEconomics_isTheReports()
    {
        const auto h = tests::generatedHistory(10, 10, 7);
        for (const char *currency : {"USD", "EUR"}) {
            policy::Economics economics;
            economics.currency = currency;
            base::Progress progress;
            const auto r = replay(h, incumbent(), economics, tests::HashedSource(3), {}, {}, progress);
            QVERIFY2(r.has_value(), r ? "" : r.error().text().c_str());
            QCOMPARE(r->report.currency, std::string(currency));
            const std::string &denominator = r->report.savings.allErrorCostShare.denominator;
            QVERIFY2(denominator.ends_with(std::string(" ") + currency), denominator.c_str());
        }
    }

    void replay_anyHistoryAndPolicy_sixPartsAddUpToNet()
    {
        for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
            const auto h = tests::generatedHistory(3, 5, seed);
            const auto r = run(h, randomPolicy(seed), tests::HashedSource(seed));
            double total = 0.0;
            for (const auto &o : r.episodes) {
                double sum = 0.0;
                for (const double value : o.parts)
                    sum += value;
                QVERIFY2(std::abs(sum - o.net()) < 1e-8, qPrintable(QString::number(seed)));
                QVERIFY(part(o, Part::AddedRetries) <= 0.0 && part(o, Part::WronglyStopped) <= 0.0);
                QVERIFY(o.policyPerson >= 0.0 && o.policyPerson <= 1.0 + 1e-12);
                double weight = 0.0;
                for (const auto &way : o.recovery)
                    weight += way.weight;
                QVERIFY(std::abs(weight - 1.0) < 1e-9);
                total += o.net();
            }
            QVERIFY(std::abs(total - r.report.savings.net.value) < 1e-6);
            std::vector<double> parts;
            for (const auto &[key, value] : r.report.savings.parts())
                parts.push_back(value);
            double cents = 0.0;
            for (const double value : base::roundPartsToCents(parts))
                cents += std::round(value * 100.0);
            QVERIFY(std::abs(cents - std::round(100.0 * r.report.savings.net.value)) <= 1.0);
        }
    }

    void lab_anyThresholds_equalsAFullReplay()
    {
        for (std::uint64_t seed = 1; seed <= 12; ++seed) {
            const auto h = tests::generatedHistory(12, 12, seed);
            policy::Policy p = randomPolicy(seed);
            const tests::HashedSource source(seed);
            base::Progress progress;
            ReplayOptions options;
            options.replicates = 100;
            const auto lab = LabTable::compile(h, p, {}, source, options, {}, progress);
            QVERIFY(lab.has_value());
            for (int i = 0; i <= 10; ++i) {
                p.thresholds = {{"memory_config", 0.1 * i}, {"unclassified", 1.0 - 0.1 * i}};
                p.defaultThreshold = 0.05 * i;
                const auto r = run(h, p, source, 100).report;
                const auto point = lab->evaluate(p.thresholds, p.defaultThreshold);
                QVERIFY(std::abs(point.net.value - r.savings.net.value) < 1e-6);
                const auto parts = r.savings.parts();
                for (size_t k = 0; k < kPartCount; ++k)
                    QVERIFY(std::abs(point.parts[k].value - parts[k].second) < 1e-6);
                QVERIFY(std::abs(point.retryCost.value - r.policy.retryCost.value) < 1e-6);
                QVERIFY(std::abs(point.interventions.value - r.policy.interventions.value) < 1e-6);
                QVERIFY(std::abs(point.wronglyStopped.value - r.policy.wronglyStopped.value) < 1e-6);
                QVERIFY(std::abs(point.remediated.value - r.policy.remediatedShare.value) < 1e-9);
                QVERIFY(std::abs(point.unsupportedNet - r.unsupportedNet) < 1e-6);
                for (size_t k = 0; k < model::kProvenanceCount; ++k) {
                    QCOMPARE(point.provenance[k].count, r.provenance[k].count);
                    QVERIFY(std::abs(point.provenance[k].contribution - r.provenance[k].contribution) < 1e-6);
                }
                if (point.net.low && r.savings.net.low)
                    QVERIFY(std::abs(*point.net.low - *r.savings.net.low) < 1e-4 * (1.0 + std::abs(*point.net.low)));
            }
        }
    }

    void replay_cancelled_isAnError()
    {
        std::stop_source stop;
        stop.request_stop();
        base::Progress progress;
        const auto h = tests::generatedHistory(3, 5, 1);
        const auto r = replay(h, {}, {}, tests::HashedSource(1), {}, stop.get_token(), progress);
        QVERIFY(!r && r.error().code == base::ErrorCode::Cancelled);
    }
};

QTEST_APPLESS_MAIN(TestReplay)
#include "tst_replay.moc"
