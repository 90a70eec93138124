#include "collecting_sink.hpp"

#include "formats/compress.hpp"
#include "formats/hash.hpp"

#include <QtTest>

#include <fstream>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

namespace
{

std::string row(const std::string &run, const std::string &more = {})
{
    return R"({"job":"orders","run":")" + run
           + R"(","attempt":1,"outcome":"failed","started_at":"2026-01-02T03:04:05Z",)"
             R"("ended_at":"2026-01-02T03:05:05Z")"
           + more + "}\n";
}

} // namespace

class TestJsonLines : public QObject
{
    Q_OBJECT

private slots:
    void readSource_goodRows_areDeliveredInOrder()
    {
        Folder folder;
        const std::string text = row("a") + "\n  \n" + row("b", R"(,"owner":"ana")") + row("c");
        const auto path = folder.write("rows.jsonl", text);
        CollectingSink sink;
        const auto report = readFile(path, Format::Attempts, sink);
        QVERIFY2(report.has_value(), report ? "" : report.error().text().c_str());
        QCOMPARE(sink.attempts.size(), size_t(3));
        QCOMPARE(sink.attempts[1].run, std::string("b"));
        QCOMPARE(sink.attempts[1].owner, std::string("ana"));
        QCOMPARE(report->attempts, std::uint64_t(3));
        QCOMPARE(report->failures, std::uint64_t(3));
        QCOMPARE(report->sha256, formats::sha256Hex(text));
        QCOMPARE(report->bytes, std::uint64_t(text.size()));
        QVERIFY(!report->truncated);
        QVERIFY(report->warnings.empty());
    }

    void readSource_byteOrderMarkAndWindowsLineEnds_areNoProblem()
    {
        Folder folder;
        std::string text = "\xEF\xBB\xBF" + row("a") + row("b");
        text.replace(text.find('\n'), 1, "\r\n");
        CollectingSink sink;
        const auto report = readFile(folder.write("rows.jsonl", text), Format::Attempts, sink);
        QVERIFY(report.has_value());
        QCOMPARE(sink.attempts.size(), size_t(2));
        QVERIFY(sink.rejects.empty());
    }

    void readSource_lastLineWithoutItsEnd_isARowWhenItIsWhole()
    {
        Folder folder;
        std::string text = row("a");
        text.pop_back();
        CollectingSink sink;
        const auto report = readFile(folder.write("rows.jsonl", text), Format::Attempts, sink);
        QVERIFY(report.has_value());
        QCOMPARE(sink.attempts.size(), size_t(1));
        QVERIFY(!report->truncated);
    }

    void readSource_badRow_isRejectedWithPlaceAndReason_data()
    {
        QTest::addColumn<QByteArray>("bad");
        QTest::addColumn<int>("column");
        QTest::addColumn<QString>("reason");
        QTest::newRow("JSON that breaks off in the middle of the file")
            << QByteArray("{\"job\":\"orders\",\n") << 17 << "the JSON breaks off";
        QTest::newRow("a comma too many") << QByteArray("{\"job\":\"orders\",}\n") << 17 << "expected a key";
        QTest::newRow("an array") << QByteArray("[1,2]\n") << 0 << "Expected a JSON object";
        QTest::newRow("plain words") << QByteArray("hello\n") << 1 << "expected a value";
        QTest::newRow("invalid UTF-8") << QByteArray("{\"job\":\"\xC3\x28\"}\n") << 9 << "not valid UTF-8";
        QTest::newRow("a date without zone")
            << QByteArray::fromStdString(row("x")).replace("05:05Z", "05:05") << 94 << "it has no zone";
        QTest::newRow("a negative duration")
            << QByteArray::fromStdString(row("x")).replace("03:05:05", "03:03:05") << 94 << "the duration is negative";
        QTest::newRow("epoch seconds where milliseconds belong")
            << QByteArray::fromStdString(row("x")).replace("\"2026-01-02T03:04:05Z\"", "1772330400") << 58
            << "1772330400 looks like seconds; give milliseconds";
        QTest::newRow("epoch seconds as text")
            << QByteArray::fromStdString(row("x")).replace("2026-01-02T03:04:05Z", "1772330400") << 58
            << "'1772330400' looks like seconds; give milliseconds";
        QTest::newRow("a field is missing")
            << QByteArray::fromStdString(row("x")).replace("\"run\":\"x\",", "") << 0 << "field 'run': is missing";
        QTest::newRow("bytes of zero") << QByteArray("\0\0\0\n", 4) << 1 << "expected a value";
    }
    void readSource_badRow_isRejectedWithPlaceAndReason()
    {
        QFETCH(QByteArray, bad);
        QFETCH(int, column);
        QFETCH(QString, reason);
        Folder folder;
        CollectingSink sink;
        const auto report =
            readFile(folder.write("rows.jsonl", row("a") + bad.toStdString() + row("b")), Format::Attempts, sink);
        QVERIFY2(report.has_value(), report ? "" : report.error().text().c_str());
        QCOMPARE(sink.attempts.size(), size_t(2));
        QCOMPARE(sink.rejects.size(), size_t(1));
        QCOMPARE(report->rejectedRows, std::uint64_t(1));
        const Reject &reject = sink.rejects.front();
        QCOMPARE(reject.line, std::uint64_t(2));
        QVERIFY2(QString::fromStdString(reject.reason).contains(reason), reject.reason.c_str());
        QCOMPARE(int(reject.column), column);
        QVERIFY(!reject.text.empty());
    }

