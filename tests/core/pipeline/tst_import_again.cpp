#include "import_folder.hpp"
#include "ingest/mapping.hpp"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <thread>

using namespace mulligan;
using namespace mulligan::importing;

namespace
{

const std::string kHeader = "job,run,attempt,outcome,started_at,ended_at,error_text,cost_usd\n";

std::string csvRow(const std::string &job, const std::string &rest)
{
    return job + ",r,1,failed,2026-01-02T03:04:05Z,2026-01-02T04:04:05Z," + rest;
}

std::string jobsOf(store::Workspace &workspace)
{
    return workspace.connection()
        .text("SELECT coalesce(group_concat(told, ' '), '') FROM (SELECT j.name || '=' || coalesce(a.cost_usd, '-') AS "
              "told FROM attempt a JOIN job j ON j.id = a.job_id ORDER BY j.name)")
        .value_or("?");
}

QString namesOf(store::Workspace &workspace)
{
    return QString::fromStdString(
        workspace.connection()
            .text(
                "SELECT group_concat(name, ' ') FROM (SELECT j.name FROM attempt a JOIN job j ON j.id = a.job_id ORDER "
                "BY j.name)")
            .value_or("?"));
}

std::int64_t rejectsOf(store::Workspace &workspace)
{
    return workspace.connection().integer("SELECT count(*) FROM reject").value_or(-1);
}

std::shared_ptr<const ingest::Mapping> profile(const std::string &values, const std::string &job = "Name")
{
    const std::string yaml = "version: 1\nformat: csv\nfields:\n  job: " + job
                             + "\n  run: Run\n  outcome: {column: State, values: {" + values
                             + "}}\n  started_at: {column: Begin, time: rfc3339}\n  ended_at: {column: End, time: "
                               "rfc3339}\n";
    auto mapping = ingest::parseMapping(yaml, "profile.yaml");
    if (!mapping)
        qFatal("%s", mapping.error().text().c_str());
    return std::make_shared<const ingest::Mapping>(std::move(*mapping));
}

base::Result<pipeline::ImportReport> importBy(store::Workspace &workspace, const QString &path,
                                              std::shared_ptr<const ingest::Mapping> mapping)
{
    base::Progress progress;
    const std::vector<std::string> paths{path.toStdString()};
    pipeline::ImportOptions options;
    options.mapping = std::move(mapping);
    options.importedAt = base::Instant{1'767'323'045'000};
    return pipeline::importSources(workspace, paths, options, {}, progress);
}

const std::string kTable = "Name,Run,State,Begin,End\n"
                           "a,1,OK,2026-01-02T03:04:05Z,2026-01-02T04:04:05Z\n"
                           "b,1,Bad,2026-01-02T03:04:05Z,2026-01-02T04:04:05Z\n"
                           "c,1,Other,2026-01-02T03:04:05Z,2026-01-02T04:04:05Z\n";

} // namespace

