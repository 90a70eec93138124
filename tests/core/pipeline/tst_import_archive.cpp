#include "core/formats/archive_writer.hpp"
#include "import_folder.hpp"

using namespace mulligan;
using namespace mulligan::importing;
using namespace mulligan::pipeline;
using namespace archive_test;

namespace
{

/// "status path: reason" of every source, below the folder.
QStringList lines(const ImportReport &report, const importing::Folder &folder)
{
    QStringList out;
    const std::string root = folder.path("") + '/';
    for (const auto &source : report.sources) {
        std::string path = source.path;
        if (path.starts_with(root))
            path.erase(0, root.size());
        out << QString::fromUtf8(name(source.status).data()) + " " + QString::fromStdString(path)
                   + (source.reason.empty() ? "" : ": " + QString::fromStdString(source.reason));
    }
    return out;
}

} // namespace

class TestImportArchive : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<importing::Folder>();
        QDir().mkpath(m_folder->at("tmp"));
        qputenv("TMPDIR", m_folder->at("tmp").toUtf8());
    }
    void cleanup()
    {
        const QStringList left = QDir(m_folder->at("tmp")).entryList(QDir::AllEntries | QDir::NoDotAndDotDot);
        qunsetenv("TMPDIR");
        QCOMPARE(left, QStringList());
    }

    void importSources_archiveInAFolder_isImportedWithAllThatIsInIt()
    {
        const std::string inner =
            compressed(makeArchive(Shape::Tar, {{"deep/c.jsonl", row("r3", 1, "failed")}}), ARCHIVE_FILTER_XZ);
        write(m_folder->at("in/all.zip"), makeArchive(Shape::Zip, {{"a.jsonl", row("r1", 1, "failed")},
                                                                   {"b.jsonl", row("r2", 1, "failed") + "{broken\n"},
                                                                   {"inner.tar.xz", inner},
                                                                   {"README", "about\n"},
                                                                   {"../evil", "x"}}));
        write(m_folder->at("in/z.jsonl"), row("r4", 1, "failed"));
        auto workspace = m_folder->create();
        const auto report = import(workspace, m_folder->at("in"));
        QVERIFY2(report.has_value(), report ? "" : report.error().text().c_str());
        const QStringList expected{"imported in/z.jsonl",
                                   "imported in/all.zip/a.jsonl",
                                   "imported in/all.zip/b.jsonl",
                                   "imported in/all.zip/inner.tar.xz/deep/c.jsonl",
                                   "skipped in/all.zip/../evil: it leads out of the archive",
                                   "skipped in/all.zip/README: it is documentation"};
        QCOMPARE(lines(*report, *m_folder), expected);
        QCOMPARE(report->attempts, std::uint64_t(4));
        QCOMPARE(report->rejectedRows, std::uint64_t(1));
        QCOMPARE(workspace.info()->sources, std::uint64_t(4));
        // What lies in another wrapping is the same content.
        write(m_folder->at("again/other.tar"), makeArchive(Shape::Tar, {{"a.jsonl", row("r1", 1, "failed")}}));
        const auto again = import(workspace, m_folder->at("again"));
        QVERIFY(again.has_value());
        QCOMPARE(again->sources.front().status, SourceStatus::Duplicate);
    }

    void importSources_archiveThatCannotBeOpened_isRejectedAndTheOthersGoOn()
    {
        write(m_folder->at("in/a.zip"), "PK\x03\x04 broken");
        write(m_folder->at("in/b.jsonl"), row("r1", 1, "failed"));
        auto workspace = m_folder->create();
        const auto report = import(workspace, m_folder->at("in"));
        QVERIFY2(report.has_value(), report ? "" : report.error().text().c_str());
        QCOMPARE(report->sources.size(), size_t(2));
        QCOMPARE(report->sources[0].status, SourceStatus::Imported);
        QCOMPARE(report->sources[1].status, SourceStatus::Rejected);
        QCOMPARE(report->sources[1].format, std::string("archive"));
        QVERIFY2(report->sources[1].reason.starts_with("The archive"), report->sources[1].reason.c_str());
    }

    void importSources_archiveWithoutSources_isNamed()
    {
        const std::string none = makeArchive(Shape::Zip, {{"README", "about\n"}});
        write(m_folder->at("in/a.zip"), none);
        write(m_folder->at("in/b.zip"), makeArchive(Shape::Zip, {}));
        auto workspace = m_folder->create();
        const auto report = import(workspace, m_folder->at("in"));
        QVERIFY(report.has_value());
        const QStringList met{"skipped in/a.zip: Nothing in it can be imported.",
                              "skipped in/a.zip/README: it is documentation", "skipped in/b.zip: It holds no files."};
        QCOMPARE(lines(*report, *m_folder), met);
        const auto named = import(workspace, m_folder->at("in/a.zip"));
        QVERIFY(named.has_value());
        QCOMPARE(named->sources.front().status, SourceStatus::Rejected);
    }

    void importSources_damagedArchive_givesWhatStandsBeforeAndIsRejected()
    {
        const std::string tar =
            makeArchive(Shape::Tar, {{"a.jsonl", row("r1", 1, "failed")}, {"b.jsonl", std::string(5000, 'x')}});
        write(m_folder->at("a.tar"), tar.substr(0, 3000));
        auto workspace = m_folder->create();
        const auto report = import(workspace, m_folder->at("a.tar"));
        QVERIFY2(report.has_value(), report ? "" : report.error().text().c_str());
        QCOMPARE(report->attempts, std::uint64_t(1));
        QVERIFY(report->anythingRejected());
        const QStringList rejected = lines(*report, *m_folder).filter(QRegularExpression("^rejected"));
        QCOMPARE(rejected.size(), 2);
        QVERIFY2(rejected.first().contains("breaks off"), qPrintable(rejected.first()));
    }

    void importSources_wrongChecksumBehindTheTar_isDamage()
    {
        // The tar ends long before the stream that it is wrapped in has been read.
        std::string rows;
        for (int i = 0; i < 3000; ++i)
            rows += row("r" + std::to_string(i), 1, "failed");
        std::string wrapped = compressed(makeArchive(Shape::Tar, {{"a.jsonl", rows}}), ARCHIVE_FILTER_GZIP);
        auto workspace = m_folder->create();
        wrapped[wrapped.size() - 8] = static_cast<char>(wrapped[wrapped.size() - 8] ^ 1);
        write(m_folder->at("a.tar.gz"), wrapped);
        const auto report = import(workspace, m_folder->at("a.tar.gz"));
        QVERIFY2(report.has_value(), report ? "" : report.error().text().c_str());
        QVERIFY(report->anythingRejected());
        const QStringList rejected = lines(*report, *m_folder).filter(QRegularExpression("^rejected"));
        QCOMPARE(rejected.size(), 1);
        QVERIFY2(rejected.first().contains("data check"), qPrintable(rejected.first()));
    }

    void importSources_newerVersionOfAFileInAnArchive_replacesTheOlder()
    {
        auto workspace = m_folder->create();
        for (const Shape shape : {Shape::Tar, Shape::Zip}) {
            const QString path = m_folder->at(shape == Shape::Tar ? "a.tar" : "a.zip");
            const std::string run = shape == Shape::Tar ? "r1" : "r2";
            for (const char *outcome : {"failed", "succeeded"}) {
                const std::string inner = makeArchive(Shape::Zip, {{"deep/b.jsonl", row(run + "b", 1, outcome)}});
                write(path, makeArchive(shape, {{"a.jsonl", row(run, 1, outcome)}, {"inner.zip", inner}}));
                QVERIFY(import(workspace, path).has_value());
            }
        }
        QCOMPARE(workspace.info()->sources, std::uint64_t(4));
        QCOMPARE(workspace.connection().text("SELECT group_concat(outcome) FROM attempt").value_or("?"),
                 std::string("0,0,0,0"));
        QCOMPARE(workspace.connection().integer("SELECT count(*) FROM conflict").value_or(-1), std::int64_t(0));
    }

    void importSources_cancelled_endsAndLeavesNothing()
    {
        write(m_folder->at("a.zip"), makeArchive(Shape::Zip, {{"a.jsonl", row("r1", 1, "failed")}}));
        auto workspace = m_folder->create();
        std::stop_source stop;
        stop.request_stop();
        const auto report = import(workspace, m_folder->at("a.zip"), stop.get_token());
        QVERIFY(!report.has_value());
        QCOMPARE(report.error().code, base::ErrorCode::Cancelled);
        QVERIFY(report.error().text().find("archive") != std::string::npos);
    }

    void importSources_noFolderForTemporaryFiles_isRejected()
    {
        write(m_folder->at("a.zip"), makeArchive(Shape::Zip, {{"a.jsonl", row("r1", 1, "failed")}}));
        auto workspace = m_folder->create();
        qputenv("TMPDIR", m_folder->at("nowhere").toUtf8());
        const auto report = import(workspace, m_folder->at("a.zip"));
        QVERIFY2(report.has_value(), report ? "" : report.error().text().c_str());
        QCOMPARE(report->sources.front().status, SourceStatus::Rejected);
        QVERIFY2(report->sources.front().reason.find("TMPDIR") != std::string::npos,
                 report->sources.front().reason.c_str());
    }

private:
    std::unique_ptr<importing::Folder> m_folder;
};

QTEST_GUILESS_MAIN(TestImportArchive)
#include "tst_import_archive.moc"
