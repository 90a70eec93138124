#include "report/cadence_text.hpp"

#include <QtTest>

using namespace mulligan;

class TestCadenceText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cadenceTitle_anyCadence_isForPeople_data()
    {
        QTest::addColumn<QString>("cadence");
        QTest::addColumn<QString>("title");
        QTest::newRow("on failure") << QStringLiteral("on_failure") << QStringLiteral("on failure");
        QTest::newRow("minutes") << QStringLiteral("30m") << QStringLiteral("every 30 minutes");
        QTest::newRow("one minute") << QStringLiteral("1m") << QStringLiteral("every minute");
        QTest::newRow("one hour") << QStringLiteral("1h") << QStringLiteral("every hour");
        QTest::newRow("hours") << QStringLiteral("1.5h") << QStringLiteral("every 1.5 hours");
        QTest::newRow("midnight") << QStringLiteral("daily") << QStringLiteral("daily, 00:00 UTC");
        QTest::newRow("morning") << QStringLiteral("daily@6") << QStringLiteral("daily, 06:00 UTC");
        QTest::newRow("evening") << QStringLiteral("daily@18") << QStringLiteral("daily, 18:00 UTC");
        QTest::newRow("one of a later version") << QStringLiteral("hourly?") << QStringLiteral("hourly?");
    }
    void cadenceTitle_anyCadence_isForPeople()
    {
        QFETCH(QString, cadence);
        QFETCH(QString, title);
        QCOMPARE(QString::fromStdString(report::cadenceTitle(cadence.toStdString())), title);
    }

    void cadencesToText_largeFigures_stayWithinTheTerminal()
    {
        model::CadenceRow row;
        row.figures = {"daily@6", "wait",    9e6,     3e6,    3e6,   3e6,    1e6,
                       604800.0,  2592000.0, 43200.0, 123456, 65432, 525600, 9876543};
        row.net.value = -1234567890.12;
        row.policy.remediatedShare.value = 1.0;
        row.policy.interventions.value = 123456.7;
        row.policy.recoverySecondsMedian.value = 864000.0;
        row.policy.recoverySecondsP95.value = 8640000.0;
        const QString text = QString::fromStdString(report::cadencesToText(std::vector{row}, "USD", false));
        for (const QString &line : text.split(QLatin1Char('\n')))
            QVERIFY2(line.size() <= 80, qPrintable(line));
        QVERIFY(text.contains(QStringLiteral("-1,234,567,890.12")));
        QVERIFY(text.contains(QStringLiteral("waits for its batch")));
        QVERIFY(text.contains(QStringLiteral("33.3 %")));
    }
};

QTEST_APPLESS_MAIN(TestCadenceText)
#include "tst_cadence_text.moc"
