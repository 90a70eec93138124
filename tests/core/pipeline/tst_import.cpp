#include "pipeline/import_sources.hpp"

#include "generated_rows.hpp"
#include "store/history_loader.hpp"

#include <QtTest>

#include <csignal>
#include <fstream>
#include <set>
#include <thread>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mulligan;
using namespace mulligan::pipeline;

namespace
{

void write(const QString &path, const std::string &text)
{
    QDir().mkpath(QFileInfo(path).path());
    std::ofstream file(path.toStdString(), std::ios::binary);
    file << text;
}

std::string row(const std::string &run, int attempt, const std::string &outcome, const std::string &more = {})
{
    return "{\"job\":\"orders\",\"run\":\"" + run + "\",\"attempt\":" + std::to_string(attempt) + ",\"outcome\":\""
           + outcome + "\",\"started_at\":\"2026-01-02T03:04:05Z\",\"ended_at\":\"2026-01-02T04:04:05Z\"" + more
           + "}\n";
}

base::Result<ImportReport> import(store::Workspace &workspace, const QString &path, std::stop_token stop = {})
{
    base::Progress progress;
    const std::vector<std::string> paths{path.toStdString()};
    ImportOptions options;
    options.importedAt = base::Instant{1'767'323'045'000};
    return importSources(workspace, paths, options, std::move(stop), progress);
}

/// Everything an import writes, in an order that does not depend on row ids.
std::string contentOf(store::Workspace &workspace)
{
    std::string out;
    const auto query = [&](const char *sql, int columns) {
        auto rows = workspace.connection().prepare(sql);
        if (!rows)
            qFatal("%s", rows.error().text().c_str());
        for (;;) {
            const auto more = rows->step();
            if (!more)
                qFatal("%s", more.error().text().c_str());
            if (!more.value())
                break;
            for (int i = 0; i < columns; ++i)
                out += std::string(rows->text(i)) + '|';
            out += '\n';
        }
    };
    query("SELECT path, format, sha256, bytes, attempts, failures, rejected_rows FROM source ORDER BY sha256", 7);
    query(
        "SELECT j.name, a.run, a.attempt, a.outcome, a.started_ms, a.ended_ms, o.name, k.name, a.trigger_kind, "
        "a.exit_code, hex(t.hash), c.body, f.body, a.metrics, a.cost_usd, a.cost_source, s.path FROM attempt a JOIN "
        "job "
        "j ON j.id = a.job_id LEFT JOIN name o ON o.id = a.owner_id LEFT JOIN name k ON k.id = a.cluster_id LEFT JOIN "
        "error_text t ON t.id = a.text_id LEFT JOIN cause c ON c.id = a.cause_id LEFT JOIN config f ON f.id = "
        "a.config_id JOIN source s ON s.id = a.source_id ORDER BY j.name, a.run, a.attempt",
        17);
    query("SELECT line, col, reason, body FROM reject ORDER BY line, reason", 4);
    query("SELECT count(*) FROM error_text_fts WHERE error_text_fts MATCH 'OutOfMemoryError'", 1);
    return out;
}

} // namespace

