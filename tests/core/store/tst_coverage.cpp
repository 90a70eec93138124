#include "store/coverage.hpp"

#include "store/reject_rows.hpp"
#include "store/source_writer.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::store;

namespace
{

constexpr std::int64_t kFirstDay = 20'000; // 2024-10-04

model::Attempt attemptAt(const std::string &run, double hour, double hours, bool failed)
{
    model::Attempt out;
    out.job = "orders";
    out.run = run;
    out.outcome = failed ? model::Outcome::Failed : model::Outcome::Succeeded;
    out.startedAt.ms = kFirstDay * base::kMsPerDay + static_cast<std::int64_t>(hour * base::kMsPerHour);
    out.endedAt.ms = out.startedAt.ms + static_cast<std::int64_t>(hours * base::kMsPerHour);
    return out;
}

/// Imports attempts and rejects as one source.
void importAs(Workspace &workspace, const std::string &name, const std::vector<model::Attempt> &attempts,
              const std::vector<std::string> &rejects = {})
{
    auto writer = SourceWriter::begin(workspace, {name, "attempts", "sha-" + name, 10, {1}});
    QVERIFY2(writer.has_value(), writer ? "" : writer.error().text().c_str());
    for (const auto &attempt : attempts)
        QVERIFY(writer->add(attempt, {}, 0).has_value());
    for (const auto &text : rejects)
        QVERIFY(writer->reject(1, 0, "no attempt", text).has_value());
    QVERIFY(writer->commit({}).has_value());
}

} // namespace

class TestCoverage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void coverage_emptyWorkspace_isEmpty();
    void coverage_attemptsOfTwoSources_areCountedByDay();
    void coverage_pauseLongerThanUsualAndADay_isAGap();
    void coverage_attemptThatRunsThrough_leavesNoGap();
    void coverage_weeklyJob_itsPausesAreUsual();
    void coverage_oneClusterFallsSilent_isAGapOfThatCluster();
    void coverage_wholeFallsSilent_isNoGapOfAClusterAsWell();
    void coverage_stopped_isCancelled();
    void removeRejects_someIds_leaveTheOthers();
    void removeUnusableSource_sourceWithAttempts_isRefused();
    void failureOf_attemptThatSucceeded_isNone();

private:
    [[nodiscard]] Workspace make() const;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestCoverage::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

Workspace TestCoverage::make() const
{
    return Workspace::create(m_folder->filePath(QStringLiteral("w.mulligan")).toStdString()).value();
}

void TestCoverage::coverage_emptyWorkspace_isEmpty()
{
    auto workspace = make();
    const auto found = coverage(workspace, {});
    QVERIFY(found.has_value());
    QVERIFY(found->days.empty() && found->gaps.empty());
    QCOMPARE(found->to.ms, std::int64_t{0});
}

void TestCoverage::coverage_attemptsOfTwoSources_areCountedByDay()
{
    auto workspace = make();
    importAs(workspace, "a", {attemptAt("1", 1, 1, true), attemptAt("2", 3, 1, false), attemptAt("3", 25, 1, false)});
    importAs(workspace, "b", {attemptAt("4", 23.5, 1, true)});
    const auto found = coverage(workspace, {});
    QVERIFY(found.has_value());
    const std::vector<DayCount> expected{{1, kFirstDay, 2, 1, 0}, {1, kFirstDay + 1, 1, 0, 0}, {2, kFirstDay, 1, 1, 0}};
    QVERIFY(found->days == expected);
    QCOMPARE(found->attempts, std::uint64_t{4});
    QCOMPARE(found->to.ms, (kFirstDay + 1) * base::kMsPerDay + 2 * base::kMsPerHour);
}

void TestCoverage::coverage_pauseLongerThanUsualAndADay_isAGap()
{
    auto workspace = make();
    std::vector<model::Attempt> attempts;
    for (int i = 0; i < 50; ++i)
        attempts.push_back(attemptAt("r" + std::to_string(i), i * 2.0 + (i < 25 ? 0.0 : 48.0), 1, false));
    importAs(workspace, "a", attempts);
    const auto found = coverage(workspace, {});
    QVERIFY(found.has_value());
    QCOMPARE(found->usualPauseSeconds, 3600.0);
    QCOMPARE(found->gapSeconds, 86400.0);
    QCOMPARE(found->gaps.size(), std::size_t{1});
    QCOMPARE(found->gaps[0].from.ms, attempts[24].endedAt.ms);
    QCOMPARE(found->gaps[0].to.ms, attempts[25].startedAt.ms);
}

void TestCoverage::coverage_attemptThatRunsThrough_leavesNoGap()
{
    auto workspace = make();
    importAs(workspace, "a",
             {attemptAt("1", 0, 1, false), attemptAt("long", 0.5, 100, false), attemptAt("2", 90, 1, false)});
    const auto found = coverage(workspace, {});
    QVERIFY(found.has_value() && found->gaps.empty());
}

