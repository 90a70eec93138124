#include "ingest/recognise.hpp"
#include "text_log_reading.hpp"

#include <QtTest>

#include <algorithm>
#include <string>
#include <vector>

#include <sys/resource.h>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

using base::ErrorCode;

Q_DECLARE_METATYPE(ErrorCode)
Q_DECLARE_METATYPE(Format)

namespace
{

QByteArray head()
{
    return QByteArray::fromStdString(driverHead());
}

QByteArray section(const QByteArray &length, const QByteArray &content, bool ended = true)
{
    return "LogType:stderr\nLogLastModifiedTime:Tue Oct 19 12:30:32 +0000 2021\nLogLength:" + length
           + "\nLogContents:\n" + content + (ended ? "\nEnd of LogType:stderr\n*****\n\n" : "");
}

QByteArray container()
{
    return "Container: container_1448006111297_0138_01_000001 on h_45454_1\nLogAggregationType: AGGREGATED\n=====\n";
}

bool anyHolds(const std::vector<std::string> &texts, const QString &part)
{
    return std::any_of(texts.begin(), texts.end(),
                       [&](const std::string &text) { return text.find(part.toStdString()) != std::string::npos; });
}

} // namespace

class TestTextLogBadInput : public QObject
{
    Q_OBJECT

private slots:
    void readSparkLog_damagedBytes_areWarnedOf_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("warning");
        const QByteArray log = "26/01/02 10:00:00 INFO SparkContext: Running Spark version 3.5.1\n"
                               "26/01/02 10:00:09 ERROR SparkContext: no room @ all\n";
        QTest::newRow("zeros at the front") << QByteArray(4096, '\0') + log << "lines hold zero bytes";
        QTest::newRow("zeros at the end") << log + QByteArray(4096, '\0') << "lines hold zero bytes";
        QTest::newRow("a zero in a message") << QByteArray(log).replace('@', '\0') << "lines hold zero bytes";
        QTest::newRow("another encoding") << QByteArray(log).replace('@', '\xFC') << "iconv -f WINDOWS-1252";
    }
    void readSparkLog_damagedBytes_areWarnedOf()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, warning);
        const auto recognised = recogniseHead("x/nightly.log", text.toStdString(), true);
        QVERIFY2(recognised.format == Format::SparkLog, recognised.reason.c_str());
        const ReadLog read = readLog(text.toStdString());
        QCOMPARE(base::formatInstant(read.only().startedAt), std::string("2026-01-02T10:00:00Z"));
        QVERIFY(read.only().errorText.find("no room") != std::string::npos);
        QVERIFY(read.only().errorText.size() < 200);
        QVERIFY(anyHolds(read.report->warnings, warning));
    }

    void readSource_whatHoldsNoLog_isAnError_data()
    {
        QTest::addColumn<Format>("format");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("text");
        QByteArray binary;
        for (int i = 0; i < 20'000; ++i)
            binary += static_cast<char>((i * 7919) >> 3);
        const auto rows = [&binary](Format format, const char *text) {
            const auto row = [&](const char *what) -> QTestData & {
                return QTest::newRow((std::string(name(format)) + ": " + what).c_str()) << format;
            };
            row("an empty file") << QByteArray() << text;
            row("blank lines") << QByteArray("\n\n \r\n\t\n") << text;
            row("binary") << binary << text;
            row("zero bytes") << QByteArray(5000, '\0') << text;
            row("prose") << QByteArray("It was a good day.\n").repeated(100) << text;
            row("rows of a table") << QByteArray("job,run,attempt\na,b,1\n") << text;
            row("a byte order mark alone") << QByteArray("\xEF\xBB\xBF") << text;
            row("broken JSON") << QByteArray("{\"ts\":\"2026-01-02T1") << text;
        };
        rows(Format::SparkLog, "no record of a Spark log");
        rows(Format::YarnLog, "no section of a container's log");
        QTest::newRow("yarn-log: a driver's log alone") << Format::YarnLog << head() << "no section";
        QTest::newRow("yarn-log: a container without a log") << Format::YarnLog << container() << "no section";
    }
    void readSource_whatHoldsNoLog_isAnError()
    {
        QFETCH(const Format, format);
        QFETCH(const QByteArray, bytes);
        QFETCH(const QString, text);
        const ReadLog read = readLog(bytes.toStdString(), format);
        QVERIFY(!read.report);
        QCOMPARE(read.report.error().code, ErrorCode::Parse);
        const std::string said = read.report.error().text();
        QVERIFY2(said.find(text.toStdString()) != std::string::npos, said.c_str());
        QVERIFY(said.find("nightly.log") != std::string::npos);
        QVERIFY(!read.report.error().hint.empty());
    }

    void readSource_aDamagedLog_givesWhatThereIs_data()
    {
        QTest::addColumn<Format>("format");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("outcome");
        QTest::addColumn<QString>("warning");
        const QByteArray failure =
            "Exception in thread \"main\" java.lang.IllegalStateException: no orders\n\tat A.b(A.sc";
        const QString utc = "taken as UTC";
        QTest::newRow("it breaks off inside a trace") << Format::SparkLog << head() + failure << "failed" << utc;
        QTest::newRow("it breaks off inside a record") << Format::SparkLog << head() + "26/01/02 10:0"
                                                       << "unknown"
                                                       << "breaks off before";
        QTest::newRow("bytes that are not UTF-8")
            << Format::SparkLog << head() + "26/01/02 10:05:00 ERROR A: \xFF\xFE\xC0\n" + failure << "failed" << utc;
        QTest::newRow("zero bytes within lines")
            << Format::SparkLog << head() + QByteArray("26/01/02 10:05:00 ERROR A: \0\0x\n", 31) + failure << "failed"
            << utc;
        QTest::newRow("times that go backwards")
            << Format::SparkLog << head() + "26/01/01 09:00:00 INFO SparkContext: x\n"
            << "unknown"
            << "go backwards";
        QTest::newRow("lines end with carriage returns")
            << Format::SparkLog << QByteArray(head() + failure).replace("\n", "\r\n") << "failed" << utc;
        QTest::newRow("a day that is none")
            << Format::SparkLog << head() + "26/02/30 10:05:00 INFO SparkContext: Successfully stopped SparkContext\n"
            << "unknown"
            << "breaks off before";
        QTest::newRow("an exit code that is no number")
            << Format::SparkLog
            << head()
                   + "26/01/02 10:05:00 INFO ApplicationMaster: Final app status: FAILED, exitCode: many, (reason: x\n"
            << "failed" << utc;
        QTest::newRow("an exit code beyond all bounds") << Format::SparkLog
                                                        << head()
                                                               + "26/01/02 10:05:00 INFO Client: \n\t diagnostics: "
                                                                 "exit code 99999999999999999999\n\t final status: "
                                                                 "FAILED\n"
                                                        << "failed" << utc;
        QTest::newRow("an amount that is no number") << Format::SparkLog
                                                     << head()
                                                            + "26/01/02 10:05:00 ERROR YarnScheduler: Lost executor 1 "
                                                              "on h: Container killed by YARN for exceeding "
                                                              "memory limits. .. GB of  GB physical memory used\n"
                                                     << "unknown"
                                                     << "breaks off before";
        QTest::newRow("a length that is too large")
            << Format::YarnLog << container() + section("999999999999", head() + failure) << "failed"
            << "length stated";
        QTest::newRow("a length that is too small")
            << Format::YarnLog << container() + section("3", head() + failure) << "failed"
            << "length stated";
        QTest::newRow("a length below zero")
            << Format::YarnLog << container() + section("-5", head() + failure) << "failed"
            << "length stated";
        QTest::newRow("a length that is no number")
            << Format::YarnLog << container() + section("long", head() + failure) << "failed"
            << "length stated";
        QTest::newRow("a log below no container") << Format::YarnLog << section("1", head() + failure) << "failed"
                                                  << "below no container";
        QTest::newRow("a section that does not end")
            << Format::YarnLog << container() + section("1", "x") + section("1", head() + failure, false) << "failed"
            << "the last log breaks off";
        QTest::newRow("a section that ends as another")
            << Format::YarnLog << container() + section("1", head() + failure + "\nEnd of LogType:stdout") << "failed"
            << utc;
    }
    void readSource_aDamagedLog_givesWhatThereIs()
    {
        QFETCH(const Format, format);
        QFETCH(const QByteArray, bytes);
        QFETCH(const QString, outcome);
        QFETCH(const QString, warning);
        const ReadLog read = readLog(std::string_view(bytes.data(), static_cast<std::size_t>(bytes.size())), format);
        const model::Attempt &attempt = read.only();
        QCOMPARE(QString::fromUtf8(name(attempt.outcome).data()), outcome);
        QVERIFY(attempt.startedAt <= attempt.endedAt);
        QVERIFY2(anyHolds(read.report->warnings, warning),
                 read.report->warnings.empty() ? "no warning" : read.report->warnings.back().c_str());
        QVERIFY(attempt.errorText.find('\0') == std::string::npos);
    }

    void readSource_aLogWithoutDates_isRejected_data()
    {
        QTest::addColumn<Format>("format");
        QTest::addColumn<QByteArray>("bytes");
        const QByteArray text = "10:00:00.123 [main] ERROR org.apache.spark.SparkContext - Error initializing\n";
        QTest::newRow("spark-log") << Format::SparkLog << text;
        QTest::newRow("spark-log, no times at all") << Format::SparkLog << QByteArray("ERROR SparkContext: Error\n");
        QTest::newRow("yarn-log") << Format::YarnLog << container() + section("77", text);
        QTest::newRow("yarn-log, no records") << Format::YarnLog << container() + section("1", "x");
    }
    void readSource_aLogWithoutDates_isRejected()
    {
        QFETCH(const Format, format);
        QFETCH(const QByteArray, bytes);
        const ReadLog read = readLog(bytes.toStdString(), format);
        QVERIFY(read.report);
        QVERIFY(read.sink.attempts.empty());
        QCOMPARE(read.sink.rejects.size(), std::size_t(1));
        QVERIFY(read.sink.rejects[0].line >= 1);
        QVERIFY2(read.sink.rejects[0].reason.find("has a date") != std::string::npos,
                 read.sink.rejects[0].reason.c_str());
    }

    void readSource_aLineOfAHundredMegabytes_isRejectedInConstantMemory_data()
    {
        QTest::addColumn<Format>("format");
        QTest::newRow("spark-log") << Format::SparkLog;
        QTest::newRow("yarn-log") << Format::YarnLog;
    }
    void readSource_aLineOfAHundredMegabytes_isRejectedInConstantMemory()
    {
        QFETCH(const Format, format);
        std::string text =
            format == Format::YarnLog ? (container() + section("1", "x", false)).toStdString() : std::string();
        text += driverHead();
        const auto before = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
        text.append(100u << 20, 'x');
        text += "\n" + driverStop();
        Folder folder;
        const std::string path = folder.write("big.log", text);
        text = std::string();
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        CollectingSink sink;
        const long peak = usage.ru_maxrss;
        const auto report = readFile(path, format, sink);
        getrusage(RUSAGE_SELF, &usage);
        QVERIFY(report);
        QCOMPARE(sink.rejects.size(), std::size_t(1));
        QCOMPARE(sink.rejects[0].line, before + 1);
        QCOMPARE(sink.rejects[0].reason, std::string("The line is longer than 8388608 bytes"));
        QCOMPARE(std::string(name(sink.attempts.at(0).outcome)), std::string("succeeded"));
        QVERIFY2(usage.ru_maxrss - peak < 64 * 1024, qPrintable(QString::number(usage.ru_maxrss - peak)));
    }

    void readSource_aMillionCauses_areReadInBoundedTime()
    {
        std::string text = driverHead() + "Exception in thread \"main\" java.lang.IllegalStateException: no orders\n";
        for (int i = 0; i < 1'000'000; ++i)
            text += "Caused by: java.lang.IllegalStateException: again\n\t... 3 more\n";
        QElapsedTimer timer;
        timer.start();
        const ReadLog read = readLog(text);
        QCOMPARE(read.only().outcome, model::Outcome::Failed);
        QVERIFY(read.only().errorText.size() <= (4u << 20));
        QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
    }

    void readSource_manyApplicationsInOneAggregate_stayInBoundedMemory()
    {
        std::string text;
        for (int i = 0; i < 200; ++i) {
            text += "Container: container_1448006111297_" + std::to_string(1000 + i) + "_01_000001 on h_1\n"
                    + section("0", head()).toStdString();
        }
        const ReadLog read = readYarn(text);
        QVERIFY(read.report);
        QCOMPARE(read.sink.attempts.size(), std::size_t(200));
        QCOMPARE(read.sink.attempts.front().run, std::string("application_1448006111297_1000"));
        QCOMPARE(read.sink.attempts.back().run, std::string("application_1448006111297_1199"));
    }

    void readSource_aStop_cancels()
    {
        for (const Format format : {Format::SparkLog, Format::YarnLog}) {
            Folder folder;
            CollectingSink sink;
            std::stop_source stop;
            stop.request_stop();
            const auto report = readFile(folder.write("a.log", driverHead()), format, sink, {}, stop.get_token());
            QVERIFY(!report);
            QCOMPARE(report.error().code, ErrorCode::Cancelled);
            QVERIFY(sink.attempts.empty());
        }
    }
};

QTEST_GUILESS_MAIN(TestTextLogBadInput)
#include "tst_text_log_bad_input.moc"
