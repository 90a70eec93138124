#include "formats/local_time.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::formats;

namespace
{

LocalTime local(int year, int month, int day, int hour, int minute)
{
    return {base::fromCivil(year, month, day, hour, minute).ms};
}

QString utc(base::Instant moment)
{
    return QString::fromStdString(base::formatInstant(moment));
}

} // namespace

class TestLocalTime : public QObject
{
    Q_OBJECT

private slots:
    void at_zones_giveMoments_data()
    {
        QTest::addColumn<QString>("zone");
        QTest::addColumn<QString>("clock");
        QTest::addColumn<QString>("first");
        QTest::addColumn<QString>("second");
        QTest::addColumn<bool>("missing");
        const auto row = [](const char *name, const char *zone, const char *clock, const char *first,
                            const char *second,
                            bool missing) { QTest::newRow(name) << zone << clock << first << second << missing; };
        row("winter", "Europe/Berlin", "2024-01-15T12:00", "2024-01-15T11:00:00Z", "2024-01-15T11:00:00Z", false);
        row("summer", "Europe/Berlin", "2024-07-15T12:00", "2024-07-15T10:00:00Z", "2024-07-15T10:00:00Z", false);
        row("clocks go forward: the missing hour is an hour later", "Europe/Berlin", "2024-03-31T02:30",
            "2024-03-31T01:30:00Z", "2024-03-31T01:30:00Z", true);
        row("clocks go back: the hour comes twice", "Europe/Berlin", "2024-10-27T02:30", "2024-10-27T00:30:00Z",
            "2024-10-27T01:30:00Z", false);
        row("forward in New York", "America/New_York", "2024-03-10T02:15", "2024-03-10T07:15:00Z",
            "2024-03-10T07:15:00Z", true);
        row("back in New York", "America/New_York", "2024-11-03T01:15", "2024-11-03T05:15:00Z", "2024-11-03T06:15:00Z",
            false);
        row("half an hour on Lord Howe", "Australia/Lord_Howe", "2024-04-07T01:45", "2024-04-06T14:45:00Z",
            "2024-04-06T15:15:00Z", false);
        row("no summer time", "Asia/Tokyo", "2024-07-01T09:00", "2024-07-01T00:00:00Z", "2024-07-01T00:00:00Z", false);
        row("UTC", "UTC", "2024-07-01T09:00", "2024-07-01T09:00:00Z", "2024-07-01T09:00:00Z", false);
        row("a fixed offset", "-03:30", "2024-07-01T09:00", "2024-07-01T12:30:00Z", "2024-07-01T12:30:00Z", false);
    }
    void at_zones_giveMoments()
    {
        QFETCH(QString, zone);
        QFETCH(QString, clock);
        QFETCH(QString, first);
        QFETCH(QString, second);
        QFETCH(bool, missing);
        const auto found = TimeZone::named(zone.toStdString());
        QVERIFY2(found.has_value(), found ? "" : found.error().text().c_str());
        const QDateTime at = QDateTime::fromString(clock, Qt::ISODate);
        const auto moments = found->at(
            local(at.date().year(), at.date().month(), at.date().day(), at.time().hour(), at.time().minute()));
        QCOMPARE(utc(moments.first), first);
        QCOMPARE(utc(moments.second), second);
        QCOMPARE(moments.missing, missing);
    }

    void at_abbreviation_choosesOfTheTwo()
    {
        const auto berlin = TimeZone::named("Europe/Berlin");
        const auto when = local(2024, 10, 27, 2, 30);
        QCOMPARE(utc(berlin->at(when, "CEST").value()), QStringLiteral("2024-10-27T00:30:00Z"));
        QCOMPARE(utc(berlin->at(when, "CET").value()), QStringLiteral("2024-10-27T01:30:00Z"));
        QVERIFY(!berlin->at(when, "JST").has_value());
    }

    void named_unknownZone_namesANearOne()
    {
        const auto zone = TimeZone::named("Europe/Berln");
        QVERIFY(!zone.has_value());
        QCOMPARE(zone.error().code, base::ErrorCode::NotFound);
        QCOMPARE(zone.error().hint, std::string("Did you mean 'Europe/Berlin'?"));
    }

