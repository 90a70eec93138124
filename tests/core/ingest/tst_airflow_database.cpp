#include "airflow_samples.hpp"
#include "ingest/recognise.hpp"

#include <QtTest>

#include <filesystem>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

namespace
{

const std::string kRun = TaskRow().run;

CollectingSink readAll(const std::string &path, SourceReport *report = nullptr)
{
    CollectingSink sink;
    const auto read = readFile(path, Format::Airflow, sink);
    if (!read)
        qFatal("%s", read.error().text().c_str());
    if (report != nullptr)
        *report = *read;
    return sink;
}

bool hasWarning(const SourceReport &report, const std::string &text)
{
    return std::any_of(report.warnings.begin(), report.warnings.end(),
                       [&](const std::string &warning) { return warning.find(text) != std::string::npos; });
}

} // namespace

class TestAirflowDatabase : public QObject
{
    Q_OBJECT

private slots:
    void readAirflow_aTaskOf210_givesEveryFact()
    {
        Folder folder;
        const std::string sql = schema::k210 + insertTry("task_instance", {.task = "etl.load"})
                                + "INSERT INTO dag VALUES('shop', 'ana, ben'); INSERT INTO dag_tag VALUES('nightly', "
                                  "'shop'), ('team:payments', 'shop');";
        SourceReport report;
        const auto sink = readAll(makeDatabase(folder, sql), &report);
        QCOMPARE(sink.attempts.size(), std::size_t(1));
        const model::Attempt &a = sink.attempts.front();
        QCOMPARE(a.job, std::string("shop.etl.load"));
        QCOMPARE(a.workflow, std::string("shop"));
        QCOMPARE(a.run, kRun);
        QCOMPARE(a.attempt, 1);
        QCOMPARE(a.outcome, model::Outcome::Succeeded);
        QCOMPARE(a.trigger, model::Trigger::Scheduled);
        QCOMPARE(base::formatInstant(a.startedAt), std::string("2024-05-01T10:00:00.250Z"));
        QCOMPARE(base::formatInstant(a.endedAt), std::string("2024-05-01T10:00:30.500Z"));
        QCOMPARE(a.owner, std::string("ana, ben"));
        QCOMPARE(a.team, std::string("payments"));
        QCOMPARE(a.queue, std::string("default"));
        QVERIFY(a.applicationId.empty() && a.errorText.empty() && a.cluster.empty());
        QCOMPARE(report.attempts, std::uint64_t(1));
        QVERIFY(report.warnings.empty() && !report.truncated);
        QCOMPARE(report.sha256.size(), std::size_t(64));
        QVERIFY(report.bytes > 0);
    }

    void readAirflow_triesOfTheHistory_areNumberedAndTriggered_data()
    {
        QTest::addColumn<QString>("rows");
        QTest::addColumn<QString>("story");
        const auto history = [](TaskRow row) {
            return QString::fromStdString(insertTry("task_instance_history", row));
        };
        const auto current = [](TaskRow row) { return QString::fromStdString(insertTry("task_instance", row)); };
        QTest::newRow("two failures and a success")
            << history({.attempt = 1, .state = "failed"}) + history({.attempt = 2, .state = "failed", .minute = 5})
                   + current({.attempt = 3, .minute = 9})
            << "1 failed scheduled, 2 failed auto_retry, 3 succeeded auto_retry";
        QTest::newRow("waiting for a retry: both tables hold the try")
            << history({.state = "failed"}) + current({.state = "up_for_retry"}) << "1 failed scheduled";
        QTest::newRow("cleared after its last retry") << history({.attempt = 1, .maxTries = 0, .state = "failed"})
                                                             + current({.attempt = 2, .maxTries = 1, .minute = 9})
                                                      << "1 failed scheduled, 2 succeeded manual";
        QTest::newRow("cleared after a failure that was to be final (no retry wanted)")
            << history({.attempt = 1, .maxTries = 2, .state = "failed"})
                   + current({.attempt = 2, .maxTries = 3, .minute = 9})
            << "1 failed scheduled, 2 succeeded manual";
        QTest::newRow("cleared after a success")
            << history({.attempt = 1}) + current({.attempt = 2, .maxTries = 3, .minute = 9})
            << "1 succeeded scheduled, 2 succeeded manual";
        QTest::newRow("cleared, then retried by itself")
            << history({.attempt = 1}) + history({.attempt = 2, .maxTries = 3, .state = "failed", .minute = 5})
                   + current({.attempt = 3, .maxTries = 3, .minute = 9})
            << "1 succeeded scheduled, 2 failed manual, 3 succeeded auto_retry";
        QTest::newRow("cleared while it ran")
            << history({.state = "failed"}) + current({.state = "restarting"}) << "1 killed scheduled";
        QTest::newRow("running") << current({.state = "running"}) << "1 unknown scheduled";
        QTest::newRow("cleared, and not begun again")
            << history({.attempt = 1}) + current({.attempt = 1, .maxTries = 3, .state = ""}) << "1 succeeded scheduled";
    }
    void readAirflow_triesOfTheHistory_areNumberedAndTriggered()
    {
        QFETCH(QString, rows);
        QFETCH(QString, story);
        Folder folder;
        const auto sink = readAll(makeDatabase(folder, schema::k210 + rows.toStdString()));
        QCOMPARE(QString::fromStdString(storyOf(sink, "shop.load", kRun)), story);
        QVERIFY(sink.rejects.empty());
    }

