#include "ingest/terminal_codes.hpp"

#include "ingest/airflow_log.hpp"
#include "ingest/recognise.hpp"
#include "text_log_reading.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

// Every log below is synthetic.

namespace
{

/// Every line in colour, as a log4j2 layout with %highlight writes it.
std::string coloured(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        out += "\x1B[32m" + std::string(text.substr(0, end)) + "\x1B[m\n";
        text.remove_prefix(end + 1);
    }
    return out;
}

QByteArray json(const QByteArray &clock, const QByteArray &event)
{
    return "{\"timestamp\":\"2026-03-02T" + clock + ".1Z\",\"level\":\"error\",\"event\":\"" + event
           + "\",\"logger\":\"task\"}\n";
}

std::string failedLog()
{
    return driverHead()
           + "Exception in thread \"main\" java.lang.IllegalStateException: no orders\n\tat A.main(A.scala:1)\n";
}

} // namespace

class TestTerminalCodes : public QObject
{
    Q_OBJECT

private slots:
    void without_whatTellsATerminalHowToShow_isTakenOut_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("plain");
        QTest::newRow("none") << QByteArray("a plain line") << QByteArray("a plain line");
        QTest::newRow("nothing at all") << QByteArray("") << QByteArray("");
        QTest::newRow("colours") << QByteArray("\x1B[1;31mbad\x1B[0m and \x1B[38;5;12mblue\x1B[m")
                                 << QByteArray("bad and blue");
        QTest::newRow("a colour in parts") << QByteArray("\x1B[38:2::1:2:3mx") << QByteArray("x");
        QTest::newRow("the rest of a line erased") << QByteArray("x\x1B[K\x1B[2Jy\x1B[?25l") << QByteArray("xy");
        QTest::newRow("a title") << QByteArray("\x1B]0;etl\ax") << QByteArray("x");
        QTest::newRow("a link") << QByteArray("\x1B]8;;http://h/\x1B\\here\x1B]8;;\x1B\\!") << QByteArray("here!");
        QTest::newRow("a character set") << QByteArray("x\x1B(B\x1B[my") << QByteArray("xy");
        QTest::newRow("a title that does not end") << QByteArray("\x1B]0;Caused by: x") << QByteArray("0;Caused by: x");
        QTest::newRow("a title that does not end on its line") << QByteArray("\x1B]0;a\nb\a") << QByteArray("0;a\nb\a");
        QTest::newRow("a colour that breaks off") << QByteArray("x\x1B[3") << QByteArray("x");
        QTest::newRow("an escape alone") << QByteArray("x\x1By\x1B") << QByteArray("xy");
    }
    void without_whatTellsATerminalHowToShow_isTakenOut()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QByteArray, plain);
        TerminalCodes codes;
        const std::string_view got = codes.without({text.data(), static_cast<std::size_t>(text.size())});
        QCOMPARE(QByteArray(got.data(), static_cast<int>(got.size())), plain);
    }

    void readSparkLog_aColouredLog_isReadAsThePlainOne_data()
    {
        QTest::addColumn<QByteArray>("text");
        const std::string log = failedLog();
        QTest::newRow("whole lines") << QByteArray::fromStdString(coloured(log));
        QTest::newRow("levels") << QByteArray::fromStdString(log).replace("INFO", "\x1B[32mINFO\x1B[0;39m");
        QByteArray docker;
        QByteArray runtime;
        for (QByteArray line : QByteArray::fromStdString(coloured(log)).split('\n')) {
            if (line.isEmpty())
                continue;
            runtime += "2026-01-02T10:00:00.000000000Z stderr F " + line + "\n";
            line.replace("\x1B", "\\u001b").replace("\"", "\\\"").replace("\t", "\\t");
            docker += "{\"log\":\"" + line + "\\n\",\"stream\":\"stderr\",\"time\":\"2026-01-02T10:00:00Z\"}\n";
        }
        QTest::newRow("in Docker's objects") << docker;
        QTest::newRow("as a container runtime writes them") << runtime;
    }
    void readSparkLog_aColouredLog_isReadAsThePlainOne()
    {
        QFETCH(const QByteArray, text);
        const auto recognised = recogniseHead("x/driver.log", text.toStdString(), true);
        QVERIFY2(recognised.format == Format::SparkLog, recognised.reason.c_str());
        const ReadLog read = readLog(text.toStdString());
        QCOMPARE(read.only().outcome, model::Outcome::Failed);
        QCOMPARE(read.only().job, std::string("nightly_orders"));
        QCOMPARE(read.only().applicationId, std::string("app-20260102100001-0007"));
        QCOMPARE(read.only().errorText, failedLog());
    }

    void readYarnLog_colouredContent_isReadAsThePlainOne()
    {
        const ReadLog read = readYarn("Container: container_1448006111297_0138_01_000001 on h_45454_1\n"
                                      "LogType:stderr\nLogLength:9999\nLogContents:\n"
                                      + coloured(failedLog()) + "\nEnd of LogType:stderr\n");
        QCOMPARE(read.only().outcome, model::Outcome::Failed);
        QVERIFY(read.only().errorText.find('\x1B') == std::string::npos);
    }

    void readAirflow_aColouredTaskLog_isReadAsThePlainOne_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("Airflow 2 on a terminal")
            << QByteArray("[\x1B[34m2026-03-02T02:00:00.100+0000\x1B[0m] {\x1B[34mtaskinstance.py:\x1B[0m1361} "
                          "INFO\x1B[0m - Starting attempt 1 of 3\x1B[0m\n"
                          "[\x1B[34m2026-03-02T02:09:00.100+0000\x1B[0m] {\x1B[34mtaskinstance.py:\x1B[0m1400} "
                          "INFO\x1B[0m - Marking task as FAILED. dag_id=s, task_id=t\x1B[0m\n");
        QTest::newRow("what a program printed in colour, Airflow 3")
            << json("02:00:00", "::group::Log") + json("02:09:00", "\\u001b[31mTask failed with exception\\u001b[0m");
    }
    void readAirflow_aColouredTaskLog_isReadAsThePlainOne()
    {
        QFETCH(const QByteArray, text);
        const std::string name = "dag_id=s/run_id=r/task_id=t/attempt=1.log";
        QVERIFY(airflow::looksLikeTaskLog(name, text.toStdString()));
        const ReadLog read = readLog(text.toStdString(), Format::Airflow, name);
        QCOMPARE(read.only().outcome, model::Outcome::Failed);
        QCOMPARE(base::formatInstant(read.only().endedAt), std::string("2026-03-02T02:09:00.100Z"));
        QVERIFY(read.only().errorText.find('\x1B') == std::string::npos);
    }

    void readSource_aColouredLogThatARowNames_isStoredWithoutThem()
    {
        Folder folder;
        folder.write("a.log", "\x1B[31mjava.lang.IllegalStateException: gone\x1B[0m\n");
        CollectingSink sink;
        const auto report = readFile(
            folder.write("rows.jsonl", "{\"job\":\"orders\",\"run\":\"a\",\"attempt\":1,\"outcome\":\"failed\","
                                       "\"started_at\":\"2026-01-02T03:04:05Z\",\"ended_at\":\"2026-01-02T03:05:05Z\","
                                       "\"log_path\":\"a.log\"}\n"),
            Format::Attempts, sink);
        QVERIFY(report.has_value());
        QCOMPARE(sink.attempts.front().errorText, std::string("java.lang.IllegalStateException: gone\n"));
    }
};

QTEST_GUILESS_MAIN(TestTerminalCodes)
#include "tst_terminal_codes.moc"
