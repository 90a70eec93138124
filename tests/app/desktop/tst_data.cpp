#include "desktop/pages/data_coverage.hpp"
#include "desktop/pages/data_files.hpp"
#include "desktop/pages/data_page.hpp"
#include "desktop/session/mending.hpp"
#include "desktop/widgets/table_view.hpp"
#include "small_history.hpp"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QDir>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>

using namespace mulligan;
using namespace mulligan::desktop;
using tests::SmallSession;

namespace
{

/// One attempt as a JSON line, so many hours after the beginning of 2026.
QByteArray row(const char *run, double hour, const char *outcome, const QByteArray &more = {})
{
    const auto instant = [](double at) {
        return QByteArray::fromStdString(
            base::formatInstant({1'767'225'600'000 + static_cast<std::int64_t>(at * base::kMsPerHour)}));
    };
    return QByteArray("{\"job\":\"orders\",\"run\":\"") + run + "\",\"attempt\":1,\"outcome\":\"" + outcome
           + "\",\"started_at\":\"" + instant(hour) + "\",\"ended_at\":\"" + instant(hour + 0.5) + '"' + more + "}\n";
}

/// The Data page over a session, shown.
class ShownPage
{
public:
    explicit ShownPage(Session &session) : page(session)
    {
        page.resize(1100, 760);
        page.show();
        page.activate();
    }
    [[nodiscard]] TableView *table(QLatin1String name) const
    {
        for (auto *each : page.findChildren<TableView *>()) {
            if (each->accessibleName() == name)
                return each;
        }
        return nullptr;
    }
    [[nodiscard]] QPushButton *button(const QString &label) const
    {
        for (auto *each : page.findChildren<QPushButton *>()) {
            if (each->text() == label)
                return each;
        }
        return nullptr;
    }
    template <typename Widget> [[nodiscard]] Widget *named(QLatin1String name) const
    {
        for (auto *each : page.findChildren<Widget *>()) {
            if (each->accessibleName() == name)
                return each;
        }
        return nullptr;
    }
    [[nodiscard]] bool says(const QString &part) const
    {
        for (auto *each : page.findChildren<QLabel *>()) {
            if (each->text().contains(part))
                return true;
        }
        return false;
    }
    /// Text of a cell by the title of its column.
    [[nodiscard]] static QString cell(const TableView *table, int row, const char *title)
    {
        for (int column = 0; column < table->model()->columnCount(); ++column) {
            if (table->model()->headerData(column, Qt::Horizontal).toString() == QLatin1String(title))
                return table->model()->index(row, column).data().toString();
        }
        return {};
    }
    [[nodiscard]] static int rowOf(const TableView *table, const QString &name)
    {
        for (int i = 0; i < table->model()->rowCount(); ++i) {
            if (table->model()->index(i, 0).data().toString() == name)
                return i;
        }
        return -1;
    }

    DataPage page;
};

bool import(SmallSession &small, const QStringList &paths)
{
    QSignalSpy ended(&small.session, &Session::jobEnded);
    QSignalSpy counted(&small.session, &Session::dataChanged);
    small.session.importPaths(paths);
    return (ended.count() > 0 || ended.wait(60'000)) && (counted.count() > 0 || counted.wait(60'000));
}

} // namespace

class DataTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void files_folderOfEverything_areListedWithTheirStatus();
    void files_grownFile_isMarked();
    void files_hundredThousand_filterAndSortAtOnce();
    void fileEntries_partsOfARollingLog_areOneEntry();
    void rejects_mendedRow_isImportedAndGone();
    void rejects_editedRow_isKeptWhileOthersAreLookedAt();
    void rejects_csvRow_takesTheHeaderFromItsFile();
    void rejects_mapAgain_asksTheWindow();
    void mendRejects_badRequests_changeNothing_data();
    void mendRejects_badRequests_changeNothing();
    void conflicts_sourcesThatDiffer_areListedAndOpened();
    void coverage_pauseOfDays_isAGap();
    void timelineOf_manyFolders_putsTheSmallTogether();
    void timelineOf_gapOfOneCluster_isMarkedInItsLane();
    void daysOfBar_moreDaysThanPixels_putsDaysTogether();
    void reveal_tabs_areShown();
};