class TestImportAgain : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<Folder>(); }

    void importSources_aLogThatWasRolledMeanwhile_staysOneAttempt()
    {
        const std::string begun = "26/01/02 10:00:00 INFO SparkContext: Running Spark version 3.5.1\n"
                                  "26/01/02 10:00:00 INFO SparkContext: Submitted application: etl\n";
        const std::string more = "26/01/02 10:01:00 INFO DAGScheduler: Job 0 finished: count, took 3.1 s\n";
        const std::string end = "26/01/02 10:02:00 INFO DAGScheduler: Job 1 finished: count, took 3.1 s\n"
                                "26/01/02 10:03:00 INFO SparkContext: Successfully stopped SparkContext\n";
        auto workspace = m_folder->create("rolled.mulligan");
        write(m_folder->at("logs/spark.log"), begun);
        QVERIFY(import(workspace, m_folder->at("logs")).has_value());
        write(m_folder->at("logs/spark.log.1"), begun + more);
        write(m_folder->at("logs/spark.log"), end);
        QVERIFY(import(workspace, m_folder->at("logs")).has_value());
        const auto told = workspace.connection().text("SELECT group_concat(ended_ms - started_ms) FROM attempt");
        QCOMPARE(told.value_or("?"), std::string("180000"));
        QCOMPARE(workspace.connection().integer("SELECT count(*) FROM source").value_or(-1), std::int64_t(1));
    }

    void importSources_fileThatIsBeingWritten_isReadAsFarAsItGoes()
    {
        const QString path = m_folder->at("rows.jsonl");
        write(path, history(2000));
        auto workspace = m_folder->create();
        std::atomic<bool> over = false;
        std::thread writer([&] {
            std::ofstream file(path.toStdString(), std::ios::binary | std::ios::app);
            for (int i = 0; i < 200'000 && !over; ++i)
                file << row("late" + std::to_string(i), 1, "failed") << std::flush;
        });
        const auto report = import(workspace, path);
        over = true;
        writer.join();
        QVERIFY2(report.has_value(), report ? "" : report.error().text().c_str());
        QVERIFY2(report->sources.front().status == pipeline::SourceStatus::Imported,
                 report->sources.front().reason.c_str());
        const auto rest = import(workspace, path);
        QVERIFY(rest.has_value() && rest->sources.size() == 1);
        std::ifstream file(path.toStdString());
        const auto lines = std::count(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>(), '\n');
        const auto stored =
            workspace.connection().integer("SELECT (SELECT count(*) FROM attempt) + (SELECT count(*) FROM reject)");
        QCOMPARE(stored.value_or(-1), std::int64_t(lines));
        QCOMPARE(workspace.info()->sources, std::uint64_t(1));
    }

    void importSources_csvCutWithinARow_readsThatRowAgainWhenItHasGrown_data()
    {
        QTest::addColumn<QString>("first");
        QTest::addColumn<QString>("more");
        QTest::addColumn<QString>("expected");
        const auto add = [](const char *name, const std::string &first, const std::string &more, const char *expected) {
            QTest::newRow(name) << QString::fromStdString(first) << QString::fromStdString(more) << expected;
        };
        const std::string whole = csvRow("g1", "x,1\n");
        const std::string last = csvRow("g3", "x,3\n");
        add("the row was cut in a time", whole + "g2,r,1,failed,2026-01-02T03:04:05Z,2026-01-02T04:04",
            ":05Z,x,2\n" + last, "g1=1.0 g2=2.0 g3=3.0");
        add("in a field of text", whole + csvRow("g2", "some te"), "xt,2\n" + last, "g1=1.0 g2=2.0 g3=3.0");
        add("in a quoted field", whole + csvRow("g2", "\"some te"), "xt\",2\n" + last, "g1=1.0 g2=2.0 g3=3.0");
        add("in a quoted field, behind a line of it", whole + csvRow("g2", "\"some\n"), "text\",2\n" + last,
            "g1=1.0 g2=2.0 g3=3.0");
        add("where a line of it looks like a row", whole + csvRow("g2", "\"some\n" + whole), "text\",2\n" + last,
            "g1=1.0 g2=2.0 g3=3.0");
        add("in a number that goes on", whole + csvRow("g2", "x,12"), ".50\n" + last, "g1=1.0 g2=12.5 g3=3.0");
        add("before its line end alone", whole + csvRow("g2", "x,2"), "\n" + last, "g1=1.0 g2=2.0 g3=3.0");
        add("behind its line end", whole + csvRow("g2", "x,2\n"), last, "g1=1.0 g2=2.0 g3=3.0");
    }
    void importSources_csvCutWithinARow_readsThatRowAgainWhenItHasGrown()
    {
        QFETCH(QString, first);
        QFETCH(QString, more);
        QFETCH(QString, expected);
        auto workspace = m_folder->create();
        write(m_folder->at("a.csv"), kHeader + first.toStdString());
        QVERIFY(import(workspace, m_folder->at("a.csv")).has_value());
        write(m_folder->at("a.csv"), kHeader + (first + more).toStdString());
        const auto report = import(workspace, m_folder->at("a.csv"));
        QVERIFY(report.has_value());
        QVERIFY(report->sources.front().grown);
        QCOMPARE(QString::fromStdString(jobsOf(workspace)), expected);
        QCOMPARE(rejectsOf(workspace), std::int64_t(0));
        QCOMPARE(workspace.connection().text("SELECT count(*) || ' ' || sum(attempts) FROM source").value_or(""),
                 std::string("1 3"));
        QCOMPARE(report->conflicts, std::uint64_t(0));
    }

    void importSources_csvCutInAName_theHalfNameGoes()
    {
        const std::string header = "outcome,started_at,ended_at,attempt,job,run\n";
        const std::string row = "failed,2026-01-02T03:04:05Z,2026-01-02T04:04:05Z,1,";
        auto workspace = m_folder->create();
        // An event log's or another scheduler's word of the half name stays.
        write(m_folder->at("other.jsonl"), ::row("r", 1, "failed"));
        QVERIFY(import(workspace, m_folder->at("other.jsonl")).has_value());
        write(m_folder->at("a.csv"), header + row + "orders,r7\n" + row + "orders,r");
        QVERIFY(import(workspace, m_folder->at("a.csv")).has_value());
        write(m_folder->at("a.csv"), header + row + "orders,r7\n" + row + "orders,r8\n" + row + "sales,r");
        QVERIFY(import(workspace, m_folder->at("a.csv")).has_value());
        write(m_folder->at("a.csv"), header + row + "orders,r7\n" + row + "orders,r8\n" + row + "sales,r9\n");
        QVERIFY(import(workspace, m_folder->at("a.csv")).has_value());
        QCOMPARE(workspace.connection()
                     .text("SELECT group_concat(n, ' ') FROM (SELECT j.name || ':' || a.run AS n FROM attempt a JOIN "
                           "job j ON j.id = a.job_id ORDER BY n)")
                     .value_or(""),
                 std::string("orders:r orders:r7 orders:r8 sales:r9"));
        QCOMPARE(workspace.connection().integer("SELECT count(*) FROM witness").value_or(-1), std::int64_t(0));
        QCOMPARE(workspace.connection().integer("SELECT count(*) FROM source").value_or(-1), std::int64_t(2));
    }

    void importSources_sameTableByAMendedProfile_replacesWhatTheOtherMadeOfIt()
    {
        auto workspace = m_folder->create();
        write(m_folder->at("t.csv"), kTable);
        const auto first = importBy(workspace, m_folder->at("t.csv"), profile("OK: succeeded"));
        QVERIFY(first.has_value());
        QCOMPARE(first->attempts, std::uint64_t(1));
        QCOMPARE(first->rejectedRows, std::uint64_t(2));

        const auto mended = profile("OK: succeeded, Bad: failed, Other: unknown");
        const auto second = importBy(workspace, m_folder->at("t.csv"), mended);
        QVERIFY(second.has_value());
        QCOMPARE(QString::fromStdString(second->sources.front().reason), QString());
        QCOMPARE(second->attempts, std::uint64_t(2));
        QCOMPARE(rejectsOf(workspace), std::int64_t(0));
        QCOMPARE(namesOf(workspace), QString("a b c"));

        // Names that the new profile does not give go; so does nothing when it is the same.
        const auto renamed = profile("OK: succeeded, Bad: failed, Other: skip", "{template: \"x.{Name}\"}");
        QVERIFY(importBy(workspace, m_folder->at("t.csv"), renamed).has_value());
        QCOMPARE(namesOf(workspace), QString("x.a x.b"));
        const auto same = importBy(workspace, m_folder->at("t.csv"), renamed);
        QVERIFY(same.has_value());
        QVERIFY(same->sources.front().status == pipeline::SourceStatus::Duplicate);
        QCOMPARE(workspace.connection().integer("SELECT count(*) FROM source").value_or(-1), std::int64_t(1));
    }

    void importSources_sameTableByAProfileThatUsesNoRow_keepsWhatThereWas()
    {
        auto workspace = m_folder->create();
        write(m_folder->at("t.csv"), kTable);
        QVERIFY(importBy(workspace, m_folder->at("t.csv"), profile("OK: succeeded")).has_value());
        const auto none = importBy(workspace, m_folder->at("t.csv"), profile("Never: failed"));
        QVERIFY(none.has_value());
        QVERIFY(none->sources.front().status == pipeline::SourceStatus::Rejected);
        QVERIFY2(none->sources.front().reason.find("what was read of it before stays") != std::string::npos,
                 none->sources.front().reason.c_str());
        QCOMPARE(namesOf(workspace), QString("a"));
        QCOMPARE(rejectsOf(workspace), std::int64_t(2));
    }

    void importSources_logWrittenAnew_keepsTheRunsThatItHeldBefore()
    {
        const auto run = [](const std::string &day, const std::string &last) {
            return "26/03/" + day + " 02:00:01 INFO SparkContext: Running Spark version 3.5.1\n26/03/" + day
                   + " 02:00:01 INFO SparkContext: Submitted application: nightly\n" + last;
        };
        const std::string bad = run("01", "Exception in thread \"main\" java.lang.ArithmeticException: / by zero\n"
                                          "\tat a.B.d(B.java:9)\n");
        const std::string good = run("02", "26/03/02 02:10:02 INFO SparkContext: Successfully stopped SparkContext\n");
        const auto outcomes = [](store::Workspace &workspace) {
            return QString::fromStdString(
                workspace.connection()
                    .text("SELECT group_concat(outcome || ':' || (cause_id IS NOT NULL), ' ') FROM (SELECT * FROM "
                          "attempt ORDER BY started_ms)")
                    .value_or("?"));
        };
        auto workspace = m_folder->create();
        write(m_folder->at("n.log"), bad);
        QVERIFY(import(workspace, m_folder->at("n.log")).has_value());
        write(m_folder->at("n.log"), good);
        QVERIFY(import(workspace, m_folder->at("n.log")).has_value());
        QCOMPARE(outcomes(workspace), QString("1:1 0:0"));
        // Rotated, and both together elsewhere: the same runs.
        write(m_folder->at("old/n.log.1"), bad + good);
        QVERIFY(import(workspace, m_folder->at("old")).has_value());
        QCOMPARE(outcomes(workspace), QString("1:1 0:0"));
    }

    void importSources_retriesInSeveralExportsWithoutNumbers_areAttemptsOfOneRun()
    {
        const auto table = [](int hour, const char *state) {
            const std::string at = "2026-01-02T0" + std::to_string(hour);
            return "Name,Run,State,Begin,End\na,1," + std::string(state) + "," + at + ":00:00Z," + at + ":10:00Z\n";
        };
        const auto mapping = profile("OK: succeeded, Bad: failed");
        auto workspace = m_folder->create();
        const std::pair<int, const char *> exports[] = {{4, "OK"}, {2, "Bad"}, {3, "Bad"}};
        for (const auto &[hour, state] : exports) {
            const QString path = m_folder->at(QStringLiteral("t%1.csv").arg(hour));
            write(path, table(hour, state));
            QVERIFY(importBy(workspace, path, mapping).has_value());
        }
        QCOMPARE(workspace.connection()
                     .text("SELECT group_concat(attempt || ':' || outcome, ' ') FROM (SELECT * FROM attempt ORDER BY "
                           "started_ms)")
                     .value_or("?"),
                 std::string("1:1 2:1 3:0"));
    }

    void importSources_eventLogThatGoesOnAndSucceeds_keepsNoFailuresText()
    {
        const std::string begin = "{\"Event\":\"SparkListenerLogStart\",\"Spark Version\":\"3.5.1\"}\n"
                                  "{\"Event\":\"SparkListenerApplicationStart\",\"App Name\":\"etl\",\"App ID\":"
                                  "\"application_17_0004\",\"Timestamp\":1700000000000,\"User\":\"u\"}\n"
                                  "{\"Event\":\"SparkListenerJobStart\",\"Job ID\":0,\"Submission Time\":"
                                  "1700000001000,\"Stage Infos\":[],\"Stage IDs\":[0],\"Properties\":{}}\n"
                                  "{\"Event\":\"SparkListenerJobEnd\",\"Job ID\":0,\"Completion Time\":1700000002000,"
                                  "\"Job Result\":{\"Result\":\"JobFailed\",\"Exception\":{\"Message\":\"boom\","
                                  "\"Stack Trace\":[]}}}\n";
        const std::string end = "{\"Event\":\"SparkListenerJobStart\",\"Job ID\":1,\"Submission Time\":1700000003000,"
                                "\"Stage Infos\":[],\"Stage IDs\":[1],\"Properties\":{}}\n"
                                "{\"Event\":\"SparkListenerJobEnd\",\"Job ID\":1,\"Completion Time\":1700000004000,"
                                "\"Job Result\":{\"Result\":\"JobSucceeded\"}}\n"
                                "{\"Event\":\"SparkListenerApplicationEnd\",\"Timestamp\":1700000005000}\n";
        auto workspace = m_folder->create();
        write(m_folder->at("log.inprogress"), begin);
        QVERIFY(import(workspace, m_folder->at("log.inprogress")).has_value());
        QVERIFY(QFile::rename(m_folder->at("log.inprogress"), m_folder->at("log")));
        write(m_folder->at("log"), begin + end);
        QVERIFY(import(workspace, m_folder->at("log")).has_value());
        QCOMPARE(workspace.connection().text("SELECT outcome || ' ' || (text_id IS NULL) FROM attempt").value_or("?"),
                 std::string("0 1"));
    }

    void importSources_eventLogThatIsCompactedWhileItGrows_keepsWhatWasCountedHoweverOftenItIsRead_data()
    {
        QTest::addColumn<QStringList>("between");
        QTest::newRow("read at the end") << QStringList();
        QTest::newRow("and once compacted") << QStringList{"compacted"};
        QTest::newRow("and twice") << QStringList{"compacted", "grown"};
    }
    void importSources_eventLogThatIsCompactedWhileItGrows_keepsWhatWasCountedHoweverOftenItIsRead()
    {
        QFETCH(const QStringList, between);
        const std::string begin = "{\"Event\":\"SparkListenerLogStart\",\"Spark Version\":\"3.5.1\"}\n"
                                  "{\"Event\":\"SparkListenerApplicationStart\",\"App Name\":\"etl\",\"App ID\":"
                                  "\"application_17_0005\",\"Timestamp\":1700000000000,\"User\":\"u\"}\n"
                                  "{\"Event\":\"SparkListenerExecutorAdded\",\"Timestamp\":1700000000000,"
                                  "\"Executor ID\":\"1\",\"Executor Info\":{\"Host\":\"h\",\"Total Cores\":4,"
                                  "\"Log Urls\":{}}}\n";
        const auto job = [](const std::string &id, const std::string &second) {
            return "{\"Event\":\"SparkListenerJobStart\",\"Job ID\":" + id + ",\"Submission Time\":17000000" + second
                   + "000,\"Stage Infos\":[],\"Stage IDs\":[0],\"Properties\":{}}\n";
        };
        const std::string end = "{\"Event\":\"SparkListenerApplicationEnd\",\"Timestamp\":1700000040000}\n";
        const QString log = m_folder->at("eventlog_v2_application_17_0005");
        const auto part = [&](const QString &name) { return log + '/' + name + "application_17_0005"; };
        auto workspace = m_folder->create();
        const auto look = [&] { return import(workspace, log).has_value(); };
        write(part("appstatus_") + ".inprogress", "");
        write(part("events_1_"), begin + job("0", "10"));
        QVERIFY(look());
        const auto counted = [&] {
            return QString::fromStdString(
                       workspace.connection().text("SELECT vcore_seconds FROM attempt").value_or("?"))
                .toDouble();
        };
        const double inTenSeconds = counted();
        QVERIFY(inTenSeconds >= 40.0);
        QVERIFY(QFile::remove(part("events_1_")));
        write(part("events_1_") + ".compact", begin);
        write(part("events_2_"), job("1", "20"));
        QVERIFY(!between.contains("compacted") || look());
        write(part("events_2_"), job("1", "20") + job("2", "30"));
        QVERIFY(!between.contains("grown") || look());
        write(part("events_2_"), job("1", "20") + job("2", "30") + end);
        QVERIFY(QFile::remove(part("appstatus_") + ".inprogress"));
        write(part("appstatus_"), "");
        QVERIFY(look());
        // At the rate it had.
        QCOMPARE(counted(), 4.0 * inTenSeconds);
    }

private:
    std::unique_ptr<Folder> m_folder;
};

QTEST_GUILESS_MAIN(TestImportAgain)
#include "tst_import_again.moc"
