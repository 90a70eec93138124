#include "pipeline/audit_replies.hpp"

#include "core/pipeline/audited_history.hpp"
#include "pipeline/audit.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::pipeline;

class TestAuditReplies : public QObject
{
    Q_OBJECT

private slots:
    void answerAudit_wrongReplies_areRefusedWhole_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("error");
        QTest::newRow("an item that does not exist") << 0 << "No audit of this workspace has an item 9999";
        QTest::newRow("a class that no rule has") << 1 << "Did you mean 'network.dns'?";
        QTest::newRow("corrected to what it is") << 2 << "the class that it has";
        QTest::newRow("a rule that does not exist") << 3 << "The pack has no rule 'nothing'";
        QTest::newRow("a rule of another class") << 4 << "has the class storage.disk_full, not network.dns";
        QTest::newRow("the same item twice") << 5 << "is answered twice";
    }
    void answerAudit_wrongReplies_areRefusedWhole()
    {
        QFETCH(int, kind);
        QFETCH(QString, error);
        JudgedWorkspace judged(auditedHistory(), kRules);
        const auto sample = drawn(judged);
        std::int64_t disk = 0;
        for (const auto &item : sample.items)
            if (item.drawnClass == "storage.disk_full")
                disk = item.id;
        const std::vector<AuditReply> wrong{
            reply(9999, AuditSays::Confirmed),
            reply(disk, AuditSays::Corrected, "network.dsn"),
            reply(disk, AuditSays::Corrected, "storage.disk_full"),
            reply(disk, AuditSays::Corrected, "network.dns", "nothing"),
            reply(disk, AuditSays::Corrected, "network.dns", "disk.full"),
            reply(sample.items[0].id, AuditSays::Confirmed),
        };
        const auto refused =
            answerAudit(judged.workspace(), sample, judged.pack(),
                        {reply(sample.items[0].id, AuditSays::Confirmed), wrong[static_cast<size_t>(kind)]}, {});
        QVERIFY(!refused.has_value());
        QVERIFY2(refused.error().text().find(error.toStdString()) != std::string::npos, refused.error().text().c_str());
        QCOMPARE(auditFigures(*store::loadAuditSample(judged.workspace())).answered, std::uint64_t{0});
    }

    void readAuditReplies_lines_areRead()
    {
        const auto replies = readAuditReplies(
            "{\"id\": 3, \"job\": \"daily\", \"run\": \"run 1\", \"attempt\": 2, \"rule\": \"x\", \"answer\": "
            "\"confirmed\", \"class\": \"a.b\", \"text\": \"x\"}\r\n"
            "\n"
            "{\"id\": 4, \"answer\": null}\n"
            "{\"id\": 5, \"answer\": \"\"}\n"
            "{\"id\": 6, \"answer\": \"corrected\", \"class\": \"a.c\", \"right_rule\": "
            "\"r\", \"who\": \"Bo\"}\n"
            "{\"id\": 7, \"answer\": \"no_cause\"}",
            "answers.jsonl", "Ada");
        QVERIFY2(replies.has_value(), replies ? "" : replies.error().text().c_str());
        const std::vector<AuditReply> expected{
            {3, AuditSays::Confirmed, "", "", "Ada", {1, "daily", "run 1", 2, "a.b", "x"}},
            {6, AuditSays::Corrected, "a.c", "r", "Bo", {5, {}, {}, {}, "a.c", ""}},
            {7, AuditSays::NoCause, "", "", "Ada", {6, {}, {}, {}, "", ""}}};
        QCOMPARE(replies->replies, expected);
        QCOMPARE(replies->rows, size_t{5});
    }

    void readAuditReplies_byteOrderMark_isNoPartOfTheText()
    {
        const auto replies = readAuditReplies("\xEF\xBB\xBF{\"id\": 3, \"answer\": \"confirmed\"}\n", "a.jsonl", "Ada");
        QVERIFY2(replies.has_value(), replies ? "" : replies.error().text().c_str());
        QCOMPARE(replies->replies.size(), size_t{1});
        QCOMPARE(readAuditReplies("", "a.jsonl", "")->rows, size_t{0});
        QCOMPARE(readAuditReplies("\xEF\xBB\xBF\r\n \n", "a.jsonl", "")->rows, size_t{0});
    }

    void readAuditReplies_noJson_isSaidOnceWithItsPlace()
    {
        const auto replies = readAuditReplies("\n{\"id\": 1, \"answer\": confirmed}\n", "a.jsonl", "");
        QVERIFY(!replies.has_value());
        const std::string said = replies.error().text();
        QVERIFY2(said.find("line 2; column 21") != std::string::npos, said.c_str());
        QCOMPARE(said.find("Not valid JSON"), said.rfind("Not valid JSON"));
    }

    void readAuditReplies_badInput_namesLineAndRemedy_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("error");
        const auto row = [](const char *name, const char *text, const char *error) {
            QTest::newRow(name) << QByteArray(text) << QString::fromUtf8(error);
        };
        row("no JSON", "{\"id\": 1, \"answer\": \"confirmed\"}\n{id: 2}\n", "line 2");
        row("half a line", "{\"id\": 1, \"answer\": \"conf", "Not valid JSON");
        row("a list", "[1]\n", "An answer must be a JSON object");
        row("a bare text", "\"confirmed\"\n", "An answer must be a JSON object");
        row("no id", "{\"answer\": \"confirmed\"}\n", "needs the 'id' of an item");
        row("an id that is a text", "{\"id\": \"1\", \"answer\": \"confirmed\"}\n", "needs the 'id' of an item");
        row("an id that is no item's", "{\"id\": 0, \"answer\": \"confirmed\"}\n", "needs the 'id' of an item");
        row("an id with a fraction", "{\"id\": 1.5, \"answer\": \"confirmed\"}\n", "needs the 'id' of an item");
        row("an unknown answer", "{\"id\": 1, \"answer\": \"yes\"}\n", "'yes' is no answer");
        row("an answer that is a number", "{\"id\": 1, \"answer\": 1}\n", "'answer' must be a text");
        row("a correction without a class", "{\"id\": 1, \"answer\": \"corrected\"}\n", "needs the right 'class'");
        row("a key that is mistyped", "{\"id\": 1, \"anwser\": \"confirmed\"}\n", "Did you mean 'answer'?");
        row("a key of no sheet", "{\"id\": 1, \"answer\": null, \"severity\": 3}\n", "has no key 'severity'");
        row("a run that is a number", "{\"id\": 1, \"run\": 7, \"answer\": null}\n", "'run' must be a text");
        row("an attempt that is a text", "{\"id\": 1, \"attempt\": \"1\", \"answer\": \"confirmed\"}\n",
            "'attempt' must be a whole number");
        row("a right rule that is confirmed", "{\"id\": 1, \"answer\": \"confirmed\", \"right_rule\": \"r\"}\n",
            "'right_rule' goes with the answer corrected alone");
        row("a right rule without an answer", "{\"id\": 1, \"answer\": null, \"right_rule\": \"r\"}\n",
            "'right_rule' goes with the answer corrected alone");
        row("the same id twice", "{\"id\": 1, \"answer\": \"confirmed\"}\n\n{\"id\": 1, \"answer\": \"no_cause\"}\n",
            "The item 1 is answered twice, first in line 1");
        row("bytes that are no text", "\xff\xfe{\x01", "line 1");
    }
    void readAuditReplies_badInput_namesLineAndRemedy()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, error);
        const auto replies = readAuditReplies({text.data(), static_cast<size_t>(text.size())}, "answers.jsonl", "");
        QVERIFY(!replies.has_value());
        const std::string message = replies.error().text();
        QVERIFY2(message.find(error.toStdString()) != std::string::npos, message.c_str());
        QVERIFY2(message.find("file answers.jsonl") != std::string::npos, message.c_str());
        QVERIFY(!replies.error().hint.empty());
    }

    void auditSheet_filledIn_isReadBack()
    {
        JudgedWorkspace judged(auditedHistory(), kRules);
        auto sample = drawn(judged);
        const std::vector<AuditReply> given{
            reply(itemOf(sample, "network.dns").id, AuditSays::Corrected, "storage.disk_full"),
            reply(itemOf(sample, "storage.disk_full").id, AuditSays::Confirmed),
            reply(itemOf(sample, "unclassified").id, AuditSays::NoCause)};
        QVERIFY(answerAudit(judged.workspace(), sample, judged.pack(), given, {}).has_value());
        sample = *store::loadAuditSample(judged.workspace());
        const auto sheet = auditSheet(judged.workspace(), sample);
        QVERIFY(sheet.has_value());
        QCOMPARE(sheet->size(), size_t{20});
        std::string text;
        bool texts = false;
        for (const auto &line : *sheet) {
            text += formats::writeJson(line) + "\n";
            texts = texts || line["text"].string().find("host") != std::string::npos;
        }
        QVERIFY(texts);
        const auto read = readAuditReplies(text, "sheet.jsonl", "Ada");
        QVERIFY2(read.has_value(), read ? "" : read.error().text().c_str());
        QCOMPARE(read->rows, size_t{20});
        QCOMPARE(read->replies.size(), size_t{3});
        for (const AuditReply &each : read->replies)
            if (each.item == given[0].item)
                QCOMPARE(each.errorClass, std::string("storage.disk_full"));
        QVERIFY(answerAudit(judged.workspace(), sample, judged.pack(), read->replies, {}).has_value());
    }

    void answerAudit_rowsThatDoNotFit_areRefused_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QString>("error");
        const auto row = [](const char *name, const char *key, const char *value, const char *answer,
                            const char *error) {
            QTest::newRow(name) << QByteArray(key) << QByteArray(value) << QByteArray(answer) << QString(error);
        };
        row("of another job", "job", "\"nightly\"", "confirmed", "The row is of job 'nightly', run 'run ");
        row("of another run", "run", "\"r-77\"", "no_cause", "run 'r-77', attempt 1, but item ");
        row("of another attempt", "attempt", "2", "confirmed", "attempt 2, but item ");
        row("confirmed under another class", "class", "\"storage.disk_full\"", "confirmed",
            "The answer is confirmed, but the row's class is 'storage.disk_full' and the verdict's 'network.dns'");
        row("without a cause under another class", "class", "\"storage.disk_full\"", "no_cause",
            "The answer is no_cause, but the row's class is 'storage.disk_full'");
    }
    void answerAudit_rowsThatDoNotFit_areRefused()
    {
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, answer);
        QFETCH(QString, error);
        JudgedWorkspace judged(auditedHistory(), kRules);
        const auto sample = drawn(judged);
        const auto sheet = auditSheet(judged.workspace(), sample);
        QVERIFY(sheet.has_value());
        const std::int64_t item = itemOf(sample, "network.dns").id;
        std::string text;
        for (formats::Json line : *sheet) {
            if (line["id"].integer() == item)
                line.set(key.toStdString(), *formats::parseJson(value.toStdString()))
                    .set("answer", answer.toStdString());
            text += formats::writeJson(line) + "\n";
        }
        const auto read = readAuditReplies(text, "sheet.jsonl", "Ada");
        QVERIFY2(read.has_value(), read ? "" : read.error().text().c_str());
        const auto refused = answerAudit(judged.workspace(), sample, judged.pack(), read->replies, {});
        QVERIFY(!refused.has_value());
        const std::string said = refused.error().text();
        QVERIFY2(said.find(error.toStdString()) != std::string::npos, said.c_str());
        QVERIFY2(said.find("line ") != std::string::npos && !refused.error().hint.empty(), said.c_str());
        QCOMPARE(auditFigures(*store::loadAuditSample(judged.workspace())).answered, std::uint64_t{0});
    }

    void answerAudit_ruleInPlaceOfRightRule_isRefused()
    {
        JudgedWorkspace judged(auditedHistory(), kRules);
        const auto sample = drawn(judged);
        const auto &item = itemOf(sample, "unclassified");
        auto corrected = reply(item.id, AuditSays::Corrected, "network.dns");
        corrected.row.rule = "dns.other";
        const auto refused = answerAudit(judged.workspace(), sample, judged.pack(), {corrected}, {});
        QVERIFY(!refused.has_value());
        QVERIFY(refused.error().hint.find("as right_rule") != std::string::npos);
        corrected.rule = "dns.other";
        QVERIFY(answerAudit(judged.workspace(), sample, judged.pack(), {corrected}, {}).has_value());
    }

    void answerAudit_noCauseOfAnOlderVerdict_holds()
    {
        JudgedWorkspace judged(auditedHistory(), kRules);
        auto sample = drawn(judged);
        auto said = reply(itemOf(sample, "network.dns").id, AuditSays::NoCause);
        said.row.errorClass = "network.dns";
        std::vector<classify::Rule> mended = kRules;
        mended[1].errorClass = "storage.disk_full";
        judged.judge(mended);
        sample = *store::loadAuditSample(judged.workspace());
        const auto stored = answerAudit(judged.workspace(), sample, judged.pack(), {said}, {});
        QVERIFY2(stored.has_value(), stored ? "" : stored.error().text().c_str());
        auto confirmed = said;
        confirmed.says = AuditSays::Confirmed;
        QVERIFY(!answerAudit(judged.workspace(), sample, judged.pack(), {confirmed}, {}).has_value());
    }
};

QTEST_APPLESS_MAIN(TestAuditReplies)
#include "tst_audit_replies.moc"
