#include "stats/probability.hpp"

#include "base/rng.hpp"

#include <QtTest>

#include <cmath>

using namespace mulligan;
using namespace mulligan::stats;

namespace
{

/// Forecasts with the given true chance of each.
struct Drawn {
    std::vector<double> p;
    std::vector<std::uint8_t> y;
};

template <typename Truth> Drawn draw(size_t n, std::uint64_t seed, Truth truth)
{
    base::Rng rng(seed, "forecasts");
    Drawn out;
    for (size_t i = 0; i < n; ++i) {
        out.p.push_back(rng.uniform(0.05, 0.95));
        out.y.push_back(rng.chance(truth(out.p.back())) ? 1 : 0);
    }
    return out;
}

} // namespace

class TestProbability : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void logLossAndBrier_byHand_agree()
    {
        const std::vector<double> p{0.8, 0.4};
        const std::vector<std::uint8_t> y{1, 0};
        QVERIFY(std::abs(logLoss(p, y) - (-std::log(0.8) - std::log(0.6)) / 2.0) < 1e-14);
        QVERIFY(std::abs(brier(p, y) - (0.04 + 0.16) / 2.0) < 1e-14);
        QCOMPARE(logLoss({}, {}), 0.0);
        QCOMPARE(brier({}, {}), 0.0);
    }

    void logLoss_certainAndWrong_isLargeButFinite()
    {
        const std::vector<double> p{1.0};
        const std::vector<std::uint8_t> y{0};
        QVERIFY(std::isfinite(logLoss(p, y)) && logLoss(p, y) > 30.0);
    }

    void wilson_byHand_solvesItsQuadratic_data()
    {
        QTest::addColumn<double>("successes");
        QTest::addColumn<double>("trials");
        QTest::newRow("none of ten") << 0.0 << 10.0;
        QTest::newRow("three of ten") << 3.0 << 10.0;
        QTest::newRow("all of fifty") << 50.0 << 50.0;
        QTest::newRow("half of a thousand") << 500.0 << 1000.0;
    }
    void wilson_byHand_solvesItsQuadratic()
    {
        QFETCH(double, successes);
        QFETCH(double, trials);
        // The bounds are the chances p at which the share lies exactly z standard errors away.
        const double z = 1.959963984540054;
        const Bounds b = wilson(successes, trials);
        for (const double bound : {b.low, b.high}) {
            const double off = successes / trials - bound;
            QVERIFY(std::abs(off * off - z * z * bound * (1.0 - bound) / trials) < 1e-12);
        }
        QVERIFY(b.low <= successes / trials && successes / trials <= b.high);
    }

    void wilson_noTrials_saysNothing() { QCOMPARE(wilson(0.0, 0.0), (Bounds{0.0, 1.0})); }

    void calibrationBins_tiedForecasts_stayTogether()
    {
        const std::vector<double> p{0.2, 0.2, 0.2, 0.2, 0.2, 0.9};
        const std::vector<std::uint8_t> y{0, 1, 0, 0, 0, 1};
        const auto bins = calibrationBins(p, y, 3);
        QCOMPARE(bins.size(), size_t(2));
        QCOMPARE(bins[0].count, std::uint64_t(5));
        QVERIFY(std::abs(bins[0].observed - 0.2) < 1e-12);
        QVERIFY(std::abs(bins[0].predicted - 0.2) < 1e-12);
        QCOMPARE(bins[1].count, std::uint64_t(1));
    }

    void debiasedCalibrationError_perfectForecasts_isNearNought()
    {
        // The plain error of these would be about sqrt(15 · 0.2 / 600) = 0.07 from chance alone.
        double sum = 0.0;
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const Drawn d = draw(600, seed, [](double p) { return p; });
            sum += debiasedCalibrationError(d.p, d.y);
        }
        QVERIFY(sum / 20.0 < 0.035);
    }

    void debiasedCalibrationError_shiftedForecasts_measuresTheShift()
    {
        const Drawn d = draw(40000, 7, [](double p) { return std::min(1.0, 0.8 * p + 0.2); });
        // True error: the mean over p of (0.2 (1 − p))², p uniform on [0.05, 0.95].
        const double expected = 0.2 * std::sqrt((0.95 * 0.95 * 0.95 - 0.05 * 0.05 * 0.05) / 3.0 / 0.9);
        QVERIFY(std::abs(debiasedCalibrationError(d.p, d.y) - expected) < 0.01);
    }
};

QTEST_APPLESS_MAIN(TestProbability)
#include "tst_probability.moc"
