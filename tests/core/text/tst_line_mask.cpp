#include "text/line_mask.hpp"

#include <QtTest>

using namespace mulligan::text;

namespace
{

QString masked(const QByteArray &line)
{
    LineMasker masker;
    return QString::fromUtf8(QByteArray::fromStdString(masker.mask(line.toStdString()).text));
}

} // namespace

class TestLineMask : public QObject
{
    Q_OBJECT

private slots:
    void mask_variablePart_isReplaced_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const char *line, const char *expected) {
            QTest::newRow(name) << QByteArray(line) << QString::fromUtf8(expected);
        };
        row("a number", "exit code 137", "exit code <num>");
        row("a negative number", "exit code -9", "exit code <num>");
        row("thousands", "read 1,024,000 rows", "read <num> rows");
        row("a decimal", "ratio 0.75 reached", "ratio <num> reached");
        row("a version", "Spark 3.5.1 needed", "Spark <num> needed");
        row("numbers within a name", "Block rdd_12_3 is gone", "Block rdd_<num>_<num> is gone");
        row("a number at a name's end", "host worker7 is down", "host worker<num> is down");
        row("digits that are spelling", "Slf4jLogger started", "Slf4jLogger started");
        row("a class name keeps its digits", "com.amazonaws.services.s3.model.AmazonS3Exception: x",
            "com.amazonaws.services.s3.model.AmazonS3Exception: x");
        row("a method with capitals", "calling o123.collectToPython.", "calling o<num>.collectToPython.");
        row("an anonymous class", "at a.Foo$12.run", "at a.Foo$<num>.run");
        row("a size with a blank", "free 5.2 KB, used 1 GiB", "free <size>, used <size>");
        row("a size in one word", "limit 512m and 4GB", "limit <size> and <size>");
        row("a duration keeps its unit", "took 30s and 12 ms", "took <num>s and <num> ms");
        row("a date with a time", "at 2026-01-02 03:04:05,678 it broke", "at <time> it broke");
        row("an instant with a zone", "since 2026-01-02T03:04:05.678Z here", "since <time> here");
        row("an offset", "since 2026-01-02T03:04:05+09:00", "since <time>");
        row("a short date", "17/06/09 20:10:40 INFO x", "<time> INFO x");
        row("a date alone", "partition 2026-01-02 is missing", "partition <time> is missing");
        row("a time of day", "[20:10:40] started", "[<time>] started");
        row("Java's date", "expired Fri Jun  9 06:06:20 UTC 2017.", "expired <time>.");
        row("syslog's date", "Jun  9 06:06:20 node kernel", "<time> node kernel");
        row("a ratio is no time", "line 12:30", "line <num>:<num>");
        row("a UUID", "request 70293f72-844a-4b39-9ad6-fb0ad7e364e4 failed", "request <uuid> failed");
        row("a UUID within a name", "blockmgr-70293f72-844a-4b39-9ad6-fb0ad7e364e4 gone", "blockmgr-<uuid> gone");
        row("a hash", "commit 9f86d081884c7d65 refused", "commit <hex> refused");
        row("a pointer", "SIGSEGV at 0x00007f3a5c02 now", "SIGSEGV at <hex> now");
        row("a word of hexadecimal letters", "the facade faded", "the facade faded");
        row("an object's address", "closed: java.io.Foo@1b6d3586", "closed: java.io.Foo@<address>");
        row("an application", "application_1700000000000_0001 failed", "<id> failed");
        row("a container", "Container container_e17_1700000000000_0001_01_000002 exited", "Container <id> exited");
        row("an attempt", "attempt_201706092018_0024_m_000003_1012: Committed", "<id>: Committed");
        row("a standalone application", "app-20170609201840-0001 lost", "<id> lost");
        row("a Unix path", "cannot read /data/in/part-0001.csv, skipped", "cannot read <path>, skipped");
        row("a URI", "hdfs://nn:8020/user/x does not exist", "<path> does not exist");
        row("a file URI", "load file:/tmp/a.jar.", "load <path>.");
        row("a Windows path", "open C:\\data\\in.csv failed", "open <path> failed");
        row("a slash between words", "read and/or write", "read and/or write");
        row("an address", "connect 10.0.0.12:8020 refused", "connect <host> refused");
        row("an address without port", "from 10.0.0.12 today", "from <host> today");
        row("a host with port", "connect to namenode-1:8020 failed", "connect to <host> failed");
        row("a qualified host", "ip-10-0-0-1.ec2.internal is unreachable", "<host> is unreachable");
        row("a property is no host", "spark.executor.memory is unset", "spark.executor.memory is unset");
        row("a source file is no host", "failed at RDD.scala:123", "failed at RDD.scala:<num>");
        row("single quotes", "column 'a b' is missing", "column '<text>' is missing");
        row("double quotes", "key \"x=1\" is missing", "key \"<text>\" is missing");
        row("backquotes", "cannot resolve `orders`.`id`;", "cannot resolve `<text>`.`<text>`;");
        row("nothing between quotes", "group \"\" in \"a b\"", "group \"\" in \"<text>\"");
        row("an apostrophe is no quote", "it can't and won't", "it can't and won't");
        row("an open quote", "unexpected ' in 12", "unexpected ' in <num>");
        row("blanks of all kinds are one", "a \t b   c", "a b c");
        row("beyond ASCII", "表 12 がない", "表 <num> がない");
        row("an empty line", "", "");
        row("blanks alone", " \t ", "");
    }
    void mask_variablePart_isReplaced()
    {
        QFETCH(QByteArray, line);
        QFETCH(QString, expected);
        QCOMPARE(masked(line), expected);
    }

    void mask_anyLine_partsHoldEveryByteOnce_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("words and numbers") << QByteArray("17/06/09 20:10:40 ERROR x: lost 5.2 KB of '/a b' @ 0x12");
        QTest::newRow("binary") << QByteArray("\x00\xff\x80 12\x01\xfe 'x\x00' /\x7f", 17);
        QTest::newRow("quotes") << QByteArray("'''\"\"``'a'\"b\"`c`");
        QTest::newRow("punctuation") << QByteArray("@-+:/.-$_ -1 +2 @3 :4 /5 .6 $7 _8");
        QTest::newRow("one long token") << QByteArray(70'000, 'x');
        QTest::newRow("many short tokens") << QByteArray("1 ").repeated(40'000);
        QTest::newRow("colons and digits") << QByteArray("1:").repeated(30'000);
    }
    void mask_anyLine_partsHoldEveryByteOnce()
    {
        QFETCH(QByteArray, line);
        LineMasker masker;
        const MaskedLine out = masker.mask(line.toStdString());
        const auto seen = std::min(static_cast<std::size_t>(line.size()), kMaxMaskedBytes);
        QCOMPARE(out.cut, static_cast<std::size_t>(line.size()) > kMaxMaskedBytes);
        std::size_t at = 0;
        for (const MaskedPart &part : out.parts) {
            QVERIFY(part.begin < part.end);
            for (; at < part.begin; ++at)
                QVERIFY(QByteArray(" \t\n\v\f\r").contains(line[static_cast<int>(at)]));
            at = part.end;
        }
        QVERIFY(at <= seen);
        std::uint32_t part = 0;
        for (const MaskedToken &token : out.tokens) {
            QCOMPARE(token.firstPart, part);
            QVERIFY(token.lastPart > token.firstPart);
            part = token.lastPart;
        }
        QCOMPARE(static_cast<std::size_t>(part), out.parts.size());
    }

    void mask_secondLine_isNotLookedAt() { QCOMPARE(masked("first 1\nsecond 2"), QStringLiteral("first <num>")); }
};

QTEST_APPLESS_MAIN(TestLineMask)
#include "tst_line_mask.moc"
