#include "classify/rule_file.hpp"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace mulligan;
using namespace mulligan::classify;

namespace
{

/// A whole rule file with one good rule, and one place to change.
std::string file(const std::string &from = {}, const std::string &to = {})
{
    std::string text = "schema: 1\n"
                       "rules:\n"
                       "  - id: disk.full\n"
                       "    title: 'Disk full'\n"
                       "    status: active\n"
                       "    owner: storage\n"
                       "    links: ['https://wiki.example/disk']\n"
                       "    created: 2026-01-02\n"
                       "    modified: 2026-03-04\n"
                       "    class: storage.disk_full\n"
                       "    domain: platform\n"
                       "    transient: true\n"
                       "    priority: 70\n"
                       "    scope: {stream: stderr, job: 'etl-*', spark_version: '3.', config: {spark.a: 'true'}}\n"
                       "    match:\n"
                       "      where: last_lines\n"
                       "      last_lines: 40\n"
                       "      least_level: warn\n"
                       "      case: insensitive\n"
                       "      multiline: true\n"
                       "      block: {from: '^ERROR', to: '^END', max_lines: 60}\n"
                       "      all: ['device']\n"
                       "      any:\n"
                       "        - 'no space left on (?<disk>\\S+)'\n"
                       "      none: ['quota']\n"
                       "    captures: {disk: word}\n"
                       "    action: retry\n"
                       "    exit_code: 28\n"
                       "    summary: 'No space on {disk|a disk}.'\n"
                       "    advice: 'Clean up: \"df\" shows where.'\n"
                       "    samples:\n"
                       "      positive:\n"
                       "        - |-\n"
                       "          No space left on device\n"
                       "          device: sda\n"
                       "      negative: ['quota exceeded on device']\n";
    if (!from.empty()) {
        const size_t at = text.find(from);
        if (at == std::string::npos)
            qFatal("the test's text has no '%s'", from.c_str());
        text.replace(at, from.size(), to);
    }
    return text;
}

} // namespace

class TestRuleFile : public QObject
{
    Q_OBJECT

private slots:
    void parseRules_everyKey_isRead()
    {
        const auto rules = parseRules(file(), "disk.yaml");
        QVERIFY2(rules.has_value(), rules ? "" : rules.error().text().c_str());
        QCOMPARE(rules->size(), size_t{1});
        const Rule &rule = rules->front();
        Rule expected;
        expected.id = "disk.full";
        expected.title = "Disk full";
        expected.owner = "storage";
        expected.links = {"https://wiki.example/disk"};
        expected.created = "2026-01-02";
        expected.modified = "2026-03-04";
        expected.errorClass = "storage.disk_full";
        expected.domain = model::Domain::Platform;
        expected.transient = true;
        expected.priority = 70;
        expected.scopeStream = "stderr";
        expected.scopeJobGlob = "etl-*";
        expected.scopeSparkVersion = "3.";
        expected.scopeConfig = {{"spark.a", "true"}};
        expected.where = MatchWhere::LastLines;
        expected.lastLines = 40;
        expected.leastLevel = LeastLevel::Warn;
        expected.caseless = true;
        expected.multiline = true;
        expected.block = Block{"^ERROR", Block::End::Pattern, "^END", 60};
        expected.all = {"device"};
        expected.any = {"no space left on (?<disk>\\S+)"};
        expected.none = {"quota"};
        expected.captures = {{"disk", "word"}};
        expected.action = model::RuleAction::Retry;
        expected.exitCode = 28;
        expected.summary = "No space on {disk|a disk}.";
        expected.advice = "Clean up: \"df\" shows where.";
        expected.positive = {"No space left on device\ndevice: sda"};
        expected.negative = {"quota exceeded on device"};
        expected.file = "disk.yaml";
        expected.line = 3;
        QCOMPARE(rule, expected);
    }

