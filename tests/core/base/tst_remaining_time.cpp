#include "base/remaining_time.hpp"

#include <QtTest>

using namespace mulligan::base;

class TestRemainingTime : public QObject
{
    Q_OBJECT

private slots:
    void left_steadyWork_isWhatIsLeftAtThatSpeed()
    {
        RemainingTime remaining;
        std::optional<double> left;
        for (int second = 0; second <= 10; ++second)
            left = remaining.left({"Importing", std::uint64_t(second) * 100, 5000}, second);
        QVERIFY(left.has_value());
        QCOMPARE(*left, 40.0);
    }

    void left_beforeAnythingWasSeen_isNotGuessed()
    {
        RemainingTime remaining;
        QVERIFY(!remaining.left({"Importing", 0, 5000}, 0.0));
        QVERIFY(!remaining.left({"Importing", 100, 5000}, 1.0));
        QVERIFY(!remaining.left({"Importing", 100, 0}, 5.0));
    }

    void left_workThatStandsStill_saysNothing()
    {
        RemainingTime remaining;
        for (int second = 0; second <= 30; ++second) {
            const auto left = remaining.left({"Importing", 100, 5000}, second);
            QVERIFY(!left);
        }
    }

    void left_speedThatChanges_followsTheLastSeconds()
    {
        RemainingTime remaining;
        std::optional<double> left;
        for (int second = 0; second <= 100; ++second) // slow, then ten times as fast
            left =
                remaining.left({"Importing", second < 60 ? second * 10u : 600u + (second - 60) * 100u, 10000}, second);
        QVERIFY(left.has_value());
        QCOMPARE(*left, (10000.0 - 4600.0) / 100.0);
    }

    void left_anotherStage_beginsAnew()
    {
        RemainingTime remaining;
        for (int second = 0; second <= 5; ++second)
            (void)remaining.left({"Importing", std::uint64_t(second) * 100, 5000}, second);
        QVERIFY(!remaining.left({"Classifying", 0, 700}, 6.0));
        QVERIFY(!remaining.left({"Classifying", 100, 700}, 7.0));
        QCOMPARE(remaining.left({"Classifying", 200, 700}, 8.0), std::optional(5.0));
    }

    void formatRemaining_seconds_areNoMoreExactThanAnEstimate_data()
    {
        QTest::addColumn<double>("seconds");
        QTest::addColumn<QString>("expected");
        QTest::newRow("nearly there") << 3.0 << "less than 10 s";
        QTest::newRow("seconds") << 42.0 << "40 s";
        QTest::newRow("a minute") << 58.0 << "1 min";
        QTest::newRow("minutes") << 100.0 << "2 min";
        QTest::newRow("an hour") << 3600.0 << "1 h";
        QTest::newRow("hours") << 7800.0 << "2 h 10 min";
        QTest::newRow("nearly three hours") << 10750.0 << "3 h";
    }
    void formatRemaining_seconds_areNoMoreExactThanAnEstimate()
    {
        QFETCH(double, seconds);
        QFETCH(QString, expected);
        QCOMPARE(QString::fromStdString(formatRemaining(seconds)), expected);
    }
};

QTEST_GUILESS_MAIN(TestRemainingTime)
#include "tst_remaining_time.moc"
