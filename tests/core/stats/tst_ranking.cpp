#include "stats/ranking.hpp"

#include "base/rng.hpp"

#include <QtTest>

#include <cmath>

using namespace mulligan;
using namespace mulligan::stats;

class TestRanking : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void auc_byHand_countsPairsAndHalvesTies_data()
    {
        QTest::addColumn<QList<double>>("scores");
        QTest::addColumn<QList<int>>("outcomes");
        QTest::addColumn<double>("expected");
        QTest::newRow("perfect order") << QList<double>{0.1, 0.2, 0.8, 0.9} << QList<int>{0, 0, 1, 1} << 1.0;
        QTest::newRow("reversed order") << QList<double>{0.9, 0.8, 0.2, 0.1} << QList<int>{0, 0, 1, 1} << 0.0;
        QTest::newRow("all scores equal") << QList<double>{0.5, 0.5, 0.5} << QList<int>{0, 1, 1} << 0.5;
        QTest::newRow("five of six pairs")
            << QList<double>{0.1, 0.4, 0.35, 0.8, 0.7} << QList<int>{0, 0, 1, 1, 1} << 5.0 / 6.0;
        QTest::newRow("one pair tied of two") << QList<double>{0.3, 0.3, 0.2} << QList<int>{1, 0, 0} << 0.75;
    }
    void auc_byHand_countsPairsAndHalvesTies()
    {
        QFETCH(QList<double>, scores);
        QFETCH(QList<int>, outcomes);
        QFETCH(double, expected);
        const std::vector<double> s(scores.begin(), scores.end());
        const std::vector<std::uint8_t> y(outcomes.begin(), outcomes.end());
        QCOMPARE(auc(s, y).value(), expected);
    }

    void auc_againstAllPairs_agrees()
    {
        base::Rng rng(3, "auc");
        std::vector<double> s;
        std::vector<std::uint8_t> y;
        for (int i = 0; i < 300; ++i) {
            y.push_back(rng.chance(0.3) ? 1 : 0);
            s.push_back(static_cast<double>(rng.below(20)) + 3.0 * y.back());
        }
        double won = 0.0;
        double pairs = 0.0;
        for (size_t i = 0; i < s.size(); ++i)
            for (size_t j = 0; j < s.size(); ++j)
                if (y[i] == 1 && y[j] == 0) {
                    pairs += 1.0;
                    won += s[i] > s[j] ? 1.0 : s[i] == s[j] ? 0.5 : 0.0;
                }
        QVERIFY(std::abs(auc(s, y).value() - won / pairs) < 1e-12);
    }

    void metrics_oneOutcomeOnly_giveNothing()
    {
        const std::vector<double> s{0.1, 0.9};
        const std::vector<std::uint8_t> failures{0, 0};
        const std::vector<std::uint8_t> successes{1, 1};
        QVERIFY(!auc(s, failures));
        QVERIFY(!auc(s, successes));
        QVERIFY(!auc({}, {}));
        QVERIFY(!averagePrecision(s, failures));
        QVERIFY(rocCurve(s, successes).empty());
        QVERIFY(precisionRecallCurve(s, failures).empty());
    }

    void averagePrecision_byHand_sumsStepsOfRecall()
    {
        const std::vector<double> s{0.9, 0.8, 0.7, 0.6};
        const std::vector<std::uint8_t> y{1, 0, 1, 0};
        QCOMPARE(averagePrecision(s, y).value(), 0.5 * 1.0 + 0.5 * 2.0 / 3.0);
        // All tied: one step, the base rate, whatever the order of the input.
        const std::vector<double> tied{0.5, 0.5, 0.5, 0.5};
        QCOMPARE(averagePrecision(tied, y).value(), 0.5);
    }

    void curves_ofManyScores_areDecimatedAndKeepTheirEnds()
    {
        base::Rng rng(1, "curve");
        std::vector<double> s;
        std::vector<std::uint8_t> y;
        for (int i = 0; i < 5000; ++i) {
            s.push_back(rng.uniform());
            y.push_back(rng.chance(s.back()) ? 1 : 0);
        }
        const auto roc = rocCurve(s, y, 100);
        QCOMPARE(roc.size(), size_t(100));
        QCOMPARE(roc.front(), (Point{0.0, 0.0}));
        QCOMPARE(roc.back(), (Point{1.0, 1.0}));
        double area = 0.0;
        for (size_t i = 1; i < roc.size(); ++i) {
            QVERIFY(roc[i].x >= roc[i - 1].x && roc[i].y >= roc[i - 1].y);
            area += (roc[i].x - roc[i - 1].x) * (roc[i].y + roc[i - 1].y) / 2.0;
        }
        QVERIFY(std::abs(area - auc(s, y).value()) < 0.005);
        const auto pr = precisionRecallCurve(s, y, 100);
        QCOMPARE(pr.size(), size_t(100));
        QCOMPARE(pr.back().x, 1.0);
        QVERIFY(std::abs(pr.back().y - 0.5) < 0.03);
    }
};

QTEST_APPLESS_MAIN(TestRanking)
#include "tst_ranking.moc"
