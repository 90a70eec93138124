#include "ingest/log_prefix.hpp"

#include "ingest/recognise.hpp"
#include "text_log_reading.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::ingest;
using namespace ingest_test;

// Every log below is synthetic.

namespace
{

std::string failedLog()
{
    return driverHead()
           + "Exception in thread \"main\" java.lang.IllegalStateException: no orders\n\tat A.main(A.scala:1)\n\n"
             "26/01/02 10:05:00 INFO ShutdownHookManager: Shutdown hook called\n";
}

/// The text with `lead` before every line.
std::string prefixed(const std::string &lead, std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        out += lead + std::string(text.substr(0, end)) + "\n";
        text.remove_prefix(end + 1);
    }
    return out;
}

} // namespace

class TestLogPrefix : public QObject
{
    Q_OBJECT

private slots:
    void readSparkLog_aPrefixBeforeEveryLine_isTakenOff_data()
    {
        QTest::addColumn<QByteArray>("lead");
        QTest::newRow("kubectl logs --prefix") << QByteArray("[pod/etl-driver/spark-kubernetes-driver] ");
        QTest::newRow("kubectl logs --prefix --timestamps")
            << QByteArray("[pod/etl-driver/spark-kubernetes-driver] 2026-01-02T10:00:00.123456789Z ");
        QTest::newRow("stern") << QByteArray("etl-driver spark-kubernetes-driver ");
        QTest::newRow("stern in colour") << QByteArray(
            "\x1B[38;5;5metl-driver\x1B[0m \x1B[38;5;6mspark-kubernetes-driver\x1B[0m ");
        QTest::newRow("stern over all namespaces") << QByteArray("etl etl-driver spark-kubernetes-driver ");
        QTest::newRow("journalctl, ISO") << QByteArray("2026-01-02T10:00:00+0000 host.example spark[12]: ");
        QTest::newRow("journalctl, ISO and precise")
            << QByteArray("2026-01-02T10:00:00.123456+00:00 host spark-submit[12]: ");
        QTest::newRow("journalctl") << QByteArray("Jan 02 10:00:00 host spark-submit[123]: ");
        QTest::newRow("syslog") << QByteArray("Jan  2 10:00:00 host spark-submit: ");
    }
    void readSparkLog_aPrefixBeforeEveryLine_isTakenOff()
    {
        QFETCH(const QByteArray, lead);
        const std::string text = prefixed(lead.toStdString(), failedLog());
        const auto recognised = recogniseHead("x/driver.log", text, true);
        QVERIFY2(recognised.format == Format::SparkLog, recognised.reason.c_str());
        const ReadLog read = readLog(text);
        QCOMPARE(read.only().outcome, model::Outcome::Failed);
        QCOMPARE(read.only().job, std::string("nightly_orders"));
        QCOMPARE(read.only().errorText, failedLog());
    }

    void readSparkLog_linesBeforeTheFirstRecord_doNotHideThePrefix()
    {
        const std::string lead = "2026-01-02T10:00:00+0100 host spark[12]: ";
        const ReadLog read = readLog(
            "-- Journal begins at Thu 2026-01-01 --\n2026-01-02T09:59:59+0100 host systemd[1]: Started an ERROR "
            "watch.\n"
            + prefixed(lead, "+ exec spark-submit x.py\n" + failedLog()));
        QCOMPARE(read.only().outcome, model::Outcome::Failed);
        QCOMPARE(base::formatInstant(read.only().endedAt), std::string("2026-01-02T09:00:00Z"));
    }

    void readSparkLog_aTabThatSyslogWroteInDigits_isATab()
    {
        std::string text = prefixed("Jan  2 10:00:00 host spark[1]: ", failedLog());
        text.replace(text.find('\t'), 1, "#011");
        QCOMPARE(readLog(text).only().errorText, failedLog());
    }

    void readSparkLog_whatOnlyLooksLikeAPrefix_stays_data()
    {
        QTest::addColumn<QByteArray>("text");
        const QByteArray iso = "2026-01-02T10:00:00Z INFO SparkContext: INFO Orders: begun\n"
                               "2026-01-02T10:00:01Z INFO SparkContext: Running Spark version 3.5.1\n";
        QTest::newRow("a time, a level and a class are a record") << iso;
        const QByteArray plain = QByteArray::fromStdString(driverHead());
        QTest::newRow("names before one record of many")
            << plain + "etl driver 26/01/02 10:05:00 INFO Orders: quoted\n";
        QTest::newRow("a pod before one record of many")
            << plain + "[pod/etl/driver] 26/01/02 10:05:00 INFO Orders: quoted\n";
        QTest::newRow("a line of syslog quoted")
            << plain + "Jan  2 10:00:00 host spark[1]: 26/01/02 10:05:00 INFO Orders: quoted\n";
    }
    void readSparkLog_whatOnlyLooksLikeAPrefix_stays()
    {
        QFETCH(const QByteArray, text);
        QCOMPARE(readLog(text.toStdString()).only().errorText, text.toStdString());
    }

    void take_onlyTheFormOfThisLog_isTakenOff()
    {
        LogPrefix prefix;
        QCOMPARE(prefix.take("etl-driver spark 26/01/02 10:00:00 INFO A: x").rest,
                 std::string_view("26/01/02 10:00:00 INFO A: x"));
        QCOMPARE(prefix.take("etl-driver spark \tat A.b(A.scala:1)").rest, std::string_view("\tat A.b(A.scala:1)"));
        QCOMPARE(prefix.take("some words of prose").rest, std::string_view("some words of prose"));
        QCOMPARE(prefix.take("[pod/a/b] x").rest, std::string_view("[pod/a/b] x"));
        QCOMPARE(prefix.take("").rest, std::string_view(""));
    }
};

QTEST_GUILESS_MAIN(TestLogPrefix)
#include "tst_log_prefix.moc"