void DataTest::files_folderOfEverything_areListedWithTheirStatus()
{
    SmallSession small;
    small.session.createWorkspace(small.path());
    QDir(small.folder.path()).mkpath(QStringLiteral("all"));
    const QDir all(small.folder.filePath(QStringLiteral("all")));
    tests::writeFile(all.filePath(QStringLiteral("a.jsonl")), row("1", 1, "failed") + row("2", 2, "succeeded"));
    tests::writeFile(all.filePath(QStringLiteral("b.jsonl")), row("1", 1, "failed") + row("2", 2, "succeeded"));
    tests::writeFile(all.filePath(QStringLiteral("README.md")), "# Nothing to see\n");
    tests::writeFile(all.filePath(QStringLiteral("broken.csv")),
                     "job,run,attempt,outcome,started_at\norders,1,1,failed,now\n");
    QVERIFY(import(small, {all.path()}));
    ShownPage shown(small.session);
    auto *files = shown.table(QLatin1String("Files"));
    QVERIFY(files != nullptr);
    new QAbstractItemModelTester(files->model(), QAbstractItemModelTester::FailureReportingMode::QtTest, files);
    QVERIFY(SmallSession::waitFor([&] { return files->model()->rowCount() == 4; }));
    const auto status = [&](const char *name) {
        return ShownPage::cell(files, ShownPage::rowOf(files, QLatin1String(name)), "Status").mid(2);
    };
    QCOMPARE(status("a.jsonl"), QStringLiteral("imported"));
    QCOMPARE(status("b.jsonl"), QStringLiteral("duplicate"));
    QCOMPARE(status("README.md"), QStringLiteral("passed over"));
    QVERIFY2(status("broken.csv") == QLatin1String("rejected") || status("broken.csv") == QLatin1String("passed over"),
             qPrintable(status("broken.csv")));
    QCOMPARE(ShownPage::cell(files, ShownPage::rowOf(files, QStringLiteral("a.jsonl")), "Attempts"),
             QStringLiteral("2"));
    files->selectRow(ShownPage::rowOf(files, QStringLiteral("README.md")));
    auto *detail = shown.named<QPlainTextEdit>(QLatin1String("Details of the selected file"));
    QVERIFY(detail->toPlainText().contains(QLatin1String("Reason:")));
    files->selectRow(ShownPage::rowOf(files, QStringLiteral("a.jsonl")));
    QVERIFY(detail->toPlainText().contains(QLatin1String("SHA-256")));
    QVERIFY(detail->toPlainText().contains(QLatin1String("Covers 2026-01-01")));
    auto *chosen = shown.named<QComboBox>(QLatin1String("Status of files"));
    chosen->setCurrentText(QStringLiteral("duplicate"));
    QCOMPARE(files->model()->rowCount(), 1);
    chosen->setCurrentIndex(0);
    shown.named<QLineEdit>(QLatin1String("Filter files"))->setText(QStringLiteral("READ md"));
    QVERIFY(SmallSession::waitFor([&] { return files->model()->rowCount() == 1; }));
    QVERIFY(shown.says(QStringLiteral("1 of 4 files")));
}

void DataTest::files_grownFile_isMarked()
{
    SmallSession small;
    small.session.createWorkspace(small.path());
    const QString path = small.folder.filePath(QStringLiteral("a.jsonl"));
    tests::writeFile(path, row("1", 1, "failed"));
    QVERIFY(import(small, {path}));
    tests::writeFile(path, row("1", 1, "failed") + row("2", 2, "failed"));
    QVERIFY(import(small, {path}));
    ShownPage shown(small.session);
    auto *files = shown.table(QLatin1String("Files"));
    QVERIFY(SmallSession::waitFor([&] { return files->model()->rowCount() == 1; }));
    QCOMPARE(ShownPage::cell(files, 0, "Status").mid(2), QStringLiteral("grown"));
    QCOMPARE(ShownPage::cell(files, 0, "Attempts"), QStringLiteral("2"));
}

