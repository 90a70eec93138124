#include "simulate/cadence.hpp"

#include "core/simulate/generated_history.hpp"
#include "simulate/cadence_figures.hpp"
#include "simulate/replay.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::simulate;

namespace
{

constexpr double kDay = 86400.0;
constexpr double kRunSeconds = 600.0;
constexpr const char *kMemory = "memory_config.executor_heap";

Cadence every(double minutes, WhenAbsent whenAbsent = WhenAbsent::FallBack)
{
    return {CadenceKind::Every, minutes, 0, whenAbsent};
}
Cadence daily(int hour, WhenAbsent whenAbsent = WhenAbsent::FallBack)
{
    return {CadenceKind::Daily, 30.0, hour, whenAbsent};
}

ReplayResult run(const model::History &h, const Cadence &cadence, const CandidateSource &s,
                 const policy::Policy &p = {}, size_t replicates = 0)
{
    base::Progress progress;
    ReplayOptions options;
    options.replicates = replicates;
    options.cadence = cadence;
    auto result = replay(h, p, {}, s, options, {}, progress);
    if (!result)
        qFatal("%s", result.error().text().c_str());
    return std::move(*result);
}

/// Unchanged p .1; twice the memory of the configuration that failed p .8.
class DoublingSource final : public CandidateSource
{
public:
    explicit DoublingSource(const model::History &history) : m_history(history) {}
    [[nodiscard]] bool scored(std::uint32_t) const override { return true; }
    [[nodiscard]] std::string modelVersion(std::uint32_t) const override { return "doubling"; }
    [[nodiscard]] base::Result<std::vector<model::Candidate>>
    candidates(std::uint32_t attempt, std::span<const model::Config> tried) const override
    {
        const model::Config &last =
            tried.empty() ? m_history.configs[m_history.attempts[attempt].config] : tried.back();
        model::Candidate keep;
        keep.supported = true;
        keep.scorer = keep.chooser = {0.1, 1.0, 4.0};
        model::Candidate twice;
        twice.patch["spark.executor.memory"] = std::to_string(2 * std::stoi(last.at("spark.executor.memory"))) + "g";
        twice.memoryRatio = 2.0;
        twice.supported = true;
        twice.scorer = twice.chooser = {0.8, 2.0, 7.0};
        return std::vector{keep, twice};
    }

private:
    const model::History &m_history;
};

/// A history of runs whose first attempt fails at a stated second and which the scheduler retries unchanged, in vain.
struct Runs {
    model::History history;

    Runs()
    {
        history.names.add("");
        for (const char *memory : {"4g", "16g"})
            history.configs.push_back({{"spark.executor.memory", memory}});
    }

    Runs &add(const char *run, double failsAt, int retries = 0, const char *errorClass = kMemory,
              const char *job = "job", std::uint32_t config = 0)
    {
        for (int n = 0; n <= retries; ++n) {
            model::HistoryAttempt a;
            a.job = history.jobs.add(job);
            a.run = history.runs.add(run);
            a.attempt = n + 1;
            a.outcome = model::Outcome::Failed;
            a.trigger = n == 0 ? model::Trigger::Scheduled : model::Trigger::AutoRetry;
            a.endedAt = base::Instant{}.plusSeconds(failsAt);
            a.startedAt = a.endedAt.plusSeconds(-kRunSeconds);
            a.costUsd = 3.0;
            a.config = config;
            a.verdict.edit().errorClass = errorClass;
            a.verdict.edit().rule = "r";
            a.verdict.edit().action = model::RuleAction::Stop;
            history.attempts.push_back(a);
            failsAt += (n == 0 ? 60.0 : 120.0) + kRunSeconds;
        }
        return *this;
    }