class TestImport : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }

    void importSources_folder_reportsEverySource()
    {
        write(at("in/a.jsonl"),
              row("r1", 1, "failed", ",\"error_text\":\"java.lang.OutOfMemoryError: Java heap space\"")
                  + row("r1", 2, "succeeded") + "{broken\n");
        write(at("in/b.jsonl"),
              "{\"job\":\"x\",\"run\":\"y\",\"attempt\":0}\n{\"job\":\"x\",\"run\":\"y\",\"attempt\":0}\n");
        write(at("in/README.md"), "about\n");
        auto workspace = create();
        const auto report = import(workspace, at("in"));
        QVERIFY2(report.has_value(), report ? "" : report.error().text().c_str());
        QCOMPARE(report->sources.size(), size_t(3));
        QCOMPARE(report->sources[0].status, SourceStatus::Imported);
        QCOMPARE(report->sources[0].attempts, std::uint64_t(2));
        QCOMPARE(report->sources[0].failures, std::uint64_t(1));
        QCOMPARE(report->sources[0].rejectedRows, std::uint64_t(1));
        QCOMPARE(report->sources[1].status, SourceStatus::Rejected);
        QVERIFY(report->sources[1].reason.find("None of its rows") != std::string::npos);
        QCOMPARE(report->sources[2].status, SourceStatus::Skipped);
        QCOMPARE(report->attempts, std::uint64_t(2));
        QCOMPARE(report->rejectedRows, std::uint64_t(3));
        QVERIFY(report->anythingRejected());
        const auto info = workspace.info();
        QVERIFY(info.has_value());
        QCOMPARE(info->attempts, std::uint64_t(2));
        QCOMPARE(info->sources, std::uint64_t(2));
        const auto sources = workspace.sources();
        QCOMPARE(qint64(sources->front().importedAt.ms), qint64(1'767'323'045'000));
    }

    void importSources_sameContentTwice_changesNothing()
    {
        write(at("a.jsonl"), row("r1", 1, "failed") + "{broken\n");
        write(at("copy.jsonl"), row("r1", 1, "failed") + "{broken\n");
        auto workspace = create();
        QVERIFY(import(workspace, at("a.jsonl")).has_value());
        const std::string before = contentOf(workspace);
        const auto again = import(workspace, at("copy.jsonl"));
        QVERIFY(again.has_value());
        QCOMPARE(again->sources.front().status, SourceStatus::Duplicate);
        QVERIFY(again->sources.front().reason.find("a.jsonl") != std::string::npos);
        QCOMPARE(again->attempts, std::uint64_t(0));
        QCOMPARE(contentOf(workspace), before);
    }

    void importSources_attemptThatRepeats_isRejectedOnce()
    {
        write(at("a.jsonl"), row("r1", 1, "failed") + row("r1", 1, "succeeded") + row("r1", 2, "succeeded"));
        auto workspace = create();
        const auto report = import(workspace, at("a.jsonl"));
        QVERIFY(report.has_value());
        QCOMPARE(report->attempts, std::uint64_t(2));
        QCOMPARE(report->rejectedRows, std::uint64_t(1));
        std::string reason;
        std::uint64_t line = 0;
        const auto take = [&](const auto &reject) {
            reason = reject.reason;
            line = reject.line;
            return true;
        };
        QVERIFY(workspace.forEachReject(take).has_value());
        QVERIFY2(reason.find("appears a second time") != std::string::npos, reason.c_str());
        QCOMPARE(line, std::uint64_t(2));
    }

    void importSources_sameFileByTwoAtOnce_isImportedOnceAndADuplicateOnce()
    {
        std::string rows;
        for (int i = 0; i < 5000; ++i)
            rows += row("r" + std::to_string(i), 1, "failed");
        write(at("a.jsonl"), rows);
        auto first = create();
        auto second = store::Workspace::open(path("w.mulligan"), store::OpenMode::ReadWrite);
        QVERIFY(second.has_value());
        base::Result<ImportReport> reports[2] = {ImportReport(), ImportReport()};
        {
            const std::jthread one([&] { reports[0] = import(first, at("a.jsonl")); });
            const std::jthread other([&] { reports[1] = import(*second, at("a.jsonl")); });
        }
        std::multiset<std::string> states;
        for (const auto &report : reports) {
            QVERIFY(report.has_value());
            states.emplace(name(report->sources.front().status));
            QVERIFY2(report->sources.front().reason.find("UNIQUE") == std::string::npos,
                     report->sources.front().reason.c_str());
        }
        QVERIFY(states == (std::multiset<std::string>{"duplicate", "imported"}));
        QCOMPARE(reports[0]->attempts + reports[1]->attempts, std::uint64_t(5000));
    }

    void importSources_sourceOfBadRowsAgain_isReadAgainAndKeptOnce()
    {
        write(at("a.jsonl"), "{broken\n{}\n");
        auto workspace = create();
        for (int i = 0; i < 2; ++i) {
            const auto report = import(workspace, at("a.jsonl"));
            QVERIFY(report.has_value());
            QCOMPARE(report->sources.front().status, SourceStatus::Rejected);
            QCOMPARE(report->sources.front().rejectedRows, std::uint64_t(2));
        }
        QCOMPARE(workspace.info()->sources, std::uint64_t(1));
        QCOMPARE(workspace.connection().integer("SELECT count(*) FROM reject").value_or(-1), std::int64_t(2));
    }

    void importSources_attemptsThatEndLater_areImportedWithAWarning()
    {
        const std::string later = ",\"started_at\":\"2026-02-28T00:00:00Z\",\"ended_at\":\"2126-03-01T00:00:00Z\"}\n";
        write(at("a.jsonl"),
              row("now", 1, "failed") + R"({"job":"j","run":"later","attempt":1,"outcome":"failed")" + later);
        auto workspace = create();
        const auto report = import(workspace, at("a.jsonl"));
        QVERIFY(report.has_value());
        QCOMPARE(report->attempts, std::uint64_t(2));
        QCOMPARE(report->sources.front().warnings.size(), size_t(1));
        QVERIFY(report->sources.front().warnings.front().starts_with(
            "1 attempt ends in the future (latest 2126-03-01); the data's end"));
        QCOMPARE(workspace.sources()->front().warnings, report->sources.front().warnings);
    }

    void importSources_folderWithoutFiles_saysThatNothingWasFound()
    {
        QVERIFY(QDir().mkpath(at("nothing")));
        auto workspace = create();
        const auto report = import(workspace, at("nothing"));
        QVERIFY(report.has_value());
        QCOMPARE(report->sources.size(), size_t(1));
        QCOMPARE(report->sources.front().status, SourceStatus::Rejected);
        QVERIFY(report->sources.front().reason.find("Nothing readable was found") != std::string::npos);
    }

    void importSources_secondSourceOfAnAttempt_joinsAndKeepsItsSource()
    {
        write(at("a.jsonl"), row("r1", 1, "failed", ",\"owner\":\"ana\""));
        write(at("b.jsonl"), row("r1", 1, "failed", ",\"owner\":\"ben\",\"team\":\"orders\",\"exit_code\":137"));
        auto workspace = create();
        QVERIFY(import(workspace, at("a.jsonl")).has_value());
        const auto report = import(workspace, at("b.jsonl"));
        QVERIFY(report.has_value());
        QCOMPARE(report->sources.front().joined, std::uint64_t(1));
        QCOMPARE(report->sources.front().attempts, std::uint64_t(1));
        QCOMPARE(report->attempts, std::uint64_t(0));
        QCOMPARE(report->failures, std::uint64_t(0));
        sqlite::Connection &connection = workspace.connection();
        QCOMPARE(connection.integer("SELECT count(*) FROM attempt").value_or(-1), std::int64_t(1));
        QCOMPARE(connection.text("SELECT n.name FROM attempt a JOIN name n ON n.id = a.owner_id").value_or(""),
                 std::string("ana"));
        QCOMPARE(connection.text("SELECT n.name FROM attempt a JOIN name n ON n.id = a.team_id").value_or(""),
                 std::string("orders"));
        QCOMPARE(connection.integer("SELECT exit_code FROM attempt").value_or(-1), std::int64_t(137));
        QCOMPARE(connection
                     .text("SELECT group_concat(field, ' ') FROM (SELECT field FROM attempt_fact WHERE source_id = 2 "
                           "ORDER BY field)")
                     .value_or(""),
                 std::string("exit_code team_id"));
    }

    void importSources_costs_nameWhereTheyCameFrom()
    {
        write(at("a.jsonl"), row("logged", 1, "failed", ",\"cost_usd\":1.5")
                                 + row("resources", 1, "failed", ",\"vcore_seconds\":3600")
                                 + row("duration", 1, "failed", ",\"config\":{\"spark.executor.instances\":\"2\"}"));
        auto workspace = create();
        QVERIFY(import(workspace, at("a.jsonl")).has_value());
        QCOMPARE(workspace.connection()
                     .text("SELECT group_concat(run || '=' || cost_source, ' ') FROM (SELECT * FROM attempt ORDER BY "
                           "cost_source)")
                     .value_or(""),
                 std::string("logged=1 resources=2 duration=3"));
    }

    void importSources_unusableInput_isReportedAndTheOthersGoOn()
    {
        write(at("good.jsonl"), row("r1", 1, "failed"));
        write(at("empty.jsonl"), "");
        write(at("bad.bin"), std::string("\x7F"
                                         "ELF\0\0",
                                         6));
        auto workspace = create();
        base::Progress progress;
        const std::vector<std::string> paths{path("missing.jsonl"), path("empty.jsonl"), path("bad.bin"),
                                             path("good.jsonl")};
        const auto report = importSources(workspace, paths, {}, {}, progress);
        QVERIFY(report.has_value());
        QCOMPARE(report->sources.size(), size_t(4));
        QVERIFY(report->sources[0].reason.find("No such file") != std::string::npos);
        QVERIFY(report->sources[1].reason.find("empty") != std::string::npos);
        QVERIFY(report->sources[2].reason.find("binary") != std::string::npos);
        QCOMPARE(report->sources[3].status, SourceStatus::Imported);
    }

    void importSources_stopInTheMiddle_leavesNothingOfTheSource()
    {
        write(at("big.jsonl"), history(20000));
        auto workspace = create();
        std::stop_source stop;
        base::Progress progress;
        std::thread stopper([&] {
            while (progress.sample().stage.rfind("Reading", 0) != 0 || progress.sample().done == 0)
                std::this_thread::yield();
            stop.request_stop();
        });
        const std::vector<std::string> paths{path("big.jsonl")};
        const auto report = importSources(workspace, paths, {}, stop.get_token(), progress);
        stopper.join();
        QVERIFY(!report.has_value());
        QCOMPARE(report.error().code, base::ErrorCode::Cancelled);
        QCOMPARE(workspace.info()->attempts, std::uint64_t(0));
        QCOMPARE(workspace.info()->sources, std::uint64_t(0));
        QVERIFY(import(workspace, at("big.jsonl")).has_value());
        QCOMPARE(workspace.info()->attempts, std::uint64_t(20000));
    }

    void importSources_killedAtAnyMoment_leavesAWorkspaceThatImportsTheSameRows()
    {
        // Large enough for its indices to be built at the end.
        write(at("big.jsonl"), history(6000) + "{broken\n");
        QVERIFY(QFileInfo(at("big.jsonl")).size() > (4 << 20));
        auto reference = create("reference.mulligan");
        QVERIFY(import(reference, at("big.jsonl")).has_value());
        const std::string expected = contentOf(reference);
        base::Rng rng(20260102, "kills");
        int interrupted = 0;
        for (int round = 0; round < 12; ++round) {
            const QString name = QStringLiteral("round%1.mulligan").arg(round);
            {
                const auto made = store::Workspace::create(path(name));
                QVERIFY(made.has_value());
            }
            const pid_t child = ::fork();
            if (child == 0) {
                auto workspace = store::Workspace::open(path(name), store::OpenMode::ReadWrite);
                ::_exit(workspace.has_value() && import(*workspace, at("big.jsonl")).has_value() ? 0 : 1);
            }
            ::usleep(static_cast<useconds_t>(rng.between(500, 200'000)));
            ::kill(child, SIGKILL);
            int status = 0;
            ::waitpid(child, &status, 0);
            interrupted += WIFSIGNALED(status) ? 1 : 0;
            auto workspace = store::Workspace::open(path(name), store::OpenMode::ReadWrite);
            QVERIFY2(workspace.has_value(), workspace ? "" : workspace.error().text().c_str());
            QCOMPARE(workspace->connection().text("PRAGMA integrity_check").value_or(""), std::string("ok"));
            const auto half = workspace->info();
            QVERIFY(half->attempts == 0 || half->attempts == 6000);
            QVERIFY(import(*workspace, at("big.jsonl")).has_value());
            QCOMPARE(contentOf(*workspace), expected);
        }
        QVERIFY2(interrupted > 0, "every import was faster than its kill");
    }

    void importSources_secondProcessReads_whileOneImports()
    {
#ifdef __SANITIZE_THREAD__
        QSKIP("the thread sanitizer does not follow threads begun in a forked process");
#endif
        write(at("first.jsonl"), row("r1", 1, "failed"));
        write(at("big.jsonl"), history(20000));
        auto workspace = create();
        QVERIFY(import(workspace, at("first.jsonl")).has_value());
        int begun[2];
        QCOMPARE(::pipe(begun), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            auto writer = store::Workspace::open(path("w.mulligan"), store::OpenMode::ReadWrite);
            if (!writer || ::write(begun[1], "x", 1) != 1)
                ::_exit(1);
            ::_exit(import(*writer, at("big.jsonl")).has_value() ? 0 : 2);
        }
        char ready = 0;
        QCOMPARE(::read(begun[0], &ready, 1), ssize_t(1));
        int reads = 0;
        int status = 0;
        std::uint64_t seen = 1;
        while (::waitpid(child, &status, WNOHANG) == 0) {
            auto reader = store::Workspace::open(path("w.mulligan"), store::OpenMode::ReadOnly);
            QVERIFY2(reader.has_value(), reader ? "" : reader.error().text().c_str());
            const auto info = reader->info();
            QVERIFY2(info.has_value(), info ? "" : info.error().text().c_str());
            QVERIFY(info->attempts == 1 || info->attempts == 20001);
            seen = info->attempts;
            ++reads;
        }
        QCOMPARE(WEXITSTATUS(status), 0);
        QVERIFY(reads > 0);
        Q_UNUSED(seen);
        QCOMPARE(workspace.info()->attempts, std::uint64_t(20001));
    }

    void importSources_secondWriter_isAConflictWithARemedy()
    {
        write(at("a.jsonl"), row("r1", 1, "failed"));
        auto workspace = create();
        auto other = store::Workspace::open(path("w.mulligan"), store::OpenMode::ReadWrite);
        QVERIFY(other.has_value());
        QVERIFY(other->connection().run("BEGIN IMMEDIATE").has_value());
        QVERIFY(workspace.connection().run("PRAGMA busy_timeout = 50").has_value());
        const auto report = import(workspace, at("a.jsonl"));
        QVERIFY(report.has_value());
        QCOMPARE(report->sources.front().status, SourceStatus::Rejected);
        QVERIFY2(report->sources.front().reason.find("Another process is writing") != std::string::npos,
                 report->sources.front().reason.c_str());
    }

    void importSources_databaseThatMayNotGrow_isDiskFullAndLosesNothing()
    {
        write(at("first.jsonl"), row("r1", 1, "failed"));
        write(at("big.jsonl"), history(20000));
        auto workspace = create();
        QVERIFY(import(workspace, at("first.jsonl")).has_value());
        const std::string before = contentOf(workspace);
        const auto pages = workspace.connection().integer("PRAGMA page_count");
        QVERIFY(
            workspace.connection().run("PRAGMA max_page_count = " + std::to_string(pages.value() + 200)).has_value());
        const auto report = import(workspace, at("big.jsonl"));
        QVERIFY(!report.has_value());
        QCOMPARE(report.error().code, base::ErrorCode::DiskFull);
        QVERIFY2(report.error().hint.find("Free space") != std::string::npos, report.error().text().c_str());
        QCOMPARE(contentOf(workspace), before);
    }

    void importSources_fileSizeLimitReached_isAnErrorAndLosesNothing()
    {
#ifdef __SANITIZE_THREAD__
        QSKIP("the thread sanitizer does not follow threads begun in a forked process");
#endif
        write(at("first.jsonl"), row("r1", 1, "failed"));
        write(at("big.jsonl"), history(20000));
        std::string before;
        {
            auto workspace = create();
            QVERIFY(import(workspace, at("first.jsonl")).has_value());
            before = contentOf(workspace);
        }
        const pid_t child = ::fork();
        if (child == 0) {
            // What the system refuses to write, as on a disk that fills up.
            ::signal(SIGXFSZ, SIG_IGN);
            auto workspace = store::Workspace::open(path("w.mulligan"), store::OpenMode::ReadWrite);
            if (!workspace)
                ::_exit(9);
            const struct rlimit limit {
                2u << 20, 2u << 20
            };
            ::setrlimit(RLIMIT_FSIZE, &limit);
            const auto report = import(*workspace, at("big.jsonl"));
            const bool refused = !report.has_value() || report->sources.front().status == SourceStatus::Rejected;
            ::_exit(refused ? 0 : 1);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        QCOMPARE(WEXITSTATUS(status), 0);
        auto workspace = store::Workspace::open(path("w.mulligan"), store::OpenMode::ReadWrite);
        QVERIFY(workspace.has_value());
        QCOMPARE(contentOf(*workspace), before);
        QVERIFY(import(*workspace, at("big.jsonl")).has_value());
        QCOMPARE(workspace->info()->attempts, std::uint64_t(20001));
    }

    void importSources_jsonLinesAndCsvOfTheSameRows_giveTheSameHistory()
    {
        generated::Rows rows(7, 50);
        std::string json;
        std::string csv = generated::Rows::csvHeader();
        for (int i = 0; i < 500; ++i) {
            const generated::Row made = rows.next();
            json += rows.jsonLine(made);
            csv += rows.csvLine(made);
        }
        write(at("a.jsonl"), json);
        write(at("a.csv"), csv);
        auto fromJson = create("json.mulligan");
        auto fromCsv = create("csv.mulligan");
        QVERIFY(import(fromJson, at("a.jsonl")).has_value());
        QVERIFY(import(fromCsv, at("a.csv")).has_value());
        const auto facts = [](store::Workspace &workspace) {
            return workspace.connection()
                .text(
                    "SELECT group_concat(x, char(10)) FROM (SELECT a.run || a.outcome || a.started_ms || a.ended_ms || "
                    "ifnull(hex(t.hash), '') || ifnull(c.body, '') || f.body || a.metrics || a.cost_usd AS x FROM "
                    "attempt "
                    "a LEFT JOIN error_text t ON t.id = a.text_id LEFT JOIN cause c ON c.id = a.cause_id JOIN config f "
                    "ON f.id = a.config_id ORDER BY a.run)")
                .value_or("");
        };
        QVERIFY(facts(fromJson).size() > 10000);
        QCOMPARE(facts(fromJson), facts(fromCsv));
    }

private:
    [[nodiscard]] QString at(const QString &name) const
    {
        return m_directory->filePath(name);
    }
    [[nodiscard]] std::string path(const QString &name) const
    {
        return at(name).toStdString();
    }
    store::Workspace create(const QString &name = QStringLiteral("w.mulligan"))
    {
        auto made = store::Workspace::create(path(name));
        if (!made)
            qFatal("%s", made.error().text().c_str());
        return std::move(made).value();
    }
    static std::string history(int count)
    {
        generated::Rows rows(42, 300);
        std::string out;
        for (int i = 0; i < count; ++i)
            out += rows.jsonLine(rows.next());
        return out;
    }

    std::unique_ptr<QTemporaryDir> m_directory;
};

QTEST_GUILESS_MAIN(TestImport)
#include "tst_import.moc"