    void readAirflow_aTaskThatRuns_endsWhereItStarts()
    {
        Folder folder;
        const auto sink = readAll(makeDatabase(folder, schema::k210 + insertTry("task_instance", {.state = "running"})
                                                           + "UPDATE task_instance SET end_date = NULL;"));
        QCOMPARE(sink.attempts.at(0).endedAt, sink.attempts.at(0).startedAt);
    }

    void readAirflow_aTryWithoutEnd_endsAfterItsDuration()
    {
        Folder folder;
        const auto sink =
            readAll(makeDatabase(folder, schema::k210 + insertTry("task_instance", {})
                                             + "UPDATE task_instance SET end_date = NULL, duration = 1.5;"));
        QCOMPARE(base::secondsBetween(sink.attempts.at(0).startedAt, sink.attempts.at(0).endedAt), 1.5);
    }

    void readAirflow_mappedTasks_areRunsOfTheirOwn()
    {
        Folder folder;
        const auto sink = readAll(makeDatabase(
            folder, schema::k210 + insertTry("task_instance", {.mapIndex = 0})
                        + insertTry("task_instance", {.attempt = 2, .state = "failed", .minute = 9, .mapIndex = 1})
                        + insertTry("task_instance_history", {.state = "failed", .mapIndex = 1})));
        QCOMPARE(storyOf(sink, "shop.load", kRun + "[0]"), std::string("1 succeeded scheduled"));
        QCOMPARE(storyOf(sink, "shop.load", kRun + "[1]"), std::string("1 failed scheduled, 2 failed auto_retry"));
    }

    void readAirflow_airflow3_isReadLikeTheOthers()
    {
        Folder folder;
        const auto sink = readAll(
            makeDatabase(folder, schema::k3 + insertTry("task_instance", {.attempt = 2, .minute = 9}, "id")
                                     + insertTry("task_instance_history", {.state = "failed"}, "task_instance_id")));
        QCOMPARE(storyOf(sink, "shop.load", kRun), std::string("1 failed scheduled, 2 succeeded auto_retry"));
    }

    void readAirflow_taskFailBefore210_givesTheEarlierFailures()
    {
        Folder folder;
        const auto fail = [](int minute) {
            return "INSERT INTO task_fail(dag_id, task_id, run_id, map_index, start_date, end_date) VALUES('shop', "
                   "'load', '"
                   + kRun + "', -1, '" + momentOf(minute) + "', '" + momentOf(minute, "30") + "');";
        };
        const auto sink = readAll(makeDatabase(
            folder, schema::k29 + insertTry("task_instance", {.attempt = 3, .state = "failed", .minute = 20}) + fail(5)
                        + fail(0) + fail(0) + fail(20)));
        QCOMPARE(storyOf(sink, "shop.load", kRun),
                 std::string("1 failed scheduled, 2 failed auto_retry, 3 failed auto_retry"));
        QCOMPARE(base::formatInstant(sink.attempts.at(1).startedAt), std::string("2024-05-01T10:05:00.250Z"));
    }

