#include "policy/decide.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::policy;

namespace
{

model::Candidate candidate(double p, double fail, double succeed, double ratio = 1.0, bool supported = true)
{
    model::Candidate c;
    c.memoryRatio = ratio;
    c.supported = supported;
    c.scorer = c.chooser = {p, fail, succeed};
    if (ratio != 1.0)
        c.patch["spark.executor.memory"] = std::to_string(static_cast<int>(4 * ratio)) + "g";
    return c;
}

struct Case {
    Policy policy;
    Economics economics;
    DecisionPoint point;
    model::Verdict verdict;
    std::vector<model::Candidate> candidates{candidate(0.1, 1, 4), candidate(0.6, 1.5, 6, 1.5),
                                             candidate(0.9, 2, 8, 2.0)};

    explicit Case(const char *errorClass = "memory_config.executor_heap")
    {
        point.job = "nightly-load";
        point.run = "r1";
        verdict.errorClass = errorClass;
        verdict.rule = "rule.one";
    }
    [[nodiscard]] Decision decide() const { return policy::decide(policy, economics, point, verdict, candidates); }
};

} // namespace

class TestDecide : public QObject
{
    Q_OBJECT

private slots:
    void decide_withARetryLeft_triesTheCheaperFirstAndTheSaferAtTheLimit()
    {
        Case c;
        c.candidates = {candidate(0.05, 5, 10), candidate(0.8, 5, 12, 2.0), candidate(0.95, 5, 19, 4.0)};
        const Decision first = c.decide();
        QCOMPARE(first.candidate, std::optional<size_t>(1));
        // L = 45. After x2 failed, x4 mends 0.15 of the 0.2 that are left: V = 0.25 (5 + 45) + 0.75 * 9.
        QCOMPARE(first.alternatives[0].expectedCost, 0.2 * (5 + 19.25) + 0.8 * 2);
        c.point.retriesUsed = {1, 0, 0};
        const Decision last = c.decide();
        QCOMPARE(last.candidate, std::optional<size_t>(2));
        QCOMPARE(last.alternatives[0].expectedCost, 0.05 * (5 + 45.0) + 0.95 * 9);
    }

