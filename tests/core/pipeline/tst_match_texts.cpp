#include "pipeline/match_texts.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::pipeline;

namespace
{

std::shared_ptr<const classify::Classifier> oneRule()
{
    classify::Rule rule;
    rule.id = "disk.full";
    rule.title = "Disk full";
    rule.errorClass = "storage.disk_full";
    rule.domain = model::Domain::Platform;
    rule.transient = true;
    rule.action = model::RuleAction::Retry;
    rule.any = {"No space left on (?<disk>\\w+)"};
    rule.captures = {{"disk", "word"}};
    rule.summary = "No space on {disk}.";
    classify::RulePack pack;
    pack.rules = {rule};
    auto made = classify::Classifier::make(std::move(pack));
    return made ? std::move(made).value() : nullptr;
}

} // namespace

class TestMatchTexts : public QObject
{
    Q_OBJECT

private slots:
    void readTexts_jsonLines_keepIdsAndTexts()
    {
        const auto texts = readTexts(
            "\xEF\xBB\xBF{\"id\": \"a\", \"text\": \"one\\ntwo\"}\r\n\n{\"id\": 7, \"text\": \"\"}\n{\"text\": \"x\"}");
        QCOMPARE(texts.size(), size_t{3});
        for (const auto &text : texts)
            QVERIFY2(!text.error, text.error ? text.error->text().c_str() : "");
        QCOMPARE(texts[0].text, std::string("one\ntwo"));
        QCOMPARE(texts[1].id, std::string("7"));
        QCOMPARE(texts[2].id, std::string("4"));
        QCOMPARE(texts[2].record, size_t{3});
    }

