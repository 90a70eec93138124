#include "pipeline/mine_workspace.hpp"

#include "classify/rule_file.hpp"
#include "pipeline/classify_workspace.hpp"
#include "store/source_writer.hpp"
#include "text/root_cause.hpp"

#include <QTemporaryDir>
#include <QtTest>

#include <map>
#include <set>

using namespace mulligan;
using namespace mulligan::pipeline;

namespace
{

struct Row {
    std::string job;
    std::string text;
    double cost = 1.0;
    model::Outcome outcome = model::Outcome::Failed;
    std::string owner = "ana";
};

std::string closed(int stream, const char *frame = "a.B.read")
{
    return "java.io.IOException: Stream " + std::to_string(stream) + " is closed\n\tat " + frame
           + "(B.java:" + std::to_string(10 + stream) + ")\n\tat a.C.run(C.java:5)";
}

std::string refused(int port)
{
    return "java.net.ConnectException: Connection to worker-" + std::to_string(port % 9) + ":" + std::to_string(port)
           + " refused";
}

/// Failures of three kinds, one of them classified, and a success.
std::vector<Row> someRows()
{
    std::vector<Row> rows;
    for (int i = 0; i < 5; ++i)
        rows.push_back({"orders", closed(i), 1.0});
    for (int i = 0; i < 3; ++i)
        rows.push_back({i == 0 ? "stock" : "sales", refused(4000 + i), 10.0});
    for (int i = 0; i < 4; ++i)
        rows.push_back({"disk", "No space left on device /dev/sd" + std::to_string(i), 2.0});
    rows.push_back({"silent", "", 3.0});
    rows.push_back({"orders", "wrote 12 rows", 1.0, model::Outcome::Succeeded});
    return rows;
}

class Mine
{
public:
    Mine() : m_workspace(make(m_folder.filePath(QStringLiteral("w.mulligan")).toStdString())) {}

    store::Workspace &workspace() { return *m_workspace; }