    void decide_everyBranch_data()
    {
        QTest::addColumn<std::function<void(Case &)>>("change");
        QTest::addColumn<QString>("action");
        QTest::addColumn<QString>("reason");
        using Change = std::function<void(Case &)>;
        const auto row = [](const char *what, Change change, const char *action, const char *reason) {
            QTest::newRow(what) << change << QString(action) << QString(reason);
        };
        row(
            "user limit reached stops",
            [](Case &c) {
                c.point.retriesUsed = {2, 0, 0};
            },
            "stop", "limit");
        row(
            "another domain's retries do not count",
            [](Case &c) {
                c.point.retriesUsed = {0, 9, 9};
            },
            "retry_with_config", "best_candidate");
        row(
            "timeouts are not retried by default", [](Case &c) { c.verdict.domain = model::Domain::Timeout; }, "stop",
            "limit");
        row(
            "unclassified counts as user",
            [](Case &c) {
                c.verdict.errorClass = "unclassified";
                c.verdict.domain = model::Domain::Platform;
                c.point.retriesUsed = {2, 0, 0};
            },
            "stop", "limit");
        row(
            "the limit binds overrides",
            [](Case &c) {
                c.policy.overrides = {{"nightly-*", "", OverrideAction::AlwaysRetry}};
                c.point.retriesUsed = {2, 0, 0};
            },
            "stop", "limit");
        row(
            "override always retries",
            [](Case &c) {
                c.policy.overrides = {{"nightly-*", "", OverrideAction::AlwaysRetry}};
            },
            "retry", "override_retry");
        row(
            "override by rule never retries",
            [](Case &c) {
                c.policy.overrides = {{"", "rule.one", OverrideAction::NeverRetry}};
            },
            "stop", "override_stop");
        row(
            "an override for another job does nothing",
            [](Case &c) {
                c.policy.overrides = {{"daily-*", "", OverrideAction::NeverRetry}};
            },
            "retry_with_config", "best_candidate");
        row(
            "never ask the model: transience decides",
            [](Case &c) {
                c.policy.overrides = {{"nightly-????", "", OverrideAction::NeverAskModel}};
            },
            "stop", "rule_stop");
        row(
            "ask_model goes over the rule's stop", [](Case &c) { c.verdict.action = model::RuleAction::Stop; },
            "retry_with_config", "best_candidate");
        row(
            "rule says stop",
            [](Case &c) {
                c.verdict.errorClass = "code.udf";
                c.verdict.action = model::RuleAction::Stop;
            },
            "stop", "rule_stop");
        row(
            "rule says retry",
            [](Case &c) {
                c.verdict.errorClass = "network.timeout";
                c.verdict.action = model::RuleAction::Retry;
            },
            "retry", "rule_retry");
        row(
            "a rule given another action",
            [](Case &c) {
                c.verdict.errorClass = "network.timeout";
                c.verdict.action = model::RuleAction::Retry;
                c.policy.ruleActions["rule.one"] = model::RuleAction::Stop;
            },
            "stop", "rule_stop");
        row(
            "a rule given another action goes over ask_model",
            [](Case &c) { c.policy.ruleActions["rule.one"] = model::RuleAction::Stop; }, "stop", "rule_stop");
        row(
            "one action for all rules",
            [](Case &c) {
                c.policy.askModel.clear();
                c.policy.defaultAction = model::RuleAction::Retry;
            },
            "retry", "rule_retry");
        row(
            "no feasible configuration", [](Case &c) { c.policy.thresholds["memory_config"] = 0.95; }, "stop",
            "infeasible");
        row(
            "nothing supported: the ladder",
            [](Case &c) {
                c.candidates = {candidate(0.1, 1, 4), candidate(0.6, 1, 6, 1.5, false), candidate(0.9, 2, 8, 2, false)};
            },
            "retry_with_config", "best_candidate");
        row(
            "nothing supported, ladder off",
            [](Case &c) {
                c.policy.offerUnsupported = false;
                c.candidates = {candidate(0.1, 1, 4), candidate(0.9, 2, 8, 2, false)};
            },
            "stop", "infeasible");
        row(
            "likely enough",
            [](Case &c) {
                c.verdict.errorClass = "unclassified";
                c.candidates[0].scorer.success = 0.2;
            },
            "retry", "likely_success");
        row(
            "not likely enough", [](Case &c) { c.verdict.errorClass = "unclassified"; }, "stop", "low_success");
        row(
            "configuration must not change", [](Case &c) { c.policy.changeConfig = false; }, "stop", "low_success");
        row(
            "no model: a transient failure is retried",
            [](Case &c) {
                c.candidates.clear();
                c.verdict.transient = true;
            },
            "retry", "rule_retry");
        row(
            "no model: a lasting failure stops", [](Case &c) { c.candidates.clear(); }, "stop", "rule_stop");
    }
    void decide_everyBranch()
    {
        QFETCH(std::function<void(Case &)>, change);
        Case c;
        change(c);
        const Decision d = c.decide();
        QTEST(QString::fromStdString(std::string(name(d.action))), "action");
        QTEST(QString::fromStdString(std::string(name(d.reason))), "reason");
        QVERIFY(!sentence(d).empty());
        QCOMPARE(d.actionProbability, 1.0);
    }

    void decide_ladder_isMarkedUnsupported()
    {
        Case c;
        c.candidates = {candidate(0.1, 1, 4), candidate(0.6, 1, 6, 1.5, false), candidate(0.9, 2, 8, 2, false)};
        const Decision d = c.decide();
        QVERIFY(!d.supported);
        QCOMPARE(d.candidate, std::optional<size_t>(2));
    }

    void sentence_unsupportedChange_namesItsPropertiesAndValues()
    {
        Decision d;
        d.reason = Reason::BestCandidate;
        d.supported = false;
        d.patch = {{"spark.executor.memory", "6g"}, {"spark.executor.cores", "2"}};
        QCOMPARE(sentence(d),
                 std::string("Retry with spark.executor.cores = 2, spark.executor.memory = 6g: history has "
                             "no retry like it, so nothing is promised."));
    }

    void sentence_bestCandidate_namesWhatItChangesAndItsChance()
    {
        Case c;
        c.point.retriesUsed = {1, 0, 0};
        QCOMPARE(sentence(c.decide()),
                 std::string("Retry with spark.executor.memory = 8g: the best choice, with 90 % chance of success."));
        Decision unchanged;
        unchanged.reason = Reason::BestCandidate;
        unchanged.success = 0.9;
        QCOMPARE(sentence(unchanged), std::string("Retry unchanged: the best choice, with 90 % chance of success."));
    }

