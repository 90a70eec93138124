#include "stats/isotonic.hpp"

#include "base/rng.hpp"

#include <QtTest>

#include <algorithm>
#include <cmath>

using namespace mulligan;
using namespace mulligan::stats;

namespace
{

/// The same fit by its max-min formula: value at i = max over a ≤ i of min over b ≥ i of mean(a..b). O(n³).
std::vector<double> byFormula(const std::vector<std::uint8_t> &y)
{
    std::vector<double> out;
    for (size_t i = 0; i < y.size(); ++i) {
        double best = -1.0;
        for (size_t a = 0; a <= i; ++a) {
            double least = 2.0;
            for (size_t b = i; b < y.size(); ++b) {
                double sum = 0.0;
                for (size_t k = a; k <= b; ++k)
                    sum += y[k];
                least = std::min(least, sum / static_cast<double>(b - a + 1));
            }
            best = std::max(best, least);
        }
        out.push_back(best);
    }
    return out;
}

} // namespace

class TestIsotonic : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void poolAdjacentViolators_againstMaxMinFormula_agrees()
    {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            base::Rng rng(seed, "pav");
            std::vector<double> scores;
            std::vector<std::uint8_t> y;
            for (int i = 0; i < 40; ++i) {
                scores.push_back(i);
                y.push_back(rng.chance(0.02 * i) ? 1 : 0);
            }
            const auto expected = byFormula(y);
            size_t i = 0;
            for (const Block &block : poolAdjacentViolators(scores, y))
                for (double k = 0.0; k < block.count; ++k, ++i)
                    QVERIFY(std::abs(block.value - expected[i]) < 1e-12);
            QCOMPARE(i, y.size());
        }
    }

    void fit_allSuccesses_isHeldBelowCertainty()
    {
        const std::vector<double> scores{0.1, 0.2, 0.3};
        const std::vector<std::uint8_t> y{1, 1, 1};
        const auto calibration = Isotonic::fit(scores, y);
        QCOMPARE(calibration(0.2), 1.0 - 1.0 / 5.0);
        QCOMPARE(calibration(0.99), 1.0 - 1.0 / 5.0);
    }

    void fit_twoBlocks_isLinearBetweenAndLevelOutside()
    {
        const std::vector<double> scores{0.1, 0.1, 0.1, 0.1, 0.8, 0.8, 0.8, 0.8};
        const std::vector<std::uint8_t> y{0, 0, 0, 1, 1, 1, 1, 0};
        const auto calibration = Isotonic::fit(scores, y);
        QCOMPARE(calibration(0.0), 0.25);
        QCOMPARE(calibration(0.1), 0.25);
        QVERIFY(std::abs(calibration(0.45) - 0.5) < 1e-12);
        QCOMPARE(calibration(0.8), 0.75);
        QCOMPARE(calibration(1.0), 0.75);
    }

    void fit_leastBlock_poolsTheFew()
    {
        std::vector<double> scores;
        std::vector<std::uint8_t> y;
        for (int i = 0; i < 100; ++i) {
            scores.push_back(i);
            y.push_back(i >= 97 ? 1 : i % 2);
        }
        const auto calibration = Isotonic::fit(scores, y, 25);
        QVERIFY(calibration.x().size() <= 4);
        for (size_t i = 1; i < calibration.y().size(); ++i)
            QVERIFY(calibration.y()[i] >= calibration.y()[i - 1]);
    }

    void fit_manyDraws_recoversTheCurveAndNeverFalls()
    {
        base::Rng rng(5, "isotonic");
        std::vector<double> scores;
        std::vector<std::uint8_t> y;
        for (int i = 0; i < 20000; ++i) {
            scores.push_back(rng.uniform());
            y.push_back(rng.chance(scores.back() * scores.back()) ? 1 : 0);
        }
        const auto calibration = Isotonic::fit(scores, y, 20);
        double last = 0.0;
        for (double s = 0.0; s <= 1.0; s += 0.01) {
            QVERIFY(calibration(s) >= last);
            last = calibration(s);
            QVERIFY(std::abs(last - s * s) < 0.08);
            QVERIFY(last > 0.0 && last < 1.0);
        }
    }

    void operator_nothingFitted_givesTheScoreItself() { QCOMPARE(Isotonic()(0.3), 0.3); }
};

QTEST_APPLESS_MAIN(TestIsotonic)
#include "tst_isotonic.moc"