    void readAirflow_clearingBefore210_isSeenInMaxTries()
    {
        Folder folder;
        // Another run tells that the task has two retries; this one's four allow two more after try 2.
        SourceReport report;
        const auto sink =
            readAll(makeDatabase(folder, schema::k29 + insertTry("task_instance", {.run = "manual__other"})
                                             + insertTry("task_instance", {.attempt = 3, .maxTries = 4, .minute = 20})
                                             + "INSERT INTO task_fail(dag_id, task_id, run_id, map_index, start_date, "
                                               "end_date) VALUES('shop', 'load', '"
                                             + kRun + "', -1, '" + momentOf(0) + "', '" + momentOf(1) + "');"),
                    &report);
        QCOMPARE(storyOf(sink, "shop.load", kRun), std::string("2 failed auto_retry, 3 succeeded manual"));
        QVERIFY(hasWarning(report, "keeps nothing of tries before the newest"));
    }

    void readAirflow_runsOf22_joinTaskFailByTheirDate()
    {
        Folder folder;
        const auto sink = readAll(makeDatabase(
            folder, schema::k22
                        + "INSERT INTO dag_run(dag_id, execution_date, run_id) VALUES('shop', '2024-05-01 "
                          "00:00:00.000000', 'scheduled__a');"
                          "INSERT INTO task_instance(task_id, dag_id, run_id, start_date, end_date, state, try_number, "
                          "max_tries) VALUES('load', 'shop', 'scheduled__a', '2024-05-01 10:10:00', '2024-05-01 "
                          "10:11:00', 'success', 2, 2);"
                          "INSERT INTO task_fail(task_id, dag_id, execution_date, start_date, end_date) VALUES('load', "
                          "'shop', '2024-05-01 00:00:00.000000', '2024-05-01 10:00:00', '2024-05-01 10:01:00');"));
        QCOMPARE(storyOf(sink, "shop.load", "scheduled__a"), std::string("1 failed scheduled, 2 succeeded auto_retry"));
    }

    void readAirflow_airflow110_namesRunsByRunIdOrElseByDate()
    {
        Folder folder;
        const std::string values = "', '2024-05-01 10:10:00.5+00:00', '2024-05-01 10:11:00', 'success', 1, 0);";
        const std::string insert = "INSERT INTO task_instance(task_id, dag_id, execution_date, start_date, end_date, "
                                   "state, try_number, max_tries) VALUES('load', 'shop', '";
        const auto sink = readAll(
            makeDatabase(folder, schema::k110
                                     + "INSERT INTO dag_run(dag_id, execution_date, run_id) VALUES('shop', '2024-05-01 "
                                       "00:00:00.000000', 'scheduled__a');"
                                     + insert + "2024-05-01 00:00:00.000000" + values + insert
                                     + "2024-05-02 00:00:00.123456" + values));
        QCOMPARE(storyOf(sink, "shop.load", "scheduled__a"), std::string("1 succeeded scheduled"));
        QCOMPARE(storyOf(sink, "shop.load", "2024-05-02T00:00:00.123456+00:00"), std::string("1 succeeded scheduled"));
    }

    void readAirflow_renderedSparkSettings_belongToTheNewestTry()
    {
        Folder folder;
        const auto sink = readAll(makeDatabase(
            folder,
            schema::k210 + insertTry("task_instance_history", {.state = "failed"})
                + insertTry("task_instance", {.attempt = 2, .minute = 9})
                + "INSERT INTO rendered_task_instance_fields VALUES('shop', 'load', '" + kRun
                + R"(', -1, '{"application": "job.py", "conf": {"spark.executor.memory": "4g", "spark.sql.ansi": true,)"
                  R"( "other": 1, "spark.null": null}, "executor_memory": "6g", "num_executors": 8, "jars": ["a"]}');)"));
        QCOMPARE(sink.attempts.size(), std::size_t(2));
        QVERIFY(sink.attempts.at(0).config.empty());
        const model::Config expected{
            {"spark.executor.memory", "6g"}, {"spark.executor.instances", "8"}, {"spark.sql.ansi", "true"}};
        QVERIFY(sink.attempts.at(1).config == expected);
    }

