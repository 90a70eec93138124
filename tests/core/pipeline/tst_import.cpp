#include "pipeline/import_sources.hpp"

#include "import_folder.hpp"

#include <set>
#include <thread>

using namespace mulligan;
using namespace mulligan::importing;
using namespace mulligan::pipeline;

class TestImport : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<importing::Folder>(); }

    void importSources_folder_reportsEverySource()
    {
        write(m_folder->at("in/a.jsonl"),
              row("r1", 1, "failed", ",\"error_text\":\"java.lang.OutOfMemoryError: Java heap space\"")
                  + row("r1", 2, "succeeded") + "{broken\n");
        write(m_folder->at("in/b.jsonl"),
              "{\"job\":\"x\",\"run\":\"y\",\"attempt\":0}\n{\"job\":\"x\",\"run\":\"y\",\"attempt\":0}\n");
        write(m_folder->at("in/README.md"), "about\n");
        auto workspace = m_folder->create();
        const auto report = import(workspace, m_folder->at("in"));
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
        write(m_folder->at("a.jsonl"), row("r1", 1, "failed") + "{broken\n");
        write(m_folder->at("copy.jsonl"), row("r1", 1, "failed") + "{broken\n");
        auto workspace = m_folder->create();
        QVERIFY(import(workspace, m_folder->at("a.jsonl")).has_value());
        const std::string before = contentOf(workspace);
        const auto again = import(workspace, m_folder->at("copy.jsonl"));
        QVERIFY(again.has_value());
        QCOMPARE(again->sources.front().status, SourceStatus::Duplicate);
        QVERIFY(again->sources.front().reason.find("a.jsonl") != std::string::npos);
        QCOMPARE(again->attempts, std::uint64_t(0));
        QCOMPARE(contentOf(workspace), before);
    }

    void importSources_attemptThatRepeats_isRejectedOnce()
    {
        write(m_folder->at("a.jsonl"), row("r1", 1, "failed") + row("r1", 1, "succeeded") + row("r1", 2, "succeeded"));
        auto workspace = m_folder->create();
        const auto report = import(workspace, m_folder->at("a.jsonl"));
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

    void importSources_rowThatRepeats_isRejectedWithItsOwnTextWhateverCameBefore_data()
    {
        QTest::addColumn<bool>("joined");
        QTest::addColumn<bool>("grown");
        QTest::newRow("alone") << false << false;
        QTest::newRow("its attempt is another source's") << true << false;
        QTest::newRow("the file has grown by it") << false << true;
        QTest::newRow("both") << true << true;
    }
    void importSources_rowThatRepeats_isRejectedWithItsOwnTextWhateverCameBefore()
    {
        QFETCH(bool, joined);
        QFETCH(bool, grown);
        const std::string header = "job,run,attempt,outcome,started_at,ended_at,error_text\n";
        const std::string once = "orders,r1,1,failed,2026-01-02T03:04:05Z,2026-01-02T04:04:05Z,first\n";
        const std::string repeated =
            "orders,r1,1,killed,2026-01-02T05:04:05Z,2026-01-02T06:04:05Z,\"second, password=hunter2hunter\"";
        write(m_folder->at("other.jsonl"), row("r1", 1, "failed"));
        write(m_folder->at("a.csv"), header + once);
        auto workspace = m_folder->create();
        if (joined)
            QVERIFY(import(workspace, m_folder->at("other.jsonl")).has_value());
        if (grown)
            QVERIFY(import(workspace, m_folder->at("a.csv")).has_value());
        write(m_folder->at("a.csv"), header + once + repeated + '\n');
        const auto report = import(workspace, m_folder->at("a.csv"));
        QVERIFY(report.has_value());
        QCOMPARE(report->rejectedRows, std::uint64_t(1));
        std::vector<store::RejectRow> rejects;
        QVERIFY(workspace
                    .forEachReject([&](const auto &reject) {
                        rejects.push_back(reject);
                        return true;
                    })
                    .has_value());
        QCOMPARE(rejects.size(), std::size_t(1));
        QCOMPARE(rejects.front().line, std::uint64_t(3));
        std::string shown = repeated;
        shown.replace(shown.find("hunter2hunter"), 13, "[redacted:password]");
        QCOMPARE(QString::fromStdString(rejects.front().text), QString::fromStdString(shown));
        QCOMPARE(workspace.connection().text("SELECT count(*) || ' ' || max(outcome) FROM attempt").value_or(""),
                 std::string("1 1"));
    }

    void importSources_sameFileByTwoAtOnce_isImportedOnceAndADuplicateOnce()
    {
        std::string rows;
        for (int i = 0; i < 5000; ++i)
            rows += row("r" + std::to_string(i), 1, "failed");
        write(m_folder->at("a.jsonl"), rows);
        auto first = m_folder->create();
        auto second = store::Workspace::open(m_folder->path("w.mulligan"), store::OpenMode::ReadWrite);
        QVERIFY(second.has_value());
        base::Result<ImportReport> reports[2] = {ImportReport(), ImportReport()};
        {
            const std::jthread one([&] { reports[0] = import(first, m_folder->at("a.jsonl")); });
            const std::jthread other([&] { reports[1] = import(*second, m_folder->at("a.jsonl")); });
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
        write(m_folder->at("a.jsonl"), "{broken\n{}\n");
        auto workspace = m_folder->create();
        for (int i = 0; i < 2; ++i) {
            const auto report = import(workspace, m_folder->at("a.jsonl"));
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
        write(m_folder->at("a.jsonl"),
              row("now", 1, "failed") + R"({"job":"j","run":"later","attempt":1,"outcome":"failed")" + later);
        auto workspace = m_folder->create();
        const auto report = import(workspace, m_folder->at("a.jsonl"));
        QVERIFY(report.has_value());
        QCOMPARE(report->attempts, std::uint64_t(2));
        QCOMPARE(report->sources.front().warnings.size(), size_t(1));
        QVERIFY(report->sources.front().warnings.front().starts_with(
            "1 attempt ends in the future (latest 2126-03-01); the data's end"));
        QCOMPARE(workspace.sources()->front().warnings, report->sources.front().warnings);
    }

    void importSources_folderWithoutFiles_saysThatNothingWasFound()
    {
        QVERIFY(QDir().mkpath(m_folder->at("nothing")));
        auto workspace = m_folder->create();
        const auto report = import(workspace, m_folder->at("nothing"));
        QVERIFY(report.has_value());
        QCOMPARE(report->sources.size(), size_t(1));
        QCOMPARE(report->sources.front().status, SourceStatus::Rejected);
        QVERIFY(report->sources.front().reason.find("Nothing readable was found") != std::string::npos);
    }

    void importSources_secondSourceOfAnAttempt_joinsAndKeepsItsSource()
    {
        write(m_folder->at("a.jsonl"), row("r1", 1, "failed", ",\"owner\":\"ana\""));
        write(m_folder->at("b.jsonl"),
              row("r1", 1, "failed", ",\"owner\":\"ben\",\"team\":\"orders\",\"exit_code\":137"));
        auto workspace = m_folder->create();
        QVERIFY(import(workspace, m_folder->at("a.jsonl")).has_value());
        const auto report = import(workspace, m_folder->at("b.jsonl"));
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
                 std::string("exit_code team"));
    }

    void importSources_costs_nameWhereTheyCameFrom()
    {
        write(m_folder->at("a.jsonl"),
              row("logged", 1, "failed", ",\"cost_usd\":1.5") + row("resources", 1, "failed", ",\"vcore_seconds\":3600")
                  + row("duration", 1, "failed", ",\"config\":{\"spark.executor.instances\":\"2\"}"));
        auto workspace = m_folder->create();
        QVERIFY(import(workspace, m_folder->at("a.jsonl")).has_value());
        QCOMPARE(workspace.connection()
                     .text("SELECT group_concat(run || '=' || cost_source, ' ') FROM (SELECT * FROM attempt ORDER BY "
                           "cost_source)")
                     .value_or(""),
                 std::string("logged=1 resources=2 duration=3"));
    }

    void importSources_unusableInput_isReportedAndTheOthersGoOn()
    {
        write(m_folder->at("good.jsonl"), row("r1", 1, "failed"));
        write(m_folder->at("empty.jsonl"), "");
        write(m_folder->at("bad.bin"), std::string("\x7F"
                                                   "ELF\0\0",
                                                   6));
        auto workspace = m_folder->create();
        base::Progress progress;
        const std::vector<std::string> paths{m_folder->path("missing.jsonl"), m_folder->path("empty.jsonl"),
                                             m_folder->path("bad.bin"), m_folder->path("good.jsonl")};
        const auto report = importSources(workspace, paths, {}, {}, progress);
        QVERIFY(report.has_value());
        QCOMPARE(report->sources.size(), size_t(4));
        QVERIFY(report->sources[0].reason.find("No such file") != std::string::npos);
        QVERIFY(report->sources[1].reason.find("empty") != std::string::npos);
        QVERIFY(report->sources[2].reason.find("binary") != std::string::npos);
        QCOMPARE(report->sources[3].status, SourceStatus::Imported);
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
        write(m_folder->at("a.jsonl"), json);
        write(m_folder->at("a.csv"), csv);
        auto fromJson = m_folder->create("json.mulligan");
        auto fromCsv = m_folder->create("csv.mulligan");
        QVERIFY(import(fromJson, m_folder->at("a.jsonl")).has_value());
        QVERIFY(import(fromCsv, m_folder->at("a.csv")).has_value());
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
    std::unique_ptr<importing::Folder> m_folder;
};

QTEST_GUILESS_MAIN(TestImport)
#include "tst_import.moc"
