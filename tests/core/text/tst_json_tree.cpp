#include "text/json_tree.hpp"

#include <QtTest>

#include <string>

using namespace mulligan::text;

namespace
{

/// A value in few letters: texts in quotes, scalars as they are.
std::string shown(const JsonNode &node)
{
    const std::string key = node.key.empty() ? "" : std::string(node.key) + ":";
    if (node.isText())
        return key + "'" + std::string(node.text) + "'";
    if (!node.isObject() && !node.isArray())
        return key + std::string(node.text);
    std::string out;
    for (const JsonNode &child : node.children)
        out += (out.empty() ? "" : " ") + shown(child);
    return key + (node.isObject() ? "{" + out + "}" : "[" + out + "]");
}

} // namespace

class TestJsonTree : public QObject
{
    Q_OBJECT

private slots:
    void readJsonTree_text_isRead_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("tree");
        const auto row = [](const char *title, const QByteArray &json, const QByteArray &tree) {
            QTest::newRow(title) << json << tree;
        };
        row("an object", "{\"a\":\"x\",\"b\":[1,true,\"y\"],\"c\":{\"d\":null}}", "{a:'x' b:[1 true 'y'] c:{d:null}}");
        row("over several lines", "{\n  \"a\" : \"x\" ,\r\n\t\"b\": []\n}", "{a:'x' b:[]}");
        row("escapes stay", "{\"a\":\"x\\\"y\\\\\"}", "{a:'x\\\"y\\\\'}");
        row("a text that breaks off", "{\"a\":\"x", "{a:'x'}");
        row("an escape that breaks off", "{\"a\":\"x\\", "{a:'x\\'}");
        row("a list that breaks off", "{\"a\":[1,{\"b\":", "{a:[1 {b:}]}");
        row("a key without a value", "{\"a\",\"b\":1}", "{b:1}");
        row("a value that is none", "{\"a\":,\"b\":1}", "{a: b:1}");
        row("the wrong bracket ends a list", "[1,2}", "[1 2]");
        row("a key that is none", "{a:\"x\"}", "{a:\"x\"}");
        row("a text", "\"x\"", "'x'");
        row("nothing", "", "");
        row("no JSON", "24/05/01 ERROR", "24/05/01");
    }
    void readJsonTree_text_isRead()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, tree);
        QCOMPARE(QByteArray::fromStdString(shown(readJsonTree(json.toStdString()))), tree);
    }

    void readJsonTree_places_areThoseOfTheValues()
    {
        const std::string json = "{\"a\":\"x\",\"b\": {\"c\":7}}";
        const JsonNode tree = readJsonTree(json);
        QCOMPARE(tree.member("a")->begin, json.find('x'));
        QCOMPARE(tree.member("b")->begin, json.find("{\"c"));
        QCOMPARE(tree.member("b")->member("c")->begin, json.find('7'));
        QVERIFY(tree.member("c") == nullptr && tree.children[0].member("a") == nullptr);
    }

    void readJsonTree_veryDeep_isPassedOver()
    {
        const std::string deep =
            "{\"a\":" + std::string(100'000, '[') + "\"]\"" + std::string(100'000, ']') + ",\"b\":1}";
        const JsonNode tree = readJsonTree(deep);
        QVERIFY(tree.member("b") != nullptr);
        QCOMPARE(std::string(tree.member("b")->text), std::string("1"));
    }

    void unescaped_text_isDecoded_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("decoded");
        const auto row = [](const char *title, const QByteArray &text, const QByteArray &decoded) {
            QTest::newRow(title) << text << decoded;
        };
        row("line ends and tabs", "a\\n\\tb\\r\\n", "a\n\tb\r\n");
        row("quotes and slashes", "\\\"a\\\" \\\\ \\/", "\"a\" \\ /");
        row("a code", "caf\\u00e9 \\u2014 \\u30c7", "café — デ");
        row("a pair of codes", "\\ud83d\\ude00", "\xF0\x9F\x98\x80");
        row("half a pair", "\\ud83d!", "\xEF\xBF\xBD!");
        row("a zero", "a\\u0000b",
            "a\xEF\xBF\xBD"
            "b");
        row("a code that is none", "\\u12 \\uzzzz", "\\u12 \\uzzzz");
        row("an escape that is none", "a\\dc", "a\\dc");
        row("an escape at the end", "a\\", "a\\");
        row("colours", "\\u001b[31mno\\u001b[0m shelf", "no shelf");
        row("nothing", "", "");
    }
    void unescaped_text_isDecoded()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, decoded);
        QCOMPARE(QByteArray::fromStdString(unescaped(text.toStdString())), decoded);
    }
};

QTEST_APPLESS_MAIN(TestJsonTree)
#include "tst_json_tree.moc"
