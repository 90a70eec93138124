#include "simulate/intervals.hpp"

#include "base/rng.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::simulate;

class TestIntervals : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void additive_evenJobs_coversTheTruth()
    {
        constexpr size_t kJobs = 40;
        int covered = 0;
        constexpr int kWorlds = 200;
        for (int world = 0; world < kWorlds; ++world) {
            base::Rng rng(static_cast<std::uint64_t>(world), "intervals");
            std::vector<double> rows;
            for (size_t i = 0; i < kJobs; ++i)
                rows.push_back(10.0 * rng.uniform());
            const JobResamples resamples(kJobs, 200, 1);
            const Interval interval = resamples.additive(resamples.resample(rows, 1), 0);
            QVERIFY(interval.low && interval.high);
            covered += *interval.low<5.0 * kJobs && * interval.high> 5.0 * kJobs ? 1 : 0;
        }
        QVERIFY2(covered > 0.90 * kWorlds && covered < 0.99 * kWorlds, qPrintable(QString::number(covered)));
    }

    void additive_oneJobIsNearlyAll_saysNothing()
    {
        std::vector<double> rows(60, 0.0001);
        rows[7] = 800.0;
        const JobResamples resamples(rows.size(), 200, 1);
        QVERIFY(!resamples.additive(resamples.resample(rows, 1), 0).low);
    }

    void additive_fewJobs_saysNothing_data()
    {
        QTest::addColumn<int>("jobs");
        QTest::addColumn<bool>("says");
        QTest::newRow("four") << 4 << false;
        QTest::newRow("five") << 5 << true;
    }
    void additive_fewJobs_saysNothing()
    {
        QFETCH(int, jobs);
        QFETCH(bool, says);
        std::vector<double> rows;
        for (int i = 0; i < jobs; ++i)
            rows.push_back(10.0 + i);
        const JobResamples resamples(rows.size(), 200, 1);
        QCOMPARE(resamples.additive(resamples.resample(rows, 1), 0).low.has_value(), says);
    }
};

QTEST_APPLESS_MAIN(TestIntervals)
#include "tst_intervals.moc"
