#include "collecting_sink.hpp"

#include "ingest/attempt_json.hpp"
#include "ingest/mapped_rows.hpp"
#include "ingest/mapping.hpp"
#include "ingest/mapping_units.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

namespace
{

struct Outcome {
    CollectingSink sink;
    SourceReport report;
    std::string error;
};

/// Reads `content` by a profile.
Outcome import(const QByteArray &content, const std::string &profile)
{
    Outcome out;
    const auto mapping = parseMapping(profile, "p.yaml");
    if (!mapping) {
        out.error = mapping.error().text();
        return out;
    }
    Folder folder;
    const std::string path = folder.write("rows", {content.data(), static_cast<std::size_t>(content.size())});
    const auto report = readFile(path, Format::Csv, out.sink, {}, {}, std::make_shared<const Mapping>(*mapping));
    if (report)
        out.report = *report;
    else
        out.error = report.error().text();
    return out;
}

/// A profile of the six fields, with lines put before the fields and fields put in the place of some.
std::string profile(const std::string &frame, const std::string &fields)
{
    return "version: 1\n" + frame + "fields:\n" + fields;
}

const std::string kPlain = "  job: job\n  run: run\n  attempt: try\n  outcome: state\n  started_at: start\n"
                           "  ended_at: end\n";
const QByteArray kHeader = "job,run,try,state,start,end\n";

/// One row whose field `target` is read from a column "x" holding `text`; gives the attempt's JSON or the reason.
std::string readField(const std::string &target, const std::string &options, const QByteArray &text,
                      const std::string &frame = {})
{
    const bool replaces = kPlain.find("  " + target + ": ") != std::string::npos;
    std::string fields;
    for (std::size_t at = 0; at < kPlain.size();) {
        const std::size_t end = kPlain.find('\n', at) + 1;
        const std::string line = kPlain.substr(at, end - at);
        at = end;
        if (!replaces || !line.starts_with("  " + target + ": "))
            fields += line;
    }
    fields += "  " + target + ": {" + (options.find("duration") == 0 ? "" : "column: x, ") + options + "}\n";
    const QByteArray rows = "job;run;try;state;start;end;x\n"
                            "j;r;1;failed;2024-01-01T00:00:00Z;2030-01-01T00:00:00Z;"
                            + text + "\n";
    const auto out = import(rows, profile("dialect: {delimiter: \";\"}\n" + frame, fields));
    if (!out.error.empty())
        return out.error;
    if (!out.sink.rejects.empty())
        return out.sink.rejects.front().reason;
    if (out.sink.attempts.empty())
        return "nothing";
    const auto json = attemptToJson(out.sink.attempts.front());
    const std::size_t dot = target.find('.');
    const auto &value = json[target.substr(0, dot)];
    return formats::writeJson(dot == target.npos ? value : value[target.substr(dot + 1)]);
}

} // namespace

