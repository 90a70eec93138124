#include "import_folder.hpp"
#include "pipeline/workspace_redaction.hpp"

using namespace mulligan;
using namespace mulligan::importing;

namespace
{

std::shared_ptr<const ingest::RedactionRules> everything()
{
    ingest::RedactionSettings settings;
    settings.emails = true;
    settings.userPaths = true;
    settings.patterns.push_back({"employee", "EMP-\\d{6}", "", "EMP-004711", "", 0});
    return ingest::RedactionRules::make(std::move(settings)).value();
}

base::Result<pipeline::ImportReport> importRedacted(store::Workspace &workspace, const std::vector<QString> &paths)
{
    base::Progress progress;
    std::vector<std::string> names;
    for (const QString &path : paths)
        names.push_back(path.toStdString());
    pipeline::ImportOptions options;
    options.redaction = everything();
    options.importedAt = base::Instant{1'767'323'045'000};
    return pipeline::importSources(workspace, names, options, {}, progress);
}

std::string rowOf(const std::string &job, const std::string &run, const std::string &outcome)
{
    return R"({"job":")" + job + R"(","run":")" + run + R"(","attempt":1,"outcome":")" + outcome
           + R"(","started_at":"2026-01-02T03:04:05Z","ended_at":"2026-01-02T04:04:05Z"})" + "\n";
}

} // namespace