    void import(const std::vector<Row> &rows)
    {
        auto writer = store::SourceWriter::begin(*m_workspace,
                                                 {"h.jsonl", "attempts", "sha" + std::to_string(m_imports++), 1, {}});
        QVERIFY(writer.has_value());
        for (const Row &row : rows) {
            model::Attempt attempt;
            attempt.job = row.job;
            attempt.owner = row.owner;
            attempt.run = std::to_string(m_runs++);
            attempt.outcome = row.outcome;
            attempt.startedAt = {1'767'225'600'000 + 60'000 * m_runs};
            attempt.endedAt = {attempt.startedAt.ms + 1000};
            attempt.costUsd = row.cost;
            attempt.errorText = row.text;
            const text::RootCause cause = text::findRootCause(row.text);
            attempt.rootCause = cause.text;
            QVERIFY(writer->add(attempt, cause.exceptionClass, cause.templateHash).has_value());
        }
        QVERIFY(writer->commit({}).has_value());
        classifyAll();
    }

    void classifyAll(std::vector<classify::Rule> more = {})
    {
        classify::Rule rule;
        rule.id = "storage.disk_full";
        rule.errorClass = "storage.disk_full";
        rule.any = {"No space left on device /dev/sd[0-2]"};
        classify::RulePack pack;
        pack.rules = std::move(more);
        pack.rules.push_back(rule);
        const auto rules = classify::Classifier::make(std::move(pack));
        QVERIFY(rules.has_value());
        base::Progress progress;
        QVERIFY(classifyWorkspace(*m_workspace, **rules, {}, progress).has_value());
    }

    MiningReport mine(const MineOptions &options = {})
    {
        base::Progress progress;
        auto report = mineWorkspace(*m_workspace, options, {}, progress);
        if (!report) {
            qWarning("%s", report.error().text().c_str());
            return {};
        }
        return std::move(report).value();
    }

    base::Result<RuleDraft> draft(const std::string &cluster)
    {
        base::Progress progress;
        return draftRule(*m_workspace, cluster, "2026-01-02", {}, progress);
    }

private:
    static std::optional<store::Workspace> make(const std::string &path)
    {
        auto made = store::Workspace::create(path);
        return made ? std::optional<store::Workspace>(std::move(made).value()) : std::nullopt;
    }

    QTemporaryDir m_folder;
    std::optional<store::Workspace> m_workspace;
    int m_imports = 0;
    int m_runs = 0;
};

/// Template → id.
std::map<std::string, std::string> ids(const MiningReport &report)
{
    std::map<std::string, std::string> out;
    for (const MinedCluster &each : report.clusters)
        out[each.cluster.text + "|" + each.cluster.frames] = each.cluster.id;
    return out;
}

const MinedCluster *clusterWith(const MiningReport &report, const std::string &word)
{
    for (const MinedCluster &each : report.clusters)
        if (each.cluster.text.find(word) != std::string::npos)
            return &each;
    return nullptr;
}

} // namespace

class TestMineWorkspace : public QObject
{
    Q_OBJECT

private slots:
    void mineWorkspace_unclassified_areListedByCount()
    {
        Mine mine;
        mine.import(someRows());
        const MiningReport report = mine.mine();
        QCOMPARE(report.allFailures, std::uint64_t{13});
        QCOMPARE(report.failures, std::uint64_t{10}); // three of disk are classified
        QCOMPARE(report.withoutText, std::uint64_t{1});
        QCOMPARE(report.clusterCount, std::uint64_t{3});
        const MinedCluster &first = report.clusters.at(0);
        QCOMPARE(first.cluster.text, std::string("java.io.IOException: Stream <num> is closed"));
        QCOMPARE(first.cluster.exceptionClass, std::string("java.io.IOException"));
        QCOMPARE(first.cluster.frames, std::string("a.B.read\na.C.run"));
        QCOMPARE(first.failures, std::uint64_t{5});
        QCOMPARE(first.share, 0.5);
        QCOMPARE(first.costUsd, 5.0);
        QCOMPARE(first.jobs, (std::vector<NamedCount>{{"orders", 5}}));
        QCOMPARE(first.owners, (std::vector<NamedCount>{{"ana", 5}}));
        QCOMPARE(first.examples.size(), std::size_t{3});
        QCOMPARE(first.failureIds.size(), std::size_t{3});
        QCOMPARE(base::secondsBetween(first.firstSeen, first.lastSeen), 240.0);
        QCOMPARE(first.pattern, std::string(R"(^java\.io\.IOException: Stream \d+ is closed)"));
        QVERIFY(first.checks.clean());
        QCOMPARE(first.checks.members, std::uint64_t{5});
        const MinedCluster &second = report.clusters.at(1);
        QCOMPARE(second.jobs, (std::vector<NamedCount>{{"sales", 2}, {"stock", 1}}));
        const MinedCluster &disk = report.clusters.at(2);
        QCOMPARE(disk.failures, std::uint64_t{1});
        QCOMPARE(disk.classified, std::uint64_t{3});
        QCOMPARE(disk.rule, std::string("storage.disk_full"));
    }

    void mineWorkspace_options_chooseAndOrder()
    {
        Mine mine;
        mine.import(someRows());
        MineOptions options;
        options.order = MineOrder::Cost;
        MiningReport report = mine.mine(options);
        QCOMPARE(report.clusters.at(0).costUsd, 30.0);
        options.all = true;
        report = mine.mine(options);
        QCOMPARE(report.failures, std::uint64_t{13});
        QCOMPARE(report.clusters.at(1).costUsd, 8.0);
        options.limit = 1;
        options.checks = false;
        report = mine.mine(options);
        QCOMPARE(report.clusters.size(), std::size_t{1});
        QCOMPARE(report.clusterCount, std::uint64_t{3});
        QVERIFY(!report.clusters[0].pattern.empty());
        QCOMPARE(report.clusters[0].checks.members, std::uint64_t{0});
    }

    void mineWorkspace_again_changesNothing()
    {
        Mine mine;
        mine.import(someRows());
        const MiningReport first = mine.mine();
        QCOMPARE(first.newClusters, std::uint64_t{3});
        const MiningReport second = mine.mine();
        QCOMPARE(second.newCauses, std::uint64_t{0});
        QCOMPARE(second.newClusters, std::uint64_t{0});
        QCOMPARE(ids(second), ids(first));
    }

