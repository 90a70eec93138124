#include "collecting_sink.hpp"
#include "spark_packing.hpp"

#include "formats/compress.hpp"
#include "formats/hash.hpp"
#include "ingest/mapped_rows.hpp"
#include "ingest/mapping.hpp"

#include <QtTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

namespace
{

const std::string kRow = "{\"job\":\"j\",\"run\":\"r\",\"attempt\":1,\"outcome\":\"failed\","
                         "\"started_at\":0,\"ended_at\":0}\n";
const std::string kEvent = "{\"Event\":\"SparkListenerLogStart\",\"Spark Version\":\"3.5.0\"}\n";
const std::string kCsv = "job,run,attempt,outcome,started_at,ended_at\nj,r,1,failed,0,0\n";
const std::string kTruth = "{\"job\":\"j\",\"variant\":\"a\",\"config\":{},\"repeat\":1,\"outcome\":\"failed\","
                           "\"seconds\":12}\n";

QStringList unitsOf(const Discovery &found, const Folder &folder)
{
    QStringList out;
    for (const auto &unit : found.units) {
        QStringList parts;
        for (const auto &part : unit.parts)
            parts << QFileInfo(QString::fromStdString(part)).fileName();
        out << QString::fromStdString(unit.path.substr(folder.path().size() + 1)) + " ["
                   + QString::fromUtf8(name(unit.format).data()) + "] " + parts.join(' ');
    }
    return out;
}

QString reasonOf(const Discovery &found, const std::string &path)
{
    for (const auto &skipped : found.skipped) {
        if (skipped.path == path)
            return QString::fromStdString(skipped.reason);
    }
    return {};
}

const QByteArray kDriverLog = "26/01/02 03:04:05 INFO SparkContext: Running Spark version 3.5.1\n"
                              "26/01/02 03:04:06 INFO SparkUI: Web interface started\n"
                              "26/01/02 03:04:07 ERROR SparkContext: Error initializing SparkContext.\n"
                              "26/01/02 03:04:08 INFO SparkContext: Successfully stopped SparkContext\n";

} // namespace

