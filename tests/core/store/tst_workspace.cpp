#include "store/workspace.hpp"

#include "store/migrations.hpp"
#include "store/source_writer.hpp"

#include <QtTest>

#include <fstream>
#include <functional>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mulligan;
using namespace mulligan::store;

namespace
{

constexpr const char *kDropVersion3 = "DROP TABLE classified_rule; DROP TABLE verdict_subject; DROP TABLE "
                                      "success_tried; DROP TABLE success_hit; DROP INDEX success_text; "
                                      "DROP TABLE audit; DROP TABLE audit_stratum; DROP TABLE audit_sample; DROP TABLE "
                                      "audit_answer; DROP TABLE cause_cluster_member; DROP TABLE cause_cluster; ";

constexpr const char *kBackToVersion4 = "ALTER TABLE rule_match DROP COLUMN evidence; DROP INDEX success_hit_attempt; ";
constexpr const char *kDropVersion4 = "DROP TABLE witness; ";
constexpr const char *kBackToVersion3 =
    "DROP TABLE witness; ALTER TABLE source ADD COLUMN conflicts INTEGER NOT NULL DEFAULT 0; ";

/// The tables as they were before sources joined.
void makeVersion0(const std::string &path)
{
    {
        const auto made = Workspace::create(path);
        QVERIFY(made.has_value());
    }
    auto connection = sqlite::Connection::open(path, sqlite::Access::ReadWrite);
    QVERIFY(connection.has_value());
    const auto done =
        connection->run(std::string(kBackToVersion4) + kDropVersion4 + kDropVersion3
                        + "DROP TABLE attempt_fact; DROP TABLE conflict; DROP TABLE source_log; DROP TABLE file_seen; "
                          "DROP TABLE recommendation; DROP INDEX attempt_application; DROP INDEX failure_run; "
                          "DROP INDEX failure_facets; ALTER TABLE source DROP COLUMN joined; "
                          "ALTER TABLE attempt DROP COLUMN application_attempt; "
                          "ALTER TABLE attempt DROP COLUMN identity_rank; ALTER TABLE attempt DROP COLUMN "
                          "changed_source; ALTER TABLE source DROP COLUMN "
                          "redacted; ALTER TABLE source DROP COLUMN truncated; ALTER TABLE source DROP COLUMN from_ms; "
                          "ALTER TABLE source DROP COLUMN to_ms; ALTER TABLE source DROP COLUMN mapping; ALTER TABLE "
                          "source DROP COLUMN place; "
                          "CREATE INDEX failure_started ON attempt(started_ms) WHERE outcome IN (1, 2); "
                          "CREATE INDEX failure_job ON attempt(job_id, started_ms) WHERE outcome IN (1, 2); "
                          "INSERT INTO source(path, format, sha256, bytes, imported_ms) "
                          "VALUES('old.jsonl', 'attempts', 'abc', 5, 7); PRAGMA user_version = 0");
    QVERIFY2(done.has_value(), done ? "" : done.error().text().c_str());
}

/// Runs a check as a user without rights, which root is not: a child gives its rights away. True when it returned 0.
bool asNobody(const std::function<int()> &check)
{
    const pid_t child = ::fork();
    if (child == 0) {
        if (::getuid() == 0 && ::setuid(65534) != 0)
            ::_exit(99);
        ::_exit(check());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
        qWarning("the check ended with %d", WEXITSTATUS(status));
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

model::Attempt attempt(const std::string &run)
{
    model::Attempt out;
    out.job = "orders";
    out.run = run;
    out.outcome = model::Outcome::Failed;
    out.endedAt = {1000};
    out.errorText = "java.lang.IllegalStateException: gone";
    return out;
}

} // namespace

class TestWorkspace : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }

