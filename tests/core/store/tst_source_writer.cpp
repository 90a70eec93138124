#include "store/source_writer.hpp"

#include "store/verdict_store.hpp"

#include <QtTest>

#include <algorithm>
#include <memory>

using namespace mulligan;
using namespace mulligan::store;

namespace
{

constexpr std::uint64_t kLargeBytes = 64u << 20; ///< a source of this size has its indices built afterwards

/// What an event log tells: the application names the run, and the log numbers its own attempts.
model::Attempt logged(const std::string &application, int number, model::Outcome outcome)
{
    model::Attempt out;
    out.job = "nightly orders";
    out.run = application;
    out.applicationId = application;
    out.attempt = number;
    out.outcome = outcome;
    out.startedAt = {number * 1000};
    out.endedAt = {number * 1000 + 500};
    return out;
}

/// What a scheduler tells: its own job, run and number, and the application it started.
model::Attempt scheduled(const std::string &run, int number, const std::string &application)
{
    model::Attempt out;
    out.job = "orders";
    out.run = run;
    out.attempt = number;
    out.applicationId = application;
    out.outcome = model::Outcome::Failed;
    out.startedAt = {number * 1000};
    out.endedAt = {number * 1000 + 600};
    return out;
}

} // namespace

class TestSourceWriter : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        auto made = Workspace::create(m_directory->filePath("w.mulligan").toStdString());
        QVERIFY(made.has_value());
        m_workspace = std::make_unique<Workspace>(std::move(made).value());
    }

    void add_eventLogsOfOneApplicationsAttempts_stayApart()
    {
        for (int number = 1; number <= 4; ++number) {
            const auto outcome = number < 4 ? model::Outcome::Failed : model::Outcome::Succeeded;
            QCOMPARE(import("spark-eventlog", {logged("app_1", number, outcome)}), QStringLiteral("added"));
        }
        QCOMPARE(attempts(), QStringLiteral("app_1#1=1 app_1#2=1 app_1#3=1 app_1#4=0"));
    }

    void add_earlierAttemptThatEndsWithoutAFault_isUnknownOnceALaterOneIsThere_data()
    {
        QTest::addColumn<QList<int>>("order");
        QList<int> order{1, 2, 3, 4};
        do {
            QTest::newRow(
                qPrintable(QStringLiteral("%1%2%3%4").arg(order[0]).arg(order[1]).arg(order[2]).arg(order[3])))
                << order;
        } while (std::next_permutation(order.begin(), order.end()));
    }
    void add_earlierAttemptThatEndsWithoutAFault_isUnknownOnceALaterOneIsThere()
    {
        QFETCH(QList<int>, order);
        for (const int number : order) {
            model::Attempt log = logged("app_1", number, model::Outcome::Succeeded);
            // The log's own word for the second; the scheduler's for the third.
            if (number == 2)
                log.exitCode = 0;
            (void)import("spark-eventlog", {log});
            if (number == 3) {
                model::Attempt row = scheduled("monday", 3, "app_1");
                row.outcome = model::Outcome::Succeeded;
                (void)import("attempts", {row});
            }
        }
        QCOMPARE(attempts(), QStringLiteral("app_1#1=3 app_1#2=0 app_1#4=0 monday#3=0"));
        QCOMPARE(m_workspace->connection().integer("SELECT count(*) FROM conflict").value_or(-1), std::int64_t(0));
    }

    void add_twoEventLogsOfOneAttempt_join()
    {
        QCOMPARE(import("spark-eventlog", {logged("app_1", 2, model::Outcome::Unknown)}), QStringLiteral("added"));
        QCOMPARE(import("spark-eventlog", {logged("app_1", 2, model::Outcome::Failed)}), QStringLiteral("joined"));
        QCOMPARE(attempts(), QStringLiteral("app_1#2=1"));
    }

    void add_schedulerAndEventLogs_joinByApplication_data()
    {
        QTest::addColumn<bool>("schedulerFirst");
        QTest::newRow("the scheduler's row comes first") << true;
        QTest::newRow("the event log comes first") << false;
    }
    void add_schedulerAndEventLogs_joinByApplication()
    {
        QFETCH(bool, schedulerFirst);
        std::vector<model::Attempt> row{scheduled("monday", 7, "app_1")};
        std::vector<model::Attempt> log{logged("app_1", 1, model::Outcome::Failed)};
        row.front().vcoreSeconds = 20.0;
        log.front().vcoreSeconds = 12.0;
        log.front().memoryGbSeconds = 30.0;
        QCOMPARE(schedulerFirst ? import("attempts", row) : import("spark-eventlog", log), QStringLiteral("added"));
        QCOMPARE(schedulerFirst ? import("spark-eventlog", log) : import("attempts", row), QStringLiteral("joined"));
        QCOMPARE(attempts(), QStringLiteral("monday#7=1"));
        // What the scheduler saw spans the attempt and wins; what it did not see is the event log's.
        const auto use =
            m_workspace->connection().text("SELECT vcore_seconds || ' ' || memory_gb_seconds FROM attempt");
        QCOMPARE(use.value_or("unreadable"), std::string("20.0 30.0"));
        // The scheduler counts 7 where the log counts 1: a log of the application's second attempt, which ran at
        // another time than the scheduler's, is another one, and one of its first is not.
        QCOMPARE(import("spark-eventlog", {logged("app_1", 2, model::Outcome::Succeeded)}), QStringLiteral("added"));
        QCOMPARE(import("spark-eventlog", log), QStringLiteral("joined"));
        QCOMPARE(attempts(), QStringLiteral("app_1#2=0 monday#7=1"));
    }

    void add_schedulerRowsOfOneApplicationsAttempts_joinEachItsOwn()
    {
        for (int number = 1; number <= 3; ++number)
            QCOMPARE(import("spark-eventlog", {logged("app_1", number, model::Outcome::Failed)}),
                     QStringLiteral("added"));
        QCOMPARE(import("attempts", {scheduled("monday", 2, "app_1"), scheduled("monday", 1, "app_1")}),
                 QStringLiteral("joined joined"));
        QCOMPARE(attempts(), QStringLiteral("app_1#3=1 monday#1=1 monday#2=1"));
    }

    void add_schedulerRowOfAnotherNumber_joinsTheApplicationsLastAttempt()
    {
        for (int number = 1; number <= 2; ++number)
            QCOMPARE(import("spark-eventlog", {logged("app_1", number, model::Outcome::Failed)}),
                     QStringLiteral("added"));
        QCOMPARE(import("attempts", {scheduled("monday", 9, "app_1")}), QStringLiteral("joined"));
        QCOMPARE(attempts(), QStringLiteral("app_1#1=1 monday#9=1"));
    }

    void add_applicationsOwnAttempts_arePartOfTheSchedulersThatSpansThem_data()
    {
        QTest::addColumn<QString>("order");
        QTest::addColumn<QString>("format");
        QString order = QStringLiteral("12S");
        do {
            QTest::newRow(qPrintable("event logs, " + order)) << order << QStringLiteral("spark-eventlog");
            QTest::newRow(qPrintable("text logs, " + order)) << order << QStringLiteral("yarn-log");
        } while (std::next_permutation(order.begin(), order.end()));
        QTest::newRow("one text log of both before the row") << QStringLiteral("BS") << QStringLiteral("yarn-log");
        QTest::newRow("one text log of both behind the row") << QStringLiteral("SB") << QStringLiteral("yarn-log");
    }
    void add_applicationsOwnAttempts_arePartOfTheSchedulersThatSpansThem()
    {
        QFETCH(const QString, order);
        QFETCH(const QString, format);
        std::vector<model::Attempt> logs;
        for (int number = 1; number <= 2; ++number) {
            logs.push_back(logged("app_1", number, model::Outcome::Failed));
            logs.back().errorText = "log of " + std::to_string(number);
            logs.back().vcoreSeconds = 10.0 * number;
        }
        model::Attempt row = scheduled("monday", 7, "app_1");
        row.startedAt = {900};
        row.endedAt = {2600};
        for (const QChar what : order) {
            if (what == 'S')
                (void)import("attempts", {row});
            else if (what == 'B')
                (void)import(format.toStdString(), logs);
            else
                (void)import(format.toStdString(), {logs[static_cast<std::size_t>(what.digitValue() - 1)]});
        }
        QCOMPARE(attempts(), QStringLiteral("monday#7=1"));
        const bool eventLogs = format == "spark-eventlog";
        const auto use = m_workspace->connection().text("SELECT vcore_seconds FROM attempt");
        QCOMPARE(use.value_or("unreadable"), std::string(eventLogs ? "30.0" : "20.0"));
        QCOMPARE(m_workspace->connection().text("SELECT started_ms || ' ' || ended_ms FROM attempt").value_or(""),
                 std::string("900 2600"));
    }

    void add_textsOfTwoAttemptsOfAnApplicationThatOneRowSpans_areOneWitness()
    {
        model::Attempt row = scheduled("monday", 7, "app_1");
        row.startedAt = {900};
        row.endedAt = {2600};
        (void)import("attempts", {row});
        (void)import("spark-eventlog", {logged("app_1", 1, model::Outcome::Failed)});
        std::vector<model::Attempt> texts{logged("app_1", 1, model::Outcome::Failed),
                                          logged("app_1", 2, model::Outcome::Failed)};
        texts[0].errorText = "the first";
        texts[1].errorText = "the second";
        QCOMPARE(import("yarn-log", texts), QStringLiteral("joined joined"));
        QCOMPARE(attempts(), QStringLiteral("monday#7=1"));
        // A text that comes twice is no part.
        texts[1].attempt = 1;
        QCOMPARE(import("yarn-log", texts), QStringLiteral("joined repeated"));
    }

    void add_eventLogsOfTwoApplicationsOfOneId_stayApart()
    {
        const model::Attempt one = logged("app_1", 1, model::Outcome::Failed);
        model::Attempt other = logged("app_1", 1, model::Outcome::Succeeded);
        other.startedAt = {1450};
        QCOMPARE(import("spark-eventlog", {one}), QStringLiteral("added"));
        QCOMPARE(import("spark-eventlog", {other}), QStringLiteral("added"));
        const auto both = QStringLiteral("app_1#1=1 app_1 1970-01-01T00:00:01.450Z#1=0");
        QCOMPARE(attempts(), both);
        // Copies of either, and what is left of one without its begin.
        QCOMPARE(import("spark-eventlog", {one}), QStringLiteral("joined"));
        QCOMPARE(import("spark-eventlog", {other}), QStringLiteral("joined"));
        model::Attempt rest = one;
        rest.startedAt = {1200};
        rest.metrics = {{std::string(model::metric::kHistoryIncomplete), 1.0}};
        QCOMPARE(import("spark-eventlog", {rest}), QStringLiteral("joined"));
        QCOMPARE(attempts(), both);
        // A scheduler's row joins the one that ran when it did.
        model::Attempt row = scheduled("monday", 1, "app_1");
        row.startedAt = {400};
        row.endedAt = {1440};
        QCOMPARE(import("attempts", {row}), QStringLiteral("joined"));
        QCOMPARE(attempts(), QStringLiteral("app_1 1970-01-01T00:00:01.450Z#1=0 monday#1=1"));
    }

    void add_sourcesWithoutNumbers_areNumberedByStartAmongAll_data()
    {
        QTest::addColumn<QList<QList<int>>>("exports");
        QTest::newRow("one after another") << QList<QList<int>>{{1}, {2}, {3}};
        QTest::newRow("the last one first") << QList<QList<int>>{{3}, {1}, {2}};
        QTest::newRow("overlapping") << QList<QList<int>>{{1, 2}, {2, 3}};
        QTest::newRow("overlapping, the later one first") << QList<QList<int>>{{2, 3}, {1, 2}};
        QTest::newRow("all, then some again") << QList<QList<int>>{{1, 2, 3}, {3}, {2}};
        QList<int> early;
        QList<int> late;
        for (int i = 1; i <= 100; ++i)
            (i % 3 == 0 ? early : late) << i;
        QTest::newRow("many attempts of one run") << QList<QList<int>>{late, early, late};
    }
    void add_sourcesWithoutNumbers_areNumberedByStartAmongAll()
    {
        QFETCH(const QList<QList<int>>, exports);
        int most = 0;
        for (const QList<int> &starts : exports) {
            most = std::max(most, *std::max_element(starts.begin(), starts.end()));
            std::vector<model::Attempt> rows;
            for (const int start : starts) {
                rows.push_back(scheduled("monday", static_cast<int>(rows.size()) + 1, ""));
                rows.back().startedAt = {start * 1000};
                rows.back().endedAt = {start * 1000 + 100};
            }
            (void)import("csv", rows, 10, "version: 1\nfields:\n  job:\n    column: j\n");
        }
        QStringList expected;
        for (int i = 1; i <= most; ++i)
            expected << QStringLiteral("%1:%2").arg(i).arg(i * 1000);
        QCOMPARE(m_workspace->connection()
                     .text("SELECT group_concat(attempt || ':' || started_ms, ' ') FROM (SELECT * FROM attempt ORDER "
                           "BY attempt)")
                     .value_or("unreadable"),
                 expected.join(' ').toStdString());
    }

    void add_sourcesWithAndWithoutNumbers_areTheSameInEveryOrder_data()
    {
        QTest::addColumn<QList<int>>("numbers");
        QTest::addColumn<QList<int>>("hours");
        QTest::addColumn<QString>("expected");
        QTest::newRow("all numbered") << QList<int>{1, 2, 3, 4} << QList<int>{1, 3, 5, 7} << "1:1 2:3 3:5 4:7";
        QTest::newRow("two of them") << QList<int>{2, 3} << QList<int>{3, 5} << "1:1 2:3 3:5 4:7";
        QTest::newRow("one, numbered otherwise") << QList<int>{1} << QList<int>{3} << "1:3 2:1 3:5 4:7";
        QTest::newRow("another one") << QList<int>{5} << QList<int>{9} << "1:1 2:3 3:5 4:7 5:9";
        QTest::newRow("another one between") << QList<int>{2} << QList<int>{9} << "1:1 2:9 3:3 4:5 5:7";
    }
    void add_sourcesWithAndWithoutNumbers_areTheSameInEveryOrder()
    {
        QFETCH(const QList<int>, numbers);
        QFETCH(const QList<int>, hours);
        QFETCH(const QString, expected);
        const auto at = [](int number, int hour) {
            model::Attempt row = scheduled("monday", number, "");
            row.startedAt = {hour * 3'600'000};
            row.endedAt = {hour * 3'600'000 + 1000};
            return row;
        };
        QList<int> order{0, 1, 2};
        do {
            init();
            for (const int which : order) {
                if (which < 2) {
                    (void)import("csv", {at(1, which == 0 ? 1 : 3), at(2, which == 0 ? 5 : 7)}, 10,
                                 "version: 1\nfields:\n  job:\n    column: j\n");
                    continue;
                }
                std::vector<model::Attempt> rows;
                for (qsizetype i = 0; i < numbers.size(); ++i)
                    rows.push_back(at(numbers[i], hours[i]));
                (void)import("attempts", rows);
            }
            const auto told = m_workspace->connection().text("SELECT group_concat(attempt || ':' || (started_ms / "
                                                             "3600000), ' ') FROM (SELECT * FROM attempt ORDER BY "
                                                             "attempt)");
            QCOMPARE(QString::fromStdString(told.value_or("unreadable")), expected);
            QCOMPARE(m_workspace->connection().integer("SELECT count(*) FROM conflict").value_or(-1), std::int64_t(0));
        } while (std::next_permutation(order.begin(), order.end()));
    }

    void add_sourceWithNumbersForARunOfManyAttempts_findsFreeOnes()
    {
        std::vector<model::Attempt> byStart;
        std::vector<model::Attempt> numbered{scheduled("monday", 41, "")};
        for (int i = 1; i <= 40; ++i) {
            byStart.push_back(scheduled("monday", i, ""));
            numbered.push_back(scheduled("monday", i, ""));
            numbered.back().startedAt = {i * 1000 + 700}; // between two of the others
            numbered.back().endedAt = {i * 1000 + 800};
        }
        (void)import("csv", byStart, 10, "version: 1\nfields:\n  job:\n    column: j\n");
        const QString added = import("attempts", numbered);
        QCOMPARE(added.count("added"), 41);
        QCOMPARE(m_workspace->connection().integer("SELECT max(attempt) FROM attempt").value_or(-1), std::int64_t(81));
    }

    void add_sourceWithNumbers_joinsWhatRanWhenItDid()
    {
        model::Attempt row = scheduled("monday", 1, "");
        row.startedAt = {1001};
        (void)import("csv", {row}, 10, "version: 1\nfields:\n  job:\n    column: j\n");
        QCOMPARE(import("attempts", {scheduled("monday", 1, ""), scheduled("monday", 2, "")}),
                 QStringLiteral("joined added"));
        QCOMPARE(attempts(), QStringLiteral("monday#1=1 monday#2=1"));
    }

    void add_sourceWithoutNumbers_joinsByNumberWhatAnotherNumbers()
    {
        (void)import("attempts", {scheduled("monday", 1, ""), scheduled("monday", 2, "")});
        model::Attempt row = scheduled("monday", 1, "");
        row.startedAt = {1001};
        QCOMPARE(import("csv", {row}, 10, "version: 1\nfields:\n  job:\n    column: j\n"), QStringLiteral("joined"));
        QCOMPARE(attempts(), QStringLiteral("monday#1=1 monday#2=1"));
    }

    void add_largeSource_isTheSameAsASmallOne_data()
    {
        QTest::addColumn<quint64>("bytes");
        QTest::newRow("a small source, row by row") << quint64(100);
        QTest::newRow("a large source, indices afterwards") << quint64(kLargeBytes);
    }
    void add_largeSource_isTheSameAsASmallOne()
    {
        QFETCH(quint64, bytes);
        const std::string before = indices();
        QVERIFY(before.find("attempt_identity") != std::string::npos);
        QCOMPARE(
            import("attempts",
                   {scheduled("monday", 1, "app_1"), scheduled("monday", 2, "app_2"), scheduled("monday", 1, "app_3"),
                    scheduled("tuesday", 1, "app_4"), scheduled("tuesday", 1, "app_4"), scheduled("friday", 1, "")},
                   bytes),
            QStringLiteral("added added repeated added repeated added"));
        QCOMPARE(attempts(), QStringLiteral("friday#1=1 monday#1=1 monday#2=1 tuesday#1=1"));
        QCOMPARE(indices(), before);
        QCOMPARE(m_workspace->connection().text("PRAGMA integrity_check").value_or(""), std::string("ok"));
    }

    void add_largeSourceWithoutRepetition_hasItsIndicesAfterwards()
    {
        const std::string before = indices();
        std::vector<model::Attempt> rows;
        QStringList expected;
        for (int i = 0; i < 3000; ++i) {
            rows.push_back(scheduled("run" + std::to_string(i % 1000), 1 + i / 1000, ""));
            expected << QStringLiteral("added");
        }
        QCOMPARE(import("attempts", rows, kLargeBytes), expected.join(' '));
        QCOMPARE(indices(), before);
        QCOMPARE(m_workspace->info()->attempts, std::uint64_t(3000));
        QCOMPARE(m_workspace->info()->runs, std::uint64_t(1000));
        // The next large source finds attempts there and joins them.
        QCOMPARE(import("attempts", {rows.front()}, kLargeBytes), QStringLiteral("joined"));
    }

    void commit_stopAskedFor_isCancelledAndLeavesTheWorkspaceWithItsIndices()
    {
        const std::string before = indices();
        {
            auto writer = SourceWriter::begin(*m_workspace, {"a.jsonl", "attempts", "a", kLargeBytes, {}});
            QVERIFY(writer.has_value());
            for (int i = 0; i < 20000; ++i)
                QVERIFY(writer->add(scheduled("run" + std::to_string(i), 1, ""), "", 0).has_value());
            std::stop_source stop;
            stop.request_stop();
            const auto committed = writer->commit({}, stop.get_token());
            QVERIFY(!committed.has_value());
            QCOMPARE(committed.error().code, base::ErrorCode::Cancelled);
        }
        QCOMPARE(indices(), before);
        QCOMPARE(m_workspace->info()->attempts, std::uint64_t(0));
        QCOMPARE(import("attempts", {scheduled("monday", 1, "")}), QStringLiteral("added"));
    }

    void add_numberedTexts_areStoredAsTheTextsThemselvesWouldBe()
    {
        auto writer = SourceWriter::begin(*m_workspace, {"a.jsonl", "attempts", "a", 1, {}});
        QVERIFY(writer.has_value());
        const std::vector<std::string> texts{"first", "second", "first", "third", "second", ""};
        const std::vector<std::optional<std::size_t>> numbers{0, 1, 0, 2, 1, std::nullopt};
        for (std::size_t i = 0; i < texts.size(); ++i) {
            model::Attempt attempt = scheduled("run" + std::to_string(i), 1, "");
            attempt.errorText = texts[i];
            attempt.rootCause = texts[i].empty() ? "" : "cause of " + texts[i];
            QVERIFY(writer->add(attempt, "", 0, numbers[i]).has_value());
        }
        QVERIFY(writer->commit({}).has_value());
        QStringList seen;
        const auto visited = forEachFailureText(
            *m_workspace, {},
            [&](const TextRow &row) -> base::Result<void> {
                seen << QStringLiteral("%1 %2 (%3)")
                            .arg(row.attemptId)
                            .arg(QString::fromUtf8(row.text.data(), qsizetype(row.text.size())),
                                 QString::fromUtf8(row.rootCause.data(), qsizetype(row.rootCause.size())));
                return {};
            },
            {});
        QVERIFY(visited.has_value());
        seen.sort();
        QCOMPARE(seen.join(", "),
                 QStringLiteral("1 first (cause of first), 2 second (cause of second), 3 first (cause of first), "
                                "4 third (cause of third), 5 second (cause of second), 6  ()"));
        QCOMPARE(m_workspace->connection().integer("SELECT count(*) FROM error_text").value_or(-1), std::int64_t(3));
    }

    void forEachFailureText_attemptsWithAConfiguration_carryThePropertiesAskedFor()
    {
        model::Attempt old = logged("app_1", 1, model::Outcome::Failed);
        old.config = {{"spark.executor.memory", "4g"}, {"spark.version", "2.4.8"}};
        old.errorText = "gone";
        model::Attempt recent = logged("app_2", 1, model::Outcome::Failed);
        recent.config = {{"spark.version", "3.5.1"}};
        recent.errorText = "gone";
        model::Attempt silent = logged("app_3", 1, model::Outcome::Failed);
        silent.config = {{"spark.executor.memory", "4g"}};
        model::Attempt bare = logged("app_4", 1, model::Outcome::Failed);
        QCOMPARE(import("attempts", {old, recent, silent, bare}), QStringLiteral("added added added added"));
        QStringList seen;
        const auto visited = forEachFailureText(*m_workspace, {"spark.version", "spark.missing"},
                                                [&](const TextRow &row) -> base::Result<void> {
                                                    QString properties;
                                                    for (const auto &[property, value] : *row.config)
                                                        properties += QString::fromStdString(property + "=" + value);
                                                    seen << QStringLiteral("%1:%2").arg(row.attemptId).arg(properties);
                                                    return {};
                                                },
                                                {});
        QVERIFY(visited.has_value());
        seen.sort();
        QCOMPARE(seen.join(' '), QStringLiteral("1:spark.version=2.4.8 2:spark.version=3.5.1 3: 4:"));
    }

