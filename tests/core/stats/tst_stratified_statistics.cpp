#include "base/rng.hpp"
#include "stats/stratified.hpp"
#include "stats/trend.hpp"

#include <QtTest>

#include <cmath>
#include <numeric>

using namespace mulligan;
using namespace mulligan::stats;

namespace
{

/// A synthetic population: failures by class, and of each class how many verdicts are right.
struct World {
    std::vector<std::uint64_t> populations;
    std::vector<double> shares;
};

World manyClasses(double right, double rightOfSmall)
{
    World out;
    for (int h = 0; h < 30; ++h) {
        out.populations.push_back(h < 4 ? 5000 / (h + 1) : static_cast<std::uint64_t>(20 + 15 * (h % 10)));
        out.shares.push_back(h < 4 ? right : rightOfSmall);
    }
    return out;
}

} // namespace

/// Intervals must hold the truth as often as they say.
class TestStratifiedStatistics : public QObject
{
    Q_OBJECT
private slots:
    void stratifiedShare_repeatedAudits_coverTheTruth_data()
    {
        QTest::addColumn<QList<quint64>>("populations");
        QTest::addColumn<QList<double>>("shares");
        QTest::addColumn<quint64>("size");
        const auto row = [](const char *name, const World &world, quint64 size) {
            QTest::newRow(name) << QList<quint64>(world.populations.begin(), world.populations.end())
                                << QList<double>(world.shares.begin(), world.shares.end()) << size;
        };
        row("30 classes, nearly all right", manyClasses(0.98, 0.97), 200);
        row("30 classes, small ones bad", manyClasses(0.97, 0.6), 200);
        row("30 classes, large ones bad", manyClasses(0.7, 0.99), 200);
        row("30 classes, halves", manyClasses(0.5, 0.5), 200);
        row("30 classes, a larger sample", manyClasses(0.95, 0.9), 600);
        row("one bad class among good ones", {{4000, 3000, 2000, 1000}, {0.99, 0.99, 0.99, 0.3}}, 100);
        row("a small sample of three", {{4000, 300, 50}, {0.9, 0.8, 0.5}}, 40);
    }
    void stratifiedShare_repeatedAudits_coverTheTruth()
    {
        QFETCH(QList<quint64>, populations);
        QFETCH(QList<double>, shares);
        QFETCH(quint64, size);
        const std::vector<std::uint64_t> sizes(populations.begin(), populations.end());
        const auto drawn = allocate(sizes, size, 3);
        double truth = 0.0;
        double all = 0.0;
        std::vector<std::uint64_t> right;
        for (size_t h = 0; h < sizes.size(); ++h) {
            right.push_back(static_cast<std::uint64_t>(
                std::llround(shares[static_cast<qsizetype>(h)] * static_cast<double>(sizes[h]))));
            truth += static_cast<double>(right[h]);
            all += static_cast<double>(sizes[h]);
        }
        truth /= all;
        base::Rng rng(11, QTest::currentDataTag());
        constexpr int kAudits = 4000;
        int covered = 0;
        double bias = 0.0;
        for (int audit = 0; audit < kAudits; ++audit) {
            std::vector<StratumSample> strata;
            for (size_t h = 0; h < sizes.size(); ++h) {
                StratumSample stratum;
                stratum.population = sizes[h];
                std::uint64_t left = right[h];
                for (std::uint64_t i = 0; i < drawn[h]; ++i) { // without replacement
                    const bool hit = rng.below(sizes[h] - i) < left;
                    left -= hit ? 1 : 0;
                    stratum.inside.push_back(1);
                    stratum.right.push_back(hit ? 1 : 0);
                }
                strata.push_back(std::move(stratum));
            }
            const Estimate got = stratifiedShare(strata);
            bias += (got.value - truth) / kAudits;
            covered += got.low <= truth && truth <= got.high ? 1 : 0;
        }
        const double coverage = static_cast<double>(covered) / kAudits;
        qInfo("covered %.3f, bias %.4f", coverage, bias);
        QVERIFY2(coverage >= 0.935, qPrintable(QString::number(coverage)));
        QVERIFY(std::abs(bias) < 0.004);
    }

    void countTrend_repeatedSeries_coverTheSlope_data()
    {
        QTest::addColumn<double>("perPeriod");
        QTest::addColumn<double>("overdispersion");
        QTest::newRow("level") << 1.0 << 0.0;
        QTest::newRow("growing by a twentieth") << 1.05 << 0.0;
        QTest::newRow("growing, in bursts") << 1.05 << 0.5;
    }
    void countTrend_repeatedSeries_coverTheSlope()
    {
        QFETCH(double, perPeriod);
        QFETCH(double, overdispersion);
        base::Rng rng(5, QTest::currentDataTag());
        constexpr int kSeries = 2000;
        int covered = 0;
        for (int series = 0; series < kSeries; ++series) {
            std::vector<std::uint64_t> counts;
            for (int t = 0; t < 16; ++t) {
                const double spread = rng.logNormal(-overdispersion * overdispersion / 2.0, overdispersion);
                counts.push_back(rng.poisson(20.0 * std::pow(perPeriod, t) * spread));
            }
            const auto trend = countTrend(counts);
            QVERIFY(trend.has_value());
            covered += trend->low <= perPeriod && perPeriod <= trend->high ? 1 : 0;
        }
        const double coverage = static_cast<double>(covered) / kSeries;
        qInfo("covered %.3f", coverage);
        QVERIFY2(coverage >= 0.93, qPrintable(QString::number(coverage)));
    }
};

QTEST_APPLESS_MAIN(TestStratifiedStatistics)
#include "tst_stratified_statistics.moc"