    void create_newFile_isAnEmptyWorkspace()
    {
        auto made = Workspace::create(path("w.mulligan"));
        QVERIFY2(made.has_value(), made ? "" : made.error().text().c_str());
        const auto info = made->info();
        QVERIFY(info.has_value());
        QCOMPARE(info->schemaVersion, kSchemaVersion);
        QCOMPARE(info->attempts, std::uint64_t(0));
        sqlite::Connection &connection = made->connection();
        QCOMPARE(connection.integer("PRAGMA application_id").value_or(0), kApplicationId);
        QCOMPARE(connection.integer("PRAGMA user_version").value_or(-1), std::int64_t(kSchemaVersion));
        QCOMPARE(connection.text("PRAGMA journal_mode").value_or(""), std::string("wal"));
    }

    void create_unusablePath_saysWhy_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("code");
        QTest::newRow("the file exists") << "there.mulligan" << int(base::ErrorCode::Conflict);
        QTest::newRow("there is no folder") << "none/w.mulligan" << int(base::ErrorCode::NotFound);
    }
    void create_unusablePath_saysWhy()
    {
        QFETCH(QString, name);
        QFETCH(int, code);
        write("there.mulligan", "mine");
        const auto made = Workspace::create(path(name));
        QVERIFY(!made.has_value());
        QCOMPARE(int(made.error().code), code);
        QVERIFY(!made.error().hint.empty());
        QCOMPARE(read("there.mulligan"), std::string("mine"));
    }

    void open_unusableFile_saysWhy_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("message");
        QTest::newRow("a missing file") << "missing" << int(base::ErrorCode::NotFound) << "There is no workspace";
        QTest::newRow("a folder") << "folder" << int(base::ErrorCode::Unsupported) << "is a folder";
        QTest::newRow("a text file") << "text" << int(base::ErrorCode::Unsupported) << "is not a Mulligan workspace";
        QTest::newRow("an empty file") << "empty" << int(base::ErrorCode::Unsupported) << "is not a Mulligan workspace";
        QTest::newRow("another database")
            << "other" << int(base::ErrorCode::Unsupported) << "but not a Mulligan workspace";
        QTest::newRow("a newer schema") << "newer" << int(base::ErrorCode::NewerVersion)
                                        << "written by a newer Mulligan";
        QTest::newRow("a damaged page") << "damaged" << int(base::ErrorCode::Corrupt) << "";
        QTest::newRow("a missing table") << "table" << int(base::ErrorCode::Corrupt) << "is damaged";
        QTest::newRow("a file that was cut") << "cut" << int(base::ErrorCode::Corrupt) << "";
    }
    void open_unusableFile_saysWhy()
    {
        QFETCH(QString, kind);
        QFETCH(int, code);
        QFETCH(QString, message);
        make(kind);
        for (const OpenMode mode : {OpenMode::ReadOnly, OpenMode::ReadWrite}) {
            const auto opened = Workspace::open(path("w.mulligan"), mode);
            QVERIFY(!opened.has_value());
            QCOMPARE(base::codeName(opened.error().code), base::codeName(static_cast<base::ErrorCode>(code)));
            QVERIFY2(QString::fromStdString(opened.error().text()).contains(message), opened.error().text().c_str());
            QVERIFY(!opened.error().hint.empty());
        }
    }

    /// Whatever opens the file beside SQLite drops this process's locks on it when it closes it, and the next process
    /// that ends takes the log away from under it.
    void open_anotherProcessEndsMeanwhile_logIsStillThere()
    {
        const std::string file = path("w.mulligan");
        QVERIFY(Workspace::create(file).has_value());
        int go[2] = {};
        QCOMPARE(::pipe(go), 0);
        const pid_t child = ::fork(); // before SQLite holds anything
        if (child == 0) {
            char byte = 0;
            if (::read(go[0], &byte, 1) != 1)
                ::_exit(1);
            auto theirs = Workspace::open(file, OpenMode::ReadWrite);
            const bool done = theirs && theirs->setSetting("theirs", "1");
            theirs = base::makeError(base::ErrorCode::Cancelled, "closed");
            ::_exit(done ? 0 : 2);
        }
        auto ours = Workspace::open(file, OpenMode::ReadWrite);
        QVERIFY(ours.has_value());
        QVERIFY(ours->setSetting("ours", "1").has_value());
        QVERIFY(Workspace::open(file, OpenMode::ReadOnly).has_value());
        QVERIFY(!Workspace::refuseToReplace(file).has_value());
        QVERIFY(!Workspace::refuseToReplace(file + "-wal").has_value());
        QCOMPARE(::write(go[1], "x", 1), ssize_t(1));
        int status = 0;
        ::waitpid(child, &status, 0);
        QCOMPARE(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0);
        QVERIFY(QFile::exists(QString::fromStdString(file + "-wal")));
        QCOMPARE(ours->setting("theirs").value().value_or(""), std::string("1"));
        QVERIFY(ours->setSetting("ours", "2").has_value());
        QVERIFY(!ours->setting("none").value().has_value());
        QCOMPARE(ours->connection().text("PRAGMA integrity_check").value_or(""), std::string("ok"));
    }

    void open_olderFile_isMigratedAndKeepsItsRows_data()
    {
        QTest::addColumn<bool>("writing");
        QTest::newRow("for writing") << true;
        QTest::newRow("for reading") << false;
    }
    void open_olderFile_isMigratedAndKeepsItsRows()
    {
        QFETCH(bool, writing);
        makeVersion0(path("old.mulligan"));
        auto opened = Workspace::open(path("old.mulligan"), writing ? OpenMode::ReadWrite : OpenMode::ReadOnly);
        QVERIFY2(opened.has_value(), opened ? "" : opened.error().text().c_str());
        const auto sources = opened->sources();
        QVERIFY2(sources.has_value(), sources ? "" : sources.error().text().c_str());
        QCOMPARE(sources->size(), size_t(1));
        QCOMPARE(sources->front().path, std::string("old.jsonl"));
        QCOMPARE(sources->front().joined, std::uint64_t(0));
        sqlite::Connection &connection = opened->connection();
        QCOMPARE(connection.integer("PRAGMA user_version").value_or(-1), std::int64_t(kSchemaVersion));
        // A migrated file has what a new one has.
        auto fresh = Workspace::create(path("new.mulligan"));
        const std::string names = "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_schema ORDER BY name)";
        QCOMPARE(connection.text(names).value_or("a"), fresh->connection().text(names).value_or("b"));
    }

    void open_version2_hasWhatANewFileHas()
    {
        {
            const auto made = Workspace::create(path("old.mulligan"));
            QVERIFY(made.has_value());
        }
        {
            auto connection = sqlite::Connection::open(path("old.mulligan"), sqlite::Access::ReadWrite);
            QVERIFY(
                connection
                    ->run(std::string(kBackToVersion4) + kBackToVersion3 + kDropVersion3 + "PRAGMA user_version = 2")
                    .has_value());
        }
        auto opened = Workspace::open(path("old.mulligan"), OpenMode::ReadWrite);
        QVERIFY2(opened.has_value(), opened ? "" : opened.error().text().c_str());
        auto fresh = Workspace::create(path("new.mulligan"));
        const std::string names = "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_schema ORDER BY name)";
        QCOMPARE(opened->connection().text(names).value_or("a"), fresh->connection().text(names).value_or("b"));
    }

    void open_versionThatJudgedOtherwise_keepsVerdictsAndForgetsWhatTheyCameFrom_data()
    {
        QTest::addColumn<int>("version");
        QTest::newRow("5") << 5;
        QTest::newRow("6") << 6;
        QTest::newRow("7") << 7;
        QTest::newRow("8") << 8;
    }
    void open_versionThatJudgedOtherwise_keepsVerdictsAndForgetsWhatTheyCameFrom()
    {
        QFETCH(int, version);
        {
            const auto made = Workspace::create(path("old.mulligan"));
            QVERIFY(made.has_value());
        }
        {
            auto connection = sqlite::Connection::open(path("old.mulligan"), sqlite::Access::ReadWrite);
            QVERIFY(connection
                        ->run(std::string(
                                  "INSERT INTO verdict VALUES(1, 'a.b', 0, 0, 'r', 0, NULL, '', '', '', '{}', '[]'); "
                                  "INSERT INTO classified_rule VALUES('r', 'm', 'n', 'b'); "
                                  "INSERT INTO setting VALUES('verdicts.pack', 'x'), ('other', 'y'); "
                                  "PRAGMA user_version = ")
                              + std::to_string(version))
                        .has_value());
        }
        auto opened = Workspace::open(path("old.mulligan"), OpenMode::ReadWrite);
        QVERIFY2(opened.has_value(), opened ? "" : opened.error().text().c_str());
        sqlite::Connection &connection = opened->connection();
        QCOMPARE(connection.integer("SELECT count(*) FROM verdict").value_or(-1), std::int64_t(1));
        QCOMPARE(connection.integer("SELECT count(*) FROM classified_rule").value_or(-1), std::int64_t(0));
        QCOMPARE(connection.text("SELECT group_concat(key) FROM setting").value_or(""), std::string("other"));
    }

    void open_version4_keepsVerdictsAndForgetsWhatTheyCameFrom()
    {
        {
            const auto made = Workspace::create(path("old.mulligan"));
            QVERIFY(made.has_value());
        }
        {
            auto connection = sqlite::Connection::open(path("old.mulligan"), sqlite::Access::ReadWrite);
            QVERIFY(connection
                        ->run(std::string(kBackToVersion4)
                              + "INSERT INTO verdict VALUES(1, 'a.b', 0, 0, 'r', 0, NULL, '', '', '', '{}', '[]'); "
                                "INSERT INTO rule_match VALUES(1, 0, 'r', 0, 1, 0, 4, 1); "
                                "INSERT INTO classified_rule VALUES('r', 'm', 'n', 'b'); "
                                "INSERT INTO setting VALUES('verdicts.pack', 'x'), ('other', 'y'); "
                                "PRAGMA user_version = 4")
                        .has_value());
        }
        auto opened = Workspace::open(path("old.mulligan"), OpenMode::ReadWrite);
        QVERIFY2(opened.has_value(), opened ? "" : opened.error().text().c_str());
        sqlite::Connection &connection = opened->connection();
        QCOMPARE(connection.integer("SELECT count(*) FROM rule_match WHERE evidence = 0").value_or(-1),
                 std::int64_t(1));
        QCOMPARE(connection.integer("SELECT count(*) FROM classified_rule").value_or(-1), std::int64_t(0));
        QCOMPARE(connection.text("SELECT group_concat(key) FROM setting").value_or(""), std::string("other"));
        QCOMPARE(connection.text("SELECT group_concat(name) FROM pragma_table_info('rule_match')").value_or(""),
                 Workspace::create(path("new.mulligan"))
                     ->connection()
                     .text("SELECT group_concat(name) FROM pragma_table_info('rule_match')")
                     .value_or("x"));
    }

    void migrate_failingStep_leavesTheFileAsItWas()
    {
        makeVersion0(path("old.mulligan"));
        auto connection = sqlite::Connection::open(path("old.mulligan"), sqlite::Access::ReadWrite);
        // The last statement of the step finds its index there already.
        QVERIFY(connection->run("CREATE INDEX attempt_application ON attempt(run)").has_value());
        QVERIFY(!migrate(*connection, 0).has_value());
        QCOMPARE(connection->integer("PRAGMA user_version").value_or(-1), std::int64_t(0));
        QCOMPARE(connection->integer("SELECT count(*) FROM sqlite_schema WHERE name = 'attempt_fact'").value_or(-1),
                 std::int64_t(0));
    }

    void open_folderWithoutPermission_isPermissionDenied()
    {
        {
            const auto made = Workspace::create(path("w.mulligan"));
            QVERIFY(made.has_value());
        }
        ::chmod(m_directory->path().toLocal8Bit().constData(), 0755);
        ::chmod(path("w.mulligan").c_str(), 0000);
        QVERIFY(asNobody([&] {
            const auto opened = Workspace::open(path("w.mulligan"), OpenMode::ReadOnly);
            return !opened.has_value() && opened.error().code == base::ErrorCode::PermissionDenied ? 0 : 1;
        }));
    }

    /// A workspace as a colleague shares it: neither the file nor its folder may be written.
    void open_sharedForReading_isReadAndNotWritten()
    {
        {
            auto made = Workspace::create(path("w.mulligan"));
            QVERIFY(made.has_value());
            add(*made, "first", true);
        }
        const std::string folder = m_directory->path().toStdString();
        ::chmod(path("w.mulligan").c_str(), 0444);
        ::chmod(folder.c_str(), 0555);
        const bool read = asNobody([&] {
            auto opened = Workspace::open(path("w.mulligan"), OpenMode::ReadOnly);
            if (!opened || opened->writable() || opened->info()->attempts != 1)
                return 1;
            if (opened->requireWritable().error().code != base::ErrorCode::PermissionDenied)
                return 2;
            if (opened->setSetting("a", "b").has_value())
                return 3;
            const auto either = Workspace::open(path("w.mulligan"), OpenMode::ReadWriteIfAllowed);
            return either && !either->writable() ? 0 : 4;
        });
        const bool refused = asNobody([&] {
            const auto opened = Workspace::open(path("w.mulligan"), OpenMode::ReadWrite);
            if (opened || opened.error().code != base::ErrorCode::PermissionDenied)
                return 1;
            const std::string said = opened.error().text();
            return said.find("may not be written: the file is write-protected") != std::string::npos
                           && said.find("Copy it to a folder of your own") != std::string::npos
                       ? 0
                       : 2;
        });
        ::chmod(path("w.mulligan").c_str(), 0666);
        const bool folderSaid = asNobody([&] {
            const auto opened = Workspace::open(path("w.mulligan"), OpenMode::ReadWrite);
            return !opened && opened.error().text().find("no files may be made in its folder") != std::string::npos ? 0
                                                                                                                    : 1;
        });
        ::chmod(folder.c_str(), 0755);
        QVERIFY(read);
        QVERIFY(refused);
        QVERIFY(folderSaid);
        QVERIFY(!QFile::exists(QString::fromStdString(path("w.mulligan") + "-wal")));
    }

    void open_sharedWithItsLog_isNotReadWithoutIt()
    {
        auto writing = Workspace::create(path("w.mulligan"));
        add(*writing, "first", true);
        // As it is copied from under a program that uses it: the file and its log.
        QVERIFY(QDir(m_directory->path()).mkdir("copy"));
        const std::string copy = path("copy/w.mulligan");
        for (const char *tail : {"", "-wal"})
            QVERIFY(
                QFile::copy(QString::fromStdString(path("w.mulligan") + tail), QString::fromStdString(copy + tail)));
        QVERIFY(QFileInfo(QString::fromStdString(copy + "-wal")).size() > 0);
        ::chmod(m_directory->path().toLocal8Bit().constData(), 0755);
        ::chmod(copy.c_str(), 0444);
        ::chmod((copy + "-wal").c_str(), 0444);
        ::chmod(path("copy").c_str(), 0555);
        const bool refused = asNobody([&] {
            const auto opened = Workspace::open(copy, OpenMode::ReadOnly);
            return !opened && opened.error().code == base::ErrorCode::Conflict
                           && opened.error().text().find("Copy both files") != std::string::npos
                       ? 0
                       : 1;
        });
        ::chmod(path("copy").c_str(), 0755);
        QVERIFY(refused);
        // Where it may be written, nothing is lost.
        ::chmod(copy.c_str(), 0644);
        ::chmod((copy + "-wal").c_str(), 0644);
        QCOMPARE(Workspace::open(copy, OpenMode::ReadOnly)->info()->attempts, std::uint64_t(1));
    }

    void open_olderFileSharedForReading_saysThatItNeedsWriting()
    {
        makeVersion0(path("old.mulligan"));
        ::chmod(path("old.mulligan").c_str(), 0444);
        ::chmod(m_directory->path().toLocal8Bit().constData(), 0555);
        const bool said = asNobody([&] {
            const auto opened = Workspace::open(path("old.mulligan"), OpenMode::ReadOnly);
            return !opened && opened.error().code == base::ErrorCode::PermissionDenied
                           && opened.error().text().find("older version (schema 0)") != std::string::npos
                       ? 0
                       : 1;
        });
        ::chmod(m_directory->path().toLocal8Bit().constData(), 0755);
        QVERIFY(said);
    }

    void open_whileAnotherWrites_readsTheCommittedState()
    {
        auto writing = Workspace::create(path("w.mulligan"));
        add(*writing, "first", true);
        auto writer = SourceWriter::begin(*writing, {"b.jsonl", "attempts", "b", 1, {}});
        QVERIFY(writer.has_value());
        QVERIFY(writer->add(attempt("second"), "", 0).has_value());
        auto reading = Workspace::open(path("w.mulligan"), OpenMode::ReadOnly);
        QVERIFY2(reading.has_value(), reading ? "" : reading.error().text().c_str());
        QCOMPARE(reading->info()->attempts, std::uint64_t(1));
        QVERIFY(writer->commit({}).has_value());
        QCOMPARE(reading->info()->attempts, std::uint64_t(2));
    }

    void sourceWriter_withoutCommit_leavesNothing()
    {
        auto workspace = Workspace::create(path("w.mulligan"));
        add(*workspace, "first", false);
        QCOMPARE(workspace->info()->attempts, std::uint64_t(0));
        QCOMPARE(workspace->info()->sources, std::uint64_t(0));
        QCOMPARE(workspace->info()->jobs, std::uint64_t(0));
        add(*workspace, "first", true);
        QCOMPARE(workspace->info()->attempts, std::uint64_t(1));
    }

    void sourceWriter_sameContent_isAConflict()
    {
        auto workspace = Workspace::create(path("w.mulligan"));
        add(*workspace, "first", true);
        const auto again = SourceWriter::begin(*workspace, {"copy.jsonl", "attempts", "hash-first", 1, {}});
        QVERIFY(!again.has_value());
        QCOMPARE(again.error().code, base::ErrorCode::Conflict);
        // Begun without its hash, it is found out when the hash is known.
        {
            auto late = SourceWriter::begin(*workspace, {"copy.jsonl", "attempts", "", 1, {}});
            QVERIFY(late.has_value());
            QCOMPARE(late->settle("hash-first", 1).error().code, base::ErrorCode::Conflict);
        }
        QCOMPARE(workspace->info()->sources, std::uint64_t(1));
        const auto known = knownSources(*workspace);
        QVERIFY(known.has_value());
        QCOMPARE(known->size(), size_t(1));
        QCOMPARE(known->front().sha256, std::string("hash-first"));
        QCOMPARE(known->front().bytes, std::uint64_t(1));
    }

    void sourceWriter_equalTexts_areStoredOnceCompressedAndFoundBySearch()
    {
        auto workspace = Workspace::create(path("w.mulligan"));
        auto writer = SourceWriter::begin(*workspace, {"a.jsonl", "attempts", "a", 1, {}});
        for (const char *run : {"r1", "r2", "r3"}) {
            const auto added = writer->add(attempt(run), "java.lang.IllegalStateException", 5);
            QVERIFY(added.has_value());
            QCOMPARE(added.value(), AddOutcome::Added);
        }
        QCOMPARE(writer->add(attempt("r3"), "", 0).value_or(AddOutcome::Added), AddOutcome::Repeated);
        QVERIFY(writer->reject(3, 1, "why", "what").has_value());
        QVERIFY(writer->commit({{"a warning"}, {}, false, {}}).has_value());
        sqlite::Connection &connection = workspace->connection();
        QCOMPARE(connection.integer("SELECT count(*) FROM error_text").value_or(-1), std::int64_t(1));
        QCOMPARE(
            connection.integer("SELECT count(*) FROM error_text_fts WHERE error_text_fts MATCH 'illegalstateexception'")
                .value_or(-1),
            std::int64_t(1));
        const auto sources = workspace->sources();
        QCOMPARE(sources->front().attempts, std::uint64_t(3));
        QCOMPARE(sources->front().rejectedRows, std::uint64_t(1));
        QCOMPARE(sources->front().warnings, std::vector<std::string>{"a warning"});
    }

    void setSetting_value_isReadBackAndReplaced()
    {
        auto workspace = Workspace::create(path("w.mulligan"));
        QVERIFY(!workspace->setting("policy.yaml")->has_value());
        QVERIFY(workspace->setSetting("policy.yaml", "one").has_value());
        QVERIFY(workspace->setSetting("policy.yaml", "two").has_value());
        QCOMPARE(workspace->setting("policy.yaml").value().value_or(""), std::string("two"));
        QCOMPARE(workspace->info()->policies, std::vector<std::string>{"policy.yaml"});
    }