    /// What a replay makes of the last run that was added.
    ReplayResult under(const Cadence &cadence, const policy::Policy &policy = {})
    {
        model::HistoryAttempt last;
        last.job = history.jobs.add("zz");
        last.run = history.runs.add("end");
        last.outcome = model::Outcome::Succeeded;
        last.startedAt = last.endedAt = base::Instant{}.plusSeconds(90 * kDay);
        history.attempts.push_back(last);
        model::buildEpisodes(history);
        return run(history, cadence, DoublingSource(history), policy);
    }
};

policy::Policy stopping()
{
    policy::Policy p;
    p.askModel.clear();
    p.defaultAction = model::RuleAction::Stop;
    return p;
}

policy::Policy retrying()
{
    policy::Policy p;
    p.askModel.clear();
    p.defaultAction = model::RuleAction::Retry;
    return p;
}

bool near(double a, double b)
{
    return std::abs(a - b) < 1e-9;
}

void compareSteps(const EpisodeOutcome &a, const EpisodeOutcome &b)
{
    QCOMPARE(a.steps.size(), b.steps.size());
    for (size_t i = 0; i < a.steps.size(); ++i) {
        const ReplayStep &x = a.steps[i];
        const ReplayStep &y = b.steps[i];
        QVERIFY(x.action == y.action && x.reason == y.reason && x.provenance == y.provenance && x.answer == y.answer);
        QVERIFY(x.probability == y.probability && x.success == y.success && x.delaySeconds == y.delaySeconds
                && x.stalenessSeconds == y.stalenessSeconds && x.waitingSeconds == y.waitingSeconds);
    }
}

/// Bit for bit.
void compareOutcomes(const ReplayResult &a, const ReplayResult &b)
{
    QCOMPARE(a.episodes.size(), b.episodes.size());
    for (size_t i = 0; i < a.episodes.size(); ++i) {
        const EpisodeOutcome &x = a.episodes[i];
        const EpisodeOutcome &y = b.episodes[i];
        QVERIFY(x.parts == y.parts && x.counts == y.counts && x.contributions == y.contributions);
        QVERIFY(x.policyF == y.policyF && x.policyX == y.policyX && x.policyPerson == y.policyPerson
                && x.policyGross == y.policyGross && x.policyRemediated == y.policyRemediated
                && x.wronglyStopped == y.wronglyStopped && x.unsupportedNet == y.unsupportedNet);
        QCOMPARE(x.recovery.size(), y.recovery.size());
        for (size_t k = 0; k < x.recovery.size(); ++k)
            QVERIFY(x.recovery[k].seconds == y.recovery[k].seconds && x.recovery[k].weight == y.recovery[k].weight);
        compareSteps(x, y);
    }
}

} // namespace

