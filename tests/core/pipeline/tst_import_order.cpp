#include "pipeline/import_sources.hpp"

#include "import_folder.hpp"

#include <algorithm>
#include <array>

using namespace mulligan;
using namespace mulligan::importing;
using namespace mulligan::pipeline;

namespace
{

// Synthetic: four sources of one attempt that contradict each other. The second scheduler's row names no application.
constexpr const char *kScheduler =
    R"({"job":"nightly","run":"2018-10-02","attempt":1,"outcome":"failed","started_at":"2018-10-02T00:42:30Z",)"
    R"("ended_at":"2018-10-02T00:44:10Z","application_id":"application_1538416563558_0014",)"
    R"("config":{"spark.executor.memory":"99g"},"error_text":"exit 1","exit_code":1,"cost_usd":2})"
    "\n";
constexpr const char *kOtherScheduler =
    "job,run,attempt,outcome,started_at,ended_at,error_text,owner,cost_usd\n"
    "nightly,2018-10-02,1,killed,2018-10-02T00:42:30Z,2018-10-02T00:44:10Z,other,bob,3\n";
constexpr const char *kDriver =
    "18/10/02 00:42:39 INFO ApplicationMaster: ApplicationAttemptId: appattempt_1538416563558_0014_000001\n"
    "18/10/02 00:42:40 INFO SparkContext: Submitted application: Clusters\n"
    "18/10/02 00:44:01 ERROR ApplicationMaster: User class threw exception: \n"
    "java.lang.IllegalStateException: from the driver\n"
    "\tat a.B.c(B.java:1)\n"
    "18/10/02 00:44:01 INFO ApplicationMaster: Final app status: FAILED, exitCode: 15, (reason: User class threw "
    "exception: java.lang.IllegalStateException: from the driver)\n"
    "18/10/02 00:44:02 INFO ShutdownHookManager: Shutdown hook called\n";
constexpr const char *kEventLog =
    R"({"Event":"SparkListenerLogStart","Spark Version":"3.5.1"})"
    "\n"
    R"({"Event":"SparkListenerApplicationStart","App Name":"Clusters","App ID":"application_1538416563558_0014",)"
    R"("Timestamp":1538440960000,"User":"spark","App Attempt ID":"1"})"
    "\n"
    R"({"Event":"SparkListenerEnvironmentUpdate","Spark Properties":{"spark.executor.memory":"2g"}})"
    "\n"
    R"({"Event":"SparkListenerJobStart","Job ID":0,"Submission Time":1538440970000,"Stage Infos":[],"Stage IDs":[]})"
    "\n"
    R"({"Event":"SparkListenerJobEnd","Job ID":0,"Completion Time":1538441000000,"Job Result":{"Result":"JobSucceeded"}})"
    "\n"
    R"({"Event":"SparkListenerApplicationEnd","Timestamp":1538441040000})"
    "\n";

/// Every column of every attempt, each fact's source and the list of conflicts, without row ids.
std::string believed(store::Workspace &workspace)
{
    const auto text = [&](const std::string &sql) {
        const auto read =
            workspace.connection().text("SELECT coalesce(group_concat(x, char(10)), '') FROM (" + sql + ")");
        if (!read)
            qFatal("%s", read.error().text().c_str());
        return *read + '\n';
    };
    std::string out = text(
        "SELECT printf('%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s', "
        "j.name, a.run, a.attempt, a.outcome, a.started_ms, a.ended_ms, w.name, o.name, t.name, "
        "k.name, q.name, a.application_id, a.application_attempt, a.trigger_kind, a.exit_code, hex(e.hash), c.body, "
        "f.body, a.metrics, a.vcore_seconds, a.memory_gb_seconds, a.cost_usd, a.cost_source, a.manual_minutes, "
        "a.action, a.action_probability, a.policy_version, a.identity_rank, s.path) AS x FROM attempt a JOIN job j ON "
        "j.id = a.job_id JOIN source s ON s.id = a.source_id LEFT JOIN name w ON w.id = a.workflow_id LEFT JOIN name o "
        "ON o.id = a.owner_id LEFT JOIN name t ON t.id = a.team_id LEFT JOIN name k ON k.id = a.cluster_id LEFT JOIN "
        "name q ON q.id = a.queue_id LEFT JOIN error_text e ON e.id = a.text_id LEFT JOIN cause c ON c.id = a.cause_id "
        "LEFT JOIN config f ON f.id = a.config_id ORDER BY j.name, a.run, a.attempt");
    out += text("SELECT f.field || ' ' || s.path AS x FROM attempt_fact f JOIN source s ON s.id = f.source_id ORDER BY "
                "f.attempt_id, f.field");
    out += text("SELECT c.field || ' ' || c.kept || ' ' || k.path || ' ' || c.other || ' ' || o.path AS x FROM "
                "conflict c JOIN source k ON k.id = c.kept_source JOIN source o ON o.id = c.other_source ORDER BY "
                "c.field, o.path");
    return out;
}

} // namespace

