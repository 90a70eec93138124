#include "spark_packing.hpp"
#include "spark_reading.hpp"

#include "ingest/event_log_folder.hpp"
#include "ingest/spark_log_parts.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

namespace
{

/// Reads everything that is found below a folder, source by source; the reports in the order of the sources.
struct Imported {
    QStringList sources;
    std::vector<SourceReport> reports;
    CollectingSink sink;
};

void readFolder(const std::string &path, Imported &out)
{
    const auto found = findSources(path);
    if (!found)
        qFatal("%s", found.error().text().c_str());
    for (const SourceUnit &unit : found->units) {
        base::Progress progress;
        out.sources << QString::fromStdString(unit.path.substr(path.size() + 1));
        auto report = readSource(unit, {}, out.sink, {}, progress);
        if (!report)
            qFatal("%s", report.error().text().c_str());
        out.reports.push_back(std::move(*report));
    }
}

QString attemptOf(const model::Attempt &attempt)
{
    return QString::fromStdString(attempt.run + "#" + std::to_string(attempt.attempt) + " "
                                  + std::string(name(attempt.outcome)));
}

QStringList attemptsOf(const Imported &imported)
{
    QStringList out;
    for (const auto &attempt : imported.sink.attempts)
        out << attemptOf(attempt);
    return out;
}

/// One job each; parts of one log.
std::string part(int number, bool first, bool last)
{
    SparkLog log;
    if (first)
        log.begin("app-1");
    log.jobStart(number, number, {number}).jobSucceeded(number, number + 1);
    if (last)
        log.end(90);
    return log.text();
}

} // namespace

