#include "formats/yaml_edit.hpp"
#include "formats/yaml_scalar.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::formats;

class TestYamlEdit : public QObject
{
    Q_OBJECT

private slots:
    void writeYamlScalar_anyTextAndStyle_readsBack_data()
    {
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char *name, const char *text) { QTest::newRow(name) << QByteArray(text); };
        row("a word", "driver_heap");
        row("a date", "2026-01-02");
        row("nothing", "");
        row("a number", "12");
        row("a truth value", "True");
        row("a colon and a comment", "a: b # c");
        row("quotes", "it's \"so\"");
        row("a backslash", "\\d+\\\\");
        row("two lines", "a\nb");
        row("a line break at the end", "a\nb\n");
        row("two at the end", "a\n\n");
        row("line breaks alone", "\n\n");
        row("one at the beginning", "\na");
        row("blanks at the beginning of a line", "  a\n b");
        row("a line of blanks", "a\n   \nb");
        row("an empty line", "a\n\n\tb");
        row("tabs", "\ta\n\tb");
        row("CRLF", "a\r\nb");
        row("a control character", "a\x01\x7f");
        row("blanks around", "  a  ");
        row("other scripts", "größer 漢字 \xF0\x9F\x98\x80");
        row("a document's end", "---\n...\n---");
        row("dash and brackets", "- [a, {b: c}]");
        row("an anchor", "&a *b !c");
    }
    void writeYamlScalar_anyTextAndStyle_readsBack()
    {
        QFETCH(QByteArray, text);
        const std::string value(text.data(), static_cast<size_t>(text.size()));
        for (const YamlStyle style :
             {YamlStyle::Null, YamlStyle::Plain, YamlStyle::SingleQuoted, YamlStyle::DoubleQuoted, YamlStyle::Literal})
            for (const char *eol : {"\n", "\r\n"}) {
                const std::string block = writeYamlScalar(Json(value), style, {4, false, eol});
                const auto read = parseYaml(std::string("a:") + eol + "  - " + block + eol + "b: c" + eol);
                QVERIFY2(read.has_value(), block.c_str());
                QCOMPARE(read->find("a")->items[0].scalar, value);
                const std::string flow = writeYamlScalar(Json(value), style, {0, true, eol});
                const auto inside = parseYaml("a: [x, " + flow + ", y]\n");
                QVERIFY2(inside.has_value(), flow.c_str());
                QCOMPARE(inside->find("a")->items.size(), size_t{3});
                QCOMPARE(inside->find("a")->items[1].scalar, value);
            }
    }

    /// Python's yaml module takes a tab there for a wrong indentation.
    void writeYamlScalar_tabAtTheBegin_isNoLiteralBlock()
    {
        const YamlContext context{4, false, "\n"};
        QCOMPARE(writeYamlScalar(Json("\ta\n\tb"), YamlStyle::Literal, context), std::string("\"\\ta\\n\\tb\""));
        QVERIFY(writeYamlScalar(Json("a\n\tb"), YamlStyle::Literal, context).starts_with("|-"));
    }

    void locateYaml_everyStyle_givesItsBytes()
    {
        const std::string text = "# head\n"
                                 "a: plain text  # note\n"
                                 "b: 'it''s: #1'\n"
                                 "c: \"x\\\"y\"\n"
                                 "d: |-  # lines\n"
                                 "  one\n"
                                 "\n"
                                 "  two\n"
                                 "\n"
                                 "# between\n"
                                 "e:\n"
                                 "- x: 1\n"
                                 "  y: [p, 'q, r', {s: t}]\n"
                                 "-\n"
                                 "  z: more\n"
                                 "     text\n"
                                 "f:   # nothing\n"
                                 "\"g h\": {i: j, k: }\n"
                                 "l: ~\n";
        const auto root = parseYaml(text);
        QVERIFY2(root.has_value(), root ? "" : root.error().text().c_str());
        const auto extent = locateYaml(text, *root);
        QVERIFY2(extent.has_value(), extent ? "" : extent.error().text().c_str());
        const auto bytes = [&](const YamlExtent &part) { return text.substr(part.begin, part.end - part.begin); };
        const auto &top = extent->children;
        QCOMPARE(top.size(), size_t{8});
        QCOMPARE(bytes(top[0]), std::string("plain text"));
        QCOMPARE(bytes(top[1]), std::string("'it''s: #1'"));
        QCOMPARE(bytes(top[2]), std::string("\"x\\\"y\""));
        QCOMPARE(bytes(top[3]), std::string("|-  # lines\n  one\n\n  two"));
        QCOMPARE(bytes(top[4].children[0].children[1]), std::string("[p, 'q, r', {s: t}]"));
        QCOMPARE(bytes(top[4].children[0].children[1].children[1]), std::string("'q, r'"));
        QCOMPARE(bytes(top[4].children[1].children[0]), std::string("more\n     text"));
        QCOMPARE(top[5].style, YamlStyle::Null);
        QCOMPARE(bytes(top[6].children[0]), std::string("j"));
        QCOMPARE(top[6].children[1].style, YamlStyle::Null);
        QCOMPARE(bytes(top[7]), std::string("~"));
        QCOMPARE(text[top[4].children[1].entry], '-');
    }

    void applyEdits_meetingEdits_areOrderedOrRefused()
    {
        QCOMPARE(*applyEdits("abcdef", {{3, 3, "Y"}, {1, 2, "X"}, {3, 3, "Z"}}), std::string("aXcYZdef"));
        QCOMPARE(*applyEdits("abcdef", {{2, 4, ""}, {2, 2, "X"}}), std::string("abXef"));
        QCOMPARE(*applyEdits("abcdef", {{1, 4, ""}, {2, 5, ""}}), std::string("af"));
        QVERIFY(!applyEdits("abcdef", {{1, 4, "x"}, {2, 5, "y"}}).has_value());
    }
};

QTEST_APPLESS_MAIN(TestYamlEdit)
#include "tst_yaml_edit.moc"