class TestImportRedaction : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<Folder>(); }

    void importSources_namesThatDifferInWhatIsRedacted_stayTwoAttempts_data()
    {
        QTest::addColumn<QString>("job");
        QTest::addColumn<QString>("run");
        QTest::addColumn<QString>("otherJob");
        QTest::addColumn<QString>("otherRun");
        QTest::newRow("addresses of two people") << "nb of ann@x.org"
                                                 << "1"
                                                 << "nb of bob@x.org"
                                                 << "1";
        QTest::newRow("two users' folders") << "/home/ann/nb"
                                            << "1"
                                            << "/home/bob/nb"
                                            << "1";
        QTest::newRow("a pattern in the run") << "nightly"
                                              << "EMP-111111"
                                              << "nightly"
                                              << "EMP-222222";
    }
    void importSources_namesThatDifferInWhatIsRedacted_stayTwoAttempts()
    {
        QFETCH(QString, job);
        QFETCH(QString, run);
        QFETCH(QString, otherJob);
        QFETCH(QString, otherRun);
        const std::string first = rowOf(job.toStdString(), run.toStdString(), "failed");
        const std::string other = rowOf(otherJob.toStdString(), otherRun.toStdString(), "succeeded");
        write(m_folder->at("both.jsonl"), first + other);
        auto workspace = m_folder->create();
        const auto report = importRedacted(workspace, {m_folder->at("both.jsonl")});
        QVERIFY(report.has_value());
        QCOMPARE(report->attempts, std::uint64_t(2));
        QCOMPARE(report->rejectedRows, std::uint64_t(0));
        QCOMPARE(workspace.connection()
                     .text("SELECT group_concat(outcome) FROM (SELECT outcome FROM attempt ORDER BY "
                           "outcome)")
                     .value_or(""),
                 std::string("0,1"));
        QCOMPARE(workspace.connection()
                     .integer("SELECT count(*) FROM attempt a JOIN job j ON j.id = a.job_id WHERE "
                              "j.name || a.run LIKE '%ann%' OR j.name || a.run LIKE '%bob%' OR a.run "
                              "LIKE '%111%'")
                     .value_or(-1),
                 std::int64_t(0));

        // Sources that name the same job, however much later, still speak of one.
        write(m_folder->at("again.jsonl"), first + " ");
        const auto again = importRedacted(workspace, {m_folder->at("again.jsonl")});
        QVERIFY(again.has_value());
        QCOMPARE(again->sources.front().joined, std::uint64_t(1));
        QCOMPARE(again->conflicts, std::uint64_t(0));
    }

    void importSources_moreIsRedactedThanBefore_readsTheSameFileAnewAndForgetsWhatItSaid()
    {
        const std::string more = R"(,"owner":"EMP-111111","config":{"spark.app.for":"ann@x.org"},"error_text":)"
                                 R"("java.lang.RuntimeException: denied for ann@x.org"})";
        std::string row = rowOf("nightly of ann@x.org", "1", "failed");
        row.replace(row.size() - 2, 1, more);
        write(m_folder->at("in/a.jsonl"), row);
        write(m_folder->at("in/b.jsonl"), rowOf("other", "1", "failed"));
        auto workspace = m_folder->create();
        QVERIFY(import(workspace, m_folder->at("in")).has_value());
        const auto number = [&](const char *sql) { return workspace.connection().integer(sql).value_or(-1); };
        const char *const kFound = "SELECT count(*) FROM error_text_fts WHERE error_text_fts MATCH 'denied'";
        const char *const kSearched = "SELECT count(*) FROM error_text_fts WHERE error_text_fts MATCH 'ann'";
        QCOMPARE(number(kSearched), std::int64_t(1));

        const auto report = importRedacted(workspace, {m_folder->at("in/a.jsonl")});
        QVERIFY(report.has_value());
        QCOMPARE(report->sources.front().status, pipeline::SourceStatus::Imported);
        QVERIFY(report->sources.front().redactedAnew);
        QCOMPARE(report->sources.front().warnings.size(), std::size_t(1));
        QCOMPARE(report->earlierRedaction, std::uint64_t(1)); // b.jsonl
        QCOMPARE(number("SELECT count(*) FROM attempt"), std::int64_t(2));
        QCOMPARE(number("SELECT count(*) FROM source"), std::int64_t(2));
        QCOMPARE(number("SELECT count(*) FROM job WHERE name LIKE '%ann%'"), std::int64_t(0));
        QCOMPARE(number("SELECT count(*) FROM cause WHERE body LIKE '%ann%'"), std::int64_t(0));
        QCOMPARE(number("SELECT count(*) FROM config WHERE body LIKE '%ann%'"), std::int64_t(0));
        QCOMPARE(number("SELECT count(*) FROM name WHERE name LIKE '%EMP-1%'"), std::int64_t(0));
        QCOMPARE(number("SELECT count(*) FROM error_text"), std::int64_t(1));
        QCOMPARE(number(kSearched), std::int64_t(0));
        QCOMPARE(number(kFound), std::int64_t(1));

        // Once is enough, and what asks no more than before is no reason to read anything again.
        const auto again = importRedacted(workspace, {m_folder->at("in")});
        QVERIFY(again.has_value());
        QCOMPARE(again->sources.front().status, pipeline::SourceStatus::Duplicate);
        QCOMPARE(again->sources.back().status, pipeline::SourceStatus::Imported);
        QCOMPARE(again->earlierRedaction, std::uint64_t(0));
        const auto last = importRedacted(workspace, {m_folder->at("in")});
        QVERIFY(last.has_value());
        QCOMPARE(last->sources.back().status, pipeline::SourceStatus::Duplicate);
    }

    void importSources_grownSinceMoreIsRedacted_isReadWhole()
    {
        write(m_folder->at("a.jsonl"), rowOf("nb of ann@x.org", "1", "failed"));
        auto workspace = m_folder->create();
        QVERIFY(import(workspace, m_folder->at("a.jsonl")).has_value());
        write(m_folder->at("a.jsonl"), rowOf("nb of ann@x.org", "1", "failed") + rowOf("nb", "2", "failed"));
        const auto report = importRedacted(workspace, {m_folder->at("a.jsonl")});
        QVERIFY(report.has_value());
        QCOMPARE(workspace.info()->attempts, std::uint64_t(2));
        QCOMPARE(workspace.connection().integer("SELECT count(*) FROM job WHERE name LIKE '%ann%'").value_or(-1),
                 std::int64_t(0));
    }

    void redactionKeyOf_workspace_isItsOwnAndStays()
    {
        auto workspace = m_folder->create();
        const auto key = pipeline::redactionKeyOf(workspace);
        QVERIFY(key.has_value());
        QCOMPARE(key->size(), std::size_t(32));
        QCOMPARE(pipeline::redactionKeyOf(workspace).value(), *key);
        auto second = Folder();
        auto other = second.create();
        QVERIFY(pipeline::redactionKeyOf(other).value() != *key);
    }

private:
    std::unique_ptr<Folder> m_folder;
};

QTEST_GUILESS_MAIN(TestImportRedaction)
#include "tst_import_redaction.moc"
