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
        QVERIFY2(texts.has_value(), texts ? "" : texts.error().text().c_str());
        QCOMPARE(texts->size(), size_t{3});
        QCOMPARE((*texts)[0].text, std::string("one\ntwo"));
        QCOMPARE((*texts)[1].id, std::string("7"));
        QCOMPARE((*texts)[2].id, std::string("4"));
    }

    void readTexts_plainText_isOne_data()
    {
        QTest::addColumn<QByteArray>("input");
        QTest::newRow("a log") << QByteArray("java.io.IOException: x\n\tat y\n");
        QTest::newRow("an object without text") << QByteArray("{\"level\": \"ERROR\"}\n");
        QTest::newRow("a brace that is no JSON") << QByteArray("{broken\n");
        QTest::newRow("nothing") << QByteArray();
    }
    void readTexts_plainText_isOne()
    {
        QFETCH(QByteArray, input);
        const auto texts = readTexts(input.toStdString());
        QVERIFY(texts.has_value() && texts->size() == 1);
        QCOMPARE(texts->front().id, std::string("1"));
        QCOMPARE(texts->front().text, input.toStdString());
    }

    void readTexts_badLaterLine_namesIt_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("truncated") << QByteArray("{\"id\": \"b\", \"te");
        QTest::newRow("without text") << QByteArray("{\"id\": \"b\"}");
        QTest::newRow("text that is a number") << QByteArray("{\"id\": \"b\", \"text\": 4}");
    }
    void readTexts_badLaterLine_namesIt()
    {
        QFETCH(QByteArray, line);
        const auto texts = readTexts("{\"id\": \"a\", \"text\": \"x\"}\n" + line.toStdString() + "\n");
        QVERIFY(!texts.has_value());
        QCOMPARE(texts.error().code, base::ErrorCode::Parse);
        QVERIFY2(texts.error().text().find("line 2") != std::string::npos, texts.error().text().c_str());
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
