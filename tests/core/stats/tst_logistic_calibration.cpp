#include "stats/logistic_calibration.hpp"

#include "base/rng.hpp"
#include "stats/probability.hpp"

#include <QtTest>

#include <cmath>

using namespace mulligan;
using namespace mulligan::stats;

namespace
{

double probability(double logOdds)
{
    return 1.0 / (1.0 + std::exp(-logOdds));
}

struct Sample {
    std::vector<double> scores;
    std::vector<double> chances;
    std::vector<std::uint8_t> outcomes;
};

/// Scores whose true log-odds are a + b × theirs.
Sample sample(int rows, double a, double b, std::uint64_t seed)
{
    base::Rng rng(seed, "logistic");
    Sample out;
    for (int i = 0; i < rows; ++i) {
        const double z = 6.0 * (static_cast<double>(i) + 0.5) / rows - 3.0;
        out.scores.push_back(probability(z));
        out.chances.push_back(probability(a + b * z));
        out.outcomes.push_back(rng.chance(out.chances.back()) ? 1 : 0);
    }
    return out;
}

/// Mean |calibrated − true chance|.
double error(const Isotonic &calibration, const Sample &sample)
{
    double sum = 0.0;
    for (size_t i = 0; i < sample.scores.size(); ++i)
        sum += std::abs(calibration(sample.scores[i]) - sample.chances[i]);
    return sum / static_cast<double>(sample.scores.size());
}

} // namespace

class TestLogisticCalibration : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void fitLogistic_noRows_givesTheScoreItself()
    {
        const Isotonic fitted = fitLogistic({}, {});
        for (const double p : {0.002, 0.03, 0.2, 0.5, 0.77, 0.95, 0.998})
            QVERIFY(std::abs(fitted(p) - p) < 0.003);
    }

    void fitLogistic_manyRows_findsTheLine_data()
    {
        QTest::addColumn<double>("a");
        QTest::addColumn<double>("b");
        QTest::newRow("as it is") << 0.0 << 1.0;
        QTest::newRow("too sure") << 0.0 << 0.4;
        QTest::newRow("too timid") << 0.0 << 2.5;
        QTest::newRow("too low") << 1.5 << 1.0;
        QTest::newRow("without meaning") << -1.0 << 0.0;
    }
    void fitLogistic_manyRows_findsTheLine()
    {
        QFETCH(double, a);
        QFETCH(double, b);
        const Sample world = sample(20'000, a, b, 3);
        QVERIFY(error(fitLogistic(world.scores, world.outcomes), world) < 0.01);
    }

    void fitLogistic_fewRows_isNearerThanBlocksOfTwenty()
    {
        double line = 0.0;
        double blocks = 0.0;
        for (std::uint64_t seed = 1; seed <= 50; ++seed) {
            const Sample world = sample(36, 0.3, 0.8, seed);
            line += error(fitLogistic(world.scores, world.outcomes), world);
            blocks += error(Isotonic::fit(world.scores, world.outcomes, 20), world);
        }
        QVERIFY2(line < 0.5 * blocks, qPrintable(QStringLiteral("%1, %2").arg(line / 50).arg(blocks / 50)));
    }

    void fitLogistic_againstTheScores_neverDecreases()
    {
        const std::vector<double> scores{0.1, 0.2, 0.3, 0.7, 0.8, 0.9};
        const std::vector<std::uint8_t> outcomes{1, 1, 1, 0, 0, 0};
        const Isotonic fitted = fitLogistic(scores, outcomes);
        for (size_t i = 1; i < fitted.y().size(); ++i)
            QVERIFY(fitted.y()[i] >= fitted.y()[i - 1]);
        QVERIFY(fitted(0.9) - fitted(0.1) < 0.5);
    }

    void fitLogistic_onlySuccesses_isNotCertain()
    {
        const std::vector<double> scores(12, 0.8);
        const std::vector<std::uint8_t> outcomes(12, 1);
        const double p = fitLogistic(scores, outcomes)(0.8);
        QVERIFY2(p > 0.85 && p < 0.99, qPrintable(QString::number(p)));
    }
};

QTEST_APPLESS_MAIN(TestLogisticCalibration)
#include "tst_logistic_calibration.moc"
