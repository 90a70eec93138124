#include "spark_packing.hpp"
#include "spark_reading.hpp"

#include "formats/hash.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

class TestSparkEventLog : public QObject
{
    Q_OBJECT

private slots:
    void looksLikeSparkEventLog_byTheFirstObject_data()
    {
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<bool>("expected");
        QTest::newRow("an event") << QByteArray(R"({"Event":"SparkListenerLogStart","Spark Version":"3.5.1"})") << true;
        QTest::newRow("an event that breaks off")
            << QByteArray("{\"Event\":\"SparkListenerEnvironmentUpdate\",\"JVM") << true;
        QTest::newRow("an event behind a byte order mark and blank lines")
            << QByteArray("\xEF\xBB\xBF\n {\"Event\" : \"X\"}") << true;
        QTest::newRow("an event whose name does not come first")
            << QByteArray(R"({"Timestamp":1,"a":{"b":[1]},"Event":"X"})") << true;
        QTest::newRow("an attempt record") << QByteArray(R"({"job":"a","run":"b","attempt":1})") << false;
        QTest::newRow("an attempt whose text quotes an event")
            << QByteArray("{\"job\":\"a\",\"error_text\":\"{\\\"Event\\\":1}\"}") << false;
        QTest::newRow("an attempt with an Event inside another object")
            << QByteArray(R"({"config":{"Event":"x"},"job":"a"})") << false;
        QTest::newRow("an event on the second line only") << QByteArray("{\"job\":\"a\"}\n{\"Event\":\"X\"}") << false;
        QTest::newRow("Event as a value") << QByteArray(R"({"kind":"Event","job":1})") << false;
        QTest::newRow("an array") << QByteArray(R"([{"Event":"X"}])") << false;
        QTest::newRow("text") << QByteArray("26/01/02 03:04:05 INFO \"Event\": x") << false;
        QTest::newRow("nothing") << QByteArray() << false;
        QTest::newRow("a string that does not end") << QByteArray("{\"Event") << false;
    }
    void looksLikeSparkEventLog_byTheFirstObject()
    {
        QFETCH(const QByteArray, head);
        QFETCH(const bool, expected);
        QCOMPARE(looksLikeSparkEventLog(head.toStdString()), expected);
    }

    void readSparkEventLog_aWholeLog_givesEveryField()
    {
        CollectingSink sink;
        SparkLog log;
        log.begin("application_17_0004", "2", "orders-2026-01-01",
                  {{"spark.executor.memory", "4g"}, {"spark.yarn.queue", "night"}, {"java.home", "x"}});
        const auto report = readText(log.executor("1", 1).jobStart(0, 2, {0}).jobSucceeded(0, 12).end(90).text(), sink);
        QVERIFY(report);
        QCOMPARE(sink.attempts.size(), std::size_t(1));
        const auto &attempt = sink.attempts.front();
        QCOMPARE(attempt.job, std::string("orders-2026-01-01"));
        QCOMPARE(attempt.run, std::string("application_17_0004"));
        QCOMPARE(attempt.applicationId, std::string("application_17_0004"));
        QCOMPARE(attempt.attempt, 2);
        QCOMPARE(attempt.owner, std::string("ana"));
        QCOMPARE(attempt.queue, std::string("night"));
        QCOMPARE(attempt.startedAt.ms, SparkLog::at(0));
        QCOMPARE(attempt.endedAt.ms, SparkLog::at(90));
        QVERIFY(!attempt.exitCode && !attempt.costUsd);
        const model::Config config{
            {"spark.executor.memory", "4g"}, {"spark.version", "3.5.1"}, {"spark.yarn.queue", "night"}};
        QCOMPARE(attempt.config, config);
        QCOMPARE(report->attempts, std::uint64_t(1));
        QCOMPARE(report->failures, std::uint64_t(0));
        QCOMPARE(report->bytes, static_cast<std::uint64_t>(log.text().size()));
        QCOMPARE(report->sha256, formats::sha256Hex(log.text()));
        QVERIFY(report->warnings.empty() && !report->truncated);
    }

