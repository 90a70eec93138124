#include "store/attempt_records.hpp"
#include "store/source_writer.hpp"

#include <QtTest>

#include <algorithm>
#include <memory>
#include <numeric>

using namespace mulligan;
using namespace mulligan::store;

namespace
{

struct Source {
    std::string format;
    std::vector<model::Attempt> attempts;
};

model::Attempt base(std::int64_t fromMs, std::int64_t toMs)
{
    model::Attempt out;
    out.startedAt = {fromMs};
    out.endedAt = {toMs};
    return out;
}

/// What a scheduler tells of one attempt, started as an application.
model::Attempt scheduled(const std::string &run, int number, const std::string &application)
{
    model::Attempt out = base(1000, 9000);
    out.job = "orders";
    out.run = run;
    out.attempt = number;
    out.applicationId = application;
    out.outcome = model::Outcome::Failed;
    out.trigger = model::Trigger::Scheduled;
    out.owner = "ann";
    out.exitCode = 1;
    out.config = {{"spark.executor.memory", "4g"}, {"spark.scheduler.note", "mine"}};
    out.metrics = {{"tasks", 5.0}, {"noted", 1.0}};
    out.errorText = "Task exited with return code 1";
    out.rootCause = "return code 1";
    out.costUsd = 2.0;
    out.costSource = model::CostSource::Logged;
    return out;
}

/// What Spark's event log tells of it.
model::Attempt logged(const std::string &application, int number)
{
    model::Attempt out = base(2000, 8000);
    out.job = "nightly orders";
    out.run = application;
    out.attempt = number;
    out.applicationId = application;
    out.outcome = model::Outcome::Succeeded;
    out.owner = "spark";
    out.config = {{"spark.executor.memory", "8192m"}, {"spark.app.name", "nightly orders"}};
    out.metrics = {{"tasks", 7.0}, {"failed_tasks", 2.0}};
    out.errorText = "java.lang.OutOfMemoryError: Java heap space";
    out.rootCause = "java.lang.OutOfMemoryError: Java heap space";
    out.costUsd = 1.0;
    out.costSource = model::CostSource::ResourceSeconds;
    return out;
}

/// What a driver's text log tells of it.
model::Attempt told(const std::string &application)
{
    model::Attempt out = base(1900, 8100);
    out.job = "driver";
    out.run = application;
    out.applicationId = application;
    out.outcome = model::Outcome::Unknown;
    out.queue = "etl";
    out.config = {{"spark.version", "3.5.1"}};
    out.errorText = "a long log";
    out.rootCause = "a long log";
    return out;
}

} // namespace