    void readAirflow_secretsInSettings_areRedacted()
    {
        Folder folder;
        const auto sink = readAll(makeDatabase(
            folder,
            schema::k210 + insertTry("task_instance", {})
                + "INSERT INTO rendered_task_instance_fields VALUES('shop', 'load', '" + kRun
                + R"(', -1, '{"conf": {"spark.hadoop.fs.s3a.secret.key": "abcDEF123456ghiJKL7890mnoPQRstuVWX12"}}');)"));
        QVERIFY(sink.attempts.at(0).config.at("spark.hadoop.fs.s3a.secret.key").starts_with("[redacted:"));
    }

    void readAirflow_whatNeverRan_isCountedByState()
    {
        Folder folder;
        std::string sql = schema::k210;
        for (const std::string state : {"skipped", "upstream_failed", "queued", "deferred", "removed", "scheduled", ""})
            sql += insertTry("task_instance", {.task = "t" + state, .state = state});
        sql += insertTry("task_instance", {.task = "skips", .state = "skipped"});
        sql += insertTry("task_instance", {.task = "passed", .attempt = 0});
        sql += insertTry("task_instance", {.task = "unstarted", .state = "failed"})
               + "UPDATE task_instance SET start_date = NULL WHERE task_id = 'unstarted';";
        SourceReport report;
        const auto sink = readAll(makeDatabase(folder, sql), &report);
        QVERIFY(sink.attempts.empty() && sink.rejects.empty());
        QCOMPARE(report.warnings.size(), std::size_t(9));
        QVERIFY(hasWarning(report, "rows in state 'skipped' never ran and are no attempts (2 times)"));
        QVERIFY(hasWarning(report, "rows in state 'none' never ran and are no attempts (once)"));
        QVERIFY(hasWarning(report, "rows in state 'success' with try_number 0 never ran"));
        QVERIFY(hasWarning(report, "rows in state 'failed' without start_date never ran"));
    }