class TestSparkLogParts : public QObject
{
    Q_OBJECT

private slots:
    void logNameOf_aPath_isTheApplicationAndItsAttempt_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("id");
        QTest::addColumn<int>("attempt");
        const auto row = [](const char *title, const char *path, const char *id, int attempt) {
            QTest::newRow(title) << QString(path) << QString(id) << attempt;
        };
        row("a single file", "/logs/app-20260101-0001", "app-20260101-0001", 1);
        row("a codec and a marker", "/logs/local-17.zstd.inprogress", "local-17", 1);
        row("the attempt of a YARN application", "application_17_0004_2.lz4", "application_17_0004", 2);
        row("a YARN application without an attempt", "application_17_0004.lzf", "application_17_0004", 1);
        row("a number behind an id that is not YARN's", "app-9_2.snappy", "app-9_2", 1);
        row("a rolling folder", "/logs/eventlog_v2_application_17_0004_3/", "application_17_0004", 3);
        row("a part of a rolling log", "events_12_application_17_0004_2.zstd.compact", "application_17_0004", 2);
        row("one of two logs in a rolling folder", "/x/events_*_application_17_0004_2", "application_17_0004", 2);
        row("the old folder form", "/logs/app-old-7/EVENT_LOG_1", "app-old-7", 1);
        row("Databricks' current file", "/logs/0101-cluster/eventlog", "0101-cluster", 1);
        row("an attempt that is no number", "application_17_0004_x", "application_17_0004_x", 1);
        row("nothing", "", "unnamed", 1);
    }
    void logNameOf_aPath_isTheApplicationAndItsAttempt()
    {
        QFETCH(const QString, path);
        QFETCH(const QString, id);
        QFETCH(const int, attempt);
        const auto name = spark::logNameOf(path.toStdString());
        QCOMPARE(QString::fromStdString(name.id), id);
        QCOMPARE(name.attempt, attempt);
    }

    void sayingOf_partsOfARollingLog_namesTheGaps_data()
    {
        QTest::addColumn<QStringList>("parts");
        QTest::addColumn<QString>("missing");
        QTest::newRow("all of them") << QStringList{"events_1_a", "events_2_a", "events_3_a"} << "";
        QTest::newRow("one in the middle") << QStringList{"events_1_a", "events_3_a"} << "2";
        QTest::newRow("several in the middle")
            << QStringList{"events_1_a.lz4", "events_5_a.lz4", "events_7_a.lz4"} << "2 to 4, 6";
        QTest::newRow("the first ones") << QStringList{"events_4_a"} << "1 to 3";
        QTest::newRow("those that a compacted part replaces") << QStringList{"events_4_a.compact", "events_5_a"} << "";
        QTest::newRow("one behind a compacted part") << QStringList{"events_4_a.compact", "events_6_a"} << "5";
        QTest::newRow("a log of one file") << QStringList{"app-1.zstd"} << "";
        QTest::newRow("a number that overflows") << QStringList{"events_99999999999999999999999_a"} << "";
        QStringList many;
        for (int i = 0; i < 40; ++i)
            many << QString("events_%1_a").arg(2 * i + 2);
        QTest::newRow("more than are listed") << many << QString::fromUtf8("1, 3, 5, 7, 9, 11, 13, 15, …");
    }
    void sayingOf_partsOfARollingLog_namesTheGaps()
    {
        QFETCH(const QStringList, parts);
        QFETCH(const QString, missing);
        std::vector<std::string> paths;
        for (const QString &part : parts)
            paths.push_back("/none/eventlog_v2_a/" + part.toStdString());
        const auto saying = spark::sayingOf(paths);
        QCOMPARE(QString::fromStdString(saying.missing), missing);
        QVERIFY(!saying.inProgress);
    }

    void rollingFolder_itsPartsOfEveryCodec_areOneLogInNumericOrder()
    {
        Folder folder;
        const std::vector<std::pair<Packing, std::string>> codecs{{Packing::Plain, ""},   {Packing::Zstd, ".zstd"},
                                                                  {Packing::Lz4, ".lz4"}, {Packing::Snappy, ".snappy"},
                                                                  {Packing::Lzf, ".lzf"}, {Packing::Gzip, ".gz"}};
        for (int number = 1; number <= 12; ++number) {
            const auto &[packing, suffix] = codecs[static_cast<std::size_t>(number) % codecs.size()];
            folder.write("eventlog_v2_app-1/events_" + std::to_string(number) + "_app-1" + suffix,
                         packed(packing, part(number, number == 1, number == 12)));
        }
        folder.write("eventlog_v2_app-1/appstatus_app-1", "");
        Imported imported;
        readFolder(folder.path(), imported);
        QCOMPARE(imported.sources, QStringList{"eventlog_v2_app-1"});
        QCOMPARE(attemptsOf(imported), QStringList{"app-1#1 succeeded"});
        QCOMPARE(imported.sink.attempts[0].metrics.at("jobs"), 12.0);
        QVERIFY(imported.reports[0].warnings.empty());
        QVERIFY(imported.sink.rejects.empty());
    }

    void rollingFolder_withAMissingPart_isReadWithAWarningThatNamesTheGap()
    {
        Folder folder;
        folder.write("eventlog_v2_app-1/events_1_app-1", part(1, true, false));
        folder.write("eventlog_v2_app-1/events_4_app-1", part(4, false, true));
        Imported imported;
        readFolder(folder.path(), imported);
        QCOMPARE(attemptsOf(imported), QStringList{"app-1#1 succeeded"});
        QCOMPARE(imported.sink.attempts[0].metrics, (model::Metrics{{"history_incomplete", 1.0}}));
        QCOMPARE(imported.reports[0].warnings,
                 std::vector<std::string>{"Parts of the rolling log are missing (2 to 3): history incomplete; its "
                                          "metrics are left out and it is kept out of rates"});
    }

    void rollingFolder_withoutItsFirstPart_keepsItsApplication_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::newRow("under Spark's name") << "eventlog_v2_application_17_0004_2";
        QTest::newRow("in a renamed folder") << "copy";
    }
    void rollingFolder_withoutItsFirstPart_keepsItsApplication()
    {
        QFETCH(const QString, folder);
        Folder place;
        for (const int number : {2, 3})
            place.write(folder.toStdString() + "/events_" + std::to_string(number) + "_application_17_0004_2",
                        part(number, false, number == 3));
        place.write(folder.toStdString() + "/appstatus_application_17_0004_2", "");
        Imported imported;
        readFolder(place.path(), imported);
        QCOMPARE(attemptsOf(imported), QStringList{"application_17_0004#2 succeeded"});
        QCOMPARE(imported.sink.attempts[0].applicationId, std::string("application_17_0004"));
    }

    void singleFile_withoutAStartEvent_isOfAnApplicationOnlyByAnApplicationsName_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("application");
        QTest::newRow("YARN's") << "application_1538416563558_0014_1.inprogress"
                                << "application_1538416563558_0014";
        QTest::newRow("any other") << "yesterday.json"
                                   << "";
    }
    void singleFile_withoutAStartEvent_isOfAnApplicationOnlyByAnApplicationsName()
    {
        QFETCH(const QString, file);
        QFETCH(const QString, application);
        Folder folder;
        folder.write(file.toStdString(), part(2, false, true));
        Imported imported;
        readFolder(folder.path(), imported);
        QCOMPARE(QString::fromStdString(imported.sink.attempts.at(0).applicationId), application);
    }

    void flatFolder_ofPartsWithoutAMarker_isOneLogForEachApplication()
    {
        Folder folder;
        for (int number = 1; number <= 11; ++number)
            folder.write("in/events_" + std::to_string(number) + "_app-1", part(number, number == 1, number == 11));
        SparkLog other;
        folder.write("in/events_1_app-2", other.begin("app-2").jobStart(1, 1, {1}).text());
        folder.write("in/events_2_app-2", part(2, false, true));
        folder.write("in/events_2024_01.csv", "job,run,attempt,outcome,started_at,ended_at\nj,r,1,failed,0,0\n");
        Imported imported;
        readFolder(folder.path(), imported);
        QCOMPARE(imported.sources, QStringList({"in/events_*_app-1", "in/events_*_app-2", "in/events_2024_01.csv"}));
        QCOMPARE(attemptsOf(imported), QStringList({"app-1#1 succeeded", "app-2#1 succeeded", "r#1 failed"}));
        QCOMPARE(imported.sink.attempts[0].metrics.at("jobs"), 11.0);
        QVERIFY(imported.reports[0].warnings.empty());
    }

    void withPartsTogether_partsNamedOneByOne_areOneUnitWhereTheyAreOneLog()
    {
        Folder folder;
        Discovery named;
        for (const std::string file :
             {"a/events_10_app-1", "a/events_2_app-1", "b/events_1_app-1", "a/events_1_app-2", "a/events_2_app-1",
              "eventlog_v2_app-3/events_2_app-3.zstd.compact", "eventlog_v2_app-3/events_1_app-3.zstd"}) {
            auto found = findSources(folder.write(file, part(2, true, false)));
            QVERIFY(found.has_value());
            named.units.push_back(found->units.front());
        }
        const Discovery together = withPartsTogether(named);
        QStringList units;
        for (const auto &unit : together.units)
            units << QString::fromStdString(unit.path.substr(folder.path().size() + 1)) + ' '
                         + QString::number(unit.parts.size());
        QCOMPARE(units, QStringList(
                            {"a/events_*_app-1 2", "b/events_1_app-1 1", "a/events_1_app-2 1", "eventlog_v2_app-3 1"}));
        QVERIFY(together.units.front().parts.front().ends_with("events_2_app-1"));
        QCOMPARE(together.skipped.size(), std::size_t(1));
    }

    void rollingFolder_markedInProgress_isUnfinished()
    {
        Folder folder;
        folder.write("eventlog_v2_app-1/events_1_app-1", part(1, true, false));
        folder.write("eventlog_v2_app-1/appstatus_app-1.inprogress", "");
        Imported imported;
        readFolder(folder.path(), imported);
        QCOMPARE(attemptsOf(imported), QStringList{"app-1#1 unknown"});
        QVERIFY(imported.reports[0].truncated);
        QCOMPARE(imported.reports[0].warnings,
                 std::vector<std::string>{"1 application has no end event (marked as in progress): outcome unknown"});
    }

    void rollingFolder_thatWasRenamed_isKnownByItsMarker()
    {
        Folder folder;
        folder.write("copy/events_1_app-1", part(1, true, false));
        folder.write("copy/events_2_app-1", part(2, false, true));
        folder.write("copy/appstatus_app-1", "");
        Imported imported;
        readFolder(folder.path(), imported);
        QCOMPARE(attemptsOf(imported), QStringList{"app-1#1 succeeded"});
    }

    void rollingFolder_withTwoAttempts_givesBothApart()
    {
        Folder folder;
        const std::string id = "application_17_0004";
        for (const std::string attempt : {"1", "2"}) {
            SparkLog log;
            log.begin(id, attempt).jobStart(0, 2, {0});
            folder.write("eventlog_v2_" + id + "/events_1_" + id + "_" + attempt, log.text());
            SparkLog rest;
            rest.jobSucceeded(0, 5).end(9, attempt == "1" ? 1 : 0);
            folder.write("eventlog_v2_" + id + "/events_2_" + id + "_" + attempt, rest.text());
        }
        Imported imported;
        readFolder(folder.path(), imported);
        QCOMPARE(imported.sources.size(), 2);
        QCOMPARE(attemptsOf(imported),
                 (QStringList{"application_17_0004#1 failed", "application_17_0004#2 succeeded"}));
    }

    void filesOfTwoAttempts_areTwoAttemptsOfOneRun()
    {
        Folder folder;
        folder.write("application_17_0004_1.zstd",
                     packed(Packing::Zstd, SparkLog().begin("application_17_0004", "1").end(9, 1).text()));
        folder.write("application_17_0004_2.lz4.inprogress",
                     packed(Packing::Lz4, SparkLog().begin("application_17_0004", "2").jobStart(0, 3, {0}).text()));
        // The start was lost: the file's name tells the attempt.
        folder.write("application_17_0004_3", SparkLog().jobStart(0, 3, {0}).jobSucceeded(0, 4).end(9).text());
        Imported imported;
        readFolder(folder.path(), imported);
        QCOMPARE(attemptsOf(imported), (QStringList{"application_17_0004#1 failed", "application_17_0004#2 unknown",
                                                    "application_17_0004#3 succeeded"}));
        QVERIFY(imported.reports[1].warnings.at(0).find("marked as in progress") != std::string::npos);
    }

    void databricksFolder_isReadInTheOrderOfItsDates()
    {
        Folder folder;
        folder.write("0101-cluster/eventlog-2026-01-02--00-00.gz", packed(Packing::Gzip, part(2, false, false)));
        folder.write("0101-cluster/eventlog-2026-01-01--23-00.gz", packed(Packing::Gzip, part(1, true, false)));
        folder.write("0101-cluster/eventlog-2026-01-02--01-00", part(3, false, false));
        folder.write("0101-cluster/eventlog", part(4, false, true));
        Imported imported;
        readFolder(folder.path(), imported);
        QCOMPARE(imported.sources, QStringList{"0101-cluster"});
        QCOMPARE(attemptsOf(imported), QStringList{"app-1#1 succeeded"});
        QCOMPARE(imported.sink.attempts[0].metrics.at("jobs"), 4.0);
        QCOMPARE(imported.sink.attempts[0].startedAt.ms, SparkLog::at(0));
    }

    void oldFolder_isReadWithItsMarkers_data()
    {
        QTest::addColumn<bool>("complete");
        QTest::newRow("finished") << true;
        QTest::newRow("without its marker of the end") << false;
    }
    void oldFolder_isReadWithItsMarkers()
    {
        QFETCH(const bool, complete);
        Folder folder;
        std::string log = oldLog();
        if (!complete)
            log.resize(log.rfind("{\"Event\":\"SparkListenerApplicationEnd"));
        folder.write("local-7/EVENT_LOG_1", log);
        folder.write("local-7/SPARK_VERSION_1.2.0", "");
        if (complete)
            folder.write("local-7/APPLICATION_COMPLETE", "");
        Imported imported;
        readFolder(folder.path(), imported);
        QCOMPARE(attemptsOf(imported), QStringList{complete ? "local-7#1 failed" : "local-7#1 unknown"});
        QCOMPARE(imported.reports[0].truncated, !complete);
    }

    void downloadsOfAHistoryServer_areReadAsTheFoldersTheyAre()
    {
        Folder folder;
        folder.write("download/eventlog_v2_app-1/events_1_app-1.zstd", packed(Packing::Zstd, part(1, true, true)));
        folder.write("download/eventlog_v2_app-1/appstatus_app-1", "");
        folder.write("download/application_17_0009_1.lz4",
                     packed(Packing::Lz4, SparkLog().begin("application_17_0009", "1").end(9).text()));
        folder.write("download/.app-1.crc", "crc");
        Imported imported;
        readFolder(folder.path(), imported);
        QCOMPARE(attemptsOf(imported), (QStringList{"application_17_0009#1 succeeded", "app-1#1 succeeded"}));
    }
};

QTEST_GUILESS_MAIN(TestSparkLogParts)
#include "tst_spark_log_parts.moc"