private:
    /// Imports one source and tells what became of each record; `mapping`: a profile that gives no numbers.
    QString import(const std::string &format, const std::vector<model::Attempt> &records, std::uint64_t bytes = 10,
                   const std::string &mapping = {})
    {
        const std::string name = "source" + std::to_string(m_sources++);
        SourceMeta meta{name, format, name, bytes, {}};
        meta.numbersByStart = !mapping.empty();
        auto writer = SourceWriter::begin(*m_workspace, meta);
        if (!writer)
            return QString::fromStdString(writer.error().text());
        QStringList out;
        for (const auto &record : records) {
            const auto added = writer->add(record, "", 0);
            if (!added)
                return QString::fromStdString(added.error().text());
            out << (added.value() == AddOutcome::Added    ? QStringLiteral("added")
                    : added.value() == AddOutcome::Joined ? QStringLiteral("joined")
                                                          : QStringLiteral("repeated"));
        }
        SourceNotes notes;
        notes.mapping = mapping;
        const auto committed = writer->commit(notes);
        return committed ? out.join(' ') : QString::fromStdString(committed.error().text());
    }
    /// "run#attempt=outcome" of all attempts.
    [[nodiscard]] QString attempts() const
    {
        return QString::fromStdString(m_workspace->connection()
                                          .text("SELECT group_concat(run || '#' || attempt || '=' || outcome, ' ') "
                                                "FROM (SELECT * FROM attempt ORDER BY run, attempt)")
                                          .value_or("unreadable"));
    }
    [[nodiscard]] std::string indices() const
    {
        return m_workspace->connection()
            .text("SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS "
                  "NOT NULL ORDER BY name)")
            .value_or("unreadable");
    }

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<Workspace> m_workspace;
    int m_sources = 0;
};

QTEST_GUILESS_MAIN(TestSourceWriter)
#include "tst_source_writer.moc"
