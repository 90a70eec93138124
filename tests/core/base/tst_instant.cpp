#include "base/instant.hpp"

#include <QtTest>

using namespace mulligan::base;

class TestInstant : public QObject
{
    Q_OBJECT

private slots:
    void parseInstant_goodText_givesUtcMilliseconds_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("ms");
        QTest::newRow("UTC with Z") << "2026-01-02T03:04:05Z" << qint64{1767323045000};
        QTest::newRow("a space instead of T") << "2026-01-02 03:04:05Z" << qint64{1767323045000};
        QTest::newRow("east of Greenwich is earlier in UTC") << "2026-01-02T12:04:05+09:00" << qint64{1767323045000};
        QTest::newRow("west of Greenwich is later in UTC") << "2026-01-01T22:04:05-05:00" << qint64{1767323045000};
        QTest::newRow("an offset without colon") << "2026-01-02T12:04:05+0900" << qint64{1767323045000};
        QTest::newRow("milliseconds") << "2026-01-02T03:04:05.678Z" << qint64{1767323045678};
        QTest::newRow("nanoseconds are cut to milliseconds")
            << "2026-01-02T03:04:05.678999999Z" << qint64{1767323045678};
        QTest::newRow("epoch milliseconds") << "1767323045678" << qint64{1767323045678};
        QTest::newRow("a leap day") << "2024-02-29T00:00:00Z" << qint64{1709164800000};
    }
    void parseInstant_goodText_givesUtcMilliseconds()
    {
        QFETCH(QString, text);
        QFETCH(qint64, ms);
        const auto result = parseInstant(text.toStdString());
        QVERIFY2(result.has_value(), result.has_value() ? "" : result.error().text().c_str());
        QCOMPARE(qint64(result->ms), ms);
    }

    void parseInstant_badText_saysWhy_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("why");
        QTest::newRow("no zone") << "2026-01-02T03:04:05"
                                 << "no zone";
        QTest::newRow("empty") << ""
                               << "empty";
        QTest::newRow("a month that is not there") << "2026-13-02T03:04:05Z"
                                                   << "no such date";
        QTest::newRow("a day that is not there") << "2026-02-29T03:04:05Z"
                                                 << "no such date";
        QTest::newRow("only a date") << "2026-01-02"
                                     << "expected";
        QTest::newRow("words") << "yesterday"
                               << "expected";
        QTest::newRow("a decimal point without digits") << "2026-01-02T03:04:05.Z"
                                                        << "decimal point";
        QTest::newRow("half an offset") << "2026-01-02T03:04:05+09"
                                        << "offset";
        QTest::newRow("negative epoch") << "-5"
                                        << "between the years";
        QTest::newRow("beyond the year 9999") << "253402300800000"
                                              << "between the years";
    }
    void parseInstant_badText_saysWhy()
    {
        QFETCH(QString, text);
        QFETCH(QString, why);
        const auto result = parseInstant(text.toStdString());
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().code, ErrorCode::Parse);
        QVERIFY2(QString::fromStdString(result.error().message).contains(why), result.error().message.c_str());
        QVERIFY(!result.error().hint.empty());
    }

    void formatInstant_parsedBack_isTheSame()
    {
        for (const std::int64_t ms : {0LL, 951782400000LL, 1767323045678LL, 253402300799999LL}) {
            const auto back = parseInstant(formatInstant({ms}));
            QVERIFY(back.has_value());
            QCOMPARE(qint64(back->ms), qint64(ms));
        }
    }

    void toCivil_knownDay_hasItsWeekday()
    {
        QCOMPARE(toCivil(fromCivil(2026, 11, 24)).weekday, 2);
        QCOMPARE(toCivil({-1}).year, 1969);
    }
};

QTEST_GUILESS_MAIN(TestInstant)
#include "tst_instant.moc"
