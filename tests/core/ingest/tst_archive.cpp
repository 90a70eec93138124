#include "opened_archive.hpp"

#include "formats/file.hpp"

#include <clocale>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;
using namespace archive_test;

namespace
{

const std::vector<Entry> kUsual{{"logs", "", AE_IFDIR},
                                {"logs/rows.jsonl", kRow},
                                {"./logs//more.jsonl", kRow + kRow},
                                {"README.md", "about\n"},
                                {"empty", ""}};
const QStringList kUsualUnits{"archive/logs/more.jsonl [attempts] more.jsonl",
                              "archive/logs/rows.jsonl [attempts] rows.jsonl"};

} // namespace

class TestArchive : public QObject
{
    Q_OBJECT

private slots:
    void openArchive_anyForm_givesItsSources_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const auto bytes = [](const std::string &text) { return QByteArray::fromStdString(text); };
        const std::pair<const char *, Shape> shapes[] = {
            {"tar", Shape::Tar}, {"zip", Shape::Zip}, {"7z", Shape::SevenZip}};
        const std::pair<const char *, int> codecs[] = {{"gz", ARCHIVE_FILTER_GZIP},
                                                       {"xz", ARCHIVE_FILTER_XZ},
                                                       {"bz2", ARCHIVE_FILTER_BZIP2},
                                                       {"lz4", ARCHIVE_FILTER_LZ4},
                                                       {"zst", ARCHIVE_FILTER_ZSTD}};
        for (const auto &[shapeName, shape] : shapes) {
            const std::string archive = makeArchive(shape, kUsual);
            QTest::newRow(shapeName) << bytes(archive);
            for (const auto &[codecName, filter] : codecs)
                QTest::newRow((std::string(shapeName) + "." + codecName).c_str()) << bytes(compressed(archive, filter));
        }
        QTest::newRow("a zip of stored entries") << bytes(makeArchive(Shape::Zip, kUsual, "zip:compression=store"));
        QTest::newRow("a 7z by PPMd") << bytes(makeArchive(Shape::SevenZip, kUsual, "7zip:compression=ppmd"));
        QTest::newRow("tar.gz.zst") << bytes(
            compressed(compressed(makeArchive(Shape::Tar, kUsual), ARCHIVE_FILTER_GZIP), ARCHIVE_FILTER_ZSTD));
        QTest::newRow("a tar with half of the mark at its end")
            << bytes(makeArchive(Shape::Tar, kUsual)).left(4096 + 512);
        QTest::newRow("a tar with something behind its end") << bytes(makeArchive(Shape::Tar, kUsual) + "signed");
    }
    void openArchive_anyForm_givesItsSources()
    {
        QFETCH(QByteArray, bytes);
        Opening opening;
        {
            const auto found = opening.open(bytes.toStdString());
            QVERIFY2(found.has_value(), found ? "" : found.error().text().c_str());
            QCOMPARE(unitLines(*found), kUsualUnits);
            const QStringList skipped{"archive/README.md: it is documentation", "archive/empty: it is empty"};
            QCOMPARE(skippedLines(*found), skipped);
            for (const auto &unit : found->units) {
                QCOMPARE(unit.depth, 1);
                CollectingSink sink;
                base::Progress progress;
                QVERIFY(readSource(unit, {}, sink, {}, progress).has_value());
                QVERIFY(!sink.attempts.empty());
            }
            QCOMPARE(opening.leftBehind().size(), 1);
            struct stat status {
            };
            const std::string folder = opening.folder().path("tmp") + '/' + opening.leftBehind().first().toStdString();
            QCOMPARE(::stat(folder.c_str(), &status), 0);
            QCOMPARE(status.st_mode & 0777u, 0700u);
        }
        QCOMPARE(opening.leftBehind(), QStringList());
    }

    void openArchive_lastUnit_keepsTheFolder()
    {
        Opening opening;
        auto found = opening.open(makeArchive(Shape::Tar, kUsual));
        QVERIFY(found.has_value());
        SourceUnit last = found->units.back();
        found->units.clear();
        QVERIFY(QFile::exists(QString::fromStdString(last.parts.front())));
        last = {};
        QCOMPARE(opening.leftBehind(), QStringList());
    }

    void openArchive_eventLogFolders_areWholeUnits()
    {
        std::vector<Entry> entries;
        for (const char *number : {"10", "2", "1"})
            entries.push_back({"eventlog_v2_app-1/events_" + std::string(number) + "_app-1.zstd",
                               compressed(kEvent, ARCHIVE_FILTER_ZSTD)});
        entries.push_back({"eventlog_v2_app-1/appstatus_app-1"});
        entries.push_back({"app-2_1", kEvent});
        entries.push_back({"app-2_2", kEvent});
        entries.push_back({"run/eventlog", kEvent});
        entries.push_back({"run/eventlog-2021-06-14--20-00.gz", compressed(kEvent, ARCHIVE_FILTER_GZIP)});
        entries.push_back({"old/EVENT_LOG_1", kEvent});
        entries.push_back({"old/APPLICATION_COMPLETE"});
        const QStringList expected{
            "archive/app-2_1 [spark-eventlog] app-2_1", "archive/app-2_2 [spark-eventlog] app-2_2",
            "archive/eventlog_v2_app-1 [spark-eventlog] events_1_app-1.zstd events_2_app-1.zstd events_10_app-1.zstd",
            "archive/old [spark-eventlog] EVENT_LOG_1",
            "archive/run [spark-eventlog] eventlog-2021-06-14--20-00.gz eventlog"};
        for (const Shape shape : {Shape::Zip, Shape::Tar, Shape::SevenZip}) {
            Opening opening;
            const auto found = opening.open(makeArchive(shape, entries));
            QVERIFY2(found.has_value(), found ? "" : found.error().text().c_str());
            QCOMPARE(unitLines(*found), expected);
            QCOMPARE(skippedLines(*found), QStringList());
        }
    }

    void openArchive_aNameAgain_isTheNewerVersion_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("read");
        QTest::addColumn<QString>("told");
        const std::string newer = replaced(kRow, "failed", "killed");
        const auto row = [](const char *name, const std::string &bytes, const std::string &read, const char *told) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString::fromStdString(read) << QString(told);
        };
        const char *replacedBy = "a later entry has the same name, and was read in its place";
        row("appended to a tar", makeArchive(Shape::Tar, {{"rows.jsonl", kRow}, {"rows.jsonl", newer}}), newer,
            replacedBy);
        row("twice", makeArchive(Shape::Tar, {{"rows.jsonl", kRow}, {"rows.jsonl", kRow}, {"rows.jsonl", newer}}),
            newer, replacedBy);
        row("written otherwise", makeArchive(Shape::Tar, {{"rows.jsonl", kRow}, {".//rows.jsonl", newer}}), newer,
            replacedBy);
        row("in a zip", makeArchive(Shape::Zip, {{"rows.jsonl", kRow}, {"rows.jsonl", newer}}), newer, replacedBy);
        row("in a 7z", makeArchive(Shape::SevenZip, {{"rows.jsonl", kRow}, {"rows.jsonl", newer}}), newer, replacedBy);
        row("damaged",
            replaced(makeArchive(Shape::Zip, {{"rows.jsonl", kRow}, {"rows.jsonl", newer}}, "zip:compression=store"),
                     "killed", "kilted"),
            kRow, "The entry is damaged (ZIP bad CRC");
    }
    void openArchive_aNameAgain_isTheNewerVersion()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, read);
        QFETCH(QString, told);
        Opening opening;
        const auto found = opening.open(bytes.toStdString());
        QVERIFY2(found.has_value(), found ? "" : found.error().text().c_str());
        QCOMPARE(unitLines(*found), QStringList{"archive/rows.jsonl [attempts] rows.jsonl"});
        QFile file(QString::fromStdString(found->units.front().parts.front()));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(QString::fromUtf8(file.readAll()), read);
        const QStringList skipped = skippedLines(*found);
        QVERIFY2(!skipped.filter(told).isEmpty(), qPrintable(skipped.join('\n')));
    }

    void openArchive_namesOfOtherScripts_areKept()
    {
        const std::string name = "履歴/注文.jsonl";
        for (const Shape shape : {Shape::Zip, Shape::Tar, Shape::SevenZip}) {
            const std::string bytes = makeArchive(shape, {{name, kRow}});
            Opening opening;
            std::setlocale(LC_ALL, "C"); // what a program runs under that never asks for another
            const auto found = opening.open(bytes);
            std::setlocale(LC_ALL, "C.UTF-8");
            QVERIFY2(found.has_value(), found ? "" : found.error().text().c_str());
            QCOMPARE(found->units.size(), size_t(1));
            QCOMPARE(QString::fromStdString(found->units.front().path), QString::fromStdString("archive/" + name));
        }
    }

    void openArchive_archivesInside_areUnitsOneDeeper()
    {
        const std::string inner = makeArchive(Shape::Zip, {{"rows.jsonl", kRow}});
        Opening opening;
        const auto found = opening.open(compressed(
            makeArchive(Shape::Tar, {{"a/inner.zip", inner}, {"lone.jsonl.gz", compressed(kRow, ARCHIVE_FILTER_GZIP)}}),
            ARCHIVE_FILTER_GZIP));
        QVERIFY(found.has_value());
        const QStringList outer{"archive/a/inner.zip [archive] inner.zip",
                                "archive/lone.jsonl.gz [attempts] lone.jsonl.gz"};
        QCOMPARE(unitLines(*found), outer);
        base::Progress progress;
        const auto below = openArchive(found->units.front(), Format::Auto, {}, {}, progress);
        QVERIFY2(below.has_value(), below ? "" : below.error().text().c_str());
        QCOMPARE(unitLines(*below), QStringList{"archive/a/inner.zip/rows.jsonl [attempts] rows.jsonl"});
        QCOMPARE(below->units.front().depth, 2);
    }

    void openArchive_givenFormat_isThatOfWhatIsInside()
    {
        Opening opening;
        const auto found = opening.open(
            makeArchive(Shape::Tar,
                        {{"rows.jsonl", kRow}, {"log", kEvent}, {"i.zip", makeArchive(Shape::Zip, kUsual)}}),
            {}, {}, Format::SparkEventLog);
        QVERIFY(found.has_value());
        const QStringList expected{"archive/i.zip [archive] i.zip", "archive/log [spark-eventlog] log"};
        QCOMPARE(unitLines(*found), expected);
        QVERIFY(skippedLines(*found).first().contains("it is of the format attempts"));
    }

    void openArchive_logBesideItsRow_isFound()
    {
        std::string row = kRow;
        row.insert(1, "\"log_path\":\"logs/driver.log.gz\",");
        Opening opening;
        const auto found = opening.open(makeArchive(
            Shape::Zip, {{"rows.jsonl", row}, {"logs/driver.log.gz", compressed("it broke\n", ARCHIVE_FILTER_GZIP)}}));
        QVERIFY(found.has_value());
        CollectingSink sink;
        base::Progress progress;
        QVERIFY(readSource(found->units.front(), {}, sink, {}, progress).has_value());
        QCOMPARE(sink.attempts.size(), size_t(1));
        QCOMPARE(QString::fromStdString(sink.attempts.front().errorText), QString("it broke\n"));
    }

    void openArchive_cancelled_saysSoAndLeavesNothing()
    {
        Opening opening;
        std::stop_source stop;
        stop.request_stop();
        const auto found = opening.open(makeArchive(Shape::Zip, kUsual), {}, stop.get_token());
        QVERIFY(!found.has_value());
        QCOMPARE(found.error().code, base::ErrorCode::Cancelled);
        QCOMPARE(opening.leftBehind(), QStringList());
    }

    void findSources_archives_areUnitsThatNobodyOpened()
    {
        Folder folder;
        const std::string zip = makeArchive(Shape::Zip, kUsual);
        folder.write("a.zip", zip);
        folder.write("b.tar.gz", compressed(makeArchive(Shape::Tar, kUsual), ARCHIVE_FILTER_GZIP));
        folder.write("c.txt", makeArchive(Shape::SevenZip, kUsual)); // the name says nothing
        folder.write("app.jar", makeArchive(Shape::Zip, {{"META-INF/MANIFEST.MF", "x"}, {"a.class", "x"}}));
        folder.write("d.rar", "Rar!\x1A\x07 and so on");
        const auto found = findSources(folder.path());
        QVERIFY(found.has_value());
        QCOMPARE(found->units.size(), size_t(3));
        for (const auto &unit : found->units)
            QCOMPARE(unit.format, Format::Archive);
        const QStringList skipped = skippedLines(*found);
        QCOMPARE(skipped.size(), 2);
        QVERIFY(skipped.first().endsWith("app.jar: it is a Java archive"));
        QVERIFY(skipped.last().contains("it is a RAR archive"));
        // A format that the user names is that of what is inside.
        const auto named = findSources(folder.path("a.zip"), Format::Csv);
        QVERIFY(named.has_value());
        QCOMPARE(named->units.front().format, Format::Archive);
        // A user who names a Java archive means it.
        QVERIFY(findSources(folder.path("app.jar")).has_value());
    }

    void findSources_standardInput_mayBeAnArchive()
    {
        Opening opening;
        const auto path = opening.folder().write("input.zip", makeArchive(Shape::Zip, kUsual));
        const int saved = ::dup(STDIN_FILENO);
        const int file = ::open(path.c_str(), O_RDONLY);
        ::dup2(file, STDIN_FILENO);
        ::close(file);
        auto found = findSources("-");
        ::dup2(saved, STDIN_FILENO);
        ::close(saved);
        QVERIFY2(found.has_value(), found ? "" : found.error().text().c_str());
        QCOMPARE(found->units.front().format, Format::Archive);
        base::Progress progress;
        const auto inside = openArchive(found->units.front(), Format::Auto, {}, {}, progress);
        QVERIFY(inside.has_value());
        QCOMPARE(unitLines(*inside).first(), QString("-/logs/more.jsonl [attempts] more.jsonl"));
    }
};

QTEST_GUILESS_MAIN(TestArchive)
#include "tst_archive.moc"
