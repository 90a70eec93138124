#include "spark_packing.hpp"
#include "spark_reading.hpp"

#include <QtTest>

#include <algorithm>
#include <fstream>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

using base::ErrorCode;

Q_DECLARE_METATYPE(ErrorCode)

class TestSparkBadInput : public QObject
{
    Q_OBJECT

private slots:
    void readSparkEventLog_aLineThatCannotBeUsed_isRejectedAndReadingGoesOn_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("reason");
        QTest::newRow("malformed JSON") << QByteArray(R"({"Event":"SparkListenerJobEnd",_"Job ID":3})")
                                        << "Not a sound JSON object";
        QTest::newRow("an event that breaks off in the middle of the log")
            << QByteArray("{\"Event\":\"SparkListenerJobEnd\",\"Job ID\":3,\"Job Res") << "Not a sound JSON object";
        QTest::newRow("an event that is passed over and breaks off")
            << QByteArray("{\"Event\":\"SparkListenerTaskStart\",\"Stage ID\":3,\"Task")
            << "The JSON object breaks off";
        QTest::newRow("text") << QByteArray("26/01/02 INFO Started") << "Expected a JSON object";
        QTest::newRow("an array") << QByteArray("[1,2]") << "Expected a JSON object";
        QTest::newRow("an object without an event") << QByteArray(R"({"job":"a"})") << "The object has no \"Event\"";
        QTest::newRow("an event that is a number") << QByteArray(R"({"Event":7})") << "The object has no \"Event\"";
        QTest::newRow("two objects on a line")
            << QByteArray(R"({"Event":"SparkListenerJobEnd","Job ID":3}{"Event":"x"})") << "Something stands behind";
        QTest::newRow("an event that is not UTF-8 and malformed besides")
            << QByteArray("{\"Event\":\"SparkListenerLogStart\",\"Spark Version\":\"\xFF\",_}")
            << "Not a sound JSON object";
        QTest::newRow("an object whose name of the event breaks off")
            << QByteArray("{\"Event\":\"SparkListenerJob") << "Not a sound JSON object";
        QTest::newRow("an event that is null") << QByteArray(R"({"Event":null})") << "The object has no \"Event\"";
        QTest::newRow("an event that is an object")
            << QByteArray(R"({"Event":{"a":1}})") << "The object has no \"Event\"";
        QTest::newRow("an event without a name") << QByteArray(R"({"Event":""})") << "The object has no \"Event\"";
        QTest::newRow("an unknown event that breaks off")
            << QByteArray(R"({"Event":"own.Kind","a":[1,2)") << "The JSON object breaks off";
        QTest::newRow("an unknown event with text behind it")
            << QByteArray(R"({"Event":"own.Kind"} and more)") << "The JSON object breaks off";
        QTest::newRow("a string that holds a line end")
            << QByteArray("{\"Event\":\"SparkListenerJobEnd\",\"Job Result\":{\"Exception\":{\"Message\":\"a")
            << "Not a sound JSON object";
        QTest::newRow("brackets that do not match")
            << QByteArray(R"({"Event":"SparkListenerJobEnd","Job Result":[})") << "Not a sound JSON object";
        QTest::newRow("a string as a line") << QByteArray(R"("Event")") << "Expected a JSON object";
        QTest::newRow("a number as a line") << QByteArray("42") << "Expected a JSON object";
        QTest::newRow("null as a line") << QByteArray("null") << "Expected a JSON object";
        QTest::newRow("control bytes") << QByteArray("\x01\x02\x03") << "Expected a JSON object";
        QTest::newRow("a zero byte") << QByteArray("{\"Event\":\"SparkListenerJobEnd\",\0}", 33)
                                     << "Not a sound JSON object";
    }
    void readSparkEventLog_aLineThatCannotBeUsed_isRejectedAndReadingGoesOn()
    {
        QFETCH(const QByteArray, line);
        QFETCH(const QString, reason);
        CollectingSink sink;
        SparkLog log;
        log.begin();
        const auto report = readText(log.text() + line.toStdString() + "\n" + SparkLog().end().text(), sink);
        QVERIFY(report);
        QCOMPARE(sink.rejects.size(), std::size_t(1));
        QCOMPARE(sink.rejects[0].line, std::uint64_t(4));
        QVERIFY2(sink.rejects[0].reason.find(reason.toStdString()) != std::string::npos,
                 sink.rejects[0].reason.c_str());
        QVERIFY(!sink.rejects[0].text.empty() && sink.rejects[0].text.size() <= 4096);
        QCOMPARE(report->rejectedRows, std::uint64_t(1));
        QCOMPARE(sink.attempts.size(), std::size_t(1));
        QCOMPARE(std::string(name(sink.attempts[0].outcome)), std::string("succeeded"));
    }

    void readSparkEventLog_aRejectInAPart_namesThePart()
    {
        Folder folder;
        CollectingSink sink;
        const auto one = folder.write("events_1_app-1", goodLog().text());
        const auto two = folder.write("events_2_app-1", "\n[]\n" + SparkLog().end().text());
        QVERIFY(readParts(folder.path(), {one, two}, sink));
        QCOMPARE(sink.rejects.at(0).line, std::uint64_t(2));
        QVERIFY(sink.rejects[0].reason.starts_with("events_2_app-1: Expected a JSON object"));
    }

    void readSparkEventLog_aLineOverTheLimit_isRejectedInConstantMemory()
    {
        CollectingSink sink;
        SparkLog log = goodLog();
        log.raw("{\"Event\":\"SparkListenerEnvironmentUpdate\",\"Spark Properties\":{\"spark.x\":\""
                + std::string(3'000'000, 'x') + "\"}}");
        ReadOptions options;
        options.maxLineBytes = 100'000;
        const auto report = readText(log.end().text(), sink, options);
        QVERIFY(report);
        QCOMPARE(sink.rejects.at(0).line, std::uint64_t(9));
        QCOMPARE(sink.rejects[0].reason, std::string("The line is longer than 100000 bytes"));
        QCOMPARE(std::string(name(sink.attempts.at(0).outcome)), std::string("succeeded"));
    }

    void readSparkEventLog_aSourceThatIsNoEventLog_isAnError_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("text");
        QByteArray binary;
        for (int i = 0; i < 20'000; ++i)
            binary += static_cast<char>((i * 7919) >> 3);
        QTest::newRow("an empty file") << QByteArray() << ErrorCode::Parse << "is empty";
        QTest::newRow("blank lines") << QByteArray("\n\n  \n") << ErrorCode::Parse << "no Spark event";
        QTest::newRow("binary") << binary << ErrorCode::Parse << "no Spark event";
        QTest::newRow("attempt records") << QByteArray("{\"job\":\"a\"}\n").repeated(5) << ErrorCode::Parse
                                         << "no Spark event";
        QTest::newRow("events of another program")
            << QByteArray("{\"Event\":\"DoorOpened\"}\n").repeated(5) << ErrorCode::Parse << "no Spark event";
        QTest::newRow("text of many lines")
            << QByteArray("INFO x\n").repeated(5000) << ErrorCode::Parse << "first 1000 lines";
        QTest::newRow("a zip archive") << QByteArray("PK\x03\x04 and so on") << ErrorCode::Unsupported << "archive";
        const std::string whole = zstd(goodLog().end().text());
        QByteArray damaged = QByteArray::fromStdString(whole);
        damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
        damaged[6] = static_cast<char>(0xFF);
        QTest::newRow("damaged zstd") << damaged << ErrorCode::Corrupt << "zstd";
        const std::string text = goodLog().end().text();
        const auto broken = [&](Packing packing, std::size_t at) {
            QByteArray bytes = QByteArray::fromStdString(packed(packing, text));
            bytes[static_cast<int>(at)] = static_cast<char>(bytes[static_cast<int>(at)] ^ 0x7F);
            return bytes;
        };
        QTest::newRow("an LZ4 block whose checksum is wrong")
            << broken(Packing::Lz4, 17) << ErrorCode::Corrupt << "a block's checksum is wrong";
        QTest::newRow("an LZ4 block of another length than it says")
            << broken(Packing::Lz4, 13) << ErrorCode::Corrupt << "a block of impossible size";
        QTest::newRow("a snappy block that does not unpack")
            << broken(Packing::Snappy, 20) << ErrorCode::Corrupt << "Damaged snappy data";
        QTest::newRow("a snappy block of impossible size")
            << broken(Packing::Snappy, 16) << ErrorCode::Corrupt << "a block of impossible size";
        QByteArray lzf = QByteArray::fromStdString(packed(Packing::Lzf, text) + packed(Packing::Lzf, text));
        lzf[lzf.lastIndexOf("ZV")] = 'Q';
        QTest::newRow("LZF with something else where a chunk should begin")
            << lzf << ErrorCode::Corrupt << "no block begins where one should";
        QTest::newRow("a tar archive") << QByteArray(257, 'a') + "ustar" + QByteArray(600, '\0')
                                       << ErrorCode::Unsupported << "archive";
        QTest::newRow("a 7z archive") << QByteArray("7z\xBC\xAF\x27\x1C") + QByteArray(50, '\0')
                                      << ErrorCode::Unsupported << "archive";
    }
    void readSparkEventLog_aSourceThatIsNoEventLog_isAnError()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const ErrorCode, code);
        QFETCH(const QString, text);
        CollectingSink sink;
        const auto report = readText(bytes.toStdString(), sink);
        QVERIFY(!report);
        QCOMPARE(std::string(codeName(report.error().code)), std::string(codeName(code)));
        QVERIFY2(report.error().text().find(text.toStdString()) != std::string::npos, report.error().text().c_str());
        QVERIFY(report.error().text().find("app-1") != std::string::npos);
        QVERIFY(!report.error().hint.empty());
        QVERIFY(sink.attempts.empty());
    }

    void readSparkEventLog_aLogThatHasHardlyBegun_givesNoAttemptAndSaysWhy()
    {
        CollectingSink sink;
        SparkLog log;
        log.event(SparkLog::named("SparkListenerLogStart").set("Spark Version", "3.5.1")).environment({});
        const auto report = readText(log.text(), sink);
        QVERIFY(report);
        QVERIFY(report->truncated && sink.attempts.empty());
        QCOMPARE(report->warnings,
                 std::vector<std::string>{"1 application has no event with a time and cannot be used"});
    }

    void readSparkEventLog_aFileThatCannotBeRead_saysSo()
    {
        Folder folder;
        CollectingSink sink;
        auto missing = readParts(folder.path("none"), {folder.path("none")}, sink);
        QVERIFY(!missing);
        QCOMPARE(std::string(codeName(missing.error().code)), std::string("not_found"));
        auto directory = readParts(folder.path(), {folder.path()}, sink);
        QVERIFY(!directory);
        QVERIFY(directory.error().text().find(folder.path()) != std::string::npos);
    }

    void readSparkEventLog_aLogThatBreaksOff_isReadAsFarAsItGoes_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        SparkLog log = goodLog();
        for (int i = 0; i < 2000; ++i)
            log.jobStart(i + 1, 20 + i, {i}).jobSucceeded(i + 1, 21 + i);
        const std::string text = log.text();
        const std::string packed = zstd(text);
        QTest::newRow("inside its last line") << QByteArray::fromStdString(text + "{\"Event\":\"SparkListenerJobSt");
        QTest::newRow("inside its last line of an event that is passed over")
            << QByteArray::fromStdString(text + "{\"Event\":\"SparkListenerTaskStart\",\"Sta");
        QTest::newRow("inside a zstd frame") << QByteArray::fromStdString(packed.substr(0, packed.size() - 20));
        QTest::newRow("inside a second zstd frame")
            << QByteArray::fromStdString(packed + packed.substr(0, packed.size() / 2));
        for (const auto &[packing, row] :
             {std::pair(Packing::Lz4, "inside an LZ4 block"), std::pair(Packing::Snappy, "inside a snappy block"),
              std::pair(Packing::Lzf, "inside an LZF chunk"), std::pair(Packing::Gzip, "inside a gzip member")}) {
            const std::string bytes = ingest_test::packed(packing, text);
            QTest::newRow(row) << QByteArray::fromStdString(bytes.substr(0, bytes.size() - bytes.size() / 4));
        }
    }
    void readSparkEventLog_aLogThatBreaksOff_isReadAsFarAsItGoes()
    {
        QFETCH(const QByteArray, bytes);
        CollectingSink sink;
        const auto report = readText(bytes.toStdString(), sink);
        QVERIFY(report);
        QVERIFY(report->truncated);
        QCOMPARE(report->rejectedRows, std::uint64_t(0));
        QVERIFY(!sink.attempts.empty());
        QCOMPARE(std::string(name(sink.attempts.back().outcome)), std::string("unknown"));
        QVERIFY(std::any_of(report->warnings.begin(), report->warnings.end(),
                            [](const std::string &text) { return text.starts_with("The log breaks off"); }));
    }

    void readSparkEventLog_secrets_areRedactedUnlessAskedOtherwise()
    {
        const std::string secret = "AKIAIOSFODNN7EXAMPLE";
        SparkLog log;
        log.begin("app-1", {}, "orders", {{"spark.hadoop.fs.s3a.secret.key", "wJalrXUtnFEMIexample"}});
        log.raw("password=hunter2 " + secret);
        log.jobStart(1, 5, {2}).jobFailed(1, 9, "denied for " + secret).end();
        for (const bool redact : {true, false}) {
            CollectingSink sink;
            ReadOptions options;
            options.redact = redact;
            const auto report = readText(log.text(), sink, options);
            QVERIFY(report);
            const auto &attempt = sink.attempts.at(0);
            QCOMPARE(attempt.errorText.find(secret) == std::string::npos, redact);
            QCOMPARE(attempt.rootCause.find(secret) == std::string::npos, redact);
            QCOMPARE(attempt.config.at("spark.hadoop.fs.s3a.secret.key").find("wJalr") == std::string::npos, redact);
            QCOMPARE(sink.rejects.at(0).text.find(secret) == std::string::npos, redact);
            QCOMPARE(report->redactions > 3, redact);
        }
    }

    void readSparkEventLog_whenStopped_isCancelled()
    {
        Folder folder;
        CollectingSink sink;
        std::stop_source stop;
        stop.request_stop();
        const auto path = folder.write("app-1", goodLog().end().text());
        const auto report = readParts(path, {path}, sink, {}, stop.get_token());
        QVERIFY(!report);
        QCOMPARE(std::string(codeName(report.error().code)), std::string("cancelled"));
        QVERIFY(sink.attempts.empty());
    }

    void readSparkEventLog_anErrorOfTheSink_endsTheReading()
    {
        struct FullSink : CollectingSink {
            base::Result<void> accept(model::Attempt) override
            {
                return base::makeError(ErrorCode::DiskFull, "No space left");
            }
        } sink;
        const auto report = readText(goodLog().end().text(), sink);
        QVERIFY(!report);
        QCOMPARE(std::string(codeName(report.error().code)), std::string("disk_full"));
    }

    void readSparkEventLog_aHostileLog_staysInBoundedMemory()
    {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        QSKIP("sanitizers take memory of their own");
#endif
        Folder folder;
        const auto path = folder.path("hostile");
        {
            // Any of these kept whole would take 75 MB and more: stages that fail with long traces, jobs that never
            // end, executors that never leave, executions, unknown kinds, properties.
            std::ofstream file(path);
            file << SparkLog().begin().text();
            const std::string trace = "a.B: c\n" + std::string(150'000, 't');
            std::string ids;
            for (int i = 0; i < 9'000; ++i)
                ids += (i == 0 ? "" : ",") + std::to_string(i);
            for (int i = 0; i < 500; ++i) {
                file << SparkLog()
                            .taskFailed(i, 0, i, SparkLog::exception("a.B", "c", trace))
                            .stage(i, 0, i, trace)
                            .jobFailed(i, i, trace)
                            .removed("x", i, trace)
                            .sqlStart(i, i, trace)
                            .text();
                file << "{\"Event\":\"SparkListenerJobStart\",\"Job ID\":" << 100'000 + i << R"(,"Stage IDs":[)" << ids
                     << "]}\n";
                file << "{\"Event\":\"own.Kind" << i << "\"}\n";
                file << SparkLog().environment({{"spark.p" + std::to_string(i), trace}}).text();
            }
            for (int i = 0; i < 60'000; ++i)
                file << SparkLog().executor("executor-" + std::to_string(i), i).text();
        }
        const pid_t child = ::fork();
        if (child == 0) {
            CollectingSink sink;
            const auto report = readParts(path, {path}, sink);
            struct rusage usage {
            };
            ::getrusage(RUSAGE_SELF, &usage);
            ::_exit(!report || sink.attempts.size() != 1 ? 1 : usage.ru_maxrss > 100 * 1024 ? 2 : 0);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        QVERIFY(WIFEXITED(status));
        QCOMPARE(WEXITSTATUS(status), 0);
    }
};

QTEST_GUILESS_MAIN(TestSparkBadInput)
#include "tst_spark_bad_input.moc"