    void readSparkEventLog_aCompressedLog_readsAsThePlainOne_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const std::string text = goodLog().end().text();
        const std::string half = text.substr(0, text.size() / 2), rest = text.substr(text.size() / 2);
        QTest::newRow("zstd") << QByteArray::fromStdString(zstd(text));
        QTest::newRow("several zstd frames") << QByteArray::fromStdString(zstd(half) + zstd(rest));
        for (const auto &[packing, row] : {std::pair(Packing::Gzip, "gzip"), std::pair(Packing::Lz4, "LZ4 blocks"),
                                           std::pair(Packing::Snappy, "snappy"), std::pair(Packing::Lzf, "LZF")}) {
            QTest::newRow(row) << QByteArray::fromStdString(packed(packing, text));
            QTest::addRow("several streams of %s", row)
                << QByteArray::fromStdString(packed(packing, half) + packed(packing, rest));
        }
        QTest::newRow("windows line ends") << QByteArray::fromStdString(text).replace("\n", "\r\n");
        QTest::newRow("no line end at the end") << QByteArray::fromStdString(text).chopped(1);
    }
    void readSparkEventLog_aCompressedLog_readsAsThePlainOne()
    {
        QFETCH(const QByteArray, bytes);
        CollectingSink plain, other;
        QVERIFY(readText(goodLog().end().text(), plain));
        const auto report = readText(bytes.toStdString(), other);
        QVERIFY(report);
        QVERIFY(!report->truncated);
        QCOMPARE(report->sha256, formats::sha256Hex(bytes.toStdString()));
        QCOMPARE(other.attempts, plain.attempts);
    }

    void readSparkEventLog_severalParts_areOneLog()
    {
        Folder folder;
        CollectingSink whole, sink;
        SparkLog first = goodLog(), second;
        second.jobStart(1, 20, {1})
            .taskFailed(1, 0, 21, SparkLog::exception("a.B", "c", "a.B: c"))
            .jobFailed(1, 22, "aborted")
            .end();
        QVERIFY(readText(first.text() + second.text(), whole));
        const auto one = folder.write("log/eventlog-2026-01-01--00-00.gz", gzipped(first.text()));
        const auto two = folder.write("log/eventlog", second.text());
        const auto report = readParts(folder.path("log"), {one, two}, sink);
        QVERIFY(report);
        QCOMPARE(sink.attempts, whole.attempts);
        QCOMPARE(std::string(name(sink.attempts.front().outcome)), std::string("failed"));
        QCOMPARE(report->bytes, static_cast<std::uint64_t>(gzipped(first.text()).size() + second.text().size()));
        QCOMPARE(report->sha256, formats::sha256Hex(gzipped(first.text()) + second.text()));
    }

    void readSparkEventLog_aRepeatedLogStartInAPart_beginsNoApplication()
    {
        CollectingSink sink;
        SparkLog log = goodLog();
        log.event(SparkLog::named("SparkListenerLogStart").set("Spark Version", "3.5.1"))
            .environment({{"spark.x", "y"}});
        log.executor("2", 30).jobStart(1, 40, {1}).jobSucceeded(1, 41).end();
        QVERIFY(readText(log.text(), sink));
        QCOMPARE(sink.attempts.size(), std::size_t(1));
        QCOMPARE(sink.attempts.front().metrics.at("executors"), 2.0);
        QCOMPARE(std::string(name(sink.attempts.front().outcome)), std::string("succeeded"));
    }

    void readSparkEventLog_severalApplications_areOneAttemptEach()
    {
        CollectingSink sink;
        SparkLog log;
        log.begin("app-1", "1", "orders", {{"spark.executor.memory", "1g"}}).executor("1", 1).end(50, 1);
        // The second announces an executor before its start; the third is of a version without a log start.
        log.event(SparkLog::named("SparkListenerLogStart").set("Spark Version", "3.4.0")).executor("7", 60);
        log.environment({{"spark.executor.memory", "2g"}}).applicationStart("app-1", "2", "orders", 60);
        log.jobStart(0, 70, {0});
        log.event(SparkLog::named("SparkListenerLogStart").set("Spark Version", "3.3.0"))
            .environment({{"spark.executor.memory", "3g"}})
            .applicationStart("app-1", "3", "orders", 80)
            .end(90);
        log.environment({{"spark.executor.memory", "4g"}}).applicationStart("app-2", "", "stock", 100).end(110);
        const auto report = readText(log.text(), sink);
        QVERIFY(report);
        QCOMPARE(sink.attempts.size(), std::size_t(4));
        QStringList seen;
        for (const auto &attempt : sink.attempts) {
            seen << QString::fromStdString(attempt.run + "#" + std::to_string(attempt.attempt) + " "
                                           + std::string(name(attempt.outcome)) + " "
                                           + attempt.config.at("spark.executor.memory"));
            seen.back() += attempt.config.contains("spark.version")
                               ? " " + QString::fromStdString(attempt.config.at("spark.version"))
                               : QString();
        }
        QCOMPARE(seen, (QStringList{"app-1#1 failed 1g 3.5.1", "app-1#2 unknown 2g 3.4.0", "app-1#3 succeeded 3g 3.3.0",
                                    "app-2#1 succeeded 4g"}));
        QCOMPARE(sink.attempts[0].metrics.at("executors"), 1.0);
        QCOMPARE(sink.attempts[1].metrics.at("executors"), 1.0);
        QCOMPARE(report->attempts, std::uint64_t(4));
        QCOMPARE(report->failures, std::uint64_t(1));
        QVERIFY(report->truncated);
        QCOMPARE(report->warnings.size(), std::size_t(1));
        QVERIFY(report->warnings[0].starts_with("1 application has no end event"));
    }

    void readSparkEventLog_ofSpark12_readsItsForms()
    {
        Folder folder;
        CollectingSink sink;
        const auto part = folder.write("app-old-7/EVENT_LOG_1", oldLog());
        for (const std::string &shown : {part, folder.path("app-old-7")}) {
            sink.attempts.clear();
            const auto report = readParts(shown, {part}, sink);
            QVERIFY(report);
            QVERIFY(report->warnings.empty());
            const auto &attempt = sink.attempts.at(0);
            QCOMPARE(attempt.run, std::string("app-old-7"));
            QCOMPARE(attempt.applicationId, std::string());
            QCOMPARE(attempt.attempt, 1);
            QCOMPARE(std::string(name(attempt.outcome)), std::string("failed"));
            QCOMPARE(attempt.rootCause,
                     std::string("java.lang.RuntimeException: three\n\tat old.Job.apply(Job.scala:18)\n\tat "
                                 "old.Gen.run(Unknown Source)"));
            QVERIFY(!attempt.vcoreSeconds);
            // The metrics of a failed task stood with its failure.
            QCOMPARE(attempt.metrics.at("run_seconds"), 0.005);
            QVERIFY(!attempt.config.contains("spark.version"));
        }
    }

    void readSparkEventLog_withoutAnApplicationStart_namesItByConfigurationOrFile()
    {
        Folder folder;
        CollectingSink sink;
        SparkLog log;
        log.jobStart(0, 5, {0}).jobSucceeded(0, 9).end(20);
        const auto path = folder.write("app-9_2.zstd.inprogress", log.text());
        auto report = readParts(path, {path}, sink);
        QVERIFY(report);
        QCOMPARE(sink.attempts.at(0).run, std::string("app-9_2"));
        QCOMPARE(sink.attempts.at(0).job, std::string("app-9_2"));
        QCOMPARE(sink.attempts.at(0).startedAt.ms, SparkLog::at(5));
        QCOMPARE(report->warnings.size(), std::size_t(1));
        QVERIFY(report->warnings[0].starts_with("1 application has no start event"));
        SparkLog named;
        named.environment({{"spark.app.id", "app-5"}, {"spark.app.name", "stock"}}).jobStart(0, 5, {0});
        QVERIFY(readText(named.text(), sink));
        QCOMPARE(sink.attempts.at(1).run, std::string("app-5"));
        QCOMPARE(sink.attempts.at(1).job, std::string("stock"));
    }

    void readSparkEventLog_unusualEvents_areReadOrCountedAndPassedOver()
    {
        CollectingSink sink;
        SparkLog log = goodLog();
        log.raw(R"({ "Event" : "SparkListenerStageResourceProfileUpdated", "Stage ID" : 1})")
            .raw(R"({"Event":"com.example.OwnEvent","payload":{"deep":[{}]}})")
            .raw(R"({"Event":"com.example.OwnEvent"})")
            .raw(R"({"Event":"org.apache.spark.sql.catalyst.catalog.CreateTableEvent","name":"orders"})")
            .raw("   ")
            .raw("{\"Timestamp\":" + std::to_string(SparkLog::at(77))
                 + ", \"Event\": \"SparkListenerApplicationEnd\"}");
        const auto report = readText(log.text(), sink);
        QVERIFY(report);
        QCOMPARE(sink.attempts.at(0).endedAt.ms, SparkLog::at(77));
        QCOMPARE(std::string(name(sink.attempts[0].outcome)), std::string("succeeded"));
        QCOMPARE(report->rejectedRows, std::uint64_t(0));
        QCOMPARE(report->warnings,
                 std::vector<std::string>{"3 events of unknown kinds passed over: "
                                          "SparkListenerStageResourceProfileUpdated (1), com.example.OwnEvent (2)"});
    }

    void readSparkEventLog_anEndBeforeTheStart_isTheLastEvent()
    {
        CollectingSink sink;
        SparkLog log;
        const auto report =
            readText(log.begin().executor("1", 1).jobStart(0, 2, {0}).jobSucceeded(0, 12).end(-600).text(), sink);
        QVERIFY(report);
        const auto &attempt = sink.attempts.at(0);
        QVERIFY(attempt.endedAt.ms - attempt.startedAt.ms >= 12'000);
        QVERIFY(attempt.vcoreSeconds.value_or(0.0) > 0.0);
        QCOMPARE(report->warnings.size(), std::size_t(1));
        QVERIFY(report->warnings[0].starts_with("1 application ends before the start"));
    }

    void readSparkEventLog_aCompactedPart_isFlagged()
    {
        Folder folder;
        CollectingSink sink;
        const auto one = folder.write("events_1_app-1.compact", goodLog().text());
        const auto two = folder.write("events_2_app-1", SparkLog().end().text());
        const auto report = readParts(folder.path(), {one, two}, sink);
        QVERIFY(report);
        QCOMPARE(report->warnings.size(), std::size_t(1));
        QVERIFY(report->warnings[0].starts_with("The log was compacted by Spark: history incomplete"));
        const auto &attempt = sink.attempts.at(0);
        QCOMPARE(attempt.metrics, (model::Metrics{{"history_incomplete", 1.0}}));
        QVERIFY(!attempt.vcoreSeconds && !attempt.memoryGbSeconds);
        QCOMPARE(std::string(name(attempt.outcome)), std::string("succeeded"));
    }

    void readSparkEventLog_aCompactedLogThatShowsNoSuccess_isOfUnknownOutcome()
    {
        Folder folder;
        CollectingSink sink;
        SparkLog log;
        const auto part = folder.write("events_3_app-1.compact", log.begin().executor("1", 1).end(50, 0).text());
        const auto report = readParts(folder.path(), {part}, sink);
        QVERIFY(report);
        QCOMPARE(std::string(name(sink.attempts.at(0).outcome)), std::string("unknown"));
        QCOMPARE(report->warnings.size(), std::size_t(2));
        QVERIFY(report->warnings[1].starts_with("1 application ended, but nothing in what is left"));
    }

    void readSparkEventLog_aCompactedLogThatShowsAFailure_isFailed()
    {
        Folder folder;
        CollectingSink sink;
        SparkLog log;
        log.begin().jobStart(7, 5, {9}).jobFailed(7, 9, "trouble").end(50, 0);
        QVERIFY(readParts(folder.path(), {folder.write("events_3_app-1.compact", log.text())}, sink));
        QCOMPARE(std::string(name(sink.attempts.at(0).outcome)), std::string("failed"));
        QCOMPARE(sink.attempts[0].rootCause, std::string("trouble"));
    }

    void readSparkEventLog_bytesThatAreNotUtf8_areReplacedAndCounted_data()
    {
        QTest::addColumn<bool>("spaced");
        QTest::newRow("as Spark writes it") << false;
        QTest::newRow("with blanks between names and values") << true;
    }
    void readSparkEventLog_bytesThatAreNotUtf8_areReplacedAndCounted()
    {
        QFETCH(bool, spaced);
        CollectingSink sink;
        const std::string log = SparkLog().begin("app-1", {}, "caf@ orders").end().text();
        std::string latin = log;
        latin[latin.find('@')] = '\xE9'; // what Spark 2 wrote on a host with ISO 8859-1
        if (spaced)                      // as another program wrote it anew
            latin.replace(latin.rfind("{\"Event\":", latin.find('\xE9')), 9, "{\"Event\": ");
        const auto report = readText(latin, sink);
        QVERIFY(report);
        QCOMPARE(sink.attempts.at(0).job, std::string("caf\xEF\xBF\xBD orders"));
        QCOMPARE(report->rejectedRows, std::uint64_t(0));
        QCOMPARE(report->warnings.size(), std::size_t(1));
        QVERIFY(report->warnings[0].starts_with("1 line holds bytes that are not UTF-8"));
    }

    void readSparkEventLog_aPlanOfTwentyMegabytes_isReadAndNotStored()
    {
        CollectingSink sink;
        SparkLog log = goodLog();
        log.event(SparkLog::named("org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart")
                      .set("executionId", 1)
                      .set("description", std::string(3'000'000, 'd'))
                      .set("physicalPlanDescription", std::string(20'000'000, 'p'))
                      .set("time", SparkLog::at(20)));
        log.sqlEnd(1, 30, "[NO_TABLE] no such table").end();
        const auto report = readText(log.text(), sink);
        QVERIFY(report);
        QCOMPARE(report->rejectedRows, std::uint64_t(0));
        const auto &attempt = sink.attempts.at(0);
        QCOMPARE(attempt.metrics.at("sql_executions"), 1.0);
        QCOMPARE(attempt.metrics.at("failed_sql"), 1.0);
        QCOMPARE(std::string(name(attempt.outcome)), std::string("failed"));
        QVERIFY(attempt.errorText.size() < 1000 && attempt.errorText.find("dddd") != std::string::npos);
    }

    void readSparkEventLog_anEventOverTheLimitThatHoldsNothingWeRead_isPassedOver()
    {
        CollectingSink sink;
        ReadOptions options;
        options.maxLineBytes = 50'000;
        SparkLog log = goodLog();
        log.event(SparkLog::named("org.apache.spark.sql.execution.ui.SparkListenerSQLAdaptiveExecutionUpdate")
                      .set("executionId", 1)
                      .set("physicalPlanDescription", std::string(200'000, 'p')));
        const auto report = readText(log.end().text(), sink, options);
        QVERIFY(report);
        QCOMPARE(report->rejectedRows, std::uint64_t(0));
        QCOMPARE(report->warnings.size(), std::size_t(1));
        QVERIFY(report->warnings[0].starts_with("1 event longer than the limit passed over"));
    }

    void readSparkEventLog_progress_countsRawBytes()
    {
        Folder folder;
        CollectingSink sink;
        base::Progress progress;
        const std::string packed = zstd(goodLog().end().text());
        const auto one = folder.write("events_1_app-1.zstd", packed);
        const auto two = folder.write("events_2_app-1.zstd", packed);
        QVERIFY(readSparkEventLog({folder.path(), Format::SparkEventLog, {one, two}, {}}, {}, sink, {}, progress));
        QCOMPARE(progress.sample().done, static_cast<std::uint64_t>(2 * packed.size()));
    }
};

QTEST_GUILESS_MAIN(TestSparkEventLog)
#include "tst_spark_event_log.moc"
