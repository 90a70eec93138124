#include "store/cluster_store.hpp"

#include "store/source_writer.hpp"

#include <QTemporaryDir>
#include <QtTest>

using namespace mulligan;
using namespace mulligan::store;

namespace
{

model::Attempt failure(const std::string &run, const std::string &cause)
{
    model::Attempt out;
    out.job = "orders";
    out.owner = "ana";
    out.run = run;
    out.outcome = model::Outcome::Failed;
    out.startedAt = {1000 * static_cast<std::int64_t>(run.size())};
    out.endedAt = {out.startedAt.ms + 10};
    out.costUsd = 2.5;
    out.errorText = cause;
    out.rootCause = cause;
    return out;
}

std::vector<std::int64_t> newCauses(Workspace &workspace)
{
    std::vector<std::int64_t> ids;
    const auto done = forEachNewCause(workspace,
                                      [&](const CauseRow &row) -> base::Result<void> {
                                          ids.push_back(row.id);
                                          return {};
                                      },
                                      {});
    return done ? ids : std::vector<std::int64_t>{-1};
}

} // namespace

class TestClusterStore : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        auto made = Workspace::create(m_folder->filePath("w.mulligan").toStdString());
        QVERIFY(made.has_value());
        m_workspace.emplace(std::move(made).value());
        auto writer = SourceWriter::begin(*m_workspace, {"h.jsonl", "attempts", "sha", 1, {}});
        QVERIFY(writer.has_value());
        for (const auto &[run, cause] : {std::pair("1", "first"), {"22", "second"}, {"333", "first"}, {"4444", ""}})
            QVERIFY(writer->add(failure(run, cause), "E", 1).has_value());
        QVERIFY(writer->commit({}).has_value());
    }

    void commit_clusters_areReadBackAsTheyWere()
    {
        const ClusterRow row{1, "aaaaaaaaaaaa", "first <*>", "E", "a.B.c\nd.E.f", {1000}, {3000}, 2, 5.0};
        const ClusterRow other{2, "bbbbbbbbbbbb", "second", "", "", {}, {}, 0, 0.0};
        {
            auto writer = ClusterWriter::begin(*m_workspace);
            QVERIFY(writer.has_value());
            QVERIFY(writer->save(other).has_value());
            QVERIFY(writer->save(row).has_value());
            QVERIFY(writer->assign(1, 1).has_value());
            QVERIFY(writer->assign(2, 0).has_value());
            QVERIFY(writer->commit().has_value());
        }
        const auto clusters = loadClusters(*m_workspace);
        QVERIFY(clusters.has_value());
        QCOMPARE(clusters->size(), std::size_t{2});
        QVERIFY(clusters->at(0) == row);
        QVERIFY(clusters->at(1) == other);
        QCOMPARE(causeClusters(*m_workspace, {}).value(), (std::vector<std::int64_t>{0, 1, 0}));
        QVERIFY(newCauses(*m_workspace).empty());
        auto writer = ClusterWriter::begin(*m_workspace);
        ClusterRow wider = row;
        wider.text = "<*> <*>";
        QVERIFY(writer->save(wider).has_value());
        QVERIFY(writer->commit().has_value());
        QCOMPARE(loadClusters(*m_workspace)->at(0).text, std::string("<*> <*>"));
    }

    void writer_notCommitted_changesNothing()
    {
        {
            auto writer = ClusterWriter::begin(*m_workspace);
            QVERIFY(writer->save({1, "aaaaaaaaaaaa", "x", "", "", {}, {}, 0, 0.0}).has_value());
            QVERIFY(writer->assign(1, 1).has_value());
        }
        QVERIFY(loadClusters(*m_workspace)->empty());
        QCOMPARE(newCauses(*m_workspace), (std::vector<std::int64_t>{1, 2}));
    }

    void forEachFailureWeight_failures_areAllThere()
    {
        std::uint64_t failures = 0;
        std::uint64_t withoutCause = 0;
        double cost = 0.0;
        const auto done =
            forEachFailureWeight(*m_workspace,
                                 [&](const FailureWeight &weight) {
                                     ++failures;
                                     withoutCause += weight.cause == 0 ? 1 : 0;
                                     cost += weight.costUsd;
                                     QCOMPARE(jobName(*m_workspace, weight.job).value(), std::string("orders"));
                                     QCOMPARE(ownerName(*m_workspace, weight.owner).value(), std::string("ana"));
                                 },
                                 {});
        QVERIFY2(done.has_value(), done ? "" : done.error().text().c_str());
        QCOMPARE(failures, std::uint64_t{4});
        QCOMPARE(withoutCause, std::uint64_t{1});
        QCOMPARE(cost, 10.0);
    }

    void visitCauses_ids_comeInTheirOrderWithoutThoseThatAreGone()
    {
        std::vector<std::string> bodies;
        const auto visit = [&](const CauseRow &row) -> base::Result<void> {
            bodies.emplace_back(row.body);
            return {};
        };
        QVERIFY(visitCauses(*m_workspace, {2, 99, 1}, visit, {}).has_value());
        QCOMPARE(bodies, (std::vector<std::string>{"second", "first"}));
    }

    void forEachCause_stopped_isCancelled()
    {
        std::stop_source stop;
        stop.request_stop();
        const auto visit = [](const CauseRow &) -> base::Result<void> { return {}; };
        const auto all = forEachCause(*m_workspace, visit, stop.get_token());
        QVERIFY(!all.has_value());
        QCOMPARE(all.error().code, base::ErrorCode::Cancelled);
        QCOMPARE(visitCauses(*m_workspace, {1}, visit, stop.get_token()).error().code, base::ErrorCode::Cancelled);
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::optional<Workspace> m_workspace;
};

QTEST_APPLESS_MAIN(TestClusterStore)
#include "tst_cluster_store.moc"
