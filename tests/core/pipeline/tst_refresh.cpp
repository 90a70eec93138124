#include "pipeline/refresh.hpp"

#include "../ingest/spark_log_writer.hpp"
#include "exported_world.hpp"
#include "import_folder.hpp"
#include "ingest/mapping.hpp"
#include "store/recommendation_store.hpp"

#include <QtTest>

#include <algorithm>

using namespace mulligan;
using namespace mulligan::importing;
using namespace mulligan::pipeline;

namespace
{

ImportReport only(base::Result<ImportReport> report)
{
    if (!report)
        qFatal("%s", report.error().text().c_str());
    return std::move(report).value();
}

void append(const QString &path, const std::string &text)
{
    std::ofstream file(path.toStdString(), std::ios::binary | std::ios::app);
    file << text;
}

/// A failed first attempt of a run, at a time.
std::string failure(const std::string &job, const std::string &run, const std::string &from, const std::string &to)
{
    return "{\"job\":\"" + job + "\",\"run\":\"" + run + "\",\"attempt\":1,\"outcome\":\"failed\",\"started_at\":\""
           + from + "\",\"ended_at\":\"" + to
           + "\",\"error_text\":\"java.lang.OutOfMemoryError: Java heap space\",\"config\":{\"spark.executor.memory\":"
             "\"4g\"}}\n";
}

} // namespace