    void readAirflow_writeAheadLogBesideIt_isReadAndLeftAlone()
    {
        Folder folder;
        const std::string path = folder.path("airflow.db");
        auto writer = sqlite::Connection::open(path, sqlite::Access::Create);
        QVERIFY(writer);
        QVERIFY(writer->run("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;"));
        QVERIFY(writer->run(schema::k210 + insertTry("task_instance", {})));
        // A copy of a database that is in use: the log lies beside it, and nobody has it open.
        const std::string copy = folder.path("copy/airflow.db");
        std::filesystem::create_directory(folder.path("copy"));
        std::filesystem::copy_file(path, copy);
        std::filesystem::copy_file(path + "-wal", copy + "-wal");
        QVERIFY(std::filesystem::file_size(copy + "-wal") > 0);
        std::filesystem::permissions(copy, std::filesystem::perms::owner_read);
        std::filesystem::permissions(folder.path("copy"),
                                     std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
        const auto before = std::filesystem::last_write_time(copy);
        QCOMPARE(readAll(copy).attempts.size(), std::size_t(1));
        QCOMPARE(std::filesystem::last_write_time(copy).time_since_epoch().count(), before.time_since_epoch().count());
        int files = 0;
        for ([[maybe_unused]] const auto &entry : std::filesystem::directory_iterator(folder.path("copy")))
            ++files;
        QCOMPARE(files, 2);
        std::filesystem::permissions(folder.path("copy"), std::filesystem::perms::owner_all);
        // The one in use is read as well.
        QCOMPARE(readAll(path).attempts.size(), std::size_t(1));
    }

    void findSources_databaseWithLog_isToldFromItselfByBoth()
    {
        Folder folder;
        const std::string path = folder.path("airflow.db");
        auto writer = sqlite::Connection::open(path, sqlite::Access::Create);
        QVERIFY(writer);
        QVERIFY(writer->run("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;"));
        QVERIFY(writer->run(schema::k210 + insertTry("task_instance", {})));
        QVERIFY(writer->run("PRAGMA wal_checkpoint(TRUNCATE);"));
        base::Progress progress;
        const auto alone = findSources(path);
        QVERIFY(alone);
        QCOMPARE(alone->units.front().parts.size(), std::size_t(1));
        const auto before = hashUnit(alone->units.front(), {}, progress);
        // The row stands in the log only; the database's own bytes stay.
        QVERIFY(writer->run(insertTry("task_instance", {.task = "later"})));
        QCOMPARE(hashUnit(alone->units.front(), {}, progress).value(), before.value());
        for (const std::string &named : {path, folder.path()}) {
            const auto found = findSources(named);
            QVERIFY(found);
            QCOMPARE(found->units.size(), std::size_t(1));
            QCOMPARE(found->units.front().parts, (std::vector<std::string>{path, path + "-wal"}));
            for (const auto &skipped : found->skipped)
                QCOMPARE(skipped.reason, std::string("it belongs to the database airflow.db beside it"));
            const auto after = hashUnit(found->units.front(), {}, progress);
            QVERIFY(after.value() != before.value());
            CollectingSink sink;
            const auto report = readSource(found->units.front(), {}, sink, {}, progress);
            QVERIFY(report);
            QCOMPARE(sink.attempts.size(), std::size_t(2));
            QCOMPARE(report->sha256, after.value());
            QCOMPARE(report->bytes, std::filesystem::file_size(path) + std::filesystem::file_size(path + "-wal"));
        }
        // When the writer ends, its log goes.
        auto unit = findSources(path)->units.front();
        writer = sqlite::Connection::open(folder.path("other.db"), sqlite::Access::Create);
        QVERIFY(!std::filesystem::exists(path + "-wal"));
        QVERIFY(hashUnit(unit, {}, progress).has_value());
    }

    void readAirflow_writeAheadModeWithoutLog_leavesNothingBehind()
    {
        Folder folder;
        const std::string path = makeDatabase(
            folder, "PRAGMA journal_mode = WAL;" + schema::k210 + insertTry("task_instance", {}), "odd ?#% name.db");
        QCOMPARE(readAll(path).attempts.size(), std::size_t(1));
        QVERIFY(!std::filesystem::exists(path + "-wal") && !std::filesystem::exists(path + "-shm"));
    }

    void readAirflow_manyRows_cancelsAndCountsProgress()
    {
        Folder folder;
        const std::string path = makeDatabase(
            folder, schema::k210
                        + "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO "
                          "task_instance(dag_id, task_id, run_id, map_index, try_number, max_tries, state, start_date, "
                          "end_date) SELECT 'shop', 'load', 'run' || i, -1, 1, 0, 'success', '2024-05-01 10:00:00', "
                          "'2024-05-01 10:00:01' FROM n;");
        QCOMPARE(readAll(path).attempts.size(), std::size_t(5000));
        std::stop_source stop;
        stop.request_stop();
        CollectingSink sink;
        const auto report = readFile(path, Format::Airflow, sink, {}, stop.get_token());
        QVERIFY(!report);
        QCOMPARE(int(report.error().code), int(base::ErrorCode::Cancelled));
        base::Progress progress;
        CollectingSink again;
        QVERIFY(readSource({path, Format::Airflow, {path}, nullptr}, {}, again, {}, progress));
        QCOMPARE(progress.sample().done, std::uint64_t(std::filesystem::file_size(path)));
    }

    void findSources_databases_areRecognised()
    {
        Folder folder;
        makeDatabase(folder, schema::k210 + insertTry("task_instance", {}));
        makeDatabase(folder, "CREATE TABLE notes(text);", "notes.db");
        makeDatabase(folder, "PRAGMA application_id = 0x4D756C6C; CREATE TABLE task_instance(x);", "w.mulligan");
        const auto found = findSources(folder.path());
        QVERIFY(found);
        QCOMPARE(found->units.size(), std::size_t(1));
        QCOMPARE(int(found->units[0].format), int(Format::Airflow));
        QCOMPARE(found->skipped.size(), std::size_t(2));
        QCOMPARE(found->skipped[0].reason, std::string("it is an SQLite database without Airflow's tables"));
        QCOMPARE(found->skipped[1].reason, std::string("it is a workspace of Mulligan"));
    }
};

QTEST_GUILESS_MAIN(TestAirflowDatabase)
#include "tst_airflow_database.moc"