class TestFindSources : public QObject
{
    Q_OBJECT

private slots:
    void findSources_namedFile_isRecognisedByItsContent_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("format");
        const auto bytes = [](const std::string &text) { return QByteArray::fromStdString(text); };
        QTest::newRow("attempts") << bytes(kRow) << "attempts";
        QTest::newRow("attempts behind a byte order mark and an empty line")
            << bytes("\xEF\xBB\xBF\n" + kRow) << "attempts";
        QTest::newRow("another object is taken at the user's word") << bytes("{\"a\":1}\n") << "attempts";
        QTest::newRow("an event log") << bytes(kEvent) << "spark-eventlog";
        QTest::newRow("a compressed event log") << bytes(formats::zstdCompress(kEvent).value()) << "spark-eventlog";
        QTest::newRow("CSV") << bytes(kCsv) << "csv";
        QTest::newRow("CSV with names in upper case")
            << bytes("JOB,RUN,ATTEMPT,OUTCOME,STARTED_AT,ENDED_AT\nj,r,1,failed,0,0\n") << "csv";
        QTest::newRow("CSV whose first line names the delimiter")
            << bytes("sep=;\r\njob;run;attempt;outcome;started_at;ended_at\r\nj;r;1;failed;0;0\r\n") << "csv";
        QTest::newRow("TSV") << bytes(kCsv).replace(',', '\t') << "csv";
        QTest::newRow("CSV with bars") << bytes(kCsv).replace(',', '|') << "csv";
        QTest::newRow("CSV with line ends of old Macs") << bytes(kCsv).replace('\n', '\r') << "csv";
        QTest::newRow("attempts with a zero byte among them") << bytes(kRow + kRow + "a") + '\0' + "b\n"
                                                              << "attempts";
        QTest::newRow("CSV with zero bytes in a row") << bytes(kCsv) + QByteArray("a,b\0\0c\n", 7) << "csv";
        QTest::newRow("a log that was emptied while its writer went on")
            << QByteArray(4096, '\0') + kDriverLog << "spark-log";
        QTest::newRow("a log with a zero byte in a message")
            << QByteArray(kDriverLog).replace("started", QByteArray("st\0rted", 7)) << "spark-log";
        QTest::newRow("CSV with quoted names")
            << bytes(kCsv).replace("job,run,attempt", "\"job\",\"run\",\"attempt\"") << "csv";
    }
    void findSources_namedFile_isRecognisedByItsContent()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, format);
        Folder folder;
        const auto path = folder.write("file", content.toStdString());
        const auto found = findSources(path);
        QVERIFY2(found.has_value(), found ? "" : found.error().text().c_str());
        QCOMPARE(found->units.size(), size_t(1));
        QCOMPARE(QString::fromUtf8(name(found->units.front().format).data()), format);
        QCOMPARE(found->units.front().parts, std::vector<std::string>{path});
    }

    void findSources_unusableFile_isAnErrorWithItsReason_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("message");
        QTest::newRow("empty") << QByteArray() << "it is empty. Check that what writes it";
        QTest::newRow("only line ends") << QByteArray("\n\n  \n") << "it is empty";
        QTest::newRow("zstd cut before its first block ends")
            << QByteArray::fromStdString(formats::zstdCompress(kRow).value().substr(0, 12))
            << "its compressed data break off";
        QTest::newRow("binary") << QByteArray("\x89PNG\r\n\x1A\n\0\0\0", 11) << "it is a binary file";
        QTest::newRow("UTF-16 that does not say so")
            << QByteArray("j\0o\0b\0,\0r\0u\0n\0\n\0", 16) << "Convert it to UTF-8 (iconv -f UTF-16LE -t UTF-8)";
        QTest::newRow("words") << QByteArray("Dear all,\nthe job failed.\n") << "it is neither JSON Lines, nor CSV";
        QTest::newRow("CSV of something else") << QByteArray("id,name\n1,x\n") << "it is neither JSON Lines, nor CSV";
        QTest::newRow("a truth file") << QByteArray::fromStdString(kTruth) << "truth of a history";
        QTest::newRow("a spreadsheet") << QByteArray("PK\x03\x04\x14\0\0\0\x08\0", 10).leftJustified(30, '\0')
                                              + "[Content_Types].xml and more"
                                       << "save its table as CSV";
        QTest::newRow("runs of another system") << QByteArray(
            "{\"runs\":[{\"job_id\":11,\"run_id\":1,\"state\":{\"result_state\":\"FAILED\"},\"start_time\":"
            "1709258400000,\"end_time\":1709258700000}],\"has_more\":false}")
                                                << "Write a profile with 'mulligan map ";
        QTest::newRow("a container's log of another program")
            << QByteArray(R"({"log":"hello\n","stream":"stdout","time":"2026-01-02T10:00:00.000Z"})")
            << "as Docker writes it";
        QTest::newRow("a log of another program in JSON") << QByteArray(
            R"({"@timestamp":"2026-01-02T10:00:00Z","log.level":"INFO","message":"up","log.logger":"a.B"})")
                                                          << "none of them is of a logger of Spark's";
        QTest::newRow("a log of Airflow outside of its folder")
            << QByteArray("[2026-01-02T10:00:00.123+0000] {taskinstance.py:1103} INFO - Dependencies\n")
            << "nothing says which try it is of";
        QTest::newRow("yarn logs without logs")
            << QByteArray("\nUnable to get ApplicationState. Attempting to fetch logs directly from the filesystem.\n"
                          "/tmp/logs/u/logs/application_1_2 does not exist.\n")
            << "it is what 'yarn logs' prints where it finds no logs";
        QTest::newRow("yarn logs cut behind its first line")
            << QByteArray("Container: container_1709251200000_0009_01_000001 on node1_45454\n") << "it breaks off";
        QTest::newRow("a RAR archive") << QByteArray("Rar!\x1A\x07\0\0", 8) << "unpack it";
    }
    void findSources_unusableFile_isAnErrorWithItsReason()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, message);
        Folder folder;
        const auto found = findSources(folder.write("file", content.toStdString()));
        QVERIFY(!found.has_value());
        QCOMPARE(found.error().code, base::ErrorCode::Unsupported);
        QVERIFY2(QString::fromStdString(found.error().text()).contains(message), found.error().text().c_str());
        QVERIFY(!found.error().hint.empty());
    }

    void findSources_missingPath_isNotFound()
    {
        const auto found = findSources("there/is/nothing");
        QVERIFY(!found.has_value());
        QCOMPARE(found.error().code, base::ErrorCode::NotFound);
    }

    void findSources_givenFormat_isNotQuestioned()
    {
        Folder folder;
        const auto found = findSources(folder.write("file", "words\n"), Format::Csv);
        QVERIFY(found.has_value());
        QCOMPARE(found->units.front().format, Format::Csv);
    }

    void findSources_folderWithoutPermission_isPermissionDenied()
    {
        Folder folder;
        folder.write("closed/rows.jsonl", kRow);
        ::chmod(folder.path().c_str(), 0755);
        ::chmod(folder.path("closed").c_str(), 0000);
        // Root may read everything, so a child gives its rights away.
        const pid_t child = ::fork();
        if (child == 0) {
            if (::getuid() == 0 && ::setuid(65534) != 0)
                ::_exit(9);
            const auto found = findSources(folder.path("closed"));
            if (found.has_value() || found.error().code != base::ErrorCode::PermissionDenied)
                ::_exit(1);
            // Met on the way, it is refused with reason and remedy, and the search goes on.
            const auto above = findSources(folder.path());
            const bool named = above.has_value() && above->skipped.size() == 1 && above->skipped.front().damaged
                               && above->skipped.front().reason.find("Permission denied") != std::string::npos
                               && above->skipped.front().reason.find(found.error().hint) != std::string::npos;
            const auto mapped = findMappedSources(folder.path(), std::make_shared<const Mapping>());
            const bool too = mapped.has_value() && mapped->skipped.size() == 1 && mapped->skipped.front().damaged
                             && mapped->skipped.front().reason.find(found.error().hint) != std::string::npos;
            ::_exit(!named ? 2 : too ? 0 : 3);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        ::chmod(folder.path("closed").c_str(), 0755);
        QCOMPARE(WEXITSTATUS(status), 0);
    }

    void findSources_folder_isSearchedInSortedOrderAndEverythingIsAccountedFor()
    {
        Folder folder;
        folder.write("b/rows.jsonl", kRow);
        folder.write("a.csv", kCsv);
        folder.write("z.jsonl", kRow);
        folder.write("truth.jsonl", kTruth);
        folder.write("README.md", "about\n");
        folder.write(".hidden.jsonl", kRow);
        folder.write(".git/rows.jsonl", kRow);
        folder.write("driver_stderr", kEvent);
        folder.write("log4j-active.log", "x\n");
        folder.write("settings.json", "{\"colour\":\"red\"}\n");
        folder.write("empty", "");
        const auto found = findSources(folder.path());
        QVERIFY(found.has_value());
        const QStringList expected{"a.csv [csv] a.csv", "b/rows.jsonl [attempts] rows.jsonl",
                                   "driver_stderr [spark-eventlog] driver_stderr", "z.jsonl [attempts] z.jsonl"};
        QCOMPARE(unitsOf(*found, folder), expected);
        QCOMPARE(found->skipped.size(), size_t(7));
        QVERIFY(reasonOf(*found, folder.path("truth.jsonl")).contains("truth"));
        QVERIFY(reasonOf(*found, folder.path("README.md")).contains("documentation"));
        QVERIFY(reasonOf(*found, folder.path(".hidden.jsonl")).contains("hidden"));
        QVERIFY(reasonOf(*found, folder.path(".git")).contains("hidden"));
        QVERIFY(reasonOf(*found, folder.path("log4j-active.log")).contains("neither JSON Lines"));
        QVERIFY(reasonOf(*found, folder.path("settings.json")).contains("neither Spark events nor attempt records"));
        QVERIFY(reasonOf(*found, folder.path("empty")).contains("empty"));
    }

    void findSources_damagedFilesInAFolder_areRefusedWithTheRemedy()
    {
        Folder folder;
        std::string bytes = packed(Packing::Gzip, kCsv);
        bytes[bytes.size() - 6] ^= 0x01; // within the checksum
        folder.write("wrong.csv.gz", bytes);
        folder.write("begun.csv.gz", bytes.substr(0, 12));
        folder.write("rows.csv", kCsv);
        folder.write("README", "about\n");
        const auto found = findSources(folder.path());
        QVERIFY(found.has_value());
        QCOMPARE(found->units.size(), size_t(1));
        QCOMPARE(found->skipped.size(), size_t(3));
        for (const auto &skipped : found->skipped)
            QCOMPARE(skipped.damaged, skipped.path != folder.path("README"));
        const QString wrong = reasonOf(*found, folder.path("wrong.csv.gz"));
        QVERIFY2(wrong.contains("Damaged gzip data") && wrong.contains("Copy the file"), qPrintable(wrong));
        const QString begun = reasonOf(*found, folder.path("begun.csv.gz"));
        QVERIFY2(begun.contains("break off") && begun.contains("copy the file"), qPrintable(begun));
    }

    void findSources_rollingFolder_isOneUnitInNumericOrder()
    {
        Folder folder;
        for (const char *number : {"10", "9", "1", "2"})
            folder.write("logs/eventlog_v2_app-1/events_" + std::string(number) + "_app-1", kEvent);
        folder.write("logs/eventlog_v2_app-1/appstatus_app-1", "");
        folder.write("logs/eventlog_v2_app-1/notes.txt", "x\n");
        const QStringList expected{
            "logs/eventlog_v2_app-1 [spark-eventlog] events_1_app-1 events_2_app-1 events_9_app-1 events_10_app-1"};
        for (const std::string &path : {folder.path(), folder.path("logs/eventlog_v2_app-1")}) {
            const auto found = findSources(path);
            QVERIFY(found.has_value());
            QCOMPARE(unitsOf(*found, folder), expected);
            QCOMPARE(found->skipped.size(), size_t(1));
        }
        const auto withSlash = findSources(folder.path("logs/eventlog_v2_app-1") + "/");
        QVERIFY(withSlash.has_value());
        QCOMPARE(withSlash->units.size(), size_t(1));
        QCOMPARE(withSlash->units.front().parts.size(), size_t(4));
    }

    void findSources_compactedPart_replacesThoseBeforeIt()
    {
        Folder folder;
        folder.write("eventlog_v2_a/events_1_a.zstd", kEvent);
        folder.write("eventlog_v2_a/events_2_a.zstd", kEvent);
        folder.write("eventlog_v2_a/events_2_a.zstd.compact", kEvent);
        folder.write("eventlog_v2_a/events_3_a.zstd", kEvent);
        const auto found = findSources(folder.path());
        QVERIFY(found.has_value());
        QCOMPARE(unitsOf(*found, folder),
                 QStringList{"eventlog_v2_a [spark-eventlog] events_2_a.zstd.compact events_3_a.zstd"});
        QCOMPARE(found->skipped.size(), size_t(2));
        QVERIFY(reasonOf(*found, folder.path("eventlog_v2_a/events_1_a.zstd")).contains("replaces it"));
    }

    void findSources_databricksFolder_readsDatedLogsBeforeTheCurrentOne()
    {
        Folder folder;
        folder.write("run/eventlog", kEvent);
        folder.write("run/eventlog-2021-06-14--20-00.gz", "x");
        folder.write("run/eventlog-2021-06-14--19-00.gz", "x");
        folder.write("other/eventlog_of_mine", kEvent);
        const auto found = findSources(folder.path());
        QVERIFY(found.has_value());
        const QStringList expected{
            "other/eventlog_of_mine [spark-eventlog] eventlog_of_mine",
            "run [spark-eventlog] eventlog-2021-06-14--19-00.gz eventlog-2021-06-14--20-00.gz eventlog"};
        QCOMPARE(unitsOf(*found, folder), expected);
    }

    void findSources_oldForm_isOneUnitWithItsMarkers()
    {
        Folder folder;
        folder.write("local-1/EVENT_LOG_1", kEvent);
        folder.write("local-1/APPLICATION_COMPLETE", "");
        folder.write("local-1/SPARK_VERSION_1.2.0", "");
        const auto found = findSources(folder.path());
        QVERIFY(found.has_value());
        QCOMPARE(unitsOf(*found, folder), QStringList{"local-1 [spark-eventlog] EVENT_LOG_1"});
        QVERIFY(found->skipped.empty());
    }

    void findSources_linkInACircle_ends()
    {
        Folder folder;
        folder.write("a/rows.jsonl", kRow);
        QVERIFY(QFile::link(QString::fromStdString(folder.path()), QString::fromStdString(folder.path("a/up"))));
        const auto found = findSources(folder.path());
        QVERIFY(found.has_value());
        QCOMPARE(found->units.size(), size_t(1));
        QVERIFY(reasonOf(*found, folder.path("a/up")).contains("links"));
    }

    void findSources_standardInput_isSetDownAndRemovedAgain()
    {
        Folder folder;
        const auto path = folder.write("input", kRow + kRow);
        const int saved = ::dup(STDIN_FILENO);
        const int file = ::open(path.c_str(), O_RDONLY);
        ::dup2(file, STDIN_FILENO);
        ::close(file);
        auto found = findSources("-");
        ::dup2(saved, STDIN_FILENO);
        ::close(saved);
        QVERIFY2(found.has_value(), found ? "" : found.error().text().c_str());
        QCOMPARE(found->units.size(), size_t(1));
        const SourceUnit &unit = found->units.front();
        QCOMPARE(unit.path, std::string("-"));
        QCOMPARE(unit.format, Format::Attempts);
        base::Progress progress;
        QCOMPARE(hashUnit(unit, {}, progress).value_or(""), formats::sha256Hex(kRow + kRow));
        CollectingSink sink;
        const auto report = readSource(unit, {}, sink, {}, progress);
        QVERIFY(report.has_value());
        QCOMPARE(sink.attempts.size(), size_t(2));
        const QString temporary = QString::fromStdString(unit.parts.front());
        QVERIFY(QFile::exists(temporary));
        found->units.clear();
        QVERIFY(!QFile::exists(temporary));
    }

    void hashUnit_parts_areHashedOneAfterAnother()
    {
        Folder folder;
        SourceUnit unit;
        unit.parts = {folder.write("a", "first"), folder.write("b", "second")};
        base::Progress progress;
        const auto hash = hashUnit(unit, {}, progress);
        QCOMPARE(hash.value_or(""), formats::sha256Hex("firstsecond"));
        QCOMPARE(progress.sample().done, std::uint64_t(11));
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(hashUnit(unit, stop.get_token(), progress).error().code, base::ErrorCode::Cancelled);
        unit.parts.emplace_back("there/is/nothing");
        QCOMPARE(hashUnit(unit, {}, progress).error().code, base::ErrorCode::NotFound);
    }

    void formatFromName_everyName_readsBack()
    {
        for (const Format format : {Format::Auto, Format::Attempts, Format::Csv, Format::SparkEventLog})
            QCOMPARE(formatFromName(name(format)), std::optional(format));
        QVERIFY(!formatFromName("parquet").has_value());
    }
};

QTEST_GUILESS_MAIN(TestFindSources)
#include "tst_find_sources.moc"