class TestMappedRows : public QObject
{
    Q_OBJECT

private slots:
    void readSource_dialectsAndEncodings_giveTheSameRow_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("frame");
        const QByteArray row = "grün,r,1,failed,2024-01-01T00:00:00Z,2024-01-01T00:00:01Z\n";
        const QString text = QString::fromUtf8(kHeader + row);
        QTest::newRow("as it is") << kHeader + row << QByteArray();
        QTest::newRow("tabs") << QByteArray(kHeader + row).replace(',', '\t')
                              << QByteArray("dialect: {delimiter: tab}\n");
        QTest::newRow("pipes") << QByteArray(kHeader + row).replace(',', '|')
                               << QByteArray("dialect: {delimiter: \"|\"}\n");
        QTest::newRow("section signs") << QByteArray(kHeader + row).replace(",", "§")
                                       << QByteArray("dialect: {delimiter: \"§\"}\n");
        QTest::newRow("single quotes") << QByteArray(kHeader + row).replace("grün", "'grün'")
                                       << QByteArray("dialect: {quote: \"'\"}\n");
        QTest::newRow("spaces around values") << QByteArray(kHeader + row).replace(",", " , ") << QByteArray();
        QTest::newRow("lines before the header")
            << QByteArray("Export\n\n") + kHeader + row << QByteArray("dialect: {skip_lines: 2}\n");
        QTest::newRow("comments") << QByteArray("# \"a\n") + kHeader + "#b\n" + row
                                  << QByteArray("dialect: {comment: \"#\"}\n");
        QTest::newRow("a delimiter at the end of rows")
            << QByteArray(kHeader + row).replace("01Z\n", "01Z,\n") << QByteArray();
        QTest::newRow("Latin-1") << text.toLatin1() << QByteArray("encoding: ISO-8859-1\n");
        QByteArray wide = QByteArray("\xFF\xFE");
        for (const QChar c : text)
            wide += QByteArray(1, char(c.unicode() & 0xFF)) + QByteArray(1, char(c.unicode() >> 8));
        QTest::newRow("UTF-16") << wide << QByteArray("encoding: UTF-16LE\n");
    }
    void readSource_dialectsAndEncodings_giveTheSameRow()
    {
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, frame);
        const auto out = import(content, profile(frame.toStdString(), kPlain));
        QCOMPARE(out.error, std::string());
        QVERIFY2(out.sink.rejects.empty(), out.sink.rejects.empty() ? "" : out.sink.rejects.front().reason.c_str());
        QCOMPARE(out.sink.attempts.size(), size_t(1));
        QCOMPARE(out.sink.attempts.front().job, std::string("grün"));
        QCOMPARE(out.sink.attempts.front().outcome, model::Outcome::Failed);
    }

    void readSource_withoutHeader_columnsAreNumbers()
    {
        const auto out = import("j,r,2,killed,2024-01-01T00:00:00Z,2024-01-01T00:00:01Z\n",
                                profile("dialect: {header: false}\n", "  job: 1\n  run: 2\n  attempt: 3\n  outcome: 4\n"
                                                                      "  started_at: 5\n  ended_at: 6\n"));
        QCOMPARE(out.error, std::string());
        QCOMPARE(out.sink.attempts.size(), size_t(1));
        QCOMPARE(out.sink.attempts.front().attempt, 2);
    }

    void readSource_badBytes_areReplacedAndCounted()
    {
        const auto out =
            import(kHeader + "a\xFF\xFE,r,1,failed,2024-01-01T00:00:00Z,2024-01-01T00:00:01Z\n", profile("", kPlain));
        QCOMPARE(out.sink.attempts.size(), size_t(1));
        QCOMPARE(out.report.warnings,
                 std::vector<std::string>{"bytes that are no text in UTF-8 were replaced by U+FFFD (2 times)"});
    }

    void readSource_utf8ByAProfileOfAnotherEncoding_isWarnedOf_data()
    {
        QTest::addColumn<QByteArray>("job");
        QTest::addColumn<bool>("warned");
        QTest::newRow("UTF-8") << QByteArray("gr\xC3\xB6\xC3\x9F"
                                             "e")
                               << true;
        QTest::newRow("what the profile says") << QByteArray("gr\xF6\xDF"
                                                             "e")
                                               << false;
        QTest::newRow("ASCII") << QByteArray("size") << false;
    }
    void readSource_utf8ByAProfileOfAnotherEncoding_isWarnedOf()
    {
        QFETCH(QByteArray, job);
        QFETCH(bool, warned);
        const auto out = import(kHeader + job + ",r,1,failed,2024-01-01T00:00:00Z,2024-01-01T00:00:01Z\n",
                                profile("encoding: WINDOWS-1252\n", kPlain));
        QCOMPARE(out.sink.attempts.size(), std::size_t(1));
        QCOMPARE(out.report.warnings.size(), std::size_t(warned ? 1 : 0));
        QVERIFY(!warned || out.report.warnings.front().find("encoding: UTF-8") != std::string::npos);
    }

    void readSource_countedNumber_rejectNamesWhatIsMissing_data()
    {
        QTest::addColumn<QByteArray>("row");
        QTest::addColumn<QString>("reason");
        QTest::newRow("no start") << QByteArray("j,r,failed,,2024-01-01T00:00:01Z")
                                  << "field 'started_at' from column 'start': is missing";
        QTest::newRow("no run") << QByteArray("j,,failed,2024-01-01T00:00:00Z,2024-01-01T00:00:01Z")
                                << "field 'run' from column 'run': is missing";
        QTest::newRow("neither outcome nor start")
            << QByteArray("j,r,,,2024-01-01T00:00:01Z") << "field 'outcome' from column 'state': is missing";
        QTest::newRow("a start that is no time")
            << QByteArray("j,r,failed,soon,2024-01-01T00:00:01Z") << "field 'started_at' from column 'start': ";
    }
    void readSource_countedNumber_rejectNamesWhatIsMissing()
    {
        QFETCH(QByteArray, row);
        QFETCH(QString, reason);
        const auto out = import("job,run,state,start,end\n" + row + "\n",
                                profile("", "  job: job\n  run: run\n  outcome: state\n  started_at: start\n"
                                            "  ended_at: end\n"));
        QVERIFY2(out.error.empty(), out.error.c_str());
        QCOMPARE(out.sink.rejects.size(), std::size_t(1));
        const QString said = QString::fromStdString(out.sink.rejects.front().reason);
        QVERIFY2(said.startsWith(reason), qPrintable(said));
    }

    void readSource_fields_areConverted_data()
    {
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("options");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("frame");
        QTest::addColumn<QString>("result");
        const auto row = [](const char *name, const char *target, const char *options, const char *text,
                            const char *result, const char *frame = "") {
            QTest::newRow(name) << target << options << QByteArray(text) << frame << result;
        };
        // Times.
        row("epoch seconds", "started_at", "time: epoch_s", "1704067200", "\"2024-01-01T00:00:00Z\"");
        row("epoch seconds with a fraction", "started_at", "time: epoch_s", "1704067200.25",
            "\"2024-01-01T00:00:00.250Z\"");
        row("epoch milliseconds", "started_at", "time: epoch_ms", "1704067200123", "\"2024-01-01T00:00:00.123Z\"");
        row("epoch microseconds", "started_at", "time: epoch_us", "1704067200123456", "\"2024-01-01T00:00:00.123Z\"");
        row("epoch nanoseconds", "started_at", "time: epoch_ns", "1704067200123456789", "\"2024-01-01T00:00:00.123Z\"");
        row("the wrong epoch unit", "started_at", "time: epoch_ms", "1704067200",
            "field 'started_at' from column 'x': '1704067200' lies outside the years 1990 to 2100: is it counted in "
            "another unit?");
        row("epoch zero is no time", "ended_at", "time: epoch_ms", "0", "field 'ended_at' from column 'x': is missing");
        row("RFC 3339 without a zone takes the profile's", "started_at", "zone: Asia/Tokyo", "2024-01-01 09:00:00",
            "\"2024-01-01T00:00:00Z\"");
        row("RFC 3339 with a zone keeps it", "started_at", "zone: Asia/Tokyo", "2024-01-01T00:00:00Z",
            "\"2024-01-01T00:00:00Z\"");
        row("the zone of the frame", "started_at", "time: \"%d.%m.%Y %H:%M\"", "01.07.2024 02:00",
            "\"2024-07-01T00:00:00Z\"", "zone: Europe/Berlin\n");
        row("a pattern that does not fit", "started_at", "time: \"%d/%m/%Y\", zone: UTC", "31/31/2024",
            "field 'started_at' from column 'x': '31/31/2024' does not fit the pattern '%d/%m/%Y'");
        row("an abbreviation decides the hour that comes twice", "started_at",
            "time: \"%Y-%m-%d %H:%M:%S %Z\", zone: Europe/Berlin", "2024-10-27 02:30:00 CET",
            "\"2024-10-27T01:30:00Z\"");
        row("a foreign abbreviation", "started_at", "time: \"%Y-%m-%d %H:%M:%S %Z\", zone: Europe/Berlin",
            "2024-10-27 02:30:00 PST",
            "field 'started_at' from column 'x': '2024-10-27 02:30:00 PST' names a zone that the profile's zone never "
            "calls itself then");
        row("Excel's days", "started_at", "time: excel, zone: Europe/Berlin", "46082.0833333333",
            "\"2026-03-01T01:00:00Z\"");
        row("Excel's days with a comma", "started_at", "time: excel, zone: UTC", "46082,5", "\"2026-03-01T12:00:00Z\"",
            "numbers: {decimal: \",\"}\n");
        row("no day of Excel's", "started_at", "time: excel, zone: UTC", "1772323200",
            "field 'started_at' from column 'x': '1772323200' lies outside the years 1990 to 2100: are these days as "
            "Excel counts them?");
        row("no number for Excel's day", "started_at", "time: excel, zone: UTC", "today",
            "field 'started_at' from column 'x': 'today' is no number");
        // Durations.
        row("a duration in seconds", "ended_at", "duration: x", "90", "\"2024-01-01T00:01:30Z\"");
        row("a duration in minutes", "ended_at", "duration: x, unit: min", "1.5", "\"2024-01-01T00:01:30Z\"");
        row("a duration on a clock", "ended_at", "duration: x, unit: hms", "1-01:00:30", "\"2024-01-02T01:00:30Z\"");
        row("a duration that names its unit", "ended_at", "duration: x, unit: auto", "5 min",
            "\"2024-01-01T00:05:00Z\"");
        row("a duration of several units", "ended_at", "duration: x, unit: auto", "1h 5m 3s",
            "\"2024-01-01T01:05:03Z\"");
        row("a duration of days and hours", "ended_at", "duration: x, unit: auto", "2d 1h", "\"2024-01-03T01:00:00Z\"");
        row("a duration in words", "ended_at", "duration: x, unit: auto", "1 hour, 30 minutes",
            "\"2024-01-01T01:30:00Z\"");
        row("milliseconds by their unit", "ended_at", "duration: x, unit: auto", "900ms",
            "\"2024-01-01T00:00:00.900Z\"");
        row("a clock among units", "ended_at", "duration: x, unit: auto", "00:10:00", "\"2024-01-01T00:10:00Z\"");
        row("a day and a clock", "ended_at", "duration: x, unit: auto", "1 day, 1:05:03", "\"2024-01-02T01:05:03Z\"");
        row("a duration of ISO 8601", "ended_at", "duration: x, unit: auto", "PT5M", "\"2024-01-01T00:05:00Z\"");
        row("one with days and a fraction", "ended_at", "duration: x, unit: auto", "P1DT2H0.5S",
            "\"2024-01-02T02:00:00.500Z\"");
        for (const char *bad : {"1m 5h", "1h 5", "5 parsecs", "P", "PT", "P1M", "PT5", "h", "1..5h", "soon"})
            row(bad, "ended_at", "duration: x, unit: auto", bad,
                (std::string("field 'ended_at' from column 'x': '") + bad + "' is no duration in auto").c_str());
        row("a negative duration", "ended_at", "duration: x, unit: ms", "-1",
            "field 'ended_at' from column 'x': '-1' is no duration in ms");
        // Numbers and units.
        row("attempts from 0 on", "attempt", "add: 1", "0", "1");
        row("an attempt that is no number", "attempt", "add: 1", "first",
            "field 'attempt' from column 'x': 'first' is no number");
        row("an attempt of a half", "attempt", "add: 1", "1.5",
            "field 'attempt' from column 'x': must be a whole number from 1 on, found 1.5");
        row("vcore-hours", "vcore_seconds", "unit: vcore-hours", "2", "7200.0");
        row("Glue's units are four vcores", "vcore_seconds", "unit: dpu-seconds", "10", "40.0");
        row("GB-hours", "memory_gb_seconds", "unit: GB-hours", "2", "7200.0");
        row("YARN's MB-seconds", "memory_gb_seconds", "unit: MB-seconds", "2048", "2.0");
        row("a decimal comma with thousands", "memory_gb_seconds", "unit: GB-seconds", "1.234,5", "1234.5",
            "numbers: {decimal: \",\", thousands: \".\"}\n");
        row("thousands in the wrong place", "memory_gb_seconds", "unit: GB-seconds", "12.34",
            "field 'memory_gb_seconds' from column 'x': '12.34' is no number in GB-seconds",
            "numbers: {decimal: \",\", thousands: \".\"}\n");
        row("a cost with its sign", "cost_usd", "", "$1234.50", "1234.5");
        row("a cost with its code", "cost_usd", "", "12,50 EUR", "12.5", "numbers: {decimal: \",\"}\n");
        row("a negative cost", "cost_usd", "", "-3",
            "field 'cost_usd' from column 'x': must not be negative, found -3.0");
        row("minutes of a person", "manual_minutes", "unit: h", "1.5", "90.0");
        row("bytes of a metric", "metrics.input_bytes", "unit: GiB", "1.5", "1610612736.0");
        row("powers of ten", "metrics.input_bytes", "unit: MB", "3", "3e+06");
        row("a metric of time", "metrics.gc_seconds", "unit: ms", "1500", "1.5");
        row("a metric that is no number", "metrics.tasks", "", "many",
            "field 'metrics' ('tasks') from column 'x': 'many' is no number");
        row("memory of a setting", "config.spark.executor.memory", "unit: MiB", "1536", "\"1536m\"");
        row("a setting as it is", "config.spark.executor.memory", "", "4g", "\"4g\"");
        row("settings as JSON", "config", "", "{\"a\": 1, \"b\": {\"c\": 2}}", "{\"a\":\"1\"}");
        row("settings that are no JSON", "config", "", "a=1",
            "field 'config' from column 'x': 'a=1' must be a JSON object: not a JSON object");
        // Value maps.
        row("a value map in any case", "outcome", "values: {\"ended ok\": succeeded}", "Ended OK", "\"succeeded\"");
        row("the default", "outcome", "values: {OK: succeeded}, otherwise: failed", "SEGV", "\"failed\"");
        row("no default", "outcome", "values: {OK: succeeded}", "SEGV",
            "field 'outcome' from column 'x': 'SEGV' is not in the value map, and is none of succeeded, failed, "
            "killed, "
            "unknown");
        row("a row to pass over", "outcome", "values: {RUNNING: skip}", "running", "nothing");
        row("nothing at all has a meaning", "outcome", "values: {\"\": skip}", "", "nothing");
        row("a text that means nothing", "outcome", "values: {OK: succeeded}", "NULL",
            "field 'outcome' from column 'x': is missing");
        row("a setting with its unit", "config.spark.executor.memory", "unit: auto", "4g", "\"4g\"");
        row("a setting that is no size", "config.spark.executor.memory", "unit: auto", "lots",
            "field 'config' ('spark.executor.memory') from column 'x': 'lots' is no size and no time with its unit, "
            "such "
            "as 4g or 30s");
        row("an amount in another unit", "memory_gb_seconds", "", "1e15",
            "field 'memory_gb_seconds' from column 'x': is more than one attempt takes (at most 1e13 GB-seconds, "
            "300,000 "
            "GB for a year; is it in another unit?), found 1e+15");
        row("names are mapped too", "team", "values: {\"17\": payments}", "17", "\"payments\"");
        row("a trigger that is none", "trigger", "", "CRON",
            "field 'trigger' from column 'x': must be one of scheduled, auto_retry, manual, found 'CRON'");
    }
    void readSource_fields_areConverted()
    {
        QFETCH(QString, target);
        QFETCH(QString, options);
        QFETCH(QByteArray, text);
        QFETCH(QString, frame);
        QFETCH(QString, result);
        const QByteArray quoted = text.contains('"') ? '"' + QByteArray(text).replace("\"", "\"\"") + '"' : text;
        const QString got =
            QString::fromStdString(readField(target.toStdString(), options.toStdString(), quoted, frame.toStdString()));
        // What is wrong with JSON is told by its parser.
        if (result.contains("must be a JSON object"))
            QVERIFY2(got.startsWith(result.section(": not", 0, 0)), qPrintable(got));
        else
            QCOMPARE(got, result);
    }

    void readSource_hourThatComesTwice_endFollowsStart()
    {
        const std::string fields = "  job: job\n  run: run\n  attempt: try\n  outcome: state\n"
                                   "  started_at: {column: start, time: \"%Y-%m-%d %H:%M\"}\n"
                                   "  ended_at: {column: end, time: \"%Y-%m-%d %H:%M\"}\n";
        const auto out = import(kHeader + "j,r,1,failed,2024-10-27 02:50,2024-10-27 02:10\n",
                                profile("zone: Europe/Berlin\n", fields));
        QCOMPARE(out.sink.attempts.size(), size_t(1));
        QCOMPARE(base::secondsBetween(out.sink.attempts.front().startedAt, out.sink.attempts.front().endedAt), 1200.0);
        QCOMPARE(out.report.warnings.size(), size_t(1));
        QVERIFY(out.report.warnings.front().find("comes twice") != std::string::npos);
    }

    void readSource_templatesAndConstants_makeTexts()
    {
        const std::string fields = "  job: {template: \"{job}.{try}{{x}}\"}\n  run: {columns: [end, run]}\n"
                                   "  attempt: {constant: 1}\n  outcome: {constant: failed}\n"
                                   "  started_at: start\n  ended_at: {duration: state, unit: ms}\n"
                                   "  owner: {constant: ana}\n";
        const auto out = import(kHeader + "j,r,,5000,2024-01-01T00:00:00Z,\n", profile("", fields));
        QCOMPARE(out.error, std::string());
        QVERIFY2(out.sink.rejects.empty(), out.sink.rejects.empty() ? "" : out.sink.rejects.front().reason.c_str());
        const auto &attempt = out.sink.attempts.front();
        QCOMPARE(attempt.job, std::string("j.{x}"));
        QCOMPARE(attempt.run, std::string("r"));
        QCOMPARE(attempt.owner, std::string("ana"));
        QCOMPARE(base::secondsBetween(attempt.startedAt, attempt.endedAt), 5.0);
    }

    void readSource_withoutAttempts_numbersThemByStart()
    {
        const std::string fields = "  job: job\n  run: run\n  outcome: {column: state, values: {RUNNING: skip}}\n"
                                   "  started_at: start\n  ended_at: end\n";
        const auto row = [](const char *run, const char *state, int minute) {
            const QByteArray time = "2024-01-01T00:0" + QByteArray::number(minute) + ":00Z";
            return QByteArray("j,") + run + ",," + state + "," + time + ",2024-01-01T01:00:00Z\n";
        };
        const auto out = import(kHeader + row("a", "failed", 5) + row("b", "failed", 0) + row("a", "failed", 1)
                                    + row("a", "succeeded", 9) + row("a", "RUNNING", 0) + "bad\n" + row("a", "odd", 3)
                                    + row("b", "succeeded", 0),
                                profile("", fields));
        QStringList got;
        for (const auto &attempt : out.sink.attempts)
            got << QString::fromStdString(attempt.run) + QString::number(attempt.attempt);
        // The row that was rejected for its outcome is an attempt all the same and keeps its number, 2.
        QCOMPARE(got, QStringList({"a3", "b1", "a1", "a4", "b2"}));
        QCOMPARE(out.sink.rejects.size(), size_t(2));
        QCOMPARE(
            out.report.warnings,
            std::vector<std::string>{"a row was passed over because the profile says skip for its outcome (once)"});
    }

    void readSource_slices_areOneAttemptFromTheFirstToTheLast_data()
    {
        QTest::addColumn<QString>("attempt");
        QTest::addColumn<QStringList>("attempts");
        QTest::newRow("numbered by start")
            << QString() << QStringList({"a/1 01:00-03:20", "a/2 05:00-05:10", "b/1 01:00-01:10"});
        QTest::newRow("by a column of attempts")
            << "  attempt: {column: try, add: 1}\n"
            << QStringList({"a/1 01:00-03:20", "a/2 05:00-05:10", "b/1 01:00-01:10"});
    }
    void readSource_slices_areOneAttemptFromTheFirstToTheLast()
    {
        QFETCH(QString, attempt);
        QFETCH(QStringList, attempts);
        const std::string fields = "  job: job\n  run: run\n" + attempt.toStdString()
                                   + "  outcome: {column: state, values: {\"\": continues}}\n"
                                     "  started_at: start\n  ended_at: end\n";
        const auto row = [](const char *head, const char *from, const char *to) {
            return QByteArray("j,") + head + ",2024-01-01T" + from + ":00Z,2024-01-01T" + to + ":00Z\n";
        };
        const auto out = import(kHeader + row("a,0,failed", "03:00", "03:20") + row("a,0,", "02:00", "03:00")
                                    + row("a,0,", "01:00", "02:00") + row("a,1,succeeded", "05:00", "05:10")
                                    + row("b,0,failed", "01:00", "01:10") + row("b,1,", "02:00", "03:00")
                                    + row("b,1,", "03:00", "04:00"),
                                profile("", fields));
        QCOMPARE(out.error, std::string());
        QCOMPARE(out.sink.rejects.size(), size_t(0));
        QStringList got;
        for (const auto &each : out.sink.attempts)
            got << QString("%1/%2 %3-%4")
                       .arg(QString::fromStdString(each.run))
                       .arg(each.attempt)
                       .arg(QString::fromStdString(base::formatInstant(each.startedAt)).mid(11, 5))
                       .arg(QString::fromStdString(base::formatInstant(each.endedAt)).mid(11, 5));
        QCOMPARE(got, attempts);
        QCOMPARE(
            out.report.warnings,
            std::vector<std::string>{"a row was passed over because its attempt goes on and no row ends it yet; an "
                                     "export that ends it is to hold this row too (2 times)"});
    }

    void readSource_sliceWithABadTime_isRejected()
    {
        const auto out = import(kHeader
                                    + "j,r,1,,soon,2024-01-01T02:00:00Z\n"
                                      "j,r,1,failed,2024-01-01T02:00:00Z,2024-01-01T02:10:00Z\n",
                                profile("", "  job: job\n  run: run\n  attempt: try\n"
                                            "  outcome: {column: state, values: {\"\": continues}}\n"
                                            "  started_at: start\n  ended_at: end\n"));
        QCOMPARE(out.sink.attempts.size(), size_t(1));
        QCOMPARE(out.sink.rejects.size(), size_t(1));
        QVERIFY(out.sink.rejects.front().reason.find("'started_at' from column 'start'") != std::string::npos);
    }

    void readSource_sliceWithDuration_endsWhereItsOwnRowEnds()
    {
        const auto out = import(kHeader + "j,r,1,,2024-01-01T01:00:00Z,3600\nj,r,1,failed,2024-01-01T02:00:00Z,60\n",
                                profile("", "  job: job\n  run: run\n  attempt: try\n"
                                            "  outcome: {column: state, values: {\"\": continues}}\n"
                                            "  started_at: start\n  ended_at: {duration: end}\n"));
        QCOMPARE(out.error, std::string());
        QCOMPARE(out.sink.attempts.size(), size_t(1));
        const auto &attempt = out.sink.attempts.front();
        QCOMPARE(base::secondsBetween(attempt.startedAt, attempt.endedAt), 3660.0);
    }

    void readSource_jsonLines_takePaths()
    {
        const std::string fields = "  job: ref.name\n  run: id\n  attempt: {column: n, add: 1}\n"
                                   "  outcome: {column: \"history[0].state\", values: {DONE: succeeded}}\n"
                                   "  started_at: {column: t, time: epoch_s}\n  ended_at: {duration: took}\n"
                                   "  config: conf\n  error_text: detail\n  metrics.tasks: tasks\n";
        const auto out =
            import("{\"ref\":{\"name\":\"j\"},\"id\":17,\"n\":0,\"history\":[{\"state\":\"DONE\"}],\"t\":1704067200.5,"
                   "\"took\":2.5,\"conf\":{\"a\":true},\"detail\":{\"x\":1},\"tasks\":3}\n"
                   "{\"ref\":\n[1]\n",
                   profile("format: jsonl\nnumbers: {decimal: \",\"}\n", fields));
        QCOMPARE(out.error, std::string());
        QCOMPARE(out.sink.attempts.size(), size_t(1));
        const auto &attempt = out.sink.attempts.front();
        QCOMPARE(attempt.run, std::string("17"));
        QCOMPARE(attempt.config.at("a"), std::string("true"));
        QCOMPARE(attempt.errorText, std::string("{\"x\":1}"));
        QCOMPARE(attempt.metrics.at("tasks"), 3.0);
        QCOMPARE(base::secondsBetween(attempt.startedAt, attempt.endedAt), 2.5);
        QCOMPARE(out.sink.rejects.size(), size_t(2));
        QVERIFY(out.sink.rejects[0].reason.find("not valid JSON") != std::string::npos);
        QCOMPARE(out.sink.rejects[1].reason, std::string("the row is no JSON object"));
    }

    void readSource_jsonDocument_takesItsRecords()
    {
        const auto out = import(
            "{\"apps\": {\"app\": [\n{\"id\":\"a\",\"s\":1704067200000,\"e\":1704067201000,\"f\":\"SUCCEEDED\"},\n"
            "{\"id\":\"b\",\"s\":1704067200000,\"e\":0,\"f\":\"UNDEFINED\"}]}}",
            profile("format: json\nrecords: apps.app\n",
                    "  job: {constant: j}\n  run: id\n  attempt: {constant: 1}\n  outcome: f\n"
                    "  started_at: {column: s, time: epoch_ms}\n"
                    "  ended_at: {column: e, time: epoch_ms}\n"));
        QCOMPARE(out.error, std::string());
        QCOMPARE(out.sink.rejects.size(), size_t(2));
        QCOMPARE(out.sink.rejects[0].line, std::uint64_t(1));
        QVERIFY(out.sink.rejects[0].reason.find("'SUCCEEDED' is not in the value map") != std::string::npos);
        QCOMPARE(out.sink.rejects[1].line, std::uint64_t(2));
    }

    void readSource_badInputs_areErrors_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("frame");
        QTest::addColumn<QString>("message");
        QTest::newRow("an empty file") << QByteArray() << QByteArray() << "The file is empty";
        QTest::newRow("a column is missing")
            << QByteArray("job,run,try,state,begin,end\n") << QByteArray()
            << "reads started_at from the column 'start', which the file does not have";
        QTest::newRow("the header has an open quote") << QByteArray("\"job,run\n") << QByteArray() << "never closed";
        QTest::newRow("a document that is no JSON") << QByteArray("{\"a\":") << QByteArray("format: json\n") << "";
        QTest::newRow("a document without the records")
            << QByteArray("{\"a\":[]}") << QByteArray("format: json\nrecords: apps\n")
            << "It holds no records at 'apps'";
    }
    void readSource_badInputs_areErrors()
    {
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, frame);
        QFETCH(QString, message);
        const auto out = import(content, profile(frame.toStdString(), kPlain));
        QVERIFY(!out.error.empty());
        QVERIFY2(QString::fromStdString(out.error).contains(message), out.error.c_str());
        QVERIFY2(out.error.find("rows") != std::string::npos, out.error.c_str());
    }

    void readSource_badRows_nameColumnAndValue()
    {
        const auto out =
            import(kHeader + "j,r,1,failed,yesterday,2024-01-01T00:00:01Z\nj,r\n\"j,r\n", profile("", kPlain));
        QCOMPARE(out.sink.rejects.size(), size_t(3));
        QCOMPARE(out.sink.rejects[0].column, std::uint64_t(5));
        QVERIFY2(
            out.sink.rejects[0].reason.starts_with("field 'started_at' from column 'start': 'yesterday' is not a time"),
            out.sink.rejects[0].reason.c_str());
        QCOMPARE(out.sink.rejects[1].reason, std::string("the row has 2 fields where the header has 6"));
        QVERIFY(out.sink.rejects[2].reason.find("never closed") != std::string::npos);
    }

    void readSource_stopRequested_isCancelled()
    {
        Folder folder;
        CollectingSink sink;
        std::stop_source stop;
        stop.request_stop();
        const auto report =
            readFile(folder.write("a.csv", kHeader.toStdString()), Format::Csv, sink, {}, stop.get_token(),
                     std::make_shared<const Mapping>(*parseMapping(profile("", kPlain), "p")));
        QVERIFY(!report.has_value());
        QCOMPARE(report.error().code, base::ErrorCode::Cancelled);
    }

    void findMappedSources_folder_takesFilesOfTheFormat()
    {
        Folder folder;
        folder.write("in/a.csv", "x");
        folder.write("in/below/b.TSV", "x");
        folder.write("in/c.json", "{}");
        folder.write("in/.hidden.csv", "x");
        folder.write("in/d.csv.gz", "x");
        const auto found = findMappedSources(folder.path("in"), std::make_shared<const Mapping>());
        QVERIFY(found.has_value());
        QCOMPARE(found->units.size(), size_t(3));
        QCOMPARE(found->skipped.size(), size_t(2));
        QCOMPARE(found->units.front().format, Format::Csv);
    }

    void readNumber_styles_areStrict_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("decimal");
        QTest::addColumn<QString>("thousands");
        QTest::addColumn<double>("number"); // -1: it is none
        QTest::newRow("plain") << "1234.5"
                               << "."
                               << "" << 1234.5;
        QTest::newRow("an exponent") << "1.5e3"
                                     << "."
                                     << "" << 1500.0;
        QTest::newRow("commas as groups") << "1,234,567.5"
                                          << "."
                                          << "," << 1234567.5;
        QTest::newRow("groups of two, as in India") << "12,34,567"
                                                    << "."
                                                    << "," << 1234567.0;
        QTest::newRow("points as groups") << "1.234,5"
                                          << ","
                                          << "." << 1234.5;
        QTest::newRow("no groups where they could be") << "1234,5"
                                                       << ","
                                                       << "." << 1234.5;
        QTest::newRow("a last group of two") << "1.23"
                                             << ","
                                             << "." << -1.0;
        QTest::newRow("a point where a comma decides") << "12.5"
                                                       << ","
                                                       << "" << -1.0;
        QTest::newRow("a comma where a point decides") << "12,5"
                                                       << "."
                                                       << "" << -1.0;
        QTest::newRow("no number") << "abc"
                                   << "."
                                   << "" << -1.0;
        QTest::newRow("infinity") << "inf"
                                  << "."
                                  << "" << -1.0;
        QTest::newRow("not a number") << "nan"
                                      << "."
                                      << "" << -1.0;
        QTest::newRow("too large") << "1e999"
                                   << "."
                                   << "" << -1.0;
    }
    void readNumber_styles_areStrict()
    {
        QFETCH(QString, text);
        QFETCH(QString, decimal);
        QFETCH(QString, thousands);
        QFETCH(double, number);
        const auto got = readNumber(text.toStdString(), {decimal.toStdString(), thousands.toStdString()});
        QCOMPARE(got.value_or(-1.0), number);
    }
};

QTEST_GUILESS_MAIN(TestMappedRows)
#include "tst_mapped_rows.moc"
