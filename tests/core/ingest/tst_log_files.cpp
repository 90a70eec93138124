#include "collecting_sink.hpp"

#include "formats/compress.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

namespace
{

std::string row(const std::string &run, const std::string &logPath, const std::string &more = {})
{
    return R"({"job":"orders","run":")" + run
           + R"(","attempt":1,"outcome":"failed","started_at":"2026-01-02T03:04:05Z",)"
             R"("ended_at":"2026-01-02T03:05:05Z","log_path":")"
           + logPath + "\"" + more + "}\n";
}

} // namespace

class TestLogFiles : public QObject
{
    Q_OBJECT

private slots:
    void readSource_logPath_isReadBesideTheSource()
    {
        Folder folder;
        folder.write("logs/a.log", "first\njava.lang.IllegalStateException: gone\n");
        folder.write("logs/b.log.zst", formats::zstdCompress("packed text\n").value());
        const std::string text = row("a", "logs/a.log") + row("b", "logs/b.log.zst")
                                 + row("c", "logs/a.log", R"(,"error_text":"own text")") + row("d", "logs/none.log");
        CollectingSink sink;
        const auto report = readFile(folder.write("rows.jsonl", text), Format::Attempts, sink);
        QVERIFY(report.has_value());
        QCOMPARE(sink.attempts.size(), size_t(4));
        QCOMPARE(sink.attempts[0].errorText, std::string("first\njava.lang.IllegalStateException: gone\n"));
        QCOMPARE(sink.attempts[1].errorText, std::string("packed text\n"));
        QCOMPARE(sink.attempts[2].errorText, std::string("own text"));
        QVERIFY(sink.attempts[3].errorText.empty());
        QCOMPARE(report->warnings.size(), size_t(1));
        QVERIFY(report->warnings.front().find("There is no such file: line 4 'logs/none.log'.") != std::string::npos);
        QCOMPARE(report->logPaths,
                 std::vector<std::string>({folder.path("logs/a.log"), folder.path("logs/b.log.zst")}));
    }

    void readSource_longLog_keepsItsEnd()
    {
        Folder folder;
        folder.write("big.log", std::string(10u << 20, 'a') + "the failure");
        CollectingSink sink;
        const auto report = readFile(folder.write("rows.jsonl", row("a", "big.log")), Format::Attempts, sink);
        QVERIFY(report.has_value());
        QCOMPARE(sink.attempts.front().errorText.size(), size_t(4u << 20));
        QVERIFY(sink.attempts.front().errorText.ends_with("the failure"));
    }

    void readSource_logPathThatIsNotRead_leavesTheAttemptWithoutText_data()
    {
        QTest::addColumn<QString>("logPath");
        QTest::addColumn<QString>("reason");
        const QString out = "It leads out of the folder of its source";
        QTest::newRow("two folders up") << "../../etc/passwd" << out;
        QTest::newRow("an absolute path") << "/etc/passwd" << out;
        QTest::newRow("up in the middle") << "logs/../../outside.log" << out;
        QTest::newRow("a link that leads out") << "link/passwd" << out;
        QTest::newRow("a folder whose name begins alike") << "../inside-too/secret.log" << out;
        QTest::newRow("a folder") << "logs"
                                  << "It is a folder";
        QTest::newRow("an address") << "https://logs.example/x"
                                    << "It is an address, and nothing is fetched";
    }
    void readSource_logPathThatIsNotRead_leavesTheAttemptWithoutText()
    {
        QFETCH(const QString, logPath);
        QFETCH(const QString, reason);
        Folder folder;
        folder.write("outside.log", "private");
        folder.write("inside-too/secret.log", "private");
        const auto path = folder.write("inside/rows.jsonl", row("a", logPath.toStdString()));
        folder.write("inside/logs/x.log", "x");
        QVERIFY(QFile::link(QStringLiteral("/etc"), QString::fromStdString(folder.path("inside/link"))));
        CollectingSink sink;
        const auto report = readFile(path, Format::Attempts, sink);
        QVERIFY(report.has_value());
        QVERIFY(sink.rejects.empty());
        QCOMPARE(sink.attempts.size(), size_t(1));
        QVERIFY(sink.attempts.front().errorText.empty());
        QCOMPARE(report->warnings.size(), size_t(1));
        const QString said = QString::fromStdString(report->warnings.front());
        QVERIFY2(said.contains(reason + ": line 1 '" + logPath + "'. Put the logs below"), qPrintable(said));
    }

    void readSource_manyLogsThatAreNotRead_areCountedAndTheFirstNamed()
    {
        Folder folder;
        std::string text;
        for (int i = 0; i < 10; ++i)
            text += row(std::to_string(i), i % 2 == 0 ? "/var/log/x" : "none.log");
        CollectingSink sink;
        const auto report = readFile(folder.write("rows.jsonl", text), Format::Attempts, sink);
        QVERIFY(report.has_value());
        QCOMPARE(report->warnings.size(), size_t(2));
        QVERIFY(report->warnings[0].starts_with(
            "5 attempts have no text, since the log named in log_path could not be read. It leads out of the folder of "
            "its source: line 1 '/var/log/x', line 3 '/var/log/x', line 5 '/var/log/x' and 2 more."));
    }
};

QTEST_GUILESS_MAIN(TestLogFiles)
#include "tst_log_files.moc"