class TestJoin : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        auto made = Workspace::create(m_directory->filePath("w.mulligan").toStdString());
        QVERIFY(made.has_value());
        m_workspace = std::make_unique<Workspace>(std::move(made).value());
        m_sources = 0;
    }

    void add_threeWitnessesInEveryOrder_giveOneAttempt_data()
    {
        QTest::addColumn<QList<int>>("order");
        QList<int> order{0, 1, 2};
        do {
            const QStringList names{"scheduler", "event log", "text log"};
            QTest::newRow(qPrintable(names[order[0]] + ", " + names[order[1]] + ", " + names[order[2]])) << order;
        } while (std::next_permutation(order.begin(), order.end()));
    }
    void add_threeWitnessesInEveryOrder_giveOneAttempt()
    {
        QFETCH(QList<int>, order);
        const std::vector<Source> sources{{"attempts", {scheduled("monday", 3, "app_1")}},
                                          {"spark-eventlog", {logged("app_1", 1)}},
                                          {"spark-log", {told("app_1")}}};
        for (const int at : order)
            import(sources[size_t(at)]);
        QCOMPARE(count("attempt"), std::int64_t(1));
        const model::Attempt one = only();
        QCOMPARE(one.job, std::string("orders"));
        QCOMPARE(one.run, std::string("monday"));
        QCOMPARE(one.attempt, 3);
        QCOMPARE(one.outcome, model::Outcome::Failed);
        QCOMPARE(one.startedAt.ms, std::int64_t(1000));
        QCOMPARE(one.endedAt.ms, std::int64_t(9000));
        QCOMPARE(one.owner, std::string("ann"));
        QCOMPARE(one.queue, std::string("etl"));
        QCOMPARE(one.errorText, std::string("java.lang.OutOfMemoryError: Java heap space"));
        QCOMPARE(one.rootCause, std::string("java.lang.OutOfMemoryError: Java heap space"));
        QCOMPARE(one.costUsd, std::optional(2.0));
        const model::Config config{{"spark.executor.memory", "8192m"},
                                   {"spark.app.name", "nightly orders"},
                                   {"spark.scheduler.note", "mine"},
                                   {"spark.version", "3.5.1"}};
        QVERIFY(one.config == config);
        const model::Metrics metrics{{"tasks", 7.0}, {"failed_tasks", 2.0}, {"noted", 1.0}};
        QVERIFY(one.metrics == metrics);
        QCOMPARE(conflicts(),
                 QStringList({"config.spark.executor.memory: 8192m, not 4g", "outcome: failed, not succeeded"}));
    }

    void add_schedulerSaysItSucceeded_leavesNoVerdict()
    {
        model::Attempt log = logged("app_1", 1);
        log.outcome = model::Outcome::Failed;
        import({"spark-eventlog", { log }});
        QVERIFY(m_workspace->connection().run("UPDATE attempt SET verdict_id = 7").has_value());
        model::Attempt row;
        row.startedAt = {1000};
        row.endedAt = {9000};
        row.job = "orders";
        row.run = "monday";
        row.applicationId = "app_1";
        row.outcome = model::Outcome::Succeeded;
        import({"attempts", { row }});
        QCOMPARE(only().outcome, model::Outcome::Succeeded);
        QCOMPARE(count("attempt WHERE verdict_id IS NOT NULL"), std::int64_t(0));
    }

    void add_equalSizesInOtherWords_areNoConflict()
    {
        model::Attempt log = logged("app_1", 1);
        log.outcome = model::Outcome::Failed;
        log.config = {{"spark.executor.memory", "4096m"}};
        import({"attempts", { scheduled("monday", 1, "app_1") }});
        import({"spark-eventlog", { log }});
        QCOMPARE(conflicts(), QStringList());
    }

    void add_recordThatNamesBoth_makesTwoAttemptsOne_data()
    {
        QTest::addColumn<bool>("logFirst");
        QTest::newRow("the event log came first") << true;
        QTest::newRow("the scheduler's row came first") << false;
    }
    void add_recordThatNamesBoth_makesTwoAttemptsOne()
    {
        QFETCH(bool, logFirst);
        model::Attempt row = scheduled("monday", 3, "");
        const Source scheduler{"airflow", {row}};
        const Source log{"spark-eventlog", {logged("app_1", 1)}};
        import(logFirst ? log : scheduler);
        import(logFirst ? scheduler : log);
        QCOMPARE(count("attempt"), std::int64_t(2));
        model::Attempt task = row;
        task.applicationId = "app_1";
        task.costUsd.reset();
        import({"airflow", { task }});
        QCOMPARE(count("attempt"), std::int64_t(1));
        const model::Attempt one = only();
        QCOMPARE(one.run, std::string("monday"));
        QCOMPARE(one.applicationId, std::string("app_1"));
        QCOMPARE(one.errorText, std::string("java.lang.OutOfMemoryError: Java heap space"));
        QCOMPARE(one.metrics.at("failed_tasks"), 2.0);
        QCOMPARE(m_workspace->connection().text("PRAGMA integrity_check").value_or(""), std::string("ok"));
        QCOMPARE(m_workspace->connection()
                     .integer("SELECT count(*) FROM attempt_fact WHERE attempt_id NOT IN (SELECT id FROM attempt)")
                     .value_or(-1),
                 std::int64_t(0));
    }

    void add_recordThatNamesTwoRowsOfOneSource_leavesThemTwo()
    {
        model::Attempt other = scheduled("tuesday", 1, "app_1");
        import({"attempts", { scheduled("monday", 1, ""), other }});
        model::Attempt both = scheduled("monday", 1, "app_1");
        both.team = "retail";
        import({"csv", { both }});
        QCOMPARE(m_workspace->connection()
                     .text("SELECT group_concat(run || ' ' || (team_id IS NOT NULL), ', ') FROM (SELECT * FROM attempt "
                           "ORDER BY run)")
                     .value_or(""),
                 std::string("monday 1, tuesday 0"));
    }

    void add_nameThatIsNotBelieved_isFoundAgain()
    {
        model::Attempt called = scheduled("as the cluster calls it", 1, "app_1");
        import({"attempts", { scheduled("monday", 1, "app_1") }});
        import({"csv", { called }});
        called.applicationId.clear();
        import({"airflow", { called }});
        QCOMPARE(count("attempt"), std::int64_t(1));
        QCOMPARE(only().run, std::string("monday"));
        QCOMPARE(count("witness"), std::int64_t(3));
    }

    void add_attemptJoinedBeforeWitnessesWereKept_keepsItsFacts()
    {
        import({"spark-log", { told("app_1") }});
        import({"spark-eventlog", { logged("app_1", 1) }});
        // As an older version of the schema left it.
        QVERIFY(m_workspace->connection().run("DELETE FROM witness").has_value());
        import({"attempts", { scheduled("monday", 3, "app_1") }});
        const model::Attempt one = only();
        QCOMPARE(one.run, std::string("monday"));
        QCOMPARE(one.outcome, model::Outcome::Failed);
        QCOMPARE(one.queue, std::string("etl"));
        QCOMPARE(one.errorText, std::string("java.lang.OutOfMemoryError: Java heap space"));
        QCOMPARE(one.metrics.at("failed_tasks"), 2.0);
        QCOMPARE(conflicts(),
                 QStringList({"config.spark.executor.memory: 8192m, not 4g", "outcome: failed, not succeeded"}));
        QCOMPARE(count("witness"), std::int64_t(3));
    }

    void add_rowsOfOneSession_stayApartUnlessTheyOverlap()
    {
        model::Attempt later = scheduled("tuesday", 1, "app_1");
        later.startedAt = {20000};
        later.endedAt = {30000};
        import({"attempts", { scheduled("monday", 1, "app_1") }});
        import({"csv", { later }});
        QCOMPARE(count("attempt"), std::int64_t(2));
        model::Attempt same = scheduled("application 1", 1, "app_1");
        same.job = "as the cluster calls it";
        import({"csv", { same }});
        QCOMPARE(count("attempt"), std::int64_t(2));
    }

    void add_twoSchedulersThatNameOneApplication_theOtherNameIsAConflict_data()
    {
        QTest::addColumn<bool>("turned");
        QTest::newRow("the one that is believed first") << false;
        QTest::newRow("the other one first") << true;
    }
    void add_twoSchedulersThatNameOneApplication_theOtherNameIsAConflict()
    {
        QFETCH(const bool, turned);
        model::Attempt other = scheduled("x1", 2, "app_1");
        other.job = "other orders";
        other.endedAt = {8000}; // believed is who saw it end later
        const Source first{"attempts", {scheduled("monday", 1, "app_1")}};
        const Source second{"csv", {other}};
        import(turned ? second : first);
        import(turned ? first : second);
        QCOMPARE(count("attempt"), std::int64_t(1));
        QCOMPARE(only().job, std::string("orders"));
        QCOMPARE(conflicts(), QStringList("identity: orders, monday, attempt 1, not other orders, x1, attempt 2"));
    }

    void add_containersTexts_allJoinTheirApplication()
    {
        import({"spark-log", { told("app_1") }});
        import({"spark-log", { told("app_1") }});
        import({"spark-eventlog", { logged("app_1", 1) }});
        import({"spark-log", { told("app_1") }});
        import({"spark-eventlog", { logged("app_1", 2) }});
        QCOMPARE(count("attempt"), std::int64_t(2));
    }

    void add_timesThatLieApart_areAConflict()
    {
        model::Attempt log = logged("app_1", 1);
        log.outcome = model::Outcome::Failed;
        log.config.clear();
        log.startedAt = {100'000};
        log.endedAt = {200'000};
        import({"attempts", { scheduled("monday", 1, "app_1") }});
        import({"spark-eventlog", { log }});
        QCOMPARE(conflicts(), QStringList({"times: 1970-01-01T00:00:01Z to 1970-01-01T00:00:09Z, not "
                                           "1970-01-01T00:01:40Z to 1970-01-01T00:03:20Z"}));
    }

    void begin_newerVersionThatContainsTheOlder_replacesWhatItSaid()
    {
        model::Attempt running = logged("app_1", 1);
        running.outcome = model::Outcome::Unknown;
        running.errorText.clear();
        running.rootCause.clear();
        running.endedAt = {3000};
        const std::int64_t first = import({"spark-eventlog", {running}});
        const std::int64_t second = import({"spark-eventlog", {logged("app_1", 1)}}, first, true);
        QCOMPARE(count("source"), std::int64_t(1));
        QCOMPARE(count("attempt"), std::int64_t(1));
        QCOMPARE(only().endedAt.ms, std::int64_t(8000));
        QCOMPARE(only().outcome, model::Outcome::Succeeded);
        QCOMPARE(conflicts(), QStringList());
        QCOMPARE(m_workspace->connection().integer("SELECT source_id FROM attempt").value_or(-1), second);
    }

    void begin_newerVersionOfAJoinedSource_replacesOnlyItsOwnFacts()
    {
        import({"attempts", { scheduled("monday", 3, "app_1") }});
        model::Attempt running = logged("app_1", 1);
        running.outcome = model::Outcome::Unknown;
        running.metrics = {{"tasks", 3.0}};
        const std::int64_t first = import({"spark-eventlog", {running}});
        import({"spark-eventlog", { logged("app_1", 1) }}, first, true);
        QCOMPARE(count("source"), std::int64_t(2));
        const model::Attempt one = only();
        QCOMPARE(one.metrics.at("tasks"), 7.0);
        QCOMPARE(one.owner, std::string("ann"));
        QCOMPARE(one.endedAt.ms, std::int64_t(9000));
        QCOMPARE(m_workspace->connection()
                     .integer("SELECT (SELECT count(*) FROM attempt_fact WHERE source_id NOT IN (SELECT id FROM "
                              "source)) + (SELECT count(*) FROM witness WHERE source_id NOT IN (SELECT id FROM "
                              "source))")
                     .value_or(-1),
                 std::int64_t(0));
    }

    void begin_fileWrittenAnew_keepsWhatItNoLongerHolds()
    {
        const std::int64_t first = import({"attempts", {scheduled("monday", 1, ""), scheduled("tuesday", 1, "")}});
        model::Attempt mended = scheduled("tuesday", 1, "");
        mended.outcome = model::Outcome::Succeeded;
        import({"attempts", { mended }}, first, false);
        QCOMPARE(count("source"), std::int64_t(2));
        QCOMPARE(count("attempt"), std::int64_t(2));
        QCOMPARE(m_workspace->connection()
                     .text("SELECT group_concat(run || outcome, ' ') FROM (SELECT * FROM attempt ORDER BY run)")
                     .value_or(""),
                 std::string("monday1 tuesday0"));
        QCOMPARE(conflicts(), QStringList());
        QCOMPARE(m_workspace->sources().value().front().attempts, std::uint64_t(1));
    }

    void begin_sourceThatContinues_countsOnAndKeepsRejects()
    {
        auto writer = SourceWriter::begin(*m_workspace, {"a.jsonl", "attempts", "a", 10, {}});
        QVERIFY(writer.has_value());
        QVERIFY(writer->add(scheduled("monday", 1, ""), "", 0).has_value());
        QVERIFY(writer->reject(2, 0, "bad", "x").has_value());
        QVERIFY(writer->reject(3, 0, "the file breaks off inside this line", "y").has_value());
        QVERIFY(writer->commit({{}, {}, true, {}}).has_value());
        SourceMeta meta{"a.jsonl", "attempts", "b", 20, {}};
        meta.supersedes = 1;
        meta.contains = true;
        meta.continues = true;
        auto next = SourceWriter::begin(*m_workspace, meta);
        QVERIFY(next.has_value());
        QVERIFY(next->add(scheduled("tuesday", 1, ""), "", 0).has_value());
        QVERIFY(next->commit({}).has_value());
        const auto sources = m_workspace->sources().value();
        QCOMPARE(sources.size(), size_t(1));
        QCOMPARE(sources.front().attempts, std::uint64_t(2));
        QCOMPARE(sources.front().rejectedRows, std::uint64_t(1));
        QCOMPARE(count("reject"), std::int64_t(1));
        QCOMPARE(count("attempt"), std::int64_t(2));
    }

    void begin_sourceThatContinues_keepsTheRowsOfOneSessionApart()
    {
        import({"spark-eventlog", { logged("app_1", 1) }});
        const std::int64_t first = import({"attempts", {scheduled("monday", 1, "app_1")}});
        SourceMeta meta{"grown", "attempts", "grown", 20, {}};
        meta.supersedes = first;
        meta.contains = true;
        meta.continues = true;
        auto next = SourceWriter::begin(*m_workspace, meta);
        QVERIFY(next.has_value());
        QCOMPARE(next->add(scheduled("monday", 1, "app_1"), "", 0).value_or(AddOutcome::Added), AddOutcome::Repeated);
        QCOMPARE(next->add(scheduled("tuesday", 1, "app_1"), "", 0).value_or(AddOutcome::Joined), AddOutcome::Added);
        QVERIFY(next->commit({}).has_value());
        QCOMPARE(count("attempt"), std::int64_t(2));
        QCOMPARE(count("source"), std::int64_t(2));
        QCOMPARE(count("witness WHERE source_id NOT IN (SELECT id FROM source)"), std::int64_t(0));
    }

private:
    std::int64_t import(const Source &source, std::int64_t supersedes = 0, bool contains = false)
    {
        const std::string name = "source" + std::to_string(++m_sources);
        SourceMeta meta{name, source.format, name, 10, {}};
        meta.supersedes = supersedes;
        meta.contains = contains;
        auto writer = SourceWriter::begin(*m_workspace, meta);
        if (!writer)
            qFatal("%s", writer.error().text().c_str());
        for (const auto &attempt : source.attempts) {
            if (const auto added = writer->add(attempt, "", 0); !added)
                qFatal("%s", added.error().text().c_str());
        }
        if (const auto done = writer->commit({}); !done)
            qFatal("%s", done.error().text().c_str());
        return m_workspace->connection().integer("SELECT max(id) FROM source").value_or(-1);
    }
    [[nodiscard]] std::int64_t count(const std::string &table) const
    {
        return m_workspace->connection().integer("SELECT count(*) FROM " + table).value_or(-1);
    }
    [[nodiscard]] model::Attempt only() const
    {
        const std::int64_t id = m_workspace->connection().integer("SELECT id FROM attempt").value_or(-1);
        return readAttempts(*m_workspace, std::array{id}).value().front();
    }
    [[nodiscard]] QStringList conflicts() const
    {
        QStringList out;
        const auto visited = m_workspace->forEachConflict([&](const ConflictRow &row) {
            out << QString::fromStdString(row.field + ": " + row.kept + ", not " + row.other);
            return true;
        });
        return visited ? out : QStringList("unreadable");
    }

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<Workspace> m_workspace;
    int m_sources = 0;
};

QTEST_GUILESS_MAIN(TestJoin)
#include "tst_join.moc"
