#include "text/plain_lines.hpp"

#include <QtTest>

#include <chrono>
#include <string>

using namespace mulligan::text;

Q_DECLARE_METATYPE(mulligan::text::Speaker)

class TestPlainLines : public QObject
{
    Q_OBJECT

private slots:
    void withoutHeads_text_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("bare"); // null: it is as it was written
        const auto row = [](const char *name, const char *text, const char *bare) {
            QTest::newRow(name) << QString(text) << (bare == nullptr ? QString() : QString(bare));
        };
        row("a CI runner's", "2024-05-11T03:20:10.4864002Z ERROR:  no shelf\n2024-05-11T03:20:10.4865002Z   at a\n",
            "ERROR:  no shelf\n  at a\n");
        row("an operator of Airflow's, between its own lines",
            "[2024-05-11, 03:20:01 UTC] {taskinstance.py:2} INFO - begun\n"
            "[2024-05-11, 03:20:11 UTC] {subprocess.py:93} INFO - main : user is jo\n"
            "[2024-05-11, 03:20:11 UTC] {subprocess.py:93} INFO - User jo not found",
            "[2024-05-11, 03:20:01 UTC] {taskinstance.py:2} INFO - begun\nmain : user is jo\nUser jo not found");
        row("a pod's container", "[2024-05-11, 03:20:11 UTC] {pod_manager.py:471} INFO - [base] no shelf\r\nbye\r\n",
            "no shelf\r\nbye\r\n");
        row("a pod of kubectl's", "[pod/a-7/base] no shelf\n\n[pod/a-7/base] bye\n", "no shelf\n\nbye\n");
        row("behind a line that was cut off", "11Z cut\n2024-05-11T03:20:10.4Z no shelf", "11Z cut\nno shelf");
        row("Airflow's own lines alone", "[2024-05-11, 03:20:01 UTC] {taskinstance.py:2} INFO - begun\n", nullptr);
        row("a margin of Python's", "  | a.B: no shelf\n", nullptr);
        row("a log without heads", "24/05/01 10:00:00 ERROR A: no shelf\n\tat a.B.c(B.java:1)\n", nullptr);
        row("an empty text", "", nullptr);
        row("line ends", "\n\n\n", nullptr);
    }
    void withoutHeads_text()
    {
        QFETCH(QString, text);
        QFETCH(QString, bare);
        const auto found = withoutHeads(text.toStdString());
        QCOMPARE(found.has_value(), !bare.isNull());
        if (found)
            QCOMPARE(QString::fromStdString(found->text), bare);
    }

    void placeOf_partWithoutHeads_isWhereItStands()
    {
        const std::string text = "2024-05-11T03:20:10.4Z one\nown\nlines\n2024-05-11T03:20:10.5Z two\n"
                                 "2024-05-11T03:20:10.6Z \n2024-05-11T03:20:10.7Z three";
        const auto lines = withoutHeads(text);
        QCOMPARE(lines->text, std::string("one\nown\nlines\ntwo\n\nthree"));
        for (const std::string part : {"one", "own\nlines", "lines", "two", "three", "e"}) {
            const std::size_t at = lines->text.find(part);
            const Span held = lines->placeOf({at, at + part.size()}, text);
            QCOMPARE(text.substr(held.begin, held.end - held.begin), part);
            QCOMPARE(lines->heldAt(held.begin), at);
        }
        const std::size_t two = lines->text.find("two");
        const Span both = lines->placeOf({two, lines->text.size()}, text);
        QCOMPARE(text.substr(both.begin, both.end - both.begin), text.substr(text.find("two")));
        for (std::size_t at = 0; at <= text.size(); ++at)
            QVERIFY(lines->heldAt(at) <= lines->text.size());
        for (std::size_t at = 0; at <= lines->text.size(); ++at)
            QVERIFY(lines->placeOf(Span{at, at}, text).end <= text.size());
    }

    void airflowLine_line_data()
    {
        QTest::addColumn<QString>("said"); // null: it is no line of Airflow 3's
        QTest::addColumn<Speaker>("speaker");
        const auto row = [](const char *line, const char *said, Speaker speaker = Speaker::Itself) {
            QTest::newRow(line) << (said == nullptr ? QString() : QString(said)) << speaker;
        };
        row("[2025-05-11, 03:20:10] INFO - no = shelf: chan=\"stdout\": source=\"task\"", "no = shelf", Speaker::Child);
        row("[2025-05-11, 03:20:10] ERROR - a: chan=\"stderr\": source=\"task\"\r", "a", Speaker::Child);
        row("[2025-05-11, 03:20:10] INFO - : chan=\"stdout\": source=\"task\"", "", Speaker::Child);
        row("[2025-05-11 03:20:10] INFO - no shelf source=task.stdout loc=a.py:7", "no shelf", Speaker::Child);
        row("[2025-05-11 03:20:10] INFO -  source=task.stdout", "", Speaker::Child);
        row("[2025-05-11 03:20:10] INFO - source=task.stdout", "", Speaker::Child);
        row("[2025-05-11 03:20:10] INFO - a source=airflow.hooks.subprocess.SubprocessHook loc=subprocess.py:104", "a",
            Speaker::Child);
        row("[2025-05-11 03:20:10] INFO - [base] a source=airflow.utils.pod_manager.PodManager loc=a.py:1", "a",
            Speaker::Container);
        row("[2025-05-11 03:20:10] INFO - a source=airflow.utils.pod_manager.PodManager loc=a.py:1", "a",
            Speaker::Child);
        row("[2025-05-11 03:20:10] INFO - no shelf in source=shop source=task.stdout loc=a.py:7",
            "no shelf in source=shop", Speaker::Child);
        row("[2025-05-11, 03:20:10] INFO - no loc=7: chan=\"stdout\": source=\"task\"", "no loc=7", Speaker::Child);
        row("[2025-05-11 03:20:10] INFO - no shelf in source=s3://shop/a.csv", nullptr);
        row("[2025-05-11, 03:21:40] ERROR - Task failed with exception: source=\"task\"",
            "[2025-05-11, 03:21:40] ERROR - Task failed with exception");
        row("[2025-05-11, 03:20:10] INFO - no shelf", nullptr);
        row("[2025-05-11, 03:20:10] INFO - where source=b c", nullptr);
        row("[2025-05-11, 03:20:10 UTC] {subprocess.py:93} INFO - a source=task.stdout", nullptr);
        row("[2025-05-11", nullptr);
        row("2025-05-11 03:20:10 INFO - a source=task.stdout", nullptr);
        row("", nullptr);
    }
    void airflowLine_line()
    {
        QFETCH(QString, said);
        QFETCH(Speaker, speaker);
        const std::string line = QTest::currentDataTag();
        const auto found = airflowLine(line);
        QCOMPARE(found.has_value(), !said.isNull());
        if (found) {
            QCOMPARE(QString::fromStdString(std::string(found->said)), said);
            QCOMPARE(found->speaker, speaker);
        }
    }

    void airflowsChildIn_json_givesItsWords()
    {
        const auto said = [](const char *json) {
            return QString::fromStdString(airflowsChildIn(json).value_or("none"));
        };
        QCOMPARE(said("{\"timestamp\":\"x\",\"event\":\"no \\\"shelf\\\"\",\"logger\":\"task.stdout\"}"),
                 "no \"shelf\"");
        QCOMPARE(said("{\"timestamp\":\"x\",\"event\":\"a\\n\",\"chan\":\"stderr\",\"logger\":\"task\"}"), "a");
        QCOMPARE(said("{\"timestamp\":\"x\",\"event\":\"a\",\"logger\":\"task\"}"), "none");
        QCOMPARE(said("{\"event\":7,\"logger\":\"task.stdout\"}"), "none");
        QCOMPARE(said("{\"event\":"), "none");
        QCOMPARE(said(""), "none");
    }

    void plainLinesOf_linesOfAirflow_holdWhatChildrenSaid()
    {
        const std::string stored =
            "{\"timestamp\":\"x\",\"level\":\"info\",\"event\":\"it \\\"runs\\\"\",\"logger\":\"task.stdout\"}\n"
            "{\"timestamp\":\"x\",\"level\":\"error\",\"event\":\"it ends\",\"logger\":\"task\"}\nplain\n";
        const auto lines = plainLinesOf(stored);
        const std::string own = stored.substr(stored.find('\n') + 1);
        QCOMPARE(lines->text, "it \"runs\"\n" + own);
        QCOMPARE(lines->placeOf(Span{3, 5}, stored).begin, std::size_t{0});
        QCOMPARE(lines->placeOf(Span{3, 5}, stored).end, stored.find('\n'));
        const std::size_t plain = lines->text.find("plain");
        QCOMPARE(lines->placeOf(Span{plain, plain + 5}, stored).begin, stored.find("plain"));
        QVERIFY(!lines->isVerbatim(Span{3, 5}));
        QVERIFY(lines->isVerbatim(Span{plain, plain + 5}));
        QVERIFY(!lines->isVerbatim(Span{3, plain + 5}));
        QVERIFY(lines->isVerbatim(Span{lines->text.size(), lines->text.size()}));
        const std::string shown = "[2025-05-11, 03:20:10] INFO - begun: source=\"bundles\"\n"
                                  "[2025-05-11, 03:20:10] INFO - no shelf: chan=\"stdout\": source=\"task\"\n";
        QCOMPARE(plainLinesOf(shown)->text, std::string("[2025-05-11, 03:20:10] INFO - begun\nno shelf\n"));
        QVERIFY(!plainLinesOf("[2025-05-11, 03:20:10] INFO - begun\n{\"event\":\"x\"}\n"));
    }

    void plainLinesOf_hostileTexts_areLinear()
    {
        const auto began = std::chrono::steady_clock::now();
        for (const std::string line :
             {"[2025-05-11, 03:20:10] INFO - a source=b source=b", "{\"timestamp\":\"\",\"event\":\"\",\"logger\":\"",
              "2024-05-11T03:20:10.4Z 2024-05-11T03:20:10.4Z ", "[pod/", "[2025-05-11 x] {subprocess.py:1} - [a] "})
            for (const char *end : {"", "\n"}) {
                std::string text;
                while (text.size() < 1'000'000)
                    text += line + end;
                const auto plain = plainLinesOf(text);
                const auto bare = withoutHeads(plain ? plain->text : text);
                QVERIFY(!bare || bare->text.size() <= text.size());
            }
        QVERIFY(std::chrono::steady_clock::now() - began < std::chrono::seconds(5));
    }
};

QTEST_APPLESS_MAIN(TestPlainLines)
#include "tst_plain_lines.moc"
