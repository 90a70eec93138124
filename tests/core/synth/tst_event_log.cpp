#include "core/synth/folder_reading.hpp"
#include "synth/event_log.hpp"

#include <QTemporaryDir>
#include <QtTest>

#include <set>

using namespace mulligan;
using namespace mulligan::synth;

namespace
{

class Keeper : public ChainSink
{
public:
    base::Result<void> logged(const Logged &logged) override
    {
        attempts.push_back(logged);
        return {};
    }
    base::Result<void> potential(const Potential &) override { return {}; }
    std::vector<Logged> attempts;
};

std::vector<formats::Json> parsed(const std::vector<std::string> &lines)
{
    std::vector<formats::Json> events;
    for (const std::string &line : lines)
        events.push_back(formats::parseJson(line).value_or(formats::Json()));
    return events;
}

std::vector<formats::Json> named(const std::vector<formats::Json> &events, std::string_view name)
{
    std::vector<formats::Json> found;
    for (const formats::Json &event : events)
        if (event["Event"].string().ends_with(name))
            found.push_back(event);
    return found;
}

} // namespace

class TestEventLog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        const World world = makeWorld(11, 30);
        ChainCounts counts;
        for (std::uint64_t i = 0; i < 60; ++i)
            QVERIFY(liveJob(world, makeJob(world, i), {}, m_keeper, counts, {}).has_value());
    }

    void eventLines_ofEveryAttempt_areEventsInOrder()
    {
        for (std::size_t i = 0; i < m_keeper.attempts.size(); i += 7) {
            const auto events = parsed(eventLines(m_keeper.attempts[i]));
            for (const auto &event : events)
                QVERIFY(!event["Event"].string().empty());
            QCOMPARE(events.front()["Event"].string(), std::string("SparkListenerLogStart"));
            const auto start = named(events, "ApplicationStart");
            QCOMPARE(start.size(), std::size_t(1));
            QCOMPARE(start[0]["App ID"].string(), m_keeper.attempts[i].attempt.applicationId);
            QCOMPARE(start[0]["Timestamp"].integer(), m_keeper.attempts[i].attempt.startedAt.ms);
        }
    }

    void eventLines_sumsOverTasks_areTheMetrics()
    {
        int compared = 0;
        for (const Logged &logged : m_keeper.attempts) {
            const auto metrics = logged.attempt.metrics;
            if (metrics.empty() || compared > 300)
                continue;
            double input = 0.0;
            double run = 0.0;
            std::uint64_t tasks = 0;
            for (const auto &task : named(parsed(eventLines(logged)), "TaskEnd")) {
                input += task["Task Metrics"]["Input Metrics"]["Bytes Read"].number();
                run += task["Task Metrics"]["Executor Run Time"].number();
                tasks += task["Task End Reason"]["Reason"].string() == "Success" ? 1 : 0;
            }
            QCOMPARE(input, metrics.at("input_bytes"));
            QCOMPARE(run / 1000.0, metrics.at("run_seconds"));
            QCOMPARE(double(tasks), metrics.at("tasks") - metrics.at("failed_tasks"));
            ++compared;
        }
        QVERIFY(compared > 100);
    }

    void eventLines_ofAFailure_tellIt()
    {
        std::set<Place> seen;
        for (const Logged &logged : m_keeper.attempts) {
            if (logged.attempt.outcome != model::Outcome::Failed)
                continue;
            const auto events = parsed(eventLines(logged));
            QCOMPARE(named(events, "ApplicationEnd")[0]["ExitCode"].integer(), std::int64_t(1));
            seen.insert(logged.kind->place);
            const auto stages = named(events, "StageCompleted");
            if (logged.kind->place == Place::Driver) {
                QCOMPARE(named(events, "SQLExecutionEnd")[0]["errorMessage"].string(), logged.core);
                continue;
            }
            QCOMPARE(named(events, "JobEnd")[0]["Job Result"]["Result"].string(), std::string("JobFailed"));
            QVERIFY(!stages.back()["Stage Info"]["Failure Reason"].string().empty());
            const auto ends = named(events, "TaskEnd");
            const std::string reason = ends.back()["Task End Reason"]["Reason"].string();
            QCOMPARE(reason,
                     std::string(logged.kind->place == Place::Task ? "ExceptionFailure" : "ExecutorLostFailure"));
        }
        QCOMPARE(seen.size(), std::size_t(3));
    }

    void eventLines_ofASuccess_tellNoError()
    {
        int seen = 0;
        for (const Logged &logged : m_keeper.attempts) {
            if (logged.attempt.outcome != model::Outcome::Succeeded || ++seen > 100)
                continue;
            const auto events = parsed(eventLines(logged));
            QCOMPARE(named(events, "JobEnd")[0]["Job Result"]["Result"].string(), std::string("JobSucceeded"));
            QCOMPARE(named(events, "SQLExecutionEnd")[0]["errorMessage"].string(), std::string());
            QCOMPARE(named(events, "ApplicationEnd")[0]["Timestamp"].integer(), logged.attempt.endedAt.ms);
        }
    }

    void eventLines_ofAnAttemptCutOff_haveNoEnd()
    {
        Logged logged = m_keeper.attempts.front();
        logged.attempt.outcome = model::Outcome::Unknown;
        logged.kind = nullptr;
        QVERIFY(named(parsed(eventLines(logged)), "ApplicationEnd").empty());
    }

    void eventLines_ofAKilledAttempt_breakOffAtItsEndWithoutAWord()
    {
        int seen = 0;
        for (const Logged &logged : m_keeper.attempts) {
            if (logged.attempt.outcome != model::Outcome::Killed)
                continue;
            const auto events = parsed(eventLines(logged));
            QVERIFY(named(events, "ApplicationEnd").empty());
            QVERIFY(named(events, "SQLExecutionEnd").empty());
            QCOMPARE(events.back()["time"].integer(), logged.attempt.endedAt.ms);
            ++seen;
        }
        QVERIFY(seen > 0);
    }

    void eventLines_executors_heldAddUpToTheResources()
    {
        int lost = 0;
        for (const Logged &logged : m_keeper.attempts) {
            if (logged.attempt.outcome != model::Outcome::Failed || logged.kind->place != Place::Executor)
                continue;
            const auto events = parsed(eventLines(logged));
            const auto added = named(events, "ExecutorAdded");
            const auto removed = named(events, "ExecutorRemoved");
            QCOMPARE(double(added.size()), logged.attempt.metrics.at("executors"));
            QCOMPARE(double(removed.size()), logged.attempt.metrics.at("lost_executors"));
            QCOMPARE(double(removed.size()), logged.attempt.metrics.at("failed_tasks"));
            double coreMs = 0.0;
            for (const auto &event : added)
                coreMs += double(logged.attempt.endedAt.ms - event["Timestamp"].integer())
                          * event["Executor Info"]["Total Cores"].number();
            for (const auto &event : removed)
                coreMs -= double(logged.attempt.endedAt.ms - event["Timestamp"].integer()) * logged.resources.cores;
            const double length = double(logged.attempt.endedAt.ms - logged.attempt.startedAt.ms);
            QCOMPARE(coreMs, length * (logged.resources.vcores() - 1.0)); // without the driver's core
            ++lost;
        }
        QVERIFY(lost > 5);
    }

    void writeEventLog_makesEveryForm_data()
    {
        QTest::addColumn<bool>("compress");
        QTest::newRow("plain: single files and rolling folders") << false;
        QTest::newRow("compressed: zstd in both, and some plain ones") << true;
    }
    void writeEventLog_makesEveryForm()
    {
        QFETCH(bool, compress);
        QTemporaryDir scratch;
        const std::string path = scratch.filePath("out").toStdString();
        auto folder = OutputFolder::open(path);
        QVERIFY(folder.has_value());
        int zstd = 0;
        int plain = 0;
        int rolling = 0;
        for (std::size_t i = 0; i < 60; ++i) {
            const Logged &logged = m_keeper.attempts[i];
            QVERIFY(writeEventLog(*folder, logged, compress).has_value());
            const std::string id = logged.attempt.applicationId;
            const std::string single = path + "/event_logs/" + id;
            const std::string rolled = path + "/event_logs/eventlog_v2_" + id;
            std::string all;
            if (QFile::exists(QString::fromStdString(rolled))) {
                ++rolling;
                QVERIFY(QFile::exists(QString::fromStdString(rolled + "/appstatus_" + id)));
                for (int part = 1; part <= 3; ++part)
                    all += reading::content(rolled + "/events_" + std::to_string(part) + "_" + id
                                            + (compress ? ".zstd" : ""));
            } else if (QFile::exists(QString::fromStdString(single + ".zstd"))) {
                ++zstd;
                all = reading::content(single + ".zstd");
            } else {
                ++plain;
                all = reading::content(single);
            }
            std::string expected;
            for (const std::string &line : eventLines(logged))
                expected += line;
            QCOMPARE(all, expected);
        }
        QVERIFY(rolling > 5 && plain > 0);
        QCOMPARE(zstd > 10, compress);
    }

private:
    Keeper m_keeper;
};

QTEST_GUILESS_MAIN(TestEventLog)
#include "tst_event_log.moc"
