#include "base/rng.hpp"
#include "formats/compress.hpp"
#include "formats/file.hpp"
#include "formats/json.hpp"
#include "formats/json_check.hpp"
#include "formats/yaml.hpp"
#include "formats/zip.hpp"

#include <QtTest>

using namespace mulligan;
using namespace mulligan::formats;

class TestDocuments : public QObject
{
    Q_OBJECT

private slots:
    void parseJson_badText_namesPlaceAndReason_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("place");
        QTest::addColumn<QString>("message");
        QTest::newRow("empty") << QByteArray("") << "line 1, column 1"
                               << "expected a value";
        QTest::newRow("a comma too many") << QByteArray("{\"a\":1,}") << "line 1, column 8"
                                          << "expected a key";
        QTest::newRow("on the second line") << QByteArray("{\"a\":1,\n  b:2}") << "line 2, column 3"
                                            << "expected a key";
        QTest::newRow("an open string") << QByteArray("[\"abc") << "line 1, column 6"
                                        << "inside a string";
        QTest::newRow("an open array") << QByteArray("[1,2") << "line 1, column 5"
                                       << "expected ',' or ']'";
        QTest::newRow("a bad escape") << QByteArray("\"\\x\"") << "line 1, column 3"
                                      << "no such escape";
        QTest::newRow("a raw line end in a string") << QByteArray("\"a\nb\"") << "line 1, column 3"
                                                    << "control character";
        QTest::newRow("a leading zero") << QByteArray("[012]") << "line 1, column 3"
                                        << "expected ',' or ']'";
        QTest::newRow("a number without digits") << QByteArray("[1.]") << "line 1, column 4"
                                                 << "expected a digit";
        QTest::newRow("something behind it") << QByteArray("{} {}") << "line 1, column 4"
                                             << "stands behind";
        QTest::newRow("invalid UTF-8") << QByteArray("\"\xFF\"") << "line 1, column 2"
                                       << "not valid UTF-8";
        QTest::newRow("half a word") << QByteArray("[tru]") << "line 1, column 5"
                                     << "expected 'true'";
        QTest::newRow("nested too deep") << QByteArray(400, '[') << "line 1"
                                         << "256 levels";
    }
    void parseJson_badText_namesPlaceAndReason()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, place);
        QFETCH(QString, message);
        const auto parsed = parseJson(text.toStdString());
        QVERIFY(!parsed.has_value());
        QCOMPARE(parsed.error().code, base::ErrorCode::Parse);
        QVERIFY2(QString::fromStdString(parsed.error().text()).contains(place), parsed.error().text().c_str());
        QVERIFY2(QString::fromStdString(parsed.error().text()).contains(message), parsed.error().text().c_str());
    }

    void writeJson_values_readBackTheSame()
    {
        Json json;
        json.set("text", "a \"b\" \\ \n\t\x01 é").set("whole", std::int64_t(-9'007'199'254'740'993));
        json.set("real", 0.1).set("round", 3.0).set("yes", true).set("nothing", nullptr);
        json.set("list", Json::array().push(1).push(Json::object())).set("tiny", 5e-324);
        for (const std::string &text : {writeJson(json), writeJsonIndented(json)}) {
            const auto back = parseJson(text);
            QVERIFY2(back.has_value(), text.c_str());
            QVERIFY2(back.value() == json, text.c_str());
            QVERIFY(!findJsonProblem(text).has_value());
        }
        QCOMPARE(writeJson(Json(std::nan(""))), std::string("null"));
        QCOMPARE(writeJson(Json("a\xFF")), std::string("\"a\xEF\xBF\xBD\""));
    }

    void parseYaml_badText_namesThePlace_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("place");
        QTest::newRow("bad indentation") << QByteArray("a: 1\n  b: 2\n") << "line 2";
        QTest::newRow("a key twice") << QByteArray("a: 1\nb: 2\na: 3\n") << "line 3";
        QTest::newRow("an open list") << QByteArray("a: [1, 2\n") << "line";
        QTest::newRow("an alias to nothing") << QByteArray("a: *b\n") << "line 1";
        QTest::newRow("an alias within its own list") << QByteArray("x: 1\na: &a\n  - *a\n") << "line 3, column 5";
        QTest::newRow("an alias within its own map") << QByteArray("a: &a {b: *a}\n") << "line 1, column 11";
        QTest::newRow("a list as a key") << QByteArray("x: 1\n? [a]\n: b\n") << "line 2";
        QTest::newRow("nothing as a key") << QByteArray("x: 1\n: b\n") << "line 2";
        QTest::newRow("too deep by an alias") << QByteArray("a: &a ") + QByteArray(40, '[') + QByteArray(40, ']')
                                                     + "\nb: " + QByteArray(40, '[') + "*a" + QByteArray(40, ']') + "\n"
                                              << "line 2";
        QTest::newRow("nested too deep") << QByteArray(200, '[') + QByteArray(200, ']') << "";
        QTest::newRow("what a parser may take for documents without end") << QByteArray(",;") << "";
        QTest::newRow("two documents") << QByteArray("a: 1\n---\nb: 2\n") << "";
        QByteArray bomb("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 9; ++i) {
            const QByteArray before = "*a" + QByteArray::number(i - 1);
            bomb += "a" + QByteArray::number(i) + ": &a" + QByteArray::number(i) + " [" + (before + ',').repeated(9)
                    + before + "]\n";
        }
        QTest::newRow("a bomb of aliases") << bomb << "";
    }
    void parseYaml_badText_namesThePlace()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, place);
        const auto parsed = parseYaml(text.toStdString());
        QVERIFY(!parsed.has_value());
        QVERIFY2(QString::fromStdString(parsed.error().text()).contains(place), parsed.error().text().c_str());
    }

    /// Nothing is changed on the way in without a word, and the cause is named where it is.
    void parseYaml_textThatIsNone_namesPlaceAndRemedy_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char *name, const QByteArray &text, const char *says) {
            QTest::newRow(name) << text << QByteArray(says);
        };
        row("Latin-1", "a: 1\nb: 'Fr\xF6sche'\n", "not UTF-8: the byte 0xF6 begins no character (line 2, column 7)");
        row("Latin-1 behind a character of two bytes", "b: '\xC3\xB6 \xF6'\n", "(line 1, column 7)");
        row("Latin-1 at the end", "b: \xF6", "(line 1, column 4). Save it as UTF-8");
        row("zero bytes", QByteArray("a: 1\n\0\1", 7), "no text file: a zero byte stands in it (line 2, column 1)");
        row("a quote that is not closed", "a: 1\nb: \"open\nc: '\\d'\n", "The quote opened on line 2, column 4");
        row("a quote that is open at the end", "a: 1\nb: 'open\nc: 2\n",
            "still open at the end of the file (line 2, column 4)");
        row("a double quote that is open at the end", "a: 'it''s'\nb:\n  - \"open \\\"\n", "(line 3, column 5)");
        row("an alias of nothing", "a: *zz\n", "write the value in quotes");
    }
    void parseYaml_textThatIsNone_namesPlaceAndRemedy()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, says);
        const auto parsed = parseYaml(text.toStdString());
        QVERIFY(!parsed.has_value());
        QVERIFY2(parsed.error().text().find(says.toStdString()) != std::string::npos, parsed.error().text().c_str());
    }

    void parseYaml_quotesOfManyForms_areRead_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("two for one at the end") << QByteArray("a: 'it''s'''\n");
        QTest::newRow("an escaped one at the end") << QByteArray("a: \"x\\\"\"");
        QTest::newRow("over lines, with a mark") << QByteArray("\xEF\xBB\xBF"
                                                               "a: 'x\n  y'\n\n");
        QTest::newRow("two on the first line, with a mark") << QByteArray("\xEF\xBB\xBF"
                                                                          "\"k\": 'v'\n");
        QTest::newRow("CRLF and umlauts") << QByteArray("\xC3\xB6: \"\xC3\xB6\"\r\nb: '\xC3\xB6 \\'\r\n");
        QTest::newRow("one behind an anchor") << QByteArray("a: &x 'b'\nc: *x\n");
        QTest::newRow("one within plain text") << QByteArray("a: 'b'\nc: it's open\n");
    }
    void parseYaml_quotesOfManyForms_areRead()
    {
        QFETCH(QByteArray, text);
        const auto parsed = parseYaml(text.toStdString());
        QVERIFY2(parsed.has_value(), parsed ? "" : parsed.error().text().c_str());
    }

    void parseYaml_nothingAsAValue_hasThePlaceOfItsKeyOrDash()
    {
        const auto map = parseYaml("a:\nb:\n  - x\n  -\n\n");
        QVERIFY(map.has_value());
        QCOMPARE(map->find("a")->place(), std::string("line 1, column 1"));
        QCOMPARE(map->find("b")->items[1].place(), std::string("line 4, column 3"));
        QCOMPARE(parseYaml(std::string("\xFF\xFE") + std::string("a\0:\0 \0001\0", 8))->find("a")->scalar,
                 std::string("1"));
    }

    void parseYaml_aliases_areWhatTheyReferTo()
    {
        const auto map =
            parseYaml("key: &k name\nbase: &b {x: 1, y: [2, &z '3']}\nother: *b\nlist: [*z, *b]\n*k : 4\n");
        QVERIFY2(map.has_value(), map ? "" : map.error().text().c_str());
        QCOMPARE(map->find("other")->find("x")->scalar, std::string("1"));
        QCOMPARE(map->find("other")->find("y")->items[1].scalar, std::string("3"));
        QCOMPARE(map->find("other")->place(), std::string("line 2, column 7"));
        QVERIFY(map->find("list")->items[0].quoted);
        QCOMPARE(map->find("list")->items[1].find("x")->scalar, std::string("1"));
        QCOMPARE(map->find("name")->scalar, std::string("4"));
    }

    void writeYaml_value_readsBack()
    {
        Json json;
        json.set("plain", "text").set("looks like a number", "12").set("truth", "yes").set("empty", "");
        json.set("lines", "a\nb: c").set("list", Json::array().push("x").push(Json().set("k", 2).set("l", "- y")));
        json.set("none", Json::array());
        const auto back = parseYaml(writeYaml(json));
        QVERIFY2(back.has_value(), writeYaml(json).c_str());
        QCOMPARE(back->find("looks like a number")->asString().value_or(""), std::string("12"));
        QVERIFY(!back->find("looks like a number")->asInteger().has_value());
        QVERIFY(!back->find("truth")->asBool().has_value());
        QCOMPARE(back->find("lines")->asString().value_or(""), std::string("a\nb: c"));
        QCOMPARE(back->find("list")->items[1].find("k")->asInteger().value_or(0), std::int64_t(2));
        QCOMPARE(back->find("list")->items[1].find("l")->asString().value_or(""), std::string("- y"));
    }

    void checkKeys_unknownKey_namesTheNearest()
    {
        const auto map = parseYaml("title: x\nprioritty: 3\n");
        const auto checked = checkKeys(*map, {"title", "priority"}, "A rule");
        QVERIFY(!checked.has_value());
        QVERIFY2(checked.error().text().find("line 2, column 1") != std::string::npos, checked.error().text().c_str());
        QVERIFY(checked.error().hint.find("'priority'") != std::string::npos);
    }

    void makeZip_entries_readBackAndAreTheSameBytes()
    {
        const std::vector<ZipEntry> entries{
            {"manifest.json", "{}"}, {"model/a.json", std::string(100000, 'a')}, {"empty", ""}};
        const auto zip = makeZip(entries);
        QVERIFY(zip.has_value());
        QCOMPARE(makeZip(entries).value_or(""), zip.value());
        const auto back = readZipBytes(*zip);
        QVERIFY2(back.has_value(), back ? "" : back.error().text().c_str());
        QVERIFY(back.value() == entries);
    }

    void makeZip_unsafeName_isRefused_data()
    {
        QTest::addColumn<QString>("name");
        for (const char *name : {"../up", "a/../../b", "/etc/x", "a\\b", ""})
            QTest::newRow(name) << QString(name);
    }
    void makeZip_unsafeName_isRefused()
    {
        QFETCH(QString, name);
        const std::vector<ZipEntry> entries{{name.toStdString(), "x"}};
        QCOMPARE(makeZip(entries).error().code, base::ErrorCode::InvalidArgument);
    }

    void readZipBytes_hostileArchive_isRefused()
    {
        // A sound archive whose entry is renamed in both places where its name stands.
        std::string zip = makeZip(std::vector<ZipEntry>{{"aa/aa", "x"}}).value();
        for (std::size_t at = zip.find("aa/aa"); at != std::string::npos; at = zip.find("aa/aa", at))
            zip.replace(at, 5, "../aa");
        const auto traversal = readZipBytes(zip);
        QVERIFY(!traversal.has_value());
        QCOMPARE(traversal.error().code, base::ErrorCode::Corrupt);
        QVERIFY2(traversal.error().message.find("leads out") != std::string::npos, traversal.error().text().c_str());

        const auto bomb = makeZip(std::vector<ZipEntry>{{"zeros", std::string(8u << 20, '\0')}});
        QVERIFY(bomb->size() < 100000);
        ZipLimits limits;
        limits.bytesEach = 1u << 20;
        QCOMPARE(readZipBytes(*bomb, limits).error().code, base::ErrorCode::LimitExceeded);
        limits = {};
        limits.bytesTotal = 1u << 20;
        QCOMPARE(readZipBytes(*bomb, limits).error().code, base::ErrorCode::LimitExceeded);
        limits = {};
        limits.entries = 1;
        const auto two = makeZip(std::vector<ZipEntry>{{"a", "x"}, {"b", "y"}});
        QCOMPARE(readZipBytes(*two, limits).error().code, base::ErrorCode::LimitExceeded);
        QVERIFY(!readZipBytes("this is no archive").has_value());
        QVERIFY(!readZipBytes(std::string_view(*two).substr(0, 20)).has_value());
        QCOMPARE(readZip("there/is/nothing.zip").error().code, base::ErrorCode::NotFound);
    }

    void zstd_content_readsBackWithinItsLimit()
    {
        const std::string text(1u << 20, 'x');
        const auto packed = zstdCompress(text);
        QCOMPARE(zstdDecompress(*packed).value_or(""), text);
        QCOMPARE(zstdDecompress(*packed, 1000).error().code, base::ErrorCode::LimitExceeded);
        QCOMPARE(zstdDecompress(packed->substr(0, packed->size() - 3)).error().code, base::ErrorCode::Corrupt);
        QCOMPARE(zstdDecompress("not zstd at all").error().code, base::ErrorCode::Corrupt);
    }

    void zstd_framesOfAllSizes_areReadWhole_data()
    {
        QTest::addColumn<quint64>("first");
        QTest::addColumn<quint64>("second");
        QTest::newRow("an empty text") << quint64(0) << quint64(0);
        QTest::newRow("a short text") << quint64(100) << quint64(0);
        QTest::newRow("two short frames") << quint64(100) << quint64(200);
        QTest::newRow("a frame of several megabytes") << quint64(3u << 20) << quint64(0);
        QTest::newRow("a short frame before a long one") << quint64(100) << quint64(3u << 20);
    }
    void zstd_framesOfAllSizes_areReadWhole()
    {
        QFETCH(quint64, first);
        QFETCH(quint64, second);
        base::Rng rng(first + second, "zstd");
        std::string text;
        std::string packed;
        for (const quint64 size : {first, second}) {
            std::string part;
            for (quint64 i = 0; i < size; ++i)
                part += static_cast<char>('a' + rng.below(20));
            packed += zstdCompress(part).value_or("");
            text += part;
        }
        QCOMPARE(zstdDecompress(packed).value_or("unreadable"), text);
        QVERIFY(!zstdDecompress(packed + "more").has_value());
        if (text.empty())
            return;
        QCOMPARE(zstdDecompress(packed, text.size() - 1).error().code, base::ErrorCode::LimitExceeded);
        QCOMPARE(zstdDecompress(packed, text.size()).value_or("unreadable"), text);
        // A damaged text must not spoil the ones after it.
        std::string damaged = packed;
        damaged[0] = 'x';
        QCOMPARE(zstdDecompress(damaged).error().code, base::ErrorCode::Corrupt);
        QCOMPARE(zstdDecompress(packed).value_or("unreadable"), text);
    }

    void writeFileAtomically_content_isReadBackAndReplacesTheOld()
    {
        QTemporaryDir folder;
        const std::string path = folder.filePath("f").toStdString();
        QVERIFY(writeFileAtomically(path, "one").has_value());
        QVERIFY(writeFileAtomically(path, "two").has_value());
        QCOMPARE(readTextFile(path).value_or(""), std::string("two"));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1);
        QCOMPARE(readTextFile(path, 2).error().code, base::ErrorCode::LimitExceeded);
        QCOMPARE(writeFileAtomically(path + "/none/f", "x").error().code, base::ErrorCode::NotFound);
        QCOMPARE(readTextFile(path + "-none").error().code, base::ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(TestDocuments)
#include "tst_documents.moc"