    void writePack_everyKey_readsBackEqual()
    {
        auto pack = packFromText(file(), "disk.yaml");
        QVERIFY(pack.has_value());
        Rule other = pack->rules.front();
        other.id = "other";
        other.status = RuleStatus::Retired;
        other.where = MatchWhere::RootCause;
        other.lastLines = 0;
        other.positive = {"", "  indented\n\ttab\n\n", "null", "12", "- dash: {x}", "caf\xc3\xa9 \x07"};
        pack->rules.push_back(other);
        other.id = "third";
        other.leastLevel = LeastLevel::Error;
        other.block = Block{"^\\[", Block::End::BlankLine, "", 1};
        pack->rules.push_back(other);
        other.id = "fourth";
        other.block = Block{"a: 'b' # c", Block::End::NextRecord, "", 10'000};
        other.multiline = false;
        other.leastLevel = LeastLevel::Any;
        pack->rules.push_back(other);
        other.id = "fifth";
        other.block.reset();
        pack->rules.push_back(other);
        auto back = packFromText(writePack(*pack), "disk.yaml");
        QVERIFY2(back.has_value(), back ? "" : back.error().text().c_str());
        for (size_t i = 0; i < back->rules.size(); ++i)
            back->rules[i].line = pack->rules[i].line;
        QCOMPARE(*back, *pack);
        QCOMPARE(writePack(*back), writePack(*pack));
    }

    void parseRules_utf16_saysSo()
    {
        const auto read = parseRules(std::string("\xFF\xFEs\0c\0h\0", 8), "wide.yaml");
        QVERIFY(!read.has_value());
        QVERIFY2(read.error().text().find("UTF-16") != std::string::npos, read.error().text().c_str());
        QVERIFY(read.error().text().find("Save it as UTF-8") != std::string::npos);
    }

    void parseRules_bad_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QStringList>("says");
        QTest::newRow("an unknown key of a rule")
            << "    transient: true"
            << "    transiant: true"
            << "parse" << QStringList{"transiant", "transient", "line 12, column 5"};
        QTest::newRow("an unknown key of a match") << "      none: "
                                                   << "      non: "
                                                   << "parse" << QStringList{"'non'", "none", "line 25"};
        QTest::newRow("an unknown key of the file") << "rules:"
                                                    << "rule:"
                                                    << "parse" << QStringList{"'rule'", "rules"};
        QTest::newRow("a bad pattern") << "(?<disk>\\S+)'"
                                       << "(?<disk>\\S+'"
                                       << "parse"
                                       << QStringList{"not a regular expression", "line 24, column 11", "disk.full",
                                                      "match.any"};
        QTest::newRow("a pattern that is always found") << "'device'"
                                                        << "'d*'"
                                                        << "parse" << QStringList{"empty text", "line 22"};
        QTest::newRow("no id") << "id: disk.full\n    title"
                               << "title"
                               << "parse" << QStringList{"'id'", "line 3"};
        QTest::newRow("an id with a space") << "disk.full"
                                            << "'disk full'"
                                            << "parse" << QStringList{"'disk full'", "line 3, column 9"};
        QTest::newRow("an empty title") << "'Disk full'"
                                        << "''"
                                        << "parse" << QStringList{"'title'", "line 4"};
        QTest::newRow("a class without kind") << "storage.disk_full"
                                              << "storage"
                                              << "parse" << QStringList{"group.kind", "line 10"};
        QTest::newRow("a domain that there is not") << "domain: platform"
                                                    << "domain: nobody"
                                                    << "parse" << QStringList{"'nobody'", "timeout"};
        QTest::newRow("an action that there is not") << "action: retry"
                                                     << "action: pray"
                                                     << "parse" << QStringList{"'pray'", "ask_model"};
        QTest::newRow("a status that there is not") << "status: active"
                                                    << "status: on"
                                                    << "parse" << QStringList{"'on'", "draft"};
        QTest::newRow("a priority above 100") << "priority: 70"
                                              << "priority: 170"
                                              << "parse" << QStringList{"170", "0 to 100"};
        QTest::newRow("a priority that is no number") << "priority: 70"
                                                      << "priority: high"
                                                      << "parse" << QStringList{"'high'", "line 13"};
        QTest::newRow("a truth value that is none") << "transient: true"
                                                    << "transient: perhaps"
                                                    << "parse" << QStringList{"'perhaps'", "true or false"};
        QTest::newRow("last_lines without a number") << "      last_lines: 40\n"
                                                     << ""
                                                     << "parse" << QStringList{"last_lines", "go together"};
        QTest::newRow("a place to match that there is not") << "where: last_lines"
                                                            << "where: middle"
                                                            << "parse" << QStringList{"'middle'", "root_cause"};
        QTest::newRow("a least level that there is not")
            << "least_level: warn"
            << "least_level: info"
            << "parse" << QStringList{"'info'", "Use warn or error", "disk.full", "line 18, column 20"};
        QTest::newRow("a least level without a value") << "least_level: warn"
                                                       << "least_level:"
                                                       << "parse" << QStringList{"least level", "Use warn or error"};
        QTest::newRow("a multiline that is no truth value") << "multiline: true"
                                                            << "multiline: lines"
                                                            << "parse" << QStringList{"'lines'", "true or false"};
        QTest::newRow("a block that is no map")
            << "{from: '^ERROR', to: '^END', max_lines: 60}"
            << "record"
            << "parse" << QStringList{"'block' must be a map", "line 21, column 14", "from"};
        QTest::newRow("a block without a beginning")
            << "from: '^ERROR', "
            << ""
            << "parse" << QStringList{"A block needs 'from'", "line 21", "pattern"};
        QTest::newRow("a block's unknown key") << "max_lines: 60"
                                               << "max_line: 60"
                                               << "parse" << QStringList{"'max_line'", "'max_lines'"};
        QTest::newRow("a block that begins with no pattern")
            << "from: '^ERROR'"
            << "from: '(ERROR'"
            << "parse" << QStringList{"'(ERROR'", "not a regular expression", "match.block.from; line 21, column 21"};
        QTest::newRow("a block that begins with anything") << "from: '^ERROR'"
                                                           << "from: 'E*'"
                                                           << "parse" << QStringList{"matches the empty text"};
        QTest::newRow("a block that ends with no pattern")
            << "to: '^END'"
            << "to: '[END'"
            << "parse" << QStringList{"'[END'", "match.block.to; line 21, column 35"};
        QTest::newRow("a block of no lines") << "max_lines: 60"
                                             << "max_lines: 0"
                                             << "parse" << QStringList{"lines", "1 to 10,000"};
        QTest::newRow("a block of a message") << "where: last_lines\n      last_lines: 40"
                                              << "where: message"
                                              << "parse" << QStringList{"single line and holds no block", "root_cause"};
        QTest::newRow("a unit that there is not") << "{disk: word}"
                                                  << "{disk: litres}"
                                                  << "parse" << QStringList{"'litres'", "bytes"};
        QTest::newRow("patterns that are no list") << "all: ['device']"
                                                   << "all: device"
                                                   << "parse" << QStringList{"'all'", "list"};
        QTest::newRow("a schema of the future") << "schema: 1"
                                                << "schema: 2"
                                                << "newer_version" << QStringList{"schema 2", "Update"};
        QTest::newRow("no schema") << "schema: 1\n"
                                   << ""
                                   << "parse" << QStringList{"schema"};
        QTest::newRow("YAML that is none") << "links: ["
                                           << "links: [["
                                           << "parse" << QStringList{"line"};
    }
    void parseRules_bad()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(QString, code);
        QFETCH(QStringList, says);
        const auto rules = parseRules(file(from.toStdString(), to.toStdString()), "disk.yaml");
        QVERIFY(!rules.has_value());
        const std::string text = rules.error().text();
        QCOMPARE(QString::fromUtf8(base::codeName(rules.error().code).data()), code);
        QCOMPARE(rules.error().context.front(), std::string("file disk.yaml"));
        for (const QString &word : says)
            QVERIFY2(text.find(word.toStdString()) != std::string::npos, text.c_str());
    }

    void loadPack_folder_readsItsRuleFilesSorted()
    {
        QTemporaryDir folder;
        const std::string root = folder.path().toStdString();
        std::ofstream(root + "/b.yml") << file("disk.full", "b");
        std::ofstream(root + "/a.yaml") << file("disk.full", "a");
        std::ofstream(root + "/notes.txt") << "not a rule file";
        const auto pack = loadPack({root});
        QVERIFY2(pack.has_value(), pack ? "" : pack.error().text().c_str());
        QCOMPARE(pack->rules.size(), size_t{2});
        QCOMPARE(pack->rules[0].id, std::string("a"));
        QCOMPARE(pack->files, (std::vector<std::string>{root + "/a.yaml", root + "/b.yml"}));
    }

    void loadPack_idUsedTwice_namesBothPlaces()
    {
        QTemporaryDir folder;
        const std::string root = folder.path().toStdString();
        std::ofstream(root + "/a.yaml") << file();
        std::ofstream(root + "/b.yaml") << file();
        const auto pack = loadPack({root});
        QVERIFY(!pack.has_value());
        QVERIFY(pack.error().message.find("a.yaml line 3") != std::string::npos
                && pack.error().message.find("b.yaml line 3") != std::string::npos);
    }

    void loadPack_nothingThere_isAnError()
    {
        QTemporaryDir folder;
        QCOMPARE(loadPack({folder.path().toStdString()}).error().code, base::ErrorCode::NotFound);
        QCOMPARE(loadPack({folder.path().toStdString() + "/none.yaml"}).error().code, base::ErrorCode::NotFound);
        QCOMPARE(packFromText("schema: 1\nrules: []\n", "x").error().code, base::ErrorCode::Parse);
        QVERIFY(!packFromText("", "x").has_value());
        QVERIFY(!packFromText(std::string_view("\0\x01\xff", 3), "x").has_value());
    }
};

QTEST_APPLESS_MAIN(TestRuleFile)
#include "tst_rule_file.moc"