    void readTexts_textThatIsNoString_saysWhatItIs_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("a number") << QByteArray("5") << QByteArray("must be a string, and is the number 5");
        QTest::newRow("null") << QByteArray("null") << QByteArray("must be a string, and is null");
        QTest::newRow("true") << QByteArray("true") << QByteArray("must be a string, and is true");
        QTest::newRow("an array") << QByteArray("[\"a\"]") << QByteArray("must be a string, and is an array");
        QTest::newRow("an object") << QByteArray("{}") << QByteArray("must be a string, and is an object");
    }
    void readTexts_textThatIsNoString_saysWhatItIs()
    {
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, says);
        const auto texts = readTexts("{\"text\": " + value.toStdString() + "}");
        QCOMPARE(texts.size(), size_t{1});
        QVERIFY(texts[0].error.has_value());
        QVERIFY2(texts[0].error->message.find(says.toStdString()) != std::string::npos,
                 texts[0].error->message.c_str());
        QVERIFY(texts[0].error->hint.find("\"text\": \"…\"") != std::string::npos);
    }

    void readTexts_binaryInput_isAnErrorThatNamesTheLine()
    {
        const std::string bytes("\x1F\x8B\x08\nNo space left\0\0\x02\x03\x04\0\0", 25);
        const auto texts = readTexts(bytes);
        QCOMPARE(texts.size(), size_t{1});
        QVERIFY(texts[0].error.has_value());
        QCOMPARE(texts[0].error->code, base::ErrorCode::Unsupported);
        QCOMPARE(texts[0].error->context, std::vector<std::string>{"line 2"});
        QVERIFY(texts[0].error->hint.find("gzip -dc") != std::string::npos);
        // A few zero bytes, as a crash leaves them, make no binary of a log.
        QVERIFY(!readTexts(std::string("No space left on disk, said the driver\0\nand it ended there\n", 59))[0].error);
    }

    void matchText_secretInWhatARuleQuotes_isRedacted()
    {
        // The secret is synthetic.
        const auto classifier = oneRule();
        const auto json = matchText(*classifier, {"1", "No space on it, No space left on x password=hunter2x"});
        QCOMPARE(json["captures"]["disk"]["text"].string(), std::string("x"));
        const auto quoting = matchText(*classifier, {"1", "token=No space left on gh"
                                                          "p_abcdefghijklmnopqrstuvwxyz0123456789"});
        QCOMPARE(quoting["rule"].string(), std::string("disk.full"));
        QVERIFY2(formats::writeJson(quoting).find("abcdefghij") == std::string::npos,
                 formats::writeJson(quoting).c_str());
    }

    void readTexts_plainText_isOne_data()
    {
        QTest::addColumn<QByteArray>("input");
        QTest::newRow("a log") << QByteArray("java.io.IOException: x\n\tat y\n");
        QTest::newRow("a log written as JSON") << QByteArray("{\"level\": \"ERROR\"}\n{\"level\": \"INFO\"}\n");
        QTest::newRow("a brace that is no JSON") << QByteArray("{broken\n");
        QTest::newRow("an object over several lines") << QByteArray("{\n  \"error\": 1\n}\n");
    }
    void readTexts_plainText_isOne()
    {
        QFETCH(QByteArray, input);
        const auto texts = readTexts(input.toStdString());
        QCOMPARE(texts.size(), size_t{1});
        QVERIFY(!texts.front().error);
        QCOMPARE(texts.front().id, std::string("1"));
        QCOMPARE(texts.front().text, input.toStdString());
    }

    void readTexts_oneRecordThatCannotBeRead_isAnErrorAndNoText_data()
    {
        QTest::addColumn<QByteArray>("input");
        QTest::newRow("without text") << QByteArray("{\"id\": \"x\"}\n");
        QTest::newRow("without anything") << QByteArray("{}");
        QTest::newRow("cut off") << QByteArray("{\"id\": \"x\"");
        QTest::newRow("cut off in its text") << QByteArray("\n{\"id\": \"x\", \"text\": \"No space");
    }
    void readTexts_oneRecordThatCannotBeRead_isAnErrorAndNoText()
    {
        QFETCH(QByteArray, input);
        const auto texts = readTexts(input.toStdString());
        QCOMPARE(texts.size(), size_t{1});
        QVERIFY(texts.front().error);
        QCOMPARE(texts.front().error->code, base::ErrorCode::Parse);
    }

    void readTexts_nothing_isNoText()
    {
        for (const char *input : {"", "\n", "\xEF\xBB\xBF \r\n\t"})
            QVERIFY2(readTexts(input).empty(), input);
    }

    void readTexts_badLineAmongGood_isTheOnlyOneInError_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("id");
        QTest::newRow("truncated") << QByteArray("{\"id\": \"b\", \"te") << "";
        QTest::newRow("no JSON") << QByteArray("oops") << "";
        QTest::newRow("a list") << QByteArray("[]") << "";
        QTest::newRow("without text") << QByteArray("{\"id\": \"b\"}") << "b";
        QTest::newRow("text that is a number") << QByteArray("{\"id\": \"b\", \"text\": 4}") << "b";
    }
    void readTexts_badLineAmongGood_isTheOnlyOneInError()
    {
        QFETCH(QByteArray, line);
        QFETCH(QString, id);
        const std::string good = "{\"id\": \"a\", \"text\": \"No space left on sda\"}\n";
        const auto texts = readTexts(good + "\n" + line.toStdString() + "\n" + good);
        QCOMPARE(texts.size(), size_t{3});
        QVERIFY(!texts[0].error && texts[1].error && !texts[2].error);
        QCOMPARE(texts[1].error->code, base::ErrorCode::Parse);
        QVERIFY2(texts[1].error->text().find("line 3") != std::string::npos, texts[1].error->text().c_str());
        const formats::Json answer = matchText(*oneRule(), texts[1]);
        QCOMPARE(answer["error"]["code"].string(), std::string(base::codeName(base::ErrorCode::Parse)));
        QCOMPARE(answer["record"].integer(), std::int64_t{2});
        QCOMPARE(answer.find("id") != nullptr, !id.isEmpty());
        if (!id.isEmpty())
            QCOMPARE(answer["id"].string(), id.toStdString());
        QVERIFY(!answer["error"]["hint"].string().empty());
        QCOMPARE(matchText(*oneRule(), texts[2])["rule"].string(), std::string("disk.full"));
    }

    void readTexts_badFirstLine_leavesTheOthersRecords()
    {
        const auto texts = readTexts("{\"id\": \"a\", \"te\n{\"id\": \"b\", \"text\": \"x\"}\n");
        QCOMPARE(texts.size(), size_t{2});
        QVERIFY(texts[0].error && !texts[1].error);
        QCOMPARE(texts[1].id, std::string("b"));
    }

    void matchText_match_hasEveryKeyOfTheContract()
    {
        const formats::Json json = matchText(*oneRule(), {"t1", "first\nNo space left on sda\n"});
        QCOMPARE(json["id"].string(), std::string("t1"));
        QCOMPARE(json["class"].string(), std::string("storage.disk_full"));
        QCOMPARE(json["domain"].string(), std::string("platform"));
        QVERIFY(json["transient"].boolean());
        QCOMPARE(json["rule"].string(), std::string("disk.full"));
        QCOMPARE(json["action"].string(), std::string("retry"));
        QCOMPARE(json["summary"].string(), std::string("No space on sda."));
        QCOMPARE(json["line"].integer(), std::int64_t{2});
        QCOMPARE(json["span"].items()[0].integer(), std::int64_t{6});
        QCOMPARE(json["span"].items()[1].integer(), std::int64_t{26});
        QCOMPARE(json["captures"]["disk"]["text"].string(), std::string("sda"));
        QCOMPARE(json["all_rules"].size(), size_t{1});
    }

    void matchText_noMatch_isUnclassifiedWithTheSameKeys()
    {
        const formats::Json json = matchText(*oneRule(), {"t1", "all well"});
        QCOMPARE(json["class"].string(), std::string("unclassified"));
        for (const char *key : {"rule", "line", "span", "captures", "all_rules", "summary"})
            QVERIFY2(json.find(key) != nullptr, key);
        QVERIFY(json["rule"].isNull() && json["span"].isNull());
    }
};

QTEST_APPLESS_MAIN(TestMatchTexts)
#include "tst_match_texts.moc"
