#include "stats/quantiles.hpp"

#include <QtTest>

using namespace mulligan::stats;

class TestQuantiles : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void quantile_byHand_interpolatesBetweenOrderStatistics_data()
    {
        QTest::addColumn<double>("share");
        QTest::addColumn<double>("expected");
        QTest::newRow("the smallest") << 0.0 << 1.0;
        QTest::newRow("the largest") << 1.0 << 10.0;
        QTest::newRow("the median of an even count") << 0.5 << 3.5;
        QTest::newRow("a quarter") << 0.25 << 2.5;
        QTest::newRow("below nought is the smallest") << -1.0 << 1.0;
    }
    void quantile_byHand_interpolatesBetweenOrderStatistics()
    {
        QFETCH(double, share);
        QFETCH(double, expected);
        QCOMPARE(quantile({4.0, 1.0, 10.0, 3.0}, share), expected);
    }
    void quantile_oneValue_isThatValue() { QCOMPARE(quantile({7.0}, 0.9), 7.0); }
};

QTEST_APPLESS_MAIN(TestQuantiles)
#include "tst_quantiles.moc"