void DataTest::files_hundredThousand_filterAndSortAtOnce()
{
    std::vector<FileEntry> entries(100'000);
    for (size_t i = 0; i < entries.size(); ++i) {
        entries[i].path = "/logs/day-" + std::to_string(i % 365) + "/application_" + std::to_string(i * 7919 % 100'000);
        entries[i].format = i % 3 == 0 ? "spark-eventlog" : "yarn-log";
        entries[i].attempts = i * 31 % 1000;
        entries[i].status = i % 10 == 0 ? FileStatus::Rejected : FileStatus::Imported;
    }
    RowsModel<FileEntry> model(fileColumns(), nullptr);
    QElapsedTimer clock;
    clock.start();
    model.setRows(std::move(entries));
    model.sort(0, Qt::AscendingOrder);
    const auto sorted = clock.restart();
    model.setFilter([](const FileEntry &file) { return fits(file, QStringLiteral("day-7 eventlog"), {}); });
    const auto filtered = clock.restart();
    qInfo("sorted in %lld ms, filtered in %lld ms", static_cast<long long>(sorted), static_cast<long long>(filtered));
    QVERIFY(model.rowCount() > 0 && model.rowCount() < 100'000);
    // Far above what is measured, far below what a proxy takes.
    QVERIFY(sorted < 3000 && filtered < 2000);
    const QPersistentModelIndex kept = model.index(5, 0);
    const QString name = kept.data().toString();
    int attempts = 0;
    while (model.headerData(attempts, Qt::Horizontal, Qt::DisplayRole).toString() != QLatin1String("Attempts"))
        QVERIFY(++attempts < model.columnCount());
    model.sort(attempts, Qt::DescendingOrder);
    QCOMPARE(kept.data().toString(), name);
    QVERIFY(model.row(0).attempts >= model.row(1).attempts);
}

void DataTest::fileEntries_partsOfARollingLog_areOneEntry()
{
    store::SourceRow source;
    source.path = "/logs/eventlog_v2_app_1";
    source.format = "spark-eventlog";
    source.attempts = 1;
    std::map<std::string, store::FileSeen> seen;
    for (const char *part : {"/logs/eventlog_v2_app_1/events_1_app_1", "/logs/eventlog_v2_app_1/events_2_app_1"})
        seen[part] = {part, 10, 0, "imported", "spark-eventlog", "", {5}};
    seen["/logs/notes.txt"] = {"/logs/notes.txt", 3, 0, "skipped", "", "no attempts", {5}};
    const auto entries = fileEntries(seen, {source}, std::nullopt);
    QCOMPARE(entries.size(), size_t{2});
    QCOMPARE(entries[0].path, source.path);
    QCOMPARE(entries[1].status, FileStatus::PassedOver);
    QVERIFY(fits(entries[1], QStringLiteral("NO notes"), FileStatus::PassedOver));
    QVERIFY(!fits(entries[1], QStringLiteral("notes"), FileStatus::Imported));
}

void DataTest::rejects_mendedRow_isImportedAndGone()
{
    SmallSession small;
    small.session.createWorkspace(small.path());
    const QString path = small.folder.filePath(QStringLiteral("a.jsonl"));
    tests::writeFile(path, row("1", 1, "failed") + row("2", 2, "exploded") + row("3", 3, "burst"));
    QVERIFY(import(small, {path}));
    ShownPage shown(small.session);
    shown.page.reveal(QStringLiteral("rejects"));
    auto *rejects = shown.table(QLatin1String("Rejected rows"));
    QVERIFY(SmallSession::waitFor([&] { return rejects->model()->rowCount() == 2; }));
    auto *text = shown.named<QPlainTextEdit>(QLatin1String("Text of the rejected rows, to be mended"));
    auto *mend = shown.button(QStringLiteral("Import mended rows…"));
    QVERIFY(text != nullptr && mend != nullptr && !mend->isEnabled());
    rejects->selectRow(0);
    shown.button(QStringLiteral("All rows of this source"))->click();
    QCOMPARE(text->toPlainText().count(QLatin1Char('\n')), 1);
    QString edited = text->toPlainText();
    text->selectAll();
    text->insertPlainText(edited.replace(QLatin1String("exploded"), QLatin1String("failed")));
    QVERIFY(mend->isEnabled());
    QSignalSpy mended(&small.session, &Session::rowsMended);
    mend->click();
    QVERIFY(mended.count() == 1 || mended.wait(60'000));
    // The one that is still wrong is listed again, under the mended source.
    QVERIFY(SmallSession::waitFor([&] {
        return rejects->model()->rowCount() == 1
               && rejects->model()->index(0, 0).data().toString() == QLatin1String("a.mended.jsonl");
    }));
    QVERIFY(SmallSession::waitFor([&] { return small.session.info().attempts == 2; }));
    QVERIFY(shown.says(QStringLiteral("Rows imported: 1")));
    QVERIFY(small.allWell());
}

void DataTest::rejects_editedRow_isKeptWhileOthersAreLookedAt()
{
    SmallSession small;
    small.session.createWorkspace(small.path());
    const QString path = small.folder.filePath(QStringLiteral("a.jsonl"));
    tests::writeFile(path, row("1", 1, "failed") + row("2", 2, "exploded") + row("3", 3, "burst"));
    QVERIFY(import(small, {path}));
    ShownPage shown(small.session);
    shown.page.reveal(QStringLiteral("rejects"));
    auto *rejects = shown.table(QLatin1String("Rejected rows"));
    QVERIFY(SmallSession::waitFor([&] { return rejects->model()->rowCount() == 2; }));
    auto *text = shown.named<QPlainTextEdit>(QLatin1String("Text of the rejected rows, to be mended"));
    rejects->selectRow(0);
    text->insertPlainText(QStringLiteral(" "));
    rejects->selectRow(1);
    QVERIFY(text->toPlainText().contains(QLatin1String("exploded")));
    shown.button(QStringLiteral("Discard edits"))->click();
    QVERIFY(text->toPlainText().contains(QLatin1String("burst")));
}

void DataTest::rejects_csvRow_takesTheHeaderFromItsFile()
{
    SmallSession small;
    small.session.createWorkspace(small.path());
    const QString path = small.folder.filePath(QStringLiteral("a.csv"));
    tests::writeFile(path, "job,run,attempt,outcome,started_at,ended_at\n"
                           "orders,1,1,failed,2026-01-01T01:00:00Z,2026-01-01T02:00:00Z\n"
                           "orders,2,1,exploded,2026-01-01T03:00:00Z,2026-01-01T04:00:00Z\n"
                           "orders,3,1,burst,2026-01-01T05:00:00Z,2026-01-01T06:00:00Z\n");
    QVERIFY(import(small, {path}));
    QCOMPARE(headerLine(path.toStdString()).value_or(std::string()),
             std::string("job,run,attempt,outcome,started_at,ended_at"));
    const auto rows = [&] {
        std::vector<store::RejectRow> all;
        (void)small.session.workspace()->forEachReject([&](const store::RejectRow &each) {
            all.push_back(each);
            return true;
        });
        return all;
    };
    const auto mend = [&](const std::string &text) {
        store::RejectRow first = rows().front();
        std::vector<std::int64_t> ids;
        for (const auto &each : rows())
            ids.push_back(each.id);
        QSignalSpy mended(&small.session, &Session::rowsMended);
        small.session.mendRejects({first.source, "csv", ids, text});
        return mended.wait(60'000);
    };
    QCOMPARE(rows().size(), size_t{2});
    const std::string mended = "orders,2,1,failed,2026-01-01T03:00:00Z,2026-01-01T04:00:00Z\n";
    QVERIFY(mend(mended + "orders,3,1,burst,2026-01-01T05:00:00Z,2026-01-01T06:00:00Z"));
    // What is left belongs to a file that is gone; its header is known all the same.
    QCOMPARE(rows().size(), size_t{1});
    QVERIFY(SmallSession::waitFor([&] { return small.session.currentJob() == nullptr; }));
    QVERIFY(mend("orders,3,1,failed,2026-01-01T05:00:00Z,2026-01-01T06:00:00Z"));
    QVERIFY(rows().empty());
    QVERIFY(SmallSession::waitFor([&] { return small.session.info().failures == 3; }));
    // So short a history cannot be replayed, which is no error, and said where the figures would be.
    QVERIFY(SmallSession::waitFor([&] { return small.session.lacking().has_value(); }));
    QVERIFY(small.allWell());
}

void DataTest::rejects_mapAgain_asksTheWindow()
{
    SmallSession small;
    QVERIFY(small.fill());
    ShownPage shown(small.session);
    shown.page.reveal(QStringLiteral("rejects"));
    auto *rejects = shown.table(QLatin1String("Rejected rows"));
    QVERIFY(SmallSession::waitFor([&] { return rejects->model()->rowCount() == 1; }));
    rejects->selectRow(0);
    QSignalSpy asked(&shown.page, &Page::navigationRequested);
    shown.button(QStringLiteral("Map and import again…"))->click();
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked[0][0].toString(), QStringLiteral("action:map-import"));
    QVERIFY(asked[0][1].toString().endsWith(QLatin1String("history.jsonl")));
}

void DataTest::mendRejects_badRequests_changeNothing_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("said");
    const auto add = [](const char *name, const char *format, const QString &text, base::ErrorCode code,
                        const char *said) {
        QTest::addRow("%s", name) << QString::fromLatin1(format) << text << static_cast<int>(code)
                                  << QString::fromLatin1(said);
    };
    add("rows of an event log", "spark-eventlog", QStringLiteral("{}"), base::ErrorCode::Unsupported, "JSON Lines");
    add("no text", "attempts", QStringLiteral(" \n\t\n"), base::ErrorCode::InvalidArgument, "no row");
    add("no row that can be used", "attempts", QStringLiteral("{\"job\":\"x\"}"), base::ErrorCode::Parse, "None of");
    add("no JSON at all", "attempts", QStringLiteral("hello"), base::ErrorCode::Parse, "None of");
    add("a header that is gone", "csv", QStringLiteral("a,b,c"), base::ErrorCode::NotFound, "header");
}

void DataTest::mendRejects_badRequests_changeNothing()
{
    QFETCH(QString, format);
    QFETCH(QString, text);
    QFETCH(int, code);
    QFETCH(QString, said);
    SmallSession small;
    QVERIFY(small.fill());
    auto workspace = store::Workspace::open(small.path().toStdString(), store::OpenMode::ReadWrite);
    QVERIFY(workspace.has_value());
    base::Progress progress;
    const auto mended =
        mendRejects(*workspace, {"/nowhere/gone.csv", format.toStdString(), {1}, text.toStdString()}, {}, {}, progress);
    QVERIFY(!mended.has_value());
    QCOMPARE(static_cast<int>(mended.error().code), code);
    QVERIFY2(mended.error().text().find(said.toStdString()) != std::string::npos, mended.error().text().c_str());
    const auto sources = workspace->sources();
    QCOMPARE(sources->size(), size_t{1});
    int rejects = 0;
    QVERIFY(workspace->forEachReject([&](const store::RejectRow &) { return ++rejects > 0; }).has_value());
    QCOMPARE(rejects, 1);
}

void DataTest::conflicts_sourcesThatDiffer_areListedAndOpened()
{
    SmallSession small;
    small.session.createWorkspace(small.path());
    const QString first = small.folder.filePath(QStringLiteral("a.jsonl"));
    const QString second = small.folder.filePath(QStringLiteral("b.jsonl"));
    tests::writeFile(first, row("1", 1, "failed", ",\"exit_code\":1") + row("2", 2, "succeeded", ",\"exit_code\":5"));
    tests::writeFile(second,
                     row("1", 1, "failed", ",\"exit_code\":137") + row("2", 2, "succeeded", ",\"exit_code\":3"));
    QVERIFY(import(small, {first}));
    QVERIFY(import(small, {second}));
    ShownPage shown(small.session);
    shown.page.reveal(QStringLiteral("conflicts"));
    auto *conflicts = shown.table(QLatin1String("Conflicts"));
    new QAbstractItemModelTester(conflicts->model(), QAbstractItemModelTester::FailureReportingMode::QtTest, conflicts);
    QVERIFY(SmallSession::waitFor([&] { return conflicts->model()->rowCount() == 2; }));
    QCOMPARE(ShownPage::cell(conflicts, 0, "Job"), QStringLiteral("orders"));
    QCOMPARE(ShownPage::cell(conflicts, 0, "Fact"), QStringLiteral("exit_code"));
    QCOMPARE(ShownPage::cell(conflicts, 0, "Counts"), QStringLiteral("1"));
    QCOMPARE(ShownPage::cell(conflicts, 0, "Does not count"), QStringLiteral("137"));
    QSignalSpy asked(&shown.page, &Page::navigationRequested);
    Q_EMIT conflicts->activated(conflicts->model()->index(0, 0));
    QCOMPARE(asked.count(), 1);
    QVERIFY(asked[0][1].toString().startsWith(QLatin1String("attempt:")));
    Q_EMIT conflicts->activated(conflicts->model()->index(1, 0));
    QCOMPARE(asked.count(), 1);
    QVERIFY(shown.says(QStringLiteral("did not fail")));
    shown.named<QLineEdit>(QLatin1String("Filter conflicts"))->setText(QStringLiteral("137"));
    QVERIFY(SmallSession::waitFor([&] { return conflicts->model()->rowCount() == 1; }));
}

void DataTest::coverage_pauseOfDays_isAGap()
{
    SmallSession small;
    small.session.createWorkspace(small.path());
    QByteArray rows;
    for (int i = 0; i < 60; ++i)
        rows += row(QByteArray::number(i).constData(), i * 2.0 + (i < 30 ? 0.0 : 100.0),
                    i % 5 == 0 ? "failed" : "succeeded");
    const QString path = small.folder.filePath(QStringLiteral("a.jsonl"));
    tests::writeFile(path, rows);
    QVERIFY(import(small, {path}));
    ShownPage shown(small.session);
    shown.page.reveal(QStringLiteral("coverage"));
    auto *gaps = shown.table(QLatin1String("Gaps"));
    QVERIFY(SmallSession::waitFor([&] { return gaps->model()->rowCount() == 1; }));
    QCOMPARE(gaps->model()->index(0, 0).data().toString(), QStringLiteral("2026-01-03 10:30"));
    QVERIFY(shown.says(QStringLiteral("Gaps: 1")));
    QVERIFY(shown.says(QStringLiteral("last 7 days are censored")));
    auto *chart = shown.page.findChild<CoverageChart *>();
    QVERIFY(chart->accessibleDescription().contains(QLatin1String("60 attempts, 12 failed")));
    const QString picture = small.folder.filePath(QStringLiteral("c.png"));
    QVERIFY(saveChartPng(chart->picture(), picture).has_value());
    QVERIFY(QImage(picture).width() > 0);
}

void DataTest::timelineOf_manyFolders_putsTheSmallTogether()
{
    store::Coverage coverage;
    std::vector<store::SourceRow> sources;
    for (int i = 0; i < 15; ++i) {
        store::SourceRow source;
        source.id = i + 1;
        source.path = "/logs/folder" + std::to_string(i) + "/a.jsonl";
        source.format = "attempts";
        sources.push_back(source);
        coverage.days.push_back({source.id, 20'000, static_cast<std::uint64_t>(100 - i), 1, 0});
    }
    coverage.from.ms = 20'000 * base::kMsPerDay;
    coverage.to.ms = coverage.from.ms + base::kMsPerDay / 2;
    const auto folders = timelineOf(coverage, sources, CoverageBy::Folder);
    QCOMPARE(folders.lanes.size(), kMostLanes);
    QCOMPARE(folders.lanes.first().name, QStringLiteral("/logs/folder0"));
    QCOMPARE(folders.lanes.last().name, QStringLiteral("6 others"));
    QCOMPARE(folders.lanes.last().days.at(20'000).failures, 6.0);
    const auto formats = timelineOf(coverage, sources, CoverageBy::Format);
    QCOMPARE(formats.lanes.size(), qsizetype{1});
    QCOMPARE(formats.lanes.first().days.at(20'000).failures, 15.0);
    QCOMPARE(formats.lanes.first().name, QStringLiteral("JSON Lines"));
    // All formats by the names that people know them by.
    sources[1].format = "csv";
    sources[2].format = "spark-eventlog";
    QStringList names;
    for (const CoverageLane &lane : timelineOf(coverage, sources, CoverageBy::Format).lanes)
        names << lane.name;
    names.sort();
    QCOMPARE(names,
             (QStringList{QStringLiteral("CSV"), QStringLiteral("JSON Lines"), QStringLiteral("Spark event log")}));
}

void DataTest::timelineOf_gapOfOneCluster_isMarkedInItsLane()
{
    store::Coverage coverage;
    coverage.attempts = 12;
    coverage.clusters = {{7, "east"}, {8, "west"}};
    coverage.days = {{1, 20'000, 5, 1, 7}, {1, 20'000, 4, 0, 8}, {1, 20'009, 3, 0, 0}};
    coverage.from.ms = 20'000 * base::kMsPerDay;
    coverage.to.ms = 20'010 * base::kMsPerDay;
    coverage.gaps = {{{20'002 * base::kMsPerDay}, {20'004 * base::kMsPerDay}, 0},
                     {{20'003 * base::kMsPerDay}, {20'009 * base::kMsPerDay}, 8}};
    const auto clusters = timelineOf(coverage, {}, CoverageBy::Cluster);
    QCOMPARE(clusters.lanes.size(), qsizetype{3});
    QCOMPARE(clusters.lanes[0].name + clusters.lanes[1].name + clusters.lanes[2].name,
             QStringLiteral("eastwestno cluster"));
    QCOMPARE(clusters.gaps.size(), qsizetype{1}); // that of the whole
    QVERIFY(clusters.lanes[0].gaps.isEmpty());
    QCOMPARE(clusters.lanes[1].gaps.size(), qsizetype{1});
    QCOMPARE(clusters.lanes[1].gaps[0].from, 20'003.0);
    QVERIFY(timelineOf(coverage, {}, CoverageBy::Format).lanes.first().gaps.isEmpty());
    QCOMPARE(gapRows(coverage)[0].where, QStringLiteral("everywhere"));
    QCOMPARE(gapRows(coverage)[1].where, QStringLiteral("west"));
    QVERIFY(coverageText(coverage).contains(QStringLiteral("Gaps of single clusters, by their own usual pauses: 1.")));
}

void DataTest::daysOfBar_moreDaysThanPixels_putsDaysTogether()
{
    QCOMPARE(daysOfBar(100, 600), 1);
    QCOMPARE(daysOfBar(300, 600), 2);
    QCOMPARE(daysOfBar(1000, 600), 7);
    QVERIFY(daysOfBar(100'000, 600) >= 500);
    QCOMPARE(daysOfBar(100'000, 600) % 7, 0);
}

void DataTest::reveal_tabs_areShown()
{
    SmallSession small;
    QVERIFY(small.fill());
    ShownPage shown(small.session);
    auto *tabs = shown.page.findChild<QTabWidget *>();
    for (const auto &[name, index] : {std::pair{"conflicts", 2}, {"coverage", 3}, {"files", 0}, {"rejects", 1}}) {
        shown.page.reveal(QLatin1String(name));
        QCOMPARE(tabs->currentIndex(), index);
    }
    shown.page.reveal(QStringLiteral("nonsense"));
    QCOMPARE(tabs->currentIndex(), 1);
}

QTEST_MAIN(DataTest)
#include "tst_data.moc"