    void mineWorkspace_moreImports_keepTheIds()
    {
        Mine mine;
        mine.import(someRows());
        const auto before = ids(mine.mine());
        std::vector<Row> more;
        for (int i = 20; i < 30; ++i)
            more.push_back({"orders", closed(i), 1.0});
        more.push_back({"orders", closed(3, "a.B.write"), 1.0});
        more.push_back({"orders", "a wholly different thing", 1.0});
        mine.import(more);
        const MiningReport report = mine.mine();
        QCOMPARE(report.newClusters, std::uint64_t{2});
        const auto after = ids(report);
        for (const auto &[text, id] : before)
            QCOMPARE(after.at(text), id);
        QCOMPARE(report.clusters.at(0).failures, std::uint64_t{15});
    }

    void mineWorkspace_importsInAnotherOrder_giveTheSameIds()
    {
        const std::vector<Row> rows = someRows();
        const std::vector<Row> early(rows.begin(), rows.begin() + 6);
        const std::vector<Row> late(rows.begin() + 6, rows.end());
        Mine one;
        one.import(early);
        one.mine();
        one.import(late);
        Mine other;
        other.import(late);
        other.mine();
        other.import(early);
        QCOMPARE(ids(one.mine()), ids(other.mine()));
    }

    void mineWorkspace_notClassifiedYet_saysSo()
    {
        Mine mine;
        mine.import(someRows());
        QVERIFY(mine.workspace().connection().run("UPDATE attempt SET verdict_id = NULL").has_value());
        base::Progress progress;
        const auto report = mineWorkspace(mine.workspace(), {}, {}, progress);
        QVERIFY(!report.has_value());
        QCOMPARE(report.error().code, base::ErrorCode::InsufficientData);
        MineOptions all;
        all.all = true;
        QCOMPARE(mine.mine(all).failures, std::uint64_t{13});
    }

    void mineWorkspace_nothingThere_isAnEmptyList()
    {
        Mine mine;
        const MiningReport report = mine.mine();
        QVERIFY(report.clusters.empty());
        QCOMPARE(report.failures, std::uint64_t{0});
    }

    void mineWorkspace_stopped_isCancelledAndKeepsNothing()
    {
        Mine mine;
        mine.import(someRows());
        std::stop_source stop;
        stop.request_stop();
        base::Progress progress;
        const auto report = mineWorkspace(mine.workspace(), {}, stop.get_token(), progress);
        QVERIFY(!report.has_value());
        QCOMPARE(report.error().code, base::ErrorCode::Cancelled);
        QCOMPARE(mine.workspace().connection().integer("SELECT count(*) FROM cause_cluster").value_or(-1),
                 std::int64_t{0});
    }

    void mineWorkspace_noRoomForAll_countsTheRest()
    {
        Mine mine;
        mine.import(someRows());
        MineOptions options;
        options.mining.maxClusters = 1;
        const MiningReport report = mine.mine(options);
        QCOMPARE(report.clusterCount, std::uint64_t{1});
        QCOMPARE(report.withoutCluster + report.clusters.at(0).failures + report.withoutText, report.failures);
    }

    void neighbours_similarTexts_sayWhichRule()
    {
        Mine mine;
        std::vector<Row> rows = someRows();
        rows.push_back({"disk", "No space left on the volume", 1.0});
        mine.import(rows);
        const MiningReport report = mine.mine();
        const MinedCluster *single = clusterWith(report, "volume");
        QVERIFY(single != nullptr);
        QVERIFY(!single->neighbours.empty());
        QCOMPARE(single->neighbours[0].rule, std::string("storage.disk_full"));
        QCOMPARE(single->neighbours[0].errorClass, std::string("storage.disk_full"));
        const auto draft = mine.draft(single->cluster.id);
        QVERIFY2(draft.has_value(), draft ? "" : draft.error().text().c_str());
        QCOMPARE(draft->proposal.errorClass, std::string("storage.disk_full"));
        QVERIFY(draft->proposal.similarity < 1.0);
        QCOMPARE(draft->rule.errorClass, std::string("unclassified"));
        QVERIFY(!draft->rule.negative.empty());
    }