class TestRefresh : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<importing::Folder>(); }

    void importSources_onlyChanged_leavesAloneWhatIsAsItWas()
    {
        write(m_folder->at("in/a.jsonl"), row("r1", 1, "failed"));
        write(m_folder->at("in/notes.txt"), "nothing to read\n");
        auto workspace = m_folder->create();
        QCOMPARE(again(workspace).sources.size(), size_t(2));
        const std::string before = contentOf(workspace);
        const ImportReport second = again(workspace);
        QCOMPARE(second.unchanged, std::uint64_t(1));
        QVERIFY(std::none_of(second.sources.begin(), second.sources.end(),
                             [](const auto &source) { return source.status == SourceStatus::Imported; }));
        QCOMPARE(contentOf(workspace), before);
    }

    void importSources_tablesOfColumnsThatAProfileFits_areReadByIt()
    {
        const std::string head = "JobName,Id,Result,Begun,Done\n";
        const std::string line = "nightly,1,OK,2024-05-01T01:00:00Z,2024-05-01T02:00:00Z\n";
        write(m_folder->at("in/first.csv"), head + line);
        write(m_folder->at("in/second.csv"), head + "nightly,2,BAD,2024-05-02T01:00:00Z,2024-05-02T02:00:00Z\n");
        write(m_folder->at("in/third.csv"), "Task,Result,Begun,Done\nx,OK,2024-05-01T01:00:00Z,2024-05-01T02:00:00Z\n");
        auto workspace = m_folder->create();
        const ImportReport before = again(workspace);
        QCOMPARE(statusOf(before, "first.csv"), SourceStatus::Skipped);
        QCOMPARE(statusOf(before, "second.csv"), SourceStatus::Skipped);

        base::Progress progress;
        ImportOptions options;
        options.mapping = std::make_shared<const ingest::Mapping>(*ingest::parseMapping(
            "version: 1\nfields:\n  job: JobName\n  run: Id\n  attempt:\n    constant: 1\n"
            "  outcome:\n    column: Result\n    values:\n      OK: succeeded\n      BAD: failed\n"
            "  started_at: Begun\n  ended_at: Done\n",
            "p.yaml"));
        const std::vector<std::string> first{m_folder->path("in/first.csv")};
        QCOMPARE(only(importSources(workspace, first, options, {}, progress)).attempts, std::uint64_t(1));

        // The one that was passed over is taken now, unchanged as it is, and the one that grew stays one source.
        append(m_folder->at("in/first.csv"), "nightly,3,OK,2024-05-03T01:00:00Z,2024-05-03T02:00:00Z\n");
        const ImportReport after = again(workspace);
        QCOMPARE(statusOf(after, "first.csv"), SourceStatus::Imported);
        QCOMPARE(statusOf(after, "second.csv"), SourceStatus::Imported);
        QCOMPARE(statusOf(after, "third.csv"), SourceStatus::Skipped);
        QCOMPARE(after.attempts, std::uint64_t(2));
        QCOMPARE(workspace.info()->sources, std::uint64_t(2));
        QCOMPARE(workspace.info()->failures, std::uint64_t(1));
        QCOMPARE(again(workspace).unchanged, std::uint64_t(2));
        // Rows that the profile does not understand are rejected by it and can be mended, not passed over.
        write(m_folder->at("in/fourth.csv"), head + "nightly,4,ODD,2024-05-04T01:00:00Z,2024-05-04T02:00:00Z\n");
        QCOMPARE(again(workspace).rejectedRows, std::uint64_t(1));
        // What is not read again is not said to be.
        const auto named = import(workspace, m_folder->at("in/second.csv"));
        QVERIFY(named.has_value());
        QCOMPARE(named->sources.front().status, SourceStatus::Duplicate);
        QVERIFY(named->sources.front().warnings.empty());
    }

    void importSources_tableWithColumnsJobAndRun_isReadByItsProfileUnlessItIsComplete()
    {
        const std::string head = "job,run,status,start,end\n";
        const std::string objects = "{\"job\":\"a\",\"run\":\"r9\",\"outcome\":\"failed\",";
        const std::string times = "2024-05-02T01:00:00Z,2024-05-02T02:00:00Z\n";
        write(m_folder->at("in/n1.csv"), head + "a,r1,bad,2024-05-01T01:00:00Z,2024-05-01T02:00:00Z\n");
        auto workspace = m_folder->create();
        base::Progress progress;
        ImportOptions options;
        options.mapping = std::make_shared<const ingest::Mapping>(*ingest::parseMapping(
            "version: 1\nfields:\n  job: job\n  run: run\n  outcome:\n    column: status\n    values:\n"
            "      ok: succeeded\n      bad: failed\n  started_at: start\n  ended_at: end\n",
            "p.yaml"));
        const std::vector<std::string> first{m_folder->path("in/n1.csv")};
        QCOMPARE(only(importSources(workspace, first, options, {}, progress)).attempts, std::uint64_t(1));

        write(m_folder->at("in/n2.csv"), head + "a,r2,bad," + times);
        // All that an attempt needs is there beside the profile's columns.
        write(m_folder->at("in/native.csv"),
              "job,run,attempt,outcome,started_at,ended_at,status,start,end\na,r3,7,failed,2024-05-03T01:00:00Z,"
              "2024-05-03T02:00:00Z,ok,2024-05-02T01:00:00Z,2024-05-02T02:00:00Z\n");
        // No profile has its columns: its own reader says what it lacks.
        write(m_folder->at("in/other.csv"), "job,run,outcome,begin,end\na,r4,failed," + times);
        write(m_folder->at("in/other.jsonl"), objects + "\"begin\":0,\"end\":1}\n");
        append(m_folder->at("in/n1.csv"), "a,r5,ok,2024-05-05T01:00:00Z,2024-05-05T02:00:00Z\n");
        const ImportReport after = again(workspace);
        QCOMPARE(statusOf(after, "n1.csv"), SourceStatus::Imported);
        QCOMPARE(statusOf(after, "n2.csv"), SourceStatus::Imported);
        QCOMPARE(statusOf(after, "native.csv"), SourceStatus::Imported);
        QCOMPARE(statusOf(after, "other.csv"), SourceStatus::Rejected);
        QCOMPARE(statusOf(after, "other.jsonl"), SourceStatus::Rejected);
        QCOMPARE(workspace.info()->attempts, std::uint64_t(4));
        QCOMPARE(workspace.info()->failures, std::uint64_t(3));
        const auto native = workspace.connection().integer("SELECT count(*) FROM attempt WHERE attempt = 7");
        QCOMPARE(native.value_or(-1), std::int64_t(1));

        // The same under a name of its own, alone.
        write(m_folder->at("n6.csv"), head + "a,r6,ok," + times);
        const auto named = import(workspace, m_folder->at("n6.csv"));
        QVERIFY(named.has_value());
        QCOMPARE(named->attempts, std::uint64_t(1));
    }

    void importSources_grownRows_areReadOnFromWhereTheyEnded()
    {
        const QString file = m_folder->at("in/a.jsonl");
        const std::string next = row("r2", 1, "failed");
        write(file, row("r1", 1, "failed") + "{broken\n" + next.substr(0, 20));
        auto workspace = m_folder->create();
        QCOMPARE(again(workspace).rejectedRows, std::uint64_t(2));
        append(file, next.substr(20) + row("r3", 1, "succeeded"));
        const ImportReport grown = again(workspace);
        QCOMPARE(grown.sources.size(), size_t(1));
        QVERIFY(grown.sources.front().grown);
        QCOMPARE(grown.attempts, std::uint64_t(2));
        // The same as if it had been read once, whole.
        auto whole = m_folder->create("whole.mulligan");
        QVERIFY(import(whole, file).has_value());
        QCOMPARE(workspace.info()->sources, std::uint64_t(1));
        QCOMPARE(workspace.info()->attempts, std::uint64_t(3));
        QCOMPARE(workspace.sources()->front().attempts, std::uint64_t(3));
        QCOMPARE(workspace.sources()->front().rejectedRows, std::uint64_t(1));
        QCOMPARE(workspace.connection().integer("SELECT count(*) FROM reject").value_or(-1), std::int64_t(1));
        QCOMPARE(workspace.sources()->front().sha256, whole.sources()->front().sha256);
    }

    void importSources_eventLogThatWasWritten_isReplacedWhenItIsFinished()
    {
        ingest_test::SparkLog log;
        log.begin("app-7");
        write(m_folder->at("in/app-7.inprogress"), log.text());
        auto workspace = m_folder->create();
        QCOMPARE(again(workspace).attempts, std::uint64_t(1));
        QCOMPARE(outcome(workspace), std::int64_t(3));
        log.end(100.0);
        QFile::remove(m_folder->at("in/app-7.inprogress"));
        write(m_folder->at("in/app-7"), log.text());
        const ImportReport finished = again(workspace);
        QCOMPARE(finished.sources.size(), size_t(1));
        QVERIFY2(finished.sources.front().grown, finished.sources.front().reason.c_str());
        QCOMPARE(outcome(workspace), std::int64_t(0));
        QCOMPARE(workspace.info()->attempts, std::uint64_t(1));
        QCOMPARE(workspace.info()->sources, std::uint64_t(1));
        QCOMPARE(workspace.connection().integer("SELECT ended_ms - started_ms FROM attempt").value_or(-1),
                 std::int64_t(100'000));
    }

    void importSources_driversLogThatAnotherRunWasAppendedTo_givesThatRunToo()
    {
        const auto run = [](const std::string &day, const std::string &end) {
            const std::string at = "24/03/" + day + " 02:";
            return at + "00:01 INFO SparkContext: Running Spark version 3.5.1\n" + at
                   + "00:05 INFO StandaloneSchedulerBackend: Connected to Spark cluster with app ID app-202403" + day
                   + "020005-0001\n" + end + at + "10:02 INFO SparkContext: Successfully stopped SparkContext\n" + at
                   + "10:02 INFO ShutdownHookManager: Shutdown hook called\n";
        };
        const QString file = m_folder->at("in/d.log");
        write(file, run("01", "Exception in thread \"main\" java.lang.IllegalStateException: no orders\n"));
        auto workspace = m_folder->create();
        QCOMPARE(again(workspace).failures, std::uint64_t(1));
        append(file, run("02", ""));
        const ImportReport grown = again(workspace);
        QVERIFY(grown.sources.front().grown);
        QCOMPARE(workspace.info()->sources, std::uint64_t(1));
        QCOMPARE(workspace.info()->attempts, std::uint64_t(2));
        QCOMPARE(workspace.info()->failures, std::uint64_t(1));
        QCOMPARE(workspace.connection().integer("SELECT max(ended_ms - started_ms) FROM attempt").value_or(-1),
                 std::int64_t(601'000));
    }

    void importSources_filesInEveryOrder_giveTheSameHistory()
    {
        ingest_test::SparkLog log;
        log.begin("app-7").end(100.0);
        const std::vector<std::pair<QString, std::string>> files{
            {"in/2_second.jsonl", row("r1", 2, "succeeded")},
            {"in/1_first.jsonl", row("r1", 1, "failed", ",\"application_id\":\"app-7\"")},
            {"in/app-7", log.text()}};
        std::vector<size_t> order{0, 1, 2};
        QStringList contents;
        do {
            m_folder = std::make_unique<importing::Folder>();
            auto workspace = m_folder->create();
            for (const size_t at : order) {
                write(m_folder->at(files[at].first), files[at].second);
                (void)again(workspace);
            }
            contents << QString::fromStdString(
                workspace.connection()
                    .text("SELECT group_concat(j.name || a.run || a.attempt || a.outcome || ' ' || a.started_ms || ' ' "
                          "|| a.ended_ms || coalesce(a.application_id, '-') || coalesce(a.metrics, '-'), ';') FROM "
                          "(SELECT * FROM attempt ORDER BY run, attempt) a JOIN job j ON j.id = a.job_id")
                    .value_or("unreadable"));
        } while (std::next_permutation(order.begin(), order.end()));
        contents.removeDuplicates();
        QCOMPARE(contents.size(), 1);
        QVERIFY2(contents.front().count(';') == 1, qPrintable(contents.front()));
    }

    void importSources_logThatARowNames_isNoSourceOfItsOwn()
    {
        const std::string text = "26/01/02 03:04:05 ERROR Driver: java.lang.OutOfMemoryError: Java heap space\n";
        write(m_folder->at("in/a.jsonl"), row("r1", 1, "failed", ",\"log_path\":\"logs/driver.log\""));
        write(m_folder->at("in/logs/driver.log"), text);
        auto workspace = m_folder->create();
        const ImportReport report = again(workspace);
        QCOMPARE(workspace.info()->attempts, std::uint64_t(1));
        QVERIFY(std::any_of(report.sources.begin(), report.sources.end(),
                            [](const auto &source) { return source.status == SourceStatus::Skipped; }));
    }

    void importSources_logsOfNoKnownKindThatRowsName_areSaidToBeReadWithThem()
    {
        write(m_folder->at("in/a.jsonl"), row("r1", 1, "failed", ",\"log_path\":\"logs/plain.txt\""));
        write(m_folder->at("in/logs/plain.txt"), "it went wrong\n");
        write(m_folder->at("in/logs/other.txt"), "nobody names it\n");
        auto workspace = m_folder->create();
        const auto reasonOf = [&](const ImportReport &report, const std::string &name) {
            const auto found = std::find_if(report.sources.begin(), report.sources.end(),
                                            [&](const auto &source) { return source.path.ends_with(name); });
            return found == report.sources.end() ? std::string() : found->reason;
        };
        for (int i = 0; i < 2; ++i) { // the second time no row is read again
            const auto report = import(workspace, m_folder->at("in"));
            QVERIFY(report.has_value());
            QCOMPARE(reasonOf(*report, "plain.txt"),
                     std::string("it was read with the attempt that names it in log_path"));
            QVERIFY(reasonOf(*report, "other.txt").starts_with("it is neither"));
        }
    }

    void refresh_withoutAModel_saysWhyNothingIsRecommended()
    {
        write(m_folder->at("in/a.jsonl"), row("r1", 1, "failed"));
        auto workspace = m_folder->create();
        const auto report = refreshed(workspace, Resources{MULLIGAN_SOURCE_DIR "/resources"}, m_folder->path("in"));
        QCOMPARE(report.unclassified + report.classified, std::uint64_t(1));
        QVERIFY(report.withoutRecommendations.find("mulligan train") != std::string::npos);
        QVERIFY(report.freshness.refreshedAt.ms > 0);
    }

    void refresh_openFailures_areRecommendedForWhereSomethingChanged()
    {
        tests::ExportedWorld world;
        const auto prepared = world.prepare(true);
        QVERIFY2(prepared.has_value(), prepared ? "" : prepared.error().text().c_str());
        const std::string folder = world.path("world");
        const auto first = refreshed(*world.workspace, world.resources, folder);
        QVERIFY(first.open > 0);
        QCOMPARE(first.made, first.open);
        const auto second = refreshed(*world.workspace, world.resources, folder);
        QCOMPARE(second.made, std::uint64_t(0));
        QCOMPARE(second.kept, first.open);
        QVERIFY(second.import.attempts == 0);
        // A failure of one job that is new: its own recommendation, and those of the same job.
        const auto until = world.workspace->info()->to;
        const std::string from = base::formatInstant({until.ms - 60'000});
        write(world.folder.filePath("world/late.jsonl"),
              failure("late job", "run 1", from, base::formatInstant(until)));
        const auto third = refreshed(*world.workspace, world.resources, folder);
        QCOMPARE(third.import.attempts, std::uint64_t(1));
        QCOMPARE(third.made, std::uint64_t(1));
        QCOMPARE(third.kept, first.open);
        const auto all = store::recommendations(*world.workspace);
        QVERIFY(all.has_value());
        QCOMPARE(std::uint64_t(all->size()), first.open + 1);
        const auto late = std::find_if(all->begin(), all->end(), [](const auto &each) {
            return each.body.find("late job/run 1/1") != std::string::npos;
        });
        QVERIFY(late != all->end());
        QVERIFY2(late->body.find("\"action\"") != std::string::npos, late->body.c_str());
        // Its run goes on: nothing is left to decide.
        write(world.folder.filePath("world/later.jsonl"),
              "{\"job\":\"late job\",\"run\":\"run 1\",\"attempt\":2,\"outcome\":\"succeeded\",\"started_at\":\""
                  + base::formatInstant(until) + "\",\"ended_at\":\"" + base::formatInstant(until) + "\"}\n");
        const auto fourth = refreshed(*world.workspace, world.resources, folder);
        QCOMPARE(fourth.withdrawn, std::uint64_t(1));
        QCOMPARE(fourth.open, first.open);
        // Another policy is another basis for all of them.
        policy::Policy other = world.policy;
        other.retryLimit[0] += 1;
        QCOMPARE(refreshed(*world.workspace, world.resources, folder, other).made, first.open);
    }

private:
    /// Imports the folder "in" once more, what changed of it.
    ImportReport again(store::Workspace &workspace) const
    {
        base::Progress progress;
        const std::vector<std::string> paths{m_folder->path("in")};
        ImportOptions options;
        options.onlyChanged = true;
        options.importedAt = base::Instant{1'767'323'045'000};
        return only(importSources(workspace, paths, options, {}, progress));
    }
    static SourceStatus statusOf(const ImportReport &report, std::string_view name)
    {
        const auto found = std::find_if(report.sources.begin(), report.sources.end(),
                                        [&](const ImportedSource &source) { return source.path.ends_with(name); });
        if (found == report.sources.end())
            qFatal("nothing is said of the file");
        return found->status;
    }
    static std::int64_t outcome(store::Workspace &workspace)
    {
        return workspace.connection().integer("SELECT outcome FROM attempt").value_or(-1);
    }
    static RefreshReport refreshed(store::Workspace &workspace, const Resources &resources, const std::string &folder,
                                   std::optional<policy::Policy> policy = {})
    {
        base::Progress progress;
        RefreshOptions options;
        options.rules = loadClassifier(resources).value();
        options.policy = policy ? *policy : loadPolicy(resources).value();
        options.economics = loadEconomics(resources).value();
        options.import.economics = options.economics;
        const std::vector<std::string> paths{folder};
        auto report = refresh(workspace, paths, options, resources, {}, progress);
        if (!report)
            qFatal("%s", report.error().text().c_str());
        return std::move(report).value();
    }

    std::unique_ptr<importing::Folder> m_folder;
};

QTEST_GUILESS_MAIN(TestRefresh)
#include "tst_refresh.moc"
