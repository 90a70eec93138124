#include "stats/trend.hpp"

#include <QtTest>

#include <cmath>
#include <vector>

using namespace mulligan::stats;

class TestTrend : public QObject
{
    Q_OBJECT
private slots:
    void studentQuantile975_closedForms_agree()
    {
        QVERIFY(std::abs(studentQuantile975(1.0) - std::tan(M_PI * 0.475)) < 1e-8);
        const double p = 0.975;
        QVERIFY(std::abs(studentQuantile975(2.0) - (2.0 * p - 1.0) / std::sqrt(2.0 * p * (1.0 - p))) < 1e-9);
        QVERIFY(std::abs(studentQuantile975(1e7) - 1.959963984540054) < 1e-5);
    }

    void countTrend_exactGrowth_isFoundWithItsError()
    {
        const std::vector<std::uint64_t> counts{10, 20, 40, 80, 160};
        const auto trend = countTrend(counts);
        QVERIFY(trend.has_value());
        QVERIFY(std::abs(trend->perPeriod - 2.0) < 1e-9);
        QCOMPARE(trend->dispersion, 1.0);
        // Information on the slope: Σ μ (t − t̄)², t̄ weighted by μ.
        double total = 0.0;
        double first = 0.0;
        double second = 0.0;
        for (size_t t = 0; t < counts.size(); ++t) {
            const auto y = static_cast<double>(counts[t]);
            total += y;
            first += y * static_cast<double>(t);
            second += y * static_cast<double>(t * t);
        }
        const double half = studentQuantile975(3.0) / std::sqrt(second - first * first / total);
        QVERIFY(std::abs(trend->low - 2.0 * std::exp(-half)) < 1e-8);
        QVERIFY(std::abs(trend->high - 2.0 * std::exp(half)) < 1e-8);
    }

    void countTrend_mirrored_isTheInverse()
    {
        const std::vector<std::uint64_t> up{3, 0, 7, 12, 9, 30};
        const std::vector<std::uint64_t> down(up.rbegin(), up.rend());
        const auto a = countTrend(up);
        const auto b = countTrend(down);
        QVERIFY(a && b);
        QVERIFY(std::abs(a->perPeriod * b->perPeriod - 1.0) < 1e-9);
        QVERIFY(std::abs(a->low * b->high - 1.0) < 1e-9);
        QVERIFY(a->dispersion > 1.0);
    }

    void countTrend_tooLittle_saysNothing_data()
    {
        QTest::addColumn<std::vector<std::uint64_t>>("counts");
        QTest::newRow("nothing") << std::vector<std::uint64_t>{};
        QTest::newRow("three periods") << std::vector<std::uint64_t>{1, 2, 3};
        QTest::newRow("one period with a count") << std::vector<std::uint64_t>{0, 0, 9, 0, 0};
    }
    void countTrend_tooLittle_saysNothing()
    {
        QFETCH(std::vector<std::uint64_t>, counts);
        QVERIFY(!countTrend(counts).has_value());
    }
};

QTEST_APPLESS_MAIN(TestTrend)
#include "tst_trend.moc"