    void draftRule_cluster_matchesItsMembersAlone()
    {
        Mine mine;
        mine.import(someRows());
        const MiningReport report = mine.mine();
        const auto draft = mine.draft(report.clusters.at(0).cluster.id.substr(0, 8));
        QVERIFY2(draft.has_value(), draft ? "" : draft.error().text().c_str());
        QCOMPARE(int(draft->form), int(classify::DraftForm::Plain));
        QVERIFY(draft->checks.clean());
        QCOMPARE(draft->preview.failures, std::uint64_t{5});
        QCOMPARE(draft->preview.unclassifiedFailures, std::uint64_t{5});
        QCOMPARE(draft->preview.unclassifiedCostUsd, 5.0);
        QCOMPARE(draft->preview.jobs, std::uint64_t{1});
        QVERIFY(draft->preview.fromRules.empty());
        QCOMPARE(draft->rule.positive.size(), std::size_t{3});
        const auto pack = classify::packFromText(draft->yaml, "draft.yaml");
        QVERIFY2(pack.has_value(), pack ? "" : pack.error().text().c_str());
        QCOMPARE(pack->rules.size(), std::size_t{1});
        QCOMPARE(int(pack->rules[0].status), int(classify::RuleStatus::Draft));
    }

    void draftRule_sameLineElsewhere_isMadeNarrower_data()
    {
        QTest::addColumn<QString>("other");
        QTest::addColumn<bool>("success");
        QTest::addColumn<int>("form");
        QTest::newRow("other frames") << QString::fromStdString(closed(99, "a.B.write")) << false
                                      << int(classify::DraftForm::WithFrame);
        QTest::newRow("a longer line") << QStringLiteral("java.io.IOException: Stream 7 is closed by its reader")
                                       << false << int(classify::DraftForm::WholeLine);
        QTest::newRow("a success") << QStringLiteral("java.io.IOException: Stream 7 is closed, retried") << true
                                   << int(classify::DraftForm::WholeLine);
    }
    void draftRule_sameLineElsewhere_isMadeNarrower()
    {
        QFETCH(QString, other);
        QFETCH(bool, success);
        QFETCH(int, form);
        Mine mine;
        std::vector<Row> rows = someRows();
        rows.push_back(
            {"orders", other.toStdString(), 1.0, success ? model::Outcome::Succeeded : model::Outcome::Failed});
        mine.import(rows);
        const auto draft = mine.draft(mine.mine().clusters.at(0).cluster.id);
        QVERIFY2(draft.has_value(), draft ? "" : draft.error().text().c_str());
        QCOMPARE(int(draft->form), form);
        QVERIFY(draft->checks.clean());
        QCOMPARE(draft->preview.failures, std::uint64_t{5});
    }

    void draftRule_cannotBeToldApart_saysWhatItHits()
    {
        Mine mine;
        std::vector<Row> rows;
        for (int i = 0; i < 4; ++i)
            rows.push_back({"orders", "queue " + std::string(1, static_cast<char>('a' + i)) + "_1x is full", 1.0});
        rows.push_back({"orders", "queue is full", 1.0, model::Outcome::Succeeded});
        rows.push_back({"orders", "queue z_9x is full", 1.0, model::Outcome::Succeeded});
        mine.import(rows);
        const MiningReport report = mine.mine();
        const auto draft = mine.draft(report.clusters.at(0).cluster.id);
        QVERIFY2(draft.has_value(), draft ? "" : draft.error().text().c_str());
        QVERIFY(draft->checks.membersMatched == draft->checks.members);
        // Listing the four queues tells them from the success.
        QCOMPARE(int(draft->form), int(classify::DraftForm::Alternatives));
        QVERIFY(draft->checks.clean());
        rows.clear();
        rows.push_back({"orders", "queue a_1x is full", 1.0, model::Outcome::Succeeded});
        mine.import(rows);
        const auto again = mine.draft(report.clusters.at(0).cluster.id);
        QVERIFY(again.has_value());
        QVERIFY(!again->checks.clean());
        QVERIFY(again->checks.successes >= 1);
    }