private:
    [[nodiscard]] std::string path(const QString &name) const { return m_directory->filePath(name).toStdString(); }
    void write(const QString &name, const std::string &text) const
    {
        std::ofstream(path(name), std::ios::binary) << text;
    }
    [[nodiscard]] std::string read(const QString &name) const
    {
        std::ifstream file(path(name), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    static void add(Workspace &workspace, const std::string &run, bool commit)
    {
        auto writer = SourceWriter::begin(workspace, {"a.jsonl", "attempts", "hash-" + run, 1, {}});
        QVERIFY(writer.has_value());
        QVERIFY(writer->add(attempt(run), "", 0).has_value());
        if (commit)
            QVERIFY(writer->commit({}).has_value());
    }
    void sql(const std::string &statements) const
    {
        auto connection = sqlite::Connection::open(path("w.mulligan"), sqlite::Access::Create);
        QVERIFY(connection.has_value());
        QVERIFY(connection->run(statements).has_value());
    }

    void make(const QString &kind) const
    {
        if (kind == "missing")
            return;
        if (kind == "folder") {
            QDir().mkpath(QString::fromStdString(path("w.mulligan")));
        } else if (kind == "text" || kind == "empty") {
            write("w.mulligan", kind == "text" ? "this is no database, however long it may be" : "");
        } else if (kind == "other") {
            sql("CREATE TABLE t(x)");
        } else {
            makeDamaged(kind);
        }
    }
    void makeDamaged(const QString &kind) const
    {
        {
            auto made = Workspace::create(path("w.mulligan"));
            QVERIFY(made.has_value());
            add(*made, "first", true);
        }
        if (kind == "newer")
            return sql("PRAGMA user_version = " + std::to_string(kSchemaVersion + 1));
        if (kind == "table")
            return sql("DROP TABLE setting");
        std::string bytes = read("w.mulligan");
        if (kind == "damaged") {
            for (size_t i = 4096; i < bytes.size(); ++i)
                bytes[i] = static_cast<char>(bytes[i] ^ 0x5A);
        } else {
            bytes.resize(3 * 8192 + 100);
        }
        write("w.mulligan", bytes);
    }

    std::unique_ptr<QTemporaryDir> m_directory;
};

QTEST_GUILESS_MAIN(TestWorkspace)
#include "tst_workspace.moc"