    void parse_patterns_readTexts_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected"); // as if UTC; empty: it does not fit
        const auto row = [](const char *name, const char *pattern, const char *text, const char *expected) {
            QTest::newRow(name) << pattern << text << expected;
        };
        row("German", "%d.%m.%Y %H:%M:%S", "31.12.2024 23:59:58", "2024-12-31T23:59:58Z");
        row("one digit will do", "%d.%m.%Y %H:%M:%S", "1.2.2024 3:04:05", "2024-02-01T03:04:05Z");
        row("American with noon", "%m/%d/%Y %I:%M:%S %p", "12/31/2024 12:00:00 PM", "2024-12-31T12:00:00Z");
        row("American after midnight", "%m/%d/%Y %I:%M:%S %p", "12/31/2024 12:00:01 AM", "2024-12-31T00:00:01Z");
        row("names of months", "%d-%b-%Y %H:%M:%S", "05-MAR-2024 01:02:03", "2024-03-05T01:02:03Z");
        row("digits alone", "%Y%m%d%H%M%S", "20240229235959", "2024-02-29T23:59:59Z");
        row("a fraction", "%Y-%m-%d %H:%M:%S", "2024-01-02 03:04:05.678912", "2024-01-02T03:04:05.678Z");
        row("a fraction behind a comma", "%Y-%m-%d %H:%M:%S,%f", "2024-01-02 03:04:05,678", "2024-01-02T03:04:05.678Z");
        row("a date alone is midnight", "%d.%m.%Y", "02.01.2024", "2024-01-02T00:00:00Z");
        row("a month that is not there", "%d/%m/%Y", "31/31/2024", "");
        row("a day that is not there", "%d.%m.%Y", "30.02.2024", "");
        row("no leap year", "%d.%m.%Y", "29.02.2023", "");
        row("something behind", "%d.%m.%Y", "02.01.2024 x", "");
        row("too short", "%d.%m.%Y %H:%M", "02.01.2024", "");
        row("nothing", "%d.%m.%Y", "", "");
        row("seconds that are none", "%Y-%m-%d %H:%M:%S", "2024-01-02 03:04:xx", "");
        row("no seconds behind their colon", "%Y-%m-%d %H:%M:%S", "2024-01-02 03:04:", "");
        row("nanoseconds", "%Y-%m-%d %H:%M:%S", "2024-01-02 03:04:05.678912345", "2024-01-02T03:04:05.678Z");
        row("nanoseconds and a zone", "%Y-%m-%dT%H:%M:%S%z", "2024-01-02T03:04:05.678912345+0000",
            "2024-01-02T03:04:05.678Z");
        row("digits alone behind a day", "%d.%m.%Y%H%M%S", "31.12.20240229235959", "");
        row("a compact time behind points", "%d.%m.%Y%H%M%S", "29.02.2024235958", "2024-02-29T23:59:58Z");
        row("seconds of twelve digits", "%Y-%m-%d %H:%M:%S", "2024-01-02 03:04:999999999999", "");
        row("another text after a time that fits", "%H:%M:%S %d.%m.%Y", "03:04:;3 02.01.2024", "");
        row("an hour that is not there", "%Y-%m-%d %H:%M", "2024-01-02 25:00", "");
    }
    void parse_patterns_readTexts()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, text);
        QFETCH(QString, expected);
        const auto compiled = TimePattern::compile(pattern.toStdString());
        QVERIFY2(compiled.has_value(), compiled ? "" : compiled.error().text().c_str());
        const auto parsed = compiled->parse(text.toStdString());
        QCOMPARE(parsed ? utc({parsed->local.ms}) : QString(), expected);
    }

    void parse_offset_isKept()
    {
        const auto pattern = TimePattern::compile("%a %b %d %H:%M:%S %z %Y");
        QVERIFY(pattern->hasZone());
        const auto parsed = pattern->parse("Tue Jan 02 03:04:05 +0900 2024");
        QVERIFY(parsed.has_value());
        QCOMPARE(qint64(parsed->offsetMs.value()), qint64(9 * 3'600'000));
    }

    void compile_badPatterns_sayWhy_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("why");
        QTest::newRow("no conversion at all") << "yyyy-MM-dd"
                                              << "does not name year, month and day";
        QTest::newRow("unknown conversion") << "%Y-%m-%d %Q"
                                            << "%Q is not known";
        QTest::newRow("ends in %") << "%Y-%m-%d %"
                                   << "it ends in %";
        QTest::newRow("no year") << "%d.%m. %H:%M"
                                 << "does not name year, month and day";
        QTest::newRow("twelve hours without AM or PM") << "%Y-%m-%d %I:%M"
                                                       << "%I and %p belong together";
        QTest::newRow("a fraction out of place") << "%Y-%m-%d %f"
                                                 << "%f is not known";
    }
    void compile_badPatterns_sayWhy()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, why);
        const auto compiled = TimePattern::compile(pattern.toStdString());
        QVERIFY(!compiled.has_value());
        QCOMPARE(compiled.error().code, base::ErrorCode::InvalidArgument);
        QVERIFY2(QString::fromStdString(compiled.error().message).contains(why), compiled.error().message.c_str());
    }
};

QTEST_GUILESS_MAIN(TestLocalTime)
#include "tst_local_time.moc"
