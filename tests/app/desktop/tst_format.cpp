#include "desktop/widgets/format.hpp"

#include <QLocale>
#include <QtTest>

#include <cmath>

using namespace mulligan::desktop;

class TestFormat : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void moneyText_bySize_keepsWhatMatters_data()
    {
        QTest::addColumn<double>("usd");
        QTest::addColumn<QString>("text");
        QTest::newRow("thousands") << 12345.6 << QStringLiteral("$12,346");
        QTest::newRow("dollars and cents") << 12.345 << QStringLiteral("$12.35");
        QTest::newRow("a cent") << 0.01 << QStringLiteral("$0.01");
        QTest::newRow("nearly a cent") << 0.00996 << QStringLiteral("$0.01");
        QTest::newRow("a small retry") << 0.000343 << QStringLiteral("$0.00034");
        QTest::newRow("a small loss") << -0.0021 << QStringLiteral("\u2212$0.0021");
        QTest::newRow("less than a millionth") << 1e-9 << QStringLiteral("$0.00");
        QTest::newRow("nothing") << 0.0 << QStringLiteral("$0.00");
    }
    void moneyText_bySize_keepsWhatMatters()
    {
        QFETCH(double, usd);
        QFETCH(QString, text);
        QCOMPARE(moneyText(usd), text);
    }
};

QTEST_GUILESS_MAIN(TestFormat)
#include "tst_format.moc"
