#include "predict/context.hpp"

#include "world.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::predict;

namespace
{

/// One job: attempts of two hours' distance, each an hour long.
model::History threeAttempts()
{
    model::History h;
    h.names.add("");
    h.configs = {{{"spark.executor.memory", "4g"}}, {{"spark.executor.memory", "8g"}}};
    const auto add = [&](const char *run, int number, model::Outcome outcome, int hour, std::uint32_t config) {
        model::HistoryAttempt a;
        a.id = hour + 1;
        a.job = h.jobs.add("etl");
        a.run = h.runs.add(run);
        a.owner = h.names.add("ann");
        a.attempt = number;
        a.outcome = outcome;
        a.trigger = number > 1 ? model::Trigger::AutoRetry : model::Trigger::Scheduled;
        a.config = config;
        a.startedAt = base::fromCivil(2026, 1, 1, hour);
        a.endedAt = base::fromCivil(2026, 1, 1, hour + 1);
        a.costUsd = 2.0;
        a.metrics = model::Metrics{{std::string(model::metric::kPeakHeapBytes), 1e9 * (hour + 1)}};
        a.verdict.edit().errorClass = "memory_config.executor_heap";
        h.attempts.push_back(a);
    };
    add("1", 1, model::Outcome::Failed, 0, 0);
    add("1", 2, model::Outcome::Failed, 2, 0);
    add("1", 3, model::Outcome::Succeeded, 4, 1);
    add("2", 1, model::Outcome::Failed, 10, 0);
    model::buildEpisodes(h);
    return h;
}

} // namespace

