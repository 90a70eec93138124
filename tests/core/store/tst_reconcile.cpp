#include "store/attempt_columns.hpp"
#include "store/reconcile.hpp"

#include <QtTest>

#include <algorithm>

using namespace mulligan;
using namespace mulligan::store;

namespace
{

std::size_t column(std::string_view name)
{
    return static_cast<std::size_t>(std::find(kFactColumns.begin(), kFactColumns.end(), name) - kFactColumns.begin());
}

Cell &cell(Witness &witness, std::string_view name)
{
    return witness.cells[column(name)];
}

/// A source that says how the attempt ended and when.
Witness witness(std::int64_t source, Standing standing, model::Outcome outcome, std::int64_t fromMs, std::int64_t toMs)
{
    Witness out;
    out.source = source;
    out.standing = standing;
    out.path = std::to_string(source);
    cell(out, "job_id") = std::int64_t(1);
    cell(out, "run") = std::string("app_1");
    cell(out, "attempt") = std::int64_t(1);
    cell(out, "started_ms") = fromMs;
    cell(out, "ended_ms") = toMs;
    cell(out, "outcome") = std::int64_t(stored(outcome));
    return out;
}

void setCost(Witness &witness, double usd, model::CostSource source)
{
    cell(witness, "cost_usd") = usd;
    cell(witness, "cost_source") = std::int64_t(stored(source));
}

/// An event log that was read up to 10 s after its begin and has no end: 4 cores, 16 GiB.
Witness brokenLog()
{
    Witness out = witness(1, Standing::EventLog, model::Outcome::Unknown, 10'000, 20'000);
    cell(out, "vcore_seconds") = 40.0;
    cell(out, "memory_gb_seconds") = 160.0;
    setCost(out, 1.0, model::CostSource::ResourceSeconds);
    return out;
}

} // namespace