class TestCadence : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cadenceFromText_good_readsBack_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("seconds");
        QTest::newRow("on failure") << QStringLiteral("on_failure") << qint64(0);
        QTest::newRow("half an hour") << QStringLiteral("30m") << qint64(1800);
        QTest::newRow("two hours") << QStringLiteral("2h") << qint64(7200);
        QTest::newRow("half a minute") << QStringLiteral("0.5m") << qint64(30);
        QTest::newRow("daily") << QStringLiteral("daily") << qint64(86400);
        QTest::newRow("daily at six") << QStringLiteral("daily@6") << qint64(86400);
    }
    void cadenceFromText_good_readsBack()
    {
        QFETCH(QString, text);
        QFETCH(qint64, seconds);
        const auto read = cadenceFromText(text.toStdString());
        QVERIFY2(read.has_value(), read ? "" : read.error().text().c_str());
        QCOMPARE(read->periodMs(), std::int64_t(seconds) * 1000);
        QCOMPARE(QString::fromStdString(toText(*read)), text);
    }

    void cadenceFromText_bad_saysWhatThereIs_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("nothing") << QString() << QStringLiteral("on_failure");
        QTest::newRow("a number without a unit") << QStringLiteral("30") << QStringLiteral("30m");
        QTest::newRow("seconds") << QStringLiteral("30s") << QStringLiteral("30m");
        QTest::newRow("a unit without a number") << QStringLiteral("m") << QStringLiteral("30m");
        QTest::newRow("a negative number") << QStringLiteral("-30m") << QStringLiteral("30m");
        QTest::newRow("no time at all") << QStringLiteral("0m") << QStringLiteral("0 minutes");
        QTest::newRow("more than a day") << QStringLiteral("25h") << QStringLiteral("1500 minutes");
        QTest::newRow("not a number") << QStringLiteral("nanm") << QStringLiteral("30m");
        QTest::newRow("an hour too many") << QStringLiteral("daily@24") << QStringLiteral("24");
        QTest::newRow("half an hour of the day") << QStringLiteral("daily@6.5") << QStringLiteral("daily@6");
        QTest::newRow("daily with no at") << QStringLiteral("daily6") << QStringLiteral("daily@6");
        QTest::newRow("another word") << QStringLiteral("hourly") << QStringLiteral("on_failure");
    }
    void cadenceFromText_bad_saysWhatThereIs()
    {
        QFETCH(QString, text);
        QFETCH(QString, says);
        const auto read = cadenceFromText(text.toStdString());
        QVERIFY(!read.has_value());
        QVERIFY(read.error().code == base::ErrorCode::InvalidArgument);
        QVERIFY2(QString::fromStdString(read.error().text()).contains(says), read.error().text().c_str());
    }

    void batchFrom_anyTime_isTheFirstAtOrAfter_data()
    {
        QTest::addColumn<QString>("cadence");
        QTest::addColumn<double>("at");
        QTest::addColumn<double>("batch");
        QTest::addColumn<double>("before");
        QTest::newRow("just before") << QStringLiteral("30m") << 1799.999 << 1800.0 << 0.0;
        QTest::newRow("at the batch") << QStringLiteral("30m") << 1800.0 << 1800.0 << 0.0;
        QTest::newRow("just after") << QStringLiteral("30m") << 1800.001 << 3600.0 << 1800.0;
        QTest::newRow("before 1970") << QStringLiteral("30m") << -1.0 << 0.0 << -1800.0;
        QTest::newRow("midnight") << QStringLiteral("daily") << kDay + 1.0 << 2 * kDay << kDay;
        QTest::newRow("before six") << QStringLiteral("daily@6") << kDay + 3600.0 << kDay + 21600.0 << 21600.0;
        QTest::newRow("after six") << QStringLiteral("daily@6") << kDay + 25200.0 << 2 * kDay + 21600.0
                                   << kDay + 21600.0;
        QTest::newRow("on failure") << QStringLiteral("on_failure") << 17.0 << 17.0 << 17.0;
    }
    void batchFrom_anyTime_isTheFirstAtOrAfter()
    {
        QFETCH(QString, cadence);
        QFETCH(double, at);
        QFETCH(double, batch);
        QFETCH(double, before);
        const auto read = cadenceFromText(cadence.toStdString());
        QVERIFY(read.has_value());
        const auto t = base::Instant{}.plusSeconds(at);
        QCOMPARE(read->batchFrom(t).ms, base::Instant{}.plusSeconds(batch).ms);
        QCOMPARE(read->batchBefore(t).ms, base::Instant{}.plusSeconds(before).ms);
    }

    void replay_cadenceOutOfRange_isRefused()
    {
        const auto h = tests::generatedHistory(3, 5, 1);
        base::Progress progress;
        ReplayOptions options;
        options.cadence = every(0.0);
        const auto r = replay(h, {}, {}, tests::HashedSource(1), options, {}, progress);
        QVERIFY(!r && r.error().code == base::ErrorCode::InvalidArgument);
    }

    void walk_batchBeforeTheRetry_isAnsweredByItsOwn()
    {
        // Fails at 1790; the batch at 1800 is done before the retry at 1850. That one would fail at 2450 and be retried
        // at 2570, when the newest batch knows the first failure only: 8g again, which changes nothing, p = .1.
        const auto r = Runs().add("r", 1790.0, 2).under(every(30.0));
        const auto &o = r.episodes.at(0);
        QCOMPARE(o.steps.size(), size_t(3));
        QVERIFY(o.steps[0].answer == Answer::Own && o.steps[0].action == policy::Action::RetryWithConfig);
        QCOMPARE(o.steps[0].stalenessSeconds, 60.0);
        QCOMPARE(o.steps[0].waitingSeconds, 0.0);
        QVERIFY(o.steps[1].answer == Answer::Older && o.steps[1].action == policy::Action::Retry);
        QCOMPARE(o.steps[1].stalenessSeconds, 2570.0 - 1790.0);
        QVERIFY(near(o.steps[1].probability, 0.2));
        QVERIFY(o.steps[2].answer == Answer::Bound && o.steps[2].reason == policy::Reason::Limit);
        QVERIFY(near(o.policyPerson, 0.2 * 0.9));
        QVERIFY(near(o.policyF, 0.2 * 2.0 + 0.18 * 1.0));
        QVERIFY(near(r.cadence.own, 1.0) && near(r.cadence.older, 0.2) && near(r.cadence.none, 0.0));
        QVERIFY(near(r.cadence.bound, 0.18));
        QCOMPARE(r.cadence.stalenessMedian, 60.0);
        QCOMPARE(r.cadence.stalenessP95, 780.0);
    }

    void walk_batchAfterTheRetryAndNothingOlder_fallsBackToHistory()
    {
        const auto r = Runs().add("r", 1810.0, 2).under(every(30.0));
        const auto &o = r.episodes.at(0);
        QCOMPARE(o.net(), 0.0);
        QCOMPARE(o.counts[static_cast<size_t>(model::Provenance::Observed)], 3u);
        QCOMPARE(r.cadence.none, 2.0);
        QCOMPARE(r.cadence.bound, 1.0);
        QCOMPARE(r.cadence.own + r.cadence.older, 0.0);
        QCOMPARE(r.cadence.jobs, std::uint64_t(1));
        QCOMPARE(r.cadence.jobsWithout, std::uint64_t(1));
        QCOMPARE(r.cadence.stalenessP95, 0.0);
    }

    void walk_batchAfterTheRetryAndNothingOlder_waitsForIt()
    {
        const auto r = Runs().add("r", 1810.0, 2).under(every(30.0, WhenAbsent::Wait));
        const auto &o = r.episodes.at(0);
        QVERIFY(o.steps[0].answer == Answer::Own && o.steps[0].action == policy::Action::RetryWithConfig);
        QCOMPARE(o.steps[0].delaySeconds, 1790.0);
        QCOMPARE(o.steps[0].stalenessSeconds, 1790.0);
        QCOMPARE(o.steps[0].waitingSeconds, 1730.0);
        // Completing takes as long as the failed run times C_s ÷ C_f = 3.5.
        QCOMPARE(o.recovery.at(0).seconds, 1790.0 + 3.5 * kRunSeconds);
        QVERIFY(near(o.recovery.at(0).weight, 0.8));
        // The next failure, at 4200, is retried at 4320, when the batch of 3600 still knows the first one.
        QVERIFY(o.steps[1].answer == Answer::Older);
        QCOMPARE(o.steps[1].stalenessSeconds, 4320.0 - 1810.0);
        QCOMPARE(r.cadence.jobsWithout, std::uint64_t(0));
    }

    void walk_earlierFailureOfTheJob_answers_data()
    {
        QTest::addColumn<double>("failedAt");
        QTest::addColumn<QString>("errorClass");
        QTest::addColumn<QString>("job");
        QTest::addColumn<int>("config");
        QTest::addColumn<double>("expiryDays");
        QTest::addColumn<bool>("answered");
        const auto row = [](const char *name, double failedAt, const char *errorClass, const char *job, int config,
                            double expiryDays, bool answered) {
            QTest::newRow(name) << failedAt << QString::fromLatin1(errorClass) << QString::fromLatin1(job) << config
                                << expiryDays << answered;
        };
        row("a day before", 1800.0, kMemory, "job", 0, 30.0, true);
        row("a day before, about to expire", 1800.0, kMemory, "job", 0, 1.001, true);
        row("a day before, expired", 1800.0, kMemory, "job", 0, 1.0, false);
        row("in the same batch as its end", kDay + 1800.0, kMemory, "job", 0, 30.0, true);
        row("after the newest batch", kDay + 1801.0, kMemory, "job", 0, 30.0, false);
        row("of another class", 1800.0, "memory_config.driver_heap", "job", 0, 30.0, false);
        row("of another job", 1800.0, kMemory, "other", 0, 30.0, false);
        row("made for another configuration", 1800.0, kMemory, "job", 1, 30.0, false);
    }
    void walk_earlierFailureOfTheJob_answers()
    {
        QFETCH(double, failedAt);
        QFETCH(QString, errorClass);
        QFETCH(QString, job);
        QFETCH(int, config);
        QFETCH(double, expiryDays);
        QFETCH(bool, answered);
        const QByteArray itsClass = errorClass.toLatin1();
        const QByteArray itsJob = job.toLatin1();
        policy::Policy p;
        p.expiryDays = expiryDays;
        Runs runs;
        runs.add("a", failedAt, 0, itsClass.constData(), itsJob.constData(), static_cast<std::uint32_t>(config));
        runs.add("b", kDay + 1810.0, 2);
        const auto r = runs.under(every(30.0), p);
        QCOMPARE(r.episodes.size(), size_t(2));
        for (const auto &o : r.episodes) {
            const model::Episode &episode = runs.history.episodes[o.episode];
            if (runs.history.runs.at(runs.history.attempts[episode.first].run) == "b")
                QVERIFY(o.steps[0].answer == (answered ? Answer::Older : Answer::None));
        }
    }

    void walk_staleConfiguration_isWorthWhatItsCandidateIs()
    {
        Runs runs;
        runs.add("a", 1800.0).add("b", kDay + 1810.0, 2);
        const auto r = runs.under(every(30.0));
        const auto &o = r.episodes.at(1);
        QVERIFY(o.steps[0].answer == Answer::Older && o.steps[0].action == policy::Action::RetryWithConfig);
        QCOMPARE(o.steps[0].success, 0.8);
        QCOMPARE(o.steps[0].stalenessSeconds, kDay + 1870.0 - 1800.0);
        QCOMPARE(o.steps[0].delaySeconds, 60.0);
        QVERIFY(near(o.recovery.at(0).weight, 0.8));
        QCOMPARE(o.recovery.at(0).seconds, 60.0 + 3.5 * kRunSeconds);
    }

    void walk_stopOfItsOwnBatch_handsOverAtTheBatch()
    {
        const auto now = Runs().add("r", 1790.0).under({}, stopping());
        const auto r = Runs().add("r", 1790.0).under(every(30.0), stopping());
        const auto &o = r.episodes.at(0);
        QVERIFY(o.steps[0].answer == Answer::Own && o.steps[0].action == policy::Action::Stop);
        QCOMPARE(o.steps[0].waitingSeconds, 10.0);
        QCOMPARE(o.steps[0].stalenessSeconds, 10.0);
        QCOMPARE(o.recovery.at(0).seconds, now.episodes.at(0).recovery.at(0).seconds + 10.0);
        QCOMPARE(r.cadence.waitingMean, 10.0);
        QCOMPARE(o.net(), 0.0);
    }

    void walk_stopOfAnEarlierFailure_handsOverAtOnce()
    {
        Runs runs;
        runs.add("a", 1800.0).add("b", kDay + 1810.0, 2);
        const auto r = runs.under(every(30.0), stopping());
        const auto &o = r.episodes.at(1);
        QVERIFY(o.steps[0].answer == Answer::Older && o.steps[0].action == policy::Action::Stop);
        QCOMPARE(o.steps[0].waitingSeconds, 0.0);
        QCOMPARE(o.steps[0].stalenessSeconds, kDay + 10.0);
        QCOMPARE(o.net(), 6.0);
    }

    void walk_stopThatComesTooLate_retriesOrWaits()
    {
        const auto back = Runs().add("r", 1810.0, 2).under(every(30.0), stopping());
        QCOMPARE(back.episodes.at(0).net(), 0.0); // the doomed retries are made
        QCOMPARE(back.cadence.none, 2.0);
        const auto wait = Runs().add("r", 1810.0, 2).under(every(30.0, WhenAbsent::Wait), stopping());
        const auto now = Runs().add("r", 1810.0, 2).under({}, stopping());
        QCOMPARE(wait.episodes.at(0).net(), 6.0);
        QCOMPARE(wait.episodes.at(0).recovery.at(0).seconds, now.episodes.at(0).recovery.at(0).seconds + 1790.0);
    }

    void walk_retryLimitAndOverride_needNoRecommendation()
    {
        policy::Policy p;
        p.overrides = {{"job", "", policy::OverrideAction::NeverRetry}};
        const auto r = Runs().add("r", 1810.0, 2).under(every(30.0), p);
        QCOMPARE(r.cadence.points, 0.0);
        QCOMPARE(r.cadence.bound, 1.0);
        QCOMPARE(r.cadence.jobs, std::uint64_t(0));
        QCOMPARE(r.episodes.at(0).net(), 6.0);
    }

    void walk_daily_answersAtItsHour()
    {
        QVERIFY(Runs().add("r", kDay - 30.0).under(daily(0)).episodes[0].steps[0].answer == Answer::Own);
        QVERIFY(Runs().add("r", kDay + 30.0).under(daily(0)).episodes[0].steps[0].answer == Answer::None);
        QVERIFY(Runs().add("r", kDay - 30.0).under(daily(6)).episodes[0].steps[0].answer == Answer::None);
        QVERIFY(Runs().add("r", kDay + 21570.0).under(daily(6)).episodes[0].steps[0].answer == Answer::Own);
        const auto wait = Runs().add("r", kDay + 30.0).under(daily(0, WhenAbsent::Wait));
        QCOMPARE(wait.episodes[0].steps[0].delaySeconds, kDay - 30.0);
    }

    void figures_batches_countWhatRefreshingTakes()
    {
        // Failures at 1790 (batch 1800), 1810, 2470 and 3190 (all 3600, one job and class), and another job's at 7000.
        Runs runs;
        runs.add("a", 1790.0, 0).add("b", 1810.0, 2).add("c", 7000.0, 0, kMemory, "other");
        const auto r = runs.under(every(30.0));
        QCOMPARE(r.cadence.batches, std::uint64_t(4)); // 1800, 3600, 5400 and 7200
        QCOMPARE(r.cadence.recomputed, std::uint64_t(3));
        QCOMPARE(r.cadence.recomputedPerBatch(), 0.75);
        Runs again;
        again.add("a", 1790.0, 0).add("b", 1810.0, 2).add("c", 7000.0, 0, kMemory, "other");
        const auto now = again.under({});
        QCOMPARE(now.cadence.batches, std::uint64_t(5));
        QCOMPARE(now.cadence.recomputedPerBatch(), 1.0);
    }

    void replay_everyMillisecond_equalsOnFailureBitForBit()
    {
        for (std::uint64_t seed = 1; seed <= 60; ++seed) {
            const auto h = tests::generatedHistory(4, 6, seed);
            const tests::HashedSource source(seed);
            policy::Policy p;
            p.offerUnsupported = seed % 2 == 0;
            const auto now = run(h, {}, source, p);
            for (const WhenAbsent absent : {WhenAbsent::FallBack, WhenAbsent::Wait})
                compareOutcomes(now, run(h, every(1.0 / 60000.0, absent), source, p));
            QVERIFY(now.cadence.own == now.cadence.points);
            QCOMPARE(now.cadence.jobsWithout, std::uint64_t(0));
        }
    }

    void replay_everySecond_differsFromOnFailureByWaitingOnly()
    {
        for (std::uint64_t seed = 1; seed <= 60; ++seed) {
            const auto h = tests::generatedHistory(4, 6, seed);
            const tests::HashedSource source(seed);
            const auto now = run(h, {}, source);
            const auto soon = run(h, every(1.0 / 60.0), source);
            QCOMPARE(soon.report.savings.net.value, now.report.savings.net.value);
            for (size_t i = 0; i < now.episodes.size(); ++i) {
                const auto &x = now.episodes[i].recovery;
                const auto &y = soon.episodes[i].recovery;
                QCOMPARE(x.size(), y.size());
                for (size_t k = 0; k < x.size(); ++k)
                    QVERIFY(y[k].seconds >= x[k].seconds && y[k].seconds < x[k].seconds + 1.0);
            }
        }
    }

    void replay_anyHistoryAndCadence_addsUp()
    {
        for (std::uint64_t seed = 1; seed <= 150; ++seed) {
            const auto h = tests::generatedHistory(4, 6, seed);
            const tests::HashedSource source(seed);
            for (const WhenAbsent absent : {WhenAbsent::FallBack, WhenAbsent::Wait}) {
                for (const Cadence &cadence : {every(5.0, absent), every(30.0, absent), daily(3, absent)}) {
                    const auto r = run(h, cadence, source);
                    addsUp(r);
                    if (absent == WhenAbsent::Wait)
                        QCOMPARE(r.cadence.none, 0.0);
                    else
                        QVERIFY(r.cadence.waitingMean <= 3600.0);
                }
            }
        }
    }

    void replay_longerCadence_neverAnswersMoreByItsOwnBatch()
    {
        for (std::uint64_t seed = 1; seed <= 60; ++seed) {
            const auto h = tests::generatedHistory(5, 8, seed);
            const tests::HashedSource source(seed, false);
            const std::array cadences{Cadence{}, every(1.0), every(30.0), every(120.0), daily(0)};
            // Where history is followed to the end, the same points are met under every cadence.
            double own = 2.0;
            std::vector<bool> first;
            for (const Cadence &cadence : cadences) {
                const auto kept = run(h, cadence, source, retrying());
                const double share = kept.cadence.shareOf(kept.cadence.own);
                QVERIFY(share <= own);
                own = share;
                const auto r = run(h, cadence, source);
                std::vector<bool> answered;
                for (const auto &o : r.episodes)
                    answered.push_back(o.steps.front().answer == Answer::Own);
                for (size_t i = 0; i < first.size(); ++i)
                    QVERIFY(first[i] || !answered[i]);
                first = answered;
            }
        }
    }

    void replay_twice_isTheSame()
    {
        const auto h = tests::generatedHistory(10, 10, 5);
        const tests::HashedSource source(5);
        const auto a = run(h, every(30.0), source, {}, 50);
        const auto b = run(h, every(30.0), source, {}, 50);
        compareOutcomes(a, b);
        QVERIFY(a.cadence == b.cadence);
        QVERIFY(a.report == b.report);
    }

    void replay_batches_areToldInTheNotes()
    {
        const auto h = tests::generatedHistory(5, 5, 5);
        const auto told = [](const ReplayResult &r) {
            return std::any_of(r.report.notes.begin(), r.report.notes.end(),
                               [](const std::string &note) { return note.find("30m") != std::string::npos; });
        };
        QVERIFY(told(run(h, every(30.0), tests::HashedSource(5))));
        QVERIFY(!told(run(h, {}, tests::HashedSource(5))));
    }

    void cadenceToJson_anyFigures_sharesAddUpToOne()
    {
        const auto h = tests::generatedHistory(10, 10, 5);
        const auto r = run(h, every(30.0), tests::HashedSource(5));
        const formats::Json json = cadenceRowToJson(cadenceRow(r));
        const std::string text = formats::writeJson(json);
        for (const char *key : {"cadence", "when_absent", "own_share", "older_share", "none_share", "net_usd", "policy",
                                "staleness_seconds_median", "jobs_without_share", "recomputed_per_batch"})
            QVERIFY2(text.find("\"" + std::string(key) + "\"") != std::string::npos, key);
    }