void TestCoverage::coverage_weeklyJob_itsPausesAreUsual()
{
    auto workspace = make();
    std::vector<model::Attempt> attempts;
    for (int week = 0; week < 30; ++week)
        attempts.push_back(attemptAt("r" + std::to_string(week), week * 168.0, 1, false));
    importAs(workspace, "a", attempts);
    const auto found = coverage(workspace, {});
    QVERIFY(found.has_value() && found->gaps.empty());
    QCOMPARE(found->gapSeconds, 3.0 * 167.0 * 3600.0);
}

void TestCoverage::coverage_oneClusterFallsSilent_isAGapOfThatCluster()
{
    auto workspace = make();
    std::vector<model::Attempt> attempts;
    for (int i = 0; i < 90; ++i) {
        for (const char *cluster : {"east", "west"}) {
            if (cluster == std::string("west") && i >= 30 && i < 60)
                continue;
            attempts.push_back(attemptAt(cluster + std::to_string(i), i * 24.0, 1, false));
            attempts.back().cluster = cluster;
        }
    }
    attempts.push_back(attemptAt("once", 0, 1, false)); // too few to have pauses of its own
    attempts.back().cluster = "run-1";
    attempts.push_back(attemptAt("again", 89 * 24.0, 1, false));
    attempts.back().cluster = "run-1";
    importAs(workspace, "a", attempts);
    const auto found = coverage(workspace, {});
    QVERIFY(found.has_value());
    QCOMPARE(found->clusters.size(), std::size_t{3});
    QCOMPARE(found->gaps.size(), std::size_t{1});
    QCOMPARE(found->clusters.at(found->gaps[0].cluster), std::string("west"));
    QCOMPARE(found->gaps[0].from.ms, kFirstDay * base::kMsPerDay + (29 * 24 + 1) * base::kMsPerHour);
    QCOMPARE(found->gaps[0].to.ms, (kFirstDay + 60) * base::kMsPerDay);
}

void TestCoverage::coverage_wholeFallsSilent_isNoGapOfAClusterAsWell()
{
    auto workspace = make();
    std::vector<model::Attempt> attempts;
    for (int i = 0; i < 60; ++i) {
        for (const char *cluster : {"east", "west"}) {
            attempts.push_back(attemptAt(cluster + std::to_string(i), i * 24.0 + (i < 30 ? 0.0 : 240.0), 1, false));
            attempts.back().cluster = cluster;
        }
    }
    importAs(workspace, "a", attempts);
    const auto found = coverage(workspace, {});
    QVERIFY(found.has_value());
    QCOMPARE(found->gaps.size(), std::size_t{1});
    QCOMPARE(found->gaps[0].cluster, std::int64_t{0});
}

void TestCoverage::coverage_stopped_isCancelled()
{
    auto workspace = make();
    std::vector<model::Attempt> attempts;
    for (int i = 0; i < 20'000; ++i)
        attempts.push_back(attemptAt("r" + std::to_string(i), i, 1, false));
    importAs(workspace, "a", attempts);
    std::stop_source stop;
    QThread *stopper = QThread::create([&] { stop.request_stop(); });
    stopper->start();
    // Stopped before, during or after: an answer or Cancelled, nothing else.
    const auto found = coverage(workspace, stop.get_token());
    QVERIFY(found.has_value() || found.error().code == base::ErrorCode::Cancelled);
    stopper->wait();
    delete stopper;
}

void TestCoverage::removeRejects_someIds_leaveTheOthers()
{
    auto workspace = make();
    importAs(workspace, "a", {attemptAt("1", 0, 1, true)}, {"one", "two", "three"});
    std::vector<std::int64_t> ids;
    QVERIFY(workspace.forEachReject([&](const RejectRow &row) {
        if (row.text != "two")
            ids.push_back(row.id);
        return true;
    }));
    ids.push_back(4711);
    QCOMPARE(removeRejects(workspace, ids).value_or(0), std::uint64_t{2});
    QCOMPARE(rejectCount(workspace).value_or(0), std::uint64_t{1});
    QCOMPARE(removeRejects(workspace, ids).value_or(9), std::uint64_t{0});
}

void TestCoverage::removeUnusableSource_sourceWithAttempts_isRefused()
{
    auto workspace = make();
    importAs(workspace, "good", {attemptAt("1", 0, 1, true)}, {"one"});
    importAs(workspace, "bad", {}, {"two"});
    const auto refused = removeUnusableSource(workspace, "sha-good");
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, base::ErrorCode::Conflict);
    QVERIFY(removeUnusableSource(workspace, "sha-bad").has_value());
    QCOMPARE(workspace.sources()->size(), std::size_t{1});
    QCOMPARE(rejectCount(workspace).value_or(0), std::uint64_t{1});
}

void TestCoverage::failureOf_attemptThatSucceeded_isNone()
{
    auto workspace = make();
    importAs(workspace, "a", {attemptAt("1", 0, 1, true), attemptAt("2", 3, 1, false)});
    QVERIFY(failureOf(workspace, "orders", "1", 1)->has_value());
    QVERIFY(!failureOf(workspace, "orders", "2", 1)->has_value());
    QVERIFY(!failureOf(workspace, "nobody", "1", 1)->has_value());
}

QTEST_GUILESS_MAIN(TestCoverage)
#include "tst_coverage.moc"