    void mineWorkspace_harmlessLogLines_areNoCauseAndYieldNothing()
    {
        Mine mine;
        std::vector<Row> rows = someRows();
        for (int i = 10; i < 18; ++i)
            rows.push_back({"nightly", "26/03/09 01:54:" + std::to_string(i)
                                           + " INFO Main: Stage 3 done\n26/03/09 01:55:" + std::to_string(i)
                                           + " INFO ShutdownHookManager: Shutdown hook called"});
        // The words of one that has a rule, which would make them neighbours.
        rows.push_back({"nightly", "26/03/09 01:54:58 INFO Disks: No space left on device /dev/sd1"});
        rows.push_back({"nightly", "26/03/09 01:54:58 INFO Disks: space on device /dev/sd1"});
        mine.import(rows);
        for (const bool checks : {true, false}) {
            MineOptions options;
            options.checks = checks;
            const MiningReport report = mine.mine(options);
            const MinedCluster &first = report.clusters.at(0);
            QCOMPARE(first.cluster.text, std::string("<time> INFO ShutdownHookManager: Shutdown hook called"));
            QCOMPARE(first.failures, std::uint64_t{8});
            QVERIFY(first.withoutCause && first.pattern.empty() && first.neighbours.empty() && !first.checks.clean());
            const MinedCluster *device = clusterWith(report, "Disks: space");
            QVERIFY(device != nullptr && device->withoutCause && device->neighbours.empty());
            QCOMPARE(report.withoutCause, std::uint64_t{9});
            const MinedCluster *closedStreams = clusterWith(report, "is closed");
            QVERIFY(closedStreams != nullptr && !closedStreams->withoutCause);
            QVERIFY(closedStreams->checks.clean() == checks);
        }
        const auto draft = mine.draft(mine.mine().clusters.at(0).cluster.id);
        QVERIFY(!draft.has_value());
        QCOMPARE(draft.error().code, base::ErrorCode::InsufficientData);
        QVERIFY2(draft.error().message.find("no cause in its text") != std::string::npos, draft.error().text().c_str());
    }

    void mineWorkspace_wildcardThatHidesAFailure_isACause()
    {
        Mine mine;
        std::vector<Row> rows;
        for (const char *state : {"x1y", "x2y", "x3y", "x4y", "failed_5z"})
            rows.push_back({"nightly", "INFO Main: job orders ended with state " + std::string(state) + " today"});
        mine.import(rows);
        const MiningReport report = mine.mine();
        QCOMPARE(report.clusters.size(), std::size_t{1});
        QVERIFY2(report.clusters[0].cluster.text.find("<*>") != std::string::npos,
                 report.clusters[0].cluster.text.c_str());
        QVERIFY(!report.clusters[0].withoutCause);
    }

    void mineWorkspace_severalRules_areNamedWithTheirOwnCounts()
    {
        Mine mine;
        std::vector<Row> rows;
        for (int i = 0; i < 6; ++i)
            rows.push_back({"orders", (i < 3   ? "No space left on device /dev/sd0\n"
                                       : i < 5 ? "quota of orders is gone\n"
                                               : "")
                                          + closed(i)});
        classify::Rule quota;
        quota.id = "storage.quota";
        quota.errorClass = "quota.capacity";
        quota.any = {"quota of orders is gone"};
        mine.import(rows);
        mine.classifyAll({quota});
        const MiningReport report = mine.mine();
        const MinedCluster &cluster = report.clusters.at(0);
        QCOMPARE(cluster.failures, std::uint64_t{1});
        QCOMPARE(cluster.classified, std::uint64_t{5});
        QCOMPARE(cluster.rules, (std::vector<NamedCount>{{"storage.disk_full", 3}, {"storage.quota", 2}}));
        // Both found their words elsewhere in the texts, so neither's class is this line's.
        const auto draft = mine.draft(cluster.cluster.id);
        QVERIFY2(draft.has_value(), draft ? "" : draft.error().text().c_str());
        QCOMPARE(draft->proposal.errorClass, std::string());
    }

    void draftRule_unusableRequest_saysWhy_data()
    {
        QTest::addColumn<QString>("cluster");
        QTest::addColumn<int>("code");
        QTest::newRow("no such cluster") << "zzz" << int(base::ErrorCode::NotFound);
        QTest::newRow("no id at all") << "" << int(base::ErrorCode::NotFound);
        QTest::newRow("nothing in common") << "number" << int(base::ErrorCode::InsufficientData);
    }
    void draftRule_unusableRequest_saysWhy()
    {
        QFETCH(QString, cluster);
        QFETCH(int, code);
        Mine mine;
        mine.import({{"a", "17"}, {"a", "18"}});
        const MiningReport report = mine.mine();
        const auto draft =
            mine.draft(cluster == QStringLiteral("number") ? report.clusters.at(0).cluster.id : cluster.toStdString());
        QVERIFY(!draft.has_value());
        QCOMPARE(int(draft.error().code), code);
        QVERIFY(!draft.error().hint.empty());
    }
};

QTEST_APPLESS_MAIN(TestMineWorkspace)
#include "tst_mine_workspace.moc"
