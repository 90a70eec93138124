#include "import_folder.hpp"

#include <atomic>
#include <csignal>
#include <thread>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mulligan;
using namespace mulligan::importing;
using namespace mulligan::pipeline;

/// What is left of an import that is stopped, killed or refused, and what others see meanwhile.
class TestImportInterrupted : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<importing::Folder>(); }

    void importSources_stopInTheMiddle_leavesNothingOfTheSource()
    {
        write(m_folder->at("big.jsonl"), history(20000));
        auto workspace = m_folder->create();
        std::stop_source stop;
        base::Progress progress;
        std::atomic<bool> ended = false;
        std::thread stopper([&] {
            while (!ended && (progress.sample().stage.rfind("Reading", 0) != 0 || progress.sample().done == 0))
                std::this_thread::yield();
            stop.request_stop();
        });
        const std::vector<std::string> paths{m_folder->path("big.jsonl")};
        const auto report = importSources(workspace, paths, {}, stop.get_token(), progress);
        ended = true;
        stopper.join();
        QVERIFY(!report.has_value());
        QCOMPARE(report.error().code, base::ErrorCode::Cancelled);
        QCOMPARE(report.error().message, std::string("Cancelled; nothing was stored"));
        QCOMPARE(workspace.info()->attempts, std::uint64_t(0));
        QCOMPARE(workspace.info()->sources, std::uint64_t(0));
        QVERIFY(import(workspace, m_folder->at("big.jsonl")).has_value());
        QCOMPARE(workspace.info()->attempts, std::uint64_t(20000));
    }

    void importSources_folderStoppedInALaterSource_saysWhatWasStoredAndGoesOnFromThere()
    {
        write(m_folder->at("in/a.jsonl"), row("r1", 1, "failed") + row("r1", 2, "succeeded"));
        write(m_folder->at("in/b.jsonl"), R"({"job":"x","run":"y","attempt":0})");
        const std::string last = history(60000);
        write(m_folder->at("in/c.jsonl"), last);
        auto workspace = m_folder->create();
        std::stop_source stop;
        base::Progress progress;
        std::atomic<bool> ended = false;
        std::thread stopper([&] {
            // No more than some thousand rows are read ahead: half-way in the last source those before are stored.
            while (!ended && progress.sample().done < last.size() / 2)
                std::this_thread::yield();
            stop.request_stop();
        });
        const std::vector<std::string> paths{m_folder->path("in")};
        const auto report = importSources(workspace, paths, {}, stop.get_token(), progress);
        ended = true;
        stopper.join();
        QVERIFY(!report.has_value());
        const base::Error &error = report.error();
        QCOMPARE(error.code, base::ErrorCode::Cancelled);
        QCOMPARE(error.message, std::string("Cancelled; 2 sources with 2 new attempts were stored before that"));
        QCOMPARE(error.context, std::vector<std::string>{"file " + m_folder->path("in/c.jsonl")});
        QVERIFY2(error.hint.starts_with("Import the same paths again: what was stored"), error.hint.c_str());
        const auto info = workspace.info();
        QVERIFY2(info.has_value(), info ? "" : info.error().text().c_str());
        QCOMPARE(info->attempts, std::uint64_t(2));
        const auto again = import(workspace, m_folder->at("in"));
        QVERIFY(again.has_value());
        QCOMPARE(again->sources[0].status, SourceStatus::Duplicate);
        QCOMPARE(again->attempts, std::uint64_t(60000));
    }

    void importSources_killedAtAnyMoment_leavesAWorkspaceThatImportsTheSameRows()
    {
        // Large enough for its indices to be built at the end.
        write(m_folder->at("big.jsonl"), history(6000) + "{broken\n");
        QVERIFY(QFileInfo(m_folder->at("big.jsonl")).size() > (4 << 20));
        auto reference = m_folder->create("reference.mulligan");
        QVERIFY(import(reference, m_folder->at("big.jsonl")).has_value());
        const std::string expected = contentOf(reference);
        base::Rng rng(20260102, "kills");
        int interrupted = 0;
        for (int round = 0; round < 12; ++round) {
            const QString name = QStringLiteral("round%1.mulligan").arg(round);
            {
                const auto made = store::Workspace::create(m_folder->path(name));
                QVERIFY(made.has_value());
            }
            const pid_t child = ::fork();
            if (child == 0) {
                auto workspace = store::Workspace::open(m_folder->path(name), store::OpenMode::ReadWrite);
                ::_exit(workspace.has_value() && import(*workspace, m_folder->at("big.jsonl")).has_value() ? 0 : 1);
            }
            ::usleep(static_cast<useconds_t>(rng.between(500, 200'000)));
            ::kill(child, SIGKILL);
            int status = 0;
            ::waitpid(child, &status, 0);
            interrupted += WIFSIGNALED(status) ? 1 : 0;
            auto workspace = store::Workspace::open(m_folder->path(name), store::OpenMode::ReadWrite);
            QVERIFY2(workspace.has_value(), workspace ? "" : workspace.error().text().c_str());
            QCOMPARE(workspace->connection().text("PRAGMA integrity_check").value_or(""), std::string("ok"));
            const auto half = workspace->info();
            QVERIFY(half->attempts == 0 || half->attempts == 6000);
            QVERIFY(import(*workspace, m_folder->at("big.jsonl")).has_value());
            QCOMPARE(contentOf(*workspace), expected);
        }
        QVERIFY2(interrupted > 0, "every import was faster than its kill");
    }

    void importSources_secondProcessReads_whileOneImports()
    {
#ifdef __SANITIZE_THREAD__
        QSKIP("the thread sanitizer does not follow threads begun in a forked process");
#endif
        write(m_folder->at("first.jsonl"), row("r1", 1, "failed"));
        write(m_folder->at("big.jsonl"), history(20000));
        auto workspace = m_folder->create();
        QVERIFY(import(workspace, m_folder->at("first.jsonl")).has_value());
        int begun[2];
        QCOMPARE(::pipe(begun), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            auto writer = store::Workspace::open(m_folder->path("w.mulligan"), store::OpenMode::ReadWrite);
            if (!writer || ::write(begun[1], "x", 1) != 1)
                ::_exit(1);
            ::_exit(import(*writer, m_folder->at("big.jsonl")).has_value() ? 0 : 2);
        }
        char ready = 0;
        QCOMPARE(::read(begun[0], &ready, 1), ssize_t(1));
        int reads = 0;
        int status = 0;
        std::uint64_t seen = 1;
        while (::waitpid(child, &status, WNOHANG) == 0) {
            auto reader = store::Workspace::open(m_folder->path("w.mulligan"), store::OpenMode::ReadOnly);
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
        write(m_folder->at("a.jsonl"), row("r1", 1, "failed"));
        auto workspace = m_folder->create();
        auto other = store::Workspace::open(m_folder->path("w.mulligan"), store::OpenMode::ReadWrite);
        QVERIFY(other.has_value());
        QVERIFY(other->connection().run("BEGIN IMMEDIATE").has_value());
        QVERIFY(workspace.connection().run("PRAGMA busy_timeout = 50").has_value());
        const auto report = import(workspace, m_folder->at("a.jsonl"));
        QVERIFY(report.has_value());
        QCOMPARE(report->sources.front().status, SourceStatus::Rejected);
        QVERIFY2(report->sources.front().reason.find("Another process is writing") != std::string::npos,
                 report->sources.front().reason.c_str());
    }

    void importSources_databaseThatMayNotGrow_isDiskFullAndLosesNothing()
    {
        write(m_folder->at("first.jsonl"), row("r1", 1, "failed"));
        write(m_folder->at("second.jsonl"), row("r2", 1, "failed"));
        write(m_folder->at("big.jsonl"), history(20000));
        auto workspace = m_folder->create();
        QVERIFY(import(workspace, m_folder->at("first.jsonl")).has_value());
        auto reference = m_folder->create("reference.mulligan");
        for (const char *name : {"first.jsonl", "second.jsonl"})
            QVERIFY(import(reference, m_folder->at(name)).has_value());
        const auto pages = workspace.connection().integer("PRAGMA page_count");
        QVERIFY(
            workspace.connection().run("PRAGMA max_page_count = " + std::to_string(pages.value() + 200)).has_value());
        base::Progress progress;
        const std::vector<std::string> paths{m_folder->path("second.jsonl"), m_folder->path("big.jsonl")};
        const auto report = importSources(workspace, paths, {}, {}, progress);
        QVERIFY(!report.has_value());
        const base::Error &error = report.error();
        QCOMPARE(error.code, base::ErrorCode::DiskFull);
        QVERIFY2(error.message.ends_with("; 1 source with 1 new attempt was stored before that"),
                 error.message.c_str());
        QCOMPARE(error.context.front(), "file " + paths[1]);
        QCOMPARE(error.hint, std::string("Free space on the disk that holds the workspace, then import the same paths "
                                         "again: what was stored is passed over and the import goes on from there."));
        QCOMPARE(contentOf(workspace), contentOf(reference));
    }

    void importSources_fileSizeLimitReached_isAnErrorAndLosesNothing()
    {
#ifdef __SANITIZE_THREAD__
        QSKIP("the thread sanitizer does not follow threads begun in a forked process");
#endif
        write(m_folder->at("first.jsonl"), row("r1", 1, "failed"));
        write(m_folder->at("big.jsonl"), history(20000));
        std::string before;
        {
            auto workspace = m_folder->create();
            QVERIFY(import(workspace, m_folder->at("first.jsonl")).has_value());
            before = contentOf(workspace);
        }
        const pid_t child = ::fork();
        if (child == 0) {
            // What the system refuses to write, as on a disk that fills up.
            ::signal(SIGXFSZ, SIG_IGN);
            auto workspace = store::Workspace::open(m_folder->path("w.mulligan"), store::OpenMode::ReadWrite);
            if (!workspace)
                ::_exit(9);
            const struct rlimit limit {
                2u << 20, 2u << 20
            };
            ::setrlimit(RLIMIT_FSIZE, &limit);
            const auto report = import(*workspace, m_folder->at("big.jsonl"));
            const bool refused = !report.has_value() || report->sources.front().status == SourceStatus::Rejected;
            ::_exit(refused ? 0 : 1);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        QCOMPARE(WEXITSTATUS(status), 0);
        auto workspace = store::Workspace::open(m_folder->path("w.mulligan"), store::OpenMode::ReadWrite);
        QVERIFY(workspace.has_value());
        QCOMPARE(contentOf(*workspace), before);
        QVERIFY(import(*workspace, m_folder->at("big.jsonl")).has_value());
        QCOMPARE(workspace->info()->attempts, std::uint64_t(20001));
    }

private:
    /// As another process sees them.
    std::unique_ptr<importing::Folder> m_folder;
};

QTEST_GUILESS_MAIN(TestImportInterrupted)
#include "tst_import_interrupted.moc"