private:
    static void addsUp(const ReplayResult &r)
    {
        const model::CadenceFigures &f = r.cadence;
        QVERIFY(f.points == 0.0 || near(f.shareOf(f.own) + f.shareOf(f.older) + f.shareOf(f.none), 1.0));
        QVERIFY(f.jobsWithout <= f.jobs);
        QVERIFY(f.stalenessMedian >= 0.0 && f.stalenessP95 >= f.stalenessMedian);
        std::array<double, 4> weights{};
        double waiting = 0.0;
        for (const auto &o : r.episodes) {
            double parts = 0.0;
            for (const double value : o.parts)
                parts += value;
            QVERIFY(std::abs(parts - o.net()) < 1e-6);
            double ways = 0.0;
            for (const auto &way : o.recovery)
                ways += way.weight;
            QVERIFY(near(ways, 1.0));
            for (const ReplayStep &step : o.steps) {
                QVERIFY(step.stalenessSeconds >= 0.0 && step.waitingSeconds >= 0.0);
                QVERIFY(step.answer != Answer::None || step.action != policy::Action::RetryWithConfig);
                QVERIFY(step.answer != Answer::None || step.action != policy::Action::Stop);
                weights[static_cast<size_t>(step.answer)] += step.probability;
                waiting += step.probability * step.waitingSeconds;
            }
        }
        QVERIFY(near(weights[0], f.bound) && near(weights[1], f.own));
        QVERIFY(near(weights[2], f.older) && near(weights[3], f.none));
        QVERIFY(f.points == 0.0 || near(waiting / f.points, f.waitingMean));
    }
};

QTEST_APPLESS_MAIN(TestCadence)
#include "tst_cadence.moc"