class TestContext : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void job_atAMoment_countsOnlyWhatHadEnded_data()
    {
        QTest::addColumn<int>("hour");
        QTest::addColumn<double>("attempts");
        QTest::addColumn<double>("failures");
        QTest::addColumn<double>("retries");
        QTest::addColumn<double>("retrySuccesses");
        QTest::addColumn<double>("peak");
        QTest::newRow("before anything") << 0 << 0.0 << 0.0 << 0.0 << 0.0 << 0.0;
        QTest::newRow("at the first failure's end, which does not count itself")
            << 1 << 0.0 << 0.0 << 0.0 << 0.0 << 0.0;
        QTest::newRow("while the second runs") << 2 << 1.0 << 1.0 << 0.0 << 0.0 << 1e9;
        QTest::newRow("after the failed retry") << 4 << 2.0 << 2.0 << 1.0 << 0.0 << 3e9;
        QTest::newRow("after the success") << 6 << 3.0 << 2.0 << 2.0 << 1.0 << 5e9;
    }
    void job_atAMoment_countsOnlyWhatHadEnded()
    {
        QFETCH(int, hour);
        const PastIndex past = PastIndex::build(threeAttempts());
        const PastCounts counts = past.job("etl", base::fromCivil(2026, 1, 1, hour));
        QTEST(counts.attempts, "attempts");
        QTEST(counts.failures, "failures");
        QTEST(counts.retries, "retries");
        QTEST(counts.retrySuccesses, "retrySuccesses");
        QTEST(counts.peakHeapBytes, "peak");
        QCOMPARE(past.owner("ann", base::fromCivil(2026, 1, 1, hour)), counts);
        QCOMPARE(past.job("unknown", base::fromCivil(2026, 1, 1, hour)), PastCounts());
    }

    void contextAt_secondFailure_remembersWhatWasTried()
    {
        const model::History h = threeAttempts();
        const PastIndex past = PastIndex::build(h);
        const RetryContext context = contextAt(h, past, 1);
        QCOMPARE(context.attempt, 2);
        QCOMPARE(context.tried, std::vector<model::Config>{h.configs[0]});
        QCOMPARE(context.seconds, 3600.0);
        QCOMPARE(context.trigger, model::Trigger::AutoRetry);
        QCOMPARE(context.jobPast, PastCounts()); // what this run tried is no past of its job
        // The next run begins anew.
        QVERIFY(contextAt(h, past, 3).tried.empty());
    }

    void contextOf_theSameFailureInProduction_isTheSame()
    {
        const model::History h = threeAttempts();
        const PastIndex past = PastIndex::build(h);
        const auto record = [&](std::uint32_t i) {
            const model::HistoryAttempt &a = h.attempts[i];
            model::Attempt out;
            out.job = "etl";
            out.owner = "ann";
            out.run = "1";
            out.attempt = a.attempt;
            out.outcome = a.outcome;
            out.startedAt = a.startedAt;
            out.endedAt = a.endedAt;
            out.config = h.configs[a.config];
            out.metrics = a.metrics.all();
            out.costUsd = a.costUsd;
            return out;
        };
        const std::vector<model::Attempt> earlier{record(0)};
        QCOMPARE(contextOf(record(1), h.attempts[1].verdict, "", 0, earlier, past), contextAt(h, past, 1));
    }

    void afterFailedRetry_changedConfiguration_movesTheOldToTried()
    {
        const model::History h = threeAttempts();
        const RetryContext context = contextAt(h, PastIndex::build(h), 1);
        const RetryContext next = afterFailedRetry(context, h.configs[1]);
        QCOMPARE(next.attempt, 3);
        QCOMPARE(next.config, h.configs[1]);
        QCOMPARE(next.tried, (std::vector<model::Config>{h.configs[0], h.configs[0]}));
        QCOMPARE(next.metrics, context.metrics);
    }

    void snapshot_readAgain_answersWithThatStateFromThenOn()
    {
        const model::History h = threeAttempts();
        const PastIndex past = PastIndex::build(h);
        const base::Instant asOf = base::fromCivil(2026, 1, 1, 4);
        const std::string text = past.snapshot(asOf);
        QVERIFY(text.find("2026-01-01T04:00:00Z") < text.find('\n'));
        const auto read = PastIndex::fromSnapshot(text);
        QVERIFY(read.has_value());
        for (const int hour : {4, 6, 23}) {
            QCOMPARE(read->job("etl", base::fromCivil(2026, 1, 1, hour)), past.job("etl", asOf));
            QCOMPARE(read->owner("ann", base::fromCivil(2026, 1, 1, hour)), past.owner("ann", asOf));
        }
        QCOMPARE(read->job("etl", base::fromCivil(2025, 12, 31)), PastCounts());
        QCOMPARE(read->snapshot(asOf), text);
    }

    void snapshot_ofAWorld_survivesEveryDigit()
    {
        const auto world = tests::makeWorld({8, 30, 2, 0.4});
        const PastIndex past = PastIndex::build(world.history);
        const auto read = PastIndex::fromSnapshot(past.snapshot(world.history.dataEnd));
        QVERIFY(read.has_value());
        for (const std::string &job : world.history.jobs.all())
            QCOMPARE(read->job(job, world.history.dataEnd), past.job(job, world.history.dataEnd));
    }

    void fromSnapshot_badText_namesTheLine_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("where");
        QTest::newRow("empty") << QByteArray() << QByteArray("line 1");
        QTest::newRow("no as-of line") << QByteArray("{\"job\":\"a\"}\n") << QByteArray("line 1");
        QTest::newRow("a date without a zone")
            << QByteArray("{\"as_of\":\"2026-01-01 00:00:00\"}\n") << QByteArray("line 1");
        QTest::newRow("truncated JSON") << QByteArray("{\"as_of\":\"2026-01-01T00:00:00Z\"}\n{\"job\":\"a\n")
                                        << QByteArray("line 2");
        QTest::newRow("neither job nor owner")
            << QByteArray("{\"as_of\":\"2026-01-01T00:00:00Z\"}\n{\"team\":\"a\"}\n") << QByteArray("line 2");
    }
    void fromSnapshot_badText_namesTheLine()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, where);
        const auto read = PastIndex::fromSnapshot(text.toStdString());
        QVERIFY(!read.has_value());
        QCOMPARE(read.error().code, base::ErrorCode::Parse);
        QVERIFY2(read.error().text().find(where.toStdString()) != std::string::npos, read.error().text().c_str());
    }
};

QTEST_APPLESS_MAIN(TestContext)
#include "tst_context.moc"