/// What is believed of an attempt does not depend on the order in which its sources come.
class TestImportOrder : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<importing::Folder>();
        write(m_folder->at("sched.jsonl"), kScheduler);
        write(m_folder->at("sched2.csv"), kOtherScheduler);
        write(m_folder->at("drv.log"), kDriver);
        write(m_folder->at("application_1538416563558_0014"), kEventLog);
    }

    void importSources_fourSourcesInEveryOrder_giveTheSameAttempt()
    {
        std::array<std::string, 4> files{"sched.jsonl", "sched2.csv", "drv.log", "application_1538416563558_0014"};
        std::sort(files.begin(), files.end());
        std::string first;
        int number = 0;
        do {
            auto together = m_folder->create(QString::number(++number));
            QCOMPARE(importAll(together, files), std::uint64_t(5));
            if (first.empty())
                first = believed(together);
            QCOMPARE(QString::fromStdString(believed(together)), QString::fromStdString(first));
            auto oneByOne = m_folder->create(QString::number(++number));
            for (const std::string &file : files)
                (void)importAll(oneByOne, std::array{file});
            QCOMPARE(QString::fromStdString(believed(oneByOne)), QString::fromStdString(first));
        } while (std::next_permutation(files.begin(), files.end()));
        QCOMPARE(number, 48);
        auto one = store::Workspace::open(m_folder->path("1"), store::OpenMode::ReadOnly);
        QVERIFY(one.has_value());
        QCOMPARE(one->connection()
                     .text("SELECT count(*) || ' ' || max(outcome) || ' ' || max(cost_usd) FROM attempt")
                     .value_or(""),
                 std::string("1 1 2.0"));
    }

    void importSources_severalLosers_areEachHeldAgainstTheWinner()
    {
        auto workspace = m_folder->create();
        const std::uint64_t announced = importAll(
            workspace, std::array<std::string, 3>{"application_1538416563558_0014", "drv.log", "sched.jsonl"});
        QStringList rows;
        QVERIFY(workspace
                    .forEachConflict([&](const store::ConflictRow &row) {
                        rows << QString::fromStdString(row.field + ' ' + row.kept + ' ' + row.other + ' '
                                                       + row.keptSource.substr(row.keptSource.rfind('/') + 1));
                        return true;
                    })
                    .has_value());
        QCOMPARE(rows, QStringList({"config.spark.executor.memory 2g 99g application_1538416563558_0014",
                                    "exit_code 1 15 sched.jsonl", "outcome failed succeeded sched.jsonl"}));
        QCOMPARE(announced, std::uint64_t(rows.size()));
        const auto sources = workspace.sources();
        QVERIFY(sources.has_value());
        for (const auto &source : *sources)
            QCOMPARE(source.conflicts, source.format == "attempts" ? 3u : source.format == "spark-eventlog" ? 2u : 1u);
    }

    void importSources_betterSourceSettlesADispute_theListShrinks()
    {
        auto workspace = m_folder->create();
        QVERIFY(importAll(workspace, std::array<std::string, 1>{"application_1538416563558_0014"}) == 0);
        QCOMPARE(importAll(workspace, std::array<std::string, 1>{"drv.log"}), std::uint64_t(1));
        write(m_folder->at("a.jsonl"),
              R"({"job":"nightly","run":"1","attempt":1,"outcome":"failed","started_at":"2018-10-02T00:42:30Z",)"
              R"("ended_at":"2018-10-02T00:44:10Z","application_id":"application_1538416563558_0014"})"
              "\n");
        QCOMPARE(importAll(workspace, std::array<std::string, 1>{"a.jsonl"}), std::uint64_t(1));
        QCOMPARE(workspace.connection().text("SELECT kept || ' ' || other FROM conflict").value_or(""),
                 std::string("failed succeeded"));
    }

    void importSources_logsOfAnApplicationThatWasAttemptedAgain_leaveTheEarlierUnknown_data()
    {
        QTest::addColumn<QStringList>("order");
        QTest::newRow("the earlier log first") << QStringList{"one", "two"};
        QTest::newRow("the later log first") << QStringList{"two", "one"};
    }
    void importSources_logsOfAnApplicationThatWasAttemptedAgain_leaveTheEarlierUnknown()
    {
        QFETCH(const QStringList, order);
        const std::string log(kEventLog);
        const std::string mark = "\"App Attempt ID\":\"1\"";
        std::string later = log;
        later.replace(later.find(mark), mark.size(), "\"App Attempt ID\":\"2\"");
        write(m_folder->at("one"), log);
        write(m_folder->at("two"), later);
        auto workspace = m_folder->create();
        for (const QString &file : order)
            (void)importAll(workspace, std::array{file.toStdString()});
        QCOMPARE(workspace.connection()
                     .text("SELECT group_concat(attempt || '=' || outcome, ' ') FROM (SELECT * FROM attempt ORDER BY "
                           "attempt)")
                     .value_or(""),
                 std::string("1=3 2=0"));
        QCOMPARE(workspace.sources()->back().warnings,
                 std::vector<std::string>{"1 attempt's log ends without a fault though the application was attempted "
                                          "again: outcome unknown"});
    }

private:
    template <std::size_t Count>
    std::uint64_t importAll(store::Workspace &workspace, const std::array<std::string, Count> &files)
    {
        std::vector<std::string> paths;
        for (const std::string &file : files)
            paths.push_back(m_folder->path(QString::fromStdString(file)));
        base::Progress progress;
        ImportOptions options;
        options.importedAt = base::Instant{1'767'323'045'000};
        const auto report = importSources(workspace, paths, options, {}, progress);
        if (!report)
            qFatal("%s", report.error().text().c_str());
        return report->conflicts;
    }

    std::unique_ptr<importing::Folder> m_folder;
};

QTEST_GUILESS_MAIN(TestImportOrder)
#include "tst_import_order.moc"
