#include "predict/memory_trend.hpp"

#include "base/rng.hpp"
#include "predict/features.hpp"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace mulligan;
using namespace mulligan::predict;

namespace
{

double probability(double logOdds)
{
    return 1.0 / (1.0 + std::exp(-logOdds));
}

/// Rows of which nothing but the ratio of the memory that ran out is known.
Matrix rowsOf(const std::vector<double> &ratios)
{
    Matrix out;
    out.columns = featureNames().size();
    out.values.assign(ratios.size() * out.columns, std::numeric_limits<float>::quiet_NaN());
    for (size_t i = 0; i < ratios.size(); ++i)
        out.row(i)[classMemoryRatioColumn()] = static_cast<float>(ratios[i]);
    return out;
}

double beyond(const MemoryTrend &trend, double ratio)
{
    const Matrix row = rowsOf({ratio});
    return trend.beyond(row.row(0));
}

} // namespace

class TestMemoryTrend : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void fit_onAKnownLine_findsItAndGoesOn()
    {
        base::Rng rng(5, "trend");
        std::vector<double> ratios;
        std::vector<float> outcomes;
        for (int i = 0; i < 20'000; ++i) {
            const double ratio = i % 4 == 0 ? 1.0 : i % 4 == 1 ? 1.5 : i % 4 == 2 ? 2.0 : 4.0;
            const double chance = ratio > 1.0 ? probability(-0.4 + 0.8 * std::log2(ratio)) : 0.05;
            ratios.push_back(ratio);
            outcomes.push_back(rng.chance(chance) ? 1.0F : 0.0F);
        }
        const auto trend = MemoryTrend::fit(rowsOf(ratios), outcomes, 0.3);
        const double overall = std::log(0.3 / 0.7);
        for (const double ratio : {2.0, 4.0, 16.0}) // no raise by 16 was seen
            QVERIFY(std::abs(overall + beyond(trend, ratio) - (-0.4 + 0.8 * std::log2(ratio))) < 0.15);
        std::vector<float> half{0.3F};
        trend.apply(rowsOf({16.0}), half);
        QVERIFY(std::abs(static_cast<double>(half[0]) - probability(2.8)) < 0.03);
    }

    void beyond_overTheRatio_neverFalls()
    {
        // Raises that failed where all else succeeded: the line lies below the overall rate.
        const auto trend = MemoryTrend::fit(rowsOf({1.5, 2.0, 2.0, 4.0, 8.0}), std::vector<float>(5, 0.0F), 0.9);
        double last = 0.0;
        for (double ratio = 0.25; ratio < 1000.0; ratio *= 1.3) {
            QVERIFY(beyond(trend, ratio) >= last);
            last = beyond(trend, ratio);
        }
    }

    void beyond_withoutARaise_isNothing()
    {
        const auto trend = MemoryTrend::fit(rowsOf({2.0, 4.0}), std::vector<float>(2, 1.0F), 0.2);
        QVERIFY(beyond(trend, 2.0) > 0.0);
        QCOMPARE(beyond(trend, 1.0), 0.0);
        QCOMPARE(beyond(trend, 0.5), 0.0);
        QCOMPARE(beyond(trend, std::nan("")), 0.0); // a failure of another kind
    }

    void fit_noRaiseSeen_isNothing()
    {
        const auto trend = MemoryTrend::fit(rowsOf({1.0, 0.5}), std::vector<float>(2, 1.0F), 0.5);
        QCOMPARE(beyond(trend, 8.0), 0.0);
        const std::vector<float> starts = trend.starts(rowsOf({1.0, 8.0}));
        QCOMPARE(starts, std::vector<float>(2, 0.0F));
    }
};

QTEST_APPLESS_MAIN(TestMemoryTrend)
#include "tst_memory_trend.moc"