class TestReconcile : public QObject
{
    Q_OBJECT

private slots:
    void reconcile_eventLogWithoutAnEnd_endsWhereAnotherSourceSawIt_data()
    {
        QTest::addColumn<Standing>("standing");
        QTest::addColumn<bool>("logFirst");
        QTest::newRow("a driver's log behind it") << Standing::TextLog << true;
        QTest::newRow("a driver's log before it") << Standing::TextLog << false;
        QTest::newRow("a scheduler's row behind it") << Standing::Scheduler << true;
        QTest::newRow("a scheduler's row before it") << Standing::Scheduler << false;
    }
    void reconcile_eventLogWithoutAnEnd_endsWhereAnotherSourceSawIt()
    {
        QFETCH(const Standing, standing);
        QFETCH(const bool, logFirst);
        Witness saw = witness(2, standing, model::Outcome::Killed, 9'000, 610'000);
        setCost(saw, 9.0, model::CostSource::DurationTimesRequest);
        std::vector<Witness> witnesses{brokenLog(), saw};
        if (!logFirst)
            std::swap(witnesses[0], witnesses[1]);
        const Reconciled result = reconcile(witnesses);
        QCOMPARE(integerOf(result.cells[column("outcome")]), std::int64_t(stored(model::Outcome::Killed)));
        QCOMPARE(integerOf(result.cells[column("started_ms")]), std::int64_t(9'000));
        QCOMPARE(integerOf(result.cells[column("ended_ms")]), std::int64_t(610'000));
        QCOMPARE(numberOf(result.cells[column("vcore_seconds")]), 2400.0);
        QCOMPARE(numberOf(result.cells[column("memory_gb_seconds")]), 9600.0);
        QCOMPARE(numberOf(result.cells[column("cost_usd")]), 60.0);
        QCOMPARE(result.differences.size(), std::size_t(1));
        QCOMPARE(result.differences[0].rule->name, std::string_view("times"));
        QCOMPARE(witnesses[result.differences[0].kept].source, std::int64_t(2));
    }

    void reconcile_eventLogWithoutAnEnd_keepsItsTimesWhereNobodySawALaterEnd_data()
    {
        QTest::addColumn<int>("outcome");
        QTest::addColumn<qint64>("toMs");
        QTest::newRow("the driver's log breaks off as well") << int(model::Outcome::Unknown) << qint64(610'000);
        QTest::newRow("the driver's log ends before") << int(model::Outcome::Failed) << qint64(19'000);
    }
    void reconcile_eventLogWithoutAnEnd_keepsItsTimesWhereNobodySawALaterEnd()
    {
        QFETCH(const int, outcome);
        QFETCH(const qint64, toMs);
        const std::vector<Witness> witnesses{
            brokenLog(), witness(2, Standing::TextLog, static_cast<model::Outcome>(outcome), 9'000, toMs)};
        const Reconciled result = reconcile(witnesses);
        QCOMPARE(integerOf(result.cells[column("ended_ms")]), std::int64_t(20'000));
        QCOMPARE(numberOf(result.cells[column("vcore_seconds")]), 40.0);
        QVERIFY(result.differences.empty());
    }

    void reconcile_endsThatLieClose_areNoDifference()
    {
        const std::vector<Witness> witnesses{brokenLog(),
                                             witness(2, Standing::TextLog, model::Outcome::Killed, 9'000, 80'000)};
        const Reconciled result = reconcile(witnesses);
        QCOMPARE(integerOf(result.cells[column("ended_ms")]), std::int64_t(80'000));
        QVERIFY(result.differences.empty());
    }

    void reconcile_loggedCostAndUseOfAScheduler_stayAsTheyWereLogged()
    {
        Witness saw = witness(2, Standing::Scheduler, model::Outcome::Killed, 9'000, 610'000);
        setCost(saw, 9.0, model::CostSource::Logged);
        cell(saw, "vcore_seconds") = 77.0;
        const Reconciled result = reconcile(std::vector<Witness>{brokenLog(), saw});
        QCOMPARE(numberOf(result.cells[column("cost_usd")]), 9.0);
        QCOMPARE(numberOf(result.cells[column("vcore_seconds")]), 77.0);
        QCOMPARE(numberOf(result.cells[column("memory_gb_seconds")]), 9600.0);
    }

    void reconcile_successThatIsBelieved_hasNoTextOfAFailure()
    {
        Witness saw = witness(1, Standing::EventLog, model::Outcome::Failed, 10'000, 20'000);
        cell(saw, "text_id") = std::int64_t(7);
        cell(saw, "cause_id") = std::int64_t(8);
        cell(saw, "exit_code") = std::int64_t(15);
        const Witness knows = witness(2, Standing::Scheduler, model::Outcome::Succeeded, 9'000, 30'000);
        for (const auto &witnesses : {std::vector{saw, knows}, std::vector{knows, saw}}) {
            const Reconciled result = reconcile(witnesses);
            for (const char *name : {"text_id", "cause_id", "exit_code"})
                QVERIFY2(result.cells[column(name)] == Cell(), name);
            QCOMPARE(result.differences.size(), std::size_t(1)); // the outcome
        }
    }

    void reconcile_attemptsOfOneApplication_addUpAndTheOneWithoutAnEndGoesOn()
    {
        Witness first = witness(1, Standing::EventLog, model::Outcome::Failed, 10'000, 20'000);
        Witness second = witness(2, Standing::EventLog, model::Outcome::Unknown, 30'000, 40'000);
        for (Witness *log : {&first, &second}) {
            cell(*log, "application_attempt") = log->source;
            cell(*log, "vcore_seconds") = 40.0;
        }
        const Witness row = witness(3, Standing::Scheduler, model::Outcome::Failed, 9'000, 60'000);
        std::vector<Witness> witnesses{first, second, row};
        do {
            QVERIFY(reconcile(witnesses).cells[column("vcore_seconds")] == Cell(40.0 + 120.0));
        } while (std::next_permutation(witnesses.begin(), witnesses.end(),
                                       [](const Witness &a, const Witness &b) { return a.source < b.source; }));
    }

    void standInFor_successOfWhatHadSeenAFailure_keepsNoTextOfIt()
    {
        Witness older = witness(1, Standing::EventLog, model::Outcome::Unknown, 10'000, 20'000);
        cell(older, "text_id") = std::int64_t(7);
        cell(older, "queue_id") = std::int64_t(9);
        Witness newer = witness(2, Standing::EventLog, model::Outcome::Succeeded, 10'000, 30'000);
        standInFor(newer, older);
        QVERIFY(cell(newer, "text_id") == Cell());
        QVERIFY(cell(newer, "queue_id") == Cell(std::int64_t(9)));
        Witness failed = witness(3, Standing::EventLog, model::Outcome::Failed, 10'000, 30'000);
        standInFor(failed, older);
        QVERIFY(cell(failed, "text_id") == Cell(std::int64_t(7)));
    }

    void standInFor_logThatLostItsBegin_keepsWhatWasCounted()
    {
        Witness older = witness(1, Standing::EventLog, model::Outcome::Unknown, 10'000, 20'000);
        cell(older, "metrics") = std::string("{\"tasks\":3.0}");
        cell(older, "vcore_seconds") = 40.0;
        setCost(older, 1.0, model::CostSource::ResourceSeconds);
        Witness newer = witness(2, Standing::EventLog, model::Outcome::Succeeded, 10'000, 40'000);
        cell(newer, "metrics") = std::string("{\"history_incomplete\":1.0}");
        setCost(newer, 9.0, model::CostSource::DurationTimesRequest);
        standInFor(newer, older);
        QVERIFY(cell(newer, "metrics") == Cell(std::string("{\"tasks\":3.0}")));
        QVERIFY(cell(newer, "vcore_seconds") == Cell(120.0));
        QVERIFY(cell(newer, "cost_usd") == Cell(3.0));
        QVERIFY(cell(newer, "ended_ms") == Cell(std::int64_t(40'000)));
        QVERIFY(cell(newer, "outcome") == Cell(std::int64_t(stored(model::Outcome::Succeeded))));
    }

    void reconcile_logsOfTwoAttemptsOfOneApplication_failAsTheLaterDid()
    {
        for (const Standing later : {Standing::TextLog, Standing::EventLog}) {
            const Standing earlier = later == Standing::TextLog ? Standing::EventLog : Standing::TextLog;
            std::vector<Witness> witnesses{witness(1, earlier, model::Outcome::Failed, 0, 100'000),
                                           witness(2, later, model::Outcome::Failed, 110'000, 300'000),
                                           witness(3, Standing::Scheduler, model::Outcome::Failed, 0, 320'000)};
            for (std::int64_t number = 1; number <= 2; ++number) {
                Witness &log = witnesses[static_cast<std::size_t>(number - 1)];
                cell(log, log.standing == Standing::EventLog ? "application_attempt" : "attempt") = number;
                cell(log, "text_id") = number + 4;
            }
            QCOMPARE(integerOf(reconcile(witnesses).cells[column("text_id")]), std::int64_t(6));
            std::swap(witnesses[0], witnesses[1]);
            QCOMPARE(integerOf(reconcile(witnesses).cells[column("text_id")]), std::int64_t(6));
        }
    }

    void reconcile_eventLogWithAnEnd_isBelievedOverADriversLog()
    {
        std::vector<Witness> witnesses{brokenLog(),
                                       witness(2, Standing::TextLog, model::Outcome::Killed, 9'000, 610'000)};
        cell(witnesses[0], "outcome") = std::int64_t(stored(model::Outcome::Failed));
        const Reconciled result = reconcile(witnesses);
        QCOMPARE(integerOf(result.cells[column("ended_ms")]), std::int64_t(20'000));
        QCOMPARE(numberOf(result.cells[column("vcore_seconds")]), 40.0);
    }
};

QTEST_GUILESS_MAIN(TestReconcile)
#include "tst_reconcile.moc"
