#include "stats/stratified.hpp"

#include <QtTest>

#include <cmath>
#include <numeric>

using namespace mulligan::stats;

namespace
{

/// A stratum whose units are all in the denominator, `right` of them in the numerator as well.
StratumSample stratum(std::uint64_t population, size_t sampled, size_t right)
{
    StratumSample out;
    out.population = population;
    out.inside.assign(sampled, 1);
    out.right.assign(sampled, 0);
    std::fill_n(out.right.begin(), right, std::uint8_t{1});
    return out;
}

bool near(double a, double b, double tolerance = 1e-9)
{
    return std::abs(a - b) <= tolerance;
}

} // namespace

class TestStratified : public QObject
{
    Q_OBJECT
private slots:
    void regularisedBeta_closedForms_agree()
    {
        for (const double x : {0.0, 0.01, 0.3, 0.5, 0.77, 0.999, 1.0}) {
            QVERIFY(near(regularisedBeta(x, 1.0, 1.0), x, 1e-14));
            QVERIFY(near(regularisedBeta(x, 3.0, 1.0), x * x * x, 1e-13));
            QVERIFY(near(regularisedBeta(x, 1.0, 4.0), 1.0 - std::pow(1.0 - x, 4.0), 1e-13));
            QVERIFY(near(regularisedBeta(x, 2.0, 2.0), x * x * (3.0 - 2.0 * x), 1e-13));
            QVERIFY(near(regularisedBeta(x, 0.5, 0.5), 2.0 / M_PI * std::asin(std::sqrt(x)), 1e-12));
        }
    }

    void clopperPearson_byHand_agree()
    {
        // None of n: 1 − (α/2)^(1/n); all of n: its mirror.
        const Bounds none = clopperPearson(0.0, 20.0);
        QCOMPARE(none.low, 0.0);
        QVERIFY(near(none.high, 1.0 - std::pow(0.025, 1.0 / 20.0)));
        const Bounds all = clopperPearson(20.0, 20.0);
        QVERIFY(near(all.low, std::pow(0.025, 1.0 / 20.0)));
        QCOMPARE(all.high, 1.0);
        // The bounds are where binomial tails are 2.5 %.
        const Bounds some = clopperPearson(7.0, 25.0);
        const auto tail = [](double p, int from, int to) {
            double sum = 0.0;
            for (int k = from; k <= to; ++k)
                sum += std::exp(std::lgamma(26.0) - std::lgamma(k + 1.0) - std::lgamma(26.0 - k) + k * std::log(p)
                                + (25 - k) * std::log1p(-p));
            return sum;
        };
        QVERIFY(near(tail(some.low, 7, 25), 0.025));
        QVERIFY(near(tail(some.high, 0, 7), 0.025));
        QCOMPARE(clopperPearson(0.0, 0.0), Bounds());
    }

    void allocate_populations_areServedInProportion_data()
    {
        using Counts = std::vector<std::uint64_t>;
        QTest::addColumn<Counts>("populations");
        QTest::addColumn<quint64>("size");
        QTest::addColumn<Counts>("expected");
        QTest::newRow("the minimum, then in proportion") << Counts{700, 200, 100} << quint64{109} << Counts{73, 23, 13};
        QTest::newRow("a small class is taken whole") << Counts{1000, 2, 1} << quint64{50} << Counts{47, 2, 1};
        QTest::newRow("minima alone may need more") << Counts{10, 10, 10} << quint64{4} << Counts{3, 3, 3};
        QTest::newRow("no more than there are") << Counts{5, 4} << quint64{100} << Counts{5, 4};
        QTest::newRow("remainders go to the largest") << Counts{50, 30, 20} << quint64{10} << Counts{4, 3, 3};
        QTest::newRow("nothing to draw from") << Counts{} << quint64{10} << Counts{};
    }
    void allocate_populations_areServedInProportion()
    {
        QFETCH(std::vector<std::uint64_t>, populations);
        QFETCH(quint64, size);
        QFETCH(std::vector<std::uint64_t>, expected);
        QCOMPARE(allocate(populations, size, 3), expected);
    }

    void stratifiedShare_oneStratum_isWilsonWithFewerUnknown()
    {
        const std::vector<StratumSample> one{stratum(1000, 50, 40)};
        const Estimate got = stratifiedShare(one);
        QVERIFY(near(got.value, 0.8));
        QVERIFY(near(got.effective, 50.0 / 0.95));
        const Bounds expected = wilson(0.8 * 50.0 / 0.95, 50.0 / 0.95);
        QVERIFY(near(got.low, expected.low));
        QVERIFY(near(got.high, expected.high));
        QCOMPARE(got.sampled, std::uint64_t{50});
        QCOMPARE(got.right, std::uint64_t{40});
        QVERIFY(near(got.population, 1000.0));
    }

    void stratifiedShare_severalStrata_areWeightedToThePopulation()
    {
        const std::vector<StratumSample> two{stratum(900, 30, 30), stratum(100, 20, 10)};
        const Estimate got = stratifiedShare(two);
        QVERIFY(near(got.value, 0.9 * 1.0 + 0.1 * 0.5));
        // Cochran's variance: Σ W² (1 − f) s² / n, with s² = n p q / (n − 1).
        const double variance = 0.01 * 0.8 * (20.0 * 0.25 / 19.0) / 20.0;
        const double byVariance = 0.95 * 0.05 / variance;
        const double byDesign = 1.0 / (0.81 * (1.0 - 30.0 / 900.0) / 30.0 + 0.01 * 0.8 / 20.0);
        QVERIFY(near(got.effective, std::min(byVariance, byDesign), 1e-6));
    }

    void stratifiedShare_wholePopulationSeen_hasNoUncertainty()
    {
        const std::vector<StratumSample> all{stratum(7, 7, 5), stratum(3, 3, 3)};
        const Estimate got = stratifiedShare(all);
        QCOMPARE(got.value, 0.8);
        QCOMPARE(got.low, 0.8);
        QCOMPARE(got.high, 0.8);
    }

    void stratifiedShare_domain_countsUnitsInsideOnly()
    {
        StratumSample half = stratum(100, 10, 0);
        half.inside = {1, 1, 1, 1, 0, 0, 0, 0, 0, 0};
        half.right = {1, 1, 1, 0, 0, 0, 0, 0, 0, 0};
        const std::vector<StratumSample> strata{half, stratum(50, 5, 5)};
        const Estimate got = stratifiedShare(strata);
        QVERIFY(near(got.population, 90.0));
        QVERIFY(near(got.value, 80.0 / 90.0));
        QCOMPARE(got.sampled, std::uint64_t{9});
    }

    void stratifiedShare_nothingSeen_saysNothing()
    {
        QCOMPARE(stratifiedShare({}), Estimate());
        const std::vector<StratumSample> unanswered{stratum(100, 0, 0)};
        QCOMPARE(stratifiedShare(unanswered).sampled, std::uint64_t{0});
        QCOMPARE(stratifiedShare(unanswered).high, 1.0);
    }
};

QTEST_APPLESS_MAIN(TestStratified)
#include "tst_stratified.moc"