    void decide_objectives_chooseByTheirFormula()
    {
        Case c;
        c.candidates = {candidate(0.3, 1, 4), candidate(0.6, 1.5, 6, 1.5), candidate(0.9, 20, 80, 2.0)};
        // (1−p)(C_f+45)+pX: 32.2, 19.1, 74.9.
        QCOMPARE(c.decide().candidate, std::optional<size_t>(1));
        c.policy.objective = Objective::FailureTimesCost; // .7·1.9, .4·4.2, .1·74
        QCOMPARE(c.decide().candidate, std::optional<size_t>(0));
        c.policy.objective = Objective::WeightedSum;
        c.policy.weight = 1.0; // failure alone
        QCOMPARE(c.decide().candidate, std::optional<size_t>(2));
        c.policy.objective = Objective::CostUnderFailureBound;
        c.policy.failureBound = 0.2;
        QCOMPARE(c.decide().candidate, std::optional<size_t>(2));
        c.policy.failureBound = 0.05;
        QCOMPARE(c.decide().reason, Reason::Infeasible);
    }

    void decide_chooserPicksAndScorerIsShown()
    {
        Case c;
        c.candidates[1].scorer.success = 0.4;
        c.candidates[2].scorer.success = 0.1; // looked best to the chooser, is not feasible
        const Decision d = c.decide();
        QCOMPARE(d.candidate, std::optional<size_t>(1));
        QCOMPARE(*d.success, 0.4);
        QVERIFY(std::abs(*d.costUsd - (0.6 * 1.5 + 0.4 * 6)) < 1e-12);
        // p* = C_f / (C_f + L − X), X = 6 − 4.
        QVERIFY(std::abs(*d.breakEven - 1.5 / (1.5 + 45.0 - 2.0)) < 1e-12);
        QCOMPARE(d.alternatives.size(), size_t(3));
    }

    void delay_growsAndIsCapped()
    {
        Backoff b;
        QCOMPARE(b.delaySeconds(model::Domain::User, 0), 60.0);
        QCOMPARE(b.delaySeconds(model::Domain::User, 3), 480.0);
        QCOMPARE(b.delaySeconds(model::Domain::User, 4), 600.0);
        QCOMPARE(b.delaySeconds(model::Domain::Platform, 6), 3600.0);
        b.kind = BackoffKind::Fixed;
        QCOMPARE(b.delaySeconds(model::Domain::Platform, 6), 60.0);
        Case c;
        c.point.retriesUsed = {1, 0, 0};
        QCOMPARE(c.decide().delaySeconds, 120.0);
    }

    void exploration_frequencies_areTheLoggedProbabilities()
    {
        Case c;
        c.policy.exploration = 0.15;
        std::map<Action, double> drawn;
        std::map<Action, double> logged;
        constexpr int kRuns = 40'000;
        for (int i = 0; i < kRuns; ++i) {
            const std::string run = "run" + std::to_string(i);
            c.point.run = run;
            const Decision d = c.decide();
            QCOMPARE(d, c.decide());
            drawn[d.action] += 1.0 / kRuns;
            logged[d.action] = d.actionProbability;
        }
        QCOMPARE(logged.size(), size_t(3));
        double sum = 0.0;
        for (const auto &[action, p] : logged) {
            sum += p;
            QVERIFY(std::abs(drawn[action] - p) < 4.0 * std::sqrt(p * (1.0 - p) / kRuns));
        }
        QVERIFY(std::abs(sum - 1.0) < 1e-12);
    }

    void costOf_bestSourceFirst()
    {
        Economics e;
        model::Attempt a;
        a.endedAt = a.startedAt.plusSeconds(3600);
        // Two default executors of 1 core and 1 GiB + 384 MiB, and a driver like them.
        a.config["spark.executor.memory"] = "1g";
        const double hour = 3 * 0.05 + 3 * 1.375 * 0.006;
        QCOMPARE(costOf(a, e).source, model::CostSource::DurationTimesRequest);
        QVERIFY(std::abs(costOf(a, e).usd - hour) < 1e-12);
        QVERIFY(std::abs(hourlyRate(e, {}, "") - (4 * 0.05 + 16 * 0.006)) < 1e-12);
        a.vcoreSeconds = 7200;
        a.cluster = "big";
        e.prices["big"] = {0.1, 0.0};
        QVERIFY(std::abs(costOf(a, e).usd - 0.2) < 1e-12);
        a.costUsd = 9.0;
        QCOMPARE(costOf(a, e).usd, 9.0);
        QCOMPARE(costOf({}, e).source, model::CostSource::None);
    }
};

QTEST_APPLESS_MAIN(TestDecide)
#include "tst_decide.moc"
