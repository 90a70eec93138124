#include "model/history.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::model;

namespace
{

constexpr std::int64_t kDay = base::kMsPerDay;

/// A history under construction; every attempt lasts ten minutes.
struct Builder {
    History history;

    HistoryAttempt &add(const char *run, int attempt, Outcome outcome, std::int64_t startMs, Trigger trigger)
    {
        HistoryAttempt a;
        a.id = static_cast<std::int64_t>(history.attempts.size()) + 1;
        a.job = history.jobs.add("job");
        a.run = history.runs.add(run);
        a.attempt = attempt;
        a.outcome = outcome;
        a.trigger = trigger;
        a.startedAt = {startMs};
        a.endedAt = {startMs + 600'000};
        history.attempts.push_back(a);
        return history.attempts.back();
    }
    /// Something far enough in the future that nothing before it is censored.
    Builder &closed()
    {
        add("zz-last", 1, Outcome::Succeeded, 100 * kDay, Trigger::Scheduled);
        buildEpisodes(history);
        return *this;
    }
};

} // namespace

class TestHistory : public QObject
{
    Q_OBJECT

private slots:
    void buildEpisodes_autoRetrySucceeds_isRemediated()
    {
        Builder b;
        b.add("r", 1, Outcome::Failed, 0, Trigger::Scheduled);
        b.add("r", 2, Outcome::Succeeded, 700'000, Trigger::AutoRetry);
        b.closed();
        QCOMPARE(b.history.episodes.size(), size_t(1));
        const Episode &e = b.history.episodes.front();
        QVERIFY(e.remediated && e.succeeded && !e.intervention && !e.censored);
        QCOMPARE(e.count, 2u);
    }

    void buildEpisodes_manualSuccess_isAnIntervention()
    {
        Builder b;
        b.add("r", 1, Outcome::Failed, 0, Trigger::Scheduled);
        b.add("r", 2, Outcome::Succeeded, 700'000, Trigger::Manual);
        b.closed();
        QVERIFY(b.history.episodes.front().intervention);
        QVERIFY(!b.history.episodes.front().remediated);
    }

    void buildEpisodes_minutesLoggedOnASelfHealedRun_isAnIntervention()
    {
        Builder b;
        b.add("r", 1, Outcome::Failed, 0, Trigger::Scheduled).manualMinutes = 12.0;
        b.add("r", 2, Outcome::Succeeded, 700'000, Trigger::AutoRetry);
        b.closed();
        const Episode &e = b.history.episodes.front();
        QVERIFY(e.intervention && e.minutesLogged && !e.remediated);
        QCOMPARE(e.manualMinutes, 12.0);
    }

    void buildEpisodes_chainEndedByALimit_isCompleteAndNeedsAPerson()
    {
        Builder b;
        b.add("r", 1, Outcome::Failed, 0, Trigger::Scheduled);
        b.add("r", 2, Outcome::Failed, 700'000, Trigger::AutoRetry);
        b.closed();
        const Episode &e = b.history.episodes.front();
        QVERIFY(e.intervention && !e.succeeded && !e.censored);
    }

    void buildEpisodes_startsInsideTheWindow_isCensoredEvenWhenFinished()
    {
        Builder b;
        b.add("old", 1, Outcome::Succeeded, 0, Trigger::Scheduled);
        b.add("r", 1, Outcome::Failed, 94 * kDay, Trigger::Scheduled);
        b.add("r", 2, Outcome::Succeeded, 94 * kDay + 700'000, Trigger::AutoRetry);
        b.add("before", 1, Outcome::Failed, 92 * kDay, Trigger::Scheduled);
        b.closed();
        QCOMPARE(b.history.episodes.size(), size_t(2));
        int censored = 0;
        for (const Episode &e : b.history.episodes)
            censored += e.censored ? 1 : 0;
        QCOMPARE(censored, 1);
    }

    void buildEpisodes_unknownOutcome_isNoDecisionPointAndCensors()
    {
        Builder b;
        b.add("u", 1, Outcome::Unknown, 0, Trigger::Scheduled);
        b.add("r", 1, Outcome::Failed, 0, Trigger::Scheduled);
        b.add("r", 2, Outcome::Unknown, 700'000, Trigger::AutoRetry);
        b.closed();
        QCOMPARE(b.history.episodes.size(), size_t(1));
        QVERIFY(b.history.episodes.front().censored);
    }

    void buildEpisodes_anAttemptWhoseRecordIsIncomplete_isKeptOutOfRatesByDefault()
    {
        for (const bool leaveOut : {true, false}) {
            Builder b;
            b.add("r", 1, Outcome::Failed, 0, Trigger::Scheduled);
            b.add("r", 2, Outcome::Succeeded, 700'000, Trigger::AutoRetry).metrics =
                Metrics{{"history_incomplete", 1.0}};
            b.add("whole", 1, Outcome::Failed, 0, Trigger::Scheduled).metrics = Metrics{{"tasks", 1.0}};
            b.add("zz-last", 1, Outcome::Succeeded, 100 * kDay, Trigger::Scheduled);
            EpisodeOptions options;
            options.censorIncomplete = leaveOut;
            buildEpisodes(b.history, options);
            QCOMPARE(b.history.episodes.size(), size_t(2));
            QVERIFY(b.history.episodes[0].incomplete && !b.history.episodes[1].incomplete);
            QCOMPARE(b.history.episodes[0].censored, leaveOut);
            QVERIFY(!b.history.episodes[1].censored);
        }
    }

    void buildEpisodes_killedAttempt_isADecisionPoint()
    {
        Builder b;
        b.add("r", 1, Outcome::Killed, 0, Trigger::Scheduled);
        b.closed();
        QCOMPARE(b.history.episodes.size(), size_t(1));
    }

    void buildEpisodes_noTrigger_isInferredFromTheGap_data()
    {
        QTest::addColumn<qint64>("gapMs");
        QTest::addColumn<bool>("isAuto");
        QTest::newRow("a minute later it was the scheduler") << qint64{60'000} << true;
        QTest::newRow("a day later it was a person") << qint64{kDay} << false;
    }
    void buildEpisodes_noTrigger_isInferredFromTheGap()
    {
        QFETCH(qint64, gapMs);
        QFETCH(bool, isAuto);
        Builder b;
        b.add("r", 1, Outcome::Failed, 0, Trigger::Unset);
        b.add("r", 2, Outcome::Succeeded, 600'000 + gapMs, Trigger::Unset);
        b.closed();
        QCOMPARE(b.history.episodes.front().remediated, isAuto);
        QCOMPARE(b.history.episodes.front().intervention, !isAuto);
    }

    void buildEpisodes_successBeforeTheFailure_startsAtTheFirstFailure()
    {
        Builder b;
        b.add("r", 1, Outcome::Unknown, 0, Trigger::Scheduled);
        b.add("r", 2, Outcome::Failed, 700'000, Trigger::AutoRetry);
        b.add("r", 3, Outcome::Succeeded, 1'400'000, Trigger::AutoRetry);
        b.closed();
        const Episode &e = b.history.episodes.front();
        QCOMPARE(b.history.attempts[e.first].attempt, 2);
        QCOMPARE(e.count, 2u);
    }

    void stringTable_sameText_hasOneIndex()
    {
        StringTable table;
        QCOMPARE(table.add("a"), table.add("a"));
        QVERIFY(table.add("b") != table.add("a"));
        QCOMPARE(table.size(), size_t(2));
    }

    void stringTable_manyTextsAndACopy_findEachAgain()
    {
        StringTable table;
        const auto text = [](std::uint32_t i) { return i == 0 ? std::string() : "run " + std::to_string(i * 7919); };
        for (std::uint32_t i = 0; i < 5000; ++i)
            QCOMPARE(table.add(text(i)), i);
        StringTable copy = table;
        QCOMPARE(copy.add("another"), 5000u);
        for (std::uint32_t i = 0; i < 5000; ++i) {
            QCOMPARE(table.add(text(i)), i);
            QCOMPARE(copy.add(text(i)), i);
            QCOMPARE(copy.at(i), text(i));
        }
        QCOMPARE(table.size(), size_t(5000));
        QCOMPARE(copy.all().size(), size_t(5001));
    }
};

QTEST_GUILESS_MAIN(TestHistory)
#include "tst_history.moc"