    void readSource_unreadableFile_isAnError_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("message");
        QTest::newRow("a binary file") << QByteArray("\x7F"
                                                     "ELF\0\0\0\0",
                                                     8)
                                       << int(base::ErrorCode::Unsupported) << "binary file";
        QTest::newRow("a zip archive") << QByteArray("PK\x03\x04 and so on") << int(base::ErrorCode::Unsupported)
                                       << "archive";
        QByteArray damaged = QByteArray::fromStdString(formats::zstdCompress(row("a")).value());
        // The type of a block that is reserved.
        damaged[6] = static_cast<char>(damaged[6] | 0x06);
        QTest::newRow("damaged zstd") << damaged << int(base::ErrorCode::Corrupt) << "zstd";
    }
    void readSource_unreadableFile_isAnError()
    {
        QFETCH(QByteArray, content);
        QFETCH(int, code);
        QFETCH(QString, message);
        Folder folder;
        CollectingSink sink;
        const auto path = folder.write("rows", content.toStdString());
        const auto report = readFile(path, Format::Attempts, sink);
        QVERIFY(!report.has_value());
        QCOMPARE(int(report.error().code), code);
        QVERIFY2(QString::fromStdString(report.error().text()).contains(message), report.error().text().c_str());
        QVERIFY2(QString::fromStdString(report.error().text()).contains(QString::fromStdString(path)),
                 report.error().text().c_str());
        QVERIFY(sink.attempts.empty());
    }

    void readSource_missingFile_isNotFound()
    {
        CollectingSink sink;
        const auto report = readFile("there/is/nothing.jsonl", Format::Attempts, sink);
        QVERIFY(!report.has_value());
        QCOMPARE(report.error().code, base::ErrorCode::NotFound);
    }

    void readSource_emptyFile_hasNothing()
    {
        Folder folder;
        CollectingSink sink;
        const auto report = readFile(folder.write("rows.jsonl", ""), Format::Attempts, sink);
        QVERIFY(report.has_value());
        QCOMPARE(report->attempts, std::uint64_t(0));
        QCOMPARE(report->rejectedRows, std::uint64_t(0));
    }

    void readSource_fileBreaksOffInALine_isTruncatedAndKeepsTheRest()
    {
        Folder folder;
        const std::string text = row("a") + row("b");
        CollectingSink sink;
        const auto report =
            readFile(folder.write("rows.jsonl", text.substr(0, text.size() - 20)), Format::Attempts, sink);
        QVERIFY(report.has_value());
        QVERIFY(report->truncated);
        QCOMPARE(sink.attempts.size(), size_t(1));
        QCOMPARE(sink.rejects.size(), size_t(1));
        QVERIFY(sink.rejects.front().reason.find("the file breaks off") != std::string::npos);
    }

    void readSource_truncatedZstd_deliversWhatCameBefore()
    {
        Folder folder;
        std::string text;
        for (int i = 0; i < 20000; ++i)
            text += row("run-" + std::to_string(i * 7919 % 100000) + "-" + std::to_string(i));
        const auto packed = formats::zstdCompress(text);
        QVERIFY(packed.has_value());
        CollectingSink sink;
        const auto report =
            readFile(folder.write("rows.jsonl.zst", packed->substr(0, packed->size() / 2)), Format::Attempts, sink);
        QVERIFY2(report.has_value(), report ? "" : report.error().text().c_str());
        QVERIFY(report->truncated);
        QVERIFY(sink.attempts.size() > 100 && sink.attempts.size() < 20000);
        QVERIFY(!report->warnings.empty());
        QVERIFY(report->warnings.front().find("break off") != std::string::npos);
    }

    void readSource_lineOverTheLimit_isRejectedAndReadingGoesOn()
    {
        Folder folder;
        ReadOptions options;
        options.maxLineBytes = 4096;
        const std::string text =
            row("a") + row("long", ",\"error_text\":\"" + std::string(10000, 'x') + '"') + row("b");
        CollectingSink sink;
        const auto report = readFile(folder.write("rows.jsonl", text), Format::Attempts, sink, options);
        QVERIFY(report.has_value());
        QCOMPARE(sink.attempts.size(), size_t(2));
        QCOMPARE(sink.rejects.size(), size_t(1));
        QCOMPARE(sink.rejects.front().line, std::uint64_t(2));
        QVERIFY(sink.rejects.front().reason.find("longer than 4096 bytes") != std::string::npos);
    }

    void readSource_lineOf100MB_takesNoMoreMemoryThanTheLimit()
    {
#ifdef __SANITIZE_ADDRESS__
        QSKIP("the address sanitizer's own memory would be counted");
#endif
        Folder folder;
        const auto path = folder.write("rows.jsonl", row("a"));
        {
            std::ofstream file(path, std::ios::binary | std::ios::app);
            file << "{\"job\":\"";
            const std::string block(1u << 20, 'x');
            for (int i = 0; i < 100; ++i)
                file << block;
            file << "\"}\n" << row("b");
        }
        // A process of its own, whose peak nothing else has raised.
        const pid_t child = ::fork();
        if (child == 0) {
            CollectingSink sink;
            const auto report = readFile(path, Format::Attempts, sink);
            const bool good = report.has_value() && sink.attempts.size() == 2 && sink.rejects.size() == 1;
            struct rusage usage {
            };
            ::getrusage(RUSAGE_SELF, &usage);
            ::_exit(!good ? 1 : usage.ru_maxrss > 220 * 1024 ? 2 : 0);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        QVERIFY(WIFEXITED(status));
        QCOMPARE(WEXITSTATUS(status), 0);
    }

    void readSource_unknownFields_areOneWarningWithItsCount()
    {
        Folder folder;
        CollectingSink sink;
        const auto report =
            readFile(folder.write("rows.jsonl", row("a", ",\"colour\":1") + row("b", ",\"colour\":2") + row("c")),
                     Format::Attempts, sink);
        QVERIFY(report.has_value());
        QCOMPARE(sink.attempts.size(), size_t(3));
        QCOMPARE(report->warnings.size(), size_t(1));
        QCOMPARE(report->warnings.front(), std::string("field 'colour' is not known and was ignored (2 times)"));
    }

    void readSource_secretsInTextConfigAndRejects_areRedacted()
    {
        Folder folder;
        const std::string text =
            row("a",
                R"(,"error_text":"login with password=hunter2secret failed","config":{"my.password":"hunter2secret"})")
            + "{\"job\":\"x\",\"note\":\"password=hunter2secret\"\n";
        CollectingSink sink;
        const auto path = folder.write("rows.jsonl", text);
        const auto report = readFile(path, Format::Attempts, sink);
        QVERIFY(report.has_value());
        QCOMPARE(report->redactions, std::uint64_t(3));
        QCOMPARE(sink.attempts.front().errorText, std::string("login with password=[redacted:password] failed"));
        QCOMPARE(sink.attempts.front().config.at("my.password"), std::string("[redacted:password]"));
        QVERIFY(sink.rejects.front().text.find("hunter2secret") == std::string::npos);
        ReadOptions asItIs;
        asItIs.redact = false;
        CollectingSink open;
        QVERIFY(readFile(path, Format::Attempts, open, asItIs).has_value());
        QVERIFY(open.attempts.front().errorText.find("hunter2secret") != std::string::npos);
    }

    void readSource_textsThatRepeat_areRedactedEveryTime()
    {
        Folder folder;
        const std::string clean = R"(,"error_text":"nothing to hide")";
        const std::string secret = R"(,"error_text":"password=hunter2secret")";
        const auto path = folder.write("rows.jsonl", row("a", clean) + row("b", secret) + row("c", clean)
                                                         + row("d", secret) + row("e", clean));
        CollectingSink sink;
        const auto report = readFile(path, Format::Attempts, sink);
        QVERIFY(report.has_value());
        QCOMPARE(report->redactions, std::uint64_t(2));
        QCOMPARE(sink.attempts.size(), size_t(5));
        for (size_t i = 0; i < sink.attempts.size(); ++i)
            QCOMPARE(sink.attempts[i].errorText,
                     std::string(i % 2 == 0 ? "nothing to hide" : "password=[redacted:password]"));
    }

    void readSource_stopAsked_isCancelled()
    {
        Folder folder;
        std::stop_source source;
        source.request_stop();
        CollectingSink sink;
        const auto report =
            readFile(folder.write("rows.jsonl", row("a")), Format::Attempts, sink, {}, source.get_token());
        QVERIFY(!report.has_value());
        QCOMPARE(report.error().code, base::ErrorCode::Cancelled);
    }

    void readSource_sinkFails_returnsItsError()
    {
        struct FullSink : CollectingSink {
            base::Result<void> accept(model::Attempt) override
            {
                return base::makeError(base::ErrorCode::DiskFull, "no space");
            }
        } sink;
        Folder folder;
        base::Progress progress;
        const auto path = folder.write("rows.jsonl", row("a"));
        const auto report = readSource({path, Format::Attempts, {path}, nullptr}, {}, sink, {}, progress);
        QVERIFY(!report.has_value());
        QCOMPARE(report.error().code, base::ErrorCode::DiskFull);
    }
};

QTEST_GUILESS_MAIN(TestJsonLines)
#include "tst_json_lines.moc"
